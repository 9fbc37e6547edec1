#!/usr/bin/env python3
"""Figures worked out by hand on the Taoyuan plan: matched pairs, bounds, half up, as of, coverage."""
import pathlib
import sys
from fractions import Fraction

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import (FUXING, GROUP_1, GROUP_2, GUISHAN, OFFICES, annual, course, desk,  # noqa: E402
                  event, execution, line, quarterly)
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test


def staff(office, year, trained, whole, base=0):
    """Only what gm-general counts; men carry the figures, women are true zeros."""
    return {"form": "training-annual", "office": office, "period": year, "base": base, "fields": {
        "general.staff.m": whole, "general.staff.f": 0,
        "general.gm2h.m": trained, "general.gm2h.f": 0}}


@test
def an_empty_plan_expects_everyone_and_counts_nobody(d):
    unit = d.indicator("gm-general", 112, "group-1", by="group")
    equal((unit["expected"], unit["counted"], unit["missing"], unit["rate"], unit["met"],
           unit["gap"]), (7, 0, [one for one in OFFICES if one in GROUP_1], None, None, None),
          "nobody")
    equal(unit["bounds"], None, "bounds")


@test
def groups_have_seven_and_six_offices(d):
    units = {one["unit"]: one for one in d.rollup("training-annual", "112", "group")["units"]}
    equal({code: unit["expected"] for code, unit in units.items()},
          {"group-1": 7, "group-2": 6}, "expected")
    wholes = {one["unit"]: one["expected"] for one in
              d.rollup("training-annual", "112", "city")["units"]}
    equal(wholes, {"city": 13, "city-except-68000130": 12}, "wholes")


@test
def the_example_of_the_contract_comes_out_to_the_digit(d):
    """751 of 812 with 復興 missing, whose last known staff is 22: 92.49, 90.05 to 92.69."""
    d.accepted(staff(FUXING, "112", 20, 22))
    shares = [(141, 153), (200, 216), (150, 163), (100, 108), (90, 97), (70, 75)]
    equal((sum(a for a, _ in shares), sum(b for _, b in shares)), (751, 812), "the example")
    offices = [one for one in GROUP_1 if one != FUXING]
    receipts = {office: d.accepted(staff(office, "113", *share))
                for office, share in zip(offices, shares)}
    unit = d.indicator("gm-general", 113, "group-1", by="group")
    equal({name: unit[name] for name in ("numerator", "denominator", "rate", "met", "gap",
                                         "expected", "counted", "missing", "bounds")},
          {"numerator": 751, "denominator": 812, "rate": "92.49", "met": False, "gap": 5,
           "expected": 7, "counted": 6, "missing": [FUXING],
           "bounds": {"low": "90.05", "high": "92.69"}}, "group-1")
    sources = {one["office"]: one for one in unit["sources"]}
    for office, (above, below) in zip(offices, shares):
        equal((sources[office]["numerator"], sources[office]["denominator"],
               sources[office]["submission"], sources[office]["revision"]),
              (above, below, receipts[office]["submission"], 1), office)
    equal(sum(one["numerator"] for one in unit["sources"]), 751, "sources add up")
    city = d.indicator("gm-general", 113, "city")
    equal((city["counted"], city["expected"], city["bounds"]),
          (6, 13, None), "the city: others' staff is unknown")


@test
def a_target_met_exactly_is_met_and_a_hair_below_is_not(d):
    d.accepted(staff(GROUP_2[0], "113", 93, 100))
    unit = d.indicator("gm-general", 113, GROUP_2[0], by="office")
    equal((unit["rate"], unit["met"], unit["gap"]), ("93.00", True, 0), "exactly 93 %")
    # 929999/1000000 shows as 93.00 and isn't 93
    d.accepted(staff(GROUP_2[1], "113", 929999, 1000000))
    unit = d.indicator("gm-general", 113, GROUP_2[1], by="office")
    equal((unit["rate"], unit["met"], unit["gap"]), ("93.00", False, 1), "just below")


@test
def halves_are_rounded_up(d):
    for number, (above, below, shown) in enumerate([
            (1, 8, "12.50"), (201, 20000, "1.01"), (1, 20000, "0.01"), (1, 20001, "0.00"),
            (12345, 1000000, "1.23"), (12355, 1000000, "1.24"), (2, 3, "66.67"), (1, 3, "33.33")]):
        office = OFFICES[number]
        d.accepted(staff(office, "115", above, below))
        unit = d.indicator("gm-general", 115, office, by="office")
        equal(unit["rate"], shown, f"{above}/{below}")


@test
def zero_of_zero_counts_and_its_rate_is_null(d):
    d.accepted(staff(OFFICES[8], "115", 0, 0))
    unit = d.indicator("gm-general", 115, OFFICES[8], by="office")
    equal((unit["counted"], unit["missing"], unit["rate"], unit["met"], unit["gap"]),
          (1, [], None, None, None), "0/0")


@test
def only_matched_pairs_count(d):
    office = OFFICES[9]
    document = staff(office, "115", 10, 20)
    document["fields"]["general.gm2h.f"] = {"not_yet": "人事室"}
    d.accepted(document)
    unit = d.indicator("gm-general", 115, office, by="office")
    equal((unit["counted"], unit["missing"], unit["numerator"], unit["denominator"],
           unit["rate"], unit["sources"]), (0, [office], 0, 0, None, []), "no pair")
    equal(unit["bounds"], {"low": "0.00", "high": "100.00"}, "its staff is known")
    elements = d.unit("training-annual", "115", office, by="office")["elements"]
    equal(elements["general.gm2h.f"],
          {"value": None, "offices": 0, "blank": 0, "not_yet": 1, "not_applicable": 0}, "not yet")
    equal(elements["general.gm2h.m"]["value"], 10, "the known part is shown")


@test
def a_rate_of_a_group_is_never_an_average(d):
    d.accepted(staff(GROUP_2[2], "114", 1, 1))
    d.accepted(staff(GROUP_2[3], "114", 0, 99))
    unit = d.indicator("gm-general", 114, "group-2", by="group")
    equal((unit["numerator"], unit["denominator"], unit["rate"]), (1, 100, "1.00"), "sum of sums")


@test
def bounds_equal_the_rate_when_none_is_missing(d):
    unit = d.indicator("gm-general", 115, OFFICES[0], by="office")
    equal(unit["bounds"], {"low": unit["rate"], "high": unit["rate"]}, "bounds")


@test
def figures_as_of_a_moment_before_a_revision_are_what_they_were(d):
    office = OFFICES[10]
    first = d.accepted(staff(office, "114", 10, 100))
    second = d.accepted(staff(office, "114", 20, 100, 1))
    for moment, rate, revision in [(first["recorded_at"], "10.00", 1),
                                   (second["recorded_at"], "20.00", 2), (None, "20.00", 2)]:
        unit = d.indicator("gm-general", 114, office, by="office", as_of=moment)
        equal((unit["rate"], unit["sources"][0]["revision"]), (rate, revision), f"as of {moment}")
    from datetime import datetime, timedelta
    before = datetime.fromisoformat(second["recorded_at"].replace("Z", "+00:00")) - timedelta(
        microseconds=1)
    text = before.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    unit = d.indicator("gm-general", 114, office, by="office", as_of=text)
    equal(unit["rate"], "10.00", "a microsecond before revision 2")
    unit = d.indicator("gm-general", 114, office, by="office", as_of="2000-01-01T00:00:00Z")
    equal((unit["counted"], unit["expected"]), (0, 1), "before anything")


@test
def an_as_of_with_another_offset_is_the_same_moment(d):
    office = OFFICES[10]
    one = d.indicator("gm-general", 114, office, by="office", as_of="2000-01-01T00:00:00Z")
    two = d.indicator("gm-general", 114, office, by="office", as_of="2000-01-01T08:00:00+08:00")
    equal(one, two, "the unit")


@test
def the_official_basis_reports_nobody_before_reviews(d):
    unit = d.indicator("gm-general", 113, "city", basis="official")
    equal((unit["expected"], unit["counted"], unit["rate"]), (13, 0, None), "official")
    answer = d.rollup("training-annual", "113", "city", basis="official")
    equal((answer["basis"], answer["units"][0]["reported"]), ("official", 0), "roll-up")


@test
def figures_counted_before_the_year_ends_are_provisional(d):
    office = OFFICES[11]
    d.accepted(annual(office, "112", counted_on="2023-12-30"))
    equal(d.unit("training-annual", "112", office, by="office").get("provisional"), True, "30 Dec")
    d.accepted(annual(office, "112", 1, counted_on="2023-12-31"))
    unit = d.unit("training-annual", "112", office, by="office")
    equal(unit.get("provisional", False), False, "31 Dec")


@test
def quarters_of_a_year_add_attendances_and_expect_offices_times_quarters(d):
    office = GUISHAN
    for quarter, month in ((1, "02"), (2, "05"), (4, "11")):
        day = f"2024-{month}-02"
        d.accepted(quarterly(office, f"113Q{quarter}", courses=[
            course(date_from=day, date_to=day, hours="2.5")],
            outreach=[event(date=day)] if quarter == 2 else []))
    unit = d.unit("training-quarterly", "113", office, by="office")
    equal((unit["expected"], unit["reported"], unit["missing"]), (4, 3, [f"{office}/113Q3"]),
          "four quarters")
    elements = unit["elements"]
    equal(elements["courses.attendance.total"]["value"], 96, "people")
    equal(elements["courses.hours"]["value"], "7.5", "hours")
    equal(elements["outreach.count"], {"value": 1, "offices": 3, "blank": 0, "not_yet": 0,
                                       "not_applicable": 0}, "outreach")
    group = d.unit("training-quarterly", "113", "group-1", by="group")
    equal(group["expected"], 28, "seven offices, four quarters")


@test
def a_column_with_a_not_yet_cell_is_not_yet_known_as_a_whole(d):
    office = OFFICES[1]
    d.accepted(quarterly(office, courses=[course("a"), course("b", hours={"not_yet": "x"})]))
    elements = d.unit("training-quarterly", "113Q2", office, by="office")["elements"]
    equal(elements["courses.hours"], {"value": None, "offices": 0, "blank": 0, "not_yet": 1,
                                      "not_applicable": 0}, "hours")
    equal(elements["courses.count"]["value"], 2, "rows")


@test
def budget_execution_tells_settled_from_unsettled_lines(d):
    d.accepted(execution(GROUP_1[0], "114", [
        line(1, gender_budget=20000, executed=23700, variance_reason="x"),
        line(2, gender_budget=10000, executed=0, settled=False, variance_reason="未結算")]))
    unit = d.indicator("budget-execution-rate", 114, GROUP_1[0], by="office")
    equal((unit["numerator"], unit["denominator"], unit["rate"]), (23700, 30000, "79.00"), "all")
    parts = {part["code"]: part for part in unit["parts"]}
    equal((parts["settled"]["rate"], parts["unsettled"]["rate"]), ("118.50", "0.00"), "parts")
    for name in ("target", "met", "gap", "bounds"):
        check(unit.get(name) is None, f"{name} has no place here")


@test
def money_of_great_size_stays_exact(d):
    document = {"form": "budget-plan", "office": GROUP_1[1], "period": "114", "base": 0,
                "fields": {"total_budget": 2 ** 53}, "tables": {"lines": [
                    {"no": number, "budget": 2 ** 53, "gender_budget": 2 ** 53 - number}
                    for number in range(1, 8)]}}
    d.accepted(document)
    unit = d.unit("budget-plan", "114", GROUP_1[1], by="office")
    equal(unit["elements"]["lines.gender_budget"]["value"], 7 * 2 ** 53 - 28, "sum beyond 2^53")
    share = d.indicator("gender-budget-share", 114, GROUP_1[1], by="office")
    exact = Fraction(7 * 2 ** 53 - 28, 2 ** 53) * 100
    equal(share["rate"], f"{float(exact):.2f}", "share")
    equal(share["numerator"], 7 * 2 ** 53 - 28, "numerator")


@test
def blank_zero_and_not_applicable_are_told_apart(d):
    fields = {"supervisor.staff.m": 0, "supervisor.staff.f": None,
              "supervisor.gm2h.m": {"not_applicable": "無主管"}}
    d.accepted({"form": "training-annual", "office": GROUP_2[4], "period": "113",
                "fields": fields})
    elements = d.unit("training-annual", "113", GROUP_2[4], by="office")["elements"]
    tally = {"value": None, "offices": 0, "blank": 0, "not_yet": 0, "not_applicable": 0}
    equal(elements["supervisor.staff.m"], {**tally, "value": 0, "offices": 1}, "true zero")
    equal(elements["supervisor.staff.f"], {**tally, "blank": 1}, "null")
    equal(elements["supervisor.gm2h.f"], {**tally, "blank": 1}, "left out")
    equal(elements["supervisor.gm2h.m"], {**tally, "not_applicable": 1}, "not applicable")


@test
def the_elements_of_the_contract_are_all_there(d):
    wanted = {
        ("training-quarterly", "113Q2"): {
            "courses.count", "courses.hours", "courses.attendance.m", "courses.attendance.f",
            "courses.attendance.total", "outreach.count", "outreach.attendance.m",
            "outreach.attendance.f", "outreach.attendance.o", "outreach.attendance.total"},
        ("budget-plan", "113"): {"lines.count", "lines.budget", "lines.gender_budget",
                                 "total_budget"},
        ("budget-execution", "113"): {"lines.count", "lines.budget", "lines.gender_budget",
                                      "lines.executed"}}
    for (form, period), codes in wanted.items():
        elements = d.unit(form, period, "city")["elements"]
        equal(set(elements), codes, form)


@test
def the_five_indicators_stand_against_their_targets(d):
    answer = expect_status(d.geo.get(f"{d.base}/indicators", year=113, by="group"), 200).json
    equal([(one["code"], one.get("target")) for one in answer["indicators"]],
          [("gm-general", "93"), ("gm-supervisor", "93"), ("ge-business", "92"),
           ("cedaw-general", "28"), ("cedaw-supervisor", "28"), ("gender-budget-share", None),
           ("budget-execution-rate", None)], "indicators")


if __name__ == "__main__":
    suite.run()
