"""Five packs of the sample years, made by the real client, and what is known of them: by the daemon's own answers, and by the
independent oracle from the documents that were fed. Whoever reads a table or chart of a pack takes it as compared."""
import contextlib
import json
import math
import pathlib
import re
import subprocess
import time
import unicodedata
from fractions import Fraction

import figures
from sample_desk import PLAN, sample
from tributary_harness import Suite, check, equal

ROOT = pathlib.Path(__file__).resolve().parents[3]
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
        self.compared = set()
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

    def find_table(self, caption):
        """The table, which counts as compared; None where the pack has none of this caption."""
        found = [block for block in self.blocks("table") if block["caption"] == caption]
        check(len(found) <= 1, f"{len(found)} tables {caption!r}")
        self.compared.add(("table", caption))
        return found[0] if found else None

    def table(self, caption):
        found = self.find_table(caption)
        check(found is not None, f"{self.body}: no table {caption!r} among {[block['caption'] for block in self.blocks('table')]}")
        return found

    def charts(self, kind):
        """The charts of a kind, which count as compared."""
        found = [block for block in self.blocks("chart") if block["chart"] == kind]
        self.compared.update(("chart", block["caption"]) for block in found)
        return found

    def paragraphs(self):
        return ["".join(run["text"] for run in block["runs"]) for block in self.blocks("paragraph")]

    def date_text(self, day):
        """2024-09-26 as 113/9/26."""
        if day is None:
            return NONE
        year, month, date = day.split("-")
        return f"{int(year) - 1911}/{int(month)}/{int(date)}" if self.language == "zh" else day

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


def percent(part, whole):
    """Two decimals, half up; by fractions."""
    if not whole:
        return NONE
    hundredths = math.floor(Fraction(part) / Fraction(whole) * 10000 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02}"


def offices_in(held, pack, year):
    if pack.body == "task-group":
        return [pack.unit]
    return held.plan.units("group", year)[pack.unit][1] if pack.unit else [code for code in held.plan.units("office", year)]
