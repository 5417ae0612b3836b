"""The XML of one sheet and of the shared texts, as events of the parser: nothing of it is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import IO, Any
from xml.parsers import expat

from appointments_app.domain.errors import Invalid
from appointments_app.domain.importing.dates import from_serial
from appointments_app.domain.importing.table import MOST_COLUMNS, Cell, Row
from appointments_app.integrations.imports.table import CELL_TOO_LONG, DAMAGED, LONGEST_CELL, TOO_LARGE, unreadable

_PIECE = 1 << 16
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _refuse_declarations(*_: Any) -> None:
    """A spreadsheet has no document type: with one come entities that grow without bound."""
    raise unreadable(TOO_LARGE)


class _Reader:
    """Follows the parser; texts are put together from ``t`` and ``v``, phonetic hints are left out."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=None)
        self.parser.buffer_text = True
        self.parser.buffer_size = _PIECE
        self.parser.StartDoctypeDeclHandler = _refuse_declarations
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.pieces: list[str] = []
        self.length = 0
        self.silent = False

    def feed(self, file: IO[bytes]) -> Iterator[None]:
        """Read on, piece by piece."""
        try:
            while piece := file.read(_PIECE):
                self.parser.Parse(piece)
                yield
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise unreadable(DAMAGED) from error
        yield

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, tag: str) -> None:
        raise NotImplementedError

    def listen(self) -> None:
        self.parser.CharacterDataHandler = None if self.silent else self._hear

    def ignore(self) -> None:
        self.parser.CharacterDataHandler = None

    def taken(self) -> str:
        text = "".join(self.pieces)
        self.pieces.clear()
        self.length = 0
        return text

    def _hear(self, text: str) -> None:
        self.length += len(text)
        if self.length > LONGEST_CELL:
            raise unreadable(CELL_TOO_LONG)
        self.pieces.append(text)


class _Texts(_Reader):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "rPh":
            self.silent = True
        elif name == "t":
            self.listen()

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "t":
            self.ignore()
        elif name == "rPh":
            self.silent = False
        elif name == "si":
            self.texts.append(_unescaped(self.taken()))


def read_texts(file: IO[bytes]) -> list[str]:
    """Return the shared texts."""
    reader = _Texts()
    for _ in reader.feed(file):
        pass
    return reader.texts


class _Sheet(_Reader):
    def __init__(self, texts: list[str], dates: frozenset[int], is_1904: bool) -> None:
        super().__init__()
        self.texts, self.dates, self.is_1904 = texts, dates, is_1904
        self.ready: list[Row] = []
        self.number = self.place = 0
        self.cells: list[Cell] = []
        self.kind = self.style = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c" or tag.endswith(":c"):
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            at = attributes.get("r")
            self.place = _column(at) if at else self.place + 1
        elif tag in ("v", "t") or tag.endswith((":v", ":t")):
            self.listen()
        elif tag == "row" or tag.endswith(":row"):
            written = attributes.get("r", "")
            self.number = int(written) if written.isdigit() and len(written) < 9 else self.number + 1
            self.place, self.cells = -1, []
        elif tag.endswith("rPh"):
            self.silent = True

    def end(self, tag: str) -> None:
        if tag in ("v", "t") or tag.endswith((":v", ":t")):
            self.ignore()
        elif tag == "c" or tag.endswith(":c"):
            if self.pieces and self.place < MOST_COLUMNS:
                self.cells.extend([None] * (self.place - len(self.cells)))
                self.cells[self.place :] = [self._value(self.taken())]
            self.taken()
        elif tag == "row" or tag.endswith(":row"):
            self.ready.append(Row(self.number, self.cells))
        elif tag.endswith("rPh"):
            self.silent = False

    def _value(self, text: str) -> Cell:
        read = _KINDS.get(self.kind)
        if read is not None:
            return read(self, text)
        try:
            number = float(text)
        except ValueError:
            return text
        if self.style and int(self.style) in self.dates:
            with suppress(Invalid):
                wall = from_serial(number + (number < 1), is_1904=self.is_1904)
                return wall.time() if number < 1 else wall
        return number

    def shared(self, text: str) -> Cell:
        place = int(text) if text.isdigit() else -1
        if not 0 <= place < len(self.texts):
            raise unreadable(DAMAGED)
        return self.texts[place]


def _iso(_sheet: _Sheet, text: str) -> Cell:
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return text


_KINDS: dict[str, Callable[[_Sheet, str], Cell]] = {
    "s": _Sheet.shared,
    "inlineStr": lambda _, text: _unescaped(text),
    "str": lambda _, text: _unescaped(text),
    "b": lambda _, text: text == "1",
    "e": lambda _, text: text,
    "d": _iso,
}


def _column(reference: str) -> int:
    """Return the place of a cell such as ``AB12``: 27."""
    place = 0
    for letter in reference[:4]:  # the last column is XFD
        if not letter.isalpha():
            break
        place = place * 26 + ord(letter.upper()) - 64
    return place - 1


def read_sheet(file: IO[bytes], texts: list[str], dates: frozenset[int], *, is_1904: bool) -> Iterator[Row]:
    """Yield the rows of a sheet."""
    sheet = _Sheet(texts, dates, is_1904)
    for _ in sheet.feed(file):
        if sheet.ready:
            yield from sheet.ready
            sheet.ready = []
