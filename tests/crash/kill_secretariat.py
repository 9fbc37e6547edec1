#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while turns are exchanged and meetings given to members, among hand-ins: what was acknowledged
stays, once, an exchange whole or not at all, and the last one counts."""
from clerks import Clerks, desk
from killing import Actor, hold_through_kills
from tributary_harness import Suite, cluster, equal, expect_status

suite = Suite(lambda: desk(cluster))
OFFICES = ["68000010", "68000070", "68000080", "68000030"]  # of group 1, one for each year of the plan
YEARS = (112, 113, 114, 115)


class Secretary(Actor):
    """Exchanges turns and gives meetings, one after the other."""
    thing = "order"
    moves_on = ("current", "sitting_in", "clashes")

    def __init__(self, d):
        super().__init__(d)
        self.turns, self.given = dict(zip(YEARS, OFFICES)), {}
        for year, office in self.turns.items():
            self.made(f"{d.base}/secretariat", {"unit": "group-1", "year": year, "office": office})
        self.meetings = [self.made(f"{d.base}/meetings", {"body": "promotion-group", "held_on": f"2025-{month:02d}-10"})["meeting"]
                         for month in range(1, 13)]
        self.members = [self.made(f"{d.base}/bodies/supervision-team/members", {
            "name": f"範例{n}", "sex": "f", "seat": "internal", "role": "member", "from": "2023-01-01"})["member"] for n in range(3)]

    def made(self, path, body):
        return expect_status(self.client.post(path, body), 200, 201).json

    def swap(self, number):
        one, two = self.chance.sample(YEARS, 2)
        if self.post(f"{self.d.base}/secretariat/swap", {"unit": "group-1", "years": [one, two], "reason": f"第{number}次對調"}):
            self.turns[one], self.turns[two] = self.turns[two], self.turns[one]

    def give(self, _number):
        meeting, member = self.chance.choice(self.meetings), self.chance.choice(self.members)
        given = not self.given.get((meeting, member), False)
        if self.post(f"/v1/meetings/{meeting}/sitting-in", {"member": member, "given": given, "reason": "x"}):
            self.given[meeting, member] = given

    def turn(self, number):
        (self.swap if number % 2 else self.give)(number)

    def check_stored(self):
        turns = self.rows("select distinct on (year) year, office from tributary.secretariat_turn order by year, sequence desc")
        equal({int(year): office for year, office in turns}, self.turns, "turns")
        equal(self.d.service.sql("select count(*) from (select sequence from tributary.secretariat_turn where swapped_with is not null "
                                 "group by sequence having count(*) <> 2) halves"), "0", "half an exchange")
        equal({(meeting, member): given == "t" for meeting, member, given in self.rows(
            "select distinct on (meeting, member) meeting, member, given from tributary.sitting_in "
            "order by meeting, member, sequence desc")}, self.given, "who sits in where")
        equal(self.exchanges() + int(self.d.service.sql("select count(*) from tributary.sitting_in")), len(self.acts), "acts")

    def exchanges(self):
        return int(self.d.service.sql("select count(distinct sequence) from tributary.secretariat_turn where swapped_with is not null"))

    def words(self):
        return f"{self.exchanges()} exchanges, {len(self.acts) - self.exchanges()} meetings given or taken back"


@suite.test(seconds=120)
def acknowledged_turns_and_meetings_survive_sigkill_once(d):
    hold_through_kills(d, Secretary(d), clerks=Clerks(d, 4))


if __name__ == "__main__":
    suite.run()
