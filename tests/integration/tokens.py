#!/usr/bin/env python3
"""Tokens: shown once, and scoped by role, office, expiry, network and duty; over HTTP and at the command line; on two daemons."""
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from desk import GUISHAN, ZHONGLI, annual  # noqa: E402
from sessions import two_daemons  # noqa: E402
from tributary_harness import Client, Suite, check, equal, expect_status  # noqa: E402

suite = Suite(two_daemons)
test = suite.test


def admin(d):
    return d.login("admin")


def make(d, body, status=201):
    return expect_status(admin(d).post("/v1/tokens", body), status).json


def who(d, secret, status=200, service=None, headers=None):
    client = Client((service or d.service).port, secret)
    return expect_status(client.request("GET", "/v1/whoami", headers=headers), status).json


@test
def a_token_is_shown_once_and_kept_as_a_digest(d):
    made = admin(d).post("/v1/tokens", {"role": "geo", "label": "看板"}, {"Idempotency-Key": "one-token"})
    expect_status(made, 201)
    equal(made.header("cache-control"), "no-store", "cache-control")
    secret = made.json["secret"]
    equal(who(d, secret)["label"], "看板", "label")
    again = expect_status(admin(d).post("/v1/tokens", {"role": "geo", "label": "看板"}, {"Idempotency-Key": "one-token"}), 200).json
    equal((again["token"], "secret" in again), (made.json["token"], False), "the second answer")
    listed = json.dumps(admin(d).get("/v1/tokens", limit=500).json)
    check(secret not in listed and made.json["token"] in listed, "the list")
    for table in ("token", "log_entry", "account_event", "idempotency"):
        equal(d.service.sql(f"select count(*) from tributary.{table} t where t::text like '%{secret}%'"), "0", f"secrets in {table}")


@test
def a_revoked_token_is_refused_by_both_daemons_within_a_second(d):
    over_http, at_the_line = make(d, {"role": "geo", "label": "a"}), d.service.add_token("geo", label="b")
    listed = d.service.command("token", "list").stdout.decode().splitlines()
    row = next(line for line in listed if line.endswith("  b"))
    for secret in (over_http["secret"], at_the_line):
        for service in (d.service, d.second):
            who(d, secret, service=service)
    expect_status(admin(d).request("DELETE", f"/v1/tokens/{over_http['token']}"), 200)
    d.service.command("token", "revoke", row.split()[0])
    time.sleep(1)
    for secret in (over_http["secret"], at_the_line):
        for service in (d.service, d.second):
            who(d, secret, 401, service)
    expect_status(admin(d).request("DELETE", f"/v1/tokens/{over_http['token']}"), 200)
    equal(d.service.sql(f"select count(*) from tributary.account_event where kind = 'token_revocation' and said ->> 'token' = "
                        f"'{over_http['token']}'"), "1", "entries")


@test
def an_expired_token_is_refused(d):
    token = make(d, {"role": "geo", "label": "x", "expires_at": "2099-01-01T00:00:00Z"})
    who(d, token["secret"])
    d.service.sql(f"update tributary.token set expires_at = clock_timestamp() where token = '{token['token']}'")
    time.sleep(1)
    who(d, token["secret"], 401)
    d.service.sql(f"update tributary.token set expires_at = '2099-01-01T00:00:00Z' where token = '{token['token']}'")


@test
def a_token_of_a_network_works_from_there_only(d):
    near = make(d, {"role": "geo", "label": "x", "network": ["127.0.0.0/8", "::1"]})
    far = make(d, {"role": "geo", "label": "x", "network": ["10.0.0.0/8", "2001:db8::/32"]})
    equal(near["network"], ["127.0.0.0/8", "::1"], "network")
    who(d, near["secret"])
    who(d, far["secret"], 401)
    who(d, far["secret"], 401, headers={"X-Forwarded-For": "10.1.2.3"})


@test
def forged_and_swapped_tokens_are_refused(d):
    token = make(d, {"role": "office", "office": GUISHAN, "label": "x"})["secret"]
    for wrong in ("x", token[:-1], token + "A", token[::-1], "A" * 43, "' or true --", token.lower() if token != token.lower() else "b"):
        who(d, wrong, 401)
    reply = Client(d.service.port, token).post(f"{d.base}/submissions", annual(ZHONGLI, "113"))
    expect_status(reply, 403)


@test
def a_token_s_duty_holds(d):
    prepares = make(d, {"role": "office", "office": GUISHAN, "label": "x", "duty": "prepare"})["secret"]
    releases = d.service.add_token("office", GUISHAN, extra=("--duty", "release"))
    equal((who(d, prepares)["duty"], who(d, releases)["duty"]), ("prepare", "release"), "duties")
    expect_status(Client(d.service.port, prepares).post(f"{d.base}/submissions", annual(GUISHAN, "113")), 202)
    expect_status(Client(d.service.port, releases).post(f"{d.base}/submissions", annual(GUISHAN, "113")), 403)


@test
def a_token_of_an_account_is_worth_no_more_than_it(d):
    login = d.people.make("office", GUISHAN, duty="prepare")
    account = d.people.account(login)
    for body in ({"role": "geo"}, {"role": "office", "office": ZHONGLI}, {"role": "office", "office": GUISHAN, "duty": "release"}):
        reply = expect_status(admin(d).post("/v1/tokens", {"label": "x", "account": account, **body}), 422)
        equal(reply.json["code"], "account_differs", "code")
    token = make(d, {"role": "office", "office": GUISHAN, "label": "x", "account": account})["secret"]
    told = who(d, token)
    equal((told["account"], told["duty"], told["session"]), (account, "prepare", None), "who")
    version = admin(d).get(f"/v1/accounts/{account}").json["version"]
    expect_status(admin(d).request("PATCH", f"/v1/accounts/{account}", {"office": ZHONGLI}, {"If-Match": f'"{version}"'}), 200)
    time.sleep(1)
    who(d, token, 401)


@test
def tokens_that_make_no_sense_are_refused(d):
    good = {"role": "office", "office": GUISHAN, "label": "x"}
    for change in ({"role": "king"}, {"role": None}, {"office": None}, {"office": "1"}, {"label": ""}, {"label": None}, {"duty": "all"},
                   {"role": "geo"}, {"expires_at": "tomorrow"}, {"account": "x"}, {"account": "00000000-0000-0000-0000-000000000000"},
                   {"network": []}, {"network": "10.0.0.0/8"}, {"network": ["10.0.0.1/8"]}, {"network": ["10.0.0.0/33"]}, {"network": ["x"]},
                   {"network": [None]}, {"network": ["10.0.0.0/8"] * 17}, {"network": ["10.0.0.0/8}', '{"]}, {"secret": "x"}):
        reply = admin(d).post("/v1/tokens", {**good, **change})
        check(reply.status == 422, f"{change}: {reply}")
    for options in (("--network", "x"), ("--network", ""), ("--duty", "all"), ("--account", "nobody"), ("--role", "king")):
        done = d.service.command("token", "add", "--role", "office", "--office", GUISHAN, "--label", "x", *options, check=False)
        check(done.returncode in (1, 2) and not done.stdout, f"{options}: {done}")


@test
def a_command_run_in_the_wrong_folder_ends_no_key(d):
    for file in ("elsewhere.key", str(d.second.folder / "none" / "signing.key")):
        done = d.service.command("token", "add", "--role", "geo", "--label", "x", check=False, settings={"TRIBUTARY_SIGNING_KEY_FILE": file})
        check(done.returncode == 1 and not done.stdout and b"SIGNING_KEY_FILE" in done.stderr, f"{done}")
    equal(d.service.sql("select count(*) from tributary.signing_key"), "1", "keys")


@test
def tokens_are_listed_by_pages(d):
    seen, after = [], None
    while True:
        page = expect_status(admin(d).get("/v1/tokens", limit=3, after=after), 200).json
        seen += [one["token"] for one in page["tokens"]]
        after = page["next"]
        if after is None:
            break
    equal(len(seen), int(d.service.sql("select count(*) from tributary.token")), "tokens")
    equal(len(seen), len(set(seen)), "repeats")
    expect_status(admin(d).get("/v1/tokens", after="x"), 400)
    expect_status(admin(d).get("/v1/tokens", limit="0"), 400)


@test
def tokens_of_before_they_stood_in_the_log_are_entered_by_migrating(d):
    d.service.sql("insert into tributary.token (jurisdiction, role, label, token_hash, revoked_at) values "
                  "('68000', 'geo', 'old', sha256('old'), null), ('68000', 'geo', 'older', sha256('older'), now())")
    equal(d.service.command("verify", check=False).returncode, 1, "verify before")
    d.service.migrate()
    equal(d.service.command("verify", check=False).returncode, 0, "verify after")
    count = d.service.sql("select count(*) from tributary.account_event where kind = 'token'")
    d.service.migrate()
    equal(d.service.sql("select count(*) from tributary.account_event where kind = 'token'"), count, "entries after another time")


if __name__ == "__main__":
    suite.run()
