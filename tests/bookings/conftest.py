"""A salon at noon on 24 March 2026 in Cairo: Ada and Ben cut hair, weekdays from nine to five."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from appointments_app.db.models import Service, ServiceStaff
from appointments_app.db.queries import booking, bookings
from appointments_app.db.queries.booking import Stored
from appointments_app.db.queries.bookings import BookingRow
from appointments_app.domain.text import fold
from appointments_app.features.bookings import service
from tests.appointments.conftest import Practice, practice, token

__all__ = ["practice"]


@dataclass
class Salon:
    """The practice of other tests, with services."""

    practice: Practice
    cut: int
    colour: int

    @property
    def uow(self):
        """The unit of work of the practice."""
        return self.practice.uow

    def asked(self, **changes: Any) -> service.Asked:
        """Return what a wizard asks for: a cut with Ben for Cleo tomorrow at ten in Cairo."""
        valid = {
            "service": str(self.cut),
            "staff": str(self.practice.ben.staff_id),
            "start": at("2026-03-25 10:00"),
            "client": str(self.practice.cleo),
        }
        return service.Asked(**(valid | changes))

    def book(self, *, form: str = "", actor=None, **changes: Any) -> int:
        """Book; return the booking's id."""
        asked = self.asked(**changes)
        return service.reserve(self.uow, actor=actor or self.practice.ada, asked=asked, token=form or token())

    def row(self, booking_id: int) -> BookingRow:
        """Return a booking as its page shows it."""
        with self.uow.read() as tx:
            found = bookings.row_of(tx, self.practice.ada, booking_id)
        assert found is not None
        return found.row

    def appointment(self, booking_id: int) -> Stored:
        """Return the appointment of a booking."""
        with self.uow.read() as tx:
            found = booking.stored(tx, self.practice.ada, self.row(booking_id).appointment_id)
        assert found is not None
        return found


def at(cairo: str) -> str:
    """Return the instant of a wall time in Cairo (UTC+2 in March) as an address names it."""
    wall = datetime.fromisoformat(cairo).replace(tzinfo=UTC)
    return wall.replace(hour=wall.hour - 2).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def salon(practice: Practice) -> Salon:
    """The salon."""
    with practice.uow.begin() as tx:
        offered = [
            Service(name="Cut", name_key=fold("Cut"), minutes=30, price=2500, currency="EGP", action_id=practice.call),
            Service(name="Colour", name_key=fold("Colour"), minutes=60, before=10, after=20, currency="EGP"),
        ]
        tx.add_all(offered)
        tx.flush()
        ids = [one.id or 0 for one in offered]
        for one in ids:
            for actor in (practice.ada, practice.ben):
                tx.add(ServiceStaff(service_id=one, staff_id=actor.staff_id or 0))
    return Salon(practice, *ids)
