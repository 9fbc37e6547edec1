"""A PostgreSQL of the test's own that keeps its promises: every commit is synced, so that it may be killed at any time."""
import contextlib
import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time

from tributary_harness import ROOT, HarnessError, check, psql


def programs():
    """The folder of the newest PostgreSQL's programs."""
    folders = [path for path in pathlib.Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if folders:
        return max(folders, key=lambda path: int(path.parent.name))
    found = shutil.which("initdb")
    if not found:
        raise HarnessError("PostgreSQL's initdb wasn't found")
    return pathlib.Path(found).resolve().parent


class DurableCluster:
    """Reached by a Unix socket in a folder that only this user may enter; `settings` go into its configuration."""
    private, superuser = True, "postgres"

    def __init__(self, *options, settings=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="trib-pg-", dir="/tmp"))
        self.data, self.log = self.folder / "data", self.folder / "log"
        self.socket = str(self.folder)
        self.account = {}
        if os.geteuid() == 0:  # it refuses to work as root
            entry = pwd.getpwnam("postgres")
            self.account = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        try:
            self.run("initdb", "--pgdata", self.data, "--username=postgres", "--auth=trust", "--encoding=UTF8",
                     "--locale=C.UTF-8", "--no-sync", *options)
            with open(self.data / "postgresql.conf", "a", encoding="utf-8") as configuration:
                configuration.write("\n".join(["", "listen_addresses = ''", f"unix_socket_directories = '{self.socket}'",
                                               "port = 5432", "fsync = on", "synchronous_commit = on",
                                               "shared_buffers = 32MB", "recovery_init_sync_method = syncfs", "checkpoint_timeout = 30s",
                                               "timezone = 'UTC'", *settings, ""]))
            self.start()
            self.sql((ROOT / "server" / "run" / "roles.sql").read_text(encoding="utf-8"))
        except BaseException:
            self.close()
            raise

    def run(self, program, *arguments):
        done = subprocess.run([programs() / program, *map(str, arguments)], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, cwd="/", **self.account)
        if done.returncode != 0:
            raise HarnessError(f"{program}: {done.stdout.decode(errors='replace')}\n{self.log_tail()}")

    def log_tail(self):
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
        return ""

    def start(self):
        self.run("pg_ctl", "start", "--pgdata", self.data, "--wait", "--timeout=60", "--silent", "--log", self.log)

    def start_again(self, within=30):
        """Starts after a crash: what is left of the old processes may hold its memory for a moment."""
        deadline = time.monotonic() + within
        while True:
            try:
                return self.start()
            except HarnessError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def halt(self, mode="fast"):
        self.run("pg_ctl", "stop", "--pgdata", self.data, "--wait", "--timeout=60", "--silent", "--mode", mode)

    def postmaster(self):
        return int((self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])

    def is_answering(self):
        return self.sql("select 1", check=False).returncode == 0

    def wait_answering(self, within=30):
        deadline = time.monotonic() + within
        while not self.is_answering():
            check(time.monotonic() < deadline, f"PostgreSQL didn't answer within {within} s")
            time.sleep(0.05)

    def sql(self, text, database="postgres", user=None, check=True):  # pylint: disable=redefined-outer-name
        return psql(self, text, database, user or self.superuser, check)

    def close(self):
        with contextlib.suppress(HarnessError, subprocess.TimeoutExpired, OSError):
            self.halt("immediate")
        if os.environ.get("TRIBUTARY_TEST_KEEP"):
            print(f"# kept {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def durable_cluster(*options, settings=()):
    server = DurableCluster(*options, settings=settings)
    try:
        yield server
    finally:
        server.close()
