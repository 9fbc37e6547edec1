#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while remarks are made and settled among hand-ins: what was acknowledged stays, once."""
import itertools
import random
import threading
import time
import uuid

from clerks import BROKEN, SEED, Clerks, desk, rounds
from desk import GUISHAN, annual
from tributary_harness import Client, Suite, check, cluster, comment, equal

suite = Suite(lambda: desk(cluster))


class Remarker:
    """Remarks, and settles every second thread; what isn't answered is asked again with the same key."""

    def __init__(self, d):
        self.client = Client(d.service.port, d.geo.token, 60)
        self.submission = d.accepted(annual(GUISHAN, "112"))["submission"]
        self.made, self.settled, self.troubles, self.attempts = {}, set(), [], 0
        self.resting = threading.Event()
        self.thread = threading.Thread(target=self.work, daemon=True)

    def post(self, path, body):
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

    def work(self):
        for number in itertools.count(1):
            if self.resting.is_set():
                return
            text = f"第 {number} 則"
            made = self.post(f"/v1/submissions/{self.submission}/remarks", {"path": "fields.general.staff.m", "text": text})
            if made is None:
                continue
            self.made[made["remark"]] = text
            if number % 2 == 0 and self.post(f"/v1/remarks/{made['remark']}/resolution", {"resolved": True}):
                self.settled.add(made["remark"])

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.resting.set()
        self.thread.join(60)
        check(not self.thread.is_alive(), "a remark has no answer")

    def wait_for_more(self, count):
        wanted, deadline = len(self.made) + count, time.monotonic() + 30
        while len(self.made) < wanted:
            check(time.monotonic() < deadline, f"no more remarks: {self.troubles[:3]}")
            time.sleep(0.005)


@suite.test(seconds=120)
def acknowledged_remarks_survive_sigkill_and_none_is_doubled(d):
    chance = random.Random(f"kill_remarks {SEED}")
    clerks, remarker = Clerks(d, 4), Remarker(d)
    with remarker:
        for _ in range(rounds(4)):
            with clerks:
                remarker.wait_for_more(10)
                time.sleep(chance.random() * 0.2)
                d.service.process.kill()
                d.service.process.wait(10)
                d.service.start()
                remarker.wait_for_more(5)
            clerks.settle()
    equal(remarker.troubles[:3], [], "answers that must not be")
    stored = dict(row.split("|") for row in d.service.sql("select remark, text from tributary.remark_text").splitlines())
    equal(stored, remarker.made, "remarks")
    equal(set(d.service.sql("select remark from tributary.remark_resolution where resolved").splitlines()), remarker.settled,
          "settled threads")
    equal(d.service.sql("select count(*) from tributary.remark_resolution"), str(len(remarker.settled)), "settled once")
    clerks.check_books()
    comment(f"{len(stored)} remarks in {remarker.attempts} attempts, {len(clerks.acknowledged)} hand-ins")


if __name__ == "__main__":
    suite.run()
