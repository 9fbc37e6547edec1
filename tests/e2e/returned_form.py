#!/usr/bin/python3
"""A returned form as a file: the office gets what it handed in with the returned cells marked, corrects it in LibreOffice
and hands it in again; the marks stand in the right cells of ODS, XLSX and CSV."""
import contextlib
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from desk import GUISHAN, PLAN, YEARS, annual, course, desk, event, quarterly  # noqa: E402
from office_suite import ODS, XLSX, office_suite  # noqa: E402
from tributary_harness import Suite, build_folder, check, equal, expect_status  # noqa: E402

KINDS = {"ods": ODS, "xlsx": XLSX}
SIGN = "Tributary"


class Desk:
    def __init__(self, held, suite):
        self.held, self.suite, self.folder = held, suite, held.service.folder

    def run(self, *arguments, status=0):
        kept = {key: value for key, value in os.environ.items() if not key.startswith("TRIBUTARY_")}
        done = subprocess.run(
            [str(build_folder() / "tributary"), *map(str, arguments), "--lang", "zh"], capture_output=True, text=True,
            timeout=60, check=False, cwd=self.folder,
            env={**kept, "TRIBUTARY_SERVER": f"http://127.0.0.1:{self.held.service.port}", "TRIBUTARY_PLAN": PLAN,
                 "TRIBUTARY_TOKEN": self.held.office(GUISHAN).token, "XDG_STATE_HOME": str(self.folder / "state"),
                 "XDG_CONFIG_HOME": str(self.folder / "config"), "LC_ALL": "C.UTF-8"})
        equal(done.returncode, status, f"{arguments}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def review(self, receipt, outcome, **more):
        return expect_status(self.held.geo.post(f"/v1/submissions/{receipt['submission']}/reviews",
                                                {"outcome": outcome, **more}), 201).json

    def returned(self, document, *returns):
        """Hands in, accepts, and returns (reason, cells) each."""
        receipt = self.held.accepted(document)
        self.review(receipt, "accept")
        for reason, cells in returns:
            self.review(receipt, "return", reason=reason, cells=cells)
        return receipt

    def marked(self, receipt, kind, *more):
        path = self.folder / f"marked-{receipt['submission']}.{kind}"
        self.run("show", receipt["submission"], "-o", path, "--annotate", "--force", *more)
        return path


@contextlib.contextmanager
def office():
    with desk() as held, office_suite(held.service.folder) as suite:
        yield Desk(held, suite)


suite = Suite(office)


def test(function):
    return suite.test(function, seconds=180)


def marks(workbook):
    """{(sheet, cell): what the comment says}"""
    return {(sheet, cell): text for sheet in workbook.sheets for cell, text in workbook.comments(sheet).items() if SIGN in text}


def cell_of(d, workbook, table, row_text, column):
    """Where the column of the row stands that shows `row_text`; of a row as a whole its first cell."""
    heading = next(item["name"]["zh"] for form in expect_status(d.held.geo.get(d.held.base), 200).json["forms"]
                   if form["code"] == "training-quarterly" for one in form["tables"] if one["code"] == table
                   for item in one["columns"] if item["code"] == column)
    for sheet in workbook.sheets:
        rows, at = workbook.rows(sheet), None
        for number, row in enumerate(rows):
            at = row if heading in row else at
            if at is not None and row_text in row:
                return sheet, f"{chr(65 + at.index(heading))}{number + 1}"
    raise AssertionError(f"{row_text} {heading} is nowhere")


def courses(period):
    first = f"{int(period[:3]) + 1911}-05-02"
    return [course("a1", name="第一場", date_from=first, date_to=first), course("a2", name="第二場", date_from=first, date_to=first)]


def held_events(period):
    return [event("b7", name="社區宣導一", date=f"{int(period[:3]) + 1911}-06-01")]


@test
def the_returned_cells_of_a_table_are_marked_with_their_reasons_and_no_others(d):
    for kind, year in (("ods", "112"), ("xlsx", "113")):
        period = f"{year}Q2"
        receipt = d.returned(quarterly(GUISHAN, period, courses=courses(period), outreach=held_events(period)),
                             ("女性人數與簽到表不符", ["tables.courses[a2].attendance.f"]),
                             ("請補佐證日期", ["tables.outreach[b7].date", "tables.courses[a1].hours"]))
        with d.suite.opened(d.marked(receipt, kind)) as workbook:
            found = marks(workbook)
            want = {cell_of(d, workbook, "courses", "第二場", "attendance.f"): "女性人數與簽到表不符",
                    cell_of(d, workbook, "courses", "第一場", "hours"): "請補佐證日期",
                    cell_of(d, workbook, "outreach", "社區宣導一", "date"): "請補佐證日期"}
            equal(set(found), set(want), f"marked cells of {kind}")
            for place, reason in want.items():
                check(reason in found[place], f"{place}: {found[place]}")


@test
def the_marked_file_is_corrected_where_it_is_marked_and_handed_in_as_it_is(d):
    for kind, year in (("ods", "114"), ("xlsx", "115")):
        period = f"{year}Q2"
        receipt = d.returned(quarterly(GUISHAN, period, courses=courses(period), outreach=held_events(period)),
                             ("女性人數與簽到表不符", ["tables.courses[a2].attendance.f"]))
        path = d.marked(receipt, kind)
        with d.suite.opened(path) as workbook:
            sheet, cell = cell_of(d, workbook, "courses", "第二場", "attendance.f")
            _, total = cell_of(d, workbook, "courses", "第二場", "attendance.total")
            workbook.type_in(sheet, cell, "21")
            workbook.type_in(sheet, total, "33")
            workbook.save_as(path, KINDS[kind])
        check("未更正" not in d.run("check", path, "--online"), "still asked for")
        d.run("submit", path)
        listed = d.held.listed("training-quarterly", GUISHAN, period)[0]
        equal((listed["revision"], listed["review"]["state"], listed["review"]["next"]["stage"]), (2, "received", "geo"), kind)
        with d.suite.opened(d.marked(listed, kind)) as workbook:
            equal(marks(workbook), {}, "nothing stands returned any more")


@test
def fields_are_marked_in_ods_xlsx_and_csv(d):
    receipt = d.returned(annual(GUISHAN, YEARS[0]), ("請與人事系統核對", ["fields.general.gm2h.m", "fields.counted_on"]))
    for kind in ("ods", "xlsx"):
        with d.suite.opened(d.marked(receipt, kind)) as workbook:
            found = marks(workbook)
            values = {}
            for sheet, cell in found:
                rows = workbook.rows(sheet)
                values[rows[int(cell[1:]) - 1][0]] = rows[int(cell[1:]) - 1][ord(cell[0]) - 65]
            equal(set(values), {"general.gm2h.m", "counted_on"}, f"marked rows of {kind}")
            equal(values["general.gm2h.m"], "55", "the marked cell holds the value")
    lines = d.marked(receipt, "csv").read_text(encoding="utf-8-sig").splitlines()
    places = [number for number, line in enumerate(lines) if "請與人事系統核對" in line]
    equal([lines[number - 1].split(",")[0] for number in places], ["general.gm2h.m", "counted_on"], "rows above the comment lines")
    again = d.folder / "again.csv"
    corrected = [line.replace("55", "50") if line.startswith("general.gm2h.m,") else line for line in lines]
    again.write_text("\n".join(corrected) + "\n", encoding="utf-8")
    d.run("submit", again)
    equal(d.held.revisions("training-annual", GUISHAN, YEARS[0]), [1, 2], "revisions")


@test
def what_is_returned_as_a_whole_says_so_at_the_top(d):
    receipt = d.returned(annual(GUISHAN, YEARS[1]), ("整份請依新格式重填", []))
    with d.suite.opened(d.marked(receipt, "ods")) as workbook:
        found = marks(workbook)
        equal([(sheet, cell[1:]) for sheet, cell in found], [(workbook.sheets[0], "1")], "marks")
        check("整份請依新格式重填" in next(iter(found.values())), str(found))


@test
def what_is_not_returned_comes_unmarked_and_json_cannot_be_marked(d):
    receipt = d.held.accepted(annual(GUISHAN, YEARS[2]))
    with d.suite.opened(d.marked(receipt, "xlsx")) as workbook:
        equal(marks(workbook), {}, "marks")
    for query in ({}, {"format": "json"}):
        equal(d.held.geo.get(f"/v1/submissions/{receipt['submission']}", annotate="true", **query).status, 400, "JSON")
    d.run("show", receipt["submission"], "--annotate", status=2)


@test
def a_dry_run_marks_a_returned_row_at_its_own_row(d):
    rows = [course(one, name=f"場次{one}", date_from="2023-02-01", date_to="2023-02-01") for one in ("a1", "a2", "a3")]
    receipt = d.returned(quarterly(GUISHAN, "112Q1", courses=rows), ("時數有誤", ["tables.courses[a3].hours"]))
    path = d.folder / "own.ods"
    d.run("show", receipt["submission"], "-o", path)
    told = d.run("check", path, "--annotate", d.folder / "offline.ods")
    check("--online" in told, f"nothing says that --online marks what was returned:\n{told}")
    d.run("check", path, "--online", "--annotate", d.folder / "online.ods")
    with d.suite.opened(d.folder / "online.ods") as workbook:
        equal(set(marks(workbook)), {cell_of(d, workbook, "courses", "場次a3", "hours")}, "marked cells")
    findings = json.loads(d.run("check", path, "--online", "--json"))["findings"]
    equal([one["path"] for one in findings if one["code"] == "cell_returned"], ["tables.courses[a3].hours"], "findings")


suite.run()
