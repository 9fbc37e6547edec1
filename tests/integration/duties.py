#!/usr/bin/env python3
"""The yearly duties of offices: which are done, by which figures, held against books of the test's own."""
import csv
import io
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import FUXING, GUISHAN, OFFICES, YEARS, ZHONGLI, annual, desk, event, quarterly  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
THIS_YEAR = "115"  # the tests' plan ends with it; the clock is later than what was due of 114
CATEGORIES = (("gm-everyone", "general", "gm2h"), ("gm-every-supervisor", "supervisor", "gm2h"), ("cedaw-everyone", "general", "cedaw2h"),
              ("cedaw-every-supervisor", "supervisor", "cedaw2h"), ("ge-every-business", "business", "ge10h"))


def duties(d, year, client=None, **query):
    return expect_status((client or d.geo).get(f"{d.base}/duties", year=year, **query), 200).json["duties"]


def duty(d, office, year, code, **query):
    return next(one for one in duties(d, year, office=office, **query) if one["duty"] == code)


def meeting(office, year, kind, members, men, women, month=5):
    return {"form": "task-group-meeting", "office": office, "period": year,
            "fields": {"date": f"{int(year) + 1911}-{month:02}-11", "kind": kind, "chair": "範例一", "members": members, "present.m": men,
                       "present.f": women},
            "tables": {"agenda": [{"no": 1, "kind": "report", "title": "x"}], "decisions": []},
            "notes": {"fields.members": "樣本", "fields.present.m": "樣本", "fields.present.f": "樣本"}}


def outreach(office, year, quarter, events):
    first = f"{int(year) + 1911}-{3 * quarter - 1:02}-10"
    return quarterly(office, f"{year}Q{quarter}", courses=[], outreach=[event(f"e{i}", date=first) for i in range(events)])


def programmes(office, year, count):
    rows = [{"_row": f"p{i}", "name": f"方案{i}", "reached.m": 1, "reached.f": 1, "reached.o": 0, "reached.total": 2} for i in range(count)]
    return {"form": "local-programme", "office": office, "period": year, "tables": {"programmes": rows}, "notes": {"tables.programmes": "樣本"}}


def webpage(office, year, updates):
    return {"form": "webpage", "office": office, "period": year,
            "fields": {"url": "https://sample.example.org/", "last_updated": f"{int(year) + 1911}-09-09", "updates": updates}}


def report(office, year, attended):
    return {"form": "annual-report", "office": office, "period": year, "fields": {"liaison_meeting.attended": attended, "review.findings": "x"}}


class Books:
    """What each office handed in, and what follows from it."""

    def __init__(self, d):
        self.d, self.chance, self.kept = d, random.Random(7), {}

    def keep(self, office, year, form, facts, document):
        receipt = self.d.accepted(document)
        self.kept.setdefault((office, year, form), []).append((facts, receipt["submission"]))
        return receipt

    def fill(self, office, year):
        chance = self.chance
        for number in range(chance.randint(0, 2)):
            members, men, women, kind = 12, chance.randint(0, 6), chance.randint(0, 6), chance.choice(("regular", "ad_hoc"))
            self.keep(office, year, "meeting", (kind, members, men + women), meeting(office, year, kind, members, men, women, 4 + number))
        for quarter in range(1, 5):
            if chance.random() < 0.5:
                events = chance.choice((0, 0, 1, 2))
                self.keep(office, year, "outreach", events, outreach(office, year, quarter, events))
        if chance.random() < 0.7:
            count = chance.randint(0, 2)
            self.keep(office, year, "programmes", count, programmes(office, year, count))
        if chance.random() < 0.7:
            updates = chance.randint(0, 2)
            self.keep(office, year, "webpage", updates, webpage(office, year, updates))
        if chance.random() < 0.7:
            self.fill_training(office, year)

    def fill_training(self, office, year):
        changes = {}
        for category, staff in (("general", 40), ("supervisor", 6), ("business", 2)):
            whole = self.chance.random() < 0.5
            for sex in ("m", "f"):
                changes[f"{category}.staff.{sex}"] = staff
                for part in ("ge10h",) if category == "business" else ("gm2h", "cedaw1h", "cedaw2h"):
                    changes[f"{category}.{part}.{sex}"] = staff if whole or self.chance.random() < 0.5 else staff - 1
            for sex in ("m", "f"):
                if category != "business":
                    changes[f"{category}.cedaw1h.{sex}"] = staff
        self.keep(office, year, "training", changes, annual(office, year, **changes))

    def of(self, office, year, form):
        return [facts for facts, _ in self.kept.get((office, year, form), [])]

    def expected(self, office, year):
        """{duty: (found, wanted, done)}; found None: nothing was handed in."""
        found = {}
        meetings = self.of(office, year, "meeting")
        counting = sum(kind == "regular" and present * 2 > members for kind, members, present in meetings)
        found["regular-meeting"] = (counting if meetings else None, 1, counting >= 1)
        for code, form in (("public-outreach", "outreach"), ("own-programme", "programmes"), ("webpage-upkeep", "webpage")):
            facts = self.of(office, year, form)
            found[code] = (sum(facts) if facts else None, 1, sum(facts) >= 1)
        for code, category, part in CATEGORIES:
            for facts in self.of(office, year, "training"):
                trained, staff = (sum(facts[f"{category}.{what}.{sex}"] for sex in ("m", "f")) for what in (part, "staff"))
                found[code] = (trained, staff, trained == staff)
            found.setdefault(code, (None, None, False))
        found["liaison-part"] = (None, 1, False)
        return found

    def revisions(self, office, year, code):
        form = {"regular-meeting": "meeting", "public-outreach": "outreach", "own-programme": "programmes", "webpage-upkeep": "webpage",
                "liaison-part": "report"}.get(code, "training")
        return sorted(revision for _, revision in self.kept.get((office, year, form), []))


def books(d):
    if not hasattr(d, "books"):
        d.books = Books(d)
        for year in ("112", "114", THIS_YEAR):
            for office in OFFICES:
                if (office, year) not in ((GUISHAN, "112"), (ZHONGLI, "112"), (FUXING, "112")):
                    d.books.fill(office, year)
    return d.books


@test
def every_duty_of_every_office_is_as_the_books_say(d):
    kept = books(d)
    for year in ("114", THIS_YEAR):
        rows = duties(d, year)
        equal(len(rows), 10 * len(OFFICES), "rows")
        for one in rows:
            office, code = one["office"], one["duty"]
            found, wanted, done = kept.expected(office, year)[code]
            state = "done" if done else "open" if year == THIS_YEAR else "missed"
            where = f"{office} {year} {code}"
            equal((one["found"], one["wanted"], one["state"]), (found, wanted, state), where)
            equal(sorted(source["submission"] for source in one["sources"]), kept.revisions(office, year, code), f"sources of {where}")
            equal(one["gap"], wanted - found if one["kind"] == "everyone" and found is not None else None, f"gap of {where}")


@test
def the_last_day_is_that_of_the_form_or_the_duty_s_own_and_extensions_count(d):
    owed = {}
    for one in d.geo.get(f"{d.base}/obligations", year="113", office=GUISHAN).json["obligations"]:
        owed[one["form"]] = max(owed.get(one["form"], ""), one["due_date"])
    for one in duties(d, "113", office=GUISHAN):
        equal(one["due_date"], "2024-12-31" if one["duty"] == "regular-meeting" else owed[one["form"]], one["duty"])
    equal(duty(d, GUISHAN, "113", "gm-everyone")["state"], "missed", "overdue")
    expect_status(d.geo.post(f"{d.base}/extensions", {"office": GUISHAN, "form": "training-annual", "period": "113",
                                                      "until": "2027-03-01", "reason": "颱風"}), 201)
    one = duty(d, GUISHAN, "113", "gm-everyone")
    equal((one["due_date"], one["state"]), ("2027-03-01", "open"), "extended")
    equal(duty(d, ZHONGLI, "113", "gm-everyone")["state"], "missed", "the others' stays")


@test
def part_in_the_liaison_meeting_is_as_the_annual_report_says(d):
    for base, attended, state, found in ((None, None, "missed", None), (0, False, "missed", 0), (1, True, "done", 1)):
        if base is not None:
            d.accepted({**report(ZHONGLI, "112", attended), "base": base})
        one = duty(d, ZHONGLI, "112", "liaison-part")
        equal((one["state"], one["found"], one["wanted"]), (state, found, 1), str(attended))


@test
def a_sheet_of_attendance_says_who_took_part_before_the_annual_report_does(d):
    made = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "liaison", "unit": "group-1", "day": "2025-10-15", "state": "held"}), 201).json
    d.accepted(report(GUISHAN, "114", True))
    equal((duty(d, GUISHAN, "114", "liaison-part")["found"], duty(d, GUISHAN, "114", "liaison-part")["meeting"]), (1, None), "no sheet yet")
    where = f"/v1/meetings/{made['meeting']}/attendance"
    for part, found in (("excused", 0), ("present", 1), ("sitting_in", 0)):
        expect_status(d.geo.request("PUT", where, {"rows": [{"office": GUISHAN, "part": part}, {"office": FUXING}]}, {"If-Match": "*"}), 200)
        one = duty(d, GUISHAN, "114", "liaison-part")
        equal((one["found"], one["meeting"], one["sources"], one["known"]), (found, made["meeting"], [], True), part)
    equal(duty(d, FUXING, "114", "liaison-part")["found"], 1, "present, and no report")
    equal((duty(d, ZHONGLI, "114", "liaison-part")["found"], duty(d, ZHONGLI, "114", "liaison-part")["meeting"]), (None, None), "the other group")


@test
def official_figures_are_those_that_were_accepted(d):
    staff = {f"{category}.{part}.{sex}": 5 for category, parts in (("general", ("staff", "gm2h", "cedaw1h", "cedaw2h")),
                                                                   ("supervisor", ("staff", "gm2h", "cedaw1h", "cedaw2h")),
                                                                   ("business", ("staff", "ge10h"))) for part in parts for sex in ("m", "f")}
    first = d.accepted(annual(FUXING, "112", **staff))
    equal((duty(d, FUXING, "112", "gm-everyone")["state"], duty(d, FUXING, "112", "gm-everyone", basis="official")["state"]),
          ("done", "missed"), "handed in")
    expect_status(d.geo.post(f"/v1/submissions/{first['submission']}/reviews", {"stage": "geo", "outcome": "accept"}), 201)
    one = duty(d, FUXING, "112", "gm-everyone", basis="official")
    equal((one["state"], [source["submission"] for source in one["sources"]]), ("done", [first["submission"]]), "accepted")
    expect_status(d.geo.post(f"/v1/submissions/{first['submission']}/reviews", {"stage": "geo", "outcome": "return", "reason": "x"}), 201)
    second = d.accepted(annual(FUXING, "112", 1, **{**staff, "general.gm2h.m": 4}))
    latest, official = duty(d, FUXING, "112", "gm-everyone"), duty(d, FUXING, "112", "gm-everyone", basis="official")
    equal((latest["state"], latest["gap"], latest["sources"][0]["submission"]), ("missed", 1, second["submission"]), "latest")
    equal((official["state"], official["sources"][0]["revision"]), ("done", 1), "official")


@test
def provisional_figures_and_blanks_do_not_make_it_done(d):
    whole = {"general.staff.m": 5, "general.staff.f": 5, "general.gm2h.m": 5, "general.gm2h.f": 5, "general.cedaw1h.m": 1, "general.cedaw1h.f": 1,
             "general.cedaw2h.m": 1, "general.cedaw2h.f": 1}
    d.accepted(annual(GUISHAN, "112", **whole, counted_on="2023-10-31"))
    one = duty(d, GUISHAN, "112", "gm-everyone")
    equal((one["state"], one["provisional"], one["found"], one["wanted"]), ("missed", True, 10, 10), "provisional")
    d.accepted(annual(GUISHAN, "112", 1, **whole))
    equal(duty(d, GUISHAN, "112", "gm-everyone")["state"], "done", "final")
    d.accepted(annual(GUISHAN, "112", 2, **{**whole, "general.gm2h.f": ...}))
    one = duty(d, GUISHAN, "112", "gm-everyone")
    equal((one["state"], one["known"], one["gap"]), ("missed", False, None), "blank")


@test
def an_office_reads_its_own_duties_alone(d):
    mine = duties(d, "114", d.office(ZHONGLI))
    equal({one["office"] for one in mine}, {ZHONGLI}, "offices")
    equal(mine, [one for one in duties(d, "114") if one["office"] == ZHONGLI], "as the city reads them")
    expect_status(d.office(ZHONGLI).get(f"{d.base}/duties", year="114", office=GUISHAN), 403)
    for query in ({"year": "111"}, {"year": "x"}, {"office": "x"}, {"basis": "x"}, {"when": "x"}):
        expect_status(d.geo.get(f"{d.base}/duties", **query), 400)
    equal({one["year"] for one in expect_status(d.geo.get(f"{d.base}/duties"), 200).json["duties"]}, {int(YEARS[-1])}, "this year")


@test
def it_comes_as_a_table_and_from_the_command_line(d):
    kept = books(d)
    text = expect_status(d.geo.get(f"{d.base}/duties", year="114", format="csv"), 200).body.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text)) if len(row) > 4 and row[0] in OFFICES]
    equal(len(rows), 10 * len(OFFICES), text[:500])
    undone = [code for code, (_, _, done) in kept.expected(ZHONGLI, "114").items() if not done]
    said = tributary(d, d.geo, "duties", "--year", "114", "--office", ZHONGLI, "--undone")
    equal(sum("逾期未辦" in line for line in said.splitlines()), len(undone), said)
    said = tributary(d, d.office(ZHONGLI), "duties", "--year", "114", lang="en")
    check("missed" in said and "local programme" in said, said)
    tributary(d, d.geo, "duties", "--year", "x", status=2)


@test
def what_was_recorded_later_does_not_count_as_of_a_moment(d):
    office, year = OFFICES[5], "113"
    first = d.accepted(webpage(office, year, 0))
    second = d.accepted({**webpage(office, year, 3), "base": 1})
    before = duty(d, office, year, "webpage-upkeep", as_of=first["recorded_at"])
    equal((before["found"], [one["revision"] for one in before["sources"]]), (0, [1]), "before the correction")
    after = duty(d, office, year, "webpage-upkeep", as_of=second["recorded_at"])
    equal((after["found"], after["state"], [one["revision"] for one in after["sources"]]), (3, "done", [2]), "after it")
    equal(duty(d, office, year, "webpage-upkeep", as_of="2023-01-01T00:00:00Z")["found"], None, "before anything")
    expect_status(d.geo.get(f"{d.base}/duties", year=year, as_of="gestern"), 400)


if __name__ == "__main__":
    suite.run()
