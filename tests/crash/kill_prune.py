#!/usr/bin/env python3
"""`audit prune` is killed at any moment, again and again: what is done stays done, nothing is half done, the log verifies."""
import concurrent.futures
import pathlib
import random
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))

from audit_retention import at, count, sample_desk  # noqa: E402
from desk import GUISHAN, annual  # noqa: E402
from tributary_harness import Suite, build_folder, check, comment, equal, expect_status  # noqa: E402

suite = Suite(sample_desk)
EXPORTS = 6000
RUNS, LONGEST = 10, 0.4
# A batch of 1000 entries takes three of these, longer than LONGEST: each run is killed in the midst of one, however fast the
# machine, every other run in its first and the others in their second.
SLOW = """
create function public.slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.2); return null; end $$;
create trigger slow after update on tributary.log_entry for each statement execute function public.slow();
create trigger slow after delete on tributary.account_event for each statement execute function public.slow();
create trigger slow after insert on tributary.log_batch for each statement execute function public.slow();
"""
AT_WORK = "select count(*) from pg_stat_activity where datname = current_database() and query like '%tributary.prune_log(%' " \
          "and pid <> pg_backend_pid()"


def wait_until(d, condition, run=None):
    deadline = time.monotonic() + 30
    while d.service.sql(f"select {condition}") != "t" and (run is None or run.poll() is None):
        check(time.monotonic() < deadline, f"not within 30 s: {condition}")
        time.sleep(0.01)


def fill(d):
    geo = d.geo

    def one(number):
        expect_status(geo.request("GET", f"{d.base}/extensions?format=csv", headers=at("2023-01-10T00:00:00Z"), patient=True), 200)
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(one, range(EXPORTS)))
    expect_status(d.office(GUISHAN).hand_in(d.plan, annual(GUISHAN, "113"), at("2024-12-01T00:00:00Z")), 201)


@suite.test(seconds=180)
def killed_at_any_moment_the_log_verifies_and_the_next_run_goes_on(d):
    fill(d)
    random.seed(20261128)
    d.service.sql(SLOW)
    killed, given_up = 0, 0
    for number in range(RUNS):
        wait_until(d, f"({AT_WORK}) = 0")  # what the run before left behind has noticed that it is gone
        before = count(d, "kind = 'retention'")
        run = subprocess.Popen([build_folder() / "tributaryd", "audit", "prune", "--older-than", "12", "--yes"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=d.service.folder,
                               env=d.service.environment)
        wait_until(d, f"({AT_WORK}) > 0 and (select count(*) from tributary.log_entry where kind = 'retention') "
                      f">= {before + number % 2}", run)
        time.sleep(random.uniform(0.0, LONGEST))
        run.send_signal(signal.SIGKILL)
        killed += run.wait(30) == -signal.SIGKILL
        now = count(d, "entry is null")
        check(now >= given_up, "what was given up came back")
        given_up = now
        equal(now, int(d.service.sql("select coalesce(sum((entry::jsonb ->> 'entries')::int), 0) from tributary.log_entry "
                                     "where kind = 'retention'")), "accounted for")
        d.service.command("verify")
        if given_up == EXPORTS:
            break
    comment(f"killed {killed} runs; {given_up} of {EXPORTS} given up before the last run")
    check(killed >= 3, f"only {killed} runs were killed while they worked")
    check(given_up > 0, "no run came to the end of a batch")
    d.service.sql("drop function public.slow cascade")
    d.service.command("audit", "prune", "--older-than", "12", "--yes")
    equal(count(d, "entry is null"), EXPORTS, "given up in the end")
    d.service.command("verify")


if __name__ == "__main__":
    suite.run()
