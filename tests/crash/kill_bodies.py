#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while members are seated on bodies and leave them, among hand-ins: what was acknowledged
stays, once, with the last day that was acknowledged last."""
import datetime

from clerks import Clerks, desk
from killing import Actor, hold_through_kills
from tributary_harness import Suite, cluster, equal

suite = Suite(lambda: desk(cluster))
BODIES = (("council", None), ("promotion-group", None), ("liaison", "group-1"), ("liaison", "group-2"), ("special-group", "education"))


class Secretary(Actor):
    """Seats one member after the other and lets some leave."""
    thing = "member"
    moves_on = ("to",)

    def __init__(self, d):
        super().__init__(d)
        self.seated, self.ends = {}, 0

    def seat(self, number):
        body, unit = BODIES[number % len(BODIES)]
        answer = self.post(f"{self.d.base}/bodies/{body}/members", {
            "name": f"範例{number}", "unit": unit, "sex": "mf"[number % 2], "seat": "external", "role": "member", "from": "2024-01-01"})
        if answer:
            self.seated[answer["member"]] = (body, unit or "", f"範例{number}", "")

    def leave(self, number):
        if not self.seated:
            return
        member = self.chance.choice(list(self.seated))
        day = (datetime.date(2024, 1, 1) + datetime.timedelta(days=number)).isoformat()
        if self.post(f"/v1/body-members/{member}/end", {"ended_on": day}):
            self.seated[member] = (*self.seated[member][:3], day)
            self.ends += 1

    def turn(self, number):
        (self.leave if number % 3 == 0 else self.seat)(number)

    def progress(self):
        return len(self.seated)

    def check_stored(self):
        stored = {}
        for member, *rest in self.rows(
                "select member, body, coalesce(unit, ''), name, coalesce(tributary.member_ended_on(member)::text, '') "
                "from tributary.body_member join tributary.body_member_name using (member)"):
            stored[member] = tuple(rest)
        equal(stored, self.seated, "members")
        equal(self.d.service.sql("select count(*) from tributary.body_member_end"), str(self.ends), "ends")

    def words(self):
        return f"{len(self.seated)} members, {self.ends} ends"


@suite.test(seconds=120)
def acknowledged_members_survive_sigkill_and_none_sits_twice(d):
    hold_through_kills(d, Secretary(d), clerks=Clerks(d, 4))


if __name__ == "__main__":
    suite.run()
