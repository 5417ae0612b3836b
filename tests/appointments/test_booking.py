"""Booking: what goes in comes out, and what is wrong is refused at its field."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from appointments_app.db.models import Action, AppointmentText, Client, Staff
from appointments_app.domain.access import Permission, program
from appointments_app.domain.errors import DomainError, Invalid, NotAllowed, NotFound
from appointments_app.domain.listing import Selection
from appointments_app.features.appointments import service
from appointments_app.features.clients.service import quick_create
from tests.appointments.conftest import NOON, token
from tests.appointments.desk import at_once, book, count_of, edit, refused, stored


def test_r5_to_r14_everything_the_form_says_is_stored(practice):
    staff = [str(practice.ben.staff_id), str(practice.ada.staff_id)]
    booked = stored(
        practice,
        book(practice, action=str(practice.call), staff=staff, notes="Bring papers", shared=True, duration="90"),
    )
    assert booked.booking.client_id == practice.cleo
    assert booked.booking.action_id == practice.call
    assert (booked.booking.start_at, booked.booking.end_at) == (
        datetime(2026, 3, 25, 8, tzinfo=UTC),
        datetime(2026, 3, 25, 9, 30, tzinfo=UTC),
    )
    assert [one.name for one in booked.staff] == ["Ada", "Ben"]
    assert (booked.booking.notes, booked.booking.shared, booked.status, booked.created_by) == (
        "Bring papers",
        True,
        "scheduled",
        "Ada",
    )


def test_r5_a_client_is_required_and_must_exist_and_not_be_archived(practice):
    assert set(refused(practice, client="")) == {"client"}
    assert set(refused(practice, client="99999")) == {"client"}
    with practice.uow.begin() as tx:
        tx.execute(update(Client).where(Client.id == practice.cleo).values(archived_at=NOON))
    assert set(refused(practice)) == {"client"}


def test_r6_to_r8_date_time_and_duration_are_required(practice):
    assert set(refused(practice, date="", time="", duration="")) == {"date", "time", "duration"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date", "25/03/2026"),
        ("date", "0001-01-01"),
        ("date", "9999-12-31"),
        ("date", None),
        ("date", 5),
        ("time", "25:00"),
        ("time", "ten"),
        ("time", {"h": 1}),
        ("duration", "4"),
        ("duration", "1441"),
        ("duration", "-30"),
        ("duration", "half an hour"),
        ("duration", "٣٠"),
        ("duration", "9" * 40),
        ("client", ["1"]),
        ("client", "1; DROP TABLE client"),
        ("action", "none"),
        ("action", "99999"),
        ("staff", ["x"]),
        ("staff", ["99999"]),
        ("staff", [None]),
        ("staff", ["1"] * 51),
    ],
)
def test_r6_to_r14_a_wrong_value_is_refused_at_its_field(practice, field, value):
    assert set(refused(practice, **{field: value})) == {field}


@pytest.mark.parametrize("minutes", [5, 24 * 60])
def test_r8_the_shortest_and_the_longest_duration_are_taken(practice, minutes):
    assert stored(practice, book(practice, duration=str(minutes))).booking.minutes == minutes


def test_r8_an_appointment_may_cross_midnight(practice):
    booked = stored(practice, book(practice, time="23:30", duration="60")).booking
    assert booked.end_at - booked.start_at == timedelta(hours=1)
    assert (booked.start_at.date(), booked.end_at.isoformat()) == (
        date(2026, 3, 25),
        "2026-03-25T22:30:00+00:00",
    )


def test_r7_a_start_in_the_past_is_allowed_and_said_beforehand(practice):
    form = practice.form(date="2026-03-24", time="13:59")
    assert service.outlook(practice.uow, actor=practice.ada, form=form).in_past
    assert not service.outlook(practice.uow, actor=practice.ada, form=practice.form()).in_past
    assert service.book(practice.uow, actor=practice.ada, form=form, token=token())


def test_r9_an_inactive_action_is_refused_for_new_appointments_and_kept_by_old_ones(practice):
    appointment_id = book(practice, action=str(practice.call))
    with practice.uow.begin() as tx:
        tx.execute(update(Action).where(Action.id == practice.call).values(active=False))
    with pytest.raises(Invalid) as refusal:
        book(practice, action=str(practice.call))
    assert set(refusal.value.fields) == {"action"}
    assert edit(practice, appointment_id, notes="still the same call")
    assert stored(practice, appointment_id).action.name == "Follow-up call"


@pytest.mark.parametrize(
    "notes",
    [
        "😀👩‍👩‍👧 \u202emirror\u202c \u200fعربي",
        "<script>alert(1)</script>",
        '=HYPERLINK("x")',
        "a\n\n\tb  c ",
        "x" * 10_000,
        "😀" * 10_000,
        "'; --",
    ],
)
def test_r10_notes_of_any_kind_come_out_the_same(practice, notes):
    assert stored(practice, book(practice, notes=notes)).booking.notes == notes


def test_r10_longer_notes_are_refused_not_cut(practice):
    assert set(refused(practice, notes="x" * 10_001)) == {"notes"}


def test_r10_notes_are_found_by_search_also_after_an_edit(practice):
    appointment_id = book(practice, notes="Crème brûlée")
    with practice.uow.read() as tx:
        assert tx.get(AppointmentText, appointment_id).body == "creme brulee"
    edit(practice, appointment_id, notes="")
    with practice.uow.read() as tx:
        assert tx.get(AppointmentText, appointment_id) is None


def test_r10_half_a_surrogate_pair_does_no_harm(practice):
    assert stored(practice, book(practice, notes="a\ud83db\x00c")).booking.notes == "a\ufffdbc"


def test_r11_sharing_is_off_unless_ticked(practice):
    assert not stored(practice, book(practice, shared="false")).booking.shared
    assert stored(practice, book(practice, shared=True)).booking.shared


def test_r14_staff_may_be_none_or_several_but_must_work_here(practice):
    assert stored(practice, book(practice)).staff == []
    with practice.uow.begin() as tx:
        tx.execute(update(Staff).where(Staff.id == practice.ben.staff_id).values(active=False))
    with pytest.raises(Invalid) as refusal:
        book(practice, staff=[str(practice.ben.staff_id)])
    assert set(refusal.value.fields) == {"staff"}


def test_r14_somebody_who_left_stays_on_old_appointments(practice):
    appointment_id = book(practice, staff=[str(practice.ben.staff_id)])
    with practice.uow.begin() as tx:
        tx.execute(update(Staff).where(Staff.id == practice.ben.staff_id).values(active=False))
    assert edit(practice, appointment_id, notes="x")
    assert [one.name for one in stored(practice, appointment_id).staff] == ["Ben"]


def test_who_may_not_book_or_edit_is_refused(practice):
    appointment_id = book(practice)
    guest = replace(practice.ben, permissions=frozenset({Permission.VIEW}))
    with pytest.raises(NotAllowed):
        service.book(practice.uow, actor=guest, form=practice.form(), token=token())
    with pytest.raises(NotAllowed):
        edit(practice, appointment_id, actor=guest, notes="x")


def test_an_unknown_or_deleted_appointment_is_not_found(practice):
    appointment_id = book(practice)
    service.delete(practice.uow, actor=practice.ada, selection=Selection(ids=(appointment_id,)))
    for missing in (appointment_id, 99999):
        with pytest.raises(NotFound):
            service.open_one(practice.uow, actor=practice.ada, appointment_id=missing)
        with pytest.raises(NotFound):
            service.edit(practice.uow, actor=practice.ada, appointment_id=missing, form=practice.form(), version=1)


def test_the_same_form_saved_twice_is_one_appointment(practice):
    form_token = token()
    first = service.book(practice.uow, actor=practice.ada, form=practice.form(), token=form_token)
    again = service.book(
        practice.uow, actor=practice.ada, form=practice.form(notes="typed later", client=""), token=form_token
    )
    assert (again, count_of(practice)) == (first, 1)


def test_a_form_saved_in_two_tabs_at_once_is_one_appointment(practice):
    form_token = token()
    ids = at_once(
        lambda: service.book(practice.uow, actor=practice.ada, form=practice.form(), token=form_token), times=6
    )
    assert len(set(ids)) == 1 and count_of(practice) == 1


@pytest.mark.parametrize("bad", ["", "edit-1-1", "x" * 36, None, "../../etc"])
def test_a_token_that_no_form_has_is_refused(practice, bad):
    with pytest.raises(DomainError):
        service.book(practice.uow, actor=practice.ada, form=practice.form(), token=bad)
    assert count_of(practice) == 0


def test_the_token_of_somebody_else_is_refused(practice):
    form_token = token()
    service.book(practice.uow, actor=practice.ada, form=practice.form(), token=form_token)
    with pytest.raises(NotFound):
        service.book(practice.uow, actor=practice.ben, form=practice.form(), token=form_token)


def test_the_program_itself_may_book_without_a_form(practice):
    assert service.book(practice.uow, actor=program(time_zone="Africa/Cairo"), form=practice.form(), token="")


def test_r6_booking_takes_few_statements(practice):
    from sqlalchemy import event

    seen: list[str] = []
    event.listen(practice.uow.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    book(practice, action=str(practice.call), staff=[str(practice.ben.staff_id)], notes="x")
    assert len(seen) <= 12, "\n".join(seen)


def test_a_search_of_any_text_finds_or_finds_nothing(practice):
    mona = quick_create(practice.uow, actor=practice.ada, name="Mona")
    assert service.find_clients(practice.uow, actor=practice.ada, search="Mo\x00na\ud800") == [mona]
    (ben,) = service.find_staff(practice.uow, actor=practice.ada, search="\x00ben\udfff")
    assert ben.id == str(practice.ben.staff_id)
    assert service.find_clients(practice.uow, actor=practice.ada, search=["\x00"]) == []
