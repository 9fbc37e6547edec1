#!/usr/bin/env python3
"""ODS and XLSX in: what offices keep is taken as its owners see it; what is hostile is refused, fast and in little memory,
and the daemon goes on."""
import io
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import time
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GROUP_1, GUISHAN, OFFICES, desk, document_of, find, quarterly  # noqa: E402
from sheet_files import (MAIN, ODS, XLSX, ods, ods_content, packed, relations, xlsx,  # noqa: E402
                         xlsx_sheet)
from tributary_harness import SLOWNESS, Suite, build_folder, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
MEGABYTE = 1024 * 1024
HEADINGS = ["課程名稱", "開始日期", "結束日期", "時數（小時）", "課程類別", "辦理方式", "參訓對象",
            "參訓人次（男）", "參訓人次（女）", "參訓人次（合計）"]


def head(office, period="113Q2"):
    return [["#form", "training-quarterly"], ["#office", office], ["#period", period]]


def courses(count=1):
    return [["CEDAW 案例研討", "113/5/2", "2024-05-02", 2.5, "CEDAW實體課程", "專題演講", "一般公務人員",
             12, 20, 32]] + [[f"第{i}場", "113/5/2", "113/5/2", 3, "其他", "專題演講", "一般公務人員",
                             1, 2, 3] for i in range(1, count)]


def send(d, data, kind, clerk=GUISHAN, **query):
    return d.office(clerk).post(f"{d.base}/submissions", data, {"Content-Type": kind}, **query)


def stored(d, reply):
    receipt = expect_status(reply, 201).json
    return document_of(expect_status(
        d.geo.get(f"/v1/submissions/{receipt['submission']}"), 200).json)


def check_courses(document, count=1):
    rows = document["tables"]["courses"]
    equal(len(rows), count, "rows")
    row = {name: rows[0][name] for name in ("name", "date_from", "date_to", "hours", "kind",
                                            "attendance.m", "attendance.total")}
    equal(row, {"name": "CEDAW 案例研討", "date_from": "2024-05-02", "date_to": "2024-05-02",
                "hours": "2.5", "kind": "cedaw", "attendance.m": 12, "attendance.total": 32}, "row")


BUILDERS = [(ods, ODS), (xlsx, XLSX)]


def resident(d):
    """The daemon's memory at its highest, in MiB."""
    status = pathlib.Path(f"/proc/{d.service.process.pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) // 1024


@test
def a_row_of_totals_is_no_entry_and_that_is_said(d):
    totals = [["合計", None, None, 5.5, None, None, None, 13, 22, 35], [None, None, None, None, None, "總　計：", None, 13, 22, 35],
              ["Total", None, None, None, None, None, None, 13, 22, 35]]
    for (build, kind), office in zip(BUILDERS, OFFICES):
        rows = [*head(office, "113Q2"), ["#table", "courses"], HEADINGS, *courses(2), *totals]
        judged = expect_status(send(d, build([("課程", rows)]), kind, office, dry_run="true"), 200).json
        equal((judged["outcome"] == "refused", judged["counts"]["rows"]), (False, 2), kind)
        said = [(one["code"], one["severity"], one["cell"]["ref"], one.get("found")) for one in judged["findings"]
                if one["code"] == "totals_row"]
        equal(said, [("totals_row", "warning", "A8", "合計"), ("totals_row", "warning", "F9", "總　計："),
                     ("totals_row", "warning", "A10", "Total")], kind)
    office = OFFICES[2]
    named = [["合計的計算方式", "113/5/2", "113/5/2", 2, "其他", "專題演講", "一般公務人員", 1, 2, 3],
             ["合計", "113/5/2", "113/5/2", 2, "其他", "專題演講", "一般公務人員", 1, 2, 3]]
    data = ods([("課程", [*head(office, "113Q2"), ["#table", "courses"], HEADINGS, *courses(1), *named])])
    judged = expect_status(send(d, data, ODS, office, dry_run="true"), 200).json
    equal((judged["counts"]["rows"], [one for one in judged["findings"] if one["code"] == "totals_row"]), (3, []), "named so")


@test
def one_long_text_for_many_rows_is_refused_in_little_memory(d):
    """A row repeated 10,000 times, in some 1 KB."""
    long_row = ('<table:table-row table:number-rows-repeated="10000"><table:table-cell office:value-type="string"><text:p>'
                + "課" * 30000 + "</text:p></table:table-cell></table:table-row>")
    data = ods([("課程", [*head(GUISHAN), ["#table", "courses"], HEADINGS, long_row])])
    check(len(data) < 2048, len(data))
    began = time.monotonic()
    reply = expect_status(send(d, data, ODS), 422)
    check(time.monotonic() - began < 5 * SLOWNESS, f"{time.monotonic() - began:.1f} s")
    find(reply.json["findings"], "unreadable_file")
    check(resident(d) < 300 * SLOWNESS, f"{resident(d)} MiB")


@test
def both_kinds_of_spreadsheet_are_taken(d):
    for office, (build, kind) in zip(GROUP_1, BUILDERS):
        data = build([("表", [*head(office), ["#table", "courses"], HEADINGS, *courses()])])
        check_courses(stored(d, send(d, data, kind, office)))


@test
def bytes_of_no_named_kind_are_told_by_their_content(d):
    octets = "application/octet-stream"
    office = GROUP_1[2]
    data = ods([("表", [*head(office), ["#table", "courses"], HEADINGS, *courses()])])
    receipt = expect_status(send(d, data, octets, office), 201).json
    equal(receipt["revision"], 1, "ODS")
    sheet = xlsx([("表", [*head(office), ["#base", 1], ["#table", "courses"], HEADINGS,
                         *courses(2)])])
    equal(expect_status(send(d, sheet, octets, office), 201).json["revision"], 2, "XLSX")
    text = json.dumps(quarterly(office, base=2)).encode()
    equal(expect_status(send(d, text, octets, office), 201).json["revision"], 3, "JSON")
    lines = "\n".join(",".join(map(str, row)) for row in
                      [*head(office), ["#base", 3], ["#table", "courses"], HEADINGS, *courses(3)])
    equal(expect_status(send(d, lines.encode(), octets, office), 201).json["revision"], 4, "CSV")
    equal(expect_status(send(d, data, "text/csv", office), 409).json["code"], "revision_conflict",
          "a type that isn't so")


@test
def a_sheet_of_a_table_s_name_needs_no_marks_beside_titles_guides_and_hidden_lists(d):
    office = GROUP_1[3]
    sheets = [("培力課程", [["桃園市培力成果表"], [None], ["單位：人次"], HEADINGS, *courses()]),
              ("填表說明", [["請以 Excel 填寫", 5]]), ("代碼", [["a", "b"]]), ("工作表3", [])]
    document = stored(d, send(d, ods(sheets), ODS, office, form="training-quarterly",
                              office=office, period="113Q2"))
    check_courses(document)


@test
def a_sheet_that_is_none_of_the_form_s_is_named_in_a_warning(d):
    office = GROUP_1[4]
    data = xlsx([("表", [*head(office), ["#table", "courses"], HEADINGS, *courses()]),
                 ("草稿", [["隨手記", 3]])])
    receipt = expect_status(send(d, data, XLSX, office), 201).json
    finding = find(receipt["findings"], "unknown_sheet")
    equal((finding["severity"], finding["found"]), ("warning", "草稿"), "finding")
    equal(finding["cell"]["sheet"], "草稿", "sheet")


@test
def findings_carry_sheet_and_cell(d):
    rows = [*head(GUISHAN), ["#table", "courses"], HEADINGS + ["備考", None], *courses()]
    rows[-1] = [*courses()[0][:3], "兩個半", *courses()[0][4:], "有字"]
    for build, kind in BUILDERS:
        findings = expect_status(send(d, build([("表", rows)]), kind), 422).json["findings"]
        cells = {f["code"]: f.get("cell") for f in findings}
        equal(cells["unreadable_cell"], {"sheet": "表", "ref": "D6"}, "cell")
        equal(cells["unknown_column"], {"sheet": "表", "ref": "K5"}, "column")


@test
def a_formula_s_error_is_a_finding_at_its_cell(d):
    wrong = courses()[0]
    ods_error = ('<table:table-cell table:formula="of:=1/0" office:value-type="string" '
                 'office:string-value=""><text:p>#DIV/0!</text:p></table:table-cell>')
    for build, kind, error in [(ods, ODS, ods_error),
                               (xlsx, XLSX, '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
                               (xlsx, XLSX, "<c><f>SUM(A1:A2)</f></c>")]:
        data = build([("表", [*head(GUISHAN), ["#table", "courses"], HEADINGS,
                             [*wrong[:7], error, *wrong[8:]]])])
        finding = find(expect_status(send(d, data, kind), 422).json["findings"], "unreadable_cell")
        equal(finding["cell"], {"sheet": "表", "ref": "H6"}, "cell")


@test
def blank_rows_by_the_million_cost_nothing(d):
    office = GROUP_1[5]
    blank = ('<table:table-row table:number-rows-repeated="1048000">'
             '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>')
    began = time.monotonic()
    check_courses(stored(d, send(d, ods([("表", [*head(office), ["#table", "courses"], HEADINGS,
                                                *courses(), blank, blank])]), ODS, office)))
    check(time.monotonic() - began < 1, "took a second")


@test
def ten_thousand_rows_are_judged_in_a_second(d):
    rows = [*head(GUISHAN), ["#table", "courses"], HEADINGS, *courses(10000)]
    for build, kind in BUILDERS:
        data = build([("表", rows)])
        began = time.monotonic()
        reply = expect_status(send(d, data, kind, dry_run="true"), 200, 422)
        took = time.monotonic() - began
        check(not [f for f in reply.json["findings"] if f["severity"] == "error"],
              f"{reply.json['findings'][:2]}")
        check(took < 3, f"{kind} took {took:.2f} s")


def client(d, *arguments, stdin=None):
    """The client with settings and folders of its own, as the office of Guishan."""
    held = d.__dict__.setdefault("client_home", tempfile.mkdtemp(prefix="tributary-sheets-"))
    token = d.service.add_token("office", GUISHAN)
    environment = {**os.environ, "HOME": held, "XDG_STATE_HOME": f"{held}/state",
                   "XDG_CONFIG_HOME": f"{held}/config", "XDG_CACHE_HOME": f"{held}/cache",
                   "TRIBUTARY_SERVER": f"http://127.0.0.1:{d.service.port}",
                   "TRIBUTARY_TOKEN": token, "TRIBUTARY_PLAN": d.base.rsplit("/", 1)[1]}
    return subprocess.run([str(build_folder() / "tributary"), *arguments], env=environment,
                          input=stdin, capture_output=True, timeout=60)


@test
def the_client_checks_and_submits_spreadsheets_without_options(d):
    for number, (build, kind) in enumerate(BUILDERS):
        with tempfile.NamedTemporaryFile(suffix=".dat") as file:
            file.write(build([("表", [*head(GUISHAN, f"114Q{number + 1}"), ["#table", "courses"],
                                     HEADINGS, [*courses()[0][:1], f"114/{number * 3 + 1}/2",
                                                f"114/{number * 3 + 1}/2", *courses()[0][3:]]])]))
            file.flush()
            checked = client(d, "check", "--online", file.name)
            equal(checked.returncode, 0, f"check: {checked.stdout.decode()}{checked.stderr}")
            checked = client(d, "check", file.name)
            equal(checked.returncode, 0, f"check: {checked.stdout.decode()}{checked.stderr}")
            sent = client(d, "submit", file.name)
            equal(sent.returncode, 0, f"submit: {sent.stdout.decode()}{sent.stderr.decode()}")
            sent = client(d, "submit", "--base", "1", file.name)
            equal(sent.returncode, 0, f"base: {sent.stdout.decode()}{sent.stderr.decode()}")


# --- hostile files -----------------------------------------------------------------------------------------------------

def filled(name="x", count=1):
    return [("表", [*head(GUISHAN), ["#table", "courses"], HEADINGS, *courses(count)])]


def bomb(size=None):
    """A member that unfolds to 400 MB, and may say of itself that it is `size` bytes long."""
    return claim(packed([("mimetype", ODS), ("content.xml", b" " * (400 * MEGABYTE))]), size)


def claim(data, size):
    """Has both headers of content.xml say that it is `size` bytes long."""
    data = bytearray(data)
    if size is not None:
        struct.pack_into("<I", data, data.index(b"content.xml") - 30 + 22, size)
        struct.pack_into("<I", data, data.rindex(b"content.xml") - 46 + 24, size)
    return bytes(data)


def flagged():
    data = bytearray(ods(filled()))
    for signature, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)


def twice():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", ODS)
        for _ in range(2):
            archive.writestr("Content.xml" if _ else "content.xml", ods_content(filled()))
    return out.getvalue()


def many_names():
    """Each tag a name that the parser keeps."""
    names = "".join(f"<x{i:x}/>" for i in range(900000))
    return ods([], ods_content([("表", [])]).replace("<table:table ", names + "<table:table "))


ENTITIES = ('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
            + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi"))
            + "]>")
REPEATED = ('<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
            'office:value-type="float" office:value="1" table:number-columns-repeated="1000"/>'
            "</table:table-row>")
WIDE = ('<table:table-row><table:table-cell table:number-columns-repeated="4294967297" '
        'office:value-type="float" office:value="1"/></table:table-row>')


def hostile():
    yield "zip bomb", bomb()
    yield "zip bomb said to be 4 GB", bomb(0xfffffff0)
    yield "zip bomb said to be small", bomb(1000)
    yield "a directory that says 4 GB", claim(ods(filled()), 0xfffffff0)
    yield "a directory that says 10 bytes", claim(ods(filled()), 10)
    yield "encrypted members", flagged()
    yield "encrypted ODF", ods(filled(), manifest="<m:manifest><m:encryption-data/></m:manifest>")
    yield "encrypted XLSX or XLS", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096
    yield "duplicate members", twice()
    yield "names that climb", ods(filled(), more=[("../../etc/passwd", "x")])
    yield "10,000 members", packed([("mimetype", ODS), *((f"m{i}", "") for i in range(10000))])
    yield "nested 100,000 deep", ods([], ods_content([("表", ["<table:table-row-group>" * 100000])]))
    yield "no end of groups", ods([], "<a>" * 100000)
    yield "entities in entities", ods([], ods_content([("&i;", [])], ENTITIES).replace("&amp;", "&"))
    yield "an external entity", ods([], ods_content(
        filled(), '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'))
    yield "a million filled rows", ods([("表", [REPEATED])])
    yield "four billion columns", ods([("表", [WIDE])])
    yield "900,000 names", many_names()
    yield "an endless tag", ods([], "<a b='" + "x" * (32 * MEGABYTE))
    yield "an endless text", ods([("表", [["x" * (32 * MEGABYTE)]])])
    yield "half an XML file", ods([], ods_content(filled())[:-50])
    yield "another kind of ODF", packed([("mimetype", "application/vnd.oasis.opendocument.text"),
                                         ("content.xml", "<a/>")])
    yield "a text document", packed([("[Content_Types].xml", "<Types/>"), ("_rels/.rels", relations(
        ("r1", "officeDocument", "word/document.xml"))), ("word/document.xml", "<document/>")])
    yield "a huge shared string index", xlsx([("表", ['<row><c t="s"><v>4294967295</v></c></row>'])],
                                              strings=f'<sst xmlns="{MAIN}"><si><t>a</t></si></sst>')
    yield "a row beyond the last", xlsx([("表", ['<row r="99999999999"><c><v>1</v></c></row>'])])
    yield "entities in XLSX", xlsx([], workbook=f'{ENTITIES}<workbook xmlns="{MAIN}">&i;</workbook>')
    yield "a million strings", xlsx(filled(), strings=f'<sst xmlns="{MAIN}">'
                                    + "<si><t>a</t></si>" * 1100000 + "</sst>")
    yield "sheets without end", xlsx([(f"表{i}", []) for i in range(1500)])
    yield "a sheet that isn't there", packed(
        [("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", f'<workbook xmlns="{MAIN}">'
                                               '<sheets><sheet name="x"/></sheets></workbook>')])


def resident(d):
    status = pathlib.Path(f"/proc/{d.service.process.pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines()
                if line.startswith("VmHWM:"))


@test
def hostile_files_are_refused_within_a_second_and_the_daemon_lives_on(d):
    expect_status(send(d, ods(filled(count=3000)), ODS, dry_run="true"), 200)
    before, count = resident(d), 0
    held = d.listed("training-quarterly", GUISHAN)
    for name, data in hostile():
        check(len(data) < 8 * MEGABYTE, f"{name}: {len(data)} bytes")
        began = time.monotonic()
        reply = expect_status(send(d, data, "application/octet-stream"), 422)
        took = time.monotonic() - began
        check(took < 1.5, f"{name} took {took:.2f} s")
        equal([f["code"] for f in reply.json["findings"]], ["unreadable_file"], name)
        check(reply.json["findings"][0]["message"], f"{name}: no words")
        count += 1
    check(count > 25, f"only {count}")
    grown = resident(d) - before
    check(grown < 96, f"the daemon grew by {grown:.0f} MB")
    equal(d.listed("training-quarterly", GUISHAN), held, "stored")
    expect_status(send(d, ods(filled()), ODS, dry_run="true"), 200)


@test(seconds=240)
def every_truncation_and_many_flipped_bits_are_answered(d):
    for build, kind in BUILDERS:
        whole = build(filled())
        for length in range(4, len(whole), 23):
            expect_status(send(d, whole[:length], kind, dry_run="true"), 200, 422)
        for at in range(0, len(whole), 7):
            flipped = bytearray(whole)
            flipped[at] ^= 1 << at % 8
            reply = send(d, bytes(flipped), kind, dry_run="true")
            check(reply.status in (200, 400, 422), f"bit {at}: {reply}")


if __name__ == "__main__":
    suite.run()
