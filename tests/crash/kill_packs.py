#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while packs are frozen, among hand-ins: a pack is whole or absent, one that was acknowledged
stays as it was, and asking again with the same key gives the same one."""
import hashlib

from clerks import Clerks, desk
from killing import Actor, hold_through_kills, verify
from tributary_harness import Suite, cluster, equal

suite = Suite(lambda: desk(cluster))
ORDERS = ({"body": "liaison", "unit": "group-1", "year": 112}, {"body": "task-group", "unit": "68000070", "year": 112},
          {"body": "council", "year": 112, "language": "en"})


class Printer(Actor):
    """Freezes one pack after the other."""
    thing = "pack"
    come_again = (409, 429, 503)
    patience, longest = 60, 90

    def __init__(self, d):
        super().__init__(d)
        self.frozen, self.unchanged = {}, 0

    def turn(self, number):
        answer = self.post(f"{self.d.base}/packs", ORDERS[number % len(ORDERS)])
        if answer:
            self.unchanged += answer["unchanged"]
            known = self.frozen.setdefault(answer["pack"], answer["files"])
            equal(answer["files"], known, f"the files of {answer['pack']}, answered again")

    def progress(self):
        return self.attempts  # so that kills fall into the making of a pack, which takes its time

    def check_stored(self):
        equal({pack for pack, in self.rows("select pack from tributary.pack")}, set(self.frozen),
              "packs that stand, and those that were answered: each was asked for until it was")
        equal(self.d.service.sql("select count(*) from tributary.pack p "
                                 "where (select count(*) from tributary.pack_file f where f.pack = p.pack) < 3"),
              "0", "packs without their files")
        for pack, files in self.frozen.items():
            for one in files:
                body = self.d.geo.get(f"/v1/packs/{pack}/file", format=one["format"]).body
                equal(hashlib.sha256(body).hexdigest(), one["sha256"], f"{pack} {one['format']}")
        verify(self.d.service, "--packs")

    def words(self):
        return f"{len(self.frozen)} packs, {self.unchanged} answered as unchanged"


@suite.test(seconds=300)
def a_pack_is_whole_or_absent_and_an_acknowledged_one_stays(d):
    hold_through_kills(d, Printer(d), clerks=Clerks(d, 2), times=5, before=2, after=1, within=0.8)


if __name__ == "__main__":
    suite.run()
