"""Values of one column as XLSX cell markup: what follows `<c r="A1`, from the closing quote on.

Works on a whole column of a lot at a time, so the usual case (nothing to repair) runs inside C loops.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from appointments_app.integrations.spreadsheets.clock import day_serial, iso_text, serial
from appointments_app.integrations.spreadsheets.columns import Kind
from appointments_app.integrations.spreadsheets.parts import DATE_STYLE, DATETIME_STYLE, HEADER_STYLE

LONGEST_CELL = 32_767  # UTF-16 units, the limit of the format

EMPTY = '"/>'
_OPEN, _CLOSE = '" t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"
_DATETIME, _DATE, _END = f'" s="{DATETIME_STYLE}"><v>', f'" s="{DATE_STYLE}"><v>', "</v></c>"
_SEPARATOR = "\x00"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TO_REPAIR = re.compile("[\x01-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LOOKALIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# Before this day the format counts a 29 February 1900 that never was, so no serial number is right in every program.
_FIRST_DAY = datetime.fromisoformat("1900-03-01")
_FIRST_ORDINAL = _FIRST_DAY.toordinal()

Values = Sequence[Any]


def text_cells(values: Values) -> list[str]:
    """Text cells; strings are stored as strings, so nothing in them can run."""
    texts = ["" if value is None else value if type(value) is str else str(value) for value in values]
    joined = _SEPARATOR.join(texts)
    if (
        _TO_REPAIR.search(joined)
        or "_x" in joined
        or joined.count(_SEPARATOR) >= len(texts)
        or max(map(len, texts)) > LONGEST_CELL // 2
    ):
        joined = _SEPARATOR.join(map(legal_text, texts))
    joined = joined.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return [f"{_OPEN}{text}{_CLOSE}" if text else EMPTY for text in joined.split(_SEPARATOR)]


def header_cells(titles: Sequence[str]) -> list[str]:
    """Text cells in the header's style."""
    return [f'" s="{HEADER_STYLE}{cell}' for cell in text_cells(titles)]


def legal_text(text: str) -> str:
    """The text as the format can hold it: no control characters, "\\n" as line break, at most 32,767 units."""
    text = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > LONGEST_CELL // 2 and len(units := text.encode("utf-16-le")) > LONGEST_CELL * 2:
        text = units[: (LONGEST_CELL - 1) * 2].decode("utf-16-le", errors="ignore") + "…"
    # "_x0041_" is how the format itself writes "A"; _x005F_ is its underscore.
    return _ESCAPE_LOOKALIKE.sub("_x005F_", text)


def _datetimes(values: Values) -> list[str]:
    return [EMPTY if value is None else _datetime(value) for value in values]


def _datetime(value: datetime) -> str:
    if value < _FIRST_DAY:
        return text_cells([iso_text(value)])[0]
    return f"{_DATETIME}{serial(value)}{_END}"


def _dates(values: Values) -> list[str]:
    return [EMPTY if value is None else _date(value) for value in values]


def _date(value: date) -> str:
    ordinal = value.toordinal()
    if ordinal < _FIRST_ORDINAL:
        return text_cells([value.isoformat()[:10]])[0]
    return f"{_DATE}{day_serial(ordinal)}{_END}"


def _numbers(values: Values) -> list[str]:
    return [
        EMPTY if value is None else f'"><v>{value + 0}{_END}' if math.isfinite(value) else text_cells([str(value)])[0]
        for value in values
    ]


def _bools(values: Values) -> list[str]:
    return [EMPTY if value is None else f'" t="b"><v>{1 if value else 0}{_END}' for value in values]


CELLS: dict[Kind, Callable[[Values], list[str]]] = {
    Kind.TEXT: text_cells,
    Kind.DATETIME: _datetimes,
    Kind.DATE: _dates,
    Kind.NUMBER: _numbers,
    Kind.BOOL: _bools,
}
