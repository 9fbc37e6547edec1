#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while extensions are granted among hand-ins: what was acknowledged stays, once."""
import datetime

from clerks import Clerks, desk
from desk import OFFICES
from killing import Actor, hold_through_kills
from tributary_harness import Suite, check, cluster, equal

suite = Suite(lambda: desk(cluster))


class Grantor(Actor):
    """Grants one extension after the other."""
    thing = "extension"
    moves_on = ("current",)

    def turn(self, number):
        self.post(f"{self.d.base}/extensions", {
            "office": OFFICES[number % len(OFFICES)], "form": "training-annual", "period": "115", "reason": f"第 {number} 次",
            "until": (datetime.date(2027, 3, 1) + datetime.timedelta(days=number % 200)).isoformat()})

    def check_stored(self):
        stored = {}
        for identity, *rest in self.rows("select id, office, until, reason from tributary.extension"):
            check(tuple(rest)[2] not in [one[2] for one in stored.values()], f"{rest} is stored twice")
            stored[identity] = tuple(rest)
        equal(stored, {act.answer["extension"]: (act.body["office"], act.body["until"], act.body["reason"]) for act in self.acts},
              "extensions")


@suite.test(seconds=120)
def acknowledged_extensions_survive_sigkill_and_none_is_doubled(d):
    hold_through_kills(d, Grantor(d), clerks=Clerks(d, 4))


if __name__ == "__main__":
    suite.run()
