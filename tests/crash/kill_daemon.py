#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) at random instants under load and started again."""
import random
import subprocess
import time

from clerks import Clerks, desk
from killing import SEED, rounds
from tributary_harness import Suite, build_folder, cluster

suite = Suite(lambda: desk(cluster))


@suite.test(seconds=120)
def what_was_acknowledged_survives_sigkill_and_nothing_is_doubled(d):
    chance = random.Random(f"kill_daemon {SEED}")
    clerks = Clerks(d, 10)
    for _ in range(rounds(4)):
        with clerks:
            clerks.wait_for_more(20)
            time.sleep(chance.random() * 0.4)
            d.service.kill()
            d.service.start()
            clerks.wait_for_more(20)
            time.sleep(chance.random() * 0.1)
            d.service.kill()
        d.service.start()
        clerks.settle()
        clerks.check_books()
    clerks.check_answers()
    clerks.tell()


@suite.test
def killed_while_it_starts_it_starts_again(d):
    chance = random.Random(f"kill_start {SEED}")
    d.service.kill()
    for _ in range(rounds(6)):
        process = subprocess.Popen([str(build_folder() / "tributaryd"), "serve"], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   cwd=d.service.folder, env=d.service.environment)
        time.sleep(chance.random() * 0.08)
        process.kill()
        process.wait(10)
    d.service.start()
    d.service.command("verify")


if __name__ == "__main__":
    suite.run()
