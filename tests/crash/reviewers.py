"""What the crash tests of reviews share: offices that correct without pause, reviewers who accept and return, meetings.

Everybody repeats with the same key what wasn't answered, and keeps what was. Afterwards the log is lived through again in
its order, by the model of tests/oracle/reviewing.py: each review and each correction must have been lawful when it came."""
import itertools
import json
import pathlib
import random
import sys
import threading
import time
import uuid

from clerks import LONGEST_WAIT

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "oracle"))

from desk import PLAN_FILE  # noqa: E402
from killing import BROKEN, SEED, verify  # noqa: E402
from reviewing import Handed, Said, Submission  # noqa: E402
from tributary_harness import SLOWNESS, Client, check, equal, expect_status  # noqa: E402

FORM = "budget-plan"
DEFINITION = next(form for form in json.loads(PLAN_FILE.read_text(encoding="utf-8"))["forms"] if form["code"] == FORM)
CELLS = ["tables.lines[1].gender_budget", "tables.lines[1].goal", "fields.total_budget", "tables.lines[2]", "tables.lines"]
OUTCOMES = {409: {"revision_conflict", "revision_replaced", "own_submission", "stage_not_next", "meeting_changed", "no_meeting",
                  "period_closed", "exists_already", "withdrawn"}, 412: {"precondition_failed"}, 422: {"findings_refused"}}


def plan_of(office, period, base, number, **changes):
    line = {"unit": "社會課", "category": "plan", "name": "計畫", "budget": 100000, "gender_budget": 50000, "goal": "宣導"}
    first = {**line, "no": "1", **{name: value for name, value in changes.items() if name in line}}
    return {"form": FORM, "office": office, "period": period, "base": base,
            "fields": {"total_budget": changes.get("total", 1000000)},
            "tables": {"lines": [first, {**line, "no": "2", "goal": changes.get("other", f"第 {number} 次")}]}}


class Person:
    """Somebody at work until told to rest; `step` says what they do next."""

    def __init__(self, crew, name, token):
        self.crew, self.name = crew, name
        self.chance, self.numbers = random.Random(f"{SEED} {name}"), itertools.count(1)
        self.clients = [Client(port, token, LONGEST_WAIT + 10) for port in crew.ports]

    def ask(self, method, path, body=None, headers=None):
        """One answer, however often it must be asked for; None when told to rest before there is one."""
        headers = {**(headers or {}), **({"Idempotency-Key": str(uuid.uuid4())} if method == "POST" else {})}
        deadline = time.monotonic() + 4 * LONGEST_WAIT
        while time.monotonic() < deadline:
            client = self.chance.choice(self.clients)
            try:
                reply = client.request(method, path, body=body, headers=headers)
            except BROKEN:
                client.forget()
                self.crew.count("broken")
                time.sleep(0.03)
                continue
            if reply.status not in (429, 503):
                return reply
            self.crew.count(str(reply.status))
            time.sleep(0.05)
        self.crew.trouble(f"{self.name}: no answer to {method} {path}")
        return None

    def take(self, reply, kind, body):
        """Notes what was recorded; anything that no lawful race explains is trouble."""
        if reply is None:
            return None
        code = reply.json.get("code") if reply.status >= 400 else None
        self.crew.count(f"{kind} {code or reply.status}")
        if reply.status in (200, 201):
            self.crew.acknowledge(kind, reply.json, body)
            return reply.json
        if code not in OUTCOMES.get(reply.status, ()):
            self.crew.trouble(f"{self.name}: {reply}")
        return None

    def work(self):
        while not self.crew.resting.is_set():
            self.step(next(self.numbers))


class Office(Person):
    """Hands in, and corrects what was returned or whatever it likes."""

    def __init__(self, crew, office):
        super().__init__(crew, f"office {office}", crew.desk.office(office).token)
        self.office, self.base = office, {}

    def step(self, number):
        period = self.chance.choice(self.crew.years)
        place, changes = (self.office, period), {}
        if self.chance.random() < 0.7:
            changes["gender_budget"] = self.chance.randint(1, 90000)
        if self.chance.random() < 0.3:
            changes["total"] = self.chance.randint(10 ** 6, 10 ** 7)
        held = self.base.get(place)
        document = plan_of(self.office, period, held or 0, number, **changes, **({} if self.chance.random() < 0.3 else {"other": "x"}))
        reply = self.ask("POST", f"{self.crew.desk.base}/submissions", document)
        receipt = self.take(reply, "hand-in", document)
        if receipt:
            self.base[place] = receipt["revision"]
            self.crew.know(receipt)
        elif reply is not None and reply.status == 409:
            self.base[place] = reply.json.get("current", {}).get("revision", held)


class Reviewer(Person):
    """Says something of what it knows: at the next stage or at an earlier one of its own."""

    def __init__(self, crew, role, number):
        super().__init__(crew, f"{role} {number}", crew.desk.service.add_token(role, label=f"{role} {number}"))
        self.role = role

    def step(self, number):
        place = self.crew.something(self.chance)
        if place is None:
            time.sleep(0.01)
            return
        shown = self.ask("GET", f"/v1/submissions/{place[0]}")
        if shown is None or shown.status != 200:
            return
        turns = shown.json["may"]["review"]
        if not turns:
            return
        turn = self.chance.choice(turns)
        outcome = "return" if self.chance.random() < 0.5 and "return" in turn["outcomes"] else turn["outcomes"][0]
        body = {"stage": turn["stage"], "outcome": outcome, "reason": f"{self.name} 第 {number} 次"}
        if outcome == "return" and self.chance.random() < 0.9:
            body["cells"] = self.chance.sample(CELLS, self.chance.randint(1, 2))
        if turn["meeting"]:
            body["meeting"] = self.crew.meetings[place[1]] if turn["stage"] == "task-group" else self.crew.board
        headers = {"If-Match": shown.header("etag")} if self.chance.random() < 0.5 else {}
        self.take(self.ask("POST", f"/v1/submissions/{place[0]}/reviews", body, headers), "review", body)


class Secretary(Person):
    """Records meetings of the council, one after the other."""

    def __init__(self, crew):
        super().__init__(crew, "secretary", crew.desk.service.add_token("geo", label="secretary"))

    def step(self, number):
        body = {"body": "council", "held_on": f"{2000 + number // 336 % 60}-{number // 28 % 12 + 1:02d}-{number % 28 + 1:02d}",
                "document_number": f"第 {number} 號"}
        self.take(self.ask("POST", f"{self.crew.desk.base}/meetings", body), "meeting", body)
        time.sleep(0.02)


class Crew:
    """Everybody at work, and what they were told."""

    def __init__(self, desk, offices, years, ports=None):
        self.desk, self.years, self.ports = desk, years, ports or [desk.service.port]
        self.lock, self.resting = threading.Lock(), threading.Event()
        self.acknowledged = {"hand-in": {}, "review": {}, "meeting": {}}
        self.counts, self.troubles, self.known, self.meetings = {}, [], {}, {}
        for office in offices:
            self.meetings[office] = desk.accepted({"form": "task-group-meeting", "office": office, "period": "112", "fields": {
                "date": "2023-04-20", "kind": "regular", "members": 12, "present.m": 5, "present.f": 5}})["submission"]
        self.board = expect_status(desk.geo.post(f"{desk.base}/meetings", {"body": "promotion-group", "held_on": "2099-05-20"}),
                                   200, 201).json["meeting"]
        self.people = [*(Office(self, office) for office in offices), *(Reviewer(self, "geo", number) for number in (1, 2)),
                       Reviewer(self, "dbas", 1), Secretary(self)]

    def know(self, receipt):
        with self.lock:
            self.known[receipt["office"], receipt["period"]] = (receipt["submission"], receipt["office"])

    def something(self, chance):
        with self.lock:
            return chance.choice(list(self.known.values())) if self.known else None

    def acknowledge(self, kind, answer, body):
        identity = answer[{"hand-in": "submission", "review": "review", "meeting": "meeting"}[kind]]
        with self.lock:
            self.acknowledged[kind].setdefault(identity, (answer, body))

    def count(self, name):
        with self.lock:
            self.counts[name] = self.counts.get(name, 0) + 1

    def trouble(self, words):
        with self.lock:
            self.troubles.append(words)

    def total(self):
        return sum(len(one) for one in self.acknowledged.values())

    def __enter__(self):
        self.resting.clear()
        self.threads = [threading.Thread(target=person.work, daemon=True) for person in self.people]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.resting.set()
        for thread in self.threads:
            thread.join(5 * LONGEST_WAIT)
            check(not thread.is_alive(), "a request has no answer")

    def wait_for_more(self, count, within=30 * SLOWNESS):
        wanted, deadline = self.total() + count, time.monotonic() + within
        while self.total() < wanted:
            check(time.monotonic() < deadline, f"no {count} more in {within} s: {self.counts} {self.troubles[:3]}")
            time.sleep(0.01)

    # ---- afterwards

    def check_books(self):
        """What was acknowledged is stored, once, and nothing else; the log holds, and it was lawful step by step."""
        equal(self.troubles[:5], [], "answers that must not be")
        sql = self.desk.service.sql
        stored = {"hand-in": sql(f"select r.id from tributary.revision r join tributary.submission s using (submission) "
                                 f"where s.form = '{FORM}'"),
                  "review": sql("select review from tributary.review"),
                  "meeting": sql("select meeting from tributary.meeting where body = 'council'")}
        for kind, ids in stored.items():
            ids = set(ids.split())
            equal(sorted(ids - set(self.acknowledged[kind])), [], f"{kind}s stored that nobody was told of")
            equal(sorted(set(self.acknowledged[kind]) - ids), [], f"{kind}s acknowledged and lost")
        for column, table in (("reason", "review"), ("document_number", "meeting where body = 'council'")):
            equal(sql(f"select {column} from tributary.{table} group by 1 having count(*) > 1"), "", f"{table} stored twice")
        verify(self.desk.service)
        faults = live_again(sql)
        equal(faults[:5], [], "steps that were not lawful")

    def check_states(self):
        """What is answered now is what the model has come to."""
        for (office, period), (identity, _) in self.known.items():
            reply = expect_status(self.desk.geo.get(f"/v1/submissions/{identity}"), 200).json
            submission = self.lived[office, period]
            newest = expect_status(self.desk.geo.get(f"/v1/submissions/{submission.current.identity}"), 200).json
            official = submission.official()
            equal((newest["review"]["state"], newest["review"]["official"] and newest["review"]["official"]["revision"]),
                  (submission.current.state(), official and official.number), f"{office} {period}")
            check(reply["revision"] <= submission.current.number, "a revision that isn't there")

    @property
    def lived(self):
        held = {}
        live_again(self.desk.service.sql, held)
        return held


def place_of(path):
    """The model's place of one of CELLS."""
    kind, rest = path.split(".", 1)
    if kind == "fields":
        return "field", rest
    table, _, rest = rest.partition("[")
    row, _, column = rest.partition("]")
    return "table", table, row or None, column.removeprefix(".") or None


def live_again(sql, held=None):
    """Sentences about what was recorded though it was not lawful then."""
    held, faults = {} if held is None else held, []
    events = sql(
        "select json_build_object('at', r.sequence, 'office', s.office, 'period', s.period, 'number', r.number, 'id', r.id, "
        "'actor', r.token, 'document', r.document::json, 'passed', b.passed) from tributary.revision r "
        "join tributary.submission s using (submission) left join tributary.review_start b on b.revision = r.id "
        f"where s.form = '{FORM}' union all select json_build_object('at', v.sequence, 'office', v.office, 'period', s.period, "
        "'number', v.number, 'stage', v.stage, 'place', v.place, 'outcome', v.outcome, 'cells', v.cells, 'actor', v.actor, "
        "'role', v.actor_role, 'official', v.official, 'after', v.passed) from tributary.review v "
        "join tributary.submission s using (submission)").splitlines()
    for event in sorted(map(json.loads, events), key=lambda one: one["at"]):
        submission = held.setdefault((event["office"], event["period"]), Submission(DEFINITION, event["office"]))
        where = f"{event['office']} {event['period']}, entry {event['at']}"
        if "document" in event:
            named, start = submission.judge(event["document"], None) if submission.revisions else (set(), None)
            if named or start != event["passed"]:
                faults.append(f"{where}: {sorted(named)} changed; begins with {event['passed']}, should with {start}")
            submission.revisions.append(Handed(DEFINITION, event["number"], event["id"], event["document"], True, False, event["actor"],
                                               event["at"], start=event["passed"]))
            continue
        revision = submission.revisions[event["number"] - 1]
        reasons = submission.may(revision, event["stage"], event["outcome"],
                                 (event["role"], event["actor"], event["office"], False))
        cells = tuple(place_of(one) for one in event["cells"])
        revision.said.append(Said(event["stage"], event["place"], event["outcome"], cells, event["actor"], None,
                                  event["official"], event["at"], event["at"], False))
        if reasons or revision.passed() != event["after"]:
            faults.append(f"{where}: {event['outcome']} of revision {event['number']} at {event['stage']}: {sorted(reasons)}")
    return faults
