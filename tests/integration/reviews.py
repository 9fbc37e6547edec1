#!/usr/bin/env python3
"""Reviews along the plan's chain: who may, in which order, what is returned and may change, what is official meanwhile."""
import concurrent.futures
import json
import pathlib
import sys
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import FUXING, GUISHAN, OFFICES, PLAN_FILE, ZHONGLI, Desk, annual, course, desk, find, quarterly  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status, service  # noqa: E402

suite = Suite(desk)
test = suite.test
STAFF = "fields.general.staff.m"


def fresh_office(d):
    """An office and a year for which no test handed in anything yet."""
    return d.fresh()


def submission(d, receipt, client=None):
    return expect_status((client or d.geo).get(f"/v1/submissions/{receipt['submission']}"), 200)


def review(d, receipt, outcome="accept", client=None, headers=None, **more):
    return (client or d.geo).post(f"/v1/submissions/{receipt['submission']}/reviews", {"outcome": outcome, **more}, headers)


def accepted(d, receipt, **more):
    return expect_status(review(d, receipt, **more), 201).json


def returned(d, receipt, cells=(), reason="請依簽到表更正", **more):
    return expect_status(review(d, receipt, "return", reason=reason, cells=list(cells), **more), 201).json


def refused(d, receipt, status, code, outcome="accept", **more):
    reply = expect_status(review(d, receipt, outcome, **more), status)
    equal(reply.json["code"], code, "why it was refused")
    return reply.json


def meeting_of(d, office, year="113", members=12, present=(4, 4), **fields):
    """The office's own meeting record."""
    return d.accepted({"form": "task-group-meeting", "office": office, "period": year,
                       "fields": {"date": f"{int(year) + 1911}-04-20", "kind": "regular", "members": members,
                                  "present.m": present[0], "present.f": present[1], **fields},
                       "notes": {"fields.members": "名冊另送", "fields.present.m": "名冊另送", "fields.present.f": "名冊另送"}})


def budget(office, period, base=0, gender=50000, total=1000000, goal="宣導"):
    return {"form": "budget-plan", "office": office, "period": period, "base": base,
            "fields": {"total_budget": total},
            "tables": {"lines": [{"no": "1", "unit": "社會課", "category": "plan", "name": "計畫", "budget": 100000,
                                  "gender_budget": gender, "goal": goal}]}}


def contacts(office, period, since, base=0, title="科員", name="王大明"):
    return {"form": "liaison-contacts", "office": office, "period": period, "base": base,
            "fields": {"effective_from": since, "liaison.name": name, "liaison.title": title, "liaison.section_chief": True,
                       "deputy.title": "辦事員"}}


def obligation(d, form, office, period):
    answer = expect_status(d.geo.get(f"{d.base}/obligations", year=period, office=office, form=form), 200).json
    return answer["obligations"][0]


# ---- one stage ----------------------------------------------------------------------------------------------------

@test
def what_a_stage_accepts_becomes_official_and_says_so_everywhere(d):
    office, year = d.fresh()
    receipt = d.accepted(annual(office, year))
    state = submission(d, receipt).json
    equal(state["review"]["state"], "received", "state")
    equal(state["review"]["next"]["stage"], "geo", "whose turn")
    equal(state["may"]["review"], [{"stage": "geo", "meeting": False, "outcomes": ["accept", "return"]}], "may")
    equal(submission(d, receipt, d.office(office)).json["may"]["review"], [], "what the office may say")
    equal(obligation(d, "training-annual", office, year)["review"], "received", "obligation")
    answer = accepted(d, receipt, stage="geo")
    equal((answer["official"], answer["revision"], answer["state"]["state"]), (True, 1, "official"), "answer")
    state = submission(d, receipt).json
    equal((state["review"]["state"], state["review"]["stage"], state["review"]["passed"], state["review"]["next"]),
          ("official", "geo", ["geo"], None), "state")
    equal(state["review"]["official"], {"submission": receipt["submission"], "revision": 1}, "official")
    owed = obligation(d, "training-annual", office, year)
    equal((owed["review"], owed["stage"], owed["official"]), ("official", "geo", receipt["submission"]), "obligation")


@test
def official_figures_are_those_of_the_newest_official_revision_and_latest_ones_of_the_newest(d):
    office, year = d.fresh()
    at = {"by": "office", "client": d.office(office)}

    def rates(**more):
        return [d.indicator("gm-general", year, office, basis=basis, **at, **more)["numerator"]
                for basis in ("official", "latest")]

    first = d.accepted(annual(office, year))
    equal(rates(), [0, 141], "before anybody looked")
    before = submission(d, first).json["recorded_at"]
    accepted(d, first)
    equal(rates(), [141, 141], "accepted")
    returned(d, first, ["fields.general.gm2h.m"])
    equal(rates(), [141, 141], "returned: still official")
    second = d.accepted(annual(office, year, 1, **{"general.gm2h.m": 50}))
    equal(rates(), [141, 136], "corrected and not yet accepted")
    accepted(d, second)
    equal(rates(), [136, 136], "accepted again")
    equal(d.indicator("gm-general", year, office, basis="official", as_of=before, **at)["rate"], None, "as of then")
    source = d.indicator("gm-general", year, office, basis="official", **at)["sources"][0]
    equal((source["submission"], source["revision"]), (second["submission"], 2), "source")
    unit = d.unit("training-annual", year, office, by="office", basis="official")
    equal((unit["reported"], unit["elements"]["general.gm2h.m"]["value"]), (1, 50), "roll-up")


@test
def only_what_was_returned_may_change_and_what_else_changed_is_named(d):
    office, year = d.fresh()
    first = d.accepted(annual(office, year))
    accepted(d, first)
    findings = d.refused(annual(office, year, 1, **{"general.gm2h.m": 50, "general.gm2h.f": 80}))
    equal(sorted(one["path"] for one in findings if one["code"] == "cell_not_returned"),
          ["fields.general.gm2h.f", "fields.general.gm2h.m"], "cells that nobody returned")
    returned(d, first, ["fields.general.gm2h.m"])
    findings = d.refused(annual(office, year, 1, **{"general.gm2h.m": 50, "general.gm2h.f": 80}))
    equal([(one["path"], one["expected"], one["found"]) for one in findings if one["code"] == "cell_not_returned"],
          [("fields.general.gm2h.f", "86", "80")], "the one that was not returned")
    check("fields." not in find(findings, "cell_not_returned")["message"], "it isn't called by its name")
    equal(d.revisions("training-annual", office, year), [1], "nothing was stored")
    second = d.accepted(annual(office, year, 1, **{"general.gm2h.m": 50}))
    equal(second["revision"], 2, "revision")
    d.refused(annual(office, year, 2, **{"general.gm2h.m": 50, "general.gm2h.f": 80}))
    third = d.accepted(annual(office, year, 2, **{"general.gm2h.m": 51}))
    returned(d, third, ["fields.general.gm2h.f"])
    d.refused(annual(office, year, 3, **{"general.gm2h.m": 52, "general.gm2h.f": 80}))
    d.accepted(annual(office, year, 3, **{"general.gm2h.m": 51, "general.gm2h.f": 80}))


@test
def what_comes_later_and_is_returned_frees_nothing_of_what_was_accepted(d):
    office, year = d.fresh()
    since = [f"{int(year) + 1911}-{month:02}-01" for month in (1, 6, 7)]
    first = d.accepted(contacts(office, year, since[0]))
    accepted(d, first)
    second = d.accepted(contacts(office, year, since[1], 1, title="專員"))
    returned(d, second, ["fields.liaison.title"])
    same_day = expect_status(d.post(contacts(office, year, since[0], 2, title="專員")), 422).json["findings"]
    find(same_day, "cell_not_returned", "fields.liaison.title")
    third = d.accepted(contacts(office, year, since[2], 2, title="視察"))
    equal(submission(d, third).json["review"]["official"], {"submission": first["submission"], "revision": 1}, "official")
    d.accepted(contacts(office, year, since[0], 3))


@test
def what_was_erased_may_be_handed_in_anew(d):
    office, year = d.fresh()
    first = d.accepted(contacts(office, year, f"{int(year) + 1911}-01-01", name="趙一一"))
    accepted(d, first)
    returned(d, first, ["fields.liaison.title"])
    d.service.command("personal", "erase", "趙一一", "--yes")
    answer = contacts(office, year, f"{int(year) + 1911}-01-01", 1, title="專員", name="錢二二")
    find(expect_status(d.post({**answer, "fields": {**answer["fields"], "deputy.title": "技士"}}), 422).json["findings"],
         "cell_not_returned", "fields.deputy.title")
    d.accepted(answer)


@test
def what_the_plan_dropped_since_holds_up_no_correction(d):
    plan = json.loads(PLAN_FILE.read_text(encoding="utf-8"))
    with service(plan) as held:
        other = Desk(held)
        first = other.accepted(annual(GUISHAN, "113", excluded_reason="留職停薪"))
        accepted(other, first)
        returned(other, first, [STAFF])
        form = next(one for one in plan["forms"] if one["code"] == "training-annual")
        form["fields"] = [one for one in form["fields"] if one["code"] != "excluded_reason"]
        form["rules"] = [one for one in form["rules"] if "excluded_reason" not in json.dumps(one)]
        held.load_plan(plan)
        until = time.monotonic() + 10
        while expect_status(other.geo.get(other.base), 200).json["version"] != 2 and time.monotonic() < until:
            time.sleep(0.1)
        wrong = annual(GUISHAN, "113", 1, **{"general.staff.m": 62, "general.staff.f": 93})
        find(other.refused(wrong), "cell_not_returned", "fields.general.staff.f")
        other.accepted(annual(GUISHAN, "113", 1, **{"general.staff.m": 62}))


@test
def nothing_that_follows_an_accepted_revision_takes_it_back_without_a_return(d):
    office, year = d.fresh()
    first = d.accepted(annual(office, year, counted_on=f"{int(year) + 1911}-06-30"))
    accepted(d, first)
    second = d.accepted(annual(office, year, 1, **{"general.gm2h.m": 50}))
    returned(d, second, ["fields.general.gm2h.m"])
    taken_back = d.office(office).post(f"/v1/submissions/{second['submission']}/withdrawal", {"reason": "算錯了"})
    equal(expect_status(taken_back, 409).json["code"], "submission_accepted", "withdrawn under an accepted revision")
    equal(submission(d, second, d.office(office)).json["may"]["withdraw"], False, "may")
    equal(d.unit("training-annual", year, office, by="office", basis="official")["elements"]["general.gm2h.m"]["value"], 55,
          "official")
    returned(d, second, [])
    expect_status(d.office(office).post(f"/v1/submissions/{second['submission']}/withdrawal", {"reason": "算錯了"}), 201)


@test
def every_mistake_is_named_at_once_also_those_of_cells_not_returned(d):
    office, year = d.fresh()
    accepted(d, d.accepted(annual(office, year)))
    findings = d.refused(annual(office, year, 1, **{"general.gm2h.m": 50, "general.cedaw2h.m": 21}))
    codes = {one["code"] for one in findings if one["severity"] == "error"}
    check({"cell_not_returned", "exceeds_whole"} <= codes, f"codes: {codes}")


@test
def what_is_returned_as_a_whole_may_change_as_a_whole(d):
    office, year = d.fresh()
    first = d.accepted(annual(office, year))
    accepted(d, first)
    returned(d, first)
    check(obligation(d, "training-annual", office, year)["ticket"]["whole"], "not whole")
    second = d.accepted(annual(office, year, 1, **{"general.gm2h.m": 50, "general.gm2h.f": 80}))
    equal(submission(d, second).json["review"]["state"], "received", "state")


@test
def before_any_stage_accepted_everything_may_change(d):
    office, year = d.fresh()
    first = d.accepted(annual(office, year))
    d.accepted(annual(office, year, 1, **{"general.gm2h.m": 50}))
    refused(d, first, 409, "revision_replaced")
    second = d.listed("training-annual", office, year)[0]
    returned(d, second, ["fields.general.gm2h.m"])
    d.accepted(annual(office, year, 2, **{"general.gm2h.m": 50, "general.gm2h.f": 80}))


@test
def a_return_says_why_and_in_which_cells_to_the_office(d):
    office, year = d.fresh()
    first = d.accepted(annual(office, year))
    refused(d, first, 422, "bad_member", "return")
    refused(d, first, 422, "bad_member", "return", reason="  　")
    refused(d, first, 422, "bad_member", "return", reason="x", cells=["fields.nothing"])
    refused(d, first, 422, "bad_member", "return", reason="x", cells=["tables.courses[a1].hours"])
    refused(d, first, 422, "bad_member", "accept", cells=[STAFF])
    refused(d, first, 422, "bad_member", "note")
    refused(d, first, 422, "bad_member", "approve")
    returned(d, first, [STAFF, "fields.general.staff.f"], "總人數與人事系統不符")
    mine = d.office(office).get(f"{d.base}/obligations", year=year, form="training-annual").json["obligations"][0]
    equal((mine["review"], mine["stage"], mine["timeliness"] != "none"), ("returned", "geo", True), "obligation")
    equal((mine["ticket"]["reason"], mine["ticket"]["cells"]),
          ("總人數與人事系統不符", ["fields.general.staff.f", STAFF]), "ticket")
    dry = d.post(annual(office, year, 1, **{"general.staff.f": 93}), dry_run="true").json
    one = find(dry["findings"], "cell_returned", STAFF)
    equal((one["severity"], "總人數與人事系統不符" in one["message"]), ("warning", True), "reminder")
    check(not any(f["code"] == "cell_returned" and f["path"] == "fields.general.staff.f" for f in dry["findings"]),
          "a corrected cell is still asked for")


@test
def a_reviewer_may_take_a_return_back_by_accepting(d):
    office, year = d.fresh()
    first = d.accepted(annual(office, year))
    returned(d, first, [STAFF])
    equal(accepted(d, first)["state"]["state"], "official", "state")
    equal(submission(d, first).json["review"]["ticket"], None, "ticket")


@test
def a_sum_follows_its_parts(d):
    document = quarterly(GUISHAN, "112Q1", courses=[course(date_from="2023-02-01", date_to="2023-02-01")])
    first = d.accepted(document)
    accepted(d, first)
    returned(d, first, ["tables.courses[a1].attendance.m"])
    row = course(date_from="2023-02-01", date_to="2023-02-01", **{"attendance.m": 13, "attendance.total": 33})
    findings = d.refused({**quarterly(GUISHAN, "112Q1", 1, courses=[{**row, "hours": "4"}])})
    equal([one["path"] for one in findings if one["code"] == "cell_not_returned"], ["tables.courses[a1].hours"], "cells")
    findings = d.refused(quarterly(GUISHAN, "112Q1", 1, courses=[row, course("a2", date_from="2023-02-01",
                                                                              date_to="2023-02-01")]))
    check(all(one["path"].startswith("tables.courses[a2]") for one in findings if one["code"] == "cell_not_returned"),
          "a new row that nobody asked for")
    d.accepted(quarterly(GUISHAN, "112Q1", 1, courses=[row]))


@test
def a_returned_row_may_change_and_go_and_a_returned_table_take_new_rows(d):
    rows = [course(one, date_from="2023-05-02", date_to="2023-05-02") for one in ("a1", "a2")]
    first = d.accepted(quarterly(GUISHAN, "112Q2", courses=rows))
    accepted(d, first)
    returned(d, first, ["tables.courses[a2]"])
    d.refused(quarterly(GUISHAN, "112Q2", 1, courses=rows[1:]))
    second = d.accepted(quarterly(GUISHAN, "112Q2", 1, courses=rows[:1]))
    accepted(d, second)
    returned(d, second, ["tables.courses"])
    d.accepted(quarterly(GUISHAN, "112Q2", 2, courses=rows + [course("a3", date_from="2023-05-02", date_to="2023-05-02")]))


@test
def notes_may_always_be_added(d):
    office, year = d.fresh()
    accepted(d, d.accepted(annual(office, year)))
    document = annual(office, year, 1)
    document["notes"] = {STAFF: "含借調人員"}
    second = d.accepted(document)
    equal(submission(d, second).json["review"]["state"], "received", "it is looked at again")


@test
def the_final_figures_after_accepted_provisional_ones_are_no_correction(d):
    office, year = d.fresh()
    first = d.accepted(annual(office, year, counted_on=f"{int(year) + 1911}-11-30"))
    accepted(d, first)
    d.accepted(annual(office, year, 1, **{"general.gm2h.m": 50, "general.gm2h.f": 80}))


@test
def a_change_that_comes_into_force_later_is_no_correction(d):
    def contacts(base, since, name):
        return {"form": "liaison-contacts", "office": ZHONGLI, "period": "113", "base": base,
                "fields": {"effective_from": since, "liaison.name": name, "liaison.title": "社會課課長",
                           "liaison.unit": "社會課", "liaison.phone": "03-4271801", "liaison.email": "a@example.org",
                           "deputy.name": "李四", "deputy.title": "課員", "deputy.unit": "社會課",
                           "deputy.phone": "03-4271802", "deputy.email": "b@example.org"}}

    first = d.accepted(contacts(0, "2024-01-01", "張三"))
    accepted(d, first)
    d.refused(contacts(1, "2024-01-01", "王五"))
    d.accepted(contacts(1, "2024-06-01", "王五"))


def came(d, receipt, day="2024-04-30"):
    """It came by post on that day, before the meetings that deal with it."""
    expect_status(d.geo.post(f"/v1/submissions/{receipt['submission']}/attestations",
                             {"received_at": f"{day}T02:00:00Z", "reason": "郵寄收文"}), 201)
    return receipt


# ---- chains -------------------------------------------------------------------------------------------------------

@test
def a_chain_is_passed_in_order_and_resumes_where_it_was_returned(d):
    office = GUISHAN
    meeting = meeting_of(d, office)
    dbas, other = d.login("dbas"), d.service.login("office", office)
    first = d.accepted(budget(office, "113"))
    refused(d, first, 409, "stage_not_next", client=dbas, stage="dbas")
    refused(d, first, 422, "bad_member", stage="task-group")
    refused(d, first, 409, "no_meeting", stage="task-group", meeting=str(uuid.uuid4()))
    refused(d, first, 409, "no_meeting", stage="task-group", meeting="2024-04-21")
    accepted(d, first, client=other, stage="task-group", meeting=meeting["event"])
    share = {"by": "office"}
    equal(d.indicator("gender-budget-share", "113", office, basis="official", **share)["rate"], None, "official")
    returned(d, first, ["tables.lines[1].gender_budget", "tables.lines[1].goal"], client=dbas, stage="dbas")
    equal(submission(d, first).json["review"]["passed"], ["task-group"], "passed")
    d.refused(budget(office, "113", 1, 60000, total=2000000))
    second = d.accepted(budget(office, "113", 1, 60000, goal="宣導與培力"))
    state = submission(d, second).json["review"]
    equal((state["state"], state["passed"], state["next"]["stage"]), ("received", ["task-group"], "dbas"), "resumed")
    refused(d, second, 403, "forbidden", stage="dbas")
    accepted(d, second, client=dbas)
    equal(d.indicator("gender-budget-share", "113", office, basis="official", **share)["numerator"], 60000, "official")
    refused(d, second, 409, "no_meeting", "note", stage="promotion-group", meeting="113.5.20")
    held = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "promotion-group", "held_on": "113年5月20日",
                                                           "document_number": "府社婦字第1130012345號"}), 201).json
    equal(held["held_on"], "2024-05-20", "day")
    again = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "promotion-group", "held_on": "2024-05-20",
                                                            "document_number": "府社婦字第1130012345號"}), 200).json
    equal(again["meeting"], held["meeting"], "the same meeting")
    equal(d.geo.post(f"{d.base}/meetings", {"body": "promotion-group", "held_on": "2024-05-20"}).status, 409, "other number")
    refused(d, second, 409, "meeting_before_receipt", "note", stage="promotion-group", meeting="113.5.20")
    came(d, second, "2024-05-21")
    refused(d, second, 409, "meeting_before_receipt", "note", stage="promotion-group", meeting=held["meeting"])
    came(d, second, "2024-05-20")
    answer = accepted(d, second, outcome="note", stage="promotion-group", meeting="113.5.20")
    equal((answer["state"]["state"], answer["state"]["stage"], answer["state"]["next"]),
          ("official", "promotion-group", None), "at the end")
    equal(answer["held_on"], "2024-05-20", "its meeting")
    refused(d, second, 409, "stage_not_next", stage="task-group", meeting=meeting["event"])


@test
def a_correction_after_the_official_stage_passes_it_again(d):
    office = FUXING
    meeting = meeting_of(d, office)
    dbas = d.login("dbas")
    first = d.accepted(budget(office, "113"))
    accepted(d, first, stage="task-group", meeting=meeting["submission"])
    accepted(d, first, client=dbas)
    came(d, first)
    d.geo.post(f"{d.base}/meetings", {"body": "promotion-group", "held_on": "2024-05-21"})
    returned(d, first, ["tables.lines[1].gender_budget"], stage="promotion-group", meeting="2024-05-21")
    second = d.accepted(budget(office, "113", 1, 70000))
    state = submission(d, second).json["review"]
    equal((state["passed"], state["next"]["stage"]), (["task-group"], "dbas"), "what looks at it next")
    equal(state["official"]["revision"], 1, "what is official meanwhile")


@test
def a_meeting_without_its_quorum_counts_for_nothing(d):
    office = ZHONGLI
    missed = meeting_of(d, office, present=(3, 3))
    first = d.accepted(budget(office, "113"))
    refused(d, first, 409, "no_quorum", stage="task-group", meeting=missed["submission"])
    refused(d, first, 409, "no_quorum", stage="task-group", meeting="2024-04-20")
    foreign = meeting_of(d, "68000110")
    refused(d, first, 409, "no_meeting", stage="task-group", meeting=foreign["submission"])
    reached = meeting_of(d, office, present=(4, 3), date="2024-04-25")
    accepted(d, first, stage="task-group", meeting="113/4/25")
    check(reached["event"] != missed["event"], "one meeting")


@test
def nobody_accepts_what_they_handed_in_by_whatever_way(d):
    office = "68000080"
    meeting = meeting_of(d, office)
    first = d.accepted(budget(office, "113"))
    own = d.office(office)
    equal(submission(d, first, own).json["may"]["review"], [], "may")
    refused(d, first, 409, "own_submission", client=own, stage="task-group", meeting=meeting["event"])
    refused(d, first, 403, "forbidden", "return", client=own, stage="task-group", meeting=meeting["event"], reason="x")
    second_person = d.service.login("office", office)
    equal(submission(d, first, second_person).json["may"]["review"],
          [{"stage": "task-group", "meeting": True, "outcomes": ["accept", "note"]}], "may")
    row = d.service.sql(f"select token, submission, number, office from tributary.revision where id = '{first['submission']}'")
    token, key, number, _ = row.split("|")
    straight = (f"insert into tributary.review (review, jurisdiction, office, revision, submission, number, submitter, stage, "
                f"place, outcome, official, passed, actor, actor_role, sequence, recorded_at) values (gen_random_uuid(), "
                f"'68000', '{office}', '{first['submission']}', {key}, {number}, '%s', 'geo', 1, 'accept', true, 1, "
                f"'{token}', 'geo', 99999, now())")
    for submitter in (token, str(uuid.uuid4())):
        done = d.service.cluster.sql(straight % submitter, d.service.database, check=False)
        check(done.returncode != 0, "the database took an acceptance of one's own")


# ---- what is to be explained; out of turn; two at once ------------------------------------------------------------

@test
def what_is_to_be_explained_is_explained_before_acceptance(d):
    office = "68000030"
    record = {"form": "task-group-meeting", "office": office, "period": "113",
              "fields": {"date": "2024-04-20", "kind": "regular", "members": 12, "present.m": 3, "present.f": 3},
              "notes": {"fields.present.m": "名冊另送", "fields.present.f": "名冊另送"}}
    first = d.accepted(record)
    open_ones = [one for one in first["findings"] if one["severity"] == "explain"]
    check(open_ones, "nothing to explain")
    came(d, first)
    d.geo.post(f"{d.base}/meetings", {"body": "promotion-group", "held_on": "2024-05-22"})
    problem = refused(d, first, 409, "explanation_missing", "note", meeting="2024-05-22")
    equal([one["path"] for one in problem["findings"]], [one["path"] for one in open_ones], "what is missing")
    note = {**record["notes"], **{one["path"]: "颱風，另訂日期補開" for one in open_ones}}
    second = came(d, d.accepted({**record, "base": 1, "event": first["event"], "notes": note}))
    accepted(d, second, outcome="note", meeting="2024-05-22")


@test
def breaking_glass_needs_an_administrator_and_a_reason_and_stays_to_be_seen(d):
    office, year = d.fresh()
    first = d.accepted(annual(office, year))
    admin = d.login("admin")
    refused(d, first, 403, "forbidden", client=admin)
    refused(d, first, 403, "forbidden", break_glass=True, reason="性平辦公室無人")
    refused(d, first, 422, "bad_member", client=admin, break_glass=True)
    answer = accepted(d, first, client=admin, break_glass=True, reason="系統移轉，性平辦同意先行核定")
    check(answer["break_glass"], "not said")
    for client in (d.geo, d.office(office), admin):
        shown = submission(d, first, client).json["review"]["break_glass"]
        equal([(one["role"], one["reason"]) for one in shown], [("admin", "系統移轉，性平辦同意先行核定")], "on the submission")
    listed = d.geo.get(f"{d.base}/reviews", break_glass="true").json["reviews"]
    check(any(one["review"] == answer["review"] for one in listed), "not listed for geo")


@test
def a_return_out_of_turn_lifts_a_submission_past_no_stage(d):
    office, year = OFFICES[9], "115"
    first = d.accepted(budget(office, year))
    admin, dbas = d.login("admin"), d.login("dbas")
    came(d, first, "2026-04-30")
    d.geo.post(f"{d.base}/meetings", {"body": "promotion-group", "held_on": "2026-05-23"})
    answer = expect_status(review(d, first, "return", client=admin, stage="promotion-group", reason="會前請先更正",
                                  break_glass=True), 201).json
    equal((answer["state"]["state"], answer["state"]["passed"]), ("returned", []), "what it has passed")
    refused(d, first, 409, "stage_not_next", stage="promotion-group", meeting="2026-05-23")
    refused(d, first, 409, "stage_not_next", client=dbas, stage="dbas")
    meeting_of(d, office, year)
    accepted(d, first, stage="task-group", meeting=f"{int(year) + 1911}-04-20")
    expect_status(review(d, first, "return", client=admin, stage="promotion-group", reason="再更正", break_glass=True,
                         cells=["tables.lines[1].goal"]), 201)
    second = d.accepted(budget(office, year, 1, goal="宣導活動"))
    equal(submission(d, second).json["review"]["passed"], ["task-group"], "what is left standing")
    equal(accepted(d, second, client=dbas, stage="dbas")["state"]["passed"], ["task-group", "dbas"], "passed")


@test
def an_acceptance_out_of_turn_puts_nothing_back_behind_what_it_passed(d):
    office, year = OFFICES[10], "115"
    first = d.accepted(budget(office, year))
    admin, dbas = d.login("admin"), d.login("dbas")
    accepted(d, first, client=admin, stage="task-group", reason="小組已書面審查", break_glass=True)
    accepted(d, first, client=dbas, stage="dbas")
    returned(d, first, ["tables.lines[1].goal"], client=dbas, stage="dbas")
    refused(d, first, 409, "stage_not_next", client=admin, stage="task-group", reason="再次核定", break_glass=True)
    equal(submission(d, first).json["review"]["ticket"]["cells"], ["tables.lines[1].goal"], "what stands returned")
    equal(submission(d, d.accepted(budget(office, year, 1, goal="宣導活動"))).json["review"]["passed"], ["task-group"], "passed")


@test
def the_second_of_two_reviewers_is_told_that_it_has_changed(d):
    office, year = d.fresh()
    first = d.accepted(annual(office, year))
    tag = submission(d, first).header("etag")
    english = d.geo.get(f"/v1/submissions/{first['submission']}", headers={"Accept-Language": "en"}).header("etag")
    equal(review(d, first, "return", reason="x", headers={"If-Match": '"nothing"'}).status, 412, "another tag")
    accepted(d, first, headers={"If-Match": tag})
    for stale in (tag, english):
        equal(review(d, first, "return", reason="x", headers={"If-Match": stale}).status, 412, "stale")
    equal(submission(d, first).json["review"]["state"], "official", "state")
    fresh = submission(d, first).header("etag")
    check(fresh != tag, "the tag stands still")
    returned(d, first, headers={"If-Match": fresh})


@test
def a_revision_that_was_replaced_is_told_so_whatever_was_read_of_it(d):
    office, year = d.fresh()
    first = d.accepted(annual(office, year))
    before = submission(d, first).header("etag")
    d.accepted(annual(office, year, 1, **{"general.cedaw2h.m": 8}))
    for tag in (before, submission(d, first).header("etag"), "*", None):
        refused = review(d, first, "return", reason="x", headers={"If-Match": tag} if tag else {})
        equal((refused.status, refused.json["code"]), (409, "revision_replaced"), str(tag))


@test
def of_many_who_accept_at_once_one_does(d):
    office, year = d.fresh()
    first = d.accepted(annual(office, year))
    tag = submission(d, first).header("etag")
    people = [d.service.login("geo") for _ in range(6)]
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        replies = list(pool.map(lambda one: review(d, first, client=one, headers={"If-Match": tag}), people))
    equal(sorted(one.status for one in replies), [201] + [412] * 5, "answers")
    equal(len(d.geo.get(f"/v1/submissions/{first['submission']}/reviews").json["reviews"]), 1, "reviews")


@test
def the_same_said_again_is_not_recorded_again(d):
    office, year = d.fresh()
    first = d.accepted(annual(office, year))
    key = {"Idempotency-Key": str(uuid.uuid4())}
    one = expect_status(review(d, first, headers=key), 201).json
    two = expect_status(review(d, first, headers=key), 200)
    equal((two.json["review"], two.header("idempotent-replay")), (one["review"], "true"), "replay")
    equal(review(d, first, "return", reason="x", headers=key).status, 409, "the key for something else")
    equal(expect_status(review(d, first), 200).json["review"], one["review"], "without a key")


@test
def a_correction_and_a_review_at_once_leave_no_gap(d):
    for number in range(6):
        office, year = d.fresh()
        first = d.accepted(annual(office, year))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            said = pool.submit(review, d, first)
            sent = pool.submit(d.post, annual(office, year, 1, **{"general.gm2h.m": 40 + number}))
        said, sent = said.result(), sent.result()
        check((said.status, sent.status) in ((201, 422), (409, 201)), f"{said.status} {sent.status}: {said} {sent}")


# ---- who sees what ------------------------------------------------------------------------------------------------

@test
def an_office_sees_and_touches_no_review_of_another(d):
    office, year = d.fresh()
    other = next(one for one in OFFICES if one != office)
    first = d.accepted(annual(office, year))
    returned(d, first, [STAFF], "只給這個公所看")
    theirs = d.office(other)
    equal(theirs.get(f"/v1/submissions/{first['submission']}/reviews").status, 404, "reviews")
    equal(review(d, first, client=theirs).status, 404, "a review")
    for path in (f"{d.base}/reviews", f"{d.base}/waiting"):
        check("只給這個公所看" not in theirs.get(path, limit=1000).body.decode(), path)
        check(all(one["office"] == other for one in next(value for value in theirs.get(path, limit=1000).json.values()
                                                         if isinstance(value, list))), path)
    for role in ("supervision", "auditor"):
        equal(review(d, first, client=d.login(role)).status, 403, role)


@test
def what_waits_is_listed_for_whose_turn_it_is(d):
    office, year = d.fresh()
    first = d.accepted(annual(office, year))

    def waits(client, **query):
        listed, after = [], None
        while True:
            page = expect_status(client.get(f"{d.base}/waiting", limit=7, after=after, **query), 200).json
            listed += page["waiting"]
            after = page["next"]
            if after is None:
                return {one["submission"]: one["stage"] for one in listed}

    equal(waits(d.geo).get(first["submission"]), "geo", "before")
    check(first["submission"] not in waits(d.login("dbas")), "dbas' turn")
    check(first["submission"] in waits(d.geo, form="training-annual", office=office), "by form and office")
    check(first["submission"] not in waits(d.geo, form="webpage"), "of another form")
    accepted(d, first)
    check(first["submission"] not in waits(d.geo), "after")
    check(d.geo.get(f"{d.base}/waiting", format="ods").status == 200, "as a workbook")
    check(d.geo.get(f"{d.base}/reviews", format="csv").status == 200, "as CSV")


@test
def diff_against_official_shows_what_changed_since_acceptance(d):
    office, year = d.fresh()
    first = d.accepted(annual(office, year))
    equal(d.geo.get(f"/v1/submissions/{first['submission']}/diff", against="official").status, 404, "nothing official")
    accepted(d, first)
    returned(d, first, ["fields.general.gm2h.m"])
    second = d.accepted(annual(office, year, 1, **{"general.gm2h.m": 50}))
    third = d.accepted(annual(office, year, 2, **{"general.gm2h.m": 49}))
    answer = expect_status(d.geo.get(f"/v1/submissions/{third['submission']}/diff", against="official"), 200).json
    equal((answer["against"], answer["against_revision"]), (first["submission"], 1), "against")
    equal([(one["path"], one["before"], one["after"]) for one in answer["cells"]],
          [("fields.general.gm2h.m", 55, 49)], "cells")
    check(second["revision"] == 2, "revision")


@test
def what_holds_nothing_is_not_accepted(d):
    office, year = d.fresh()
    empty = d.accepted({"form": "training-annual", "office": office, "period": year, "fields": {}})
    refused(d, empty, 409, "nothing_to_accept")
    refused(d, empty, 422, "bad_member", "return", reason="a\u0001b")


@test
def a_revision_keeps_the_chain_of_the_plan_that_judged_it(d):
    office, year = d.fresh()
    corrected, ahead = d.fresh()
    first, second = d.accepted(annual(office, year)), d.accepted(annual(corrected, ahead))
    accepted(d, second)
    returned(d, second, ["fields.general.gm2h.m"])
    plan = json.loads(PLAN_FILE.read_text())
    form = next(one for one in plan["forms"] if one["code"] == "training-annual")
    form["review"] = [{"stage": "dbas"}, {"stage": "geo", "official": True}]
    amended = d.service.folder / "amended.json"
    amended.write_text(json.dumps(plan, ensure_ascii=False))
    d.service.command("plan", "load", str(amended))
    deadline = time.monotonic() + 5
    while d.geo.get(d.base).json["version"] != 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    third = d.accepted(annual(corrected, ahead, 1, **{"general.gm2h.m": 50}))
    equal(submission(d, third).json["review"]["next"]["stage"], "dbas", "a new revision has the new chain")
    equal(obligation(d, "training-annual", corrected, ahead)["next"]["stage"], "dbas", "obligation")
    equal(submission(d, first).json["review"]["next"]["stage"], "geo", "an older one keeps its own")
    equal(accepted(d, first)["state"]["state"], "official", "and becomes official by it")
    refused(d, third, 409, "stage_not_next", stage="geo")
    accepted(d, third, client=d.login("dbas"))
    equal(accepted(d, third)["state"]["state"], "official", "by the new chain")


@test
def what_was_recorded_holds_against_the_log(d):
    done = d.service.command("verify", check=False, timeout=120)
    equal(done.returncode, 0, f"verify: {done.stdout.decode()[-600:]} {done.stderr.decode()[-600:]}")


if __name__ == "__main__":
    suite.run()
