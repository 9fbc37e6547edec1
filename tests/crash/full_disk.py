#!/usr/bin/env python3
"""The disk under PostgreSQL fills up: first where the tables lie, then where the write-ahead log lies. Small file systems in
memory stand for the disks; mounting them needs root."""
import contextlib
import os
import pathlib
import pwd
import subprocess
import tempfile
import time

from clerks import OFFICES, Clerks, desk
from desk import annual
from durable import DurableCluster, durable_cluster
from tributary_harness import SLOWNESS, Suite, check, equal, expect_status

LEAST = 64 * 1024


class Disk:
    """A small file system; `fill` leaves no room, `make_room` takes that back."""

    def __init__(self, megabytes, owner):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="trib-disk-", dir="/tmp"))
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700,uid={owner}", "tributary-test",
                        self.place], check=True, stdin=subprocess.DEVNULL, capture_output=True)
        self.filler = self.place / "filler"

    def fill(self):
        with open(self.filler, "ab", buffering=0) as filler, contextlib.suppress(OSError):
            while True:
                filler.write(bytes(LEAST))
        with open(self.filler, "ab", buffering=0) as filler, contextlib.suppress(OSError):
            while True:
                filler.write(bytes(512))

    def make_room(self):
        self.filler.unlink(missing_ok=True)

    def close(self):
        subprocess.run(["umount", "--lazy", self.place], check=False, stdin=subprocess.DEVNULL, capture_output=True)
        with contextlib.suppress(OSError):
            self.place.rmdir()


class SmallDisks(DurableCluster):
    """Its write-ahead log lies on one small disk, a tablespace on another."""

    def __init__(self):
        owner = pwd.getpwnam("postgres").pw_uid
        self.disks = []
        try:
            self.log_disk = Disk(24, owner)
            self.disks.append(self.log_disk)
            self.table_disk = Disk(64, owner)
            self.disks.append(self.table_disk)
            super().__init__(f"--waldir={self.log_disk.place / 'wal'}", "--wal-segsize=1",
                             settings=["max_wal_size = 8MB", "min_wal_size = 2MB", "autovacuum = off"])
            self.sql(f"create tablespace small location '{self.table_disk.place}'")
        except BaseException:
            for disk in self.disks:
                disk.close()
            raise

    def close(self):
        super().close()
        for disk in self.disks:
            disk.close()


@contextlib.contextmanager
def small_disks():
    server = SmallDisks()
    try:
        yield server
    finally:
        server.close()


@contextlib.contextmanager
def desk_on_small_disks():
    with desk(small_disks) as d:
        d.service.stop()
        d.service.cluster.sql(f"alter database {d.service.database} set tablespace small")
        d.service.start()
        yield d


suite = Suite(desk_on_small_disks)


def refused_until_there_is_room(d, clerks, disk, meanwhile, after_room):
    """Clerks go on while the disk is full: all are told 503, and all goes on when there is room again."""
    with clerks:
        clerks.wait_for_more(40)
        disk.fill()
        deadline = time.monotonic() + 30 * SLOWNESS
        while clerks.counts.get("503", 0) < 30:
            check(time.monotonic() < deadline, f"the disk is full, and the answers are {clerks.counts}")
            meanwhile()
            time.sleep(0.05)
        known = len(clerks.acknowledged)
        time.sleep(1)
        expect_status(d.service.client().get("/healthz"), 200)
        clerks_took = len(clerks.acknowledged) - known
        disk.make_room()
        after_room()
        clerks.wait_for_more(40, within=30 * SLOWNESS)
    equal(clerks.counts.get("broken", 0), 0, "connections that broke")
    clerks.settle()
    clerks.check_books()
    clerks.check_answers()
    clerks.tell(f"{clerks_took} taken while it was full; ")


def nothing():
    pass


@suite.test(seconds=120)
def the_disk_of_the_tables_is_full(d):
    refused_until_there_is_room(d, Clerks(d, 8, years=("112", "113")), d.service.cluster.table_disk,
                                nothing, nothing)


@suite.test(seconds=120)
def the_disk_of_the_write_ahead_log_is_full(d):
    server = d.service.cluster

    def start_if_it_gave_up():
        """PostgreSQL stops itself when it can't write its log; the operator starts it again."""
        deadline = time.monotonic() + 20 * SLOWNESS
        while not server.is_answering():
            check(time.monotonic() < deadline, f"PostgreSQL doesn't come back\n{server.log_tail()}")
            if not is_running(server):
                server.start_again()
            time.sleep(0.1)

    refused_until_there_is_room(d, Clerks(d, 8, years=("114",)), server.log_disk,
                                lambda: server.sql("select pg_switch_wal()", check=False),  # soon every segment is used
                                start_if_it_gave_up)


def is_running(server):
    try:
        os.kill(server.postmaster(), 0)
        return True
    except (OSError, ValueError, IndexError):
        return False


@suite.test(seconds=120)
def files_that_may_not_grow_are_a_full_disk_too(d):
    """A quota: PostgreSQL calls it no full disk, but an error of its own."""
    server = d.service.cluster

    class Quota:
        """No file may grow past a segment of the log."""
        def fill(self):
            self.limit(1024 * 1024)

        def make_room(self):
            self.limit("unlimited")

        @staticmethod
        def limit(size):
            backends = server.sql("select pid from pg_stat_activity where application_name like 'tributaryd%'").split()
            for process in [server.postmaster(), *backends]:
                subprocess.run(["prlimit", "--pid", str(process), f"--fsize={size}:"], check=False, capture_output=True,
                               stdin=subprocess.DEVNULL, cwd="/", **server.account)

    refused_until_there_is_room(d, Clerks(d, 8, years=("115",), seed="quota"), Quota(), nothing,
                                nothing)


@suite.test
def a_first_batch_without_room_leaves_a_sound_connection(d):
    """Whatever statement is the first to find no room, the same connection serves when there is some again."""
    office, period = OFFICES[12], "112"
    d.office(office)  # its token is an entry of the log, too
    for base, (when, table) in enumerate([("insert", "log_entry"), ("update", "log_head"), ("insert", "revision"),
                                          ("insert", "submission")]):
        d.service.sql(f"""
            create function public.no_room() returns trigger language plpgsql as
            $$ begin raise exception 'no room' using errcode = 'disk_full'; end $$;
            create trigger no_room before {when} on tributary.{table} for each statement execute function public.no_room();
            select pg_terminate_backend(pid) from pg_stat_activity
            where application_name = 'tributaryd writer' and datname = current_database()""")
        document = annual(office, period, base, **{"general.staff.m": 100 + base})
        if table == "submission":
            document = annual(office, "113")
        for _ in range(2):
            reply = expect_status(d.post(document), 503)
            check(reply.header("retry-after"), "no Retry-After")
        d.service.sql("drop function public.no_room() cascade")
        equal(d.accepted(document)["revision"], 1 if table == "submission" else base + 1, "revision")
    d.service.command("verify")


def why_not():
    """Words why this machine can't have small disks, None if it can."""
    if os.geteuid() != 0:
        return "mounting a small file system needs root"
    try:
        disk = Disk(1, 0)
    except (OSError, subprocess.CalledProcessError) as problem:
        said = getattr(problem, "stderr", b"") or b""
        return f"no small file system can be mounted here: {said.decode(errors='replace').strip() or problem}"
    disk.close()
    return None


if __name__ == "__main__":
    reason = why_not()
    if reason:
        for test, _ in suite.tests[:2]:
            print(f"ok - {test.__name__} # SKIP {reason}")
        suite.tests = suite.tests[2:]
        suite.fixture = lambda: desk(lambda: durable_cluster("--wal-segsize=1"))
    suite.run()
