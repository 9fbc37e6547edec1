#!/usr/bin/env python3
"""A closed period takes nothing in until it is opened again: by whom, why, since when, and as it was at any moment."""
import concurrent.futures
import csv
import io
import json
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import files  # noqa: E402
from desk import GUISHAN, OFFICES, ZHONGLI, annual, course, desk, find, quarterly  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test


def change(d, period, closed, form=None, reason="決算", client=None, status=201, headers=None):
    body = {"period": period, "form": form, "closed": closed, "reason": reason}
    return expect_status((client or d.geo).post(f"{d.base}/closings", body, headers), status).json


def close(d, period, form=None, **more):
    return change(d, period, True, form, **more)


def reopen(d, period, form=None, **more):
    return change(d, period, False, form, reason="更正", **more)


def refused(reply, closing):
    problem = expect_status(reply, 409).json
    equal((problem["code"], problem["closed"]), ("period_closed", {name: closing[name] for name in (
        "period", "form", "reason", "recorded_at")}), "the refusal")
    check(closing["reason"] in problem["detail"] and closing["recorded_at"] in problem["detail"], problem["detail"])


def upload(d, client, data=b""):
    data = data or files.pdf(30000)
    one = expect_status(client.post(f"{d.base}/uploads", {"size": len(data), "name": "a.pdf"}), 201).json["upload"]
    expect_status(client.request("PATCH", f"/v1/uploads/{one}", body=data, headers={
        "Content-Type": "application/octet-stream", "Upload-Offset": "0"}), 200)
    return one


def obligation(d, office, form, period, **query):
    listed = d.geo.get(f"{d.base}/obligations", year=period.split("Q")[0], office=office, form=form, **query).json["obligations"]
    return next(one for one in listed if one["period"] == period)


def report(office, base=0, courses=()):
    return quarterly(office, "113Q2", base, courses=list(courses))


@test
def nothing_of_a_closed_period_is_handed_in_withdrawn_or_attached(d):
    office = d.office(GUISHAN)
    first = d.accepted(report(GUISHAN))
    where = f"/v1/submissions/{first['submission']}/attachments"
    made = expect_status(office.post(where, {"upload": upload(d, office), "slot": "evidence"}), 201).json
    waiting = upload(d, office)
    closing = close(d, "113Q2", "training-quarterly")
    equal((closing["closed"], closing["current"], closing["by"]), (True, True, "test geo"), "closing")
    refused(d.post(report(GUISHAN, 1, [course()])), closing)
    refused(d.post(report(ZHONGLI)), closing)
    refused(d.geo.hand_in(d.plan, report(ZHONGLI)), closing)
    for client in (office, d.geo):
        refused(client.post(f"/v1/submissions/{first['submission']}/withdrawal", {"reason": "x"}), closing)
        refused(client.post(f"/v1/attachments/{made['attachment']}/withdrawal", {"reason": "x"}), closing)
    refused(office.post(where, {"upload": waiting, "slot": "evidence"}), closing)
    refused(d.geo.post(where, {"upload": upload(d, d.geo), "slot": "evidence"}), closing)
    equal(expect_status(d.post(report(GUISHAN, 1)), 200).json["unchanged"], True, "what is there already")
    expect_status(office.get(f"{d.base}/forms/training-quarterly/template", period="113Q2", office=GUISHAN, format="ods"), 200)
    dry = expect_status(d.post(report(GUISHAN, 1, [course()]), dry_run="true"), 200).json
    equal(dry["outcome"], "refused", "dry run")
    found = find(dry["findings"], "period_closed", "period")
    check(found["severity"] == "error" and "決算" in found["message"], found)
    equal(d.revisions("training-quarterly", GUISHAN, "113Q2"), [1], "stored")
    reopen(d, "113Q2", "training-quarterly")
    d.accepted(report(GUISHAN, 1, [course()]))
    expect_status(office.post(where, {"upload": waiting, "slot": "evidence"}), 201)
    d.accepted(report(ZHONGLI))


@test
def a_year_closes_its_quarters_and_a_form_itself_only(d):
    def state(form, period):
        return (obligation(d, OFFICES[1], form, period)["closed"] or {}).get("reason")
    close(d, "114", reason="年度")
    equal([state("training-quarterly", f"114Q{quarter}") for quarter in (1, 4)], ["年度", "年度"], "quarters of the year")
    equal((state("training-annual", "114"), state("training-annual", "113")), ("年度", None), "years")
    close(d, "114Q2", "training-quarterly", reason="本季")
    equal((state("training-quarterly", "114Q2"), state("training-quarterly", "114Q3")), ("本季", "年度"), "the newest is told")
    reopen(d, "114")
    equal([state("training-quarterly", f"114Q{quarter}") for quarter in (1, 2)], [None, "本季"], "its own closing still holds")
    equal(expect_status(d.post(quarterly(OFFICES[1], "114Q2", courses=[])), 409).json["closed"]["period"], "114Q2", "named")
    d.accepted(quarterly(OFFICES[1], "114Q1", courses=[]))
    close(d, "114", "training-quarterly", reason="各季")
    equal((state("training-quarterly", "114Q1"), state("training-annual", "114")), ("各季", None), "a form's year")
    close(d, "plan", reason="計畫")
    listed = d.geo.get(f"{d.base}/obligations", year=112, office=OFFICES[1], form="implementation-plan").json["obligations"]
    equal((listed[0]["period"], listed[0]["closed"]["reason"]), ("plan", "計畫"), "the plan's own period")
    equal(state("training-annual", "114"), None, "a year isn't the plan's own period")
    reopen(d, "114", "training-quarterly")
    reopen(d, "114Q2", "training-quarterly")
    reopen(d, "plan")


@test
def obligations_and_the_list_tell_it_as_of_any_moment(d):
    office = OFFICES[2]
    closing = close(d, "112", "training-annual", reason="決算完成")
    opened = reopen(d, "112", "training-annual")
    held = {"reason": "決算完成", "recorded_at": closing["recorded_at"]}
    equal(obligation(d, office, "training-annual", "112", as_of=closing["recorded_at"])["closed"], held, "as of the closing")
    equal(obligation(d, office, "training-annual", "112", as_of=opened["recorded_at"])["closed"], None, "as of the opening")
    equal(obligation(d, office, "training-annual", "112", as_of="2024-01-01T00:00:00Z")["closed"], None, "as of before")
    whole = d.geo.get(f"{d.base}/closings").json["closings"]
    mine = [one for one in whole if one["period"] == "112"]
    equal([(one["closed"], one["reason"], one["current"]) for one in mine],
          [(True, "決算完成", False), (False, "更正", False)], "list")
    past = d.office(office).get(f"{d.base}/closings", as_of=closing["recorded_at"]).json["closings"]
    equal([(one["closed"], one["current"]) for one in past if one["period"] == "112"], [(True, True)], "the list as of then")
    rows = list(csv.DictReader(io.StringIO(d.geo.get(f"{d.base}/closings", format="csv").body.decode("utf-8-sig"))))
    equal([row["reason"] for row in rows], [one["reason"] for one in whole], "table")
    for kind in ("ods", "xlsx"):
        expect_status(d.geo.get(f"{d.base}/closings", format=kind), 200)


@test
def only_geo_and_admin_close_and_an_order_is_read_strictly(d):
    for role in ("dbas", "supervision", "auditor"):
        close(d, "115", client=d.login(role), status=403)
        reopen(d, "115", client=d.login(role), status=403)
    close(d, "115", client=d.office(GUISHAN), status=403)
    expect_status(d.service.client().post(f"{d.base}/closings", {"period": "115", "closed": True, "reason": "x"}), 401)
    expect_status(d.geo.post("/v1/plans/none/closings", {"period": "115", "closed": True, "reason": "x"}), 404)
    right = {"period": "115", "form": None, "closed": True, "reason": "x"}
    for wrong in ({"period": "116"}, {"period": "115Q5"}, {"period": ""}, {"period": None}, {"period": 115}, {"form": "none"},
                  {"form": ""}, {"form": 1}, {"form": "training-annual", "period": "115Q1"},
                  {"form": "training-annual", "period": "plan"}, {"closed": None}, {"closed": "true"}, {"closed": 1},
                  {"reason": ""}, {"reason": " "}, {"reason": "x" * 2001}, {"reason": None}, {"office": GUISHAN}):
        equal(expect_status(d.geo.post(f"{d.base}/closings", {**right, **wrong}), 422).json["code"], "bad_member", str(wrong)[:60])
    for missing in right:
        if missing != "form":
            body = {name: value for name, value in right.items() if name != missing}
            expect_status(d.geo.post(f"{d.base}/closings", body), 422)
    expect_status(d.geo.post(f"{d.base}/closings", {**right, "reason": "a\0b"}), 400)
    expect_status(d.geo.post(f"{d.base}/closings", []), 422)
    equal([one for one in d.geo.get(f"{d.base}/closings").json["closings"] if one["period"].startswith("115")], [], "stored")
    words = "'); delete from tributary.closing; -- \\ \" 郵"
    equal(close(d, "115", reason=words, client=d.login("admin"))["reason"], words, "a reason is only text")
    equal(expect_status(d.post(annual(GUISHAN, "115")), 409).json["closed"]["reason"], words, "and told as it is")
    reopen(d, "115")


@test
def closing_again_says_it_is_so_and_opening_what_is_open_is_refused(d):
    equal(reopen(d, "115Q1", status=409)["code"], "not_closed", "never closed")
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = close(d, "115Q1", headers=key)
    equal(close(d, "115Q1", headers=key, status=200)["closing"], first["closing"], "replay")
    equal(close(d, "115Q1", status=200)["closing"], first["closing"], "for the same reason")
    second = close(d, "115Q1", reason="另有事由")
    check(second["closing"] != first["closing"], "another reason is recorded")
    reopen(d, "115Q1")
    equal(change(d, "115Q1", False, reason="其他", status=409)["code"], "not_closed", "opened before")
    equal(close(d, "115Q2", headers=key, status=409)["code"], "idempotency_conflict", "the key for another order")


@test(seconds=120)
def a_closing_and_hand_ins_at_once_never_cross(d):
    """Whatever was recorded has its place in the log before the closing or after the opening."""
    with concurrent.futures.ThreadPoolExecutor(14) as pool:
        for turn in range(6):
            def hand_in(office, turn=turn):
                # every thread tries several times while the period is closed and opened
                receipts, base = [], len(d.revisions("training-annual", office, "115"))
                for attempt in range(8):
                    reply = d.office(office).hand_in(d.plan, annual(office, "115", base, **{
                        "general.excluded": 100 * turn + attempt, "excluded_reason": "借調"}))
                    expect_status(reply, 201, 200, 409)
                    if reply.status == 201:
                        receipts.append(reply.json)
                        base += 1
                    elif reply.status == 409:
                        equal(reply.json["code"], "period_closed", str(reply))
                return receipts
            work = [pool.submit(hand_in, office) for office in OFFICES[:8]]
            closing = close(d, "115", "training-annual", reason=f"第 {turn} 次")
            opening = reopen(d, "115", "training-annual")
            for one in work:
                for receipt in one.result():
                    check(not closing["recorded_at"] < receipt["recorded_at"] < opening["recorded_at"],
                          f"recorded at {receipt['recorded_at']}, closed from {closing['recorded_at']} to {opening['recorded_at']}")
    done = d.service.command("verify", check=False)
    check(done.returncode == 0 and b"; 0 faults" in done.stdout, done.stdout.decode())


@test
def verify_holds_closings_against_the_log(d):
    closing = close(d, "115Q3", reason="原因")
    row = f"where closing = '{closing['closing']}'"
    for change_of, undo in (("closed = false", "closed = true"), ("reason = 'x'", "reason = '原因'"),
                            ("period = '115Q4'", "period = '115Q3'"), ("form = 'webpage'", "form = null")):
        d.service.sql(f"set session_replication_role = replica; update tributary.closing set {change_of} {row}")
        done = d.service.command("verify", check=False)
        check(done.returncode != 0 and b"(closing)" in done.stdout + done.stderr, f"{change_of} is not found")
        d.service.sql(f"set session_replication_role = replica; update tributary.closing set {undo} {row}")
    equal(d.service.command("verify", check=False).returncode, 0, "verify")
    for change_of in (f"update tributary.closing set closed = false {row}", f"delete from tributary.closing {row}",
                      "truncate tributary.closing"):
        check("append-only" in d.service.sql(change_of, check=False).stderr, change_of)
    reopen(d, "115Q3")


@test
def the_client_closes_opens_and_lists(d):
    said = tributary(d, d.geo, "period", "close", "113Q4", "--form", "training-quarterly", "--reason", "結案")
    check("已關閉：113Q4" in said, said)
    check("關閉：結案" in tributary(d, d.geo, "due", "--year", "113", "--form", "training-quarterly"), "due")
    said = tributary(d, d.office(GUISHAN), "status", "--year", "113")
    check("已關閉：" in said and "結案" in said, said)
    check("結案" in tributary(d, d.office(GUISHAN), "period", "list"), "list")
    path = d.service.folder / "closed.json"
    path.write_text(json.dumps(quarterly(GUISHAN, "113Q4", courses=[])), encoding="utf-8")
    said = tributary(d, d.office(GUISHAN), "submit", path, status=1)
    check("關閉" in said and "結案" in said, said)
    said = tributary(d, d.office(GUISHAN), "check", "--online", path, status=1)
    check("結案" in said, said)
    said = tributary(d, d.geo, "period", "reopen", "113Q4", "--form", "training-quarterly", "--reason", "補件", lang="en")
    check("Opened again" in said, said)
    tributary(d, d.geo, "period", "reopen", "113Q4", "--reason", "補件", status=1)
    tributary(d, d.geo, "period", "close", "113Q4", status=2)
    tributary(d, d.geo, "period", "shut", "113Q4", "--reason", "x", status=2)
    tributary(d, d.office(GUISHAN), "period", "close", "113Q4", "--reason", "x", status=4)
    answer = json.loads(tributary(d, d.geo, "period", "list", "--json"))
    equal(answer, d.geo.get(f"{d.base}/closings").json, "--json")


if __name__ == "__main__":
    suite.run()
