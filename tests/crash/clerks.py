"""What the crash tests share: clerks who hand in without pause, and the books kept of what they were told.

Each clerk is the only one who writes an office's submissions, so what must be stored is known to the last revision:
what was acknowledged, in its order, and at most one hand-in whose answer never came. The settings of tests/support/killing.py
hold here too."""
import contextlib
import json
import pathlib
import random
import sys
import threading
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from canonical_json import canonical_bytes, sha256_hex  # noqa: E402
from desk import OFFICES, PLAN_FILE, YEARS, Desk, annual, course, quarterly  # noqa: E402
from killing import BROKEN, SEED, verify  # noqa: E402
from tributary_harness import SLOWNESS, Client, Service, check, comment, equal, expect_status  # noqa: E402

LONGEST_WAIT = 30 * SLOWNESS  # seconds within which every request must have an answer


@contextlib.contextmanager
def desk(cluster, settings=None):
    """The Taoyuan plan served on a database of its own in the cluster that `cluster` gives."""
    with cluster() as server:
        service = Service(server, settings)
        try:
            service.load_plan(PLAN_FILE)
            service.start()
            yield Desk(service)
        finally:
            service.close()


class HandIn:
    """One document that a clerk hands in until it is answered."""

    def __init__(self, form, document, key):
        self.form, self.period, self.office = form, document["period"], document["office"]
        self.body = json.dumps(document, ensure_ascii=False).encode()
        self.sha256 = sha256_hex(canonical_bytes({name: value for name, value in document.items() if name != "base"}))
        self.headers = {"Content-Type": "application/json"}
        if key:
            self.headers["Idempotency-Key"] = key
        self.number = document["base"] + 1
        self.attempts, self.receipt = 0, None

    @property
    def submission(self):
        return self.form, self.period, self.office

    def __str__(self):
        return f"{'/'.join(self.submission)} revision {self.number} ({self.attempts} attempts)"


class Clerk:
    """Hands in one document after the other; one that isn't answered is handed in again."""

    def __init__(self, clerks, office, seed):
        self.clerks, self.office, self.chance = clerks, office, random.Random(seed)
        desk = clerks.desk
        token = desk.office(office).token
        self.clients = [Client(port, token, LONGEST_WAIT + 10) for port in clerks.ports]
        self.known = {}
        self.pending, self.serial = None, 0

    def next_hand_in(self):
        self.serial += 1
        period = self.chance.choice(self.clerks.years)
        if self.chance.random() < 0.6:
            form = "training-annual"
            base = self.known.get((form, period, self.office), 0)
            document = annual(self.office, period, base, **{"general.excluded": self.serial, "excluded_reason": "借調"})
        else:
            form, period = "training-quarterly", f"{period}Q{self.chance.randint(1, 4)}"
            base = self.known.get((form, period, self.office), 0)
            courses = [course(f"r{i}", name=f"課程 {self.serial}-{i}", date_from=..., date_to=...)
                       for i in range(self.chance.randint(1, 20))]
            document = quarterly(self.office, period, base, courses)
        # Without a key, the same content must be found again.
        return HandIn(form, document, str(uuid.uuid4()) if self.chance.random() < 0.8 else None)

    def step(self):
        """One attempt. True when it was answered with a receipt."""
        if self.pending is None:
            self.pending = self.next_hand_in()
        hand_in, client = self.pending, self.chance.choice(self.clients)
        hand_in.attempts += 1
        began = time.monotonic()
        try:
            reply = client.post(f"{self.clerks.desk.base}/submissions", hand_in.body, hand_in.headers)
        except BROKEN:
            client.forget()
            reply = None
        self.clerks.waited(time.monotonic() - began)
        if reply is None:
            self.clerks.count("broken")
            self.clerks.pause(0.05)
        elif reply.status in (200, 201):
            self.take(hand_in, reply)
            return True
        elif reply.status in (429, 503) and int(reply.header("retry-after", "0")) >= 1:
            self.clerks.count(str(reply.status))
            self.clerks.pause(0.1)
        else:
            self.clerks.trouble(f"{hand_in}: {reply}")
            self.clerks.pause(0.1)
        return False

    def take(self, hand_in, reply):
        receipt = reply.json
        if reply.status == 200:
            self.clerks.count("found again")
            if hand_in.attempts == 1:
                self.clerks.trouble(f"{hand_in}: answered with 200 at the first attempt: {reply}")
        if receipt["revision"] != hand_in.number or receipt["document_sha256"] != hand_in.sha256:
            self.clerks.trouble(f"{hand_in} of {hand_in.sha256}: the receipt is for something else: {reply}")
        hand_in.receipt = receipt
        self.known[hand_in.submission] = hand_in.number
        self.pending = None
        self.clerks.acknowledge(hand_in)

    def work(self):
        while not self.clerks.resting.is_set():
            self.step()

    def settle(self, deadline):
        while self.pending is not None and time.monotonic() < deadline:
            self.step()


class Clerks:
    """Clerks at work, and the books of what they were told."""

    def __init__(self, desk, count=8, seed=SEED, ports=None, years=YEARS):
        self.desk, self.years = desk, years
        self.ports = ports or [desk.service.port]
        self.lock, self.resting = threading.Lock(), threading.Event()
        self.acknowledged, self.troubles, self.counts, self.longest = [], [], {}, 0.0
        self.clerks = [Clerk(self, office, f"{seed} {office} {years}") for office in OFFICES[:count]]
        self.threads = []

    # -- what clerks tell

    def acknowledge(self, hand_in):
        with self.lock:
            self.acknowledged.append(hand_in)

    def trouble(self, words):
        with self.lock:
            self.troubles.append(words)

    def count(self, name):
        with self.lock:
            self.counts[name] = self.counts.get(name, 0) + 1

    def waited(self, seconds):
        with self.lock:
            self.longest = max(self.longest, seconds)

    def pause(self, seconds):
        self.resting.wait(seconds) if not self.resting.is_set() else time.sleep(seconds)

    # -- what a test does with them

    def __enter__(self):
        self.resting.clear()
        self.threads = [threading.Thread(target=clerk.work, daemon=True) for clerk in self.clerks]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.resting.set()
        for thread in self.threads:
            thread.join(LONGEST_WAIT + 15)
            check(not thread.is_alive(), "a request has no answer")

    def wait_for_more(self, count, within=20 * SLOWNESS):
        wanted, deadline = len(self.acknowledged) + count, time.monotonic() + within
        while len(self.acknowledged) < wanted:
            check(time.monotonic() < deadline,
                  f"{count + len(self.acknowledged) - wanted} of {count} receipts in {within} s; {self.counts} {self.troubles[:3]}")
            time.sleep(0.005)

    def settle(self, within=30 * SLOWNESS):
        """Every hand-in without an answer is handed in again, until it has one."""
        deadline = time.monotonic() + within
        threads = [threading.Thread(target=clerk.settle, args=(deadline,), daemon=True) for clerk in self.clerks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(within + LONGEST_WAIT)
        left = [str(clerk.pending) for clerk in self.clerks if clerk.pending is not None]
        equal(left, [], f"hand-ins without a receipt after {within} s ({self.counts})")

    def check_books(self):
        """What is stored is what was acknowledged, no less, no more; and the log proves it."""
        check(self.longest < LONGEST_WAIT, f"a request took {self.longest:.1f} s")
        equal(self.troubles[:5], [], "answers that must not be")
        wanted = {}
        for hand_in in self.acknowledged:
            wanted.setdefault(hand_in.submission, []).append((hand_in.number, hand_in.sha256, hand_in.receipt["submission"]))
        stored = {}
        offices = ",".join(f"'{clerk.office}'" for clerk in self.clerks)
        for line in self.desk.service.sql(
                "select s.form, s.period, s.office, r.number, encode(r.document_sha256, 'hex'), r.id"
                " from tributary.submission s left join tributary.revision r using (submission)"
                f" where s.office in ({offices}) and s.event is null and substr(s.period, 1, 3) in"
                f" ({','.join(repr(year) for year in self.years)}) order by 1, 2, 3, 4").splitlines():
            form, period, office, number, sha256, revision = line.split("|")
            stored.setdefault((form, period, office), []).append((int(number or 0), sha256, revision))
        for submission in sorted(set(wanted) | set(stored)):
            equal(stored.get(submission, []), sorted(wanted.get(submission, [])), f"revisions of {'/'.join(submission)}")
            equal([number for number, _, _ in stored[submission]], list(range(1, len(stored[submission]) + 1)),
                  f"revision numbers of {'/'.join(submission)}")
        verify(self.desk.service)

    def check_answers(self, few=20):
        """By HTTP too: receipts again, and hand-ins again that were acknowledged."""
        chance = random.Random(SEED)
        for hand_in in chance.sample(self.acknowledged, min(few, len(self.acknowledged))):
            reply = expect_status(self.desk.geo.get(f"/v1/submissions/{hand_in.receipt['submission']}/receipt"), 200)
            for name in ("revision", "document_sha256", "recorded_at", "log"):
                equal(reply.json[name], hand_in.receipt[name], name)
            if "Idempotency-Key" in hand_in.headers:
                reply = expect_status(self.desk.office(hand_in.office).post(
                    f"{self.desk.base}/submissions", hand_in.body, hand_in.headers), 200)
                equal(reply.json["submission"], hand_in.receipt["submission"], "replay")
                equal(reply.header("idempotent-replay"), "true", "Idempotent-Replay")

    def tell(self, words=""):
        comment(f"{words}{len(self.acknowledged)} acknowledged, {self.counts}, longest wait {self.longest:.2f} s")
