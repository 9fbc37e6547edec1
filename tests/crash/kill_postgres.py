#!/usr/bin/env python3
"""PostgreSQL is killed under load: the writer's backend, the postmaster, everything at once."""
import contextlib
import os
import random
import signal
import time

from clerks import LONGEST_WAIT, Clerks, desk
from durable import durable_cluster
from killing import SEED, kill_writer_backend, rounds, writer_backend
from tributary_harness import SLOWNESS, Suite, check, equal, expect_status

suite = Suite(lambda: desk(durable_cluster))
RECOVERY = 10 * SLOWNESS  # seconds after the database's return


def back_at_work(d, clerks):
    """The daemon is the same, and works again within seconds."""
    d.service.cluster.wait_answering()
    clerks.wait_for_more(len(clerks.clerks), RECOVERY)
    check(d.service.is_alive(), f"the daemon ended\n{d.service.log_tail()}")


def rest_and_check(d, clerks):
    clerks.settle()
    clerks.check_books()


@suite.test(seconds=120)
def the_writers_backend_is_killed(d):
    chance = random.Random(f"kill_backend {SEED}")
    clerks = Clerks(d, 8, years=("112",))
    before = d.service.process.pid
    for _ in range(rounds(2)):
        with clerks:
            clerks.wait_for_more(20)
            time.sleep(chance.random() * 0.2)
            kill_writer_backend(d.service)
            back_at_work(d, clerks)
        rest_and_check(d, clerks)
    equal(d.service.process.pid, before, "the daemon's process")
    clerks.check_answers()
    clerks.tell()


@suite.test(seconds=120)
def the_postmaster_is_killed_and_started_again(d):
    chance = random.Random(f"kill_postmaster {SEED}")
    clerks = Clerks(d, 8, years=("113",))
    for _ in range(rounds(1)):
        with clerks:
            clerks.wait_for_more(20)
            time.sleep(chance.random() * 0.2)
            os.kill(d.service.cluster.postmaster(), signal.SIGKILL)
            time.sleep(chance.random() * 0.5)
            d.service.cluster.start_again()
            back_at_work(d, clerks)
        rest_and_check(d, clerks)
    clerks.check_answers()
    clerks.tell()


@suite.test(seconds=120)
def an_immediate_shutdown_answers_503_until_it_is_back(d):
    clerks = Clerks(d, 8, years=("114",))
    with clerks:
        clerks.wait_for_more(20)
        d.service.cluster.halt("immediate")
        time.sleep(1)
        reader = d.service.client(d.geo.token)
        began = time.monotonic()
        reply = expect_status(reader.get(f"{d.base}/rollups/training-annual", period="114", by="city"), 503)
        check(int(reply.header("retry-after", "0")) >= 1, f"no Retry-After: {reply}")
        equal(reply.header("content-type"), "application/problem+json", "content type")
        expect_status(reader.get("/healthz"), 200)
        deadline = time.monotonic() + 10
        while reader.get("/readyz").status != 503:
            check(time.monotonic() < deadline, "/readyz says 200 without a database")
            time.sleep(0.1)
        check(time.monotonic() - began < LONGEST_WAIT, "answers took too long")
        d.service.cluster.start_again()
        back_at_work(d, clerks)
    check(clerks.counts.get("503", 0) > 0, f"nobody was told 503: {clerks.counts}")
    equal(clerks.counts.get("broken", 0), 0, "connections that broke")
    d.service.wait_ready(RECOVERY)
    rest_and_check(d, clerks)
    clerks.tell()


@contextlib.contextmanager
def frozen(process):
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)


@suite.test(seconds=120)
def the_writers_backend_stands_still(d):
    """Nothing is lost when a commit takes very long, and nobody waits for ever; reads go on meanwhile."""
    clerks, reader = Clerks(d, 8, years=("115",)), d.geo
    with clerks:
        clerks.wait_for_more(20)
        with frozen(writer_backend(d.service)):
            time.sleep(float(os.environ.get("TRIBUTARY_CRASH_STANDSTILL", "2")))
            expect_status(reader.get("/v1/plans"), 200)
        back_at_work(d, clerks)
    rest_and_check(d, clerks)
    clerks.tell()


if __name__ == "__main__":
    suite.run()
