#!/usr/bin/python3
"""Daemons are killed (SIGKILL) while they send: every mail arrives, and one that arrives twice is told by its Message-ID."""
import collections
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from mail_desk import due_plan, mail_desk  # noqa: E402
import tributary_harness as harness  # noqa: E402
from tributary_harness import Suite, check, comment, equal  # noqa: E402

PEOPLE, EACH, KILLS = 10, 30, 24
LAPSE = 60  # seconds until a claim of a daemon that died lapses
HELD = 5 * harness.SLOWNESS  # seconds after which a claim isn't one of a daemon that lives: it sends a mail in far less
# The server keeps a message and answers a moment later: kills fall into that moment more often than they would.
ANSWERS_AFTER = 0.02


def desk_to_kill():
    return mail_desk(due_plan(), start=False, delay=ANSWERS_AFTER)


suite = Suite(desk_to_kill)


def wait_until(d, condition, within):
    deadline = time.monotonic() + within * harness.SLOWNESS
    while d.service.sql(f"select {condition}") != "t":
        check(time.monotonic() < deadline, f"not within {within} s: {condition}\n{d.service.log_tail()}")
        time.sleep(0.1)


def let_claims_lapse(d, kind, began):
    """What is left is what the dead had claimed, and nobody touches it before its time; then its time is made to pass, which
    is the database's clock's alone: the daemons that live find the claims lapsed, as they would a minute later."""
    left = "from tributary.mail where state <> 'sent'"
    held = f"state = 'sending' and claimed_until < clock_timestamp() + interval '{LAPSE - HELD} s'"
    wait_until(d, f"(select coalesce(bool_and({held}), true) {left})", LAPSE + 60)
    again = d.service.sql(f"select count(*) from tributary.mail where attempts > 1 and kind = '{kind}'")
    check(again == "0" or time.monotonic() - began > LAPSE, f"{again} claimed again before a claim can have lapsed")
    comment(f"{d.service.sql(f'select count(*) {left}')} claimed by daemons that were killed")
    d.service.sql(f"update tributary.mail set claimed_until = claimed_until - interval '{LAPSE} s' where state = 'sending'")
    d.wait_all_sent(within=60 * harness.SLOWNESS)


@suite.test(seconds=300)
def every_mail_arrives_and_only_a_kill_brings_one_twice(d):
    chance = random.Random("kill_mail")
    logins = [f"clerk{number}" for number in range(PEOPLE)]
    for login in logins:
        d.person(login, "geo")
    d.service.environment["TRIBUTARY_MAIL_HOUR"] = "23"
    daemons = [d.service, d.second()]
    for daemon in daemons:
        daemon.start()
    d.queue(logins, EACH)
    killed, began = [], time.monotonic()
    try:
        for number in range(KILLS):
            daemon = daemons[number % 2]
            time.sleep(0.05 + chance.random() * 0.25)
            daemon.kill()
            killed.append(time.monotonic())
            daemon.start()
        let_claims_lapse(d, "digest", began)
    finally:
        for daemon in daemons:
            daemon.stop()

    arrived = collections.defaultdict(list)
    for one in d.mail.mails:
        arrived[one.id].append(one)
    wanted = set(d.service.sql("select message_id from tributary.mail where dedupe like 'test/%'").splitlines())
    equal(len(wanted), PEOPLE * EACH, "mails")
    equal(wanted - set(arrived), set(), "mails that never arrived")
    known = d.service.sql("select message_id from tributary.mail where message_id is not null").splitlines()
    equal(set(arrived) - set(known), set(), "Message-IDs that arrived and that no mail has")
    twice = {name: copies for name, copies in arrived.items() if len(copies) > 1}
    comment(f"{len(wanted)} mails, {KILLS} kills: {len(twice)} arrived twice")
    check(len(twice) <= KILLS, f"{len(twice)} doubled by {KILLS} kills")
    for name, copies in twice.items():
        equal(len(copies), 2, f"copies of {name}")
        equal(len({(one.receiver, one.subject) for one in copies}), 1, f"what {name} says")
        # its daemon was killed before it could say so: between the message's end and the commit
        check(any(0 <= moment - copies[0].at < 0.5 * harness.SLOWNESS for moment in killed), f"no kill followed {name}")
    # mails that the killed daemons had claimed and not sent came by their lapsed claims
    again = int(d.service.sql("select count(*) from tributary.mail where attempts > 1"))
    comment(f"{again} were claimed more than once")
    check(len(twice) <= again <= KILLS, f"{again} claimed again")


@suite.test(seconds=120)
def killed_while_mails_are_made_they_are_made_once(d):
    chance = random.Random("kill_making")
    d.service.load_plan(due_plan(training_annual=7))
    offices = ("68000070", "68000020", "68000010", "68000130")
    for office in offices:
        d.person(f"office{office}", "office", office)
    d.service.sql("update tributary.mail_cursor set day = day - 1")
    d.service.environment["TRIBUTARY_MAIL_HOUR"] = "0"
    d.mail.clear()
    began = time.monotonic()
    for _ in range(8):
        d.service.start()
        time.sleep(chance.random() * 0.15)
        d.service.kill()
    d.service.start()
    wait_until(d, "exists (select from tributary.mail where kind = 'reminder')", 30)
    let_claims_lapse(d, "reminder", began)
    made = d.service.sql("select count(*), count(distinct account) from tributary.mail where kind = 'reminder'")
    equal(made, f"{len(offices)}|{len(offices)}", "reminders made")
    digests = set(d.service.sql("select message_id from tributary.mail where kind = 'digest'").splitlines())  # on Mondays
    equal(len({one.id for one in d.mail.mails} - digests), len(offices), "Message-IDs")


if __name__ == "__main__":
    suite.run()
