#!/usr/bin/env python3
"""Several daemons on one database: who accepts, who returns and who corrects at once, each asks another one."""
import concurrent.futures
import contextlib
import copy
import random
import threading
import time

from clerks import LONGEST_WAIT, desk
from desk import OFFICES, YEARS, annual
from killing import SEED, rounds
from reviewers import Crew
from tributary_harness import SLOWNESS, Client, Suite, check, cluster, comment, equal, expect_status, free_port

DAEMONS = 3


@contextlib.contextmanager
def desk_of_several():
    with desk(cluster) as d, contextlib.ExitStack() as stack:
        d.ports = [d.service.port]
        for number in range(1, DAEMONS):
            more = copy.copy(d.service)
            more.port, more.log_path, more.process = free_port(), d.service.folder / f"daemon-{number}.log", None
            more.environment = {**d.service.environment, "TRIBUTARY_PORT": str(more.port)}
            more.start()
            stack.callback(more.stop)
            d.ports.append(more.port)
        yield d


suite = Suite(desk_of_several)


@suite.test(seconds=150)
def accepting_returning_and_correcting_at_once_leaves_one_lawful_order(d):
    crew = Crew(d, OFFICES[:6], ("112", "113"), d.ports)
    for _ in range(rounds(2)):
        with crew:
            crew.wait_for_more(500, 60 * SLOWNESS)
        crew.check_books()
    crew.check_states()
    comment(f"{ {kind: len(one) for kind, one in crew.acknowledged.items()} } acknowledged; {crew.counts}")


def at_once(*calls):
    """The answers of calls that begin together."""
    gate = threading.Barrier(len(calls))

    def wait_and(call):
        gate.wait(10)
        return call()
    with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(wait_and, calls))


@suite.test(seconds=150)
def of_an_acceptance_a_return_and_a_correction_at_once_the_answers_tell_one_story(d):
    chance = random.Random(f"race_reviews {SEED}")
    people = [d.service.login("geo", label=f"geo {number}") for number in range(3)]
    stories = {}
    for number, (year, office) in enumerate([(year, office) for year in YEARS for office in OFFICES][:rounds(36)]):
        first = d.accepted(annual(office, year))
        path = f"/v1/submissions/{first['submission']}"
        tag = d.geo.get(path).header("etag")
        match = {"If-Match": tag} if number % 2 else {}

        def at(port, person, method, *rest, **more):
            client = Client(port, person.token, LONGEST_WAIT)
            return lambda: client.request(method, *rest, **more)
        ports = chance.sample(d.ports, DAEMONS)
        accept, back, correction = at_once(
            at(ports[0], people[0], "POST", f"{path}/reviews", {"outcome": "accept"}, match),
            at(ports[1], people[1], "POST", f"{path}/reviews", {"outcome": "return", "reason": "請更正", "cells": [
                "fields.general.gm2h.m"]}, match),
            at(ports[2], d.office(office), "POST", f"{d.base}/submissions", annual(office, year, 1, **{"general.gm2h.f": 80})))
        story = (accept.status, back.status, correction.status)
        stories[story] = stories.get(story, 0) + 1
        check(all(one.status < 500 for one in (accept, back, correction)), f"{accept} {back} {correction}")
        said = expect_status(d.geo.get(f"{path}/reviews"), 200).json["reviews"]
        equal(len(said), sum(one.status == 201 for one in (accept, back)), f"reviews recorded: {story}")
        if match:
            check(not (accept.status == 201 and back.status == 201), f"both saw the same state: {story}")
        if correction.status == 201:
            equal((accept.status, back.status in (201, 409, 412)), (accept.status if accept.status in (409, 412) else 0, True),
                  f"corrected after acceptance: {story}")
        else:
            equal(accept.status, 201, f"refused though nobody had accepted: {story} {correction}")
    comment(f"(accept, return, correct): {stories}")


@suite.test(seconds=100)
def a_review_at_one_daemon_shows_at_the_others_within_a_second(d):
    clients = [Client(port, d.geo.token, LONGEST_WAIT) for port in d.ports]
    for office in OFFICES[:4]:
        receipt = d.accepted({"form": "webpage", "office": office, "period": "114", "fields": {"updates": 1}})
        path = f"/v1/submissions/{receipt['submission']}"
        shown = [client.get(f"{d.base}/rollups/webpage", period="114", by="city", basis="official").json for client in clients]
        before = shown[0]["units"][0]["reported"]
        expect_status(clients[0].post(f"{path}/reviews", {"outcome": "accept"}), 201)
        deadline = time.monotonic() + 1 * SLOWNESS
        while True:
            states = [client.get(path).json["review"]["state"] for client in clients]
            reported = [client.get(f"{d.base}/rollups/webpage", period="114", by="city", basis="official").json["units"][0]["reported"]
                        for client in clients]
            if states == ["official"] * DAEMONS and reported == [before + 1] * DAEMONS:
                break
            check(time.monotonic() < deadline, f"after a second: {states} {reported}")
            time.sleep(0.02)


@suite.test
def after_all_of_this_the_log_holds(d):
    done = d.service.command("verify", check=False, timeout=120)
    equal(done.returncode, 0, f"{done.stdout.decode()[-500:]}{done.stderr.decode()[-500:]}")


if __name__ == "__main__":
    suite.run()
