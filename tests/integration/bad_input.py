#!/usr/bin/env python3
"""Bad input gets a clear finding or problem, and nothing is lost or half stored."""
import http.client
import json
import pathlib
import socket
import sys
import threading
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, OFFICES, ZHONGLI, annual, course, desk, quarterly  # noqa: E402
from people import Browser  # noqa: E402
from tributary_harness import RawConnection, Suite, check, equal, expect_status  # noqa: E402

IDLE = 5
suite = Suite(lambda: desk(settings={"TRIBUTARY_IDLE_SECONDS": str(IDLE)}))
test = suite.test
MEGABYTE = 1024 * 1024


def send(d, body, kind="application/json", office=GUISHAN):
    return d.office(office).post(f"{d.base}/submissions", body, {"Content-Type": kind})


def refuse(d, body, code, *statuses):
    reply = expect_status(send(d, body), *(statuses or (400,)))
    equal(reply.header("content-type", "").split(";")[0], "application/problem+json", "type")
    if code:
        equal(reply.json["code"], code, f"code of {body[:60]!r}")
    equal(d.listed("training-annual", GUISHAN, "113"), [], "stored")
    return reply


@test
def malformed_bodies_are_400_malformed_json(d):
    right = json.dumps(annual(GUISHAN, "113"))
    for body in ("", " ", "{", "nonsense", right[:-1], right[:len(right) // 2], right + "}",
                 right + right, "{'form':1}", right.replace('"fields"', "fields"),
                 right[:-1] + ",}", "\x00", "[" * 5000):
        refuse(d, body.encode(), "malformed_json", 400)


@test
def a_body_that_is_no_object_is_refused(d):
    for body in ("[]", "1", '"text"', "null", "true"):
        refuse(d, body.encode(), None, 400, 422)


@test
def every_truncation_of_a_right_document_is_refused(d):
    right = json.dumps(annual(GUISHAN, "113"), ensure_ascii=False).encode()
    for length in range(0, len(right), 37):
        expect_status(send(d, right[:length]), 400)
    equal(d.listed("training-annual", GUISHAN, "113"), [], "stored")


# What is sent where, and what is said of it in both languages.
GRANT = {"office": GUISHAN, "form": "training-annual", "period": "115", "until": "2027-03-01", "reason": "x"}
DECISION = {"title": "x", "text": "x", "owners": [{"office": GUISHAN}]}
MEMBERS = [
    ("extensions", {**GRANT, "reason": None}, "未填「reason」，要求：1–4000 位元組的文字", "reason is missing; wanted: a text of 1–4000 bytes"),
    ("extensions", {**GRANT, "office": "9"}, "「office」填的是「9」，要求：計畫中的機關代碼", "office is '9'; wanted: the code of an office of the plan"),
    ("extensions", {**GRANT, "more": 1}, "沒有「more」這個項目；可用：office, form, period, until, reason, granted_by",
     "there is no member more; there are: office, form, period, until, reason, granted_by"),
    ("extensions", [], "「body」填的是「[]」，要求：JSON 物件 {…}", "body is '[]'; wanted: a JSON object, {…}"),
    ("closings", {"period": "114", "closed": "yes", "reason": "x"}, "「closed」填的是「yes」，要求：true, false", "closed is 'yes'; wanted: true, false"),
    ("meetings", {"body": "promotion-group", "day": "2024-05-20", "kind": 5},
     "「kind」填的是「5」，要求：1–80 位元組的文字", "kind is '5'; wanted: a text of 1–80 bytes"),
    ("meetings", {"body": "liaison", "day": "2024-05-20", "unit": "group-9"},
     "「unit」填的是「group-9」，要求：計畫中的組別代碼", "unit is 'group-9'; wanted: the code of a group of the plan"),
    ("meetings", {"body": "liaison", "unit": "group-1"}, "「day」不合要求：YYYY-MM-DD", "day isn't right; wanted: YYYY-MM-DD"),
    ("secretariat/swap", {"unit": "group-1", "years": [112, 2024], "reason": "x"},
     "「years[1]」填的是「2024」，要求：民國年度 112–115", "years[1] is '2024'; wanted: a ROC year, 112–115"),
    ("decisions", {**DECISION, "owners": [{"office": GUISHAN}, {"office": "9"}]},
     "「owners[1].office」填的是「9」，要求：計畫中的機關代碼", "owners[1].office is '9'; wanted: the code of an office of the plan"),
    ("decisions", {**DECISION, "owners": ["x"]}, "「owners[0]」填的是「x」，要求：{\"office\"} | {\"agency\"}",
     "owners[0] is 'x'; wanted: {\"office\"} | {\"agency\"}"),
    ("decisions", {**DECISION, "asks": {"form": "none", "period": "113"}},
     "「asks.form」填的是「none」，要求：計畫中的表單代碼", "asks.form is 'none'; wanted: the code of a form of the plan"),
    ("decisions", {**DECISION, "asks": {"what": 1}}, "沒有「asks.what」這個項目；可用：form, period, text", "there is no member asks.what; there are: form, period, text"),
    ("decisions", {**DECISION, "title": "x" * 501}, "「title」填的是「" + "x" * 80, "title is '" + "x" * 80),
    ("decisions", {**DECISION, "text": "a\u0007"}, "要求：不含控制字元的文字", "wanted: a text without control characters"),
]


def details(client, path, body):
    replies = [expect_status(client.post(path, body, {"Accept-Language": language}), 422).json for language in ("zh-TW", "en")]
    equal([one["code"] for one in replies], ["bad_member"] * 2, f"{path} {body}")
    return [one["detail"] for one in replies]


@test
def a_wrong_member_is_named_with_what_it_holds_and_what_is_wanted(d):
    held = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "liaison", "unit": "group-1", "held_on": "2023-10-01"}), 201).json
    paths = {"decisions": f"/v1/meetings/{held['meeting']}/decisions"}
    wrong = []
    for what, body, *wanted in MEMBERS:
        for said, words in zip(details(d.geo, paths.get(what, f"{d.base}/{what}"), body), wanted):
            wrong.extend([] if words in said else [f"{what} {str(body)[:80]}: {said}"])
    equal(wrong, [], "details")
    submission = d.accepted(annual(OFFICES[5], "112"))["submission"]
    sent = {"stage": "geo", "outcome": "return", "reason": "x", "cells": ["fields.general.staff.m", "fields.nothing"]}
    equal(details(d.geo, f"/v1/submissions/{submission}/reviews", sent),
          ["「cells[1]」填的是「fields.nothing」，要求：這張表單有的位置", "cells[1] is 'fields.nothing'; wanted: a place that the form has"], "a cell")
    made = details(d.login("admin"), "/v1/tokens", {"role": "office", "office": "9", "label": "x"})
    equal(made, ["「office」填的是「9」，要求：系統中有的一項", "office is '9'; wanted: one that there is"], "what only the database knows")
    made = details(d.login("admin"), "/v1/accounts", {"login": "x", "name": "x", "role": "chief"})
    check("「role」填的是「chief」，要求：office, geo" in made[0] and made[1].startswith("role is 'chief'; wanted: office, geo"), str(made))


@test
def a_password_is_never_read_back(d):
    secret = "geheim" * 400
    for said in details(Browser(d.service.port), "/v1/session", {"login": "x", "password": secret}):
        check("password" in said and "geheim" not in said, said)


@test
def a_repeated_json_key_is_400_duplicate_key(d):
    right = json.dumps(annual(GUISHAN, "113"))
    for body in (right.replace('"fields"', '"office":"68000070","fields"', 1),
                 right.replace('"general.staff.m": 61', '"general.staff.m":61,"general.staff.m":6'),
                 right.replace('"general.staff.m": 61',
                               '"general.staff.m":61,"general\\u002estaff.m":61')):
        refuse(d, body.encode(), "duplicate_key", 400)


@test
def nan_and_infinity_are_refused(d):
    right = json.dumps(annual(GUISHAN, "113"))
    for word in ("NaN", "Infinity", "-Infinity", "nan", "1e999", "0x10", "01", "+1", ".5", "1."):
        body = right.replace('"general.staff.m": 61', f'"general.staff.m": {word}')
        refuse(d, body.encode(), None, 400, 422)


@test
def numbers_beyond_2_to_the_53_are_refused_whatever_their_length(d):
    right = json.dumps(annual(GUISHAN, "113"))
    for number in (str(2 ** 53 + 1), str(2 ** 63), str(2 ** 64), "1" + "0" * 40, "9" * 400,
                   str(-2 ** 63 - 1)):
        body = right.replace('"general.staff.m": 61', f'"general.staff.m": {number}')
        refuse(d, body.encode(), None, 422, 400)


@test
def bytes_that_are_no_utf_8_are_refused(d):
    right = json.dumps(annual(GUISHAN, "113", excluded_reason="x"), ensure_ascii=False).encode()
    for wrong in (b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80"):
        refuse(d, right.replace(b'"x"', b'"' + wrong + b'"'), None, 400, 422)


@test
def lone_surrogates_and_nul_are_refused_or_kept_whole(d):
    right = json.dumps(annual(ZHONGLI, "115", excluded_reason="x"))
    for word in ("\\ud800", "\\udc00", "a\\u0000b"):
        reply = send(d, right.replace('"x"', f'"{word}"').encode(), office=ZHONGLI)
        expect_status(reply, 400, 422)
    equal(d.listed("training-annual", ZHONGLI, "115"), [], "stored")


@test
def deep_nesting_is_refused(d):
    for depth in (200, 20000):
        body = json.dumps({**annual(GUISHAN, "113")})[:-1] + ',"notes":' + '{"a":' * depth + "1" \
            + "}" * depth + "}"
        refuse(d, body.encode(), None, 400, 422)


@test
def wrong_types_of_the_document_s_members_are_refused(d):
    right = annual(GUISHAN, "113")
    for name, value in [("fields", []), ("fields", 1), ("fields", "x"), ("tables", []),
                        ("tables", {"courses": {}}), ("tables", {"courses": [1]}),
                        ("tables", {"courses": None}), ("notes", []), ("notes", {"fields": 1}),
                        ("form", None), ("office", 68000070), ("office", None), ("period", None),
                        ("event", 5), ("event", "not-a-uuid")]:
        reply = send(d, json.dumps({**right, name: value}).encode())
        expect_status(reply, 422, 400, 403, 404)
        check(reply.json.get("code"), f"no code: {reply}")
    equal(d.listed("training-annual", GUISHAN, "113"), [], "stored")


@test
def a_document_without_form_office_or_period_is_refused(d):
    for name in ("form", "office", "period"):
        document = annual(GUISHAN, "113")
        del document[name]
        expect_status(send(d, json.dumps(document).encode()), 422, 400, 403)


@test
def an_unknown_office_is_refused_for_the_geo_too(d):
    reply = d.geo.hand_in(d.plan, annual("68000999", "113"))
    expect_status(reply, 422, 403, 404)


@test
def another_office_s_token_is_403_and_stores_nothing(d):
    reply = d.office(ZHONGLI).hand_in(d.plan, annual(GUISHAN, "113"))
    equal(expect_status(reply, 403).json["code"], "forbidden", "code")
    equal(d.listed("training-annual", GUISHAN, "113"), [], "stored")


@test
def another_office_s_document_cannot_be_read_reviewed_or_compared(d):
    mine = d.accepted(annual(OFFICES[0], "113"))["submission"]
    other = d.accepted(annual(ZHONGLI, "113"))["submission"]
    reader = d.office(OFFICES[0])
    for path in (f"/v1/submissions/{other}", f"/v1/submissions/{other}/revisions",
                 f"/v1/submissions/{other}/receipt", f"/v1/submissions/{other}/diff?against={mine}",
                 f"/v1/submissions/{mine}/diff?against={other}"):
        expect_status(reader.get(path), 403, 404)
    expect_status(reader.get(f"/v1/submissions/{mine}"), 200)


@test
def a_50_mb_body_is_413_before_it_is_sent(d):
    token = d.office(GUISHAN).token
    began = time.monotonic()
    with RawConnection(d.service.port) as raw:
        raw.send(f"POST {d.base}/submissions HTTP/1.1\r\nHost: localhost\r\n"
                 f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
                 f"Content-Length: {50 * MEGABYTE}\r\n\r\n{{".encode())
        status, headers, body = raw.read_reply() or (None, {}, b"")
    equal(status, 413, "status")
    check(headers.get("content-type", "").startswith("application/problem+json"), "type")
    equal(json.loads(body)["code"], "body_too_large", "code")
    check(time.monotonic() - began < 3, "413 took longer than 3 s")


@test
def a_50_mb_body_that_is_sent_all_the_same_does_no_harm(d):
    connection = http.client.HTTPConnection("127.0.0.1", d.service.port, timeout=30)
    try:
        connection.request("POST", f"{d.base}/submissions", body=b" " * (50 * MEGABYTE),
                           headers={"Authorization": f"Bearer {d.office(GUISHAN).token}",
                                    "Content-Type": "application/json"})
        status = connection.getresponse().status
    except (BrokenPipeError, ConnectionResetError):
        status = 413  # it closed while we were still talking
    finally:
        connection.close()
    equal(status, 413, "status")
    expect_status(d.geo.get("/v1/plans"), 200)


@test
def a_chunked_body_is_counted_and_refused_beyond_the_limit(d):
    with RawConnection(d.service.port, timeout=30) as raw:
        raw.send(f"POST {d.base}/submissions HTTP/1.1\r\nHost: localhost\r\n"
                 f"Authorization: Bearer {d.office(GUISHAN).token}\r\n"
                 "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        piece = b"%x\r\n" % MEGABYTE + b" " * MEGABYTE + b"\r\n"
        try:
            for _ in range(50):
                raw.send(piece)
            raw.send(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            pass
        reply = raw.read_reply()
    check(reply is None or reply[0] in (413, 411), f"status {reply and reply[0]}")
    expect_status(d.geo.get("/v1/plans"), 200)


@test
def a_chunked_body_within_the_limit_is_taken(d):
    body = json.dumps(annual(OFFICES[1], "112")).encode()
    with RawConnection(d.service.port) as raw:
        raw.send(f"POST {d.base}/submissions HTTP/1.1\r\nHost: localhost\r\n"
                 f"Authorization: Bearer {d.office(OFFICES[1]).token}\r\n"
                 "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        for start in range(0, len(body), 100):
            piece = body[start:start + 100]
            raw.send(b"%x\r\n" % len(piece) + piece + b"\r\n")
        raw.send(b"0\r\n\r\n")
        reply = raw.read_reply()
    check(reply and reply[0] == 201, f"reply {reply}")


@test
def a_body_just_over_8_mib_is_413_and_one_just_under_is_judged(d):
    document = json.dumps(annual(OFFICES[2], "112")).encode()
    over = document + b" " * (8 * MEGABYTE + 1 - len(document))
    equal(expect_status(send(d, over, office=OFFICES[2]), 413).json["code"], "body_too_large",
          "code")
    under = document + b" " * (8 * MEGABYTE - len(document))
    expect_status(send(d, under, office=OFFICES[2]), 201)


@test
def a_large_lawful_document_is_taken_and_added_exactly(d):
    greatest = 2 ** 53
    rows = [course(f"r{number}", **{"attendance.m": greatest, "attendance.f": ...,
                                    "attendance.total": ...}) for number in range(1100)]
    d.accepted(quarterly(OFFICES[3], "113Q2", courses=rows))
    element = d.unit("training-quarterly", "113Q2", OFFICES[3], by="office")["elements"]
    equal(element["courses.attendance.m"]["value"], str(1100 * greatest),
          "a sum beyond 2^63 is a decimal string")
    whole = d.unit("training-quarterly", "113Q2", "city")["elements"]
    check(int(whole["courses.attendance.m"]["value"]) >= 1100 * greatest, "the city's sum")


@test
def a_stalled_upload_is_closed_and_holds_nobody_up(d):
    token = d.office(GUISHAN).token
    stalled = [RawConnection(d.service.port, timeout=120) for _ in range(16)]
    try:
        for raw in stalled:
            raw.send(f"POST {d.base}/submissions HTTP/1.1\r\nHost: localhost\r\n"
                     f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
                     "Content-Length: 1000\r\n\r\n{\"form\":".encode())
        began = time.monotonic()
        expect_status(d.geo.get("/v1/plans"), 200)
        d.accepted(annual(OFFICES[4], "112"))
        check(time.monotonic() - began < 5, "others had to wait")
        check(stalled[0].is_closed(within=IDLE * 4), "a stalled upload is still open")
    finally:
        for raw in stalled:
            raw.socket.close()
    equal(d.listed("training-annual", GUISHAN, "113"), [], "stored")


@test
def stalled_headers_are_closed(d):
    with RawConnection(d.service.port, timeout=120) as raw:
        raw.send(b"GET /v1/plans HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        check(raw.is_closed(within=IDLE * 4), "stalled headers are still waited for")


@test
def an_upload_cut_in_the_middle_stores_nothing(d):
    body = json.dumps(annual(GUISHAN, "113")).encode()
    for cut in (0, 1, len(body) // 2, len(body) - 1):
        with RawConnection(d.service.port) as raw:
            raw.send(f"POST {d.base}/submissions HTTP/1.1\r\nHost: localhost\r\n"
                     f"Authorization: Bearer {d.office(GUISHAN).token}\r\n"
                     f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                     .encode() + body[:cut])
    time.sleep(0.5)
    equal(d.listed("training-annual", GUISHAN, "113"), [], "stored")


def drop_before_receipt(d, document, headers, delay):
    """Send the whole request and hang up without reading the answer."""
    body = json.dumps(document).encode()
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with RawConnection(d.service.port) as raw:
        raw.send(f"POST {d.base}/submissions HTTP/1.1\r\nHost: localhost\r\n"
                 f"Authorization: Bearer {d.office(document['office']).token}\r\n"
                 f"Content-Type: application/json\r\n{lines}"
                 f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        time.sleep(delay)


@test
def a_connection_dropped_before_the_receipt_and_a_retry_with_its_key_do_not_double(d):
    for number, quarter in enumerate(f"{year}Q{q}" for year in (112, 114) for q in (1, 2, 3, 4)):
        document = quarterly(OFFICES[6], quarter, courses=[], outreach=[])
        key = {"Idempotency-Key": str(uuid.uuid4())}
        drop_before_receipt(d, document, key, number * 0.002)
        retry = expect_status(d.post(document, key), 200, 201)
        equal(retry.json["revision"], 1, "revision")
        equal(d.revisions("training-quarterly", OFFICES[6], quarter), [1], "revisions")


@test
def a_connection_dropped_before_the_receipt_and_a_retry_without_a_key_do_not_double(d):
    for number, quarter in enumerate(f"{year}Q{q}" for year in (112, 114) for q in (1, 2, 3, 4)):
        document = quarterly(OFFICES[7], quarter, courses=[], outreach=[])
        drop_before_receipt(d, document, {}, number * 0.002)
        retry = expect_status(d.post(document), 200, 201, 409)
        check(retry.status == 409 or retry.json["revision"] == 1, f"revision: {retry}")
        equal(d.revisions("training-quarterly", OFFICES[7], quarter), [1], "revisions")


@test
def a_reset_connection_leaves_the_daemon_serving(d):
    body = json.dumps(annual(OFFICES[8], "112")).encode()
    for _ in range(30):
        raw = RawConnection(d.service.port)
        raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        raw.send(f"POST {d.base}/submissions HTTP/1.1\r\nHost: localhost\r\n"
                 f"Authorization: Bearer {d.office(OFFICES[8]).token}\r\n"
                 f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                 + body)
        raw.socket.close()
    expect_status(d.geo.get("/v1/plans"), 200)
    check(d.revisions("training-annual", OFFICES[8], "112") in ([], [1]), "doubled")


@test
def two_hundred_connections_at_once_are_answered(d):
    statuses, lock = [], threading.Lock()

    def ask():
        connection = http.client.HTTPConnection("127.0.0.1", d.service.port, timeout=40)
        try:
            connection.request("GET", "/healthz")
            with lock:
                statuses.append(connection.getresponse().status)
        except (OSError, http.client.HTTPException) as problem:
            with lock:
                statuses.append(repr(problem))
        finally:
            connection.close()
    threads = [threading.Thread(target=ask) for _ in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(50)
    equal([one for one in statuses if one not in (200, 503)], [], "answers")
    check(statuses.count(200) > 100, f"{statuses.count(200)} of 200 answered")


@test
def bad_query_values_are_clear_400s(d):
    for path in ("rollups/training-annual", "rollups/training-annual?period=",
                 "rollups/training-annual?period=999&by=city",
                 "rollups/training-annual?period=113Q1&by=city",
                 "rollups/training-annual?period=113&by=village",
                 "rollups/training-annual?period=113&by=city&basis=rumour",
                 "rollups/training-annual?period=113&by=city&as_of=yesterday",
                 "rollups/training-annual?period=113&by=city&as_of=2024-13-01T00:00:00Z",
                 "rollups/training-annual?period=113&by=city&format=pdf",
                 "indicators?year=abc&by=city", "indicators?by=city",
                 "indicators?year=116&by=city", "indicators?year=113&by="):
        reply = d.geo.get(f"{d.base}/{path}")
        check(reply.status in (400, 404, 406, 422), f"{reply}")
        check(reply.json.get("code"), f"no code: {reply}")


@test
def broken_percent_encoding_and_long_urls_are_clear_4xx(d):
    for path in (f"{d.base}/submissions?form=%zz", f"{d.base}/submissions?form=%ff%fe",
                 "/v1/plans/%00", "/v1/plans/" + "x" * 3000, "/v1/plans/..%2f..%2fetc",
                 f"{d.base}/submissions?a=" + "b" * 9000, f"{d.base}/submissions?" + "a=b&" * 20):
        try:
            reply = d.geo.get(path)
        except (http.client.HTTPException, OSError) as problem:
            raise AssertionError(f"{path[:60]}: {problem!r}") from None
        check(400 <= reply.status < 500, reply)
        check(reply.json.get("code"), f"no code: {reply}")


@test
def sql_in_every_place_a_name_goes_is_only_a_name(d):
    for word in ("'; drop table revision; --", "\" or 1=1", "$1", "\\"):
        for document in ({**annual(GUISHAN, "113"), "form": word},
                         {**annual(GUISHAN, "113"), "period": word}):
            expect_status(send(d, json.dumps(document).encode()), 400, 404, 422)
        expect_status(d.geo.get(f"{d.base}/submissions", form=word), 200, 400, 404)
    d.accepted(annual(GUISHAN, "114", excluded_reason="'; drop table revision; -- \\ $1 \"x\""))
    find_back = d.listed("training-annual", GUISHAN, "114")
    equal(len(find_back), 1, "listed")


@test
def a_sample_clock_is_refused_where_no_sample_is(d):
    reply = d.post(annual(GUISHAN, "115"), {"Tributary-Sample-Clock": "2024-01-30T02:00:00Z"})
    equal(expect_status(reply, 400).json["code"], "sample_clock_refused", "code")
    equal(d.listed("training-annual", GUISHAN, "115"), [], "stored")


@test
def after_all_of_this_the_log_still_verifies(d):
    d.service.command("verify")


if __name__ == "__main__":
    suite.run()
