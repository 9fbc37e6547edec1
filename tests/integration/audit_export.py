#!/usr/bin/env python3
"""The log as a whole, line by line: whole, verified by other tools, and cut off where it was cut off."""
import base64
import concurrent.futures
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import log_check  # noqa: E402
from desk import GUISHAN, OFFICES, YEARS, annual, desk, quarterly  # noqa: E402
from tributary_harness import RawConnection, Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test


def fill(d):
    if not hasattr(d, "filled"):
        d.filled = True
        documents = [annual(office, year) for year in YEARS for office in OFFICES]
        for office in OFFICES:
            d.office(office)
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            for reply in pool.map(d.post, documents):
                expect_status(reply, 201)


def keys_of(d):
    return {one["key"]: base64.b64decode(one["ed25519_public"])
            for one in expect_status(d.service.client().get("/v1/keys"), 200).json["keys"]}


def exported(d, **query):
    reply = expect_status(d.login("auditor").get("/v1/audit/export", **query), 200)
    equal(reply.header("content-type"), "application/jsonl", "content type")
    return reply.body.decode()


def last_of(d):
    return int(d.service.sql("select sequence from tributary.log_head"))


@test
def the_whole_log_is_exported_and_verifies_by_other_tools(d):
    fill(d)
    text = exported(d)
    faults, entries = log_check.check_log(text, keys_of(d))
    equal((faults, entries), ([], last_of(d) - 1), "faults and entries")
    newest = expect_status(d.login("auditor").get("/v1/audit", limit=1), 200).json["entries"][0]
    equal((newest["sequence"], newest["kind"], newest["entry"]["path"]), (last_of(d), "export", "/v1/audit/export"),
          "the export itself, recorded before its first line was sent")
    sizes = [line for line in map(json.loads, text.splitlines()) if line["type"] == "batch"]
    check(any(one["last"] > one["first"] for one in sizes), "every batch held one entry")


@test
def a_range_of_moments_gives_whole_batches(d):
    fill(d)
    whole = expect_status(d.login("auditor").get("/v1/audit", limit=1000, order="oldest"), 200).json["entries"]
    low, high = whole[5], whole[-5]
    text = exported(d, **{"from": low["recorded_at"], "to": high["recorded_at"]})
    faults, entries = log_check.check_log(text, keys_of(d))
    equal(faults, [], "faults")
    head = json.loads(text.splitlines()[0])
    check(1 < head["first"] <= low["sequence"] and high["sequence"] <= head["last"] < len(whole) + 5, head)
    equal(entries, head["last"] - head["first"] + 1, "entries")
    for query in ({"from": "2100-01-01T00:00:00Z"}, {"to": "1999-01-01T00:00:00Z"},
                  {"from": high["recorded_at"], "to": low["recorded_at"]}):
        lines = [json.loads(line) for line in exported(d, **query).splitlines()]
        equal([line["type"] for line in lines], ["log", "end"], f"nothing lies in {query}")
    expect_status(d.login("auditor").get("/v1/audit/export", **{"from": "x"}), 400)


@test
def who_may_not_read_all_of_it_gets_none_of_it(d):
    for role in ("geo", "dbas", "supervision"):
        expect_status(d.login(role).get("/v1/audit/export"), 403)
    expect_status(d.office(GUISHAN).get("/v1/audit/export"), 403)
    expect_status(d.service.client().get("/v1/audit/export"), 401)
    expect_status(d.login("admin").get("/v1/audit/export"), 200)


@test
def each_changed_or_missing_line_is_noticed_without_the_server(d):
    fill(d)
    keys, lines = keys_of(d), exported(d).splitlines()
    equal(log_check.check_log("\n".join(lines), keys)[0], [], "untouched")
    entry = next(i for i, line in enumerate(lines) if '"kind\\":\\"submission' in line)
    batch = next(i for i, line in enumerate(lines) if '"type":"batch"' in line and i > entry)
    for what, changed in (("an entry changed", lines[:entry] + [lines[entry].replace('office\\":\\"6', 'office\\":\\"7')]
                           + lines[entry + 1:]),
                          ("an entry removed", lines[:entry] + lines[entry + 1:]),
                          ("an entry twice", lines[:entry] + [lines[entry]] + lines[entry:]),
                          ("a batch's line removed", lines[:batch] + lines[batch + 1:]),
                          ("the end removed", lines[:-1]), ("the tail removed", lines[:batch] + lines[-1:])):
        check(changed != lines, what)
        check(log_check.check_log("\n".join(changed), keys)[0], f"not noticed: {what}")
    check(log_check.check_log("\n".join(lines), {})[0], "not noticed: unknown keys")


@test
def hand_ins_go_on_while_it_is_read(d):
    fill(d)
    documents = [quarterly(office, f"114Q{quarter}", courses=[]) for office in OFFICES for quarter in (1, 2, 3, 4)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        posting = [pool.submit(d.post, document) for document in documents]
        texts = [exported(d) for _ in range(6)]
        for one in posting:
            expect_status(one.result(), 201)
    for text in texts:
        equal(log_check.check_log(text, keys_of(d))[0], [], "faults")


def client(d, *words, role="auditor", **more):
    """The command line, as a person of the city; the finished process."""
    settings = {"TRIBUTARY_SERVER": f"http://127.0.0.1:{d.service.port}", "TRIBUTARY_PLAN": d.plan,
                "TRIBUTARY_TOKEN": d.login(role).token, "XDG_CONFIG_HOME": str(d.service.folder),
                "XDG_STATE_HOME": str(d.service.folder), "XDG_CACHE_HOME": str(d.service.folder), "LANG": "C.UTF-8", **more}
    return d.service.command("audit", *words, "--lang", "en", program="tributary", check=False, settings=settings)


@test
def the_command_line_lists_shows_exports_and_verifies(d):
    fill(d)
    listed = client(d, "list", "--kind", "submission", "--limit", "3")
    check(listed.returncode == 0 and listed.stdout.decode().count("document handed in") == 3, listed.stdout.decode())
    check("--after" in listed.stdout.decode(), "how to go on")
    shown = client(d, "show", "1").stdout.decode()
    check("plan loaded" in shown and '"sha256"' in shown, shown)
    check("Head: " in client(d, "head", role="geo").stdout.decode(), "head")
    equal(json.loads(client(d, "show", "1", "--json").stdout)["sequence"], 1, "as JSON")
    equal(client(d, "export", "-o", "log.jsonl", role="geo").returncode, 4, "not for geo")
    done = client(d, "export", "-o", "log.jsonl")
    equal(done.returncode, 0, done.stderr)
    equal(client(d, "export", "-o", "log.jsonl").returncode, 2, "a file that is there isn't written over")
    keys = d.service.folder / "keys.json"
    keys.write_bytes(d.service.client().get("/v1/keys").body)
    nowhere = {"TRIBUTARY_SERVER": "http://127.0.0.1:9"}
    equal(client(d, "verify", "log.jsonl", **nowhere).returncode, 1, "keys that aren't kept prove nothing")
    done = client(d, "verify", "log.jsonl", "--keys", keys, **nowhere)
    check(done.returncode == 0 and "The log holds" in done.stdout.decode(), done.stdout.decode() + done.stderr.decode())
    head = json.loads(client(d, "show", "5", "--json").stdout)["log"]["head"]
    equal(client(d, "verify", "log.jsonl", "--keys", keys, "--head", head, **nowhere).returncode, 0, "through a head")
    equal(client(d, "verify", "log.jsonl", "--keys", keys, "--head", "0" * 64, **nowhere).returncode, 1, "another head")


@test
def the_command_line_notices_what_the_other_check_notices(d):
    fill(d)
    path, keys = d.service.folder / "changed.jsonl", d.service.folder / "published.json"
    keys.write_bytes(d.service.client().get("/v1/keys").body)
    lines = exported(d).splitlines()
    kept = keys_of(d)
    for number in range(len(lines)):
        for changed in (lines[:number] + lines[number + 1:], lines[:number] + [lines[number]] + lines[number:],
                        lines[:number] + [lines[number].replace("1", "2", 1)] + lines[number + 1:]):
            if number % 7 or changed == lines:
                continue
            path.write_text("\n".join(changed) + "\n")
            done = client(d, "verify", path, "--keys", keys)
            try:
                expected = bool(log_check.check_log("\n".join(changed), kept)[0])
            except (KeyError, ValueError, TypeError):
                expected = True
            # a key that is listed in the file itself, and the number of its format, prove nothing and are no fault
            if number or expected:
                equal(done.returncode, 1 if expected else 0, f"line {number}: {changed[max(0, number - 1):number + 2]}")
    for text in ("", "{}\n", "x\n", "\n", lines[0] + "\n"):
        path.write_text(text)
        equal(client(d, "verify", path, "--keys", keys).returncode, 1, f"a file that holds {text[:30]!r}")
    equal(client(d, "verify", "/nowhere").returncode, 2, "no file")


@test
def a_reader_who_goes_away_harms_nobody(d):
    fill(d)
    token = d.login("auditor").token
    for _ in range(5):
        with RawConnection(d.service.port) as raw:
            raw.send(f"GET /v1/audit/export HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
            raw.socket.recv(100)
    faults, _ = log_check.check_log(exported(d), keys_of(d))
    equal(faults, [], "faults")


if __name__ == "__main__":
    suite.run()
