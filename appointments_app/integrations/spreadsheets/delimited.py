"""CSV and TSV: UTF-8 with BOM (Excel reads anything else as the local code page), CRLF, RFC 4180 quoting."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any

from appointments_app.integrations.spreadsheets.clock import iso_text
from appointments_app.integrations.spreadsheets.columns import Column, Kind
from appointments_app.integrations.spreadsheets.formulas import harmless_cells

Lot = list[tuple[Any, ...]]
Cells = Sequence[Any]


def delimited_chunks(columns: Sequence[Column], lots: Iterable[Lot], delimiter: str) -> Generator[bytes]:
    """Yield the header at once, then one piece per lot of rows."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(harmless_cells([column.title for column in columns]))
    yield codecs.BOM_UTF8 + _taken(buffer)
    cleaners = [_CLEANERS[column.kind] for column in columns]
    for lot in lots:
        cells = zip(*lot, strict=True)
        cleaned = [clean(values) for clean, values in zip(cleaners, cells, strict=True)]
        writer.writerows(zip(*cleaned, strict=True))
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    # NUL ends a cell early in many readers; a half of a surrogate pair has no bytes in UTF-8.
    text = buffer.getvalue().replace("\x00", "")
    buffer.seek(0)
    buffer.truncate()
    return text.encode(errors="replace")


def _text(values: Cells) -> Cells:
    try:
        return harmless_cells(values)
    except TypeError:
        return harmless_cells([None if value is None else str(value) for value in values])


def _datetime(values: Cells) -> Cells:
    return [None if value is None else iso_text(value) for value in values]


def _bool(values: Cells) -> Cells:
    return [None if value is None else "TRUE" if value else "FALSE" for value in values]


def _as_is(values: Cells) -> Cells:
    return values


# A number is never text, so "-5" cannot be anything but minus five; csv writes a date as YYYY-MM-DD.
_CLEANERS: dict[Kind, Callable[[Cells], Cells]] = {
    Kind.TEXT: _text,
    Kind.DATETIME: _datetime,
    Kind.DATE: _as_is,
    Kind.NUMBER: _as_is,
    Kind.BOOL: _bool,
}
