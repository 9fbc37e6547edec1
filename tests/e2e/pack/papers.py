"""The files of a pack: what is read in them, in which order, and that nothing else stands there."""
import json
import re
import xml.etree.ElementTree as tree
import zipfile

from pack.desk import GUISHAN, run, squeeze, suite, test
from tributary_harness import check, equal
from workbook_file import read_ods


def shown(column, text):
    if column["holding"] == "words" or not re.fullmatch(r"-?\d+(\.\d+)?", text):
        return text
    whole, dot, rest = text.partition(".")
    return f"{int(whole):,}{dot}{rest}" + ("%" if column["holding"] == "rate" else "")


def figures_in_order(model):
    for block in model["blocks"]:
        if block["kind"] == "table":
            yield block["caption"]
            for row in block["rows"]:
                for column, text in zip(block["columns"], row["texts"]):
                    if text and (column["holding"] != "words" or re.search(r"\d", text)):
                        yield shown(column, text)
            yield from block["notes"]


@lambda function: suite.test(function, seconds=180)
def every_figure_is_read_in_order_in_the_pdf(held):
    for pack in held.all():
        text = squeeze(run("pdftotext", "-raw", pack.file("pdf"), "-").stdout)
        at = 0
        for expected in figures_in_order(pack.model):
            found = text.find(squeeze(expected), at)
            check(found >= 0, f"{pack.body}: {expected!r} isn't behind {text[max(0, at - 60):at]!r}")
            at = found + len(squeeze(expected))
        lines = [re.sub(r"\s+", " ", line.strip()) for line in run("pdftotext", "-layout", pack.file("pdf"), "-").stdout.splitlines()]
        check_lines(pack, lines)


def check_lines(pack, lines):
    """Each row of the KPI tables stands in one line of the page as it is laid out, behind the row before."""
    at = 0
    for one in pack.kpis():
        name = one["name"][pack.language]
        table = pack.table(pack.say(f"{pack.year_text(pack.year - 1)}年{name}", f"{name}, {pack.year_text(pack.year - 1)}"))
        for row in table["rows"]:
            if row["kind"] == "group":
                continue
            cells = " ".join([shown(column, text) for column, text in zip(table["columns"], row["texts"][:7])])
            found = next((i for i in range(at, len(lines)) if lines[i].startswith(cells)), None)
            check(found is not None, f"{pack.body}: no line {cells!r} behind line {at}")
            at = found + 1


@test
def no_english_stands_in_a_chinese_pack_and_no_table_is_empty(held):
    for pack in held.all():
        for table in pack.blocks("table"):
            check(table["rows"], f"{pack.body}: {table['caption']} has no rows")
            if any(column["holding"] != "words" for column in table["columns"]):
                check(table["notes"], f"{pack.body}: {table['caption']} has no notes")
            for row in table["rows"]:
                for text in row["texts"]:
                    check(text is not None, f"{table['caption']}: {row}")
        if pack.language == "zh":
            words = [word for word in re.findall(r"[A-Za-z]{3,}", re.sub(r"https?://\S+|\d+-[a-z0-9-]+-\d+", "", json.dumps(pack.model["blocks"], ensure_ascii=False)
                                                                         .replace("\\n", " "))) if word not in KNOWN]
            values = {re.sub(r"\d+-[a-z0-9-]+-\d+", "", text) for table in pack.blocks("table") for row in table["rows"] for text in row["texts"]}
            check(not [word for word in words if any(word in text for text in values)], f"{pack.body}: {sorted(set(words))[:20]}")


KNOWN = {"CEDAW", "KPI"}  # numbers of decisions hold the unit's code


@test
def the_workbook_holds_every_figure(held):
    for pack in held.all():
        sheets = read_ods(pack.file("ods").read_bytes())
        blocks = [block for block in pack.model["blocks"] if block["kind"] in ("table", "chart")]
        equal(len(sheets), len(blocks), "sheets")
        for sheet, block in zip(sheets, blocks):
            cells = [[cell[0] if isinstance(cell, tuple) else cell for cell in row] for row in sheet.rows]
            if block["kind"] == "table":
                at = 0
                for row in block["rows"]:
                    wanted = row["texts"] if row["kind"] != "group" else row["texts"][:1]
                    found = next((i for i in range(at, len(cells)) if cells[i][:len(wanted)] == wanted), None)
                    check(found is not None, f"{pack.body} {block['caption']}: no row {wanted} behind row {at}")
                    at = found + 1
            else:
                flat = {cell for row in cells for cell in row}
                for series in block["series"]:
                    for point in series["points"]:
                        check(point["value"] is None or point["value"] in flat, f"{sheet.name} lacks {point['value']}")


@test
def charts_say_their_figures_in_words(held):
    import zipfile  # pylint: disable=import-outside-toplevel
    import xml.etree.ElementTree as tree  # pylint: disable=import-outside-toplevel
    for pack in held.all():
        with zipfile.ZipFile(pack.file("odt")) as archive:
            content = tree.fromstring(archive.read("content.xml"))
        said = [one.text for one in content.iter("{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}desc")]
        charts = pack.blocks("chart")
        equal(len(said), len(charts), "descriptions")
        for words, chart in zip(said, charts):
            for series in chart["series"]:
                for point in series["points"]:
                    check(point["label"] in words and (point["value"] or "") in words and point["remark"] in words, f"{chart['caption']}: {point}")


@lambda function: suite.test(function, seconds=300)
def libreoffice_prints_the_odt_without_a_word(held):
    for name in ("liaison-1", "guishan"):
        pack = held.pack(name)
        done = run("soffice", f"-env:UserInstallation=file://{held.folder / 'profile'}", "--headless", "--convert-to", "pdf", "--outdir",
                   pack.folder / "printed", pack.file("odt"))
        equal([line for line in done.stderr.splitlines() if line.strip() and "javaldx" not in line], [], "what LibreOffice says")
        text = squeeze(run("pdftotext", "-raw", pack.folder / "printed" / "pack.pdf", "-").stdout)
        for expected in figures_in_order(pack.model):
            check(squeeze(expected) in text, f"{pack.body}: {expected!r} isn't printed")


@test
def an_offices_pack_shows_no_other_offices_rows(held):
    pack = held.pack("guishan")
    others = {name for name, code in pack.names.items() if code in held.offices and code != GUISHAN}
    for table in pack.blocks("table"):
        for row in table["rows"]:
            check(row["texts"][0] not in others, f"{table['caption']}: {row['texts']}")
    offices = {one.get("office") for one in pack.said.get("sources", {}).get("revision", {}).values()}
    check(offices <= {GUISHAN}, f"sources of {offices}")


@test
def no_table_and_no_chart_went_uncompared(held):
    """Each is claimed by the test that compares it; a new one in the packs needs a test of its own."""
    for pack in held.all():
        stand = {(block["kind"], block["caption"]) for block in pack.model["blocks"] if block["kind"] in ("table", "chart")}
        equal(sorted(stand - pack.compared), [], f"{pack.body}: compared with nothing")
