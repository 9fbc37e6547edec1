#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while meetings are planned, called, held and put on record, with their agendas, sheets and
resolutions, among hand-ins: what was acknowledged stays, once, each meeting in the state that was acknowledged last."""
from clerks import Clerks, desk
from killing import Actor, hold_through_kills
from tributary_harness import Suite, cluster, equal

suite = Suite(lambda: desk(cluster))
BODIES = (("council", None), ("promotion-group", None), ("liaison", "group-1"), ("liaison", "group-2"), ("special-group", "education"))


class Secretary(Actor):
    """Takes one meeting after the other through its steps."""
    thing = "meeting"
    moves_on = ("state", "steps", "first_number", "corrections", "held_on", "document_number", "call_number", "minutes_number", "counted", "agenda", "attendance",
                "rules", "may")

    def __init__(self, d):
        super().__init__(d)
        self.meetings = {}  # id: (state, steps, agendas, sheets, resolutions)

    def note(self, meeting, answer, place):
        if answer:
            counts = list(self.meetings.get(meeting, ("", 0, 0, 0, 0)))
            counts[0] = answer["state"]
            counts[place] += 1
            self.meetings[meeting] = tuple(counts)

    def turn(self, number):
        body, unit = BODIES[number % len(BODIES)]
        answer = self.post(f"{self.d.base}/meetings", {
            "body": body, "unit": unit, "year": 113, "place": f"第 {number} 室",
            "day": f"{2000 + number // 336}-{number // 28 % 12 + 1:02d}-{number % 28 + 1:02d}"})
        if not answer:
            return
        meeting = answer["meeting"]
        self.note(meeting, answer, 1)
        where, last = f"/v1/meetings/{meeting}", self.chance.randrange(6)
        for place, state in enumerate(("called", "held", "on_record")):
            if last > place:
                self.note(meeting, self.post(f"{where}/steps", {"state": state, "document_number": f"第 {number} 號"}), 1)
        if last > 3:
            agenda = self.ask("PUT", f"{where}/agenda", {"items": [{"kind": "report", "title": f"第 {number} 案"}]}, {"If-Match": '"0"'})
            self.note(meeting, agenda, 2)
            self.note(meeting, self.ask("PUT", f"{where}/attendance", {"rows": [{"name": f"範例{number}"}, {}]}, {"If-Match": '"0"'}), 3)
            if agenda:
                item = agenda["agenda"]["items"][0]["item"]
                self.note(meeting, self.ask("PUT", f"{where}/resolutions", {"resolutions": [{"item": item, "text": "洽悉"}]}, {"If-Match": '"0"'}), 4)

    def progress(self):
        return len(self.meetings)

    def check_stored(self):
        stored = {}
        for meeting, state, *counts in self.rows(
                "select m.meeting, n.state, (select count(*) from tributary.meeting_step s where s.meeting = m.meeting), "
                "(select count(*) from tributary.meeting_agenda a where a.meeting = m.meeting), "
                "(select count(*) from tributary.meeting_sheet s where s.meeting = m.meeting), "
                "(select count(*) from tributary.meeting_resolution r where r.meeting = m.meeting) from tributary.meeting m "
                "join lateral (select s.state from tributary.meeting_step s where s.meeting = m.meeting "
                "order by s.sequence desc limit 1) n on true"):
            stored[meeting] = (state, *map(int, counts))
        equal(stored, self.meetings, "meetings")
        equal(self.d.service.sql("select count(*) from tributary.meeting_attendance"),
              str(2 * sum(counts[3] for counts in self.meetings.values())), "rows of sheets")

    def words(self):
        return f"{len(self.meetings)} meetings, {sum(one[1] for one in self.meetings.values())} steps"


@suite.test(seconds=150)
def acknowledged_meetings_survive_sigkill_and_nothing_stands_twice(d):
    hold_through_kills(d, Secretary(d), clerks=Clerks(d, 4), before=6, after=3)


if __name__ == "__main__":
    suite.run()
