"""Many processes book one person's day at the same moment: no overlap, and every loser is offered something else."""

from __future__ import annotations

import multiprocessing
from itertools import pairwise

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from appointments_app.db.models import Appointment, AppointmentStaff, Slot
from tests.bookings.conftest import Salon, at
from tests.bookings.racers import Race, race

PROCESSES = 4


@pytest.mark.parametrize("attempts", [120, pytest.param(10_000, marks=pytest.mark.long)])
def test_nobody_is_booked_twice_and_losers_are_told(salon: Salon, database_url: str, attempts: int):
    practice = salon.practice
    what = (practice.ada, (str(salon.cut), str(salon.colour)), str(practice.ben.staff_id), str(practice.cleo))
    races = [Race(database_url, seed, attempts // PROCESSES, *what) for seed in range(PROCESSES)]
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        outcomes = pool.map(race, races)
    won = sorted(booking for outcome in outcomes for booking in outcome.won)
    with salon.uow.read() as tx:
        taken = tx.execute(
            select(Slot.start_at, Slot.end_at, Slot.booking_id).where(Slot.active).order_by(Slot.start_at)
        )
        slots = [tuple(row) for row in taken]
        busy = select(AppointmentStaff.start_at, AppointmentStaff.end_at).join(
            Appointment, Appointment.id == AppointmentStaff.appointment_id
        )
        spans = [tuple(row) for row in tx.execute(busy.where(Appointment.status == "scheduled").order_by("start_at"))]
    assert sorted(slot[2] for slot in slots) == won and len(won) > 5
    for rows in (slots, spans):
        assert all(earlier[1] <= later[0] for earlier, later in pairwise(rows))
    tried = sum(len(outcome.won) + outcome.cancelled + outcome.lost for outcome in outcomes)
    assert tried == attempts and not any(outcome.waited or outcome.untold for outcome in outcomes)


def test_the_database_itself_refuses_slots_that_overlap(salon: Salon):
    salon.book()
    with salon.uow.read() as tx:
        row = tx.execute(select(Slot)).scalar_one()
        values = {"staff_id": row.staff_id, "start_at": row.start_at, "end_at": row.end_at}
    with pytest.raises(IntegrityError), salon.uow.begin() as tx:
        tx.execute(insert(Slot).values(**values, active=True))
    with salon.uow.begin() as tx:
        tx.execute(insert(Slot).values(**values, active=False))
        next_to_it = {"staff_id": row.staff_id, "start_at": row.end_at, "end_at": row.end_at.replace(hour=23)}
        tx.execute(insert(Slot).values(**next_to_it, active=True))
    with pytest.raises(IntegrityError), salon.uow.begin() as tx:
        tx.execute(Slot.__table__.update().where(Slot.active.is_(False)).values(active=True))


def test_a_time_is_free_up_to_the_next_one(salon: Salon):
    salon.book()
    assert salon.book(start=at("2026-03-25 10:30"))
