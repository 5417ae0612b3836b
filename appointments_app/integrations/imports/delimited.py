"""CSV in whatever encoding and with whatever separator."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from appointments_app.domain.importing.table import FileKind, Row, Table
from appointments_app.integrations.imports.table import CELL_TOO_LONG, LONGEST_CELL, unreadable
from appointments_app.integrations.spreadsheets.formulas import harmless

DELIMITERS = ",;\t|"
_SAMPLE = 65_536
_PIECE = 1 << 20
_SEP = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


def delimited_table(path: Path) -> Table | None:
    """Return the table in a text file, None when it is no text."""
    encoding = encoding_of(path)
    if encoding is None:
        return None
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        sample = file.read(_SAMPLE)
    said = _SEP.match(sample)
    delimiter = said[1] if said else delimiter_of(sample)
    return Table(FileKind.CSV, _rows(path, encoding, delimiter, skip=said is not None), delimiter=delimiter)


def _rows(path: Path, encoding: str, delimiter: str, *, skip: bool) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        if skip:
            file.readline()
        try:
            for number, cells in enumerate(csv.reader(_without_nul(file), delimiter=delimiter), 2 if skip else 1):
                yield Row(number, [_plain(cell) for cell in cells])
        except csv.Error:
            raise unreadable(CELL_TOO_LONG) from None


def _plain(cell: str) -> str:
    """Return a cell without the apostrophe that our exports put before what a spreadsheet would run."""
    return cell[1:] if cell[:1] == "'" and harmless(cell[1:]) == cell else cell


def _without_nul(file: io.TextIOBase) -> Iterator[str]:
    """Yield lines that are never longer than any cell may be: without a line break a file must not fill the memory."""
    while line := file.readline(2 * LONGEST_CELL):
        yield line.replace("\x00", "")


def encoding_of(path: Path) -> str | None:
    """Return the encoding of a text file, None for one that is no text."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
        if head.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if b"\x00" in head:
            return _utf16_without_mark(head)
        decoder = codecs.getincrementaldecoder("utf-8")()
        high = bytearray()
        try:
            while head:
                high += head.translate(None, bytes(range(128)))[: _SAMPLE - len(high)]
                decoder.decode(head)
                head = file.read(_PIECE)
            decoder.decode(b"", final=True)
            return "utf-8"
        except UnicodeDecodeError:
            return _code_page(path)


def _utf16_without_mark(head: bytes) -> str | None:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) // 8 or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _code_page(path: Path) -> str:
    """Return Windows-1256 where letters beyond ASCII stand side by side, as in Arabic words; else Windows-1252."""
    beyond = together = 0
    with path.open("rb") as file:
        while (beyond < _SAMPLE) and (piece := file.read(_PIECE)):
            for run in re.findall(rb"[\xc0-\xff]+", piece):
                beyond += len(run)
                together += len(run) if len(run) > 1 else 0
    return "cp1256" if 2 * together > beyond else "cp1252"


def delimiter_of(sample: str) -> str:
    """Return the separator that cuts most rows of the sample into the same number of several cells."""
    if len(sample) == _SAMPLE and "\n" in sample:
        sample = sample[: sample.rindex("\n")]
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
        except csv.Error:
            continue
        if not widths:
            continue
        width, often = Counter(widths).most_common(1)[0]
        score = often / len(widths) * (1 + width / 1000) if width > 1 else 0
        if score > best_score:
            best, best_score = delimiter, score
    return best
