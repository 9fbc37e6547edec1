"""ODS and XLSX files made by hand, member by member, so that they can also be made wrong."""
import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

ODS = "application/vnd.oasis.opendocument.spreadsheet"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

ODF_SPACES = " ".join(f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
                      for prefix, name in [("office", "office"), ("table", "table"),
                                           ("text", "text"), ("style", "style")])
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def packed(members, stored=("mimetype",)):
    """A zip file of (name, content) pairs, in order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members:
            method = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content, method)
    return out.getvalue()


def ods_cell(value):
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, (int, float)):
        return (f'<table:table-cell office:value-type="float" office:value="{value}">'
                f"<text:p>{value}</text:p></table:table-cell>")
    if value.startswith("<"):
        return value
    return ('<table:table-cell office:value-type="string">'
            f"<text:p>{escape(value)}</text:p></table:table-cell>")


def ods_row(cells):
    return f"<table:table-row>{''.join(map(ods_cell, cells))}</table:table-row>"


def ods_content(sheets, before=""):
    """content.xml of (name, rows) pairs; a row is a list of cells, or XML."""
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>"
        + "".join(row if isinstance(row, str) else ods_row(row) for row in rows)
        + "</table:table>" for name, rows in sheets)
    return (f'<?xml version="1.0" encoding="UTF-8"?>{before}'
            f"<office:document-content {ODF_SPACES}><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>")


def ods(sheets, content=None, manifest="<manifest/>", more=()):
    return packed([("mimetype", ODS), ("content.xml", content or ods_content(sheets)),
                   ("META-INF/manifest.xml", manifest), *more])


def xlsx_cell(value):
    if value is None:
        return "<c/>"
    if isinstance(value, (int, float)):
        return f"<c><v>{value}</v></c>"
    if value.startswith("<"):
        return value
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def xlsx_sheet(rows):
    body = "".join(row if isinstance(row, str) else f"<row>{''.join(map(xlsx_cell, row))}</row>"
                   for row in rows)
    return f'<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>'


def relations(*entries):
    items = "".join(f'<Relationship Id="{name}" Type="{RELATION}/{kind}" Target="{target}"/>'
                    for name, kind, target in entries)
    return f'<Relationships xmlns="{PACKAGE}">{items}</Relationships>'


def xlsx(sheets, strings=None, styles=None, workbook=None, more=()):
    """`sheets` are (name, rows) pairs; a row is a list of cells, or XML."""
    names = "".join(f'<sheet name={quoteattr(name)} sheetId="{i}" r:id="s{i}"/>'
                    for i, (name, _) in enumerate(sheets, 1))
    parts = [(f"s{i}", "worksheet", f"worksheets/sheet{i}.xml")
             for i in range(1, len(sheets) + 1)]
    members = [("[Content_Types].xml", "<Types/>"),
               ("_rels/.rels", relations(("r1", "officeDocument", "xl/workbook.xml"))),
               ("xl/workbook.xml", workbook or f'<workbook xmlns="{MAIN}" xmlns:r="{RELATION}">'
                f"<sheets>{names}</sheets></workbook>")]
    if strings is not None:
        parts.append(("t", "sharedStrings", "sharedStrings.xml"))
        members.append(("xl/sharedStrings.xml", strings))
    if styles is not None:
        parts.append(("f", "styles", "styles.xml"))
        members.append(("xl/styles.xml", styles))
    members.append(("xl/_rels/workbook.xml.rels", relations(*parts)))
    members += [(f"xl/worksheets/sheet{i}.xml", xlsx_sheet(rows))
                for i, (_, rows) in enumerate(sheets, 1)]
    return packed([*members, *more])
