#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while decisions are recorded, reported on, ruled upon and withdrawn, among hand-ins: what was
acknowledged stays, once, and numbers run without gaps. Two daemons that record at once give them without gaps, too."""
import concurrent.futures
import copy

from clerks import Clerks, desk
from deciding import meeting
from desk import GUISHAN
from killing import Actor, hold_through_kills
from tributary_harness import Client, Suite, cluster, equal, expect_status, free_port

suite = Suite(lambda: desk(cluster))
PLACES = (("liaison", "group-1"), ("liaison", "group-2"), ("council", None))


class Recorder(Actor):
    """Records one decision after the other, and progress and rulings of some."""
    thing = "decision"
    moves_on = ("progress", "rulings", "state", "withdrawn", "may")

    def __init__(self, d):
        super().__init__(d)
        self.made = [meeting(d, body, unit, "2024-09-10") for body, unit in PLACES]
        self.later = [meeting(d, body, unit, "2025-09-10") for body, unit in PLACES]
        self.decided, self.reports, self.rulings, self.withdrawn = {}, {}, {}, {}

    def decide(self, number):
        place = number % len(PLACES)
        answer = self.post(f"/v1/meetings/{self.made[place]}/decisions", {
            "title": f"第{number}案", "text": "x", "owners": [{"office": GUISHAN}, {"agency": "社會局"}]})
        if answer:
            self.decided[answer["decision"]] = (place, f"第{number}案", answer["number"])

    def track(self, number):
        one = self.chance.choice([one for one in self.decided if one not in self.withdrawn])
        if number % 2 and self.post(f"/v1/decisions/{one}/progress", {"owner": 1, "text": f"{number}"}):
            self.reports[one] = self.reports.get(one, 0) + 1
        elif number % 2 == 0 and self.post(f"/v1/decisions/{one}/rulings", {
                "meeting": self.later[self.decided[one][0]],
                "rulings": [{"owner": owner, "outcome": "continue"} for owner in (1, 2)]}):
            self.rulings[one] = self.rulings.get(one, 0) + 2

    def withdraw(self, number):
        one = [one for one in self.decided if one not in self.withdrawn and not self.rulings.get(one)][-1]
        if self.post(f"/v1/decisions/{one}/withdrawal", {"reason": f"{number}"}):
            self.withdrawn[one] = f"{number}"

    def turn(self, number):
        if number % 6 == 5 and len(self.decided) > 5:
            self.withdraw(number)
        else:
            (self.track if number % 3 == 0 and self.decided else self.decide)(number)

    def progress(self):
        return len(self.decided)

    def check_stored(self):
        equal(dict(self.rows("select decision, title from tributary.decision")), {one: told[1] for one, told in self.decided.items()},
              "decisions")
        for table, wanted in (("decision_progress", self.reports), ("decision_ruling", self.rulings)):
            equal(dict(self.rows(f"select decision, count(*) from tributary.{table} group by 1")),
                  {one: str(count) for one, count in wanted.items()}, table)
        equal(dict(self.rows("select decision, reason from tributary.decision_withdrawal")), self.withdrawn, "withdrawn")
        equal(self.d.service.sql("select count(*) from tributary.decision_owner"), str(2 * len(self.decided)), "owners")
        check_numbers(self.d)

    def words(self):
        return f"{len(self.decided)} decisions, {sum(self.reports.values())} reports, {sum(self.rulings.values())} rulings, {len(self.withdrawn)} withdrawn"


def check_numbers(d):
    gaps = d.service.sql("select body, unit, year from tributary.decision group by body, unit, year "
                         "having min(number) <> 1 or max(number) <> count(*) or count(distinct number) <> count(*)")
    equal(gaps, "", "numbers with gaps")


@suite.test(seconds=120)
def acknowledged_decisions_survive_sigkill_and_numbers_have_no_gaps(d):
    hold_through_kills(d, Recorder(d), clerks=Clerks(d, 4))


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
