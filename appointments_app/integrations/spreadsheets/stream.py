"""The one way in: rows of any export to the bytes of any file type."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

from appointments_app.integrations.spreadsheets.columns import Column
from appointments_app.integrations.spreadsheets.delimited import delimited_chunks
from appointments_app.integrations.spreadsheets.file_types import FileType
from appointments_app.integrations.spreadsheets.workbook import workbook_chunks

# Enough rows for the work per lot to run inside C loops, few enough that 10,000-character notes stay in bounds.
ROWS_PER_LOT = 100
# Handing a piece to the server costs about as much as making a few kilobytes.
PIECE_BYTES = 32_768

_DELIMITERS = {FileType.CSV_COMMA: ",", FileType.CSV_SEMICOLON: ";", FileType.TSV: "\t"}


def write(
    kind: FileType,
    columns: Sequence[Column],
    rows: Iterable[tuple[Any, ...]],
    *,
    right_to_left: bool = False,
    title: str = "Appointments",
) -> Generator[bytes]:
    """Yield the file piece by piece; rows are pulled as pieces are asked for, and closed when the stream is."""
    if not columns:
        raise ValueError("an export needs at least one column")
    source = iter(rows)
    try:
        lots = _lots(source)
        if kind is FileType.XLSX:
            pieces = workbook_chunks(columns, lots, right_to_left=right_to_left, title=title)
        else:
            pieces = delimited_chunks(columns, lots, _DELIMITERS[kind])
        with closing(pieces):
            yield from _gathered(pieces)
    finally:
        close = getattr(source, "close", None)
        if close is not None:
            close()


def _lots(source: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while lot := list(islice(source, ROWS_PER_LOT)):
        yield lot


def _gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The first piece at once, so that the download starts; the rest in pieces worth sending."""
    yield next(pieces)
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        if len(waiting) >= PIECE_BYTES:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)
