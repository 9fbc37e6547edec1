#!/usr/bin/env python3
"""Who may do what, straight in SQL as the daemon's role: what stands between offices when a handler forgets.

Every table with row-level security is found by looking, tried by select, insert, update and delete as every role, on a row
of the role's own office and of another one; every function that works with its owner's rights is called with what belongs
to another office. What is expected stands in tests/support/rights_sql.tsv and rights_functions.tsv."""
import base64
import contextlib
import csv
import json
import pathlib
import re
import sys

SUPPORT = pathlib.Path(__file__).resolve().parents[1] / "support"
sys.path.insert(0, str(SUPPORT))

from desk import GUISHAN, ZHONGLI, desk  # noqa: E402
from rights_cases import Target  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

ROLES = ("geo", "dbas", "supervision", "admin", "auditor")
# heading of the tables: (role, office, jurisdiction, whose row)
PRINCIPALS = {"office": ("office", GUISHAN, "68000", GUISHAN), "other": ("office", GUISHAN, "68000", ZHONGLI),
              **{role: (role, "", "68000", ZHONGLI) for role in ROLES}, "nobody": ("", "", "", ZHONGLI),
              "elsewhere": ("geo", "", "99000", ZHONGLI)}
# The row of an office, where no column names it: as a condition.
OFFICE_S = {
    "attachment_piece": "content in (select a.content from tributary.attachment a where a.office = '{office}')",
    "attachment_content": "content in (select a.content from tributary.attachment a where a.office = '{office}')",
    "idempotency": "token = (select r.token from tributary.revision r where r.id = t.revision and r.office = '{office}')",
    "log_entry": "sequence = (select min(r.sequence) from tributary.revision r where r.office = '{office}')",
    "session": "account in (select a.account from tributary.account a where a.office = '{office}')",
    "password_reset": "account in (select a.account from tributary.account a where a.office = '{office}')",
    "mail_preference": "account in (select a.account from tributary.account a where a.office = '{office}')",
    "mail_unsubscription": "mail in (select m.mail from tributary.mail m where m.office = '{office}')",
    **{name: "member in (select m.member from tributary.body_member m join tributary.plan_unit_office u on u.unit = m.unit"
             " and u.level = 'group' where u.office = '{office}')" for name in ("body_member", "body_member_name", "body_member_end")},
    **{name: "meeting in (select m.meeting from tributary.meeting m join tributary.plan_unit_office u on u.unit = m.unit"
             " and u.level = 'group' where u.office = '{office}')"
       for name in ("meeting_step", "meeting_agenda", "meeting_resolution", "meeting_sheet", "sitting_in")},
    **{name: "sequence in (select x.sequence from tributary.%s x join tributary.meeting m using (meeting) join"
             " tributary.plan_unit_office u on u.unit = m.unit and u.level = 'group' where u.office = '{office}')" % whole
       for name, whole in (("meeting_agenda_item", "meeting_agenda"), ("meeting_attendance", "meeting_sheet"))},
    "meeting_attendance_name": "attendance in (select a.attendance from tributary.meeting_attendance a where a.office = '{office}')",
    **{name: "decision in (select o.decision from tributary.decision_owner o where o.office = '{office}')"
       for name in ("decision", "decision_progress", "decision_ruling", "decision_referral", "decision_withdrawal")},
    **{name: f"{key} in (select x.{key} from tributary.{table} x join tributary.decision_owner o using (decision) where o.office = '{{office}}')"
       for name, table, key in (("decision_outcome", "decision_referral", "referral"), ("decision_attachment", "decision_progress", "progress"))},
    "pack": "unit = '{office}'",
    "pack_file": "pack in (select p.pack from tributary.pack p where p.unit = '{office}')",
    "account_event": "account in (select a.account from tributary.account a where a.office = '{office}')",
}
SECURED = """
select c.relname || '|' || (
    select string_agg(a.attname, ',' order by a.attnum) from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '')
  || '|' || (select string_agg(a.attname, ',') from pg_index i
             join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
             where i.indrelid = c.oid and i.indisprimary)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname = 'tributary' and c.relrowsecurity order by 1
"""
DEFINERS = """
select distinct p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname = 'tributary' and p.prosecdef and p.prorettype <> 'trigger'::regtype
  and has_function_privilege('tributary_daemon', p.oid, 'execute') order by 1
"""
STRANGER = "00000000-0000-4000-8000-00000000000a"  # who acts, where it isn't who acted in the row
# What a row must be for its kind to be tried at its widest: a review that an office too may record.
WIDEST = {**{name: "t.meeting_record is not null" for name in ("review", "decision", "decision_ruling")}}
REFUSED = "42501"  # no right, or a row that breaks a policy


def read_table(name):
    with open(SUPPORT / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader([line for line in file if not line.startswith("#")], delimiter="\t",
                                   quoting=csv.QUOTE_NONE))


class Table:
    def __init__(self, row):
        self.name, columns, key = row.split("|")
        self.place = f"tributary.{self.name}"
        self.columns, self.key = columns.split(","), key.split(",")
        self.actor = next((one for one in ("actor", "preparer", "token") if one in self.columns), None)

    def condition(self, office):
        mine = f"t.office = '{office}'" if "office" in self.columns else OFFICE_S.get(self.name, "true").format(office=office)
        return f"{mine} and {WIDEST.get(self.name, 'true')}"


class Setting:
    def __init__(self, d):
        self.d, self.service = d, d.service
        self.targets = {GUISHAN: Target(d, GUISHAN, "zqmine").fill(), ZHONGLI: Target(d, ZHONGLI, "zqtheirs").fill()}
        for office, target in self.targets.items():
            target.open_upload(whole=False)
            target.withdrawn()
            target.resolved()
            target.preference()
            expect_status(target.writer.request("DELETE", f"/v1/calendar-feeds/{target.feed()['feed']}"), 200)
            target.passed_by_its_task_group()
            self.answered(office)
        self.service.sql("insert into tributary.mail_cursor values ('68000', 1, current_date) on conflict do nothing")
        self.tables = [Table(row) for row in self.service.sql(SECURED).splitlines()]
        self.rows = {(table.name, office): self.row(table, office) for table in self.tables for office in self.targets}

    def answered(self, office):
        """A revision that answers a return of something accepted, and one handed in with a key."""
        target = self.targets[office]
        target.writer.post(f"{self.d.base}/submissions", {"form": "other-measures", "office": office, "period": "115", "tables": {
            "measures": []}}, {"Idempotency-Key": f"key of {office}"})
        document = {"form": "webpage", "office": office, "period": "112", "fields": {"updates": 1}}
        first = expect_status(target.writer.hand_in(self.d.plan, document), 201).json["submission"]
        for outcome in ({"outcome": "accept"}, {"outcome": "return", "reason": "x", "cells": ["fields.updates"]}):
            expect_status(self.d.geo.post(f"/v1/submissions/{first}/reviews", outcome), 201)
        expect_status(target.writer.hand_in(self.d.plan, {**document, "base": 1, "fields": {"updates": 2}}), 201)

    def row(self, table, office):
        """(condition that finds it, its values as JSON, its actor); None: there is none."""
        key = " || ' and ' || ".join(f"'t.{one}::text = ' || quote_literal(t.{one}::text)" for one in table.key)
        actor = f"t.{table.actor}::text" if table.actor else "''"
        said = self.service.sql(f"select encode(convert_to({key}, 'UTF8'), 'base64') || '|' || translate(encode(convert_to("
                                f"row_to_json(t)::text, 'UTF8'), 'base64'), E'\\n', '') || '|' || {actor} "
                                f"from {table.place} t where {table.condition(office)} limit 1").replace("\n", "")
        if not said:
            return None
        found, values, actor = said.split("|")
        return base64.b64decode(found).decode(), base64.b64decode(values).decode(), actor

    def run(self, probes):
        """[(SQLSTATE, rows, what was printed)] of (statement, role, office, jurisdiction, token), each taken back."""
        text = ["\\set ON_ERROR_STOP off"]
        for statement, role, office, jurisdiction, token in probes:
            settings = {"jurisdiction": jurisdiction, "role": role, "office": office, "token": token,
                        "log_sequence": "1000000", "log_recorded_at": "2040-01-01"}  # as the log's writer leaves them
            text += ["\\o /dev/null", "begin;", *(f"select set_config('tributary.{name}', '{value}', true);"
                                                  for name, value in settings.items()),
                     "\\o", statement + ";", "\\echo =:SQLSTATE :ROW_COUNT", "\\o /dev/null", "rollback;"]
        printed = self.service.sql("\n".join(text), "tributary_daemon", check=False).stdout
        ends = re.findall(r"((?:(?!^=).*\n)*?)^=(\w+) (\d+)$", printed, re.M)
        equal(len(ends), len(probes), "statements that came to an end")
        return [(state, int(rows), said.strip()) for said, state, rows in ends]


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def with_values(values, **changes):
    row = json.loads(values)
    return json.dumps({**row, **{name: value for name, value in changes.items() if name in row}}, ensure_ascii=False)


def statements(table, found, values, operation):
    """{what is tried: statement}"""
    if operation == "select":
        return {column: f"select 1 from (select t.{column} from {table.place} t where {found}) x" for column in table.columns}
    if operation == "update":
        return {column: f"update {table.place} t set {column} = t.{column} where {found}" for column in table.columns}
    if operation == "delete":
        return {"": f"delete from {table.place} t where {found}"}
    columns = ", ".join(table.columns)
    return {"": f"insert into {table.place} ({columns}) overriding system value select {columns} from "
                f"json_populate_record(null::{table.place}, {quoted(values)}::json)"}


def word(table, operation, results):
    """The word of the table for what came of it: -, yes, or for columns which."""
    if operation == "insert":  # another constraint is asked only after the policy let the row through
        return "-" if results[""][0] == REFUSED else "yes"
    may = [name for name, (state, rows, _) in results.items() if state == "00000" and rows > 0]
    if not may or operation == "delete":
        return "yes" if may else "-"
    if len(may) == len(table.columns):
        return "yes"
    lacking = [one for one in table.columns if one not in may]
    return "but " + ",".join(lacking) if operation == "select" else ",".join(may)


OPERATIONS = ("select", "insert", "insert-as-another", "update", "delete")


def tried(s, table, operation):
    """{principal: word}; None for an operation that the table hasn't."""
    if operation == "insert-as-another" and not table.actor:
        return None
    plain, words, probes, places = operation.split("-")[0], {}, [], []
    for column, (role, office, jurisdiction, whose) in PRINCIPALS.items():
        found, values, actor = s.rows[table.name, whose]
        token = actor if whose == office and operation != "insert-as-another" else STRANGER
        if operation == "insert" and table.actor:
            values = with_values(values, **{table.actor: token}, actor_role=role, seen_as=role)
        for name, statement in statements(table, found, values, plain).items():
            probes.append((statement, role, office, jurisdiction, token))
            places.append((column, name))
    results = {}
    for (column, name), result in zip(places, s.run(probes)):
        results.setdefault(column, {})[name] = result
    for column, given in results.items():
        words[column] = word(table, plain, given)
    return words


@contextlib.contextmanager
def setting():
    with desk(settings={"TRIBUTARY_ATTACHMENT_UPLOADS": "200"}) as d:
        yield Setting(d)


suite = Suite(setting)
test = suite.test
EXPECTED = {(row["table"], row["operation"]): row for row in read_table("rights_sql.tsv")}
FUNCTIONS = {row["function"]: row for row in read_table("rights_functions.tsv")}


@test
def the_data_name_every_table_with_row_level_security_and_every_definer_function(s):
    equal(sorted({name for name, _ in EXPECTED}), sorted(table.name for table in s.tables), "tables")
    equal(sorted(FUNCTIONS), sorted(s.service.sql(DEFINERS).splitlines()), "functions")


@test
def there_is_a_row_of_either_office_in_every_table(s):
    equal([place for place, row in s.rows.items() if row is None], [], "nothing to try")


def try_operation(operation):
    def tried_on_every_table(s):
        faults = []
        for table in s.tables:
            words, wanted = tried(s, table, operation), EXPECTED.get((table.name, operation))
            if words is None:
                continue
            check(wanted, f"rights_sql.tsv says nothing of {operation} on {table.name}")
            faults += [f"{operation} on {table.name}: {column} may {word}, but should {wanted[column]}"
                       for column, word in words.items() if word != wanted[column]]
        check(not faults, "\n".join(faults))
    tried_on_every_table.__name__ = f"{operation.replace('-', '_')}_on_every_table_as_every_role"
    test(tried_on_every_table, seconds=120)


for one in OPERATIONS:
    try_operation(one)


@test
def a_review_is_recorded_by_those_whose_stage_it_may_be_and_no_further(s):
    table = next(one for one in s.tables if one.name == "review")
    found, values, actor = s.rows["review", GUISHAN]  # at the stage of its own task group
    tried_so = [("office", {}, True), ("office", {"meeting_record": None}, False), ("office", {"outcome": "return"}, False),
                ("office", {"break_glass": True}, False), ("office", {"office": ZHONGLI}, False), ("geo", {}, True),
                ("dbas", {}, False), ("dbas", {"stage": "dbas", "outcome": "return"}, True), ("admin", {}, False), ("admin", {"break_glass": True}, True),
                ("supervision", {}, False), ("auditor", {"break_glass": True}, False), ("office", {"actor_role": "geo"}, False)]
    probes = []
    for role, changes, _ in tried_so:
        row = with_values(values, **{"actor_role": role, "reason": "x", **changes})
        probes.append((statements(table, found, row, "insert")[""], role, GUISHAN if role == "office" else "", "68000", actor))
    for (role, changes, wanted), (state, _, _) in zip(tried_so, s.run(probes)):
        equal(state != REFUSED, wanted, f"{role} with {changes}: SQLSTATE {state}")


# ---- functions that work with their owner's rights ------------------------------------------------------------------

def resolve_above(target, decision, held_on):
    """The city's body that a decision is carried up to resolves something on it."""
    geo = target.desk.geo
    referral = expect_status(geo.post(f"/v1/decisions/{decision}/referrals", {}), 201).json["referrals"][-1]["referral"]
    meeting = expect_status(geo.post(f"{target.base}/meetings", {"body": "promotion-group", "held_on": held_on}), 200, 201).json["meeting"]
    item = target.put(meeting, "agenda", {"items": [{"kind": "discussion", "title": "x", "referral": referral}]})["agenda"]["items"][0]["item"]
    target.put(meeting, "resolutions", {"resolutions": [{"item": item, "text": "x"}]})


def values_of(s, office):
    """What calls may name of an office."""
    target = s.targets[office]
    one = s.service.sql
    feed = target.feed()["url"].rsplit("/", 1)[1].removesuffix(".ics")
    meeting, decision = target.corrected()
    resolve_above(target, decision, "2024-11-20" if office == GUISHAN else "2024-11-21")
    return {"office": office, "meeting": meeting, "decision": decision, "revision": target.held["webpage"], "upload": target.open_upload()[0], "feed_secret": feed,
            "attachment": target.attachment(), "token_hash": one(
                f"select token_hash from tributary.token where office = '{office}' limit 1").replace("\\", ""),
            "token": one(f"select token from tributary.token where office = '{office}' limit 1"), **account_values(s, target)}


def account_values(s, target):
    browser = target.people.browser()
    expect_status(browser.sign_in(target.preparer.login), 201)
    _, link = target.people.invite("office", target.office, by="link")
    version, hashed = s.service.sql("select version, encode(sha256(convert_to(password_hash, 'UTF8')), 'hex') from tributary.account "
                                    f"where account = '{target.person}'").split("|")
    mail, unsubscribing = target.mail()
    return {"mail": mail, "unsubscribing": unsubscribing, "account": target.person, "login": target.preparer.login, "session": browser.session, "cookie": browser.cookie,
            "link": link.rsplit("/", 1)[1], "version": version, "hashed": hashed}


def called(s, function, column):
    """(word, what was printed) of a call: - for a refusal, for nothing, null, false and zero rows."""
    role, office, jurisdiction, whose = PRINCIPALS[column]
    token = s.values[office]["account"] if office else STRANGER
    call = FUNCTIONS[function]["call"].format(actor=token, **s.values[whose])
    statement = (f"select translate(encode(convert_to(coalesce(string_agg(x::text, ';'), ''), 'UTF8'), 'base64'), E'\\n', '') "
                 f"from (select * from {call}) x")
    (state, _, printed), = s.run([(statement, role, office, jurisdiction, token)])
    said = base64.b64decode(printed).decode() if state == "00000" else ""
    if function.startswith("record_"):
        return ("yes" if said.startswith("(recorded") else "-"), said
    return ("-" if state != "00000" or said in ("", "()", "(f)", "(,,)") else "yes"), said


@test(seconds=120)
def definer_functions_give_an_office_nothing_of_another_and_nobody_anything(s):
    s.values = {office: values_of(s, office) for office in s.targets}
    faults = []
    for function, row in FUNCTIONS.items():
        for column in PRINCIPALS:
            got, said = called(s, function, column)
            if got != row[column]:
                faults.append(f"{function}: {column} is given {got!r}, should be {row[column]!r}: {said[:200]}")
            # what a secret or a login leads to, before it is known who asks, is told to anybody who has it
            if column in ("other", "nobody", "elsewhere") and row["nobody"] != "yes" and "zqtheirs" in said:
                faults.append(f"{function}: {column} is shown a text of another office: {said[:300]}")
    check(not faults, "\n".join(faults))


def print_observed():
    """What the database does now, in the shape of the tables: to be read, judged and corrected, not to be copied."""
    with setting() as s:
        for table in s.tables:
            for operation in OPERATIONS:
                words = tried(s, table, operation)
                if words:
                    print("\t".join([table.name, operation, *words.values()]))
        s.values = {office: values_of(s, office) for office in s.targets}
        for function, row in FUNCTIONS.items():
            print("\t".join([function, row["call"], *(called(s, function, column)[0] for column in PRINCIPALS)]))


if __name__ == "__main__":
    if sys.argv[1:] == ["--observed"]:
        print_observed()
    else:
        suite.run()
