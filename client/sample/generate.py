#!/usr/bin/env python3
"""Writes the labelled synthetic sample years: one JSON document per hand-in, and manifest.jsonl in order of time.

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

sys.dont_write_bytecode = True

import budgets  # noqa: E402  (after dont_write_bytecode: the source tree stays clean)
import cases  # noqa: E402
import training  # noqa: E402
from handing_in import Calendar, chain_of  # noqa: E402
from offices import OFFICES  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
PLAN = HERE.parent.parent / "common/plan/plans/taoyuan-112-115.json"
YEARS = (112, 113, 114, 115)


def submissions(calendar):
    """Every (form, office, period, document) of the sample years, with the content that stands in the end."""
    for office in OFFICES:
        for year in YEARS:
            yield "budget-plan", office, str(year), budgets.plan_of(office, year)
            yield "budget-execution", office, str(year), budgets.execution_of(office, year)
            yield "training-annual", office, str(year), training.annual_of(office, year)
            for quarter in (1, 2, 3, 4):
                yield "training-quarterly", office, f"{year}Q{quarter}", training.quarterly_of(calendar, office, year, quarter)


def attempts(calendar):
    """Every hand-in as (moment, file, document, outcome), in order of time."""
    found = []
    for form, office, period, content in submissions(calendar):
        head = {"form": form, "office": office.code, "period": period}
        content = cases.settle(form, office.code, period, content)
        for number, (moment, document, outcome) in enumerate(chain_of(calendar, head, content), start=1):
            name = f"{period[:3]}/{office.code}/{form}-{period}-{number}.json"
            found.append((moment, name, document, outcome))
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

    calendar = Calendar(json.loads(options.plan.read_text(encoding="utf-8")))
    lines = []
    for moment, name, document, outcome in attempts(calendar):
        if calendar.day_of(moment) > options.today:
            continue
        write_json(options.output / name, document)
        clock = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        lines.append(json.dumps({"file": name, "sample_clock": clock, "expect": outcome}))
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "manifest.jsonl").write_text("".join(line + "\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
