#!/usr/bin/env python3
"""Writes the labelled synthetic sample years: one JSON document per hand-in, and manifest.jsonl: these, reviews, meetings and their decisions in order of time.

    generate.py --output DIR [--today YYYY-MM-DD] [--plan FILE]

The same call always writes the same files: numbers are drawn from a hash of what they stand for, never from a clock or a
random source. --today leaves out every hand-in after that day (Taipei time). No figure here is a real one of any office,
except the population table (which only sets sizes) and the published cases named in cases.py.
"""
import argparse
import datetime
import json
import pathlib
import sys
from typing import NamedTuple

sys.dont_write_bytecode = True

import assemblies  # noqa: E402  (after dont_write_bytecode: the source tree stays clean)
import bodies  # noqa: E402
import budgets  # noqa: E402
import cases  # noqa: E402
import doings  # noqa: E402
import reports  # noqa: E402
import reviews  # noqa: E402
import training  # noqa: E402
from handing_in import Calendar, chain_of, day_of_record, first_day  # noqa: E402
from offices import LABEL, OFFICES  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
PLAN = HERE.parent.parent / "common/plan/plans/taoyuan-112-115.json"
YEARS = (112, 113, 114, 115)
EVENT_FORMS = {"task-group-meeting"}


class Attempt(NamedTuple):
    moment: datetime.datetime
    file: str
    document: dict
    outcome: str  # "recorded" or "refused"
    event_of: str | None  # the file that was handed in first for the same meeting


def documents(calendar, office, year):
    """Every (form, period, document) of an office and a year that stands by itself and has no day of its own."""
    yield "budget-plan", str(year), budgets.plan_of(office, year)
    yield "budget-execution", str(year), budgets.execution_of(office, year)
    yield "training-annual", str(year), training.annual_of(office, year)
    for quarter in (1, 2, 3, 4):
        yield "training-quarterly", f"{year}Q{quarter}", training.quarterly_of(calendar, office, year, quarter)
    yield "local-programme", str(year), doings.programmes_of(office, year)
    yield "webpage", str(year), doings.webpage_of(office, year)
    yield "other-measures", str(year), doings.measures_of(office, year)


def labelled(document):
    """Every document says what it is, in a cell or else in a note on the whole of it."""
    if LABEL in json.dumps(document, ensure_ascii=False):
        return document
    return {**document, "notes": {**document.get("notes", {}), "document": LABEL}}


def attempts_at(calendar, form, office, period, content, day=None, changes=(), event=None):
    """The attempts of one submission: content is what stands in the end."""
    key = form, office.code, period if event is None else f"{period}-{event}"
    content = cases.settle(*key, content)
    day = first_day(calendar, *key) if day is None else day
    name = f"{period if period != 'plan' else calendar.first_year:.3}/{office.code}/{form}-{key[2]}"
    head = {"form": form, "office": office.code, "period": period}
    first = None
    for number, (moment, document, outcome) in enumerate(chain_of(calendar, key, head, content, day, changes), start=1):
        file = f"{name}-{number}.json"
        yield Attempt(moment, file, labelled(document), outcome, first)
        if event is not None and outcome == "recorded" and first is None:
            first = file


def attempts_of(calendar, office):
    """Everything an office hands in, but the reports on it."""
    sent, plan = doings.implementation_plan_of(calendar, office)
    late = cases.DAYS_LATE.get(("implementation-plan", office.code, "plan"))
    yield from attempts_at(calendar, "implementation-plan", office, "plan", plan, None if late else sent)
    for year in YEARS:
        for form, period, content in documents(calendar, office, year):
            yield from attempts_at(calendar, form, office, period, content)
        for form, held in (("task-group-roster", bodies.rosters_of(office, year)), ("liaison-contacts", bodies.contacts_of(office, year))):
            changes = [(since + datetime.timedelta(days=later), content) for since, content, later in held[1:]]
            yield from attempts_at(calendar, form, office, str(year), held[0][1], changes=changes)
        for number, (day, content) in enumerate(bodies.meetings_of(calendar, office, year), start=1):
            key = "task-group-meeting", office.code, f"{year}-{number}"
            yield from attempts_at(calendar, key[0], office, str(year), content, day_of_record(calendar, key, day), event=number)


def reports_on(calendar, office, handed_in):
    """The annual reports, each on what the office had handed in by then."""
    for year in YEARS:
        day = first_day(calendar, "annual-report", office.code, str(year))
        known = [(one.document["form"], one.document["period"], one.event_of or one.file if one.document["form"] in EVENT_FORMS else None, one.document)
                 for one in handed_in if one.outcome == "recorded" and calendar.day_of(one.moment) < day]
        yield from attempts_at(calendar, "annual-report", office, str(year), reports.report_of(office, year, reports.Files(known)), day)


def attempts(calendar):
    """Every hand-in in order of time."""
    found = []
    for office in OFFICES:
        handed_in = sorted(attempts_of(calendar, office), key=lambda attempt: attempt[:2])
        found += handed_in + list(reports_on(calendar, office, handed_in))
    return sorted(found, key=lambda attempt: attempt[:2])


def write_json(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description="write the labelled synthetic sample years")
    parser.add_argument("--output", required=True, type=pathlib.Path)
    parser.add_argument("--plan", default=PLAN, type=pathlib.Path)
    parser.add_argument("--today", type=datetime.date.fromisoformat, default=datetime.date.max)
    options = parser.parse_args()

    plan = json.loads(options.plan.read_text(encoding="utf-8"))
    calendar = Calendar(plan)
    handed_in = attempts(calendar)
    lines = []
    for attempt in handed_in:
        line = {"file": attempt.file, "expect": attempt.outcome}
        lines.append((attempt.moment, line if attempt.event_of is None else {**line, "event_of": attempt.event_of}))
        if calendar.day_of(attempt.moment) <= options.today:
            write_json(options.output / attempt.file, attempt.document)
    lines += [(word.moment, {**word.line, "expect": "recorded"})
              for word in reviews.words(calendar, plan, handed_in, YEARS) + assemblies.words(calendar, YEARS)]
    lines = [json.dumps({**line, "sample_clock": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}, ensure_ascii=False)
             for moment, line in sorted(lines, key=lambda one: one[0]) if calendar.day_of(moment) <= options.today]
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "manifest.jsonl").write_text("".join(line + "\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
