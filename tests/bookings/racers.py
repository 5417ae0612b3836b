"""What a process does in the race for one day: book, and now and then cancel what it won."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from appointments_app.db.engine import engine_for
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import Actor
from appointments_app.domain.appointment import Status
from appointments_app.domain.bookings import Taken
from appointments_app.domain.errors import Unavailable
from appointments_app.domain.times import iso
from appointments_app.features.bookings import service
from tests.appointments.conftest import NOON

OPENS = NOON + timedelta(hours=19)
"""Nine o'clock in Cairo on the day that is raced for."""
STARTS = 32


@dataclass(frozen=True)
class Race:
    """Who races where, and for what."""

    url: str
    seed: int
    attempts: int
    actor: Actor
    services: tuple[str, ...]
    staff: str
    client: str


@dataclass
class Outcome:
    """How it went: bookings won and kept, how many attempts lost, and what losers were not told."""

    won: list[int] = field(default_factory=list)
    cancelled: int = 0
    lost: int = 0
    waited: int = 0
    untold: list[str] = field(default_factory=list)


def race(one: Race) -> Outcome:
    """Make all attempts of one process."""
    chance, outcome = random.Random(one.seed), Outcome()
    engine = engine_for(one.url)
    uow = UnitOfWork(engine, clock=lambda: NOON)
    for _ in range(one.attempts):
        start = iso(OPENS + timedelta(minutes=15 * chance.randrange(STARTS)))
        asked = service.Asked(chance.choice(one.services), one.staff, start, one.client)
        try:
            outcome.won.append(service.reserve(uow, actor=one.actor, asked=asked, token=str(uuid.uuid4())))
        except Taken as refusal:
            outcome.lost += 1
            offered = refusal.values.get("free", [])
            if not offered or any(free.start_at == start for free in offered):
                outcome.untold.append(start)
        except Unavailable:
            outcome.waited += 1
        if outcome.won and chance.random() < 0.05:
            booking_id = outcome.won.pop(chance.randrange(len(outcome.won)))
            service.set_status(uow, actor=one.actor, booking_id=booking_id, status=Status.DISMISSED)
            outcome.cancelled += 1
    engine.dispose()
    return outcome
