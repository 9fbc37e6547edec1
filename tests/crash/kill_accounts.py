#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while people sign in and accounts change: what was acknowledged stays, once."""
import contextlib
import itertools
import pathlib
import random
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from clerks import BROKEN, SEED, rounds  # noqa: E402
from desk import GUISHAN, PLAN_FILE, Desk  # noqa: E402
from people import PASSWORD, People  # noqa: E402
from tributary_harness import Suite, check, comment, equal, service  # noqa: E402


@contextlib.contextmanager
def desk_of_people():
    with service(PLAN_FILE) as held:
        d = Desk(held)
        d.people = People(held)
        yield d


suite = Suite(desk_of_people)


class Worker:
    """Does one thing after the other, and keeps what was acknowledged; what isn't answered is asked again."""

    def __init__(self):
        self.acknowledged, self.troubles, self.resting = [], [], threading.Event()
        self.thread = threading.Thread(target=self.work, daemon=True)

    def ask(self, client, method, path, body=None, headers=None):
        """The answer, or None if the line broke."""
        while not self.resting.is_set():
            try:
                reply = client.request(method, path, body, headers)
            except BROKEN:
                client.forget()
                time.sleep(0.03)
                return None
            if reply.status not in (429, 503):
                return reply
            time.sleep(0.02)
        return None

    def work(self):
        for number in itertools.count(1):
            if self.resting.is_set():
                return
            self.turn(number)


class Visitor(Worker):
    """Signs in and out, now and then with a wrong password."""

    def __init__(self, d, login):
        super().__init__()
        self.d, self.login, self.failures = d, login, 0

    def turn(self, number):
        browser = self.d.people.browser()
        wrong = number % 7 == 0
        reply = self.ask(browser, "POST", "/v1/session", {"login": self.login, "password": "wrong wrong wrong" if wrong else PASSWORD})
        if reply is None:
            return
        if reply.status != (401 if wrong else 201):
            self.troubles.append(str(reply))
        elif wrong:
            self.failures += 1
        else:
            self.acknowledged.append((reply.json["session"], False))
            if number % 2 and (reply := self.ask(browser, "DELETE", "/v1/session")) is not None and reply.status == 200:
                self.acknowledged[-1] = (self.acknowledged[-1][0], True)


class Administrator(Worker):
    """Makes accounts and tokens, and changes them."""

    def __init__(self, d):
        super().__init__()
        self.client = d.service.client(d.login("admin").token, 60)
        self.tokens = []

    def turn(self, number):
        body = {"login": f"made.{number}", "name": f"第 {number} 人", "role": "office", "office": GUISHAN}
        reply = self.ask(self.client, "POST", "/v1/accounts", body, {"Idempotency-Key": f"account-{number}"})
        while reply is None and not self.resting.is_set():
            reply = self.ask(self.client, "POST", "/v1/accounts", body, {"Idempotency-Key": f"account-{number}"})
        if reply is None:
            return
        if reply.status not in (200, 201):
            self.troubles.append(str(reply))
            return
        account, version = reply.json["account"], reply.json["version"]
        reply = self.ask(self.client, "PATCH", f"/v1/accounts/{account}", {"disabled": True, "reason": "x"}, {"If-Match": f'"{version}"'})
        self.acknowledged.append((account, reply is not None and reply.status == 200))
        reply = self.ask(self.client, "POST", "/v1/tokens", {"role": "geo", "label": f"t{number}"})
        if reply is not None and reply.status == 201:
            self.tokens.append(reply.json["token"])


@suite.test(seconds=900)
def nothing_acknowledged_about_accounts_is_lost_by_kills(d):
    chance = random.Random(SEED)
    logins = [d.people.make("office", GUISHAN) for _ in range(3)]
    workers = [Visitor(d, login) for login in logins] + [Administrator(d)]
    for worker in workers:
        worker.thread.start()
    kills = rounds(12)
    for _ in range(kills):
        time.sleep(chance.uniform(0.3, 1.2))
        d.service.process.kill()
        d.service.process.wait(30)
        d.service.start()
    time.sleep(1)
    for worker in workers:
        worker.resting.set()
        worker.thread.join(60)
        check(not worker.thread.is_alive(), "a worker has no answer")
        equal(worker.troubles, [], "answers that make no sense")
    *visitors, admin = workers
    for visitor in visitors:
        for session, ended in visitor.acknowledged:
            row = d.service.sql(f"select ended_at is not null from tributary.session where session = '{session}'")
            check(row == "t" or (row == "f" and not ended), f"session {session}: ended {ended}, stored {row!r}")
    for account, disabled in admin.acknowledged:
        row = d.service.sql(f"select disabled_at is not null from tributary.account where account = '{account}'")
        check(row == "t" or (row == "f" and not disabled), f"account {account}: disabled {disabled}, stored {row!r}")
    equal(d.service.sql("select count(*), count(distinct login) from tributary.account where login like 'made.%'").split("|")[0],
          d.service.sql("select count(distinct login) from tributary.account where login like 'made.%'"), "accounts, once")
    for token in admin.tokens:
        equal(d.service.sql(f"select count(*) from tributary.token where token = '{token}'"), "1", "tokens")
    done = d.service.command("verify", check=False, timeout=300)
    equal(done.returncode, 0, done.stdout.decode()[-500:])
    comment(f"{kills} kills; {sum(len(v.acknowledged) for v in visitors)} sign-ins, {sum(v.failures for v in visitors)} failures, "
            f"{len(admin.acknowledged)} accounts, {len(admin.tokens)} tokens acknowledged")


if __name__ == "__main__":
    suite.run()
