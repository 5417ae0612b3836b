"""What a file is, by what stands in it: its name may say anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appointments_app.domain.importing.table import FileKind, Table
from appointments_app.domain.words import N_
from appointments_app.integrations.imports.calendar import calendar_rows
from appointments_app.integrations.imports.delimited import delimited_table
from appointments_app.integrations.imports.table import bounded, unreadable
from appointments_app.integrations.imports.workbook import workbook_table

_HEAD = 4096
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NO_TABLES = (
    b"MZ",
    b"\x7fELF",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
)
_NO_TABLE = N_("This is no table: bring a CSV, XLSX or iCalendar (.ics) file.")


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """Open a file; raise Invalid, with what to do about it, when it is none of those that can be read."""
    table = _table(path)
    rows = table.rows
    table.rows = bounded(rows)
    try:
        yield table
    finally:
        close = getattr(rows, "close", None)
        if close is not None:
            close()


def _table(path: Path) -> Table:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip(b"\x00 \t\r\n"):
        raise unreadable(N_("The file is empty."))
    if head.startswith(_OLE):
        is_locked = _holds(path, _ENCRYPTED)
        raise unreadable(
            N_("The file is protected by a password. Save it without one and upload it again.")
            if is_locked
            else N_("This is an old Excel file (.xls). Save it as .xlsx and upload it again.")
        )
    if head.startswith(_ZIP):
        return workbook_table(path)
    if head.startswith(_NO_TABLES):
        raise unreadable(_NO_TABLE)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].upper() == b"BEGIN:VCALENDAR":
        return Table(FileKind.ICS, calendar_rows(path))
    table = delimited_table(path)
    if table is None:
        raise unreadable(_NO_TABLE)
    return table


def _holds(path: Path, wanted: bytes) -> bool:
    kept = b""
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            if wanted in kept + piece:
                return True
            kept = piece[-len(wanted) :]
    return False
