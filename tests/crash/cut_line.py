#!/usr/bin/env python3
"""The line between daemon and PostgreSQL is cut at random bytes and around COMMIT."""
import contextlib
import random
import urllib.parse

from clerks import Clerks, desk
from killing import SEED, rounds
from line import PORT, Line, random_cut
from tributary_harness import SLOWNESS, Suite, check, cluster, comment, expect_status

chance = random.Random(f"cut_line {SEED}")


class Cutting:
    """What the line does; none cuts while `calm`."""
    calm, kinds = True, None

    def __call__(self, role, number):
        if self.calm:
            return None
        if self.kinds:
            return chance.choice(self.kinds), chance.randint(1, 8)
        if role == "tributaryd writer":
            return random_cut(chance)
        return ("bytes down", chance.randint(1, 200000)) if chance.random() < 0.5 else None


@contextlib.contextmanager
def desk_behind_a_line():
    with desk(cluster) as d:
        plan = Cutting()
        line = Line(f"{d.service.cluster.socket}/.s.PGSQL.{PORT}", plan)
        try:
            d.service.stop()
            database = d.service.database
            query = urllib.parse.urlencode({"host": str(line.folder), "user": "tributary_daemon", "port": PORT})
            d.service.environment["TRIBUTARY_DATABASE_URL"] = f"postgresql:///{database}?{query}"
            d.service.start()
            d.line, d.cutting = line, plan
            yield d
        finally:
            line.close()


suite = Suite(desk_behind_a_line)


def work_under_cuts(d, clerks, cuts, kinds=None):
    before = sum(d.line.cuts.values())
    d.cutting.kinds = kinds
    with clerks:
        clerks.wait_for_more(10)
        d.cutting.calm = False
        d.service.sql("select pg_terminate_backend(pid) from pg_stat_activity"
                      " where application_name like 'tributaryd%' and datname = current_database()")
        tries = 0
        while sum(d.line.cuts.values()) < before + cuts:
            tries += 1
            check(tries < 40 * SLOWNESS, f"only {d.line.cuts} cuts; {clerks.counts}")
            clerks.pause(0.5)
        d.cutting.calm = True
        d.service.sql("select pg_terminate_backend(pid) from pg_stat_activity"
                      " where application_name like 'tributaryd%' and datname = current_database()")
        clerks.wait_for_more(len(clerks.clerks))
    clerks.settle()
    clerks.check_books()
    check(d.service.is_alive(), "the daemon ended")


@suite.test(seconds=120)
def cut_anywhere_nothing_is_lost_or_doubled(d):
    clerks = Clerks(d, 8, years=("112", "113"))
    for _ in range(rounds(2)):
        work_under_cuts(d, clerks, 25)
    clerks.check_answers()
    clerks.tell()
    comment(d.line.cuts)


@suite.test(seconds=120)
def a_commit_whose_answer_is_lost_is_found_again(d):
    clerks = Clerks(d, 8, years=("114", "115"))
    work_under_cuts(d, clerks, 40, ["after commit", "with commit", "before commit"])
    clerks.check_answers()
    clerks.tell()
    comment(d.line.cuts)
    expect_status(d.geo.get("/v1/plans"), 200)


if __name__ == "__main__":
    suite.run()
