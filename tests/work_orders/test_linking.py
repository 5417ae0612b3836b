"""Appointments that exist already are given to a work order, and Undo gives them back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appointments_app.domain.access import Permission, Scope
from appointments_app.domain.errors import Cancelled, Invalid, NotAllowed, NotFound
from appointments_app.domain.listing import Selection
from appointments_app.features.appointments import service as appointments
from appointments_app.features.session.service import undo
from appointments_app.features.work_orders import service
from tests.appointments.conftest import Practice, token
from tests.messages.reminders import a_rule, messages
from tests.work_orders.conftest import create


def book(practice: Practice, **changes: object) -> int:
    return appointments.book(practice.uow, actor=practice.ada, form=practice.form(**changes), token=token())


def of_order(practice: Practice, order: int) -> int:
    return service.record_of(practice.uow, actor=practice.ada, order_id=order).row.appointments


def test_what_belongs_to_nothing_is_offered_linked_and_given_back(practice: Practice):
    order, other = create(practice), create(practice)
    early, late = book(practice, time="09:00"), book(practice, time="15:00")
    book(practice, time="11:00", work_order=str(other))
    book(practice, time="12:00", client=str(practice.omar))
    book(practice, time="13:00", recurring=True, frequency="daily", ends="after", count="3")
    offered = service.to_link(practice.uow, actor=practice.ada, order_id=order)
    assert [one.id for one in offered] == [late, early]
    done = service.link(practice.uow, actor=practice.ada, order_id=order, ids=[str(early), str(late)])
    assert (done.changed, done.left, of_order(practice, order)) == (2, 0, 2)
    assert service.to_link(practice.uow, actor=practice.ada, order_id=order) == []
    undo(practice.uow, actor=practice.ada, change_id=done.change_id)
    assert of_order(practice, order) == 0
    assert len(service.to_link(practice.uow, actor=practice.ada, order_id=order)) == 2


def test_what_is_linked_is_reminded_of_by_the_rules_of_work_orders(practice: Practice):
    a_rule(practice, independent=False)
    order, one = create(practice), book(practice)
    done = service.link(practice.uow, actor=practice.ada, order_id=order, ids=[str(one)])
    assert [state for state, _, _ in messages(practice)] == ["planned"]
    undo(practice.uow, actor=practice.ada, change_id=done.change_id)
    assert [state for state, _, _ in messages(practice)] == ["skipped"]


def test_undo_leaves_what_was_given_to_another_order_meanwhile(practice: Practice):
    order, other, one = create(practice), create(practice), book(practice)
    done = service.link(practice.uow, actor=practice.ada, order_id=order, ids=[str(one)])
    form = practice.form(work_order=str(other))
    appointments.edit(practice.uow, actor=practice.ada, appointment_id=one, form=form, version=2)
    undo(practice.uow, actor=practice.ada, change_id=done.change_id)
    assert of_order(practice, other) == 1


def test_what_belongs_to_something_or_somebody_else_is_left_alone(practice: Practice):
    order, other = create(practice), create(practice)
    taken, omars, mine = (
        book(practice, work_order=str(other)),
        book(practice, client=str(practice.omar)),
        book(practice),
    )
    done = service.link(practice.uow, actor=practice.ada, order_id=order, ids=[str(taken), str(omars), str(mine)])
    assert (done.changed, done.left) == (1, 2) and of_order(practice, other) == 1
    with pytest.raises(Invalid, match="something else"):
        service.link(practice.uow, actor=practice.ada, order_id=order, ids=[str(taken)])


@pytest.mark.parametrize("ids", [[], None, "1", ["x"], [-1], [str(number) for number in range(1, 60)]])
def test_no_choice_at_all_is_refused(practice: Practice, ids: object):
    with pytest.raises(Invalid, match="at least one"):
        service.link(practice.uow, actor=practice.ada, order_id=create(practice), ids=ids)


def test_a_closed_order_takes_none(practice: Practice):
    order, one = create(practice), book(practice)
    service.move(practice.uow, actor=practice.ada, order_id=order, step="close")
    for try_it in (
        lambda: service.to_link(practice.uow, actor=practice.ada, order_id=order),
        lambda: service.link(practice.uow, actor=practice.ada, order_id=order, ids=[str(one)]),
    ):
        with pytest.raises(Invalid, match="closed"):
            try_it()


def test_linking_needs_the_permission_and_reaches_no_further_than_it(practice: Practice):
    order, one = create(practice, staff=[str(practice.ben.staff_id)]), book(practice)
    nobody = replace(practice.ada, permissions=frozenset({Permission.VIEW}))
    with pytest.raises(NotAllowed):
        service.link(practice.uow, actor=nobody, order_id=order, ids=[str(one)])
    own = replace(practice.ben, permissions=frozenset(Permission), scope=Scope.OWN)
    assert service.to_link(practice.uow, actor=own, order_id=order) == []
    with pytest.raises(Invalid):
        service.link(practice.uow, actor=own, order_id=order, ids=[str(one)])
    with pytest.raises(NotFound):
        service.to_link(practice.uow, actor=own, order_id=create(practice))


def test_undo_of_a_closing_that_marked_appointments_needs_what_marking_them_needed(practice: Practice):
    order = create(practice)
    one = book(practice, work_order=str(order))
    done = service.move(practice.uow, actor=practice.ada, order_id=order, step="close", fate="done")
    editor = replace(practice.ada, permissions=practice.ada.permissions - {Permission.STATUS})
    with pytest.raises(NotAllowed):
        undo(practice.uow, actor=editor, change_id=done.change_id)
    undo(practice.uow, actor=practice.ada, change_id=done.change_id)
    again = service.move(practice.uow, actor=editor, order_id=order, step="close", fate="leave")
    undo(practice.uow, actor=editor, change_id=again.change_id)
    assert appointments.facts_of(practice.uow, actor=practice.ada, appointment_id=one)[0].status == "scheduled"


def test_stopping_a_long_closing_leaves_everything_as_it_was(practice: Practice):
    order = create(practice)
    one = book(practice, work_order=str(order))
    told: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> bool:
        told.append((done, total))
        return False

    with pytest.raises(Cancelled):
        service.move(practice.uow, actor=practice.ada, order_id=order, step="close", fate="done", progress=stop)
    assert told == [(1, 1)]
    assert service.record_of(practice.uow, actor=practice.ada, order_id=order).row.status == "open"
    selection = Selection(ids=(one,))
    assert appointments.set_status(practice.uow, actor=practice.ada, selection=selection, status="done").changed == 1
