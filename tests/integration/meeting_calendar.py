#!/usr/bin/env python3
"""The year's calendar of meetings of all three tiers, held against a computation of its own over meetings drawn by lot: what the
plan expects, what was held, what is missing and late, and how meetings are numbered."""
import datetime
import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GROUP_1, GUISHAN, OFFICES, PLAN_FILE, ZHONGLI, desk  # noqa: E402
from tributary_harness import Suite, check, comment, equal, expect_status  # noqa: E402
import own_meetings as own  # noqa: E402

suite = Suite(desk)
test = suite.test
PLANNED = json.loads(PLAN_FILE.read_text(encoding="utf-8"))
SEED = 20261128
YEAR = 113


def ask(d, client=None, **query):
    return expect_status((client or d.geo).get(f"{d.base}/meeting-calendar", **{"year": str(YEAR), **query}), 200).json


def record(d, office, day, present=(4, 4), kind="regular"):
    return d.accepted({"form": "task-group-meeting", "office": office, "period": str(YEAR), "fields": {
        "date": day.isoformat(), "kind": kind, "members": 12, "present.m": present[0], "present.f": present[1]},
        "notes": {name: "名冊另送" for name in ("fields.members", "fields.present.m", "fields.present.f")}})["submission"]


@test
def an_empty_year_expects_what_the_plan_says(d):
    answer = ask(d)
    today = datetime.date.fromisoformat(answer["date"])
    wanted = [(body["code"], unit, place + 1, month, due.isoformat())
              for body in PLANNED["bodies"] for unit in own.units(PLANNED, body, YEAR)
              for place, (month, due) in enumerate(own.slots(body, YEAR))]
    equal(sorted((one["body"], one["unit"] or "", one["slot"], one["month"] or 0, one["due_date"]) for one in answer["calendar"]),
          sorted((body, unit or "", slot, month or 0, due) for body, unit, slot, month, due in wanted), "expected")
    equal(len([one for one in answer["calendar"] if one["body"] == "task-group"]), 13, "task groups")
    equal({one["state"] for one in answer["calendar"]}, {"missing"}, "all over")
    for one in answer["calendar"]:
        equal(one["days_late"], (today - datetime.date.fromisoformat(one["due_date"])).days, str(one))
        equal(one["soft"], next(body["meetings"].get("soft", False) for body in PLANNED["bodies"] if body["code"] == one["body"]), "soft")
    equal({one["tier"]: None for one in answer["calendar"]}, {1: None, 2: None, 3: None}, "tiers")
    for query in ({"body": "nothing"}, {"year": "90"}, {"year": "x"}):
        expect_status(d.geo.get(f"{d.base}/meeting-calendar", **{"year": str(YEAR), **query}), 400)


class Year:
    """Meetings drawn by lot, and what was told of them."""

    def __init__(self, d):
        self.d, self.chance = d, random.Random(SEED)
        self.facts = []  # body, unit, day, state, regular, counts, order, id

    def some_day(self):
        return datetime.date(YEAR + 1911, 1, 1) + datetime.timedelta(days=self.chance.randrange(366))

    def meet(self, body, unit):
        chance, day = self.chance, self.some_day()
        if any((one["body"], one["unit"], one["day"]) == (body["code"], unit, day) for one in self.facts):
            return
        regular, missed = chance.random() < 0.8, chance.random() < 0.25
        fact = {"body": body["code"], "unit": unit, "day": day, "regular": regular, "counts": True, "order": len(self.facts)}
        if body.get("per") == "office":
            fact.update(state="held", id=record(self.d, unit, day, (3, 3) if missed else (4, 3), "regular" if regular else "ad_hoc"))
            fact["counts"] = own.quorum("more_than_half", 12, 6 if missed else 7, 0, 0) != "broken"
        else:
            state = chance.choice(["planned", "called", "held", "held", "held", "cancelled"])
            made = expect_status(self.d.geo.post(f"{self.d.base}/meetings", {
                "body": body["code"], "unit": unit, "day": day.isoformat(), "kind": "regular" if regular else "ad_hoc",
                "state": "planned" if state == "cancelled" else state}), 201).json
            fact.update(state=state, id=made["meeting"])
            if state == "cancelled":
                expect_status(self.d.geo.post(f"/v1/meetings/{made['meeting']}/steps", {"state": "cancelled", "reason": "x"}), 201)
            if state == "held" and body["code"] == "special-group":
                fact["counts"] = self.sheet(made["meeting"], missed)
        self.facts.append(fact)

    def sheet(self, meeting, missed):
        """Three external members sit on each bureau's group (see below)."""
        there = 1 if missed else 2
        rows = [{"seat": "external", "part": "present" if place < there else "absent"} for place in range(3)]
        expect_status(self.d.geo.request("PUT", f"/v1/meetings/{meeting}/attendance", {"rows": rows}, {"If-Match": "*"}), 200)
        return own.quorum("half_of_external", 3, there, 3, there) != "broken"


def fill(d):
    if hasattr(d, "year"):
        return d.year
    d.year = Year(d)
    special = next(body for body in PLANNED["bodies"] if body["code"] == "special-group")
    for unit in own.units(PLANNED, special, YEAR):
        for number in range(3):
            expect_status(d.geo.post(f"{d.base}/bodies/special-group/members", {
                "unit": unit, "name": f"外聘{unit}{number}", "sex": "f", "seat": "external", "role": "member", "from": "2023-01-01"}), 201)
    for body in PLANNED["bodies"]:
        if not body.get("meetings"):
            continue
        for unit in own.units(PLANNED, body, YEAR):
            for _ in range(d.year.chance.choice([0, 2, 3, 4, 5, 6])):
                d.year.meet(body, unit)
    comment(f"seed {SEED}: {len(d.year.facts)} meetings")
    return d.year


def facts_of(year, body, unit):
    return sorted((one for one in year.facts if (one["body"], one["unit"]) == (body["code"], unit)), key=lambda one: (one["day"], one["order"]))


@test(seconds=120)
def a_year_drawn_by_lot_comes_out_as_computed_apart(d):
    year = fill(d)
    answer = ask(d)
    today = datetime.date.fromisoformat(answer["date"])
    states = {}
    for body in PLANNED["bodies"]:
        for unit in own.units(PLANNED, body, YEAR):
            rows = [one for one in answer["calendar"] if (one["body"], one["unit"]) == (body["code"], unit)]
            expected, facts = own.slots(body, YEAR), facts_of(year, body, unit)
            held = [one["day"] for one in facts if one["state"] == "held" and one["regular"] and one["counts"]]
            ahead = [one["day"] for one in facts if one["state"] in ("planned", "called") and one["regular"]]
            taken = own.assign(expected, held, ahead)
            where = f"{body['code']} {unit}"
            shown = [one for one in rows if one["expected"]]
            equal([one["day"] for one in shown], [day.isoformat() if day else None for day in taken], f"{where}: which fulfils which")
            for one, (_, due), day in zip(shown, expected, taken):
                fact = next((fact for fact in facts if fact["day"] == day), None)
                late = own.lateness(due, day, fact is not None and fact["state"] == "held", today)
                equal((one["state"], one["days_late"], one["late"]),
                      (fact["state"] if fact else "missing" if today > due else "open", late, late > 0), f"{where}: {one['slot']}")
                if fact:
                    equal(one["record" if body.get("per") == "office" else "meeting"], fact["id"], f"{where}: its id")
                states[one["state"]] = states.get(one["state"], 0) + 1
            others = {one["record"] or one["meeting"]: one["why"] for one in rows if not one["expected"]}
            equal(others, {one["id"]: "cancelled" if one["state"] == "cancelled" else "ad_hoc" if not one["regular"] else
                           "no_quorum" if not one["counts"] else "further" for one in facts if one["day"] not in taken}, f"{where}: others")
    comment(f"{states}")
    check(states.get("held", 0) >= 20 and states.get("missing", 0) >= 3, str(states))


@test(seconds=120)
def the_rule_watch_counts_as_computed_apart(d):
    year = fill(d)
    seen = {}
    for date in ("2024-03-15", "2024-07-01", "2024-12-31"):
        day = datetime.date.fromisoformat(date)
        rows = {(one["body"], one["unit"]): one for one in d.geo.get(f"{d.base}/watch", date=date).json["watch"] if one["rule"] == "meetings"}
        for body in PLANNED["bodies"]:
            for unit in own.units(PLANNED, body, YEAR) if body.get("meetings") else ():
                counted = sum(one["state"] == "held" and one["regular"] and one["counts"] and one["day"] <= day for one in facts_of(year, body, unit))
                least, due = body["meetings"]["least"], sum(due < day for _, due in own.slots(body, YEAR))
                row = rows.pop((body["code"], unit))
                wanted = "holds" if counted >= least else "broken" if counted < due else "unknown"
                equal((row["found"], row["wanted"], row["verdict"]), (str(counted), f"≥{least}", wanted), f"{body['code']} {unit} {date}")
                seen[wanted] = seen.get(wanted, 0) + 1
        equal(list(rows), [], "others")
    check(len(seen) == 3, str(seen))


@test(seconds=120)
def meetings_are_numbered_as_computed_apart(d):
    year = fill(d)
    listed = expect_status(d.geo.get(f"{d.base}/meetings", year=str(YEAR)), 200).json["meetings"]
    wanted = own.numbers([(one["id"], one["body"], one["unit"], YEAR, one["day"], one["state"], one["order"])
                          for one in year.facts if one["body"] != "task-group"])
    equal({one["meeting"]: one["number"] for one in listed if one["number"]}, wanted, "numbers")


@test
def who_sees_which_of_it(d):
    fill(d)
    rows = ask(d, d.office(GUISHAN))["calendar"]
    equal({one["unit"] for one in rows if one["body"] == "task-group"}, {GUISHAN}, "its own task group")
    equal({one["unit"] for one in rows if one["body"] == "liaison"}, {"group-1"}, "its group")
    equal([one for one in rows if one["body"] == "special-group"], [], "bureaus")
    mine = [one for one in ask(d)["calendar"] if (one["body"], one["unit"]) in {(one["body"], one["unit"]) for one in rows}]
    equal(rows, mine, "as the city sees it")
    equal({one["unit"] for one in ask(d, body="liaison", unit="group-2")["calendar"]}, {"group-2"}, "selected")
    csv = d.geo.get(f"{d.base}/meeting-calendar", headers={"Accept": "text/csv"}, year=str(YEAR))
    equal(csv.body.decode("utf-8-sig").count("task-group,"), len([one for one in ask(d)["calendar"] if one["body"] == "task-group"]), "CSV")
    check(ZHONGLI in OFFICES and GUISHAN in GROUP_1, "offices")


@test
def a_past_moment_shows_the_calendar_as_it_was(d):
    before = expect_status(d.geo.get(f"{d.base}/meetings", year=str(YEAR)), 200).json
    there = ask(d, body="council")
    moment = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "council", "day": "2024-02-29", "kind": "ad_hoc"}), 201).json["recorded_at"]
    expect_status(d.geo.post(f"{d.base}/meetings", {"body": "council", "day": "2024-03-01", "kind": "ad_hoc"}), 201)
    past = ask(d, body="council", as_of=moment)
    equal(len(past["calendar"]), len(there["calendar"]) + 1, "one of two")
    equal(len(ask(d, body="council")["calendar"]), len(there["calendar"]) + 2, "both")
    check(before["meetings"] is not None, "listed")


@test
def a_planned_task_group_meeting_is_the_one_that_its_record_tells_of(d):
    office = d.office(OFFICES[3])
    made = expect_status(office.post(f"{d.base}/meetings", {"body": "task-group", "day": "2025-04-20"}), 201).json
    row = ask(d, body="task-group", unit=OFFICES[3], year="114")["calendar"]
    equal([(one["state"], one["meeting"], one["late"]) for one in row], [("planned", made["meeting"], True)], "planned, and its day is over")
    receipt = d.accepted({"form": "task-group-meeting", "office": OFFICES[3], "period": "114", "fields": {
        "date": "2025-04-20", "kind": "regular", "members": 12, "present.m": 4, "present.f": 4},
        "notes": {name: "名冊另送" for name in ("fields.members", "fields.present.m", "fields.present.f")}})
    row = ask(d, body="task-group", unit=OFFICES[3], year="114")["calendar"]
    equal([(one["state"], one["record"], one["late"], one["counted"]) for one in row], [("held", receipt["submission"], False, True)], "held")


@test
def planned_task_group_meetings_are_numbered_with_those_that_records_tell_of(d):
    unit, chance, facts, plans = OFFICES[5], random.Random(SEED + 1), [], []
    days = chance.sample([datetime.date(YEAR + 1911, 1, 1) + datetime.timedelta(days=n) for n in range(0, 366, 3)], 6)
    for order, day in enumerate(days[:4]):
        facts.append((record(d, unit, day), "task-group", unit, YEAR, day, "held", order))
    for day in days[3:]:  # the first of them on a record's day: it is that meeting
        made = expect_status(d.office(unit).post(f"{d.base}/meetings", {"body": "task-group", "day": day.isoformat()}), 201).json
        plans.append((made["meeting"], day))
    facts += [(meeting, "task-group", unit, YEAR, day, "planned", 9) for meeting, day in plans[1:]]
    gone = expect_status(d.office(unit).post(f"{d.base}/meetings", {"body": "task-group", "day": f"{YEAR + 1911}-01-02"}), 201).json["meeting"]
    expect_status(d.office(unit).post(f"/v1/meetings/{gone}/steps", {"state": "cancelled", "reason": "x"}), 201)
    already = [one for one in fill(d).facts if one["body"] == "task-group" and one["unit"] == unit]
    wanted = own.numbers(facts + [(one["id"], "task-group", unit, YEAR, one["day"], "held", 20 + one["order"]) for one in already])
    wanted[plans[0][0]] = wanted[facts[3][0]]
    listed = {one["meeting"]: one["number"] for one in d.geo.get(f"{d.base}/meetings", body="task-group", unit=unit, year=str(YEAR)).json["meetings"]}
    equal(listed, {**{meeting: wanted[meeting] for meeting, _ in plans}, gone: None}, "in the list")
    for meeting, day in plans:
        one = d.geo.get(f"/v1/meetings/{meeting}").json
        equal(one["number"], wanted[meeting], "of one")
        counted = any(fact[4] < day for fact in facts[:4]) or any(one["counts"] and one["regular"] and one["day"] < day for one in already)
        equal("by" in [rule["rule"] for rule in one["rules"]], not counted, "the year's one was held already" if counted else "it is the year's")
    other = expect_status(d.office(OFFICES[6]).post(f"{d.base}/meetings", {"body": "task-group", "day": f"{YEAR + 1911}-12-30"}), 201).json["meeting"]
    whole = {one["meeting"]: one["number"] for one in d.geo.get(f"{d.base}/meetings", body="task-group").json["meetings"]}
    equal({meeting: whole[meeting] for meeting in listed}, listed, "among those of all")
    told = sum(one["unit"] == OFFICES[6] for one in fill(d).facts if one["body"] == "task-group")
    equal(whole[other], told + 1, "another office's, behind its own records")
    for meeting, wanted_one in listed.items():
        equal(d.office(unit).get(f"/v1/meetings/{meeting}").json["number"], wanted_one, "as the office sees it")
    shown = {one["record"] or one["meeting"]: one["number"] for one in ask(d, body="task-group", unit=unit)["calendar"] if one["day"]}
    equal(shown, {fact[0]: wanted[fact[0]] for fact in facts} | {one["id"]: wanted[one["id"]] for one in already} | {gone: None}, "in the calendar")


@test
def only_the_meeting_that_the_year_owes_is_late(d):
    late = []
    for day in ("2023-09-01", "2023-11-20"):
        made = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "liaison", "unit": "group-1", "day": day, "state": "held"}), 201).json
        late.append([rule["verdict"] for rule in made["rules"] if rule["rule"] == "by"])
    equal(late, [["holds"], []], "a further one has no day to be held by")


if __name__ == "__main__":
    suite.run()
