#!/usr/bin/env python3
"""Receipts and the log, checked with other tools than the daemon's; tampering is found out."""
import base64
import concurrent.futures
import copy
import hashlib
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import canonical_json  # noqa: E402
import receipt_check  # noqa: E402
from desk import OFFICES, YEARS, annual, course, desk, execution, line, quarterly  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test


def all_receipts(d):
    if not hasattr(d, "receipts"):
        d.receipts = []
        documents = [annual(office, year) for year in YEARS[:2] for office in OFFICES]
        documents += [quarterly(office, courses=[course(lecturer="王小明")]) for office in OFFICES]
        documents += [execution(office, "113", [line(1), line("甲2")]) for office in OFFICES]
        for office in OFFICES:
            d.office(office)
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            for document, reply in zip(documents, pool.map(d.post, documents)):
                d.receipts.append((document, expect_status(reply, 201).json))
    return d.receipts


def published_keys(d):
    return expect_status(d.service.client().get("/v1/keys"), 200).json


@test
def keys_are_published_without_a_token(d):
    keys = published_keys(d)["keys"]
    check(keys, "no key")
    for key in keys:
        public = base64.b64decode(key["ed25519_public"], validate=True)
        equal(len(public), 32, "length of a public key")
        equal(key["key"], hashlib.sha256(public).hexdigest()[:16], "key id")
        check(key["since"] and "until" in key, f"since and until: {key}")


@test
def every_receipt_holds_leaf_path_head_and_signature(d):
    keys = published_keys(d)
    for _, receipt in all_receipts(d):
        equal(receipt_check.check_receipt(receipt, keys), [], f"receipt {receipt['submission']}")


@test
def batches_of_several_submissions_were_among_them(d):
    sizes = {receipt["log"]["last"] - receipt["log"]["first"] + 1 for _, receipt in all_receipts(d)}
    check(max(sizes) > 1, f"every batch held one entry ({sizes}): paths weren't put to the test")


@test
def the_log_chains_and_recorded_at_strictly_increases(d):
    equal(receipt_check.check_chain([receipt for _, receipt in all_receipts(d)]), [], "chain")


@test
def document_sha256_is_that_of_the_canonical_document(d):
    for document, receipt in all_receipts(d):
        canonical = canonical_json.canonical_document(document, keyed_tables={"lines"})
        equal(receipt["document_sha256"], hashlib.sha256(canonical).hexdigest(),
              f"document_sha256 of {document['form']}")


@test
def a_log_entry_names_who_and_under_which_plan_version(d):
    for _, receipt in all_receipts(d)[:3]:
        entry = canonical_entry(receipt)
        equal(entry["jurisdiction"], "68000", "jurisdiction")
        equal(entry["kind"], "submission", "kind")
        check(re.fullmatch(r"[0-9a-f-]{36}", entry["actor"]), f"actor: {entry['actor']}")
        check(entry["plan_version"], "plan_version")
        check(re.fullmatch(r"[0-9a-f]{64}", entry["stored_sha256"]), "stored_sha256")


def canonical_entry(receipt):
    import json
    return json.loads(receipt["log"]["entry"])


@test
def a_forged_receipt_is_found_out(d):
    keys, right = published_keys(d), all_receipts(d)[0][1]
    for name, value in (("office", "68000099"), ("revision", 9),
                        ("recorded_at", "2020-01-01T00:00:00.000000Z")):
        forged = {**copy.deepcopy(right), name: value}
        check(receipt_check.check_receipt(forged, keys), f"forged {name} passed")
    forged = copy.deepcopy(right)
    forged["log"]["head"] = "0" * 64
    check(receipt_check.check_receipt(forged, keys), "a forged head passed")


@test
def personal_cells_are_not_in_the_log(d):
    for _, receipt in all_receipts(d):
        check("王小明" not in receipt["log"]["entry"], "a lecturer's name stands in the log")


@test
def verify_is_content_with_an_untouched_database(d):
    all_receipts(d)
    d.service.command("verify")


@test
def verify_proves_a_published_head_and_refuses_another(d):
    receipts = [receipt for _, receipt in all_receipts(d)]
    head = max(receipts, key=lambda one: one["log"]["sequence"])["log"]["head"]
    d.service.command("verify", "--head", head)
    d.service.command("verify", "--head", receipts[0]["log"]["head"])
    wrong = d.service.command("verify", "--head", "0" * 64, check=False)
    check(wrong.returncode != 0, "an unknown head was accepted")


# ------------------------------------------------------- tampering, as superuser

COLUMNS = """
select n.nspname || '|' || c.relname || '|' || a.attname || '|' || format_type(a.atttypid, null)
from pg_attribute a join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped
  and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_'
order by 1
"""


def columns_holding(d, needle):
    """(table, column, type) of the columns in which this text stands, as text or as bytes."""
    found = []
    for row in d.service.sql(COLUMNS).splitlines():
        schema, table, column, kind = row.split("|")
        if kind not in ("text", "bytea", "json", "jsonb", "character varying"):
            continue
        place = f'"{schema}"."{table}"'
        shown = (f"position(convert_to($q${needle}$q$, 'UTF8') in \"{column}\") > 0"
                 if kind == "bytea" else f"\"{column}\"::text like $q$%{needle}%$q$")
        if d.service.sql(f"select count(*) from {place} where {shown}") != "0":
            found.append((place, column, kind, shown))
    return found


def tampered(d, place, column, new_value, condition):
    """Verify's exit status while one row is changed behind the daemon's back; then as before."""
    one = f"ctid = (select min(ctid) from {place} where {condition})"
    d.service.sql(f"create table if not exists public.tamper_before as select * from {place} limit 0;"
                  "set session_replication_role = replica;"
                  f"insert into public.tamper_before select * from {place} where {one};"
                  f"update {place} set \"{column}\" = {new_value} where {one};")
    try:
        return d.service.command("verify", check=False).returncode
    finally:
        names = d.service.sql(
            f"select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute "
            f"where attrelid = '{place}'::regclass and attnum > 0 and not attisdropped "
            "and attgenerated = ''")
        key = d.service.sql(
            "select string_agg(quote_ident(a.attname), ',') from pg_index i join pg_attribute a on "
            f"a.attrelid = i.indrelid and a.attnum = any(i.indkey) where i.indrelid = "
            f"'{place}'::regclass and i.indisprimary")
        same = " and ".join(f"t.{name} = b.{name}" for name in key.split(","))
        d.service.sql("set session_replication_role = replica;"
                      f"delete from {place} t using public.tamper_before b where {same};"
                      f"insert into {place} ({names}) select {names} from public.tamper_before;"
                      "drop table public.tamper_before;")


@test
def one_changed_byte_of_a_log_entry_makes_verify_fail(d):
    _, receipt = all_receipts(d)[4]
    entry = receipt["log"]["entry"]
    places = columns_holding(d, entry)
    if not places:  # kept in columns: change one that the entry is made of
        places = columns_holding(d, receipt["log"]["leaf"]) or columns_holding(
            d, receipt["document_sha256"])
    check(places, "the entry isn't found in any column; adapt this test to the schema")
    for place, column, kind, condition in places:
        value = (f"set_byte(\"{column}\", 12, get_byte(\"{column}\", 12) # 1)" if kind == "bytea"
                 else f"overlay(\"{column}\"::text placing 'X' from 12 for 1)::{kind}")
        check(tampered(d, place, column, value, condition) != 0,
              f"verify didn't notice a byte changed in {place}.{column}")
    d.service.command("verify")


@test
def one_changed_figure_of_a_stored_document_makes_verify_fail(d):
    office = OFFICES[9]
    d.accepted(annual(office, "115", **{"general.staff.m": 7654321}))
    places = columns_holding(d, "7654321")
    check(places, "no stored document holds the figure; adapt this test to the schema")
    for place, column, kind, condition in places:
        if kind == "bytea":
            value = (f"overlay(\"{column}\" placing convert_to('7654320', 'UTF8') from "
                     f"position(convert_to('7654321', 'UTF8') in \"{column}\") for 7)")
        else:
            value = f"replace(\"{column}\"::text, '7654321', '7654320')::{kind}"
        check(tampered(d, place, column, value, condition) != 0,
              f"verify didn't notice a figure changed in {place}.{column}")
    d.service.command("verify")


@test
def one_changed_stored_element_makes_verify_fail(d):
    figure = 8765431
    d.accepted(annual(OFFICES[8], "115", **{"general.staff.m": figure}))
    seen = 0
    for row in d.service.sql(COLUMNS).splitlines():
        schema, table, column, kind = row.split("|")
        place = f'"{schema}"."{table}"'
        if kind in ("numeric[]", "bigint[]", "integer[]"):
            condition = f"{figure} = any(\"{column}\")"
            value = f"array_replace(\"{column}\", {figure}::{kind[:-2]}, {figure - 1}::{kind[:-2]})"
        elif kind in ("numeric", "bigint"):
            condition, value = f"\"{column}\" = {figure}", str(figure - 1)
        else:
            continue
        if d.service.sql(f"select count(*) from {place} where {condition}") == "0":
            continue
        seen += 1
        check(tampered(d, place, column, value, condition) != 0,
              f"verify didn't notice an element changed in {place}.{column}")
    check(seen, "no numeric column holds the element; adapt this test to the schema")
    d.service.command("verify")


@test
def what_figures_of_the_past_are_made_of_is_verified_too(d):
    """A revision that was replaced, the flags beside it, and who stood behind a unit."""
    office = OFFICES[7]
    d.accepted(annual(office, "115", **{"general.staff.m": 500}))
    d.accepted(annual(office, "115", 1, **{"general.staff.m": 600}))
    revision, replaced = "tributary.revision", f"office = '{office}' and number = 1"
    for place, column, value, condition in (
            (revision, "element_value", "array_replace(element_value, 500, 501)",
             f"{replaced} and 500 = any(element_value)"),
            (revision, "element_state", "'b' || substr(element_state, 2)", f"{replaced} and element_state like 'v%'"),
            (revision, "reported", "not reported", replaced),
            (revision, "provisional", "not provisional", replaced),
            ("tributary.plan_unit_office", "to_year", "to_year - 1", "level = 'group'"),
            ("tributary.plan_form", "owed_by", "array['68000010']", "true"),
            ("tributary.personal_value", "digest", "sha256(digest)", "true")):
        check(tampered(d, place, column, value, condition) != 0, f"verify didn't notice {column} of {place}")
    d.service.command("verify")


@test
def a_personal_value_that_vanished_is_not_taken_for_an_erased_one(d):
    all_receipts(d)
    d.service.sql("create table public.kept as select * from tributary.personal_value limit 1;"
                  "set session_replication_role = replica;"
                  "delete from tributary.personal_value v using public.kept k "
                  "where v.revision = k.revision and v.path = k.path;")
    status = d.service.command("verify", check=False).returncode
    d.service.sql("insert into tributary.personal_value select * from public.kept; drop table public.kept;")
    check(status != 0, "verify didn't notice a deleted personal value")
    d.service.command("verify")


@test
def verify_is_content_while_hand_ins_go_on(d):
    for office in OFFICES:
        d.office(office)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        under_way = [pool.submit(d.post, quarterly(office, f"114Q{quarter}", courses=[]))
                     for quarter in (1, 2, 3, 4) for office in OFFICES]
        d.service.command("verify")
        for one in under_way:
            expect_status(one.result(), 201)


@test
def a_deleted_revision_makes_verify_fail(d):
    _, receipt = all_receipts(d)[7]
    identity = receipt["submission"]
    for row in d.service.sql(COLUMNS).splitlines():
        schema, table, column, kind = row.split("|")
        if kind != "uuid":
            continue
        place = f'"{schema}"."{table}"'
        condition = f"\"{column}\" = '{identity}'"
        if d.service.sql(f"select count(*) from {place} where {condition}") == "0":
            continue
        d.service.sql(f"create table public.kept as select * from {place} where {condition};"
                      "set session_replication_role = replica;"
                      f"delete from {place} where {condition};")
        status = d.service.command("verify", check=False).returncode
        names = d.service.sql(
            f"select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute "
            f"where attrelid = '{place}'::regclass and attnum > 0 and not attisdropped "
            "and attgenerated = ''")
        d.service.sql("set session_replication_role = replica;"
                      f"insert into {place} ({names}) select {names} from public.kept;"
                      "drop table public.kept;")
        check(status != 0, f"verify didn't notice a row deleted from {place}")
    d.service.command("verify")


@test
def revisions_and_log_are_append_only_for_the_daemon_s_role(d):
    """Whatever table holds a receipt's id refuses update, delete and truncate."""
    _, receipt = all_receipts(d)[7]
    seen = 0
    for row in d.service.sql(COLUMNS).splitlines():
        schema, table, column, kind = row.split("|")
        if kind != "uuid":
            continue
        place = f'"{schema}"."{table}"'
        condition = f"\"{column}\" = '{receipt['submission']}'"
        if d.service.sql(f"select count(*) from {place} where {condition}") == "0":
            continue
        seen += 1
        for statement in (f"update {place} set \"{column}\" = \"{column}\" where {condition}",
                          f"delete from {place} where {condition}", f"truncate {place} cascade"):
            for user in ("tributary_daemon", "tributary_owner"):
                before = d.service.sql(f"select count(*) from {place}")
                d.service.sql(f"select set_config('tributary.jurisdiction', '68000', false), "
                              f"set_config('tributary.role', 'admin', false); {statement};", user,
                              check=False)
                equal(d.service.sql(f"select count(*) from {place}"), before,
                      f"rows of {place} after {statement} by {user}")
    check(seen, "no table holds the receipt's id; adapt this test to the schema")
    d.service.command("verify")


@test
def a_log_that_another_key_than_the_key_files_signed_makes_verify_fail(d):
    other = d.service.folder / "other.key"
    other.write_text(base64.b64encode(bytes(range(32))).decode() + "\n")
    other.chmod(0o600)
    done = d.service.command("verify", check=False, settings={"TRIBUTARY_SIGNING_KEY_FILE": str(other)})
    check(done.returncode == 1 and b"FAULT the newest batch is signed by key" in done.stdout, done.stdout)


if __name__ == "__main__":
    suite.run()
