"""Work orders: which of them an actor may see, and what their appointments need to know of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select

from appointments_app.db.models import Appointment, Staff, WorkOrder, WorkOrderStaff
from appointments_app.db.queries import filters
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor, Scope
from appointments_app.domain.appointment import Kind
from appointments_app.domain.work_order import TAKES_APPOINTMENTS


@dataclass(frozen=True)
class Linked:
    """The record that an appointment belongs to, as its form shows it; id 0: none."""

    kind: str = Kind.INDEPENDENT.value
    id: int = 0
    number: str = ""
    title: str = ""
    client_id: int = 0
    takes_more: bool = False
    """Whether it may get further appointments."""


def visible(actor: Actor) -> list[ColumnElement[bool]]:
    """Return the conditions every read of work orders starts from."""
    return [WorkOrder.deleted_at.is_(None), *within_reach(actor)]


def within_reach(actor: Actor) -> list[ColumnElement[bool]]:
    """Return the conditions for work orders that the actor's permissions reach: with "own", those they work on."""
    if actor.scope is Scope.ALL:
        return []
    assigned = exists().where(WorkOrderStaff.work_order_id == WorkOrder.id, WorkOrderStaff.staff_id == actor.staff_id)
    booked = exists().where(Appointment.work_order_id == WorkOrder.id, *filters.visible(actor))
    return [or_(WorkOrder.created_by == actor.staff_id, assigned, booked)]


def linked(tx: Tx, actor: Actor, order_id: int, *, to_book: bool = False) -> Linked | None:
    """Return a work order that the actor may see, or None; ``to_book`` makes others wait to close or delete it."""
    columns = select(WorkOrder.id, WorkOrder.number, WorkOrder.title, WorkOrder.client_id, WorkOrder.status)
    statement = columns.where(*visible(actor), WorkOrder.id == order_id)
    row = tx.execute(statement.with_for_update(read=True) if to_book else statement).first()
    return Linked(Kind.WORK_ORDER.value, *row[:4], takes_more=row[4] in TAKES_APPOINTMENTS) if row else None


def staff_of(tx: Tx, ids: Collection[int]) -> dict[int, list[int]]:
    """Return the ids of the active people assigned to each work order."""
    statement = (
        select(WorkOrderStaff.work_order_id, WorkOrderStaff.staff_id)
        .join(Staff, Staff.id == WorkOrderStaff.staff_id)
        .where(WorkOrderStaff.work_order_id.in_(ids), Staff.active.is_(True))
    )
    staff: dict[int, list[int]] = {}
    for order_id, staff_id in tx.execute(statement.order_by(WorkOrderStaff.staff_id)):
        staff.setdefault(order_id, []).append(staff_id)
    return staff
