"""The package of a workbook, held to what it says of itself: nothing in it can grow beyond its limits.

openpyxl asks it for its parts and gets them through here: what a part unpacks to is checked before it is opened, and
text that goes on without end, and document types, are cut off while they are read.
"""

from __future__ import annotations

import zipfile
from typing import IO, Any

from appointments_app.domain.words import N_
from appointments_app.integrations.imports.table import CELL_TOO_LONG, DAMAGED, LONGEST_CELL, TOO_LARGE, unreadable

MOST_UNPACKED = 1_000_000_000
MOST_TEXTS = 200_000_000
MOST_SMALL = 20_000_000
"""Bytes that a workbook, its shared texts, and each part that is read at once may unpack to."""
MOST_RATIO = 150
"""So many times its size a large part may unpack to; spreadsheets reach 30."""
_LARGE = 10_000_000
_TYPE = b"<!DOCTYPE"
_WIDE = (b"\xfe\xff", b"\xff\xfe")
_LONGEST = 4 * LONGEST_CELL
"""Bytes between two marks of XML, with letters of up to four bytes."""


class Package(zipfile.ZipFile):
    """A package whose parts are checked before, and watched while, they are read."""

    def __init__(self, path: Any) -> None:
        super().__init__(path)
        parts = self.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise unreadable(N_("The file is protected by a password. Save it without one and upload it again."))
        if len(parts) > 10_000 or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise unreadable(TOO_LARGE)
        for part in parts:
            if part.file_size > _LARGE and part.file_size > MOST_RATIO * max(part.compress_size, 1):
                raise unreadable(TOO_LARGE)

    def open(self, name: Any, mode: Any = "r", *more: Any, **options: Any) -> Any:
        """Return a stream of one part."""
        part = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        if part.filename.endswith("sharedStrings.xml") and part.file_size > MOST_TEXTS:
            raise unreadable(TOO_LARGE)
        return _Watched(super().open(name, mode, *more, **options))

    def read(self, name: Any, *more: Any) -> bytes:
        """Return a whole part."""
        if self.getinfo(name).file_size > MOST_SMALL:
            raise unreadable(TOO_LARGE)
        return super().read(name, *more)


class _Watched:
    """A stream of XML; text longer than any cell may be, and document types, end it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._length = 0
        self._end = b""

    def read(self, size: int = -1) -> bytes:
        """Return the next piece."""
        piece = self._stream.read(size)
        if not self._length and (piece[:2] in _WIDE or b"\x00" in piece[:4]):
            raise unreadable(DAMAGED)  # in letters of two bytes, no mark would be found
        if _TYPE in self._end + piece:
            raise unreadable(TOO_LARGE)
        self._end = piece[1 - len(_TYPE) :]
        first = piece.find(b"<")
        self._length = self._length + len(piece) if first < 0 else len(piece) - piece.rfind(b"<")
        if self._length > _LONGEST or _longest(piece) > _LONGEST:
            raise unreadable(CELL_TOO_LONG)
        return piece

    def close(self) -> None:
        """Close it."""
        self._stream.close()

    def __enter__(self) -> _Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _longest(piece: bytes) -> int:
    return max(map(len, piece.split(b"<"))) if len(piece) > _LONGEST else 0
