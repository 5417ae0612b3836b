"""CSV in whatever encoding and with whatever separator, read by pandas a thousand rows at a time."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from charset_normalizer import from_bytes

from appointments_app.domain.importing.table import MOST_COLUMNS, FileKind, Row, Table
from appointments_app.domain.words import N_
from appointments_app.integrations.imports.table import CELL_TOO_LONG, DAMAGED, LONGEST_CELL, unreadable
from appointments_app.integrations.spreadsheets.formulas import harmless

NEVER_CLOSED = N_("A quotation mark is opened and never closed. Correct the file and upload it again.")
CODE_PAGES = ("cp1252", "cp1256")
DELIMITERS = ",;\t|"
_SAMPLE = 65_536
_PIECE = 1 << 20
_LINES = 1_000
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
        width = _width(sample + file.read(_PIECE), delimiter)
    return Table(FileKind.CSV, _rows(path, encoding, delimiter, width, skip=said is not None), delimiter=delimiter)


def _width(sample: str, delimiter: str) -> int:
    """Return how many columns the table has, as far as its beginning tells; cells beyond have no title."""
    widest = 1
    with suppress(csv.Error):
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            widest = max(widest, len(row))
    return min(widest, MOST_COLUMNS)


def _rows(path: Path, encoding: str, delimiter: str, width: int, *, skip: bool) -> Iterator[Row]:
    from pandas import read_csv  # takes most of a second and 60 MB: only the process that reads a file needs it
    from pandas.errors import ParserError

    with path.open(encoding=encoding, errors="replace", newline="") as file:
        if skip:
            file.readline()
        number = 1 if skip else 0
        try:
            frames = read_csv(
                _Text(file, delimiter.join(map(str, range(width)))),  # type: ignore[arg-type]
                sep=delimiter,
                header=0,
                usecols=range(width),
                index_col=False,
                dtype=object,
                na_filter=False,
                skip_blank_lines=False,
                chunksize=_LINES,
            )
            for frame in frames:
                for cells in frame.to_numpy(dtype=object).tolist():
                    number += 1
                    if any(len(cell) > LONGEST_CELL for cell in cells):
                        raise unreadable(CELL_TOO_LONG)
                    yield Row(number, [_plain(cell) for cell in cells])
        except ParserError as error:
            raise unreadable(NEVER_CLOSED if "EOF inside string" in str(error) else DAMAGED) from error


class _Text:
    """The text of a file below a line that says how many columns there are; without NULs, which end texts in C."""

    def __init__(self, file: io.TextIOBase, head: str) -> None:
        self._file, self._head = file, f"{head}\n"

    def read(self, size: int = -1) -> str:
        """Return the next piece."""
        head, self._head = self._head, ""
        while not head and (piece := self._file.read(size)):
            head = piece.replace("\x00", "")
        return head

    def __iter__(self) -> Iterator[str]:
        return iter(self._file)


def _plain(cell: str) -> str:
    """Return a cell without the apostrophe that our exports put before what a spreadsheet would run."""
    return cell[1:] if cell[:1] == "'" and harmless(cell[1:]) == cell else cell


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
        try:
            while head:
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
    """Return which of the two old code pages of Windows a text is in: the Western or the Arabic one."""
    beyond = bytearray()
    with path.open("rb") as file:
        while len(beyond) < _SAMPLE and (piece := file.read(_PIECE)):
            lines = (line for line in piece.splitlines(keepends=True) if not line.isascii())
            beyond += b"".join(lines)[:_SAMPLE]
    found = from_bytes(bytes(beyond), cp_isolation=list(CODE_PAGES), threshold=1.0).best()
    return found.encoding if found else CODE_PAGES[0]


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
