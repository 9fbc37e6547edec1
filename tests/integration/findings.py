#!/usr/bin/env python3
"""Every finding by its code, at the cell it names, with what was expected and what was found."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import (FUXING, GUISHAN, OFFICES, ZHONGLI, annual, course, desk, document_of,  # noqa: E402
                  event, execution, find, line, quarterly)
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

GREATEST = 2 ** 53
suite = Suite(desk)
test = suite.test


def fields(**changes):
    return annual(GUISHAN, "113", **changes)


def courses(**changes):
    return quarterly(GUISHAN, courses=[course(**changes)])


def outreach(**changes):
    return quarterly(GUISHAN, courses=[], outreach=[event(**changes)])


def with_part(document, name, value):
    return {**document, name: value}


# name of the test, document, code, path, found (None: not looked at)
REFUSED = [
    ("an_unknown_field_is_refused_by_name", fields(**{"general.stuff": 3}),
     "unknown_field", "fields.general.stuff", None),
    ("an_unknown_table_is_refused_by_name",
     with_part(quarterly(GUISHAN), "tables", {"lessons": []}),
     "unknown_table", "tables.lessons", None),
    ("an_unknown_column_is_refused_by_name", courses(teacher="王"),
     "unknown_column", "tables.courses[a1].teacher", None),
    ("an_unknown_code_is_refused", courses(kind="zumba"),
     "unknown_code", "tables.courses[a1].kind", "zumba"),
    ("an_unknown_code_in_a_list_of_codes_is_refused", courses(audience=["general", "cats"]),
     "unknown_code", "tables.courses[a1].audience", None),
    ("text_for_a_count_is_refused", fields(**{"general.staff.m": "61"}),
     "wrong_type", "fields.general.staff.m", None),
    ("true_for_a_count_is_refused", fields(**{"general.staff.m": True}),
     "wrong_type", "fields.general.staff.m", None),
    ("a_list_for_a_count_is_refused", fields(**{"general.staff.m": [61]}),
     "wrong_type", "fields.general.staff.m", None),
    ("an_object_that_is_no_cell_is_refused", fields(**{"general.staff.m": {"value": 61}}),
     "wrong_type", "fields.general.staff.m", None),
    ("a_number_for_a_text_is_refused", fields(excluded_reason=7),
     "wrong_type", "fields.excluded_reason", None),
    ("a_number_for_hours_is_refused", courses(hours=3),
     "wrong_type", "tables.courses[a1].hours", None),
    ("a_text_for_a_list_of_codes_is_refused", courses(audience="general"),
     "wrong_type", "tables.courses[a1].audience", None),
    ("a_text_for_yes_or_no_is_refused",
     execution(GUISHAN, "113", [line(1, settled="perhaps")]),
     "wrong_type", "tables.lines[1].settled", None),
    ("a_fraction_of_a_person_is_refused", fields(**{"general.staff.m": 61.5}),
     "not_an_integer", "fields.general.staff.m", "61.5"),
    ("a_negative_count_is_refused", fields(**{"general.staff.m": -3}),
     "negative", "fields.general.staff.m", "-3"),
    ("negative_money_is_refused", execution(GUISHAN, "113", [line(1, budget=-1)]),
     "negative", "tables.lines[1].budget", "-1"),
    ("a_count_beyond_2_to_the_53_is_refused", fields(**{"general.staff.m": GREATEST + 1}),
     "number_too_large", "fields.general.staff.m", str(GREATEST + 1)),
    ("hours_that_are_no_number_are_refused", courses(hours="three"),
     "bad_decimal", "tables.courses[a1].hours", "three"),
    ("hours_with_an_exponent_are_refused", courses(hours="3e0"),
     "bad_decimal", "tables.courses[a1].hours", "3e0"),
    ("hours_off_their_step_are_refused", courses(hours="1.3"),
     "bad_step", "tables.courses[a1].hours", "1.3"),
    ("a_date_that_does_not_exist_is_refused", fields(counted_on="2024-02-30"),
     "bad_date", "fields.counted_on", "2024-02-30"),
    ("a_word_for_a_date_is_refused", fields(counted_on="soon"),
     "bad_date", "fields.counted_on", "soon"),
    ("too_long_a_text_is_refused", courses(name="課" * 201),
     "text_too_long", "tables.courses[a1].name", None),
    ("too_long_a_text_by_default_is_refused", fields(excluded_reason="x" * 2001),
     "text_too_long", "fields.excluded_reason", None),
    ("a_budget_line_without_its_number_is_refused",
     execution(GUISHAN, "113", [line(...)]), "row_identity_missing", None, None),
    ("two_budget_lines_with_one_number_are_refused",
     execution(GUISHAN, "113", [line(4), line(4)]), "row_identity_repeated", None, None),
    ("two_rows_with_one_identity_are_refused",
     quarterly(GUISHAN, courses=[course("a1"), course("a1", hours="4")]),
     "row_identity_repeated", None, None),
    ("not_yet_without_a_reason_is_refused", fields(**{"general.gm2h.m": {"not_yet": ""}}),
     "reason_empty", "fields.general.gm2h.m", None),
    ("not_applicable_without_a_reason_is_refused",
     courses(hours={"not_applicable": ""}), "reason_empty", "tables.courses[a1].hours", None),
    ("more_trained_than_staff_is_refused", fields(**{"general.gm2h.m": 62}),
     "exceeds_whole", "fields.general.gm2h.m", "62"),
    ("more_trained_for_two_hours_than_for_one_is_refused", fields(**{"general.cedaw2h.f": 31}),
     "exceeds_whole", "fields.general.cedaw2h.f", "31"),
    ("more_gender_budget_than_budget_is_refused",
     execution(GUISHAN, "113", [line(7, gender_budget=100001, executed=100001)]),
     "exceeds_whole", "tables.lines[7].gender_budget", "100001"),
    ("excluded_people_without_a_reason_are_refused", fields(**{"general.excluded": 2}),
     "reason_missing", "fields.excluded_reason", None),
    ("a_course_before_its_quarter_is_refused", courses(date_from="2024-03-31"),
     "date_outside_period", "tables.courses[a1].date_from", "2024-03-31"),
    ("a_course_after_its_quarter_is_refused", courses(date_to="2024-07-01"),
     "date_outside_period", "tables.courses[a1].date_to", "2024-07-01"),
    ("a_course_that_ends_before_it_begins_is_refused",
     courses(date_from="2024-05-03", date_to="2024-05-02"), "date_order", None, None),
    ("an_online_course_is_not_cedaw_in_person", courses(method="online"),
     "combination_refused", "tables.courses[a1].method", None),
    ("a_total_that_is_not_its_parts_is_refused", courses(**{"attendance.total": 33}),
     "sum_mismatch", "tables.courses[a1].attendance.total", "33"),
]


def add_refusal(name, document, code, path, found):
    def refusal(d):
        finding = find(d.refused(document), code, path)
        equal(finding["severity"], "error", "severity")
        check(finding.get("message"), f"no message: {finding}")
        if path is None:
            check(finding["path"], f"no path: {finding}")
        if found is not None:
            equal(finding.get("found"), found, "found")
        equal(d.listed(document["form"], GUISHAN, document["period"]), [], "stored")
    refusal.__name__ = name
    test(refusal)


for case in REFUSED:
    add_refusal(*case)


@test
def the_real_record_of_2178_people_is_refused_with_both_figures(d):
    document = outreach(**{"attendance.m": 393, "attendance.f": 1758, "attendance.o": 0,
                           "attendance.total": 2178})
    finding = find(d.refused(document), "sum_mismatch", "tables.outreach[b7].attendance.total")
    equal((finding["severity"], finding["expected"], finding["found"]), ("error", "2151", "2178"),
          "the finding")
    equal(d.listed("training-quarterly", GUISHAN, "113Q2"), [], "stored")


@test
def published_records_that_add_up_are_taken(d):
    records = [(278, 16605, 5727, 10878), (276, 25046, 10431, 14615), (71, 2636, 802, 1834),
               (6, 3516, 2620, 896)]
    rows = [event(f"p{number}", sessions=sessions, **{
        "attendance.m": m, "attendance.f": f, "attendance.o": 0, "attendance.total": total})
        for number, (sessions, total, m, f) in enumerate(records)]
    d.accepted(quarterly(ZHONGLI, courses=[], outreach=rows))
    elements = d.unit("training-quarterly", "113Q2", ZHONGLI, by="office")["elements"]
    equal(elements["outreach.attendance.total"]["value"], 47803, "people")
    equal(elements["outreach.count"]["value"], 4, "rows")


@test
def execution_of_118_50_percent_asks_for_a_reason_and_is_taken(d):
    document = execution(OFFICES[0], "113", [line(1, gender_budget=20000, executed=23700)])
    findings = d.accepted(document)["findings"]
    finding = find(findings, "ratio_unexplained", "tables.lines[1].variance_reason")
    equal(finding["severity"], "explain", "severity")
    unit = d.indicator("budget-execution-rate", 113, OFFICES[0], by="office")
    equal(unit["rate"], "118.50", "rate")


@test
def execution_of_118_50_percent_with_its_reason_is_silent(d):
    document = execution(OFFICES[1], "113", [line(1, gender_budget=20000, executed=23700,
                                                  variance_reason="追加辦理兩場")])
    equal([one["code"] for one in d.accepted(document)["findings"]], [], "findings")


@test
def execution_of_0_percent_not_yet_settled_is_taken(d):
    document = execution(OFFICES[2], "113", [
        line(1, gender_budget=20000, executed=0, settled=False, variance_reason="尚未結算")])
    d.accepted(document)
    unit = d.indicator("budget-execution-rate", 113, OFFICES[2], by="office")
    equal((unit["rate"], unit["numerator"], unit["denominator"]), ("0.00", 0, 20000), "rate")
    parts = {part["code"]: part for part in unit["parts"]}
    equal((parts["unsettled"]["numerator"], parts["unsettled"]["denominator"],
           parts["unsettled"]["rate"]), (0, 20000, "0.00"), "unsettled")
    equal((parts["settled"]["numerator"], parts["settled"]["denominator"],
           parts["settled"]["rate"]), (0, 0, None), "settled")


@test
def execution_of_exactly_80_and_100_percent_needs_no_reason(d):
    document = execution(OFFICES[3], "113", [
        line(1, gender_budget=20000, executed=16000), line(2, gender_budget=20000, executed=20000)])
    equal([one["code"] for one in d.accepted(document)["findings"]], [], "findings")


@test
def execution_just_below_80_percent_asks_for_a_reason(d):
    document = execution(OFFICES[4], "113", [line(1, gender_budget=20000, executed=15999)])
    find(d.accepted(document)["findings"], "ratio_unexplained", "tables.lines[1].variance_reason")


@test
def a_note_on_a_cell_that_is_not_there_is_warned_of_and_kept(d):
    document = with_part(fields(), "notes", {"fields.nobody": "why"})
    receipt = d.accepted({**document, "office": OFFICES[9]})
    finding = find(receipt["findings"], "note_path_unknown")
    equal(finding["severity"], "warning", "severity")
    check("fields.nobody" in (finding.get("found"), finding["path"]), f"it isn't named: {finding}")
    stored = document_of(d.geo.get(f"/v1/submissions/{receipt['submission']}").json)
    equal(stored["notes"], {"fields.nobody": "why"}, "notes")


@test
def a_note_on_the_cell_is_taken_with_it(d):
    document = execution(OFFICES[5], "113", [line(1, gender_budget=20000, executed=1)],
                         notes={"tables.lines[1].variance_reason": "另案辦理"})
    d.accepted(document)


@test
def a_report_of_blanks_is_taken_with_a_warning_and_is_no_report(d):
    document = {"form": "training-annual", "office": FUXING, "period": "114", "fields": {
        "general.staff.m": None, "general.staff.f": {"not_yet": "人事室1月15日結算"}}}
    blanks = {**document, "base": 1, "fields": {"general.staff.m": "", "excluded_reason": " \u3000\u00a0"}}
    for one in (document, blanks):
        finding = find(d.accepted(one)["findings"], "nothing_reported")
        equal(finding["severity"], "warning", "severity")
    unit = d.unit("training-annual", "114", FUXING, by="office")
    equal((unit["expected"], unit["reported"], unit["missing"]), (1, 0, [FUXING]), "not a report")


@test
def a_true_zero_is_a_report(d):
    document = {"form": "training-annual", "office": FUXING, "period": "115",
                "fields": {"general.staff.m": 0}}
    equal([one for one in d.accepted(document)["findings"] if one["code"] == "nothing_reported"],
          [], "warning")
    unit = d.unit("training-annual", "115", FUXING, by="office")
    equal((unit["reported"], unit["elements"]["general.staff.m"]["value"]), (1, 0), "zero")


@test
def the_greatest_count_is_taken_exactly(d):
    d.accepted({"form": "training-annual", "office": FUXING, "period": "112",
                "fields": {"general.staff.m": GREATEST}})
    unit = d.unit("training-annual", "112", FUXING, by="office")
    equal(unit["elements"]["general.staff.m"]["value"], GREATEST, "value")


@test
def all_findings_come_at_once(d):
    document = quarterly(GUISHAN, courses=[
        course("a", hours="1.3", kind="zumba"), course("b", **{"attendance.total": 1}),
        course("c", date_from="2024-01-01", teacher="王")],
        outreach=[event("d", **{"attendance.m": -1}), event("e", topic="cats")])
    findings = d.refused(document)
    for code, path in [("bad_step", "tables.courses[a].hours"),
                       ("unknown_code", "tables.courses[a].kind"),
                       ("sum_mismatch", "tables.courses[b].attendance.total"),
                       ("date_outside_period", "tables.courses[c].date_from"),
                       ("unknown_column", "tables.courses[c].teacher"),
                       ("negative", "tables.outreach[d].attendance.m"),
                       ("unknown_code", "tables.outreach[e].topic")]:
        find(findings, code, path)


@test
def findings_are_not_capped(d):
    rows = [course(f"r{number}", hours="1.3") for number in range(500)]
    findings = d.refused(quarterly(GUISHAN, courses=rows))
    equal(len({one["path"] for one in findings if one["code"] == "bad_step"}), 500, "findings")


@test
def a_rule_waits_for_a_part_that_is_not_yet_known(d):
    row = course(**{"attendance.f": {"not_yet": "待統計"}, "attendance.total": 15})
    d.accepted(quarterly(OFFICES[6], courses=[row]))


@test
def a_rule_waits_for_a_blank_part(d):
    row = course(**{"attendance.f": ..., "attendance.total": 15})
    d.accepted(quarterly(OFFICES[7], courses=[row]))


@test
def a_total_below_what_is_known_of_it_is_refused_though_a_part_is_open(d):
    for part in (..., None, {"not_yet": "待統計"}):
        row = course(**{"attendance.f": part, "attendance.total": 11})
        finding = find(d.refused(quarterly(OFFICES[8], courses=[row])), "sum_mismatch",
                       "tables.courses[a1].attendance.total")
        equal((finding["expected"], finding["found"]), ("12", "11"), "expected, found")


@test
def a_part_that_is_not_applicable_adds_nothing(d):
    row = course(**{"attendance.f": {"not_applicable": "無"}, "attendance.total": 13})
    find(d.refused(quarterly(OFFICES[8], courses=[row])), "sum_mismatch")
    row["attendance.total"] = 12
    d.accepted(quarterly(OFFICES[8], courses=[row]))


@test
def findings_speak_the_reader_s_language(d):
    document = fields(**{"general.staff.m": -3})
    said = {}
    for language in ("zh-TW", "en", None):
        headers = {"Accept-Language": language} if language else None
        said[language] = find(d.refused(document, headers), "negative")["message"]
    check(any("\u4e00" <= letter <= "\u9fff" for letter in said["zh-TW"]), said["zh-TW"])
    check(not any("\u4e00" <= letter <= "\u9fff" for letter in said["en"]), said["en"])
    equal(said[None], said["zh-TW"], "zh-TW by default")


@test
def an_unknown_form_office_or_period_is_a_clear_refusal(d):
    geo = d.office(GUISHAN)
    for name, value in [("form", "no-such-form"), ("period", "113Q5"), ("period", "abc"),
                        ("period", "113Q1"), ("period", 113), ("form", 7)]:
        reply = geo.hand_in(d.plan, {**fields(), name: value})
        expect_status(reply, 422, 400, 404)
        check(reply.json.get("code"), f"no code: {reply}")
    reply = geo.hand_in(d.plan, {**fields(), "office": "99999999"})
    expect_status(reply, 422, 403, 404)


@test
def a_year_outside_the_plan_is_refused(d):
    for period in ("111", "116"):
        expect_status(d.post({**fields(), "period": period}), 422)
    for period in ("111Q4", "116Q1"):
        expect_status(d.post(quarterly(GUISHAN, period, courses=[], outreach=[])), 422)


@test
def a_row_that_cannot_be_named_so_is_told_what_a_name_may_be(d):
    for name in ("a]", "x" * 201):
        finding = find(d.refused(courses(_row=name)), "wrong_type", None)
        check("200" in finding["message"] and "方括號" in finding["message"], finding["message"])


@test
def numbers_beyond_all_bounds_are_findings_beside_the_others(d):
    text = json.dumps(fields(**{"general.staff.m": 111222333, "general.staff.f": 444555666, "general.stuff": 3}))
    text = text.replace("111222333", "9223372036854775808").replace("444555666", "1e400")
    findings = expect_status(d.office(GUISHAN).post(f"{d.base}/submissions", text.encode(),
                                                    {"Content-Type": "application/json"}), 422).json["findings"]
    for path in ("fields.general.staff.m", "fields.general.staff.f"):
        find(findings, "number_too_large", path)
    find(findings, "unknown_field", "fields.general.stuff")


@test
def a_base_in_the_address_must_not_contradict_the_documents(d):
    findings = expect_status(d.post({**fields(), "base": 2}, base=1), 422).json["findings"]
    finding = find(findings, "identity_differs", "base")
    equal((finding["expected"], finding["found"]), ("1", "2"), "the two")
    expect_status(d.post({**fields(), "base": 0}, base=0, dry_run="true"), 200)
    expect_status(d.post({**fields(), "base": None}, base=0, dry_run="true"), 200)


@test
def a_wrong_base_type_is_refused(d):
    for base in ("1", -1, 1.5, {}, True):
        expect_status(d.post({**fields(), "base": base}), 422, 400)


@test
def an_unknown_member_of_the_document_is_refused_by_name(d):
    reply = expect_status(d.post({**fields(), "feilds": {}}), 422, 400)
    check("feilds" in reply.body.decode(), f"not named: {reply}")


if __name__ == "__main__":
    suite.run()
