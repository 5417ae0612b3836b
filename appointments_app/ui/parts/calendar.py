"""The calendar by month, week, day and agenda, and the board of one day. Loaded by the pages that show them only."""

from typing import Any

import reflex as rx
from reflex_components_lucide.icon import LUCIDE_LIBRARY

from appointments_app.ui.parts.assets import script

_FULL_CALENDAR = [
    f"@fullcalendar/{part}@6.1.21" for part in ("core", "react", "daygrid", "timegrid", "list", "interaction")
]


def _id(entry: rx.Var[int]) -> tuple[rx.Var[int]]:
    return (entry,)


def _day(day: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (day,)


def _three(start: rx.Var[str], end: rx.Var[str], staff: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str], rx.Var[str]]:
    return (start, end, staff)


def _moved(
    entry: rx.Var[int],
    at: rx.Var[str],
    start: rx.Var[str],
    minutes: rx.Var[int],
    from_staff: rx.Var[str],
    to_staff: rx.Var[str],
) -> tuple[rx.Var[int], rx.Var[str], rx.Var[str], rx.Var[int], rx.Var[str], rx.Var[str]]:
    return (entry, at, start, minutes, from_staff, to_staff)


class _Grid(rx.NoSSRComponent):
    """What both have. Times are wall times, ``2026-03-24T10:00``.

    Events: on_open(id); on_move(id, instant it began, new start, new minutes or 0, staff from, staff to);
    on_create(start, end or '', staff or '').
    """

    date: rx.Var[str]
    entries: rx.Var[list[Any]]
    people: rx.Var[list[Any]]
    """{id, name, colour}."""
    hours: rx.Var[list[Any]]
    """{day, staff, spans}: when somebody works, in minutes of the day; staff '': all together."""
    away: rx.Var[list[Any]]
    """{staff, name, first_day, last_day, note}."""
    colour: rx.Var[str]
    zone: rx.Var[str]
    editable: rx.Var[bool]
    addable: rx.Var[bool]
    refused: rx.Var[int]
    """Counts refused moves: with each, what was dropped springs back."""
    on_open: rx.EventHandler[_id]
    on_move: rx.EventHandler[_moved]
    on_create: rx.EventHandler[_three]


class Calendar(_Grid):
    """Appointments of a month, a week, a day. Event: on_day(day)."""

    library = script("calendar.jsx")
    tag = "Calendar"
    lib_dependencies: list[str] = [*_FULL_CALENDAR, LUCIDE_LIBRARY]  # noqa: RUF012  Reflex reads it as a field
    view: rx.Var[str]
    days: rx.Var[list[Any]]
    """{day, count, closed, is_closed}."""
    first_weekday: rx.Var[int]
    crowded: rx.Var[bool]
    alone: rx.Var[bool]
    """Whether the appointments of one person are shown."""
    on_day: rx.EventHandler[_day]


class Board(_Grid):
    """One day, with a column for each of ``people`` and one for what is unassigned."""

    library = script("board.jsx")
    tag = "Board"
    lib_dependencies: list[str] = [LUCIDE_LIBRARY]  # noqa: RUF012  Reflex reads it as a field
    closed: rx.Var[bool]


calendar = Calendar.create
board = Board.create
