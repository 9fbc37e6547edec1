#!/usr/bin/env python3
"""A restart of PostgreSQL between two requests is nobody's failure: idle connections that it ended are made again first."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, desk  # noqa: E402
from tributary_harness import Suite, check, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test


@test
def every_first_request_after_idle_connections_were_ended_succeeds(d):
    for _ in range(5):
        for _ in range(12):
            expect_status(d.geo.get(f"{d.base}/obligations", year="113", office=GUISHAN), 200)
        ended = d.service.sql("select count(pg_terminate_backend(pid, 2000)) from pg_stat_activity"
                              " where application_name = 'tributaryd worker' and datname = current_database()")
        check(int(ended) >= 1, "no idle connection to end")
        for _ in range(12):
            expect_status(d.geo.get("/v1/plans"), 200)
            expect_status(d.geo.get(f"{d.base}/obligations", year="113", office=GUISHAN), 200)


if __name__ == "__main__":
    suite.run()
