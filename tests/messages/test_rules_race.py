"""Bookings, changes of a rule and planning anew at once: nobody is refused, and in the end the last rule holds."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from appointments_app.db.models import Appointment, Message
from appointments_app.db.queries import booking
from appointments_app.domain.booking import Booking
from appointments_app.features.reminders import service
from tests.appointments.conftest import ZONE, Practice
from tests.messages.test_rules import FORM, plan

DESKS, EACH = 4, 30
FIRST = datetime(2026, 4, 1, 8, tzinfo=UTC)


def test_r33_nothing_is_missed_while_a_rule_changes(practice: Practice):
    rule = service.save(practice.uow, actor=practice.ada, rule_id=None, values=FORM)
    is_over = threading.Event()

    def book(desk: int) -> None:
        for number in range(EACH):
            start = FIRST + timedelta(hours=desk * EACH + number)
            wanted = Booking(practice.cleo, None, start, start + timedelta(minutes=30), ZONE, (), "", False)
            with practice.uow.begin() as tx:
                booking.add(tx, practice.ada, wanted, "")

    def change() -> int:
        version = 1
        while not is_over.is_set():
            days = {"amount": str(version % 3 + 1)}
            service.save(practice.uow, actor=practice.ada, rule_id=rule, values=FORM | days, version=version)
            version += 1
        return version

    def plan_anew() -> None:
        while not is_over.is_set():
            service.replan(practice.uow)

    with ThreadPoolExecutor(DESKS + 2) as threads:
        others = [threads.submit(change), threads.submit(plan_anew)]
        for desk in [threads.submit(book, number) for number in range(DESKS)]:
            desk.result(timeout=60)
        is_over.set()
        changes, _ = (other.result(timeout=60) for other in others)
    plan(practice)
    assert changes > 3, "the rule did not change meanwhile"
    (row,) = service.list_rules(practice.uow, actor=practice.ada)
    with practice.uow.read() as tx:
        wanted = {(one, start - timedelta(days=row.amount)) for one, start in tx.execute(
            select(Appointment.id, Appointment.start_at)
        )}  # fmt: skip
        planned = list(tx.execute(select(Message.appointment_id, Message.due_at).where(Message.state == "planned")))
    assert sorted(map(tuple, planned)) == sorted(wanted) and len(planned) == DESKS * EACH
