"""LibreOffice without a window, driven over a pipe: opens, fills and saves spreadsheets as a person would."""
import contextlib
import pathlib
import subprocess
import time
import uuid

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

# A clerk's own settings: what is typed and shown follows Taiwan's habits.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>zh-TW</value></prop></item>
</oor:items>
"""
ODS, XLSX, CSV = "calc8", "Calc MS Excel 2007 XML", "Text - txt - csv (StarCalc)"
UTF_8, CP950 = 76, 63  # text encodings by LibreOffice's numbers


def _properties(**values):
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


class Workbook:
    """An open file; cells by sheet name and address."""

    def __init__(self, component):
        self.component = component

    @property
    def sheets(self):
        return list(self.component.Sheets.ElementNames)

    def cell(self, sheet, address):
        return self.component.Sheets.getByName(sheet).getCellRangeByName(address)

    def type_in(self, sheet, address, text):
        """What typing the text and pressing Enter does, in the cell's own locale and format."""
        self.cell(sheet, address).FormulaLocal = text

    def rows(self, sheet):
        """The used range as rows of what is shown."""
        part = self.component.Sheets.getByName(sheet)
        cursor = part.createCursor()
        cursor.gotoEndOfUsedArea(False)
        last = cursor.RangeAddress
        return [[part.getCellByPosition(column, row).String for column in range(last.EndColumn + 1)]
                for row in range(last.EndRow + 1)]

    def comments(self, sheet):
        part = self.component.Sheets.getByName(sheet)
        return {part.getCellByPosition(note.Position.Column, note.Position.Row).AbsoluteName
                .rsplit(".", 1)[1].replace("$", ""): note.String for note in part.Annotations}

    def save_as(self, path, kind, encoding=UTF_8, sheet=None):
        options = {"FilterName": kind}
        if kind == CSV:
            number = 0 if sheet is None else self.sheets.index(sheet) + 1
            # comma, quotes, encoding, from row 1, no column formats, language, as shown, … the sheet
            options["FilterOptions"] = f"44,34,{encoding},1,,0,false,true,false,false,false,{number}"
        self.component.storeToURL(pathlib.Path(path).resolve().as_uri(), _properties(**options))

    def close(self):
        self.component.close(True)


class OfficeSuite:
    def __init__(self, desktop):
        self.desktop = desktop

    @contextlib.contextmanager
    def opened(self, path):
        options = {"FilterName": CSV, "FilterOptions": f"44,34,{UTF_8},1"} if str(path).endswith(".csv") else {}
        component = self.desktop.loadComponentFromURL(
            pathlib.Path(path).resolve().as_uri(), "_blank", 0, _properties(Hidden=True, MacroExecutionMode=0, **options))
        if component is None:
            raise AssertionError(f"LibreOffice can't open {path}")
        workbook = Workbook(component)
        try:
            yield workbook
        finally:
            workbook.close()


@contextlib.contextmanager
def office_suite(folder):
    """LibreOffice with a profile of its own in `folder`; ended at the end."""
    name = f"tributary-{uuid.uuid4().hex}"
    profile = (pathlib.Path(folder) / "office-profile").resolve()
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
    process = subprocess.Popen(
        ["soffice", "--headless", "--invisible", "--norestore", "--nologo", "--nolockcheck", "--nodefault",
         f"-env:UserInstallation={profile.as_uri()}", f"--accept=pipe,name={name};urp;StarOffice.ComponentContext"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        deadline = time.monotonic() + 120
        while True:
            try:
                context = resolver.resolve(f"uno:pipe,name={name};urp;StarOffice.ComponentContext")
                break
            except NoConnectException:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise AssertionError("LibreOffice doesn't start") from None
                time.sleep(0.1)
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        yield OfficeSuite(desktop)
        with contextlib.suppress(Exception):
            desktop.terminate()
        process.wait(timeout=30)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
