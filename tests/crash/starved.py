#!/usr/bin/env python3
"""Small queues and one reader, then large uploads all at once: 503 with Retry-After, no hang, no loss, bounded memory."""
import json
import pathlib
import threading
import time
import uuid

from clerks import OFFICES, Clerks, desk
from desk import course, quarterly
from tributary_harness import SLOWNESS, Suite, check, cluster, comment, equal, expect_status

MEBIBYTE = 1024 * 1024
BUDGET, UPLOADS = 32 * MEBIBYTE, 8
suite = Suite(lambda: desk(cluster, {"TRIBUTARY_QUEUE_LIMIT": "4", "TRIBUTARY_READ_WORKERS": "1",
                                     "TRIBUTARY_UPLOAD_BUDGET": str(BUDGET)}))


def most_memory(d):
    for line in pathlib.Path(f"/proc/{d.service.process.pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no VmHWM")


@suite.test(seconds=90)
def small_queues_refuse_politely_and_lose_nothing(d):
    clerks = Clerks(d, 13, years=("112", "113"))
    crowd = Clerks(d, 13, seed="crowd", years=("114",))
    with clerks, crowd:
        time.sleep(2.5)
    refused = 0
    for one in (clerks, crowd):
        one.settle()
        one.check_books()
        one.tell()
        check(set(one.counts) <= {"503", "found again"}, f"answers: {one.counts}")
        refused += one.counts.get("503", 0)
    check(refused > 0, "nobody was refused: the queues aren't small")
    comment(f"{refused} refused; at most {most_memory(d):.0f} MiB")


def large_document(office, period, size):
    rows, length, number = [], 0, 0
    while length < size:
        row = course(f"r{number}", name=f"{number} " + "x" * 180, date_from=..., date_to=...)
        rows.append(row)
        length += len(json.dumps(row, ensure_ascii=False).encode()) + 2
        number += 1
    return json.dumps(quarterly(office, period, 0, rows[:-1]), ensure_ascii=False).encode()


@suite.test(seconds=150)
def eight_uploads_of_eight_mebibytes_at_once(d):
    """Twice the budget of uploads: some are told to come again, all are taken in the end."""
    bodies = [large_document(OFFICES[i], "115Q4", 8 * MEBIBYTE - 1000) for i in range(UPLOADS)]
    comment(f"bodies of {len(bodies[0])} bytes; before: {most_memory(d):.0f} MiB")
    answers, lock, start = [], threading.Lock(), threading.Barrier(UPLOADS)

    def upload(office, body):
        client, key = d.service.client(d.office(office).token, timeout=60 * SLOWNESS), str(uuid.uuid4())
        start.wait()
        deadline = time.monotonic() + 90 * SLOWNESS
        while time.monotonic() < deadline:
            began = time.monotonic()
            try:
                reply = client.post(f"{d.base}/submissions", body, {"Content-Type": "application/json",
                                                                    "Idempotency-Key": key})
                status, taken = reply.status, time.monotonic() - began
            except OSError:  # refused while it still sends
                client.forget()
                status, taken, reply = 0, time.monotonic() - began, None
            with lock:
                answers.append((status, taken))
            if status not in (0, 429, 503):
                return
            time.sleep(0.3)

    threads = [threading.Thread(target=upload, args=(OFFICES[i], bodies[i])) for i in range(UPLOADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = sorted(status for status, _ in answers)
    comment(f"answers {({one: statuses.count(one) for one in statuses})}, longest {max(taken for _, taken in answers):.1f} s,"
            f" at most {most_memory(d):.0f} MiB")
    equal([one for one in statuses if one in (200, 201)], [201] * UPLOADS, "uploads taken in")
    check(set(statuses) <= {0, 201, 503}, f"answers: {statuses}")
    check(most_memory(d) < 2048, "more than 2 GiB of memory")
    expect_status(d.geo.get("/v1/plans"), 200)
    d.service.command("verify")


if __name__ == "__main__":
    suite.run()
