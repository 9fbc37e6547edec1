#!/usr/bin/env python3
"""Sessions: the cookie, forged requests, fixation, ends, and that a token never becomes one; on two daemons."""
import contextlib
import copy
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, PLAN_FILE, ZHONGLI, Desk, annual  # noqa: E402
from people import COOKIE, PASSWORD, Browser, People, cookie_of  # noqa: E402
from tributary_harness import SLOWNESS, RawConnection, Service, Suite, check, cluster, equal, expect_status, free_port  # noqa: E402

HOST = {"Host": "127.0.0.1"}


@contextlib.contextmanager
def two_daemons():
    with cluster() as server:
        held = Service(server)
        try:
            held.load_plan(PLAN_FILE)
            held.start()
            second = copy.copy(held)
            second.port, second.log_path, second.process = free_port(), held.folder / "second.log", None
            second.environment = {**held.environment, "TRIBUTARY_PORT": str(second.port)}
            second.start()
            d = Desk(held)
            d.second, d.people = second, People(held)
            try:
                yield d
            finally:
                if second.is_alive():
                    second.stop()
        finally:
            held.close()


suite = Suite(two_daemons)
test = suite.test


def refused(reply, status, code):
    expect_status(reply, status)
    equal(reply.json["code"], code, "code")


def at_second(d, browser):
    """The same browser at the other daemon."""
    other = Browser(d.second.port)
    other.cookie, other.csrf = browser.cookie, browser.csrf
    return other


# ---- the cookie -----------------------------------------------------------------------------------------------------

@test
def the_cookie_is_out_of_reach_of_pages_and_other_sites(d):
    reply = expect_status(d.people.browser().sign_in(d.people.make("geo")), 201)
    name, value, attributes = cookie_of(reply)
    equal(name, COOKIE, "name")
    equal(attributes, {"path=/", "httponly", "samesite=strict"}, "attributes on a loopback")
    check(len(value) == 43 and value not in reply.body.decode(), "the cookie's value")
    equal(reply.header("cache-control"), "no-store", "cache-control")
    equal(d.service.sql(f"select count(*) from tributary.session s where s::text like '%{value}%'"), "0", "stored plain")


@test
def behind_a_proxy_it_goes_by_tls_only(d):
    other = copy.copy(d.service)
    other.port, other.log_path, other.process = free_port(), d.service.folder / "proxied.log", None
    other.environment = {**d.service.environment, "TRIBUTARY_PORT": str(other.port), "TRIBUTARY_TRUSTED_PROXIES": "127.0.0.1"}
    other.start()
    try:
        login = d.people.make("geo")
        browser = Browser(other.port)
        reply = expect_status(browser.sign_in(login, headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}), 201)
        name, value, attributes = cookie_of(reply)
        equal((name, "secure" in attributes), (f"__Host-{COOKIE}", True), "the cookie")
        seen = expect_status(browser.get("/v1/sessions", headers={"Cookie": f"{name}={value}"}), 200).json["sessions"][0]
        equal(seen["address"], "198.51.100.7", "the address that the proxy added")
        refused(browser.get("/v1/sessions", headers={"Cookie": f"{COOKIE}={value}"}), 401, "unauthenticated")
        with RawConnection(other.port) as raw:
            body = f'{{"login":"{login}","password":"{PASSWORD}"}}'.encode()
            raw.send(f"POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Forwarded-For: 192.0.2.1\r\n"
                     f"X-Forwarded-For: 198.51.100.9\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            equal(raw.read_reply()[0], 201, "status")
        seen = browser.get("/v1/sessions", headers={"Cookie": f"{name}={value}"}).json["sessions"][0]
        equal(seen["address"], "198.51.100.9", "of two headers the one that the proxy added")
    finally:
        other.stop()


@test
def an_address_that_nobody_trusts_is_not_believed(d):
    browser = d.people.browser()
    expect_status(browser.sign_in(d.people.make("geo"), headers={"X-Forwarded-For": "203.0.113.9"}), 201)
    equal(browser.get("/v1/sessions").json["sessions"][0]["address"], "127.0.0.1", "address")


@test
def a_cookie_that_was_planted_is_never_taken_over(d):
    planted = "A" * 43
    browser = d.people.browser()
    browser.cookie = planted
    expect_status(browser.sign_in(d.people.make("geo")), 201)
    check(browser.cookie != planted, "the planted cookie was adopted")
    browser.cookie = planted
    expect_status(browser.get("/v1/whoami"), 401)


@test
def a_second_sign_in_has_a_secret_of_its_own(d):
    browser = d.people.signed_in("geo")
    before = browser.cookie
    expect_status(browser.sign_in(browser.login), 201)
    check(browser.cookie != before, "the same secret")


@test
def cookies_that_are_none_are_no_session(d):
    for cookie in ("", "x", "A" * 43, "A" * 300, "\u00e9", "' or 1=1 --", "a; tributary-session=b", "\"quoted\""):
        reply = d.people.browser().get("/v1/whoami", headers={"Cookie": f"{COOKIE}={cookie}".encode()})
        refused(reply, 401, "unauthenticated")


@test
def many_cookies_and_long_headers_harm_nobody(d):
    browser = d.people.signed_in("geo")
    crowd = "; ".join(f"other{number}=x" for number in range(200))
    expect_status(browser.get("/v1/whoami", headers={"Cookie": f"{crowd}; {COOKIE}={browser.cookie}"}), 200)
    with RawConnection(d.service.port) as raw:
        raw.send(b"GET /v1/whoami HTTP/1.1\r\nHost: x\r\nCookie: " + b"a=b; " * 20000 + b"\r\n\r\n")
        reply = raw.read_reply()
        check(reply is None or reply[0] in (401, 413, 431), f"{reply}")
    expect_status(browser.get("/v1/whoami"), 200)


# ---- forged requests ------------------------------------------------------------------------------------------------

@test
def a_change_by_cookie_needs_the_token_that_only_our_pages_know(d):
    browser = d.people.signed_in("office", GUISHAN)
    document = annual(GUISHAN, "112")
    other = d.people.signed_in("office", GUISHAN)
    for wrong in (None, "", "x", "A" * 43, other.csrf, browser.csrf + "x", browser.csrf[:-1], browser.cookie):
        refused(browser.post(f"{d.base}/submissions", document, {"X-CSRF-Token": wrong}), 403, "request_forged")
        refused(browser.request("DELETE", "/v1/session", headers={"X-CSRF-Token": wrong}), 403, "request_forged")
    expect_status(browser.post(f"{d.base}/submissions", document), 201)


@test
def a_change_from_another_site_is_refused_even_with_the_token(d):
    browser = d.people.signed_in("office", GUISHAN)
    host = f"127.0.0.1:{d.service.port}"
    for origin in ("http://evil.example", "null", "http://127.0.0.1", f"http://{host}.evil.example", f"http://evil.example/{host}",
                   "http://127.0.0.1:1", ""):
        refused(browser.post(f"{d.base}/submissions", annual(GUISHAN, "114"), {"Origin": origin}), 403, "request_forged")
        refused(d.people.browser().sign_in(browser.login, headers={"Origin": origin}), 403, "request_forged")
    expect_status(browser.post(f"{d.base}/submissions", annual(GUISHAN, "114"), {"Origin": f"http://{host}"}), 201)


@test
def reading_by_cookie_needs_no_token(d):
    browser = d.people.signed_in("geo")
    browser.csrf = None
    expect_status(browser.get("/v1/plans"), 200)


@test
def a_form_of_another_site_signs_nobody_in(d):
    login = d.people.make("geo")
    for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"):
        reply = d.people.browser().request("POST", "/v1/session", f'{{"login":"{login}","password":"{PASSWORD}"}}'.encode(),
                                           {"Content-Type": kind})
        refused(reply, 415, "unsupported_media_type")


# ---- tokens and sessions --------------------------------------------------------------------------------------------

@test
def a_token_never_becomes_a_session(d):
    login = d.people.make("geo")
    reply = d.geo.post("/v1/session", {"login": login, "password": PASSWORD})
    refused(reply, 403, "no_session")
    check(reply.header("set-cookie") is None, "a cookie was set")
    for method, path in (("GET", "/v1/session"), ("DELETE", "/v1/session"), ("POST", "/v1/account/password"), ("POST", "/v1/account/totp"),
                         ("DELETE", "/v1/account/totp"), ("PATCH", "/v1/account")):
        refused(d.geo.request(method, path, None if method == "GET" else {}), 403, "no_session")
    token = d.geo.token
    refused(d.people.browser().get("/v1/whoami", headers={"Cookie": f"{COOKIE}={token}"}), 401, "unauthenticated")
    browser = d.people.signed_in("geo")
    refused(d.service.client(browser.cookie).get("/v1/whoami"), 401, "unauthenticated")


@test
def with_both_the_token_alone_counts(d):
    browser = d.people.signed_in("admin")
    who = browser.get("/v1/whoami", headers={"Authorization": f"Bearer {d.office(GUISHAN).token}"}).json
    equal((who["role"], who["session"]), ("office", None), "who")
    refused(browser.get("/v1/whoami", headers={"Authorization": "Bearer " + "x" * 43}), 401, "unauthenticated")
    refused(browser.get("/v1/whoami", headers={"Authorization": "Basic eDp4"}), 401, "unauthenticated")
    refused(browser.get("/v1/accounts", headers={"Authorization": f"Bearer {d.office(GUISHAN).token}"}), 403, "forbidden")


@test
def what_a_person_hands_in_is_theirs_by_cookie_and_by_token(d):
    browser = d.people.signed_in("office", ZHONGLI)
    account = d.people.account(browser.login)
    one = expect_status(browser.post(f"{d.base}/submissions", annual(ZHONGLI, "112")), 201).json
    token = d.service.client(d.service.add_token("office", ZHONGLI, extra=("--account", browser.login)))
    two = expect_status(token.post(f"{d.base}/submissions", annual(ZHONGLI, "114")), 201).json
    for receipt in (one, two):
        equal(d.service.sql(f"select token from tributary.revision where id = '{receipt['submission']}'"), account, "who handed in")
        check(f'"actor":"{account}"' in receipt["log"]["entry"], "the entry's actor")


# ---- ends -----------------------------------------------------------------------------------------------------------

@test
def a_signed_out_session_is_out_at_once_here_and_within_a_second_elsewhere(d):
    browser = d.people.signed_in("geo")
    other = at_second(d, browser)
    expect_status(other.get("/v1/whoami"), 200)
    stale = Browser(d.service.port)
    stale.cookie = browser.cookie
    reply = expect_status(browser.request("DELETE", "/v1/session"), 200)
    equal(cookie_of(reply)[1], "", "the cookie is taken away")
    expect_status(stale.get("/v1/whoami"), 401)
    time.sleep(1)
    expect_status(other.get("/v1/whoami"), 401)


@test
def a_person_lists_and_ends_their_own_sessions(d):
    one = d.people.signed_in("geo")
    two = Browser(d.second.port)
    expect_status(two.sign_in(one.login, headers={"User-Agent": "another machine"}), 201)
    listed = one.get("/v1/sessions").json["sessions"]
    equal([(session["session"], session["own"]) for session in listed], [(two.session, False), (one.session, True)], "sessions")
    equal(listed[0]["user_agent"], "another machine", "user agent")
    expect_status(one.request("DELETE", f"/v1/sessions/{two.session}"), 200)
    time.sleep(1)
    expect_status(two.get("/v1/whoami"), 401)
    expect_status(one.get("/v1/whoami"), 200)
    equal(len(one.get("/v1/sessions").json["sessions"]), 1, "sessions left")


@test
def nobody_ends_another_s_sessions_but_an_administrator(d):
    one, other = d.people.signed_in("office", GUISHAN), d.people.signed_in("office", GUISHAN)
    admin = d.people.signed_in("admin")
    refused(one.request("DELETE", f"/v1/sessions/{other.session}"), 404, "not_found")
    expect_status(other.get("/v1/whoami"), 200)
    account = d.people.account(other.login)
    equal([session["session"] for session in admin.get("/v1/sessions", account=account).json["sessions"]], [other.session], "seen")
    expect_status(admin.request("DELETE", f"/v1/sessions?account={account}"), 200)
    time.sleep(1)
    expect_status(other.get("/v1/whoami"), 401)
    for wrong in ("x", "' or true --", "00000000-0000-0000-0000-000000000000"):
        expect_status(admin.request("DELETE", f"/v1/sessions/{wrong.replace(' ', '%20')}"), 404)


@test
def a_session_ends_when_nobody_uses_it_and_at_last_in_any_case(d):
    for column, moment in (("last_seen_at", "clock_timestamp() - interval '31 minutes'"),
                           ("expires_at", "clock_timestamp() - interval '1 second'")):
        browser = d.people.signed_in("geo")
        d.service.sql(f"update tributary.session set {column} = {moment} where session = '{browser.session}'")
        time.sleep(1)
        expect_status(browser.get("/v1/whoami"), 401)
    lives = d.service.sql(f"select expires_at - created_at from tributary.session where session = '{d.people.signed_in('geo').session}'")
    check(lives.startswith("12:00:0") or lives.startswith("11:59:59"), f"a session's life: {lives}")


@test
def use_keeps_a_session_from_ending(d):
    browser = d.people.signed_in("geo")
    d.service.sql(f"update tributary.session set last_seen_at = clock_timestamp() - interval '29 minutes' where session = '{browser.session}'")
    time.sleep(1)
    expect_status(browser.get("/v1/whoami"), 200)
    left = d.service.sql(f"select clock_timestamp() - last_seen_at < interval '5 seconds' from tributary.session where session = '{browser.session}'")
    equal(left, "t", "its use was noted")


@test
def a_clock_that_was_set_back_lengthens_no_session(d):
    browser = d.people.signed_in("geo")
    d.service.sql("update tributary.session set created_at = created_at + interval '3 hours', last_seen_at = last_seen_at + interval '3 hours', "
                  f"expires_at = expires_at + interval '3 hours' where session = '{browser.session}'")
    time.sleep(1)
    expect_status(browser.get("/v1/whoami"), 401)


@test(seconds=120)
def there_are_never_more_than_twenty_of_one_person(d):
    login = d.people.make("geo")
    browsers = [d.people.browser() for _ in range(22)]
    for browser in browsers:
        expect_status(browser.sign_in(login), 201)
    time.sleep(1)
    equal([browser.get("/v1/whoami").status for browser in browsers], [401] * 2 + [200] * 20, "sessions")


@test
def a_session_works_on_every_daemon(d):
    browser = d.people.signed_in("office", GUISHAN)
    other = at_second(d, browser)
    expect_status(other.get("/v1/whoami"), 200)
    expect_status(other.post(f"{d.base}/submissions", annual(GUISHAN, "115", **{"counted_on": "2026-11-30"})), 201)


@test(seconds=120)
def a_crowd_at_the_door_is_told_to_try_again_and_hand_ins_go_on(d):

    statuses, stop = [], threading.Event()

    def knock():
        while not stop.is_set():
            statuses.append(d.people.browser().request("POST", "/v1/session", {"login": "nobody", "password": "x" * 20}).status)
    threads = [threading.Thread(target=knock) for _ in range(12)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(0.5)
        begun = time.monotonic()
        expect_status(d.post(annual(ZHONGLI, "113")), 201)
        took = time.monotonic() - begun
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    check(took < 3 * SLOWNESS, f"a hand-in took {took:.1f} s")
    equal(set(statuses), {401, 503}, "statuses at the door")


@test
def verify_finds_all_of_it_in_the_log(d):
    done = d.service.command("verify", check=False)
    equal(done.returncode, 0, done.stdout.decode()[-400:])


if __name__ == "__main__":
    suite.run()
