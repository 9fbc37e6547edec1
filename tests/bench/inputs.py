#!/usr/bin/env python3
"""Makes what the bench hands in: a plan of 368 offices in four groups whose quarterly forms have 30 elements each, and
the documents' numbers. usage: inputs.py FOLDER FORMS"""

import json
import pathlib
import random
import sys

OFFICES = 368
GROUPS = 4
YEARS = (100, 120)
VARIANTS = 256
KINDS = ("general", "managers", "specialists", "teachers", "contract", "volunteers")
FIELDS = [f"{kind}.{field}" for kind in KINDS for field in ("staff.m", "staff.f", "trained.m", "trained.f", "excluded")]


def name(text):
    return {"zh": text, "en": text}


def form(number):
    fields = [{"code": code, "name": name(code), "type": "count", "over_offices": "sum", "over_periods": "sum"}
              for code in FIELDS]
    rules = [{"kind": "at_most", "code": "exceeds_whole", "severity": "error", "source": "bench",
              "part": f"{kind}.trained.{sex}", "whole": f"{kind}.staff.{sex}"} for kind in KINDS for sex in "mf"]
    return {"code": f"training-{number:02}", "name": name(f"Training {number}"), "period": "quarter", "event": False,
            "source": "bench", "due": [], "fields": fields, "tables": [], "elements": [], "rules": rules}


def office(number):
    return f"{10000000 + number * 10}"


def plan(forms):
    offices = [office(number) for number in range(1, OFFICES + 1)]
    return {
        "format": 1, "plan": "bench", "version_note": "bench", "draft": False,
        "jurisdiction": {"code": "bench", "name": name("Bench")}, "name": name("Bench"),
        "years": {"from": YEARS[0], "to": YEARS[1]}, "time_zone": "Asia/Taipei",
        "offices": [{"code": code, "name": name(code)} for code in offices],
        "groups": [{"code": f"group-{g + 1}", "name": name(f"Group {g + 1}"),
                    "members": [{"office": code} for code in offices[g::GROUPS]]} for g in range(GROUPS)],
        "wholes": [{"code": "city", "name": name("City"), "except": []}],
        "calendar": {"move_to_working_day": True, "due_soon_days": 14, "holidays": []},
        "code_lists": {}, "forms": [form(number) for number in range(1, forms + 1)], "indicators": [],
    }


def values(chance):
    """The numbers of one document: 28 of the 30 fields, as offices leave some blank."""
    cells = {}
    for kind in KINDS:
        for sex in "mf":
            staff = chance.randrange(400)
            cells[f"{kind}.staff.{sex}"] = staff
            cells[f"{kind}.trained.{sex}"] = chance.randrange(staff + 1)
        cells[f"{kind}.excluded"] = chance.randrange(9)
    for blank in chance.sample(KINDS, 2):
        del cells[f"{blank}.excluded"]
    return {code: cells[code] for code in FIELDS if code in cells}


def main():
    folder = pathlib.Path(sys.argv[1])
    chance = random.Random(20240502)
    variants = [values(chance) for _ in range(VARIANTS)]
    (folder / "plan.json").write_text(json.dumps(plan(int(sys.argv[2]))), encoding="utf-8")
    (folder / "offices").write_text("".join(office(n) + "\n" for n in range(1, OFFICES + 1)), encoding="utf-8")
    (folder / "fields").write_text("".join(json.dumps(one, separators=(",", ":")) + "\n" for one in variants),
                                   encoding="utf-8")


if __name__ == "__main__":
    main()
