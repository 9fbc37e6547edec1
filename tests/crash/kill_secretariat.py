#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while turns are exchanged and meetings given to members, among hand-ins: what was acknowledged
stays, once, an exchange whole or not at all, and the last one counts."""
import itertools
import random
import threading
import time
import uuid

from clerks import BROKEN, SEED, Clerks, desk, rounds
from tributary_harness import Client, Suite, check, cluster, comment, equal, expect_status

suite = Suite(lambda: desk(cluster))
OFFICES = ["68000010", "68000070", "68000080", "68000030"]  # of group 1, one for each year of the plan
YEARS = (112, 113, 114, 115)


class Secretary:
    """Exchanges turns and gives meetings, one after the other; what isn't answered is sent again with the same key."""

    def __init__(self, d):
        self.d, self.client = d, Client(d.service.port, d.geo.token, 60)
        self.chance = random.Random(f"kill_secretariat {SEED}")
        self.turns, self.given, self.troubles, self.attempts, self.done = {}, {}, [], 0, 0
        for year, office in zip(YEARS, OFFICES):
            self.ask(f"{d.base}/secretariat", {"unit": "group-1", "year": year, "office": office})
            self.turns[year] = office
        self.meetings = [expect_status(d.geo.post(f"{d.base}/meetings", {"body": "promotion-group", "held_on": f"2025-{month:02d}-10"}),
                                       201).json["meeting"] for month in range(1, 13)]
        self.members = [self.ask(f"{d.base}/bodies/supervision-team/members", {
            "name": f"範例{n}", "sex": "f", "seat": "internal", "role": "member", "from": "2023-01-01"})["member"] for n in range(3)]
        self.resting = threading.Event()
        self.thread = threading.Thread(target=self.work, daemon=True)

    def ask(self, path, body):
        key = {"Idempotency-Key": str(uuid.uuid4())}
        while True:
            self.attempts += 1
            try:
                reply = self.client.post(path, body, key)
            except BROKEN:
                self.client.forget()
                time.sleep(0.03)
                continue
            if reply.status in (200, 201):
                return reply.json
            if reply.status not in (429, 503):
                self.troubles.append(str(reply))
                return None
            time.sleep(0.05)

    def swap(self, number):
        one, two = self.chance.sample(YEARS, 2)
        if self.ask(f"{self.d.base}/secretariat/swap", {"unit": "group-1", "years": [one, two], "reason": f"第{number}次對調"}):
            self.turns[one], self.turns[two] = self.turns[two], self.turns[one]
            self.done += 1

    def give(self, _number):
        meeting, member = self.chance.choice(self.meetings), self.chance.choice(self.members)
        given = not self.given.get((meeting, member), False)
        if self.ask(f"/v1/meetings/{meeting}/sitting-in", {"member": member, "given": given, "reason": "x"}):
            self.given[meeting, member] = given
            self.done += 1

    def work(self):
        for number in itertools.count(1):
            if self.resting.is_set():
                return
            (self.swap if number % 2 else self.give)(number)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.resting.set()
        self.thread.join(60)
        check(not self.thread.is_alive(), "an order has no answer")

    def wait_for_more(self, count):
        wanted, deadline = self.done + count, time.monotonic() + 30
        while self.done < wanted:
            check(time.monotonic() < deadline, f"no more orders: {self.troubles[:3]}")
            time.sleep(0.005)


@suite.test(seconds=120)
def acknowledged_turns_and_meetings_survive_sigkill_once(d):
    chance = random.Random(f"kill_secretariat {SEED}")
    clerks, secretary = Clerks(d, 4), Secretary(d)
    with secretary:
        for _ in range(rounds(4)):
            with clerks:
                secretary.wait_for_more(10)
                time.sleep(chance.random() * 0.2)
                d.service.process.kill()
                d.service.process.wait(10)
                d.service.start()
                secretary.wait_for_more(5)
            clerks.settle()
    equal(secretary.troubles[:3], [], "answers that must not be")
    stored = dict(line.split("|") for line in d.service.sql(
        "select distinct on (year) year, office from tributary.secretariat_turn order by year, sequence desc").splitlines())
    equal({int(year): office for year, office in stored.items()}, secretary.turns, "turns")
    equal(d.service.sql("select count(*) from (select sequence from tributary.secretariat_turn where swapped_with is not null group by sequence "
                        "having count(*) <> 2) halves"), "0", "half an exchange")
    kept = {tuple(line.split("|")[:2]): line.endswith("t") for line in d.service.sql(
        "select distinct on (meeting, member) meeting, member, given from tributary.sitting_in order by meeting, member, sequence desc").splitlines()}
    equal(kept, secretary.given, "who sits in where")
    exchanges = int(d.service.sql("select count(distinct sequence) from tributary.secretariat_turn where swapped_with is not null"))
    equal(exchanges + int(d.service.sql("select count(*) from tributary.sitting_in")), secretary.done, "acts")
    clerks.check_books()
    comment(f"{exchanges} exchanges, {secretary.done - exchanges} meetings given or taken back in {secretary.attempts} attempts, "
            f"{len(clerks.acknowledged)} hand-ins")


if __name__ == "__main__":
    suite.run()
