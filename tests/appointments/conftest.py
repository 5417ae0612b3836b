"""A small practice: two people who work there, two clients, two actions, and forms that are valid unless changed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from appointments_app.db.models import Action, Business, Client, Staff, WorkOrder
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import ROLES, Actor, Role
from appointments_app.domain.text import fold

NOON = datetime(2026, 3, 24, 12, tzinfo=UTC)
ZONE = "Africa/Cairo"


@dataclass
class Practice:
    """The people and things that tests speak of."""

    uow: UnitOfWork
    ada: Actor
    ben: Actor
    cleo: int
    omar: int
    call: int
    consultation: int
    now: list[datetime] = field(default_factory=lambda: [NOON])

    def form(self, **changes: Any) -> dict[str, Any]:
        """Return a valid form: Cleo, tomorrow at ten in Cairo, half an hour, nobody assigned."""
        valid = {
            "client": str(self.cleo),
            "action": str(self.call),
            "date": "2026-03-25",
            "time": "10:00",
            "duration": "30",
            "staff": [],
            "notes": "",
            "shared": False,
        }
        return valid | changes

    def order(self, **changes: Any) -> int:
        """Have an open work order of Cleo's; return its id."""
        with self.uow.begin() as tx:
            values = {"client_id": self.cleo, "title": "Lift", "number": "1024", "status": "open", "currency": "EUR"}
            order = WorkOrder(**values | {"created_at": NOON, "created_by": self.ada.staff_id} | changes)
            order.number_key = order.number
            tx.add(order)
            tx.flush()
            assert order.id is not None
            return order.id

    def later(self, **by: float) -> None:
        """Let time pass."""
        self.now[0] += timedelta(**by)


def token() -> str:
    """Return the token of a new form."""
    return str(uuid.uuid4())


@pytest.fixture
def practice(engine: Engine) -> Practice:
    """The practice at noon (UTC) on 24 March 2026."""
    now = [NOON]
    uow = UnitOfWork(engine, clock=lambda: now[0])
    with uow.begin() as tx:
        tx.add(Business(name="Nile Clinic", time_zone=ZONE, language="en", phone_region="EG", created_at=NOON))
        people = [
            Staff(name=name, email=f"{name.lower()}@example.com", role=role, created_at=NOON)
            for name, role in (("Ada", Role.OWNER), ("Ben", Role.RECEPTIONIST))
        ]
        clients = [Client(name=name, sort_name=fold(name), created_at=NOON) for name in ("Cleo", "Omar")]
        actions = [
            Action(name=name, name_key=fold(name), position=place, default_duration=minutes)
            for place, (name, minutes) in enumerate((("Follow-up call", 15), ("Consultation", None)), start=1)
        ]
        tx.add_all([*people, *clients, *actions])
        tx.flush()
        ada, ben = (Actor(one.id, one.name, Role(one.role), "en", ZONE, ROLES[Role(one.role)]) for one in people)
        ids = [one.id or 0 for one in (*clients, *actions)]
    return Practice(uow, ada, ben, *ids, now=now)
