#!/usr/bin/env python3
"""Bad input to reviews, meetings and whoever asks for them: a clear problem each time, and nothing recorded."""
import json
import pathlib
import random
import sys
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import FUXING, GUISHAN, PLAN_FILE, ZHONGLI, annual, course, desk, quarterly  # noqa: E402
from tributary_harness import RawConnection, Suite, check, equal, expect_status, service  # noqa: E402

suite = Suite(desk)
test = suite.test
SQL = ("'; drop table tributary.review; --", "\" or 1=1 --", "$1", "\\", "{a,b}", "{\"a\"", "null", "') returning 1; --", "%s%n",
       "{{7*7}}", "<script>alert(1)</script>", "=cmd|' /C calc'!A0")
CONTROLS = ("\x01", "\x07", "\x1b[31m", "\x7f", "\x00", "\ud800", "a\x00b", "\u202e", "\ufeff")
STAFF = "fields.general.staff.m"


def recorded(d):
    return int(d.service.sql("select sequence from tributary.log_head"))


def one(d):
    """A submission that nobody reviewed: any review of it could be recorded."""
    if not hasattr(d, "subject"):
        d.subject = d.accepted(annual(GUISHAN, "113"))["submission"]
    return f"/v1/submissions/{d.subject}/reviews"


def right(**more):
    return {"stage": "geo", "outcome": "return", "reason": "請更正", "cells": [STAFF], **more}


def refused(d, body, *statuses, path=None, client=None, headers=None):
    """Refused with a code and at once; nothing is recorded."""
    path, client = path or one(d), client or d.geo
    before, began = recorded(d), time.monotonic()
    reply = client.request("POST", path, body=body, headers=headers)
    check(reply.status in (statuses or (400, 413, 422)), f"{str(body)[:200]}: {reply}")
    check(reply.json["code"] and reply.header("content-type", "").startswith("application/problem+json"), reply)
    check(time.monotonic() - began < 10, "it took too long")
    equal(recorded(d), before, f"entries of the log after {str(body)[:100]}")
    return reply.json


def raw(text):
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text


# ---- bodies -------------------------------------------------------------------------------------------------------

@test
def wrong_types_of_every_member_are_refused(d):
    for member in ("stage", "outcome", "reason", "meeting"):
        for value in (7, True, [], {}, ["geo"], {"a": 1}, 1.5):
            refused(d, right(**{member: value}))
    for value in (STAFF, 7, True, {}, [7], [None], [[STAFF]], [{"path": STAFF}], [""], [True]):
        refused(d, right(cells=value))
    for value in ("true", 1, 0, [], {}, "yes"):
        refused(d, right(break_glass=value))
    for body in ([], "x", 7, None, True, [right()]):
        refused(d, json.dumps(body).encode(), headers={"Content-Type": "application/json"})
    refused(d, {**right(), "office": ZHONGLI})
    refused(d, {**right(), "official": True})
    refused(d, {**right(), "actor": str(uuid.uuid4())})


@test
def a_ticket_of_thousands_of_cells_is_answered_in_little_more_time_than_the_form_was_taken(d):
    def rows(hours="3", name="課程"):
        return [course(f"r{number}", name=f"{name}{number}", hours=hours) for number in range(5000)]
    began = time.monotonic()
    first = d.accepted(quarterly(FUXING, "113Q2", courses=rows()))
    took = time.monotonic() - began
    path = f"/v1/submissions/{first['submission']}/reviews"
    expect_status(d.geo.post(path, {"outcome": "accept"}), 201)
    cells = [f"tables.courses[r{number}].hours" for number in range(5000)]
    expect_status(d.geo.post(path, {"outcome": "return", "reason": "請更正", "cells": cells}), 201)
    began = time.monotonic()
    findings = d.refused(quarterly(FUXING, "113Q2", base=1, courses=rows("4", "課")))
    equal(len([one for one in findings if one["code"] == "cell_not_returned"]), 5000, "cells that may not change")
    d.accepted(quarterly(FUXING, "113Q2", courses=rows("4"), base=1))
    check(time.monotonic() - began < 8 * took + 3, f"{time.monotonic() - began} s, after {took} s for the form itself")


@test
def json_that_is_none_is_refused(d):
    text = json.dumps(right())
    kind = {"Content-Type": "application/json"}
    for body in (b"", b" ", text[:-1], text + text, text.replace('"', "'"), '{"outcome":"return","outcome":"accept"}',
                 text.replace('"geo"', "NaN"), b"\xff\xfe" + text.encode(), text.encode("utf-16"), b"\x80", b"\x00"):
        refused(d, raw(body), headers=kind)
    for deep in (b"[" * 100000, b'{"a":' * 50000, b'{"cells":' + b"[" * 5000 + b"]" * 5000 + b"}",
                 b'{"reason":"' + b"\\" * 7 + b'"}'):
        refused(d, deep, headers=kind)


@test
def control_characters_are_refused_or_come_back_as_they_were(d):
    for mark in CONTROLS:
        for member in ("stage", "outcome", "meeting"):
            body = raw(json.dumps(right(**{member: mark}), ensure_ascii=False))
            refused(d, body, headers={"Content-Type": "application/json"})
        refused(d, raw(json.dumps(right(cells=[mark]))), headers={"Content-Type": "application/json"})
        escaped = json.dumps(right(reason=f"x{mark}y", cells=[])).encode()
        reply = d.geo.request("POST", one(d), body=escaped, headers={"Content-Type": "application/json"})
        check(reply.status in (201, 400, 422), reply)
        if reply.status == 201:
            equal(reply.json["reason"], f"x{mark}y", "reason")


@test
def sql_in_every_text_is_only_text(d):
    before = d.service.sql("select count(*) from information_schema.tables where table_schema = 'tributary'")
    for word in SQL:
        for member in ("stage", "outcome", "meeting"):
            refused(d, right(**{member: word}))
        refused(d, right(cells=[word]))
        refused(d, right(cells=[f"tables.courses[{word}].hours"]))
        reply = d.geo.post(one(d), right(reason=word, cells=[]))
        equal(expect_status(reply, 201).json["reason"], word, "reason")
        listed = d.geo.get(f"{d.base}/reviews", form="training-annual", limit=1000).json["reviews"]
        check(any(said["reason"] == word for said in listed), f"{word} isn't in the list")
        for query in ("form", "office", "stage", "outcome", "after", "limit", "break_glass"):
            expect_status(d.geo.get(f"{d.base}/reviews", **{query: word}), 200, 400, 404)
            expect_status(d.geo.get(f"{d.base}/waiting", **{query: word}), 200, 400, 404)
        expect_status(d.geo.post(f"{d.base}/meetings", {"body": word, "held_on": "2024-05-20"}), 422)
        expect_status(d.geo.post(f"{d.base}/meetings", {"body": "council", "held_on": word}), 422)
        day = f"2024-03-{SQL.index(word) + 1:02d}"
        made = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "council", "held_on": day, "document_number": word}), 201)
        equal(made.json["document_number"], word, "document number")
    equal(d.service.sql("select count(*) from information_schema.tables where table_schema = 'tributary'"), before, "tables")
    sheet = d.geo.get(f"{d.base}/reviews", format="csv").body.decode("utf-8-sig")
    check(not any(cell.startswith("=") for line in sheet.splitlines() for cell in line.split(",")), "a formula in the CSV")


@test
def a_row_whose_name_is_quoted_backslashed_or_braced_is_returned_like_any_other(d):
    for number, row in enumerate(('a"b', "a\\b", "{a,b}", "a]b", "[a]", "龜山", "a b", "NULL", "a.hours", "a][b].hours")):
        period = f"{112 + number // 4}Q{number % 4 + 1}"
        day = f"{2023 + number // 4}-{number % 4 * 3 + 1:02d}-10"
        rows = [course(row, date_from=day, date_to=day)]
        reply = d.post(quarterly(ZHONGLI, period, courses=rows))
        if reply.status != 201:
            equal(reply.status, 422, f"{row}: {reply}")
            continue
        path = f"/v1/submissions/{reply.json['submission']}/reviews"
        expect_status(d.geo.post(path, {"outcome": "accept"}), 201)
        cell = f"tables.courses[{row}].hours"
        said = expect_status(d.geo.post(path, {"outcome": "return", "reason": "時數", "cells": [cell]}), 201).json
        equal(said["cells"], [cell], "cells")
        rows[0]["hours"] = "4"
        d.accepted(quarterly(ZHONGLI, period, 1, courses=rows))
        rows[0]["name"] = "別的課程"
        d.refused(quarterly(ZHONGLI, period, 2, courses=rows))


@test
def a_hundred_thousand_cells_and_very_long_paths_are_refused(d):
    refused(d, right(cells=[STAFF] * 100000))
    refused(d, right(cells=[STAFF] * 5001))
    refused(d, right(cells=["fields." + "x" * 100000]))
    refused(d, right(cells=["tables.courses[" + "[" * 900 + "]"]))
    refused(d, right(reason="長" * 4001))
    refused(d, right(reason="x" * (9 * 1024 * 1024)))
    refused(d, right(stage="x" * 100000))


@test
def cells_must_be_places_of_the_form(d):
    for path in ("", ".", "fields", "fields.", "tables", "tables.", "fields.general.staff", f"{STAFF}.", f" {STAFF}", f"{STAFF} ",
                 STAFF.upper(), "fields.general.staff.m\n", "notes.fields.general.staff.m", "tables.courses", "tables.courses[]",
                 "$.fields", "/fields/general", "fields['general.staff.m']", "../fields", "fields.*", "*"):
        refused(d, right(cells=[path]))


@test
def ids_of_other_forms_are_404_or_422_and_never_a_fault(d):
    for identity in ("x", "1", "-1", "0" * 36, "A" * 36, str(uuid.uuid4()), str(uuid.uuid4()).upper(), "urn:uuid:" + str(uuid.uuid4()),
                     "{" + str(uuid.uuid4()) + "}", "00000000-0000-0000-0000-000000000000", "a" * 3000, "%27", "%22", "%5c", "1%20or%201"):
        refused(d, right(), 400, 404, path=f"/v1/submissions/{identity}/reviews")
        expect_status(d.geo.get(f"/v1/submissions/{identity}/reviews"), 400, 404)
    meeting = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "council", "held_on": "2024-05-20"}), 201).json["meeting"]
    review = expect_status(d.geo.post(one(d), right(cells=[])), 201).json["review"]
    for identity in (meeting, review):
        refused(d, right(), 404, path=f"/v1/submissions/{identity}/reviews")
    budget = d.accepted({"form": "budget-plan", "office": GUISHAN, "period": "113", "fields": {"total_budget": 1},
                         "tables": {"lines": []}})["submission"]
    for identity in (d.subject, review, meeting, budget, GUISHAN, "2024-02-30", "113/13/1", "1130431", "昨天", "-1", ""):
        refused(d, {"stage": "task-group", "outcome": "accept", "meeting": identity}, 409, 422, path=f"/v1/submissions/{budget}/reviews")
    equal(refused(d, {"stage": "task-group", "outcome": "accept", "meeting": meeting}, 409,
                  path=f"/v1/submissions/{budget}/reviews")["code"], "no_meeting", "another body's meeting")


@test
def a_meeting_is_a_day_of_a_body_that_meets(d):
    path = f"{d.base}/meetings"
    for body in ({}, {"body": "council"}, {"held_on": "2024-05-20"}, {"body": "geo", "held_on": "2024-05-20"},
                 {"body": "task-group", "held_on": "2024-05-20"}, {"body": "x", "held_on": "2024-05-20"},
                 {"body": "council", "held_on": "2024-02-30"}, {"body": "council", "held_on": 20240520},
                 {"body": "council", "held_on": "2024-05-20", "document_number": 7},
                 {"body": "council", "held_on": "2024-05-20", "document_number": "x" * 100000},
                 {"body": "council", "held_on": "2024-05-20", "meeting": str(uuid.uuid4())}):
        refused(d, body, path=path)


# ---- who asks -------------------------------------------------------------------------------------------------------

@test
def forged_and_swapped_tokens_are_401_and_record_nothing(d):
    path, token, other = one(d), d.geo.token, d.office(ZHONGLI).token
    before = recorded(d)
    forged = [token[:-1], token + "A", token[::-1], token.swapcase(), "A" * len(token), "A" * 43, token[:20] + other[20:],
              other[:20] + token[20:], "", "null", "undefined", "' or '1'='1", "../../etc/passwd", "x" * 5000,
              str(uuid.uuid4()), d.service.sql("select encode(token_hash, 'hex') from tributary.token limit 1"),
              d.service.sql("select token from tributary.token limit 1")]
    for word in forged:
        reply = d.service.client().request("POST", path, body=right(), headers={"Authorization": f"Bearer {word}"})
        check(reply.status in (400, 401, 431), f"{word[:60]}: {reply}")
    for header in (token, f"Basic {token}", f"Bearer{token}", f"Token {token}", f"Bearer {token} {token}", f"Bearer {token},x",
                   f"Bearer\t{token}x"):
        reply = d.service.client().request("POST", path, body=right(), headers={"Authorization": header})
        check(reply.status in (400, 401), f"{header[:30]}: {reply}")
    for query in (f"?access_token={token}", f"?token={token}"):
        reply = d.service.client().request("POST", path + query, body=right())
        check(reply.status in (400, 401), reply)
    equal(d.service.client().request("POST", path, body=right(), headers={"Cookie": f"session={token}; token={token}"}).status,
          401, "a token as a cookie")
    equal(recorded(d), before, "entries of the log")


@test
def two_authorizations_are_refused(d):
    """Whoever stands before the daemon might look at the other one."""
    path = one(d).encode()
    for first, second in ((d.geo.token, d.office(GUISHAN).token), (d.office(GUISHAN).token, d.geo.token), (d.geo.token, d.geo.token)):
        with RawConnection(d.service.port) as line:
            body = json.dumps(right(cells=[])).encode()
            line.send(b"POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nAuthorization: Bearer %s\r\n"
                      b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
                          path, first.encode(), second.encode(), len(body), body))
            status, _, said = line.read_reply()
            check(status in (400, 401), f"{status} {said[:200]}")


@test
def an_ended_token_is_refused_within_a_second(d):
    path = one(d)
    for ended in ("revoked", "expired"):
        soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 4))
        label = f"{ended} {uuid.uuid4()}"
        client = d.service.client(d.service.add_token("geo", label=label, extra=["--expires", soon] if ended == "expired" else []))
        expect_status(client.get("/v1/whoami"), 200)
        if ended == "revoked":
            d.service.command("token", "revoke", d.service.sql(f"select token from tributary.token where label = '{label}'"))
        else:
            time.sleep(5)
        time.sleep(1.1)
        refused(d, right(), 401, path=path, client=client)


@test
def a_key_of_one_is_not_a_key_of_another(d):
    key = {"Idempotency-Key": f"shared {uuid.uuid4()}"}
    first = expect_status(d.geo.post(one(d), right(reason="第一位", cells=[]), key), 201).json
    again = expect_status(d.geo.post(one(d), right(reason="第一位", cells=[]), key), 200)
    equal((again.json["review"], again.header("idempotent-replay")), (first["review"], "true"), "the same person again")
    other = d.service.login("geo", label="another person")
    second = expect_status(other.post(one(d), right(reason="第一位", cells=[]), key), 201)
    check(second.json["review"] != first["review"] and not second.header("idempotent-replay"), "another person's key was replayed")
    office = d.office(GUISHAN)
    expect_status(office.post(f"{d.base}/calendar-feeds", {}, key), 201)
    expect_status(d.geo.post(f"{d.base}/meetings", {"body": "council", "held_on": "2024-07-01"}, key), 409)
    elsewhere = d.accepted(annual(ZHONGLI, "115"))["submission"]
    refused(d, right(reason="第一位", cells=[]), 409, path=f"/v1/submissions/{elsewhere}/reviews", headers=key)
    for wrong in ("", " ", "x" * 201, "x" * 10000, "\x7f"):
        refused(d, right(cells=[]), 400, 422, 431, headers={"Idempotency-Key": wrong})


# ---- headers and paths ----------------------------------------------------------------------------------------------

@test
def an_if_match_that_says_nothing_right_is_412(d):
    tag = d.geo.get(f"/v1/submissions/{one(d).split('/')[3]}").header("etag")
    prefix = tag.split("-")[0]
    for header in ('""', '"', "x", "W/" + tag.replace("r", "s", 1), tag.replace('"', ""), f"{prefix[1:]}-", '"r1.0-"', '"r999.999-x"', "',\"",
                   tag[:-1][::-1], '"\\"' + prefix[1:], "*x", "**", "x" * 5000, '"r1.", "r1"', '"r-1.-1-x"'):
        reply = d.geo.request("POST", one(d), body=right(reason="x", cells=[]), headers={"If-Match": header})
        check(reply.status in (400, 412, 431), f"{header[:60]}: {reply}")
    other = d.accepted(annual(ZHONGLI, "114"))["submission"]
    elsewhere = d.geo.get(f"/v1/submissions/{other}").header("etag")
    refused(d, right(cells=[]), 412, headers={"If-Match": elsewhere})
    expect_status(d.geo.post(one(d), right(reason=f"{uuid.uuid4()}", cells=[]), {"If-Match": f'"x", {tag}'}), 201)


@test
def a_method_is_what_the_request_line_says(d):
    path, before = one(d), recorded(d)
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        reply = d.geo.request("GET", path, headers={name: "POST"})
        equal(expect_status(reply, 200).json["next"], None, name)
        expect_status(d.geo.request("GET", f"/v1/calendar-feeds/{uuid.uuid4()}", headers={name: "DELETE"}), 405)
    expect_status(d.geo.request("GET", path + "?_method=POST"), 400)
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "get", "POSTX", "PROPFIND"):
        reply = d.geo.request(method, path, body=right())
        check(reply.status in (400, 405, 501), f"{method}: {reply.status}")
    equal(recorded(d), before, "entries of the log")


@test
def no_other_site_is_let_in(d):
    """No CORS: neither a preflight nor an answer says that another origin may read; and no page may frame an answer."""
    for origin in ("https://evil.example.org", "null", "http://127.0.0.1:1", f"http://127.0.0.1:{d.service.port}"):
        preflight = d.service.client().request("OPTIONS", one(d), headers={
            "Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"})
        check(preflight.status >= 400, preflight)
        for reply in (preflight, d.geo.get("/v1/plans", {"Origin": origin}), d.service.client().get("/healthz", {"Origin": origin})):
            named = [name for name in reply.headers if name.startswith("access-control-")]
            equal(named, [], f"{origin}: {reply.asked}")


@test
def a_host_or_a_forwarding_header_changes_nothing_that_is_said(d):
    for headers in ({"Host": "evil.example.org"}, {"X-Forwarded-Host": "evil.example.org"}, {"X-Forwarded-For": "127.0.0.1"},
                    {"Forwarded": "host=evil.example.org;proto=https"}, {"X-Original-URL": "/v1/whoami"}, {"X-Rewrite-URL": "/v1/whoami"},
                    {"X-Forwarded-Prefix": "/evil"}):
        for path in ("/v1/plans", one(d), f"{d.base}/reviews"):
            reply = expect_status(d.geo.get(path, headers), 200)
            plain = expect_status(d.geo.get(path), 200)
            equal(reply.body, plain.body, f"{path} with {headers}")
            check("evil" not in str(reply.header_list), f"{reply.header_list}")
        feed = expect_status(d.office(GUISHAN).post(f"{d.base}/calendar-feeds", {}, headers), 201).json["url"]
        check(feed.startswith("/"), feed)


@test
def tricks_with_the_path_lead_nowhere(d):
    identity, theirs = one(d).split("/")[3], d.office(ZHONGLI)
    before = recorded(d)
    for path in (f"/v1/submissions/{identity}%2freviews", f"/v1/submissions/{identity}/reviews/", f"/v1/submissions//{identity}/reviews",
                 f"//v1/submissions/{identity}/reviews", f"/v1/./submissions/{identity}/reviews", f"/v1/plans/../submissions/{identity}/reviews",
                 f"/v1/plans/%2e%2e/submissions/{identity}/reviews", f"/v1/submissions/{identity}/%72eviews", f"/V1/submissions/{identity}/reviews",
                 f"/v1/submissions/{identity}/reviews;x=1", f"/v1/submissions/{identity}/reviews%00", f"/v1/submissions/{identity}%00/reviews",
                 f"/v1/submissions/%2566{identity[1:]}/reviews", f"/v1/submissions/{identity}%20/reviews", f"/v1/submissions/{identity}/reviews%3fx",
                 f"/v1/submissions/x/../{identity}/reviews", "/v1/submissions/" + "%41" * 2000 + "/reviews", f"\\v1\\submissions\\{identity}"):
        for client in (d.geo, theirs):
            reply = client.request("POST", path, body=right())
            check(reply.status in (400, 404, 405, 414, 431), f"{path[:90]}: {reply}")
            expect_status(client.get(path), 400, 404, 405, 414, 431)
    # one letter of an id may be said as %xx: it is the same id, with the same rights
    coded = f"/v1/submissions/%{ord(identity[0]):02x}{identity[1:]}/reviews"
    expect_status(d.geo.get(coded), 200)
    expect_status(theirs.get(coded), 404)
    equal(recorded(d), before, "entries of the log")


# ---- a plan, and chance -----------------------------------------------------------------------------------------------

@test
def an_own_body_without_records_of_meetings_takes_no_word_of_the_office(d):
    plan = json.loads(PLAN_FILE.read_text(encoding="utf-8"))
    del plan["review_stages"][0]["meetings"], plan["bodies"], plan["duties"]  # which count on them
    with service(plan) as held:
        base, geo = f"/v1/plans/{plan['plan']}", held.login("geo")
        office = [held.login("office", GUISHAN, name) for name in ("one", "two")]
        receipt = expect_status(office[0].post(f"{base}/submissions", {
            "form": "budget-plan", "office": GUISHAN, "period": "113", "fields": {"total_budget": 1}, "tables": {"lines": []}}), 201)
        made = geo.post(f"{base}/meetings", {"body": "task-group", "held_on": "2024-05-20"})
        path = f"/v1/submissions/{receipt.json['submission']}/reviews"
        body = {"stage": "task-group", "outcome": "accept", "meeting": "2024-05-20"}
        equal(office[1].post(path, body).status, 403, "the office")
        equal(office[1].get(path.removesuffix("/reviews")).json["may"]["review"], [], "may")
        if made.status == 201:
            equal(geo.post(path, body).status, 201, "the geo, of a meeting on that day")
        held.stop()


@test(seconds=120)
def no_random_order_is_a_fault_of_the_server(d):
    chance = random.Random(4)
    words = [None, True, 7, "", "geo", "dbas", "task-group", "council", "accept", "return", "note", STAFF, "2024-05-20", "x" * 100, [], {},
             [STAFF], [STAFF, STAFF], ["fields.x"], "請更正", "\u0000", str(uuid.uuid4()), -1, 2 ** 60, [[]], "113年5月20日"]
    people = [d.geo, d.login("dbas"), d.login("admin"), d.office(GUISHAN), d.office(ZHONGLI), d.login("auditor")]
    members = ("stage", "outcome", "reason", "cells", "meeting", "break_glass", "other")
    for _ in range(1500):
        body = {name: chance.choice(words) for name in chance.sample(members, k=chance.randint(0, 6))}
        reply = chance.choice(people).post(one(d), body)
        check(reply.status < 500, f"{body}: {reply}")
        check(reply.status < 300 or reply.json["code"], reply)


@test
def after_all_of_this_the_log_holds(d):
    done = d.service.command("verify", check=False, timeout=120)
    equal(done.returncode, 0, f"{done.stdout.decode()[-500:]}{done.stderr.decode()[-500:]}")


if __name__ == "__main__":
    suite.run()
