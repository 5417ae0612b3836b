"""Booking: only what is free, the appointment with it in one transaction, and what becomes of both."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from appointments_app.db.models import Appointment, Booking, Slot
from appointments_app.db.queries import history, hours, slots
from appointments_app.domain.appointment import Status
from appointments_app.domain.bookings import Keep, Taken
from appointments_app.domain.errors import Clash, Invalid, NotFound
from appointments_app.domain.listing import AppointmentFilter, Place, Selection
from appointments_app.features.appointments import service as appointments
from appointments_app.features.bookings import service
from appointments_app.features.imports import service as imports
from appointments_app.features.session import service as session
from tests.appointments.conftest import token
from tests.appointments.desk import book as book_appointment
from tests.appointments.desk import edit, stored
from tests.bookings.conftest import Salon, at
from tests.messages.reminders import a_rule, messages


def times(free: service.FreeDays, day: str) -> list[str]:
    """Return the starts on one day as a clock in UTC shows them."""
    return [start[11:16] for one in free.days if one.day == day for start in one.starts]


def free(salon: Salon, *, staff: object = None, day: str = "2026-03-25", of: int = 0) -> list[str]:
    """Return the free starts of a day, in UTC."""
    found = service.free_days(
        salon.uow,
        actor=salon.practice.ada,
        service_id=str(of or salon.cut),
        staff=str(staff or salon.practice.ben.staff_id),
        day=day,
    )
    return times(found, day)


def count(salon: Salon, *conditions) -> int:
    """Return how many slots there are."""
    with salon.uow.read() as tx:
        return tx.execute(select(func.count()).select_from(Slot).where(*conditions)).scalar_one()


def test_no_file_changes_the_appointment_of_a_booking(salon: Salon, tmp_path: Path):
    stands = salon.appointment(salon.book())
    path, actor = tmp_path / "cancelled.csv", salon.practice.ada
    path.write_text(f"Client,Start,Status\nCleo,{stands.booking.start_at.isoformat()},Cancelled\n")
    run = imports.take_in(salon.uow, actor=actor, path=path, name=path.name, kind="appointments")
    imports.choose_option(salon.uow, actor=actor, run_id=run, name="twins", value="update")
    assert imports.carry_out(salon.uow, actor=actor, run_id=run) == imports.Result(skipped=1)
    assert salon.appointment(stands.booking_id or 0) == stands


def test_r1_a_booking_is_made_with_its_appointment(salon: Salon):
    booking_id = salon.book(notes="Short, please")
    row, appointment = salon.row(booking_id), salon.appointment(booking_id)
    assert (row.service, row.client, row.status, row.price, row.minutes) == ("Cut", "Cleo", "confirmed", "25.00", 30)
    assert [one.name for one in row.staff] == ["Ben"]
    assert appointment.booking.start_at == datetime(2026, 3, 25, 8, tzinfo=UTC)
    assert (appointment.booking.notes, appointment.booking.action_id) == ("Short, please", salon.practice.call)
    assert (appointment.booking.staff_ids, appointment.booking_id) == ((salon.practice.ben.staff_id,), booking_id)


def test_what_is_booked_is_not_offered_again(salon: Salon):
    assert free(salon)[:4] == ["07:00", "07:15", "07:30", "07:45"]
    salon.book()
    assert free(salon)[:5] == ["07:00", "07:15", "07:30", "08:30", "08:45"]
    assert "08:00" in free(salon, staff=salon.practice.ada.staff_id)


def test_buffers_stay_free_of_bookings_and_appointments(salon: Salon):
    book_appointment(salon.practice, staff=[str(salon.practice.ben.staff_id)], date="2026-03-25", time="12:00")
    offered = free(salon, of=salon.colour)
    assert "08:45" not in offered and "08:30" in offered  # 9:50 at the latest with what is cleaned up, 10:00 is taken
    assert offered[offered.index("08:30") + 1] == "10:45"  # 10:30 + 10 minutes before it


def test_the_last_free_start_is_taken_once(salon: Salon):
    salon.book()
    with pytest.raises(Taken) as refusal:
        salon.book(client=str(salon.practice.omar))
    offered = refusal.value.values["free"]
    assert [one.start_at for one in offered] == [
        f"2026-03-25T{time}:00Z" for time in ("07:00", "07:15", "07:30", "08:30", "08:45", "09:00")
    ]
    assert {chip.name for one in offered for chip in one.staff} == {"Ben"}


def test_anyone_is_whoever_is_free_and_has_the_least_to_do(salon: Salon):
    book_appointment(salon.practice, staff=[str(salon.practice.ada.staff_id)], date="2026-03-25", time="15:00")
    assert [one.name for one in salon.row(salon.book(staff="any")).staff] == ["Ben"]
    assert [one.name for one in salon.row(salon.book(staff="any")).staff] == ["Ada"]
    with pytest.raises(Taken) as refusal:
        salon.book(staff="any")
    assert {chip.name for chip in refusal.value.values["free"][0].staff} == {"Ada", "Ben"}


@pytest.mark.parametrize(
    "start",
    [
        "2026-03-25T06:00:00Z",
        "2026-03-25T08:07:00Z",
        "2026-03-25T15:00:00Z",
        "2026-03-28T08:00:00Z",
        "2026-03-20T08:00:00Z",
    ],
)
def test_only_what_is_offered_can_be_booked(salon: Salon, start: str):
    with pytest.raises(Taken):
        salon.book(start=start)


@pytest.mark.parametrize(
    "changes",
    [
        {"start": "x"},
        {"start": 7},
        {"start": "2026-03-25T25:00:00Z"},
        {"service": "999"},
        {"service": {}},
        {"service": ""},
    ],
)
def test_what_is_no_start_and_no_service_is_not_found(salon: Salon, changes: dict):
    with pytest.raises(NotFound):
        salon.book(**changes)


def test_a_booking_needs_a_client_who_can_be_booked_for(salon: Salon):
    with pytest.raises(Invalid) as refusal:
        salon.book(client="4711")
    assert "client" in refusal.value.fields
    assert count(salon) == 0


def test_saving_twice_books_once(salon: Salon):
    form = token()
    assert salon.book(form=form) == salon.book(form=form)
    with pytest.raises(NotFound):
        salon.book(form=form, actor=salon.practice.ben)


def test_hours_leave_and_other_hours_decide(salon: Salon):
    ben = salon.practice.ben.staff_id or 0
    with salon.uow.begin() as tx:
        hours.write_week(tx, ben, {2: [(600, 660)]})
    assert free(salon) == ["08:00", "08:15", "08:30"]
    with salon.uow.begin() as tx:
        hours.write_day(tx, ben, date(2026, 3, 25), [(720, 750)])
    assert free(salon) == ["10:00"]


def test_a_booking_is_moved_to_free_starts_only(salon: Salon):
    first, second = salon.book(), salon.book(start=at("2026-03-25 11:00"))
    with pytest.raises(Taken) as refusal:
        service.move(salon.uow, actor=salon.practice.ada, booking_id=first, start=at("2026-03-25 11:00"))
    assert "2026-03-25T08:00:00Z" in [
        one.start_at for one in refusal.value.values["free"]
    ]  # its own time is free for it
    service.move(salon.uow, actor=salon.practice.ada, booking_id=first, start=at("2026-03-25 12:00"))
    assert salon.row(first).start_at == "2026-03-25T10:00:00Z"
    assert "08:00" in free(salon) and "10:00" not in free(salon)
    service.move(
        salon.uow,
        actor=salon.practice.ada,
        booking_id=second,
        start=at("2026-03-25 12:00"),
        staff=str(salon.practice.ada.staff_id),
    )
    assert [one.name for one in salon.row(second).staff] == ["Ada"]


def test_a_cancelled_booking_gives_its_time_back_and_comes_back_while_it_is_free(salon: Salon):
    booking_id, ada = salon.book(), salon.practice.ada
    service.set_status(salon.uow, actor=ada, booking_id=booking_id, status=Status.DISMISSED)
    assert (salon.row(booking_id).status, salon.appointment(booking_id).status) == ("cancelled", "dismissed")
    assert "08:00" in free(salon)
    service.set_status(salon.uow, actor=ada, booking_id=booking_id, status=Status.SCHEDULED)
    assert salon.row(booking_id).status == "confirmed" and "08:00" not in free(salon)
    service.set_status(salon.uow, actor=ada, booking_id=booking_id, status=Status.DISMISSED)
    salon.book()
    for status in (Status.SCHEDULED, Status.DONE):
        with pytest.raises(Clash):
            service.set_status(salon.uow, actor=ada, booking_id=booking_id, status=status)


def test_what_lists_do_to_the_appointment_the_booking_follows(salon: Salon):
    booking_id, ada = salon.book(), salon.practice.ada
    chosen = Selection((salon.row(booking_id).appointment_id,))
    for status, shown in (("done", "done"), ("dismissed", "cancelled"), ("scheduled", "confirmed")):
        appointments.set_status(salon.uow, actor=ada, selection=chosen, status=status)
        assert salon.row(booking_id).status == shown
        assert count(salon, Slot.active) == (shown != "cancelled")
    change = appointments.delete(salon.uow, actor=ada, selection=chosen).change_id
    assert (salon.row(booking_id).status, count(salon, Slot.active)) == ("cancelled", 0)
    session.undo(salon.uow, actor=ada, change_id=change)
    assert (salon.row(booking_id).status, count(salon, Slot.active)) == ("confirmed", 1)


def test_an_appointment_that_is_moved_takes_its_booking_along(salon: Salon):
    first, _ = salon.book(), salon.book(start=at("2026-03-25 11:00"))
    appointment_id = salon.row(first).appointment_id
    edit(salon.practice, appointment_id, date="2026-03-26", time="09:00")
    assert salon.row(first).start_at == "2026-03-26T07:00:00Z"
    assert "08:00" in free(salon) and "07:00" not in free(salon, day="2026-03-26")
    with pytest.raises(Clash):
        edit(salon.practice, appointment_id, version=2, date="2026-03-25", time="11:00")


def test_a_move_that_is_undone_gives_the_booking_its_time_back(salon: Salon):
    booking_id, ada = salon.book(), salon.practice.ada
    first = salon.row(booking_id)
    change = appointments.move(
        salon.uow, actor=ada, appointment_id=first.appointment_id, seen_at=first.start_at,
        to=appointments.Move(time="14:00"),
    )  # fmt: skip
    session.undo(salon.uow, actor=ada, change_id=change)
    assert salon.row(booking_id).start_at == first.start_at
    assert (
        "12:00" in free(salon) and count(salon, Slot.active, Slot.start_at == datetime(2026, 3, 25, 8, tzinfo=UTC)) == 1
    )


def test_what_a_client_held_and_left_stands_in_nobodys_way(salon: Salon):
    ada, ben = salon.practice.ada, salon.practice.ben.staff_id or 0
    moved, cancelled = salon.row(salon.book()), salon.row(salon.book(start=at("2026-03-25 12:00")))
    chosen = Selection(ids=(cancelled.appointment_id,))
    appointments.set_status(salon.uow, actor=ada, selection=chosen, status="dismissed")
    with salon.uow.begin() as tx:
        for name, hour in (("one", 9), ("two", 10)):
            start = datetime(2026, 3, 25, hour, tzinfo=UTC)
            until = salon.practice.now[0] + timedelta(minutes=5)
            slots.hold(tx, name, slots.Hold(ben, start, start + timedelta(minutes=30), until))
    salon.practice.later(minutes=6)
    appointments.set_status(salon.uow, actor=ada, selection=chosen, status="scheduled")
    assert salon.row(cancelled.id).status == "confirmed"
    with salon.uow.begin() as tx:
        start = datetime(2026, 3, 25, 9, tzinfo=UTC)
        slots.hold(tx, "one", slots.Hold(ben, start, start + timedelta(minutes=30), salon.practice.now[0]))
    edit(salon.practice, moved.appointment_id, time="11:00")
    assert salon.row(moved.id).start_at == "2026-03-25T09:00:00Z"


def test_not_even_on_purpose_two_bookings_take_the_same_time(salon: Salon):
    first, second = salon.book(), salon.book(start=at("2026-03-25 11:00"))
    other = salon.row(second).appointment_id
    with pytest.raises(Taken):
        edit(
            salon.practice,
            salon.row(first).appointment_id,
            date="2026-03-25",
            time="11:00",
            reason="x",
            accepted=[other],
        )
    assert salon.row(first).start_at == "2026-03-25T08:00:00Z"


def test_the_appointment_of_a_booking_does_not_repeat(salon: Salon):
    with pytest.raises(Invalid):
        edit(
            salon.practice, salon.row(salon.book()).appointment_id, recurring=True, frequency="weekly", interval="1",
            ends="never",
        )  # fmt: skip


@pytest.mark.parametrize(("keep", "is_left"), [(Keep.APPOINTMENT, True), (Keep.NOTHING, False)])
def test_deleting_a_booking_asks_what_becomes_of_its_appointment_and_can_be_undone(
    salon: Salon, keep: Keep, is_left: bool
):
    booking_id, ada = salon.book(), salon.practice.ada
    appointment_id = salon.row(booking_id).appointment_id
    change = service.delete(salon.uow, actor=ada, booking_id=booking_id, keep=keep)
    with salon.uow.read() as tx:
        appointment = tx.get(Appointment, appointment_id)
        assert (appointment.deleted_at is None) == is_left
        assert tx.get(Booking, booking_id).deleted_at is not None
    assert count(salon, Slot.active) == 0
    with pytest.raises(NotFound):
        service.confirm(salon.uow, actor=ada, booking_id=booking_id)
    session.undo(salon.uow, actor=ada, change_id=change)
    assert (salon.row(booking_id).status, salon.row(booking_id).appointment_id) == ("confirmed", appointment_id)
    assert count(salon, Slot.active) == 1


def test_a_booking_that_comes_back_takes_the_time_its_appointment_has_by_then(salon: Salon):
    booking_id, ada = salon.book(), salon.practice.ada
    appointment_id = salon.row(booking_id).appointment_id
    change = service.delete(salon.uow, actor=ada, booking_id=booking_id, keep=Keep.APPOINTMENT)
    version = stored(salon.practice, appointment_id).version
    edit(salon.practice, appointment_id, version=version, time="14:00")
    session.undo(salon.uow, actor=ada, change_id=change)
    assert salon.row(booking_id).start_at == "2026-03-25T12:00:00Z"
    assert count(salon, Slot.active, Slot.start_at == datetime(2026, 3, 25, 12, tzinfo=UTC)) == 1
    assert salon.book() != booking_id


def test_a_booking_whose_appointment_was_given_to_a_work_order_meanwhile_stays_deleted(salon: Salon):
    booking_id, practice = salon.book(), salon.practice
    appointment_id = salon.row(booking_id).appointment_id
    change = service.delete(salon.uow, actor=practice.ada, booking_id=booking_id, keep=Keep.APPOINTMENT)
    edit(practice, appointment_id, version=stored(practice, appointment_id).version, work_order=str(practice.order()))
    assert session.undo(salon.uow, actor=practice.ada, change_id=change) == 0
    with salon.uow.read() as tx:
        appointment, booking = tx.get(Appointment, appointment_id), tx.get(Booking, booking_id)
        assert (appointment.booking_id, booking.deleted_at is None) == (None, False)


def test_r3_a_done_appointment_stays_when_its_booking_is_deleted(salon: Salon):
    booking_id, ada = salon.book(), salon.practice.ada
    appointment_id = salon.row(booking_id).appointment_id
    service.set_status(salon.uow, actor=ada, booking_id=booking_id, status=Status.DONE)
    service.delete(salon.uow, actor=ada, booking_id=booking_id, keep=Keep.NOTHING)
    with salon.uow.read() as tx:
        appointment = tx.get(Appointment, appointment_id)
        assert (appointment.status, appointment.deleted_at, appointment.booking_id) == ("done", None, None)


def test_what_is_left_of_a_deleted_booking_is_reminded_of_as_an_independent_one(salon: Salon):
    a_rule(salon.practice, bookings=False)
    booking_id, ada = salon.book(), salon.practice.ada
    assert messages(salon.practice) == []
    service.delete(salon.uow, actor=ada, booking_id=booking_id, keep=Keep.APPOINTMENT)
    assert [state for state, _, _ in messages(salon.practice)] == ["planned"]


def test_two_that_come_back_at_once_do_not_take_the_same_time(salon: Salon):
    ada, chosen = salon.practice.ada, []
    for _ in range(2):
        booking_id = salon.book()
        chosen.append(salon.row(booking_id).appointment_id)
        service.set_status(salon.uow, actor=ada, booking_id=booking_id, status=Status.DISMISSED)
    result = appointments.set_status(salon.uow, actor=ada, selection=Selection(tuple(chosen)), status="scheduled")
    assert (result.changed, result.skipped, count(salon, Slot.active)) == (1, 1, 1)


def test_pending_bookings_are_confirmed_once(salon: Salon):
    booking_id = salon.book(confirmed=False)
    assert salon.row(booking_id).status == "pending"
    for _ in range(2):
        service.confirm(salon.uow, actor=salon.practice.ada, booking_id=booking_id)
    assert salon.row(booking_id).status == "confirmed"


def test_the_first_free_starts_of_everybody(salon: Salon):
    salon.book()
    found = service.first_free(salon.uow, actor=salon.practice.ada, service_id=str(salon.cut)).people
    assert [(one.name, one.starts[0]) for one in found] == [
        ("Ada", "2026-03-24T12:00:00Z"),
        ("Ben", "2026-03-24T12:00:00Z"),
    ]
    assert found[0].count - found[1].count == 3


def test_r2_lists_name_the_booking_and_filter_by_kind(salon: Salon):
    booking_id, ada = salon.book(), salon.practice.ada
    book_appointment(salon.practice)
    for kind, numbers in (("", {"", str(booking_id)}), ("booking", {str(booking_id)}), ("independent", {""})):
        wanted = AppointmentFilter.from_query({"kind": kind})
        rows = appointments.list_rows(salon.uow, actor=ada, wanted=wanted, place=Place()).rows
        assert {row.record_number for row in rows} == numbers


def test_the_same_status_again_is_no_change_to_take_back(salon: Salon):
    booking_id, ada = salon.book(), salon.practice.ada
    for status in (Status.DONE, Status.DISMISSED, Status.SCHEDULED):
        assert service.set_status(salon.uow, actor=ada, booking_id=booking_id, status=status)
        with salon.uow.read() as tx:
            before = history.last_change_id(tx)
        assert service.set_status(salon.uow, actor=ada, booking_id=booking_id, status=status) == 0
        with salon.uow.read() as tx:
            assert history.last_change_id(tx) == before
