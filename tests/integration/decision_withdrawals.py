#!/usr/bin/env python3
"""Decisions that were recorded by mistake are withdrawn: what is refused, and what hangs on them."""
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from deciding import agenda, day, decide, listed, meeting, numbers, refer, report, rule, withdraw  # noqa: E402
from desk import FUXING, GUISHAN, desk  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
YANGMEI, PINGZHEN = "68000040", "68000100"


def states(decision):
    return [one["state"] for one in decision["owners"]]


@test
def what_was_recorded_by_mistake_is_withdrawn_and_keeps_its_number(d):
    where, later = (meeting(d, "liaison", "group-1", on) for on in ("2023-04-04", "2024-04-04"))
    one = decide(d, where, owners=[{"office": FUXING}], due_on="112/06/30", asks={"text": "場次"})
    office, past = d.office(FUXING), one["recorded_at"]
    report(office, one["decision"], "辦理中。")
    check(one["number"] in agenda(d, "liaison", "group-1") and one["overdue"], "it is tracked, and late")
    for client, status in ((office, 403), (d.office(GUISHAN), 403), (d.login("dbas"), 403), (d.login("admin"), 403)):
        withdraw(client, one["decision"], status=status)
    for reason in ("", " ", None, 7, "x" * 2001):
        equal(withdraw(d.geo, one["decision"], status=422, reason=reason)["code"], "bad_member", repr(reason)[:20])
    withdraw(d.geo, one["decision"], status=422, more=1)
    for path in ("x", str(uuid.uuid4())):
        withdraw(d.geo, path, status=404)
    key = {"Idempotency-Key": "withdrawn"}
    told = withdraw(d.login("supervision"), one["decision"], headers=key)
    equal((told["state"], states(told), told["withdrawn"]["reason"], told["overdue"], told["number"], told["may"]),
          ("withdrawn", ["withdrawn"], "主辦機關誤植", False, one["number"], []), "withdrawn")
    equal(withdraw(d.login("supervision"), one["decision"], status=200, headers=key)["decision"], one["decision"], "sent again")
    check(one["number"] not in agenda(d, "liaison", "group-1") and one["number"] not in agenda(d, "liaison", "group-1", meeting=later),
          "on no agenda, also of a meeting that was before it was recorded")
    asked = [own for own in office.get(f"{d.base}/obligations", year="112").json["requests"] if own["decision"] == one["decision"]]
    equal([own["state"] for own in asked], ["given"], "what was given stays given")
    for state, there in (("open", False), ("closed", False), ("withdrawn", True)):
        equal(one["number"] in numbers(d, state=state), there, state)
    for problem in (withdraw(d.geo, one["decision"], status=409), report(office, one["decision"], status=409),
                    rule(d.geo, one["decision"], later, (1, "close"), status=409), refer(d.geo, one["decision"], status=409)):
        equal(problem["code"], "decision_withdrawn", str(problem))
    then = d.geo.get(f"/v1/decisions/{one['decision']}", as_of=past).json
    equal((then["state"], then["withdrawn"]), ("open", None), "as it stood before")
    for moment, state in ((day().replace("-", "."), "已撤回"), (f"{day()} 23:59", "已撤回"), (f"{day()} 下午11點59分", "已撤回"), (past, "列管中")):
        check(state in tributary(d, d.geo, "decision", "show", one["number"], "--as-of", moment), moment)
    for moment in ("民國 999 年 2 月 15 日", "999年 2月 15日 14:30", "民國 999 年 2 月 15 日 下午 2 點"):
        check("已撤回" in tributary(d, d.geo, "decision", "show", one["number"], "--as-of", moment), moment)
    for moment in (f"{day(-1)} 23:59", f"{day(-1)} 14:00"):
        tributary(d, d.geo, "decision", "show", one["number"], "--as-of", moment, status=2)
    for moment in (f"{day()} 25:00", f"{day()} x", "x 14:00", f"{day()} "):
        check("--as-of" in tributary(d, d.geo, "decision", "show", one["number"], "--as-of", moment, status=2), moment)
    again = decide(d, where, owners=[{"office": GUISHAN}])
    equal(int(again["number"][-2:]), int(one["number"][-2:]) + 1, "the next number")
    d.service.command("verify")


@test
def what_a_meeting_has_ruled_or_spoken_of_is_not_withdrawn(d):
    where, later, up = meeting(d, "liaison", "group-2", "2023-05-05"), meeting(d, "liaison", "group-2", "2024-05-05"), meeting(d, "promotion-group", None, "2023-06-06")
    ruled, spoken, carried = (decide(d, where, owners=[{"agency": "教育局"}])["decision"] for _ in range(3))
    check("withdraw" not in rule(d.geo, ruled, later, (1, "continue"))["may"], "may")
    referral = refer(d.geo, spoken)["referrals"][0]["referral"]
    said = expect_status(d.geo.post(f"/v1/referrals/{referral}/outcome", {"meeting": up, "text": "x"}), 201).json
    check("withdraw" not in said["may"], "may")
    for one in (ruled, spoken):
        equal(withdraw(d.geo, one, status=409)["code"], "decision_ruled_upon", one)
    waiting = refer(d.geo, carried)
    check(waiting["number"] in agenda(d, "promotion-group"), "carried up")
    told = withdraw(d.geo, carried)
    check(told["number"] not in agenda(d, "promotion-group"), "and gone from there")
    equal(expect_status(d.geo.post(f"/v1/referrals/{waiting['referrals'][0]['referral']}/outcome", {"meeting": up, "text": "x"}), 409).json["code"],
          "decision_withdrawn", "nothing is said of it any more")


@test
def an_office_withdraws_what_it_recorded_of_its_own_task_group(d):
    record = d.accepted({"form": "task-group-meeting", "office": YANGMEI, "period": "112", "fields": {
        "date": "2023-04-10", "kind": "regular", "members": 12, "present.m": 5, "present.f": 5}, "notes": {"fields.members": "x"}})["submission"]
    one = decide(d, record, client=d.office(YANGMEI), owners=[{"office": YANGMEI}])
    check("withdraw" in one["may"], "may")
    withdraw(d.office(PINGZHEN), one["decision"], status=404)
    equal(withdraw(d.office(YANGMEI), one["decision"])["state"], "withdrawn", "its own")


@test
def an_item_whose_decision_was_withdrawn_is_taken_over_again(d):
    where = meeting(d, "liaison", "group-1", "2023-08-08")
    item = expect_status(d.geo.request("PUT", f"/v1/meetings/{where}/agenda", {"items": [{"kind": "discussion", "title": "甲"}]}, {"If-Match": "*"}),
                         200).json["agenda"]["items"][0]["item"]
    expect_status(d.geo.request("PUT", f"/v1/meetings/{where}/resolutions", {"resolutions": [{"item": item, "text": "請龜山區公所辦理。"}]}, {"If-Match": "*"}), 200)
    name = "liaison/group-1/112.8.8"
    first = tributary(d, d.geo, "decision", "take-over", name, "--confirm", "--item", "1", "--owner", "復興")
    number = [word.split("：")[0] for word in first.split() if word.startswith("112-group-1-")][0]
    check("主辦：復興區公所" in first and "沒有尚未列管的決議" in tributary(d, d.geo, "decision", "take-over", name), first)
    tributary(d, d.geo, "decision", "withdraw", number, status=2)
    said = tributary(d, d.geo, "decision", "withdraw", number, "--reason", "主辦應為龜山")
    check("已撤回" in said and "主辦應為龜山" in said and "take-over" in said, said)
    check("withdrawn" in tributary(d, d.geo, "decision", "list", "--state", "已撤回", lang="en"), "in the list")
    check(f"{number} 已撤回：主辦應為龜山" in tributary(d, d.geo, "decision", "take-over", name), "shown")
    said = tributary(d, d.geo, "decision", "take-over", name, "--confirm", status=2)
    check("曾撤回" in said and f"第 1 項曾列管為 {number} 而撤回，未再列管" in said, "not again without being named: " + said)
    both = [str(d.service.folder / f"decisions.{form}") for form in ("csv", "ods")]
    tributary(d, d.geo, "decision", "list", "--state", "withdrawn", "-o", both[0], "-o", both[1], "--force")
    check("主辦應為龜山" in pathlib.Path(both[0]).read_text("utf-8-sig") and pathlib.Path(both[1]).read_bytes()[:2] == b"PK", "both files, with the reason")
    check("標準輸出" in tributary(d, d.geo, "decision", "list", "-o", "-", "-o", both[0], "--force", status=2), "not on the screen beside a file")
    tributary(d, d.geo, "decision", "list", "-o", str(d.service.folder / "first.csv"), "-o", "x.nothing", status=2)
    check(not (d.service.folder / "first.csv").exists(), "all are judged before the first is written")
    check("不存在或用法不對" in tributary(d, d.geo, "decision", "list", "--nothing", status=2), "in the language that was asked for")
    second = tributary(d, d.geo, "decision", "take-over", name, "--item", "1")
    check("已列管" in second and "主辦：龜山區公所" in second and number not in second, second)
    check("已撤回" in tributary(d, d.geo, "decision", "rule", number, "close", "--meeting", name, status=1), "nothing to rule of")
    check("tributary decision withdraw NUMBER --reason" in tributary(d, d.geo, "decision", "withdraw", status=2), "how")
    check("已撤回" in tributary(d, d.geo, "decision", "withdraw", number, "--reason", "x", status=1), "told why not")
    equal([(one["state"], one["owners"][0]["office"]) for one in listed(d, body="liaison", unit="group-1", year=112) if one["item"] == item],
          [("withdrawn", FUXING), ("open", GUISHAN)], "both are kept")


@test
def what_was_given_to_a_withdrawn_decision_is_given_to_the_one_that_takes_its_place(d):
    where = meeting(d, "liaison", "group-1", "2023-08-09")
    items = expect_status(d.geo.request("PUT", f"/v1/meetings/{where}/agenda", {"items": [{"kind": "discussion", "title": name} for name in "甲乙"]},
                                        {"If-Match": "*"}), 200).json["agenda"]["items"]
    asked = {"owners": [{"office": FUXING}], "asks": {"form": "webpage", "period": "112"}}

    def stands(decision):
        return [one["state"] for one in d.office(FUXING).get(f"{d.base}/obligations", year="112").json["requests"] if one["decision"] == decision]
    first, other = (decide(d, where, item=one["item"], due_on="112/12/31", **asked) for one in items)
    d.accepted({"form": "webpage", "office": FUXING, "period": "112", "fields": {"url": "https://www.example.gov.tw", "last_updated": "2023-12-01", "updates": 3}})
    equal(stands(first["decision"]), ["given"], "handed in")
    withdraw(d.geo, first["decision"])
    again = decide(d, where, item=items[0]["item"], due_on="113/1/31", **asked)
    equal((stands(again["decision"]), stands(first["decision"])), (["given"], ["given"]), "what was given needn't be given again")
    d.accepted({"form": "webpage", "office": FUXING, "period": "112", "base": 1, "fields": {"url": "https://www.example.gov.tw", "last_updated": "2023-12-02", "updates": 4}})
    equal(stands(again["decision"]), ["given"], "and stays so")
    elsewhere = decide(d, where, **asked)
    equal(stands(elsewhere["decision"]), ["asked"], "of no item: it is asked anew")
    withdraw(d.geo, other["decision"])
    anew = decide(d, where, item=items[1]["item"], owners=[{"office": GUISHAN}], asks=asked["asks"])
    equal([one["state"] for one in d.office(GUISHAN).get(f"{d.base}/obligations", year="112").json["requests"] if one["decision"] == anew["decision"]],
          ["asked"], "another office, which wasn't asked before")


@test
def what_stands_in_minutes_is_not_withdrawn_and_what_was_withdrawn_stands_as_it_was(d):
    where, up = meeting(d, "liaison", "group-1", "2023-08-10"), meeting(d, "council", None, "2023-12-12")
    item = expect_status(d.geo.request("PUT", f"/v1/meetings/{where}/agenda", {"items": [{"kind": "discussion", "title": "甲"}]}, {"If-Match": "*"}),
                         200).json["agenda"]["items"][0]["item"]

    def resolve(text, status=200, **more):
        etag = f'"{d.geo.get(f"/v1/meetings/{where}").json["agenda"]["resolved"]}"'
        return expect_status(d.geo.request("PUT", f"/v1/meetings/{where}/resolutions", {"resolutions": [{"item": item, "text": text}], **more},
                                           {"If-Match": etag}), status).json
    resolve("請辦理。")
    one = decide(d, where, item=item, text="請辦理。")
    equal(resolve("請儘速辦理。", 422)["code"], "meeting_correction", "tracked: with a reason only")
    withdraw(d.geo, one["decision"])
    resolve("請儘速辦理。")
    equal(d.geo.get(f"/v1/decisions/{one['decision']}").json["text"], "請辦理。", "as it was when it was withdrawn")
    carried = decide(d, where)
    referral = refer(d.geo, carried["decision"], to_body="council")["referrals"][0]["referral"]
    row = expect_status(d.geo.request("PUT", f"/v1/meetings/{up}/agenda", {"items": [{"kind": "discussion", "title": "乙", "referral": referral}]},
                                      {"If-Match": "*"}), 200).json["agenda"]["items"][0]["item"]
    expect_status(d.geo.request("PUT", f"/v1/meetings/{up}/resolutions", {"resolutions": [{"item": row, "text": "照辦。"}]}, {"If-Match": "*"}), 200)
    equal(withdraw(d.geo, carried["decision"], status=409)["code"], "decision_ruled_upon", "resolved above")
    check("withdraw" not in d.geo.get(f"/v1/decisions/{carried['decision']}").json["may"], "may")
    expect_status(d.geo.request("PUT", f"/v1/meetings/{up}/agenda", {"items": [{"item": row, "kind": "discussion", "title": "乙"}], "reason": "誤連"},
                                {"If-Match": "*"}), 200)
    check("withdraw" in d.geo.get(f"/v1/decisions/{carried['decision']}").json["may"], "may again")
    withdraw(d.geo, carried["decision"])


if __name__ == "__main__":
    suite.run()
