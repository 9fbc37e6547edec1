#!/usr/bin/env python3
"""The database's clock, or a daemon's, jumps: recorded moments rise all the same, and what expires does so by one clock."""
import contextlib
import datetime
import glob
import os
import pathlib
import pwd
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import tributary_harness as harness  # noqa: E402
from desk import OFFICES, PLAN_FILE, YEARS, Desk, annual  # noqa: E402
from people import PASSWORD, People, totp  # noqa: E402
from tributary_harness import Suite, check, comment, equal, expect_status  # noqa: E402

HOUR, DAY, YEAR = 3600, 86400, 31557600
SANITIZED = os.environ.get("TRIBUTARY_TEST_VARIANT") == "asan"


class Clock:
    """A clock that a process has which was started with `environment`: the machine's, and so many seconds more."""

    def __init__(self, folder, name):
        found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
        check(found, "the package faketime isn't installed")
        self.path = folder / name
        self.environment = {"LD_PRELOAD": found[0], "FAKETIME_TIMESTAMP_FILE": str(self.path), "FAKETIME_NO_CACHE": "1",
                            "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
                            "FAKETIME_FORCE_MONOTONIC_FIX": "0"}  # waits on conditions take as long as they should
        self.set(0)

    def set(self, seconds):
        new = self.path.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n")
        new.chmod(0o644)
        os.replace(new, self.path)
        self.seconds = seconds

    @property
    def now(self):
        return time.time() + self.seconds


class ClockCluster(harness.Cluster):
    """A PostgreSQL with a clock of its own."""

    def start(self):
        super().start()
        self.clock = Clock(self.folder, "clock")
        data = self.place.resolve() / "data"
        control = pathlib.Path((data / "postmaster.opts").read_text().split()[0]).parent / "pg_ctl"
        server = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            server = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        subprocess.run([control, "restart", f"--pgdata={data}", f"--log={data.parent / 'log'}", "--wait", "--silent"],
                       env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **self.clock.environment}, cwd="/", check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=120, **server)


@contextlib.contextmanager
def clock_desk():
    with contextlib.ExitStack() as stack:
        server = ClockCluster()
        stack.callback(server.close)
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        service, sample = harness.Service(server), harness.Service(server, migrate=False)
        stack.callback(service.close)
        stack.callback(sample.close)
        service.load_plan(PLAN_FILE)
        sample.migrate("--sample")
        sample.command("plan", "load", PLAN_FILE, "--sample-clock", "2022-12-01T00:00:00Z")
        d = Desk(service)
        d.people, d.database, d.daemon, d.sample = People(service), server.clock, Clock(folder, "clock"), Desk(sample)
        kept = dict(service.environment)
        if not SANITIZED:  # a sanitizer wants to be loaded before all others
            service.environment.update(d.daemon.environment)
        service.start()
        service.environment = kept
        sample.start()
        yield d
        sample.stop()


suite = Suite(clock_desk)


def test(function):
    """Each test ends with both clocks set right."""
    def run(d):
        try:
            function(d)
        finally:
            d.database.set(0)
            d.daemon.set(0)
            time.sleep(1)  # what the daemon trusts for a moment is forgotten
    run.__name__ = function.__name__
    return suite.test(run, seconds=120)


def at(moment):
    return datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def becomes(client, path, status):
    """The answer becomes this within two seconds: a daemon trusts what it found for less than one."""
    deadline = time.monotonic() + 2 * harness.SLOWNESS
    while client.get(path).status != status and time.monotonic() < deadline:
        time.sleep(0.05)
    expect_status(client.get(path), status)


def rises(service):
    """No entry is as late as the one before; what verify says."""
    equal(service.sql("select count(*) from (select recorded_at, lag(recorded_at) over (order by sequence) as before "
                      "from tributary.log_entry) e where recorded_at <= before"), "0", "entries that aren't later than the one before")
    service.command("verify")


@test
def recorded_moments_rise_though_the_clock_of_the_database_goes_back(d):
    moments = []
    for number, jump in enumerate((0, 2 * DAY, -DAY, -YEAR, 0, HOUR, -10 * YEAR, 2 * DAY + HOUR)):
        d.database.set(jump)
        receipt = d.accepted(annual(OFFICES[number], YEARS[0]))
        moments.append(receipt["log"]["entry"] and receipt["recorded_at"])
        d.people.make("office", OFFICES[number])  # an entry of the owner, and of a link
        expect_status(d.geo.get(f"{d.base}/submissions", format="csv"), 200)
        d.service.command("token", "list")
    equal(moments, sorted(set(moments)), "moments of the receipts")
    check(moments[2].startswith(at(time.time() + 2 * DAY)[:10]), f"the clock that went back: {moments}")
    rises(d.service)
    d.database.set(3 * DAY)
    late = d.accepted(annual(OFFICES[0], YEARS[1]))["recorded_at"]
    check(late.startswith(at(d.database.now)[:10]), f"once the clock is past the last entry, it counts again: {late}")
    listed = expect_status(d.login("auditor").get("/v1/audit", **{"from": late}), 200).json["entries"]
    equal({one["recorded_at"] >= late for one in listed}, {True}, "entries since a moment")
    rises(d.service)


@test
def recorded_moments_rise_though_the_clock_of_a_sample_goes_back(d):
    sample = d.sample
    moments = []
    clocks = ("2023-05-01", "2023-03-01", "2020-01-01", "2023-05-01", "2023-05-02", "2023-05-01")
    for number, day in enumerate(clocks):
        reply = sample.post(annual(OFFICES[number], YEARS[0]), {"Tributary-Sample-Clock": f"{day}T00:00:00Z"})
        moments.append(expect_status(reply, 201).json["recorded_at"])
        expect_status(sample.geo.get(f"{sample.base}/extensions", headers={"Tributary-Sample-Clock": f"{day}T00:00:00Z"},
                                     format="csv"), 200)
    equal(moments, sorted(set(moments)), "moments")
    equal([one[:10] for one in moments], ["2023-05-01"] * 4 + ["2023-05-02"] * 2, "days")
    rises(sample.service)


@test
def a_token_expires_by_the_clock_of_the_database_alone(d):
    token = d.service.client(d.service.add_token("geo", label="an hour", extra=("--expires", at(time.time() + HOUR))))
    for jump in (-10 * YEAR, 10 * YEAR, 0):
        d.daemon.set(jump)
        time.sleep(1)
        expect_status(token.get("/v1/whoami"), 200)
    d.database.set(HOUR + 60)
    becomes(token, "/v1/whoami", 401)
    for jump in (0, -10 * YEAR):  # to the end of the token
        d.daemon.set(jump)
        time.sleep(1)
        expect_status(token.get("/v1/whoami"), 401)
    d.database.set(0)
    becomes(token, "/v1/whoami", 200)


@test
def a_session_ends_by_the_clock_of_the_database_alone_and_one_of_the_future_is_none(d):
    browser = d.people.signed_in("geo")
    for jump in (-10 * YEAR, 10 * YEAR, 0):
        d.daemon.set(jump)
        time.sleep(1)
        expect_status(browser.get("/v1/whoami"), 200)
    for jump, status in ((13 * HOUR, 401), (0, 200), (-DAY, 401), (0, 200), (10 * YEAR, 401), (60, 200)):
        d.database.set(jump)
        becomes(browser, "/v1/whoami", status)
    # a session of while the clock was ahead isn't one that lasts so much longer
    d.database.set(30 * DAY)
    ahead = d.people.signed_in("geo")
    becomes(ahead, "/v1/whoami", 200)
    d.database.set(0)
    becomes(ahead, "/v1/whoami", 401)


@test
def a_link_for_a_password_expires_by_the_clock_of_the_database_alone(d):
    browser = d.people.browser()
    for jump in (10 * YEAR, -10 * YEAR):
        d.daemon.set(jump)
        login, path = d.people.invite("geo", by="link")
        d.database.set(30 * DAY)
        equal(browser.request("POST", path, {"password": PASSWORD}, patient=True).status // 100, 4, "a link long past")
        d.database.set(0)
        expect_status(browser.request("POST", path, {"password": PASSWORD}, patient=True), 200)
        equal(browser.request("POST", path, {"password": PASSWORD}, patient=True).status // 100, 4, "a link that was used")
        expect_status(browser.sign_in(login), 201)


@test
def a_code_counts_by_the_clock_of_the_database_and_never_twice_though_that_goes_back(d):
    browser = d.people.signed_in("geo")
    secret = expect_status(browser.post("/v1/account/totp", {}), 200).json["secret"]
    used = totp(secret, d.database.now)
    expect_status(browser.post("/v1/account/totp", {"code": used}), 200)

    def sign_in(moment):
        return d.people.browser().sign_in(browser.login, code=totp(secret, moment)).status
    d.daemon.set(HOUR)
    equal(sign_in(d.daemon.now), 401, "a code of the daemon's time")
    d.database.set(90)
    later = d.database.now
    equal(sign_in(later), 201, "a code of the database's time")
    d.database.set(60)
    equal((sign_in(later), sign_in(d.database.now)), (401, 401), "used ones, and older ones, after the clock went back")
    d.database.set(180)
    equal(sign_in(d.database.now), 201, "a code of later")


@test
def a_daemon_whose_clock_jumps_goes_on_and_records_by_the_clock_of_the_database(d):
    if SANITIZED:
        comment("a daemon under sanitizers has the machine's clock")
    for number, jump in enumerate((10 * YEAR, -10 * YEAR, DAY, -DAY, 0)):
        d.daemon.set(jump)
        time.sleep(0.7)  # two looks of the watch
        expect_status(d.service.client().get("/readyz"), 200)
        last = float(d.service.sql("select extract(epoch from max(recorded_at)) from tributary.log_entry"))
        receipt = d.accepted(annual(OFFICES[number], YEARS[2]))
        moment = datetime.datetime.fromisoformat(receipt["recorded_at"].replace("Z", "+00:00")).timestamp()
        check(moment - max(last, d.database.now) < 60, f"recorded at {receipt['recorded_at']}, {jump} s")
    rises(d.service)


if __name__ == "__main__":
    suite.run()
