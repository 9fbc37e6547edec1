#!/usr/bin/env python3
"""What was acknowledged stays: SIGTERM under load, SIGKILL, a restarted PostgreSQL, migrations."""
import contextlib
import http.client
import pathlib
import signal
import subprocess
import sys
import threading
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import receipt_check  # noqa: E402
from desk import GUISHAN, OFFICES, PLAN_FILE, Desk, annual  # noqa: E402
from tributary_harness import (Client, RawConnection, Service, Suite, build_folder,  # noqa: E402
                               check, cluster, equal, expect_status, free_port)


@contextlib.contextmanager
def own_cluster():
    """PostgreSQL is stopped and started here, so it must be nobody else's."""
    with cluster(private=True) as server:
        service = Service(server)
        try:
            service.load_plan(PLAN_FILE)
            service.start()
            yield Desk(service)
        finally:
            service.close()


suite = Suite(own_cluster)
test = suite.test


class Load:
    """Clerks who revise their own year's report in a loop, and remember each receipt."""

    def __init__(self, d, year, clerks):
        self.d, self.year, self.ended = d, year, threading.Event()
        self.receipts, self.troubles, self.lock = [], [], threading.Lock()
        for office in OFFICES[:clerks]:
            d.office(office)
        self.threads = [threading.Thread(target=self.work, args=(office,))
                        for office in OFFICES[:clerks]]

    def work(self, office):
        base, number = 0, 0
        while not self.ended.is_set():
            number += 1
            document = annual(office, self.year, base, **{"general.excluded": number,
                                                          "excluded_reason": "x"})
            try:
                reply = self.d.post(document)
            except (OSError, http.client.HTTPException):
                return
            if reply.status == 201:
                with self.lock:
                    self.receipts.append(reply.json)
                base = reply.json["revision"]
            elif reply.status == 503:
                time.sleep(0.05)
            else:
                with self.lock:
                    self.troubles.append(str(reply))
                return

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join(30)

    def wait_for(self, count, within=30):
        deadline = time.monotonic() + within
        while len(self.receipts) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        check(len(self.receipts) >= count, f"{len(self.receipts)} receipts in {within} s")


def all_stored(d, receipts):
    for receipt in receipts:
        reply = expect_status(d.geo.get(f"/v1/submissions/{receipt['submission']}/receipt"), 200)
        for name in ("revision", "document_sha256", "recorded_at"):
            equal(reply.json[name], receipt[name], name)
    keys = d.service.client().get("/v1/keys").json
    for receipt in receipts[::7]:
        equal(receipt_check.check_receipt(receipt, keys), [], "receipt")
    equal(receipt_check.check_chain(receipts), [], "chain")
    d.service.command("verify")


@test
def sigterm_under_load_loses_nothing_acknowledged_and_exits_0(d):
    with Load(d, "112", 12) as load:
        load.wait_for(120)
        began = time.monotonic()
        d.service.stop()
        check(time.monotonic() - began < 15, "more than 15 s to stop")
    equal(load.troubles, [], "answers other than 201 and 503")
    d.service.start()
    all_stored(d, load.receipts)


@test
def a_request_under_way_at_sigterm_is_answered(d):
    import json
    body = json.dumps(annual(OFFICES[0], "115")).encode()
    with RawConnection(d.service.port) as raw:
        raw.send(f"POST {d.base}/submissions HTTP/1.1\r\nHost: localhost\r\n"
                 f"Authorization: Bearer {d.office(OFFICES[0]).token}\r\n"
                 f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
                 + body)
        d.service.stop()
        reply = raw.read_reply()
    d.service.start()
    stored = d.revisions("training-annual", OFFICES[0], "115")
    if reply and reply[0] == 201:
        equal(stored, [1], "acknowledged, so stored")


@test
def an_idle_connection_does_not_hold_up_the_stop(d):
    with RawConnection(d.service.port) as raw:
        raw.send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        raw.read_reply()
        with RawConnection(d.service.port) as half:
            half.send(b"POST /v1/plans HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n1")
            began = time.monotonic()
            d.service.stop()
            check(time.monotonic() - began < 10, "more than 10 s to stop")
    d.service.start()


@test
def sigint_stops_it_with_0_too(d):
    d.service.process.send_signal(signal.SIGINT)
    equal(d.service.process.wait(20), 0, "exit status")
    d.service.process = None
    d.service.start()


@test
def sigkill_under_load_loses_nothing_acknowledged(d):
    with Load(d, "113", 12) as load:
        load.wait_for(120)
        d.service.kill()
        d.service.process = None
    d.service.start()
    all_stored(d, load.receipts)


@test(seconds=120)
def it_survives_postgresql_restarting_under_it(d):
    before = d.service.process.pid
    with Load(d, "114", 8) as load:
        load.wait_for(50)
        d.service.cluster.halt()
        time.sleep(1)
        d.service.cluster.start()
        known = len(load.receipts)
        load.wait_for(known + 50, within=40)
    equal(load.troubles, [], "answers other than 201 and 503")
    equal(d.service.process.pid, before, "the daemon's process")
    check(d.service.is_alive(), "the daemon ended")
    d.service.wait_ready()
    all_stored(d, load.receipts)


@test(seconds=120)
def it_survives_postgresql_crashing_under_it(d):
    d.service.cluster.crash()
    try:
        d.geo.forget()
        expect_status(d.service.client().get("/healthz"), 200)
        deadline = time.monotonic() + 3  # it looks several times a second
        while (reply := d.service.client().get("/readyz")).status == 200 and time.monotonic() < deadline:
            time.sleep(0.05)
        expect_status(reply, 503)
        reply = d.post(annual(GUISHAN, "115"))
        expect_status(reply, 503)
        check(reply.header("retry-after"), "no Retry-After")
        reply = d.geo.get(f"{d.base}/rollups/training-annual?period=113&by=city")
        expect_status(reply, 503, 200)
    finally:
        d.service.cluster.start()
    d.service.wait_ready()
    key = {"Idempotency-Key": str(uuid.uuid4())}
    deadline = time.monotonic() + 30
    while (reply := d.post(annual(GUISHAN, "115"), key)).status == 503:
        check(time.monotonic() < deadline, "no hand-in within 30 s of PostgreSQL's return")
        time.sleep(0.2)
    expect_status(reply, 201)
    equal(d.revisions("training-annual", GUISHAN, "115"), [1], "revisions")


@test
def killed_connections_are_made_again(d):
    for _ in range(3):
        d.service.sql("select pg_terminate_backend(pid) from pg_stat_activity "
                      "where usename = 'tributary_daemon' and datname = current_database()")
        deadline = time.monotonic() + 20
        while d.geo.get("/v1/plans").status != 200:
            check(time.monotonic() < deadline, "no answer within 20 s")
            time.sleep(0.1)
    deadline = time.monotonic() + 20
    base = len(d.revisions("training-annual", OFFICES[3], "115"))
    while (reply := d.post(annual(OFFICES[3], "115", base))).status == 503:
        check(time.monotonic() < deadline, "no hand-in within 20 s")
        time.sleep(0.1)
    expect_status(reply, 201)


@test
def a_start_without_a_database_waits_or_says_why(d):
    """It may wait for PostgreSQL or end; it must not claim to be ready or hang on SIGTERM."""
    port = free_port()
    other = {**d.service.environment, "TRIBUTARY_PORT": str(port),
             "TRIBUTARY_DATABASE_URL": "postgresql:///nowhere?host=/nonexistent&user=nobody"}
    process = subprocess.Popen([str(build_folder() / "tributaryd"), "serve"], env=other,
                               cwd=d.service.folder, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        time.sleep(2)
        if process.poll() is None:
            with contextlib.suppress(ConnectionRefusedError):  # it needn't listen yet
                expect_status(Client(port).get("/readyz"), 503)
            process.terminate()
        process.wait(20)
        said = process.stderr.read()
        check(said, "it said nothing")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(5)
        process.stderr.close()


@test
def a_taken_port_is_a_clear_error(d):
    done = subprocess.run([str(build_folder() / "tributaryd"), "serve"],
                          env=d.service.environment, cwd=d.service.folder, timeout=30,
                          stdin=subprocess.DEVNULL, capture_output=True)
    check(done.returncode not in (0, -11, -6), f"exit status {done.returncode}")
    check(done.stderr, "it said nothing")
    expect_status(d.geo.get("/v1/plans"), 200)


FINGERPRINT = """
select md5(string_agg(line, E'\\n' order by line)) from (
  select table_schema || '.' || table_name || '.' || column_name || ' ' || data_type as line
  from information_schema.columns where table_schema not in ('pg_catalog', 'information_schema')
  union all select n.nspname || '.' || p.proname || ' ' || pg_get_functiondef(p.oid)
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname not in ('pg_catalog', 'information_schema') and p.prokind in ('f', 'p')
  union all select schemaname || '.' || tablename || ' ' || policyname from pg_policies) lines
"""


@test
def migrating_twice_changes_nothing(d):
    before = d.service.sql(FINGERPRINT)
    d.service.migrate()
    equal(d.service.sql(FINGERPRINT), before, "schema")
    expect_status(d.geo.get("/v1/plans"), 200)


@test
def daemons_that_migrate_at_once_leave_the_same_schema(d):
    wanted = d.service.sql(FINGERPRINT)
    for _ in range(3):
        other = Service(d.service.cluster, migrate=False)
        try:
            several = [subprocess.Popen([str(build_folder() / "tributaryd"), "migrate"],
                                        env=other.environment, cwd=other.folder,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT) for _ in range(4)]
            for process in several:
                said, _ = process.communicate(timeout=60)
                equal(process.returncode, 0, f"exit status: {said.decode(errors='replace')}")
            equal(other.sql(FINGERPRINT), wanted, "schema")
        finally:
            other.close()


@test
def an_unmigrated_database_is_not_served(d):
    other = Service(d.service.cluster, migrate=False)
    process = subprocess.Popen([str(build_folder() / "tributaryd"), "serve"],
                               env=other.environment, cwd=other.folder, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 5
        while process.poll() is None and time.monotonic() < deadline:
            check(not other.is_ready(), "ready without a schema")
            time.sleep(0.1)
        if process.poll() is None:
            process.terminate()
            process.wait(20)
        else:
            check(process.returncode != 0, "exit status 0")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(5)
        process.stderr.close()
        other.close()


@test
def two_daemons_on_one_database_serve_side_by_side(d):
    second = Service.__new__(Service)
    second.__dict__.update(d.service.__dict__)
    second.port = free_port()
    second.environment = {**d.service.environment, "TRIBUTARY_PORT": str(second.port)}
    second.log_path = d.service.folder / "second.log"
    second.start()
    base = len(d.revisions("training-annual", OFFICES[5], "115"))
    try:
        for number in range(10):
            first, other = ((d.service.port, second.port) if number % 2 else
                            (second.port, d.service.port))
            client = d.service.client(d.office(OFFICES[5]).token)
            client.port = first
            receipt = expect_status(client.hand_in(d.plan, annual(
                OFFICES[5], "115", base, **{"general.gm2h.m": number})), 201).json
            reader = d.service.client(d.geo.token)
            reader.port = other
            deadline = time.monotonic() + 2
            while True:
                reply = reader.get(f"{d.base}/rollups/training-annual?period=115&by=office")
                unit = next(one for one in reply.json["units"] if one["unit"] == OFFICES[5])
                if unit["elements"]["general.gm2h.m"]["value"] == number:
                    break
                check(time.monotonic() < deadline,
                      "the other daemon still lags behind after 2 s")
                time.sleep(0.05)
            equal(receipt["revision"], base + 1, "revision")
            base += 1
    finally:
        second.stop()
    d.service.command("verify")


if __name__ == "__main__":
    suite.run()
