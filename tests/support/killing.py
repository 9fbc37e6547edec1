"""The frame of the kill tests: acts are sent without pause, the daemon is killed among them, and the books must agree.

A suite says what is its own in a subclass of Actor: which acts it sends (`turn`), how what is recorded is held against what was
answered (`check_stored`), in a few words what there was (`words`). `hold_through_kills` does the rest. It promises that

  - every kill falls among acts: so many were answered since the one before. Of two kills one falls at a random moment, the other
    the moment that an answer came: what was answered must stand already;
  - an act that isn't answered (the line broke, or 429 or 503 said to come again) is sent again with the same Idempotency-Key
    until it is, and any other answer, or a turn that raises, fails the test;
  - only the answer to an act that was sent before may say that it is a replay;
  - afterwards a key that is sent once more gives the answer that it gave, but for what has moved on since (`moves_on`), and says
    that it does; only then `check_stored` counts what stands;
  - with clerks, the hand-ins between which all this happened are each there exactly once; `tributaryd verify` finds no fault.

Settings:

    TRIBUTARY_CRASH_SEED    seed of every chance (default 1)
    TRIBUTARY_CRASH_ROUNDS  rounds of each test, instead of its own number
"""
import contextlib
import dataclasses
import http.client
import itertools
import os
import random
import signal
import threading
import time
import traceback
import uuid

from tributary_harness import SLOWNESS, check, comment, equal

SEED = int(os.environ.get("TRIBUTARY_CRASH_SEED", "1"))
BROKEN = (OSError, http.client.HTTPException)


def rounds(usual):
    return int(os.environ.get("TRIBUTARY_CRASH_ROUNDS", usual))


@dataclasses.dataclass
class Act:
    """One request that records something, and its answer."""
    method: str
    path: str
    body: dict = None
    headers: dict = None
    answer: dict = None

    def send(self, client):
        return client.request(self.method, self.path, self.body, self.headers)


class Actor:
    """Somebody who takes one turn after the other, in a thread of their own, until told to rest."""
    thing = "act"  # what there are no more of, when there aren't
    come_again = (429, 503)
    patience = 30  # seconds for so many more as a test waits for
    longest = 60  # seconds until the last turn has its answers
    moves_on = ()  # members of an answer that say how things stand now: when it is given again, they may say something else

    def __init__(self, d, client=None, name=""):
        self.d, self.client = d, client or d.service.client(d.geo.token, 60)
        self.chance = random.Random(f"{type(self).__name__} {name} {SEED}")
        self.acts, self.troubles, self.attempts = [], [], 0
        self.resting = threading.Event()
        self.thread = threading.Thread(target=self.work, daemon=True)

    # -- what a suite says

    def turn(self, number):
        """One turn of acts; the first has number 1."""
        raise NotImplementedError

    def progress(self):
        """How much was answered: what a test waits for more of."""
        return len(self.acts)

    def check_stored(self):
        """What stands in the database is what was answered: no less, no more, nothing half."""
        raise NotImplementedError

    def words(self):
        return f"{self.progress()} {self.thing}s"

    # -- what a turn is made of

    def attempt(self, act, client=None):
        """The reply; None if the line broke or the daemon said to come again, after a moment."""
        client = client or self.client
        self.attempts += 1
        try:
            reply = act.send(client)
        except BROKEN:
            client.forget()
            time.sleep(0.03)
            return None
        if reply.status in self.come_again:
            time.sleep(0.05)
            return None
        return reply

    def ask(self, method, path, body, headers=None, keyed=True):
        """The JSON of the answer, however often it must be asked for with the same key; None if it was none that may be."""
        key = {"Idempotency-Key": str(uuid.uuid4())} if keyed else {}
        act = Act(method, path, body, {**key, **(headers or {})})
        before = self.attempts
        while (reply := self.attempt(act)) is None:
            pass
        if reply.status not in (200, 201) or (self.attempts == before + 1 and is_replay(reply)):
            self.troubles.append(str(reply))
            return None
        act.answer = reply.json
        self.acts.append(act)
        return act.answer

    def ask_once(self, act, status, client=None):
        """The reply to one attempt; None if there was none, or none that may be."""
        reply = self.attempt(act, client)
        if reply is not None and reply.status != status:
            self.troubles.append(str(reply))
            return None
        return reply

    def post(self, path, body):
        return self.ask("POST", path, body)

    # -- what is recorded

    def rows(self, query):
        """The rows of a query, each a tuple of texts."""
        return [tuple(line.split("|")) for line in self.d.service.sql(query).splitlines()]

    # -- what the frame does with it

    def work(self):
        try:
            for number in itertools.count(1):
                if self.resting.is_set():
                    return
                self.turn(number)
        except Exception:  # whatever it is, the test must fail of it
            self.troubles.append(traceback.format_exc())

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, problem, *_):
        self.resting.set()
        if problem is not None:
            return  # which is what must be told, not that nobody answers a daemon that didn't start again
        self.thread.join(self.longest)
        check(not self.thread.is_alive(), f"the last {self.thing} has no answer")

    def wait_for_more(self, count):
        wanted, deadline = self.progress() + count, time.monotonic() + self.patience
        while self.progress() < wanted:
            check(time.monotonic() < deadline, f"no more {self.thing}s: {self.troubles[:3]}")
            time.sleep(0.001)

    def check_troubles(self):
        equal(self.troubles[:3], [], "answers that must not be")

    def check_repeats(self, few=20):
        """Acts that were answered, sent once more."""
        keyed = [act for act in self.acts if "Idempotency-Key" in act.headers]
        for act in self.chance.sample(keyed, min(few, len(keyed))):
            reply = act.send(self.client)
            check(reply.status == 200 and is_replay(reply), f"a key sent once more isn't a replay: {reply}")
            before, now = self.lasting(act.answer), self.lasting(reply.json)
            others = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
            check(before == now, f"sent once more it is answered with another {others}: {reply}\nit was {act.answer}")

    def lasting(self, answer):
        """The answer without the members that move on, however deep."""
        if isinstance(answer, dict):
            return {name: self.lasting(value) for name, value in answer.items() if name not in self.moves_on}
        return [self.lasting(one) for one in answer] if isinstance(answer, list) else answer


def is_replay(reply):
    return reply.header("idempotent-replay") == "true"


def verify(service, *options):
    """The log and all that stands beside it are without a fault."""
    done = service.command("verify", *options, check=False, timeout=60 * SLOWNESS)
    said = done.stdout.decode() + done.stderr.decode()
    check(done.returncode == 0 and "; 0 faults" in said, f"verify: exit status {done.returncode}\n{said[-2000:]}")


def hold_through_kills(d, *actors, clerks=None, times=4, before=10, after=5, within=0.2):
    """In each of so many rounds kills the daemon twice: at a random moment `within` seconds after each actor had `before` more
    answers, and as soon as each had `after` more again. Then holds what the head of this file promises."""
    chance = random.Random(f"{' '.join(type(actor).__name__ for actor in actors)} {SEED}")
    with contextlib.ExitStack() as at_work:
        for actor in actors:
            at_work.enter_context(actor)
        for _ in range(rounds(times)):
            with clerks or contextlib.nullcontext():
                wait_for_each(actors, before)
                time.sleep(chance.random() * within)
                d.service.kill()
                d.service.start()
                wait_for_each(actors, after)
                d.service.kill()
                d.service.start()
            if clerks:
                clerks.settle()
    for actor in actors:
        actor.check_troubles()
    for actor in actors:
        actor.check_repeats()
    for actor in actors:
        actor.check_stored()
    if clerks:
        clerks.check_books()
    else:
        verify(d.service)
    comment(f"{2 * rounds(times)} kills, {sum(actor.attempts for actor in actors)} attempts: "
            + ", ".join([actor.words() for actor in actors] + ([f"{len(clerks.acknowledged)} hand-ins"] if clerks else [])))


def wait_for_each(actors, count):
    for actor in actors:
        actor.wait_for_more(count)


def writer_backend(service):
    """The process of the writer's connection in PostgreSQL; None when there is none."""
    answer = service.sql("select pid from pg_stat_activity where application_name = 'tributaryd writer'"
                         " and datname = current_database()", check=False)
    return int(answer.stdout) if answer.returncode == 0 and answer.stdout.strip() else None


def kill_writer_backend(service):
    deadline = time.monotonic() + 10
    while (backend := writer_backend(service)) is None:
        check(time.monotonic() < deadline, "the writer has no connection")
        time.sleep(0.02)
    os.kill(backend, signal.SIGKILL)
