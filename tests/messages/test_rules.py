"""Rules of reminders: made, changed, switched, deleted; what is booked already is planned anew."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta

import pytest

from appointments_app import runtime
from appointments_app.db.queries import booking as queries
from appointments_app.db.queries import planning
from appointments_app.domain.booking import Booking
from appointments_app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from appointments_app.features.appointments import service as appointments
from appointments_app.features.reminders import service
from tests.appointments.conftest import ZONE, Practice
from tests.appointments.desk import book, edit
from tests.messages.reminders import messages

FORM = {
    "name": "The day before",
    "amount": "1",
    "unit": "days",
    "moment": "before_start",
    "recipient": "client",
    "channel": "email",
    "quiet_from": "",
    "quiet_until": "",
    "quiet_way": "wait",
    "active": True,
    "kinds": ["independent"],
    "actions": [],
    "staff": [],
}


def save(practice: Practice, rule_id: int | None = None, version: int = 0, **changes) -> int:
    """Save a rule's form with these changes, and plan anew."""
    saved = service.save(practice.uow, actor=practice.ada, rule_id=rule_id, values=FORM | changes, version=version)
    plan(practice)
    return saved


def plan(practice: Practice) -> None:
    """Plan everything anew that waits for it."""
    while service.replan(practice.uow):
        pass


def test_r33_a_new_rule_plans_what_is_booked_already(practice: Practice):
    book(practice, date="2026-03-27")
    save(practice)
    assert messages(practice) == [("planned", "", "26 08:00")]


def test_r33_a_changed_rule_moves_what_it_planned(practice: Practice):
    book(practice, date="2026-03-27")
    rule = save(practice)
    save(practice, rule, 1, amount="3", unit="hours")
    assert messages(practice) == [("planned", "", "27 05:00")]


def test_a_new_rule_does_not_tell_of_what_it_comes_too_late_for(practice: Practice):
    book(practice, date="2026-03-24", time="20:00")
    rule = save(practice)
    assert messages(practice) == []
    save(practice, rule, 1, amount="2", unit="hours")
    assert messages(practice) == [("planned", "", "24 16:00")]
    save(practice, rule, 2, amount="1", unit="days")
    assert messages(practice) == [("skipped", "past", "23 18:00")]


def test_switched_off_and_on_again(practice: Practice):
    book(practice, date="2026-03-27")
    rule = save(practice)
    assert service.set_active(practice.uow, actor=practice.ada, rule_id=rule, is_active=False) == "The day before"
    plan(practice)
    assert messages(practice) == [("skipped", "rule_off", "26 08:00")]
    service.set_active(practice.uow, actor=practice.ada, rule_id=rule, is_active=True)
    plan(practice)
    assert messages(practice) == [("planned", "", "26 08:00")]


def test_a_deleted_rule_sends_nothing_and_is_gone(practice: Practice):
    book(practice, date="2026-03-27")
    rule = save(practice)
    service.delete(practice.uow, actor=practice.ada, rule_id=rule)
    plan(practice)
    assert messages(practice) == [("skipped", "rule_off", "26 08:00")]
    assert service.list_rules(practice.uow, actor=practice.ada) == []
    with pytest.raises(NotFound):
        service.open_rule(practice.uow, actor=practice.ada, rule_id=rule)


def test_r32_only_chosen_actions_and_staff(practice: Practice):
    save(practice, actions=[str(practice.call)], staff=[str(practice.ben.staff_id)])
    book(practice, action=str(practice.call))
    book(practice, date="2026-03-26", action=str(practice.consultation), staff=[str(practice.ben.staff_id)])
    assert messages(practice) == []
    book(practice, date="2026-03-27", action=str(practice.call), staff=[str(practice.ben.staff_id)])
    assert messages(practice) == [("planned", "", "26 08:00")]


def test_progress_is_told_and_survives(practice: Practice, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(service, "LOT", 2)
    for day in ("26", "27", "28"):
        book(practice, date=f"2026-03-{day}")
    service.save(practice.uow, actor=practice.ada, rule_id=None, values=FORM)
    assert service.replan(practice.uow) == 2
    (row,) = service.list_rules(practice.uow, actor=practice.ada)
    assert (row.planning, row.done, row.total) == (True, 2, 3)
    plan(practice)
    (row,) = service.list_rules(practice.uow, actor=practice.ada)
    assert not row.planning and len(messages(practice)) == 3


def test_planning_anew_is_stopped_and_goes_on_where_it_was(practice: Practice, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(service, "LOT", 2)
    for day in ("26", "27", "28"):
        book(practice, date=f"2026-03-{day}")
    rule = service.save(practice.uow, actor=practice.ada, rule_id=None, values=FORM)
    assert service.replan(practice.uow) == 2
    for _ in range(2):  # twice is harmless
        service.let_wait(practice.uow, actor=practice.ada, rule_id=rule, stopped=True)
    assert service.replan(practice.uow) == 0 and len(messages(practice)) == 2
    (row,) = service.list_rules(practice.uow, actor=practice.ada)
    assert (row.planning, row.stopped, row.done, row.total) == (True, True, 2, 3)
    service.let_wait(practice.uow, actor=practice.ada, rule_id=rule, stopped=False)
    plan(practice)
    assert len(messages(practice)) == 3
    with pytest.raises(NotFound):
        service.let_wait(practice.uow, actor=practice.ada, rule_id=rule, stopped=True)


def test_a_change_of_a_rule_that_was_stopped_begins_anew(practice: Practice, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(service, "LOT", 2)
    for day in ("26", "27", "28"):
        book(practice, date=f"2026-03-{day}")
    rule = service.save(practice.uow, actor=practice.ada, rule_id=None, values=FORM)
    service.replan(practice.uow)
    service.let_wait(practice.uow, actor=practice.ada, rule_id=rule, stopped=True)
    save(practice, rule, 1, amount="2", unit="hours")
    assert [due for _, _, due in messages(practice)] == ["26 06:00", "27 06:00", "28 06:00"]


def test_r33_what_is_booked_while_a_rule_changes_follows_the_new_one(practice: Practice):
    """On PostgreSQL both are under way at once; on SQLite the second begins when the first has ended."""
    save(practice)
    day = datetime(2026, 3, 27, 8, tzinfo=UTC)
    wanted = Booking(practice.cleo, None, day, day + timedelta(hours=1), ZONE, (), "", False)
    with ThreadPoolExecutor(1) as threads:
        with practice.uow.begin() as booking:
            queries.add(booking, practice.ada, wanted, "")  # it has read the rules as they were
            change = threads.submit(service.save, practice.uow, actor=practice.ada, rule_id=None, values=FORM)
            assert not wait([change], timeout=0.5).done, "planning anew would begin before the booking is stored"
        change.result(timeout=20)
    plan(practice)
    assert messages(practice) == [("planned", "", "26 08:00")] * 2


def test_r20_an_action_that_a_rule_names_stays(practice: Practice):
    rule = save(practice, actions=[str(practice.call)])
    with pytest.raises(Invalid) as refusal:
        appointments.delete_action(practice.uow, actor=practice.ada, action_id=practice.call)
    assert refusal.value.values["name"] == "The day before"
    service.delete(practice.uow, actor=practice.ada, rule_id=rule)
    appointments.delete_action(practice.uow, actor=practice.ada, action_id=practice.call)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"amount": "0"}, "amount"),
        ({"amount": "1e9"}, "amount"),
        ({"amount": "367"}, "amount"),
        ({"unit": "years"}, "unit"),
        ({"moment": "never"}, "moment"),
        ({"recipient": 7}, "recipient"),
        ({"channel": "pigeon"}, "channel"),
        ({"quiet_from": "21:00"}, "quiet_until"),
        ({"quiet_from": "late", "quiet_until": "07:00"}, "quiet_from"),
        ({"quiet_from": "07:00", "quiet_until": "07:00"}, "quiet_until"),
        ({"kinds": []}, "kinds"),
        ({"actions": ["9999"]}, "actions"),
        ({"staff": ["9999"]}, "staff"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(practice: Practice, changes: dict, field: str):
    with pytest.raises(Invalid) as refusal:
        save(practice, **changes)
    assert set(refusal.value.fields) == {field}


def test_two_people_change_one_rule(practice: Practice):
    rule = save(practice)
    save(practice, rule, 1, name="Another name")
    with pytest.raises(Conflict):
        save(practice, rule, 1, name="A third name")


def test_only_who_may_change_the_settings_sees_rules(practice: Practice):
    for use_case, more in (
        (service.list_rules, {}),
        (service.open_rule, {}),
        (service.save, {"rule_id": None, "values": FORM}),
        (service.set_active, {"rule_id": 1, "is_active": True}),
        (service.let_wait, {"rule_id": 1, "stopped": True}),
        (service.delete, {"rule_id": 1}),
    ):
        with pytest.raises(NotAllowed):
            use_case(practice.uow, actor=practice.ben, **more)


@pytest.mark.parametrize("rule_id", ["1", None, True, -1, 2**40, [1]])
def test_no_strange_id_names_a_rule(practice: Practice, rule_id: object):
    with pytest.raises(NotFound):
        service.delete(practice.uow, actor=practice.ada, rule_id=rule_id)


def test_the_ready_made_rules_are_made_once_and_are_on_where_a_channel_is(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(runtime, "sender", lambda channel: object() if channel == "email" else None, raising=False)
    assert service.make_ready(practice.uow)
    rows = service.list_rules(practice.uow, actor=practice.ada)
    assert [(row.channel, row.recipient, row.active) for row in rows] == [
        ("email", "client", True),
        ("sms", "client", False),
        ("email", "staff", True),
        *(("email", "client", False),) * 3,
        *(("sms", "client", False),) * 3,
    ]
    service.delete(practice.uow, actor=practice.ada, rule_id=rows[0].id)
    assert not service.make_ready(practice.uow)
    assert service.switch_on_ready_made(practice.uow, actor=practice.ada, channel="sms") == 1
    off = [row.anchor for row in service.list_rules(practice.uow, actor=practice.ada) if not row.active]
    assert off == ["moved", "cancelled", "confirmed"] * 2, "what tells of changes is switched on one by one"


def test_who_moves_an_appointment_while_it_is_planned_anew_loses_no_reminder(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
):
    one = book(practice, date="2026-03-27")
    moving = threading.Thread(target=edit, args=(practice, one), kwargs={"time": "11:00"})
    work_out = planning._planned

    def moved_meanwhile(row, now):
        if moving.ident is None:
            moving.start()
            moving.join(timeout=0.5)
        return work_out(row, now)

    service.save(practice.uow, actor=practice.ada, rule_id=None, values=FORM)
    monkeypatch.setattr(planning, "_planned", moved_meanwhile)
    plan(practice)
    moving.join()
    assert [message for message in messages(practice) if message[0] == "planned"] == [("planned", "", "26 09:00")]


def test_the_form_offers_the_templates_that_come_with_the_program(practice: Practice):
    offered = service.open_rule(practice.uow, actor=practice.ada).templates
    assert {row.channel for row in offered} == {"sms", "email"}


def test_a_rule_shows_what_it_sends_next(practice: Practice):
    rule = save(practice)
    book(practice, date="2026-03-27")
    shown = service.next_messages(practice.uow, actor=practice.ada, rule_id=rule)
    assert [(row.recipient, row.due_at) for row in shown] == [("Cleo", "2026-03-26T08:00:00Z")]


def test_a_rule_that_now_sends_sooner_after_the_start_takes_back_what_it_planned_for_the_past(practice: Practice):
    book(practice, date="2026-03-24", time="08:00")
    rule = save(practice, moment="after_start", amount="3")
    assert messages(practice) == [("planned", "", "27 06:00")]
    service.save(
        practice.uow,
        actor=practice.ada,
        rule_id=rule,
        version=1,
        values=FORM | {"moment": "after_start", "amount": "2"},
    )
    save(practice, rule, 2, moment="after_start", amount="1", unit="hours")
    assert messages(practice) == [("skipped", "past", "24 07:00")]
