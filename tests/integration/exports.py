#!/usr/bin/env python3
"""Every tabular answer in every format: the same figures, numbers as numbers, labelled, and openable."""
import csv
import io
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from desk import GUISHAN, OFFICES, annual, course, desk, quarterly  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402
from workbook_file import read_ods, read_xlsx  # noqa: E402

suite = Suite(desk)
test = suite.test
MEDIA = {"csv": "text/csv", "ods": "application/vnd.oasis.opendocument.spreadsheet",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "json": "application/json"}
READERS = {"ods": read_ods, "xlsx": read_xlsx}


def tabular(d):
    """An address for each described GET that has a text/csv answer."""
    if not hasattr(d, "tables"):
        one = d.accepted(annual(GUISHAN, "113"))["submission"]
        two = d.accepted(annual(GUISHAN, "113", 1, **{"general.gm2h.m": 1}))["submission"]
        for office in OFFICES[:6]:
            if office != GUISHAN:
                d.accepted(annual(office, "113"))
        d.accepted(quarterly(GUISHAN, courses=[course(hours="2.5")]))
        values = {"{plan}": d.plan, "{form}": "training-annual", "{id}": two, "{code}": "internal"}
        query = {"rollups/{form}": "period=113&by=group", "indicators": "year=113&by=group",
                 "diff": f"against={one}", "open-data": "year=112", "template": f"period=113&office={GUISHAN}"}
        d.tables = {}
        for path, item in d.geo.get("/v1/openapi.json").json["paths"].items():
            if "text/csv" in item.get("get", {}).get("responses", {}).get("200", {}).get("content", {}):
                real = path
                for name, value in values.items():
                    real = real.replace(name, value)
                ending = next((text for end, text in query.items() if path.endswith(end)), "")
                d.tables[path] = f"{real}?{ending}"
    return d.tables


def export(d, address, kind, language="zh-TW"):
    reply = expect_status(d.geo.get(f"{address}&format={kind}", headers={"Accept-Language": language}), 200)
    equal(reply.header("content-type").split(";")[0], MEDIA[kind], f"{address} as {kind}")
    return reply.body


@test
def every_tabular_route_answers_in_all_four_formats(d):
    check(len(tabular(d)) >= 7, f"{list(tabular(d))}")
    for path, address in tabular(d).items():
        operation = d.geo.get("/v1/openapi.json").json["paths"][path]["get"]
        equal(set(operation["responses"]["200"]["content"]), set(MEDIA.values()), f"{path}: described")
        for kind, media in MEDIA.items():
            body = export(d, address, kind)
            check(body[:4] == b"PK\x03\x04" if kind in READERS else body, f"{path} as {kind}")
            by_header = expect_status(d.geo.get(address, headers={"Accept": f"{media}, */*;q=0.1"}), 200)
            equal(by_header.header("content-type").split(";")[0], media, f"Accept of {path}")
        expect_status(d.geo.get(f"{address}&format=pdf"), 406)
        expect_status(d.geo.get(address, headers={"Accept": "application/pdf"}), 406)


@test
def a_workbook_that_would_say_the_same_isnt_sent_again(d):
    """Its bytes differ, for it says when it was made."""
    for address in tabular(d).values():
        for kind in READERS:
            first = expect_status(d.geo.get(f"{address}&format={kind}"), 200)
            tag = first.header("etag")
            time.sleep(1.1 if address == next(iter(d.tables.values())) else 0)
            expect_status(d.geo.get(f"{address}&format={kind}", headers={"If-None-Match": tag}), 304)
            if tag.startswith("W/"):  # a template is in both languages and says no moment
                other = expect_status(d.geo.get(f"{address}&format={kind}", headers={"Accept-Language": "en"}), 200).header("etag")
                check(other != tag, f"{address} in English")
    address = f"/v1/plans/{d.plan}/obligations?year=113&format=ods"
    tag = expect_status(d.geo.get(address), 200).header("etag")
    d.accepted(annual(OFFICES[8], "113"))
    check(expect_status(d.geo.get(address, headers={"If-None-Match": tag}), 200).header("etag") != tag, "what changed is sent")


@test
def what_has_no_table_has_no_workbook(d):
    for kind in ("csv", "ods", "xlsx"):
        expect_status(d.geo.get("/v1/plans", format=kind), 406)
        expect_status(d.geo.get("/v1/plans", headers={"Accept": MEDIA[kind]}), 406)


def rows_below(sheet, heading):
    start = next(number for number, row in enumerate(sheet.rows) if row[:len(heading)] == heading)
    return [row for row in sheet.rows[start + 1:] if any(row)]


@test
def a_workbook_holds_the_figures_of_the_csv_as_numbers(d):
    addresses = {path: address for path, address in tabular(d).items() if path.endswith(("rollups/{form}", "indicators"))}
    for path, address in addresses.items():
        lines = list(csv.reader(io.StringIO(export(d, address, "csv").decode("utf-8-sig"))))[1:]
        number = 8 if "rollups" in path else 4  # the column of the value, or of the numerator; a name stands before it
        at = 7 if "rollups" in path else 4
        for kind, read in READERS.items():
            sheet = read(export(d, address, kind))[0]
            heading = next(row for row in sheet.rows if row and row[0] in ("單位代碼", "指標代碼"))
            rows = rows_below(sheet, heading)
            equal(len(rows), len(lines), f"rows of {address} as {kind}")
            for row, line_ in zip(rows, lines):
                equal(row[0], line_[0], "the first column")
                if line_[at]:
                    equal(row[number], (line_[at],), f"{kind}: {line_}")


@test
def a_workbook_says_what_it_is_in_the_readers_language(d):
    address = tabular(d)["/v1/plans/{plan}/rollups/{form}"]
    for kind, read in READERS.items():
        for language, words in (("zh-TW", ("資料", "113年度 彙總", "基準", "已報／應報機關數", "單位代碼", "製表時間")),
                                ("en", ("Data", "ROC 113, sums", "Basis", "Offices reported/expected", "Unit code", "Made at"))):
            sheets = read(export(d, address, kind, language))
            equal([sheet.name for sheet in sheets][0], words[0], "sheet")
            text = "\n".join(str(cell) for sheet in sheets for row in sheet.rows for cell in row)
            for word in words[1:]:
                check(word in text, f"{kind} in {language} doesn't say {word}")
            check("合成樣本資料" not in text and "Synthetic" not in text, "these figures are no sample's")


@test
def a_document_comes_back_as_its_form(d):
    address = tabular(d)["/v1/submissions/{id}"]
    for kind, read in READERS.items():
        text = [str(cell) for sheet in read(export(d, address, kind)) for row in sheet.rows for cell in row]
        for mark in ("#form", "training-annual", "#office", GUISHAN, "#base"):
            check(any(mark in cell for cell in text), f"{kind} has no {mark}")


@test
def a_text_that_looks_like_a_formula_stays_a_text(d):
    d.accepted({"form": "budget-plan", "office": GUISHAN, "period": "114", "base": 0, "fields": {"total_budget": 100000},
                "tables": {"lines": [{"no": "1", "name": "=1+1", "budget": 1, "gender_budget": 1}]}})
    first = d.listed("budget-plan", GUISHAN, "114")[0]["submission"]
    d.accepted({"form": "budget-plan", "office": GUISHAN, "period": "114", "base": 1, "fields": {"total_budget": 100000},
                "tables": {"lines": [{"no": "1", "name": "=cmd|' /C calc'!A0", "budget": 1, "gender_budget": 1}]}})
    second = d.listed("budget-plan", GUISHAN, "114")[0]["submission"]
    for kind, read in READERS.items():
        sheets = read(export(d, f"/v1/submissions/{second}/diff?against={first}", kind))
        check(any("=cmd|' /C calc'!A0" in row for row in sheets[0].rows), f"{kind}")


@test
def libreoffice_opens_them_and_finds_the_same_rows(d):
    """Through a real spreadsheet program: to CSV and compared."""
    folder = d.service.folder / "opened"
    folder.mkdir()
    files = []
    for number, address in enumerate(tabular(d).values()):
        for kind in READERS:
            path = folder / f"{number}-{kind}.{kind}"
            path.write_bytes(export(d, address, kind))
            files.append(path)
    done = subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
                           "csv:Text - txt - csv (StarCalc):44,34,76,1", "--outdir", str(folder / "csv"), *map(str, files)],
                          capture_output=True, timeout=110, check=False)
    equal(done.returncode, 0, done.stderr.decode(errors="replace"))
    for path in files:
        converted = folder / "csv" / f"{path.stem}.csv"
        check(converted.exists(), f"{path.name} was not opened: {done.stderr.decode(errors='replace')}")
    for number, address in enumerate(tabular(d).values()):
        texts = [(folder / "csv" / f"{number}-{kind}.csv").read_text(encoding="utf-8").splitlines()[2:] for kind in READERS]
        if "{id}" not in list(tabular(d))[number]:
            equal(texts[0][1:], texts[1][1:], f"{address}: ODS and XLSX as LibreOffice reads them")


def tributary(d, *arguments, status=0):
    token = d.service.add_token("geo")
    done = d.service.command(*arguments, check=False, program="tributary", settings={
        "TRIBUTARY_SERVER": f"http://127.0.0.1:{d.service.port}", "TRIBUTARY_TOKEN": token, "TRIBUTARY_PLAN": d.plan,
        "XDG_STATE_HOME": str(d.service.folder / "state"), "XDG_CONFIG_HOME": str(d.service.folder / "config")})
    equal(done.returncode, status, f"{arguments}: {done.stdout!r} {done.stderr!r}")
    return done.stdout


@test
def the_client_keeps_an_answer_as_a_file_of_the_kind_its_name_says(d):
    one = d.listed("training-annual", GUISHAN, "113")[0]["submission"]
    commands = {"rollup": ("rollup", "training-annual", "--period", "113"), "indicators": ("indicators", "--year", "113"),
                "status": ("status", "--form", "training-annual"), "show": ("show", one), "revisions": ("revisions", one)}
    for name, command in commands.items():
        for kind, read in READERS.items():
            path = d.service.folder / f"{name}.{kind}"
            tributary(d, *command, "-o", str(path))
            check(read(path.read_bytes())[0].rows, f"{name} as {kind}")
            tributary(d, *command, "-o", str(path), status=2)
            tributary(d, *command, "-o", str(path), "--force")
        check(tributary(d, *command, "--format", "csv").startswith(b"\xef\xbb\xbf"), f"{name} as CSV on standard output")
        tributary(d, *command, "--format", "ods", status=2)
        tributary(d, *command, "--format", "pdf", status=2)
        tributary(d, *command, "-o", str(d.service.folder / "x.docx"), status=2)


if __name__ == "__main__":
    suite.run()
