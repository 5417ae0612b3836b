"""The error file: the rows that were refused, as they were, with the reasons in one more column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime

from appointments_app.domain.importing.table import Cell, FileKind
from appointments_app.integrations.spreadsheets import Column, FileType, Kind, write

Rows = Callable[[], Iterable[tuple[Sequence[Cell], str]]]
_BY_DELIMITER = {";": FileType.CSV_SEMICOLON, "\t": FileType.TSV}


def error_file(
    kind: FileKind, delimiter: str, titles: Sequence[str], why: str, rows: Rows, *, right_to_left: bool = False
) -> tuple[FileType, Iterator[bytes]]:
    """Return what the file is, and its bytes: a workbook for a workbook, else text with the same separator.

    ``rows`` is walked twice: first to see which columns hold dates or numbers alone.
    """
    file_type = FileType.XLSX if kind is FileKind.XLSX else _BY_DELIMITER.get(delimiter, FileType.CSV_COMMA)
    columns = [
        Column(str(at), title, each)
        for at, (title, each) in enumerate(zip(titles, _kinds(rows, len(titles)), strict=True))
    ]
    every = (_wide(cells, reason, len(titles)) for cells, reason in rows())
    return file_type, write(file_type, [*columns, Column("why", why)], every, right_to_left=right_to_left, title="1")


def _kinds(rows: Rows, width: int) -> list[Kind]:
    found: list[set[Kind]] = [set() for _ in range(width)]
    for cells, _ in rows():
        for place, cell in enumerate(cells[:width]):
            if cell is not None and cell != "":
                found[place].add(_kind(cell))
    return [next(iter(kinds)) if len(kinds) == 1 else Kind.TEXT for kinds in found]


def _kind(cell: Cell) -> Kind:
    if isinstance(cell, bool):
        return Kind.BOOL
    if isinstance(cell, (int, float)):
        return Kind.NUMBER
    if isinstance(cell, datetime):
        return Kind.DATETIME if cell.tzinfo is None else Kind.TEXT
    return Kind.DATE if isinstance(cell, date) else Kind.TEXT


def _wide(cells: Sequence[Cell], reason: str, width: int) -> tuple[Cell, ...]:
    return (*(None if cell == "" else cell for cell in cells[:width]), *[None] * (width - len(cells)), reason)
