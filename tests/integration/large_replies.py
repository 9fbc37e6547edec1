#!/usr/bin/env python3
"""A file of a few KB may hold tens of thousands of mistakes, and all are told: what the answers hold is bounded whoever
reads them how slowly, is given back, and nobody else waits for them."""
import contextlib
import pathlib
import re
import socket
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, PLAN_FILE, Desk  # noqa: E402
from sheet_files import XLSX, xlsx  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status, service  # noqa: E402

HEADINGS = ["課程名稱", "開始日期", "結束日期", "時數（小時）", "課程類別", "辦理方式", "參訓對象",
            "參訓人次（男）", "參訓人次（女）", "參訓人次（合計）"]
SLOW_READERS = 12
BUDGET_MB = 64


@contextlib.contextmanager
def small_desk():
    with service(PLAN_FILE, settings={"TRIBUTARY_REPLY_BUDGET": str(BUDGET_MB * 1024 * 1024)}) as held:
        yield Desk(held)


suite = Suite(small_desk)
test = suite.test


def faulty(rows):
    head = [["#form", "training-quarterly"], ["#office", GUISHAN], ["#period", "113Q2"], ["#table", "courses"], HEADINGS]
    return xlsx([("課程", [*head, *[["課", "某日", "他日", "多", "甲", "乙", "丙", "-1", "q", "1.5"]] * rows])])


def dry_run(d, data):
    return d.office(GUISHAN).post(f"{d.base}/submissions", data, {"Content-Type": XLSX}, dry_run="true")


def memory(d):
    """(now, highest) resident memory of the daemon in MiB; None where nothing tells."""
    text = pathlib.Path(f"/proc/{d.service.process.pid}/status").read_text(encoding="ascii")
    return tuple(int(re.search(rf"{name}:\s+(\d+)", text).group(1)) // 1024 for name in ("VmRSS", "VmHWM"))


def ask_and_never_read(d, data):
    connection = socket.create_connection(("127.0.0.1", d.service.port), timeout=30)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.sendall((f"POST {d.base}/submissions?dry_run=true HTTP/1.1\r\nHost: tributary\r\nAuthorization: Bearer "
                        f"{d.office(GUISHAN).token}\r\nContent-Type: {XLSX}\r\nContent-Length: {len(data)}\r\n\r\n"
                        ).encode() + data)
    return connection


@test
def answers_nobody_reads_are_held_up_to_a_budget(d):
    data = faulty(5000)
    with contextlib.ExitStack() as stack:
        readers = []
        for _ in range(SLOW_READERS):
            readers.append(stack.enter_context(ask_and_never_read(d, data)))
            time.sleep(0.1)
        said = [reader.recv(12)[9:12] for reader in readers]
        check(said.count(b"200") >= 1 and said.count(b"503") >= SLOW_READERS // 2, said)
        equal(len(said), said.count(b"200") + said.count(b"503"), said)
        expect_status(d.geo.get(f"{d.base}/obligations", year=113), 200)
        reply = dry_run(d, data)
        equal((expect_status(reply, 503).json["code"], bool(reply.header("retry-after"))), ("overloaded", True), "while they hang")
    deadline = time.monotonic() + 20
    while (reply := dry_run(d, data)).status == 503 and time.monotonic() < deadline:
        time.sleep(0.2)
    check(len(expect_status(reply, 200).json["findings"]) > 40000, "once they are gone, all findings are told")


@test
def memory_is_given_back_after_large_answers(d):
    data = faulty(5000)
    for _ in range(6):
        expect_status(dry_run(d, data), 200)
    deadline = time.monotonic() + 10
    while memory(d)[0] > memory(d)[1] * 3 // 4 and time.monotonic() < deadline:
        time.sleep(0.2)
        d.geo.get("/healthz")
    check(memory(d)[0] <= memory(d)[1] * 3 // 4, f"(now, highest) {memory(d)} MiB")


@test
def figures_do_not_wait_for_files_being_checked(d):
    data, done = faulty(3000), []

    def one():
        done.append(dry_run(d, data).status)

    threads = [threading.Thread(target=one) for _ in range(10)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    before = len(done)
    expect_status(d.geo.get(f"{d.base}/obligations", year=114), 200)
    meanwhile = len(done) - before
    for thread in threads:
        thread.join()
    check(meanwhile <= 2, f"{meanwhile} files were checked before")
    check(set(done) <= {200, 503}, done)


if __name__ == "__main__":
    suite.run()
