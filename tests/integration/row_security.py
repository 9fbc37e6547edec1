#!/usr/bin/env python3
"""Row-level security straight in SQL: what the daemon's role can do when a handler forgets."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

import files  # noqa: E402
from desk import GROUP_1, GUISHAN, OFFICES, ZHONGLI, annual, course, desk, quarterly  # noqa: E402
from people import People  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test

OFFICE_COLUMNS = ("office", "office_code")
# What everybody in and out of a jurisdiction may know (plans are public).
OPEN = {f'"tributary"."{name}"' for name in (
    "jurisdiction", "plan_version", "plan_unit_office", "plan_form", "plan_stage", "element")}
TABLES = """
select n.nspname || '|' || c.relname || '|' || c.relrowsecurity || '|' || c.relforcerowsecurity
  || '|' || pg_get_userbyid(c.relowner) || '|' || coalesce((
    select string_agg(a.attname, ',' order by a.attnum) from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '')
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema')
  and n.nspname !~ '^pg_' order by 1
"""


class Table:
    def __init__(self, row):
        schema, name, secured, forced, self.owner, columns = row.split("|")
        self.place = f'"{schema}"."{name}"'
        self.secured, self.forced = secured == "true", forced == "true"
        self.columns = columns.split(",")
        self.office = next((one for one in OFFICE_COLUMNS if one in self.columns), None)


def tables(d):
    return [Table(row) for row in d.service.sql(TABLES).splitlines()]


def settings_of(role="office", office=GUISHAN, jurisdiction="68000", token=None):
    settings = {"tributary.jurisdiction": jurisdiction, "tributary.role": role, "tributary.office": office,
                "tributary.token": token}
    return "".join(f"select set_config('{name}', '{value}', true);\n"
                   for name, value in settings.items() if value is not None)


def acting(d, statement, **settings):
    """Run as the daemon's login with these settings; the finished psql process."""
    return d.service.sql(f"\\o /dev/null\nbegin;\n{settings_of(**settings)}\\o\n{statement};\ncommit;",
                         "tributary_daemon", check=False)


def allowed(d, statements, **settings):
    """Those of the statements that succeed, each in a transaction of its own; one psql runs them all."""
    text = "\\set ON_ERROR_STOP off\n" + "".join(
        f"\\o /dev/null\nbegin;\n{settings_of(**settings)}{statement};\n\\set failed :ERROR\ncommit;\n"
        "\\o\n\\echo :failed :ERROR\n" for statement in statements)
    ends = d.service.sql(text, "tributary_daemon", check=False).stdout.splitlines()
    equal(len(ends), len(statements), "statements that came to an end")
    return [statement for statement, end in zip(statements, ends) if end == "false false"]


def count(d, statement, **settings):
    """What a counting query answers; 0 when it isn't allowed at all."""
    done = acting(d, statement, **settings)
    return int(done.stdout.strip() or 0) if done.returncode == 0 else 0


def attach(d, office):
    """One file attached by the office, one attachment withdrawn, and one upload left open."""
    client, data = d.office(office), files.pdf(400000, seed=int(office))
    submission = d.accepted(quarterly(office, "112Q1", courses=[]))["submission"]
    for step in ("attached", "withdrawn", "open"):
        upload = client.post(f"{d.base}/uploads", {"size": len(data), "name": "a.pdf"}).json["upload"]
        expect_status(client.request("PATCH", f"/v1/uploads/{upload}", body=data, headers={
            "Content-Type": "application/octet-stream", "Upload-Offset": "0"}), 200)
        if step != "open":
            made = expect_status(client.post(f"/v1/submissions/{submission}/attachments",
                                             {"upload": upload, "slot": "evidence"}), 201).json["attachment"]
        if step == "withdrawn":
            expect_status(client.post(f"/v1/attachments/{made}/withdrawal", {"reason": "x"}), 201)


def stand(d, office):
    """Something on behalf, something attested, something withdrawn, and a period that was closed."""
    one = expect_status(d.geo.hand_in(d.plan, annual(office, "112"), received_at="2024-01-20T00:00:00Z",
                                      received_reason="郵寄"), 201).json["submission"]
    expect_status(d.geo.post(f"/v1/submissions/{one}/attestations", {"received_at": None, "reason": "x"}), 201)
    expect_status(d.office(office).post(f"/v1/submissions/{one}/withdrawal", {"reason": "x"}), 201)
    for closed in (True, False):
        expect_status(d.geo.post(f"{d.base}/closings", {"period": "112Q1", "closed": closed, "reason": office}), 201)


def prepare(d, office):
    """Two of the office, and what one of them prepared: released, rejected and waiting."""
    people = People(d.service)
    people.count = int(office)
    clerk, head = (people.signed_in("office", office, duty=duty) for duty in ("prepare", "release"))
    for period, end in (("114Q1", "release"), ("114Q2", "rejection"), ("114Q3", None)):
        one = expect_status(clerk.post(f"{d.base}/submissions", quarterly(office, period, courses=[])), 202).json["prepared"]
        if end:
            expect_status(head.post(f"/v1/prepared/{one}/{end}", {"reason": "x"}), 200, 201)


def remark(d, office):
    """A remark of the city's on what the office handed in, answered by the office and settled."""
    submission = d.listed("training-annual", office, "113")[0]["submission"]
    first = expect_status(d.geo.post(f"/v1/submissions/{submission}/remarks", {"path": "", "text": "x"}), 201).json["remark"]
    expect_status(d.office(office).post(f"/v1/submissions/{submission}/remarks", {"answers": first, "text": "y"}), 201)
    expect_status(d.office(office).post(f"/v1/remarks/{first}/resolution", {"resolved": True}), 201)


def seat(d, office):
    """Somebody on the city's council, the liaison meeting of the office's group, and a bureau's group; one has left."""
    group = "group-1" if office in GROUP_1 else "group-2"
    for body, unit in (("council", None), ("liaison", group), ("special-group", "education")):
        one = expect_status(d.geo.post(f"{d.base}/bodies/{body}/members", {
            "name": f"陳大文{office}", "unit": unit, "sex": "f", "seat": "external", "role": "member", "from": "2024-01-01"}), 201).json
    expect_status(d.geo.post(f"/v1/body-members/{one['member']}/end", {"ended_on": "2024-06-30"}), 201)


def gather(d, office):
    """A liaison meeting of the office's group with all that belongs to one, and one that its task group plans."""
    made = expect_status(d.geo.post(f"{d.base}/meetings", {
        "body": "liaison", "unit": "group-1" if office in GROUP_1 else "group-2", "day": f"2024-10-{int(office[-3:-1]) + 1:02d}", "state": "held"}), 201).json
    where = f"/v1/meetings/{made['meeting']}"

    def put(what, body):
        return expect_status(d.geo.request("PUT", f"{where}/{what}", body, {"If-Match": "*"}), 200).json
    agenda = put("agenda", {"items": [{"kind": "report", "title": "甲"}]})["agenda"]
    put("attendance", {"rows": [{"name": "林小華", "office": office, "post": "區長"}]})
    put("resolutions", {"resolutions": [{"item": agenda["items"][0]["item"], "text": "洽悉"}]})
    expect_status(d.office(office).post(f"{d.base}/meetings", {"body": "task-group", "day": "2025-04-15"}), 201)


def rotate(d, office):
    """The office's turn to keep the secretariat, and a meeting of its group that somebody of the team sits in on."""
    group = "group-1" if office in GROUP_1 else "group-2"
    expect_status(d.geo.post(f"{d.base}/secretariat", {"unit": group, "year": 113, "office": office, "reason": "x"}), 201)
    member = expect_status(d.geo.post(f"{d.base}/bodies/supervision-team/members", {
        "name": f"林大同{office}", "sex": "m", "seat": "internal", "role": "member", "from": "2023-01-01"}), 201).json["member"]
    meeting = expect_status(d.geo.post(f"{d.base}/meetings", {
        "body": "liaison", "unit": group, "day": f"2025-09-{10 + int(office[-3:]) // 10}", "state": "planned"}), 201).json["meeting"]
    expect_status(d.geo.post(f"/v1/meetings/{meeting}/sitting-in", {"member": member}), 201)


def decide(d, office):
    """A decision of the office's group that it owns and reports on with a file, ruled upon, carried up, answered; and a bureau's."""
    group = "group-1" if office in GROUP_1 else "group-2"
    days = f"2023-11-{int(office[-3:-1]) + 1:02d}", f"2025-11-{int(office[-3:-1]) + 1:02d}"
    made, later, up = (expect_status(d.geo.post(f"{d.base}/meetings", {"body": body, "held_on": day, **unit}), 200, 201).json["meeting"]
                       for body, day, unit in (("liaison", days[0], {"unit": group}), ("liaison", days[1], {"unit": group}),
                                               ("promotion-group", "2025-12-01", {})))
    bureau = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "special-group", "unit": "education", "held_on": "2023-11-01"}), 200, 201).json
    for where, owner in ((bureau["meeting"], {"agency": "教育局"}), (made, {"office": office})):
        one = expect_status(d.geo.post(f"/v1/meetings/{where}/decisions", {"title": "x", "text": "x", "owners": [owner]}), 201).json["decision"]
    data = files.pdf(3000, seed=int(office) + 7)
    upload = d.office(office).post(f"{d.base}/uploads", {"size": len(data), "name": "d.pdf"}).json["upload"]
    expect_status(d.office(office).request("PATCH", f"/v1/uploads/{upload}", body=data, headers={
        "Content-Type": "application/octet-stream", "Upload-Offset": "0"}), 200)
    expect_status(d.office(office).post(f"/v1/decisions/{one}/progress", {"text": "x", "attachments": [{"upload": upload}]}), 201)
    expect_status(d.geo.post(f"/v1/decisions/{one}/rulings", {"meeting": later, "rulings": [{"owner": 1, "outcome": "continue"}]}), 201)
    referral = expect_status(d.geo.post(f"/v1/decisions/{one}/referrals", {}), 201).json["referrals"][0]["referral"]
    expect_status(d.geo.post(f"/v1/referrals/{referral}/outcome", {"meeting": up, "text": "x"}), 201)
    for where, owner in ((bureau["meeting"], {"agency": "教育局"}), (made, {"office": office})):
        one = expect_status(d.geo.post(f"/v1/meetings/{where}/decisions", {"title": "y", "text": "x", "owners": [owner]}), 201).json["decision"]
        expect_status(d.geo.post(f"/v1/decisions/{one}/withdrawal", {"reason": "x"}), 201)


def fill(d):
    if not hasattr(d, "filled"):
        d.filled = True
        for office in (GUISHAN, ZHONGLI, OFFICES[0]):
            d.accepted(annual(office, "113"))
            d.accepted(quarterly(office, courses=[course(lecturer="王小明")]))
            expect_status(d.geo.post(f"{d.base}/extensions", {
                "office": office, "form": "training-annual", "period": "115", "until": "2027-03-01", "reason": "選務"}), 201)
            made = expect_status(d.office(office).post(f"{d.base}/calendar-feeds", {}), 201).json
            taken_back = expect_status(d.office(office).post(f"{d.base}/calendar-feeds", {}), 201).json
            expect_status(d.office(office).request("DELETE", f"/v1/calendar-feeds/{taken_back['feed']}"), 200)
            check(made["url"] != taken_back["url"], "two feeds share a secret")
            attach(d, office)
            stand(d, office)
            prepare(d, office)
            remark(d, office)
            seat(d, office)
            rotate(d, office)
            expect_status(d.office(office).post(f"{d.base}/packs", {"body": "task-group", "year": 112}), 201)
            gather(d, office)
            decide(d, office)
        expect_status(d.geo.post(f"{d.base}/calendar-feeds", {"office": None}), 201)
        for body, unit in (("liaison", "group-1"), ("liaison", "group-2"), ("council", None)):
            expect_status(d.geo.post(f"{d.base}/packs", {"body": body, "unit": unit, "year": 112}), 201)


@test
def the_daemon_s_role_is_no_superuser_no_owner_and_cannot_bypass(d):
    row = d.service.sql("select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles "
                        "where rolname = 'tributary_daemon'")
    equal(row, "f|f|f|f", "rolsuper, rolbypassrls, rolcreaterole, rolcreatedb")
    member = d.service.sql("select count(*) from pg_auth_members m join pg_roles r on r.oid = "
                           "m.roleid join pg_roles g on g.oid = m.member "
                           "where g.rolname = 'tributary_daemon' and (r.rolsuper or "
                           "r.rolbypassrls or r.rolname = 'tributary_owner')")
    equal(member, "0", "roles it could become")
    for table in tables(d):
        check(table.owner != "tributary_daemon", f"the daemon owns {table.place}")


@test
def every_table_of_a_jurisdiction_or_office_has_row_level_security(d):
    for table in tables(d):
        if (table.office or "jurisdiction" in table.columns) and table.place not in OPEN:
            check(table.secured, f"{table.place} has no row-level security")


@test
def an_office_reads_no_row_of_another(d):
    fill(d)
    seen = 0
    for table in tables(d):
        if not table.office:
            continue
        there = d.service.sql(f"select count(*) from {table.place} where {table.office} is not null "
                              f"and {table.office}::text <> '{GUISHAN}'")
        others = count(d, f"select count(*) from {table.place} where "
                          f"{table.office} is not null and {table.office}::text <> '{GUISHAN}'")
        if any(word in table.place for word in ("submission", "revision", "extension", "calendar", "remark")):
            equal(others, 0, f"rows of other offices in {table.place}")
        seen += int(there) > 0 and others == 0
    check(seen, "no table keeps other offices' rows away from an office")


@test
def an_office_reads_its_own_rows(d):
    fill(d)
    best = max(count(d, f"select count(*) from {table.place} where {table.office}::text = "
                        f"'{GUISHAN}'") for table in tables(d) if table.office)
    check(best >= 1, "an office reads none of its own rows")


@test
def an_office_reads_the_bytes_of_its_own_files_only(d):
    fill(d)
    offices, counted = (GUISHAN, ZHONGLI, OFFICES[0]), []
    for office in offices:
        for place in (f"select a.content from tributary.attachment a where a.office = '{office}'",
                      f"select u.upload from tributary.upload u where u.office = '{office}'"):
            ids = d.service.sql(place).splitlines()
            check(ids, f"nothing to look for: {place}")
            listed = ", ".join(f"'{one}'" for one in ids)
            counted += [f"select '{office}', '{table}', count(*) from tributary.{table} where content in ({listed})"
                        for table in ("attachment_piece", "attachment_content")]
    there = d.service.sql(" union all ".join(counted)).splitlines()
    equal(len(there), len(counted), "counts")
    for office in offices:
        wanted = [row if row.startswith(office) else f"{row.rsplit('|', 1)[0]}|0" for row in there]
        seen = acting(d, " union all ".join(counted), office=office).stdout.splitlines()
        equal(sorted(seen), sorted(wanted), f"rows seen by {office}")


@test
def no_office_attaches_or_drops_what_another_uploaded(d):
    fill(d)
    upload = d.service.sql(f"select upload from tributary.upload where office = '{ZHONGLI}'")
    equal(acting(d, f"select tributary.drop_upload('{upload}')").stdout.strip(), "f", "drop_upload")
    check(acting(d, f"select tributary.adopt_upload('{upload}', sha256('x'))").returncode != 0, "adopt_upload")
    for statement in (f"update tributary.upload set received = 0 where upload = '{upload}'",
                      f"insert into tributary.attachment_piece values ('{upload}', 400000, '68000', 'x')",
                      "delete from tributary.attachment_piece", "delete from tributary.upload"):
        done = acting(d, statement)
        check(done.returncode != 0 or d.service.sql(f"select received from tributary.upload where upload = '{upload}'")
              == "400000", f"allowed: {statement}")
    equal(d.service.sql(f"select count(*) from tributary.attachment_piece where content = '{upload}'"), "2", "pieces left")


@test
def without_settings_nothing_of_any_office_is_read(d):
    fill(d)
    for table in tables(d):
        if table.office and table.secured:
            equal(count(d, f"select count(*) from {table.place}", role=None, office=None,
                        jurisdiction=None), 0, f"rows of {table.place} without settings")
            equal(count(d, f"select count(*) from {table.place}", role="", office="",
                        jurisdiction=""), 0, f"rows of {table.place} with empty settings")


@test
def another_jurisdiction_reads_nothing(d):
    fill(d)
    for table in tables(d):
        if "jurisdiction" in table.columns and table.secured:
            equal(count(d, f"select count(*) from {table.place} where jurisdiction::text = '68000'",
                        role="geo", office=None, jurisdiction="99000"), 0,
                  f"rows of {table.place} from another jurisdiction")


@test
def the_geo_reads_all_of_its_jurisdiction(d):
    fill(d)
    for table in tables(d):
        if table.office and ("revision" in table.place or "submission" in table.place):
            whole = int(d.service.sql(f"select count(*) from {table.place}"))
            equal(count(d, f"select count(*) from {table.place}", role="geo", office=None), whole,
                  f"rows of {table.place}")


def changed(d, table, statements, **settings):
    """True when the statements, run as the daemon's role, change what the table holds."""
    shown = f"select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {table.place} t"
    before = d.service.sql(shown)
    allowed(d, statements, **settings)
    return d.service.sql(shown) != before


@test
def no_role_updates_or_deletes_a_revision(d):
    fill(d)
    for table in tables(d):
        if not table.office or not any(word in table.place for word in
                                       ("revision", "log", "audit", "extension", "calendar", "remark")):
            continue
        for role, office in (("office", GUISHAN), ("geo", None), ("admin", None)):
            statements = (f"update {table.place} set {table.office} = '{ZHONGLI}'", f"delete from {table.place}",
                          f"truncate {table.place} cascade")
            check(not changed(d, table, statements, role=role, office=office), f"{role} changed {table.place}")


@test
def an_office_updates_and_deletes_no_row_of_another_anywhere(d):
    fill(d)
    for table in tables(d):
        if not table.office:
            continue
        where = f"where {table.office}::text = '{ZHONGLI}'"
        check(not changed(d, table, (f"delete from {table.place} {where}",
                                     f"update {table.place} set {table.office} = '{GUISHAN}' {where}")),
              f"an office changed {table.place}")


@test
def an_office_inserts_no_row_in_another_s_name(d):
    fill(d)
    for table in tables(d):
        if not table.office or not table.secured:
            continue
        columns = ", ".join(f'"{name}"' for name in table.columns)
        statement = (f"insert into {table.place} ({columns}) select {columns} from {table.place} "
                     f"where {table.office}::text = '{ZHONGLI}'")
        check(not changed(d, table, (statement,)), f"an office copied rows in {table.place}")


@test
def nobody_grants_an_extension_or_makes_a_feed_for_others_by_sql(d):
    fill(d)
    token = d.service.sql("select token from tributary.extension limit 1")
    extension = ("insert into tributary.extension (id, jurisdiction, plan, office, form, period, until, reason, granted_by, "
                 "token, sequence, recorded_at) values (gen_random_uuid(), '68000', 'taoyuan-112-115', '%s', 'webpage', "
                 "'115', '2027-03-01', 'x', 'x', '%s', 99999, now())")
    feed = ("insert into tributary.calendar_feed (id, jurisdiction, plan, office, secret_hash, token, sequence, recorded_at) "
            "values (gen_random_uuid(), '68000', 'taoyuan-112-115', %s, sha256('x'), '%s', 99999, now())")
    for role, office in (("office", GUISHAN), ("dbas", None), ("supervision", None), ("auditor", None), ("geo", None)):
        check(acting(d, extension % (GUISHAN, token), role=role, office=office).returncode != 0,
              f"{role} granted an extension without its token")
    for office in ("null", f"'{ZHONGLI}'"):
        check(acting(d, feed % (office, token)).returncode != 0, f"an office made a feed of {office}")
    equal(count(d, "select count(secret_hash) from tributary.calendar_feed", role="admin", office=None), 0, "digests read")


def revision_of(office, token, on_behalf, more="", values=""):
    """A new submission of an office with one revision, in one statement."""
    return f"""
        with s as (insert into tributary.submission (jurisdiction, plan, form, period, office)
                   values ('68000', 'taoyuan-112-115', 'webpage', '112', '{office}') returning submission)
        insert into tributary.revision (submission, number, jurisdiction, office, id, sequence, recorded_at, received_at,
            plan_version, token, sha256, document_sha256, stored_sha256, document, field_count, row_count, reported, provisional,
            element_state, element_value, on_behalf{more})
        select s.submission, 1, '68000', '{office}', gen_random_uuid(), 99999, now(), now(), 1, '{token}', sha256('x'),
            sha256('x'), sha256('x'), '{{}}', 0, 0, false, false, '', '{{}}', {on_behalf}{values} from s"""


@test
def only_geo_writes_for_offices_and_only_as_such(d):
    fill(d)
    token, other = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"
    roles = ("office", "geo", "dbas", "supervision", "admin", "auditor")
    for role in roles:
        for office in (GUISHAN, ZHONGLI):
            for on_behalf in (True, False):
                for actor in (token, other):
                    done = acting(d, revision_of(office, actor, on_behalf) + ";\nrollback;\nbegin", role=role,
                                  office=GUISHAN if role == "office" else "", token=token)
                    may = actor == token and ((role == "office" and office == GUISHAN and not on_behalf)
                                              or (role == "geo" and on_behalf))
                    equal(done.returncode == 0, may, f"{role} for {office}, on_behalf {on_behalf}: {done.stderr}")
    done = acting(d, revision_of(GUISHAN, token, False, ", withdrawn", ", ''"), token=token)
    check("check" in done.stderr, f"a withdrawal without a reason: {done.stderr}")


@test
def only_geo_attests_and_only_geo_and_admin_close(d):
    fill(d)
    token = "00000000-0000-0000-0000-000000000001"
    revision = d.service.sql(f"select id from tributary.revision where office = '{GUISHAN}' order by sequence limit 1")
    attestation = ("insert into tributary.attestation (attestation, jurisdiction, office, revision, received_at, reason, attested_by, "
                   "actor, sequence, recorded_at) values (gen_random_uuid(), '68000', '%s', '%s', %s, 'x', 'x', '%s', 99999, now())")
    closing = ("insert into tributary.closing (closing, jurisdiction, plan, period, closed, reason, closed_by, actor, sequence, "
               "recorded_at) values (gen_random_uuid(), '%s', 'taoyuan-112-115', '115', true, 'x', 'x', '%s', 99999, now())")
    undone = ";\nrollback;\nbegin"
    for role in ("office", "geo", "dbas", "supervision", "admin", "auditor"):
        settings = {"role": role, "office": GUISHAN if role == "office" else "", "token": token}
        for statement, may in (
                (attestation % (GUISHAN, revision, "'2020-01-01'", token), role == "geo"),
                (attestation % (GUISHAN, revision, "null", token), role == "geo"),
                (attestation % (GUISHAN, revision, "'2020-01-01'", revision), False),      # in another's name
                (attestation % (ZHONGLI, revision, "'2020-01-01'", token), False),         # of another office
                (attestation % (GUISHAN, revision, "'2199-01-01'", token), False),         # later than it came
                (closing % ("68000", token), role in ("geo", "admin")), (closing % ("68000", revision), False),
                (closing % ("99000", token), False)):
            done = acting(d, statement + undone, **settings)
            equal(done.returncode == 0, may, f"{role}: {statement}: {done.stderr}")
    for table in ("attestation", "closing"):
        for statement in (f"update tributary.{table} set reason = 'y'", f"delete from tributary.{table}"):
            check(acting(d, statement, role="geo", office="", token=token).returncode != 0, f"allowed: {statement}")
    equal(count(d, f"select count(*) from tributary.attestation where office = '{ZHONGLI}'"), 0, "attestations of others read")
    check(count(d, "select count(*) from tributary.attestation") >= 2, "own attestations read")
    check(count(d, "select count(*) from tributary.closing") >= 2, "closings read")
    equal(count(d, "select count(*) from tributary.closing", jurisdiction="99000"), 0, "closings of another jurisdiction")


@test
def only_geo_and_supervision_seat_members_and_offices_read_no_names(d):
    fill(d)
    token, other = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"
    member = ("insert into tributary.body_member (member, jurisdiction, plan, body, name_digest, sex, seat, role, served, from_date, "
              "actor, sequence, recorded_at) values ('%s', '%s', 'taoyuan-112-115', 'council', sha256('x'), 'f', 'internal', 'member', "
              "false, '2024-01-01', '%s', 99999, now())")
    there = d.service.sql("select member from tributary.body_member where body = 'council' limit 1")
    end = ("insert into tributary.body_member_end (ending, jurisdiction, member, ended_on, actor, sequence, recorded_at) values "
           f"(gen_random_uuid(), '68000', '{there}', '2025-01-01', '%s', 99999, now())")
    name = ("insert into tributary.body_member_name (member, jurisdiction, salt, digest, name) "
            f"values ('{other}', '68000', decode(repeat('00', 16), 'hex'), sha256('x'), 'x')")
    undone = ";\nrollback;\nbegin"
    for role in ("office", "geo", "dbas", "supervision", "admin", "auditor"):
        settings = {"role": role, "office": GUISHAN if role == "office" else "", "token": token}
        for statement, may in ((member % (other, "68000", token), role in ("geo", "supervision")),
                               (member % (other, "68000", other), False), (member % (other, "99000", token), False),
                               (member % (other, "68000", token) + ";\n" + name, role in ("geo", "supervision")),
                               (end % token, role in ("geo", "supervision")), (end % other, False), (name, False)):
            done = acting(d, statement + undone, **settings)
            equal(done.returncode == 0, may, f"{role}: {statement}: {done.stderr}")
    equal(count(d, "select count(*) from tributary.body_member_name"), 0, "names read by an office")
    check(count(d, "select count(*) from tributary.body_member_name", role="dbas", office=None) >= 9, "names read by the city")
    equal(acting(d, "select distinct coalesce(unit, '') from tributary.body_member order by 1").stdout.split(), ["group-1"], "units read")
    equal(acting(d, "select distinct body from tributary.body_member order by 1").stdout.split(), ["council", "liaison", "supervision-team"], "bodies read")
    equal(count(d, "select count(*) from tributary.body_member_end"), 0, "ends of a bureau's members")
    for table in ("body_member", "body_member_end", "body_member_name"):
        for statement in (f"delete from tributary.{table}", f"update tributary.{table} set jurisdiction = '68000'"):
            check(acting(d, statement, role="geo", office="", token=token).returncode != 0, f"allowed: {statement}")


@test
def only_geo_and_supervision_write_of_meetings_and_an_office_plans_its_own(d):
    fill(d)
    token, other = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"
    meeting = ("insert into tributary.meeting (meeting, jurisdiction, plan, body, unit, held_on, actor, sequence, recorded_at) values "
               "(gen_random_uuid(), '%s', 'taoyuan-112-115', '%s', %s, %s, '%s', 99999, now())")
    liaison = d.service.sql("select meeting from tributary.meeting where unit = 'group-1' limit 1")
    own, foreign = (d.service.sql(f"select meeting from tributary.meeting where unit = '{office}' limit 1") for office in (GUISHAN, ZHONGLI))
    step = ("insert into tributary.meeting_step (step, meeting, jurisdiction, state, day, actor, sequence, recorded_at) values "
            "(gen_random_uuid(), '%s', '68000', 'called', '2025-04-16', '%s', 99999, now())")
    agenda = ("insert into tributary.meeting_agenda (jurisdiction, meeting, actor, sequence, recorded_at) values "
              "('68000', '%s', '%s', 99999, now())")
    sheet = agenda.replace("meeting_agenda", "meeting_sheet")
    resolution = ("insert into tributary.meeting_resolution (resolution, jurisdiction, meeting, item, text, actor, sequence, recorded_at) "
                  "values (gen_random_uuid(), '68000', '%s', gen_random_uuid(), 'x', '%s', 99999, now())")
    undone = ";\nrollback;\nbegin"
    for role in ("office", "geo", "dbas", "supervision", "admin", "auditor"):
        settings = {"role": role, "office": GUISHAN if role == "office" else "", "token": token}
        city, prepares = role in ("geo", "supervision"), role in ("geo", "supervision", "office")
        for statement, may in (
                (meeting % ("68000", "liaison", "'group-1'", "null", token), city), (meeting % ("68000", "liaison", "'group-1'", "null", other), False),
                (meeting % ("99000", "liaison", "'group-1'", "null", token), False),
                (meeting % ("68000", "council", "null", "'2024-06-01'", token), role in ("geo", "supervision", "dbas", "admin")),
                (meeting % ("68000", "council", "null", "null", token), city),
                (meeting % ("68000", "task-group", f"'{GUISHAN}'", "null", token), prepares),
                (meeting % ("68000", "task-group", f"'{ZHONGLI}'", "null", token), city),
                *((statement % (one, token), may) for statement in (step, agenda) for one, may in ((liaison, city), (own, prepares), (foreign, city))),
                *((statement % (one, token), city) for statement in (sheet, resolution) for one in (liaison, own)),
                *((statement % (own, other), False) for statement in (step, agenda, sheet, resolution))):
            done = acting(d, statement + undone, **settings)
            equal(done.returncode == 0, may, f"{role}: {statement}: {done.stderr}")
    equal(count(d, "select count(*) from tributary.meeting_attendance_name"), 0, "names read by an office")
    check(count(d, "select count(*) from tributary.meeting_attendance_name", role="dbas", office=None) >= 3, "names read by the city")
    equal(acting(d, "select distinct coalesce(unit, '') from tributary.meeting order by 1").stdout.split(), [GUISHAN, "group-1"], "units read")
    for table in ("meeting_step", "meeting_agenda", "meeting_agenda_item", "meeting_sheet", "meeting_attendance", "meeting_resolution"):
        foreign = count(d, f"select count(*) from tributary.{table}", role="geo", office="") - count(d, f"select count(*) from tributary.{table}")
        check(foreign > 0, f"{table}: an office reads all of it")
    for table in ("meeting", "meeting_step", "meeting_agenda", "meeting_agenda_item", "meeting_sheet", "meeting_attendance", "meeting_resolution",
                  "meeting_attendance_name"):
        for statement in (f"delete from tributary.{table}", f"update tributary.{table} set jurisdiction = '68000'"):
            check(acting(d, statement, role="geo", office="", token=token).returncode != 0, f"allowed: {statement}")


DECISIONS = ("decision", "decision_owner", "decision_progress", "decision_attachment", "decision_ruling", "decision_referral", "decision_outcome",
             "decision_withdrawal")


@test
def decisions_are_written_by_who_prepares_meetings_and_progress_by_its_owner(d):
    fill(d)
    token, other = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"
    meeting = d.service.sql("select meeting from tributary.meeting where unit = 'group-1' limit 1")
    own, foreign = (d.service.sql("select o.decision from tributary.decision_owner o join tributary.decision x using (decision) "
                                  f"where o.office = '{office}' and x.unit like 'group-%' and x.title = 'x' limit 1") for office in (GUISHAN, ZHONGLI))
    decision = ("insert into tributary.decision (decision, jurisdiction, plan, body, unit, year, number, meeting, kind, title, text, actor, "
                "sequence, recorded_at) values (gen_random_uuid(), '%s', 'taoyuan-112-115', 'liaison', 'group-1', 113, 999, "
                f"'{meeting}', 'resolution', 'x', 'x', '%s', 99999, now())")
    progress = ("insert into tributary.decision_progress (progress, jurisdiction, decision, owner, text, proposes, actor, sequence, recorded_at) "
                "values (gen_random_uuid(), '68000', '%s', 1, 'x', 'close', '%s', 99999, now())")
    ruling = ("insert into tributary.decision_ruling (ruling, owner, jurisdiction, decision, meeting, outcome, actor, sequence, recorded_at) "
              f"values (gen_random_uuid(), 1, '68000', '%s', '{meeting}', 'close', '%s', 99999, now())")
    referral = ("insert into tributary.decision_referral (referral, jurisdiction, decision, to_body, actor, sequence, recorded_at) "
                "values (gen_random_uuid(), '68000', '%s', 'council', '%s', 99999, now())")
    withdrawal = ("insert into tributary.decision_withdrawal (withdrawal, jurisdiction, decision, reason, actor, sequence, recorded_at) "
                  "values (gen_random_uuid(), '68000', '%s', 'x', '%s', 99999, now())")
    undone = ";\nrollback;\nbegin"
    for role in ("office", "geo", "dbas", "supervision", "admin", "auditor"):
        settings = {"role": role, "office": GUISHAN if role == "office" else "", "token": token}
        city = role in ("geo", "supervision")
        for statement, may in (
                (decision % ("68000", token), city), (decision % ("68000", other), False), (decision % ("99000", token), False),
                (progress % (own, token), city or role == "office"), (progress % (foreign, token), city), (progress % (own, other), False),
                *((statement % (one, token), city) for statement in (ruling, referral, withdrawal) for one in (own, foreign)),
                (ruling % (own, other), False), (referral % (own, other), False), (withdrawal % (own, other), False)):
            done = acting(d, statement + undone, **settings)
            equal(done.returncode == 0, may, f"{role}: {statement}: {done.stderr}")
    equal(acting(d, "select distinct coalesce(unit, '') from tributary.decision order by 1").stdout.split(), ["group-1"], "units read")
    for table in DECISIONS:
        seen, all_of_it = count(d, f"select count(*) from tributary.{table}"), count(d, f"select count(*) from tributary.{table}", role="geo", office="")
        check(0 < seen < all_of_it, f"{table}: an office reads {seen} of {all_of_it}")
        for statement in (f"delete from tributary.{table}", f"update tributary.{table} set jurisdiction = '68000'"):
            check(acting(d, statement, role="geo", office="", token=token).returncode != 0, f"allowed: {statement}")


@test
def only_geo_and_supervision_record_turns_and_who_sits_in(d):
    fill(d)
    token, other = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"
    turn = ("insert into tributary.secretariat_turn (turn, jurisdiction, plan, body, unit, year, office, actor, sequence, recorded_at) values "
            "(gen_random_uuid(), '%s', 'taoyuan-112-115', 'liaison', '%s', 113, 'x', '%s', 99999, now())")
    meeting, member = (d.service.sql(f"select {one} from tributary.{table} where unit = 'group-1' limit 1")
                       for one, table in (("meeting", "meeting"), ("member", "body_member")))
    sitting = ("insert into tributary.sitting_in (allocation, jurisdiction, meeting, member, given, actor, sequence, recorded_at) values "
               f"(gen_random_uuid(), '%s', '{meeting}', '{member}', true, '%s', 99999, now())")
    undone = ";\nrollback;\nbegin"
    for role in ("office", "geo", "dbas", "supervision", "admin", "auditor"):
        settings = {"role": role, "office": GUISHAN if role == "office" else "", "token": token}
        for statement, may in ((turn % ("68000", "group-1", token), role in ("geo", "supervision")), (turn % ("68000", "group-1", other), False),
                               (turn % ("99000", "group-1", token), False), (sitting % ("68000", token), role in ("geo", "supervision")),
                               (sitting % ("68000", other), False), (sitting % ("99000", token), False)):
            done = acting(d, statement + undone, **settings)
            equal(done.returncode == 0, may, f"{role}: {statement}: {done.stderr}")
    equal(acting(d, "select distinct unit from tributary.secretariat_turn").stdout.split(), ["group-1"], "turns read by an office")
    equal(count(d, "select count(*) from tributary.sitting_in"),
          int(d.service.sql("select count(*) from tributary.sitting_in join tributary.meeting using (meeting) where unit = 'group-1'")), "sittings in read")
    for table in ("secretariat_turn", "sitting_in"):
        equal(count(d, f"select count(*) from tributary.{table}", jurisdiction="99000"), 0, f"{table} of another jurisdiction")
        for statement in (f"delete from tributary.{table}", f"update tributary.{table} set jurisdiction = '68000'"):
            check(acting(d, statement, role="geo", office="", token=token).returncode != 0, f"allowed: {statement}")


@test
def an_office_freezes_packs_of_its_own_task_group_and_reads_its_group_s(d):
    fill(d)
    token, other = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"
    pack = ("insert into tributary.pack (pack, jurisdiction, plan, plan_version, kind, title, body, unit, year, basis, language, as_of, "
            "log_sequence, release, sources, model_sha256, seen_as, actor, sequence, recorded_at) values (gen_random_uuid(), '%s', "
            "'taoyuan-112-115', 1, 'pack', 'x', 'x', %s, 112, 'latest', 'zh', now() - interval '1 day', 1, 'x', '{}', sha256('x'), '%s', '%s', "
            "99999, now())")
    undone = ";\nrollback;\nbegin"
    for role in ("office", "geo", "dbas", "supervision", "admin", "auditor"):
        settings = {"role": role, "office": GUISHAN if role == "office" else "", "token": token}
        city = role in ("geo", "supervision")
        for statement, may in ((pack % ("68000", f"'{GUISHAN}'", role, token), city or role == "office"),
                               (pack % ("68000", f"'{ZHONGLI}'", role, token), city), (pack % ("68000", "'group-1'", role, token), city),
                               (pack % ("68000", "null", role, token), city), (pack % ("68000", f"'{GUISHAN}'", role, other), False),
                               (pack % ("99000", f"'{GUISHAN}'", role, token), False),
                               (pack % ("68000", f"'{GUISHAN}'", "geo" if role != "geo" else "office", token), False)):
            done = acting(d, statement + undone, **settings)
            equal(done.returncode == 0, may, f"{role}: {statement}: {done.stderr}")
    equal(sorted(acting(d, "select coalesce(unit, '-') from tributary.pack").stdout.split()), ["-", GUISHAN, "group-1"], "packs read")
    equal(count(d, "select count(distinct pack) from tributary.pack_file"), 3, "files read")
    foreign = d.service.sql("select pack from tributary.pack where unit = 'group-2'")
    file = "insert into tributary.pack_file (pack, jurisdiction, format, sha256, bytes) values ('%s', '68000', 'odt', sha256('x'), 'x')"
    check(acting(d, file % foreign, role="geo", office="", token=token).returncode != 0, "a file put to somebody else's pack")
    for table in ("pack", "pack_file"):
        for statement in (f"delete from tributary.{table}", f"update tributary.{table} set jurisdiction = '68000'"):
            check(acting(d, statement, role="geo", office="", token=token).returncode != 0, f"allowed: {statement}")


@test
def the_gates_show_an_office_no_other_office_s_rows(d):
    fill(d)
    arrays = ("array['training-annual'], array['113'], array[113], array['2025-02-03'::date], array[null::text], "
              "array[null::text], array[1], 28800, null")
    shown = count(d, "select count(*) from tributary.obligation_facts('taoyuan-112-115', 1, null, %s) f "
                     "where f.office <> '%s' and (f.submission is not null or f.until is not null)" % (arrays, GUISHAN))
    equal(shown, 0, "what other offices handed in")
    equal(count(d, "select count(*) from tributary.obligation_facts('taoyuan-112-115', 1, null, %s) f "
                   "where f.submission is not null" % arrays), 1, "what the office itself handed in")
    for level, wanted in (("office", 1), ("group", 1), ("city", 2)):
        equal(count(d, "select count(*) from tributary.unit_timeliness('taoyuan-112-115', 1, '%s', %s, now())" % (level, arrays)),
              wanted, f"units of {level}")
        equal(count(d, "select count(*) from tributary.unit_timeliness('taoyuan-112-115', 1, '%s', %s, now())" % (level, arrays),
                    role="", office=""), 0, f"units of {level} for nobody")


@test
def security_cannot_be_switched_off_by_the_daemon_s_role(d):
    statements = ["set session_replication_role = replica", "set role tributary_owner", "set role postgres",
                  "create table public.mine (a integer)",
                  "create function public.f() returns int language sql as 'select 1'"]
    for table in tables(d):
        if table.secured:
            statements += [f"alter table {table.place} disable row level security",
                           f"alter table {table.place} disable trigger all", f"drop table {table.place} cascade"]
    equal(allowed(d, statements, role="admin", office=None), [], "allowed")
    equal(allowed(d, ["select 1"]), ["select 1"], "what anybody may")


@test
def definer_functions_fix_their_search_path(d):
    loose = d.service.sql(
        "select n.nspname || '.' || p.proname from pg_proc p join pg_namespace n "
        "on n.oid = p.pronamespace where p.prosecdef and n.nspname not in "
        "('pg_catalog', 'information_schema') and not exists (select 1 from "
        "unnest(coalesce(p.proconfig, '{}')) setting where setting like 'search_path=%')")
    equal(loose, "", "definer functions without a search_path of their own")


@test
def token_hashes_are_kept_and_no_token(d):
    token = d.office(GUISHAN).token
    for table in tables(d):
        found = d.service.sql(f"select count(*) from {table.place} t where t::text like "
                              f"'%{token}%' or t::text like '%' || encode('{token}'::bytea, 'hex') "
                              "|| '%'")
        equal(found, "0", f"a token stands in {table.place}")


@test
def names_of_members_live_apart_from_their_seats(d):
    fill(d)
    places = [table.place for table in tables(d) if d.service.sql(
        f"select count(*) from {table.place} t where t::text like '%陳大文%'") != "0"]
    equal(places, ['"tributary"."body_member_name"'], "where a member's name stands")
    places = [table.place for table in tables(d) if d.service.sql(
        f"select count(*) from {table.place} t where t::text like '%林小華%'") != "0"]
    equal(places, ['"tributary"."meeting_attendance_name"'], "where the name of somebody at a meeting stands")


@test
def personal_cells_live_apart_from_revisions(d):
    fill(d)
    places = [table.place for table in tables(d) if d.service.sql(
        f"select count(*) from {table.place} t where t::text like '%王小明%' or t::text like "
        "'%' || encode(convert_to('王小明', 'UTF8'), 'hex') || '%'") != "0"]
    check(places, "a lecturer's name is nowhere")
    check(not any("revision" in place and "personal" not in place for place in places)
          and not any("log" in place or "audit" in place for place in places),
          f"a lecturer's name stands in {places}")


if __name__ == "__main__":
    suite.run()
