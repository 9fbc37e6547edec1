#!/usr/bin/env python3
"""A withdrawn submission counts as missing everywhere, keeps every revision and says why; it can be handed in again."""
import concurrent.futures
import json
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import files  # noqa: E402
from desk import FUXING, GUISHAN, OFFICES, ZHONGLI, annual, course, desk, document_of, execution, find, line, quarterly  # noqa: E402
from receipt_check import check_receipt  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test


def withdraw(d, submission, reason="算錯了", client=None, status=201, headers=None):
    office = d.geo.get(f"/v1/submissions/{submission}").json.get("office")
    client = client or d.office(office)
    return expect_status(client.post(f"/v1/submissions/{submission}/withdrawal", {"reason": reason}, headers), status).json


def obligation(d, office, form, year, **query):
    return d.geo.get(f"{d.base}/obligations", year=year, office=office, form=form, **query).json["obligations"][0]


@test
def a_withdrawal_is_one_more_revision_that_says_only_why(d):
    first = d.accepted(annual(GUISHAN, "113"))
    gone = withdraw(d, first["submission"])
    reason = {"reason": "算錯了", "recorded_at": gone["recorded_at"]}
    equal((gone["revision"], gone["replaces"], gone["withdrawn"], gone["counts"], gone["on_behalf"]),
          (2, first["submission"], reason, {"fields": 0, "rows": 0}, False), "receipt")
    equal(check_receipt(gone, d.geo.get("/v1/keys").json), [], "faults of the receipt")
    entry = json.loads(gone["log"]["entry"])
    check(entry["withdrawn"] is True and "算錯了" not in gone["log"]["entry"], "the entry")
    for client in (d.geo, d.office(GUISHAN)):
        one = client.get(f"/v1/submissions/{gone['submission']}").json
        equal(document_of(one), {"form": "training-annual", "office": GUISHAN, "period": "113", "withdrawn": "算錯了"}, "document")
        equal((one["withdrawn"], one["reported"], one["is_current"], one["may"]),
              (reason, False, True, {"replace": True, "withdraw": False, "review": []}), "GET submission")
        equal(client.get(f"/v1/submissions/{gone['submission']}/receipt").json, gone, "the receipt again")
        listed = d.listed("training-annual", GUISHAN, "113", client=client)
        equal([(one["submission"], one["withdrawn"]) for one in listed], [(gone["submission"], reason)], "list")
        revisions = client.get(f"/v1/submissions/{gone['submission']}/revisions").json["revisions"]
        equal([one["withdrawn"] for one in revisions], [None, reason], "revisions")
    table = d.geo.get(f"/v1/submissions/{gone['submission']}/revisions", format="csv").body.decode("utf-8-sig").splitlines()
    equal(table[2].split(",")[table[0].split(",").index("withdrawn")], "算錯了", "table")
    before = document_of(d.geo.get(f"/v1/submissions/{first['submission']}").json)
    equal(before["fields"]["general.staff.m"], 61, "what was handed in first")
    cells = d.geo.get(f"/v1/submissions/{gone['submission']}/diff").json["cells"]
    equal({one["change"] for one in cells}, {"removed"}, "what changed")
    check(len(cells) == len(before["fields"]), "every cell is among what changed")
    for kind in ("csv", "ods", "xlsx"):
        expect_status(d.geo.get(f"/v1/submissions/{gone['submission']}", format=kind), 200)
    expect_status(d.geo.get(f"/v1/submissions/{gone['submission']}/findings"), 200)
    expect_status(d.office(ZHONGLI).get(f"/v1/submissions/{gone['submission']}"), 404)


@test
def figures_count_it_as_missing_and_as_it_was_before(d):
    for office in OFFICES[:3]:
        d.accepted(annual(office, "112"))
    whole = d.unit("training-annual", "112", "city")
    there = d.indicator("gm-general", "112", "city")
    gone = withdraw(d, d.listed("training-annual", OFFICES[1], "112")[0]["submission"])
    after = d.unit("training-annual", "112", "city")
    element = after["elements"]["general.staff.m"]
    equal((after["reported"], sorted(after["missing"])), (2, sorted([*whole["missing"], OFFICES[1]])), "reported")
    equal((element["value"], element["offices"], element["blank"]), (122, 2, 0), "the element")
    rate = d.indicator("gm-general", "112", "city")
    equal((rate["counted"], rate["numerator"], rate["denominator"]), (2, 282, 306), "the indicator")
    check(OFFICES[1] in rate["missing"] and OFFICES[1] not in [one["office"] for one in rate["sources"]], "its sources")
    equal(d.unit("training-annual", "112", "city", as_of=gone["recorded_at"])["reported"], 2, "as of its moment")
    moment = d.listed("training-annual", OFFICES[2], "112")[0]["recorded_at"]
    equal(d.unit("training-annual", "112", "city", as_of=moment), whole, "as of before")
    equal(d.indicator("gm-general", "112", "city", as_of=moment), there, "the indicator as of before")
    done = d.service.command("verify", check=False)
    check(done.returncode == 0 and b"; 0 faults" in done.stdout, done.stdout.decode())


@test
def the_obligation_stands_open_again_and_what_comes_later_decides(d):
    office = OFFICES[4]
    first = d.geo.hand_in(d.plan, annual(office, "113"), received_at="2025-01-20T00:00:00Z", received_reason="郵寄").json
    equal(obligation(d, office, "training-annual", 113)["timeliness"], "on_time", "received in time")
    gone = withdraw(d, first["submission"], "誤報他年資料")
    one = obligation(d, office, "training-annual", 113)
    equal((one["timeliness"], one["review"], one["submission"], one["first_received_at"], one["attested"],
           one["withdrawn"], one["missing_attachments"]),
          ("none", "not_received", gone["submission"], None, None,
           {"reason": "誤報他年資料", "recorded_at": gone["recorded_at"]}, []), "withdrawn")
    again = d.accepted(annual(office, "113", 2, **{"general.gm2h.m": 50}))
    one = obligation(d, office, "training-annual", 113)
    equal((again["revision"], one["timeliness"], one["withdrawn"], one["first_received_at"]),
          (3, "late", None, again["received_at"]), "handed in again: what was withdrawn decides nothing")
    equal(obligation(d, office, "training-annual", 113, as_of=first["recorded_at"])["timeliness"], "on_time", "as of then")
    units = d.geo.get(f"{d.base}/timeliness", year=113, by="office", form="training-annual").json["timeliness"]
    unit = next(one for one in units if one["unit"] == office)
    equal((unit["received"], unit["on_time"], unit["late"]), (1, 0, 1), "timeliness by unit")


@test
def only_the_current_revision_is_withdrawn_and_only_once(d):
    office = OFFICES[5]
    first = d.accepted(annual(office, "113"))
    second = d.accepted(annual(office, "113", 1, **{"general.gm2h.m": 50}))
    conflict = withdraw(d, first["submission"], status=409)
    equal((conflict["code"], conflict["current"]["submission"]), ("revision_conflict", second["submission"]), "an older one")
    gone = withdraw(d, second["submission"])
    for one in (first, second, gone):
        equal(withdraw(d, one["submission"], status=409)["code"], "submission_withdrawn", "once more")
        equal(withdraw(d, one["submission"], "別的理由", status=409)["code"], "submission_withdrawn", "for another reason")
    stale = expect_status(d.post(annual(office, "113", 2)), 409).json
    equal(stale["current"]["revision"], 3, "a hand-in that doesn't know of it")
    d.accepted(annual(office, "113", 3, **{"general.gm2h.m": 50}))
    equal(d.revisions("training-annual", office, "113"), [1, 2, 3, 4], "revisions")


@test
def nothing_is_attached_to_what_is_withdrawn_until_it_is_handed_in_again(d):
    document, data, client = quarterly(GUISHAN, "112Q3", courses=[]), files.pdf(), d.office(GUISHAN)
    first = d.accepted(document)["submission"]
    gone = withdraw(d, first)["submission"]
    given = expect_status(client.post(f"{d.base}/uploads", {"size": len(data), "name": "evidence.pdf"}), 201).json["upload"]
    expect_status(client.request("PATCH", f"/v1/uploads/{given}", body=data, headers={
        "Content-Type": "application/octet-stream", "Upload-Offset": "0"}), 200)
    wanted = {"upload": given, "slot": "evidence"}
    for revision in (first, gone):
        refused = expect_status(client.post(f"/v1/submissions/{revision}/attachments", wanted), 409)
        equal(refused.json["code"], "submission_withdrawn", "code")
    again = d.accepted({**document, "base": 2})["submission"]
    expect_status(client.post(f"/v1/submissions/{again}/attachments", wanted), 201)


@test
def a_key_gives_the_same_receipt_again(d):
    first = d.accepted(annual(OFFICES[7], "113"))
    key = {"Idempotency-Key": str(uuid.uuid4())}
    gone = withdraw(d, first["submission"], headers=key)
    again = withdraw(d, first["submission"], headers=key, status=200)
    equal(again["submission"], gone["submission"], "replay")
    equal(withdraw(d, first["submission"], "別的理由", headers=key, status=409)["code"], "idempotency_conflict", "other content")


@test
def geo_withdraws_on_behalf_and_nobody_else_does(d):
    first = d.accepted(annual(OFFICES[8], "113"))
    for role in ("dbas", "supervision", "admin", "auditor"):
        withdraw(d, first["submission"], client=d.login(role), status=403)
    expect_status(d.office(ZHONGLI).post(f"/v1/submissions/{first['submission']}/withdrawal", {"reason": "x"}), 404)
    expect_status(d.service.client().post(f"/v1/submissions/{first['submission']}/withdrawal", {"reason": "x"}), 401)
    gone = withdraw(d, first["submission"], client=d.geo)
    equal((gone["on_behalf"], json.loads(gone["log"]["entry"])["on_behalf"]), (True, True), "receipt")


@test
def reasons_are_checked_and_are_only_text(d):
    first = d.accepted(annual(OFFICES[9], "113"))
    where = f"/v1/submissions/{first['submission']}/withdrawal"
    client = d.office(OFFICES[9])
    for body, status, code in (
            ({}, 422, "bad_member"), ({"reason": ""}, 422, "bad_member"), ({"reason": " \n"}, 422, "bad_member"),
            ({"reason": None}, 422, "bad_member"), ({"reason": 5}, 422, "bad_member"), ([], 422, "bad_member"),
            ({"reason": "x" * 2001}, 422, "bad_member"), ({"reason": "x" * 1000000}, 422, "bad_member"),
            ({"reason": "x", "other": 1}, 422, "bad_member"), ({"reason": "a\0b"}, 400, "malformed_json"),
            ({"reason": "x", "base": 1}, 422, "bad_member")):
        equal(expect_status(client.post(where, body), status).json["code"], code, str(body)[:60])
    expect_status(client.request("POST", where, body=b"reason=x", headers={"Content-Type": "text/plain"}), 415)
    expect_status(client.post(f"/v1/submissions/{uuid.uuid4()}/withdrawal", {"reason": "x"}), 404)
    expect_status(client.post("/v1/submissions/x/withdrawal", {"reason": "x"}), 404)
    words = "'); delete from tributary.revision; -- \\ \" \t 郵" + "寄" * 1900
    gone = withdraw(d, first["submission"], words)
    equal(document_of(client.get(f"/v1/submissions/{gone['submission']}").json)["withdrawn"], words, "the reason")
    refused = d.refused({**annual(OFFICES[9], "112"), "withdrawn": "x"})
    find(refused, "unknown_member", "withdrawn")


def beside(d, document):
    """The codes of what a dry run finds."""
    return [one["code"] for one in expect_status(d.post(document, dry_run="true"), 200).json["findings"]]


@test
def it_prefills_nothing_and_is_nobody_s_neighbour(d):
    office = FUXING
    plan = {"form": "budget-plan", "office": office, "period": "113", "base": 0, "fields": {"total_budget": 9000000},
            "tables": {"lines": [line("1", name="計畫甲", executed=..., settled=...)]}}
    first = d.accepted(plan)
    template = d.geo.get(f"{d.base}/forms/budget-execution/template", period=113, office=office, format="json").json
    equal([one["no"] for one in template["tables"]["lines"]], ["1"], "prefilled from the plan")
    lines = execution(office, "113", [line("1", name="計畫甲"), line("2", name="計畫乙")])
    check("line_not_planned" in beside(d, lines), "the plan is its neighbour")
    gone = withdraw(d, first["submission"])
    template = d.geo.get(f"{d.base}/forms/budget-execution/template", period=114, office=office, format="json").json
    check(not template["tables"].get("lines"), "another year")
    check("line_not_planned" not in beside(d, lines), "a withdrawn plan is still its neighbour")
    own = d.geo.get(f"{d.base}/forms/budget-plan/template", period=113, office=office, format="json").json
    equal((own["base"], own["tables"].get("lines") or [], own["fields"].get("total_budget")), (2, [], None),
          "its own template: nothing of it, on top of the withdrawal")
    again = d.accepted({**plan, "base": own["base"]})
    equal((again["revision"], again["replaces"]), (3, gone["submission"]), "handed in again, as it was")


@test
def one_of_several_events_is_withdrawn_alone(d):
    office = OFFICES[2]

    def meet(day):
        return d.accepted({"form": "task-group-meeting", "office": office, "period": "113", "base": 0, "fields": {
            "date": day, "kind": "regular", "members": 15, "present.m": 5, "present.f": 6}})
    one, two = meet("2024-05-06"), meet("2024-06-06")
    equal(obligation(d, office, "task-group-meeting", 113)["events"]["reported"], 2, "events")
    gone = withdraw(d, one["submission"])
    equal(gone["event"], one["event"], "event")
    equal(obligation(d, office, "task-group-meeting", 113)["events"]["reported"], 1, "events left")
    equal(d.unit("task-group-meeting", "113", office, by="office")["reported"], 1, "reported")
    withdraw(d, two["submission"])
    equal(d.unit("task-group-meeting", "113", office, by="office")["reported"], 0, "none is left")


@test
def personal_values_of_earlier_revisions_stay_apart(d):
    first = d.accepted(quarterly(GUISHAN, "113Q2", courses=[course(lecturer="王小明")]))
    gone = withdraw(d, first["submission"])
    document = document_of(d.office(GUISHAN).get(f"/v1/submissions/{first['submission']}").json)
    equal(document["tables"]["courses"][0]["lecturer"], "王小明", "the revision before")
    equal(d.service.sql(f"select count(*) from tributary.personal_value where revision = '{gone['submission']}'"), "0", "its own")


def review(d, submission, outcome="accept", status=201, **more):
    return expect_status(d.geo.post(f"/v1/submissions/{submission}/reviews", {"outcome": outcome, **more}), status).json


@test
def what_a_stage_accepted_is_withdrawn_only_once_all_of_it_was_returned(d):
    office, year = OFFICES[3], "112"
    first = d.accepted(annual(office, year))["submission"]
    review(d, first)
    for client in (d.office(office), d.geo):
        equal(client.get(f"/v1/submissions/{first}").json["may"]["withdraw"], False, "may")
        equal(withdraw(d, first, client=client, status=409)["code"], "submission_accepted", "accepted")
    review(d, first, "return", reason="更正", cells=["fields.general.gm2h.m"])
    equal(withdraw(d, first, status=409)["code"], "submission_accepted", "one cell was returned")
    review(d, first, "return", reason="全案退回")
    equal(d.office(office).get(f"/v1/submissions/{first}").json["may"]["withdraw"], True, "may")
    equal(d.unit("training-annual", year, office, by="office", basis="official")["reported"], 1, "official meanwhile")
    gone = withdraw(d, first)
    for basis in ("official", "latest"):
        unit = d.unit("training-annual", year, office, by="office", basis=basis)
        equal((unit["reported"], unit["elements"]["general.staff.m"]["offices"]), (0, 0), f"{basis}: missing")
        equal(d.unit("training-annual", year, office, by="office", basis=basis, as_of=first_moment(d, first))["reported"],
              int(basis == "latest"), f"{basis} as of its hand-in")
    equal(d.indicator("gm-general", year, office, by="office", basis="official")["bounds"], None,
          "its denominator isn't the last one known")
    one = obligation(d, office, "training-annual", int(year))
    equal((one["review"], one["official"], one["withdrawn"]["reason"]), ("not_received", None, "算錯了"), "obligation")
    equal(d.geo.get(f"/v1/submissions/{gone['submission']}").json["review"]["official"], None, "GET submission")
    equal(review(d, gone["submission"], status=409)["code"], "submission_withdrawn", "a withdrawal is reviewed")
    again = d.accepted(annual(office, year, 2))["submission"]
    equal(d.unit("training-annual", year, office, by="office", basis="official")["reported"], 0, "handed in again: not official yet")
    review(d, again)
    equal(d.unit("training-annual", year, office, by="office", basis="official")["reported"], 1, "accepted again")


def first_moment(d, submission):
    return d.geo.get(f"/v1/submissions/{submission}").json["recorded_at"]


@test
def what_nobody_accepted_may_be_withdrawn_though_it_was_returned(d):
    first = d.accepted(quarterly(OFFICES[3], "112Q1", courses=[]))["submission"]
    review(d, first, "return", reason="更正", cells=["tables.courses"])
    withdraw(d, first)
    waiting = expect_status(d.geo.get(f"{d.base}/waiting", office=OFFICES[3]), 200).json["waiting"]
    check("112Q1" not in [one["period"] for one in waiting], "it waits for review")


@test
def of_an_acceptance_and_a_withdrawal_at_once_one_is_refused(d):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for number in range(12):
            base = len(d.revisions("training-quarterly", ZHONGLI, "114Q1"))
            name = course(name=f"課程 {number}", date_from=..., date_to=...)
            first = d.accepted(quarterly(ZHONGLI, "114Q1", base, courses=[name]))["submission"]
            accepted = pool.submit(d.geo.post, f"/v1/submissions/{first}/reviews", {"outcome": "accept"})
            withdrawn = pool.submit(d.office(ZHONGLI).post, f"/v1/submissions/{first}/withdrawal", {"reason": "x"})
            statuses = accepted.result().status, withdrawn.result().status
            check(statuses in ((201, 409), (409, 201)), f"{accepted.result()} {withdrawn.result()}")
            if statuses[0] == 201:
                review(d, first, "return", reason="全案退回")


@test
def verify_holds_a_withdrawal_against_the_log(d):
    first = d.accepted(annual(OFFICES[11], "112"))
    gone = withdraw(d, first["submission"], "原因")
    for change, undo in (("set withdrawn = '別的'", "set withdrawn = '原因'"), ("set withdrawn = null", "set withdrawn = '原因'")):
        d.service.sql(f"set session_replication_role = replica; update tributary.revision {change} where id = '{gone['submission']}'")
        done = d.service.command("verify", check=False)
        check(done.returncode != 0 and gone["submission"] in done.stdout.decode() + done.stderr.decode(), f"{change} is not found")
        d.service.sql(f"set session_replication_role = replica; update tributary.revision {undo} where id = '{gone['submission']}'")
    done = d.service.command("verify", check=False)
    check(done.returncode == 0, done.stdout.decode() + done.stderr.decode())
    check("a_withdrawal_says_nothing_else" in d.service.sql(
        f"set session_replication_role = replica; update tributary.revision set reported = true where id = '{gone['submission']}'",
        check=False).stderr, "a withdrawal may report")


@test
def the_client_withdraws_and_shows_it(d):
    office = OFFICES[10]
    first = d.accepted(annual(office, "113"))
    tributary(d, d.office(office), "withdraw", first["submission"], status=2)
    said = tributary(d, d.office(office), "withdraw", first["submission"], "--reason", "誤報")
    check("已撤回" in said and "第 2 版" in said, said)
    gone = d.listed("training-annual", office, "113")[0]["submission"]
    for words in (("show", gone), ("revisions", gone), ("status",), ("receipt", "show", gone), ("due", "--year", "113"),
                  ("status", "--year", "113")):
        check("已撤回：" in tributary(d, d.office(office), *words), f"{words}: {tributary(d, d.office(office), *words)}")
    check("withdrawn: 誤報" in tributary(d, d.office(office), "show", gone, lang="en"), "in English")
    said = tributary(d, d.office(office), "withdraw", gone, "--reason", "誤報", status=1)
    check("已撤回" in said, said)
    answer = json.loads(tributary(d, d.geo, "withdraw", d.accepted(annual(office, "113", 2))["submission"], "--reason", "x", "--json"))
    equal((answer["revision"], answer["on_behalf"]), (4, True), "--json")
    tributary(d, d.login("dbas"), "withdraw", gone, "--reason", "x", status=4)


if __name__ == "__main__":
    suite.run()
