#!/usr/bin/env python3
"""Whoever changes one value anywhere in the record is found out by `tributaryd verify`, whatever the column.

What is recorded here is recorded once; then databases that are copies of it are changed and verified side by side.
verify_bytes_accounts.py and verify_bytes_acts.py go through the tables that this leaves to them.
"""
import concurrent.futures
import contextlib
import copy
import json
import os
import pathlib
import sys
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import files  # noqa: E402
from desk import GUISHAN, ZHONGLI, annual, course, desk, execution, line, quarterly  # noqa: E402
from people import People, totp  # noqa: E402
from sql_session import SqlSession  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

COPIES = min(4, os.cpu_count() or 2)


@contextlib.contextmanager
def copied_desk():
    with desk() as d:
        d.copies = []
        try:
            yield d
        finally:
            for one in d.copies:
                one.session.close()
                one.cluster.sql(f"drop database if exists {one.database} with (force)")


suite = Suite(copied_desk)
test = suite.test

# Tables and columns that are no part of the record, each with the reason.
NOT_AUDITED = {
    "tributary.idempotency": "helps a repeated request find its first answer; expires; proves nothing",
    "tributary.upload": "a file on its way in; what is attached of it has an entry and a digest",
    "tributary.token.label": "names a person, so it must be erasable",
    "tributary.attachment.upload": "names the upload that brought it; nobody reads it but the same request again",
    "tributary.token.created_at": "its entry has the moment; nothing depends on this one",
    "tributary.token.revoked_at changed": "whether it is revoked decides, and is held; its entry has the moment",
    "tributary.account.name": "of a person, who may change it; stands in no entry, so that it can be erased",
    "tributary.account.email": "as the name",
    "tributary.account.language": "as the name",
    "tributary.account.disabled_reason filled": "an administrator's words about a person; whether it is disabled is held",
    "tributary.account.created_at": "its entry has the moment; nothing depends on this one",
    **{f"tributary.account.{name}": "counts what happens between entries: it changes with each sign-in"
       for name in ("failures", "locked_until", "last_seen_at", "totp_last_step", "version")},
    "tributary.account.totp_secret filled": "has no effect until it is confirmed, which has an entry",
    "tributary.password_reset.created_at": "its entry has the moment; nothing depends on this one",
    "tributary.password_reset.used_at changed": "whether it was used decides, and is held",
    **{f"tributary.session.{name}": "goes on with each request and ends within hours; its secret and its sign-in are held"
       for name in ("address", "user_agent", "created_at", "last_seen_at", "expires_at", "ended_at")},
    **{f"tributary.prepared.{name}": "how a file was sent that waits; what is released of it has an entry of its own"
       for name in ("content_type", "query", "received_at")},
    "tributary.mail": "an outbox: what is told follows from the record and is no part of it",
    "tributary.mail_unsubscription": "as the outbox",
    "tributary.mail_cursor": "how far the outbox has read the log",
    "tributary.refused_sign_ins": "counts attempts by logins that nobody has, by day; names nobody and proves nothing",
    "public.tributary_migration": "the program's own bookkeeping; a changed migration is refused by `migrate`",
}

# Rows that are part of the record, where not all are.
AUDITED_ROWS = {"tributary.attachment_piece": "content in (select content from tributary.attachment_content)"}

COLUMNS = """
select n.nspname || '.' || c.relname || '|' || a.attname || '|' || format_type(a.atttypid, -1) || '|' || a.attnotnull
from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname in ('tributary', 'public') and a.attnum > 0 and not a.attisdropped
  and a.attgenerated = '' order by 1
"""
# Whoever may do anything in the database isn't stopped by constraints.
WITHOUT_CONSTRAINTS = """
do $$
declare r record;
begin
    for r in select conrelid::regclass as place, conname from pg_constraint c join pg_namespace n on n.oid = c.connamespace
             where n.nspname = 'tributary' and contype in ('c', 'f') loop
        execute format('alter table %s drop constraint %I', r.place, r.conname);
    end loop;
    for r in select attrelid::regclass as place, attname from pg_attribute a join pg_class c on c.oid = a.attrelid
             join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'tributary' and attidentity <> '' loop
        execute format('alter table %s alter column %I drop identity', r.place, r.attname);
    end loop;
end
$$;
"""
CHANGED = {
    "text": "overlay({0} placing case when left({0}, 1) = 'x' then 'y' else 'x' end from 1 for 1)",
    "bytea": "set_byte({0}, octet_length({0}) / 2, get_byte({0}, octet_length({0}) / 2) # 1)",
    "boolean": "not {0}",
    "uuid": "overlay({0}::text placing case when right({0}::text, 1) = '0' then '1' else '0' end from 36 for 1)::uuid",
    "timestamp with time zone": "{0} + interval '1 microsecond'",
    "time without time zone": "{0} + interval '1 minute'",
    "integer": "{0} + 1000000", "bigint": "{0} + 1000000", "date": "{0} + 1",
    "inet[]": "array_append({0}, '10.0.0.1'::inet)", "inet": "{0} + 1", "double precision": "{0} + 1",
    "numeric[]": "array_append({0}, 1::numeric)", "text[]": "array_append({0}, 'x')",
    "jsonb": "case when jsonb_typeof({0}) = 'object' then {0} || '{{\"x\": 1}}' else '{{}}' end",
}
MADE = {  # where there was nothing
    "text": "'x'", "bytea": "decode(repeat('00', 32), 'hex')", "boolean": "true", "uuid": "gen_random_uuid()",
    "timestamp with time zone": "now()", "time without time zone": "'09:00'", "integer": "1", "bigint": "1", "date": "'2024-01-01'",
    "inet[]": "'{10.0.0.1}'", "inet": "'10.0.0.1'", "double precision": "1",
    "numeric[]": "'{1}'", "text[]": "'{x}'", "jsonb": "'{}'",
}


def upload(d, office, name, seed, attach_to=None):
    client, data = d.office(office), files.pdf(40000, seed=seed)
    made = expect_status(client.post(f"{d.base}/uploads", {"size": len(data), "name": name}), 201).json["upload"]
    expect_status(client.request("PATCH", f"/v1/uploads/{made}", body=data, headers={
        "Content-Type": "application/octet-stream", "Upload-Offset": "0"}), 200)
    if attach_to:
        return expect_status(client.post(f"/v1/submissions/{attach_to}/attachments",
                                         {"upload": made, "slot": "evidence"}), 201).json["attachment"]
    return made


def review(d, office):
    """A budget that is accepted by two bodies, returned by a third, and handed in again."""
    meeting = d.accepted({"form": "task-group-meeting", "office": office, "period": "113", "fields": {
        "date": "2024-04-20", "kind": "regular", "members": 12, "present.m": 4, "present.f": 4},
        "notes": {name: "名冊另送" for name in ("fields.members", "fields.present.m", "fields.present.f")}})
    document = {"form": "budget-plan", "office": office, "period": "113", "fields": {"total_budget": 1000000},
                "tables": {"lines": [{"no": "1", "unit": "社會課", "category": "plan", "name": "計畫", "budget": 100000,
                                      "gender_budget": 50000, "goal": "宣導"}]}}
    first = d.accepted(document)["submission"]
    expect_status(d.geo.post(f"/v1/submissions/{first}/attestations",
                             {"received_at": "2024-04-30T02:00:00Z", "reason": "郵寄"}), 201)
    expect_status(d.geo.post(f"{d.base}/meetings", {"body": "promotion-group", "held_on": "2024-05-20",
                                                    "document_number": "府社婦字第1號"}), 201)
    for client, said in ((d.geo, {"outcome": "accept", "stage": "task-group", "meeting": meeting["submission"]}),
                         (d.login("dbas"), {"outcome": "accept"}),
                         (d.geo, {"outcome": "return", "stage": "promotion-group", "meeting": "2024-05-20", "reason": "x",
                                  "cells": ["tables.lines[1].gender_budget"]})):
        expect_status(client.post(f"/v1/submissions/{first}/reviews", said), 201)
    document["tables"]["lines"][0]["gender_budget"] = 60000
    d.accepted({**document, "base": 1})


def people(d):
    """Accounts, a session that ended and one that goes on, a failed sign-in, a link, a revoked token, what was prepared."""
    made = People(d.service)
    preparer = made.signed_in("office", GUISHAN, duty="prepare", name="承辦人")
    releaser = made.signed_in("office", GUISHAN, duty="release", name="主管")
    for year, way in (("113", "release"), ("115", "rejection"), ("114", None)):
        document = quarterly(GUISHAN, f"{year}Q3", courses=[])
        waiting = expect_status(preparer.post(f"{d.base}/submissions", document), 202).json["prepared"]
        if way:
            expect_status(releaser.post(f"/v1/prepared/{waiting}/{way}", {"reason": "更正"} if way == "rejection" else {}), 200, 201)
    expect_status(releaser.request("PUT", "/v1/account/mail-preferences", {"opted_out": [], "language": "en"},
                                   headers={"If-Match": "*"}), 200)
    login, _ = made.invite("geo")
    expect_status(made.browser().sign_in(login, "wrong wrong wrong"), 401)
    d.service.command("account", "reset", login)
    d.service.add_token("supervision", label="to be revoked")
    revoked = d.service.sql("select token from tributary.token where label = 'to be revoked'")
    d.service.command("token", "revoke", revoked)
    secret = expect_status(releaser.request("POST", "/v1/account/totp", {}), 200).json["secret"]
    expect_status(releaser.request("POST", "/v1/account/totp", {"code": totp(secret, time.time())}), 200)
    expect_status(preparer.request("DELETE", "/v1/session"), 204, 200)


def gather(d):
    """Two liaison meetings: all that is said of a meeting, and the least."""
    for unit, more in (("group-1", {"begins": "14:00", "ends": "16:00", "place": "三樓", "document_number": "第1號"}), ("group-2", {})):
        made = expect_status(d.geo.post(f"{d.base}/meetings", {
            "body": "liaison", "unit": unit, "day": "2024-10-15", "state": "called", **more}), 201).json
        where = f"/v1/meetings/{made['meeting']}"
        expect_status(d.geo.post(f"{where}/steps", {"state": "called", "day": "2024-10-16", "reason": "颱風"}), 201)
        expect_status(d.geo.post(f"{where}/steps", {"state": "held"}), 201)

        def put(what, body):
            return expect_status(d.geo.request("PUT", f"{where}/{what}", body, {"If-Match": "*"}), 200).json
        agenda = put("agenda", {"items": [{"kind": "report", "title": "甲"}, {
            "kind": "discussion", "title": "乙", "proposer": "某局", "explanation": "說明", "proposal": "辦法", "referral": str(uuid.uuid4())}]})["agenda"]
        put("attendance", {"rows": [{"name": f"範例{unit}", "office": GUISHAN, "post": "區長", "sex": "f", "duty": "chair", "authorised": True}, {}]})
        put("resolutions", {"resolutions": [{"item": agenda["items"][0]["item"], "text": "洽悉"},
                                            {"item": agenda["items"][1]["item"], "text": "通過", "remarks": "摘要"}]})


def decide(d):
    """Two decisions: all that is said of one, by a meeting and by a record, and the least."""
    where, later, up = (expect_status(d.geo.post(f"{d.base}/meetings", {"body": body, "held_on": day, **unit}), 200, 201).json["meeting"]
                        for body, day, unit in (("liaison", "2023-10-15", {"unit": "group-1"}), ("liaison", "2025-10-15", {"unit": "group-1"}),
                                                ("promotion-group", "2025-11-15", {})))
    first, second = (d.accepted({"form": "task-group-meeting", "office": GUISHAN, "period": period, "fields": {
        "date": f"{int(period) + 1911}-04-10", "kind": "regular", "members": 12, "present.m": 5, "present.f": 5},
        "notes": {"fields.members": "x"}})["submission"] for period in ("113", "114"))
    item = expect_status(d.geo.request("PUT", f"/v1/meetings/{where}/agenda", {"items": [{"kind": "report", "title": "甲"}]}, {"If-Match": "*"}),
                         200).json["agenda"]["items"][0]["item"]
    for place, ruled, more in ((where, later, {"item": item, "due_on": "2024-12-31", "asks": {"form": "webpage", "period": "113", "text": "網址"}}),
                               (first, second, {"due_on": "2025-12-31"}), (where, later, {})):
        one = expect_status(d.geo.post(f"/v1/meetings/{place}/decisions", {
            "title": "案由", "text": "內容", "owners": [{"office": GUISHAN}, {"agency": "社會局"}], **more}), 201).json["decision"]
        files_ = [upload(d, GUISHAN, f"{name}.pdf", seed) for name, seed in (("甲", 11), ("乙", 12))] if more else []
        expect_status(d.office(GUISHAN).post(f"/v1/decisions/{one}/progress", {
            "text": "已辦", "attachments": [{"upload": own} for own in files_]}), 201)
        expect_status(d.geo.post(f"/v1/decisions/{one}/rulings", {"meeting": ruled, "rulings": [
            {"owner": 1, "outcome": "continue", **({"due_on": "2026-12-31", "text": "續辦"} if more else {})}, {"owner": 2, "outcome": "close"}]}), 201)
        referral = expect_status(d.geo.post(f"/v1/decisions/{one}/referrals", {"reason": "跨機關"} if more else {}), 201).json["referrals"][0]["referral"]
        expect_status(d.geo.post(f"/v1/referrals/{referral}/outcome", {"meeting": up, "text": "照辦"}), 201)
    expect_status(d.geo.post(f"/v1/decisions/{one}/referrals", {"to_body": "liaison", "to_unit": "group-2"}), 201)
    for _ in range(2):
        one = expect_status(d.geo.post(f"/v1/meetings/{where}/decisions", {"title": "誤", "text": "x", "owners": [{"office": GUISHAN}]}), 201).json["decision"]
        expect_status(d.geo.post(f"/v1/decisions/{one}/withdrawal", {"reason": "誤植"}), 201)


def fill(d):
    """At least one row of every table, and of some two."""
    if hasattr(d, "filled"):
        return
    d.filled, d.keys = True, {}
    for office in (GUISHAN, ZHONGLI):
        d.accepted(annual(office, "113"))
        d.accepted(annual(office, "113", 1, **{"general.gm2h.m": 50}))
        d.accepted(execution(office, "113", [line(1), line("甲2")]))
        handed_in = d.accepted(quarterly(office, courses=[course(lecturer="王小明")]), {"Idempotency-Key": "k"})
        upload(d, office, "a.pdf", 1, handed_in["submission"])
        withdrawn = upload(d, office, "b.pdf", int(office), handed_in["submission"])
        expect_status(d.office(office).post(f"/v1/attachments/{withdrawn}/withdrawal", {"reason": "x"}), 201)
        upload(d, office, "c.pdf", 3)
        expect_status(d.geo.post(f"{d.base}/extensions", {
            "office": office, "form": "training-annual", "period": "115", "until": "2027-03-01", "reason": "選務"}), 201)
        feed = expect_status(d.office(office).post(f"{d.base}/calendar-feeds", {}), 201).json["feed"]
        expect_status(d.office(office).request("DELETE", f"/v1/calendar-feeds/{feed}"), 200)
    people(d)
    review(d, GUISHAN)
    attested = d.accepted(annual(GUISHAN, "112"))["submission"]
    expect_status(d.geo.post(f"/v1/submissions/{attested}/attestations",
                             {"received_at": "2024-01-20T02:00:00Z", "reason": "郵寄"}), 201)
    expect_status(d.office(GUISHAN).post(f"/v1/submissions/{attested}/withdrawal", {"reason": "誤報"}), 201)
    where = f"/v1/submissions/{d.accepted(annual(ZHONGLI, '112'))['submission']}/remarks"
    asked = expect_status(d.geo.post(where, {"path": "fields.general.staff.m", "text": "請確認"}), 201).json["remark"]
    expect_status(d.office(ZHONGLI).post(where, {"text": "無誤", "answers": asked}), 201)
    expect_status(d.geo.post(f"/v1/remarks/{asked}/resolution", {"resolved": True}), 200, 201)
    expect_status(d.geo.post(where, {"path": "fields.general.staff.f", "text": "請洽王小明"}), 201)
    for text in ("請洽王小明", "王小明"):
        d.service.command("personal", "erase", text, "--yes")
    expect_status(d.geo.post(f"{d.base}/closings", {"period": "112", "form": None, "closed": True, "reason": "決算"}), 201)
    expect_status(d.geo.get(f"{d.base}/rollups/training-annual", period="113", format="csv"), 200)
    for unit, post in (("group-1", None), ("group-2", "參事")):
        seated = expect_status(d.geo.post(f"{d.base}/bodies/liaison/members", {
            "name": f"範例{unit}", "unit": unit, "sex": "f", "seat": "external", "role": "member", "post": post, "from": "2024-01-01"}), 201)
        expect_status(d.geo.post(f"/v1/body-members/{seated.json['member']}/end", {"ended_on": "2024-12-31"}), 201)
    gather(d)
    rotate(d)
    decide(d)
    for order in ({"body": "liaison", "unit": "group-1", "year": 112}, {"body": "council", "year": 112}):
        expect_status(d.geo.post(f"{d.base}/packs", order), 201)
    d.service.sql(WITHOUT_CONSTRAINTS)
    d.service.command("verify")
    d.service.stop()
    for number in range(COPIES):
        one = copy.copy(d.service)
        one.database = f"{d.service.database}_{number}"
        one.environment = {**d.service.environment, "TRIBUTARY_MIGRATION_DATABASE_URL": one.url("tributary_owner")}
        one.cluster.sql(f"create database {one.database} template {d.service.database}")
        one.session = SqlSession(one)
        d.copies.append(one)


def columns(d):
    for row in d.service.sql(COLUMNS).splitlines():
        place, column, kind, is_needed = row.split("|")
        if place not in NOT_AUDITED and f"{place}.{column}" not in NOT_AUDITED:
            yield place, column, kind, is_needed == "true"


def keys_of(d, place):
    if place not in d.keys:
        d.keys[place] = d.service.sql(
            "select string_agg(a.attname, ',') from pg_index i join pg_attribute a on a.attrelid = i.indrelid "
            f"and a.attnum = any(i.indkey) where i.indrelid = '{place}'::regclass and i.indisprimary").split(",")
    return d.keys[place]


def names_of(d, place, held):
    """By what a fault may name the row: its key, its sequence number, or what it belongs to."""
    wanted = set(keys_of(d, place)) | {"sequence", "id", "revision", "office", "unit", "form", "plan", "batch", "key", "content",
                                       "remark"}
    if place in ("tributary.jurisdiction", "tributary.installation"):
        wanted, held = wanted | {"jurisdiction", "table"}, {**held, "table": "installation"}
    return {str(held[name]) for name in wanted & set(held) if held[name] is not None
            and (name != "jurisdiction" or place == "tributary.jurisdiction")}


def changed(d, service, place, column, value, condition):
    """Change one row; what verify says; restore it. None: there is no such row."""
    quoted = f'"{column}"'
    condition = f"{condition} and {AUDITED_ROWS.get(place, 'true')}"
    done = service.session.sql(
        "set session_replication_role = replica; drop table if exists public.kept;"
        f'create table public.kept as select ctid as kept_at, {quoted} as kept_value, row_to_json(t) as kept_row from {place} t '
        f"where {condition} order by ctid limit 1;"
        f"update {place} t set {quoted} = {value} from public.kept where t.ctid = kept_at "
        "returning json_build_object('at', t.ctid::text, 'rows', json_build_array(kept_row, row_to_json(t)))")
    if not done:
        return None
    made = json.loads(done)
    try:
        said = service.command("verify", check=False)
    finally:
        service.session.sql(f"set session_replication_role = replica; update {place} t set {quoted} = kept_value from public.kept "
                              f"where t.ctid = '{made['at']}'")
    return said, names_of(d, place, made["rows"][0]) | names_of(d, place, made["rows"][1])


def fault_of(done, names):
    """What is wrong with how verify took it; None if it did well."""
    faults = [one for one in done.stdout.decode().splitlines() if one.startswith("FAULT")]
    if done.returncode != 1 or not faults:
        return f"exit status {done.returncode} {faults[:1]} {done.stderr.decode()[-200:]}"
    if not any(name in one for one in faults for name in names):
        return f"not named ({sorted(names)[:6]}): {faults[:3]}"
    return None


def rotate(d):
    """Turns of the secretariat, one changed and two exchanged; a meeting given to members of the team, and taken back from one."""
    for unit, office, why in (("group-1", GUISHAN, None), ("group-2", ZHONGLI, "x"), ("group-2", "68000040", "首長異動")):
        expect_status(d.geo.post(f"{d.base}/secretariat", {"unit": unit, "year": 113, "office": office, "reason": why}), 201)
    expect_status(d.geo.post(f"{d.base}/secretariat/swap", {"unit": "group-1", "years": [113, 114], "reason": "對調"}), 201)
    meeting = expect_status(d.geo.get(f"{d.base}/meetings"), 200).json["meetings"][0]["meeting"]
    for reason, given in ((None, True), ("x", True), ("公出", False)):
        if given:
            member = expect_status(d.geo.post(f"{d.base}/bodies/supervision-team/members", {
                "name": f"範例{reason}", "sex": "f", "seat": "internal", "role": "member", "from": "2023-01-01"}), 201).json["member"]
        expect_status(d.geo.post(f"/v1/meetings/{meeting}/sitting-in", {"member": member, "reason": reason, "given": given}), 201)


@test
def every_table_of_the_record_has_a_row_to_change(d):
    fill(d)
    empty = [place for place in dict.fromkeys(place for place, *_ in columns(d))
             if d.service.sql(f"select count(*) from {place}") == "0"]
    equal(empty, [], "tables without rows: fill() must make one")


@test
def a_link_or_session_that_was_planted_is_found(d):
    """Also one that names no jurisdiction of this database: whoever bears it is let in all the same."""
    fill(d)
    account = d.service.sql("select account from tributary.account where disabled_at is null limit 1")
    planted = "00000000-0000-4000-8000-00000000beef"
    for jurisdiction in ("68000", "x"):
        for table, column in (("password_reset", "reset"), ("session", "session")):
            d.service.sql("set session_replication_role = replica;"
                          f"insert into tributary.{table} ({column}, jurisdiction, account, secret_hash, expires_at) values "
                          f"('{planted}', '{jurisdiction}', '{account}', sha256('planted'), now() + interval '1 h')")
            done = d.service.command("verify", check=False)
            d.service.sql(f"set session_replication_role = replica; delete from tributary.{table} where {column} = '{planted}'")
            equal(fault_of(done, {planted}), None, f"{table} of {jurisdiction}")
    d.service.command("verify")


def cases_of(chosen):
    """(table, column, what is done, the new value, of which row) for each way to change a column."""
    for place, column, kind, is_needed in chosen:
        quoted = f'"{column}"'
        check(kind in CHANGED, f"{place}.{column} is {kind}: say how to change that")
        for what, value, condition in (("changed", CHANGED[kind].format(quoted), f"{quoted} is not null"),
                                       ("filled", MADE[kind], f"{quoted} is null"),
                                       ("emptied", "null", f"{quoted} is not null" if not is_needed else "false")):
            if f"{place}.{column} {what}" not in NOT_AUDITED and condition != "false":
                yield place, column, what, value, condition


def audited_column_by_column(d, chosen):
    cases = list(cases_of(chosen))
    check(cases, "nothing to change")

    def missed_by(number):
        for place, column, what, value, condition in cases[number::COPIES]:
            taken = changed(d, d.copies[number], place, column, value, condition)
            fault = taken and fault_of(*taken)
            if fault:
                yield f"{place}.{column} {what}: {fault}"
    with concurrent.futures.ThreadPoolExecutor(COPIES) as pool:
        missed = [one for some in pool.map(lambda number: list(missed_by(number)), range(COPIES)) for one in some]
    equal(missed, [], "not found")
    for one in d.copies:
        one.command("verify")


# Tables that are gone through together: by this file, and by verify_bytes_accounts.py and verify_bytes_acts.py.
GROUPS = {"the_log": ("log_head", "log_batch", "log_entry", "signing_key"),
          "submissions": ("submission", "revision", "personal_value"),
          "plans": ("plan_version", "plan_unit_office", "plan_form", "plan_stage", "element", "jurisdiction", "installation")}
ACCOUNTS = {"tokens": ("token",),
            "accounts": ("account", "account_event", "session", "password_reset"),
            "preparations": ("prepared", "prepared_end"), "mail_preferences": ("mail_preference",),
            "calendars": ("extension", "calendar_feed", "calendar_feed_revocation")}
ACTS = {"attachments": ("attachment", "attachment_content", "attachment_piece", "attachment_withdrawal"),
        "remarks": ("remark", "remark_text", "remark_resolution"), "bodies": ("body_member", "body_member_name", "body_member_end"), "packs": ("pack", "pack_file"),
        "meetings": ("meeting", "meeting_step", "meeting_agenda", "meeting_agenda_item", "meeting_resolution", "meeting_sheet",
                     "meeting_attendance", "meeting_attendance_name"),
        "secretariats": ("secretariat_turn", "sitting_in"),
        "decisions": ("decision", "decision_owner", "decision_progress", "decision_attachment", "decision_ruling", "decision_referral",
                      "decision_outcome", "decision_withdrawal"), "any_other_table": None}
KNOWN = {name for groups in (GROUPS, ACCOUNTS, ACTS) for names in groups.values() if names for name in names}


def add_tests(of_suite, groups):
    """A test for each group of tables, so that it is seen which one failed."""
    def add(group, names):
        def run(d):
            fill(d)
            audited_column_by_column(d, [one for one in columns(d) if (
                one[0].split(".")[1] in names if names else one[0].split(".")[1] not in KNOWN)])
        run.__name__ = f"one_value_changed_in_{group}_is_found_and_named"
        of_suite.test(run, seconds=250)
    for group, names in groups.items():
        add(group, names)


add_tests(suite, GROUPS)


if __name__ == "__main__":
    suite.run()
