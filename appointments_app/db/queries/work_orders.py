"""Reading work orders: which of them an actor may see, pages by key, capped counts, one of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, exists, func, literal, or_, select
from sqlmodel import col
from sqlmodel.sql.sqltypes import UTCDateTime

from appointments_app.db.models import Appointment, Client, Staff, WorkOrder, WorkOrderStaff, WorkOrderTag
from appointments_app.db.queries import filters
from appointments_app.db.queries.appointments import StaffChip, make_key
from appointments_app.db.queries.by_key import rows_by_key
from appointments_app.db.queries.search import work_order_ids
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor, Scope
from appointments_app.domain.appointment import Kind, Status
from appointments_app.domain.listing import COUNT_CAP, LARGEST_ID, Place, Sort
from appointments_app.domain.money import amount_text
from appointments_app.domain.times import iso, to_wall
from appointments_app.domain.work_order import TAKES_APPOINTMENTS, OrderFilter, OrderStatus, OrderTab

_NEVER = date(9999, 12, 31)
"""Where a work order without a start stands in the order of starts."""


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


@dataclass(frozen=True)
class OrderRow:
    """One line of a list. Days are ``YYYY-MM-DD``, ``budget`` is ``1250.50``, '' for none; ``late``: overdue."""

    id: int
    number: str
    title: str
    client_id: int
    client: str
    status: str
    starts_on: str
    ends_on: str
    late: bool
    budget: str
    currency: str
    created_at: str
    scheduled: int = 0
    appointments: int = 0
    tags: list[str] = field(default_factory=list)
    staff: list[StaffChip] = field(default_factory=list)


@dataclass(frozen=True)
class OrderPage:
    """One page: its rows and the keys to its neighbours, '' where there is none."""

    rows: list[OrderRow]
    previous: str
    next: str


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


_ROW = (
    WorkOrder.id, WorkOrder.number, WorkOrder.title, WorkOrder.client_id, Client.name, WorkOrder.status,
    WorkOrder.starts_on, WorkOrder.ends_on, WorkOrder.budget, WorkOrder.currency, WorkOrder.created_at,
)  # fmt: skip


def page(tx: Tx, actor: Actor, wanted: OrderFilter, place: Place) -> OrderPage:
    """Return one page of work orders, found by key; the newest first unless asked otherwise."""
    by_start = place.descending is not None and place.sort is Sort.START
    first: Any = func.coalesce(WorkOrder.starts_on, literal(_NEVER, Date())) if by_start else WorkOrder.created_at
    key = _read_key(place.before or place.after, by_start=by_start)
    statement = select(*_ROW, first).join(Client, Client.id == WorkOrder.client_id)
    statement = statement.where(*_conditions(tx, actor, wanted))
    pair, kind = (first, WorkOrder.id), Date() if by_start else UTCDateTime()
    found = rows_by_key(tx, statement, pair, key, place, kind=kind, descending=place.descending is not False)
    return OrderPage(
        _rows(tx, actor, found.rows),
        _key_of(found.rows[0]) if found.has_previous else "",
        _key_of(found.rows[-1]) if found.has_next else "",
    )


def _key_of(row: Sequence[Any]) -> str:
    value = row[-1]
    return make_key(value if isinstance(value, datetime) else str(value), row[0])


def _read_key(text: str, *, by_start: bool) -> tuple[Any, int] | None:
    try:
        value, row_id = json.loads(text)
        key = date.fromisoformat(value) if by_start else datetime.fromisoformat(value)
        is_whole = isinstance(row_id, int) and 0 <= row_id <= LARGEST_ID
        is_known = by_start or (isinstance(key, datetime) and key.tzinfo is not None)
    except (ValueError, TypeError):
        return None
    return (key, row_id) if is_whole and is_known else None


def _conditions(tx: Tx, actor: Actor, wanted: OrderFilter) -> list[ColumnElement[bool]]:
    conditions = visible(actor)
    if wanted.tab is not OrderTab.ALL:
        conditions.append(WorkOrder.status == wanted.tab.value)
    if wanted.client:
        conditions.append(WorkOrder.client_id == int(wanted.client))
    if wanted.staff:
        mine = WorkOrderStaff.work_order_id == WorkOrder.id, WorkOrderStaff.staff_id == int(wanted.staff)
        conditions.append(exists().where(*mine))
    if wanted.tag:
        conditions.append(exists().where(WorkOrderTag.work_order_id == WorkOrder.id, WorkOrderTag.tag == wanted.tag))
    if wanted.since or wanted.until:
        conditions.append(or_(WorkOrder.starts_on.is_not(None), WorkOrder.ends_on.is_not(None)))
    if wanted.since:
        since = date.fromisoformat(wanted.since)
        conditions.append(or_(WorkOrder.ends_on.is_(None), col(WorkOrder.ends_on) >= since))
    if wanted.until:
        until = date.fromisoformat(wanted.until)
        conditions.append(or_(WorkOrder.starts_on.is_(None), col(WorkOrder.starts_on) <= until))
    if wanted.search:
        conditions.append(WorkOrder.id.in_(work_order_ids(tx, wanted.search)))
    return conditions


def capped_counts(tx: Tx, actor: Actor, wanted: OrderFilter) -> dict[str, int]:
    """Return how many work orders each tab would show, counted up to COUNT_CAP + 1, in one statement."""
    each = [
        select(func.count())
        .select_from(
            select(WorkOrder.id)
            .where(*_conditions(tx, actor, replace(wanted, tab=tab)))
            .limit(COUNT_CAP + 1)
            .subquery()
        )
        .scalar_subquery()
        for tab in OrderTab
    ]
    return dict(zip((tab.value for tab in OrderTab), tx.execute(select(*each)).one(), strict=True))


def exact_count(tx: Tx, actor: Actor, wanted: OrderFilter) -> int:
    """Return how many work orders match, however many there are; never on a page's path."""
    found = select(func.count()).select_from(WorkOrder).where(*_conditions(tx, actor, wanted))
    return tx.execute(found).scalar_one()


def row_of(tx: Tx, actor: Actor, order_id: int) -> OrderRow | None:
    """Return one work order as a list shows it, or None when there is none that the actor may see."""
    statement = select(*_ROW).join(Client, Client.id == WorkOrder.client_id)
    found = tx.execute(statement.where(*visible(actor), WorkOrder.id == order_id)).all()
    return _rows(tx, actor, found)[0] if found else None


def _rows(tx: Tx, actor: Actor, found: Sequence[Any]) -> list[OrderRow]:
    ids = [row[0] for row in found]
    tags, staff, booked = tags_of(tx, ids), _chips(tx, ids), _booked(tx, actor, ids)
    today = to_wall(tx.now, actor.time_zone).date()
    return [
        OrderRow(
            *row[:6],
            _day(row[6]),
            _day(row[7]),
            row[5] == OrderStatus.OPEN and row[7] is not None and row[7] < today,
            amount_text(row[8], row[9]),
            row[9],
            iso(row[10]),
            *booked.get(row[0], (0, 0)),
            tags.get(row[0], []),
            staff.get(row[0], []),
        )
        for row in found
    ]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _booked(tx: Tx, actor: Actor, ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return how many appointments of each work order are scheduled, and how many there are."""
    if not ids:
        return {}
    scheduled = func.count().filter(Appointment.status == Status.SCHEDULED)
    statement = (
        select(Appointment.work_order_id, scheduled, func.count())
        .where(Appointment.work_order_id.in_(ids), *filters.visible(actor))
        .group_by(Appointment.work_order_id)
    )
    return {row[0]: (row[1], row[2]) for row in tx.execute(statement)}


def tags_of(tx: Tx, ids: Collection[int]) -> dict[int, list[str]]:
    """Return each work order's tags, by name."""
    tags: dict[int, list[str]] = {}
    if ids:
        statement = select(WorkOrderTag.work_order_id, WorkOrderTag.tag).where(WorkOrderTag.work_order_id.in_(ids))
        for order_id, tag in tx.execute(statement.order_by(WorkOrderTag.tag)):
            tags.setdefault(order_id, []).append(tag)
    return tags


def all_tags(tx: Tx) -> list[str]:
    """Return the tags in use, by name."""
    return list(tx.execute(select(WorkOrderTag.tag).distinct().order_by(WorkOrderTag.tag).limit(200)).scalars())


def _chips(tx: Tx, ids: Collection[int]) -> dict[int, list[StaffChip]]:
    chips: dict[int, list[StaffChip]] = {}
    if ids:
        statement = (
            select(WorkOrderStaff.work_order_id, Staff.id, Staff.name, Staff.colour)
            .join(Staff, Staff.id == WorkOrderStaff.staff_id)
            .where(WorkOrderStaff.work_order_id.in_(ids))
        )
        for order_id, *person in tx.execute(statement.order_by(Staff.name, Staff.id)):
            chips.setdefault(order_id, []).append(StaffChip(*person))
    return chips


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
