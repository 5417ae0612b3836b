"""A business, two people who work there, and an appointment where a test wants one."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from appointments_app.db.models import Appointment, Business, Staff
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import ROLES, Actor, Role

NOON = datetime(2026, 3, 24, 12, tzinfo=UTC)


@pytest.fixture
def uow(engine: Engine) -> UnitOfWork:
    """Transactions at noon on 24 March 2026, in a business whose phone numbers are Egyptian."""
    uow = UnitOfWork(engine, clock=lambda: NOON)
    with uow.begin() as tx:
        tx.add(
            Business(name="Nile Clinic", time_zone="Africa/Cairo", language="en", phone_region="EG", created_at=NOON)
        )
    return uow


@pytest.fixture
def ada(uow: UnitOfWork) -> Actor:
    """Ada, who owns the business."""
    return _hire(uow, "Ada")


@pytest.fixture
def ben(uow: UnitOfWork) -> Actor:
    """Ben, who works there."""
    return _hire(uow, "Ben")


def book(uow: UnitOfWork, client_id: int, *, hours: float = 24, status: str = "scheduled") -> int:
    """Put an hour's appointment into the diary, so many hours from noon; return its id."""
    start = NOON + timedelta(hours=hours)
    with uow.begin() as tx:
        row = Appointment(
            uid=str(uuid.uuid4()),
            client_id=client_id,
            start_at=start,
            end_at=start + timedelta(hours=1),
            time_zone="Africa/Cairo",
            status=status,
            created_at=NOON,
        )
        tx.add(row)
        tx.flush()
        assert row.id is not None
        return row.id


def _hire(uow: UnitOfWork, name: str) -> Actor:
    with uow.begin() as tx:
        row = Staff(name=name, email=f"{name.lower()}@example.com", role=Role.RECEPTIONIST, created_at=NOON)
        tx.add(row)
        tx.flush()
        return Actor(row.id, name, Role.RECEPTIONIST, "en", "Africa/Cairo", ROLES[Role.RECEPTIONIST])
