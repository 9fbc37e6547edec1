#!/usr/bin/env python3
"""Attested receipts and withdrawals over random timelines, held against a calendar and books of the test's own.

    TRIBUTARY_ATTESTATIONS_SEED    seed of every chance (default 1)
"""
import datetime
import json
import os
import pathlib
import random
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import obligations  # noqa: E402
from desk import FUXING, GUISHAN, OFFICES, ZHONGLI  # noqa: E402
from own_calendar import DAY, SECOND, TAIPEI, UTC, end_of, form_of, iso, moved, periods, working_day  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

SEED = int(os.environ.get("TRIBUTARY_ATTESTATIONS_SEED", "1"))
FORMS = obligations.FORMS
YEARS = (112, 113)

suite = Suite(obligations.sample_desk)
test = suite.test


def moment_of(text):
    return datetime.datetime.fromisoformat(text)


def attest(d, submission, received, moment, reason="郵寄收文", status=(200, 201)):
    """`received` None takes it back."""
    reply = d.geo.post(f"/v1/submissions/{submission}/attestations",
                       {"received_at": iso(received) if received else None, "reason": reason}, d.at(moment))
    expect_status(reply, *status)
    if reply.status == 201:
        d.books.attestations.append({"id": submission, "received": received, "recorded": moment_of(reply.json["recorded_at"])})
    return reply.json


def withdraw(d, key, moment):
    """The newest revision of a submission, if it stands."""
    known = [one for one in d.books.receipts if one["key"] == key]
    if not known or known[-1].get("withdrawn"):
        return None
    reply = d.office(key[0]).post(f"/v1/submissions/{known[-1]['id']}/withdrawal", {"reason": "誤報"}, d.at(moment))
    receipt = expect_status(reply, 201).json
    d.numbers[key] = receipt["revision"]
    d.books.receipts.append({"key": key, "id": receipt["submission"], "reported": False, "provisional": False,
                             "withdrawn": True, "received": moment_of(receipt["received_at"]),
                             "recorded": moment_of(receipt["recorded_at"])})
    return receipt


def first_day(period):
    year, _, quarter = period.partition("Q")
    return datetime.datetime(int(year) + 1911, 3 * int(quarter or 1) - 2, 1, tzinfo=TAIPEI)


def chances(chance):
    """Hand-ins, extensions, withdrawals and attestations around every deadline, in the order of time."""
    steps = []
    for office in OFFICES[:10]:
        for code in FORMS:
            form = form_of(code)
            for year in YEARS:
                for period in periods(form, year):
                    key, deadline = (office, code, period), end_of(moved(form, period))
                    moment = deadline + chance.randint(-10 * 86400, 10 * 86400) * SECOND
                    if chance.random() < 0.5:
                        steps.append((deadline - 20 * DAY, "extend", key, working_day(moved(form, period) + chance.randint(3, 9) * DAY)))
                    for _ in range(chance.choice((1, 2, 3))):
                        steps.append((moment, "hand_in", key, (chance.random() < 0.9, code == "training-annual" and chance.random() < 0.1)))
                        for _ in range(chance.choice((0, 1, 2))):
                            moment += chance.randint(1, 86400) * SECOND
                            near = chance.choice((deadline - SECOND, deadline, deadline - chance.randint(1, 9 * 86400) * SECOND,
                                                  deadline + chance.randint(1, 5 * 86400) * SECOND, None))
                            steps.append((moment, "attest", key, near))
                        moment += chance.randint(1, 3 * 86400) * SECOND
                        if chance.random() < 0.3:
                            steps.append((moment, "withdraw", key, None))
                            moment += chance.randint(1, 3 * 86400) * SECOND
    return sorted(steps, key=lambda step: step[0])


def take(d, chance, moment, what, key, more):
    office, form, period = key
    if what == "extend":
        d.extend(office, form, period, more, moment)
    elif what == "hand_in":
        d.hand_in(office, form, period, moment, *more)
    elif what == "withdraw":
        withdraw(d, key, moment)
    else:
        known = [one for one in d.books.receipts if one["key"] == key and not one.get("withdrawn")]
        if known:
            one = chance.choice(known)
            fits = more is None or first_day(period) <= more < one["received"]
            attest(d, one["id"], more, moment, status=(200, 201, 409) if more is None else (200, 201) if fits else (422,))


def fill(d):
    if not hasattr(d, "filled_here"):
        d.filled_here = True
        chance = random.Random(f"attestations {SEED}")
        for step in chances(chance):
            take(d, chance, *step)


def hold_against(d, moment, year, client=None, offices=tuple(OFFICES)):
    answer = d.obligations(client, year=year, as_of=iso(moment))
    found = {(one["office"], one["form"], one["period"]): one for one in answer["obligations"]}
    words = {"none": 0, "on_time": 0, "late": 0, "excused": 0}
    attested = 0
    for code in FORMS:
        for period in periods(form_of(code), year):
            for office in offices:
                one = found[office, code, period]
                wanted = d.books.obligation(office, form_of(code), period, moment)
                equal({name: one[name] for name in ("timeliness", "review", "submission", "revision", "first_received_at")},
                      {name: wanted[name] for name in ("timeliness", "review", "submission", "revision", "first_received_at")},
                      f"{office} {code} {period} at {moment}")
                if one["attested"]:
                    equal(one["attested"]["received_at"], one["first_received_at"], "what is attested decides")
                    check(moment_of(one["attested"]["recorded_at"]) <= moment, "attested later than it was asked")
                    attested += 1
                words[one["timeliness"]] += 1
    return words, attested


@test(seconds=300)
def timeliness_is_what_independent_books_say(d):
    fill(d)
    words, attested = {}, 0
    for year in YEARS:
        for moment in (datetime.datetime(2026, 6, 1, tzinfo=UTC), datetime.datetime(year + 1912, 2, 3, tzinfo=UTC)):
            seen, count = hold_against(d, moment, year)
            words = {word: words.get(word, 0) + number for word, number in seen.items()}
            attested += count
    check(min(words.values()) >= 10 and attested >= 20, f"{words}, {attested} attested")
    check(sum(bool(one.get("withdrawn")) for one in d.books.receipts) >= 20, "few were withdrawn")


@test(seconds=300)
def every_moment_of_the_past_is_answered_as_it_was(d):
    fill(d)
    chance = random.Random(f"moments {SEED}")
    happened = [one["recorded"] for one in d.books.attestations + d.books.receipts]
    for moment in chance.sample(happened, 12):
        for delta in (datetime.timedelta(0), datetime.timedelta(microseconds=-1)):
            for year in YEARS:
                hold_against(d, moment + delta, year)


@test(seconds=120)
def units_add_up_what_is_attested(d):
    fill(d)
    chance = random.Random(f"units {SEED}")
    moments = [datetime.datetime(2026, 6, 1, tzinfo=UTC)] + [one["recorded"] for one in chance.sample(d.books.attestations, 4)]
    for moment in moments:
        for by in ("office", "group", "city"):
            rows = d.geo.get(f"{d.base}/timeliness", year=113, by=by, as_of=iso(moment)).json["timeliness"]
            units = obligations.units_of(by)
            for row in rows:
                if row["form"] not in FORMS:
                    continue
                each = [d.books.obligation(office, form_of(row["form"]), row["period"], moment) for office in units[row["unit"]]]
                equal({name: row[name] for name in ("received", "on_time", "late", "excused")},
                      {name: obligations.counted(each)[name] for name in ("received", "on_time", "late", "excused")},
                      f"{row['unit']} {row['form']} {row['period']} at {moment}")


@test
def it_is_shown_with_the_true_moment_and_taken_back(d):
    day = datetime.datetime(2026, 2, 20, tzinfo=UTC)
    receipt = d.hand_in(FUXING, "training-annual", "114", day)
    true = receipt["received_at"]
    early = datetime.datetime(2026, 1, 20, 1, 30, tzinfo=UTC)
    made = attest(d, receipt["submission"], early, day + DAY, "1月20日收文")
    shown = {"received_at": iso(early), "reason": "1月20日收文", "by": "test geo", "recorded_at": made["recorded_at"]}
    for client in (d.geo, d.office(FUXING)):
        one = client.get(f"/v1/submissions/{receipt['submission']}").json
        equal((one["received_at"], one["attested"]), (true, shown), "GET submission")
        one = client.get(f"/v1/submissions/{receipt['submission']}/receipt").json
        equal((one["received_at"], one["attested"], one["log"]), (true, shown, receipt["log"]), "receipt: the log stays")
        equal(d.listed("training-annual", FUXING, "114", client=client)[0]["attested"], shown, "list")
    equal(attest(d, receipt["submission"], early, day + 2 * DAY, "1月20日收文")["attestation"], made["attestation"], "the same again")
    second = attest(d, receipt["submission"], early + DAY, day + 2 * DAY, "1月21日收文")
    gone = attest(d, receipt["submission"], None, day + 3 * DAY, "查無收文紀錄")
    equal((gone["received_at"], gone["reason"]), (None, "查無收文紀錄"), "taken back")
    equal(d.geo.get(f"/v1/submissions/{receipt['submission']}").json["attested"], None, "GET submission")
    listed = d.office(FUXING).get(f"/v1/submissions/{receipt['submission']}/attestations").json["attestations"]
    equal([(one["attestation"], one["current"]) for one in listed],
          [(made["attestation"], False), (second["attestation"], False), (gone["attestation"], False)], "all of them")
    again = d.geo.post(f"/v1/submissions/{receipt['submission']}/attestations", {"received_at": None, "reason": "x"})
    equal(expect_status(again, 409).json["code"], "not_attested", "nothing to take back")
    before = d.geo.get(f"{d.base}/rollups/training-annual", period="114", as_of=iso(early + DAY)).json["units"][0]
    equal(before["reported"], 0, "figures as of the attested moment: it was not known then")


@test
def moments_reasons_and_roles_are_checked(d):
    day = datetime.datetime(2026, 2, 21, tzinfo=UTC)
    receipt = d.hand_in(GUISHAN, "training-annual", "114", day)
    where = f"/v1/submissions/{receipt['submission']}/attestations"
    right = {"received_at": "2026-01-20T00:00:00Z", "reason": "x"}
    for role in ("dbas", "supervision", "admin", "auditor"):
        expect_status(d.login(role).post(where, right), 403)
    expect_status(d.office(GUISHAN).post(where, right), 403)
    expect_status(d.office(ZHONGLI).get(where), 404)
    expect_status(d.service.client().post(where, right), 401)
    for wrong, status, code in (
            ({"received_at": "2026-02-21T00:00:00Z"}, 422, "attested_not_earlier"),
            ({"received_at": "2027-01-01T00:00:00Z"}, 422, "attested_not_earlier"),
            ({"received_at": "2024-12-31T15:59:59.999999Z"}, 422, "attested_too_early"),
            ({"received_at": "2026-01-20"}, 422, "bad_member"), ({"received_at": ""}, 422, "bad_member"),
            ({"received_at": 5}, 422, "bad_member"), ({"received_at": "2026-01-20T00:00:00.1234567Z"}, 422, "bad_member"),
            ({"reason": ""}, 422, "bad_member"), ({"reason": "  "}, 422, "bad_member"), ({"reason": None}, 422, "bad_member"),
            ({"reason": "x" * 2001}, 422, "bad_member"), ({"reason": "x" * 500000}, 422, "bad_member"),
            ({"reason": "a\0b"}, 400, "malformed_json"), ({"by": "x"}, 422, "bad_member")):
        equal(expect_status(d.geo.post(where, {**right, **wrong}), status).json["code"], code, str(wrong)[:60])
    expect_status(d.geo.post(where, {"reason": "x"}), 422)
    expect_status(d.geo.post(f"/v1/submissions/{uuid.uuid4()}/attestations", right), 404)
    equal(d.geo.get(where).json["attestations"], [], "stored")
    edge = attest(d, receipt["submission"], datetime.datetime(2024, 12, 31, 16, tzinfo=UTC), day + DAY, "'); drop table x; --")
    equal(edge["reason"], "'); drop table x; --", "the period's first moment, and a reason that is only text")
    attest(d, receipt["submission"], day - datetime.timedelta(microseconds=1), day + DAY)
    gone = withdraw(d, (GUISHAN, "training-annual", "114"), day + 2 * DAY)
    equal(expect_status(d.geo.post(f"/v1/submissions/{gone['submission']}/attestations", right), 409).json["code"],
          "submission_withdrawn", "of a withdrawal")


@test
def verify_holds_attestations_against_the_log(d):
    receipt = d.hand_in(ZHONGLI, "training-annual", "114", datetime.datetime(2026, 2, 22, tzinfo=UTC))
    made = attest(d, receipt["submission"], datetime.datetime(2026, 1, 5, tzinfo=UTC), datetime.datetime(2026, 2, 23, tzinfo=UTC))
    row = f"where attestation = '{made['attestation']}'"
    for change, undo in (("received_at = null", "received_at = '2026-01-05T00:00:00Z'"), ("reason = 'x'", "reason = '郵寄收文'"),
                         ("attested_by = 'x'", "attested_by = 'test geo'"),
                         ("revision = (select id from tributary.revision limit 1)", f"revision = '{receipt['submission']}'")):
        d.service.sql(f"set session_replication_role = replica; update tributary.attestation set {change} {row}")
        done = d.service.command("verify", check=False)
        check(done.returncode != 0 and b"(attestation)" in done.stdout + done.stderr, f"{change} is not found")
        d.service.sql(f"set session_replication_role = replica; update tributary.attestation set {undo} {row}")
    done = d.service.command("verify", check=False)
    check(done.returncode == 0 and b"; 0 faults" in done.stdout, done.stdout.decode() + done.stderr.decode())


@test
def the_client_attests_and_takes_back(d):
    receipt = d.hand_in(OFFICES[3], "training-annual", "114", datetime.datetime(2026, 2, 24, tzinfo=UTC))
    one = receipt["submission"]
    said = tributary(d, d.geo, "attest", one, "--received-at", "2026-01-05T09:00:00+08:00", "--reason", "郵寄")
    check("已補登" in said and "115年1月5日" in said, said)
    said = tributary(d, d.office(OFFICES[3]), "show", one)
    check("115年1月5日" in said and "test geo" in said and "郵寄" in said, said)
    check("truly came" in tributary(d, d.geo, "due", "--year", "114", "--all", "--office", OFFICES[3], lang="en"), "due")
    check("已收回" in tributary(d, d.geo, "attest", one, "--take-back", "--reason", "查無"), "take back")
    answer = json.loads(tributary(d, d.geo, "attest", one, "--received-at", "2026-01-06T00:00:00Z", "--reason", "x", "--json"))
    equal(answer["received_at"], "2026-01-06T00:00:00.000000Z", "--json")
    tributary(d, d.geo, "attest", one, "--take-back", "--received-at", "2026-01-06T00:00:00Z", "--reason", "x", status=2)
    tributary(d, d.geo, "attest", one, "--reason", "x", status=2)
    tributary(d, d.geo, "attest", one, "--received-at", "昨天", "--reason", "x", status=2)
    tributary(d, d.geo, "attest", one, "--received-at", "2199-01-01T00:00:00Z", "--reason", "x", status=1)
    tributary(d, d.office(OFFICES[3]), "attest", one, "--received-at", "2026-01-06T00:00:00Z", "--reason", "x", status=4)


if __name__ == "__main__":
    suite.run()
