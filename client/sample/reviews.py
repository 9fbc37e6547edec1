"""Who looked at what was handed in, when, and what they said of it: the meetings of the city's bodies, and each submission's
way along the chain that the plan gives its form."""
import datetime
from typing import NamedTuple

import cases
from handing_in import moment_on
from offices import LABEL, draw

# body: (month, day) of its meetings, each year
CITY_MEETINGS = {"promotion-group": ((5, 22), (11, 18)), "council": ((6, 14), (12, 12))}
DAYS_TO_RECORD = 4  # from a city meeting to its entry
BEFORE_THE_PAPERS = 21  # a task group may discuss a draft so many days before it is handed in
WAIT = {"geo": (8, 24), "dbas": (7, 20)}  # days that a reviewer takes
NOTES = {"promotion-group": ("budget-plan", "budget-execution", "task-group-meeting"), "council": ("annual-report",)}


class Word(NamedTuple):
    """A line of the manifest that is no hand-in."""
    moment: datetime.datetime
    order: str
    line: dict


def city_meetings(calendar, years):
    """[(body, day, moment of its entry)]"""
    found = []
    for body, days in CITY_MEETINGS.items():
        for year in years:
            for month, day in days:
                held = calendar.working_day(datetime.date(year + 1911, month, day), 1)
                entered = calendar.working_day(held + datetime.timedelta(days=DAYS_TO_RECORD), 1)
                found.append((body, held, moment_on(entered, "meeting", body, held)))
    return sorted(found, key=lambda one: one[2])


def meeting_lines(meetings):
    for number, (body, held, entered) in enumerate(meetings, start=1):
        yield Word(entered, f"meeting {body}", {
            "meeting": body, "held_on": held.isoformat(), "document_number": f"樣本字第{held.year - 1911}9{number:03d}號", "by": "geo"})


def own_meetings(attempts):
    """{office: [(day, moment of the record's newest revision)]}: meetings with their quorum."""
    held, found = {}, {}
    for one in attempts:
        if one.document["form"] == "task-group-meeting" and one.outcome == "recorded":
            held[one.event_of or one.file] = one
    for one in held.values():
        fields = one.document["fields"]
        if 2 * (fields["present.m"] + fields["present.f"]) > fields["members"]:
            found.setdefault(one.document["office"], []).append((datetime.date.fromisoformat(fields["date"]), one.moment))
    return {office: sorted(days) for office, days in found.items()}


class Reviewing:
    def __init__(self, calendar, plan, attempts, years):
        self.calendar = calendar
        self.chains = {form["code"]: [one["stage"] for one in form["review"]] for form in plan["forms"]}
        self.meetings = city_meetings(calendar, years)
        self.own = own_meetings(attempts)

    def at_stage(self, stage, key, since):
        """(moment, day of the meeting or None, outcome) of a stage's word on what came to it at `since`; None: not yet."""
        form, office = key[:2]
        if stage in WAIT:
            day = self.calendar.working_day(self.calendar.day_of(since) + datetime.timedelta(days=draw(*WAIT[stage], stage, *key)), 1)
            return moment_on(day, stage, *key), None, "accept"
        if stage == "task-group":
            earliest = self.calendar.day_of(since) - datetime.timedelta(days=BEFORE_THE_PAPERS)
            for day, recorded in self.own.get(office, []):
                if day >= earliest:
                    return max(recorded, since) + datetime.timedelta(days=1), day, "accept"
            return None
        for body, day, entered in self.meetings:
            if body == stage and day > self.calendar.day_of(since):
                outcome = "note" if form in NOTES[stage] else "accept"
                return entered + datetime.timedelta(seconds=draw(600, 9000, stage, *key)), day, outcome
        return None

    def words_on(self, attempt, key, since, stages, until):
        """A revision passes the stages one after the other, until it is replaced."""
        for number, stage in enumerate(stages):
            said = self.at_stage(stage, key, since)
            if said is None or (until is not None and said[0] >= until):
                return
            since, held_on, outcome = said
            by = "dbas" if stage == "dbas" else "geo"
            word = {"review_of": attempt.file, "by": by, "stage": stage, "outcome": outcome}
            yield Word(since, f"review {number}", word if held_on is None else {**word, "held_on": held_on.isoformat()})

    def words(self, submission):
        """Of all revisions of one submission, in order of time."""
        recorded = [one for one in submission if one.outcome == "recorded"]
        for attempt, following in zip(recorded, recorded[1:] + [None]):
            document = attempt.document
            key = document["form"], document["office"], document["period"]
            returned = cases.RETURNS.get(key)
            stages = self.chains[key[0]][:cases.stages_passed(*key, len(self.chains[key[0]]))]
            if following is not None and returned is None and not is_change(document, following.document):
                continue  # it was corrected before anybody looked
            if returned is not None and following is None and len(recorded) > 1:
                continue  # corrected, and waiting
            ready = max(attempt.moment, self.complete_by(key))
            yield from self.words_on(attempt, key, ready, stages, following.moment if following else None)
            if returned is not None:
                yield Word(moment_on(returned.on, "return", *key), "return", {
                    "review_of": attempt.file, "by": "dbas" if returned.stage == "dbas" else "geo", "stage": returned.stage,
                    "outcome": "return", "reason": f"{LABEL}：{returned.reason}", "cells": list(returned.cells)})

    def complete_by(self, key):
        """The year's results are looked at when what they are held against is in: the fourth quarter, the other forms."""
        form, _, period = key
        if form not in ("training-annual", "budget-execution", "annual-report"):
            return datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)
        month, day = {"training-annual": (3, 1), "budget-execution": (4, 20), "annual-report": (5, 20)}[form]
        return moment_on(datetime.date(int(period) + 1912, month, day), "complete", *key)


def is_change(document, following):
    """What comes into force later is no correction."""
    since = [one.get("fields", {}).get("effective_from") for one in (document, following)]
    return since[0] is not None and since[0] < since[1]


def words(calendar, plan, attempts, years):
    """Every meeting and review, in order of time."""
    reviewing = Reviewing(calendar, plan, attempts, years)
    found, submissions = list(meeting_lines(reviewing.meetings)), {}
    for one in attempts:
        document = one.document
        event = one.event_of or one.file if document["form"] == "task-group-meeting" else None
        submissions.setdefault((document["form"], document["office"], document["period"], event), []).append(one)
    for submission in submissions.values():
        found += reviewing.words(submission)
    return sorted(found, key=lambda word: (word.moment, word.order))
