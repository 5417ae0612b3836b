"""What clients are told of bookings."""

from __future__ import annotations

from sqlalchemy import update

from appointments_app.db.models import Message
from appointments_app.domain.appointment import Status
from appointments_app.domain.bookings import Keep
from appointments_app.features.bookings import service
from tests.bookings.conftest import Salon, at
from tests.messages.reminders import a_rule, notices


def _all_is_sent(salon: Salon) -> None:
    with salon.uow.begin() as tx:
        tx.execute(update(Message).values(state="sent"))


def test_a_booking_that_is_pending_is_not_confirmed_by_coming_back_and_nobody_is_told_twice(salon: Salon):
    ada = salon.practice.ada
    for anchor in ("confirmed", "cancelled"):
        a_rule(salon.practice, amount=0, anchor=anchor, name=anchor)
    pending = salon.book(confirmed=False)
    salon.practice.later(minutes=2)
    service.set_status(salon.uow, actor=ada, booking_id=pending, status=Status.DISMISSED)
    _all_is_sent(salon)
    service.set_status(salon.uow, actor=ada, booking_id=pending, status=Status.SCHEDULED)
    assert notices(salon.practice) == ["cancelled sent 25 08:00"]
    service.confirm(salon.uow, actor=ada, booking_id=pending)
    service.set_status(salon.uow, actor=ada, booking_id=pending, status=Status.DISMISSED)
    service.set_status(salon.uow, actor=ada, booking_id=pending, status=Status.SCHEDULED)
    assert notices(salon.practice)[1:] == ["confirmed planned 25 08:00", "cancelled taken_back 25 08:00"]


def test_clients_are_told_when_a_booking_is_confirmed_moved_and_cancelled(salon: Salon):
    for anchor in ("confirmed", "moved", "cancelled"):
        a_rule(salon.practice, amount=0, anchor=anchor, name=anchor, shared_only=True)
    pending = salon.book(confirmed=False, shared=False)
    assert notices(salon.practice) == []
    service.confirm(salon.uow, actor=salon.practice.ada, booking_id=pending)
    service.confirm(salon.uow, actor=salon.practice.ada, booking_id=pending)
    assert notices(salon.practice) == ["confirmed planned 25 08:00"]
    salon.practice.later(minutes=2)
    service.move(salon.uow, actor=salon.practice.ada, booking_id=pending, start=at("2026-03-25 11:00"))
    assert notices(salon.practice)[1:] == ["moved planned 25 09:00"]
    service.set_status(salon.uow, actor=salon.practice.ada, booking_id=pending, status=Status.DISMISSED)
    assert notices(salon.practice)[1:] == ["moved dismissed 25 09:00", "cancelled planned 25 08:00"]
    other = salon.book(start=at("2026-03-26 10:00"))
    salon.practice.later(minutes=2)
    service.delete(salon.uow, actor=salon.practice.ada, booking_id=other, keep=Keep.APPOINTMENT)
    assert len(notices(salon.practice)) == 3, "the appointment stays"
    third = salon.book(start=at("2026-03-26 12:00"))
    salon.practice.later(minutes=2)
    service.delete(salon.uow, actor=salon.practice.ada, booking_id=third, keep=Keep.NOTHING)
    assert notices(salon.practice)[3:] == ["cancelled planned 26 10:00"]
