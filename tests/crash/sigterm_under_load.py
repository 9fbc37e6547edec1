#!/usr/bin/env python3
"""SIGTERM under load: what was accepted is answered, what isn't answered isn't stored, and it ends soon, with 0."""
import contextlib
import os
import random
import signal
import socket
import time

from clerks import Clerks, desk
from killing import SEED, rounds
from tributary_harness import SLOWNESS, Suite, check, cluster, comment, equal

suite = Suite(lambda: desk(cluster))
MOST = 20 * SLOWNESS


def stop(d):
    began = time.monotonic()
    d.service.stop(MOST + 5)
    taken = time.monotonic() - began
    check(taken < MOST, f"it took {taken:.1f} s to stop")
    return taken


def nothing_unanswered_is_stored(d, clerks):
    for clerk in clerks.clerks:
        if clerk.pending is not None:
            stored = d.service.sql("select count(*) from tributary.revision where document_sha256 ="
                                   f" decode('{clerk.pending.sha256}', 'hex')")
            equal(stored, "0", f"stored without an answer: {clerk.pending}")


@suite.test(seconds=120)
def what_is_accepted_is_answered_and_the_rest_is_not_stored(d):
    chance = random.Random(f"sigterm {SEED}")
    clerks = Clerks(d, 12, years=("112", "113"))
    taken = []
    for _ in range(rounds(3)):
        with clerks:
            clerks.wait_for_more(30)
            time.sleep(chance.random() * 0.2)
            taken.append(stop(d))
        nothing_unanswered_is_stored(d, clerks)
        d.service.start()
        clerks.settle()
        clerks.check_books()
    clerks.check_answers()
    clerks.tell(f"stopped in {', '.join(f'{one:.2f}' for one in taken)} s; ")


@suite.test(seconds=60)
def connections_that_stand_still_do_not_hold_it_up(d):
    with contextlib.ExitStack() as stack:
        for number in range(40):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", d.service.port), 10))
            connection.sendall([b"", b"GET / HTTP/1.1\r\n", f"POST {d.base}/submissions HTTP/1.1\r\nHost: x\r\n"
                                f"Authorization: Bearer {d.office('68000070').token}\r\nContent-Type: application/json\r\n"
                                "Content-Length: 1000\r\n\r\n{".encode()][number % 3])
        time.sleep(0.2)
        comment(f"stopped in {stop(d):.2f} s")
    d.service.start()


@suite.test(seconds=120)
def it_ends_in_time_though_the_database_stands_still(d):
    clerks = Clerks(d, 8, seed=SEED + 1, years=("115",))
    with clerks:
        clerks.wait_for_more(20)
        backend = int(d.service.sql("select pid from pg_stat_activity where application_name = 'tributaryd writer'"
                                    " and datname = current_database()"))
        os.kill(backend, signal.SIGSTOP)
        try:
            time.sleep(0.3)
            taken = stop(d)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(backend, signal.SIGCONT)
    d.service.start()
    clerks.settle()
    clerks.check_books()
    clerks.tell(f"stopped in {taken:.2f} s; ")


if __name__ == "__main__":
    suite.run()
