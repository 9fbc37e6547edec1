#!/usr/bin/env python3
"""Packs as people get them: by the client, from a meeting with an agenda and an open decision; the ODT opens in LibreOffice and
is printed without a warning, the PDF reads in the order of the paper, the ODS holds every table. (Their figures:
pack_figures.py.)"""
import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from desk import GUISHAN, OFFICES, ZHONGLI, annual, desk, quarterly  # noqa: E402
from tributary_client import tributary  # noqa: E402
from tributary_harness import Suite, check, equal, expect_status  # noqa: E402
from workbook_file import read_ods  # noqa: E402

# name: the client's words, its language
PACKS = {"liaison": (("liaison", "--group", "第1組", "--year", "113"), "zh"), "task-group": (("task-group", "--office", "龜山", "--year", "113"), "zh"),
         "council": (("council", "--year", "113"), "en")}
# On a clerk's machine 標楷體 is there; here the official font that looks like it stands in for it.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include>/etc/fonts/fonts.conf</include><match target="pattern"><test name="family"><string>標楷體</string></test>
<edit name="family" mode="assign" binding="same"><string>TW-Kai</string></edit></match></fontconfig>
"""


def put(d, meeting, what, body):
    return expect_status(d.geo.request("PUT", f"/v1/meetings/{meeting}/{what}", body, {"If-Match": "*"}), 200).json


def meet(d):
    """Last year's liaison meeting with a decision of two owners, one of whom reported, and this year's with its agenda."""
    last = expect_status(d.geo.post(f"{d.base}/meetings", {"body": "liaison", "unit": "group-1", "year": 112, "day": "2023-09-12", "state": "held"}), 201).json["meeting"]
    item = put(d, last, "agenda", {"items": [{"kind": "discussion", "title": "專區網頁改版案"}]})["agenda"]["items"][0]["item"]
    put(d, last, "resolutions", {"resolutions": [{"item": item, "text": "照案通過，於113年6月底前完成。"}]})
    decision = expect_status(d.geo.post(f"/v1/meetings/{last}/decisions", {
        "item": item, "kind": "resolution", "title": "專區網頁改版案", "text": "照案通過，於113年6月底前完成。", "due_on": "2024-06-30",
        "owners": [{"office": GUISHAN}, {"office": OFFICES[0]}]}), 201).json["decision"]
    expect_status(d.office(GUISHAN).post(f"/v1/decisions/{decision}/progress", {"text": "已於5月20日上線。", "proposes": "close"}), 201)
    coming = expect_status(d.geo.post(f"{d.base}/meetings", {
        "body": "liaison", "unit": "group-1", "year": 113, "day": "2099-09-11", "state": "planned", "begins": "14:00", "place": "龜山區公所三樓禮堂"}), 201).json["meeting"]
    put(d, coming, "agenda", {"items": [
        {"kind": "opening", "title": "主席致詞"}, {"kind": "minutes", "title": "確認前次會議紀錄"}, {"kind": "tracking", "title": "歷次決議列管情形"},
        {"kind": "report", "title": "評核作業說明", "proposer": "性別平等辦公室", "explanation": "評核期程如附。"},
        {"kind": "discussion", "title": "輪值秘書單位案", "proposer": "龜山區公所", "explanation": "依計畫五、4辦理。", "proposal": "由大園區公所擔任。"},
        {"kind": "motion", "title": "臨時動議"}, {"kind": "closing", "title": "散會"}]})


@contextlib.contextmanager
def packs():
    with desk() as d:
        for office in (GUISHAN, OFFICES[0], ZHONGLI):
            for year in ("112", "113"):
                d.accepted(annual(office, year))
            d.accepted(quarterly(office))
        meet(d)
        d.made = {}
        (d.service.folder / "fonts.conf").write_text(FONTS)
        yield d


suite = Suite(packs)


def run(*command, **options):
    done = subprocess.run([str(one) for one in command], capture_output=True, text=True, timeout=300, check=False, **options)
    equal(done.returncode, 0, f"{command[0]}: {done.stderr[-2000:]}")
    return done


class Pack:
    def __init__(self, d, name):
        words, language = PACKS[name]
        self.folder = d.service.folder / name
        self.folder.mkdir()
        tributary(d, d.geo, "pack", *words, *(word for ending in ("odt", "pdf", "ods", "json") for word in ("-o", self.file(ending))), lang=language)
        self.model = json.loads(self.file("json").read_text())

    def file(self, ending):
        return self.folder / f"pack.{ending}"

    def blocks(self, kind):
        return [block for block in self.model["blocks"] if block["kind"] == kind]


def made(d, name):
    if name not in d.made:
        d.made[name] = Pack(d, name)
    return d.made[name]


def printed(d, file):
    """What LibreOffice prints of an ODT; it must not say anything."""
    done = run("soffice", f"-env:UserInstallation=file://{d.service.folder}/profile", "--headless", "--convert-to", "pdf:writer_pdf_Export",
               "--outdir", file.parent / "printed", file, env=dict(os.environ, FONTCONFIG_FILE=str(d.service.folder / "fonts.conf")))
    equal([line for line in done.stderr.splitlines() if "javaldx" not in line and line.strip()], [], f"what LibreOffice says of {file.name}")
    return file.parent / "printed" / f"{file.stem}.pdf"


def squeeze(text):
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def text_of(pdf):
    return squeeze(run("pdftotext", "-raw", "-enc", "UTF-8", "-f", 3, pdf, "-").stdout)


def reads_in_order(pdf, wanted, what):
    text, at = text_of(pdf), 0
    for expected in wanted:
        found = text.find(squeeze(expected), at)
        check(found >= 0, f"{what}: {expected!r} isn't behind {text[max(0, at - 60):at]!r}")
        at = found + len(squeeze(expected))


def words_of(pack):
    """Headings, words and captions in the order of the paper."""
    for block in pack.model["blocks"]:
        if block["kind"] == "heading":
            yield block["number"] + block["text"]
        elif block["kind"] in ("paragraph", "item"):
            yield "".join(piece["text"] for piece in block["runs"])
        elif block["kind"] == "table":
            yield block["caption"]


@suite.test(seconds=600)
def libreoffice_prints_each_odt_without_a_warning_and_in_order(d):
    for name in PACKS:
        pack = made(d, name)
        reads_in_order(printed(d, pack.file("odt")), words_of(pack), f"{name} as LibreOffice prints it")


@suite.test(seconds=300)
def each_pdf_reads_in_order_with_its_fonts_embedded(d):
    for name in PACKS:
        pack = made(d, name)
        reads_in_order(pack.file("pdf"), words_of(pack), name)
        fonts = run("pdffonts", pack.file("pdf")).stdout.splitlines()[2:]
        check(fonts and all(" yes " in line for line in fonts), "\n".join(fonts))


@suite.test(seconds=300)
def each_ods_holds_every_table(d):
    for name in PACKS:
        pack = made(d, name)
        sheets = read_ods(pack.file("ods").read_bytes())
        equal(len(sheets), len(pack.blocks("table")) + len(pack.blocks("chart")), f"{name}: sheets")
        run("soffice", f"-env:UserInstallation=file://{d.service.folder}/profile", "--headless", "--convert-to", "csv", "--outdir",
            pack.folder / "printed", pack.file("ods"))


@suite.test(seconds=300)
def the_meeting_is_laid_before_those_who_come(d):
    text = text_of(made(d, "liaison").file("pdf"))
    front = squeeze(run("pdftotext", "-raw", "-l", 1, made(d, "liaison").file("pdf"), "-").stdout)
    for wanted in ("113年度第1組性別平等業務聯繫會議", "會議資料", "民國188年9月11日(星期五)", "龜山區公所三樓禮堂"):
        check(squeeze(wanted) in front, f"{wanted}: {front}")
    for wanted in ("專區網頁改版案", "照案通過,於113年6月底前完成。", "已於5月20日上線。", "解除列管", "尚未填報", "評核作業說明", "輪值秘書單位案", "由大園區公所擔任。"):
        check(squeeze(wanted) in text, wanted)


@suite.test(seconds=300)
def what_changed_is_printed_too(d):
    before = json.loads(tributary(d, d.geo, "pack", "liaison", "--group", "1", "--year", "113", "--json"))["pack"]
    base = [one for one in d.listed(office=GUISHAN, period="112") if one["form"] == "training-annual"][0]["revision"]
    d.accepted(annual(GUISHAN, "112", base, **{"general.gm2h.m": 40}))
    after = json.loads(tributary(d, d.geo, "pack", "liaison", "--group", "1", "--year", "113", "--json"))["pack"]
    folder = d.service.folder / "changes"
    folder.mkdir()
    tributary(d, d.geo, "pack", "changes", after, before, *(word for ending in ("odt", "pdf") for word in ("-o", folder / f"changes.{ending}")))
    for pdf in (folder / "changes.pdf", printed(d, folder / "changes.odt")):
        text = squeeze(run("pdftotext", "-raw", pdf, "-").stdout)
        for wanted in ("異動對照", "資料來源之異動", "龜山區公所", "第2版"):
            check(squeeze(wanted) in text, f"{pdf.name}: {wanted}")


if __name__ == "__main__":
    suite.run()
