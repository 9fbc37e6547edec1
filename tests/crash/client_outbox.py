#!/usr/bin/env python3
"""The client is killed (SIGKILL) at random instants of submit and sync, with the server out of reach and in reach."""
import json
import os
import random
import signal
import subprocess
import time

from clerks import OFFICES, desk
from canonical_json import canonical_bytes, sha256_hex
from desk import course, quarterly
from killing import SEED, rounds
from tributary_harness import SLOWNESS, Suite, build_folder, check, cluster, comment, equal

suite = Suite(lambda: desk(cluster))
DONE, UNREACHABLE = 0, 3


class Person:
    """Somebody of an office at a machine with the client on it."""

    def __init__(self, d, office, name):
        self.d, self.office = d, office
        self.home = d.service.folder / name
        self.home.mkdir()
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.home), "LC_ALL": "C.UTF-8",
            "XDG_CONFIG_HOME": str(self.home / "config"), "XDG_STATE_HOME": str(self.home / "state"),
            "XDG_CACHE_HOME": str(self.home / "cache"), "TRIBUTARY_PLAN": d.plan,
            "TRIBUTARY_SERVER": f"http://127.0.0.1:{d.service.port}", "TRIBUTARY_TOKEN": d.office(office).token}
        for variable in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if variable in os.environ:
                self.environment[variable] = os.environ[variable]
        self.files, self.documents = [], {}

    @property
    def shelves(self):
        return self.home / "state" / "tributary"

    def write(self, year, count):
        for number in range(count):
            period = f"{year + number // 4}Q{number % 4 + 1}"
            document = quarterly(self.office, period, 0, [course(f"r{i}", name=f"第 {i} 堂", date_from=..., date_to=...)
                                                          for i in range(1 + number)])
            path = self.home / f"{period}.json"
            path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
            self.files.append(path)
            del document["base"]
            self.documents[period] = sha256_hex(canonical_bytes(document))

    def command(self, *arguments):
        return subprocess.Popen([str(build_folder() / "tributary"), *map(str, arguments)], env=self.environment, cwd=self.home,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def finish(self, *arguments, expected=DONE):
        process = self.command(*arguments)
        said, _ = process.communicate(timeout=60 * SLOWNESS)
        equal(process.returncode, expected, f"exit status of {arguments[0]}: {said.decode(errors='replace')[-800:]}")
        return said.decode(errors="replace")

    def killed(self, seconds, *arguments):
        """True when it was killed, False when it had ended before."""
        process = self.command(*arguments)
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=10)
        return process.returncode == -signal.SIGKILL

    def waiting(self):
        return sorted(path.name for path in (self.shelves / "outbox").glob("*.entry"))

    def check_all_in(self):
        """Each file has one revision, and a receipt that proves it; nothing waits and nothing half written lies about."""
        equal(self.waiting(), [], "what waits")
        stored = {}
        for line in self.d.service.sql("select s.period, r.number, encode(r.document_sha256, 'hex') from tributary.submission s"
                                       f" join tributary.revision r using (submission) where s.office = '{self.office}'"
                                       " and s.form = 'training-quarterly'").splitlines():
            period, number, sha256 = line.split("|")
            stored.setdefault(period, []).append((int(number), sha256))
        equal(stored, {period: [(1, sha256)] for period, sha256 in self.documents.items()}, "revisions")
        receipts = {}
        for path in (self.shelves / "receipts").glob("*.json"):
            receipt = json.loads(path.read_text(encoding="utf-8"))
            receipts[receipt["period"]] = receipt["document_sha256"]
            check(path.with_suffix(".entry").exists(), f"{path.name} has no entry")
        equal(receipts, self.documents, "receipts")
        for path in self.shelves.rglob("*"):
            check(path.is_dir() or path.suffix in (".json", ".entry") or path.name.startswith(".") or "plan" in str(path),
                  f"left behind: {path}")
        newest = max((self.shelves / "receipts").glob("*.json"))
        said = self.finish("receipt", "verify", newest)
        check(said, "receipt verify said nothing")


@suite.test(seconds=90)
def killed_while_the_server_is_out_of_reach(d):
    chance = random.Random(f"outbox {SEED}")
    person = Person(d, OFFICES[0], "person-away")
    person.write(112, 12)
    d.service.stop()
    kept = 0
    for _ in range(rounds(10)):
        kept += person.killed(chance.random() * 0.06, "submit", *person.files)
    person.finish("submit", *person.files, expected=UNREACHABLE)
    check(len(person.waiting()) >= len(person.files), f"{len(person.waiting())} wait")
    person.finish("sync", expected=UNREACHABLE)
    comment(f"{kept} of {rounds(10)} runs killed, {len(person.waiting())} wait for {len(person.files)} files")
    d.service.start()
    person.finish("sync")
    person.check_all_in()


def set_aside(person, address):
    """Submits everything with another server set; returns the person's own address."""
    own, person.environment["TRIBUTARY_SERVER"] = person.environment["TRIBUTARY_SERVER"], address
    person.finish("submit", *person.files, expected=UNREACHABLE)
    person.environment["TRIBUTARY_SERVER"] = own
    equal(len(person.waiting()), len(person.files), "what waits")
    return own


@suite.test(seconds=90)
def what_was_kept_for_an_address_that_never_answered_goes_to_the_server_set_now(d):
    chance = random.Random(f"outbox elsewhere {SEED}")
    person = Person(d, OFFICES[4], "person-mistyped")
    person.write(112, 8)
    set_aside(person, "http://127.0.0.1:9")
    killed = sum(person.killed(0.003 + chance.random() * 0.04, "sync") for _ in range(rounds(6)))
    comment(f"{killed} killed, {len(person.waiting())} wait")
    person.finish("sync")
    person.check_all_in()


@suite.test(seconds=90)
def what_was_kept_for_a_server_that_has_answered_is_left_until_it_is_asked_for(d):
    person = Person(d, OFFICES[5], "person-of-two")
    person.write(112, 2)
    elsewhere = f"http://localhost:{d.service.port}"
    person.environment["TRIBUTARY_SERVER"], own = elsewhere, person.environment["TRIBUTARY_SERVER"]
    person.finish("due")
    person.environment["TRIBUTARY_SERVER"] = own
    d.service.stop()
    set_aside(person, elsewhere)
    d.service.start()
    said = person.finish("sync", expected=UNREACHABLE)
    check(elsewhere in said and "--from-any-server" in said, f"doesn't say what it left, and why: {said}")
    equal(len(person.waiting()), 2, "what was left")
    person.finish("sync", "--from-any-server")
    person.check_all_in()


@suite.test(seconds=90)
def killed_while_it_sends(d):
    chance = random.Random(f"outbox sends {SEED}")
    person = Person(d, OFFICES[1], "person-there")
    person.write(112, 16)
    killed = sum(person.killed(chance.random() * 0.12, "submit", *person.files) for _ in range(rounds(6)))
    d.service.stop()
    person.finish("submit", *person.files, expected=UNREACHABLE)
    d.service.start()
    runs = 0
    while person.waiting() and runs < 40:
        killed += person.killed(0.003 + chance.random() * 0.04, "sync")
        runs += 1
    comment(f"{killed} killed, {runs} runs of sync, {len(person.waiting())} wait")
    person.finish("sync")
    person.finish("submit", *person.files)  # all known: unchanged
    person.check_all_in()


@suite.test(seconds=90)
def the_server_is_killed_while_it_sends(d):
    chance = random.Random(f"outbox server {SEED}")
    person = Person(d, OFFICES[2], "person-patient")
    person.write(112, 16)
    sending = person.command("submit", *person.files)
    for _ in range(3):
        time.sleep(0.02 + chance.random() * 0.05)
        d.service.kill()
        if sending.poll() is None:
            sending.communicate(timeout=60)
        check(sending.returncode in (DONE, UNREACHABLE), f"exit status {sending.returncode}")
        d.service.start()
        sending = person.command("sync")
    sending.communicate(timeout=60)
    person.finish("sync")
    person.check_all_in()
    d.service.command("verify")


@suite.test(seconds=60)
def several_at_once_send_everything_once(d):
    person = Person(d, OFFICES[3], "person-hasty")
    person.write(113, 12)
    several = [person.command("submit", *person.files[number * 3:number * 3 + 3]) for number in range(4)]
    several += [person.command("sync") for _ in range(3)]
    for process in several:
        said, _ = process.communicate(timeout=60)
        equal(process.returncode, DONE, f"exit status: {said.decode(errors='replace')[-500:]}")
    person.finish("sync")
    person.check_all_in()


if __name__ == "__main__":
    suite.run()
