#!/usr/bin/env python3
"""tributary attach and attachments: what a person sees, and what a broken line doesn't lose."""
import contextlib
import hashlib
import json
import os
import pathlib
import re
import select
import socket
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import files  # noqa: E402
from desk import FUXING, GUISHAN, ZHONGLI, desk, quarterly  # noqa: E402
from tributary_harness import Suite, build_folder, check, equal, expect_status  # noqa: E402

MIB = 1024 * 1024
DONE, REFUSED, USAGE, UNREACHABLE, NOT_ALLOWED = range(5)
suite = Suite(desk)
test = suite.test


class CutLine:
    """Carries to the daemon until so many bytes went up, then refuses everyone until it is mended."""

    def __init__(self, port, most):
        self.port, self.left, self.closing = port, most, False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.near_port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while not self.closing:
                near, _ = self.listener.accept()
                threading.Thread(target=self.carry, args=(near,), daemon=True).start()

    def carry(self, near):
        with near, contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)) as far:
            while self.left > 0 and not self.closing:
                for end in select.select([near, far], [], [], 0.5)[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    if end is near:
                        data = data[:self.left]
                        self.left -= len(data)
                    (far if end is near else near).sendall(data)

    def close(self):
        self.closing = True
        self.listener.close()


class Person:
    """Somebody of an office at a machine of their own."""

    def __init__(self, d, office, port=None):
        self.d, self.office = d, office
        self.home = pathlib.Path(d.service.folder / f"home-{len(list(d.service.folder.iterdir()))}")
        self.home.mkdir()
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.home), "LC_ALL": "C.UTF-8",
            "XDG_CONFIG_HOME": str(self.home / "config"), "XDG_STATE_HOME": str(self.home / "state"),
            "TRIBUTARY_PLAN": d.plan, "TRIBUTARY_TOKEN": d.office(office).token, "TRIBUTARY_ATTEMPTS": "1",
            "TRIBUTARY_SERVER": f"http://127.0.0.1:{port or d.service.port}"}
        for variable in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if variable in os.environ:
                self.environment[variable] = os.environ[variable]

    def at(self, port):
        self.environment["TRIBUTARY_SERVER"] = f"http://127.0.0.1:{port}"

    def file(self, name, data):
        path = self.home / name
        path.write_bytes(data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode())
        return path

    def run(self, *arguments, expected=DONE):
        done = subprocess.run([str(build_folder() / "tributary"), *map(str, arguments)], env=self.environment, cwd=self.home,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                              check=False)
        said = done.stdout.decode(errors="replace")
        equal(done.returncode, expected, f"exit status of {arguments[0]}: {said[-900:]}")
        return said

    @property
    def waiting(self):
        return sorted((self.home / "state" / "tributary" / "attachments").glob("*"))

    def attached(self, submission):
        reply = self.d.office(self.office).get(f"/v1/submissions/{submission}/attachments")
        return expect_status(reply, 200).json["attachments"]


def meeting(d, office):
    return d.accepted({"form": "task-group-meeting", "office": office, "period": "113",
                       "fields": {"date": "2024-06-17", "kind": "regular"}})


def report(d, office, period):
    return d.accepted(quarterly(office, period, courses=[]))["submission"]


@test
def attaching_by_form_and_period_finds_the_submission(d):
    person, submission = Person(d, GUISHAN), report(d, GUISHAN, "112Q1")
    data = files.pdf(5000)
    said = person.run("attach", "--form", "training-quarterly", "--period", "112Q1", "--as", "evidence",
                      person.file("簽到表.pdf", data))
    made, = person.attached(submission)
    check("簽到表.pdf" in said and made["attachment"] in said, said)
    equal((made["name"], made["sha256"]), ("簽到表.pdf", hashlib.sha256(data).hexdigest()), "attached")
    equal(person.waiting, [], "what waits")
    check("簽到表.pdf" in person.run("attachments", submission), "the list")


@test
def a_submission_is_named_by_its_id_or_by_the_file_that_was_handed_in(d):
    person = Person(d, FUXING)
    document = person.file("q.json", quarterly(FUXING, "112Q1", courses=[]))
    person.run("submit", document)
    person.run("attach", document, person.file("a.pdf", files.pdf(seed=1)), person.file("b.png", files.png()), "--as", "evidence")
    submission = d.listed("training-quarterly", FUXING, "112Q1")[0]["submission"]
    person.run("attach", submission, person.file("c.odt", files.odt()), "--as", "evidence")
    other = Person(d, FUXING)
    other.run("attach", other.file("other name.json", quarterly(FUXING, "112Q1", courses=[])),
              other.file("d.jpg", files.jpeg()), "--as", "evidence")
    equal([one["name"] for one in person.attached(submission)], ["a.pdf", "b.png", "c.odt", "d.jpg"], "attached")


@test
def submitting_with_attachments_does_both(d):
    person = Person(d, GUISHAN)
    document = {"form": "task-group-meeting", "office": GUISHAN, "period": "114",
                "fields": {"date": "2025-06-17", "kind": "regular"}}
    said = person.run("submit", person.file("meeting.json", document), "--attach",
                      f"minutes={person.file('minutes.pdf', files.pdf(seed=2))}", "--attach",
                      f"evidence={person.file('photo.jpg', files.jpeg())}")
    submission = d.listed("task-group-meeting", GUISHAN, "114")[0]["submission"]
    equal([(one["slot"], one["name"]) for one in person.attached(submission)],
          [("minutes", "minutes.pdf"), ("evidence", "photo.jpg")], said)
    wrong = person.file("page.pdf", b"<html></html>")
    before = len(d.listed("task-group-meeting", GUISHAN, "115"))
    person.run("submit", person.file("later.json", {**document, "period": "115"}), "--attach", f"minutes={wrong}",
               expected=REFUSED)
    equal(len(d.listed("task-group-meeting", GUISHAN, "115")), before, "handed in although its attachment is refused")
    person.run("submit", "meeting.json", "--attach", "minutes", expected=USAGE)


@test
def what_belongs_to_a_refused_report_is_not_kept_waiting(d):
    person = Person(d, GUISHAN)
    wrong = {"form": "task-group-meeting", "office": GUISHAN, "period": "113", "fields": {"date": "2024-06-17"}}
    said = person.run("submit", person.file("wrong.json", wrong), "--attach",
                      f"minutes={person.file('m.pdf', files.pdf(seed=11))}", expected=REFUSED)
    check("m.pdf: what it belongs to was not taken in" in said, said)
    equal(person.waiting, [], "what waits")


@test
def of_several_events_one_must_be_named(d):
    person = Person(d, ZHONGLI)
    first, second = meeting(d, ZHONGLI), meeting(d, ZHONGLI)
    minutes = person.file("minutes.pdf", files.pdf(seed=3))
    wanted = ("attach", "--form", "task-group-meeting", "--period", "113", "--as", "minutes", minutes)
    said = person.run(*wanted, expected=USAGE)
    check(first["event"] in said and second["event"] in said, said)
    equal(person.waiting, [], "what waits")
    person.run(*wanted, "--event", second["event"])
    equal((len(person.attached(first["submission"])), len(person.attached(second["submission"]))), (0, 1), "attached")
    said = person.run("attach", "--form", "task-group-meeting", "--period", "112", "--as", "minutes", minutes, expected=USAGE)
    check("Nothing of task-group-meeting 112" in said, said)


@test
def a_broken_line_loses_nothing_and_the_next_run_goes_on(d):
    submission, data = report(d, GUISHAN, "112Q2"), files.pdf(6 * MIB, seed=4)
    line = CutLine(d.service.port, 3 * MIB + 300000)
    person = Person(d, GUISHAN, line.near_port)
    try:
        said = person.run("attach", submission, person.file("big.pdf", data), "--as", "evidence", expected=UNREACHABLE)
    finally:
        line.close()
    check("big.pdf" in said and "sync" in said, said)
    check(person.waiting, "nothing waits")
    person.file("big.pdf", b"")  # the person's own file may be gone by now
    person.run("sync", expected=UNREACHABLE)
    head = next(one for one in person.waiting if one.suffix == ".json")
    kept = json.loads(head.read_text())
    kept["server"] = f"http://127.0.0.1:{d.service.port}"
    head.write_text(json.dumps(kept))
    received = int(d.service.sql(f"select received from tributary.upload where upload = '{kept['upload']}'"))
    check(0 < received < len(data), f"{received} bytes were kept")
    person.at(d.service.port)
    check("Attachments that wait: big.pdf" in person.run("status"), "status doesn't tell what waits")
    said = person.run("sync")
    check(f"going on at {received // 1024:,}".replace(",", "") in said.replace(",", ""), said)
    equal([one["sha256"] for one in person.attached(submission)], [hashlib.sha256(data).hexdigest()], "attached")
    equal(person.waiting, [], "what waits")


@test
def out_of_reach_both_the_report_and_its_attachment_wait_and_sync_sends_them(d):
    person = Person(d, FUXING)
    person.run("plans")  # so that the plan is known
    d.service.stop()
    try:
        person.run("submit", person.file("q.json", quarterly(FUXING, "112Q3", courses=[])), "--attach",
                   f"evidence={person.file('e.pdf', files.pdf(seed=5))}", expected=UNREACHABLE)
        equal(len(person.waiting), 2, "what waits")
        waiting = json.loads(person.run("status", "--local", "--json"))["attachments"]
        equal([(one["name"], one["slot"]) for one in waiting], [("e.pdf", "evidence")], "status")
    finally:
        d.service.start()
    for code in (GUISHAN, FUXING):
        d.office(code).forget()
    d.geo.forget()
    person.run("sync")
    submission = d.listed("training-quarterly", FUXING, "112Q3")[0]["submission"]
    equal([one["name"] for one in person.attached(submission)], ["e.pdf"], "attached")
    equal(person.waiting, [], "what waits")


@test
def an_upload_that_expired_is_sent_anew(d):
    submission, data = report(d, GUISHAN, "112Q3"), files.pdf(3 * MIB, seed=6)
    line = CutLine(d.service.port, 2 * MIB)
    person = Person(d, GUISHAN, line.near_port)
    try:
        person.run("attach", submission, person.file("a.pdf", data), "--as", "evidence", expected=UNREACHABLE)
    finally:
        line.close()
    head = next(one for one in person.waiting if one.suffix == ".json")
    head.write_text(head.read_text().replace(str(line.near_port), str(d.service.port)))
    d.service.sql("update tributary.upload set expires_at = now()")
    person.at(d.service.port)
    person.run("sync")
    equal([one["sha256"] for one in person.attached(submission)], [hashlib.sha256(data).hexdigest()], "attached")


@test
def what_is_not_taken_is_said_before_anything_is_sent(d):
    person, submission = Person(d, GUISHAN), report(d, GUISHAN, "112Q4")
    for name, data, words in [("a.pdf", b"<html></html>", "This kind of file isn't taken"), ("b.odt", files.odt()[:-9], "damaged"),
                              ("c.odt", files.odt(content=b"\1\2\3\4", stored=True), "encrypted"), ("d.pdf", b"", "empty")]:
        said = person.run("attach", submission, person.file(name, data), "--as", "evidence", expected=REFUSED)
        check(words in said, said)
    check("不收這種檔案" in person.run("attach", submission, "a.pdf", "--as", "evidence", "--lang", "zh", expected=REFUSED), "zh")
    good = person.file("good.pdf", files.pdf(seed=7))
    check("takes no such attachment" in person.run("attach", submission, good, "--as", "minutes", expected=REFUSED), "slot")
    person.run("attach", submission, person.home / "none.pdf", "--as", "evidence", expected=USAGE)
    person.run("attach", submission, good, expected=USAGE)
    check(re.search(r"minutes +Minutes +yes +5", person.run("form", "task-group-meeting")), "what may be attached to a form")
    person.run("attach", good, "--as", "evidence", expected=USAGE)
    person.environment["TRIBUTARY_TOKEN"] = d.login("dbas").token
    person.run("attach", submission, good, "--as", "evidence", expected=NOT_ALLOWED)
    equal((person.waiting, person.attached(submission)), ([], []), "what waits, what is attached")


@test
def fetching_checks_the_hash_and_goes_on_where_it_broke_off(d):
    person, submission = Person(d, GUISHAN), report(d, GUISHAN, "113Q3")
    data = files.pdf(9 * MIB, seed=8)
    said = person.run("attach", submission, person.file("a.pdf", data), "--as", "evidence", "--json")
    made = json.loads(said)["attachment"]
    person.run("attachments", "get", made, "-o", "out.pdf")
    check((person.home / "out.pdf").read_bytes() == data, "other bytes")
    for begun in (data[:5 * MIB], data[:1], data):
        person.file(f"again.pdf.{made}.part", begun)
        person.run("attachments", "get", made, "--output", "again.pdf")
        check((person.home / "again.pdf").read_bytes() == data, f"other bytes after {len(begun)}")
    person.file(f"bad.pdf.{made}.part", b"x" * MIB)
    said = person.run("attachments", "get", made, "-o", "bad.pdf", expected=5)
    check("does not give its hash" in said and not (person.home / "bad.pdf").exists(), said)
    equal([one.name for one in person.home.glob("*.part")], [], "parts left over")
    person.run("attachments", "get", "00000000-0000-0000-0000-000000000000", "-o", "x.pdf", expected=USAGE)
    check(not list(person.home.glob("x.pdf*")), "something was left of what isn't there")


@test
def a_withdrawal_is_listed_with_its_reason(d):
    person, submission = Person(d, GUISHAN), report(d, GUISHAN, "113Q4")
    made = json.loads(person.run("attach", submission, person.file("a.png", files.png()), "--as", "evidence", "--json"))
    person.run("attachments", "withdraw", made["attachment"], expected=USAGE)
    person.run("attachments", "withdraw", made["attachment"], "--reason", "傳錯檔案")
    check(re.search("傳錯檔案", person.run("attachments", submission)), "the list")


if __name__ == "__main__":
    suite.run()
