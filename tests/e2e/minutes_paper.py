#!/usr/bin/env python3
"""Minutes as people get them: LibreOffice prints the ODT without a word, and in the ODT's print and in our PDF the text comes in the
order of the agenda, in both languages."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "support"), str(ROOT / "integration")]

from deciding import decide, rule  # noqa: E402
from desk import FUXING, GUISHAN, desk  # noqa: E402
from minutes import PROPOSED, file, minute, model, on_record, play  # noqa: E402
from tributary_harness import Suite, check, equal  # noqa: E402

suite = Suite(desk)


def squeeze(text):
    """Without spaces and line ends; what a font has only in its other form as itself."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def text_of(pdf):
    return subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, text=True, check=True).stdout


def printed(folder, odt):
    """The PDF that LibreOffice makes of it, and what it says meanwhile."""
    done = subprocess.run(["soffice", f"-env:UserInstallation=file://{folder / 'profile'}", "--headless", "--convert-to", "pdf", "--outdir",
                           folder / "printed", odt], capture_output=True, text=True, timeout=120, env={**os.environ, "HOME": str(folder)})
    return folder / "printed" / f"{odt.stem}.pdf", [line for line in done.stderr.splitlines() if line.strip() and "javaldx" not in line]


def in_order(paper):
    """What the paper says, block by block: its headings, the first words of its paragraphs, captions, and the cells of its tables."""
    for block in paper["blocks"]:
        if block["kind"] == "heading":
            yield block["text"]
        elif block["kind"] == "paragraph":
            yield "".join(run["text"] for run in block["runs"])[:18]
        elif block["kind"] == "box":
            yield block["text"]
        elif block["kind"] == "table":
            yield block["caption"]


def check_order(text, paper, name):
    text, at = squeeze(text), 0
    for said in in_order(paper):
        found = text.find(squeeze(said), at)
        check(found >= 0, f"{name}: {said!r} doesn't stand behind {text[max(0, at - 40):at]!r}")
        at = found + len(squeeze(said))


@suite.test(seconds=300)
def minutes_are_printed_without_a_word_and_read_in_the_order_of_the_agenda(d):
    first, ids = play(d, "2023-10-05", resolved={4: PROPOSED})
    one = decide(d, first, item=ids[4], owners=[{"office": GUISHAN}, {"office": FUXING}])
    second, _ = play(d, "2024-09-26", resolved={2: "餘依裁示。", 3: "洽悉。", 4: PROPOSED + "\n" + "另請各區公所配合辦理。" * 60})
    rule(d.geo, one["decision"], second, (1, "close"), (2, "continue", "2025-03-31"))
    packs = [minute(d, second), minute(d, second, language="en")]
    on_record(d, second)
    packs += [minute(d, second), minute(d, second, language="en")]
    with tempfile.TemporaryDirectory() as kept:
        folder = pathlib.Path(kept)
        for number, pack in enumerate(packs):
            paper, odt, pdf = model(d, pack), folder / f"{number}.odt", folder / f"{number}.pdf"
            odt.write_bytes(file(d, pack, "odt"))
            pdf.write_bytes(file(d, pack, "pdf"))
            by_office, said = printed(folder, odt)
            equal(said, [], "what LibreOffice says")
            for name, of in (("our PDF", pdf), ("LibreOffice's print", by_office)):
                check_order(text_of(of), paper, f"{name} {pack['title']}")
                for block in paper["blocks"]:
                    for row in block.get("rows", []) if block["kind"] == "table" else []:
                        for cell in row["texts"]:
                            check(squeeze(cell)[:12] in squeeze(text_of(of)), f"{name}: {cell!r}")


if __name__ == "__main__":
    suite.run()
