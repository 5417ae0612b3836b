"""A file as a table: what every kind of file becomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
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

    ``moved``: recurrence id → start (an instant, a wall time where it has no zone, a day where it lasts all day) and
    minutes, 0 for as long as the others; ``cancelled``: recurrence ids of those that do not take place. Where all of
    them last all day, recurrence ids are midnights.
    """

    dtstart: datetime
    time_zone: str
    rrule: str
    cancelled: frozenset[datetime] = frozenset()
    moved: Mapping[datetime, tuple[datetime | date, int]] = field(default_factory=dict)
    all_day: bool = False

    def begun(self, at: time | None) -> Repeating:
        """Return it with what lasts all day beginning at a wall time; None: such exceptions are as the others."""
        timed = {name: (begin, long) for name, (begin, long) in self.moved.items() if isinstance(begin, datetime)}
        if at is None:
            return replace(self, moved=timed)
        moved = {name: timed.get(name) or (datetime.combine(day, at), long) for name, (day, long) in self.moved.items()}
        if not self.all_day:
            return replace(self, moved=moved)

        def named(name: datetime) -> datetime:
            return datetime.combine(name, at)

        return replace(
            self,
            dtstart=named(self.dtstart),
            cancelled=frozenset(map(named, self.cancelled)),
            moved={named(name): one for name, one in moved.items()},
            all_day=False,
        )


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
