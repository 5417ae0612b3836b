"""Reminders are planned in the transaction that books, moves, dismisses, deletes or takes back."""

from __future__ import annotations

from appointments_app.domain.listing import Selection
from appointments_app.domain.reminder import Anchor, Recipient
from appointments_app.features.appointments import service
from appointments_app.features.session import service as session
from tests.appointments.conftest import Practice
from tests.appointments.desk import book, edit
from tests.appointments.series import DAILY_SIX
from tests.messages.reminders import a_rule, messages

PLANNED = ("planned", "", "25 06:00")  # ten o'clock in Cairo is eight; two hours before that


def test_booking_plans_the_reminder(practice: Practice):
    a_rule(practice)
    book(practice)
    assert messages(practice) == [PLANNED]


def test_without_a_rule_nothing_is_planned(practice: Practice):
    a_rule(practice, active=False)
    book(practice)
    assert messages(practice) == []


def test_a_booking_too_late_for_its_reminder_says_so(practice: Practice):
    a_rule(practice)
    book(practice, date="2026-03-24", time="15:30")
    assert messages(practice) == [("skipped", "past", "24 11:30")]


def test_what_lies_in_the_past_is_not_reminded_of(practice: Practice):
    a_rule(practice)
    book(practice, date="2026-03-20")
    assert messages(practice) == []


def test_moving_withdraws_and_plans_anew_and_back_again(practice: Practice):
    a_rule(practice)
    one = book(practice)
    edit(practice, one, time="11:00")
    assert messages(practice) == [("skipped", "moved", "25 06:00"), ("planned", "", "25 07:00")]
    edit(practice, one, version=2, time="10:00")
    assert messages(practice) == [PLANNED, ("skipped", "moved", "25 07:00")]


def test_each_assigned_staff_member_is_told(practice: Practice):
    a_rule(practice, recipient=Recipient.STAFF.value)
    one = book(practice, staff=[str(practice.ada.staff_id), str(practice.ben.staff_id)])
    assert messages(practice) == [PLANNED, PLANNED]
    edit(practice, one, staff=[str(practice.ada.staff_id)])
    assert sorted(messages(practice)) == [PLANNED, ("skipped", "not_assigned", "25 06:00")]


def test_dismissing_deleting_and_undo(practice: Practice):
    a_rule(practice)
    selection = Selection(ids=(book(practice),))
    for change, reason in ((service.set_status, "dismissed"), (service.delete, "deleted")):
        more = {"status": "dismissed"} if change is service.set_status else {}
        done = change(practice.uow, actor=practice.ada, selection=selection, **more)
        assert messages(practice) == [("skipped", reason, "25 06:00")]
        session.undo(practice.uow, actor=practice.ada, change_id=done.change_id)
        assert messages(practice) == [PLANNED]


def test_r33_every_occurrence_of_a_series_gets_its_own(practice: Practice):
    a_rule(practice)
    a_rule(practice, anchor=Anchor.AFTER_CREATION.value, amount=0, name="Booked")
    book(practice, **DAILY_SIX | {"count": "3"})
    assert messages(practice) == [
        ("planned", "", "24 12:00"),
        *(("planned", "", due) for due in ("25 06:00", "26 06:00", "27 06:00")),
    ]
