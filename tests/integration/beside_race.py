#!/usr/bin/env python3
"""A report is recorded only beside what it was judged beside, however quickly the other forms change."""
import concurrent.futures
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import OFFICES, desk  # noqa: E402
from tributary_harness import Suite, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
ROUNDS = 40


def page(office, updates, base):
    return {"form": "webpage", "office": office, "period": "113", "base": base, "fields": {"updates": updates}}


def report(office, updates, base):
    return {"form": "annual-report", "office": office, "period": "113", "base": base,
            "fields": {"webpage.updates": updates, "review.findings": f"{base}"}}


def change_and_report(d, office):
    """One person goes on correcting the page's form, another reports what it said a moment ago; the receipts of reports."""
    d.accepted(page(office, 0, 0))
    latest, ended, taken = [0], threading.Event(), []

    def correct():
        for number in range(1, ROUNDS + 1):
            d.accepted(page(office, number, number))
            latest[0] = number
        ended.set()

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        correcting = pool.submit(correct)
        while not ended.is_set():
            reply = expect_status(d.post(report(office, latest[0], len(taken))), 201, 422, 503)
            if reply.status == 201:
                taken.append((reply.json["recorded_at"], latest_said(reply, d)))
        correcting.result()
    last = expect_status(d.post(report(office, ROUNDS, len(taken))), 201)
    return [*taken, (last.json["recorded_at"], latest_said(last, d))]


def latest_said(reply, d):
    document = expect_status(d.geo.get(f"/v1/submissions/{reply.json['submission']}"), 200).json["document"]
    return document["fields"]["webpage.updates"]


@test
def no_report_is_recorded_that_another_form_contradicts_at_that_moment(d):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for office, reports in zip(OFFICES[:4], pool.map(lambda one: change_and_report(d, one), OFFICES[:4])):
            for recorded_at, said in reports:
                unit = d.unit("webpage", "113", office, by="office", as_of=recorded_at)
                equal(unit["elements"]["updates"]["value"], said, f"{office} at {recorded_at}")


if __name__ == "__main__":
    suite.run()
