"""How the awkward files are made."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

HEAD = "Name,E-mail,Phone,Notes\r\n"
FRENCH = "Nom complet;Name;Notes\r\nx;Zoë Lefèvre;Ça a été très bien\r\n"
ARABIC = "الاسم,الهاتف,ملاحظات\r\nعمر حسن,٠١٠٠١٢٣٤٥٦٧,عميل قديم منذ سنوات\r\n"
ICS_HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"
ICS_TAIL = "END:VCALENDAR\r\n"
WIDE = ",".join(f"Column {n}" for n in range(199)) + ",Name\r\n" + "," * 199 + "Cleo\r\n"
RICH = (
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Name</t></si>'
    '<si><r><t>Cleo </t></r><r><rPr><b/></rPr><t>Karim</t></r><rPh sb="0" eb="4"><t>kleo</t></rPh></si></sst>'
)
SHARED = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row></sheetData></worksheet>'
)
FAR = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'
    '<row r="99999999999"><c r="A99999999999" t="inlineStr"><is><t>Cleo</t></is></c></row></sheetData></worksheet>'
)


def csv(text: str, encoding: str = "utf-8") -> Callable[[], bytes]:
    """Return a maker of a text file."""
    return lambda: text.encode(encoding)


def book(*rows: list[Any], change: Callable[[Any], None] | None = None) -> Callable[[], bytes]:
    """Return a maker of a workbook."""

    def make() -> bytes:
        workbook = openpyxl.Workbook()
        for row in rows:
            workbook.active.append(row)
        if change:
            change(workbook)
        file = io.BytesIO()
        workbook.save(file)
        return file.getvalue()

    return make


def ics(*lines: str) -> Callable[[], bytes]:
    """Return a maker of a calendar file."""
    return lambda: (ICS_HEAD + "".join(f"{line}\r\n" for line in lines) + ICS_TAIL).encode()


def repacked(make: Callable[[], bytes], **parts: bytes | None) -> Callable[[], bytes]:
    """Return a maker of the same package with other parts: named with __ for / and _dot_ for a point."""

    def change() -> bytes:
        wanted = {name.replace("__", "/").replace("_dot_", "."): body for name, body in parts.items()}
        file = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(make())) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                body = wanted.pop(name, old.read(name))
                if body is not None:
                    new.writestr(name, body)
            for name, body in wanted.items():
                new.writestr(name, body or b"")
        return file.getvalue()

    return change


def old_excel(*streams: str) -> Callable[[], bytes]:
    names = b"".join(name.encode("utf-16-le").ljust(64, b"\x00") for name in ("Root Entry", *streams))
    return lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + struct.pack("<504x") + names


MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(200):
                part.write(b" " * 1_000_000)
    return file.getvalue()


def long_cell() -> bytes:
    letters = random.Random(7).randbytes(5_000_000).hex().encode()
    texts = b"<sst " + MAIN + b"><si><t>Name</t></si><si><t>" + letters + b"</t></si></sst>"
    return repacked(book(["Name"], ["Cleo"]), xl__sharedStrings_dot_xml=texts)()


def laughing() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><sst><si><t>&a9;</t></si></sst>'
    return repacked(book(["Name"], ["Cleo"]), xl__sharedStrings_dot_xml=bomb.encode())()


def laughing_sheet() -> bytes:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><worksheet><sheetData/></worksheet>'
    return repacked(book(["Name"], ["Cleo"]), xl__worksheets__sheet1_dot_xml=bomb.encode())()


def encrypted_zip() -> bytes:
    file = bytearray(book(["Name"], ["Cleo"])())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := file.find(signature, at + 1)) >= 0:
            file[at + place] |= 1
    return bytes(file)


def noise() -> bytes:
    return random.Random(7).randbytes(5000)


def merged(workbook: Any) -> None:
    workbook.active.merge_cells("A1:C1")
    workbook.active.merge_cells("B2:C2")


def formulas(workbook: Any) -> None:
    sheet = workbook.active
    sheet["A2"] = '=CONCATENATE("Cleo"," ","Karim")'


def cached_formula() -> bytes:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>Name</t></is></c><c r="B1" t="inlineStr"><is><t>Notes</t></is></c></row>'
        '<row r="2">'
        '<c r="A2" t="str"><f>UPPER("cleo")</f><v>CLEO</v></c><c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        "</sheetData></worksheet>"
    )
    return repacked(book(["Name"], ["x"]), xl__worksheets__sheet1_dot_xml=sheet.encode())()


def mac(workbook: Any) -> None:
    workbook.epoch = CALENDAR_MAC_1904
    workbook.active["A2"] = datetime.fromisoformat("2026-03-24T10:30")


def two_sheets(workbook: Any) -> None:
    hidden = workbook.create_sheet("hidden", 0)
    hidden.append(["nothing"])
    hidden.sheet_state = "hidden"
    workbook.create_sheet("other").append(["E-mail"])
