#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while resolutions are taken over into tracking and minutes are frozen, among hand-ins: each item is
taken over once, what was acknowledged stays, and what was cut in two is finished by sending it again."""
import datetime
import itertools
import random
import threading
import time
import uuid

from clerks import BROKEN, SEED, Clerks, desk, rounds
from desk import GUISHAN
from tributary_harness import Client, Suite, check, cluster, comment, equal

suite = Suite(lambda: desk(cluster))
ITEMS = 5


class Recorder:
    """Plays one meeting after the other; what isn't answered is sent again with the same key."""

    def __init__(self, d):
        self.d, self.client = d, Client(d.service.port, d.geo.token, 60)
        self.taken, self.frozen, self.troubles, self.attempts = {}, set(), [], 0
        self.resting = threading.Event()
        self.thread = threading.Thread(target=self.work, daemon=True)

    def ask(self, method, path, body, headers=None):
        headers = headers or {"Idempotency-Key": str(uuid.uuid4())}
        while True:
            self.attempts += 1
            try:
                reply = self.client.request(method, path, body, headers)
            except BROKEN:
                self.client.forget()
                time.sleep(0.03)
                continue
            if reply.status in (200, 201):
                return reply.json
            if reply.status not in (429, 503):
                self.troubles.append(str(reply))
                return {}
            time.sleep(0.05)

    def play(self, number):
        day = (datetime.date(2023, 1, 2) + datetime.timedelta(days=number)).isoformat()
        meeting = self.ask("POST", f"{self.d.base}/meetings", {"body": "liaison", "unit": f"group-{number % 2 + 1}", "day": day, "state": "held"})["meeting"]
        path, any_tag = f"/v1/meetings/{meeting}", {"If-Match": "*"}
        agenda = self.ask("PUT", f"{path}/agenda", {"items": [{"kind": "discussion", "title": f"第{n}案"} for n in range(ITEMS)]}, any_tag)
        items = [item["item"] for item in agenda["agenda"]["items"]][-ITEMS:]
        self.ask("PUT", f"{path}/resolutions", {"resolutions": [{"item": item, "text": "請龜山區公所辦理。"} for item in items]}, any_tag)
        answer = self.ask("POST", f"{path}/decisions/take-over", {"decisions": [{"item": item, "owners": [{"office": GUISHAN}]} for item in items]})
        self.taken.update({one["decision"]: (meeting, one["item"]) for one in answer.get("decisions", [])})
        pack = self.ask("POST", f"{path}/minutes", {"language": "zh"}).get("pack")
        if pack:
            self.frozen.add(pack)

    def work(self):
        for number in itertools.count(1):
            if self.resting.is_set():
                return
            self.play(number)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.resting.set()
        self.thread.join(60)
        check(not self.thread.is_alive(), "a meeting has no answer")

    def wait_for_more(self, count):
        wanted, deadline = len(self.taken) + count, time.monotonic() + 60
        while len(self.taken) < wanted:
            check(time.monotonic() < deadline, f"no more decisions: {self.troubles[:3]}")
            time.sleep(0.005)


@suite.test(seconds=240)
def each_item_is_taken_over_once_and_minutes_stay_frozen(d):
    chance = random.Random(f"kill_take_over {SEED}")
    clerks, recorder = Clerks(d, 2), Recorder(d)
    with recorder:
        for _ in range(rounds(4)):
            with clerks:
                recorder.wait_for_more(2 * ITEMS)
                time.sleep(chance.random() * 0.2)
                d.service.process.kill()
                d.service.process.wait(10)
                d.service.start()
                recorder.wait_for_more(ITEMS)
            clerks.settle()
    equal(recorder.troubles[:3], [], "answers that must not be")
    stored = {}
    for line in d.service.sql("select decision, meeting, item from tributary.decision").splitlines():
        decision, meeting, item = line.split("|")
        stored[decision] = (meeting, item)
    equal(stored, recorder.taken, "decisions")
    equal(d.service.sql("select count(*) from (select meeting, item from tributary.decision group by 1, 2 having count(*) > 1) twice"), "0", "taken over twice")
    equal(d.service.sql("select count(*) from tributary.decision o where number > 1 and not exists (select from tributary.decision i"
                        " where (i.body, i.unit, i.year, i.number) = (o.body, o.unit, o.year, o.number - 1))"), "0", "gaps in the numbers")
    equal(set(d.service.sql("select pack from tributary.pack").splitlines()), recorder.frozen, "minutes")
    equal(d.service.sql("select count(*) from tributary.pack_file where sha256 <> sha256(bytes)"), "0", "their bytes")
    clerks.check_books()
    comment(f"{len(stored)} decisions and {len(recorder.frozen)} minutes in {recorder.attempts} attempts, {len(clerks.acknowledged)} hand-ins")
    d.service.command("verify")


if __name__ == "__main__":
    suite.run()
