#!/usr/bin/env python3
"""Hands in a new document, then reads the roll-up, over and over; each read is the first one after a change.

usage: after_change.py HOST:PORT FOLDER FORM ROLLUP_PATH SECONDS
prints: result MICROSECONDS READS P50 P99 (of the reads) P50 P99 (of the hand-ins); times in µs
"""

import http.client
import pathlib
import sys
import time

FIRST_YEAR, YEARS, QUARTERS = 100, 21, 4  # as inputs.py makes the plan


def exchange(connection, expected, *request):
    """The µs that one request takes."""
    began = time.perf_counter_ns()
    connection.request(*request)
    reply = connection.getresponse()
    body = reply.read()
    took = (time.perf_counter_ns() - began) // 1000
    if reply.status != expected:
        sys.exit(f"{request[0]} {request[1]} answered {reply.status}: {body[:300]!r}")
    return took


def percentile(times, part):
    return sorted(times)[min(len(times) - 1, len(times) * part // 100)]


def main():
    server, folder, form, rollup, seconds = sys.argv[1:]
    folder = pathlib.Path(folder)
    offices = [line.split() for line in (folder / "tokens").read_text(encoding="utf-8").splitlines()]
    fields = (folder / "fields").read_text(encoding="utf-8").splitlines()
    reader = {"Authorization": "Bearer " + (folder / "reader").read_text(encoding="utf-8").strip()}
    connection = http.client.HTTPConnection(server, timeout=30)
    reads, hand_ins = [], []
    began = time.perf_counter()
    while time.perf_counter() - began < float(seconds):
        turn, at = divmod(len(reads), len(offices))
        year, quarter = divmod(turn, QUARTERS)
        office, token = offices[at]
        body = (f'{{"form":"{form}","office":"{office}","period":"{FIRST_YEAR + year % YEARS}Q{quarter + 1}",'
                f'"base":{year // YEARS},"fields":{fields[(len(reads) + year // YEARS) % len(fields)]}}}')
        hand_ins.append(exchange(connection, 201, "POST", "/v1/plans/bench/submissions", body,
                                 {"Authorization": "Bearer " + token, "Content-Type": "application/json"}))
        reads.append(exchange(connection, 200, "GET", rollup, None, reader))
    print("result", round((time.perf_counter() - began) * 1e6), len(reads),
          *(percentile(times, part) for times in (reads, hand_ins) for part in (50, 99)))


if __name__ == "__main__":
    main()
