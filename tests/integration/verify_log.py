#!/usr/bin/env python3
"""Whoever tampers with the log is found out: removed, moved, inserted, re-signed, cut off; and receipts hold it to its word."""
import base64
import copy
import hashlib
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import ed25519  # noqa: E402
import log_check  # noqa: E402
import receipt_check  # noqa: E402
from desk import GUISHAN, OFFICES, YEARS, annual, desk, quarterly  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
REPLICA = "set session_replication_role = replica;"
TABLES = ("log_entry", "log_batch", "log_head", "signing_key", "revision", "submission", "account_event", "token")


def fill(d):
    if not hasattr(d, "receipts"):
        d.receipts = [d.accepted(annual(office, year)) for office in OFFICES[:4] for year in YEARS[:3]]
    return d.receipts


def tampered(d, statements, *arguments):
    """Keep the tables, tamper, verify, put everything back; what verify said."""
    fill(d)
    keep = "".join(f"create table public.kept_{name} as table tributary.{name};" for name in TABLES)
    generated = {"log_batch": "previous_batch", "revision": "previous"}
    d.service.sql(keep)
    try:
        d.service.sql(REPLICA + statements)
        return d.service.command("verify", *arguments, check=False)
    finally:
        back = REPLICA
        for name in TABLES:
            names = d.service.sql(
                "select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute where attrelid = "
                f"'tributary.{name}'::regclass and attnum > 0 and not attisdropped and attgenerated = ''")
            check(generated.get(name) not in names.split(", "), names)
            back += (f"delete from tributary.{name}; insert into tributary.{name} ({names}) overriding system value "
                     f"select {names} from public.kept_{name}; drop table public.kept_{name};")
        d.service.sql(back)


def finds(d, statements, *words, arguments=()):
    """Tampering is found, and the words stand in what is said of it."""
    done = tampered(d, statements, *arguments)
    said = done.stdout.decode()
    check(done.returncode == 1, f"exit status {done.returncode} after {statements[:200]}: {said[-500:]}{done.stderr.decode()[-300:]}")
    for word in words:
        check(word in said, f"'{word}' isn't said after {statements[:200]}:\n{said[-900:]}")
    d.service.command("verify")


@test
def removed_entries_are_missed_by_their_numbers(d):
    fill(d)
    finds(d, "delete from tributary.log_entry where sequence = 5", "batch", "5")
    finds(d, "delete from tributary.log_entry where sequence between 4 and 6", "4", "6")
    finds(d, "delete from tributary.log_entry where sequence = 5; delete from tributary.log_batch where 5 between "
             "first_sequence and last_sequence", "5")


@test
def entries_that_changed_places_are_noticed(d):
    fill(d)
    for columns in ("entry = o.entry", "entry = o.entry, leaf = o.leaf",
                    "entry = o.entry, leaf = o.leaf, kind = o.kind, actor = o.actor, office = o.office, plan = o.plan, "
                    "submission = o.submission"):
        finds(d, f"update tributary.log_entry e set {columns} from tributary.log_entry o where (e.sequence, o.sequence) in "
                 "((6, 9), (9, 6))", "entry 6" if columns == "entry = o.entry" else "batch")
    finds(d, "update tributary.log_entry set sequence = 1000 + sequence where sequence in (6, 9);"
             "update tributary.log_entry set sequence = 15 - (sequence - 1000) where sequence > 1000", "entry")


@test
def batches_that_changed_places_or_are_gone_are_noticed(d):
    fill(d)
    finds(d, "update tributary.log_batch set batch = 1000 + batch where batch in (4, 6);"
             "update tributary.log_batch set batch = 10 - (batch - 1000) where batch > 1000", "batch 4")
    finds(d, "delete from tributary.log_batch where batch = 4", "batch 5", "4")
    finds(d, "update tributary.log_batch b set head = o.head, signature = o.signature from tributary.log_batch o "
             "where (b.batch, o.batch) in ((4, 6), (6, 4))", "batch 4")


@test
def inserted_entries_are_noticed_however_well_they_look(d):
    fill(d)
    finds(d, "insert into tributary.log_entry (jurisdiction, sequence, batch, entry, leaf, kind, recorded_at, is_open) "
             "select jurisdiction, 900, batch, entry, leaf, kind, recorded_at, is_open from tributary.log_entry where sequence = 5",
          "900")
    finds(d, "insert into tributary.log_entry (jurisdiction, sequence, batch, entry, leaf, kind, recorded_at, is_open) "
             "select jurisdiction, 900, 900, entry, leaf, kind, recorded_at, is_open from tributary.log_entry where sequence = 5",
          "entries")
    finds(d, "insert into tributary.revision (submission, number, jurisdiction, office, id, sequence, recorded_at, received_at,"
             " plan_version, token, sha256, document_sha256, stored_sha256, document, field_count, row_count, reported,"
             " provisional, element_state, element_value) select submission, 2, jurisdiction, office, gen_random_uuid(), sequence,"
             " recorded_at, received_at, plan_version, token, sha256, document_sha256, stored_sha256, document, field_count,"
             " row_count, reported, provisional, element_state, element_value from tributary.revision"
             " where sequence = (select min(sequence) from tributary.revision)", "revision", "(2 of ")


def cut_off(d, drop_from):
    """SQL that cuts the tail off from an entry on, consistently in every table."""
    last = int(d.service.sql(f"select max(last_sequence) from tributary.log_batch where last_sequence < {drop_from}"))
    return (f"delete from tributary.token t using tributary.account_event e where e.kind = 'token' and e.sequence > {last} and "
           f"e.said ->> 'token' = t.token::text; delete from tributary.account_event where sequence > {last};"
           f"delete from tributary.revision where sequence > {last};"
           "delete from tributary.submission s where not exists (select from tributary.revision r where r.submission = s.submission);"
           f"delete from tributary.log_entry where sequence > {last}; delete from tributary.log_batch where last_sequence > {last};"
           "update tributary.log_head h set sequence = b.last_sequence, batch = b.batch, head = b.head, recorded_at = e.recorded_at "
           "from tributary.log_batch b join tributary.log_entry e on e.sequence = b.last_sequence "
           f"where b.last_sequence = {last};")


@test
def a_tail_cut_off_consistently_is_found_by_any_later_receipt(d):
    receipts = fill(d)
    latest = receipts[-1]
    cut = cut_off(d, receipts[-4]["log"]["sequence"])
    without = tampered(d, cut)
    equal(without.returncode, 0, f"the cut is consistent in itself: {without.stdout.decode()[-300:]}")
    finds(d, cut, latest["log"]["head"], "cut off", arguments=("--head", latest["log"]["head"]))
    early = receipts[2]["log"]["head"]
    equal(tampered(d, cut, "--head", early).returncode, 0, "an earlier head is still there")
    path = d.service.folder / "receipt.json"
    path.write_text(json.dumps(latest))
    finds(d, cut, "receipt.json", f"entry {latest['log']['sequence']} of the log is gone", arguments=("--receipt", path))


@test
def a_log_signed_anew_by_a_key_of_ones_own_is_found_by_the_key_file_and_by_receipts(d):
    """The whole log is made again, with other entries, by somebody who may write everything but the key file."""
    receipts = fill(d)
    other = d.service.folder / "forger.key"
    other.write_text(base64.b64encode(bytes(range(32))).decode() + "\n")
    other.chmod(0o600)
    seed = bytes(range(32))
    statements = resigned(d, seed)
    done = tampered(d, statements)
    check(done.returncode == 1 and b"not by" in done.stdout, done.stdout.decode()[-600:])
    own = d.service.environment["TRIBUTARY_SIGNING_KEY_FILE"]
    d.service.environment["TRIBUTARY_SIGNING_KEY_FILE"] = str(other)
    try:
        done = tampered(d, statements, "--head", receipts[3]["log"]["head"])
    finally:
        d.service.environment["TRIBUTARY_SIGNING_KEY_FILE"] = own
    check(done.returncode == 1 and receipts[3]["log"]["head"].encode() in done.stdout, done.stdout.decode()[-600:])
    d.service.command("verify")


def resigned(d, seed):
    """SQL that drops the fourth hand-in from the log and makes all heads after it anew with the forger's key."""
    public = ed25519.public_key(seed)
    key = hashlib.sha256(public).hexdigest()[:16]
    rows = [line.split("|", 3) for line in d.service.sql(
        "select b.batch, b.first_sequence, b.last_sequence, string_agg(encode(e.leaf, 'hex'), ',' order by e.sequence) "
        "from tributary.log_batch b join tributary.log_entry e using (batch) group by b.batch, b.first_sequence, "
        "b.last_sequence order by b.batch").splitlines()]
    head, statements = b"\x00" * 32, f"update tributary.signing_key set key = '{key}', public_key = '\\x{public.hex()}';"
    for batch, first, last, leaves in rows:
        leaves = [bytes.fromhex(leaf) for leaf in leaves.split(",")]
        if int(batch) == 5:  # other content, and everything after it fits it
            entry = d.service.sql(f"select entry from tributary.log_entry where batch = {batch} order by sequence limit 1")
            entry = entry.replace('"plan_version":1', '"plan_version":1,"x":1') if '"plan_version":1' in entry else entry
            leaves[0] = receipt_check.leaf_of(entry.encode())
            quoted = entry.replace("'", "''")
            statements += (f"update tributary.log_entry set entry = '{quoted}', leaf = '\\x{leaves[0].hex()}' "
                           f"where batch = {batch} and sequence = {first};")
        previous, head = head, receipt_check.head_of(head, log_check.root_of(leaves), int(first), int(last))
        signature = ed25519.sign(seed, b"tributary head v1\x0068000\x00" + head)
        statements += (f"update tributary.log_batch set previous_head = '\\x{previous.hex()}', head = '\\x{head.hex()}', "
                       f"key = '{key}', signature = '\\x{signature.hex()}' where batch = {batch};")
    return statements + f"update tributary.log_head set head = '\\x{head.hex()}';"


@test
def a_listed_key_that_was_replaced_or_added_is_noticed(d):
    fill(d)
    finds(d, "update tributary.signing_key set public_key = sha256(public_key)", "signing key")
    finds(d, "insert into tributary.signing_key (key, public_key) values (left(encode(sha256('x'), 'hex'), 16), sha256('y'))",
          "signing key")
    finds(d, "delete from tributary.signing_key", "isn't listed")


@test
def a_log_without_any_row_is_no_log_without_faults(d):
    fill(d)
    finds(d, "delete from tributary.log_head", "68000")
    finds(d, "delete from tributary.log_head; delete from tributary.log_batch; delete from tributary.log_entry", "68000")


@test
def a_receipt_is_held_against_itself_and_the_log(d):
    receipt = fill(d)[1]
    path = d.service.folder / "kept.json"

    def verified(changed):
        path.write_text(json.dumps(changed))
        return d.service.command("verify", "--receipt", path, check=False)
    equal(verified(receipt).returncode, 0, "the receipt as it came")
    again = expect_status(d.geo.get(f"/v1/submissions/{receipt['submission']}/receipt"), 200).json
    equal(verified(again).returncode, 0, "the receipt asked for again")
    for where, value in ((("plan",), "other"), (("received_at",), "2020-01-01T00:00:00.000000Z"), (("sha256",), "00" * 32),
                         (("log", "leaf"), "00" * 32), (("log", "head"), "00" * 32), (("log", "previous"), "11" * 32),
                         (("log", "path"), ["22" * 32]), (("log", "sequence"), 0), (("log", "entry"), "{}"),
                         (("signature", "key"), "0" * 16), (("signature", "ed25519"), "AA==")):
        changed = copy.deepcopy(receipt)
        holder = changed
        for name in where[:-1]:
            holder = holder[name]
        holder[where[-1]] = value
        done = verified(changed)
        check(done.returncode == 1 and b"FAULT receipt" in done.stdout, f"{where}: {done.stdout.decode()[-300:]}")
    for text in ("", "{", "[]", '{"log":{}}'):
        path.write_text(text)
        equal(d.service.command("verify", "--receipt", path, check=False).returncode, 1, f"a file that holds {text!r}")
    equal(d.service.command("verify", "--receipt", "/nowhere", check=False).returncode, 1, "no file")


@test
def its_answer_is_for_programs_too_and_its_exit_status_says_what_came_of_it(d):
    fill(d)
    head = expect_status(d.geo.get("/v1/audit/head"), 200).json
    found = json.loads(d.service.command("verify", "--json", "--head", head["head"]).stdout)
    equal((found["faults"], found["entries"], found["batches"]), ([], head["last"], head["batch"]), "found")
    done = tampered(d, "delete from tributary.log_entry where sequence = 5", "--json")
    equal(done.returncode, 1, "exit status with faults")
    check(json.loads(done.stdout)["faults"], "no faults in the answer")
    for arguments in (("--head",), ("--head", "x"), ("--receipt",), ("--what",), ("x",)):
        equal(d.service.command("verify", *arguments, check=False).returncode, 2, f"usage: {arguments}")
    nowhere = {"TRIBUTARY_MIGRATION_DATABASE_URL": "postgresql:///none?host=/nowhere"}
    equal(d.service.command("verify", check=False, settings=nowhere).returncode, 3, "no database")
    check(not d.service.command("verify").stderr, "progress goes to a terminal only")


@test
def an_office_proves_by_its_receipt_alone_what_it_handed_in_and_when(d):
    """Years later, with the public key that was kept, without the server."""
    receipt = d.accepted(quarterly(GUISHAN, "114Q1", courses=[]))
    keys = expect_status(d.service.client().get("/v1/keys"), 200).json
    equal(receipt_check.check_receipt(receipt, keys), [], "by other tools")
    folder = d.service.folder / "state"
    receipts = folder / "tributary" / "receipts"
    receipts.mkdir(parents=True)
    path = receipts / "r.json"
    path.write_text(json.dumps(receipt))
    published = folder / "keys.json"
    published.write_text(json.dumps(keys))
    settings = {"XDG_STATE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "TRIBUTARY_PLAN": d.plan}
    settings["TRIBUTARY_SERVER"] = "http://127.0.0.1:9"  # nobody there any more
    d.service.command("receipt", "verify", path, "--keys", published, program="tributary", settings=settings)
    changed = copy.deepcopy(receipt)
    changed["received_at"] = changed["received_at"].replace("2", "1", 1)
    path.write_text(json.dumps(changed))
    equal(d.service.command("receipt", "verify", path, "--keys", published, program="tributary", settings=settings, check=False).returncode, 1,
          "another moment")


if __name__ == "__main__":
    suite.run()
