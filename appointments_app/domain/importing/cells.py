"""The cells of one row by the fields they are taken for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from appointments_app.domain.errors import Invalid
from appointments_app.domain.importing.options import Options
from appointments_app.domain.importing.table import Cell

WHOLE_ROW = -1


class Refused(Exception):
    """A row that can't be taken in: column → why; ``WHOLE_ROW`` where no one cell is to blame."""

    def __init__(self, reasons: Mapping[int, str]) -> None:
        self.reasons = dict(reasons)
        super().__init__()


Columns = Mapping[str, Sequence[int]]
"""Field → the columns that hold it."""


def columns_of(mapping: Mapping[int, str]) -> dict[str, list[int]]:
    """Return the columns of each field."""
    columns: dict[str, list[int]] = {}
    for place, key in sorted(mapping.items()):
        columns.setdefault(key, []).append(place)
    return columns


class RowCells:
    """The cells of one row by field, and what was found wrong with them."""

    def __init__(
        self, columns: Columns, cells: Sequence[Cell], options: Options, today: date, is_1904: bool, is_calendar: bool
    ) -> None:
        self.columns, self.cells, self.options, self.today = columns, cells, options, today
        self.is_1904, self.is_calendar = is_1904, is_calendar
        self.reasons: dict[int, str] = {}
        self._values = {key: self._at(places[0]) for key, places in columns.items()}

    def cell(self, key: str) -> Cell:
        return self._values.get(key)

    def place(self, key: str) -> int:
        return next(iter(self.columns.get(key, ())), WHOLE_ROW)

    def text(self, key: str) -> str:
        return as_text(self.cell(key))

    def joined(self, key: str, between: str) -> str:
        places = [place for place in self.columns.get(key, ()) if place < len(self.cells)]
        return between.join(text for place in places if (text := as_text(self.cells[place]).strip()))

    def refuse(self, key: str, reason: str) -> None:
        self.reasons.setdefault(self.place(key), reason)

    def read(self, key: str, rule: Callable[[Any], Any], value: Any) -> Any:
        """Return what the rule makes of a value; None and a reason at the cell when it refuses."""
        try:
            return rule(value)
        except Invalid as invalid:
            self.refuse(key, next(iter(invalid.fields.values()), invalid.message))
            return None

    def given(self) -> tuple[str, ...]:
        return tuple(
            key
            for key, value in self._values.items()
            if value is not None or any(self._at(place) is not None for place in self.columns[key][1:])
        )

    def _at(self, place: int) -> Cell:
        value = self.cells[place] if place < len(self.cells) else None
        return (value.strip() or None) if isinstance(value, str) else value


def as_text(cell: Cell) -> str:
    """Return a cell as text: whole numbers without a point, dates as ISO writes them."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)
