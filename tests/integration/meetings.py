#!/usr/bin/env python3
"""Meetings of bodies: planned, called, put off, held, on record or cancelled; agenda, attendance, resolutions; who may, and which
rules they keep, held against a computation of its own (tests/support/own_meetings.py)."""
import datetime
import pathlib
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GROUP_1, GROUP_2, GUISHAN, ZHONGLI, desk  # noqa: E402
from tributary_client import tributary  # noqa: E402,F401
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
TODAY = datetime.date.today()


def plan_one(d, client=None, status=201, headers=None, **sent):
    return expect_status((client or d.geo).post(f"{d.base}/meetings", sent, headers), status).json


def step(d, meeting, state, client=None, status=201, headers=None, **sent):
    return expect_status((client or d.geo).post(f"/v1/meetings/{meeting}/steps", {"state": state, **sent}, headers), status).json


def put(d, meeting, what, body, seen, client=None, status=200, headers=None):
    tag = {} if seen is None else {"If-Match": seen if seen == "*" else f'"{seen}"'}
    return expect_status((client or d.geo).request("PUT", f"/v1/meetings/{meeting}/{what}", body, {**tag, **(headers or {})}), status).json


def show(d, meeting, client=None, status=200, **query):
    return expect_status((client or d.geo).get(f"/v1/meetings/{meeting}", **query), status).json


def held(d, body="liaison", unit="group-2", day="2024-10-15", **more):
    return plan_one(d, body=body, unit=unit, day=day, state="held", **more)


def rule(meeting, name):
    return next(one for one in meeting["rules"] if one["rule"] == name)


@test
def a_meeting_is_planned_called_put_off_held_and_put_on_record(d):
    one = plan_one(d, body="liaison", unit="group-1", day="113/10/15")
    equal({key: one[key] for key in ("body", "unit", "kind", "year", "number", "state", "day", "held_on", "begins", "document_number")},
          {"body": "liaison", "unit": "group-1", "kind": "regular", "year": 113, "number": 1, "state": "planned", "day": "2024-10-15",
           "held_on": None, "begins": None, "document_number": None}, "planned")
    equal((one["name"]["zh"], one["unit_name"]["zh"]), ("性別平等業務聯繫會議", "第1組"), "names")
    equal(one["may"], ["planned", "called", "held", "cancelled", "agenda"], "may")
    meeting = one["meeting"]
    called = step(d, meeting, "called", begins="14:00", ends="16:30", place="桃園區公所三樓會議室", document_number="府性平字第1130012345號")
    equal((called["state"], called["day"], called["begins"], called["ends"], called["call_number"], called["document_number"]),
          ("called", "2024-10-15", "14:00", "16:30", "府性平字第1130012345號", "府性平字第1130012345號"), "called")
    equal(step(d, meeting, "called", status=422, day="2024-10-22")["code"], "meeting_reason_missing", "put off without a reason")
    off = step(d, meeting, "called", day="2024-10-22", reason="颱風停班")
    equal((off["day"], off["reason"], off["place"], off["call_number"]),
          ("2024-10-22", "颱風停班", "桃園區公所三樓會議室", "府性平字第1130012345號"), "put off")
    equal(step(d, meeting, "called", status=200)["day"], "2024-10-22", "the same again")
    equal(step(d, meeting, "on_record", status=409)["code"], "meeting_wrong_step", "not held yet")
    was = step(d, meeting, "held")
    equal((was["state"], was["held_on"], was["counted"], was["document_number"]), ("held", "2024-10-22", True, "府性平字第1130012345號"), "held")
    equal(step(d, meeting, "cancelled", status=409, reason="x")["code"], "meeting_wrong_step", "too late to cancel")
    on_record = step(d, meeting, "on_record", document_number="府性平字第1130019999號")
    equal((on_record["state"], on_record["minutes_number"], on_record["call_number"], on_record["document_number"]),
          ("on_record", "府性平字第1130019999號", "府性平字第1130012345號", "府性平字第1130019999號"), "on record")
    equal([one["state"] for one in on_record["steps"]], ["planned", "called", "called", "held", "on_record"], "steps")
    equal(on_record["may"], ["on_record", "agenda", "attendance", "resolutions"], "may")
    d.service.command("verify")


@test
def one_may_be_cancelled_with_a_reason_and_is_not_counted(d):
    first = plan_one(d, body="division-health", day="2024-05-10")
    second = plan_one(d, body="division-health", day="2024-11-08", kind="ad_hoc")
    equal((first["number"], second["number"]), (1, 2), "numbers")
    equal(step(d, first["meeting"], "cancelled", status=422)["code"], "meeting_reason_missing", "why")
    gone = step(d, first["meeting"], "cancelled", reason="無議案")
    equal((gone["state"], gone["number"], gone["may"], gone["counted"]), ("cancelled", None, [], None), "cancelled")
    equal(show(d, second["meeting"])["number"], 1, "numbered by those that stand")
    for state in ("planned", "called", "held", "on_record"):
        equal(step(d, first["meeting"], state, status=409)["code"], "meeting_wrong_step", state)
    equal(put(d, first["meeting"], "agenda", {"items": [{"kind": "report", "title": "甲"}]}, 0, status=409)["code"],
          "meeting_wrong_step", "its agenda")
    plan_one(d, body="division-health", day="2024-05-10")


@test
def days_must_be_right(d):
    future = (TODAY + datetime.timedelta(days=40)).isoformat()
    year = TODAY.year - 1911 if TODAY.year - 1911 <= 115 else 115
    one = plan_one(d, body="council", day=future, year=year)
    equal(step(d, one["meeting"], "held", status=409)["code"], "meeting_in_future", "not yet")
    equal(plan_one(d, status=409, body="council", day=future, year=year, state="called", place="甲")["code"], "meeting_same_day", "twice a day")
    equal(plan_one(d, status=200, body="council", day=future, year=year)["meeting"], one["meeting"], "the same again")
    equal(plan_one(d, status=409, body="council", day=future, year=year, state="held")["code"], "meeting_same_day", "held in the future")
    equal(plan_one(d, status=409, body="division-safety", day=future, year=year, state="held")["code"], "meeting_in_future", "held in the future")
    equal(step(d, one["meeting"], "called", status=422, begins="14:00", ends="13:00")["code"], "bad_member", "ends before")
    for sent in ({"begins": "24:00"}, {"begins": "9:00"}, {"ends": "12:60"}, {"day": "x"}, {"place": ""}, {"place": "x" * 201},
                 {"document_number": "號" * 101}, {"reason": "x" * 2001}, {"extra": 1}, {"place": "a\u0007"}):
        equal(step(d, one["meeting"], "called", status=422, **sent)["code"], "bad_member", str(sent))
    step(d, one["meeting"], "called", place="場" * 200)
    step(d, one["meeting"], "x", status=422)
    for sent in ({"body": "nothing", "day": "2024-05-01"}, {"body": "council"}, {"body": "council", "day": "2024-05-01", "unit": "x"},
                 {"body": "liaison", "day": "2024-05-01"}, {"body": "liaison", "day": "2024-05-01", "unit": "group-9"},
                 {"body": "council", "day": "2010-05-01"}, {"body": "council", "day": "2024-05-01", "year": 90},
                 {"body": "council", "day": "2024-05-01", "kind": "x"}, {"body": "council", "day": "2024-05-01", "state": "cancelled"},
                 {"body": "council", "day": "2024-05-01", "held_on": "2024-05-01"}, {"body": "council", "held_on": "x"}):
        equal(plan_one(d, status=422, **sent)["code"], "bad_member", str(sent))


@test
def a_meeting_ends_after_it_begins_however_it_is_recorded(d):
    for sent in ({"day": "2025-04-01"}, {"day": "2025-04-01", "state": "called"}, {"day": "2025-04-01", "state": "held"}, {"held_on": "2025-04-01"}):
        for begins, ends in (("14:00", "13:00"), ("14:00", "14:00")):
            refused = plan_one(d, status=422, body="division-health", begins=begins, ends=ends, **sent)
            check(refused["code"] == "bad_member" and "begins" in refused["detail"], str(refused))
    one = plan_one(d, body="division-health", day="2025-04-01", ends="12:00")
    refused = step(d, one["meeting"], "called", status=422, begins="12:00")
    check(refused["code"] == "bad_member" and "begins" in refused["detail"], str(refused))
    step(d, one["meeting"], "called", begins="11:59")


def tag_of(d, meeting, client=None, **query):
    return expect_status((client or d.geo).get(f"/v1/meetings/{meeting}", **query), 200).header("etag")


@test
def the_tag_of_a_meeting_that_was_read_is_held_against_the_part_that_changes(d):
    meeting = held(d, "division-population", None, "2025-05-06")["meeting"]
    path, reports = f"/v1/meetings/{meeting}", [{"kind": "report", "title": "甲"}]

    def send(what, body, tag, status=200, client=None, method="PUT"):
        return expect_status((client or d.geo).request(method, f"{path}/{what}", body, {"If-Match": tag}), status)
    read, again = tag_of(d, meeting), tag_of(d, meeting)
    equal(read, again, "the same, out of the cache")
    expect_status(d.geo.get(path, {"If-None-Match": read}), 304)
    written = send("agenda", {"items": reports}, read)
    item, now = written.json["agenda"]["items"][0]["item"], written.header("etag")
    equal(now, tag_of(d, meeting), "the answer carries the tag as it stands")
    check(now != read, "the tag stands still")
    expect_status(d.geo.get(path, {"If-None-Match": read}), 200)
    equal(send("agenda", {"items": reports * 2}, read, 412).json["code"], "precondition_failed", "changed meanwhile")
    written = send("agenda", {"items": [*written.json["agenda"]["items"], *reports]}, now)
    sheet = send("attendance", {"rows": [{"name": "某丙"}]}, read)
    send("attendance", {"rows": [{"name": "某丁"}]}, read, 412)
    send("attendance", {"rows": [{"name": "某丁"}]}, sheet.header("etag"))
    done = send("resolutions", {"resolutions": [{"item": item, "text": "洽悉"}]}, read)
    send("resolutions", {"resolutions": [{"item": item, "text": "照案"}]}, read, 412)
    done = send("resolutions", {"resolutions": [{"item": item, "text": "照案"}]}, done.header("etag"))
    send("resolutions", {"resolutions": [{"item": item, "text": "修正"}]}, f'"{done.json["agenda"]["resolved"]}"')
    expect_status(d.geo.get(path, {"Accept-Language": "en"}), 200)
    send("agenda", {"items": written.json["agenda"]["items"]}, tag_of(d, meeting, d.login("supervision")))
    other = held(d, "division-environment", None, "2025-05-06")["meeting"]
    for bad in (tag_of(d, other), "x", '""', '"x"', f'W/{now}', now[:-1], '"m"', now[:10] + '"', '"' + "9" * 30 + '"', now.replace(".", "x")):
        send("agenda", {"items": reports}, bad, 412)
        send("steps", {"state": "on_record", "document_number": "第1號"}, bad, 412, method="POST")


@test
def a_step_is_held_against_the_tag_that_comes_with_it(d):
    meeting = plan_one(d, body="division-population", day="2025-09-09")["meeting"]

    def send(tag, status, **body):
        return expect_status(d.geo.post(f"/v1/meetings/{meeting}/steps", body, {"If-Match": tag}), status)
    read = tag_of(d, meeting)
    called = send(read, 201, state="called", place="甲")
    equal(send(read, 412, state="cancelled", reason="x").json["code"], "precondition_failed", "stale")
    equal(show(d, meeting)["state"], "called", "nothing was done")
    equal(called.header("etag"), tag_of(d, meeting), "the answer's tag")
    put(d, meeting, "agenda", {"items": [{"kind": "report", "title": "甲"}]}, 0)
    send(called.header("etag"), 201, state="held")
    send("*", 201, state="on_record", document_number="第1號")
    step(d, meeting, "on_record", document_number="第2號", reason="文號誤植")


@test
def a_new_agenda_is_the_usual_one_and_it_is_written_as_a_whole(d):
    one = plan_one(d, body="liaison", unit="group-1", day="2023-10-20")
    meeting, agenda = one["meeting"], one["agenda"]
    equal((agenda["sequence"], [item["title"] for item in agenda["items"]], {item["item"] for item in agenda["items"]}),
          (0, ["主席致詞", "確認前次會議紀錄", "歷次決議列管情形", "報告事項", "討論事項", "臨時動議", "散會"], {None}), "usual")
    items = agenda["items"]
    items[4:5] = [{"kind": "discussion", "title": "114年聯合宣導案", "proposer": "龜山區公所", "explanation": "說明一", "proposal": "擬請同意"},
                  {"kind": "discussion", "title": "第二案"}]
    equal(put(d, meeting, "agenda", {"items": items}, None, status=428)["code"], "precondition_required", "without If-Match")
    written = put(d, meeting, "agenda", {"items": items}, 0)["agenda"]
    check(written["sequence"] > 0 and all(item["item"] for item in written["items"]), str(written))
    equal([item["place"] for item in written["items"]], list(range(1, 9)), "places")
    equal((written["items"][4]["explanation"], written["items"][4]["proposal"], written["items"][5]["proposal"]), ("說明一", "擬請同意", None), "texts")
    equal(put(d, meeting, "agenda", {"items": items[:-1]}, 0, status=412)["code"], "precondition_failed", "stale")
    again = put(d, meeting, "agenda", {"items": written["items"]}, written["sequence"])["agenda"]
    equal(again, written, "as it was read")
    moved = [*written["items"][:4], written["items"][5], written["items"][4], *written["items"][6:]]
    turned = put(d, meeting, "agenda", {"items": moved}, written["sequence"])["agenda"]
    equal([item["item"] for item in turned["items"]], [item["item"] for item in moved], "items keep their names")
    equal(put(d, meeting, "agenda", {"items": [{**moved[0], "item": str(uuid.uuid4())}]}, "*", status=422)["code"], "unknown_item", "no such item")
    for items in ([], [{"kind": "x", "title": "甲"}], [{"kind": "report"}], [{"kind": "report", "title": ""}], [5],
                  [{"kind": "report", "title": "甲", "x": 1}], [{"kind": "report", "title": "甲", "item": "x"}],
                  [{"kind": "report", "title": "x" * 501}], [moved[0], moved[0]], "x", [{"kind": "report", "title": "甲"}] * 201):
        equal(put(d, meeting, "agenda", {"items": items}, "*", status=422)["code"], "bad_member", str(items)[:60])
    d.service.command("verify")


def rows_of(offices, chair=None, advisers=(), **more):
    return [*({"part": "present", "office": office, "post": "區長", "sex": "f", "duty": "chair" if office == chair else None} for office in offices),
            *({"part": "present", "seat": "external", "served": served, "name": name} for name, served in advisers), *more.get("others", [])]


@test
def who_was_there_is_written_and_the_rules_of_a_liaison_meeting_are_judged(d):
    one = held(d)
    meeting = one["meeting"]
    equal({one["rule"]: one["verdict"] for one in one["rules"]},
          {"chair": "unknown", "advisers": "unknown", "council_adviser": "unknown", "offices": "unknown", "by": "holds"}, "nobody knows yet")
    rows = rows_of(GROUP_2[:5], chair=ZHONGLI, advisers=[("專家甲", False)], others=[
        {"part": "sitting_in", "post": "參議", "name": "督導乙"}, {"part": "excused", "office": GROUP_2[5], "post": "區長"},
        {"part": "present", "duty": "recorder", "name": "紀錄丙"}])
    sheet = put(d, meeting, "attendance", {"rows": rows}, 0)
    equal(sheet["attendance"]["counts"], {"present": 7, "sitting_in": 1, "excused": 1, "absent": 0, "present_m": 0, "present_f": 5,
                                          "external_present": 1, "served_present": 0}, "counts")
    equal({one["rule"]: (one["verdict"], one["found"], one["wanted"]) for one in sheet["rules"]}, {
        "chair": ("unknown", ZHONGLI, "-"), "advisers": ("broken", "1", "≥2"), "council_adviser": ("broken", "0", "≥1"),
        "offices": ("broken", "5/6", "6"), "by": ("holds", "2024-10-15", "≤2024-10-31")}, "rules")
    check("新屋區" in rule(sheet, "offices")["advice"]["zh"], str(rule(sheet, "offices")["advice"]))
    equal((sheet["chair"]["office"], sheet["recorder"]["name"], sheet["counted"]), (ZHONGLI, "紀錄丙", True), "duties")
    rows = rows_of(GROUP_2, chair=ZHONGLI, advisers=[("專家甲", False), ("專家丁", True)])
    equal(put(d, meeting, "attendance", {"rows": rows}, 0, status=412)["code"], "precondition_failed", "stale")
    full = put(d, meeting, "attendance", {"rows": rows}, sheet["attendance"]["sequence"])
    equal({one["rule"]: one["verdict"] for one in full["rules"]},
          {"chair": "unknown", "advisers": "holds", "council_adviser": "holds", "offices": "holds", "by": "holds"}, "all there")
    equal(put(d, meeting, "attendance", {"rows": full["attendance"]["rows"]}, full["attendance"]["sequence"])["attendance"]["sequence"],
          full["attendance"]["sequence"], "the same again")
    d.service.sql(f"insert into tributary.secretariat_turn (turn, jurisdiction, plan, body, unit, year, office, actor, sequence, recorded_at) values"
                  f" (gen_random_uuid(), '68000', '{d.plan}', 'liaison', 'group-2', 113, '{GROUP_2[1]}', gen_random_uuid(), 1000000001, now())")
    turned = show(d, meeting)
    equal((rule(turned, "chair")["verdict"], rule(turned, "chair")["wanted"], turned["secretariat"]["office"]),
          ("broken", GROUP_2[1], GROUP_2[1]), "another office's turn")
    for post, verdict in (("區長", "holds"), ("副區長", "holds"), ("代理區長", "holds"), ("District Head", "holds"), ("deputy head", "holds"),
                          ("課員", "broken"), ("課長", "broken"), ("Section Head", "broken"), (None, "unknown")):
        sat = put(d, meeting, "attendance", {"rows": [{"office": GROUP_2[1], "duty": "chair", "post": post}]}, "*")
        judged = rule(sat, "chair")
        equal((judged["verdict"], judged["advice"] is not None), (verdict, verdict == "broken"), f"{post} in the chair")
    d.service.sql("set session_replication_role = replica; delete from tributary.secretariat_turn where sequence > 1000000000")
    late = held(d, day="2025-11-05", kind="regular")
    equal((rule(late, "by")["verdict"], late["number"]), ("broken", 1), "in November")
    further = held(d, day="2024-11-05", kind="regular")
    equal(([one["rule"] for one in further["rules"]], further["number"]), (["chair", "advisers", "council_adviser", "offices"], 2),
          "the year had its meeting in October")


@test
def a_bureau_s_meeting_without_half_its_external_members_is_none_of_the_year_s(d):
    for name in ("外甲", "外乙", "外丙"):
        expect_status(d.geo.post(f"{d.base}/bodies/special-group/members", {
            "unit": "education", "name": name, "sex": "f", "seat": "external", "role": "member", "from": "2024-01-01",
            "served_on_council": name == "外甲"}), 201)
    one = held(d, "special-group", "education", "2024-04-10")
    first = put(d, one["meeting"], "attendance", {"rows": [{"name": "外甲", "sex": "f"}, {"name": "局長", "duty": "chair"}]}, 0)
    check(first["attendance"]["rows"][0]["member"] and first["attendance"]["rows"][0]["served"], f"known by name: {first['attendance']['rows'][0]}")
    equal(first["attendance"]["rows"][0]["seat"], "external", "as the body says")
    equal((first["attendance"]["quorum"]["verdict"], first["attendance"]["quorum"]["present"], first["attendance"]["quorum"]["members"], first["counted"]),
          ("broken", 1, 3, False), "1 of 3")
    equal(rule(first, "quorum")["source"], "guide, 2(1)", "where it stands")
    second = put(d, one["meeting"], "attendance", {"rows": [{"name": "外甲"}, {"name": "外乙"}, {"name": "外丙", "part": "absent"}]},
                 first["attendance"]["sequence"])
    equal((second["attendance"]["quorum"]["verdict"], second["counted"]), ("holds", True), "2 of 3")
    member = second["attendance"]["rows"][0]["member"]
    equal(put(d, one["meeting"], "attendance", {"rows": [{"member": member}, {"name": "外甲"}]}, "*", status=422)["code"], "member_twice", "twice")
    equal(put(d, one["meeting"], "attendance", {"rows": [{"member": str(uuid.uuid4())}]}, "*", status=422)["code"], "bad_member", "no member")
    for row in ({"part": "x"}, {"duty": "x"}, {"seat": "x"}, {"sex": "x"}, {"served": 1}, {"office": "x"}, {"name": "x" * 101}, {"post": ""},
                {"member": "x"}, {"x": 1}):
        equal(put(d, one["meeting"], "attendance", {"rows": [row]}, "*", status=422)["code"], "bad_member", str(row))
    equal(put(d, one["meeting"], "attendance", {"rows": [{"duty": "chair"}, {"duty": "chair"}]}, "*", status=422)["code"], "bad_member", "two chairs")
    planned = plan_one(d, body="special-group", unit="education", day="2024-10-10")
    equal(put(d, planned["meeting"], "attendance", {"rows": [{}]}, "*", status=409)["code"], "meeting_not_held", "before it was held")


@test
def what_is_resolved_stands_with_its_item(d):
    one = held(d, "promotion-group", None, "2023-05-19")
    meeting = one["meeting"]
    agenda = put(d, meeting, "agenda", {"items": [*one["agenda"]["items"][:4], {"kind": "discussion", "title": "甲案"}, {"kind": "discussion", "title": "乙案"}]}, 0)["agenda"]
    first, second = agenda["items"][4]["item"], agenda["items"][5]["item"]
    done = put(d, meeting, "resolutions", {"resolutions": [{"item": first, "text": "照案通過。", "remarks": "委員建議納入數位宣導。"}]}, 0)["agenda"]
    equal((done["items"][4]["resolution"], done["items"][5]["resolution"]), ({"text": "照案通過。", "remarks": "委員建議納入數位宣導。"}, None), "resolved")
    equal(put(d, meeting, "resolutions", {"resolutions": [{"item": second, "text": "緩議。"}]}, 0, status=412)["code"], "precondition_failed", "stale")
    both = put(d, meeting, "resolutions", {"resolutions": [{"item": first, "text": "修正後通過。"}, {"item": second, "text": "緩議。"}]}, done["resolved"])["agenda"]
    equal([item["resolution"] for item in both["items"][4:]], [{"text": "修正後通過。", "remarks": None}, {"text": "緩議。", "remarks": None}], "both")
    equal(put(d, meeting, "resolutions", {"resolutions": [{"item": second, "text": "緩議。"}]}, both["resolved"])["agenda"]["resolved"], both["resolved"], "the same")
    equal(put(d, meeting, "agenda", {"items": both["items"][:5]}, both["sequence"], status=409)["code"], "item_resolved", "it stays")
    equal(put(d, meeting, "resolutions", {"resolutions": [{"item": str(uuid.uuid4()), "text": "甲"}]}, "*", status=422)["code"], "unknown_item", "no such item")
    for sent in ([], [{"item": second}], [{"text": "甲"}], [{"item": "x", "text": "甲"}], [{"item": second, "text": "甲", "x": 1}], [{"item": second, "text": "x" * 20001}],
                 [{"item": second, "text": "甲"}, {"item": second, "text": "乙"}]):
        equal(put(d, meeting, "resolutions", {"resolutions": sent}, "*", status=422)["code"], "bad_member", str(sent)[:60])
    d.service.command("verify")


@test
def what_stood_at_a_moment_is_told_as_it_stood(d):
    one = held(d, "division-education", None, "2023-11-10")
    meeting = one["meeting"]
    before = one["recorded_at"]
    put(d, meeting, "agenda", {"items": [{"kind": "report", "title": "甲"}]}, 0)
    put(d, meeting, "attendance", {"rows": [{"name": "某甲"}]}, 0)
    step(d, meeting, "on_record", document_number="第1號")
    past = show(d, meeting, as_of=before)
    now = show(d, meeting)
    equal((past["state"], past["agenda"]["sequence"], past["attendance"]["sequence"], past["minutes_number"], past["may"]), ("held", 0, 0, None, []), "then")
    equal((now["state"], len(now["agenda"]["items"]), len(now["attendance"]["rows"]), now["minutes_number"]), ("on_record", 1, 1, "第1號"), "now")
    equal({**past, "may": one["may"]}, one, "all of it")
    show(d, meeting, status=404, as_of="2020-01-01T00:00:00Z")
    listed = d.geo.get(f"{d.base}/meetings", body="division-education", year="112").json["meetings"]
    equal([item["state"] for item in listed], ["on_record"], "listed")
    equal(d.geo.get(f"{d.base}/meetings", body="division-education", as_of=before).json["meetings"][0]["state"], "held", "listed then")


@test
def offices_see_their_own_and_plan_only_their_task_group_s(d):
    office = d.office(GUISHAN)
    mine = plan_one(d, office, body="task-group", day="2024-04-20")
    equal((mine["unit"], mine["may"]), (GUISHAN, ["planned", "called", "cancelled", "agenda"]), "its own")
    step(d, mine["meeting"], "called", office, begins="10:00", place="龜山區公所")
    put(d, mine["meeting"], "agenda", {"items": [{"kind": "report", "title": "甲"}]}, 0, office)
    equal(step(d, mine["meeting"], "held", office, status=409)["code"], "meeting_by_record", "by its record")
    equal(step(d, mine["meeting"], "held", status=409)["code"], "meeting_by_record", "by its record")
    show(d, mine["meeting"], d.office(ZHONGLI), 404)
    step(d, mine["meeting"], "cancelled", d.office(ZHONGLI), 404, reason="x")
    plan_one(d, office, 403, body="task-group", unit=ZHONGLI, day="2024-04-20")
    plan_one(d, office, 403, body="liaison", unit="group-1", day="2024-10-01")
    for role in ("dbas", "admin"):
        plan_one(d, d.login(role), 403, body="liaison", unit="group-1", day="2024-10-01")
        step(d, mine["meeting"], "cancelled", d.login(role), 403, reason="x")
    plan_one(d, d.login("auditor"), 403, body="council", day="2024-06-01")
    own, other, city = held(d, unit="group-1", day="2024-09-10"), held(d, day="2024-09-11"), held(d, "council", None, "2024-06-12")
    put(d, own["meeting"], "attendance", {"rows": [{"name": "某乙", "office": GUISHAN, "post": "區長"}]}, 0)
    show(d, other["meeting"], office, 404)
    seen = show(d, own["meeting"], office)
    equal((seen["attendance"]["rows"][0]["name"], seen["attendance"]["rows"][0]["post"], seen["may"]), (None, "區長", []), "no names")
    equal(show(d, own["meeting"], d.login("auditor"))["attendance"]["rows"][0]["name"], "某乙", "the city reads names")
    put(d, own["meeting"], "attendance", {"rows": [{}]}, "*", office, 403)
    put(d, own["meeting"], "resolutions", {"resolutions": [{"item": str(uuid.uuid4()), "text": "x"}]}, "*", office, 403)
    put(d, own["meeting"], "agenda", {"items": [{"kind": "report", "title": "甲"}]}, "*", office, 403)
    listed = {one["meeting"] for one in office.get(f"{d.base}/meetings", year="113").json["meetings"]}
    check({mine["meeting"], own["meeting"], city["meeting"]} <= listed and other["meeting"] not in listed, "listed for an office")
    for query in ({"body": "nothing"}, {"state": "x"}, {"year": "x"}):
        expect_status(d.geo.get(f"{d.base}/meetings", **query), 400)
    for id in ("x", "-" * 36, "01a2240b-e557-76f6-905c-9fb8373688-2", "01a2240b-e557-76f6-905c-9fb8373688322"):
        show(d, id, status=404)
    show(d, str(uuid.uuid4()), status=404)
    csv = d.geo.get(f"{d.base}/meetings", headers={"Accept": "text/csv"}, year="113")
    check("府性平字第1130012345號" in csv.body.decode("utf-8-sig"), "CSV")


@test
def names_are_erased_and_the_sheet_stays(d):
    one = held(d, "division-environment", None, "2024-05-17")
    put(d, one["meeting"], "attendance", {"rows": [{"name": "範例待刪", "post": "科長", "sex": "m"}]}, 0)
    found = d.service.command("personal", "find", "範例待刪").stdout.decode()
    check("division-environment 2024-05-17" in found, found)
    d.service.command("personal", "erase", "範例待刪", "--yes")
    row = show(d, one["meeting"])["attendance"]["rows"][0]
    equal((row["name"], row["post"], row["sex"]), (None, "科長", "m"), "erased")
    equal(d.service.sql("select count(*) from tributary.log_entry where entry like '%範例待刪%' or entry like '%科長%'"), "0", "in the log")
    d.service.command("verify")


@test
def keys_are_honoured(d):
    key = {"Idempotency-Key": str(uuid.uuid4())}
    one = plan_one(d, headers=key, body="division-population", day="2024-05-14")
    reply = d.geo.post(f"{d.base}/meetings", {"body": "division-population", "day": "2024-05-14"}, key)
    equal((reply.status, reply.json["meeting"], reply.header("idempotent-replay")), (200, one["meeting"], "true"), "a replay")
    equal(plan_one(d, status=409, headers=key, body="division-population", day="2024-05-15")["code"], "idempotency_conflict", "other content")
    key = {"Idempotency-Key": str(uuid.uuid4())}
    body = {"items": [{"kind": "report", "title": "甲"}]}
    written = put(d, one["meeting"], "agenda", body, 0, headers=key)["agenda"]
    equal(put(d, one["meeting"], "agenda", body, 0, headers=key)["agenda"], written, "an agenda's replay")


if __name__ == "__main__":
    suite.run()
