"""Whatever is done to bookings and their appointments in whatever order: both agree, and nobody is booked twice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from appointments_app.db.models import Appointment, AppointmentStaff, Booking, Change, ChangeLine, Draft, Slot
from appointments_app.db.queries.booking import stored
from appointments_app.domain.appointment import Status
from appointments_app.domain.booking import form_of
from appointments_app.domain.bookings import Keep, status_of
from appointments_app.domain.errors import DomainError
from appointments_app.domain.listing import Selection
from appointments_app.features.appointments import service as appointments
from appointments_app.features.bookings import service
from appointments_app.features.session import service as session
from tests.appointments.conftest import ZONE
from tests.bookings.conftest import Salon, at

MOST = 4
NUMBER = st.integers(0, MOST - 1)
START = st.sampled_from(["2026-03-25 10:00", "2026-03-25 10:30", "2026-03-25 11:00", "2026-03-26 09:00"])
WHO = st.sampled_from(["any", "ada", "ben"])
STEP = st.one_of(
    st.tuples(st.just("book"), START, WHO, st.booleans()),
    st.tuples(st.just("move"), NUMBER, START, WHO),
    st.tuples(st.just("mark"), NUMBER, st.sampled_from(list(Status))),
    st.tuples(st.just("mark_in_list"), st.sets(NUMBER, min_size=1), st.sampled_from([each.value for each in Status])),
    st.tuples(st.just("delete_in_list"), st.sets(NUMBER, min_size=1)),
    st.tuples(st.just("edit"), NUMBER, START, WHO),
    st.tuples(st.just("edit_what_was_kept"), START, WHO),
    st.tuples(st.just("drag"), NUMBER, START),
    st.tuples(st.just("delete"), NUMBER, st.sampled_from(list(Keep))),
    st.tuples(st.just("undo"), st.integers(1, 3)),
    st.tuples(st.just("confirm"), NUMBER),
)


@pytest.mark.parametrize("examples", [25, pytest.param(1_000, marks=pytest.mark.long)])
def test_any_order_of_steps_leaves_bookings_and_appointments_in_agreement(examples: int, salon: Salon):
    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        phases=[Phase.explicit, Phase.generate],
    )
    @given(st.lists(STEP, min_size=3, max_size=14))
    def check(steps: list[tuple]) -> None:
        _empty(salon)
        made: list[int] = []
        for step in steps:
            with suppress(DomainError):  # what is refused may have changed nothing, which the comparison shows
                _do(salon, made, *step)
            _compare(salon)

    check()


def _empty(salon: Salon) -> None:
    with salon.uow.begin() as tx:
        tx.execute(update(Change).values(undone_by=None))
        for table in (AppointmentStaff, ChangeLine, Change, Draft, Slot, Appointment, Booking):
            tx.execute(delete(table))


def _do(salon: Salon, made: list[int], name: str, *values) -> None:
    ada, uow = salon.practice.ada, salon.uow
    of = _appointments(salon)
    if name == "book":
        start, who, is_long = values
        service_id = str(salon.colour if is_long else salon.cut)
        made.append(salon.book(start=at(start), staff=_id(salon, who), service=service_id))
        return
    if name == "undo":
        with uow.read() as tx:
            changes = tx.execute(select(Change.id).order_by(Change.id.desc()).limit(3)).scalars().all()
        if len(changes) >= values[0]:
            session.undo(uow, actor=ada, change_id=changes[values[0] - 1])
        return
    if name in ("mark_in_list", "delete_in_list"):
        chosen = Selection(tuple(of[made[place]] for place in values[0] if place < len(made) and made[place] in of))
        doing: Callable = appointments.delete if name == "delete_in_list" else appointments.set_status
        doing(uow, actor=ada, selection=chosen, **({"status": values[1]} if name == "mark_in_list" else {}))
        return
    if name == "edit_what_was_kept":
        with uow.read() as tx:
            kept = tx.execute(select(Appointment.id).where(Appointment.booking_id.is_(None))).scalars().first()
        _edit(salon, kept or 0, *values)
        return
    if values[0] >= len(made):
        return
    booking_id, rest = made[values[0]], values[1:]
    match name, *rest:
        case "move", start, who:
            service.move(uow, actor=ada, booking_id=booking_id, start=at(start), staff=_id(salon, who))
        case "mark", status:
            service.set_status(uow, actor=ada, booking_id=booking_id, status=status)
        case "delete", keep:
            service.delete(uow, actor=ada, booking_id=booking_id, keep=keep)
        case ("confirm",):
            service.confirm(uow, actor=ada, booking_id=booking_id)
        case "edit", start, who:
            if booking_id in of:
                _edit(salon, of[booking_id], start, who)
        case "drag", start:
            if booking_id in of:
                day, _, time = start.partition(" ")
                seen_at, to = salon.row(booking_id).start_at, appointments.Move(date=day, time=time)
                appointments.move(uow, actor=ada, appointment_id=of[booking_id], seen_at=seen_at, to=to)


def _edit(salon: Salon, appointment_id: int, start: str, who: str) -> None:
    with salon.uow.read() as tx:
        old = stored(tx, salon.practice.ada, appointment_id)
    if old is None:
        return
    staff = [] if who == "any" else [_id(salon, who)]
    day, _, time = start.partition(" ")
    form = {**form_of(old.booking, zone_name=ZONE), "date": day, "time": time, "staff": staff}
    said = {"version": old.version, "reason": "on purpose", "accepted": range(1, 10_000)}
    appointments.edit(salon.uow, actor=salon.practice.ada, appointment_id=appointment_id, form=form, **said)


def _id(salon: Salon, who: str) -> str:
    return who if who == "any" else str(getattr(salon.practice, who).staff_id)


def _appointments(salon: Salon) -> dict[int, int]:
    """Return the appointment of each booking that has one."""
    with salon.uow.read() as tx:
        rows = tx.execute(select(Appointment.booking_id, Appointment.id).where(Appointment.booking_id.is_not(None)))
        return {row[0]: row[1] for row in rows}


def _compare(salon: Salon) -> None:
    with salon.uow.read() as tx:
        bookings = {one.id: one for one in tx.execute(select(Booking)).scalars()}
        linked = {one.booking_id: one for one in tx.execute(select(Appointment)).scalars() if one.booking_id}
        people = {tuple(row) for row in tx.execute(select(AppointmentStaff.appointment_id, AppointmentStaff.staff_id))}
        slots = list(tx.execute(select(Slot)).scalars())
    for booking_id, booking in bookings.items():
        assert booking.deleted_at is not None or booking_id in linked, "a booking without an appointment"
    for booking_id, one in linked.items():
        booking, mine = bookings[booking_id], [slot for slot in slots if slot.booking_id == booking_id]
        assert booking.deleted_at is None or one.deleted_at is not None, "an appointment of a deleted booking"
        assert {(one.id, slot.staff_id) for slot in mine} == {each for each in people if each[0] == one.id}
        status = status_of(one.status, is_deleted=one.deleted_at is not None, is_confirmed=True)
        for slot in mine:
            assert slot.active == (status != "cancelled")
            around = timedelta(minutes=booking.before), timedelta(minutes=booking.after)
            assert (one.start_at - slot.start_at, slot.end_at - one.end_at) == around
    for staff_id in {slot.staff_id for slot in slots}:
        spans = sorted((slot.start_at, slot.end_at) for slot in slots if slot.active and slot.staff_id == staff_id)
        assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))
    unlinked = [slot for slot in slots if slot.active and slot.booking_id not in linked]
    assert not unlinked, "a time that nothing takes"
