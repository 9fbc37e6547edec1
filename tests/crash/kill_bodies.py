#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while members are seated on bodies and leave them, among hand-ins: what was acknowledged
stays, once, with the last day that was acknowledged last."""
import datetime
import itertools
import random
import threading
import time
import uuid

from clerks import BROKEN, SEED, Clerks, desk, rounds
from tributary_harness import Client, Suite, check, cluster, comment, equal

suite = Suite(lambda: desk(cluster))
BODIES = (("council", None), ("promotion-group", None), ("liaison", "group-1"), ("liaison", "group-2"), ("special-group", "education"))


class Secretary:
    """Seats one member after the other and lets some leave; what isn't answered is sent again with the same key."""

    def __init__(self, d):
        self.d, self.client = d, Client(d.service.port, d.geo.token, 60)
        self.chance = random.Random(f"kill_bodies {SEED}")
        self.seated, self.troubles, self.attempts, self.ends = {}, [], 0, 0
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

    def seat(self, number):
        body, unit = BODIES[number % len(BODIES)]
        answer = self.ask(f"{self.d.base}/bodies/{body}/members", {
            "name": f"範例{number}", "unit": unit, "sex": "mf"[number % 2], "seat": "external", "role": "member", "from": "2024-01-01"})
        if answer:
            self.seated[answer["member"]] = (body, unit or "", f"範例{number}", "")

    def leave(self, number):
        if not self.seated:
            return
        member = self.chance.choice(list(self.seated))
        day = (datetime.date(2024, 1, 1) + datetime.timedelta(days=number)).isoformat()
        if self.ask(f"/v1/body-members/{member}/end", {"ended_on": day}):
            self.seated[member] = (*self.seated[member][:3], day)
            self.ends += 1

    def work(self):
        for number in itertools.count(1):
            if self.resting.is_set():
                return
            (self.leave if number % 3 == 0 else self.seat)(number)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.resting.set()
        self.thread.join(60)
        check(not self.thread.is_alive(), "a member has no answer")

    def wait_for_more(self, count):
        wanted, deadline = len(self.seated) + count, time.monotonic() + 30
        while len(self.seated) < wanted:
            check(time.monotonic() < deadline, f"no more members: {self.troubles[:3]}")
            time.sleep(0.005)


@suite.test(seconds=120)
def acknowledged_members_survive_sigkill_and_none_sits_twice(d):
    chance = random.Random(f"kill_bodies {SEED}")
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
    stored = {}
    for line in d.service.sql("select member, body, coalesce(unit, ''), name, coalesce(tributary.member_ended_on(member)::text, '') "
                              "from tributary.body_member join tributary.body_member_name using (member)").splitlines():
        member, *rest = line.split("|")
        stored[member] = tuple(rest)
    equal(stored, secretary.seated, "members")
    equal(d.service.sql("select count(*) from tributary.body_member_end"), str(secretary.ends), "ends")
    clerks.check_books()
    comment(f"{len(stored)} members and {secretary.ends} ends in {secretary.attempts} attempts, {len(clerks.acknowledged)} hand-ins")


if __name__ == "__main__":
    suite.run()
