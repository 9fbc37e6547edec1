#!/usr/bin/env python3
"""Fails when the code of a form, office, group, whole, indicator, body or duty of any plan stands in C or SQL.

A plan is data: another city has other offices, groups and forms, and the programs must not know any of them.
A code is looked for as a whole word outside comments, in string literals too; one that is an ordinary word of letters
alone ("left") only where it is a whole string literal.
"""

import json
import pathlib
import re
import sys

LISTS = ("forms", "offices", "groups", "wholes", "indicators", "bodies", "duties")
# `city` is also the name of a level in the contract (by=city), not only of a plan's whole; `council` and `liaison` are kinds of
# bodies, whatever their codes.
CONTRACT_WORDS = {"city", "office", "group", "council", "liaison"}
COMMENTS = {
    ".sql": re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL),
    ".c": re.compile(r'("(?:\\.|[^"\\\n])*")|//[^\n]*|/\*.*?\*/', re.DOTALL),
}


def plan_codes(root):
    """Each code with the plan and the list it comes from."""
    codes = {}
    folders = (root / "common/plan/plans", root / "tests/support/plans")
    for path in sorted(path for folder in folders for path in folder.glob("*.json")):
        plan = json.loads(path.read_text(encoding="utf-8"))
        if "plan" not in plan:
            continue
        for name in LISTS:
            for item in plan.get(name, []):
                codes.setdefault(item["code"], f"{path.name} {name}")
                for unit in item.get("units", []) if name == "bodies" else []:
                    codes.setdefault(unit["code"], f"{path.name} {name}")
    return {code: source for code, source in codes.items() if code not in CONTRACT_WORDS}


def without_comments(text, suffix):
    pattern = COMMENTS[".sql" if suffix == ".sql" else ".c"]

    def keep(match):
        literal = match.group(1) if match.re.groups else None
        return literal if literal else re.sub(r"[^\n]", " ", match.group())

    return pattern.sub(keep, text)


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    codes = plan_codes(root)
    if not codes:
        print("no plan found")
        return 1
    longest_first = sorted(codes, key=len, reverse=True)
    any_code = "|".join(map(re.escape, longest_first))
    word = re.compile(rf"(?<![\w-])({any_code})(?![\w-])")
    literal = re.compile(rf"""(["'])({any_code})\1""")
    found = False
    for room in ("common", "client", "server", "migrations"):
        for path in sorted((root / room).rglob("*")):
            if path.suffix not in (".c", ".h", ".def", ".sql"):
                continue
            text = without_comments(path.read_text(encoding="utf-8"), path.suffix)
            for number, line in enumerate(text.splitlines(), 1):
                seen = {match[1] for match in word.finditer(line) if not match[1].isalpha()}
                seen |= {match[2] for match in literal.finditer(line)}
                for code in sorted(seen):
                    found = True
                    print(f"{path.relative_to(root)}:{number}: {code} is a code of {codes[code]}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
