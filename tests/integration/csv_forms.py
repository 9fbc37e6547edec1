#!/usr/bin/env python3
"""CSV in, as offices keep it (UTF-8, BOM, CP950), and CSV out."""
import csv
import io
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import (GROUP_1, GUISHAN, OFFICES, ZHONGLI, annual, desk, document_of,  # noqa: E402
                  find)
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402

suite = Suite(desk)
test = suite.test
BOM = b"\xef\xbb\xbf"

FIELDS = """#form,training-annual
#office,{office}
#period,{period}
#base,{base}
code,label,value,note
general.staff.m,一般公務人員男,61,
general.staff.f,一般公務人員女,92,
general.gm2h.m,性別主流化訓練男,0,
general.gm2h.f,性別主流化訓練女,未到：人事室1月15日結算,
supervisor.staff.m,主管人員男,不適用：無此職務,
supervisor.staff.f,主管人員女,,
counted_on,統計日,2024-12-31,
"""

TABLES = """#form,training-quarterly
#office,{office}
#period,113Q2
#base,0
#table,courses
name,date_from,date_to,hours,kind,method,audience,attendance.m,attendance.f,attendance.total
"CEDAW ""案例"" 研討, 第1場",2024-05-02,2024-05-02,3,cedaw,lecture,general,12,20,32
性別主流化基礎,2024-06-01,2024-06-01,2.5,gm_basic,online,general,1,2,3
#table,outreach
name,topic,date,attendance.m,attendance.f,attendance.o,attendance.total
"""


def hand_in(d, clerk, data, kind="text/csv", **query):
    return d.office(clerk).post(f"{d.base}/submissions", data, {"Content-Type": kind}, **query)


def stored(d, reply):
    receipt = expect_status(reply, 201).json
    return document_of(expect_status(
        d.geo.get(f"/v1/submissions/{receipt['submission']}"), 200).json)


def check_fields(document):
    fields = document["fields"]
    equal((fields["general.staff.m"], fields["general.staff.f"]), (61, 92), "counts")
    equal(fields["general.gm2h.m"], 0, "a true zero")
    equal(list(fields["general.gm2h.f"]), ["not_yet"], "not yet")
    check("人事室" in fields["general.gm2h.f"]["not_yet"], "the reason after the colon")
    equal(list(fields["supervisor.staff.m"]), ["not_applicable"], "not applicable")
    equal(fields.get("supervisor.staff.f"), None, "blank")
    equal(fields["counted_on"], "2024-12-31", "date")


@test
def a_form_of_fields_in_utf_8_is_taken(d):
    check_fields(stored(d, hand_in(d, OFFICES[0], FIELDS.format(
        office=OFFICES[0], period=113, base=0).encode())))


@test
def a_byte_order_mark_is_optional(d):
    check_fields(stored(d, hand_in(d, OFFICES[1], BOM + FIELDS.format(
        office=OFFICES[1], period=113, base=0).encode())))


@test
def cp950_is_taken(d):
    check_fields(stored(d, hand_in(d, OFFICES[2], FIELDS.format(
        office=OFFICES[2], period=113, base=0).encode("cp950"))))


@test
def lines_may_end_in_cr_lf(d):
    check_fields(stored(d, hand_in(d, OFFICES[3], FIELDS.format(
        office=OFFICES[3], period=113, base=0).replace("\n", "\r\n").encode())))


@test
def a_charset_parameter_is_allowed(d):
    check_fields(stored(d, hand_in(d, OFFICES[4], FIELDS.format(
        office=OFFICES[4], period=113, base=0).encode(), "text/csv; charset=utf-8")))


@test
def a_form_with_tables_is_taken_and_an_empty_block_declares_none(d):
    document = stored(d, hand_in(d, GUISHAN, TABLES.format(office=GUISHAN).encode()))
    rows = document["tables"]["courses"]
    equal([row["name"] for row in rows], ['CEDAW "案例" 研討, 第1場', "性別主流化基礎"], "names")
    equal([row["hours"] for row in rows], ["3", "2.5"], "hours")
    equal([row["attendance.total"] for row in rows], [32, 3], "totals")
    equal(rows[0]["audience"], ["general"], "audience")
    equal(document["tables"]["outreach"], [], "declared empty")
    equal(d.unit("training-quarterly", "113Q2", GUISHAN, by="office")["elements"]
          ["outreach.count"]["value"], 0, "no outreach")


@test
def a_table_left_out_of_the_file_is_blank(d):
    text = TABLES.format(office=ZHONGLI).split("#table,outreach")[0]
    document = stored(d, hand_in(d, ZHONGLI, text.encode()))
    check(document["tables"].get("outreach") is None, "outreach isn't left out")
    element = d.unit("training-quarterly", "113Q2", ZHONGLI, by="office")["elements"]
    equal((element["outreach.count"]["value"], element["outreach.count"]["blank"]), (None, 1),
          "blank")


@test
def thousands_separators_full_width_digits_and_republic_dates_are_read(d):
    text = FIELDS.format(office=OFFICES[5], period=113, base=0).replace(
        ",61,", ',"１,０６１ ",').replace("2024-12-31", "113年12月31日")
    fields = stored(d, hand_in(d, OFFICES[5], text.encode()))["fields"]
    equal((fields["general.staff.m"], fields["counted_on"]), (1061, "2024-12-31"), "cells")


@test
def cell_words_for_not_applicable_and_not_yet_are_read(d):
    words = {"general.staff.m": ("N/A：無", "not_applicable"), "general.staff.f":
             ("－：無", "not_applicable"), "general.gm2h.m": ("TBD：待補", "not_yet"),
             "general.gm2h.f": ("未到：待補", "not_yet")}
    text = (f"#form,training-annual\n#office,{OFFICES[6]}\n#period,114\ncode,label,value,note\n"
            + "".join(f"{code},x,{word},\n" for code, (word, _) in words.items())
            + "business.staff.m,x,3,\n")
    fields = stored(d, hand_in(d, OFFICES[6], text.encode()))["fields"]
    for code, (_, state) in words.items():
        equal(list(fields[code]), [state], code)


def hand_in_word(d, word, base=0):
    return hand_in(d, OFFICES[8], (f"#form,training-annual\n#office,{OFFICES[8]}\n#period,114\n#base,{base}\n"
                                   "code,label,value,note\n"
                                   f"general.staff.m,x,{word},\nbusiness.staff.m,x,3,\n").encode())


@test
def not_yet_needs_no_reason_and_keeps_the_word_in_its_place(d):
    for base, word in enumerate(("未到", "TBD")):
        fields = stored(d, hand_in_word(d, word, base))["fields"]
        equal(fields["general.staff.m"], {"not_yet": word}, word)


@test
def not_applicable_needs_its_reason(d):
    for word in ("不適用", "N/A", "－", "-", "不適用："):
        findings = expect_status(hand_in_word(d, word), 422).json["findings"]
        equal([(f["code"], f["path"], f["cell"]["ref"]) for f in findings],
              [("reason_empty", "fields.general.staff.m", "C6")], word)


@test
def identity_may_come_in_the_query(d):
    text = FIELDS.format(office="", period="", base="").split("code,label", 1)[1]
    reply = hand_in(d, OFFICES[7], ("code,label" + text).encode(), form="training-annual",
                    office=OFFICES[7], period="113", base=0)
    check_fields(stored(d, reply))


@test
def a_base_in_the_file_conflicts_like_any_other(d):
    data = FIELDS.format(office=OFFICES[8], period=113, base=0)
    stored(d, hand_in(d, OFFICES[8], data.encode()))
    reply = hand_in(d, OFFICES[8], data.replace(",61,", ",60,").encode())
    equal(expect_status(reply, 409).json["code"], "revision_conflict", "code")
    reply = hand_in(d, OFFICES[8], data.replace(",61,", ",60,").replace(
        "#base,0", "#base,1").encode())
    equal(expect_status(reply, 201).json["revision"], 2, "revision")


@test
def a_note_of_the_file_becomes_a_note_of_the_document(d):
    text = FIELDS.format(office=OFFICES[9], period=113, base=0).replace(",92,", ",92,含約聘")
    document = stored(d, hand_in(d, OFFICES[9], text.encode()))
    equal(document["notes"], {"fields.general.staff.f": "含約聘"}, "notes")


@test
def a_byte_that_does_not_decode_is_a_finding_and_nothing_is_stored(d):
    data = FIELDS.format(office=OFFICES[10], period=113, base=0).encode().replace(
        "一般公務人員男".encode(), b"\xe4\xb8\xff\xff")
    reply = expect_status(hand_in(d, OFFICES[10], data), 422)
    finding = find(reply.json["findings"], "undecodable_byte")
    equal(finding["severity"], "error", "severity")
    equal(d.listed("training-annual", OFFICES[10], "113"), [], "stored")


@test
def a_word_where_a_count_belongs_is_a_finding_at_the_cell_seen(d):
    data = FIELDS.format(office=OFFICES[11], period=113, base=0).replace(",61,", ",many,")
    reply = expect_status(hand_in(d, OFFICES[11], data.encode()), 422)
    wanted = [one for one in reply.json["findings"] if one["path"] == "fields.general.staff.m"]
    check(wanted, f"no finding at the field: {reply}")
    check(wanted[0]["code"] in ("unreadable_cell", "wrong_type"), f"code: {wanted[0]}")
    check("cell" in wanted[0] and wanted[0]["cell"].get("ref"), f"no cell: {wanted[0]}")
    equal(wanted[0]["cell"]["ref"], "C6", "the cell a person sees")


@test
def a_wrong_total_in_a_file_names_the_cell_that_is_seen(d):
    data = TABLES.format(office=OFFICES[12]).replace("12,20,32", "12,20,33")
    reply = expect_status(hand_in(d, OFFICES[12], data.encode()), 422)
    finding = find(reply.json["findings"], "sum_mismatch")
    equal((finding["expected"], finding["found"]), ("32", "33"), "figures")
    equal(finding["cell"]["ref"], "J7", "the cell a person sees")


@test
def an_unknown_column_heading_is_named(d):
    data = TABLES.format(office=OFFICES[12]).replace("attendance.total\n\"", "howmany\n\"", 1)
    reply = expect_status(hand_in(d, OFFICES[12], data.encode()), 422)
    check("howmany" in reply.body.decode(), f"not named: {reply}")


@test
def headings_may_be_labels(d):
    form = expect_status(d.geo.get(f"{d.base}/forms/training-quarterly"), 200).json
    form = form.get("form", form) if isinstance(form.get("form"), dict) else form
    table = next(one for one in form["tables"] if one["code"] == "courses")
    labels = {column["code"]: column["name"]["zh"] for column in table["columns"]}
    data = TABLES.format(office=OFFICES[11])
    heading = data.splitlines()[5]
    written = ",".join(labels[code] for code in heading.split(","))
    rows = stored(d, hand_in(d, OFFICES[11], data.replace(heading, written).encode()))
    equal(rows["tables"]["courses"][0]["attendance.total"], 32, "total")


@test
def an_empty_file_is_a_clear_refusal(d):
    for data in (b"", b"\n", BOM, b"#form,training-annual\n"):
        reply = hand_in(d, GUISHAN, data)
        expect_status(reply, 400, 422)


@test
def an_unclosed_quote_is_a_clear_refusal(d):
    data = FIELDS.format(office=GUISHAN, period=113, base=0).replace(",61,", ',"61,')
    expect_status(hand_in(d, GUISHAN, data.encode()), 400, 422)
    equal(d.listed("training-annual", GUISHAN, "113"), [], "stored")


def parsed(reply):
    expect_status(reply, 200)
    equal(reply.header("content-type").split(";")[0].strip(), "text/csv", "content type")
    check(reply.body.startswith(BOM), "CSV goes out with a byte order mark")
    return list(csv.reader(io.StringIO(reply.body[3:].decode("utf-8"))))


@test
def a_rollup_comes_as_csv_by_accept(d):
    d.accepted(annual(GUISHAN, "112", **{"general.staff.m": 424242, "general.staff.f": 1000000}))
    rows = parsed(d.geo.get(f"{d.base}/rollups/training-annual?period=112&by=group",
                            {"Accept": "text/csv"}))
    text = [cell for row in rows for cell in row]
    check("group-1" in text and "group-2" in text, f"units: {rows[:4]}")
    check("424242" in text, "the figure as a plain number")
    check(any("general.staff.m" in cell for cell in text), "element codes")


@test
def indicators_come_as_csv_by_format(d):
    rows = parsed(d.geo.get(f"{d.base}/indicators?year=112&by=group&format=csv"))
    text = [cell for row in rows for cell in row]
    check("gm-general" in text, f"indicator codes: {rows[:3]}")
    check("group-1" in text, "units")


@test
def format_wins_over_accept_and_json_is_the_default(d):
    path = f"{d.base}/rollups/training-annual?period=112&by=group"
    for query, headers, kind in [("", None, "application/json"), ("", {"Accept": "*/*"},
                                                                 "application/json"),
                                 ("&format=json", {"Accept": "text/csv"}, "application/json"),
                                 ("&format=csv", {"Accept": "application/json"}, "text/csv")]:
        reply = expect_status(d.geo.get(path + query, headers), 200)
        equal(reply.header("content-type").split(";")[0].strip(), kind, f"{query} {headers}")


@test
def json_and_csv_have_etags_of_their_own(d):
    path = f"{d.base}/rollups/training-annual?period=112&by=group"
    tag = d.geo.get(path).header("etag")
    expect_status(d.geo.get(path, {"Accept": "text/csv", "If-None-Match": tag}), 200)


@test
def a_cell_that_a_spreadsheet_would_run_is_defused_or_kept_as_text(d):
    document = annual(GROUP_1[2], "114", excluded_reason="=1+1")
    d.accepted(document)
    held = d.listed("training-annual", GROUP_1[2], "114")[0]
    document = document_of(d.geo.get(f"/v1/submissions/{held['submission']}").json)
    equal(document["fields"]["excluded_reason"], "=1+1", "kept as it is")


if __name__ == "__main__":
    suite.run()
