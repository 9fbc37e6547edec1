#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while the city hands in on behalf, withdraws, attests, closes and opens among hand-ins:
what was acknowledged stays, once, and in its place."""
import itertools
import random
import threading
import time
import uuid

from clerks import BROKEN, SEED, Clerks, desk, rounds
from desk import OFFICES, annual
from tributary_harness import Client, Suite, check, cluster, comment, equal

suite = Suite(lambda: desk(cluster))
OURS = OFFICES[8:]  # the clerks hand in for others


class City:
    """Does one thing after the other; what isn't answered is done again with the same key."""

    def __init__(self, d):
        self.d, self.client = d, Client(d.service.port, d.geo.token, 60)
        self.chance = random.Random(f"kill_standing city {SEED}")
        self.acknowledged, self.troubles, self.attempts = [], [], 0
        self.current = {}  # office -> (revision, its id, whether it is withdrawn)
        self.resting = threading.Event()
        self.thread = threading.Thread(target=self.work, daemon=True)

    def ask(self, path, body):
        """The answer, in the end; None if it was none that may be."""
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

    def hand_in(self, number):
        office = self.chance.choice(OURS)
        base = self.current.get(office, (0, None, False))[0]
        answer = self.ask(f"{self.d.base}/submissions", annual(office, "112", base, **{
            "general.excluded": number, "excluded_reason": "借調"}))
        if answer:
            self.current[office] = (answer["revision"], answer["submission"], False)
            self.acknowledged.append(("revision", answer["submission"]))

    def withdraw(self, number):
        standing = [office for office, one in self.current.items() if not one[2]]
        if standing:
            office = self.chance.choice(standing)
            answer = self.ask(f"/v1/submissions/{self.current[office][1]}/withdrawal", {"reason": f"第 {number} 次"})
            if answer:
                self.current[office] = (answer["revision"], answer["submission"], True)
                self.acknowledged.append(("revision", answer["submission"]))

    def attest(self, number):
        standing = [one[1] for one in self.current.values() if not one[2]]
        if standing:
            answer = self.ask(f"/v1/submissions/{self.chance.choice(standing)}/attestations", {
                "received_at": f"2023-02-0{number % 9 + 1}T00:00:00Z", "reason": f"第 {number} 次"})
            if answer:
                self.acknowledged.append(("attestation", answer["attestation"]))

    def close(self, number):
        for closed in (True, False):
            answer = self.ask(f"{self.d.base}/closings", {
                "period": "112", "form": "webpage", "closed": closed, "reason": f"第 {number} 次"})
            if answer:
                self.acknowledged.append(("closing", answer["closing"]))

    def work(self):
        for number in itertools.count(1):
            if self.resting.is_set():
                return
            (self.hand_in, self.hand_in, self.withdraw, self.attest, self.close)[number % 5](number)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.resting.set()
        self.thread.join(60)
        check(not self.thread.is_alive(), "the city has no answer")

    def wait_for_more(self, count):
        wanted, deadline = len(self.acknowledged) + count, time.monotonic() + 30
        while len(self.acknowledged) < wanted:
            check(time.monotonic() < deadline, f"no more answers: {self.troubles[:3]}")
            time.sleep(0.005)


def stored(d, table, column):
    return sorted(d.service.sql(f"select {column} from tributary.{table} where true").split())


@suite.test(seconds=120)
def what_the_city_was_acknowledged_survives_sigkill_once(d):
    chance = random.Random(f"kill_standing {SEED}")
    clerks, city = Clerks(d, 4), City(d)
    with city:
        for _ in range(rounds(5)):
            with clerks:
                city.wait_for_more(12)
                time.sleep(chance.random() * 0.2)
                d.service.process.kill()
                d.service.process.wait(10)
                d.service.start()
                city.wait_for_more(5)
            clerks.settle()
    equal(city.troubles[:3], [], "answers that must not be")
    for table, column in (("attestation", "attestation"), ("closing", "closing")):
        equal(stored(d, table, column), sorted(one for kind, one in city.acknowledged if kind == table), table)
    offices = ", ".join(f"'{office}'" for office in OURS)
    mine = d.service.sql(f"select id from tributary.revision where office in ({offices}) and on_behalf").split()
    equal(sorted(mine), sorted(one for kind, one in city.acknowledged if kind == "revision"), "revisions on behalf")
    equal(d.service.sql(f"select count(*) from tributary.revision where office in ({offices}) and not on_behalf"), "0", "others")
    for office, (number, identity, withdrawn) in city.current.items():
        one = d.geo.get(f"/v1/submissions/{identity}").json
        equal((one["revision"], one["is_current"], bool(one["withdrawn"])), (number, True, withdrawn), office)
    clerks.check_books()
    comment(f"{len(city.acknowledged)} acts in {city.attempts} attempts, {len(clerks.acknowledged)} hand-ins")


if __name__ == "__main__":
    suite.run()
