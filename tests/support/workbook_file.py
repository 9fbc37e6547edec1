"""Reading ODS and XLSX files with nothing but the standard library, the way a strict program would."""
import io
import re
import xml.etree.ElementTree as tree
import zipfile

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Sheet:
    def __init__(self, name, rows):
        self.name, self.rows = name, rows

    def find(self, text):
        """The number of the first row that has this text in a cell."""
        return next(number for number, row in enumerate(self.rows) if text in row)


def read_ods(data):
    """Sheets of rows of texts and numbers; a number is (text,) as the file says it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "mimetype"
        for name in archive.namelist():
            if name.endswith(".xml"):
                tree.fromstring(archive.read(name))
        root = tree.fromstring(archive.read("content.xml"))
    sheets = []
    for table in root.iter(f"{TABLE}table"):
        rows = []
        for row in table.iter(f"{TABLE}table-row"):
            cells = []
            for cell in row:
                times = int(cell.get(f"{TABLE}number-columns-repeated", 1))
                value = cell.get(f"{OFFICE}value")
                text = "\n".join("".join(part.itertext()) for part in cell.iter(f"{TEXT}p"))
                cells += [(value,) if value is not None else text] * min(times, 100)
            rows += [cells] * min(int(row.get(f"{TABLE}number-rows-repeated", 1)), 100)
        sheets.append(Sheet(table.get(f"{TABLE}name"), rows))
    return sheets


def column_number(reference):
    number = 0
    for letter in re.match("[A-Z]+", reference).group():
        number = number * 26 + ord(letter) - 64
    return number - 1


def read_xlsx(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")):
            tree.fromstring(part)
    shared = ["".join(one.itertext()) for one in tree.fromstring(parts["xl/sharedStrings.xml"]).iter(f"{MAIN}si")] \
        if "xl/sharedStrings.xml" in parts else []
    names = [one.get("name") for one in tree.fromstring(parts["xl/workbook.xml"]).iter(f"{MAIN}sheet")]
    sheets = []
    for number, name in enumerate(names, 1):
        rows = []
        for row in tree.fromstring(parts[f"xl/worksheets/sheet{number}.xml"]).iter(f"{MAIN}row"):
            cells = []
            for cell in row.iter(f"{MAIN}c"):
                column = column_number(cell.get("r"))
                cells += [""] * (column - len(cells))
                value = cell.find(f"{MAIN}v")
                inline = cell.find(f"{MAIN}is")
                text = value.text if value is not None else "".join(inline.itertext()) if inline is not None else ""
                cells.append(shared[int(text)] if cell.get("t") == "s"
                             else (text,) if text and cell.get("t") in (None, "n") else text)
            rows += [[]] * (int(row.get("r")) - 1 - len(rows)) + [cells]
        sheets.append(Sheet(name, rows))
    return sheets
