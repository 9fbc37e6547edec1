#!/usr/bin/env python3
"""Another city's plan: other offices, three groups, other forms, no change of code."""
import contextlib
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import Desk, find, items  # noqa: E402
from tributary_harness import ROOT, Suite, check, equal, expect_status, service  # noqa: E402

FILE = ROOT / "tests" / "support" / "plans" / "yunling-113-116.json"
PLAN = "yunling-113-116"


@contextlib.contextmanager
def desk():
    with service(FILE) as running:
        yield Desk(running, PLAN)


suite = Suite(desk)
test = suite.test


def workforce(office, period, trained, leaders, base=0, **fields):
    return {"form": "workforce-yearly", "office": office, "period": period, "base": base,
            "fields": {"leaders.all.m": leaders, "leaders.all.f": 0, "leaders.trained.m": trained,
                       "leaders.trained.f": 0, "closed_on": f"{int(period) + 1911}-12-31",
                       **fields}}


def visit(row, **changes):
    return {"_row": row, "title": "訪視", "held_on": "2024-05-02", "length": "0.25",
            "setting": "village", "channel": "in_person", "people.m": 1, "people.f": 2,
            "people.x": 3, "people.all": 6, "cost": 100, "followed_up": True, **changes}


def care(office, period="113Q2", visits=(), base=0):
    return {"form": "care-quarterly", "office": office, "period": period, "base": base,
            "fields": {"volunteers.m": 4, "volunteers.f": 6}, "tables": {"visits": list(visits)}}


@test
def its_three_groups_and_its_wholes_are_the_units(d):
    groups = {one["unit"]: one["expected"]
              for one in d.rollup("workforce-yearly", "113", "group")["units"]}
    equal(groups, {"circle-north": 3, "circle-coast": 2, "circle-hill": 1}, "groups of 113")
    wholes = {one["unit"]: one["expected"]
              for one in d.rollup("workforce-yearly", "113", "city")["units"]}
    equal(wholes, {"city": 6, "inland": 4}, "wholes of 113")


@test
def an_office_that_changes_its_group_counts_where_it_was_in_that_year(d):
    groups = {one["unit"]: one["expected"]
              for one in d.rollup("workforce-yearly", "115", "group")["units"]}
    equal(groups, {"circle-north": 2, "circle-coast": 2, "circle-hill": 3}, "groups of 115")
    for year, group in (("114", "circle-north"), ("115", "circle-hill")):
        d.accepted(workforce("yl-03", year, 3, 4))
        for code in ("circle-north", "circle-hill"):
            unit = d.unit("workforce-yearly", year, code, by="group")
            equal(unit["reported"], int(code == group), f"{code} in {year}")


@test
def an_office_that_is_new_is_not_expected_before(d):
    offices = {one["unit"] for one in d.rollup("workforce-yearly", "114", "office")["units"]
               if one["expected"]}
    check("yl-07" not in offices, "yl-07 is expected in 114")
    offices = {one["unit"] for one in d.rollup("workforce-yearly", "115", "office")["units"]}
    check("yl-07" in offices, "yl-07 isn't expected in 115")
    reply = d.post(workforce("yl-07", "114", 1, 1))
    expect_status(reply, 422, 403)


@test
def only_offices_that_owe_a_form_are_expected(d):
    whole = d.unit("care-quarterly", "113Q1", "city")
    equal(whole["expected"], 5, "yl-06 doesn't owe it")
    check("yl-06" not in whole["missing"], "yl-06 is missing")


@test
def its_documents_are_taken_and_added(d):
    receipt = d.accepted(care("yl-01", visits=[visit("a"), visit("b", length="1.75")]))
    equal((receipt["plan"], receipt["counts"]["rows"]), (PLAN, 2), "receipt")
    d.accepted(care("yl-02", visits=[visit("a", setting="hall", length="10")]))
    elements = d.unit("care-quarterly", "113Q2", "circle-north", by="group")["elements"]
    equal((elements["visits.count"]["value"], elements["visits.length"]["value"],
           elements["visits.people.all"]["value"], elements["volunteers.m"]["value"]),
          (3, "12", 18, 8), "sums")
    check("visits.village.length" not in elements, "an element that isn't for roll-ups is shown")


@test
def its_rules_judge_its_documents(d):
    findings = d.refused(care("yl-04", visits=[
        visit("a", **{"people.all": 7}), visit("b", channel="video"), visit("c", length="0.3"),
        visit("e", held_on="2024-07-01")]))
    find(findings, "sum_mismatch", "tables.visits[a].people.all")
    find(findings, "combination_refused", "tables.visits[b].channel")
    find(findings, "bad_step", "tables.visits[c].length")
    find(findings, "date_outside_period", "tables.visits[e].held_on")


@test
def a_rule_that_only_warns_does_not_refuse(d):
    receipt = d.accepted(care("yl-04", visits=[visit("a", ended_on="2024-05-01")]))
    finding = find(receipt["findings"], "date_order")
    equal(finding["severity"], "warning", "severity")


@test
def rows_are_known_by_a_key_of_two_columns(d):
    rows = [{"id": "m1", "year_part": 1, "planned": 100, "spent": 100},
            {"id": "m1", "year_part": 2, "planned": 100, "spent": 90}]
    document = {**workforce("yl-05", "113", 1, 2), "tables": {"measures": rows}}
    d.accepted(document)
    twice = {**workforce("yl-05", "114", 1, 2), "tables": {"measures": [rows[0], rows[0]]}}
    find(d.refused(twice), "row_identity_repeated")
    unit = d.indicator("measures-spent", 113, "yl-05", by="office")
    equal((unit["numerator"], unit["denominator"], unit["rate"]), (190, 200, "95.00"), "spent")


@test
def its_indicators_are_its_own(d):
    answer = expect_status(d.geo.get(f"{d.base}/indicators", year=113, by="group"), 200).json
    equal([one["code"] for one in answer["indicators"]],
          ["leaders-trained", "leave-taken", "measures-spent"], "codes")
    equal(len(answer["indicators"][0]["units"]), 3, "three groups")


@test
def decimal_elements_make_exact_indicators(d):
    d.accepted(workforce("yl-01", "116", 1, 2, **{"leave.days": "12.5", "leave.granted": "37.5"}))
    unit = d.indicator("leave-taken", 116, "yl-01", by="office")
    equal((unit["numerator"], unit["denominator"], unit["rate"]), ("12.5", "37.5", "33.33"),
          "leave taken")


@test
def events_get_an_id_at_the_first_hand_in_and_revisions_by_it(d):
    sitting = {"form": "board-sitting", "office": "yl-01", "period": "113", "base": 0,
               "fields": {"sat_on": "2024-03-01", "sort": "regular", "present.m": 3,
                          "present.f": 4}}
    first = d.accepted(sitting)
    uuid.UUID(first["event"])
    other = d.accepted({**sitting, "fields": {**sitting["fields"], "sat_on": "2024-09-01"}})
    check(other["event"] != first["event"], "two events share an id")
    again = d.accepted({**sitting, "event": first["event"], "base": 1,
                        "fields": {**sitting["fields"], "present.f": 5}})
    equal((again["event"], again["revision"], again["replaces"]),
          (first["event"], 2, first["submission"]), "revision of the first event")
    reply = d.post({**sitting, "event": first["event"], "base": 1,
                    "fields": {**sitting["fields"], "present.f": 6}})
    equal(expect_status(reply, 409).json["code"], "revision_conflict", "code")


@test
def an_event_retried_without_its_id_but_with_its_key_is_not_doubled(d):
    sitting = {"form": "board-sitting", "office": "yl-02", "period": "113",
               "fields": {"sat_on": "2024-03-01"}}
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = d.accepted(sitting, key)
    again = expect_status(d.post(sitting, key), 200)
    equal(again.json["event"], first["event"], "event")
    equal(len(d.listed("board-sitting", "yl-02", "113")), 1, "submissions")


@test
def the_taoyuan_plan_can_stand_beside_it(d):
    """Another jurisdiction in the same database: neither sees the other."""
    from desk import PLAN_FILE
    d.service.load_plan(PLAN_FILE)
    plans = {one["plan"] for one in items(expect_status(d.geo.get("/v1/plans"), 200).json)}
    equal(plans, {PLAN}, "plans that Yunling's office sees")
    expect_status(d.geo.get("/v1/plans/taoyuan-112-115"), 404)
    token = d.service.add_token("geo", label="Taoyuan", extra=("--jurisdiction", "68000"))
    taoyuan = d.service.client(token)
    plans = {one["plan"] for one in items(expect_status(taoyuan.get("/v1/plans"), 200).json)}
    equal(plans, {"taoyuan-112-115"}, "plans that Taoyuan's office sees")
    expect_status(taoyuan.get(f"{d.base}/indicators?year=113&by=city"), 404)
    submission = d.listed("workforce-yearly")[0]["submission"]
    expect_status(taoyuan.get(f"/v1/submissions/{submission}"), 404, 403)


@test
def its_log_verifies(d):
    d.service.command("verify")


if __name__ == "__main__":
    suite.run()
