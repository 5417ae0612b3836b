"""Text that a spreadsheet would run as a formula when it opens a CSV file, made harmless.

A cell is a formula when it begins with = + - @ (or the full-width forms, which Excel folds) — some programs skip
blanks and invisible marks first — and a leading tab or line break can open a new cell. A leading apostrophe makes
each of them plain text.

Phone numbers stay as they are: a cell of only "+", digits, blanks, "(", ")" and "-" holds no name, no reference, no
function and no quote, so the worst a spreadsheet can do with it is arithmetic on its own digits. E.164 numbers
("+201001234567", at most 15 digits) come out as typed, which is what people re-import and dial.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import itemgetter

_TRIGGERS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b")
_BREAKS = frozenset("\t\r\n")
_SKIPPED = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"  # blanks
    "\x00\xad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064"
    "\u2066\u2067\u2068\u2069\ufeff"  # invisible marks: direction, joining, byte order
)
_SUSPECTS = _TRIGGERS.union(_SKIPPED, map(chr, range(32)))
_is_phone = re.compile(r"\+[0-9 ()-]+").fullmatch
_first_character = itemgetter(0)


def harmless(cell: str) -> str:
    """The cell as it may stand in a CSV file: with a leading apostrophe if a spreadsheet would run it."""
    core = cell.lstrip(_SKIPPED)
    if cell[:1] in _BREAKS or (core[:1] in _TRIGGERS and not _is_phone(core)):
        return "'" + cell
    return cell


def harmless_cells(cells: Sequence[str | None]) -> Sequence[str | None]:
    """A column's cells, each made harmless; the same object when nothing had to change."""
    if _SUSPECTS.isdisjoint(map(_first_character, filter(None, cells))):
        return cells
    return [cell if not cell or cell[0] not in _SUSPECTS or _is_phone(cell) else harmless(cell) for cell in cells]
