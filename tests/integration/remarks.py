#!/usr/bin/env python3
"""Remarks on cells between an office and its reviewers: who, where, threads, settled and open, in answers and files."""
import csv
import io
import pathlib
import sys
import uuid
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import OFFICES, PLAN, annual, course, desk, execution, line, quarterly  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status, with_query  # noqa: E402
from workbook_file import read_ods, read_xlsx  # noqa: E402

suite = Suite(desk)
test = suite.test
CELL = "fields.general.staff.m"
REMARKERS = ("geo", "dbas", "supervision")


def submission(d):
    office, year = d.fresh()
    return office, year, d.accepted(annual(office, year))["submission"]


def remark(client, submission_id, path=CELL, text="請確認人數", answers=None, headers=None):
    body = {"text": text}
    if path is not None:
        body["path"] = path
    if answers:
        body["answers"] = answers
    return client.post(f"/v1/submissions/{submission_id}/remarks", body, headers)


def made(*arguments, **options):
    return expect_status(remark(*arguments, **options), 201).json


def settle(client, identity, resolved=True):
    return client.post(f"/v1/remarks/{identity}/resolution", {"resolved": resolved})


def listed(client, submission_id, **query):
    return expect_status(asked(client, submission_id, **query), 200).json["remarks"]


def asked(client, submission_id, **query):
    return client.get(with_query(f"/v1/submissions/{submission_id}/remarks", query))


def counts(d, submission_id):
    return expect_status(d.geo.get(f"/v1/submissions/{submission_id}"), 200).json["remarks"]


@test
def an_office_and_its_reviewers_talk_about_a_cell(d):
    office, _, one = submission(d)
    own = d.office(office)
    first = made(d.geo, one)
    equal((first["path"], first["role"], first["revision"], first["open"], first["answers"], first["thread"]),
          (CELL, "geo", 1, True, None, first["remark"]), "the first")
    equal(first["place"]["zh"], "一般公務人員總人數（男）", "its place in words")
    answer = made(own, one, None, "含約聘 2 人", first["remark"])
    again = made(d.login("supervision"), one, CELL, "了解", answer["remark"])
    equal([(each["text"], each["role"], each["thread"], each["answers"]) for each in listed(own, one)],
          [("請確認人數", "geo", first["remark"], None), ("含約聘 2 人", "office", first["remark"], first["remark"]),
           ("了解", "supervision", first["remark"], answer["remark"])], "the thread")
    equal(listed(d.geo, one), listed(own, one), "both sides")
    equal(counts(d, one), {"open": 1, "by_path": [{"path": CELL, "open": 1}]}, "counts")
    settled = expect_status(settle(own, again["remark"]), 201).json
    equal((settled["remark"], settled["open"], settled["resolution"]["resolved"], settled["resolution"]["role"]),
          (first["remark"], False, True, "office"), "settled by any of its remarks")
    expect_status(settle(d.geo, first["remark"]), 200)
    equal(counts(d, one), {"open": 0, "by_path": []}, "nothing open")
    equal(expect_status(settle(d.geo, first["remark"], False), 201).json["open"], True, "opened again")
    equal([each["open"] for each in listed(own, one)], [True] * 3, "all of the thread")


@test
def remarks_stay_with_the_submission_over_its_revisions(d):
    office, year, one = submission(d)
    first = made(d.geo, one)
    two = d.accepted(annual(office, year, 1, **{"general.gm2h.m": 1}))["submission"]
    second = made(d.office(office), two, "", "已更正")
    for each in (one, two):
        equal([(r["remark"], r["revision"], r["submission"]) for r in listed(d.geo, each)],
              [(first["remark"], 1, one), (second["remark"], 2, two)], "remarks")
        equal(counts(d, each), {"open": 2, "by_path": [{"path": CELL, "open": 1}, {"path": "", "open": 1}]}, "counts")
    equal([r["remark"] for r in listed(d.geo, one, path="")], [second["remark"]], "of the whole")
    expect_status(settle(d.geo, first["remark"]), 201)
    equal([r["remark"] for r in listed(d.geo, one, open="true")], [second["remark"]], "open ones")
    equal([r["remark"] for r in listed(d.geo, one, open="false")], [first["remark"]], "settled ones")


@test
def every_kind_of_place_is_taken_and_no_other(d):
    office = OFFICES[3]
    quarter = d.accepted(quarterly(office, "113Q2", courses=[course("a1"), course("b.2")]))["submission"]
    lines = d.accepted(execution(office, "113", [line(1), line("2")]))["submission"]
    good = [(quarter, path) for path in ("", "tables.courses", "tables.courses.hours", "tables.courses[a1]",
                                         "tables.courses[a1].attendance.total", "tables.courses[b.2].kind")]
    good += [(lines, path) for path in ("tables.lines[1].budget", "tables.lines[2]")]
    for where, path in good:
        equal(made(d.geo, where, path)["path"], path, "path")
    bad = ["fields.general.staff.m", "courses", "tables", "tables.", "tables.none", "tables.courses[a2]", "tables.courses[]",
           "tables.courses[a1", "tables.courses[a1].none", "tables.courses[a1].", "tables.courses[#1].hours",
           "tables.courses[a1]hours", "tables.courses.", "tables.courses[a1].hours ", "period", "document",
           "fields.", "'; drop table tributary.remark; --", "tables.courses[a1].hours\n", "x" * 5000, 7, ["a"], {}]
    for path in bad:
        reply = remark(d.geo, quarter, path)
        expect_status(reply, 422)
        equal(reply.json["code"], "bad_member", f"{path!r}")
    equal(len(listed(d.geo, quarter)), 6, "remarks")


@test
def texts_are_kept_to_the_letter_or_refused(d):
    _, _, one = submission(d)
    good = ["a", "字" * 2000, "😀" * 2000, "'; delete from tributary.remark; --", "=1+1", "第一行\n第二行\t後", "a" * 2000,
            "{found} {label} %s %n", "<script>alert(1)</script>", "\\x00 \\u0000", "‮abc"]
    for text in good:
        equal(made(d.geo, one, text=text)["text"], text, "text")
    equal([each["text"] for each in listed(d.geo, one)], good, "texts")
    bad = ["", " ", "\n\t ", "字" * 2001, "a" * 100000, "a\u0000b", "a\u0007", "a\u001b[31m", "a\u007f", "a\u0085", "a\rb", 5, None,
           ["a"], {"a": "b"}]
    for text in bad:
        reply = remark(d.geo, one, text=text)
        check(reply.status in (400, 422), f"{text!r}: {reply}")
    for body in ({"path": CELL}, {"text": "x"}, {"path": CELL, "text": "x", "more": 1}, [], "x", 1):
        expect_status(d.geo.post(f"/v1/submissions/{one}/remarks", body), 422)
    for body in (b"{", b"\xff\xfe", b'{"path":"","text":"\xed\xa0\x80"}', b'{"path":"","path":"","text":"x"}'):
        expect_status(d.geo.request("POST", f"/v1/submissions/{one}/remarks", body=body,
                                    headers={"Content-Type": "application/json"}), 400)
    expect_status(d.geo.request("POST", f"/v1/submissions/{one}/remarks", body=b"x", headers={"Content-Type": "text/plain"}), 415)
    equal(len(listed(d.geo, one)), len(good), "nothing more was kept")


@test
def answers_stay_in_their_thread(d):
    office, _, one = submission(d)
    _, _, two = submission(d)
    first, other = made(d.geo, one), made(d.geo, two)
    for answers, path in ((other["remark"], None), (str(uuid.uuid4()), None), ("x", None), ("", None), (7, None),
                          (first["remark"], "fields.general.staff.f"), (first["remark"], "")):
        reply = remark(d.office(office), one, path, "x", answers)
        if answers == "":
            reply = d.office(office).post(f"/v1/submissions/{one}/remarks", {"text": "x", "answers": ""})
        expect_status(reply, 422)
        equal(reply.json["code"], "bad_member", str(reply))
    equal(len(listed(d.geo, one)), 1, "remarks")


@test
def who_may_remark_and_who_may_only_read(d):
    office, _, one = submission(d)
    other = next(each for each in OFFICES if each != office)
    for role in REMARKERS:
        equal(made(d.login(role), one)["role"], role, "role")
    first = made(d.office(office), one)
    for role in ("admin", "auditor"):
        expect_status(remark(d.login(role), one), 403)
        expect_status(settle(d.login(role), first["remark"]), 403)
        equal(len(listed(d.login(role), one)), 4, f"read by {role}")
    stranger = d.office(other)
    expect_status(remark(stranger, one), 404)
    expect_status(stranger.get(f"/v1/submissions/{one}/remarks"), 404)
    expect_status(settle(stranger, first["remark"]), 404)
    for identity in (str(uuid.uuid4()), "x", "1' or '1'='1"):
        path = identity.replace(" ", "%20").replace("'", "%27")
        expect_status(settle(d.geo, path), 404)
        expect_status(remark(d.geo, path), 404)
    for body in ({}, {"resolved": 1}, {"resolved": "true"}, {"resolved": None}, {"resolved": True, "x": 1}, []):
        expect_status(d.geo.post(f"/v1/remarks/{first['remark']}/resolution", body), 422)
    expect_status(d.service.client().get(f"/v1/submissions/{one}/remarks"), 401)


@test
def a_key_makes_one_remark_only(d):
    _, _, one = submission(d)
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first = expect_status(remark(d.geo, one, headers=key), 201)
    again = expect_status(remark(d.geo, one, headers=key), 200)
    equal((again.json, again.header("idempotent-replay")), (first.json, "true"), "replay")
    expect_status(remark(d.geo, one, text="另一件", headers=key), 409)
    key = {"Idempotency-Key": str(uuid.uuid4())}
    path, body = f"/v1/remarks/{first.json['remark']}/resolution", {"resolved": True}
    expect_status(d.geo.post(path, body, key), 201)
    equal(expect_status(d.geo.post(path, body, key), 200).header("idempotent-replay"), "true", "replay")
    equal(len(listed(d.geo, one)), 1, "remarks")


@test
def the_list_comes_in_pages(d):
    _, _, one = submission(d)
    texts = [f"第 {number} 則" for number in range(7)]
    for text in texts:
        made(d.geo, one, text=text)
    seen, after = [], None
    while True:
        query = {"limit": 3} if after is None else {"limit": 3, "after": after}
        page = expect_status(d.geo.get(f"/v1/submissions/{one}/remarks", **query), 200).json
        seen += [each["text"] for each in page["remarks"]]
        after = page["next"]
        if after is None:
            break
        equal(len(page["remarks"]), 3, "a page")
    equal(seen, texts, "all pages")
    for query in ({"limit": 0}, {"limit": 1001}, {"limit": "x"}, {"after": "x"}, {"after": -1}, {"open": "yes"}, {"path": "x" * 1001},
                  {"none": 1}):
        expect_status(asked(d.geo, one, **query), 400)


@test
def the_list_is_a_table_too(d):
    _, _, one = submission(d)
    first = made(d.geo, one, text="=SUM(A1)，請確認")
    expect_status(settle(d.geo, first["remark"]), 201)
    made(d.geo, one, "", "整份")
    path = f"/v1/submissions/{one}/remarks"
    text = expect_status(d.geo.get(path, format="csv"), 200).body.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text)) if row and not row[0].startswith("#")]
    heading = rows[0]
    check("text" in heading and "open" in heading and "resolution.recorded_at" in heading, str(heading))
    equal([row[heading.index("path")] for row in rows[1:]], [CELL, ""], "paths")
    equal([row[heading.index("open")] for row in rows[1:]], ["false", "true"], "open")
    check("SUM(A1)" in rows[1][heading.index("text")], str(rows[1]))
    for kind, read in (("ods", read_ods), ("xlsx", read_xlsx)):
        book = read(expect_status(d.geo.get(path, format=kind), 200).body)
        sheets = book.values() if isinstance(book, dict) else book
        check(any("整份" in str(cell) for sheet in sheets for row in sheet.rows for cell in row), f"{kind} holds the remark")


@test
def remarks_are_in_the_log_without_their_words_and_verified(d):
    _, _, one = submission(d)
    first = made(d.geo, one, text="王大同先生說的")
    expect_status(settle(d.geo, first["remark"]), 201)
    entries = d.service.sql("select entry from tributary.log_entry where entry::jsonb ->> 'kind' like 'remark%'")
    check(first["remark"] in entries and "王大同" not in entries, "the entry")
    equal(d.service.sql("select encode(sha256(t.salt || convert_to(t.text, 'UTF8')), 'hex') = e.entry::jsonb ->> 'text_digest'"
                        " from tributary.remark_text t join tributary.log_entry e on e.entry::jsonb ->> 'remark' = t.remark::text"
                        f" and e.entry::jsonb ->> 'kind' = 'remark' where t.remark = '{first['remark']}'"), "t", "digest")
    d.service.command("verify")
    changes = (("tributary.remark", "path", "'fields.general.staff.f'"), ("tributary.remark", "actor_role", "'dbas'"),
               ("tributary.remark_text", "text", "'我沒說'"), ("tributary.remark_resolution", "resolved", "false"))
    for table, column, value in changes:
        where = f"where remark = '{first['remark']}'"
        before = d.service.sql(f"select {column} from {table} {where}")
        d.service.sql(f"set session_replication_role = replica; update {table} set {column} = {value} {where}")
        status = d.service.command("verify", check=False).returncode
        d.service.sql(f"set session_replication_role = replica; update {table} set {column} = '{before}' {where}")
        check(status != 0, f"verify didn't notice {column} of {table}")
    d.service.sql("create table public.kept as select * from tributary.remark_text "
                  f"where remark = '{first['remark']}'; set session_replication_role = replica; "
                  f"delete from tributary.remark_text where remark = '{first['remark']}'")
    status = d.service.command("verify", check=False).returncode
    d.service.sql("insert into tributary.remark_text select * from public.kept; drop table public.kept")
    check(status != 0, "verify didn't notice a text that vanished")
    d.service.command("verify")


def said(d, *words):
    return d.service.command("personal", *words).stdout.decode()


@test
def a_text_that_names_a_person_is_found_and_erased(d):
    office, year, one = submission(d)
    first = made(d.geo, one, text="請洽承辦人林小美 02-1234567")
    second = made(d.geo, one, text="整句相同")
    found = said(d, "find", "林小美")
    check(first["remark"] in found and CELL in found, found)
    shown = said(d, "erase", first["remark"])
    check("--yes" in shown and listed(d.geo, one)[0]["text"], shown)
    check("erased: 1" in said(d, "erase", first["remark"], "--yes"), "by its id")
    check("erased: 1" in said(d, "erase", "整句相同", "--yes"), "by its text")
    equal([(each["remark"], each["text"]) for each in listed(d.office(office), one)],
          [(first["remark"], None), (second["remark"], None)], "the remarks stay")
    equal(said(d, "find", "林小美"), "", "nothing left")
    equal(d.service.sql("select count(*) from tributary.remark_text where salt is null and text is null"), "2", "salts went too")
    equal(d.post(annual(office, year, 1), dry_run="true").json["findings"], [], "nothing to say of what was erased")
    d.service.command("verify")
    told = [each["entry"] for each in expect_status(d.login("auditor").get("/v1/audit", kind="personal_erasure"), 200).json["entries"]]
    equal({each["remark"]: each["path"] for each in told}, {first["remark"]: CELL, second["remark"]: CELL}, "what the log says")
    check("整句相同" not in str(told), "the log holds the text")
    for change in ("text = 'x'", "salt = sha256('x')", "erased_at = null"):
        check(d.service.sql(f"update tributary.remark_text set {change} where remark = '{second['remark']}'",
                            check=False).returncode != 0, f"allowed: {change}")


@test
def a_text_is_taken_for_erased_only_where_an_entry_of_the_log_says_so(d):
    _, _, one = submission(d)
    gone, kept = made(d.geo, one, text="甲乙丙丁")["remark"], made(d.geo, one, text="戊己庚辛")["remark"]
    d.service.sql("create table public.kept as select * from tributary.remark_text")
    said(d, "erase", gone, "--yes")
    d.service.command("verify")
    for what, change in (
            ("erased behind the program's back", f"update tributary.remark_text set text = null, salt = null, erased_at = now() "
             f"where remark = '{kept}'"),
            ("erased at another moment", "update tributary.remark_text set erased_at = erased_at + interval '1 s' "
             f"where remark = '{gone}'"),
            ("erased, and there again", "update tributary.remark_text t set text = k.text, salt = k.salt, erased_at = null "
             f"from public.kept k where k.remark = t.remark and k.remark = '{gone}'"),
            ("gone altogether", f"delete from tributary.remark_text where remark = '{gone}'")):
        d.service.sql("create table public.before as table tributary.remark_text; set session_replication_role = replica;" + change)
        done = d.service.command("verify", check=False)
        d.service.sql("set session_replication_role = replica; delete from tributary.remark_text;"
                      "insert into tributary.remark_text select * from public.before; drop table public.before")
        check(done.returncode == 1 and (gone in done.stdout.decode() or kept in done.stdout.decode()),
              f"{what}: {done.stdout.decode()[-400:]}")
    d.service.command("verify")
    # an erasure of before such entries were made is told of by the next migration
    d.service.sql(f"update tributary.remark_text set text = null, salt = null, erased_at = now() where remark = '{kept}'",
                  "tributary_owner")
    equal(d.service.command("verify", check=False).returncode, 1, "not told of yet")
    d.service.migrate()
    d.service.command("verify")


@test
def open_remarks_come_back_in_a_dry_run_and_in_the_file(d):
    office, year, one = submission(d)
    own = d.office(office)
    first = made(d.geo, one, text="請確認人數\n含約聘嗎？")
    made(own, one, None, "含約聘 2 人", first["remark"])
    settled = made(d.geo, one, "fields.general.staff.f", "已解決")
    expect_status(settle(d.geo, settled["remark"]), 201)
    corrected = annual(office, year, 1, **{"general.gm2h.m": 2})
    findings = expect_status(d.post(corrected, dry_run="true"), 200).json["findings"]
    about = [each for each in findings if each["code"] == "remark_open"]
    equal([(each["severity"], each["path"], each["found"]) for each in about],
          [("warning", CELL, "請確認人數 含約聘嗎？ → 含約聘 2 人")], "findings")
    equal([each["code"] for each in own.get(f"/v1/submissions/{one}/findings").json["findings"]], ["remark_open"], "now")
    for kind in ("csv", "ods", "xlsx"):
        file = own.get(f"{d.base}/forms/training-annual/template", period=year, office=office, format=kind).body
        media = {"csv": "text/csv", "ods": "application/vnd.oasis.opendocument.spreadsheet",
                 "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}[kind]
        reply = own.request("POST", f"{d.base}/submissions?dry_run=true&annotate=true", body=file,
                            headers={"Content-Type": media, "Accept-Language": "zh-TW"})
        expect_status(reply, 200)
        check("請確認人數" in unpacked(reply.body), f"the {kind} file says it")
        check("已解決" not in unpacked(reply.body), f"the {kind} file is silent about what is settled")
    check("remark_open" not in str(d.accepted(corrected)["findings"]), "a receipt doesn't repeat remarks")


def unpacked(data):
    if data[:2] != b"PK":
        return data.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@test
def a_remark_on_a_row_that_is_gone_stands_at_its_table(d):
    office = OFFICES[5]
    one = d.accepted(quarterly(office, "114Q2", courses=[course("a1", date_from="2025-05-02", date_to="2025-05-02"),
                                                         course("a2", date_from="2025-05-02", date_to="2025-05-02")]))["submission"]
    made(d.geo, one, "tables.courses[a2].hours", "時數？")
    without = quarterly(office, "114Q2", 1, courses=[course("a1", date_from="2025-05-02", date_to="2025-05-02")])
    findings = expect_status(d.post(without, dry_run="true"), 200).json["findings"]
    equal([(each["code"], each["path"]) for each in findings if each["code"] == "remark_open"],
          [("remark_open", "tables.courses")], "findings")


@test
def no_office_learns_of_remarks_through_a_dry_run_in_another_s_name(d):
    office, year, one = submission(d)
    made(d.geo, one, text="只給本區")
    stranger = d.office(next(each for each in OFFICES if each != office))
    reply = stranger.hand_in(PLAN, annual(office, year, 1), dry_run="true")
    check(reply.status == 403 and "只給本區" not in str(reply.body), str(reply))


@test
def straight_in_sql_nobody_speaks_for_others(d):
    office, _, one = submission(d)
    other = next(each for each in OFFICES if each != office)
    first = made(d.geo, one)
    token = d.service.sql("select token from tributary.token where role = 'geo' limit 1")
    key = d.service.sql(f"select submission from tributary.revision where id = '{one}'")

    def allowed(statement, role, of=None, actor=token):
        settings = "".join(f"select set_config('tributary.{name}', '{value}', true);" for name, value in
                           (("jurisdiction", "68000"), ("role", role), ("office", of or ""), ("token", actor)))
        done = d.service.sql(f"\\o /dev/null\nbegin;{settings}\\o\n{statement};\nrollback;", "tributary_daemon", check=False)
        return done.returncode == 0

    def insert(role, identity="gen_random_uuid()", revision=one, actor=token, place="68000"):
        return (f"with new as (select {identity} as id) insert into tributary.remark (remark, jurisdiction, office, submission,"
                " revision, thread, path, digest, actor, actor_role, sequence, recorded_at) "
                f"select id, '{place}', '{office}', {key}, '{revision}', id, '', sha256('x'), '{actor}', '{role}', 99999, now() from new")
    check(allowed(insert("geo"), "geo"), "geo remarks")
    check(allowed(insert("office"), "office", office), "the office remarks")
    for role in ("admin", "auditor", ""):
        check(not allowed(insert(role or "geo"), role), f"{role} remarked")
    check(not allowed(insert("office"), "office", other), "another office remarked")
    check(not allowed(insert("geo"), "office", office), "an office said it was the geo")
    check(not allowed(insert("geo", actor=uuid.uuid4()), "geo"), "somebody spoke for another")
    foreign = d.accepted(annual(other, "115"))["submission"] if not d.revisions("training-annual", other, "115") else \
        d.listed("training-annual", other, "115")[0]["submission"]
    check(not allowed(insert("geo", revision=foreign), "geo"), "a remark on another submission's revision")
    resolution = ("insert into tributary.remark_resolution values ('68000', 99999, '%s', '%s', true, '%s', '%s', now())")
    check(allowed(resolution % (first["remark"], office, token, "geo"), "geo"), "geo settles")
    check(not allowed(resolution % (first["remark"], other, token, "office"), "office", other), "another office settled")
    check(not allowed(resolution % (first["remark"], office, token, "admin"), "admin"), "an administrator settled")
    for statement in ("update tributary.remark set path = 'x'", "delete from tributary.remark", "delete from tributary.remark_text",
                      "update tributary.remark_text set text = null", "update tributary.remark_resolution set resolved = true",
                      "truncate tributary.remark cascade",
                      f"insert into tributary.remark_text values ('{first['remark']}', '68000', '{office}', sha256('x'), 'x')"):
        for role, of in (("geo", None), ("admin", None), ("office", office)):
            check(not allowed(statement, role, of), f"{role}: {statement}")
    for table in ("remark", "remark_text", "remark_resolution"):
        for role, of in (("office", other), ("", None)):
            settings = (f"select set_config('tributary.jurisdiction', '68000', true), set_config('tributary.role', '{role}', true),"
                        f" set_config('tributary.office', '{of or ''}', true)")
            seen = d.service.sql(f"\\o /dev/null\nbegin;{settings};\\o\nselect count(*) from tributary.{table} where office = '{office}';"
                                 "rollback;", "tributary_daemon", check=False).stdout.strip()
            equal(seen, "0", f"{table} seen by {role} {of}")


def tributary(d, client, *words, status=0, lang="zh"):
    home = d.service.folder / "home"
    done = d.service.command(*words, "--lang", lang, program="tributary", check=False, settings={
        "TRIBUTARY_SERVER": f"http://127.0.0.1:{d.service.port}", "TRIBUTARY_TOKEN": client.token, "TRIBUTARY_PLAN": d.plan,
        "HOME": str(home), "XDG_CONFIG_HOME": str(home / "c"), "XDG_STATE_HOME": str(home / "s"), "COLUMNS": "0"})
    out = done.stdout.decode()
    equal(done.returncode, status, f"{words}: {out}{done.stderr.decode()}")
    return out


@test
def the_client_remarks_answers_lists_settles_and_shows(d):
    office, _, one = submission(d)
    own = d.office(office)
    made_ = tributary(d, d.geo, "remark", "add", one, CELL, "請確認人數")
    check("已記錄意見：一般公務人員總人數（男）" in made_, made_)
    first = listed(d.geo, one)[0]["remark"]
    check(first in made_, made_)
    tributary(d, d.geo, "remark", "add", one, "", "整份都好")
    tributary(d, own, "remark", "answer", one, first, "含約聘 2 人")
    lines = tributary(d, own, "remark", "list", one).splitlines()
    place = next(number for number, text in enumerate(lines) if "請確認人數" in text)
    check("性平辦" in lines[place] and "待處理" in lines[place] and first in lines[place], str(lines))
    check(any("→ 含約聘 2 人" in text and "區公所" in text for text in lines[place + 1:place + 3]), str(lines))
    check(any("整份資料" in text for text in lines), str(lines))
    shown = tributary(d, own, "show", one)
    check("待處理意見 2 件" in shown and CELL in shown, shown)
    check("Open remarks: 2" in tributary(d, own, "show", one, lang="en"), "in English")
    check("已結案" in tributary(d, own, "remark", "resolve", first), "settled")
    check("整份都好" in (only := tributary(d, own, "remark", "list", one, "--open")) and "請確認人數" not in only, only)
    check("已重啟" in tributary(d, d.geo, "remark", "reopen", first), "open again")
    tributary(d, own, "remark", "add", one, "fields.none", "x", status=1)
    tributary(d, d.login("auditor"), "remark", "add", one, CELL, "x", status=4)
    tributary(d, own, "remark", "list", str(uuid.uuid4()), status=2)
    tributary(d, own, "remark", "add", one, status=2)
    tributary(d, own, "remark", "forget", one, status=2)
    check(tributary(d, own, "remark", "list", one, "--json").startswith('{"remarks":'), "json")
    file, marked = (d.service.folder / name for name in ("form.ods", "marked.ods"))
    year = d.geo.get(f"/v1/submissions/{one}").json["period"]
    tributary(d, own, "template", "training-annual", "--period", year, "-o", str(file))
    said_ = tributary(d, own, "check", str(file), "--online", "--annotate", str(marked))
    check("意見待處理：請確認人數" in said_, said_)
    check("請確認人數" in unpacked(marked.read_bytes()), "the file that was checked online")
    tributary(d, own, "remark", "list", one, "-o", str(d.service.folder / "remarks.ods"))
    check((d.service.folder / "remarks.ods").read_bytes()[:2] == b"PK", "a file")


@test
def there_is_an_end_to_remarks(d):
    office, year, one = submission(d)
    made(d.geo, one)
    d.service.sql("set session_replication_role = replica; insert into tributary.remark (remark, jurisdiction, office, submission,"
                  " revision, thread, answers, path, digest, actor, actor_role, sequence, recorded_at) select gen_random_uuid(), m.jurisdiction,"
                  " m.office, m.submission, m.revision, m.thread, m.remark, m.path, m.digest, m.actor, m.actor_role, 1000000 + n, m.recorded_at"
                  f" from tributary.remark m, generate_series(1, 1999) n where m.revision = '{one}'")
    reply = expect_status(remark(d.geo, one), 409)
    equal(reply.json["code"], "too_many_remarks", "code")
    d.service.sql("set session_replication_role = replica; delete from tributary.remark where sequence > 1000000")
    made(d.geo, one)


if __name__ == "__main__":
    suite.run()
