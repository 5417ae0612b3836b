"""Cells as JSON keeps them, with their types."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from appointments_app.domain.importing import Cell

_NAMES = {datetime: "datetime", date: "date", time: "time"}
_TYPES = {name: type_ for type_, name in _NAMES.items()}


def as_stored(cell: Cell) -> Any:
    """Return a cell as JSON can hold it."""
    return {_NAMES[type(cell)]: cell.isoformat()} if isinstance(cell, (date, time)) else cell


def as_cell(stored: Any) -> Cell:
    """Return the cell behind what JSON holds."""
    if not isinstance(stored, dict):
        return stored
    ((name, text),) = stored.items()
    return _TYPES[name].fromisoformat(text)  # type: ignore[attr-defined]
