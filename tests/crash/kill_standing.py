#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while the city hands in on behalf, withdraws, attests, closes and opens among hand-ins:
what was acknowledged stays, once, and in its place."""
from clerks import Clerks, desk
from desk import OFFICES, annual
from killing import Actor, hold_through_kills
from tributary_harness import Suite, cluster, equal

suite = Suite(lambda: desk(cluster))
OURS = OFFICES[8:]  # the clerks hand in for others


class City(Actor):
    """Does one thing after the other."""
    moves_on = ("current", "attested")

    def __init__(self, d):
        super().__init__(d)
        self.acknowledged = []
        self.current = {}  # office -> (revision, its id, whether it is withdrawn)

    def hand_in(self, number):
        office = self.chance.choice(OURS)
        base = self.current.get(office, (0, None, False))[0]
        answer = self.post(f"{self.d.base}/submissions", annual(office, "112", base, **{
            "general.excluded": number, "excluded_reason": "借調"}))
        if answer:
            self.current[office] = (answer["revision"], answer["submission"], False)
            self.acknowledged.append(("revision", answer["submission"]))

    def withdraw(self, number):
        standing = [office for office, one in self.current.items() if not one[2]]
        if standing:
            office = self.chance.choice(standing)
            answer = self.post(f"/v1/submissions/{self.current[office][1]}/withdrawal", {"reason": f"第 {number} 次"})
            if answer:
                self.current[office] = (answer["revision"], answer["submission"], True)
                self.acknowledged.append(("revision", answer["submission"]))

    def attest(self, number):
        standing = [one[1] for one in self.current.values() if not one[2]]
        if standing:
            answer = self.post(f"/v1/submissions/{self.chance.choice(standing)}/attestations", {
                "received_at": f"2023-02-0{number % 9 + 1}T00:00:00Z", "reason": f"第 {number} 次"})
            if answer:
                self.acknowledged.append(("attestation", answer["attestation"]))

    def close(self, number):
        for closed in (True, False):
            answer = self.post(f"{self.d.base}/closings", {
                "period": "112", "form": "webpage", "closed": closed, "reason": f"第 {number} 次"})
            if answer:
                self.acknowledged.append(("closing", answer["closing"]))

    def turn(self, number):
        (self.hand_in, self.hand_in, self.withdraw, self.attest, self.close)[number % 5](number)

    def told(self, kind):
        return sorted(one for what, one in self.acknowledged if what == kind)

    def check_stored(self):
        for table in ("attestation", "closing"):
            equal(sorted(one for one, in self.rows(f"select {table} from tributary.{table}")), self.told(table), table)
        offices = ", ".join(f"'{office}'" for office in OURS)
        mine = self.rows(f"select id from tributary.revision where office in ({offices}) and on_behalf")
        equal(sorted(one for one, in mine), self.told("revision"), "revisions on behalf")
        equal(self.d.service.sql(f"select count(*) from tributary.revision where office in ({offices}) and not on_behalf"), "0", "others")
        for office, (number, identity, withdrawn) in self.current.items():
            one = self.d.geo.get(f"/v1/submissions/{identity}").json
            equal((one["revision"], one["is_current"], bool(one["withdrawn"])), (number, True, withdrawn), office)


@suite.test(seconds=120)
def what_the_city_was_acknowledged_survives_sigkill_once(d):
    hold_through_kills(d, City(d), clerks=Clerks(d, 4), times=5, before=12)


if __name__ == "__main__":
    suite.run()
