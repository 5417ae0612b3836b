"""Bookings and changes of a rule at once: nobody is refused, and whatever was on its way follows the last rule."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from appointments_app.db.models import Appointment, Message
from appointments_app.db.queries import booking
from appointments_app.domain.booking import Booking
from appointments_app.features.reminders import service
from tests.appointments.conftest import ZONE, Practice
from tests.messages.test_rules import FORM, plan

ROUNDS, DESKS, EACH = 4, 4, 2
FIRST = datetime(2026, 4, 1, 8, tzinfo=UTC)


def test_r33_nothing_is_missed_while_a_rule_changes(practice: Practice):
    rule = service.save(practice.uow, actor=practice.ada, rule_id=None, values=FORM)
    numbers = iter(range(ROUNDS * DESKS * EACH))
    with ThreadPoolExecutor(DESKS) as threads:
        for version in range(1, ROUNDS + 1):
            on_its_way = threading.Semaphore(0)
            desks = [threads.submit(_book, practice, [next(numbers) for _ in range(EACH)], on_its_way)
                     for _ in range(DESKS)]  # fmt: skip
            on_its_way.acquire()  # somebody has planned by the old rule, and stores it in a moment
            days = {"amount": str(version % 3 + 1)}
            service.save(practice.uow, actor=practice.ada, rule_id=rule, values=FORM | days, version=version)
            plan(practice)
            for desk in desks:
                desk.result(timeout=60)
            assert _planned(practice) == _wanted(practice)
    assert len(_wanted(practice)) == ROUNDS * DESKS * EACH


def _book(practice: Practice, numbers: list[int], on_its_way: threading.Semaphore) -> None:
    for number in numbers:
        start = FIRST + timedelta(hours=number)
        wanted = Booking(practice.cleo, None, start, start + timedelta(minutes=30), ZONE, (), "", False)
        with practice.uow.begin() as tx:
            booking.add(tx, practice.ada, wanted, "")
            on_its_way.release()
            time.sleep(0.1)


def _planned(practice: Practice) -> list[tuple[int, datetime]]:
    with practice.uow.read() as tx:
        planned = select(Message.appointment_id, Message.due_at).where(Message.state == "planned")
        return sorted(map(tuple, tx.execute(planned)))


def _wanted(practice: Practice) -> list[tuple[int, datetime]]:
    (row,) = service.list_rules(practice.uow, actor=practice.ada)
    with practice.uow.read() as tx:
        every = tx.execute(select(Appointment.id, Appointment.start_at)).all()
    return sorted((one, start - timedelta(days=row.amount)) for one, start in every)
