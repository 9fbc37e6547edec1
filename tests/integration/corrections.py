#!/usr/bin/env python3
"""What is on record of a meeting changes only with a reason, and whatever hangs on it says so: the meeting, its minutes, the
decisions that were taken over from it, the papers for the next one."""
import contextlib
import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from deciding import day, decide, listed, meeting as held_meeting, rule, withdraw  # noqa: E402
from desk import FUXING, GUISHAN, PLAN_FILE, ZHONGLI, Desk, desk  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Service, Suite, check, cluster, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
REASON = "依委員意見更正"
TEXT, MENDED = "請龜山區公所於114年12月31日前辦理。", "請龜山區公所於114年12月31日前辦理，並函知各局處。"


def step(d, meeting, state, status=201, **sent):
    return expect_status(d.geo.post(f"/v1/meetings/{meeting}/steps", {"state": state, **sent}), status).json


def put(d, meeting, what, status=200, **body):
    return expect_status(d.geo.request("PUT", f"/v1/meetings/{meeting}/{what}", body, {"If-Match": "*"}), status).json


def show(d, meeting, client=None, **query):
    return expect_status((client or d.geo).get(f"/v1/meetings/{meeting}", **query), 200).json


def play(d, body, unit, on, **more):
    """A meeting with an agenda, a sheet and a resolution, its minutes sent out; its id and its item."""
    made = expect_status(d.geo.post(f"{d.base}/meetings", {
        "body": body, "unit": unit, "day": on, "state": "held", "begins": "14:00", "place": "三樓會議室", **more}), 201).json["meeting"]
    item = put(d, made, "agenda", items=[{"kind": "discussion", "title": "加開場次一案"}])["agenda"]["items"][0]["item"]
    put(d, made, "attendance", rows=[{"office": GUISHAN, "post": "區長", "sex": "f", "duty": "chair"}])
    put(d, made, "resolutions", resolutions=[{"item": item, "text": TEXT}])
    step(d, made, "on_record", document_number="府性平字第1號")
    return made, item


def minutes_of(d, meeting, language="zh"):
    pack = expect_status(d.geo.post(f"/v1/meetings/{meeting}/minutes", {"language": language}), 201).json
    model = json.loads(expect_status(d.geo.get(f"/v1/packs/{pack['pack']}/file", format="json"), 200).body)
    return ["".join(run["text"] for run in block.get("runs", [])) or block.get("text") or "" for block in model["blocks"]]


def minutes_texts(d, meeting):
    """All that stands in the minutes, tables too."""
    pack = expect_status(d.geo.post(f"/v1/meetings/{meeting}/minutes", {}), 200, 201).json
    return expect_status(d.geo.get(f"/v1/packs/{pack['pack']}/file", format="json"), 200).body.decode()


def minutes_text(d, client, name):
    file = d.service.folder / "minutes.pdf"
    client(d, d.geo, "pack", "minutes", name, "-o", str(file), "--force")
    return subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout


def of(meeting):
    return [(one["of"], one["reason"]) for one in meeting["corrections"]]


@test
def nothing_on_record_takes_the_place_of_another_without_a_reason(d):
    meeting, item = play(d, "liaison", "group-1", "2024-09-20")
    before = show(d, meeting)
    equal(of(before), [], "nothing was corrected")
    items = before["agenda"]["items"]
    for sent in ({"day": "2024-09-21"}, {"begins": "14:30"}, {"place": "四樓"}, {"document_number": "府性平字第2號"}):
        equal(step(d, meeting, "on_record", 422, **sent)["code"], "meeting_correction", str(sent))
    equal(put(d, meeting, "agenda", 422, items=[*items, {"kind": "motion", "title": "另案"}])["code"], "meeting_correction", "agenda")
    equal(put(d, meeting, "attendance", 422, rows=[{"office": FUXING}])["code"], "meeting_correction", "attendance")
    equal(put(d, meeting, "resolutions", 422, resolutions=[{"item": item, "text": MENDED}])["code"], "meeting_correction", "resolutions")
    for reason in ("", "x" * 2001, 5):
        equal(put(d, meeting, "attendance", 422, rows=[{"office": FUXING}], reason=reason)["code"], "bad_member", str(reason)[:9])
    equal(show(d, meeting), before, "nothing happened")
    equal(put(d, meeting, "agenda", items=items)["agenda"], before["agenda"], "the same again needs none")
    equal(step(d, meeting, "on_record", 200, place="三樓會議室")["steps"], before["steps"], "nor does this")

    step(d, meeting, "on_record", day="2024-09-21", reason="日期誤植")
    put(d, meeting, "agenda", items=[*items, {"kind": "motion", "title": "另案"}], reason="漏列一案")
    put(d, meeting, "attendance", rows=[{"office": FUXING, "duty": "chair"}], reason="主席誤植")
    after = put(d, meeting, "resolutions", resolutions=[{"item": item, "text": MENDED}], reason=REASON)
    equal(of(after), [("step", "日期誤植"), ("agenda", "漏列一案"), ("attendance", "主席誤植"), ("resolutions", REASON)], "said, in their order")
    equal([one["changes"] for one in after["corrections"]],
          [[{"field": "day", "title": None, "before": "2024-09-20", "after": "2024-09-21"}], None, None,
           [{"field": "resolution", "title": "加開場次一案", "before": TEXT, "after": MENDED}]], "with what it was")
    more = put(d, meeting, "resolutions", resolutions=[{"item": after["agenda"]["items"][1]["item"], "text": "無。"}])
    equal(of(more)[-1], ("resolutions", None), "what is added to minutes that are out needs no reason, but stands there")
    for sent, field in (({"begins": "14:30", "ends": "16:00"}, "begins"), ({"place": "四樓"}, "place"), ({"document_number": "第9號"}, "document_number")):
        changed = step(d, meeting, "on_record", reason=field, **sent)["corrections"][-1]
        equal([one["field"] for one in changed["changes"]], [field], f"{sent}: only what took another's place")
    after = show(d, meeting)
    equal((after["held_on"], after["state"], after["agenda"]["items"][0]["resolution"]["text"]), ("2024-09-21", "on_record", MENDED), "and done")
    equal(of(show(d, meeting, as_of=before["recorded_at"])), [], "not before it happened")
    equal(of(show(d, meeting, d.office(GUISHAN))), of(after), "an office of the group reads it")
    d.service.command("verify")


@test
def what_is_missing_is_completed_without_one(d):
    made = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "council", "held_on": "2023-06-12", "document_number": "府性平字第8號"}), 201).json
    equal(made["state"], "on_record", "recorded by its day and the number of its minutes")
    items = put(d, made["meeting"], "agenda", items=[{"kind": "report", "title": "甲"}, {"kind": "report", "title": "乙"}])["agenda"]["items"]
    put(d, made["meeting"], "attendance", rows=[{"post": "委員"}])
    put(d, made["meeting"], "resolutions", resolutions=[{"item": items[0]["item"], "text": "洽悉。"}])
    put(d, made["meeting"], "resolutions", resolutions=[{"item": items[0]["item"], "text": "洽悉。"}, {"item": items[1]["item"], "text": "洽悉。"}])
    for what, sent in (("agenda", {"items": items + [{"kind": "report", "title": "丙"}]}), ("attendance", {"rows": [{"post": "主任委員"}]}),
                       ("resolutions", {"resolutions": [{"item": items[1]["item"], "text": "緩議。"}]})):
        equal(put(d, made["meeting"], what, 422, **sent)["code"], "meeting_correction", f"{what}: not changed")
    done = step(d, made["meeting"], "on_record", begins="10:00", place="市府大樓", reason="補登")
    equal((done["begins"], of(done)), ("10:00", []), "completed: a reason makes no correction of it")


@test
def before_the_minutes_are_out_only_day_and_place_and_what_is_tracked_want_one(d):
    made = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "liaison", "unit": "group-1", "day": "2023-09-20", "state": "held"}), 201).json["meeting"]
    items = put(d, made, "agenda", items=[{"kind": "discussion", "title": "甲"}, {"kind": "discussion", "title": "乙"}])["agenda"]["items"]
    put(d, made, "agenda", items=[{**items[0], "title": "甲案"}, items[1]])
    for rows in ([{"office": FUXING}], [{"office": GUISHAN}]):
        put(d, made, "attendance", rows=rows)
    for text in ("緩議。", TEXT):
        put(d, made, "resolutions", resolutions=[{"item": one["item"], "text": text} for one in items])
    decide(d, made, item=items[0]["item"], text=TEXT)
    equal(put(d, made, "resolutions", resolutions=[{"item": items[1]["item"], "text": "再議。"}])["corrections"], [], "nobody tracks it")
    equal(put(d, made, "resolutions", 422, resolutions=[{"item": items[0]["item"], "text": MENDED}])["code"], "meeting_correction", "it is tracked")
    equal(step(d, made, "on_record", 422, day="2023-09-21", document_number="x")["code"], "meeting_correction", "held on that day, it was said")
    step(d, made, "on_record", day="2023-09-21", document_number="x", reason="日期誤植")
    words = minutes_of(d, made)
    check(not any("更正" in text for text in words), f"all of that was before they went out: {words}")


@test
def decisions_follow_their_item_word_by_word(d):
    meeting, item = play(d, "liaison", "group-1", day(-300), year=114)
    taken = decide(d, meeting, title="加開場次一案", text=TEXT, item=item, owners=[{"office": GUISHAN}, {"office": ZHONGLI}])
    apart = decide(d, meeting, title="加開場次一案", text="請龜山區公所辦理（摘要）。", item=item)
    none = decide(d, meeting, title="無案由者", text=TEXT)
    equal([one["correction"] for one in (taken, apart, none)], [None] * 3, "as they were taken over")
    equal(expect_status(d.geo.get(f"/v1/meetings/{meeting}/decisions/proposal"), 200).json["corrected"], [], "nothing is corrected")
    put(d, meeting, "resolutions", resolutions=[{"item": item, "text": TEXT, "remarks": "發言摘要"}], reason="補發言摘要")
    equal(listed(d, number=taken["number"])[0]["correction"], None, "what was said is not what was resolved")
    put(d, meeting, "resolutions", resolutions=[{"item": item, "text": MENDED}], reason=REASON)
    put(d, meeting, "resolutions", resolutions=[{"item": item, "text": MENDED, "remarks": "另一摘要"}], reason="更正發言摘要")
    for client, reason in ((d.geo, REASON), (d.office(GUISHAN), REASON), (d.office(ZHONGLI), None)):  # the last one's group did not meet
        one = expect_status(client.get(f"/v1/decisions/{taken['decision']}"), 200).json
        equal((one["text"], one["meeting"]["day"]), (MENDED, day(-300)), "it follows, for each of its owners")
        equal({**one["correction"], "recorded_at": None}, {"before": TEXT, "text": MENDED, "followed": True, "reason": reason, "recorded_at": None}, "and says so")
    partly = decide(d, meeting, title="加開場次一案", text="請中壢區公所協助。", item=item, owners=[{"office": ZHONGLI}])
    equal(partly["correction"], None, "it was recorded in other words, and nothing changed since")
    one = expect_status(d.geo.get(f"/v1/decisions/{apart['decision']}"), 200).json
    equal((one["text"], one["correction"]["text"], one["correction"]["followed"]), ("請龜山區公所辦理（摘要）。", MENDED, False), "other words stand")
    equal(expect_status(d.geo.get(f"/v1/decisions/{none['decision']}"), 200).json["text"], TEXT, "it was of no item")
    past = expect_status(d.geo.get(f"/v1/decisions/{taken['decision']}", as_of=taken["recorded_at"]), 200).json
    equal((past["text"], past["correction"]), (TEXT, None), "as it stood then")
    told = expect_status(d.geo.get(f"/v1/meetings/{meeting}/decisions/proposal"), 200).json
    equal((told["decisions"], [(one["number"], one["correction"]["followed"]) for one in told["corrected"]]),
          ([], [(taken["number"], True), (apart["number"], False)]), "nothing to take over, but two to look at")
    said = tributary(d, d.geo, "decision", "take-over", meeting)
    check(taken["number"] in said and "已隨之更正" in said and "未隨之更正" in said, said)
    said = tributary(d, d.geo, "decision", "show", taken["number"])
    check(MENDED in said and TEXT in said and REASON in said, said)
    other = d.office(FUXING)
    hidden = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "liaison", "unit": "group-2", "held_on": day(-250)}), 201).json["meeting"]
    private = decide(d, hidden, owners=[{"office": ZHONGLI}])
    expect_status(other.get(f"/v1/decisions/{private['decision']}"), 404)
    put(d, meeting, "resolutions", resolutions=[{"item": item, "text": TEXT}], reason="恢復原文")
    equal(listed(d, number=taken["number"])[0]["correction"], None, "as it was taken over, again")
    seen = expect_status(d.office(ZHONGLI).get(f"/v1/decisions/{partly['decision']}"), 200).json
    equal({**seen["correction"], "recorded_at": None}, {"before": "請中壢區公所協助。", "text": None, "followed": False, "reason": None, "recorded_at": None},
          "of what it wasn't told it isn't told now either")
    check("未公開" in tributary(d, d.office(ZHONGLI), "decision", "show", partly["number"]), "shown")
    late = decide(d, meeting, title="加開場次一案", text=MENDED, item=item)  # as somebody read it before it was put back
    equal((late["text"], late["correction"]["before"], late["correction"]["followed"]), (TEXT, MENDED, True), "what was read meanwhile is no more")
    unresolved = put(d, meeting, "agenda", items=[*show(d, meeting)["agenda"]["items"], {"kind": "motion", "title": "另案"}], reason="漏列")
    other_item = unresolved["agenda"]["items"][-1]["item"]
    early = decide(d, meeting, title="另案", text="請研議。", item=other_item)
    put(d, meeting, "resolutions", resolutions=[{"item": other_item, "text": "緩議。"}])
    equal(listed(d, number=early["number"])[0]["correction"]["followed"], False, "resolved otherwise than it was recorded before")
    d.service.command("verify")


@test
def an_owner_sees_the_days_of_meetings_of_another_group_that_ruled_of_it(d):
    made, ruled, unseen = (held_meeting(d, "liaison", "group-2", day(back)) for back in (-400, -40, -30))
    one = decide(d, made, owners=[{"office": GUISHAN}])
    rule(d.geo, one["decision"], ruled, (1, "continue"))
    seen = expect_status(d.office(GUISHAN).get(f"/v1/decisions/{one['decision']}"), 200).json
    equal((seen["meeting"]["day"], seen["owners"][0]["rulings"][0]["day"]), (day(-400), day(-40)), "its own days")
    for meeting in (made, ruled, unseen):
        expect_status(d.office(GUISHAN).get(f"/v1/meetings/{meeting}"), 404)


@test
def a_meeting_that_decided_stays_before_those_that_ruled(d):
    made, _ = play(d, "liaison", "group-1", day(-200), year=115)
    one = decide(d, made)
    ruled, _ = play(d, "liaison", "group-1", day(-100), year=115, kind="ad_hoc")
    rule(d.geo, one["decision"], ruled, (1, "close"))
    equal(step(d, made, "on_record", 409, day=day(-99), reason="x")["code"], "meeting_out_of_order", "decided after it was ruled")
    equal(step(d, ruled, "on_record", 409, day=day(-201), reason="x")["code"], "meeting_out_of_order", "ruled before it was decided")
    step(d, made, "on_record", day=day(-101), reason="日期誤植")
    step(d, ruled, "on_record", day=day(-90), reason="日期誤植")


@test
def nothing_is_due_before_its_meeting(d):
    made = held_meeting(d, "division-safety", None, "2023-05-09")
    equal(decide(d, made, status=422, owners=[{"agency": "警察局"}], due_on="2023-05-08")["code"], "due_before", "the day before")
    one = decide(d, made, owners=[{"agency": "警察局"}], due_on="2023-05-09")
    later = held_meeting(d, "division-safety", None, "2023-11-07")
    equal(rule(d.geo, one["decision"], later, (1, "continue", "2023-11-06"), status=422)["code"], "due_before", "by a ruling")
    rule(d.geo, one["decision"], later, (1, "continue", "2023-11-07"))
    record = d.accepted({"form": "task-group-meeting", "office": GUISHAN, "period": "113", "fields": {
        "date": "2024-04-20", "kind": "regular", "chair": "區長", "members": 3, "present.m": 1, "present.f": 2}})["submission"]
    office = d.office(GUISHAN)
    equal(decide(d, record, client=office, status=422, due_on="2024-04-19")["code"], "due_before", "at its own task group")
    decide(d, record, client=office, due_on="2024-04-20")
    meeting, item = play(d, "liaison", "group-2", "2022-09-20", year=112)
    more = put(d, meeting, "agenda", items=[*show(d, meeting)["agenda"]["items"], {"kind": "motion", "title": "另案"}], reason="漏列")
    put(d, meeting, "resolutions", resolutions=[{"item": more["agenda"]["items"][1]["item"], "text": "請研議。"}])
    rows = [{"item": item, "owners": [{"office": GUISHAN}]}, {"item": more["agenda"]["items"][1]["item"], "owners": [{"office": GUISHAN}], "due_on": "2022-09-19"}]
    refused = expect_status(d.geo.post(f"/v1/meetings/{meeting}/decisions/take-over", {"decisions": rows}), 422).json
    equal((refused["code"], refused["detail"]), ("due_before", "decisions[1].due_on"), "taken over")
    equal(len(expect_status(d.geo.get(f"/v1/meetings/{meeting}/decisions/proposal"), 200).json["decisions"]), 2, "and nothing was recorded")


@test
def minutes_that_are_made_again_say_what_was_corrected(d):
    meeting, item = play(d, "liaison", "group-2", "2024-09-25")
    check(not any("更正" in text for text in minutes_of(d, meeting)), "nothing was")
    first = d.geo.get(f"{d.base}/packs", body="liaison", unit="group-2", of="minutes").json["packs"][0]["pack"]
    put(d, meeting, "resolutions", resolutions=[{"item": item, "text": MENDED}], reason=REASON)
    again = minutes_of(d, meeting)
    check(f"決議：{MENDED}" in again and any(text.endswith(f"更正決議（決定）：{REASON}（「加開場次一案」原為：{TEXT}）") for text in again), str(again))
    step(d, meeting, "on_record", day="2024-09-26", place="四樓", reason="誤植")
    again = minutes_of(d, meeting)
    check(any(text.endswith("：誤植（會議日期由113/9/25更正為113/9/26；地點由三樓會議室更正為四樓）") for text in again), str(again))
    second = d.geo.get(f"{d.base}/packs", body="liaison", unit="group-2", of="minutes").json["packs"][0]["pack"]
    changes = expect_status(d.geo.get(f"/v1/packs/{second}/changes", since=first), 200).json
    texts = [(one["change"], one["text"]) for one in changes["texts"]]
    check(("gone", f"決議：{TEXT}") in texts and ("added", f"決議：{MENDED}") in texts and ("added", "更正紀錄") in texts, str(texts))
    check(not any(TEXT == text or "說明" in text for _, text in texts) and not changes["unchanged"], f"and nothing that both have: {texts}")
    moved = [one for one in changes["sources"] if one["kind"] == "meeting"]
    equal([(one["change"], one["zh"].split("會議")[1].strip().endswith("113年9月25日 → 113年9月26日"), one["en"].endswith("2024-09-25 → 2024-09-26")) for one in moved],
          [("changed", True, True)], str(moved))
    said = tributary(d, d.geo, "pack", "changes", second, first)
    check(f"決議：{MENDED}" in said and "沒有異動" not in said and "9月25日 → 113年9月26日" in said, said)
    english = minutes_of(d, meeting, "en")
    check(any("what was resolved" in text and REASON in text for text in english), str(english))


def papers(d, body, unit, **order):
    pack = expect_status(d.geo.post(f"{d.base}/packs", {"body": body, "unit": unit, **order}), 200, 201).json
    return expect_status(d.geo.get(f"/v1/packs/{pack['pack']}/file", format="json"), 200).body.decode()


@test
def the_next_papers_say_what_was_corrected_and_withdrawn(d):
    first, item = play(d, "special-group", "police", "2023-03-03")
    one = decide(d, first, title="加開場次一案", text=TEXT, item=item)
    put(d, first, "resolutions", resolutions=[{"item": item, "text": MENDED}], reason=REASON)
    withdraw(d.geo, one["decision"], reason="主辦機關誤植")
    second = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "special-group", "unit": "police", "day": day(30)}), 201).json
    texts = papers(d, "special-group", "police", year=second["year"], meeting=second["meeting"])
    for words in ("會議紀錄函送後更正或補登者如下", REASON, f"「加開場次一案」原為：{TEXT}", "前次會議後撤回列管者", f"{one['number']}　加開場次一案：主辦機關誤植"):
        check(words in texts, f"{words} isn't in {texts}")
    third, _ = play(d, "special-group", "police", "2023-09-09")
    texts = minutes_texts(d, third)
    check(one["number"] not in texts, f"recorded and withdrawn after that meeting: {texts}")
    texts = papers(d, "special-group", "police", year=second["year"], meeting=second["meeting"])
    check("前次會議後撤回列管者" in texts and "更正或補登" not in texts, f"withdrawn since that one, too; of corrections its own: {texts}")


@contextlib.contextmanager
def on_a_sample_clock():
    with cluster() as server:
        service = Service(server, None, migrate=False)
        try:
            service.migrate("--sample")
            service.command("plan", "load", PLAN_FILE, "--sample-clock", "2022-12-01T00:00:00Z")
            service.start()
            yield Desk(service)
        finally:
            service.close()


@test
def a_meeting_keeps_what_it_found_when_that_is_withdrawn_later(_):
    def at(on):
        return {"Tributary-Sample-Clock": f"{on}T02:00:00Z"}
    with on_a_sample_clock() as d:
        first = held_meeting(d, "liaison", "group-1", "2023-03-03", at("2023-03-03"))
        one, gone = (decide(d, first, title=title, headers=at(f"2023-03-0{i}")) for i, title in ((4, "加開場次一案"), (5, "誤登一案")))
        withdraw(d.geo, gone["decision"], headers=at("2023-08-01"))
        second = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "liaison", "unit": "group-1", "day": "2023-09-09", "state": "held"}, at("2023-09-10")), 201).json["meeting"]
        expect_status(d.geo.request("PUT", f"/v1/meetings/{second}/agenda", {"items": [{"kind": "tracking", "title": "歷次決議列管情形"}]},
                                    {"If-Match": "*", **at("2023-09-11")}), 200)
        before = d.geo.get(f"{d.base}/decisions", agenda="true", body="liaison", unit="group-1", meeting=second).json["decisions"]
        withdraw(d.geo, one["decision"], headers=at("2023-10-01"))
        after = d.geo.get(f"{d.base}/decisions", agenda="true", body="liaison", unit="group-1", meeting=second).json["decisions"]
        equal([[own["number"] for own in answer] for answer in (before, after)], [[one["number"]]] * 2, "as it found it")
        equal(d.geo.get(f"{d.base}/decisions", agenda="true", body="liaison", unit="group-1").json["decisions"], [], "and no other")
        texts = minutes_texts(d, second)
        check(one["number"] in texts and "（112年10月1日撤回）" in texts and gone["number"] not in texts, texts)
        texts = papers(d, "liaison", "group-1", year=112, meeting=second)
        check("（112/10/1撤回）" in texts and f"{gone['number']}　誤登一案：主辦機關誤植" in texts and f"{one['number']}　" not in texts, texts)


def plan(d, unit, on, **more):
    return expect_status(d.geo.post(f"{d.base}/meetings", {"body": "liaison", "unit": unit, "day": on, **more}), 201).json


@test
def a_meeting_says_under_which_number_its_papers_went_out(d):
    one = plan(d, "group-1", "2025-11-27")
    equal((one["number"], one["first_number"]), (1, None), "planned only: no paper names it yet")
    step(d, one["meeting"], "called", document_number="府性平字第5號")
    plan(d, "group-1", "2025-10-20")
    now = show(d, one["meeting"])
    equal((now["number"], now["first_number"]), (2, 1), "another came before it")
    off = step(d, one["meeting"], "called", day="2025-11-28", reason="撞期")
    equal((off["number"], off["first_number"]), (2, 1), "put off, under the letter that called it")
    called = step(d, one["meeting"], "called", place="三樓", document_number="府性平字第6號")
    equal((called["number"], called["first_number"]), (2, 2), "called again")
    step(d, one["meeting"], "held")
    equal(show(d, one["meeting"])["first_number"], 2, "held under the number of its call")
    early = plan(d, "group-1", "2025-09-01", state="held")
    equal((early["number"], early["first_number"]), (1, 1), "held, never called")
    equal((show(d, one["meeting"])["number"], show(d, one["meeting"])["first_number"]), (3, 2), "and so on")
    recorded = held_meeting(d, "council", None, "2023-12-12")
    equal(show(d, recorded)["first_number"], None, "recorded by its day only")
    said = tributary(d, d.geo, "meeting", "plan", "liaison", "2025-08-15", "--unit", "group-1")
    check("第 3 次改為第 4 次" in said and "第 1 次改為第 2 次" in said, said)
    check("現為第 4 次" in tributary(d, d.geo, "meeting", "show", one["meeting"]), "shown")
    said = tributary(d, d.geo, "meeting", "cancel", "liaison/group-1/2025-08-15", "--reason", "無議案")
    check("第 4 次改為第 3 次" in said, said)


@test
def papers_are_for_the_meeting_that_was_called_and_say_which(d):
    def occasion(**order):
        pack = expect_status(d.geo.post(f"{d.base}/packs", {"body": "special-group", "unit": "education", "year": 115, "language": "zh", **order}), 200, 201).json
        return next((id for id, one in pack["sources"].get("meeting", {}).items() if one["occasion"]), None)
    equal(occasion(), None, "none is planned")
    past = plan(d, "education", day(-60), year=115, body="special-group", state="held")["meeting"]
    equal(occasion(), past, "the newest that was held")
    later = plan(d, "education", day(40), year=115, body="special-group")["meeting"]
    equal(occasion(), later, "the one to come")
    step(d, later, "called", place="三樓")
    empty = plan(d, "education", day(10), year=115, body="special-group")["meeting"]
    equal(occasion(), later, "called comes before planned, whatever their days")
    stale = plan(d, "education", day(-5), year=115, body="special-group")["meeting"]
    step(d, stale, "called", place="四樓")
    equal(occasion(), later, "one whose day is over isn't to come, though nobody said that it was held")
    step(d, stale, "cancelled", reason="未召開")
    equal(occasion(meeting=empty), empty, "unless it is named")
    step(d, later, "cancelled", reason="併入下次")
    forgotten = plan(d, "education", day(-20), year=115, body="special-group")["meeting"]
    equal(occasion(), empty, "what is planned for a day that is over isn't to come")
    step(d, empty, "cancelled", reason="x")
    equal(occasion(), forgotten, "the newest")
    folder = d.service.folder
    said = tributary(d, d.geo, "pack", "special-group", "--unit", "education", "--year", "115", "-o", str(folder / "a.odt"))
    check("會議：第 2 次" in said and "已排定" in said and "--meeting" in said, said)
    said = tributary(d, d.geo, "pack", "special-group", "--unit", "education", "--meeting", day(-60), "-o", str(folder / "d.odt"))
    check("會議：第 1 次" in said, f"by its day: {said}")
    check("教育局" in tributary(d, d.geo, "pack", "special-group", "-o", str(folder / "e.odt"), status=2), "which there are")
    said = tributary(d, d.geo, "pack", "special-group", "--unit", "education", "--year", "115", "--meeting", "1", "-o", str(folder / "b.odt"))
    check("會議：第 1 次" in said and "已召開" in said and "--meeting" not in said, said)
    said = tributary(d, d.geo, "pack", "council", "--year", "114", "-o", str(folder / "c.odt"))
    check("尚未排定下次會議" in said, said)


@test
def the_client_corrects_with_a_reason_and_points_the_way(d):
    meeting, _ = play(d, "liaison", "group-2", "2023-09-25")
    said = tributary(d, d.geo, "meeting", "postpone", meeting, "2023-09-26", "--reason", "x", status=2)
    check("meeting correct" in said and show(d, meeting)["day"] == "2023-09-25", said)
    check("--reason" in tributary(d, d.geo, "meeting", "correct", meeting, "--day", "112.9.26", status=2), "why")
    check("--day" in tributary(d, d.geo, "meeting", "correct", meeting, "--reason", "x", status=2), "what")
    said = tributary(d, d.geo, "meeting", "correct", meeting, "--day", "112.9.26", "--reason", "日期誤植")
    check("112年9月26日" in said and "更正 會議日期、時間、地點或文號：日期誤植" in said, said)
    planned = plan(d, "group-2", day(50), year=115)["meeting"]
    said = tributary(d, d.geo, "meeting", "correct", planned, "--place", "x", "--reason", "y", status=2)
    check("meeting postpone" in said, said)
    said = tributary(d, d.geo, "meeting", "resolve", meeting, "1", MENDED, status=1)
    check("請加 --reason" in said, said)
    said = tributary(d, d.geo, "meeting", "resolve", meeting, "1", MENDED, "--reason", REASON)
    check(f"原為：{TEXT}" in said, said)
    item = show(d, meeting)["agenda"]["items"][0]["item"]
    one = decide(d, meeting, title="加開場次一案", text=MENDED, item=item)
    put(d, meeting, "resolutions", resolutions=[{"item": item, "text": MENDED, "remarks": "委員建議加速。"}], reason="補發言摘要")
    said = tributary(d, d.geo, "meeting", "resolve", meeting, "1", TEXT, "--reason", "恢復原文")
    check(one["number"] in said and "已隨之更正" in said, f"what is tracked follows: {said}")
    equal(show(d, meeting)["agenda"]["items"][0]["resolution"]["remarks"], "委員建議加速。", "what was said stays")
    tributary(d, d.geo, "meeting", "resolve", meeting, "1", MENDED, "--remarks", "", "--reason", REASON)
    equal(show(d, meeting)["agenda"]["items"][0]["resolution"]["remarks"], None, "unless it is taken away")
    said = tributary(d, d.geo, "meeting", "show", meeting)
    check(f"「加開場次一案」：{TEXT} → {MENDED}" in said and "112年9月25日 → 112年9月26日" in said, said)
    check("更正紀錄" in minutes_text(d, tributary, "liaison/第2組/112.9.26"), "minutes by the meeting's name")
    check(f"更正 決議：{REASON}" in tributary(d, d.geo, "meeting", "show", meeting), "shown")
    check(f"Corrected what was resolved: {REASON}" in tributary(d, d.geo, "meeting", "show", meeting, lang="en"), "in English")


if __name__ == "__main__":
    suite.run()
