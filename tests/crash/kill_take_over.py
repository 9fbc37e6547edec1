#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while resolutions are taken over into tracking and minutes are frozen, among hand-ins: each item is
taken over once, what was acknowledged stays, and what was cut in two is finished by sending it again."""
import datetime

from clerks import Clerks, desk
from desk import GUISHAN
from killing import Actor, hold_through_kills
from tributary_harness import Suite, cluster, equal

suite = Suite(lambda: desk(cluster))
ITEMS = 5


class Recorder(Actor):
    """Plays one meeting after the other."""
    thing = "decision"
    moves_on = ("agenda",)
    patience = 60

    def __init__(self, d):
        super().__init__(d)
        self.taken, self.frozen = {}, set()

    def turn(self, number):
        day = (datetime.date(2023, 1, 2) + datetime.timedelta(days=number)).isoformat()
        made = self.post(f"{self.d.base}/meetings", {"body": "liaison", "unit": f"group-{number % 2 + 1}", "day": day, "state": "held"})
        path = f"/v1/meetings/{made['meeting']}"
        agenda = self.put(f"{path}/agenda", {"items": [{"kind": "discussion", "title": f"第{n}案"} for n in range(ITEMS)]})
        items = [item["item"] for item in agenda["agenda"]["items"]][-ITEMS:]
        self.put(f"{path}/resolutions", {"resolutions": [{"item": item, "text": "請龜山區公所辦理。"} for item in items]})
        answer = self.post(f"{path}/decisions/take-over", {
            "decisions": [{"item": item, "owners": [{"office": GUISHAN}]} for item in items]})
        self.taken.update({one["decision"]: (made["meeting"], one["item"]) for one in answer["decisions"]})
        self.frozen.add(self.post(f"{path}/minutes", {"language": "zh"})["pack"])

    def put(self, path, body):
        """Without a key: sent once more, it puts the same once more."""
        return self.ask("PUT", path, body, {"If-Match": "*"}, keyed=False)

    def progress(self):
        return len(self.taken)

    def check_stored(self):
        stored = {decision: (meeting, item) for decision, meeting, item in self.rows("select decision, meeting, item from tributary.decision")}
        equal(stored, self.taken, "decisions")
        for what, faults in (
                ("taken over twice", "(select meeting, item from tributary.decision group by 1, 2 having count(*) > 1) twice"),
                ("gaps in the numbers", "tributary.decision o where number > 1 and not exists (select from tributary.decision i "
                                        "where (i.body, i.unit, i.year, i.number) = (o.body, o.unit, o.year, o.number - 1))"),
                ("their bytes", "tributary.pack_file where sha256 <> sha256(bytes)")):
            equal(self.d.service.sql(f"select count(*) from {faults}"), "0", what)
        equal({pack for pack, in self.rows("select pack from tributary.pack")}, self.frozen, "minutes")

    def words(self):
        return f"{len(self.taken)} decisions, {len(self.frozen)} minutes"


@suite.test(seconds=240)
def each_item_is_taken_over_once_and_minutes_stay_frozen(d):
    hold_through_kills(d, Recorder(d), clerks=Clerks(d, 2), before=2 * ITEMS, after=ITEMS)


if __name__ == "__main__":
    suite.run()
