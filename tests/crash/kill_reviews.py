#!/usr/bin/env python3
"""The daemon and PostgreSQL are killed (SIGKILL) among reviews, corrections and meetings: what was acknowledged stays, once."""
import os
import random
import signal
import time

from clerks import desk
from desk import OFFICES
from durable import durable_cluster
from killing import SEED, kill_writer_backend, rounds
from reviewers import Crew
from tributary_harness import Suite, check, comment

suite = Suite(lambda: desk(durable_cluster))


def tell(crew):
    comment(f"{ {kind: len(one) for kind, one in crew.acknowledged.items()} } acknowledged; {crew.counts}")


@suite.test(seconds=150)
def reviews_survive_whatever_is_killed_and_none_is_lost_or_doubled(d):
    chance = random.Random(f"kill_reviews {SEED}")
    crew = Crew(d, OFFICES[:5], ("112", "113"))

    def kill_daemon():
        d.service.kill()
        d.service.start()

    def kill_writer():
        kill_writer_backend(d.service)
        d.service.cluster.wait_answering()

    def kill_postmaster():
        os.kill(d.service.cluster.postmaster(), signal.SIGKILL)
        time.sleep(chance.random() * 0.3)
        d.service.cluster.start_again()
        d.service.cluster.wait_answering()

    for _ in range(rounds(2)):
        for kill in (kill_daemon, kill_writer, kill_postmaster):
            with crew:
                crew.wait_for_more(60)
                time.sleep(chance.random() * 0.2)
                kill()
                crew.wait_for_more(30)
            check(d.service.is_alive(), f"the daemon ended\n{d.service.log_tail()}")
        crew.check_books()
    crew.check_states()
    tell(crew)


if __name__ == "__main__":
    suite.run()
