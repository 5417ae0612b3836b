"""What tests of booking do at the desk: book, edit, be refused, many at once."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from appointments_app.db.models import Appointment
from appointments_app.db.queries import booking
from appointments_app.domain.booking import form_of
from appointments_app.domain.errors import Invalid
from appointments_app.features.appointments import service
from tests.appointments.conftest import Practice, token


def book(practice: Practice, **changes) -> int:
    """Book a valid form with these changes; return the id."""
    return service.book(practice.uow, actor=practice.ada, form=practice.form(**changes), token=token())


def stored(practice: Practice, appointment_id: int) -> booking.Stored:
    """Return an appointment as it is stored."""
    with practice.uow.read() as tx:
        found = booking.stored(tx, practice.ada, appointment_id)
    assert found is not None
    return found


def edit(practice: Practice, appointment_id: int, *, version: int = 1, actor=None, **changes):
    """Save an appointment's form with these changes."""
    values = {name: changes.pop(name) for name in ("since", "reason", "accepted") if name in changes}
    form = form_of(stored(practice, appointment_id).booking, zone_name="Africa/Cairo") | changes
    return service.edit(
        practice.uow, actor=actor or practice.ada, appointment_id=appointment_id, form=form, version=version, **values
    )


def count_of(practice: Practice, table=Appointment) -> int:
    """Return how many rows a table has."""
    with practice.uow.read() as tx:
        return tx.execute(select(func.count()).select_from(table)).scalar_one()


def refused(practice: Practice, **changes) -> dict[str, str]:
    """Return the messages at the fields of a form that is refused."""
    with pytest.raises(Invalid) as refusal:
        book(practice, **changes)
    assert count_of(practice) == 0
    return refusal.value.fields


def at_once(work, times: int) -> list:
    """Run the same work in so many threads at the same moment; return results and errors."""
    start, results = threading.Barrier(times), []

    def run():
        start.wait()
        try:
            results.append(work())
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
