#!/usr/bin/env python3
"""Two daemons on one database: one chain of revisions and of the log, and each soon sees what the other did."""
import contextlib
import copy
import json
import threading
import time
import uuid

from clerks import LONGEST_WAIT, OFFICES, PLAN_FILE, Clerks, desk
from desk import annual
from tributary_harness import SLOWNESS, Client, Suite, check, cluster, equal, expect_status, free_port

SOON = 1 * SLOWNESS  # seconds within which one daemon sees what the other acknowledged


@contextlib.contextmanager
def desk_of_two():
    with desk(cluster) as d:
        second = copy.copy(d.service)
        second.port, second.log_path = free_port(), d.service.folder / "second.log"
        second.environment = {**d.service.environment, "TRIBUTARY_PORT": str(second.port)}
        second.process = None
        second.start()
        d.second, d.ports = second, [d.service.port, second.port]
        try:
            yield d
        finally:
            if second.is_alive():
                second.stop()


suite = Suite(desk_of_two)


def client_at(d, port, client):
    return Client(port, client.token, LONGEST_WAIT)


def within(seconds, question, words):
    deadline = time.monotonic() + seconds
    while not question():
        check(time.monotonic() < deadline, f"{words} after {seconds} s")
        time.sleep(0.02)


@suite.test
def clerks_change_daemons_with_every_hand_in(d):
    clerks = Clerks(d, 10, ports=d.ports, years=("112",))
    with clerks:
        clerks.wait_for_more(600)
    clerks.settle()
    equal(clerks.counts, {}, "answers other than receipts")
    clerks.check_books()
    clerks.check_answers()
    clerks.tell()


@suite.test
def two_clerks_of_an_office_contend_for_every_revision(d):
    """Of two who start from the same revision one is told of the other, whichever daemon they ask."""
    office, period, goal = OFFICES[0], "113", 60
    lock, won, lost, faults = threading.Lock(), [], [], []

    def contend(client, name):
        base, number = 0, 0
        while base < goal:
            number += 1
            reply = client.hand_in(d.plan, annual(office, period, base, **{"general.excluded": number,
                                                                           "excluded_reason": name}))
            with lock:
                if reply.status == 201:
                    base = reply.json["revision"]
                    won.append((base, name))
                elif reply.status == 409 and reply.json["code"] == "revision_conflict":
                    base = reply.json["current"]["revision"]
                    lost.append(name)
                else:
                    faults.append(str(reply))
                    return

    threads = [threading.Thread(target=contend, args=(client_at(d, port, d.office(office)), f"甲乙丙丁{i}"))
               for i, port in enumerate(d.ports * 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60 * SLOWNESS)
    equal(faults, [], "answers")
    equal(sorted(number for number, _ in won), list(range(1, len(won) + 1)), "revisions that were acknowledged")
    equal(d.revisions("training-annual", office, period), list(range(1, len(won) + 1)), "revisions that are stored")
    check(lost, "nobody lost: the test saw nothing")
    d.service.command("verify")


@suite.test
def one_sees_the_others_receipt_and_key_within_a_second(d):
    office, period = OFFICES[1], "113"
    worst = 0.0
    for number in range(1, 13):
        one, other = d.ports if number % 2 else d.ports[::-1]
        mine = client_at(d, one, d.office(office))
        reader_here, reader_there = client_at(d, one, d.geo), client_at(d, other, d.geo)
        path = f"{d.base}/rollups/training-annual?period={period}&by=office"

        def value(reader):
            units = expect_status(reader.get(path), 200).json["units"]
            return next(unit for unit in units if unit["unit"] == office)["elements"]["general.gm2h.m"]["value"]

        value(reader_there)  # so that it is cached
        document, key = annual(office, period, number - 1, **{"general.gm2h.m": number}), {"Idempotency-Key": str(uuid.uuid4())}
        receipt = expect_status(mine.hand_in(d.plan, document, key), 201).json
        began = time.monotonic()
        equal(value(reader_here), number, "the figure at the daemon that gave the receipt")
        within(SOON, lambda: value(reader_there) == number, "the other daemon doesn't show it")
        worst = max(worst, time.monotonic() - began)
        again = expect_status(client_at(d, other, d.office(office)).hand_in(d.plan, document, key), 200)
        equal(again.json["submission"], receipt["submission"], "the replay at the other daemon")
        equal(value(reader_there), number, "the figure after a replay")
    print(f"#   seen after {worst:.2f} s at the latest")


@suite.test
def a_plan_amended_under_load_is_seen_within_a_second(d):
    plan = json.loads(PLAN_FILE.read_text(encoding="utf-8"))
    clerks = Clerks(d, 8, ports=d.ports, years=("114",))
    for round_ in range(3):
        plan["version_note"] = f"crash test {round_}"
        with clerks:
            clerks.wait_for_more(30)
            d.service.load_plan(plan)
            for port in d.ports:
                reader = client_at(d, port, d.geo)
                within(SOON, lambda: expect_status(reader.get(d.base), 200).json.get("version_note")
                       == plan["version_note"], "the amended plan isn't seen")
    clerks.settle()
    clerks.check_books()
    clerks.tell()


@suite.test
def one_is_killed_and_the_other_goes_on(d):
    clerks = Clerks(d, 8, ports=d.ports, years=("115",))
    with clerks:
        clerks.wait_for_more(100)
        d.second.kill()
        clerks.wait_for_more(100)
        d.second.start()
        clerks.wait_for_more(50)
    clerks.settle()
    clerks.check_books()
    clerks.tell()


if __name__ == "__main__":
    suite.run()
