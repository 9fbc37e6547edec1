"""What every test program that drives the real daemon needs.

A private PostgreSQL cluster (or the one that TRIBUTARY_TEST_PG names), a fresh
database for each service, the daemon as a process on a free loopback port, an
HTTP client, a raw socket, and a runner that prints TAP. Everything is bounded
by a timeout; what this file starts it also ends.

    TRIBUTARY_TEST_PROGRAMS     folder of the binaries (or TRIBUTARY_BUILD; default build/release)
    TRIBUTARY_TEST_PG           socket directory of a running test cluster that
                                knows the roles tributary_owner, tributary_daemon
    TRIBUTARY_TEST_PG_SUPERUSER its superuser (default: found by trying)
    TRIBUTARY_TEST_KEEP         keep the temporary folders and print where
"""
import contextlib
import http.client
import itertools
import json
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse
from decimal import Decimal

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLANS = ROOT / "common" / "plan" / "plans"
_counter = itertools.count(1)
LONGEST_IDLE = 2  # seconds after which a client makes a new connection
# Sanitizers make everything slower; limits of time stretch with them.
SLOWNESS = 4 if os.environ.get("TRIBUTARY_TEST_VARIANT") == "asan" else 1


class HarnessError(Exception):
    """The surroundings of a test failed, not what it tests."""


def build_folder():
    path = pathlib.Path(os.environ.get("TRIBUTARY_TEST_PROGRAMS")
                        or os.environ.get("TRIBUTARY_BUILD") or "build/release")
    return path if path.is_absolute() else (ROOT / path)


# ---------------------------------------------------------------- PostgreSQL

def _run(*command):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False)
    if done.returncode != 0:
        raise HarnessError(f"{command[0]}: {done.stdout.decode(errors='replace')}")
    return done.stdout.decode().strip()


class Cluster:
    """A PostgreSQL of our own on a Unix socket, with the roles and the rights of a real one."""
    private = True
    superuser = "postgres"
    script = ROOT / "server" / "run" / "private-postgres.sh"

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="trib-pg-"))
        os.chmod(self.folder, 0o711)  # PostgreSQL's user passes through
        self.place = self.folder / "postgres"
        self.start()
        _run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.socket, "-U", "postgres",
             "-d", "postgres", "-f", ROOT / "server" / "run" / "roles.sql")

    def start(self):
        self.socket = _run(self.script, "start", self.place, "--throwaway")

    def halt(self):
        _run(self.script, "stop", self.place)

    def crash(self):
        """It ends at once, as if it had crashed."""
        process = int((self.place / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(process, signal.SIGQUIT)
        deadline = time.monotonic() + 30
        while pathlib.Path(f"/proc/{process}").exists():
            if time.monotonic() > deadline:
                raise HarnessError("PostgreSQL didn't end within 30 s")
            time.sleep(0.05)

    def sql(self, text, database="postgres", user=None, check=True):
        return psql(self, text, database, user or self.superuser, check)

    def close(self):
        if os.environ.get("TRIBUTARY_TEST_KEEP"):
            self.halt()
            print(f"# kept {self.folder}")
            return
        with contextlib.suppress(HarnessError, subprocess.TimeoutExpired):
            _run(self.script, "remove", self.place)
        shutil.rmtree(self.folder, ignore_errors=True)


class SharedCluster:
    """The cluster that TRIBUTARY_TEST_PG names; it isn't ours to stop."""
    private = False

    def __init__(self, folder):
        self.socket = folder
        self.superuser = self._find_superuser()

    def _find_superuser(self):
        wanted = [os.environ.get("TRIBUTARY_TEST_PG_SUPERUSER"), "postgres",
                  pwd.getpwuid(os.geteuid()).pw_name]
        with contextlib.suppress(OSError, KeyError):
            wanted.append(pwd.getpwuid(os.stat(self.socket).st_uid).pw_name)
        for name in filter(None, wanted):
            answer = psql(self, "select rolsuper from pg_roles where rolname = current_user",
                          "postgres", name, check=False)
            if answer.returncode == 0 and answer.stdout.strip() == "t":
                return name
        raise HarnessError(f"no superuser login found in the cluster at {self.socket}")

    def sql(self, text, database="postgres", user=None, check=True):
        return psql(self, text, database, user or self.superuser, check)

    def close(self):
        pass


def psql(cluster, text, database, user, check=True):
    """Run SQL; the answer is unaligned, without headings. Not `check`: the finished process."""
    done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h",
                           cluster.socket, "-U", user, "-d", database, "-f", "-"],
                          input=text, capture_output=True, text=True, timeout=120,
                          env={**os.environ, "PGOPTIONS": "-c client_min_messages=warning"})
    if not check:
        return done
    if done.returncode != 0:
        raise HarnessError(f"SQL failed: {done.stderr.strip()}\n{text[:400]}")
    return done.stdout.strip()


@contextlib.contextmanager
def cluster(private=False):
    """The shared cluster, or a private one where there is none or `private` asks for it."""
    folder = os.environ.get("TRIBUTARY_TEST_PG")
    server = SharedCluster(folder) if folder and not private else Cluster()
    try:
        yield server
    finally:
        server.close()


# ---------------------------------------------------------------------- HTTP

def _no_duplicates(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise AssertionError(f"an answer repeats a JSON key: {names}")
    return dict(pairs)


def read_json(data):
    """Strict and exact: no repeated key, no binary floating point, no NaN."""
    def refuse(word):
        raise AssertionError(f"an answer holds {word}")
    return json.loads(data, object_pairs_hook=_no_duplicates, parse_float=Decimal,
                      parse_constant=refuse)


class Reply:
    def __init__(self, status, headers, body, asked):
        self.status, self.body, self.asked = status, body, asked
        self.header_list = [(name.lower(), value) for name, value in headers]
        self.headers = dict(self.header_list)

    @property
    def json(self):
        try:
            return read_json(self.body)
        except ValueError as problem:
            raise AssertionError(f"{self.asked}: not JSON ({problem}): {self.body[:300]!r}") from None

    def header(self, name, default=None):
        return self.headers.get(name.lower(), default)

    def __str__(self):
        return f"{self.asked} -> {self.status} {self.body[:900].decode('utf-8', 'replace')}"


class Client:
    """One principal's view of the daemon; a connection per thread, kept alive."""

    def __init__(self, port, token=None, timeout=30):
        self.port, self.token, self.timeout = port, token, timeout
        self._local = threading.local()

    def _connection(self):
        held = getattr(self._local, "connection", None)
        if held is not None and time.monotonic() - self._local.since > LONGEST_IDLE:
            self.forget()  # the daemon may be closing it just now
            held = None
        if held is None:
            held = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
            self._local.connection, self._local.used = held, False
            self._local.since = time.monotonic()
        return held

    def forget(self):
        held = getattr(self._local, "connection", None)
        if held is not None:
            held.close()
        self._local.connection = None

    def request(self, method, path, body=None, headers=None, patient=False):
        """One request. `patient` waits out 429 and 503 as Retry-After says."""
        sent = {"Accept-Encoding": "identity"}
        if self.token is not None:
            sent["Authorization"] = f"Bearer {self.token}"
        sent.update(headers or {})
        if body is not None and not isinstance(body, (bytes, bytearray)):
            body = json.dumps(body, ensure_ascii=False).encode()
            sent.setdefault("Content-Type", "application/json")
        deadline = time.monotonic() + 60
        while True:
            reply = self._once(method, path, body, sent)
            if not patient or reply.status not in (429, 503) or time.monotonic() > deadline:
                return reply
            time.sleep(min(float(reply.header("retry-after", "1")), 5) or 0.05)

    def _once(self, method, path, body, headers):
        for attempt in (1, 2):
            connection = self._connection()
            fresh = not self._local.used
            try:
                connection.request(method, path, body=body, headers=headers)
                answer = connection.getresponse()
                data = answer.read()
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.forget()
                if fresh or attempt == 2 or method not in ("GET", "HEAD"):
                    raise
                continue
            except BaseException:
                self.forget()
                raise
            self._local.used, self._local.since = True, time.monotonic()
            if answer.will_close:
                self.forget()
            return Reply(answer.status, answer.getheaders(), data, f"{method} {path}")
        raise AssertionError("unreachable")

    def get(self, path, headers=None, **query):
        return self.request("GET", with_query(path, query), headers=headers)

    def post(self, path, body, headers=None, **query):
        return self.request("POST", with_query(path, query), body=body, headers=headers)

    def hand_in(self, plan, document, headers=None, **query):
        return self.post(f"/v1/plans/{plan}/submissions", document, headers=headers, **query)


def with_query(path, query):
    given = {name: value for name, value in query.items() if value is not None}
    return path + ("?" + urllib.parse.urlencode(given) if given else "")


class RawConnection:
    """A socket that says exactly what a test wants said."""

    def __init__(self, port, timeout=15):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.received = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def read_reply(self):
        """(status, headers, body) of the next answer; None when the peer closed first."""
        try:
            while b"\r\n\r\n" not in self.received:
                piece = self.socket.recv(65536)
                if not piece:
                    return None
                self.received += piece
        except ConnectionError:
            return None
        head, _, rest = self.received.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        length = int(headers.get("content-length", "0"))
        while len(rest) < length:
            piece = self.socket.recv(65536)
            if not piece:
                break
            rest += piece
        self.received = rest[length:]
        return int(lines[0].split()[1]), headers, rest[:length]

    def is_closed(self, within=10):
        """True when the peer closes within so many seconds (what it still says is read away)."""
        self.socket.settimeout(within)
        deadline = time.monotonic() + within
        try:
            while time.monotonic() < deadline:
                if not self.socket.recv(65536):
                    return True
        except ConnectionError:
            return True
        except TimeoutError:
            return False
        return False


# -------------------------------------------------------------------- daemon

def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Service:
    """A database of its own and the daemon that serves it."""

    def __init__(self, server, settings=None, migrate=True):
        self.cluster = server
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="trib-test-"))
        self.database = f"trib_{os.getpid()}_{next(_counter)}_{int(time.time()) % 100000}"
        server.sql(f"create database {self.database} owner tributary_owner template template0"
                   " encoding 'UTF8'")
        server.sql(f"revoke all on database {self.database} from public;"
                   f"grant connect on database {self.database} to tributary_daemon")
        self.port = free_port()
        self.process = None
        self.log_path = self.folder / "daemon.log"
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(("TRIBUTARY_", "PG"))}
        self.environment.update({
            "TRIBUTARY_DATABASE_URL": self.url("tributary_daemon"),
            "TRIBUTARY_MIGRATION_DATABASE_URL": self.url("tributary_owner"),
            "TRIBUTARY_LISTEN_ADDRESS": "127.0.0.1",
            "TRIBUTARY_PORT": str(self.port),
            "TRIBUTARY_SIGNING_KEY_FILE": str(self.folder / "signing.key"),
        })
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        self.environment.update(settings or {})
        if migrate:
            self.migrate()

    def url(self, user):
        query = urllib.parse.urlencode({"host": self.cluster.socket, "user": user})
        return f"postgresql:///{self.database}?{query}"

    def command(self, *arguments, check=True, timeout=60, stdin=None, program="tributaryd",
                settings=None):
        done = subprocess.run([str(build_folder() / program), *map(str, arguments)],
                              stdin=subprocess.DEVNULL if stdin is None else None, input=stdin,
                              capture_output=True, timeout=timeout, cwd=self.folder,
                              env={**self.environment, **(settings or {})})
        if check and done.returncode != 0:
            raise AssertionError(
                f"{program} {' '.join(map(str, arguments))}: exit status {done.returncode}\n"
                f"{done.stdout.decode(errors='replace')}{done.stderr.decode(errors='replace')}")
        return done

    def migrate(self, *arguments):
        return self.command("migrate", *arguments)

    def write_plan(self, plan):
        """A plan given as a dictionary, as a file; a path as it is."""
        if not isinstance(plan, dict):
            return pathlib.Path(plan)
        path = self.folder / f"plan-{next(_counter)}.json"
        path.write_text(json.dumps(plan, ensure_ascii=False, indent=1), encoding="utf-8")
        return path

    def load_plan(self, plan, check=True):
        return self.command("plan", "load", self.write_plan(plan), check=check)

    def add_token(self, role, office=None, label=None, extra=()):
        arguments = ["token", "add", "--role", role]
        if office:
            arguments += ["--office", office]
        arguments += ["--label", label or f"test {role} {office or ''}".strip(), *extra]
        printed = self.command(*arguments).stdout.decode()
        token = printed.strip()
        if not token or len(token.split()) != 1:
            raise AssertionError(f"token add must print the token, alone: {printed!r}")
        return token

    def client(self, token=None, timeout=30):
        return Client(self.port, token, timeout)

    def login(self, role, office=None, label=None):
        return self.client(self.add_token(role, office, label))

    def start(self, within=30 * SLOWNESS):
        log = open(self.log_path, "ab")  # pylint: disable=consider-using-with
        self.process = subprocess.Popen([str(build_folder() / "tributaryd"), "serve"],
                                        stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                        cwd=self.folder, env=self.environment)
        log.close()
        self.wait_ready(within)
        return self

    def is_ready(self):
        try:
            return Client(self.port, timeout=5).get("/readyz").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def wait_ready(self, within=30):
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise HarnessError(f"the daemon ended with status {self.process.returncode}\n"
                                   f"{self.log_tail()}")
            if self.is_ready():
                return
            time.sleep(0.02)
        raise HarnessError(f"/readyz wasn't 200 within {within} s\n{self.log_tail()}")

    def kill(self):
        """SIGKILL: it ends at once, without a word."""
        self.process.kill()
        self.process.wait(10)

    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, within=30):
        """SIGTERM; the exit status must be 0."""
        if self.process is None:
            return
        process, self.process = self.process, None
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(within)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
            raise AssertionError(f"no exit within {within} s of SIGTERM\n{self.log_tail()}") from None
        if status != 0:
            raise AssertionError(f"exit status {status} after SIGTERM\n{self.log_tail()}")

    def log_tail(self, lines=25):
        try:
            text = self.log_path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return "(no log)"
        return "\n".join(text.splitlines()[-lines:])

    def sql(self, text, user=None, check=True):
        return self.cluster.sql(text, self.database, user, check)

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.kill()
        with contextlib.suppress(HarnessError, subprocess.TimeoutExpired):
            self.cluster.sql(f"drop database if exists {self.database} with (force)")
        if os.environ.get("TRIBUTARY_TEST_KEEP"):
            print(f"# kept {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def service(plan=None, private_cluster=False, settings=None, start=True):
    """A migrated database with `plan` loaded, and the daemon serving it."""
    with cluster(private_cluster) as server:
        held = Service(server, settings)
        try:
            if plan is not None:
                held.load_plan(plan)
            if start:
                held.start()
            yield held
        finally:
            held.close()


# ---------------------------------------------------------------------- TAP

class Expired(Exception):
    pass


def _expire(*_):
    raise Expired("the test took too long")


def end_cleanly():
    """SIGTERM (a time limit of the caller) unwinds, so that what was started is ended."""
    def leave(*_):
        raise SystemExit(143)
    signal.signal(signal.SIGTERM, leave)


def fail(message):
    raise AssertionError(message)


def check(condition, message):
    if not condition:
        raise AssertionError(str(message))


def equal(got, expected, what=""):
    if got != expected or isinstance(got, bool) != isinstance(expected, bool):
        raise AssertionError(f"{what}: expected {expected!r}, got {got!r}")


def expect_status(reply, *statuses):
    if reply.status not in statuses:
        raise AssertionError(f"expected status {' or '.join(map(str, statuses))}: {reply}")
    return reply


def comment(text):
    for line in str(text).splitlines():
        print(f"#   {line}")


class Suite:
    """Tests in the order they are written; each prints one TAP line with its function's name."""

    def __init__(self, fixture):
        self.fixture, self.tests, self.passed, self.failed = fixture, [], 0, 0

    def test(self, function=None, seconds=60):
        if function is None:
            return lambda given: self.test(given, seconds)
        self.tests.append((function, seconds))
        return function

    def report(self, name, problem=None):
        if problem is None:
            self.passed += 1
            print(f"ok - {name}", flush=True)
        else:
            self.failed += 1
            print(f"not ok - {name}", flush=True)
            comment(problem)
            sys.stdout.flush()

    def _one(self, function, seconds, held):
        name = function.__name__
        signal.alarm(seconds * SLOWNESS)
        try:
            function(held)
            signal.alarm(0)
            self.report(name)
        except Exception as problem:  # a test may fail in any way
            signal.alarm(0)
            where = traceback.extract_tb(problem.__traceback__)
            here = [f"{pathlib.Path(step.filename).name}:{step.lineno}" for step in where[-3:]]
            self.report(name, f"{type(problem).__name__}: {problem}\nat {' > '.join(here)}")
        finally:
            signal.alarm(0)

    def run(self):
        signal.signal(signal.SIGALRM, _expire)
        end_cleanly()
        only = [word for word in sys.argv[1:] if not word.startswith("-")]
        chosen = [(function, seconds) for function, seconds in self.tests
                  if not only or any(word in function.__name__ for word in only)]
        stopped = "the_daemon_exits_with_0_on_SIGTERM"
        done = 0
        try:
            with contextlib.ExitStack() as stack:
                held = stack.enter_context(self.fixture())
                for function, seconds in chosen:
                    done += 1
                    self._one(function, seconds, held)
                    revive(held)
                main = main_service(held)
                if main is not None:
                    try:
                        main.stop()
                        self.report(stopped)
                    except AssertionError as problem:
                        self.report(stopped, problem)
        except Exception as problem:
            for function, _ in chosen[done:]:
                self.report(function.__name__, f"could not be set up: {problem}")
            comment(traceback.format_exc())
        print(f"1..{self.passed + self.failed}", flush=True)
        sys.exit(1 if self.failed or not self.passed else 0)


def main_service(held):
    return held if isinstance(held, Service) else getattr(held, "service", None)


def revive(held):
    """A daemon that died in one test is started again for the next, and that is said."""
    main = main_service(held)
    if main is not None and main.process is not None and main.process.poll() is not None:
        comment(f"THE DAEMON DIED with status {main.process.returncode}; starting it again")
        comment(main.log_tail())
        main.start()
