#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while packs are frozen, among hand-ins: a pack is whole or absent, one that was acknowledged
stays as it was, and asking again with the same key gives the same one."""
import hashlib
import random
import threading
import time
import uuid

from clerks import BROKEN, SEED, Clerks, desk, rounds
from tributary_harness import Client, Suite, check, cluster, comment, equal

suite = Suite(lambda: desk(cluster))
ORDERS = ({"body": "liaison", "unit": "group-1", "year": 112}, {"body": "task-group", "unit": "68000070", "year": 112},
          {"body": "council", "year": 112, "language": "en"})


class Printer:
    """Freezes one pack after the other; what isn't answered is sent again with the same key."""

    def __init__(self, d):
        self.d, self.client = d, Client(d.service.port, d.geo.token, 60)
        self.frozen, self.troubles, self.attempts, self.unchanged = {}, [], 0, 0
        self.resting = threading.Event()
        self.thread = threading.Thread(target=self.work, daemon=True)

    def ask(self, order):
        key = {"Idempotency-Key": str(uuid.uuid4())}
        while True:
            self.attempts += 1
            try:
                reply = self.client.post(f"{self.d.base}/packs", order, key)
            except BROKEN:
                self.client.forget()
                time.sleep(0.03)
                continue
            if reply.status in (200, 201):
                return reply.json
            if reply.status not in (409, 429, 503):
                self.troubles.append(str(reply))
                return None
            time.sleep(0.05)

    def work(self):
        for number in range(100000):
            if self.resting.is_set():
                return
            answer = self.ask(ORDERS[number % len(ORDERS)])
            if answer:
                self.unchanged += answer["unchanged"]
                known = self.frozen.setdefault(answer["pack"], answer["files"])
                if known != answer["files"]:
                    self.troubles.append(f"{answer['pack']} was answered with other files")

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.resting.set()
        self.thread.join(90)
        check(not self.thread.is_alive(), "a pack has no answer")

    def wait_for_more(self, count):
        wanted, deadline = self.attempts + count, time.monotonic() + 60
        while self.attempts < wanted:
            check(time.monotonic() < deadline, f"no more packs: {self.troubles[:3]}")
            time.sleep(0.005)


@suite.test(seconds=300)
def a_pack_is_whole_or_absent_and_an_acknowledged_one_stays(d):
    chance = random.Random(f"kill_packs {SEED}")
    clerks, printer = Clerks(d, 2), Printer(d)
    with printer:
        for _ in range(rounds(5)):
            with clerks:
                printer.wait_for_more(2)
                time.sleep(chance.random() * 0.8)
                d.service.process.kill()
                d.service.process.wait(10)
                d.service.start()
                printer.wait_for_more(1)
            clerks.settle()
    equal(printer.troubles[:3], [], "answers that must not be")
    stored = set(d.service.sql("select pack from tributary.pack").split())
    check(set(printer.frozen) <= stored, "an acknowledged pack is gone")
    equal(stored, set(printer.frozen), "packs that nobody was told of, though each was asked for until it was answered")
    equal(d.service.sql("select count(*) from tributary.pack p where (select count(*) from tributary.pack_file f where f.pack = p.pack) < 3"),
          "0", "packs without their files")
    for pack, files in printer.frozen.items():
        for one in files:
            body = d.geo.get(f"/v1/packs/{pack}/file", format=one["format"]).body
            equal(hashlib.sha256(body).hexdigest(), one["sha256"], f"{pack} {one['format']}")
    done = d.service.command("verify", "--packs", check=False)
    equal(done.returncode, 0, done.stdout.decode() + done.stderr.decode())
    clerks.check_books()
    comment(f"{len(stored)} packs, {printer.unchanged} answered as unchanged, in {printer.attempts} attempts")


if __name__ == "__main__":
    suite.run()
