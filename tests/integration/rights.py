#!/usr/bin/env python3
"""Who may do what: every route asked as every principal, about things of its own office and of another one.

What is expected stands in tests/support/rights.tsv; tests/support/rights_cases.py and what it names make the requests. Nothing that an
office is answered, in whatever format, may hold a text or an id of another office."""
import contextlib
import csv
import datetime
import io
import json
import pathlib
import re
import sys
import zipfile

SUPPORT = pathlib.Path(__file__).resolve().parents[1] / "support"
sys.path.insert(0, str(SUPPORT))

from desk import GUISHAN, ZHONGLI, desk  # noqa: E402
from rights_cases import CASES, Request, Target  # noqa: E402
from sql_session import SqlSession  # noqa: E402
from tributary_harness import Suite, check, equal, with_query  # noqa: E402

OWN, OTHER = "own", "other"
# heading of the table: (whose token, whose things)
PRINCIPALS = {"office": ("office", OWN), "other": ("office", OTHER), "geo": ("geo", OTHER), "dbas": ("dbas", OTHER),
              "supervision": ("supervision", OTHER), "admin": ("admin", OTHER), "auditor": ("auditor", OTHER),
              "nobody": ("nobody", OTHER), "expired": ("expired", OTHER), "revoked": ("revoked", OTHER)}
STATUSES = {**{word: range(200, 300) for word in ("allowed", "bearer", "own", "figures")},
            "session": [403, 404], "barred": [403], "forbidden": [403], "hidden": [404], "unauthenticated": [401]}
ROLES = ("office", "geo", "dbas", "supervision", "admin", "auditor")
FORMATS = ("json", "csv", "ods", "xlsx")
KINDS = {"application/json": "json", "text/csv": "csv", "application/vnd.oasis.opendocument.spreadsheet": "ods",
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx"}


def read_table():
    with open(SUPPORT / "rights.tsv", encoding="utf-8", newline="") as file:
        lines = [line for line in file if not line.startswith("#")]
    return {row["route"]: row for row in csv.DictReader(lines, delimiter="\t")}


TABLE = read_table()


class Setting:
    """The daemon, the two offices with all that they have, and everybody who asks."""

    def __init__(self, d):
        self.d, self.service = d, d.service
        self.own = Target(d, GUISHAN, "zqmine").fill()
        self.other = Target(d, ZHONGLI, "zqtheirs").fill()
        self.clients = {"office": self.service.login("office", GUISHAN, "the second person"),
                        "nobody": self.service.client()}
        for role in ROLES[1:]:
            self.clients[role] = self.service.login(role)
        self.own.own, self.other.own = True, False
        self.own.askers = self.other.askers = self.clients
        soon = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.clients["expired"] = self.service.client(self.service.add_token("admin", label="expired", extra=["--expires", soon]))
        self.clients["revoked"] = self.service.login("admin", label="revoked")
        self.service.command("token", "revoke", self.service.sql("select token from tributary.token where label = 'revoked'"))
        self.api = d.geo.get("/v1/openapi.json").json
        self.operations = {f"{method.upper()} {path}": operation for path, item in self.api["paths"].items()
                           for method, operation in item.items()}
        self.sessions = {}
        self.session = SqlSession(self.service)
        self.shown = {}      # principal: every mark seen in an answer
        self.in_format = {}  # format: marks seen by the geo

    def signed_in(self, role, fresh):
        """A person's session; a fresh one where what is asked ends or changes it."""
        if fresh or role not in self.sessions:
            browser = self.own.people.signed_in(role, GUISHAN if role == "office" else None)
            if fresh:
                return browser
            self.sessions[role] = browser
        return self.sessions[role]

    def asker(self, route, who, by):
        if by == "token":
            return self.clients[who]
        return self.signed_in(who, "/v1/session" in route or "/v1/account/" in route or route.endswith("/v1/account"))

    def request(self, route, column, by):
        who, whose = PRINCIPALS[column]
        target = self.own if whose == OWN else self.other
        target.asking = self.asker(route, who, by)
        self.own.askers = self.other.askers = {**self.clients, who: target.asking}
        asked = CASES[route](target, who) if route in CASES else Request()
        values = {"plan": self.d.plan, **asked.parameters}
        path = re.sub(r"\{(\w+)\}", lambda match: values[match.group(1)], route.split(" ", 1)[1])
        return target.asking, path, asked

    def ask(self, route, column, by="token", **more):
        """(the answer, what was said in asking, how far the log moved by it)"""
        client, path, asked = self.request(route, column, by)
        method = route.split(" ", 1)[0]
        body = asked.body if asked.body is not None or method not in ("POST", "PUT", "PATCH") else {}
        before = self.recorded() if method != "GET" else 0
        reply = client.request(method, with_query(path, {**asked.query, **more}), body=body, headers=asked.headers)
        self.note(column, reply)
        return reply, f"{path} {asked.body}", (self.recorded() if method != "GET" else 0) - before

    def recorded(self):
        return int(self.session.sql("select sequence from tributary.log_head"))

    def note(self, column, reply):
        seen = {found.decode() for found in re.findall(rb"zq(?:mine|theirs)\d{4}x", everything(reply))}
        self.shown.setdefault(column, set()).update(seen)
        kind = KINDS.get(reply.header("content-type", "").split(";")[0])
        if column == "geo" and kind:
            self.in_format.setdefault(kind, set()).update(seen)

    def formats(self, route):
        """Those in which a read is given, besides the one that comes when none is named."""
        replies = self.operations[route]["responses"]
        offered = {KINDS.get(kind) for status in ("200", "201") for kind in replies.get(status, {}).get("content", {})}
        return [one for one in FORMATS if one in offered] if route.startswith("GET ") and "csv" in offered else []


def everything(reply):
    """The bytes of an answer, of its headers, and of what is packed in it."""
    text = reply.body + b"\n" + "\n".join(f"{name}: {value}" for name, value in reply.header_list).encode()
    if zipfile.is_zipfile(io.BytesIO(reply.body)):
        with zipfile.ZipFile(io.BytesIO(reply.body)) as archive:
            text += b"".join(archive.read(name) for name in archive.namelist())
    return text


def rows_of_others(value, where="$"):
    """Places of a JSON answer that are about an office which isn't the asker's."""
    found = []
    if isinstance(value, dict):
        if isinstance(value.get("office"), str) and value["office"] != GUISHAN:
            found.append(f"{where}.office = {value['office']}")
        for name, inner in value.items():
            found += rows_of_others(inner, f"{where}.{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found += rows_of_others(inner, f"{where}[{number}]")
    return found


def shows_nothing_of_the_other(s, route, reply, said):
    """But what was said in asking."""
    text = everything(reply)
    marks = sorted({found.decode() for found in re.findall(rb"zqtheirs\d{4}x", text)} - set(re.findall(r"zqtheirs\d{4}x", said)))
    check(not marks, f"{reply.asked} -> {reply.status}: shows {[s.other.marks.planted.get(mark) for mark in marks]}")
    named = [one for one in s.other.ids if one.encode() in text and one not in said]
    check(not named, f"{route}: names {named} of another office: {reply}")


@contextlib.contextmanager
def setting():
    with desk(settings={"TRIBUTARY_ATTACHMENT_UPLOADS": "200"}) as d:
        s = Setting(d)
        with contextlib.closing(s.session):
            yield s


suite = Suite(setting)
test = suite.test


@test
def the_table_names_every_route_and_no_other(s):
    equal(sorted(set(s.operations) - set(TABLE)), [], "routes that tests/support/rights.tsv doesn't name")
    equal(sorted(set(TABLE) - set(s.operations)), [], "routes of tests/support/rights.tsv that the daemon hasn't")
    equal(sorted(set(CASES) - set(TABLE)), [], "cases of no route")


@test
def the_table_s_words_are_known(s):
    for route, row in TABLE.items():
        for column in PRINCIPALS:
            check(row[column] in STATUSES, f"{route}, {column}: {row[column]!r}")


@test
def the_daemon_s_masks_are_the_table_s(s):
    for route, operation in s.operations.items():
        row, roles = TABLE[route], operation.get("x-roles", [])
        for role in ROLES:
            mine = [row[column] for column in ((role, "other") if role == "office" else (role,))]
            for word in mine:
                equal(word != "barred", role in roles or not operation["security"], f"{route}: {role} is {word}; mask {roles}")
        equal(row["nobody"] != "unauthenticated", not operation["security"], f"{route}: nobody is {row['nobody']}")


def outcome_holds(s, route, column, by):
    wanted = TABLE[route][column]
    if by == "session" and wanted == "session":
        wanted = "allowed"
    for format_asked in [None, *(s.formats(route) if by == "token" and column in ("office", "other", "geo") else [])]:
        reply, said, moved = s.ask(route, column, by, **({"format": format_asked} if format_asked else {}))
        check(reply.status in STATUSES[wanted], f"{column}, by a {by}, should be {wanted} at {route}: {reply}")
        check(reply.status < 300 or moved == 0, f"{route}: {column} is refused, and yet {moved} entries are in the log")
        if column in ("office", "other") and wanted != "bearer":
            shows_nothing_of_the_other(s, route, reply, said)
            if wanted == "own" and reply.header("content-type", "").startswith("application/json"):
                equal(rows_of_others(reply.json)[:5], [], f"{route}: rows of others")


def walk(column, by):
    def walked(s):
        faults = []
        for route in TABLE:
            try:
                outcome_holds(s, route, column, by)
            except AssertionError as fault:
                faults.append(str(fault))
        check(not faults, "\n".join(faults))
    name = {"office": "an_office_about_its_own_things", "other": "an_office_about_things_of_another"}.get(
        column, f"{column}_as_the_table_says")
    walked.__name__ = name if by == "token" else f"{name}_when_signed_in"
    test(walked, seconds=180)


for one in PRINCIPALS:
    walk(one, "token")
for one in PRINCIPALS:
    if PRINCIPALS[one][0] in ROLES:
        walk(one, "session")


def however(s):
    """Reads of an office that ask for as much as there is."""
    base, forms = s.d.base, [one["code"] for one in s.d.geo.get(s.d.base).json["forms"]]
    wide = [{"by": by, "basis": basis} for by in ("office", "group", "city") for basis in ("latest", "official")]
    for form in forms:
        period = "113Q2" if form == "training-quarterly" else "plan" if form == "implementation-plan" else "113"
        yield from ((f"{base}/rollups/{form}", {"period": period, **one}) for one in wide)
    yield from ((f"{base}/indicators", {"year": "113", **one}) for one in wide)
    yield from ((f"{base}/timeliness", {"by": one["by"]}) for one in wide)
    yield from ((f"{base}/obligations", {"year": year}) for year in ("112", "113", "114", "115"))
    for name in ("submissions", "extensions", "reviews", "waiting", "meetings", "calendar-feeds"):
        yield f"{base}/{name}", {}


@test(seconds=120)
def an_office_that_asks_for_as_much_as_there_is_sees_nothing_of_another(s):
    client = s.clients["office"]
    for path, query in however(s):
        reply = client.get(path, **query)
        formats = FORMATS if client.get(path, format="csv", **query).status == 200 else ("json",)
        for name in formats:
            reply = client.get(path, format=name, **query)
            equal(reply.status, 200, reply.asked)
            shows_nothing_of_the_other(s, path, reply, path)
        sources = [found for found in re.findall(rb'"submission": ?"([^"]+)"', client.get(path, **query).body)]
        check(not {found.decode() for found in sources} & s.other.ids, f"{path} {query}: sources of another office")


@test
def what_was_planted_was_there_to_be_seen(s):
    """The search finds marks in every format, and no mark was planted where nobody would have shown it."""
    for name in FORMATS:
        check(s.in_format.get(name), f"no mark was seen in {name}")
    check(any(mark.startswith("zqmine") for mark in s.shown["office"]), "an office sees none of its own marks")
    for path in (*(f"/v1/submissions/{one}" for one in s.other.held.values() if isinstance(one, str)), f"{s.d.base}/reviews"):
        s.note("geo", s.clients["geo"].get(path))
    shown = {carrier for mark, carrier in s.other.marks.planted.items() if any(mark in seen for seen in s.shown.values())}
    # only the office sees what its own people prepared
    unseen = set(s.other.marks.planted.values()) - shown - {"reason of giving back what was prepared"}
    equal(sorted(unseen), [], "planted and never shown")


@test
def nothing_of_it_harmed_the_log(s):
    equal(s.service.command("verify", check=False, timeout=120).returncode, 0, "verify")


def print_observed(by):
    """What the daemon does now, in the shape of the table: to be read, judged and corrected, not to be copied."""
    with setting() as s:
        for route in s.operations:
            words = []
            for column in PRINCIPALS if by == "token" else [one for one in PRINCIPALS if PRINCIPALS[one][0] in ROLES]:
                reply, _, _ = s.ask(route, column, by)
                masked = s.operations[route].get("x-roles") and column not in ("nobody", "expired", "revoked") and \
                    PRINCIPALS[column][0] not in s.operations[route]["x-roles"]
                words.append({401: "unauthenticated", 403: "barred" if masked else "forbidden", 404: "hidden"}.get(
                    reply.status, "allowed" if reply.status < 300 else f"{reply.status} {json.dumps(reply.json)[:150]}"))
            print("\t".join([route, *words]))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--observed"]:
        print_observed(sys.argv[2])
    else:
        suite.run()
