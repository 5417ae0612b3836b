"""How an XLSX sheet looks: names on the tabs, letters and widths of the columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from appointments_app.integrations.spreadsheets.columns import Column, Kind

LONGEST_SHEET_NAME = 31
NARROWEST, WIDEST = 8, 48
FILTER_BUTTON = 4

_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_FIXED = {Kind.DATETIME: 17, Kind.DATE: 12, Kind.NUMBER: 12}


def sheet_name(title: str, number: int) -> str:
    """The tab's name: the title without what the format forbids, numbered from the second sheet on."""
    ending = "" if number == 1 else f" ({number})"
    allowed = _FORBIDDEN_IN_NAME.sub(" ", title).strip("' ") or "Sheet"
    kept = allowed.encode("utf-16-le")[: (LONGEST_SHEET_NAME - len(ending)) * 2].decode("utf-16-le", errors="ignore")
    return kept.rstrip("' ") + ending


def letters(number: int) -> str:
    """The name of the column with this number: 1 is A, 27 is AA."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_widths(columns: Sequence[Column], sample: Sequence[tuple[Any, ...]]) -> list[int]:
    """A width for each column, in characters: its title with the filter button, and its values in the sample."""
    if not sample:
        return [_width(column, ()) for column in columns]
    return [_width(column, values) for column, values in zip(columns, zip(*sample, strict=True), strict=True)]


def _width(column: Column, values: Sequence[Any]) -> int:
    wanted = len(column.title) + FILTER_BUTTON
    if column.kind is Kind.TEXT:
        lines = (len(line) for value in values if value is not None for line in str(value).splitlines())
        wanted = max(wanted, max(lines, default=0) + 2)
    return min(WIDEST, max(wanted, _FIXED.get(column.kind, NARROWEST)))
