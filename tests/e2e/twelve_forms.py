#!/usr/bin/python3
"""Every form of the plan, as a clerk does it: ask for the template, fill it in LibreOffice, check, hand in, see it counted.

The values are typed the way people type them, and what the daemon recorded is compared with what they meant."""
import contextlib
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from office_suite import CP950, CSV, ODS, XLSX, office_suite  # noqa: E402
from tributary_harness import Suite, build_folder, check, equal, expect_status, service  # noqa: E402

PLAN = "taoyuan-112-115"
PLAN_FILE = ROOT / "common/plan/plans" / f"{PLAN}.json"
GUISHAN, YANGMEI = "68000070", "68000040"
KINDS = {"ods": ODS, "xlsx": XLSX}

# (typed, meant); a value alone is typed as it is meant.
CONTACTS = {"effective_from": ("113/1/2", "2024-01-02"), "liaison.name": "範例甲", "liaison.title": "課長",
            "liaison.unit": "社會課", "liaison.phone": "03-320-2200", "liaison.email": "liaison@example.org",
            "liaison.section_chief": ("是", True), "deputy.name": "範例乙", "deputy.title": "課員", "deputy.unit": "社會課"}
MEMBERS = [{"name": f"範例委員{n}", "sex": ("男", "m") if n < 7 else ("女", "f"), "title": "課長", "unit": "社會課",
            "role": {1: ("召集人", "convener"), 2: ("副召集人", "deputy"), 12: ("外聘委員", "external")}.get(
                n, ("內聘委員", "internal"))} for n in range(1, 13)]
STAFF = {"general.staff.m": "61", "general.staff.f": ("９２", 92), "general.gm2h.m": "57", "general.gm2h.f": "88",
         "general.cedaw1h.m": "20", "general.cedaw1h.f": "30", "general.cedaw2h.m": "10", "general.cedaw2h.f": "15",
         "supervisor.staff.m": "9", "supervisor.staff.f": "7", "supervisor.gm2h.m": "9", "supervisor.gm2h.f": "7",
         "supervisor.cedaw1h.m": "3", "supervisor.cedaw1h.f": "2", "supervisor.cedaw2h.m": "1", "supervisor.cedaw2h.f": "0",
         "business.staff.m": "1", "business.staff.f": "1", "business.ge10h.m": "1", "business.ge10h.f": "1",
         "counted_on": ("113年12月31日", "2024-12-31")}
COURSES = [{"name": "CEDAW 案例研討", "date_from": ("113/5/2", "2024-05-02"), "date_to": ("2024-05-02", "2024-05-02"),
            "hours": ("3", "3"), "kind": ("CEDAW實體課程", "cedaw"), "method": ("專題演講", "lecture"),
            "attendance.m": "30", "attendance.f": "40", "attendance.total": "70"},
           {"name": "性別主流化進階課程", "date_from": ("113.6.3", "2024-06-03"), "hours": ("2.5", "2.5"),
            "kind": ("性別主流化進階課程", "gm_advanced"), "method": ("工作坊", "workshop"),
            "attendance.m": "70", "attendance.f": "100", "attendance.total": "170"}]
OUTREACH = [{"name": "社區宣導", "topic": ("性別平等議題", "gender_equality"), "date": ("113/6/1", "2024-06-01"),
             "place": "龜山區", "sessions": "1", "attendance.m": "393", "attendance.f": ("1,758", 1758),
             "attendance.o": "0", "attendance.total": ("2,151", 2151)}]
LINES = [{"no": "1", "unit": "社會課", "category": ("計畫類", "plan"), "name": "婦女培力計畫",
          "budget": ("1,200,000", 1200000), "gender_budget": ("600000", 600000)},
         {"no": "2", "unit": "人事室", "category": ("其他類", "other"), "name": "訓練", "budget": "80000",
          "gender_budget": "40000"}]
EXECUTED = [{"no": "1", "executed": "711000", "settled": ("是", True), "variance_reason": "追加辦理場次，執行率118.50%"},
            {"no": "2", "executed": "0", "settled": ("否", False), "variance_reason": "尚未結算"}]

# form: period, fields, tables; in the order in which an office hands them in
FORMS = {
    "implementation-plan": ("plan", {"discussed_on": ("112/4/20", "2023-04-20"), "sent_on": ("112/4/25", "2023-04-25"),
                                     "summary": "以培力、宣導及在地方案推動性別主流化。"}, {}),
    "liaison-contacts": ("113", CONTACTS, {}),
    "task-group-roster": ("113", {"effective_from": ("113/1/2", "2024-01-02")}, {"members": MEMBERS}),
    "task-group-meeting": ("113", {"date": ("113/4/18", "2024-04-18"), "kind": ("定期會議", "regular"), "members": "12",
                                   "present.m": "5", "present.f": "5"},
                           {"agenda": [{"no": "1", "kind": ("報告事項", "report"), "title": "112年度成果報告"}],
                            "decisions": [{"no": "1", "text": "洽悉", "owner": "社會課"}]}),
    "budget-plan": ("113", {"total_budget": ("523,000,000", 523000000)}, {"lines": LINES}),
    "training-quarterly": ("113Q2", {}, {"courses": COURSES, "outreach": OUTREACH}),
    "training-annual": ("113", STAFF, {}),
    "budget-execution": ("113", {}, {"lines": EXECUTED}),
    "local-programme": ("113", {}, {"programmes": [
        {"name": "新住民姊妹電台", "partners": "在地協會", "budget": "150000", "reached.m": "20", "reached.f": "95",
         "reached.o": "1", "reached.total": "116", "result": "辦理12場"}]}),
    "webpage": ("113", {"url": "https://www.guishan.example.org/gender", "last_updated": ("113/12/5", "2024-12-05"),
                        "updates": "6"}, {}),
    "other-measures": ("113", {}, {"measures": [
        {"measure": "設置哺集乳室", "date": ("1130815", "2024-08-15"), "result": "啟用"}]}),
    "annual-report": ("113", {"review.findings": "男性參訓率偏低。", "review.improvements": "調整課程時段。"}, {}),
}


def typed(value):
    return value[0] if isinstance(value, tuple) else value


def meant(item, value):
    if isinstance(value, tuple):
        return value[1]
    return int(value) if item["type"] in ("count", "money", "key") else value


class Clerk:
    """An office at its own computer: the client, LibreOffice, and the files between them."""

    def __init__(self, running, suite):
        self.running, self.suite, self.folder = running, suite, running.folder
        self.plan = json.loads(PLAN_FILE.read_text(encoding="utf-8"))
        self.forms = {form["code"]: form for form in self.plan["forms"]}
        self.tokens = {office: running.add_token("office", office) for office in (GUISHAN, YANGMEI)}
        self.tokens["geo"] = running.add_token("geo")
        self.geo = running.client(self.tokens["geo"])

    def run(self, *arguments, office=GUISHAN):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("TRIBUTARY_")}
        environment.update({"TRIBUTARY_SERVER": f"http://127.0.0.1:{self.running.port}", "TRIBUTARY_PLAN": PLAN,
                            "TRIBUTARY_TOKEN": self.tokens[office], "XDG_STATE_HOME": str(self.folder / office),
                            "XDG_CONFIG_HOME": str(self.folder / "config"), "LC_ALL": "C.UTF-8"})
        return subprocess.run([str(build_folder() / "tributary"), *map(str, arguments)], capture_output=True, text=True,
                              timeout=60, check=False, env=environment, cwd=self.folder)

    def done(self, *arguments, office=GUISHAN):
        result = self.run(*arguments, office=office)
        equal(result.returncode, 0, f"{arguments}:\n{result.stdout}{result.stderr}")
        return result.stdout

    def template(self, form, kind, office):
        path = self.folder / f"{form}-{office}.{kind}"
        self.done("template", form, "--period", FORMS[form][0], "-o", path, office=office)
        return path

    def fill(self, form, workbook):
        _, fields, tables = FORMS[form]
        definition = self.forms[form]
        if fields:
            self.fill_fields(workbook, fields)
        for code, rows in tables.items():
            table = next(one for one in definition["tables"] if one["code"] == code)
            self.fill_table(workbook, table, rows)

    @staticmethod
    def find(workbook, mark, code=None):
        """(sheet, the number of the heading row below the mark, all rows as shown)."""
        for sheet in workbook.sheets:
            rows = workbook.rows(sheet)
            for number, row in enumerate(rows):
                if row[0] == mark and (code is None or row[1] == code):
                    while rows[number][0].startswith("#"):
                        number += 1
                    return sheet, number, rows
        raise AssertionError(f"the template has no {mark} {code}")

    def fill_fields(self, workbook, fields):
        sheet, heading, rows = self.find(workbook, "#fields")
        column = rows[heading].index("填報值")
        places = {row[0]: number for number, row in enumerate(rows) if number > heading}
        for code, value in fields.items():
            workbook.type_in(sheet, address(column, places[code]), typed(value))

    def fill_table(self, workbook, table, rows):
        sheet, heading, shown = self.find(workbook, "#table", table["code"])
        columns = {item["code"]: shown[heading].index(item["name"]["zh"]) for item in table["columns"]}
        key = table.get("key", [None])[0]
        free = heading + 1
        while free < len(shown) and (shown[free][0].startswith("#") or any(shown[free][1:])):
            free += 1
        known = {shown[number][columns[key]]: number for number in range(heading + 1, free)} if key else {}
        for row in rows:
            number = known.get(row.get(key))
            if number is None:
                number, free = free, free + 1
            for code, value in row.items():
                workbook.type_in(sheet, address(columns[code], number), typed(value))

    def recorded(self, form, office):
        found = expect_status(self.geo.get(f"/v1/plans/{PLAN}/submissions", form=form, office=office,
                                           period=FORMS[form][0]), 200).json["submissions"]
        equal(len(found), 1, f"submissions of {form}")
        return expect_status(self.geo.get(f"/v1/submissions/{found[0]['submission']}"), 200).json["document"]

    def compare(self, form, office):
        """What was recorded holds what was meant."""
        document, definition = self.recorded(form, office), self.forms[form]
        for code, value in FORMS[form][1].items():
            item = next(one for one in definition["fields"] if one["code"] == code)
            equal(document["fields"].get(code), meant(item, value), f"{form} {code}")
        for code, rows in FORMS[form][2].items():
            columns = {one["code"]: one for one in
                       next(one for one in definition["tables"] if one["code"] == code)["columns"]}
            got = document["tables"][code]
            equal(len(got), len(rows), f"rows of {form} {code}")
            for row, expected in zip(got, rows):
                for column, value in expected.items():
                    equal(row.get(column), meant(columns[column], value), f"{form} {code} {column}")


def address(column, row):
    return f"{chr(65 + column)}{row + 1}"


@contextlib.contextmanager
def clerk():
    with service(PLAN_FILE) as running, office_suite(running.folder) as suite:
        yield Clerk(running, suite)


suite = Suite(clerk)


def hand_in_every_form(c, kind, office):
    for form in FORMS:
        empty = c.template(form, kind, office)
        filled = c.folder / f"filled-{form}-{office}.{kind}"
        with c.suite.opened(empty) as workbook:
            c.fill(form, workbook)
            workbook.save_as(filled, KINDS[kind])
        c.done("check", filled, office=office)
        c.done("submit", filled, office=office)
        c.compare(form, office)


@lambda function: suite.test(function, seconds=240)
def every_form_goes_from_template_to_receipt_as_ods(c):
    hand_in_every_form(c, "ods", GUISHAN)


@lambda function: suite.test(function, seconds=240)
def every_form_goes_from_template_to_receipt_as_xlsx(c):
    hand_in_every_form(c, "xlsx", YANGMEI)


@suite.test
def an_annual_report_brings_along_what_the_other_forms_hold(c):
    fields = c.recorded("annual-report", GUISHAN)["fields"]
    equal({code: fields.get(code) for code in (
        "committee.m", "committee.f", "committee.external", "meetings.regular", "budget.gender_budget",
        "execution.executed", "programmes.count", "webpage.updates", "measures.count", "kpi.gm_general.trained",
        "kpi.gm_general.staff")},
        {"committee.m": 6, "committee.f": 6, "committee.external": 1, "meetings.regular": 1,
         "budget.gender_budget": 640000, "execution.executed": 711000, "programmes.count": 1, "webpage.updates": 6,
         "measures.count": 1, "kpi.gm_general.trained": 145, "kpi.gm_general.staff": 153}, "prefilled")


@suite.test
def all_of_them_show_in_status_and_with_numbers_in_the_figures_by_group(c):
    shown = json.loads(c.done("status", "--year", "113", "--json"))
    states = {one["form"]: one["review"] for one in shown["obligations"]["obligations"]
              if one["office"] == GUISHAN and one["period"] in ("113", "113Q2")}
    for form, (period, _, _) in FORMS.items():
        if period != "plan":
            check(states.get(form) != "not_received", f"{form} is {states.get(form)}")
    for form, element, total in (("training-annual", "general.staff.m", 61), ("budget-plan", "lines.gender_budget", 640000),
                                 ("budget-execution", "lines.executed", 711000),
                                 ("local-programme", "programmes.reached.total", 116),
                                 ("task-group-roster", "members.f", 6), ("webpage", "updates", 6),
                                 ("other-measures", "measures.count", 1), ("task-group-meeting", "present.m", 5),
                                 ("annual-report", "outreach.attendance.total", None)):
        answer = json.loads(c.done("rollup", form, "--period", "113", "--by", "group", "--json", office="geo"))
        units = {one["unit"]: one for one in answer["units"]}
        for unit in ("group-1", "group-2"):
            equal(units[unit]["elements"][element]["value"], total, f"{form} {element} {unit}")
    answer = json.loads(c.done("rollup", "training-quarterly", "--period", "113Q2", "--by", "group", "--json",
                               office="geo"))
    equal(answer["units"][0]["elements"]["outreach.attendance.total"]["value"], 2151, "outreach of group 1")


@suite.test
def a_table_saved_as_csv_in_cp950_is_read(c):
    path = c.folder / "other-measures.csv"
    with c.suite.opened(c.folder / f"filled-other-measures-{GUISHAN}.ods") as workbook:
        sheet, _, _ = c.find(workbook, "#table", "measures")
        workbook.save_as(path, CSV, CP950, sheet)
    path, = c.folder.glob("other-measures*.csv")  # LibreOffice adds the sheet's name
    check("哺集乳室".encode("cp950") in path.read_bytes(), "the file isn't CP950")
    answer = json.loads(c.done("check", path, "--form", "other-measures", "--office", GUISHAN, "--period", "113", "--json"))
    equal([one for one in answer.get("findings", []) if one["severity"] == "error"], [], "findings")


@suite.test
def a_table_of_their_own_is_read_with_dates_as_they_are_typed(c):
    """Typed in a cell of no format, 112/4/30 becomes a day of the year 112 AD, which files hold as 0112-04-29."""
    plain = c.folder / "own.csv"
    plain.write_text("其他性別平等促進事宜彙整,,\n,,\n辦理成果,辦理日期,辦理事項,經費\n", encoding="utf-8-sig")
    typed_dates = {"112/4/30": "2023-04-30", "112.12.31": "2023-12-31", "1120815": "2023-08-15",
                   "112年3月1日": "2023-03-01", "2023/2/28": "2023-02-28", "１１２／１／２": "2023-01-02"}
    for office, kind in ((GUISHAN, "ods"), (YANGMEI, "xlsx")):
        path = c.folder / f"own.{kind}"
        with c.suite.opened(plain) as workbook:
            sheet, = workbook.sheets
            for number, date in enumerate(typed_dates):
                workbook.type_in(sheet, f"C{number + 4}", f"事項{number}")
                workbook.type_in(sheet, f"B{number + 4}", date)
            workbook.save_as(path, KINDS[kind])
        where = ("--form", "other-measures", "--office", office, "--period", "112")
        refused = c.run("check", path, *where, office=office)
        check("經費" not in refused.stdout + refused.stderr, "an empty column of their own is complained of")
        c.done("submit", path, *where, office=office)
        found = expect_status(c.geo.get(f"/v1/plans/{PLAN}/submissions", form="other-measures", office=office,
                                        period="112"), 200).json["submissions"]
        document = expect_status(c.geo.get(f"/v1/submissions/{found[0]['submission']}"), 200).json["document"]
        equal([row["date"] for row in document["tables"]["measures"]], list(typed_dates.values()), kind)


@suite.test
def the_record_of_2178_people_is_marked_at_its_very_cell(c):
    """domain.md 10: 393 + 1,758 + 0 is 2,151."""
    wrong, marked = c.folder / "wrong.ods", c.folder / "marked.ods"
    with c.suite.opened(c.folder / f"filled-training-quarterly-{GUISHAN}.ods") as workbook:
        sheet, heading, shown = c.find(workbook, "#table", "outreach")
        column = shown[heading].index("參加人次（合計）")
        number = next(n for n, row in enumerate(shown) if n > heading and "社區宣導" in row)
        place = address(column, number)
        workbook.type_in(sheet, place, "2,178")
        workbook.save_as(wrong, ODS)
    result = c.run("check", wrong, "--annotate", marked)
    equal(result.returncode, 1, f"exit status:\n{result.stdout}{result.stderr}")
    check(place in result.stdout + result.stderr, f"{place} isn't named in\n{result.stdout}{result.stderr}")
    with c.suite.opened(marked) as workbook:
        comments = workbook.comments(sheet)
        equal(list(comments), [place], "cells with a comment")
        check("2151" in comments[place].replace(",", "") and "2178" in comments[place].replace(",", ""), comments[place])
        check(workbook.cell(sheet, place).CellBackColor not in (-1, 0xFFFFFF), "the cell isn't coloured")


if __name__ == "__main__":
    suite.run()
