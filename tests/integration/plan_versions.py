#!/usr/bin/env python3
"""The plan is data: it is checked whole, an amendment is a new version, the past keeps the old."""
import copy
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, OFFICES, PLAN_FILE, annual, desk  # noqa: E402
from tributary_harness import ROOT, Service, Suite, check, equal, expect_status  # noqa: E402

FAULTY = ROOT / "tests" / "support" / "plans"
suite = Suite(desk)
test = suite.test


def original():
    return json.loads(PLAN_FILE.read_text(encoding="utf-8"))


def version(d):
    return expect_status(d.geo.get(f"/v1/plans/{d.plan}"), 200).json["version"]


def amend(d, plan):
    """Load a changed plan and wait until it is served."""
    before = version(d)
    d.service.load_plan(plan)
    deadline = time.monotonic() + 5
    while version(d) == before:
        check(time.monotonic() < deadline, "the amended plan isn't served after 5 s")
        time.sleep(0.05)


@test
def a_right_plan_is_checked_without_being_loaded(d):
    before = version(d)
    d.service.command("plan", "check", PLAN_FILE)
    equal(version(d), before, "version")


@test
def every_fault_of_a_plan_is_named_with_its_json_path(d):
    expected = json.loads((FAULTY / "faulty-expected.json").read_text(encoding="utf-8"))
    check(expected, "no faulty plans")
    for name, paths in expected.items():
        done = d.service.command("plan", "check", FAULTY / "faulty" / name, check=False)
        check(done.returncode != 0, f"{name} passed")
        said = (done.stdout + done.stderr).decode()
        for path in paths:
            check(path in said, f"{name}: {path} isn't named in\n{said}")


@test
def a_faulty_plan_is_not_loaded(d):
    before = version(d)
    for path in sorted((FAULTY / "faulty").glob("*.json")):
        check(d.service.load_plan(path, check=False).returncode != 0, f"{path.name} was loaded")
    equal(version(d), before, "version")


@test
def an_indicator_may_be_of_a_quarterly_form(d):
    """api.md: "A year asked of a quarterly form adds …; expected is then office x quarters"."""
    plan = original()
    plan["indicators"].append({
        "code": "women-share", "name": {"zh": "女性比率", "en": "Share of women"},
        "form": "training-quarterly", "numerator": ["courses.attendance.f"],
        "denominator": ["courses.attendance.total"], "source": "test"})
    d.service.command("plan", "check", d.service.write_plan(plan))


@test
def a_rule_may_take_a_blank_part_for_zero(d):
    plan = original()
    form = next(one for one in plan["forms"] if one["code"] == "training-quarterly")
    next(one for one in form["rules"] if one["kind"] == "sum_equals")["blank_part_is_zero"] = True
    d.service.command("plan", "check", d.service.write_plan(plan))


@test
def a_file_that_is_no_json_is_refused(d):
    for text in ("", "{", "[]", '{"plan": "x", "plan": "y"}', "null"):
        path = d.service.folder / "broken.json"
        path.write_text(text)
        check(d.service.command("plan", "load", path, check=False).returncode not in (0, -11, -6),
              f"{text!r} was loaded")
    missing = d.service.command("plan", "load", d.service.folder / "none.json", check=False)
    check(missing.returncode not in (0, -11, -6), "a missing file was loaded")


@test
def loading_the_same_plan_again_makes_no_version(d):
    before = version(d)
    d.service.load_plan(PLAN_FILE)
    equal(version(d), before, "version")


@test
def an_amended_target_holds_from_now_and_not_as_of_before(d):
    receipt = d.accepted(annual(GUISHAN, "113"))
    unit = d.indicator("gm-general", 113, GUISHAN, by="office")
    equal((unit["rate"], unit["met"]), ("92.16", False), "against 93")
    plan = original()
    next(one for one in plan["indicators"] if one["code"] == "gm-general")["targets"]["113"] = "92"
    amend(d, plan)
    unit = d.indicator("gm-general", 113, GUISHAN, by="office")
    equal((unit["rate"], unit["met"], unit["gap"]), ("92.16", True, 0), "against 92")
    unit = d.indicator("gm-general", 113, GUISHAN, by="office", as_of=receipt["recorded_at"])
    equal((unit["rate"], unit["met"]), ("92.16", False), "as of the receipt")
    d.amended = plan


@test
def a_target_for_one_office_holds_for_it_alone(d):
    plan = copy.deepcopy(d.amended)
    gm = next(one for one in plan["indicators"] if one["code"] == "gm-general")
    gm["office_targets"] = {GUISHAN: {"113": "99"}}
    amend(d, plan)
    d.accepted(annual(OFFICES[0], "113"))
    unit = d.indicator("gm-general", 113, GUISHAN, by="office")
    equal((unit["met"], unit["gap"]), (False, 11), "99 % of 153 is 152")
    equal(d.indicator("gm-general", 113, OFFICES[0], by="office")["met"], True, "others")
    equal(d.indicator("gm-general", 113, "city")["met"], True, "the city")
    d.amended = plan


@test
def an_office_that_moves_keeps_its_earlier_years_in_its_earlier_group(d):
    plan = copy.deepcopy(d.amended)
    one, two = plan["groups"]
    for member in one["members"]:
        if member["office"] == GUISHAN:
            member["to"] = 113
    two["members"].append({"office": GUISHAN, "from": 114})
    amend(d, plan)
    for year, sizes in (("113", (7, 6)), ("114", (6, 7))):
        units = {unit["unit"]: unit["expected"]
                 for unit in d.rollup("training-annual", year, "group")["units"]}
        equal((units["group-1"], units["group-2"]), sizes, f"sizes in {year}")
    d.amended = plan


@test
def a_column_added_later_reads_blank_in_older_revisions(d):
    plan = copy.deepcopy(d.amended)
    form = next(one for one in plan["forms"] if one["code"] == "training-annual")
    form["fields"].append({"code": "general.online.m", "name": {"zh": "線上", "en": "Online"},
                           "type": "count", "unit": "person", "over_offices": "sum",
                           "over_periods": "none"})
    amend(d, plan)
    element = d.unit("training-annual", "113", GUISHAN, by="office")["elements"]
    equal(element["general.online.m"], {"value": None, "offices": 0, "blank": 1, "not_yet": 0,
                                        "not_applicable": 0}, "older revision")
    d.accepted(annual(GUISHAN, "113", 1, **{"general.online.m": 5}))
    element = d.unit("training-annual", "113", GUISHAN, by="office")["elements"]
    equal(element["general.online.m"]["value"], 5, "newer revision")


@test
def an_amended_plan_stays_when_a_start_offers_the_file_again(d):
    """What `make run` and the container do at each start."""
    plan = original()
    plan["version_note"] = "依主管機關意見修正"
    amend(d, plan)
    before = version(d)
    said = d.service.command("plan", "load", PLAN_FILE, "--if-absent").stdout.decode()
    check(f"version {before} stays" in said and "differs" in said, said)
    said = d.service.command("plan", "load", d.service.write_plan(plan), "--sample-clock", "2022-12-01T00:00:00Z", "--if-absent").stdout.decode()
    check("already the same" in said, said)
    equal(version(d), before, "version")
    new = Service(d.service.cluster)
    try:
        for expected in ("loaded as version 1", "already the same"):
            said = new.command("plan", "load", PLAN_FILE, "--if-absent").stdout.decode()
            check(expected in said, said)
    finally:
        new.close()


@test
def plan_diff_says_what_an_amendment_changes(d):
    amended = FAULTY / "taoyuan-112-115-amended.json"
    check(amended.exists(), "the amended plan isn't there")
    done = d.service.command("plan", "diff", amended, check=False)
    check(done.returncode in (0, 1), f"exit status {done.returncode}: {done.stderr.decode()}")
    check(done.stdout.strip(), "it says nothing")


@test
def the_log_verifies_over_plan_versions(d):
    d.service.command("verify")


if __name__ == "__main__":
    suite.run()
