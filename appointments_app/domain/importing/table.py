"""A file as a table: what every kind of file becomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import NamedTuple

MOST_COLUMNS = 256
Cell = str | float | int | bool | datetime | date | time | None


class FileKind(StrEnum):
    """The kinds of file that can be read."""

    CSV = "csv"
    XLSX = "xlsx"
    ICS = "ics"


@dataclass(frozen=True)
class Repeating:
    """A rule with its exceptions, RFC 5545's: wall times in ``time_zone`` ('': the business's), DTSTART the first.

    ``moved``: recurrence id → start (an instant, or a wall time where it has no zone) and minutes, 0 for as long as the
    others; ``cancelled``: recurrence ids of those that do not take place.
    """

    dtstart: datetime
    time_zone: str
    rrule: str
    cancelled: frozenset[datetime] = frozenset()
    moved: Mapping[datetime, tuple[datetime, int]] = field(default_factory=dict)


class Row(NamedTuple):
    """One row: its number as a spreadsheet shows it, its cells, and how it repeats (calendar files only)."""

    number: int
    cells: list[Cell]
    repeating: Repeating | None = None


@dataclass
class Table:
    """An open file. ``rows`` can be walked once, title rows included; ``delimiter`` is that of a CSV file."""

    kind: FileKind
    rows: Iterator[Row]
    is_1904: bool = False
    delimiter: str = ","
    sheets: int = 1
