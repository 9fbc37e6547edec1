#!/usr/bin/env python3
"""Accounts: passwords, locking, links for a new password, authenticators, idle accounts, and who may look after them."""
import contextlib
import json
import pathlib
import statistics
import sys
import urllib.parse
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, PLAN_FILE, ZHONGLI, Desk  # noqa: E402
from people import PASSWORD, People, totp  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status, service  # noqa: E402

WRONG = "wrong wrong wrong"


@contextlib.contextmanager
def desk_of_people():
    settings = {"TRIBUTARY_TOTP_REQUIRED_ROLES": "auditor", "TRIBUTARY_ACCOUNT_IDLE_DAYS": "180"}
    with service(PLAN_FILE, settings=settings) as held:
        d = Desk(held)
        d.people = People(held)
        d.admin = d.people.signed_in("admin")
        yield d


suite = Suite(desk_of_people)
test = suite.test


def refused(reply, status, code):
    expect_status(reply, status)
    equal(reply.json["code"], code, "code")
    return reply


def entries(d, kind):
    text = d.service.sql(f"select entry from tributary.log_entry where entry::jsonb ->> 'kind' = '{kind}' order by sequence")
    return [json.loads(line) for line in text.splitlines()]


def patch(d, account, change, version=None, browser=None):
    browser = browser or d.admin
    if version is None:
        version = expect_status(d.admin.get(f"/v1/accounts/{account}"), 200).json["version"]
    return browser.request("PATCH", f"/v1/accounts/{account}", change, headers={"If-Match": f'"{version}"'})


# ---- passwords ------------------------------------------------------------------------------------------------------

@test
def a_person_signs_in_and_is_told_who_they_are(d):
    login = d.people.make("office", GUISHAN, name="王小明")
    browser = d.people.browser()
    session = expect_status(browser.sign_in(login.capitalize()), 201).json
    equal((session["login"], session["role"], session["office"], session["name"], session["duty"]),
          (login, "office", GUISHAN, "王小明", "both"), "the session")
    who = browser.get("/v1/whoami").json
    equal((who["account"], who["session"], who["office"]), (session["account"], session["session"], GUISHAN), "whoami")
    check(entries(d, "sign_in")[-1]["account"] == session["account"], "the sign-in isn't in the log")


@test
def a_first_password_opens_nothing_but_its_own_change(d):
    login, first = d.people.invite("geo")
    browser = d.people.browser()
    check(expect_status(browser.sign_in(login, first), 201).json["must_change"], "must_change")
    for path in ("/v1/plans", "/v1/sessions", f"{d.base}/submissions"):
        refused(browser.get(path), 403, "password_change_needed")
    refused(browser.request("PATCH", "/v1/account", {"language": "en"}, headers={"If-Match": '"1"'}), 403, "password_change_needed")
    expect_status(browser.get("/v1/session"), 200)
    expect_status(browser.change_password(first), 200)
    expect_status(browser.get("/v1/plans"), 200)
    refused(d.people.browser().sign_in(login, first), 401, "sign_in_refused")


@test
def a_password_is_long_and_not_the_login_and_needs_the_old_one(d):
    login = d.people.make("geo", login="a.rather.long.login")
    browser = d.people.browser()
    expect_status(browser.sign_in(login), 201)
    for weak in ("short", "elevenchars", "A.Rather.Long.Login", PASSWORD):
        refused(browser.change_password(PASSWORD, weak), 422, "password_too_weak")
    refused(browser.change_password(WRONG, "a good new password"), 403, "password_wrong")
    expect_status(browser.change_password(PASSWORD, "十二個字的密碼就夠長了喔"), 200)
    expect_status(d.people.browser().sign_in(login, "十二個字的密碼就夠長了喔"), 201)


@test
def a_new_password_ends_every_other_session(d):
    login = d.people.make("geo")
    one, other = d.people.browser(), d.people.browser()
    for browser in (one, other):
        expect_status(browser.sign_in(login), 201)
        expect_status(browser.get("/v1/whoami"), 200)
    before = one.cookie
    expect_status(one.change_password(PASSWORD, "another good password"), 200)
    check(one.cookie != before, "the session kept its secret")
    time.sleep(1)
    expect_status(other.get("/v1/whoami"), 401)
    expect_status(one.get("/v1/whoami"), 200)
    one.cookie = before
    expect_status(one.get("/v1/whoami"), 401)


@test
def an_unknown_login_takes_as_long_as_a_wrong_password(d):
    login = d.people.make("geo")
    times = {login: [], "nobody.has.this.login": []}
    for round_ in range(12):
        for name, took in times.items():
            if round_ % 4 == 0 and name == login:
                d.service.command("account", "unlock", login)
            begun = time.monotonic()
            refused(d.people.browser().sign_in(name, WRONG), 401, "sign_in_refused")
            took.append(time.monotonic() - begun)
    known, unknown = (statistics.median(took[2:]) for took in times.values())
    check(0.5 < known / unknown < 2, f"medians: wrong password {known:.4f} s, unknown login {unknown:.4f} s")


@test
def every_refusal_of_a_sign_in_says_the_same(d):
    login, disabled = d.people.make("geo"), d.people.make("geo")
    d.service.command("account", "disable", disabled, "--reason", "離職")
    invited, _ = d.people.invite("geo", by="link")
    locked = d.people.make("geo")
    d.service.sql(f"update tributary.account set locked_until = now() + interval '10 minutes' where login = '{locked}'")
    bodies = {d.people.browser().sign_in(name, password).body for name, password in
              ((login, WRONG), ("nobody", WRONG), (disabled, PASSWORD), (invited, PASSWORD), (locked, PASSWORD), (locked, WRONG))}
    equal(len(bodies), 1, f"different refusals: {bodies}")


# ---- locking --------------------------------------------------------------------------------------------------------

@test
def five_failures_lock_for_a_quarter_of_an_hour(d):
    login = d.people.make("office", GUISHAN)
    account = d.people.account(login)
    for _ in range(5):
        refused(d.people.browser().sign_in(login, WRONG), 401, "sign_in_refused")
    refused(d.people.browser().sign_in(login), 401, "sign_in_refused")
    shown = d.admin.get(f"/v1/accounts/{account}").json
    equal(shown["state"], "locked", "state")
    left = d.service.sql(f"select round(extract(epoch from locked_until - clock_timestamp()) / 60) from tributary.account where login = '{login}'")
    equal(left, "15", "minutes")
    failed = [one for one in entries(d, "sign_in_failed") if one["account"] == account]
    equal([(one["failures"], one["locked"]) for one in failed], [(1, False), (2, False), (3, False), (4, False), (5, True)], "entries")
    d.service.sql(f"update tributary.account set locked_until = clock_timestamp() - interval '1 second' where login = '{login}'")
    expect_status(d.people.browser().sign_in(login), 201)


@test
def a_right_password_forgets_failures(d):
    login = d.people.make("office", GUISHAN)
    for _ in range(2):
        for _ in range(4):
            refused(d.people.browser().sign_in(login, WRONG), 401, "sign_in_refused")
        expect_status(d.people.browser().sign_in(login), 201)


@test(seconds=120)
def many_at_once_get_no_more_than_five_tries(d):
    login = d.people.make("office", GUISHAN)
    account, answers = d.people.account(login), []

    def guess():
        answers.append(d.people.browser().sign_in(login, WRONG).status)
    threads = [threading.Thread(target=guess) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(set(answers), {401}, "statuses")
    equal(len([one for one in entries(d, "sign_in_failed") if one["account"] == account]), 5, "failures that count")
    check(int(d.service.sql("select coalesce(sum(count), 0) from tributary.refused_sign_ins")) >= 11, "the others weren't counted")
    refused(d.people.browser().sign_in(login), 401, "sign_in_refused")


@test
def an_administrator_unlocks(d):
    login = d.people.make("office", GUISHAN)
    for _ in range(5):
        d.people.browser().sign_in(login, WRONG)
    expect_status(patch(d, d.people.account(login), {"unlocked": True}), 200)
    expect_status(d.people.browser().sign_in(login), 201)


@test
def a_lock_made_before_the_clock_was_set_back_ends_all_the_same(d):
    login = d.people.make("office", GUISHAN)
    d.service.sql(f"update tributary.account set locked_until = clock_timestamp() + interval '3 days' where login = '{login}'")
    expect_status(d.people.browser().sign_in(login), 201)


# ---- links ----------------------------------------------------------------------------------------------------------

@test
def a_link_sets_a_password_once(d):
    login, path = d.people.invite("office", GUISHAN, by="link")
    browser = d.people.browser()
    refused(browser.request("POST", path, {"password": login}), 422, "password_too_weak")
    expect_status(browser.request("POST", path, {"password": PASSWORD}), 200)
    refused(browser.request("POST", path, {"password": "quite another one"}), 404, "reset_gone")
    expect_status(browser.sign_in(login), 201)


@test
def eight_at_once_use_a_link_once(d):
    login, path = d.people.invite("office", GUISHAN, by="link")
    answers = []

    def use(number):
        answers.append(d.people.browser().request("POST", path, {"password": f"a good password {number}"}, patient=True).status)
    threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(sorted(answers), [200] + [404] * 7, "answers")
    equal(len([one for one in entries(d, "account_password") if one["account"] == d.people.account(login)]), 1, "entries")


@test
def a_link_expires_and_a_newer_one_ends_it(d):
    login = d.people.make("office", GUISHAN)
    account = d.people.account(login)
    one = expect_status(d.admin.post(f"/v1/accounts/{account}/reset", {}), 201).json["reset_path"]
    two = expect_status(d.admin.post(f"/v1/accounts/{account}/reset", {}), 201).json["reset_path"]
    refused(d.people.browser().request("POST", one, {"password": PASSWORD}), 404, "reset_gone")
    d.service.sql(f"update tributary.password_reset set expires_at = expires_at - interval '1 year' where account = '{account}'")
    refused(d.people.browser().request("POST", two, {"password": PASSWORD}), 404, "reset_gone")
    d.service.sql(f"update tributary.password_reset set expires_at = expires_at + interval '1 year' where account = '{account}'")
    refused(d.people.browser().request("POST", "/v1/password-resets/" + "A" * 43, {"password": PASSWORD}), 404, "reset_gone")


@test
def who_opens_a_link_in_a_browser_gets_a_page_that_sets_the_password(d):
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    login = d.people.make("office", GUISHAN)
    path = expect_status(d.admin.post(f"/v1/accounts/{d.people.account(login)}/reset", {}), 201).json["reset_path"]
    page = expect_status(d.people.browser().get(path), 200)
    check(page.header("content-type").startswith("text/html") and b"<form method=\"post\">" in page.body, "no form")
    check(path.encode() not in page.body and "no-store" in page.header("cache-control", ""), "the page keeps the secret")

    def send(**fields):
        return d.people.browser().request("POST", path, urllib.parse.urlencode(fields).encode(), form)
    equal(send(password="正確 horse battery & 4", again="another one, longer").status, 422, "two passwords")
    equal(send(password="short", again="short").status, 422, "a short one")
    equal(send(password=login, again=login).status, 422, "the login")
    equal(send(password="正確 horse battery & 4", again="正確 horse battery & 4").status, 200, "the right way")
    expect_status(d.people.browser().sign_in(login, "正確 horse battery & 4"), 201)
    equal(send(password="正確 horse battery & 5", again="正確 horse battery & 5").status, 404, "a second time")
    equal(d.people.browser().get(path).status, 404, "the page afterwards")


@test
def a_key_makes_one_link_and_shows_it_once(d):
    login = d.people.make("office", GUISHAN)
    path, key = f"/v1/accounts/{d.people.account(login)}/reset", {"Idempotency-Key": "one-link"}
    link = expect_status(d.admin.post(path, {}, key), 201).json["reset_path"]
    again = expect_status(d.admin.post(path, {}, key), 200)
    equal((again.header("idempotent-replay"), "reset_path" in again.json), ("true", False), "the same once more")
    refused(d.admin.post(f"/v1/accounts/{d.people.account(d.people.make('geo'))}/reset", {}, key), 409, "idempotency_conflict")
    expect_status(d.people.browser().request("POST", link, {"password": PASSWORD}), 200)


@test
def who_took_an_administrator_s_session_or_token_gets_no_password_of_theirs(d):
    me = d.people.signed_in("admin")
    account = d.people.account(me.login)
    token = expect_status(me.post("/v1/tokens", {"role": "admin", "label": "script", "account": account}), 201).json["secret"]
    for asker in (me, d.service.client(token)):
        refused(asker.post(f"/v1/accounts/{account}/reset", {}), 403, "forbidden")
        refused(asker.request("PATCH", f"/v1/accounts/{account}", {"totp": False},
                              headers={"If-Match": asker.get(f"/v1/accounts/{account}").header("etag")}), 403, "forbidden")
    expect_status(d.admin.post(f"/v1/accounts/{account}/reset", {}), 201)


@test
def a_link_unlocks_and_ends_the_sessions(d):
    browser = d.people.signed_in("office", GUISHAN)
    for _ in range(5):
        d.people.browser().sign_in(browser.login, WRONG)
    path = d.service.command("account", "reset", browser.login).stdout.decode().strip()
    expect_status(d.people.browser().request("POST", path, {"password": "a new good password"}), 200)
    expect_status(d.people.browser().sign_in(browser.login, "a new good password"), 201)
    time.sleep(1)
    expect_status(browser.get("/v1/whoami"), 401)


# ---- authenticators -------------------------------------------------------------------------------------------------

def enrol(browser):
    secret = expect_status(browser.post("/v1/account/totp", {}), 200).json["secret"]
    return secret, int(time.time())


@test
def an_authenticator_holds_from_its_first_code_on(d):
    browser = d.people.signed_in("geo")
    secret, now = enrol(browser)
    expect_status(d.people.browser().sign_in(browser.login), 201)
    refused(browser.post("/v1/account/totp", {"code": "000000" if totp(secret, now) != "000000" else "111111"}), 403, "password_wrong")
    check(expect_status(browser.post("/v1/account/totp", {"code": totp(secret, time.time())}), 200).json["totp"], "totp")
    refused(browser.post("/v1/account/totp", {}), 409, "totp_state")
    other = d.people.browser()
    refused(other.sign_in(browser.login), 401, "totp_needed")
    refused(other.sign_in(browser.login, WRONG), 401, "sign_in_refused")
    expect_status(other.sign_in(browser.login, code=totp(secret, time.time() + 30)), 201)


@test
def no_code_is_taken_twice_and_none_that_is_old(d):
    browser = d.people.signed_in("geo")
    secret, _ = enrol(browser)
    now = time.time()
    used = totp(secret, now)
    expect_status(browser.post("/v1/account/totp", {"code": used}), 200)
    for code in (used, totp(secret, now - 30), totp(secret, now - 3600), totp(secret, now + 3600), "12345", "1234567", "１２３４５６"):
        refused(d.people.browser().sign_in(browser.login, code=code), 422 if len(code.encode()) > 16 else 401,
                "bad_member" if len(code.encode()) > 16 else "sign_in_refused")
        d.service.command("account", "unlock", browser.login)
    fresh, answers = totp(secret, time.time() + 30), []

    def use():
        answers.append(d.people.browser().sign_in(browser.login, code=fresh).status)
    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(sorted(answers), [201, 401, 401, 401], "one code, four at once")


@test
def doing_without_an_authenticator_needs_the_password(d):
    browser = d.people.signed_in("geo")
    secret, _ = enrol(browser)
    expect_status(browser.post("/v1/account/totp", {"code": totp(secret, time.time())}), 200)
    refused(browser.request("DELETE", "/v1/account/totp", {"password": WRONG}), 403, "password_wrong")
    expect_status(browser.request("DELETE", "/v1/account/totp", {"password": PASSWORD}), 200)
    expect_status(d.people.browser().sign_in(browser.login), 201)


@test
def a_role_that_needs_an_authenticator_sets_it_up_first(d):
    browser = d.people.signed_in("auditor")
    refused(browser.get("/v1/plans"), 403, "totp_enrolment_needed")
    check(browser.get("/v1/session").json["must_enrol"], "must_enrol")
    secret, _ = enrol(browser)
    expect_status(browser.post("/v1/account/totp", {"code": totp(secret, time.time())}), 200)
    expect_status(browser.get("/v1/plans"), 200)
    refused(browser.request("DELETE", "/v1/account/totp", {"password": PASSWORD}), 403, "totp_enrolment_needed")


@test
def the_owner_takes_a_lost_authenticator_off(d):
    browser = d.people.signed_in("geo")
    secret, _ = enrol(browser)
    expect_status(browser.post("/v1/account/totp", {"code": totp(secret, time.time())}), 200)
    d.service.command("account", "totp-off", browser.login)
    expect_status(d.people.browser().sign_in(browser.login), 201)


# ---- looking after accounts -----------------------------------------------------------------------------------------

@test
def an_administrator_makes_an_account_and_its_link_is_shown_once(d):
    body = {"login": "new.person", "name": "新人", "role": "office", "office": ZHONGLI, "email": "new@example.org"}
    key = {"Idempotency-Key": "make-new-person"}
    made = expect_status(d.admin.post("/v1/accounts", body, key), 201)
    equal(made.header("cache-control"), "no-store", "cache-control")
    again = expect_status(d.admin.post("/v1/accounts", body, key), 200).json
    equal((again["account"], "reset_path" in again), (made.json["account"], False), "the second answer")
    refused(d.admin.post("/v1/accounts", body), 409, "login_taken")
    check("reset_path" not in d.admin.get(f"/v1/accounts/{made.json['account']}").json, "the link is shown again")
    expect_status(d.people.browser().request("POST", made.json["reset_path"], {"password": PASSWORD}), 200)
    expect_status(d.people.browser().sign_in("new.person"), 201)
    said = [one for one in entries(d, "account") if one["account"] == made.json["account"]]
    equal(len(said), 1, "entries")
    check("新人" not in json.dumps(said, ensure_ascii=False) and "new" not in said[0].get("login", ""), f"a person in the log: {said}")


@test
def accounts_that_make_no_sense_are_refused(d):
    good = {"login": "x.y", "name": "x", "role": "office", "office": ZHONGLI}
    for change in ({"login": "Big"}, {"login": ""}, {"login": "a b"}, {"login": "'; drop table x; --"}, {"login": "x" * 81},
                   {"name": ""}, {"name": "a\u0000b"}, {"role": "king"}, {"role": "geo"}, {"office": None}, {"office": "1"},
                   {"duty": "all"}, {"email": "x"}, {"email": "a@b@c"}, {"language": "fr"}, {"password": "x"}, {"disabled": True}):
        reply = d.admin.post("/v1/accounts", {**good, **change})
        check(reply.status in (400, 422), f"{change}: {reply}")
    equal(d.service.sql("select count(*) from tributary.account where login = 'x.y'"), "0", "accounts made")


@test
def a_change_needs_the_version_that_was_read(d):
    login = d.people.make("office", GUISHAN)
    account = d.people.account(login)
    refused(d.admin.request("PATCH", f"/v1/accounts/{account}", {"name": "x"}), 428, "precondition_required")
    shown = d.admin.get(f"/v1/accounts/{account}")
    equal(shown.header("etag"), f'"{shown.json["version"]}"', "etag")
    expect_status(patch(d, account, {"name": "新名"}, shown.json["version"]), 200)
    refused(patch(d, account, {"name": "別的"}, shown.json["version"]), 412, "precondition_failed")
    equal(d.admin.get(f"/v1/accounts/{account}").json["name"], "新名", "name")
    refused(patch(d, account, {"login": "x"}), 422, "bad_member")
    refused(patch(d, account, {"disabled": True}), 422, "bad_member")
    refused(patch(d, account, {"role": "geo"}), 422, "bad_member")
    refused(patch(d, "01a22257-5793-796a-9931-197bfd7e16b7", {"name": "x"}, 1), 404, "not_found")


@test
def who_may_do_other_things_than_before_is_signed_out(d):
    browser = d.people.signed_in("office", GUISHAN)
    account = d.people.account(browser.login)
    expect_status(patch(d, account, {"name": "只換名字"}), 200)
    expect_status(browser.get("/v1/whoami"), 200)
    expect_status(patch(d, account, {"office": ZHONGLI}), 200)
    time.sleep(1)
    expect_status(browser.get("/v1/whoami"), 401)
    equal(expect_status(browser.sign_in(browser.login), 201).json["office"], ZHONGLI, "office")


@test
def a_disabled_account_is_out_within_a_second_with_its_tokens(d):
    browser = d.people.signed_in("office", GUISHAN)
    token = d.service.add_token("office", GUISHAN, extra=("--account", browser.login))
    client = d.service.client(token)
    equal(client.get("/v1/whoami").json["account"], d.people.account(browser.login), "the token's account")
    expect_status(browser.get("/v1/whoami"), 200)
    expect_status(patch(d, d.people.account(browser.login), {"disabled": True, "reason": "離職"}), 200)
    time.sleep(1)
    for one in (browser, client):
        expect_status(one.get("/v1/whoami"), 401)
    expect_status(patch(d, d.people.account(browser.login), {"disabled": False}), 200)
    expect_status(client.get("/v1/whoami"), 200)
    expect_status(browser.get("/v1/whoami"), 401)


@test
def an_account_that_nobody_used_for_long_is_disabled(d):
    login = d.people.make("office", GUISHAN)
    account = d.people.account(login)
    d.service.sql(f"update tributary.account set created_at = now() - interval '200 days', last_seen_at = now() - interval '181 days' "
                  f"where login = '{login}'")
    refused(d.people.browser().sign_in(login), 401, "sign_in_refused")
    shown = d.admin.get(f"/v1/accounts/{account}").json
    equal((shown["state"], shown["disabled_reason"]), ("disabled", "idle"), "state")
    equal([one["idle_days"] for one in entries(d, "account_disabled") if one["account"] == account], [180], "entries")
    d.service.command("account", "enable", login)
    expect_status(d.people.browser().sign_in(login), 201)


@test
def a_daemon_disables_idle_accounts_and_forgets_old_sessions_by_itself(d):
    login, other = d.people.make("office", GUISHAN), d.people.make("office", GUISHAN)
    session = d.people.signed_in("geo").session
    d.service.sql(f"update tributary.account set created_at = now() - interval '181 days' where login = '{login}'; "
                  f"update tributary.session set ended_at = now() - interval '185 days' where session = '{session}'")
    d.service.stop()
    d.service.start()
    asked = f"select disabled_reason from tributary.account where login = '{login}'"
    deadline = time.monotonic() + 20
    while d.service.sql(asked) != "idle" and time.monotonic() < deadline:
        time.sleep(0.1)
    equal(d.service.sql(asked), "idle", "the idle one")
    equal(d.service.sql(f"select count(*) from tributary.account where login = '{other}' and disabled_at is null"), "1", "the other one")
    equal(d.service.sql(f"select count(*) from tributary.session where session = '{session}'"), "0", "the old session")


@test
def a_person_changes_their_own_name_and_language_and_nothing_else(d):
    browser = d.people.signed_in("office", GUISHAN)
    version = {"If-Match": f'"{browser.get("/v1/session").json["version"]}"'}
    for change in ({"role": "admin"}, {"office": ZHONGLI}, {"duty": "release"}, {"login": "x"}, {"disabled": False}):
        refused(browser.request("PATCH", "/v1/account", change, headers=version), 422, "bad_member")
    changed = expect_status(browser.request("PATCH", "/v1/account", {"name": "王大明", "language": "en", "email": None}, headers=version), 200)
    equal((changed.json["name"], changed.json["language"]), ("王大明", "en"), "the account")
    refused(browser.request("PATCH", "/v1/account", {"name": "x"}, headers=version), 412, "precondition_failed")


@test
def only_an_administrator_looks_after_accounts(d):
    other = d.people.account(d.people.make("office", ZHONGLI))
    for role, office in (("office", GUISHAN), ("geo", None), ("dbas", None), ("supervision", None)):
        browser = d.people.signed_in(role, office)
        for method, path in (("GET", "/v1/accounts"), ("GET", f"/v1/accounts/{other}"), ("POST", "/v1/accounts"), ("GET", "/v1/tokens"),
                             ("POST", "/v1/tokens"), ("POST", f"/v1/accounts/{other}/reset"), ("PATCH", f"/v1/accounts/{other}"),
                             ("GET", f"/v1/sessions?account={other}"), ("DELETE", f"/v1/sessions?account={other}")):
            refused(browser.request(method, path, None if method == "GET" else {}, headers={"If-Match": '"1"'}), 403, "forbidden")


@test
def accounts_are_listed_by_pages(d):
    seen, after = [], None
    while True:
        page = expect_status(d.admin.get("/v1/accounts", limit=5, after=after), 200).json
        seen += [one["login"] for one in page["accounts"]]
        after = page["next"]
        if after is None:
            break
    equal(seen, sorted(set(seen)), "logins")
    equal(len(seen), int(d.service.sql("select count(*) from tributary.account")), "accounts")
    check(all("password" not in json.dumps(one) and "secret" not in json.dumps(one) for one in page["accounts"]), "secrets")


@test
def sql_in_a_text_field_is_only_text(d):
    before = d.service.sql("select count(*) from tributary.account where role = 'admin'")
    text = "'; update tributary.account set role = 'admin'; --"
    refused(d.people.browser().sign_in(text, text), 401, "sign_in_refused")
    login = d.people.make("geo", name=text)
    browser = d.people.browser()
    equal(expect_status(browser.sign_in(login, headers={"User-Agent": text}), 201).json["name"], text, "name")
    equal(browser.get("/v1/sessions").json["sessions"][0]["user_agent"], text, "user agent")
    equal(d.service.sql("select count(*) from tributary.account where role = 'admin'"), before, "administrators")


@test
def the_daemon_s_role_reads_no_secret_and_writes_no_account(d):
    for statement in ("select password_hash from tributary.account", "select totp_secret from tributary.account",
                      "select secret_hash from tributary.session", "select secret_hash from tributary.password_reset",
                      "select token_hash from tributary.token", "update tributary.account set role = 'admin'",
                      "insert into tributary.session select * from tributary.session", "delete from tributary.account_event",
                      "update tributary.token set revoked_at = null", "select tributary.record_older_token()",
                      "select tributary.open_session(gen_random_uuid(), gen_random_uuid(), sha256('x'), 1, '', null)"):
        done = d.service.sql(statement, "tributary_daemon", check=False)
        check(done.returncode != 0 and "permission denied" in done.stderr, f"{statement}: {done.stdout} {done.stderr}")


@test
def verify_holds_accounts_sessions_and_tokens_against_the_log(d):
    equal(d.service.command("verify", check=False).returncode, 0, "verify before")
    login = d.people.make("office", GUISHAN)
    account, sound = d.people.account(login), "select 1"
    for change, back in (
            (f"update tributary.account set role = 'geo', office = null where account = '{account}'",
             f"update tributary.account set role = 'office', office = '{GUISHAN}' where account = '{account}'"),
            (f"update tributary.account set password_hash = 'x' || password_hash where account = '{account}'",
             f"update tributary.account set password_hash = substr(password_hash, 2) where account = '{account}'"),
            (f"update tributary.account set login = 'swapped' where account = '{account}'",
             f"update tributary.account set login = '{login}' where account = '{account}'"),
            (f"insert into tributary.session (session, jurisdiction, account, secret_hash, expires_at) values "
             f"(gen_random_uuid(), '68000', '{account}', sha256('x'), 'infinity')", "delete from tributary.session where secret_hash = sha256('x')"),
            ("insert into tributary.token (jurisdiction, role, label, token_hash) values ('68000', 'admin', 'x', sha256('x'))",
             "delete from tributary.token where token_hash = sha256('x')"),
            ("alter table tributary.account_event disable trigger all; update tributary.account_event set said = said || '{\"x\": 1}' "
             "where sequence = (select max(sequence) from tributary.account_event)",
             "update tributary.account_event set said = said - 'x'; alter table tributary.account_event enable trigger all"),
            (sound, sound)):
        d.service.sql(change)
        done = d.service.command("verify", check=False)
        d.service.sql(back)
        check((done.returncode == 0) == (change == sound), f"{change}: {done.stdout.decode()[-300:]}")


if __name__ == "__main__":
    suite.run()
