"""Writing work orders, and what befalls their appointments and series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, and_, cast, delete, exists, func, insert, literal, not_, or_, select, update

from appointments_app.db.models import (
    Appointment,
    ChangeLine,
    Counter,
    Series,
    WorkOrder,
    WorkOrderStaff,
    WorkOrderTag,
    WorkOrderText,
)
from appointments_app.db.queries import bulk, filters, notices
from appointments_app.db.queries.work_orders import tags_of, visible
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor, Scope
from appointments_app.domain.appointment import Status
from appointments_app.domain.text import fold
from appointments_app.domain.work_order import OrderFields, OrderStatus

_COUNTER = "work_order"


@dataclass(frozen=True)
class StoredOrder:
    """A work order as it stands."""

    id: int
    fields: OrderFields
    status: OrderStatus
    version: int
    created_at: Any
    created_by: int | None


@dataclass(frozen=True)
class Tally:
    """How many appointments of a work order, within the actor's reach or not, there are of each status."""

    scheduled: int = 0
    done: int = 0
    dismissed: int = 0
    out_of_reach: int = 0

    @property
    def total(self) -> int:
        return self.scheduled + self.done + self.dismissed


def stored(tx: Tx, actor: Actor, order_id: int, *, to_change: bool = False) -> StoredOrder | None:
    """Return a work order, or None when there is none that the actor may see; ``to_change`` makes others wait."""
    statement = select(WorkOrder).where(*visible(actor), WorkOrder.id == order_id)
    one = tx.execute(statement.with_for_update() if to_change else statement).scalar_one_or_none()
    if one is None:
        return None
    mine = select(WorkOrderStaff.staff_id).where(WorkOrderStaff.work_order_id == order_id)
    fields = OrderFields(
        one.title,
        one.client_id,
        one.number,
        one.starts_on,
        one.ends_on,
        one.description,
        one.budget,
        one.currency,
        tuple(tags_of(tx, [order_id]).get(order_id, ())),
        tuple(tx.execute(mine.order_by(WorkOrderStaff.staff_id)).scalars()),
    )
    return StoredOrder(order_id, fields, OrderStatus(one.status), one.version, one.created_at, one.created_by)


def hold_numbers(tx: Tx) -> int:
    """Let nobody else give out numbers until this transaction ends; return the last one given out."""
    wanted = select(Counter.last).where(Counter.name == _COUNTER).with_for_update()
    return tx.execute(wanted).scalar_one()


def next_number(tx: Tx) -> str:
    """Return the number that the next work order will get if nobody types another one."""
    return _free(tx, tx.execute(select(Counter.last).where(Counter.name == _COUNTER)).scalar_one())


def take_number(tx: Tx, last: int) -> str:
    """Take the next free number of the sequence; ``hold_numbers`` comes before."""
    number = _free(tx, last)
    tx.execute(update(Counter).where(Counter.name == _COUNTER).values(last=int(number)))
    return number


def _free(tx: Tx, last: int) -> str:
    while number_is_taken(tx, str(last + 1), None):
        last += 1
    return str(last + 1)


def number_is_taken(tx: Tx, number: str, own_id: int | None) -> bool:
    """Whether another work order, a deleted one too, has this number."""
    taken = select(WorkOrder.id).where(WorkOrder.number_key == fold(number), WorkOrder.id != (own_id or 0))
    return tx.execute(taken).first() is not None


def add(tx: Tx, actor: Actor, fields: OrderFields, status: OrderStatus) -> int:
    """Store a new work order; return its id."""
    values = {
        **_columns(fields),
        "status": status.value,
        "created_at": tx.now,
        "created_by": actor.staff_id,
        "version": 1,
    }
    order_id = tx.execute(insert(WorkOrder).values(**values).returning(WorkOrder.id)).scalar_one()
    _write_rest(tx, order_id, fields)
    return order_id


def change(tx: Tx, order_id: int, fields: OrderFields) -> None:
    """Store what a form says."""
    _set(tx, order_id, **_columns(fields))
    for table in (WorkOrderStaff, WorkOrderTag, WorkOrderText):
        tx.execute(delete(table).where(table.work_order_id == order_id).execution_options(synchronize_session=False))
    _write_rest(tx, order_id, fields)


def set_status(tx: Tx, order_id: int, status: OrderStatus) -> None:
    """Store where it stands."""
    _set(tx, order_id, status=status.value)


def hide(tx: Tx, order_id: int) -> None:
    """Delete it, so that Undo can bring it back."""
    _set(tx, order_id, deleted_at=tx.now)


def _set(tx: Tx, order_id: int, **values: Any) -> None:
    statement = update(WorkOrder).where(WorkOrder.id == order_id).values(**values, version=WorkOrder.version + 1)
    tx.execute(statement.execution_options(synchronize_session=False))


def _columns(fields: OrderFields) -> dict[str, Any]:
    names = ("title", "client_id", "number", "starts_on", "ends_on", "description", "budget", "currency")
    return {**{name: getattr(fields, name) for name in names}, "number_key": fold(fields.number)}


def _write_rest(tx: Tx, order_id: int, fields: OrderFields) -> None:
    own = {"work_order_id": order_id}
    for table, rows in (
        (WorkOrderStaff, [{**own, "staff_id": one} for one in fields.staff_ids]),
        (WorkOrderTag, [{**own, "tag": tag} for tag in fields.tags]),
        (WorkOrderText, [{**own, "body": _body(fields)}]),
    ):
        if rows:
            tx.execute(insert(table), rows)


def _body(fields: OrderFields) -> str:
    return fold(" ".join((fields.number, fields.title, *fields.tags, fields.description)))


def tally(tx: Tx, actor: Actor, order_id: int) -> Tally:
    """Return how many appointments a work order has."""
    mine = filters.within_reach(actor)
    counts = [
        func.count().filter(Appointment.status == each) for each in (Status.SCHEDULED, Status.DONE, Status.DISMISSED)
    ]
    beyond = func.count().filter(not_(or_(*mine))) if actor.scope is Scope.OWN else literal(0)
    own = Appointment.work_order_id == order_id, Appointment.deleted_at.is_(None)
    return Tally(*tx.execute(select(*counts, beyond).select_from(Appointment).where(*own)).one())


def has_any(tx: Tx, order_id: int) -> bool:
    """Whether appointments or series refer to it, deleted ones too."""
    either = or_(
        exists().where(Appointment.work_order_id == order_id), exists().where(Series.work_order_id == order_id)
    )
    return bool(tx.execute(select(either)).scalar_one())


def appointments_of(actor: Actor, order_id: int, *statuses: Status) -> list[Any]:
    """Return the condition for the appointments of a work order that the actor may see, of some statuses."""
    return [*filters.visible(actor), Appointment.work_order_id == order_id, Appointment.status.in_(statuses)]


def series_ids(tx: Tx, order_id: int) -> Sequence[int]:
    """Return the series whose occurrences belong to it, held for this transaction."""
    wanted = select(Series.id).where(Series.work_order_id == order_id).order_by(Series.id).with_for_update()
    return tx.execute(wanted).scalars().all()


def detach(tx: Tx, change_id: int, order_id: int) -> int:
    """Make independent appointments, deleted ones too, and series of what belongs to it; return how many live ones.

    What this very change deleted stays part of it: it comes back with it, and its client is told of it as such.
    """
    alive = Appointment.work_order_id == order_id, Appointment.deleted_at.is_(None)
    count = tx.execute(select(func.count()).select_from(Appointment).where(*alive)).scalar_one()
    deleted = ChangeLine.entity == Appointment.__tablename__, ChangeLine.field == "deleted_at"
    gone = select(ChangeLine.entity_id).where(ChangeLine.change_id == change_id, *deleted)
    for table in (Appointment, Series):
        link = table.work_order_id == order_id
        if table is Appointment:
            link = and_(link, Appointment.id.not_in(gone))
        name = literal(table.__tablename__)
        line = (
            literal(change_id),
            name,
            table.id,
            literal("work_order_id"),
            cast(table.work_order_id, String),
            literal(""),
        )
        tx.execute(insert(ChangeLine).from_select(bulk.LINE_COLUMNS, select(*line).where(link)))
        loose = update(table).where(link).values(work_order_id=None, version=table.version + 1)
        tx.execute(loose.execution_options(synchronize_session=False))
    notices.follow(tx, change_id)
    return count
