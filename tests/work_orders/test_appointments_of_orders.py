"""What becomes of appointments when their work order ends, goes or comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from appointments_app.db.models import Appointment, Series
from appointments_app.domain.access import Scope
from appointments_app.domain.errors import NotAllowed
from appointments_app.domain.listing import Selection
from appointments_app.features.appointments import service as appointments
from appointments_app.features.session.service import undo
from appointments_app.features.work_orders import service
from tests.appointments.conftest import Practice
from tests.appointments.desk import book
from tests.messages.reminders import a_rule, messages
from tests.work_orders.conftest import create


def three(practice: Practice) -> tuple[int, list[int]]:
    """Return a work order with a scheduled, a done and a dismissed appointment."""
    order = create(practice)
    ids = [book(practice, work_order=str(order), date=f"2026-03-2{day}") for day in (5, 6, 7)]
    for one, status in zip(ids[1:], ("done", "dismissed"), strict=True):
        appointments.set_status(practice.uow, actor=practice.ada, selection=Selection(ids=(one,)), status=status)
    return order, ids


def state(practice: Practice) -> list[tuple[str, bool, int | None]]:
    """Return status, whether it is deleted, and work order of every appointment."""
    with practice.uow.read() as tx:
        rows = tx.execute(select(Appointment).order_by(Appointment.id)).scalars()
        return [(one.status, one.deleted_at is not None, one.work_order_id) for one in rows]


@pytest.mark.parametrize(("fate", "becomes"), [("leave", "scheduled"), ("done", "done"), ("dismissed", "dismissed")])
@pytest.mark.parametrize("step", ["close", "cancel"])
def test_ending_settles_what_is_scheduled_as_it_was_answered(practice, step, fate, becomes):
    order, _ = three(practice)
    before = state(practice)
    done = service.move(practice.uow, actor=practice.ada, order_id=order, step=step, fate=fate)
    assert state(practice) == [(becomes, False, order), *before[1:]]
    undo(practice.uow, actor=practice.ada, change_id=done.change_id)
    assert state(practice) == before


def test_r3_what_is_kept_becomes_independent_and_undo_brings_both_back(practice):
    order, _ = three(practice)
    before = state(practice)
    done = service.delete(practice.uow, actor=practice.ada, order_id=order)
    assert state(practice) == [(status, False, None) for status, _, _ in before]
    assert undo(practice.uow, actor=practice.ada, change_id=done.change_id) == 4
    assert state(practice) == before


def test_what_is_left_of_a_deleted_work_order_is_reminded_of_as_independent_ones(practice):
    a_rule(practice, work_orders=False)
    order = create(practice)
    book(practice, work_order=str(order))
    assert messages(practice) == []
    service.delete(practice.uow, actor=practice.ada, order_id=order)
    assert [state for state, _, _ in messages(practice)] == ["planned"]


def test_r3_deleting_the_appointments_too_never_deletes_a_done_one(practice):
    order, _ = three(practice)
    before = state(practice)
    done = service.delete(practice.uow, actor=practice.ada, order_id=order, fate="delete")
    assert (done.changed, done.left) == (2, 1)
    assert state(practice) == [("scheduled", True, order), ("done", False, None), ("dismissed", True, order)]
    undo(practice.uow, actor=practice.ada, change_id=done.change_id)
    assert state(practice) == before


def test_what_was_changed_since_stays_as_it_was_changed(practice):
    order, ids = three(practice)
    other = create(practice, title="Stairs")
    done = service.delete(practice.uow, actor=practice.ada, order_id=order)
    opened = appointments.open_one(practice.uow, actor=practice.ada, appointment_id=ids[0])
    form = {**opened.form, "work_order": str(other)}
    appointments.edit(practice.uow, actor=practice.ada, appointment_id=ids[0], form=form, version=opened.version)
    undo(practice.uow, actor=practice.ada, change_id=done.change_id)
    assert [row[2] for row in state(practice)] == [other, order, order]


def test_an_appointment_deleted_before_its_work_order_comes_back_independent(practice):
    order, ids = three(practice)
    gone = appointments.delete(practice.uow, actor=practice.ada, selection=Selection(ids=(ids[0],)))
    service.delete(practice.uow, actor=practice.ada, order_id=order)
    undo(practice.uow, actor=practice.ada, change_id=gone.change_id)
    assert state(practice)[0] == ("scheduled", False, None)


@pytest.mark.parametrize(("use_case", "values"), [
    (service.move, {"step": "close", "fate": "dismissed"}),
    (service.delete, {"fate": "delete"}),
])  # fmt: skip
def test_a_series_goes_no_further_once_its_work_order_has_ended(practice, use_case, values):
    order = create(practice)
    book(practice, work_order=str(order), recurring=True, frequency="weekly", ends="never")
    alive = len(state(practice))
    done = use_case(practice.uow, actor=practice.ada, order_id=order, **values)
    practice.later(days=60)
    appointments.extend(practice.uow)
    assert len(state(practice)) == alive
    assert not [row for row in state(practice) if row[0] == "scheduled" and not row[1]]
    undo(practice.uow, actor=practice.ada, change_id=done.change_id)
    with practice.uow.read() as tx:
        assert tx.execute(select(Series.work_order_id)).scalar_one() == order
    appointments.extend(practice.uow)
    assert len(state(practice)) > alive
    assert {row[2] for row in state(practice)} == {order}


def test_nobody_deletes_a_work_order_with_appointments_out_of_their_reach(practice):
    ben = replace(practice.ben, scope=Scope.OWN)
    order = create(practice, staff=[str(ben.staff_id)])
    book(practice, work_order=str(order))
    with pytest.raises(NotAllowed):
        service.delete(practice.uow, actor=ben, order_id=order)
    mine = book(practice, work_order=str(order), date="2026-03-27", staff=[str(ben.staff_id)])
    done = service.move(practice.uow, actor=ben, order_id=order, step="close", fate="done")
    assert (done.changed, done.left) == (1, 1)
    with practice.uow.read() as tx:
        assert tx.execute(select(Appointment.status).where(Appointment.id == mine)).scalar_one() == "done"
