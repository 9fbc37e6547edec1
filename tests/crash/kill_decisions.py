#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while decisions are recorded, reported on and ruled upon, among hand-ins: what was
acknowledged stays, once, and numbers run without gaps. Two daemons that record at once give them without gaps, too."""
import concurrent.futures
import copy
import itertools
import random
import threading
import time
import uuid

from clerks import BROKEN, SEED, Clerks, desk, rounds
from deciding import meeting
from desk import GUISHAN
from tributary_harness import Client, Suite, check, cluster, comment, equal, expect_status, free_port

suite = Suite(lambda: desk(cluster))
PLACES = (("liaison", "group-1"), ("liaison", "group-2"), ("council", None))


class Recorder:
    """Records one decision after the other, and progress and rulings of some; what isn't answered is sent again with the same key."""

    def __init__(self, d):
        self.d, self.client = d, Client(d.service.port, d.geo.token, 60)
        self.chance = random.Random(f"kill_decisions {SEED}")
        self.made = [meeting(d, body, unit, "2024-09-10") for body, unit in PLACES]
        self.later = [meeting(d, body, unit, "2025-09-10") for body, unit in PLACES]
        self.decided, self.reports, self.rulings, self.troubles, self.attempts = {}, {}, {}, [], 0
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

    def decide(self, number):
        place = number % len(PLACES)
        answer = self.ask(f"/v1/meetings/{self.made[place]}/decisions", {
            "title": f"第{number}案", "text": "x", "owners": [{"office": GUISHAN}, {"agency": "社會局"}]})
        if answer:
            self.decided[answer["decision"]] = (place, f"第{number}案", answer["number"])

    def track(self, number):
        one = self.chance.choice(list(self.decided))
        if number % 2 and self.ask(f"/v1/decisions/{one}/progress", {"owner": 1, "text": f"{number}"}):
            self.reports[one] = self.reports.get(one, 0) + 1
        elif number % 2 == 0 and self.ask(f"/v1/decisions/{one}/rulings", {
                "meeting": self.later[self.decided[one][0]],
                "rulings": [{"owner": owner, "outcome": "continue"} for owner in (1, 2)]}):
            self.rulings[one] = self.rulings.get(one, 0) + 2

    def work(self):
        for number in itertools.count(1):
            if self.resting.is_set():
                return
            (self.track if number % 3 == 0 and self.decided else self.decide)(number)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.resting.set()
        self.thread.join(60)
        check(not self.thread.is_alive(), "a decision has no answer")

    def wait_for_more(self, count):
        wanted, deadline = len(self.decided) + count, time.monotonic() + 30
        while len(self.decided) < wanted:
            check(time.monotonic() < deadline, f"no more decisions: {self.troubles[:3]}")
            time.sleep(0.005)


def check_numbers(d):
    gaps = d.service.sql("select body, unit, year from tributary.decision group by body, unit, year "
                         "having min(number) <> 1 or max(number) <> count(*) or count(distinct number) <> count(*)")
    equal(gaps, "", "numbers with gaps")


@suite.test(seconds=120)
def acknowledged_decisions_survive_sigkill_and_numbers_have_no_gaps(d):
    chance = random.Random(f"kill_decisions {SEED}")
    clerks, recorder = Clerks(d, 4), Recorder(d)
    with recorder:
        for _ in range(rounds(4)):
            with clerks:
                recorder.wait_for_more(10)
                time.sleep(chance.random() * 0.2)
                d.service.process.kill()
                d.service.process.wait(10)
                d.service.start()
                recorder.wait_for_more(5)
            clerks.settle()
    equal(recorder.troubles[:3], [], "answers that must not be")
    stored = dict(line.split("|") for line in d.service.sql("select decision, title from tributary.decision").splitlines())
    equal(stored, {one: told[1] for one, told in recorder.decided.items()}, "decisions")
    for table, wanted in (("decision_progress", recorder.reports), ("decision_ruling", recorder.rulings)):
        found = dict(line.split("|") for line in d.service.sql(f"select decision, count(*) from tributary.{table} group by 1").splitlines())
        equal(found, {one: str(count) for one, count in wanted.items()}, table)
    equal(d.service.sql("select count(*) from tributary.decision_owner"), str(2 * len(stored)), "owners")
    check_numbers(d)
    clerks.check_books()
    comment(f"{len(stored)} decisions, {sum(recorder.reports.values())} reports, {sum(recorder.rulings.values())} rulings in "
            f"{recorder.attempts} attempts, {len(clerks.acknowledged)} hand-ins")


@suite.test(seconds=120)
def two_daemons_that_record_at_once_give_numbers_without_gaps(d):
    more = copy.copy(d.service)
    more.port, more.log_path, more.process = free_port(), d.service.folder / "daemon-2.log", None
    more.environment = {**d.service.environment, "TRIBUTARY_PORT": str(more.port)}
    more.start()
    where = meeting(d, "promotion-group", None, "2024-11-05")

    def record(number):
        client = Client((d.service, more)[number % 2].port, d.geo.token, 60)
        return expect_status(client.post(f"/v1/meetings/{where}/decisions", {
            "title": f"{number}", "text": "x", "owners": [{"agency": "社會局"}]}), 201).json["number"]
    try:
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            given = list(pool.map(record, range(60)))
    finally:
        more.stop()
    equal(sorted(given), [f"113-promotion-group-{i:02d}" for i in range(1, 61)], "numbers")
    check_numbers(d)
    d.service.command("verify")


if __name__ == "__main__":
    suite.run()
