#!/usr/bin/env python3
"""The draft of the next plan beside the plan in force: both work at once, neither sees the other."""
import contextlib
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, OFFICES, PLAN_FILE, Desk, annual  # noqa: E402
from tributary_harness import ROOT, Suite, check, equal, expect_status, service  # noqa: E402

NEXT_FILE = ROOT / "common" / "plan" / "plans" / "taoyuan-116-119.json"
NEXT = "taoyuan-116-119"


@contextlib.contextmanager
def desks():
    with service(PLAN_FILE) as running:
        running.load_plan(NEXT_FILE)
        d = Desk(running)
        d.next = Desk(running, NEXT)
        yield d


suite = Suite(desks)
test = suite.test


@test
def both_are_listed_and_the_draft_says_so(d):
    plans = {one["plan"]: one for one in expect_status(d.geo.get("/v1/plans"), 200).json["plans"]}
    equal({code: one["draft"] for code, one in plans.items()}, {d.plan: False, NEXT: True}, "drafts")
    check("草案" in plans[NEXT]["name"]["zh"] and "draft" in plans[NEXT]["name"]["en"], "the label")


@test
def a_document_goes_to_the_plan_it_is_handed_in_to(d):
    d.accepted(annual(GUISHAN, "113"))
    d.next.accepted(annual(GUISHAN, "117"))
    equal(d.unit("training-annual", "113", "city")["reported"], 1, "113 in the plan")
    equal(d.next.unit("training-annual", "117", "city")["reported"], 1, "117 in the draft")


@test
def neither_takes_a_year_of_the_other(d):
    for desk, year in ((d, "117"), (d.next, "113")):
        reply = expect_status(desk.post(annual(GUISHAN, year)), 422)
        check("period_outside_plan" in [one["code"] for one in reply.json["findings"]], "the finding")


@test
def figures_of_one_do_not_move_with_the_other(d):
    before = d.rollup("training-annual", "113", "group")
    for office in OFFICES:
        if office != GUISHAN:
            d.next.accepted(annual(office, "117"))
    equal(d.rollup("training-annual", "113", "group"), before, "the plan's figures")
    equal(d.next.unit("training-annual", "117", "city")["reported"], len(OFFICES), "the draft's")


@test
def an_amendment_of_the_draft_leaves_the_plan_alone(d):
    before = expect_status(d.geo.get(f"/v1/plans/{d.plan}"), 200).json["version"]
    draft = json.loads(NEXT_FILE.read_text(encoding="utf-8"))
    draft["version_note"] = "草案第2版（測試用）"
    d.service.load_plan(draft)
    equal(expect_status(d.geo.get(f"/v1/plans/{d.plan}"), 200).json["version"], before, "version")


if __name__ == "__main__":
    suite.run()
