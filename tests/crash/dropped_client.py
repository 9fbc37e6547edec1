#!/usr/bin/env python3
"""Clients that go away, stand still or read slowly: nothing is doubled, nobody else waits for them."""
import contextlib
import json
import random
import socket
import struct
import threading
import time
import uuid

from clerks import OFFICES, Clerks, desk
from desk import course, quarterly
from killing import SEED
from tributary_harness import SLOWNESS, Suite, check, cluster, equal, expect_status

IDLE = 3
suite = Suite(lambda: desk(cluster, {"TRIBUTARY_IDLE_SECONDS": str(IDLE)}))


def head_of(d, office, length, key=None):
    return (f"POST {d.base}/submissions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {d.office(office).token}\r\nContent-Length: {length}\r\n"
            + (f"Idempotency-Key: {key}\r\n" if key else "") + "\r\n").encode()


def reset(connection):
    """Closes with a reset instead of a farewell."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def connect(d, room=None):
    connection = socket.socket()
    if room:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    connection.settimeout(20 * SLOWNESS)
    connection.connect(("127.0.0.1", d.service.port))
    return connection


def others_go_on(d, clerks, count=40):
    """Others hand in and read as if nobody stood in the way."""
    with clerks:
        clerks.wait_for_more(count, within=10 * SLOWNESS)
    clerks.settle()
    check(clerks.longest < 2 * SLOWNESS, f"somebody waited {clerks.longest:.1f} s")
    equal(clerks.counts, {}, "answers other than receipts")
    expect_status(d.service.client().get("/healthz"), 200)


@suite.test
def a_connection_dropped_before_the_receipt_is_no_second_revision(d):
    chance = random.Random(f"dropped {SEED}")
    dropped = []
    for number in range(60):
        office, period = OFFICES[number % 8], f"112Q{1 + number // 8 % 4}"
        document = quarterly(office, period, 0, [course(f"n{number}", date_from=..., date_to=...)])
        if number >= 32:  # another document for the same submission: its base is out of date or not, as it comes
            document["period"] = f"113Q{1 + number // 8 % 4}"
        body, key = json.dumps(document).encode(), str(uuid.uuid4())
        connection = connect(d)
        whole = head_of(d, office, len(body), key) + body
        part = len(whole) if chance.random() < 0.7 else chance.randint(1, len(whole) - 1)
        connection.sendall(whole[:part])
        time.sleep(chance.choice([0, 0, 0.001, 0.004]))
        (reset if chance.random() < 0.5 else socket.socket.close)(connection)
        dropped.append((office, body, key, part == len(whole)))
    found = 0
    for office, body, key, _ in dropped:
        reply = expect_status(d.office(office).post(f"{d.base}/submissions", body, {
            "Content-Type": "application/json", "Idempotency-Key": key}), 200, 201)
        equal(reply.json["revision"], 1, "revision")
        found += reply.status == 200
    stored = d.service.sql("select count(*), count(distinct submission), max(number) from tributary.revision")
    equal(stored, "60|60|1", "revisions, submissions, highest number")
    check(found > 0, "no dropped one was stored: the test saw nothing")
    d.service.command("verify")


@suite.test
def uploads_that_announce_much_and_stand_still_take_nothing_from_others(d):
    """80 of them announce 640 MiB, ten times the budget of uploads."""
    clerks = Clerks(d, 8, years=("114",))
    with contextlib.ExitStack() as stack:
        stalled = []
        for number in range(80):
            connection = stack.enter_context(contextlib.closing(connect(d)))
            connection.sendall(head_of(d, OFFICES[number % 13], 8 * 1024 * 1024) + b'{"form":"')
            stalled.append(connection)
        others_go_on(d, clerks)
        all_closed(stalled)
    clerks.check_books()


@suite.test
def silent_connections_take_nothing_from_others(d):
    clerks = Clerks(d, 8, years=("115",))
    pieces = [b"", b"G", b"GET /v1/plans HTTP/1.1\r\n", b"GET /v1/plans HTTP/1.1\r\nHost: localhost\r\nX-Long: ",
              b"POST /v1/plans HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"]
    with contextlib.ExitStack() as stack:
        silent = []
        for number in range(100):
            connection = stack.enter_context(contextlib.closing(connect(d)))
            connection.sendall(pieces[number % len(pieces)])
            silent.append(connection)
        others_go_on(d, clerks)
        all_closed(silent)
    clerks.check_books()


def all_closed(connections):
    """The daemon ends them once nothing moves for the idle time."""
    deadline = time.monotonic() + (IDLE + 5) * SLOWNESS
    for connection in connections:
        with contextlib.suppress(ConnectionError):
            while True:
                connection.settimeout(max(deadline - time.monotonic(), 0.01))
                try:
                    if not connection.recv(65536):
                        break
                except TimeoutError:
                    raise AssertionError(f"a silent connection is open after {IDLE + 5} s") from None


@suite.test
def a_trickling_upload_is_taken_in_and_stops_nobody(d):
    """Bytes come, but slowly: that is no silence."""
    body = json.dumps(quarterly(OFFICES[12], "114Q1", 0, [course("slow", date_from=..., date_to=...)])).encode()
    connection = connect(d)
    answers = []

    def trickle():
        connection.sendall(head_of(d, OFFICES[12], len(body)))
        steps = 12
        for step in range(steps):
            connection.sendall(body[len(body) * step // steps:len(body) * (step + 1) // steps])
            time.sleep((IDLE + 1.5) / steps)
        answers.append(connection.recv(65536))

    thread = threading.Thread(target=trickle)
    thread.start()
    while thread.is_alive():
        began = time.monotonic()
        expect_status(d.geo.get("/v1/plans"), 200)
        check(time.monotonic() - began < 2 * SLOWNESS, "a read waited")
        time.sleep(0.2)
    thread.join()
    connection.close()
    check(answers and answers[0].startswith(b"HTTP/1.1 201"), f"the answer: {answers}")


@suite.test(seconds=180)
def slow_readers_of_large_replies_stop_nobody(d):
    """They may stand still for a minute here: if they held the workers, others would wait as long, however fast the machine."""
    d.service.stop()
    d.service.environment["TRIBUTARY_IDLE_SECONDS"] = "60"
    d.service.start()
    rows = [course(f"r{i}", name="課" * 190, date_from=..., date_to=...) for i in range(3000)]
    receipt = d.accepted(quarterly(OFFICES[11], "114Q2", 0, rows))
    path = f"/v1/submissions/{receipt['submission']}"
    whole = expect_status(d.geo.get(path), 200).body
    check(len(whole) > 2_000_000, f"only {len(whole)} bytes")
    request = (f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {d.geo.token}\r\n"
               "Connection: close\r\n\r\n").encode()
    with contextlib.ExitStack() as stack:
        readers = [stack.enter_context(contextlib.closing(connect(d, room=4096))) for _ in range(24)]
        for reader in readers:
            reader.sendall(request)
        for number, reader in enumerate(readers):  # making the replies takes the processor; from here on they are only sent
            reader.settimeout(40 * SLOWNESS)
            try:
                reader.recv(1, socket.MSG_PEEK)
            except TimeoutError:
                raise AssertionError(f"reader {number} waits for others to read on") from None
        for _ in range(20):
            began = time.monotonic()
            expect_status(d.geo.get("/v1/plans"), 200)
            check(time.monotonic() - began < 10 * SLOWNESS, "a read waited")
        # one reads on, slowly at first, and gets every byte
        received = b""
        while len(received) < 200_000:
            received += readers[0].recv(8192)
            time.sleep(0.01)
        while piece := readers[0].recv(1 << 20):
            received += piece
        check(received.endswith(whole), "the slow reader's reply isn't whole")
        for reader in readers[1:12]:
            reset(reader)
    expect_status(d.geo.get(path), 200)


if __name__ == "__main__":
    suite.run()
