#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while remarks are made and settled among hand-ins: what was acknowledged stays, once."""
from clerks import Clerks, desk
from desk import GUISHAN, annual
from killing import Actor, hold_through_kills
from tributary_harness import Suite, cluster, equal

suite = Suite(lambda: desk(cluster))


class Remarker(Actor):
    """Remarks, and settles every second thread."""
    thing = "remark"
    moves_on = ("open", "resolution")

    def __init__(self, d):
        super().__init__(d)
        self.submission = d.accepted(annual(GUISHAN, "112"))["submission"]
        self.made, self.settled = {}, set()

    def turn(self, number):
        text = f"第 {number} 則"
        made = self.post(f"/v1/submissions/{self.submission}/remarks", {"path": "fields.general.staff.m", "text": text})
        if made is None:
            return
        self.made[made["remark"]] = text
        if number % 2 == 0 and self.post(f"/v1/remarks/{made['remark']}/resolution", {"resolved": True}):
            self.settled.add(made["remark"])

    def progress(self):
        return len(self.made)

    def check_stored(self):
        equal(dict(self.rows("select remark, text from tributary.remark_text")), self.made, "remarks")
        equal({remark for remark, in self.rows("select remark from tributary.remark_resolution where resolved")}, self.settled,
              "settled threads")
        equal(self.d.service.sql("select count(*) from tributary.remark_resolution"), str(len(self.settled)), "settled once")

    def words(self):
        return f"{len(self.made)} remarks, {len(self.settled)} settled"


@suite.test(seconds=120)
def acknowledged_remarks_survive_sigkill_and_none_is_doubled(d):
    hold_through_kills(d, Remarker(d), clerks=Clerks(d, 4))


if __name__ == "__main__":
    suite.run()
