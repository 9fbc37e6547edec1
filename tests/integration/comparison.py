#!/usr/bin/env python3
"""Each figure beside last year's and the quarter's before, unusual changes marked; held against a computation of its own."""
import csv
import io
import json
import pathlib
import random
import sys
import uuid
from decimal import Decimal
from fractions import Fraction

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, OFFICES, PLAN_FILE, ZHONGLI, annual, course, desk, event, execution, line, quarterly  # noqa: E402
from tributary_harness import PLANS, Suite, check, equal, expect_status, with_query  # noqa: E402
from workbook_file import read_ods, read_xlsx  # noqa: E402

suite = Suite(desk)
test = suite.test
FORMS = {form["code"]: form for form in json.loads(PLAN_FILE.read_text(encoding="utf-8"))["forms"]}
NUMERIC = ("count", "money", "decimal")
NEXT_PLAN = "taoyuan-116-119"


# ---------------------------------------------------------------- the same, computed in another way

def cell_of(value):
    """(state, number) of a cell as documents write it."""
    if value is None:
        return "blank", None
    if isinstance(value, dict):
        return ("not_yet" if "not_yet" in value else "not_applicable"), None
    return "value", Decimal(str(value))


def numeric_fields(form):
    return [field for field in form.get("fields", []) if field["type"] in NUMERIC]


def table_of(form, code):
    return next(table for table in form["tables"] if table["code"] == code)


def sum_of(element, rows):
    if rows is None:
        return "blank", None
    where = element.get("where")
    chosen = [row for row in rows if not where or row.get(where["column"]) == where["equals"]]
    if element.get("count"):
        return "value", Decimal(len(chosen))
    cells = [cell_of(row.get(element["sum"])) for row in chosen]
    if any(state == "not_yet" for state, _ in cells):
        return "not_yet", None
    values = [number for state, number in cells if state == "value"]
    if values or not chosen:
        return "value", sum(values, Decimal(0))
    return ("not_applicable" if all(state == "not_applicable" for state, _ in cells) else "blank"), None


def figures(form, document):
    """{(path, element): (state, number)} and {path: …} of the cells of keyed rows."""
    found, cells = {}, {}
    for field in numeric_fields(form):
        found[f"fields.{field['code']}", field["code"]] = cell_of(document.get("fields", {}).get(field["code"]))
    tables = document.get("tables", {})
    for element in form.get("elements", []):
        path = f"tables.{element['table']}" + (f".{element['sum']}" if "sum" in element else "")
        found[path, element["code"]] = sum_of(element, tables.get(element["table"]))
    for table in form.get("tables", []):
        for row in tables.get(table["code"], []) if table.get("key") else []:
            name = "/".join(str(row[key]) for key in table["key"])
            for column in (column for column in table["columns"] if column["type"] in NUMERIC):
                state, number = cell_of(row.get(column["code"]))
                if state != "blank":
                    cells[f"tables.{table['code']}[{name}].{column['code']}"] = state, number
    return found, cells


def rule_for(form, kind, element=None, table=None, column=None):
    for rule in form.get("unusual", []):
        named = element and rule.get("elements") and (rule["elements"] == "all" or element in rule["elements"])
        if named or (table and rule.get("table") == table and column in rule["columns"]):
            return rule if kind == "given" or kind in rule.get("against", ["last_year"]) else None
    return None


def percent(change, earlier):
    """Hundredths of a per cent, half up of the size, by whole fractions."""
    if not earlier:
        return None
    share = abs(Fraction(change)) / abs(Fraction(earlier)) * 10000
    hundredths = (share + Fraction(1, 2)).__floor__()
    text = f"{hundredths // 100}.{hundredths % 100:02}"
    return f"-{text}" if change < 0 and hundredths else text


def expected_side(rule, now, earlier):
    (state, number), (state_before, before) = now, earlier
    change = number - before if number is not None and before is not None else None
    reason = None
    if rule and change is not None and change != 0 and abs(change) >= Decimal(rule["least"]):
        if before == 0:
            reason = "was_zero"
        elif number == 0:
            reason = "became_zero"
        elif abs(Fraction(change)) * 100 >= abs(Fraction(before)) * Fraction(rule["rate"]):
            reason = "rose" if change > 0 else "fell"
    elif rule and before is not None and state == "blank":
        reason = "became_blank"
    return {"value": before, "state": state_before, "change": change,
            "percent": percent(change, before) if change is not None else None, "reason": reason}


def expected(form, kind, document, earlier):
    """{(path, element or None): (value, side)}"""
    now, now_cells = figures(form, document)
    before, before_cells = figures(form, earlier)
    found = {}
    for (path, element), value in now.items():
        found[path, element] = value, expected_side(rule_for(form, kind, element), value, before[path, element])
    for path in [*now_cells, *(path for path in before_cells if path not in now_cells)]:
        table, column = path.split(".")[1].split("[")[0], path.rsplit("].", 1)[1]
        if table in document.get("tables", {}):
            value, other = now_cells.get(path, ("blank", None)), before_cells.get(path, ("blank", None))
            found[path, None] = value, expected_side(rule_for(form, kind, None, table, column), value, other)
    return found


def exact(value):
    return None if value is None else Decimal(str(value))


def got(answer, kind):
    found = {}
    for cell in answer["cells"]:
        side = cell[kind]
        found[cell["path"], cell["element"]] = (cell["state"], exact(cell["value"])), None if side is None else {
            "value": exact(side["value"]), "state": side["state"], "change": exact(side["change"]), "percent": side["percent"],
            "reason": side["unusual"] and side["unusual"]["reason"]}
    return found


def comparison(client, submission, **query):
    return expect_status(client.get(f"/v1/submissions/{submission}/comparison", **query), 200).json


def agrees(answer, kind, form, document, earlier):
    wanted, seen = expected(FORMS[form], kind, document, earlier), got(answer, kind)
    equal(set(seen), set(wanted), "cells")
    for place, value in wanted.items():
        equal(seen[place], value, str(place))


def marks(answer, kind="last_year"):
    return {cell["path"]: cell[kind]["unusual"]["reason"] for cell in answer["cells"] if cell[kind] and cell[kind]["unusual"]}


def changes(findings):
    return {one["path"]: (one.get("expected"), one.get("found")) for one in findings if one["code"] == "unusual_change"}


# ---------------------------------------------------------------- years

@test
def a_year_stands_beside_the_year_before(d):
    before = annual(GUISHAN, "112", **{"general.gm2h.m": 55, "supervisor.staff.m": 30, "supervisor.gm2h.m": 30,
                                       "general.excluded": 20, "excluded_reason": "留職停薪", "business.excluded": 0})
    after = annual(GUISHAN, "113", **{"general.gm2h.m": 20, "supervisor.staff.m": 61, "supervisor.gm2h.m": 46,
                                      "general.excluded": 0, "supervisor.excluded": 12, "excluded_reason": "留職停薪",
                                      "general.cedaw1h.m": ..., "general.cedaw2h.m": {"not_yet": "人事室結算中"},
                                      "general.cedaw1h.f": {"not_applicable": "x"}, "business.excluded": 10})
    one = d.accepted(before)
    equal(changes(one["findings"]), {}, "the first year has nothing to stand beside")
    two = d.accepted(after)
    answer = comparison(d.office(GUISHAN), two["submission"])
    equal([(r["kind"], r["period"], r["submission"], r["revision"]) for r in answer["references"]],
          [("last_year", "112", one["submission"], 1)], "references")
    agrees(answer, "last_year", "training-annual", after, before)
    wanted = {"fields.general.gm2h.m": "fell", "fields.supervisor.staff.m": "rose", "fields.supervisor.gm2h.m": "rose",
              "fields.general.excluded": "became_zero", "fields.business.excluded": "was_zero",
              "fields.general.cedaw1h.m": "became_blank"}
    equal(marks(answer), wanted, "marks")
    equal(answer["unusual"], len(wanted), "how many")
    shown = {cell["path"]: cell["last_year"] for cell in answer["cells"]}
    equal((shown["fields.general.gm2h.m"]["change"], shown["fields.general.gm2h.m"]["percent"]), (-35, "-63.64"), "the change")
    equal(shown["fields.general.gm2h.m"]["unusual"], {"reason": "fell", "zh": "減少達 50%", "en": "fell by at least 50%"}, "in words")
    # the same marks are warnings where it was handed in, and they refuse nothing
    found = [each for each in two["findings"] if each["code"] == "unusual_change"]
    equal({each["path"] for each in found}, set(wanted), "findings")
    equal({each["severity"] for each in found}, {"warning"}, "severity")
    fell = next(each for each in found if each["path"] == "fields.general.gm2h.m")
    equal((fell["expected"], fell["found"]), ("55", "20"), "figures")
    check("55" in fell["message"] and "20" in fell["message"], fell["message"])
    equal(set(changes(d.geo.get(f"/v1/submissions/{two['submission']}/findings").json["findings"])), set(wanted), "now")
    # the year before stands beside nothing
    first = comparison(d.geo, one["submission"])
    equal([(r["period"], r["submission"], r["revision"]) for r in first["references"]], [("111", None, None)], "references")
    equal({cell["last_year"] is None for cell in first["cells"]}, {True}, "sides")


@test
def the_threshold_is_met_exactly(d):
    office = OFFICES[0]
    d.accepted(annual(office, "112", **{"general.staff.m": 200, "general.staff.f": 200, "general.gm2h.m": 20, "general.gm2h.f": 21,
                                        "general.cedaw1h.m": 100, "general.cedaw1h.f": 9, "general.cedaw2h.f": 9}))
    two = d.accepted(annual(office, "113", **{"general.staff.m": 200, "general.staff.f": 299, "general.gm2h.m": 30,
                                              "general.gm2h.f": 31, "general.cedaw1h.m": 50, "general.cedaw1h.f": 18}))
    answer = comparison(d.geo, two["submission"])
    equal(marks(answer), {"fields.general.gm2h.m": "rose", "fields.general.cedaw1h.m": "fell"}, "marks")
    shown = {cell["path"]: cell["last_year"]["percent"] for cell in answer["cells"]}
    equal((shown["fields.general.gm2h.m"], shown["fields.general.gm2h.f"], shown["fields.general.staff.f"],
           shown["fields.general.cedaw1h.f"]), ("50.00", "47.62", "49.50", "100.00"), "percent")


@test
def random_years_agree_with_the_other_computation(d):
    chance = random.Random(41)
    codes = [field["code"] for field in numeric_fields(FORMS["training-annual"])]
    for office in OFFICES[1:5]:
        documents = []
        for year in ("114", "115"):
            fields = {"counted_on": f"{int(year) + 1911}-12-31", "excluded_reason": "x"}
            for code in codes:
                kind = chance.random()
                if kind < 0.15:
                    fields[code] = None
                elif kind < 0.2:
                    fields[code] = {"not_yet": "x"}
                elif kind < 0.25:
                    fields[code] = {"not_applicable": "x"}
                elif code.endswith("excluded"):
                    fields[code] = chance.choice([0, 1, 9, 10, 11, 2 ** 40])
                elif ".staff." in code:
                    fields[code] = chance.choice([1000, 1500, 1501, 2 ** 53])
                elif "cedaw2h" in code:
                    fields[code] = chance.choice([0, 1, 3])
                else:
                    fields[code] = chance.choice([3, 10, 13, 19, 20, 21, 30, 999])
            documents.append({"form": "training-annual", "office": office, "period": year, "base": 0, "fields": fields})
        d.accepted(documents[0])
        answer = comparison(d.geo, d.accepted(documents[1])["submission"])
        agrees(answer, "last_year", "training-annual", documents[1], documents[0])


# ---------------------------------------------------------------- quarters

def courses(year, quarter, *specs):
    month = quarter * 3 - 1
    return [course(f"r{number}", date_from=f"{year + 1911}-{month:02}-02", date_to=f"{year + 1911}-{month:02}-02", hours=hours,
                   **{"kind": kind, "attendance.m": m, "attendance.f": f, "attendance.total": m + f})
            for number, (hours, kind, m, f) in enumerate(specs)]


@test
def a_quarter_stands_beside_last_year_s_and_the_one_before(d):
    office = GUISHAN
    last = quarterly(office, "113Q1", courses=courses(113, 1, ("2.5", "cedaw", 40, 60), ("1", "gm_basic", 0, 10)))
    before = quarterly(office, "113Q4", courses=courses(113, 4, ("3", "cedaw", 30, 30)))
    now = quarterly(office, "114Q1", courses=courses(114, 1, ("30.5", "cedaw", 100, 160), ("0.5", "gm_advanced", 1, 2)))
    one, two, three = (d.accepted(each)["submission"] for each in (last, before, now))
    answer = comparison(d.geo, three)
    equal([(r["kind"], r["period"], r["submission"]) for r in answer["references"]],
          [("last_year", "113Q1", one), ("previous", "113Q4", two)], "references")
    agrees(answer, "last_year", "training-quarterly", now, last)
    agrees(answer, "previous", "training-quarterly", now, before)
    equal(marks(answer, "previous"), {}, "the plan judges by last year alone")
    check(marks(answer)["tables.courses.hours"] == "rose", str(marks(answer)))
    hours = next(cell for cell in answer["cells"] if cell["element"] == "courses.hours")
    equal((hours["value"], hours["last_year"]["value"], hours["last_year"]["change"], hours["last_year"]["percent"]),
          ("31", "3.5", "27.5", "785.71"), "hours are decimals written as texts")
    only = comparison(d.geo, three, against="previous")
    equal([r["kind"] for r in only["references"]], ["previous"], "asked for one")
    check("last_year" not in only["cells"][0], "and that alone")
    given = comparison(d.geo, three, against=one)
    equal([(r["kind"], r["period"], r["submission"]) for r in given["references"]], [("given", "113Q1", one)], "a named one")
    agrees(given, "given", "training-quarterly", now, last)
    first = comparison(d.geo, one)
    equal([(r["kind"], r["period"], r["submission"]) for r in first["references"]],
          [("last_year", "112Q1", None), ("previous", "112Q4", None)], "of the first quarter")


@test
def a_table_left_out_is_told_once_and_one_declared_empty_is_zero(d):
    office = OFFICES[6]
    d.accepted(quarterly(office, "112Q2", courses=courses(112, 2, ("30", "cedaw", 70, 70)), outreach=[]))
    left_out = quarterly(office, "113Q2", courses=None, outreach=[])
    findings = expect_status(d.post(left_out, dry_run="true"), 200).json["findings"]
    equal([(each["path"], each["code"]) for each in findings if each["code"] == "unusual_change"],
          [("tables.courses", "unusual_change")], "one finding")
    message = next(each for each in findings if each["code"] == "unusual_change")["message"]
    check("空白" in message and "{" not in message, message)
    two = d.accepted(left_out)
    answer = comparison(d.geo, two["submission"])
    equal(set(marks(answer).values()), {"became_blank"}, "every element is marked")
    three = d.accepted(quarterly(office, "113Q2", 1, courses=[], outreach=[]))
    answer = comparison(d.geo, three["submission"])
    equal(set(marks(answer).values()), {"became_zero"}, "declared empty")
    equal(changes(three["findings"])["tables.courses.attendance.total"], ("140", "0"), "the finding")


# ---------------------------------------------------------------- rows of the same key

def money_line(number, budget, gender, spent=..., **others):
    return line(number, budget=budget, gender_budget=gender, executed=gender if spent is ... else spent, **others)


@test
def rows_are_matched_by_their_key(d):
    office = OFFICES[8]
    before = execution(office, "112", [money_line(1, 1000000, 900000), money_line(2, 800000, 800000),
                                       money_line("乙-3", 2000000, 1500000), money_line(9, 700000, 600000)])
    after = execution(office, "113", [money_line("乙-3", 2100000, 300000), money_line(2, 1700000, 1600000), money_line(1, 1000000, 950000),
                                      money_line(10, 600000, 600000)])
    one, two = d.accepted(before), d.accepted(after)
    answer = comparison(d.geo, two["submission"])
    agrees(answer, "last_year", "budget-execution", after, before)
    found = {path: reason for path, reason in marks(answer).items() if "[" in path}
    equal(found, {"tables.lines[2].budget": "rose", "tables.lines[2].gender_budget": "rose", "tables.lines[2].executed": "rose",
                  "tables.lines[9].budget": "became_blank", "tables.lines[9].gender_budget": "became_blank",
                  "tables.lines[9].executed": "became_blank"}, "marks of rows")
    equal([cell["row"] for cell in answer["cells"] if cell["path"].endswith("].budget")], ["乙-3", "2", "1", "10", "9"],
          "in the document's order, rows that are gone last")
    equal(changes(two["findings"])["tables.lines[2].budget"], ("800000", "1700000"), "the finding at its cell")
    check(one["submission"], "")


# ---------------------------------------------------------------- which revision

@test
def the_newest_revision_counts_or_the_official_one(d):
    office = OFFICES[9]
    first = d.accepted(annual(office, "112", **{"general.gm2h.m": 20}))["submission"]
    now = d.accepted(annual(office, "113", **{"general.gm2h.m": 50}))["submission"]

    def earlier(**query):
        answer = comparison(d.geo, now, **query)
        cell = next(cell for cell in answer["cells"] if cell["element"] == "general.gm2h.m")
        return answer["references"][0]["revision"], cell["last_year"] and cell["last_year"]["value"]

    def review(**body):
        expect_status(d.geo.post(f"/v1/submissions/{first}/reviews", body), 201)
    equal((earlier(), earlier(basis="latest"), earlier(basis="official")), ((1, 20), (1, 20), (None, None)), "before a review")
    review(outcome="accept")
    review(outcome="return", reason="請更正", cells=["fields.general.gm2h.m"])
    d.accepted(annual(office, "112", 1, **{"general.gm2h.m": 50}))
    equal((earlier(), earlier(basis="official")), ((2, 50), (1, 20)), "revision 1 is official until another one is")


@test
def a_document_that_reports_nothing_is_no_earlier_figure(d):
    office = OFFICES[10]
    d.accepted(annual(office, "112"))
    d.accepted({"form": "training-annual", "office": office, "period": "112", "base": 1, "fields": {}})
    two = d.accepted(annual(office, "113", **{"general.gm2h.m": 1}))
    equal(comparison(d.geo, two["submission"])["references"][0]["submission"], None, "reference")
    equal(changes(two["findings"]), {}, "findings")


@test
def what_was_withdrawn_is_no_earlier_figure(d):
    office = OFFICES[12]
    one = d.accepted(annual(office, "112", **{"general.gm2h.m": 10}))["submission"]
    expect_status(d.office(office).post(f"/v1/submissions/{one}/withdrawal", {"reason": "誤送"}), 201)
    two = d.accepted(annual(office, "113", **{"general.gm2h.m": 50}))
    equal(comparison(d.geo, two["submission"])["references"][0]["submission"], None, "reference")
    equal(changes(two["findings"]), {}, "findings")


@test
def the_first_year_of_a_plan_stands_beside_the_last_of_the_plan_before(d):
    office = OFFICES[11]
    d.service.load_plan(PLANS / f"{NEXT_PLAN}.json")
    before = annual(office, "115", **{"general.gm2h.m": 10})
    after = annual(office, "116", **{"general.gm2h.m": 40})
    one = d.accepted(before)["submission"]
    receipt = expect_status(d.office(office).hand_in(NEXT_PLAN, after), 201).json
    answer = comparison(d.office(office), receipt["submission"])
    equal([(r["period"], r["plan"], r["submission"]) for r in answer["references"]], [("115", d.plan, one)], "references")
    agrees(answer, "last_year", "training-annual", after, before)
    equal(changes(receipt["findings"]), {"fields.general.gm2h.m": ("10", "40")}, "findings")


# ---------------------------------------------------------------- who, and what isn't right

@test
def an_office_compares_its_own_alone(d):
    own = d.accepted(annual(ZHONGLI, "112"))["submission"]
    now = d.accepted(annual(ZHONGLI, "113", **{"general.gm2h.m": 3}))["submission"]
    stranger = d.office(OFFICES[12] if OFFICES[12] != ZHONGLI else OFFICES[11])
    theirs = d.accepted(annual(stranger_code := (OFFICES[12] if OFFICES[12] != ZHONGLI else OFFICES[11]), "114"))["submission"]
    expect_status(stranger.get(f"/v1/submissions/{now}/comparison"), 404)
    expect_status(stranger.get(f"/v1/submissions/{theirs}/comparison", against=own), 404)
    equal(comparison(d.geo, now, against=theirs)["references"][0]["submission"], theirs, "the city sees both")
    expect_status(d.office(ZHONGLI).get(f"/v1/submissions/{now}/comparison", against=theirs), 404)
    for role in ("geo", "dbas", "supervision", "admin", "auditor"):
        equal(marks(comparison(d.login(role), now)), {"fields.general.gm2h.m": "fell"}, role)
    expect_status(d.service.client().get(f"/v1/submissions/{now}/comparison"), 401)
    # nor through a dry run in another's name
    reply = stranger.hand_in(d.plan, annual(ZHONGLI, "114"), dry_run="true")
    check(reply.status == 403 and "unusual_change" not in str(reply.body), f"{stranger_code}: {reply}")


@test
def what_is_asked_wrongly_is_refused(d):
    one = d.accepted(annual(OFFICES[2], "113"))["submission"]
    other = d.accepted(quarterly(OFFICES[2], "112Q3", courses=[], outreach=[]))["submission"]
    path = f"/v1/submissions/{one}/comparison"
    for query in ({"against": "x"}, {"against": ""}, {"against": other}, {"basis": "x"}, {"against": "next_year"}, {"none": "x"},
                  {"against": "'; drop table tributary.revision; --"}, {"against": "x" * 3000}):
        check(d.geo.get(with_query(path, query)).status == 400, f"{query}")
    expect_status(d.geo.get(path, against=str(uuid.uuid4())), 404)
    for identity in (str(uuid.uuid4()), "x", "%27"):
        expect_status(d.geo.get(f"/v1/submissions/{identity}/comparison"), 404)
    expect_status(d.geo.post(path, {}), 405)


@test
def forms_of_events_and_of_the_whole_plan_have_no_earlier_one(d):
    office = OFFICES[3]
    meeting = {"form": "task-group-meeting", "office": office, "period": "113", "base": 0,
               "fields": {"date": "2024-05-05", "kind": "regular", "members": 9, "present.m": 3, "present.f": 4}, "tables": {}}
    receipt = d.post(meeting)
    check(receipt.status == 201, str(receipt))
    answer = comparison(d.geo, receipt.json["submission"])
    equal(answer["references"], [], "references")
    equal({cell["element"]: cell["value"] for cell in answer["cells"]}["present.f"], 4, "its own figures all the same")
    equal(comparison(d.geo, receipt.json["submission"], against="previous")["references"], [], "asked for")


@test
def errors_and_unusual_changes_are_found_together(d):
    office = OFFICES[4]
    d.accepted(annual(office, "112", **{"general.gm2h.m": 5, "supervisor.gm2h.m": 9}))
    findings = d.refused(annual(office, "113", **{"general.gm2h.m": 55, "general.gm2h.f": -1, "general.staff.f": 500}))
    codes = {each["code"] for each in findings}
    check({"unusual_change"} < codes and any(each["severity"] == "error" for each in findings), str(codes))
    check("fields.general.gm2h.f" not in changes(findings), "a faulty cell says nothing of a change")


def tributary(d, client, *words, status=0, lang="zh"):
    home = d.service.folder / "home"
    done = d.service.command(*words, "--lang", lang, program="tributary", check=False, settings={
        "TRIBUTARY_SERVER": f"http://127.0.0.1:{d.service.port}", "TRIBUTARY_TOKEN": client.token, "TRIBUTARY_PLAN": d.plan,
        "HOME": str(home), "XDG_CONFIG_HOME": str(home / "c"), "XDG_STATE_HOME": str(home / "s"), "COLUMNS": "0"})
    out = done.stdout.decode()
    equal(done.returncode, status, f"{words}: {out}{done.stderr.decode()}")
    return out


@test
def the_client_shows_value_last_year_change_and_mark(d):
    office = OFFICES[7]
    one = d.accepted(execution(office, "114", [money_line(1, 1000000, 900000), money_line(2, 8000000, 800000)]))["submission"]
    two = d.accepted(execution(office, "115", [money_line(1, 1234567, 900000), money_line(2, 800000, 800000)]))["submission"]
    own = d.office(office)
    out = tributary(d, own, "compare", two)
    check("與去年同期（114，第 1 版）比較" in out, out)
    rows = out.splitlines()
    check(any("1,234,567" in row and "1,000,000" in row and "+234,567" in row and "23.46%" in row and "▲" not in row for row in rows), out)
    check(any("-7,200,000" in row and "-90.00%" in row for row in rows), out)
    marked = tributary(d, own, "compare", two, "--unusual", "--against", one, lang="en")
    check("Compared with the named one (114, revision 1)" in marked and "▲ fell by at least" in marked and "1,234,567" not in marked, marked)
    check("沒有資料" in tributary(d, own, "compare", one), "nothing a year before")
    check(tributary(d, own, "compare", two, "--json").startswith('{"'), "json")
    tributary(d, own, "compare", two, "-o", str(d.service.folder / "beside.xlsx"))
    check((d.service.folder / "beside.xlsx").read_bytes()[:2] == b"PK", "a file")
    check("未予判斷" not in out, out)
    quarters = [d.accepted(quarterly(office, f"115Q{number}", courses=[]))["submission"] for number in (2, 3)]
    tributary(d, own, "due")  # the client keeps the plan from here on
    for more in ((), ("--unusual",)):
        said = tributary(d, own, "compare", quarters[1], "--against", "previous", *more, lang="en")
        check("nothing could be judged" in said and "Nothing changed in an unusual way" not in said, said)
    tributary(d, own, "compare", two, "--against", "x", status=2)
    tributary(d, own, "compare", status=2)


# ---------------------------------------------------------------- files

@test
def it_is_a_table_in_every_format(d):
    office = OFFICES[5]
    d.accepted(annual(office, "112", **{"general.gm2h.m": 20}))
    now = d.accepted(annual(office, "113", **{"general.gm2h.m": 55}))["submission"]
    answer, path = comparison(d.geo, now), f"/v1/submissions/{now}/comparison"
    text = expect_status(d.geo.get(path, format="csv"), 200).body.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    equal([(row["path"], row["value"], row["last_year.value"], row["last_year.change"], row["last_year.percent"] or None)
           for row in rows],
          [(cell["path"], str(cell["value"]) if cell["value"] is not None else "",
            *(str(cell["last_year"][key]) if cell["last_year"][key] is not None else "" for key in ("value", "change")),
            cell["last_year"]["percent"]) for cell in answer["cells"]], "rows")
    equal([row["last_year.unusual"] for row in rows if row["last_year.unusual"]], ["增加達 50%"], "marks")
    for kind, read in (("ods", read_ods), ("xlsx", read_xlsx)):
        sheet = read(expect_status(d.geo.get(path, format=kind), 200).body)[0]
        heading = next(row for row in sheet.rows if "去年同期" in row)
        row = next(row for row in sheet.rows if "fields.general.gm2h.m" in row)
        equal([row[heading.index(name)] for name in ("本期", "去年同期", "較去年增減", "較去年異常變動")],
              [("55",), ("20",), ("35",), "增加達 50%"], f"a row of the {kind}")
        check(row[heading.index("較去年增減（%）")] in (("175",), ("175.00",), ("1.75",), ("1.7500",)), str(row))


@test
def a_file_that_is_checked_has_unusual_changes_in_its_cells(d):
    office = GUISHAN
    one = annual(office, "114", **{"general.gm2h.m": 11})
    d.accepted(one)
    file = d.office(office).get(f"{d.base}/forms/training-annual/template", period="115", office=office, format="csv").body
    lines_ = file.decode("utf-8-sig").splitlines()
    place = next(number for number, each in enumerate(lines_) if each.startswith("general.gm2h.m,"))
    cells = next(csv.reader([lines_[place]]))
    cells[2] = "60"
    lines_[place] = ",".join(cells)
    reply = d.office(office).request("POST", f"{d.base}/submissions?dry_run=true&annotate=true",
                                     body=("\ufeff" + "\r\n".join(lines_) + "\r\n").encode(),
                                     headers={"Content-Type": "text/csv", "Accept-Language": "zh-TW"})
    expect_status(reply, 200)
    check("去年同期為 11，本期為 60" in reply.body.decode("utf-8-sig"), reply.body.decode("utf-8-sig"))


if __name__ == "__main__":
    suite.run()
