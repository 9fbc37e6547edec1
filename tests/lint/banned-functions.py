#!/usr/bin/env python3
"""Fails when C code calls a function that cannot be used safely, or for which the project has a better one."""

import pathlib
import re
import sys

BANNED = {
    "strcpy": "no bound", "strcat": "no bound", "stpcpy": "no bound", "wcscpy": "no bound",
    "sprintf": "no bound", "vsprintf": "no bound", "gets": "no bound",
    "strncpy": "may leave no terminator", "strncat": "its bound is not the buffer's",
    "strtok": "global state", "localtime": "global state", "gmtime": "global state", "ctime": "global state",
    "asctime": "global state", "rand": "neither random nor reproducible", "srand": "neither random nor reproducible",
    "atoi": "no error", "atol": "no error", "atoll": "no error", "atof": "no error",
    "scanf": "no overflow check", "fscanf": "no overflow check", "sscanf": "no overflow check",
    "vscanf": "no overflow check", "vfscanf": "no overflow check", "vsscanf": "no overflow check",
    "system": "a shell", "popen": "a shell", "alloca": "unbounded stack",
    "tmpnam": "a race", "tempnam": "a race", "mktemp": "a race",
    "setjmp": "hidden control flow", "longjmp": "hidden control flow",
}
CALL = re.compile(r"(?<![\w.>])(" + "|".join(BANNED) + r")\s*\(")
NOT_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def blank(match):
    """The same number of lines, without what comments and literals say."""
    return re.sub(r"[^\n]", " ", match.group())


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    found = False
    for room in ("common", "client", "server", "tests"):
        for path in sorted((root / room).rglob("*.[ch]")):
            code = NOT_CODE.sub(blank, path.read_text(encoding="utf-8"))
            for number, line in enumerate(code.splitlines(), 1):
                for call in CALL.finditer(line):
                    found = True
                    print(f"{path.relative_to(root)}:{number}: {call[1]}() is banned: {BANNED[call[1]]}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
