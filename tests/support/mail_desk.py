"""A desk whose daemon mails to a server of the tests: people with accounts, reviews by hand, a plan due around today."""
import contextlib
import datetime
import json
import uuid

import mail_server
import tributary_harness as harness
from desk import PLAN_FILE, Desk

ZONE = datetime.timezone(datetime.timedelta(hours=8))
NOBODY = "00000000-0000-0000-0000-000000000000"


def today():
    return datetime.datetime.now(ZONE).date()


def due_plan(**days):
    """The Taoyuan plan with all forms due in a far year but those named (_ for -), which for year 114 are due in so many days."""
    plan = json.loads(PLAN_FILE.read_text(encoding="utf-8"))
    plan["calendar"]["move_to_working_day"] = False
    for form in plan["forms"]:
        left = days.get(form["code"].replace("-", "_"))
        for due in form["due"]:
            day = today() + datetime.timedelta(days=left or 0)
            due["month"], due["day"] = day.month, day.day
            due["year_offset"] = day.year - (114 + 1911) if left is not None else 40
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

    def review(self, submission, outcome="accept", stage="geo", reason=None, cells=(), official=False, passed=1,
               break_glass=False):
        """A review as the daemon would record it, but without an entry in the log; its id."""
        review, listed = str(uuid.uuid4()), ", ".join(f"'{one}'" for one in cells)
        quoted = "null" if reason is None else "$r$" + reason + "$r$"
        self.service.sql(f"""
            begin;
            update tributary.log_head set sequence = sequence + 1;
            insert into tributary.review (review, jurisdiction, office, revision, submission, number, submitter, stage, place,
                outcome, official, passed, reason, cells, break_glass, actor, actor_role, sequence, recorded_at)
            select '{review}', r.jurisdiction, r.office, r.id, r.submission, r.number, r.token, '{stage}', 1, '{outcome}',
                {official}, {passed}, {quoted}, array[{listed}]::text[], {break_glass}, '{NOBODY}', 'geo', h.sequence,
                clock_timestamp()
            from tributary.revision r join tributary.log_head h using (jurisdiction) where r.id = '{submission}';
            commit""")
        return review

    def states(self):
        """{(login, kind): state} of every mail."""
        rows = self.service.sql("select a.login || '|' || m.kind || '|' || m.state from tributary.mail m"
                                " join tributary.account a using (account) order by m.place").splitlines()
        return {(row.split("|")[0], row.split("|")[1]): row.split("|")[2] for row in rows}

    def wait_state(self, login, kind, state, within=20):
        import time  # pylint: disable=import-outside-toplevel
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
