"""Use-cases of reading work orders: the list, one of them."""

from __future__ import annotations

from dataclasses import dataclass

from appointments_app.db.queries import history, order_changes, pickers, work_orders
from appointments_app.db.queries.history import ChangeRow
from appointments_app.db.queries.order_changes import StoredOrder
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.queries.work_orders import OrderPage, OrderRow
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.errors import NotFound
from appointments_app.domain.listing import LARGEST_ID, Place
from appointments_app.domain.work_order import OrderFilter


@dataclass(frozen=True)
class OrdersView:
    """What the list page shows: one page and the choices of its filters. How many there are is asked apart."""

    page: OrderPage
    staff_choices: list[Choice]
    tags: list[str]


@dataclass(frozen=True)
class Record:
    """One work order as its page shows it."""

    row: OrderRow
    description: str
    changes: list[ChangeRow]


def list_view(uow: UnitOfWork, *, actor: Actor, wanted: OrderFilter, place: Place) -> OrdersView:
    """Return one page of work orders with the choices of its filters."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        page = work_orders.page(tx, actor, wanted, place)
        return OrdersView(page, pickers.staff(tx), work_orders.all_tags(tx))


def capped_counts(uow: UnitOfWork, *, actor: Actor, wanted: OrderFilter) -> dict[str, int]:
    """Return how many work orders each tab would show, counted up to COUNT_CAP + 1."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        return work_orders.capped_counts(tx, actor, wanted)


def exact_count(uow: UnitOfWork, *, actor: Actor, wanted: OrderFilter) -> int:
    """Return how many work orders match, however many there are."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        return work_orders.exact_count(tx, actor, wanted)


def record_of(uow: UnitOfWork, *, actor: Actor, order_id: object) -> Record:
    """Return one work order with its audit trail; raise NotFound."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        old = order_in(tx, actor, order_id)
        row = work_orders.row_of(tx, actor, old.id)
        if row is None:
            raise NotFound()
        return Record(row, old.fields.description, history.of_record(tx, "work_order", old.id))


def order_in(tx: Tx, actor: Actor, order_id: object, *, to_change: bool = False) -> StoredOrder:
    """Return the work order to read or change; raise NotFound for an id that is none, or out of reach."""
    text = str(order_id)
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
    found = order_changes.stored(tx, actor, number, to_change=to_change) if 0 < number <= LARGEST_ID else None
    if found is None:
        raise NotFound()
    return found
