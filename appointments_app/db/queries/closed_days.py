"""Days on which the business is closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import delete, select

from appointments_app.db.models import ClosedDay
from appointments_app.db.unit_of_work import Tx


def all_days(tx: Tx) -> list[tuple[date, str]]:
    """Return every closed day with its name, the latest first."""
    rows = select(ClosedDay.day, ClosedDay.name).order_by(ClosedDay.day.desc())
    return [tuple(row) for row in tx.execute(rows)]


def names_of(tx: Tx, days: Collection[date]) -> dict[date, str]:
    """Return those of ``days`` that are closed, with their names."""
    rows = select(ClosedDay.day, ClosedDay.name).where(ClosedDay.day.in_(days))
    return dict(tuple(row) for row in tx.execute(rows))


def close(tx: Tx, day: date, name: str) -> None:
    """Note that the business is closed on a day; a day that is closed already gets the new name."""
    tx.merge(ClosedDay(day=day, name=name))
    tx.flush()


def open_again(tx: Tx, day: date) -> bool:
    """Take a closed day back; return whether there was one."""
    return tx.execute(delete(ClosedDay).where(ClosedDay.day == day)).rowcount > 0
