"""What tests of series do at the desk: book one, look at its dates, change it as far as is said."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from appointments_app.db.models import Appointment, Series
from appointments_app.domain.access import Actor
from appointments_app.domain.listing import Selection
from appointments_app.features.appointments import service
from tests.appointments.conftest import Practice
from tests.appointments.desk import book

WEEKLY = {"recurring": True, "frequency": "weekly"}
DAILY_SIX = {"recurring": True, "frequency": "daily", "ends": "after", "count": "6"}

__all__ = [
    "DAILY_SIX",
    "WEEKLY",
    "book",
    "change",
    "dates",
    "in_series",
    "mark",
    "occurrences",
    "opened",
    "starts",
    "stored_series",
]


def occurrences(practice: Practice) -> list[Appointment]:
    """Return the appointments that are not deleted, by start."""
    with practice.uow.read() as tx:
        statement = select(Appointment).where(Appointment.deleted_at.is_(None))
        return list(tx.execute(statement.order_by(Appointment.start_at, Appointment.id)).scalars())


def in_series(practice: Practice) -> list[Appointment]:
    """Return those of them that are of a series."""
    return [one for one in occurrences(practice) if one.series_id is not None]


def starts(found: list[Appointment]) -> list[str]:
    """Return the day and the UTC time of each."""
    return [f"{one.start_at:%Y-%m-%d %H:%M}" for one in found]


def stored_series(practice: Practice) -> list[Series]:
    """Return every series, in the order in which they were made."""
    with practice.uow.read() as tx:
        return list(tx.execute(select(Series).order_by(Series.id)).scalars())


def mark(practice: Practice, appointment_id: int, status: str) -> None:
    """Give one appointment a status."""
    service.set_status(practice.uow, actor=practice.ada, selection=Selection(ids=(appointment_id,)), status=status)


def dates(practice: Practice) -> list[str]:
    """Return month and day of each."""
    return [f"{one.start_at:%m-%d}" for one in occurrences(practice)]


def opened(practice: Practice, appointment_id: int, *, actor: Actor | None = None) -> service.OpenForm:
    """Return the form of an occurrence as it is stored."""
    return service.open_one(practice.uow, actor=actor or practice.ada, appointment_id=appointment_id, theirs=True)


def change(practice: Practice, appointment_id: int, *, actor: Actor | None = None, **changes: Any) -> bool:
    """Save an occurrence's form with these changes; ``stands`` is the form as it was opened, else it is opened now."""
    given = ("reach", "settled", "by_hand", "reason", "accepted")
    values = {name: changes.pop(name) for name in given if name in changes}
    stands = changes.pop("stands", None) or opened(practice, appointment_id, actor=actor)
    return service.edit(
        practice.uow, actor=actor or practice.ada, appointment_id=appointment_id, form={**stands.form, **changes},
        version=stands.version, since=stands.since, **values,
    )  # fmt: skip
