#!/usr/bin/env python3
"""The annotated form: a person's own file back, with each finding at its cell, from the client and from the daemon."""
import io
import json
import pathlib
import re
import struct
import sys
import zipfile
import zlib
from xml.sax.saxutils import escape

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GROUP_1, GROUP_2, GUISHAN, desk  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status, read_json  # noqa: E402

suite = Suite(desk)
test = suite.test

SIGN = "【Tributary 匯流】"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RED = "FFC7CE"
HEADING = ["宣導活動名稱", "宣導主題", "辦理日期", "場次", "參加人次（男）", "參加人次（女）",
           "參加人次（其他）", "參加人次（合計）"]


def rows_of(office, *events):
    """A form of the first quarter on two sheets; an event is (men, women, others, total)."""
    first = [["#form", "training-quarterly"], ["#office", office], ["#period", "113Q1"],
             ["#base", "0"]]
    second = [["113年第1季宣導"], ["#table", "outreach"], HEADING]
    for number, event in enumerate(events, 1):
        second.append([f"社區宣導{number}", "gender_equality", "113年2月5日", "1", *map(str, event)])
    return {"季報": first, "對民眾宣導": second}


# The published record: 393 men, 1,758 women, 0 others, said to be 2,178 people. Its total stands in H4.
WRONG, RIGHT = (393, 1758, 0, 2178), (393, 1758, 0, 2151)
TOTAL = ("對民眾宣導", "H4")


# ---- files ---------------------------------------------------------------------------------------

def archive(members):
    """The first member is stored, the others deflated, as programs do."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for number, (name, text) in enumerate(members.items()):
            info = zipfile.ZipInfo(name, (2024, 3, 1, 12, number, 0))
            info.compress_type = zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED
            info.external_attr = 0o644 << 16
            info.extra = b"\x55\x54\x05\x00\x01\x00\x00\x00\x60" if number % 2 else b""
            file.writestr(info, text)
    return data.getvalue()


def ods(sheets):
    tables = ""
    for name, rows in sheets.items():
        tables += (f'<table:table table:name="{name}"><table:table-column '
                   'table:number-columns-repeated="9" table:default-cell-style-name="ce1"/>')
        for row in rows:
            cells = "".join(f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}'
                            "</text:p></table:table-cell>" for cell in row)
            tables += f"<table:table-row>{cells}</table:table-row>"
        tables += ('<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
                   'table:number-columns-repeated="1024"/></table:table-row></table:table>')
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
                     for name, space in (("office", "office"), ("table", "table"), ("text", "text"),
                                         ("style", "style"), ("fo", "xsl-fo-compatible")))
    content = (f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content{spaces}>'
               '<office:automatic-styles><style:style style:name="ce1" style:family="table-cell">'
               '<style:table-cell-properties fo:border="0.5pt solid #000000"/></style:style>'
               "</office:automatic-styles><office:body><office:spreadsheet>"
               f"{tables}</office:spreadsheet></office:body></office:document-content>")
    return archive({"mimetype": ODS_TYPE, "content.xml": content, "styles.xml": "<x/>" * 50,
                    "Pictures/圖.png": b"\x89PNG" + bytes(range(256)) * 8,
                    "META-INF/manifest.xml": "<m/>"})


def letters(column):
    return chr(ord("A") + column)


def xlsx(sheets):
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    strings, parts, listed, relations, declared = [], {}, "", "", ""
    for number, (name, rows) in enumerate(sheets.items(), 1):
        data = ""
        for r, row in enumerate(rows, 1):
            cells = ""
            for c, cell in enumerate(row):
                if cell.isdigit():
                    cells += f'<c r="{letters(c)}{r}" s="1"><v>{cell}</v></c>'
                    continue
                strings.append(cell)
                cells += f'<c r="{letters(c)}{r}" t="s"><v>{len(strings) - 1}</v></c>'
            data += f'<row r="{r}">{cells}</row>'
        parts[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{main}"><sheetData>{data}</sheetData></worksheet>')
        listed += f'<sheet name="{name}" sheetId="{number}" r:id="s{number}"/>'
        relations += (f'<Relationship Id="s{number}" Type="{office}/worksheet" '
                      f'Target="worksheets/sheet{number}.xml"/>')
        declared += (f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
                     f'ContentType="{types}worksheet+xml"/>')
    for kind, part in (("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")):
        relations += f'<Relationship Id="{kind}" Type="{office}/{kind}" Target="{part}"/>'
        declared += (f'<Override PartName="/xl/{part}" ContentType="{types}{kind}+xml"/>')
    items = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
    return archive({
        "[Content_Types].xml": f'<Types xmlns="{package}content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
        f'PartName="/xl/workbook.xml" ContentType="{types}sheet.main+xml"/>{declared}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}relationships">{relations}'
        "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><fonts count="1"><font/></fonts><fills '
        'count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill '
        'patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs '
        'count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" '
        'borderId="0" xfId="0"/><xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" '
        'applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}" count="{len(strings)}">{items}</sst>',
        "docProps/app.xml": "<app/>", **parts})


def raw_members(data):
    """What is stored of each member: its compressed bytes and what the archive says of it."""
    members = {}
    for info in zipfile.ZipFile(io.BytesIO(data)).infolist():
        name, extra = struct.unpack_from("<HH", data, info.header_offset + 26)
        start = info.header_offset + 30 + name + extra
        members[info.filename] = (data[start:start + info.compress_size], info.CRC,
                                  info.compress_type, info.date_time, info.external_attr, info.extra)
    return members


def text_of(data, name):
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode()


def ods_cells(data):
    """(sheet, ref) -> (text, style name, comment) of the cells that have any."""
    content, cells = text_of(data, "content.xml"), {}
    for sheet, body in re.findall(r'<table:table table:name="([^"]*)">(.*?)</table:table>', content):
        row_number = 1
        for row, inside in re.findall(r"<table:table-row([^>]*)>(.*?)</table:table-row>", body):
            column = 0
            for cell in re.finditer(r"<table:table-cell([^>]*?)(?:/>|>(.*?)</table:table-cell>)",
                                    inside):
                attributes, whole = cell.group(1), cell.group(2) or ""
                note = re.search(r"<office:annotation.*</office:annotation>", whole)
                style = re.search(r'style-name="([^"]*)"', attributes)
                text = re.sub(r"<office:annotation.*</office:annotation>", "", whole)
                if whole or style:
                    cells[sheet, f"{letters(column)}{row_number}"] = (
                        re.sub("<[^>]*>", "", text), style and style.group(1),
                        re.sub("<[^>]*>", "", note.group(0)) if note else None)
                repeat = re.search(r'number-columns-repeated="(\d+)"', attributes)
                column += int(repeat.group(1)) if repeat else 1
            repeat = re.search(r'number-rows-repeated="(\d+)"', row)
            row_number += int(repeat.group(1)) if repeat else 1
    return cells


def ods_colour(data, style):
    return re.search(f'style:name="{style}".*?background-color="#([0-9A-F]*)"',
                     text_of(data, "content.xml")).group(1)


def xlsx_cells(data, number):
    """ref -> (format, what is in it) of a sheet."""
    return {ref: (style, inside) for ref, style, inside in re.findall(
        r'<c r="(\w+)"(?: s="(\d+)")?[^>]*?(?:/>|>(.*?)</c>)',
        text_of(data, f"xl/worksheets/sheet{number}.xml"))}


def annotate_there(d, data, kind, office=GUISHAN, status=200, **query):
    return expect_status(d.office(office).post(
        f"{d.base}/submissions", data, {"Content-Type": kind}, dry_run="true", annotate="true",
        **query), status)


def findings_of(d, data, kind, office=GUISHAN):
    return expect_status(d.office(office).post(
        f"{d.base}/submissions", data, {"Content-Type": kind}, dry_run="true"), 200).json["findings"]


def client(d, *arguments, status=None):
    service = d.service
    settings = {"HOME": str(service.folder), "XDG_STATE_HOME": str(service.folder / "state"),
                "XDG_CONFIG_HOME": str(service.folder / "config"), "TRIBUTARY_PLAN": d.plan,
                "TRIBUTARY_SERVER": f"http://127.0.0.1:{service.port}", "LC_ALL": "C.UTF-8",
                "TRIBUTARY_TOKEN": d.office(GUISHAN).token}
    done = service.command(*arguments, program="tributary", check=False, settings=settings)
    if status is not None:
        equal(done.returncode, status, f"{arguments}: {done.stdout.decode()}{done.stderr.decode()}")
    return done.stdout.decode() + done.stderr.decode()


def place(d, name, data):
    path = d.service.folder / name
    path.write_bytes(data)
    return path


def check_comment(comment):
    check(SIGN in comment and "2151" in comment and "2178" in comment, f"both figures: {comment}")


# ---- tests ---------------------------------------------------------------------------------------

@test
def the_record_of_2178_is_marked_at_its_very_cell_in_ODS(d):
    data = ods(rows_of(GUISHAN, WRONG))
    reply = annotate_there(d, data, ODS_TYPE)
    equal(reply.header("content-type"), ODS_TYPE, "content type")
    check("filename=" in reply.header("content-disposition"), "a name for the file")
    equal(reply.header("tributary-findings"), "errors=1, explains=0, warnings=0", "numbers")
    before, after = ods_cells(data), ods_cells(reply.body)
    text, style, comment = after.pop(TOTAL)
    equal(text, "2178", "the content stays")
    equal(ods_colour(reply.body, style), RED, "colour")
    check("0.5pt solid #000000" in text_of(reply.body, "content.xml").split(f'"{style}"')[1][:200],
          "the cell's border stays")
    check_comment(comment)
    del before[TOTAL]
    equal(after, before, "no other cell changes")


@test
def the_record_of_2178_is_marked_at_its_very_cell_in_XLSX(d):
    data = xlsx(rows_of(GUISHAN, WRONG))
    reply = annotate_there(d, data, XLSX_TYPE)
    equal(reply.header("content-type"), XLSX_TYPE, "content type")
    comments = re.findall(r'<comment ref="(\w+)".*?</comment>', text_of(reply.body, "xl/comments1.xml"),
                          re.S)
    equal(comments, [TOTAL[1]], "one comment")
    check_comment(text_of(reply.body, "xl/comments1.xml"))
    before, after = xlsx_cells(data, 2), xlsx_cells(reply.body, 2)
    style, inside = after.pop(TOTAL[1])
    equal((style, inside), ("2", before.pop(TOTAL[1])[1]), "format, content")
    equal(after, before, "no other cell changes")
    styles = text_of(reply.body, "xl/styles.xml")
    check(f'rgb="FF{RED}"' in styles and 'cellXfs count="3"' in styles, styles)
    check('numFmtId="3" fontId="0" fillId="2"' in styles, "the number format stays")


@test
def every_other_member_keeps_its_bytes(d):
    for make, kind, changed, added in (
            (ods, ODS_TYPE, {"content.xml"}, set()),
            (xlsx, XLSX_TYPE, {"xl/worksheets/sheet2.xml", "xl/styles.xml", "[Content_Types].xml"},
             {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml",
              "xl/worksheets/_rels/sheet2.xml.rels"})):
        data = make(rows_of(GUISHAN, WRONG))
        marked = annotate_there(d, data, kind).body
        before, after = raw_members(data), raw_members(marked)
        equal({name for name in before if after.get(name) != before[name]}, changed, "changed")
        equal(set(after) - set(before), added, "added")
        equal(list(after)[:len(before)], list(before), "the order")
        equal(annotate_there(d, data, kind).body, marked, "the same again")


@test
def a_file_without_findings_comes_back_as_it_was(d):
    for make, kind in ((ods, ODS_TYPE), (xlsx, XLSX_TYPE)):
        data = make(rows_of(GUISHAN, RIGHT))
        reply = annotate_there(d, data, kind)
        equal(reply.body, data, "the bytes")
        equal(reply.header("tributary-findings"), "errors=0, explains=0, warnings=0", "numbers")


@test
def the_annotated_file_reads_as_before_and_comes_back_clean_once_it_is_right(d):
    for make, kind, member, office in ((ods, ODS_TYPE, "content.xml", GROUP_1[0]),
                                       (xlsx, XLSX_TYPE, "xl/worksheets/sheet2.xml", GROUP_1[2])):
        data = make(rows_of(office, RIGHT, WRONG))
        marked = annotate_there(d, data, kind, office).body
        found = findings_of(d, data, kind, office)
        equal(findings_of(d, marked, kind, office), found, "the same findings")
        members = {info.filename: zipfile.ZipFile(io.BytesIO(marked)).read(info)
                   for info in zipfile.ZipFile(io.BytesIO(marked)).infolist()}
        check(members[member].count(b">2178<") == 1, "the figure to be corrected")
        members[member] = members[member].replace(b">2178<", b">2151<")
        corrected = archive(members)
        clean = annotate_there(d, corrected, kind, office).body
        check(not any(SIGN.encode() in zipfile.ZipFile(io.BytesIO(clean)).read(name)
                      for name in members), "no comment of ours is left")
        check("mark0-" not in "".join(re.findall(r"<table:table-cell[^>]*>", text_of(clean, member))),
              "nor a colour")
        expect_status(d.office(office).post(f"{d.base}/submissions", corrected,
                                            {"Content-Type": kind}), 201)


@test
def a_finding_without_a_cell_stands_on_the_first_sheet(d):
    sheets = rows_of(GUISHAN, RIGHT)
    sheets["季報"] = sheets["季報"][:2] + sheets["季報"][3:]  # it doesn't say its period
    cells = ods_cells(annotate_there(d, ods(sheets), ODS_TYPE).body)
    comments = {ref: comment for ref, (_, _, comment) in cells.items() if comment}
    equal(list(comments), [("季報", "A1")], "the first cell of the first sheet")


@test
def lines_of_comment_in_CSV_are_in_its_own_encoding_and_no_content(d):
    rows = rows_of(GUISHAN, WRONG)
    table = rows["季報"] + rows["對民眾宣導"][1:]
    text = "".join(",".join(row) + "\r\n" for row in table)
    for encoding in ("utf-8", "utf-8-sig", "cp950"):
        data = text.encode(encoding)
        marked = annotate_there(d, data, "text/csv").body
        lines = marked.decode(encoding).split("\r\n")
        added = [line for line in lines if line.startswith("##")]
        equal("\r\n".join(line for line in lines if not line.startswith("##")), text, encoding)
        equal(len(added), 1, "one line")
        equal(lines.index(added[0]), len(table), "below the row concerned")
        check(added[0].startswith(f"##{SIGN}H7 ") and "2151" in added[0] and "2178" in added[0],
              added[0])
        equal([one["cell"]["ref"] for one in findings_of(d, marked, "text/csv")], ["H7"], "again")
        equal(annotate_there(d, marked, "text/csv").body, marked, "annotated again")


@test
def the_client_annotates_without_the_server_as_the_server_does(d):
    client(d, "check", "--online", place(d, "plan.csv", b"a"), status=1)  # keeps the plan here
    for make, name, kind in ((ods, "表.ods", ODS_TYPE), (xlsx, "表.xlsx", XLSX_TYPE)):
        data = make(rows_of(GUISHAN, WRONG))
        out = d.service.folder / f"out-{name}"
        said = client(d, "check", place(d, name, data), "--annotate", out, "--lang", "zh",
                      status=1)
        check("已標註 1 格" in said, said)
        equal(out.read_bytes(), annotate_there(d, data, kind).body, "the daemon's bytes")
        online = d.service.folder / f"online-{name}"
        client(d, "check", d.service.folder / name, "--online", "--annotate", online, "--lang", "zh",
               status=1)
        equal(online.read_bytes(), out.read_bytes(), "with the daemon's findings")


@test
def a_base_given_to_the_client_moves_no_cell_of_a_CSV_file(d):
    client(d, "check", "--online", place(d, "plan.csv", b"a"), status=1)  # keeps the plan here
    rows = rows_of(GUISHAN, WRONG)
    head, body = rows["季報"], rows["對民眾宣導"][1:]
    first, no_base = [head[3], *head[:3]], head[:3]
    for name, lines, total in (("last", head, "H7"), ("first", first, "H7"), ("none", no_base, "H6")):
        text = "".join(",".join(row) + "\r\n" for row in lines + body)
        path = place(d, f"base-{name}.csv", text.encode())
        out = d.service.folder / f"base-{name}-marked.csv"
        for where in ((), ("--online",)):
            said = json.loads(client(d, "check", path, "--base", "3", "--json", "--lang", "zh", "--annotate", out, "--force", *where).split("\n")[0])
            equal([(one["code"], one["cell"]["ref"]) for one in said["findings"]], [("sum_mismatch", total)], f"{name} {where}")
            lines_out = out.read_bytes().decode().split("\r\n")
            added = [line for line in lines_out if line.startswith("##")]
            check(len(added) == 1 and added[0].startswith(f"##{SIGN}{total} "), f"{name}: {added}")
            equal("\r\n".join(line for line in lines_out if line not in added), text.replace("#base,0", "#base,3"), name)
    right = text.replace("113Q1", "112Q1").replace("113年", "112年").replace("2178", "2151")
    for base, status in (("0", 0), ("3", 1), ("1", 0)):  # a conflict isn't taken in
        path = place(d, "based.csv", right.replace("社區宣導1", f"社區宣導{base}").encode())
        client(d, "submit", path, "--base", base, status=status)


@test
def the_client_overwrites_nothing_it_was_not_told_to(d):
    wrong = place(d, "wrong.ods", ods(rows_of(GUISHAN, WRONG)))
    right = place(d, "right.ods", ods(rows_of(GUISHAN, RIGHT)))
    taken = place(d, "taken.ods", b"mine")
    link = d.service.folder / "link.ods"
    link.symlink_to(wrong)
    for arguments in ((wrong, "--annotate", taken), (wrong, "--annotate", wrong, "--force"),
                      (wrong, "--annotate", link, "--force"), (wrong, right, "--annotate", "x.ods"),
                      (wrong, "--force"), (wrong, "--annotate", d.service.folder, "--force"),
                      (wrong, "--annotate", d.service.folder / "no" / "x.ods")):
        before = wrong.read_bytes()
        client(d, "check", *arguments, status=2)
        equal((wrong.read_bytes(), taken.read_bytes()), (before, b"mine"), f"{arguments}")
    client(d, "check", wrong, "--annotate", taken, "--force", status=1)
    check(SIGN in text_of(taken.read_bytes(), "content.xml"), "overwritten when told")
    said = client(d, "check", right, "--annotate", d.service.folder / "same.ods", "--lang", "en",
                  status=0)
    check("Nothing to mark" in said, said)
    equal((d.service.folder / "same.ods").read_bytes(), right.read_bytes(), "the same file")
    check(not list(d.service.folder.glob(".new-*")), "nothing unfinished is left")


@test
def what_is_no_table_file_is_not_annotated(d):
    bad = annotate_there(d, {"form": "training-annual"}, "application/json", status=400).json
    equal((bad["code"], "annotate" in bad["detail"]), ("bad_parameter", True), "JSON")
    reply = d.office(GUISHAN).post(f"{d.base}/submissions", ods(rows_of(GUISHAN, WRONG)),
                                   {"Content-Type": ODS_TYPE}, annotate="true")
    equal(expect_status(reply, 400).json["code"], "bad_parameter", "without dry_run")
    good = ods(rows_of(GUISHAN, WRONG))
    bomb = archive({"mimetype": ODS_TYPE, "content.xml": b"<a>" + b" " * (60 << 20)})
    flat = zlib.compress(b"x" * 1000)
    for data in (good[:len(good) // 2], bomb, b"PK\3\4" + flat, b"\xff\xfe\x00"):
        answer = annotate_there(d, data, ODS_TYPE, status=422).json
        equal(answer["code"], "findings_refused", "code")
        check(answer["findings"], "with the findings that say why")
    path = place(d, "half.ods", good[:len(good) // 2])
    client(d, "check", path, "--annotate", d.service.folder / "never.ods", status=2)
    check(not (d.service.folder / "never.ods").exists(), "no file")
    json_path = place(d, "doc.json", b'{"form":"training-annual","office":"68000070","period":"113"}')
    client(d, "check", json_path, "--annotate", d.service.folder / "never.json", status=2)
    check(not (d.service.folder / "never.json").exists(), "no file")


@test
def the_comments_speak_the_readers_language(d):
    reply = d.office(GUISHAN).post(f"{d.base}/submissions", ods(rows_of(GUISHAN, WRONG)),
                                   {"Content-Type": ODS_TYPE, "Accept-Language": "en"},
                                   dry_run="true", annotate="true")
    comment = ods_cells(expect_status(reply, 200).body)[TOTAL][2]
    check(f"{SIGN}Check result" in comment and "Error: " in comment, comment)
    check_comment(comment)


@test
def a_dry_run_that_annotates_stores_nothing(d):
    office = GROUP_2[1]
    annotate_there(d, xlsx(rows_of(office, RIGHT)), XLSX_TYPE, office)
    held = read_json(d.geo.get(f"{d.base}/submissions", form="training-quarterly", office=office,
                               period="113Q1").body)
    equal(held["submissions"] if "submissions" in held else held["items"], [], "nothing is there")


if __name__ == "__main__":
    suite.run()
