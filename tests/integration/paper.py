#!/usr/bin/env python3
"""Papers as people get them: a PDF that reads in order, an ODT that LibreOffice opens and prints, an ODS of every table."""
import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as tree
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from tributary_harness import Suite, build_folder, check, equal  # noqa: E402
from workbook_file import read_ods  # noqa: E402

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
# On a clerk's machine 標楷體 is there; here the official font that looks like it stands in for it.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include>/etc/fonts/fonts.conf</include><match target="pattern"><test name="family"><string>標楷體</string></test>
<edit name="family" mode="assign" binding="same"><string>TW-Kai</string></edit></match></fontconfig>
"""


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    check(done.returncode == 0, f"{command[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout, done.stderr


class Paper:
    """A sample paper in every format, and its ODT as LibreOffice prints it."""

    def __init__(self, folder, language, kind):
        self.folder, self.language = folder / f"{language}-{kind}", language
        self.folder.mkdir()
        run(build_folder() / "tests/integration/server_paper", language, kind, self.folder)
        self.model = json.loads(self.file("json").read_text())
        self.warnings, self.printed = None, self.folder / "printed/paper.pdf"

    def file(self, ending):
        return self.folder / f"paper.{ending}"

    def blocks(self, kind):
        return [block for block in self.model["blocks"] if block["kind"] == kind]

    def convert(self, profile, fonts):
        if self.warnings is None:
            _, self.warnings = run("soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to",
                                   "pdf:writer_pdf_Export", "--outdir", self.printed.parent, self.file("odt"),
                                   env=dict(os.environ, FONTCONFIG_FILE=str(fonts)))
        return self.printed


class Papers:
    def __init__(self, folder):
        self.folder, self.service, self.made = folder, None, {}
        (folder / "fonts.conf").write_text(FONTS)

    def get(self, language, kind="everything"):
        if (language, kind) not in self.made:
            self.made[language, kind] = Paper(self.folder, language, kind)
        return self.made[language, kind]

    def printed(self, language):
        return self.get(language).convert(self.folder / "profile", self.folder / "fonts.conf")


@contextlib.contextmanager
def papers():
    with tempfile.TemporaryDirectory() as folder:
        yield Papers(pathlib.Path(folder))


suite = Suite(papers)


def squeeze(text):
    """Text without its blanks; ligatures and full-width forms as they are read."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def text_of(pdf, page=None):
    pages = [] if page is None else ["-f", page, "-l", page]
    return run("pdftotext", "-enc", "UTF-8", *pages, pdf, "-")[0]


def page_count(pdf):
    return int(re.search(r"Pages:\s+(\d+)", run("pdfinfo", pdf)[0]).group(1))


def shown(column, text):
    if column["holding"] == "words" or not re.fullmatch(r"-?\d+(\.\d+)?", text):
        return text
    whole, dot, rest = text.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{dot}{rest}" + ("%" if column["holding"] == "rate" else "")


def figures_in_order(model):
    """What a reader must come upon, block by block: headings, words, and each row's figures."""
    for block in model["blocks"]:
        if block["kind"] == "heading":
            yield block["number"] + block["text"]
        elif block["kind"] in ("paragraph", "item"):
            yield block.get("number", "") + "".join(piece["text"] for piece in block["runs"])
        elif block["kind"] == "table":
            yield block["caption"]
            for row in block["rows"]:
                for column, text in zip(block["columns"], row["texts"]):
                    if text and column["holding"] != "words":
                        yield shown(column, text)
            yield from block["notes"]


@suite.test
def the_text_of_a_pdf_is_read_in_order_with_every_figure(held):
    for language in "zh", "en":
        paper = held.get(language)
        # -raw: in the order of the file, which is that of its structure; without it, columns are guessed from gaps.
        text = squeeze(run("pdftotext", "-raw", "-f", 3, paper.file("pdf"), "-")[0])
        at = 0
        for expected in figures_in_order(paper.model):
            found = text.find(squeeze(expected), at)
            check(found >= 0, f"{language}: {expected!r} isn't behind {text[max(0, at - 60):at]!r}")
            at = found + len(squeeze(expected))


@suite.test
def the_figures_of_charts_are_text_in_a_pdf(held):
    paper = held.get("zh")
    text = squeeze(text_of(paper.file("pdf")))
    for chart in paper.blocks("chart"):
        for series in chart["series"]:
            for point in series["points"]:
                for part in "label", "value", "remark":
                    check(chart["chart"] == "funnel" and part == "value" or squeeze(point[part] or "") in text, point)


@suite.test
def every_font_of_a_pdf_is_embedded(held):
    for language in "zh", "en":
        fonts = run("pdffonts", held.get(language).file("pdf"))[0].splitlines()[2:]
        check(len(fonts) >= 2, fonts)
        for font in fonts:
            equal(font.split()[-5:-2], ["yes", "yes", "yes"], font)


@suite.test
def a_pdf_says_what_it_is_and_when_its_figures_are_from(held):
    told = run("pdfinfo", "-isodates", held.get("zh").file("pdf"))[0]
    check("桃園市各區公所性別主流化業務聯繫會議會議資料" in told and "桃園市政府性別平等辦公室" in told, told)
    check(re.search(r"CreationDate:\s+2025-09-01T02:30:00Z", told), told)


def check_contents(pdf, model):
    """Each entry of the contents, on page 2, names the page on which its heading stands."""
    contents = run("pdftotext", "-layout", "-f", 2, "-l", 2, pdf, "-")[0].splitlines()
    for block in model["blocks"]:
        if block["kind"] == "heading" and block["level"] <= 2:
            title = squeeze(block["number"] + block["text"])
            line = next(line for line in contents if squeeze(line).startswith(title))
            page = int(re.search(r"(\d+)\s*$", line).group(1))
            check(title in squeeze(text_of(pdf, page)), f"{title} isn't on page {page}")


@suite.test
def the_contents_of_a_pdf_name_the_pages_of_its_headings(held):
    for language in "zh", "en":
        check_contents(held.get(language).file("pdf"), held.get(language).model)


@suite.test
def a_pdf_says_what_each_of_its_parts_is(held):
    structure = run("pdfinfo", "-struct", held.get("zh").file("pdf"))[0]
    for tag in "H1", "H2", "Table", "TR", "TH", "TD", "Figure", "TOC", "Link":
        check(re.search(rf"^\s*{tag}\b", structure, re.MULTILINE), f"no {tag} in the structure")


@suite.test
def headings_of_a_table_stand_on_each_of_its_pages(held):
    for language in "zh", "en":
        paper = held.get(language)
        wide = next(table for table in paper.blocks("table") if table["wide"])
        for pdf in paper.file("pdf"), held.printed(language):
            pages = [squeeze(text_of(pdf, page)) for page in range(3, page_count(pdf) + 1)]
            bearing = [page for page in pages if squeeze(wide["columns"][2]["heading"]) in page and "114" in page
                       and squeeze(wide["columns"][11]["heading"]) in page]
            check(len(bearing) >= 2, f"{pdf}: the wide table's heading is on {len(bearing)} page(s)")


@suite.test
def no_row_ends_a_table_alone_and_small_groups_stay_together(held):
    pdf, parted = held.get("zh", "rows").file("pdf"), 0
    where = {}
    for page in range(1, page_count(pdf) + 1):
        for row, rows in re.findall(r"row (\d+) of (\d+)\.", text_of(pdf, page)):
            where.setdefault(int(rows), []).append((int(row), page))
    equal(sorted(where), list(range(31, 76)), "tables")
    for rows, places in where.items():
        equal([row for row, _ in places], list(range(1, rows + 1)), f"rows of {rows}")
        pages = dict(places)
        parted += pages[1] != pages[rows]
        check(pages[rows] == pages[rows - 1], f"the last of {rows} rows stands alone")
        for row in range(1, rows + 1):
            check(rows % 2 == 0 or pages[row] == pages[(row - 1) // 3 * 3 + 1], f"row {row} of {rows} is parted from its group")
    check(parted > 20, f"only {parted} tables go over a page")


@suite.test
def every_page_is_numbered_and_says_that_the_figures_are_samples(held):
    for pdf in held.get("zh").file("pdf"), held.printed("zh"):
        count = page_count(pdf)
        check(8 <= count <= 12, f"{count} pages")
        for page in range(2, count + 1):
            text = text_of(pdf, page)
            check(f"第{page}頁,共{count}頁" in squeeze(text), f"{pdf} page {page}: {text[-80:]}")
            check("合成樣本資料" in text, f"page {page}")


@suite.test
def wide_tables_stand_on_landscape_pages(held):
    for pdf in held.get("zh").file("pdf"), held.printed("zh"):
        for page in range(1, page_count(pdf) + 1):
            size = re.search(r"size:\s+([\d.]+) x ([\d.]+)", run("pdfinfo", "-f", page, "-l", page, pdf)[0])
            landscape = float(size.group(1)) > float(size.group(2))
            equal(landscape, "各區公所性別預算執行情形" in squeeze(text_of(pdf, page)) or
                  "新住民女性及照顧者" in squeeze(text_of(pdf, page)), f"{pdf} page {page}")


@suite.test(seconds=180)
def libreoffice_prints_an_odt_without_a_warning_and_with_every_figure(held):
    for language in "zh", "en":
        held.printed(language)
        paper = held.get(language)
        spoken = [line for line in paper.warnings.splitlines() if "javaldx" not in line and line.strip()]
        equal(spoken, [], "what LibreOffice says")
        text = squeeze(text_of(paper.printed))
        for expected in figures_in_order(paper.model):
            check(squeeze(expected) in text, f"{language}: {expected!r} isn't printed")


@suite.test
def an_odt_is_numbered_and_paged_by_libreoffice_as_by_us(held):
    """The contents carry fields: LibreOffice fills in the pages on which it lays the headings out itself."""
    for language in "zh", "en":
        check_contents(held.printed(language), held.get(language).model)


@suite.test
def an_odt_has_real_tables_named_styles_and_pictures_with_words(held):
    paper = held.get("zh")
    with zipfile.ZipFile(paper.file("odt")) as archive:
        equal(archive.namelist()[0], "mimetype")
        equal(archive.getinfo("mimetype").compress_type, zipfile.ZIP_STORED)
        equal({info.date_time for info in archive.infolist()}, {(1980, 1, 1, 0, 0, 0)})
        content, styles = tree.fromstring(archive.read("content.xml")), archive.read("styles.xml").decode()
        pictures = [name for name in archive.namelist() if name.startswith("Pictures/")]
    tables = [table for table in content.iter(f"{TABLE}table") if table.find(f"{TABLE}table-header-rows") is not None]
    equal(len(tables), len(paper.blocks("table")))
    for table, block in zip(tables, paper.blocks("table")):
        equal(len(list(table.findall(f"{TABLE}table-row"))), len(block["rows"]))
    frames = list(content.iter(f"{DRAW}frame"))
    equal(len(frames), len(pictures))
    for frame, block in zip(frames, paper.blocks("chart")):
        equal(frame.find(f"{SVG}title").text, block["caption"])
        for point in block["series"][0]["points"]:
            check(point["value"] in frame.find(f"{SVG}desc").text, "the words beside a picture hold its figures")
    headings = [heading for heading in content.iter(f"{TEXT}h")]
    equal([int(heading.get(f"{TEXT}outline-level")) for heading in headings], [block["level"] for block in paper.blocks("heading")])
    for word in "標楷體", "DFKai-SB", "Heading_20_1", 'style:name="Landscape"', "壹, 貳, 參, ...":
        check(word in styles, f"styles.xml lacks {word}")
    check(content.find(f".//{TEXT}table-of-content") is not None, "no table of contents")


@suite.test
def an_ods_holds_every_table_and_the_figures_of_every_chart(held):
    for language in "zh", "en":
        paper = held.get(language)
        sheets = read_ods(paper.file("ods").read_bytes())
        equal(len(sheets), len(paper.blocks("table")) + len(paper.blocks("chart")))
        by_block = [block for block in paper.model["blocks"] if block["kind"] in ("table", "chart")]
        for sheet, block in zip(sheets, by_block):
            cells = {cell[0] if isinstance(cell, tuple) else cell for row in sheet.rows for cell in row}
            figures = ([text for row in block["rows"] for text in row["texts"]] if block["kind"] == "table" else
                       [point["value"] for series in block["series"] for point in series["points"]])
            for figure in figures:
                check(not figure or figure in cells, f"{sheet.name} lacks {figure}")


@suite.test(seconds=120)
def libreoffice_opens_the_ods(held):
    target = held.folder / "opened"
    _, said = run("soffice", f"-env:UserInstallation=file://{held.folder / 'profile'}", "--headless", "--convert-to", "pdf",
                  "--outdir", target, held.get("zh").file("ods"))
    equal([line for line in said.splitlines() if "javaldx" not in line and line.strip()], [])
    check(page_count(target / "paper.pdf") >= 7, "a page for each sheet")


@suite.test
def another_process_writes_the_same_bytes(held):
    again = held.folder / "again"
    again.mkdir()
    run(build_folder() / "tests/integration/server_paper", "zh", "everything", again, env=dict(os.environ, TZ="America/New_York", LC_ALL="C"))
    for ending in "pdf", "odt", "ods", "json":
        equal((again / f"paper.{ending}").read_bytes() == held.get("zh").file(ending).read_bytes(), True, ending)


@suite.test
def a_pack_of_thirty_tables_has_the_pages_it_needs(held):
    paper = held.get("zh", "pack")
    equal(len(paper.blocks("table")), 30)
    equal(len(paper.blocks("chart")), 8)
    count = page_count(paper.file("pdf"))
    check(20 <= count <= 36, f"{count} pages")


suite.run()
