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
    killed, given_up = 0, 0
    for _ in range(12):
        run = subprocess.Popen([build_folder() / "tributaryd", "audit", "prune", "--older-than", "12", "--yes"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=d.service.folder,
                               env=d.service.environment)
        time.sleep(random.uniform(0.0, 0.5))
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
    d.service.command("audit", "prune", "--older-than", "12", "--yes")
    equal(count(d, "entry is null"), EXPORTS, "given up in the end")
    d.service.command("verify")


if __name__ == "__main__":
    suite.run()
