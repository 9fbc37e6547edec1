"""A desk whose daemon mails to a server of the tests: people with accounts, reviews by hand, a plan due around today."""
import contextlib
import copy
import datetime
import itertools
import json
import time

import mail_server
import tributary_harness as harness
from desk import PLAN_FILE, Desk

_count = itertools.count(1)
ZONE = datetime.timezone(datetime.timedelta(hours=8))


def today():
    return datetime.datetime.now(ZONE).date()


def due_plan(**days):
    """The Taoyuan plan in which nothing is due but the forms named (_ for -): for year 114 in so many days, for other years
    on the same day of theirs."""
    plan = json.loads(PLAN_FILE.read_text(encoding="utf-8"))
    plan["calendar"]["move_to_working_day"] = False
    plan.pop("duties", None)  # which count on the dates that are taken away here
    for form in plan["forms"]:
        left = days.get(form["code"].replace("-", "_"))
        if left is None:
            form["due"] = []
        for due in form["due"]:
            day = today() + datetime.timedelta(days=left)
            due["month"], due["day"], due["year_offset"] = day.month, day.day, day.year - (114 + 1911)
    return plan


class MailDesk(Desk):
    def __init__(self, service, server):
        super().__init__(service)
        self.mail = server
        self.people = {}

    def person(self, login, role, office=None, language="zh", name=None, email=...):
        """An account with an address of its own; its id."""
        arguments = ["account", "add", login, "--role", role, "--name", name or f"{login} 承辦", "--language", language]
        if office:
            arguments += ["--office", office]
        if email is ...:
            email = address(login)
        if email:
            arguments += ["--email", email]
        self.service.command(*arguments)
        self.people[login] = self.service.sql(f"select account from tributary.account where login = '{login}'")
        return self.people[login]

    def as_person(self, login):
        """A client with a token that belongs to the account."""
        role, office = self.service.sql(
            f"select role || '|' || coalesce(office, '') from tributary.account where login = '{login}'").split("|")
        return self.service.client(self.service.add_token(role, office or None, extra=("--account", login)))

    def queue(self, logins, each):
        """So many mails for each of the people, as if they had been made; each says something of its own."""
        listed = ", ".join(f"'{login}'" for login in logins)
        self.service.sql(f"""
            insert into tributary.mail (mail, jurisdiction, account, kind, dedupe, facts, give_up_at)
            select gen_random_uuid(), a.jurisdiction, a.account, 'digest', 'test/{next(_count)}/' || n,
                jsonb_build_object('plan', '{self.plan}', 'made_at', n::bigint * 1000000, 'groups', '[]'::jsonb, 'sequence', n,
                    'head', repeat('0', 64)), clock_timestamp() + interval '1 day'
            from tributary.account a, generate_series(1, {each}) n where a.login in ({listed}) order by n, a.login""")

    @contextlib.contextmanager
    def unmailed(self):
        """The daemon without a mail server: what is recorded is mailed, all at once, when it is started again."""
        settings = self.service.environment
        url, running = settings["TRIBUTARY_SMTP_URL"], self.service.process is not None
        for value in ("", url):
            if running:
                self.service.stop()
            settings["TRIBUTARY_SMTP_URL"], running = value, True
            self._logins.clear()  # whose connections ended with it
            if value == "":
                self.service.start()
                yield

    def second(self):
        """Another daemon on the same database, not started yet."""
        other = copy.copy(self.service)
        other.port = harness.free_port()
        other.log_path = self.service.folder / f"daemon-{other.port}.log"
        other.environment = {**self.service.environment, "TRIBUTARY_PORT": str(other.port)}
        other.process = None
        return other

    def wait_all_sent(self, within=60, but="sent"):
        deadline = time.monotonic() + within
        while True:
            left = self.service.sql(f"select state, count(*) from tributary.mail where state not in ('sent', '{but}') group by 1")
            if not left:
                return
            if time.monotonic() > deadline:
                raise AssertionError(f"not sent within {within} s: {left}")
            time.sleep(0.2)

    def review(self, submission, outcome="accept", client=None, **more):
        """A review by 性平辦, or by `client`; the answer."""
        reply = (client or self.geo).post(f"/v1/submissions/{submission}/reviews", {"outcome": outcome, **more})
        return harness.expect_status(reply, 201).json

    def wait_making(self, within=20):
        """Until the daemon came by for the first time: what is recorded from then on is mailed."""
        deadline = time.monotonic() + within
        while self.service.sql("select count(*) from tributary.mail_cursor") == "0":
            if time.monotonic() > deadline:
                raise AssertionError(f"no mail was made within {within} s\n{self.service.log_tail()}")
            time.sleep(0.05)

    def states(self):
        """{(login, kind): state} of every mail."""
        rows = self.service.sql("select a.login || '|' || m.kind || '|' || m.state from tributary.mail m"
                                " join tributary.account a using (account) order by m.place").splitlines()
        return {(row.split("|")[0], row.split("|")[1]): row.split("|")[2] for row in rows}

    def wait_state(self, login, kind, state, within=20):
        deadline = time.monotonic() + within
        while self.states().get((login, kind)) != state:
            if time.monotonic() > deadline:
                raise AssertionError(f"{login} {kind} isn't {state} within {within} s: {self.states()}")
            time.sleep(0.1)

    def column(self, login, kind, column):
        return self.service.sql(f"select coalesce({column}::text, '') from tributary.mail m join tributary.account a"
                                f" using (account) where a.login = '{login}' and m.kind = '{kind}' order by m.place desc limit 1")


def address(login):
    return f"{login}@example.test"


@contextlib.contextmanager
def mail_desk(plan=None, settings=None, start=True, sample=False, **server):
    with mail_server.mail_server(**server) as mail:
        with harness.cluster() as cluster:
            service = harness.Service(cluster, mail.settings(**(settings or {})), migrate=False)
            try:
                service.migrate(*(["--sample"] if sample else []))
                service.load_plan(plan if plan is not None else PLAN_FILE)
                if start:
                    service.start()
                yield MailDesk(service, mail)
            finally:
                service.close()
