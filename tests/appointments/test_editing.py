"""Editing: what differs is stored and said, and the second of two savers is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from appointments_app.db.models import Appointment, AppointmentStaff
from appointments_app.db.queries import history
from appointments_app.domain.booking import form_of, read_form
from appointments_app.domain.errors import Conflict
from appointments_app.domain.listing import Selection
from appointments_app.features.appointments import service
from tests.appointments.conftest import NOON, token
from tests.appointments.desk import at_once, book, edit, stored


def test_an_edit_stores_what_differs_and_says_so_in_the_audit_trail(practice):
    appointment_id = book(practice, staff=[str(practice.ada.staff_id)])
    assert edit(
        practice,
        appointment_id,
        client=str(practice.omar),
        notes="Moved",
        time="11:00",
        staff=[str(practice.ben.staff_id)],
    )
    now = stored(practice, appointment_id)
    assert (now.client.name, now.booking.notes, [one.name for one in now.staff], now.version) == (
        "Omar",
        "Moved",
        ["Ben"],
        2,
    )
    with practice.uow.read() as tx:
        row = history.of_record(tx, "appointment", appointment_id)[0]
        times = tx.execute(select(AppointmentStaff.start_at)).scalar_one()
    assert {(line.field, line.old, line.new) for line in row.lines} >= {
        ("client_id", "Cleo", "Omar"),
        ("staff_ids", "Ada", "Ben"),
        ("notes", "", "Moved"),
    }
    assert (row.verb, row.who, times) == ("edited", "Ada", datetime(2026, 3, 25, 9, tzinfo=UTC))


def test_saving_without_a_change_writes_nothing(practice):
    appointment_id = book(practice, notes="x")
    assert not edit(practice, appointment_id)
    assert not edit(practice, appointment_id, version=77)
    assert stored(practice, appointment_id).version == 1


def test_a_change_far_behind_in_the_notes_is_stored_and_noted(practice):
    appointment_id = book(practice, notes="x" * 5000 + "a")
    assert edit(practice, appointment_id, notes="x" * 5000 + "b")
    assert stored(practice, appointment_id).booking.notes.endswith("b")


def test_the_second_of_two_savers_is_told_who_changed_what(practice):
    appointment_id = book(practice)
    opened = service.open_one(practice.uow, actor=practice.ada, appointment_id=appointment_id)
    edit(practice, appointment_id, actor=practice.ben, notes="Ben's words")
    with pytest.raises(Conflict) as conflict:
        edit(practice, appointment_id, version=opened.version, since=opened.since, notes="Ada's words")
    (change,) = conflict.value.values["changes"]
    assert (change.who, [(line.field, line.new) for line in change.lines]) == ("Ben", [("notes", "Ben's words")])
    assert stored(practice, appointment_id).booking.notes == "Ben's words"
    assert edit(practice, appointment_id, version=conflict.value.values["version"], notes="Ada's words")


def test_two_savers_at_once_never_overwrite_each_other_in_silence(practice):
    appointment_id = book(practice)
    words = iter(f"words {n}" for n in range(6))
    form = practice.form()
    results = at_once(
        lambda: service.edit(
            practice.uow,
            actor=practice.ada,
            appointment_id=appointment_id,
            form=form | {"notes": next(words)},
            version=1,
        ),
        times=6,
    )
    assert sorted(type(one).__name__ for one in results) == ["Conflict"] * 5 + ["bool"]


def test_r31_a_new_time_takes_the_confirmation_back_and_other_changes_do_not(practice):
    appointment_id = book(practice)
    with practice.uow.begin() as tx:
        tx.execute(update(Appointment).values(confirmed_at=NOON, confirmed_by="Cleo", confirmed_how="portal"))
    edit(practice, appointment_id, notes="x", shared=True)
    assert stored(practice, appointment_id).confirmed_by == "Cleo"
    edit(practice, appointment_id, version=2, time="10:05")
    now = stored(practice, appointment_id)
    assert (now.confirmed_at, now.confirmed_by, now.confirmed_how) == (None, "", "")


@pytest.mark.parametrize("status", ["done", "dismissed"])
def test_done_and_dismissed_appointments_can_be_edited(practice, status):
    appointment_id = book(practice)
    service.set_status(practice.uow, actor=practice.ada, selection=Selection(ids=(appointment_id,)), status=status)
    assert edit(practice, appointment_id, version=2, notes="came late")
    assert stored(practice, appointment_id).status == status


def test_an_untouched_time_stays_the_very_instant_in_a_repeated_hour():
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 in Berlin, for the second time
    stored = read_form(
        {"client": "1", "action": "1", "date": "2026-10-25", "time": "02:30", "duration": "30"},
        zone_name="Europe/Berlin",
    )
    stored = replace(stored, start_at=second, end_at=second + timedelta(minutes=30))
    form = form_of(stored, zone_name="Europe/Berlin")
    assert read_form(form, zone_name="Europe/Berlin", kept=stored) == stored
    assert read_form(form | {"duration": "60"}, zone_name="Europe/Berlin", kept=stored).end_at == second + timedelta(
        hours=1
    )


def test_the_form_opens_in_the_readers_own_zone(practice):
    appointment_id = book(practice)
    abroad = replace(practice.ben, time_zone="Europe/London")
    opened = service.open_one(practice.uow, actor=abroad, appointment_id=appointment_id)
    assert (opened.form["date"], opened.form["time"], opened.business_zone) == ("2026-03-25", "08:00", "Africa/Cairo")


@pytest.mark.parametrize("nobody", ["0", "2147483648", "999999999999999", "9" * 30])
def test_a_form_for_an_id_of_nobody_opens_empty(practice, nobody):
    opened = service.open_new(practice.uow, actor=practice.ada, token=token(), query={"client": nobody})
    assert opened.client is None and opened.form["client"] == ""
