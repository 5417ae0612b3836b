"""XLSX, read as a stream: one pass of the XML parser over the sheet, nothing kept but the shared texts.

The part's own list of limits stands before any reading: what a package says of its size is checked, and what it
holds can never be more than it says.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import defusedxml.ElementTree as safe_xml
from defusedxml.common import DefusedXmlException

from appointments_app.domain.importing.table import FileKind, Row, Table
from appointments_app.domain.words import N_
from appointments_app.integrations.imports.sheet import read_sheet, read_texts
from appointments_app.integrations.imports.table import DAMAGED, TOO_LARGE, unreadable

MOST_UNPACKED = 1_000_000_000
MOST_TEXTS = 200_000_000
MOST_SMALL = 20_000_000
"""Bytes that a workbook, its shared texts, and each of its other parts may unpack to."""
MOST_RATIO = 150
"""So many times its size a large part may unpack to; spreadsheets reach 30."""
_LARGE = 10_000_000
_DAMAGES = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError, ParseError, OSError, ValueError,
)  # fmt: skip
"""What reading a damaged package raises: at last, a number in it that is none."""
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_DATES = {14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 30, 36, 45, 46, 47, 50, 57}
"""The built-in number formats that show dates and times."""
_QUOTED = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.')


def workbook_table(path: Path) -> Table:
    """Return the first sheet of a workbook that anybody can see."""
    with _opened(path) as package:
        names = set(package.namelist())
        _check_kind(names)
        book = _xml(package, "xl/workbook.xml")
        sheets = [each for each in _all(book, "sheet") if each.get("state", "visible") == "visible"]
        if not sheets:
            raise unreadable(N_("The workbook has no sheet."))
        part = _part_of(package, sheets[0])
        if part not in names:
            raise unreadable(DAMAGED)
        is_1904 = any(each.get("date1904") in ("1", "true") for each in _all(book, "workbookPr"))
        dates = _date_styles(package) if "xl/styles.xml" in names else frozenset()
    return Table(FileKind.XLSX, _rows(path, part, dates, is_1904), is_1904=is_1904, sheets=len(sheets))


def _rows(path: Path, part: str, dates: frozenset[int], is_1904: bool) -> Iterator[Row]:
    with _opened(path) as package:
        texts: list[str] = []
        if "xl/sharedStrings.xml" in package.namelist():
            _check_size(package.getinfo("xl/sharedStrings.xml"), MOST_TEXTS)
            with package.open("xl/sharedStrings.xml") as file:
                texts = read_texts(file)
        with package.open(part) as file:
            yield from read_sheet(file, texts, dates, is_1904=is_1904)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as package:
            _check_package(package)
            yield package
    except DefusedXmlException as error:
        raise unreadable(TOO_LARGE) from error
    except _DAMAGES as error:
        raise unreadable(DAMAGED) from error


def _check_package(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise unreadable(N_("The file is protected by a password. Save it without one and upload it again."))
    if len(parts) > 10_000 or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise unreadable(TOO_LARGE)
    for part in parts:
        if part.file_size > _LARGE and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            raise unreadable(TOO_LARGE)


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if "content.xml" in names:
        raise unreadable(N_("This is an OpenDocument file. Save it as XLSX or CSV and upload it again."))
    if any(name.endswith("workbook.bin") for name in names):
        raise unreadable(N_("This is a binary Excel file (.xlsb). Save it as .xlsx and upload it again."))
    raise unreadable(N_("This is a packed file without a spreadsheet in it. Unpack it first."))


def _check_size(part: zipfile.ZipInfo, most: int) -> None:
    if part.file_size > most:
        raise unreadable(TOO_LARGE)


def _xml(package: zipfile.ZipFile, name: str) -> Any:
    _check_size(package.getinfo(name), MOST_SMALL)
    return safe_xml.fromstring(package.read(name), forbid_dtd=True)


def _all(root: Any, tag: str) -> list[Any]:
    return [*root.iter(f"{_MAIN}{tag}"), *root.iter(f"{_STRICT}{tag}")]


def _part_of(package: zipfile.ZipFile, sheet: Any) -> str:
    """Return where in the package a sheet lies."""
    wanted = next((value for name, value in sheet.items() if name.endswith("}id")), "")
    for each in _xml(package, "xl/_rels/workbook.xml.rels"):
        if each.get("Id") == wanted:
            target = each.get("Target", "")
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _date_styles(package: zipfile.ZipFile) -> frozenset[int]:
    """Return the styles whose numbers are dates or times."""
    styles = _xml(package, "xl/styles.xml")
    formats = {int(each.get("numFmtId", 0)): each.get("formatCode", "") for each in _all(styles, "numFmt")}
    dates = _DATES | {number for number, code in formats.items() if _is_date_format(code)}
    dates -= {number for number, code in formats.items() if not _is_date_format(code)}
    cells = [xf for group in _all(styles, "cellXfs") for xf in group]
    return frozenset(place for place, xf in enumerate(cells) if int(xf.get("numFmtId", 0)) in dates)


def _is_date_format(code: str) -> bool:
    plain = _QUOTED.sub("", code.split(";", 1)[0]).lower().replace("general", "")
    return any(letter in plain for letter in "ymdhs") and "0.00" not in plain.replace("s.00", "").replace("ss.0", "")
