#!/usr/bin/env python3
"""Open data: frozen, licensed, described; and an attacker with exact algebra can't find one small count."""
import contextlib
import csv
import hashlib
import io
import json
import pathlib
import random
import sys
import time
from concurrent import futures

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from attacker import Attack  # noqa: E402
from simplex import Polytope  # noqa: E402
from tributary_harness import (PLANS, Service, Suite, check, cluster, equal,  # noqa: E402
                               expect_status)
from workbook_file import read_ods, read_xlsx  # noqa: E402

PLAN = "taoyuan-112-115"
SMALLEST = 5
# Data sets of different shapes, one for each year that is out: offices as they are, very small ones, some that report little.
SHAPES = {"112": "usual", "113": "tiny", "114": "patchy"}
CATEGORIES = {"general": ("gm2h", "cedaw1h", "cedaw2h"), "supervisor": ("gm2h", "cedaw1h", "cedaw2h"), "business": ("ge10h",)}


def staff_of(chance, shape, category):
    most = {"usual": {"general": 90, "supervisor": 14, "business": 6}, "tiny": {"general": 6, "supervisor": 2, "business": 1},
            "patchy": {"general": 30, "supervisor": 8, "business": 9}}[shape][category]
    return chance.randrange(0, most + 1)


def annual(chance, shape, office, year):
    fields = {}
    for category, trained in CATEGORIES.items():
        if shape == "patchy" and chance.random() < 0.2:
            continue
        for sex in "mf":
            limit = staff_of(chance, shape, category)
            fields[f"{category}.staff.{sex}"] = limit
            for name in trained:
                limit = min(limit, chance.randrange(0, limit + 1) if chance.random() < 0.5 else limit)
                value = limit
                if name == "cedaw1h":
                    value = limit = chance.randrange(0, limit + 1)
                fields[f"{category}.{name}.{sex}"] = value
        if chance.random() < 0.3:
            fields[f"{category}.excluded"] = chance.randrange(0, 4)
            fields["excluded_reason"] = "育嬰留職停薪"
    if shape != "usual":
        for name in list(fields):
            if name != "excluded_reason" and chance.random() < (0.1 if shape == "patchy" else 0.03):
                fields[name] = {"not_yet": "統計中"}
    return {"form": "training-annual", "office": office, "period": year, "base": 0, "fields": fields}


def quarterly(chance, shape, office, period):
    def row(table, number):
        size = {"usual": 40, "tiny": 2, "patchy": 12}[shape]
        parts = {sex: chance.randrange(0, size + 1) if chance.random() < 0.8 else 0 for sex in ("m", "f", "o")}
        if table == "courses" or chance.random() < 0.8:
            parts["o"] = 0
        if table == "courses":
            del parts["o"]
            kind = {"kind": chance.choice(("cedaw", "gm_basic", "gm_advanced", "other")), "method": "lecture"}
        else:
            kind = {}
        return {"_row": f"{table}{number}", "name": "活動", **kind,
                **{f"attendance.{sex}": value for sex, value in parts.items()}, "attendance.total": sum(parts.values())}
    tables = {}
    for table in ("courses", "outreach"):
        if shape != "patchy" or chance.random() < 0.8:
            tables[table] = [row(table, i) for i in range(chance.choice((0, 1, 1, 2)))]
    return {"form": "training-quarterly", "office": office, "period": period, "base": 0, "tables": tables}


def programmes(chance, shape, office, year):
    parts = {sex: chance.randrange(0, {"usual": 60, "tiny": 3, "patchy": 9}[shape]) for sex in "mfo"}
    return {"form": "local-programme", "office": office, "period": year, "base": 0, "tables": {"programmes": [
        {"_row": "p1", "name": "在地方案", **{f"reached.{sex}": value for sex, value in parts.items()},
         "reached.total": sum(parts.values())}]}}


class Published:
    """A sample database with three years of figures that are out, and what the daemon publishes of them."""

    def __init__(self, service):
        self.service = service
        self.plan = json.loads((PLANS / f"{PLAN}.json").read_text(encoding="utf-8"))
        self.offices = [one["code"] for one in self.plan["offices"]]
        service.migrate("--sample")
        service.command("plan", "load", PLANS / f"{PLAN}.json", "--sample-clock", "2022-12-01T00:00:00Z")
        service.start()
        self.geo = service.login("geo")
        self.desks = {office: service.login("office", office) for office in self.offices}
        self.truth, self.releases = {}, {}
        for year, shape in SHAPES.items():
            self.feed(year, shape)

    def feed(self, year, shape):
        chance = random.Random(f"{year} {shape}")
        todo = []
        for office in self.offices:
            documents = [annual(chance, shape, office, year), programmes(chance, shape, office, year)]
            documents += [quarterly(chance, shape, office, f"{year}Q{quarter}") for quarter in (1, 2, 3, 4)]
            todo.append([document for document in documents if shape != "patchy" or chance.random() < 0.9])
        with futures.ThreadPoolExecutor(len(todo)) as pool:
            list(pool.map(lambda those: [self.hand_in(one, f"{int(year) + 1912}-02-01T00:00:00Z") for one in those], todo))

    def hand_in(self, document, clock):
        return expect_status(self.desks[document["office"]].hand_in(
            PLAN, document, {"Tributary-Sample-Clock": clock}), 201).json

    def ask(self, year, client=None, **query):
        return (client or self.geo).get(f"/v1/plans/{PLAN}/open-data", year=year, **query)

    def release(self, year):
        if year not in self.releases:
            self.releases[year] = expect_status(self.ask(year), 200).json
        return self.releases[year]

    def attack(self, year):
        if year not in self.truth:
            self.truth[year] = (Attack(self.plan, self.release(year)["rows"], year), self.true_cells(year))
        return self.truth[year]

    def true_cells(self, year):
        """{(form, period, office, element): value}, from the roll-ups that only the city's own people see."""
        found = {}
        for form, periods in (("training-annual", [year]), ("local-programme", [year]), ("training-quarterly", [f"{year}Q{q}" for q in (1, 2, 3, 4)])):
            for period in periods:
                rollup = expect_status(self.geo.get(f"/v1/plans/{PLAN}/rollups/{form}", period=period, by="office"), 200).json
                for unit in rollup["units"]:
                    for code, element in unit["elements"].items():
                        if element["value"] is not None:
                            found[form, period, unit["unit"], code] = element["value"]
        return found


@contextlib.contextmanager
def published():
    with cluster() as server:
        service = Service(server, {"TRIBUTARY_HAND_INS_PER_SECOND": "100000"})
        try:
            yield Published(service)
        finally:
            service.close()


suite = Suite(published)
test = suite.test


def small_figures(attack, truth):
    """Every figure of 1 to SMALLEST - 1 persons: {what: the atoms it adds}."""
    found = {}
    for (form, period, unit, element) in attack.sums:
        if not attack._counts_persons(form, element):
            continue
        atoms = attack._sum_of(form, period, unit, element)
        if 0 < sum(truth[atom] for atom in atoms) < SMALLEST:
            found[form, period, unit, element] = atoms
    return found


@test
def no_small_count_is_published(p):
    for year in SHAPES:
        for row in p.release(year)["rows"]:
            if row["statistic"] in ("sum", "numerator", "denominator") and row["unit_of_measure"] == "person":
                check(row["value"] is None or row["value"] == 0 or row["value"] >= SMALLEST, f"{row}")
            if row["suppressed"]:
                equal(row["value"], None, f"{row}")
        attack, truth = p.attack(year)
        small = small_figures(attack, truth)
        check(len(small) > 20, f"{year}: only {len(small)} small figures to hide")
        for place in small:
            check(attack.sums[place]["suppressed"], f"{place} is small")


@test
def a_rate_is_withheld_with_its_numerator_or_denominator(p):
    for year in SHAPES:
        rows = {(r["measure"], r["unit"], r["statistic"]): r for r in p.release(year)["rows"] if r["statistic"] != "sum"}
        for (measure, unit, statistic), row in rows.items():
            if statistic in ("rate", "gap", "denominator"):
                equal(row["suppressed"], rows[measure, unit, "numerator"]["suppressed"], f"{measure} {unit} {statistic}")


@test
def what_is_published_is_true(p):
    for year in SHAPES:
        attack, truth = p.attack(year)
        shown = 0
        for (form, period, unit, element), row in attack.sums.items():
            if attack._counts_persons(form, element) and row["value"] is not None:
                shown += 1
                equal(row["value"], sum(truth[atom] for atom in attack._sum_of(form, period, unit, element)),
                      f"{form} {period} {unit} {element}")
        check(shown > 50, f"{year}: {shown} figures of persons are left")


@test
def linear_algebra_finds_no_small_count(p):
    for year in SHAPES:
        attack, truth = p.attack(year)
        known = attack.known()
        for place, atoms in small_figures(attack, truth).items():
            equal(known.value(atoms), None, f"{place} can be worked out")


def breaches(attack, truth, figures):
    """The small figures whose possible values don't reach from 0 to SMALLEST, with what they were narrowed to."""
    fixed, parts = attack.prepare()
    polytopes, found = {}, []
    for place, atoms in figures:
        base = sum(fixed.get(atom, 0) for atom in atoms)
        low = high = base
        shares = {}
        for atom in atoms:
            if atom not in fixed:
                shares.setdefault(id(parts.get(atom)), []).append(atom)
        for key, free in shares.items():
            equations = parts.get(free[0])
            if equations is None:
                high += SMALLEST  # nothing is said of it
                continue
            if key not in polytopes:
                polytopes[key] = Polytope(equations)
            low += polytopes[key].least(free, 0)
            most = polytopes[key].most(free, SMALLEST - base)
            high += SMALLEST if most is None else most
        if low > 0 or high < SMALLEST:
            found.append((place, low, high))
    return found


def no_small_count_is_narrowed(p, year):
    attack, truth = p.attack(year)
    figures = sorted(small_figures(attack, truth).items())
    random.Random(year).shuffle(figures)
    equal(breaches(attack, truth, figures[:80]), [], f"{year}: narrowed")


@test
def linear_programming_narrows_no_small_count_of_usual_offices(p):
    no_small_count_is_narrowed(p, "112")


@test
def linear_programming_narrows_no_small_count_of_tiny_offices(p):
    no_small_count_is_narrowed(p, "113")


@test
def linear_programming_narrows_no_small_count_of_offices_that_report_little(p):
    no_small_count_is_narrowed(p, "114")


@test
def the_attacker_would_find_what_is_withheld_carelessly(p):
    """Withholding only the small counts themselves: the attack must find some of them, or it proves nothing."""
    for year in SHAPES:
        _, truth = p.attack(year)
        rows = [dict(row) for row in p.release(year)["rows"]]
        attack = Attack(p.plan, rows, year)
        for (form, period, unit, element), row in attack.sums.items():
            if attack._counts_persons(form, element):
                value = sum(truth[atom] for atom in attack._sum_of(form, period, unit, element))
                row["suppressed"] = 0 < value < SMALLEST
                row["value"] = None if row["suppressed"] or not row["offices"] else value
        careless = Attack(p.plan, rows, year)
        known = careless.known()
        found = [place for place, atoms in small_figures(careless, truth).items() if known.value(atoms) is not None]
        check(found, f"{year}: the attacker found nothing")


@test
def a_release_is_frozen(p):
    before = expect_status(p.ask("112", format="csv"), 200).body
    changed = annual(random.Random(9), "usual", p.offices[0], "112")
    revision = p.geo.get(f"/v1/plans/{PLAN}/submissions", form="training-annual", office=p.offices[0], period="112").json
    changed["base"] = revision["submissions"][0]["revision"]
    p.hand_in(changed, "2025-01-01T00:00:00Z")
    equal(expect_status(p.ask("112", format="csv"), 200).body, before, "the release after a correction")
    equal(p.release("112")["as_of"], "2024-06-30T15:59:59.999999Z", "moment")
    for name in ("basis", "as_of", "by"):
        expect_status(p.ask("112", **{name: "latest"}), 400)


@test
def a_year_that_is_not_out_is_refused(p):
    reply = expect_status(p.ask("115"), 404)
    equal(reply.json["code"], "not_yet_published", "code")
    equal(reply.json["detail"], "2027-06-30T15:59:59.999999Z", "detail")
    equal(expect_status(p.ask("111"), 404).json["code"], "not_published", "code")
    expect_status(p.ask("abc"), 400)


@test
def only_the_city_makes_it(p):
    expect_status(p.ask("112", client=p.desks[p.offices[0]]), 403)
    for role in ("dbas", "supervision", "auditor"):
        expect_status(p.ask("112", client=p.service.login(role)), 403)
    expect_status(p.ask("112", client=p.service.login("admin")), 200)


@test
def csv_says_the_same_as_json(p):
    body = expect_status(p.ask("113", format="csv"), 200).body
    check(body.startswith(b"\xef\xbb\xbf"), "a byte order mark")
    read = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    rows = p.release("113")["rows"]
    equal(len(read), len(rows), "rows")
    for line, row in zip(read, rows):
        for name, value in row.items():
            text = {None: "", True: "true", False: "false"}.get(value, str(value)) if not isinstance(value, int) or \
                isinstance(value, bool) else str(value)
            equal(line[name], text, f"{name} of {row}")


@test
def the_description_names_licence_publisher_and_every_column(p):
    told = expect_status(p.geo.get(f"/v1/plans/{PLAN}/open-data/description", year=112), 200).json
    terms = p.plan["open_data"]
    equal(told["licence"], terms["licence"], "licence")
    equal(told["licence"]["code"], "OGDL-Taiwan-1.0", "licence")
    equal((told["publisher"], told["encoding"], told["sample"]), (terms["publisher"], "UTF-8", True), "publisher")
    equal([one["code"] for one in told["columns"]], list(p.release("112")["rows"][0]), "columns")
    for one in told["columns"]:
        check(all(one[part][language] for part in ("name", "meaning") for language in ("zh", "en")), f"{one}")
    platform = told["data_gov_tw"]
    check(platform["授權方式"].startswith("政府資料開放授權條款-第1版"), platform["授權方式"])
    check("合成樣本資料" in platform["資料集名稱"], platform["資料集名稱"])
    equal(platform["資料期間"], "2023-01-01/2023-12-31", "period")


@test
def it_is_made_in_two_seconds(p):
    started = time.monotonic()
    expect_status(p.ask("114", format="csv", client=p.service.login("admin")), 200)
    check(time.monotonic() - started < 2, f"{time.monotonic() - started:.1f} s")


@test
def every_workbook_of_a_sample_says_so(p):
    base = f"/v1/plans/{PLAN}"
    for path in (f"{base}/rollups/training-annual?period=113&by=group", f"{base}/indicators?year=113",
                 f"{base}/submissions?limit=5", f"{base}/open-data?year=113"):
        for kind, read in (("ods", read_ods), ("xlsx", read_xlsx)):
            for language, words in (("zh-TW", "合成樣本資料"), ("en", "Synthetic sample data")):
                reply = expect_status(p.geo.get(f"{path}&format={kind}", headers={"Accept-Language": language}), 200)
                for sheet in read(reply.body):
                    check(any(words in str(cell) for row in sheet.rows[:3] for cell in row), f"{path} {kind} {sheet.name}")


@test
def the_client_writes_a_whole_release_with_checksums(p):
    folder = p.service.folder / "release"

    def tributary(*arguments, token=None):
        return p.service.command("--lang", "zh", "open-data", *arguments, check=False, program="tributary", settings={
            "TRIBUTARY_SERVER": f"http://127.0.0.1:{p.service.port}", "TRIBUTARY_PLAN": PLAN,
            "TRIBUTARY_TOKEN": token or p.service.add_token("geo"), "XDG_STATE_HOME": str(p.service.folder / "state"),
            "XDG_CONFIG_HOME": str(p.service.folder / "config")})
    done = tributary("--year", "113", "-o", str(folder))
    equal(done.returncode, 0, done.stderr.decode())
    names = {f"open-data-113.{kind}" for kind in ("csv", "ods", "xlsx", "json")} | {"description-113.json"}
    equal({path.name for path in folder.iterdir()}, names | {"SHA256SUMS-113"}, "files")
    lines = (folder / "SHA256SUMS-113").read_text().splitlines()
    equal({line.split("  ")[1]: line.split("  ")[0] for line in lines},
          {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}, "checksums")
    equal(json.loads((folder / "open-data-113.json").read_text())["rows"], p.release("113")["rows"], "rows")
    text = [str(cell) for sheet in read_ods((folder / "open-data-113.ods").read_bytes()) for row in sheet.rows for cell in row]
    check(any("OGDL-Taiwan-1.0" in cell for cell in text) and any("合成樣本資料" in cell for cell in text), "label and licence")
    equal(tributary("--year", "113", "-o", str(folder)).returncode, 2, "nothing is overwritten")
    equal(tributary("--year", "115", "-o", str(folder / "115")).returncode, 2, "a year that isn't out")
    check(not (folder / "115").exists(), "a folder was made for nothing")
    office = p.service.add_token("office", p.offices[0])
    equal(tributary("--year", "113", "-o", str(folder / "own"), token=office).returncode, 4, "an office")


if __name__ == "__main__":
    suite.run()
