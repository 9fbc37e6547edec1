#!/usr/bin/env python3
"""Decisions: numbered, owned, reported on, ruled upon, carried up, and read as they stood."""
import hashlib
import itertools
import json
import os
import pathlib
import sys
import tempfile
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import files  # noqa: E402
from deciding import agenda, day, decide, listed, meeting, numbers, refer, report, rule  # noqa: E402
from desk import FUXING, GUISHAN, ZHONGLI, annual, desk  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
YANGMEI, PINGZHEN = "68000040", "68000100"


def states(decision):
    return [one["state"] for one in decision["owners"]]


@test
def a_decision_with_three_owners_is_open_until_each_is_done(d):
    made = meeting(d, "liaison", "group-2", "2024-09-10")
    one = decide(d, made, owners=[{"office": ZHONGLI}, {"office": YANGMEI}, {"agency": "社會局"}], due_on="113/12/31")
    equal((one["number"], one["state"], one["kind"], one["due_on"], one["year"]), ("113-group-2-01", "open", "resolution", "2024-12-31", 113), "new")
    equal([own["name"]["zh"] for own in one["owners"]], ["中壢區公所", "楊梅區公所", "社會局"], "owners")
    equal(one["may"], ["progress", "rule", "refer", "withdraw"], "may")
    equal(agenda(d, "liaison", "group-2"), ["113-group-2-01"], "the next agenda")
    equal(agenda(d, "liaison", "group-1"), [], "another group's")

    told = report(d.office(ZHONGLI), one["decision"], "已完成三場。", proposes="close")
    equal((told["owners"][0]["progress"][0]["text"], told["owners"][0]["progress"][0]["proposes"]), ("已完成三場。", "close"), "progress")
    report(d.office(YANGMEI), one["decision"], "辦理中。")
    report(d.geo, one["decision"], "社會局函復。", owner=3, proposes="hand_over")
    equal(told["state"], "open", "a proposal rules nothing")

    later = meeting(d, "liaison", "group-2", "2025-09-10")
    equal(agenda(d, "liaison", "group-2", meeting=later), ["113-group-2-01"], "stands in the 114 agenda")
    equal(agenda(d, "liaison", "group-2", meeting=made), [], "not in the agenda of the meeting that made it")
    done = rule(d.geo, one["decision"], later, (1, "close"), (2, "continue", "2026-06-30"))
    equal((states(done), done["state"], done["due_on"]), (["closed", "open", "open"], "open", "2024-12-31"), "two are left")
    equal((done["owners"][1]["due_on"], done["owners"][1]["rulings"][0]["day"]), ("2026-06-30", "2025-09-10"), "put off")
    done = rule(d.geo, one["decision"], later, ("社會局", "hand_over"))
    equal((states(done), done["state"], done["due_on"]), (["closed", "open", "handed_over"], "open", "2026-06-30"), "one is left")
    last = meeting(d, "liaison", "group-2", "2026-09-10")
    done = rule(d.login("supervision"), one["decision"], last, (YANGMEI, "close"))
    equal((states(done), done["state"], done["overdue"]), (["closed", "closed", "handed_over"], "closed", False), "all done")
    equal(agenda(d, "liaison", "group-2"), [], "gone from the agenda")
    equal(agenda(d, "liaison", "group-2", meeting=last), ["113-group-2-01"], "as that meeting found it")
    equal(report(d.office(YANGMEI), one["decision"], status=409)["code"], "owner_closed", "nothing more to report")
    report(d.geo, one["decision"], "續辦。", owner=3)

    back = rule(d.geo, one["decision"], last, (2, "continue"))
    equal((back["state"], back["owners"][1]["due_on"], len(back["owners"][1]["rulings"])), ("open", "2026-06-30", 3), "taken back by a newer one")
    equal(agenda(d, "liaison", "group-2"), ["113-group-2-01"], "again in the agenda")


@test
def the_client_records_a_decision_and_what_becomes_of_it(d):
    made, later = meeting(d, "liaison", "group-1", "2024-08-01"), meeting(d, "liaison", "group-1", "2025-08-01")
    said = tributary(d, d.geo, "decision", "add", "--meeting", made, "--title", "性別統計盤點", "--text", "請各區辦理盤點。",
                     "--owner", "龜山區公所", "--owner", FUXING, "--agency", "社會局", "--due", "113/12/31")
    number = said.split()[0]
    check(number.startswith("113-group-1-") and "社會局" in said and "列管中" in said and "113年12月31日" in said and "逾期" in said, said)
    said = tributary(d, d.office(GUISHAN), "decision", "progress", number, "已辦理三場", "--proposes", "close")
    check("已辦理三場" in said and "建議解除列管" in said, said)
    said = tributary(d, d.geo, "decision", "rule", number, "close", "--owner", "龜山", "--meeting", later, "--text", "准予解除")
    check("准予解除" in said and "114年8月1日" in said, said)
    said = tributary(d, d.geo, "decision", "rule", number, "continue", "--meeting", later, "--due", "115/12/31")
    check(said.count("115年12月31日") == 4, said)
    said = tributary(d, d.geo, "decision", "list", "--body", "liaison", "--group", "1", "--agenda")
    check(number in said and "✓ 龜山區" in said, said)
    tributary(d, d.geo, "decision", "refer", number, "--to", "liaison", "--unit", "第9組", status=2)
    said = tributary(d, d.geo, "decision", "refer", number, "--reason", "跨局處")
    check("性別主流化推動組" in said and "尚無結果" in said, said)
    meeting(d, "promotion-group", None, "2025-11-03")
    said = tributary(d, d.geo, "decision", "outcome", number, "請社會局研議", "--meeting", "114/11/3")
    check("請社會局研議" in said and "114年11月3日" in said, said)
    said = tributary(d, d.geo, "decision", "show", number, lang="en")
    check("Gender Mainstreaming Promotion Group" in said and "proposes: closed" in said, said)
    for words, status in ((("show", "113-group-1-99"), 2), (("progress", number, "x", "--owner", "9"), 2), (("rule", number, "close"), 2),
                          (("rule", number, "stop", "--meeting", later), 1), (("add", "--meeting", made, "--title", "x", "--text", "x"), 2),
                          (("add", "--meeting", made, "--title", "x", "--text", "x", "--owner", "火星"), 2), (("drop", number), 2)):
        tributary(d, d.geo, "decision", *words, status=status)
    tributary(d, d.office(ZHONGLI), "decision", "progress", number, "x", status=2)
    tributary(d, d.office(GUISHAN), "decision", "refer", number, status=4)


def requests(d, client=None, **query):
    return expect_status((client or d.geo).get(f"{d.base}/obligations", **query), 200).json["requests"]


@test
def data_that_a_decision_asks_for_stands_beside_the_obligations(d):
    before = d.geo.get(f"{d.base}/obligations", year=112).json
    made = meeting(d, "liaison", "group-1", "2024-06-20")
    d.accepted(annual(GUISHAN, "112"))
    form = decide(d, made, "補報112年成果", owners=[{"office": GUISHAN}, {"office": FUXING}, {"agency": "社會局"}], due_on=day(5),
                  asks={"form": "training-annual", "period": "112"})
    asked = {one["office"]: one for one in requests(d, year=112)}
    equal([(one["number"], one["form"], one["period"], one["state"], one["due"], one["due_date"], one["timeliness"])
           for one in asked.values()], [(form["number"], "training-annual", "112", "asked", "due_soon", day(5), "none")] * 2, "asked")
    equal(requests(d, year=113), [], "another year")
    equal([one["office"] for one in requests(d, d.office(GUISHAN), year=112)], [GUISHAN], "an office's own")
    d.accepted(annual(GUISHAN, "112", 1, counted_on="2023-12-30"))
    equal([one["state"] for one in requests(d, year=112)], ["asked", "asked"], "figures that are provisional")
    given = d.accepted(annual(GUISHAN, "112", 2, **{"general.cedaw2h.m": 9}))
    one = requests(d, year=112, office=GUISHAN)[0]
    equal((one["state"], one["timeliness"], one["submission"]), ("given", "on_time", given["submission"]), "a revision after the decision")
    later = meeting(d, "liaison", "group-1", "2025-06-20")
    rule(d.geo, form["decision"], later, (2, "close"))
    equal([one["state"] for one in requests(d, year=112)], ["given", "lifted"], "closed before it gave any")

    question = decide(d, made, "請提供場次", due_on=day(-3), owners=[{"office": GUISHAN}], asks={"text": "去年辦理幾場"})
    one = requests(d, year=113)[0]
    equal((one["form"], one["text"], one["state"], one["due"]), (None, "去年辦理幾場", "asked", "past_due"), "a question")
    said = tributary(d, d.office(GUISHAN), "due")
    check("去年辦理幾場" in said and "逾期 3 天" in said and question["number"] in said and form["number"] in said, said)
    said = tributary(d, d.geo, "due", lang="en")
    check("Overdue decisions" in said and "3 days overdue" in said, said)
    answer = report(d.office(GUISHAN), question["decision"], "12場")
    one = requests(d, year=113)[0]
    equal((one["state"], one["timeliness"], one["progress"]), ("given", "late", answer["owners"][0]["progress"][0]["progress"]), "answered")
    after = d.geo.get(f"{d.base}/obligations", year=112, office=FUXING).json
    equal(after["obligations"], [one for one in before["obligations"] if one["office"] == FUXING], "the obligations themselves")
    for asks in ({"form": "training-annual"}, {"period": "113"}, {"form": "x", "period": "113"}, {"form": "training-annual", "period": "113Q1"},
                 {}, {"x": 1}, [], {"text": ""}):
        equal(decide(d, made, status=422, asks=asks)["code"], "bad_member", str(asks))


@test
def numbers_run_within_a_body_its_unit_and_its_year(d):
    places = [("liaison", "group-1", "2025-03-01", "114-group-1-"), ("liaison", "group-2", "2025-03-01", "114-group-2-"),
              ("promotion-group", None, "2025-03-01", "114-promotion-group-"), ("liaison", "group-1", "2026-03-01", "115-group-1-")]
    for body, unit, held_on, begins in places:
        where = meeting(d, body, unit, held_on)
        equal([decide(d, where)["number"] for _ in range(3)], [f"{begins}{i:02d}" for i in (1, 2, 3)], begins)
    one = listed(d, number="114-group-2-02")
    equal([own["number"] for own in one], ["114-group-2-02"], "by its number")
    equal(listed(d, number="114-group-2-99"), [], "no such number")
    for query in ({"number": "x"}, {"number": "114-2"}, {"number": "-1-2"}, {"number": "114-group-1-x"}, {"year": "x"}, {"state": "x"}, {"body": "x"}, {"unit": "x"},
                  {"body": "liaison", "unit": GUISHAN},
                  {"office": "x"}, {"agenda": "x"}, {"agenda": "true"}, {"meeting": str(uuid.uuid4())}, {"limit": "0"}, {"after": "x"},
                  {"as_of": "x"}, {"number": "114-group-1-01", "year": "113"}, {"agenda": "true", "body": "liaison", "meeting": "x"}):
        equal(listed(d, status=400, **query)["code"], "bad_parameter", str(query))
    seen, after = [], None
    while True:
        answer = expect_status(d.geo.get(f"{d.base}/decisions", limit=5, after=after), 200).json
        seen += [one["number"] for one in answer["decisions"]]
        after = answer["next"]
        if not after:
            break
    equal(seen, numbers(d, limit=500), "page by page")


@test
def the_same_key_records_once(d):
    where, key = meeting(d, "promotion-group", None, "2024-05-02"), {"Idempotency-Key": str(uuid.uuid4())}
    one = decide(d, where, "一", headers=key)
    equal(decide(d, where, "一", headers=key, status=200)["decision"], one["decision"], "a replay")
    equal(decide(d, where, "二", headers=key, status=409)["code"], "idempotency_conflict", "other content")
    key = {"Idempotency-Key": str(uuid.uuid4())}
    report(d.office(GUISHAN), one["decision"], headers=key)
    equal(len(report(d.office(GUISHAN), one["decision"], headers=key, status=200)["owners"][0]["progress"]), 1, "reported once")


@test
def what_a_meeting_corrects_of_its_ruling_sets_no_day_any_more(d):
    one = decide(d, meeting(d, "liaison", "group-2", "2023-02-14"), owners=[{"agency": "教育局"}], due_on="2023-06-30")["decision"]
    later = meeting(d, "liaison", "group-2", "2023-08-15")
    ruled = [expect_status(d.geo.post(f"/v1/decisions/{one}/rulings", {"meeting": later, "rulings": [{"owner": 1, "outcome": "continue", **day}]}), 201).json
             for day in ({"due_on": "2035-06-30"}, {})]
    equal([own["owners"][0]["due_on"] for own in ruled], ["2035-06-30", "2023-06-30"], "as it was before that meeting")
    equal([own["replaced"] for own in ruled[1]["owners"][0]["rulings"]], [True, False], "said")
    check("其後更正" in tributary(d, d.geo, "decision", "show", ruled[1]["number"]), "and shown")


@test
def a_meeting_whose_day_is_corrected_into_another_year_is_of_that_year(d):
    body = "division-safety"
    made = expect_status(d.geo.post(f"{d.base}/meetings", {"body": body, "held_on": "2025-01-03"}), 201).json["meeting"]
    expect_status(d.geo.post(f"/v1/meetings/{made}/steps", {"state": "held", "day": "2024-12-30", "reason": "日期誤植"}), 201)
    one = decide(d, made, owners=[{"agency": "教育局"}])
    listed = [own["year"] for own in d.geo.get(f"{d.base}/meetings", body=body).json["meetings"] if own["meeting"] == made]
    equal((listed, one["year"], one["number"][:4]), ([113], 113, "113-"), "one year everywhere")


@test
def what_is_carried_up_stands_in_that_body_s_agenda_until_it_has_spoken(d):
    made = meeting(d, "liaison", "group-1", "2023-09-01")
    one = decide(d, made, owners=[{"agency": "教育局"}])
    up = refer(d.geo, one["decision"], reason="跨局處")
    equal((up["referrals"][0]["to_body"], up["referrals"][0]["outcome"]), ("promotion-group", None), "by the plan")
    check(one["number"] in agenda(d, "promotion-group") and one["number"] in agenda(d, "liaison", "group-1"), "in both agendas")
    equal(refer(d.geo, one["decision"], status=409)["code"], "already_referred", "twice")
    where, referral = meeting(d, "promotion-group", None, "2023-11-06"), up["referrals"][0]["referral"]
    outcome = d.geo.post(f"/v1/referrals/{referral}/outcome", {"meeting": "112/11/6", "text": "請教育局研議。"})
    said = expect_status(outcome, 201).json["referrals"][0]["outcome"]
    equal((said["text"], said["meeting"], said["day"]), ("請教育局研議。", where, "2023-11-06"), "it comes down")
    check(one["number"] not in agenda(d, "promotion-group") and one["number"] in agenda(d, "liaison", "group-1"), "it has spoken")
    check(one["number"] in agenda(d, "promotion-group", meeting=where), "as that meeting found it")
    again = expect_status(d.geo.post(f"/v1/referrals/{referral}/outcome", {"meeting": where, "text": "更正"}), 201).json
    equal(again["referrals"][0]["outcome"]["text"], "更正", "the newest counts")
    meeting(d, "promotion-group", None, "2023-08-31")
    equal(expect_status(d.geo.post(f"/v1/referrals/{referral}/outcome", {"meeting": "112/8/31", "text": "x"}), 409).json["code"], "ruling_too_early",
          "by a meeting before the one that decided it")
    up = refer(d.geo, one["decision"])
    equal([own["to_body"] for own in up["referrals"]], ["promotion-group", "council"], "a tier higher")
    check(one["number"] in agenda(d, "council"), "the council's agenda")
    third = up["referrals"][1]["referral"]
    for sent, status, code in (({"meeting": where, "text": "x"}, 409, "no_meeting"), ({"meeting": "112/1/1", "text": "x"}, 409, "no_meeting"),
                               ({"meeting": "x", "text": "x"}, 409, "no_meeting"), ({"meeting": where}, 422, "bad_member"),
                               ({"text": "x"}, 422, "bad_member"), ({"meeting": where, "text": ""}, 422, "bad_member")):
        equal(expect_status(d.geo.post(f"/v1/referrals/{third}/outcome", sent), status).json["code"], code, str(sent))
    later = meeting(d, "liaison", "group-1", "2024-09-01")
    rule(d.geo, one["decision"], later, (1, "close"))
    check(one["number"] in agenda(d, "council") and one["number"] not in agenda(d, "liaison", "group-1"), "closed below, not yet spoken of above")
    equal(refer(d.geo, one["decision"], status=409, to_body="special-group", to_unit="education")["code"], "decision_closed", "closed")
    for sent in ({"to_body": "x"}, {"to_body": "liaison"}, {"to_body": "liaison", "to_unit": "group-1"}, {"to_unit": "x"}, {"reason": ""}, {"x": 1}):
        refer(d.geo, one["decision"], status=422, **sent)
    for path in ("referrals/x/outcome", f"referrals/{uuid.uuid4()}/outcome"):
        expect_status(d.geo.post(f"/v1/{path}", {"meeting": where, "text": "x"}), 404)


@test
def rulings_come_from_a_later_meeting_of_the_same_body(d):
    made, other = meeting(d, "liaison", "group-1", "2023-10-01"), meeting(d, "liaison", "group-2", "2024-10-01")
    one = decide(d, made)["decision"]
    earlier, up = meeting(d, "liaison", "group-1", "2023-09-30"), meeting(d, "promotion-group", None, "2024-05-20")
    for where, code in ((made, "ruling_too_early"), (earlier, "ruling_too_early"), (other, "no_meeting"), (up, "no_meeting"),
                        (str(uuid.uuid4()), "no_meeting"), ("113/1/1", "no_meeting"), ("x", "no_meeting")):
        equal(rule(d.geo, one, where, (1, "close"), status=409)["code"], code, where)
    later = meeting(d, "liaison", "group-1", "2024-10-01")
    for rulings in ((), ((2, "close"),), ((1, "x"),), ((1, "close", "2025-01-01"),), ((1, "continue", "x"),), ((1, "close"), (GUISHAN, "close")),
                    ((FUXING, "close"),), ((None, "close"),)):
        equal(rule(d.geo, one, later, *rulings, status=422)["code"], "bad_member", str(rulings))
    equal(rule(d.geo, one, "113/10/1", (GUISHAN, "continue", "114/3/1"))["owners"][0]["due_on"], "2025-03-01", "by its day")
    for path in (f"{uuid.uuid4()}", "x"):
        rule(d.geo, path, later, (1, "close"), status=404)
        report(d.geo, path, status=404)
        expect_status(d.geo.get(f"/v1/decisions/{path}"), 404)


@test
def a_meeting_corrects_its_own_ruling_and_none_after_it(d):
    one = decide(d, meeting(d, "liaison", "group-2", "2023-02-01"), owners=[{"office": ZHONGLI}, {"office": YANGMEI}])["decision"]
    first, second, third = (meeting(d, "liaison", "group-2", on) for on in ("2023-06-01", "2024-06-01", "2024-12-01"))
    told = rule(d.geo, one, second, (1, "close"), (2, "hand_over"))
    equal(states(told), ["closed", "handed_over"], "ruled")
    for rulings in (((1, "continue"),), ((2, "close"),), ((1, "close"), (2, "hand_over"))):
        equal(rule(d.geo, one, first, *rulings, status=409)["code"], "ruled_since", f"an earlier meeting: {rulings}")
        equal(states(d.geo.get(f"/v1/decisions/{one}").json), ["closed", "handed_over"], "as it was")
    for rulings in (((1, "close"),), ((1, "hand_over"),), ((2, "close"),), ((1, "continue"), (2, "close"))):
        equal(rule(d.geo, one, third, *rulings, status=409)["code"], "owner_closed", f"done with: {rulings}")
    told = rule(d.geo, one, second, (1, "hand_over"), (2, "continue", "2025-01-01"))
    equal((states(told), [len(own["rulings"]) for own in told["owners"]]), (["handed_over", "open"], [2, 2]), "corrected, and both kept")
    told = rule(d.geo, one, third, (1, "continue"), (2, "close"))
    equal(states(told), ["open", "closed"], "taken up again")
    equal(states(rule(d.geo, one, third, (1, "close"))), ["closed", "closed"], "and corrected")


@test
def only_a_meeting_that_took_place_decides_rules_and_speaks(d):
    def planned(body, unit, on, **more):
        sent = {"body": body, "day": on, **({"unit": unit} if unit else {}), **more}
        return expect_status(d.geo.post(f"{d.base}/meetings", sent), 201).json["meeting"]

    def step(meeting, state, **more):
        expect_status(d.geo.post(f"/v1/meetings/{meeting}/steps", {"state": state, **more}), 201)
    one = decide(d, meeting(d, "liaison", "group-2", "2023-01-10"), owners=[{"office": ZHONGLI}])
    referral = refer(d.geo, one["decision"])["referrals"][0]["referral"]
    own, above = planned("liaison", "group-2", "2023-03-01"), planned("promotion-group", None, "2023-03-02")

    def refused(state):
        for problem in (decide(d, own, status=409), rule(d.geo, one["decision"], own, (1, "close"), status=409),
                        expect_status(d.geo.post(f"/v1/referrals/{referral}/outcome", {"meeting": above, "text": "x"}), 409).json):
            equal(problem["code"], "meeting_not_held", state)
    refused("planned")
    for each in (own, above):
        step(each, "called")
    refused("called")
    step(own, "held")
    step(above, "held")
    decide(d, own)
    equal(states(rule(d.geo, one["decision"], own, (1, "continue"))), ["open"], "held")
    said = expect_status(d.geo.post(f"/v1/referrals/{referral}/outcome", {"meeting": above, "text": "照辦"}), 201).json
    equal(said["referrals"][0]["outcome"]["text"], "照辦", "spoken")
    step(own, "on_record", document_number="第1號")
    equal(states(rule(d.geo, one["decision"], own, (1, "close"))), ["closed"], "on record")
    for state in ("cancelled", "called", "planned"):
        problem = expect_status(d.geo.post(f"/v1/meetings/{own}/steps", {"state": state, "reason": "x"}), 409).json
        equal(problem["code"], "meeting_wrong_step", f"what decided can't be {state} again")
    gone = planned("liaison", "group-2", "2023-03-03")
    step(gone, "cancelled", reason="x")
    equal(decide(d, gone, status=409)["code"], "meeting_not_held", "cancelled")


@test
def hostile_bodies_are_refused_by_name(d):
    where = meeting(d, "liaison", "group-1", "2023-10-01")
    for changes in ({"title": ""}, {"title": "x" * 501}, {"text": "x" * 20001}, {"text": None}, {"text": "a\u0007"}, {"due_on": "x"}, {"due_on": 5},
                    {"kind": "x"}, {"item": "x"}, {"owners": []}, {"owners": None}, {"owners": [{}]}, {"owners": ["x"]}, {"owners": [{"office": "x"}]},
                    {"owners": [{"office": GUISHAN, "agency": "x"}]}, {"owners": [{"office": GUISHAN}] * 2}, {"owners": [{"agency": ""}]},
                    {"owners": [{"agency": f"局{i}"} for i in range(51)]}, {"number": 7}):
        equal(decide(d, where, status=422, **changes)["code"], "bad_member", str(changes)[:80])
    equal(decide(d, where, status=409, item=str(uuid.uuid4()))["code"], "no_agenda_item", "no such item")
    for path in ("x", str(uuid.uuid4())):
        decide(d, path, status=404)
    one = decide(d, where)["decision"]
    for changes in ({"text": ""}, {"text": 5}, {"proposes": "x"}, {"owner": 2}, {"owner": "x"}, {"owner": []}, {"x": 1}):
        sent = {"text": "x", **changes}
        equal(expect_status(d.geo.post(f"/v1/decisions/{one}/progress", sent), 422).json["code"], "bad_member", str(changes))
    text = "'; drop table tributary.decision; --<script>\n第二行"
    equal(report(d.geo, one, text)["owners"][0]["progress"][0]["text"], text, "kept as it is")


@test
def who_sees_and_records_what(d):
    group, city = meeting(d, "liaison", "group-2", "2023-10-01"), meeting(d, "council", None, "2023-12-01")
    bureau = meeting(d, "special-group", "education", "2023-10-02")
    one, two = decide(d, group, owners=[{"office": ZHONGLI}, {"office": YANGMEI}]), decide(d, city, owners=[{"agency": "社會局"}])
    three = decide(d, bureau, owners=[{"agency": "教育局"}, {"office": GUISHAN}])
    four = decide(d, bureau, owners=[{"agency": "教育局"}])
    everyone = {own["decision"] for own in (one, two, three, four)}

    def sees(client):
        return {own["decision"] for own in listed(d, client, limit=500)} & everyone
    for role in ("geo", "dbas", "supervision", "admin", "auditor"):
        equal(sees(d.login(role)), everyone, role)
    equal(sees(d.office(PINGZHEN)), {one["decision"], two["decision"]}, "an office of the group")
    equal(sees(d.office(GUISHAN)), {two["decision"], three["decision"]}, "an owner of a bureau's")
    report(d.office(ZHONGLI), one["decision"], "中壢已辦")
    equal(expect_status(d.office(PINGZHEN).get(f"/v1/decisions/{one['decision']}"), 200).json["owners"][0]["progress"][0]["text"], "中壢已辦",
          "what others of the group report")
    expect_status(d.office(GUISHAN).get(f"/v1/decisions/{one['decision']}"), 404)
    report(d.office(GUISHAN), one["decision"], status=404)
    equal(report(d.office(PINGZHEN), one["decision"], status=403)["code"], "not_owner", "no owner")
    equal(report(d.office(YANGMEI), one["decision"], owner=1, status=403)["code"], "not_owner", "another owner")
    later = meeting(d, "liaison", "group-2", "2024-10-01")
    for client in (d.office(ZHONGLI), d.login("dbas"), d.login("admin"), d.login("auditor")):
        equal(decide(d, group, client=client, status=403)["code"], "forbidden", "records")
        equal(rule(client, one["decision"], later, (1, "close"), status=403)["code"], "forbidden", "rules")
        equal(refer(client, one["decision"], status=403)["code"], "forbidden", "refers")
    for role in ("dbas", "admin", "auditor"):
        report(d.login(role), one["decision"], status=403)
    equal(d.office(ZHONGLI).get(f"/v1/decisions/{one['decision']}").json["may"], ["progress"], "may")
    equal(d.office(PINGZHEN).get(f"/v1/decisions/{one['decision']}").json["may"], [], "may")


def record_meeting(d, office, date, **changes):
    """A record of an office's own task group's meeting; its revision."""
    year = str(int(date[:4]) - 1911)
    return d.accepted({"form": "task-group-meeting", "office": office, "period": year, "base": 0, "fields": {
        "date": date, "kind": "regular", "members": 12, "present.m": 5, "present.f": 5, **changes}, "notes": {"fields.members": "x"}})["submission"]


@test
def an_office_tracks_what_its_own_task_group_decided(d):
    made, later = record_meeting(d, GUISHAN, "2024-04-10"), record_meeting(d, GUISHAN, "2025-04-10")
    office = d.office(GUISHAN)
    one = decide(d, made, client=office, owners=[{"office": GUISHAN}, {"agency": "民政課"}])
    equal((one["number"], one["meeting"], one["may"]), (f"113-{GUISHAN}-01", {"id": made, "day": "2024-04-10", "record": True}, ["progress", "rule", "withdraw"]), "its own")
    equal(decide(d, made, client=office)["number"], f"113-{GUISHAN}-02", "the next one")
    decide(d, made, client=d.office(FUXING), status=404)
    equal(agenda(d, "task-group", GUISHAN, office), [f"113-{GUISHAN}-01", f"113-{GUISHAN}-02"], "agenda")
    equal(agenda(d, "task-group", GUISHAN, d.office(FUXING)), [], "another office")
    equal(rule(office, one["decision"], made, (1, "close"), status=409)["code"], "ruling_too_early", "the same meeting")
    done = rule(office, one["decision"], "114/4/10", (1, "close"), ("民政課", "hand_over"))
    equal((done["state"], done["owners"][0]["rulings"][0]["meeting"]), ("closed", later), "ruled by its next meeting")
    again = d.accepted({"form": "task-group-meeting", "office": GUISHAN, "period": "114", "base": 1, "event": d.geo.get(
        f"/v1/submissions/{later}").json["event"], "fields": {"date": "2025-04-10", "kind": "regular", "members": 12, "present.m": 6, "present.f": 5},
        "notes": {"fields.members": "x"}})["submission"]
    equal(decide(d, later, client=office)["meeting"]["id"], again, "a record is told by any of its revisions")
    other = d.accepted(annual(GUISHAN, "114"))["submission"]
    decide(d, other, client=office, status=404)


def upload(d, client, name, seed):
    data = files.pdf(3000, seed=seed)
    one = expect_status(client.post(f"{d.base}/uploads", {"size": len(data), "name": name}), 201).json["upload"]
    expect_status(client.request("PATCH", f"/v1/uploads/{one}", body=data, headers={
        "Content-Type": "application/octet-stream", "Upload-Offset": "0"}), 200)
    return one, data


@test
def progress_comes_with_files_that_are_given_back_byte_for_byte(d):
    one = decide(d, meeting(d, "liaison", "group-2", "2024-02-01"), owners=[{"office": ZHONGLI}, {"office": YANGMEI}])["decision"]
    owner, key = d.office(ZHONGLI), {"Idempotency-Key": str(uuid.uuid4())}
    (first, data), (second, more) = upload(d, owner, "成果.pdf", 1), upload(d, owner, "b.pdf", 2)
    sent = [{"upload": first}, {"upload": second, "name": "照片.pdf"}]
    told = report(owner, one, attachments=sent, headers=key)["owners"][0]["progress"][0]["attachments"]
    equal([(own["name"], own["size"], own["sha256"]) for own in told],
          [("成果.pdf", 3000, hashlib.sha256(data).hexdigest()), ("照片.pdf", 3000, hashlib.sha256(more).hexdigest())], "files")
    equal(report(owner, one, attachments=sent, headers=key, status=200)["owners"][0]["progress"][0]["attachments"], told, "a replay")
    for client in (owner, d.office(PINGZHEN), d.geo):
        equal(client.get(f"/v1/attachments/{told[0]['attachment']}").body, data, "bytes")
    expect_status(d.office(GUISHAN).get(f"/v1/attachments/{told[0]['attachment']}"), 404)
    equal(report(owner, one, attachments=[{"upload": first}], status=409)["code"], "upload_used", "used")
    third, _ = upload(d, d.office(YANGMEI), "c.pdf", 3)
    equal(report(owner, one, attachments=[{"upload": third}], status=404)["code"], "upload_gone", "another's")
    again, _ = upload(d, d.office(YANGMEI), "成果.pdf", 1)
    report(d.office(YANGMEI), one, attachments=[{"upload": again}])
    for bad in ("x", [{}], [{"upload": "x"}], [{"upload": third, "x": 1}], ["x"], [{"upload": third, "name": ""}], [{"upload": third}] * 21):
        equal(report(d.office(YANGMEI), one, attachments=bad, status=422)["code"], "bad_member", str(bad)[:60])
    equal(d.service.sql("select count(*) from tributary.attachment_content"), "2", "the same bytes once")


@test
def who_proposed_to_be_done_is_not_overdue_until_a_meeting_keeps_it_open(d):
    first, later = meeting(d, "liaison", "group-1", "2024-01-09"), meeting(d, "liaison", "group-1", "2025-01-09")
    one = decide(d, first, due_on="2024-06-30", owners=[{"office": GUISHAN}])["decision"]

    def overdue(of=one):
        told = expect_status(d.geo.get(f"/v1/decisions/{of}"), 200).json
        equal(told["overdue"], told["overdue_days"] > 0, "the decision says the same")
        return told["owners"][0]["overdue_days"] > 0
    check(overdue(), "its day is past")
    report(d.office(GUISHAN), one, "辦理中", proposes="continue")
    check(overdue(), "it goes on")
    report(d.office(GUISHAN), one, "已辦理", proposes="close")
    check(not overdue(), "it is the meeting's turn")
    for said in (tributary(d, d.geo, "decision", "show", one), tributary(d, d.geo, "decision", "list", "--office", "龜山")):
        check("已提建議，待裁示" in said, said)
    rule(d.geo, one, later, (1, "continue"))
    check(overdue(), "the meeting keeps it open")
    report(d.office(GUISHAN), one, "移請自管", proposes="hand_over")
    check(not overdue(), "proposed again")
    check("已提建議，待裁示" in tributary(d, d.geo, "decision", "show", one), "it proposed to take it over, not to be done")
    rule(d.geo, one, later, (1, "close"))
    check(not overdue(), "closed")


@test
def a_decision_of_several_owners_is_as_late_as_the_one_that_still_has_to_do_something(d):
    first, later = meeting(d, "liaison", "group-1", "2024-01-09"), meeting(d, "liaison", "group-1", "2025-01-09")
    one = decide(d, first, due_on="2024-06-30", owners=[{"office": GUISHAN}, {"office": FUXING}])["decision"]
    report(d.office(GUISHAN), one, "已辦理", proposes="close")

    def told():
        answer = expect_status(d.geo.get(f"/v1/decisions/{one}"), 200).json
        listed = tributary(d, d.geo, "decision", "list", "--body", "liaison", "--group", "1")
        own = listed[listed.index(answer["number"]):].splitlines()  # its line and what is wrapped below it
        return answer, "".join(own[:1] + [line for line in itertools.takewhile(lambda line: line[:1] == " ", own[1:])])

    answer, listed = told()
    equal([owner["waits"] for owner in answer["owners"]], [True, False], "who has proposed to be done")
    check(f"逾期 {answer['overdue_days']} 天" in listed and "待裁示" not in listed, listed)
    rule(d.geo, one, later, (FUXING, "continue", "2099-12-31"))
    answer, listed = told()
    equal((answer["overdue_days"], answer["due_on"]), (0, "2024-06-30"), "the earliest day is that of the one who waits")
    check("待裁示" not in listed and "還有 " in listed and "逾期" not in listed, listed)
    report(d.office(FUXING), one, "已辦理", proposes="close")
    check("已提建議，待裁示" in told()[1], "both wait")


@test
def the_client_sends_files_with_progress_and_status_counts_what_is_open(d):
    made = meeting(d, "liaison", "group-2", "2024-02-02")
    number = decide(d, made, due_on="2024-03-01", owners=[{"office": ZHONGLI}, {"office": YANGMEI}])["number"]
    said = tributary(d, d.office(ZHONGLI), "status", lang="en")
    owned = [own for one in expect_status(d.geo.get(f"{d.base}/decisions", state="open"), 200).json["decisions"]
             for own in one["owners"] if own.get("office") == ZHONGLI and own["state"] == "open"]
    late = sum(own["due_on"] is not None and own["due_on"] < day() for own in owned)
    check(late and f"Open decisions of meetings: {len(owned)}, of which overdue: {late} (" in said, said)
    check("Open decisions" not in tributary(d, d.geo, "status", lang="en"), "one of no office")
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("成果.pdf", "b.pdf", "note.txt")]
        data = [files.pdf(3 * 1024 * 1024, seed=11), files.pdf(2000, seed=12), b"plain text"]
        for path, content in zip(paths, data):
            with open(path, "wb") as file:
                file.write(content)
        tributary(d, d.office(ZHONGLI), "decision", "progress", number, "x", "--attach", paths[0], "--attach", paths[2], status=1)
        tributary(d, d.office(ZHONGLI), "decision", "progress", number, "x", "--attach", paths[0] + "x", status=2)
        said = tributary(d, d.office(ZHONGLI), "decision", "progress", number, "已辦理三場", "--attach", paths[0], "--attach", paths[1])
        check("[成果.pdf]" in said and "[b.pdf]" in said, said)
    told = json.loads(tributary(d, d.office(ZHONGLI), "decision", "show", number, "--json"))["owners"][0]["progress"]
    equal(len(told), 1, "what was refused")
    equal([(one["name"], d.geo.get(f"/v1/attachments/{one['attachment']}").body == content)
           for one, content in zip(told[0]["attachments"], data)], [("成果.pdf", True), ("b.pdf", True)], "bytes")


@test
def the_calendar_holds_the_days_of_open_decisions(d):
    made = meeting(d, "liaison", "group-1", "2024-01-05")
    one = decide(d, made, "行事曆, 測試", owners=[{"office": GUISHAN}, {"office": FUXING}], due_on="2027-03-05")
    feed = expect_status(d.office(GUISHAN).post(f"{d.base}/calendar-feeds", {}), 201).json["url"]

    def events(client, address=f"{d.base}/calendar.ics"):
        text = expect_status(client.get(address), 200).body.decode().replace("\r\n ", "")
        return [part.split("END:VEVENT")[0] for part in text.split("BEGIN:VEVENT")[1:] if f"UID:decision/{one['decision']}" in part]
    for client, address in ((d.office(GUISHAN), f"{d.base}/calendar.ics"), (d.geo, feed)):
        found = events(client, address)
        check(len(found) == 1 and "DTSTART;VALUE=DATE:20270305" in found[0] and f"SUMMARY:列管 {one['number']} 行事曆\\, 測試" in found[0]
              and "SEQUENCE:0" in found[0], found)
    equal(len(events(d.geo)), 2, "the city's side")
    check("復興" in events(d.geo)[1], "whose it is")
    rule(d.geo, one["decision"], meeting(d, "liaison", "group-1", "2025-01-05"), (1, "continue", "2027-06-01"), (2, "close"))
    found = events(d.geo)
    check(len(found) == 1 and "DTSTART;VALUE=DATE:20270601" in found[0] and "SEQUENCE:1" in found[0], found)


@test
def every_moment_of_the_past_can_be_asked(d):
    made = meeting(d, "liaison", "group-2", "2023-08-01")
    one = decide(d, made, due_on=day(-10), owners=[{"office": ZHONGLI}, {"office": YANGMEI}])
    seen = [one]
    seen.append(report(d.geo, one["decision"], owner=1))
    later = meeting(d, "liaison", "group-2", "2024-08-01")
    seen.append(rule(d.geo, one["decision"], later, (1, "close"), (2, "continue", day(10))))
    seen.append(refer(d.geo, one["decision"]))
    seen.append(rule(d.geo, one["decision"], later, (2, "hand_over"), (1, "continue")))
    moments = [one["recorded_at"], seen[1]["owners"][0]["progress"][0]["recorded_at"], seen[2]["owners"][0]["rulings"][0]["recorded_at"],
               seen[3]["referrals"][0]["recorded_at"], seen[4]["owners"][0]["rulings"][1]["recorded_at"]]
    for moment, wanted in zip(moments, seen):
        equal(expect_status(d.geo.get(f"/v1/decisions/{one['decision']}", as_of=moment), 200).json, wanted, moment)
    check(one["number"] in agenda(d, "promotion-group", as_of=moments[3]) and one["number"] not in agenda(d, "promotion-group", as_of=moments[2]), "agenda")
    equal((seen[0]["overdue_days"], seen[2]["overdue"], seen[4]["overdue_days"]), (10, False, 10), "overdue")
    expect_status(d.geo.get(f"/v1/decisions/{one['decision']}", as_of="2024-01-01T00:00:00Z"), 404)


@test
def lists_come_as_tables_with_a_row_for_each_owner(d):
    made = meeting(d, "council", None, "2024-12-01")
    one = decide(d, made, "列表", owners=[{"office": GUISHAN}, {"agency": "社會局"}])
    report(d.office(GUISHAN), one["decision"], "已辦")
    reply = expect_status(d.geo.get(f"{d.base}/decisions", number=one["number"], format="csv"), 200)
    text = reply.body.decode("utf-8-sig")
    check(text.count(one["number"]) == 2 and "已辦" in text and "社會局" in text and "owner.state" in text, text)
    for kind in ("ods", "xlsx"):
        check(expect_status(d.geo.get(f"{d.base}/decisions", format=kind), 200).body[:2] == b"PK", kind)


if __name__ == "__main__":
    suite.run()
