#!/usr/bin/env python3
"""The daemon is killed (SIGKILL) while people sign in and accounts change: what was acknowledged stays, once."""
import contextlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, PLAN_FILE, Desk  # noqa: E402
from killing import Act, Actor, hold_through_kills  # noqa: E402
from people import PASSWORD, People  # noqa: E402
from tributary_harness import Suite, check, equal, service  # noqa: E402


@contextlib.contextmanager
def desk_of_people():
    with service(PLAN_FILE) as held:
        d = Desk(held)
        d.people = People(held)
        yield d


suite = Suite(desk_of_people)


def check_ended(actor, acknowledged, query, what):
    """Each of `acknowledged`, (id, whether its end was answered), is stored, and ended if so; `query` says what ended. An end
    without an answer, which isn't asked for again, may stand or not."""
    stored = dict(actor.rows(query))
    for one, ended in acknowledged:
        found = stored.get(one)
        check(found == "t" or (found == "f" and not ended), f"{what} {one}: ended {ended}, stored {found!r}")


class Visitor(Actor):
    """Signs in and out, now and then with a wrong password."""
    thing = "visit"

    def __init__(self, d, login):
        super().__init__(d, name=login)
        self.login, self.sessions, self.failures = login, [], 0

    def turn(self, number):
        browser, wrong = self.d.people.browser(), number % 7 == 0
        body = {"login": self.login, "password": "wrong wrong wrong" if wrong else PASSWORD}
        reply = self.ask_once(Act("POST", "/v1/session", body), 401 if wrong else 201, browser)
        if reply is None:
            return
        if wrong:
            self.failures += 1
            return
        ended = number % 2 and self.ask_once(Act("DELETE", "/v1/session"), 200, browser)
        self.sessions.append((reply.json["session"], bool(ended)))

    def progress(self):
        return len(self.sessions) + self.failures

    def check_stored(self):
        check_ended(self, self.sessions, "select session, ended_at is not null from tributary.session", "session")

    def words(self):
        return f"{len(self.sessions)} sign-ins and {self.failures} failures of {self.login}"


class Administrator(Actor):
    """Makes accounts and tokens, and changes them."""
    thing = "account"
    # it's disabled soon, and how to set a password is told once
    moves_on = ("state", "version", "disabled_at", "disabled_reason", "reset_path", "reset_mailed")

    def __init__(self, d):
        super().__init__(d, d.service.client(d.login("admin").token, 60))
        self.accounts, self.tokens = [], []

    def turn(self, number):
        made = self.post("/v1/accounts", {"login": f"made.{number}", "name": f"第 {number} 人", "role": "office", "office": GUISHAN})
        if made is None:
            return
        disabled = self.ask_once(Act("PATCH", f"/v1/accounts/{made['account']}", {"disabled": True, "reason": "x"},
                                     {"If-Match": f'"{made["version"]}"'}), 200)
        self.accounts.append((made["account"], disabled is not None))
        token = self.ask_once(Act("POST", "/v1/tokens", {"role": "geo", "label": f"t{number}"}), 201)
        if token is not None:
            self.tokens.append(token.json["token"])

    def progress(self):
        return len(self.accounts)

    def check_stored(self):
        check_ended(self, self.accounts, "select account, disabled_at is not null from tributary.account", "account")
        made = [account for account, in self.rows("select account from tributary.account where login like 'made.%'")]
        equal(sorted(made), sorted(account for account, _ in self.accounts), "accounts, once")
        stored = [token for token, in self.rows("select token from tributary.token")]
        equal([stored.count(token) for token in self.tokens], [1] * len(self.tokens), "tokens")

    def words(self):
        return f"{len(self.accounts)} accounts, {len(self.tokens)} tokens"


@suite.test(seconds=900)
def nothing_acknowledged_about_accounts_is_lost_by_kills(d):
    visitors = [Visitor(d, d.people.make("office", GUISHAN)) for _ in range(3)]
    hold_through_kills(d, *visitors, Administrator(d), times=12, before=0, after=1, within=1)


if __name__ == "__main__":
    suite.run()
