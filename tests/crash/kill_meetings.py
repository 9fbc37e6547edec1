#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while meetings are planned, called, held and put on record, with their agendas, sheets and
resolutions, among hand-ins: what was acknowledged stays, once, each meeting in the state that was acknowledged last."""
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
    """Takes one meeting after the other through its steps; what isn't answered is sent again with the same key."""

    def __init__(self, d):
        self.d, self.client = d, Client(d.service.port, d.geo.token, 60)
        self.chance = random.Random(f"kill_meetings {SEED}")
        self.meetings, self.troubles, self.attempts = {}, [], 0  # id: (state, steps, agendas, sheets, resolutions)
        self.resting = threading.Event()
        self.thread = threading.Thread(target=self.work, daemon=True)

    def ask(self, method, path, body, headers=None):
        key = {"Idempotency-Key": str(uuid.uuid4()), **(headers or {})}
        while True:
            self.attempts += 1
            try:
                reply = self.client.request(method, path, body, key)
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

    def note(self, meeting, answer, place):
        if answer:
            counts = list(self.meetings.get(meeting, ("", 0, 0, 0, 0)))
            counts[0] = answer["state"]
            counts[place] += 1
            self.meetings[meeting] = tuple(counts)

    def meet(self, number):
        body, unit = BODIES[number % len(BODIES)]
        answer = self.ask("POST", f"{self.d.base}/meetings", {
            "body": body, "unit": unit, "year": 113, "day": f"{2000 + number // 336}-{number // 28 % 12 + 1:02d}-{number % 28 + 1:02d}", "place": f"第 {number} 室"})
        if not answer:
            return
        meeting = answer["meeting"]
        self.note(meeting, answer, 1)
        where, last = f"/v1/meetings/{meeting}", self.chance.randrange(6)
        for place, state in enumerate(("called", "held", "on_record")):
            if last > place:
                self.note(meeting, self.ask("POST", f"{where}/steps", {"state": state, "document_number": f"第 {number} 號"}), 1)
        if last > 3:
            agenda = self.ask("PUT", f"{where}/agenda", {"items": [{"kind": "report", "title": f"第 {number} 案"}]}, {"If-Match": '"0"'})
            self.note(meeting, agenda, 2)
            self.note(meeting, self.ask("PUT", f"{where}/attendance", {"rows": [{"name": f"範例{number}"}, {}]}, {"If-Match": '"0"'}), 3)
            if agenda:
                item = agenda["agenda"]["items"][0]["item"]
                self.note(meeting, self.ask("PUT", f"{where}/resolutions", {"resolutions": [{"item": item, "text": "洽悉"}]}, {"If-Match": '"0"'}), 4)

    def work(self):
        for number in itertools.count(1):
            if self.resting.is_set():
                return
            self.meet(number)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.resting.set()
        self.thread.join(60)
        check(not self.thread.is_alive(), "a meeting has no answer")

    def wait_for_more(self, count):
        wanted, deadline = len(self.meetings) + count, time.monotonic() + 30
        while len(self.meetings) < wanted:
            check(time.monotonic() < deadline, f"no more meetings: {self.troubles[:3]}")
            time.sleep(0.005)


@suite.test(seconds=150)
def acknowledged_meetings_survive_sigkill_and_nothing_stands_twice(d):
    chance = random.Random(f"kill_meetings {SEED}")
    clerks, secretary = Clerks(d, 4), Secretary(d)
    with secretary:
        for _ in range(rounds(4)):
            with clerks:
                secretary.wait_for_more(6)
                time.sleep(chance.random() * 0.2)
                d.service.process.kill()
                d.service.process.wait(10)
                d.service.start()
                secretary.wait_for_more(3)
            clerks.settle()
    equal(secretary.troubles[:3], [], "answers that must not be")
    stored = {}
    for line in d.service.sql(
            "select m.meeting, n.state, (select count(*) from tributary.meeting_step s where s.meeting = m.meeting), "
            "(select count(*) from tributary.meeting_agenda a where a.meeting = m.meeting), "
            "(select count(*) from tributary.meeting_sheet s where s.meeting = m.meeting), "
            "(select count(*) from tributary.meeting_resolution r where r.meeting = m.meeting) from tributary.meeting m "
            "join lateral (select s.state from tributary.meeting_step s where s.meeting = m.meeting order by s.sequence desc limit 1) n on true").splitlines():
        meeting, state, *counts = line.split("|")
        stored[meeting] = (state, *map(int, counts))
    equal(stored, secretary.meetings, "meetings")
    equal(d.service.sql("select count(*) from tributary.meeting_attendance"),
          str(2 * sum(counts[3] for counts in secretary.meetings.values())), "rows of sheets")
    clerks.check_books()
    comment(f"{len(stored)} meetings, {sum(one[1] for one in stored.values())} steps in {secretary.attempts} attempts, {len(clerks.acknowledged)} hand-ins")


if __name__ == "__main__":
    suite.run()
