#!/usr/bin/env python3
"""Packs of the sample years by the real client: every figure of their tables against the daemon's own answers and the
independent oracle, in the order in which PDF and ODT are read, and in the workbook; the charts' figures too."""
import contextlib
import json
import math
import pathlib
import re
import subprocess
import sys
import time
import unicodedata
from fractions import Fraction

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "oracle")]

import figures  # noqa: E402  pylint: disable=wrong-import-position
from sample_desk import PLAN, sample  # noqa: E402
from tributary_harness import Suite, check, equal  # noqa: E402
from workbook_file import read_ods  # noqa: E402

NONE = "—"
GUISHAN = "68000070"
CITY, WITHOUT_FUXING, FUXING = "city", "city-except-68000130", "68000130"

# name: body, options, unit, year of the meeting, basis, language
PACKS = {
    "liaison-1": ("liaison", ("--group", "1"), "group-1", 113, "latest", "zh"),
    "liaison-2": ("liaison", ("--group", "2"), "group-2", 114, "official", "en"),
    "promotion-group": ("promotion-group", (), None, 115, "latest", "zh"),
    "council": ("council", (), None, 114, "latest", "zh"),
    "guishan": ("task-group", ("--office", GUISHAN), GUISHAN, 114, "latest", "zh"),
}


def squeeze(text):
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def run(*command):
    done = subprocess.run([str(one) for one in command], capture_output=True, text=True, timeout=240, check=False)
    equal(done.returncode, 0, f"{command[0]}: {done.stderr[-2000:]}")
    return done


class Pack:
    """A frozen pack, its files, and what is known of the units in it."""

    def __init__(self, held, name):
        self.held = held
        self.body, options, self.unit, self.year, self.basis, self.language = PACKS[name]
        self.folder = held.folder / f"pack-{name}"
        self.folder.mkdir(exist_ok=True)
        files = [part for ending in ("odt", "pdf", "ods", "json") for part in ("-o", self.file(ending))]
        for _ in range(6):
            made = held.tributary("pack", self.body, *options, "--year", self.year, "--basis", self.basis, "--lang", self.language, "--json", "--force",
                                  *files)
            if "overloaded" not in made.stdout + made.stderr:  # one is made at a time, and a busy machine takes long
                break
            time.sleep(3)
        equal(made.returncode, 0, made.stdout + made.stderr)
        self.said = json.loads(made.stdout)
        self.model = json.loads(self.file("json").read_text())
        self.model = self.model.get("model", self.model)
        self.as_of = self.model["head"]["moment"]
        self.names = {}
        for one in held.plan_json["offices"] + held.plan_json["groups"] + held.plan_json["wholes"]:
            self.names[one["name"][self.language]] = one["code"]

    def file(self, ending):
        return self.folder / f"pack.{ending}"

    def blocks(self, kind):
        return [block for block in self.model["blocks"] if block["kind"] == kind]

    def say(self, zh, en):
        return zh if self.language == "zh" else en

    def year_text(self, year):
        return str(year if self.language == "zh" else year + 1911)

    def table(self, caption):
        found = [block for block in self.blocks("table") if block["caption"] == caption]
        check(len(found) == 1, f"{len(found)} tables {caption!r} among {[block['caption'] for block in self.blocks('table')]}")
        return found[0]

    def rows(self, table):
        """(code of the unit, texts) of each row but headings."""
        for row in table["rows"]:
            if row["kind"] != "group":
                yield self.names.get(row["texts"][0], row["texts"][0]), row["texts"]

    def ask(self, path, **query):
        key = (path, self.basis, self.as_of, *sorted(query.items()))
        if key not in self.held.asked:
            answer = self.held.geo.get(f"/v1/plans/{PLAN}/{path}", as_of=self.as_of, **query)
            equal(answer.status, 200, str(answer))
            self.held.asked[key] = answer.json
        return self.held.asked[key]

    def indicators(self, year):
        """{(indicator, unit): object}, as the daemon answers."""
        return {(one["code"], unit["unit"]): unit
                for by in ("office", "group", "city")
                for one in self.ask("indicators", year=year, by=by, basis=self.basis)["indicators"] for unit in one["units"]}

    def kpis(self):
        return [one for one in self.held.plan_json["indicators"] if one.get("targets")]

    def oracle(self, code, year):
        """{unit: what the oracle says}"""
        found = {}
        for by in ("office", "group", "city"):
            found.update(figures.indicator(self.held.history, code, year, by, self.as_of, self.basis)[1])
        return found


class Held:
    """The sample years, fed once; packs as they are needed."""

    def __init__(self, s):
        self.s = s
        done = s.feed()
        equal(done.returncode, 0, done.stderr.decode() + done.stdout.decode())
        self.folder, self.geo, self.tributary = s.folder, s.geo, s.tributary
        self.plan_json = json.loads((ROOT / "common/plan/plans" / f"{PLAN}.json").read_text())
        self.offices = {one["code"] for one in self.plan_json["offices"]}
        self.plan, self.history = s.history()
        self.asked, self.packs = {}, {}

    def pack(self, name):
        if name not in self.packs:
            self.packs[name] = Pack(self, name)
        return self.packs[name]

    def all(self):
        return [self.pack(name) for name in PACKS]


@contextlib.contextmanager
def fed():
    with sample() as s:
        yield Held(s)


suite = Suite(fed)
test = suite.test


def text_of(value):
    return NONE if value is None else str(value)


# ---- tables -------------------------------------------------------------------------------------------------------------


@lambda function: suite.test(function, seconds=300)
def the_five_packs_are_made_by_the_client(held):
    for pack in held.all():
        check(len(pack.blocks("table")) > 8, f"{pack.body}: only {len(pack.blocks('table'))} tables")
        check(pack.model["head"]["sample"], "it isn't said that the figures are synthetic")
        captions = [block["caption"] for block in pack.blocks("table")]
        equal(len(captions), len(set(captions)), "captions")


@test
def how_complete_and_timely_offices_are_is_what_the_daemon_answers(held):
    counts = ("expected", "received", "on_time", "excused", "late", "outstanding")
    compared = 0
    for pack in held.all():
        for year in (pack.year - 1, pack.year):
            table = pack.table(pack.say(f"{pack.year_text(year)}年度填報情形統計", f"How complete and how timely: {pack.year_text(year)}"))
            sums = {}
            for by in ("office", "group", "city"):
                for one in pack.ask("timeliness", year=year, by=by)["timeliness"]:
                    for name in counts:
                        sums.setdefault(one["unit"], dict.fromkeys(counts, 0))[name] += one[name]
            for unit, texts in pack.rows(table):
                want = sums[unit]
                part, all_of = want["received"], want["expected"]
                timely, due = want["on_time"] + want["excused"], want["received"] + want["outstanding"]
                equal(texts[1:], [str(want[name]) for name in counts] + [str(all_of - part - want["outstanding"]), percent(part, all_of), percent(timely, due)],
                      f"{pack.body} {year} {unit}")
                compared += 1
    check(compared > 100, f"only {compared} rows")


def percent(part, whole):
    """Two decimals, half up; by fractions."""
    if not whole:
        return NONE
    hundredths = math.floor(Fraction(part) / Fraction(whole) * 10000 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02}"


@test
def each_form_of_each_office_says_how_it_came(held):
    words = {"on_time": ("準時", "on time"), "late": ("遲報", "late"), "excused": ("展延內", "extended")}
    compared = 0
    for pack in held.all():
        names = {one["code"]: one["name"][pack.language] for one in held.plan_json["forms"]}
        for year in (pack.year - 1, pack.year):
            table = pack.table(pack.say(f"{pack.year_text(year)}年度各表件填報情形", f"Forms of {pack.year_text(year)}, one by one"))
            offices = [next(code for name, code in pack.names.items() if squeeze(name) == squeeze(column["heading"])) for column in table["columns"][3:]]
            want = {}
            for one in pack.ask("obligations", year=year)["obligations"]:
                quarter = one["period"].partition("Q")[2]
                period = one["period"].partition("Q")[0]
                shown = pack.say("計畫期間", "whole plan") if period == "plan" else pack.year_text(int(period))
                if quarter:
                    shown += pack.say(f"第{quarter}季", f", Q{quarter}")
                word = words.get(one["timeliness"])
                if not word:
                    word = (("逾期", "overdue") if one["due"] == "past_due" else
                            ("展延中", "extended") if one["extension"] else ("未到期", "not due"))
                want[(names[one["form"]], shown, one["office"])] = pack.say(*word)
            for row in table["rows"]:
                for office, text in zip(offices, row["texts"][3:]):
                    equal(text, want.get((row["texts"][0], row["texts"][1], office), NONE), f"{pack.body} {row['texts'][:2]} {office}")
                    compared += 1
            told = {(row["texts"][0], row["texts"][1]) for row in table["rows"]}
            for (form, period, office), word in want.items():
                check((form, period) in told or office not in offices or word in ("未到期", "not due"), f"{pack.body} leaves out {form} {period} {office}: {word}")
    check(compared > 700, f"only {compared} cells")


@test
def each_kpi_has_the_daemons_and_the_oracles_figures(held):
    compared = 0
    for pack in held.all():
        year = pack.year - 1
        daemon = pack.indicators(year)
        for one in pack.kpis():
            oracle = pack.oracle(one["code"], year)
            name = one["name"][pack.language]
            table = pack.table(pack.say(f"{pack.year_text(year)}年{name}", f"{name}, {pack.year_text(year)}"))
            for unit, texts in pack.rows(table):
                said, known = daemon[(one["code"], unit)], oracle[unit]
                counted = said["counted"] > 0
                equal((said["numerator"], said["denominator"], said["rate"], said["gap"], said["met"]),
                      (known["numerator"], known["denominator"], known["rate"], known["gap"], known["met"]), f"daemon and oracle: {one['code']} {unit}")
                equal(texts[1:5], [str(said["numerator"]) if counted else NONE, str(said["denominator"]) if counted else NONE,
                                   text_of(said["rate"]), one["targets"][str(year)]], f"{pack.body} {one['code']} {unit}")
                equal(texts[5], NONE if known["met"] is None else pack.say("達成", "met") if known["met"] else pack.say("未達", "below"), f"{pack.body} {unit}: verdict")
                equal(texts[6], text_of(known["gap"]), f"{pack.body} {unit}: gap")
                for missing in known["missing"] if len(known["missing"]) < len(oracle) and unit not in held.offices else []:
                    office = next(text for text, code in pack.names.items() if code == missing)
                    check(office in texts[7], f"{unit} doesn't name {office}: {texts[7]}")
                if known["missing"] and known["bounds"]["low"] and unit not in held.offices:
                    check(f"{known['bounds']['low']}–{known['bounds']['high']}%" in texts[7], f"{unit}: bounds {known['bounds']} in {texts[7]}")
                compared += 1
            expected = {code for code in pack.names.values()}
            shown = {unit for unit, _ in pack.rows(table)}
            check(shown <= expected and CITY in shown, f"units {shown}")
    check(compared > 150, f"only {compared} rows")


@test
def the_overview_and_the_trend_hold_the_same_rates(held):
    compared = 0
    for pack in held.all():
        for year, suffix in ((pack.year - 1, ("", "")), (pack.year, ("（截至資料時點）", " so far"))):
            caption = pack.say(f"{pack.year_text(year)}年指標達成情形{suffix[0]}", f"Indicators of {pack.year_text(year)}{suffix[1]}")
            daemon = pack.indicators(year)
            if not any(unit["counted"] for (code, name), unit in daemon.items() if name == CITY and code == pack.kpis()[0]["code"]):
                check(caption not in [block["caption"] for block in pack.blocks("table")], f"{caption}: of nothing")
                continue
            table = pack.table(caption)
            units = [pack.names[column["group"]] for column in table["columns"][2::2]]
            for row, one in zip(table["rows"], pack.kpis()):
                want = [one["name"][pack.language], one["targets"][str(year)]]
                for unit in units:
                    want += [text_of(daemon[(one["code"], unit)]["rate"]), text_of(daemon[(one["code"], unit)]["gap"])]
                equal(row["texts"], want, f"{pack.body} {caption}")
                compared += len(want)
        compared += compare_trend(held, pack)
    check(compared > 300, f"only {compared} cells")


def compare_trend(held, pack):
    first, last = held.plan_json["years"]["from"], held.plan_json["years"]["to"]
    table = pack.table(pack.say(f"{pack.year_text(first)}年至{pack.year_text(last)}年指標達成率",
                                f"The indicators from {pack.year_text(first)} to {pack.year_text(last)}"))
    kpis = {one["name"][pack.language]: one for one in pack.kpis()}
    compared, one = 0, None
    for row in table["rows"]:
        if row["kind"] == "group":
            one = kpis[row["texts"][0]]
            continue
        for year, text in zip(range(first, last + 1), row["texts"][1:]):
            if row["texts"][0] == pack.say("目標", "Target"):
                equal(text, one["targets"][str(year)], "target")
                continue
            unit = pack.oracle(one["code"], year)[pack.names[row["texts"][0]]]
            complete = unit["counted"] == unit["expected"]
            want = (NONE if not unit["counted"] or year > pack.year else unit["rate"] if complete and not unit["surely_provisional"] else
                    pack.say(f"{unit['rate']}%（{unit['counted']}/{unit['expected']}）", f"{unit['rate']}% ({unit['counted']}/{unit['expected']})"))
            equal(text, want, f"{pack.body} trend {one['code']} {year} {row['texts'][0]}")
            compared += 1
    for chart in [block for block in pack.blocks("chart") if block["chart"] == "lines"]:
        one = next(one for name, one in kpis.items() if name in chart["caption"])
        for series in chart["series"]:
            for year, point in zip(range(first, last + 1), series["points"]):
                unit = pack.oracle(one["code"], year)[pack.names[series["name"]]]
                drawn = unit["counted"] == unit["expected"] and unit["counted"] and not unit["surely_provisional"] and year <= pack.year
                equal(point["value"], unit["rate"] if drawn else None, f"{pack.body} line {one['code']} {year} {series['name']}")
                compared += 1
    return compared


# ---- what chance could do, by fractions -----------------------------------------------------------------------------------


def chance(whole, part, size):
    """The least and the most of `size` people, beyond either of which lie at most 2.5 %."""
    ways = {k: math.comb(part, k) * math.comb(whole - part, size - k) for k in range(max(0, size - whole + part), min(size, part) + 1)}
    total, below, low, high = math.comb(whole, size), 0, None, None
    for k, many in ways.items():
        if low is None and (below + many) * 40 > total:
            low = k
        below += many
        if high is None and (total - below) * 40 <= total:
            high = k
    return low, high


@test
def the_ranges_of_chance_are_exact(held):
    compared = 0
    for pack in held.all():
        year = pack.year - 1
        table = pack.table(pack.say(f"{pack.year_text(year)}年各機關比率與機率範圍", f"Rates of {pack.year_text(year)} and the range of chance"))
        kpis = [one for one in pack.kpis() if any(column["group"] == one["name"][pack.language] for column in table["columns"])]
        equal(len(kpis), 5, "indicators compared")
        middle = pack.unit if pack.body == "liaison" else "group-1" if pack.body == "task-group" else CITY
        for unit, texts in pack.rows(table):
            for i, one in enumerate(kpis):
                known = pack.oracle(one["code"], year)
                people, rate, limits = texts[1 + 3 * i:4 + 3 * i]
                if not known[unit]["counted"]:
                    equal((people, rate, limits), (NONE, NONE, NONE), unit)
                    continue
                size = known[unit]["denominator"]
                small = unit in held.offices and size < held.plan_json["packs"]["small"]["below"]
                equal((people, rate), (f"{size}{'*' if small else ''}", known[unit]["rate"]), f"{unit} {one['code']}")
                if unit not in held.offices:
                    continue
                low, high = chance(known[middle]["denominator"], known[middle]["numerator"], size)
                side = (pack.say("低於\n", "below\n") if known[unit]["numerator"] < low else
                        pack.say("高於\n", "above\n") if known[unit]["numerator"] > high else "")
                equal(limits, f"{side}{percent(low, size)}–{percent(high, size)}", f"{pack.body} {unit} {one['code']}")
                compared += 1
    check(compared > 100, f"only {compared} ranges")


@test
def the_funnels_hold_every_office_and_exact_limits(held):
    compared = 0
    for pack in held.all():
        for chart in [block for block in pack.blocks("chart") if block["chart"] == "funnel"]:
            one = next(one for one in pack.kpis() if one["name"][pack.language] in chart["caption"])
            known = pack.oracle(one["code"], pack.year - 1)
            middle = known[pack.unit if pack.body == "liaison" else CITY]
            for point in chart["series"][0]["points"]:
                unit = known[pack.names[point["label"]]]
                equal((point["value"], point["size"], point["standing"]), (unit["rate"], str(unit["denominator"]), "met" if unit["met"] else "below"),
                      f"{pack.body} {one['code']} {point['label']}")
                equal(point["small"], unit["denominator"] < held.plan_json["packs"]["small"]["below"], "small")
            for limit in chart["limits"]:
                size = int(limit["size"])
                low, high = chance(middle["denominator"], middle["numerator"], size)
                equal((limit["low"], limit["high"], limit["value"]), (percent(low, size), percent(high, size), middle["rate"]), f"limits of {size}")
                compared += 1
    check(compared > 300, f"only {compared} limits")


# ---- budgets, training ------------------------------------------------------------------------------------------------------


def expected_figures(held, pack, form, columns, year, period, unit_offices):
    """The texts of a row, by the oracle: sums over the offices, rates from whole sums."""
    plan, current = held.history.at(pack.as_of, pack.basis)
    owing = plan.owing(plan.forms[form], year)
    periods = [period] if period else plan.periods_of(plan.forms[form], year)
    revisions = [one for office in unit_offices if office in owing for each in periods for one in current.get((form, office, each), [])]
    texts = []
    for column in columns:
        if "element" in column:
            element = plan.forms[form].elements[column["element"]]
            numbers = [number for state, number in (one.state(plan, element) for one in revisions) if state == figures.VALUE]
            texts.append(text_of(figures.shown(sum(numbers, Fraction(0)), element.decimal)) if numbers else NONE)
            continue
        definition = plan.indicators[column["indicator"]]
        if "part" in column:
            definition = next(part for part in definition["parts"] if part["code"] == column["part"])
        above = below = Fraction(0)
        for one in revisions:
            sides = [figures._sum_if_all_values(plan, plan.forms[form], one, definition[side]) for side in ("numerator", "denominator")]
            if None not in sides:
                above, below = above + sides[0], below + sides[1]
        texts.append(percent(above, below))
    return texts


def offices_of(held, name, pack, year):
    """The offices behind a row's name: an office, a group, a group without one, the city, the city without one."""
    plan = held.plan
    for by in ("office", "group", "city"):
        for code, (_, offices) in plan.units(by, year).items():
            if pack.names.get(name) == code:
                return offices
    group = next(code for text, code in pack.names.items() if name.startswith(text) and code.startswith("group"))
    check("不含" in name or "without" in name, name)
    return [office for office in plan.units("group", year)[group][1] if office != FUXING]


@lambda function: suite.test(function, seconds=180)
def budgets_and_training_are_sums_of_the_offices_and_rates_of_sums(held):
    compared, without = 0, 0
    for pack in held.all():
        for table in [table for part in held.plan_json["packs"]["parts"] for table in part["tables"] if not table.get("rows") and not table.get("fields")]:
            for offset in table["years"]:
                year = pack.year + offset
                title = table["title"][pack.language].replace("{year}", pack.year_text(year))
                block = next((block for block in pack.blocks("table") if block["caption"] == title), None)
                if block is None:
                    said = [run["text"] for one in pack.blocks("paragraph") for run in one["runs"]]
                    check(any(text.startswith(title) for text in said), f"{pack.body}: neither the table {title!r} nor why not")
                    continue
                for row in block["rows"]:
                    if row["kind"] == "group":
                        continue
                    offices = offices_of(held, row["texts"][0], pack, year)
                    without += "不含" in row["texts"][0] or "without" in row["texts"][0]
                    equal(row["texts"][1:], expected_figures(held, pack, table["form"], table["columns"], year, None, offices), f"{pack.body} {title} {row['texts'][0]}")
                    compared += len(row["texts"]) - 1
                if table.get("by_quarter"):
                    compared += compare_quarters(held, pack, table, year, title)
    check(compared > 2000, f"only {compared} figures")
    check(without > 8, f"only {without} totals without Fuxing")


def compare_quarters(held, pack, table, year, title):
    block = pack.table(title + pack.say("（各季）", ", by quarter"))
    compared, quarter = 0, None
    for row in block["rows"]:
        if row["kind"] == "group":
            quarter = re.search(r"\d", row["texts"][0]).group()
            continue
        offices = offices_of(held, row["texts"][0], pack, year)
        equal(row["texts"][1:], expected_figures(held, pack, table["form"], table["columns"], year, f"{year}Q{quarter}", offices),
              f"{pack.body} {title} {quarter} {row['texts'][0]}")
        compared += len(row["texts"]) - 1
    return compared


@test
def the_daemons_rollups_say_the_same_of_budgets_and_training(held):
    compared = 0
    for pack in held.all():
        for form, offset in (("budget-plan", 0), ("budget-execution", -1), ("training-quarterly", -1)):
            table = next(table for part in held.plan_json["packs"]["parts"] for table in part["tables"] if table["form"] == form and "rows" not in table)
            year = pack.year + offset
            title = table["title"][pack.language].replace("{year}", pack.year_text(year))
            block = next((block for block in pack.blocks("table") if block["caption"] == title), None)
            said = {unit["unit"]: unit for by in ("office", "group", "city")
                    for unit in pack.ask(f"rollups/{form}", period=year, by=by, basis=pack.basis)["units"]}
            rates = pack.indicators(year)
            for unit, texts in pack.rows(block) if block else []:
                for column, text in zip(table["columns"], texts[1:]):
                    if unit in said and column.get("element") in said[unit]["elements"]:
                        equal(text, text_of(said[unit]["elements"][column["element"]]["value"]), f"{pack.body} {form} {unit} {column['element']}")
                        compared += 1
                    elif unit in said and "indicator" in column and "part" not in column:
                        equal(text, text_of(rates[(column["indicator"], unit)]["rate"]), f"{pack.body} {form} {unit}")
                        compared += 1
    check(compared > 500, f"only {compared} figures")


@test
def lines_out_of_the_ordinary_stand_with_their_reasons_and_no_others(held):
    shown_lines = 0
    for pack in held.all():
        year = pack.year - 1
        title = pack.say(f"{pack.year_text(year)}年度執行率未達80%、超過100%或尚未結算之項目", f"Lines of {pack.year_text(year)} below 80 %, above 100 % or not settled")
        block = next((block for block in pack.blocks("table") if block["caption"] == title), None)
        _, current = held.history.at(pack.as_of, pack.basis)
        want = []
        for office in (offices_in(held, pack, year)):
            for one in current.get(("budget-execution", office, str(year)), []):
                for line in one.document["tables"]["lines"]:
                    budget, executed = line["gender_budget"], line["executed"]
                    rate = Fraction(executed, budget) if budget else None
                    if line["settled"] is False or (rate is not None and not Fraction(80, 100) <= rate <= 1):
                        want.append((office, str(line["no"]), str(budget), str(executed), percent(executed, budget), line.get("variance_reason") or ""))
        got = [(pack.names[texts[0]], texts[1], texts[4], texts[5], texts[6], texts[8]) for texts in (row["texts"] for row in block["rows"])] if block else []
        equal(sorted(got), sorted(want), f"{pack.body}: lines")
        shown_lines += len(got)
    check(shown_lines > 20, f"only {shown_lines} lines")


def offices_in(held, pack, year):
    if pack.body == "task-group":
        return [pack.unit]
    return held.plan.units("group", year)[pack.unit][1] if pack.unit else [code for code in held.plan.units("office", year)]


@test
def the_duties_and_rules_are_the_daemons(held):
    words = {"done": ("完成", "done"), "missed": ("未完成", "missed"), "open": ("辦理中", "open"), "not_yet_due": ("未到期", "not yet due")}
    compared = 0
    for pack in held.all():
        for year in (pack.year - 1, pack.year):
            table = pack.table(pack.say(f"{pack.year_text(year)}年度應辦事項辦理情形", f"Yearly duties of {pack.year_text(year)}"))
            said = {}
            for one in pack.ask("duties", year=year, basis=pack.basis)["duties"]:
                text = pack.say(*words[one["state"]])
                if isinstance(one["gap"], int) and one["gap"] > 0:
                    text += pack.say(f"\n差{one['gap']}人", f"\n{one['gap']} short")
                said[(one["office"], one["duty"])] = text
            for unit, texts in pack.rows(table):
                for duty, text in zip(held.plan_json["duties"], texts[1:]):
                    equal(text, said.get((unit, duty["code"]), NONE), f"{pack.body} {year} {unit} {duty['code']}")
                    compared += 1
        broken = [one for one in pack.ask("watch")["watch"] if one["verdict"] == "broken"]
        if pack.body == "council":
            table = pack.table("未符合規定者及建議")
            equal(len(table["rows"]), len(broken), "broken rules")
            for row, one in zip(table["rows"], broken):
                equal((row["texts"][2], row["texts"][3], row["texts"][6]), (one["found"], one["wanted"], one["advice"]["zh"]), "a broken rule")
    check(compared > 600, f"only {compared} duties")


# ---- the files ---------------------------------------------------------------------------------------------------------


def shown(column, text):
    if column["holding"] == "words" or not re.fullmatch(r"-?\d+(\.\d+)?", text):
        return text
    whole, dot, rest = text.partition(".")
    return f"{int(whole):,}{dot}{rest}" + ("%" if column["holding"] == "rate" else "")


def figures_in_order(model):
    for block in model["blocks"]:
        if block["kind"] == "table":
            yield block["caption"]
            for row in block["rows"]:
                for column, text in zip(block["columns"], row["texts"]):
                    if text and column["holding"] != "words":
                        yield shown(column, text)
            yield from block["notes"]


@lambda function: suite.test(function, seconds=180)
def every_figure_is_read_in_order_in_the_pdf(held):
    for pack in held.all():
        text = squeeze(run("pdftotext", "-raw", pack.file("pdf"), "-").stdout)
        at = 0
        for expected in figures_in_order(pack.model):
            found = text.find(squeeze(expected), at)
            check(found >= 0, f"{pack.body}: {expected!r} isn't behind {text[max(0, at - 60):at]!r}")
            at = found + len(squeeze(expected))
        lines = [re.sub(r"\s+", " ", line.strip()) for line in run("pdftotext", "-layout", pack.file("pdf"), "-").stdout.splitlines()]
        check_lines(pack, lines)


def check_lines(pack, lines):
    """Each row of the KPI tables stands in one line of the page as it is laid out, behind the row before."""
    at = 0
    for one in pack.kpis():
        name = one["name"][pack.language]
        table = pack.table(pack.say(f"{pack.year_text(pack.year - 1)}年{name}", f"{name}, {pack.year_text(pack.year - 1)}"))
        for row in table["rows"]:
            if row["kind"] == "group":
                continue
            cells = " ".join([shown(column, text) for column, text in zip(table["columns"], row["texts"][:7])])
            found = next((i for i in range(at, len(lines)) if lines[i].startswith(cells)), None)
            check(found is not None, f"{pack.body}: no line {cells!r} behind line {at}")
            at = found + 1


@test
def no_english_stands_in_a_chinese_pack_and_no_table_is_empty(held):
    for pack in held.all():
        for table in pack.blocks("table"):
            check(table["rows"], f"{pack.body}: {table['caption']} has no rows")
            if any(column["holding"] != "words" for column in table["columns"]):
                check(table["notes"], f"{pack.body}: {table['caption']} has no notes")
            for row in table["rows"]:
                for text in row["texts"]:
                    check(text is not None, f"{table['caption']}: {row}")
        if pack.language == "zh":
            words = [word for word in re.findall(r"[A-Za-z]{3,}", re.sub(r"https?://\S+|\d+-[a-z0-9-]+-\d+", "", json.dumps(pack.model["blocks"], ensure_ascii=False)
                                                                         .replace("\\n", " "))) if word not in KNOWN]
            values = {re.sub(r"\d+-[a-z0-9-]+-\d+", "", text) for table in pack.blocks("table") for row in table["rows"] for text in row["texts"]}
            check(not [word for word in words if any(word in text for text in values)], f"{pack.body}: {sorted(set(words))[:20]}")


KNOWN = {"CEDAW", "KPI"}  # numbers of decisions hold the unit's code


@test
def the_workbook_holds_every_figure(held):
    for pack in held.all():
        sheets = read_ods(pack.file("ods").read_bytes())
        blocks = [block for block in pack.model["blocks"] if block["kind"] in ("table", "chart")]
        equal(len(sheets), len(blocks), "sheets")
        for sheet, block in zip(sheets, blocks):
            cells = [[cell[0] if isinstance(cell, tuple) else cell for cell in row] for row in sheet.rows]
            if block["kind"] == "table":
                at = 0
                for row in block["rows"]:
                    wanted = row["texts"] if row["kind"] != "group" else row["texts"][:1]
                    found = next((i for i in range(at, len(cells)) if cells[i][:len(wanted)] == wanted), None)
                    check(found is not None, f"{pack.body} {block['caption']}: no row {wanted} behind row {at}")
                    at = found + 1
            else:
                flat = {cell for row in cells for cell in row}
                for series in block["series"]:
                    for point in series["points"]:
                        check(point["value"] is None or point["value"] in flat, f"{sheet.name} lacks {point['value']}")


@test
def charts_say_their_figures_in_words(held):
    import zipfile  # pylint: disable=import-outside-toplevel
    import xml.etree.ElementTree as tree  # pylint: disable=import-outside-toplevel
    for pack in held.all():
        with zipfile.ZipFile(pack.file("odt")) as archive:
            content = tree.fromstring(archive.read("content.xml"))
        said = [one.text for one in content.iter("{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}desc")]
        charts = pack.blocks("chart")
        equal(len(said), len(charts), "descriptions")
        for words, chart in zip(said, charts):
            for series in chart["series"]:
                for point in series["points"]:
                    check(point["label"] in words and (point["value"] or "") in words and point["remark"] in words, f"{chart['caption']}: {point}")


@lambda function: suite.test(function, seconds=300)
def libreoffice_prints_the_odt_without_a_word(held):
    for name in ("liaison-1", "guishan"):
        pack = held.pack(name)
        done = run("soffice", f"-env:UserInstallation=file://{held.folder / 'profile'}", "--headless", "--convert-to", "pdf", "--outdir",
                   pack.folder / "printed", pack.file("odt"))
        equal([line for line in done.stderr.splitlines() if line.strip() and "javaldx" not in line], [], "what LibreOffice says")
        text = squeeze(run("pdftotext", pack.folder / "printed" / "pack.pdf", "-").stdout)
        for expected in figures_in_order(pack.model):
            check(squeeze(expected) in text, f"{pack.body}: {expected!r} isn't printed")


@test
def an_offices_pack_shows_no_other_offices_rows(held):
    pack = held.pack("guishan")
    others = {name for name, code in pack.names.items() if code in held.offices and code != GUISHAN}
    for table in pack.blocks("table"):
        for row in table["rows"]:
            check(row["texts"][0] not in others, f"{table['caption']}: {row['texts']}")
    offices = {one.get("office") for one in pack.said.get("sources", {}).get("revision", {}).values()}
    check(offices <= {GUISHAN}, f"sources of {offices}")


suite.run()
