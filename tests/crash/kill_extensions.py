#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while extensions are granted among hand-ins: what was acknowledged stays, once."""
import datetime
import itertools
import random
import threading
import time
import uuid

from clerks import BROKEN, SEED, Clerks, desk, rounds
from desk import OFFICES
from tributary_harness import Client, Suite, check, cluster, comment, equal

suite = Suite(lambda: desk(cluster))


class Grantor:
    """Grants one extension after the other; one that isn't answered is granted again with the same key."""

    def __init__(self, d):
        self.client = Client(d.service.port, d.geo.token, 60)
        self.path = f"{d.base}/extensions"
        self.acknowledged, self.troubles, self.attempts = {}, [], 0
        self.resting = threading.Event()
        self.thread = threading.Thread(target=self.work, daemon=True)

    def grant(self, number):
        body = {"office": OFFICES[number % len(OFFICES)], "form": "training-annual", "period": "115",
                "until": (datetime.date(2027, 3, 1) + datetime.timedelta(days=number % 200)).isoformat(), "reason": f"第 {number} 次"}
        key = {"Idempotency-Key": str(uuid.uuid4())}
        while True:
            self.attempts += 1
            try:
                reply = self.client.post(self.path, body, key)
            except BROKEN:
                self.client.forget()
                time.sleep(0.03)
                continue
            if reply.status in (200, 201):
                self.acknowledged[reply.json["extension"]] = body
                return
            if reply.status not in (429, 503):
                self.troubles.append(str(reply))
                return
            time.sleep(0.05)

    def work(self):
        for number in itertools.count(1):
            if self.resting.is_set():
                return
            self.grant(number)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.resting.set()
        self.thread.join(60)
        check(not self.thread.is_alive(), "an extension has no answer")

    def wait_for_more(self, count):
        wanted, deadline = len(self.acknowledged) + count, time.monotonic() + 30
        while len(self.acknowledged) < wanted:
            check(time.monotonic() < deadline, f"no more extensions: {self.troubles[:3]}")
            time.sleep(0.005)


@suite.test(seconds=120)
def acknowledged_extensions_survive_sigkill_and_none_is_doubled(d):
    chance = random.Random(f"kill_extensions {SEED}")
    clerks = Clerks(d, 4)
    grantor = Grantor(d)
    with grantor:
        for _ in range(rounds(4)):
            with clerks:
                grantor.wait_for_more(10)
                time.sleep(chance.random() * 0.2)
                d.service.process.kill()
                d.service.process.wait(10)
                d.service.start()
                grantor.wait_for_more(5)
            clerks.settle()
    equal(grantor.troubles[:3], [], "answers that must not be")
    stored = {}
    for line in d.service.sql("select id, office, until, reason from tributary.extension").splitlines():
        identity, office, until, reason = line.split("|")
        check(reason not in [one[2] for one in stored.values()], f"{reason} is stored twice")
        stored[identity] = (office, until, reason)
    equal(stored, {identity: (body["office"], body["until"], body["reason"]) for identity, body in grantor.acknowledged.items()},
          "extensions")
    clerks.check_books()
    comment(f"{len(stored)} extensions in {grantor.attempts} attempts, {len(clerks.acknowledged)} hand-ins")


if __name__ == "__main__":
    suite.run()
