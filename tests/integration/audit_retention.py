#!/usr/bin/env python3
"""What needn't be kept may be given up after half a year at least; the log goes on verifying, and nothing else may go."""
import base64
import contextlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import log_check  # noqa: E402
import tributary_harness as harness  # noqa: E402
from desk import GUISHAN, OFFICES, PLAN_FILE, Desk, annual  # noqa: E402
from people import PASSWORD, People  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402


@contextlib.contextmanager
def sample_desk():
    """A sample database, whose clock is the feeder's."""
    with harness.cluster() as server:
        service = harness.Service(server, migrate=False)
        try:
            service.migrate("--sample")
            service.command("plan", "load", PLAN_FILE, "--sample-clock", "2022-12-01T00:00:00Z")
            service.start()
            yield Desk(service)
        finally:
            service.close()


suite = Suite(sample_desk)
test = suite.test


def at(moment):
    return {"Tributary-Sample-Clock": moment}


def export(d, moment):
    expect_status(d.geo.get(f"{d.base}/extensions", headers=at(moment), format="csv"), 200)


def fill(d):
    """Exports and hand-ins of 2023 and of 2024; the log ends on 2024-12-01."""
    if hasattr(d, "filled"):
        return
    d.filled = True
    for month in range(1, 13):
        export(d, f"2023-{month:02}-10T00:00:00Z")
        if month <= 6:
            expect_status(d.office(OFFICES[month]).hand_in(d.plan, annual(OFFICES[month], "112"),
                                                           at(f"2023-{month:02}-11T00:00:00Z")), 201)
    for month in range(1, 12):
        export(d, f"2024-{month:02}-10T00:00:00Z")
    expect_status(d.office(GUISHAN).hand_in(d.plan, annual(GUISHAN, "113"), at("2024-12-01T00:00:00Z")), 201)


def count(d, condition):
    return int(d.service.sql(f"select count(*) from tributary.log_entry where {condition}"))


def prune(d, *arguments, check_status=True):
    return d.service.command("audit", "prune", *arguments, check=check_status)


def verified(d):
    return d.service.command("verify").stdout.decode()


@test
def without_yes_it_says_what_it_would_do_and_changes_nothing(d):
    fill(d)
    before = d.service.sql("select sequence from tributary.log_head")
    said = prune(d, "--older-than", "12").stdout.decode()
    check("export" in said and " 11 entries" in said and "--yes" in said, said)
    check("submission" not in said and "plan" not in said, said)
    equal(d.service.sql("select sequence from tributary.log_head"), before, "entries")
    equal(count(d, "entry is null"), 0, "given up")


@test
def fewer_than_six_months_and_what_is_no_number_is_refused(d):
    for months in ("5", "0", "-6", "x", "", "6.5", "99999"):
        equal(prune(d, "--older-than", months, "--yes", check_status=False).returncode, 2, f"--older-than {months}")
    for arguments in (("--what",), ("--older-than",)):
        equal(prune(d, *arguments, check_status=False).returncode, 2, f"usage: {arguments}")
    done = d.service.command("audit", "prune", "--yes", check=False, settings={"TRIBUTARY_AUDIT_MONTHS": "3"})
    equal(done.returncode, 2, "a setting of 3 months")
    equal(count(d, "entry is null"), 0, "given up")
    done = d.service.sql("select set_config('tributary.jurisdiction', '68000', false);"
                         "select tributary.prune_log('{export}', 5, 10)", "tributary_owner", check=False)
    check(done.returncode != 0 and "six months" in done.stderr, done.stderr)


@test
def old_exports_lose_their_text_and_everything_still_verifies(d):
    fill(d)
    kept = d.service.sql("select md5(string_agg(entry, '' order by sequence)) from tributary.log_entry where kind <> 'export'")
    said = prune(d, "--older-than", "12", "--yes").stdout.decode()
    check("given up: 11" in said, said)
    equal(count(d, "entry is null"), 11, "entries without text")
    equal(count(d, "entry is null and (kind <> 'export' or recorded_at >= '2023-12-01')"), 0, "others")
    equal(d.service.sql("select md5(string_agg(entry, '' order by sequence)) from tributary.log_entry "
                        "where kind not in ('export', 'retention')"), kept, "what must be kept")
    check("(11 without their text)" in verified(d), verified(d))
    entry = expect_status(d.login("auditor").get("/v1/audit", kind="retention"), 200).json["entries"][0]
    equal((entry["entry"]["entries"], entry["entry"]["months"], "export" in entry["entry"]["kinds"],
           "submission" in entry["entry"]["kinds"]), (11, 12, True, False), "what is said of it")
    check("given up: 0" in prune(d, "--older-than", "12", "--yes").stdout.decode(), "once more")


@test
def who_reads_the_log_sees_that_a_text_was_given_up_and_the_proof_holds(d):
    fill(d)
    entries = expect_status(d.login("auditor").get("/v1/audit", kind="export", limit=1000), 200).json["entries"]
    pruned = [one for one in entries if one["pruned"]]
    equal(len(pruned), 11, "given up")
    for one in pruned:
        equal((one["entry"], one["actor"], one["office"], one["plan"]), (None, None, None, None), "nobody is named")
    proof = expect_status(d.login("auditor").get(f"/v1/audit/{pruned[0]['sequence']}"), 200).json
    equal(proof["log"]["entry"], None, "text")
    text = expect_status(d.login("auditor").get("/v1/audit/export", headers=at("2024-12-02T00:00:00Z")), 200).body.decode()
    keys = {one["key"]: base64.b64decode(one["ed25519_public"])
            for one in expect_status(d.service.client().get("/v1/keys"), 200).json["keys"]}
    equal(log_check.check_log(text, keys)[0], [], "faults of the export")


@test
def the_default_is_a_setting(d):
    fill(d)
    said = d.service.command("audit", "prune", settings={"TRIBUTARY_AUDIT_MONTHS": "9"}).stdout.decode()
    check(" 3 entries" in said, said)
    check("nothing is that old" in prune(d).stdout.decode(), "24 months")


@test
def nothing_can_be_passed_off_as_given_up(d):
    fill(d)
    retention = d.service.sql("select max(sequence) from tributary.log_entry where kind = 'retention'")
    submission = d.service.sql("select min(sequence) from tributary.log_entry where kind = 'submission'")
    other = d.service.sql("select max(sequence) from tributary.log_entry where kind = 'export'")
    gone = d.service.sql("select min(sequence) from tributary.log_entry where entry is null")
    empty = "entry = null, actor = null, office = null, plan = null, submission = null"
    for what, statements, named in (
            ("a submission", f"update tributary.log_entry set {empty}, pruned_by = {retention} where sequence = {submission}",
             submission),
            ("a submission called an export", f"update tributary.log_entry set {empty}, pruned_by = {retention}, kind = 'export' "
             f"where sequence = {submission}", retention),
            ("an export more", f"update tributary.log_entry set {empty}, pruned_by = {retention} where sequence = {other}",
             other),
            ("another kind for one given up", f"update tributary.log_entry set kind = 'plan' where sequence = {gone}", gone),
            ("another moment", f"update tributary.log_entry set recorded_at = recorded_at + interval '1 s' where sequence = {gone}",
             retention),
            ("another retention", f"update tributary.log_entry set pruned_by = {submission} where sequence = {gone}", gone),
            ("another leaf", f"update tributary.log_entry set leaf = sha256(leaf) where sequence = {gone}", "batch"),
            ("an actor for one given up", f"update tributary.log_entry set actor = 'x' where sequence = {gone}", gone),
            ("no retention entry", f"update tributary.log_entry set kind = 'export' where sequence = {retention}", gone)):
        d.service.sql("create table public.kept as table tributary.log_entry;"
                      "alter table tributary.log_entry drop constraint if exists a_pruned_entry_tells_of_nobody;"
                      f"set session_replication_role = replica; {statements}")
        done = d.service.command("verify", check=False)
        d.service.sql("set session_replication_role = replica; delete from tributary.log_entry;"
                      "insert into tributary.log_entry select * from public.kept; drop table public.kept")
        check(done.returncode == 1 and str(named) in done.stdout.decode(), f"{what}: {done.stdout.decode()[-500:]}")
    verified(d)


@test
def old_sign_ins_go_with_their_rows_and_sessions_and_newer_ones_stay(d):
    fill(d)
    people = People(d.service)
    login, path = people.invite("office", GUISHAN, by="link")
    expect_status(people.browser().request("POST", path, {"password": PASSWORD}, headers=at("2024-12-01T12:00:00Z")), 200)
    kinds = "('sign_in', 'sign_in_failed', 'sign_out')"

    def events(condition="true"):
        return int(d.service.sql(f"select count(*) from tributary.account_event where kind in {kinds} and {condition}"))

    def sessions():
        return d.service.sql("select string_agg(session::text, ' ' order by session) from tributary.session")
    opened = {}
    for moment in ("2024-12-02T00:00:00Z", "2024-12-02T02:00:00Z", "2026-01-02T00:00:00Z"):
        browser = people.browser()
        expect_status(browser.sign_in(login, "wrong wrong wrong", headers=at(moment)), 401)
        expect_status(browser.sign_in(login, headers=at(moment)), 201)
        opened[moment] = browser.session
    ended = people.browser()
    expect_status(ended.sign_in(login, headers=at("2026-01-02T01:00:00Z")), 201)
    expect_status(ended.request("DELETE", "/v1/session", headers=at("2026-01-02T02:00:00Z")), 200, 204)
    # the sign-in of the second one will be old enough, its end not
    first, second, third = opened.values()
    d.service.sql(f"update tributary.session set expires_at = '2024-12-02T12:00:00Z' where session = '{first}';"
                  f"update tributary.session set expires_at = '2025-01-02T06:00:00Z' where session = '{second}'")
    verified(d)
    stays = int(d.service.sql("select count(*) from tributary.log_entry where kind = 'account'"))
    said = prune(d, "--older-than", "12", "--yes").stdout.decode()
    check("given up: 0" not in said, said)
    equal((events("recorded_at < '2025-01-02'"), events("recorded_at >= '2026-01-02'")), (0, 4), "rows of sign-ins")
    equal(count(d, f"kind in {kinds} and recorded_at < '2025-01-02' and entry is not null"), 0, "their entries")
    check(first not in sessions() and second not in sessions(), "sessions whose sign-in was given up")
    check(third in sessions() and ended.session in sessions(), "sessions that are newer")
    equal(int(d.service.sql("select count(*) from tributary.account_event where kind = 'account'")), stays, "what is kept")
    verified(d)
    for statement in ("delete from tributary.account_event where kind = 'sign_in'", "truncate tributary.account_event",
                      "delete from tributary.account_event where kind = 'account'"):
        for user in ("tributary_daemon", "tributary_owner"):
            check(d.service.sql(statement, user, check=False).returncode != 0, f"{user}: {statement}")
    # a row that comes back, or one more that goes, is noticed
    last = d.service.sql("select max(sequence) from tributary.account_event where kind = 'sign_in'")
    d.service.sql(f"create table public.event as select * from tributary.account_event where sequence = {last};"
                  f"set session_replication_role = replica; delete from tributary.account_event where sequence = {last}")
    done = d.service.command("verify", check=False)
    d.service.sql("set session_replication_role = replica; insert into tributary.account_event select * from public.event")
    check(done.returncode == 1 and str(last) in done.stdout.decode(), done.stdout.decode()[-300:])
    gone = d.service.sql("select min(sequence) from tributary.log_entry where kind = 'sign_in'")
    d.service.sql("set session_replication_role = replica; insert into tributary.account_event select jurisdiction, "
                  f"{gone}, recorded_at, kind, actor, account, said from public.event")
    done = d.service.command("verify", check=False)
    d.service.sql(f"set session_replication_role = replica; delete from tributary.account_event where sequence = {gone}")
    check(done.returncode == 1 and f"entry {gone} " in done.stdout.decode(), done.stdout.decode()[-300:])
    verified(d)


@test
def neither_the_daemon_nor_the_owner_can_give_up_a_text_by_an_ordinary_statement(d):
    fill(d)
    for user in ("tributary_daemon", "tributary_owner"):
        for change in ("entry = 'x'", "entry = null", "kind = 'export'", "leaf = sha256(leaf)", "recorded_at = now()"):
            done = d.service.sql("select set_config('tributary.jurisdiction', '68000', false), "
                                 "set_config('tributary.role', 'admin', false);"
                                 f"update tributary.log_entry set {change}", user, check=False)
            check(done.returncode != 0, f"{user} may set {change}")
        for statement in ("delete from tributary.log_entry", "truncate tributary.log_entry"):
            check(d.service.sql(statement, user, check=False).returncode != 0, f"{user}: {statement}")
        done = d.service.sql("select tributary.prune_log('{submission}', 6, 10)", "tributary_daemon", check=False)
        check(done.returncode != 0, "the daemon may prune")
    verified(d)


if __name__ == "__main__":
    suite.run()
