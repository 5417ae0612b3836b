"""Reading and writing working hours: of the business, of one person, of everybody at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, insert, or_, select

from appointments_app.db.models import Business, ClosedDay, Leave, OtherHours, Shift, Staff
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.availability import Hours, Span

Week = Mapping[int, Sequence[Span]]


@dataclass(frozen=True)
class Absence:
    """A leave of one person."""

    staff_id: int
    name: str
    first_day: date
    last_day: date
    note: str


@dataclass(frozen=True)
class DayOff:
    """A leave, or a day with other hours (``opens`` < ``closes``), as the settings list it."""

    id: int
    first_day: date
    last_day: date
    opens: int = 0
    closes: int = 0
    note: str = ""


def week_of(tx: Tx, staff_id: int | None) -> dict[int, list[Span]]:
    """Return the weekly hours of one person, or those of the business for None; empty when none are set."""
    own = Shift.staff_id.is_(None) if staff_id is None else Shift.staff_id == staff_id
    return _weeks(tx.execute(select(Shift.staff_id, Shift.weekday, Shift.opens, Shift.closes).where(own))).get(
        staff_id, {}
    )


def earliest(tx: Tx) -> int | None:
    """Return when the business opens at the earliest, in minutes of the day; None when it has no hours set."""
    return tx.execute(select(func.min(Shift.opens)).where(Shift.staff_id.is_(None))).scalar()


def write_week(tx: Tx, staff_id: int | None, week: Week) -> None:
    """Give one person, or the business, these weekly hours; none at all: those of the business count."""
    tx.execute(delete(Shift).where(Shift.staff_id.is_(None) if staff_id is None else Shift.staff_id == staff_id))
    rows = [
        {"staff_id": staff_id, "weekday": day, "opens": opens, "closes": closes}
        for day, spans in week.items()
        for opens, closes in spans
    ]
    if rows:
        tx.execute(insert(Shift), rows)


def days_off(tx: Tx, staff_id: int, *, since: date) -> tuple[list[DayOff], list[DayOff]]:
    """Return a person's leave and days with other hours that are not over by ``since``, the next ones first."""
    leave = select(Leave.id, Leave.first_day, Leave.last_day, Leave.note).where(
        Leave.staff_id == staff_id, Leave.last_day >= since
    )
    others = select(OtherHours.id, OtherHours.day, OtherHours.opens, OtherHours.closes).where(
        OtherHours.staff_id == staff_id, OtherHours.day >= since
    )
    return (
        [DayOff(row[0], row[1], row[2], note=row[3]) for row in tx.execute(leave.order_by(Leave.first_day, Leave.id))],
        [
            DayOff(row[0], row[1], row[1], row[2], row[3])
            for row in tx.execute(others.order_by(OtherHours.day, OtherHours.opens))
        ],
    )


def absences(tx: Tx, staff_ids: Sequence[int], first: date, last: date) -> list[Absence]:
    """Return the leave of some people that touches these days, by name."""
    found = (
        select(Leave.staff_id, Staff.name, Leave.first_day, Leave.last_day, Leave.note)
        .join(Staff, Staff.id == Leave.staff_id)
        .where(Leave.staff_id.in_(staff_ids), Leave.first_day <= last, Leave.last_day >= first)
        .order_by(Staff.name, Leave.first_day, Leave.id)
    )
    return [Absence(*row) for row in tx.execute(found)]


def write_day(tx: Tx, staff_id: int, day: date, spans: Sequence[Span]) -> None:
    """Give a person these hours on one day; none: the usual ones."""
    tx.execute(delete(OtherHours).where(OtherHours.staff_id == staff_id, OtherHours.day == day))
    for opens, closes in spans:
        tx.execute(insert(OtherHours).values(staff_id=staff_id, day=day, opens=opens, closes=closes))


def everybody(tx: Tx, staff_ids: Sequence[int], first: date, last: date) -> tuple[dict[int, Hours], set[date]]:
    """Return the hours of some people between two days, and the closed days; in a constant number of statements."""
    zone = tx.execute(select(Business.time_zone)).scalar() or "UTC"
    people = tx.execute(select(Staff.id, Staff.time_zone).where(Staff.id.in_(staff_ids))).all()
    theirs = or_(Shift.staff_id.is_(None), Shift.staff_id.in_(staff_ids))
    weeks = _weeks(tx.execute(select(Shift.staff_id, Shift.weekday, Shift.opens, Shift.closes).where(theirs)))
    others: dict[int, dict[date, list[Span]]] = {}
    found = select(OtherHours.staff_id, OtherHours.day, OtherHours.opens, OtherHours.closes).where(
        OtherHours.staff_id.in_(staff_ids), OtherHours.day >= first, OtherHours.day <= last
    )
    for staff_id, day, opens, closes in tx.execute(found):
        others.setdefault(staff_id, {}).setdefault(day, []).append((opens, closes))
    away: dict[int, list[tuple[date, date]]] = {}
    absences = select(Leave.staff_id, Leave.first_day, Leave.last_day).where(
        Leave.staff_id.in_(staff_ids), Leave.first_day <= last, Leave.last_day >= first
    )
    for staff_id, begins, ends in tx.execute(absences):
        away.setdefault(staff_id, []).append((begins, ends))
    closed = set(tx.execute(select(ClosedDay.day).where(ClosedDay.day >= first, ClosedDay.day <= last)).scalars())
    usual = weeks.get(None, {})
    hours = {
        staff_id: Hours(own or zone, weeks.get(staff_id) or usual, others.get(staff_id, {}), away.get(staff_id, ()))
        for staff_id, own in people
    }
    return hours, closed


def _weeks(rows: Iterable[Any]) -> dict[int | None, dict[int, list[Span]]]:
    weeks: dict[int | None, dict[int, list[Span]]] = {}
    for staff_id, weekday, opens, closes in rows:
        weeks.setdefault(staff_id, {}).setdefault(weekday, []).append((opens, closes))
    return {who: {day: sorted(week[day]) for day in sorted(week)} for who, week in weeks.items()}
