"""The two kinds of appointment: independent with an action, or for a work order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from appointments_app.db.models import WorkOrder, WorkOrderStaff
from appointments_app.domain.access import Scope
from appointments_app.domain.appointment import Kind
from appointments_app.domain.errors import Invalid
from appointments_app.domain.listing import AppointmentFilter, Place, Selection
from appointments_app.features.appointments import service
from tests.appointments.conftest import Practice, token
from tests.appointments.desk import book, edit, stored


def rows(practice: Practice, actor=None, **wanted):
    view = service.list_view(
        practice.uow, actor=actor or practice.ada, wanted=AppointmentFilter(**wanted), place=Place()
    )
    return view.page.rows


def refusal(practice: Practice, **changes) -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        book(practice, **changes)
    return error.value.fields


def opened(practice: Practice, actor=None, **query: str):
    return service.open_new(practice.uow, actor=actor or practice.ada, token=token(), query=query)


def test_r1_an_independent_appointment_needs_an_action_and_one_of_a_work_order_does_not(practice):
    assert refusal(practice, action="").keys() == {"action"}
    order = practice.order()
    assert stored(practice, book(practice, action="", work_order=str(order))).booking.work_order_id == order
    assert book(practice, date="2026-03-26", work_order=str(order))


def test_r2_rows_of_a_work_order_carry_its_number_and_are_found_by_kind(practice):
    order = practice.order()
    independent, linked = book(practice), book(practice, date="2026-03-26", work_order=str(order))
    plain, chip = rows(practice)
    assert (plain.kind, plain.record_id, plain.action) == (Kind.INDEPENDENT, 0, "Follow-up call")
    assert (chip.kind, chip.record_id, chip.record_number, chip.record_title) == (
        Kind.WORK_ORDER, order, "1024", "Lift",
    )  # fmt: skip
    assert [row.id for row in rows(practice, kind="independent")] == [independent]
    assert [row.id for row in rows(practice, kind="work-order")] == [linked]
    assert [row.id for row in rows(practice, work_order=str(order))] == [linked]


def test_bulk_work_by_kind_touches_that_kind_alone(practice):
    independent, linked = book(practice), book(practice, date="2026-03-26", work_order=str(practice.order()))
    matching = Selection(matching=AppointmentFilter.from_query({"kind": "work-order"}))
    service.set_status(practice.uow, actor=practice.ada, selection=matching, status="done")
    assert (stored(practice, independent).status, stored(practice, linked).status) == ("scheduled", "done")


def test_the_address_holds_the_kind_and_forgets_what_is_none():
    assert AppointmentFilter.from_query({"kind": "work-order"}).to_query() == {"kind": "work-order"}
    assert AppointmentFilter.from_query({"kind": "other", "work_order": "x"}) == AppointmentFilter()


def test_r3_the_form_opens_with_client_and_staff_of_the_work_order(practice):
    order = practice.order()
    with practice.uow.begin() as tx:
        tx.add(WorkOrderStaff(work_order_id=order, staff_id=practice.ben.staff_id))
    form = opened(practice, work_order=str(order))
    assert form.form["client"] == str(practice.cleo)
    assert form.form["staff"] == [str(practice.ben.staff_id)]
    assert (form.linked.number, form.client.name) == ("1024", "Cleo")


@pytest.mark.parametrize("changes", [{"status": "closed"}, {"status": "cancelled"}])
def test_nothing_new_is_scheduled_for_a_work_order_that_takes_no_more(practice, changes):
    order = practice.order(**changes)
    assert opened(practice, work_order=str(order)).linked.id == 0
    assert refusal(practice, work_order=str(order)).keys() == {"work_order"}


def test_what_was_scheduled_before_the_work_order_was_closed_can_still_be_edited(practice):
    order = practice.order()
    one = book(practice, work_order=str(order))
    with practice.uow.begin() as tx:
        tx.execute(update(WorkOrder).values(status="closed"))
    assert edit(practice, one, notes="Ring twice")
    assert stored(practice, one).booking.work_order_id == order


def test_a_work_order_and_its_appointments_have_one_client(practice):
    order = practice.order()
    assert refusal(practice, client=str(practice.omar), work_order=str(order)).keys() == {"client"}
    one = book(practice, work_order=str(order))
    with pytest.raises(Invalid) as error:
        edit(practice, one, client=str(practice.omar))
    assert error.value.fields.keys() == {"client"}
    assert edit(practice, one, client=str(practice.omar), work_order="")
    assert stored(practice, one).booking.is_independent


def test_a_work_order_out_of_reach_looks_like_one_that_is_not_there(practice):
    order = practice.order()
    ben = replace(practice.ben, scope=Scope.OWN)
    assert opened(practice, ben, work_order=str(order)).linked.id == 0
    form = practice.form(work_order=str(order))
    with pytest.raises(Invalid) as error:
        service.book(practice.uow, actor=ben, form=form, token=token())
    assert error.value.fields.keys() == {"work_order"}
    book(practice, work_order=str(order), staff=[str(practice.ben.staff_id)])
    assert opened(practice, ben, work_order=str(order)).linked.id == order


def test_every_occurrence_of_a_series_belongs_to_the_work_order(practice):
    order = practice.order()
    daily = {"recurring": True, "frequency": "daily", "ends": "after", "count": "3"}
    book(practice, work_order=str(order), **daily)
    assert [row.record_id for row in rows(practice)] == [order] * 3


def test_an_old_appointment_without_an_action_keeps_standing(practice):
    one = book(practice, work_order=str(practice.order()), action="")
    edit(practice, one, work_order="", action=str(practice.call))
    with pytest.raises(Invalid):
        edit(practice, one, version=2, action="")
