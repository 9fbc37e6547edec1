#!/usr/bin/python3
"""Three daemons on one database: each mail is made once and sent by one of them; the log stays one chain."""
import collections
import contextlib
import datetime
import pathlib
import re
import sys
import threading
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, OFFICES, annual  # noqa: E402
from mail_desk import address, due_plan, mail_desk  # noqa: E402
import tributary_harness as harness  # noqa: E402
from tributary_harness import Suite, check, comment, equal, expect_status  # noqa: E402

MAILS = 200


@contextlib.contextmanager
def desk_of_three():
    with mail_desk(due_plan(training_annual=7), start=False, delay=0.01) as d:
        for office in OFFICES:
            d.person(f"clerk{office}", "office", office)
        d.person("chen", "geo")
        d.daemons = [d.service, d.second(), d.second()]
        for daemon in d.daemons:
            daemon.environment["TRIBUTARY_METRICS_PORT"] = str(harness.free_port())
        try:
            yield d
        finally:
            for daemon in d.daemons[1:]:
                if daemon.is_alive():
                    daemon.stop()


suite = Suite(desk_of_three)


def sent_by(daemon):
    with urllib.request.urlopen(f"http://127.0.0.1:{daemon.environment['TRIBUTARY_METRICS_PORT']}/metrics",
                                timeout=10) as answer:
        return int(re.search(r"^tributary_mails_sent_total (\d+)$", answer.read().decode(), re.M)[1])


@suite.test
def starting_together_they_make_each_reminder_once(d):
    starts = [threading.Thread(target=daemon.start) for daemon in d.daemons]
    for one in starts:
        one.start()
    for one in starts:
        one.join()
    d.mail.wait(len(OFFICES))
    d.wait_all_sent()
    counts = collections.Counter(one.receiver for one in d.mail.mails)
    digests = counts.pop(address("chen"), 0)
    monday = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).weekday() == 0
    check(digests <= monday, f"the Gender Equality Office's digest is made once, on Mondays: {digests}")
    equal(counts, collections.Counter({address(f"clerk{office}"): 1 for office in OFFICES}), "reminders")


@suite.test(seconds=120)
def two_hundred_mails_are_each_sent_by_one(d):
    d.mail.clear()
    before = [sent_by(daemon) for daemon in d.daemons]
    d.queue(["chen"] + [f"clerk{office}" for office in OFFICES[:9]], MAILS // 10)
    d.mail.wait(MAILS, within=60 * harness.SLOWNESS)
    d.wait_all_sent()
    equal(len(d.mail.mails), MAILS, "messages")
    equal(len({one.id for one in d.mail.mails}), MAILS, "Message-IDs")
    shares = [sent_by(daemon) - start for daemon, start in zip(d.daemons, before)]
    equal(sum(shares), MAILS, "sent, as the daemons count")
    equal(d.service.sql("select count(*) from tributary.mail where attempts <> 1"), "0", "tried more than once")
    comment(f"sent by each daemon: {shares}")
    check(all(shares), f"a daemon sent none: {shares}")


@suite.test
def a_return_recorded_by_one_is_mailed_once(d):
    d.mail.clear()
    receipt = expect_status(d.office(GUISHAN).hand_in(d.plan, annual(GUISHAN, "113")), 201).json
    other = harness.Client(d.daemons[1].port, d.geo.token)
    d.review(receipt["submission"], "return", client=other, reason="請更正")
    d.mail.wait(1)
    d.wait_all_sent()
    equal([one.receiver for one in d.mail.mails], [address(f"clerk{GUISHAN}")], "receivers")


@suite.test
def what_a_person_refuses_at_one_daemon_holds_at_all(d):
    d.mail.clear()
    client = d.as_person(f"clerk{GUISHAN}")
    expect_status(client.request("PUT", "/v1/account/mail-preferences", {"opted_out": ["digest"]},
                                 headers={"If-Match": "*"}), 200)
    seen = harness.Client(d.daemons[2].port, client.token).get("/v1/account/mail-preferences").json
    check(not next(one for one in seen["kinds"] if one["kind"] == "digest")["wanted"], seen)
    d.queue([f"clerk{GUISHAN}", "chen"], 30)
    d.mail.wait(30, address=address("chen"))
    d.wait_all_sent(but="given_up")
    equal(d.mail.to(address(f"clerk{GUISHAN}")), [], "sent in spite of it")
    equal(d.service.sql("select distinct last_error from tributary.mail where state = 'given_up'"), "not wanted any more", "why")


@suite.test
def the_log_is_one_chain(d):
    equal(d.service.command("verify", check=False).returncode, 0, "verify")


if __name__ == "__main__":
    suite.run()
