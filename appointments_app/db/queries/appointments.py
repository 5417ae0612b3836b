"""Reading appointments: pages by key, capped counts, what an actor may see."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Integer,
    Select,
    String,
    and_,
    func,
    literal,
    literal_column,
    select,
    tuple_,
)
from sqlmodel.sql.sqltypes import UTCDateTime

from appointments_app.db.models import Action, Appointment, AppointmentStaff, Client, Staff, WorkOrder
from appointments_app.db.queries.filters import (
    Shape,
    conditions,
    conditions_of,
    named,
    one_status,
    shape_of,
    tab_conditions,
    visible,
    within_reach,
)  # fmt: skip
from appointments_app.db.queries.prepared import Prepared, among, instant, prepare, run, written
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.appointment import Kind, Tab
from appointments_app.domain.contact import phone_as_read
from appointments_app.domain.listing import COUNT_CAP, LARGEST_ID, AppointmentFilter, Place, Selection, Sort
from appointments_app.domain.times import iso, to_instant, to_wall

__all__ = [
    "AppointmentPage",
    "AppointmentRow",
    "StaffChip",
    "capped_counts",
    "conditions_of",
    "exact_count",
    "fetch",
    "is_descending",
    "make_key",
    "one",
    "page",
    "read_key",
    "rows_of",
    "selected",
    "staff_chips",
    "visible",
    "within_reach",
]


@dataclass(frozen=True)
class StaffChip:
    """One assigned staff member as a list shows them."""

    id: int
    name: str
    colour: str


@dataclass(frozen=True)
class AppointmentRow:
    """One line of a list. Instants are UTC ISO text; ``over``: the end has passed; ``phone``: as people read it.

    ``kind`` says what it belongs to; ``record_id``, ``record_number`` and ``record_title`` name that record.
    """

    id: int
    client_id: int
    client: str
    business: str
    phone: str
    action: str
    action_colour: str
    start_at: str
    end_at: str
    minutes: int
    status: str
    over: bool
    shared: bool
    confirmed: bool
    notes: str
    created_at: str
    recurring: bool = False
    outcome: str = ""
    staff: list[StaffChip] = field(default_factory=list)
    kind: str = Kind.INDEPENDENT.value
    record_id: int = 0
    record_number: str = ""
    record_title: str = ""


@dataclass(frozen=True)
class AppointmentPage:
    """One page: its rows and the keys to its neighbours, '' where there is none."""

    rows: list[AppointmentRow]
    previous: str
    next: str


_ROW = (
    Appointment.id, Appointment.client_id, Client.name, Client.business_name, Client.phone, Action.name, Action.colour,
    Appointment.start_at, Appointment.end_at, Appointment.status, Appointment.shared, Appointment.confirmed_at,
    func.substr(Appointment.notes, 1, 140), Appointment.created_at, Appointment.series_id,
    Appointment.outcome, Appointment.work_order_id, WorkOrder.number, WorkOrder.title,
)  # fmt: skip


def is_descending(wanted: AppointmentFilter, place: Place) -> bool:
    """Return the direction: as asked for, else upcoming first for what lies ahead and newest first for what is over."""
    if place.descending is not None:
        return place.descending
    return place.sort is Sort.CREATED or wanted.tab in {Tab.DONE, Tab.DISMISSED, Tab.YET_TO_MARK}


def _begins_today(wanted: AppointmentFilter, place: Place) -> bool:
    """Whether the list opens at today instead of at its very first row."""
    return (
        place.sort is Sort.START
        and not is_descending(wanted, place)
        and place.descending is None
        and not (wanted.search or wanted.since or wanted.until)
    )


def page(tx: Tx, actor: Actor, wanted: AppointmentFilter, place: Place) -> AppointmentPage:
    """Return one page of appointments. Time does not grow with the table: pages are found by key, not by offset."""
    shape, values = shape_of(tx, actor, wanted, for_page=True)
    by_start = place.sort is Sort.START
    # In another order, few of one person's rows are sorted sooner than they are met on a walk over everybody's.
    by_staff = shape.by_staff and (by_start or shape.tab in {Tab.DISMISSED, Tab.YET_TO_MARK})
    is_walk = not (by_staff or shape.narrow)
    by_status = is_walk and by_start and not shape.is_sqlite and shape.tab not in {Tab.ALL, Tab.YET_TO_MARK}
    shape = replace(shape, by_staff=by_staff, in_order=is_walk and not by_start, by_status=by_status)
    if shape.found.kind == "ids" and not values["found"]:
        return AppointmentPage([], "", "")
    key = read_key(place.before or place.after, place.sort)
    backwards = bool(place.before) and key is not None
    if key is None and _begins_today(wanted, place):
        key = (to_instant(to_wall(tx.now, actor.time_zone).date(), time(), actor.time_zone), 0)
    found = fetch(tx, shape, values, place, key, is_descending(wanted, place) != backwards)
    if len(found) <= place.size and key is not None and not backwards and not place.after:
        # Little lies ahead of today: fill the page from behind, so that it never opens nearly empty.
        found, key, backwards = fetch(tx, shape, values, place, None, True), None, True
    more, found = len(found) > place.size, list(found[: place.size])
    if backwards:
        found.reverse()
    has_previous = more if backwards else key is not None and bool(found)
    has_next = more if not backwards else bool(place.before) and bool(found)
    return AppointmentPage(
        rows_from(tx, found),
        make_key(_instant_of(found[0][-1], place.sort), found[0][0]) if has_previous else "",
        make_key(_instant_of(found[-1][-1], place.sort), found[-1][0]) if has_next else "",
    )


def _instant_of(value: Any, sort: Sort) -> Any:
    return (
        datetime.fromisoformat(value).replace(tzinfo=UTC)
        if isinstance(value, str) and sort is not Sort.CLIENT
        else value
    )


def fetch(
    tx: Tx, shape: Shape, values: dict[str, Any], place: Place, key: tuple[Any, int] | None, descending: bool
) -> Sequence[Any]:
    """Return the rows behind ``key``, one more than a page holds."""
    statement = _page_statement(tx.get_bind().dialect, shape, place.sort, key is not None, descending, place.size + 1)
    return run(tx, statement, values if key is None else values | {"key": key[0], "key_id": key[1]})


@lru_cache(maxsize=1024)
def _page_statement(dialect: Dialect, shape: Shape, sort: Sort, keyed: bool, descending: bool, size: int) -> Prepared:
    first, second = _key_columns(shape, sort)
    statement = _joined(select(*_ROW, first)).where(*conditions(shape))
    at, row_id = named("key", String() if sort is Sort.CLIENT else UTCDateTime()), named("key_id", Integer())
    order, key = [first, second], [at, row_id]
    if shape.by_status:
        order, key = [Appointment.status, *order], [one_status(shape.tab), *key]
    if keyed:
        statement = statement.where(tuple_(*order) < tuple_(*key) if descending else tuple_(*order) > tuple_(*key))
        if sort is Sort.CLIENT:  # a pair over two tables bounds no index: its first half does
            statement = statement.where(first <= at if descending else first >= at)
    by = [column.desc() for column in order] if descending else order
    return prepare(statement.order_by(*by).limit(written(size)), dialect)


def _key_columns(shape: Shape, sort: Sort) -> tuple[Any, Any]:
    """Return the columns of the order; rows that are few are found first and sorted then, never met on a walk."""
    few = shape.found.kind == "ids"
    if sort is Sort.START and shape.by_staff:
        first, second = AppointmentStaff.start_at, AppointmentStaff.appointment_id
    else:
        few = few or shape.by_staff
        times = {Sort.START: Appointment.start_at, Sort.CREATED: Appointment.created_at}
        first, second = times.get(sort, Client.sort_name), Appointment.id
    return _unindexed(first, shape) if few else first, second


def _unindexed(column: Any, shape: Shape) -> Any:
    """Return the column in a form that no index has, so that the planner does not walk one in its order."""
    if shape.is_sqlite:
        return literal_column(f"+{column.class_.__tablename__}.{column.key}", column.type)
    # Of two tables, for PostgreSQL would sort all clients first; neither column is ever empty.
    return func.coalesce(column, Appointment.status if column.class_ is Client else column, type_=column.type)


def _joined(statement: Select[Any]) -> Select[Any]:
    return (
        statement.join_from(Appointment, Client, Client.id == Appointment.client_id)
        .outerjoin(Action, Action.id == Appointment.action_id)
        .outerjoin(WorkOrder, WorkOrder.id == Appointment.work_order_id)
    )


def rows_from(tx: Tx, found: Sequence[Any]) -> list[AppointmentRow]:
    """Return what was read as the rows of a list, with the assigned staff."""
    chips = staff_chips(tx, [row[0] for row in found])
    now = iso(tx.now)
    rows = []
    for row in found:
        row_id, client_id, client, business, phone, action, colour, start, end, status, shared, confirmed_at = row[:12]
        start_at, end_at = instant(start), instant(end)
        minutes = (datetime.fromisoformat(end_at) - datetime.fromisoformat(start_at)) // _MINUTE
        rows.append(AppointmentRow(
            row_id, client_id, client, business, phone_as_read(phone), action or "", colour or "gray", start_at, end_at,
            minutes, status, end_at <= now, bool(shared), confirmed_at is not None, row[12], instant(row[13]),
            row[14] is not None, row[15], chips.get(row_id, []), *_record(*row[16:19]),
        ))  # fmt: skip
    return rows


def _record(order_id: int | None, number: str, title: str) -> tuple[str, int, str, str]:
    """Return kind, id, number and title of what an appointment belongs to."""
    return (Kind.WORK_ORDER.value, order_id, number, title) if order_id else (Kind.INDEPENDENT.value, 0, "", "")


_MINUTE = timedelta(minutes=1)


def staff_chips(tx: Tx, ids: Sequence[int]) -> dict[int, list[StaffChip]]:
    """Return the assigned staff of each appointment, by name."""
    chips: dict[int, list[StaffChip]] = {}
    if ids:
        known: dict[int, StaffChip] = {}
        for appointment_id, staff_id, name, colour in run(
            tx, _chips_statement(tx.get_bind().dialect, tx.is_sqlite), {"ids": list(ids)}
        ):
            if staff_id not in known:
                known[staff_id] = StaffChip(staff_id, name, colour)
            chips.setdefault(appointment_id, []).append(known[staff_id])
    return chips


@lru_cache(maxsize=8)
def _chips_statement(dialect: Dialect, is_sqlite: bool) -> Prepared:
    return prepare(
        select(AppointmentStaff.appointment_id, Staff.id, Staff.name, Staff.colour)
        .join(Staff, Staff.id == AppointmentStaff.staff_id)
        .where(among(AppointmentStaff.appointment_id, "ids", is_sqlite=is_sqlite))
        .order_by(Staff.name, Staff.id),
        dialect,
    )


def make_key(value: Any, row_id: int) -> str:
    """Return the key of a row as it stands in an address."""
    return json.dumps(
        [value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value, row_id],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def read_key(text: str, sort: Sort) -> tuple[Any, int] | None:
    """Return the key an address holds, or None when it holds none that can be read."""
    try:
        value, row_id = json.loads(text)
        key = value if sort is Sort.CLIENT else datetime.fromisoformat(value).astimezone(UTC)
        is_stored = isinstance(row_id, int) and 0 <= row_id <= LARGEST_ID and b"\0" not in value.encode()
    except (ValueError, TypeError, AttributeError, OverflowError):
        return None
    return (key, row_id) if is_stored else None


def capped_counts(tx: Tx, actor: Actor, wanted: AppointmentFilter) -> dict[str, int]:
    """Return how many appointments each tab would show, counted up to COUNT_CAP + 1, in one statement."""
    shape, values = shape_of(tx, actor, replace(wanted, tab=Tab.ALL))
    row = run(tx, _counts_statement(tx.get_bind().dialect, shape), values)[0]
    counts = dict(zip(_COUNTED, row, strict=True))
    counts[Tab.ALL] = sum(counts[tab] for tab in _COUNTED if tab is not Tab.YET_TO_MARK)
    return {tab.value: min(counts[tab], COUNT_CAP + 1) for tab in Tab}


_COUNTED = tuple(tab for tab in Tab if tab is not Tab.ALL)


@lru_cache(maxsize=1024)
def _counts_statement(dialect: Dialect, shape: Shape) -> Prepared:
    if shape.found.kind or (shape.by_staff and (shape.action or shape.shared or shape.confirmed)):
        return prepare(_one_pass(shape), dialect)
    each = []
    for tab in _COUNTED:
        rows = select(literal(1)).select_from(Appointment).where(*conditions(replace(shape, tab=tab)))
        if shape.by_staff and tab is not Tab.DONE:  # nearly all that lies behind is done: begin at the other end
            rows = rows.order_by(AppointmentStaff.start_at.desc())
        elif shape.staff == "none" and not shape.narrow:  # PostgreSQL would rather merge the whole of both tables
            rows = rows.order_by(Appointment.end_at if tab is Tab.YET_TO_MARK else Appointment.start_at)
        each.append(select(func.count()).select_from(rows.limit(written(COUNT_CAP + 1)).subquery()).scalar_subquery())
    return prepare(select(*each), dialect)


def _one_pass(shape: Shape) -> Select[Any]:
    """Return all counts from one look at each row: for few rows, or such as no index finds by tab."""
    now = named("now", UTCDateTime())
    each = [func.count().filter(and_(*tab_conditions(tab, now))) for tab in _COUNTED]
    return select(*each).select_from(Appointment).where(*conditions(shape))


def exact_count(tx: Tx, actor: Actor, wanted: AppointmentFilter) -> int:
    """Return how many appointments match; grows with the table, so never on a page's path."""
    shape, values = shape_of(tx, actor, wanted)
    return run(tx, _exact_statement(tx.get_bind().dialect, shape), values)[0][0]


@lru_cache(maxsize=256)
def _exact_statement(dialect: Dialect, shape: Shape) -> Prepared:
    return prepare(select(func.count()).select_from(Appointment).where(*conditions(shape)), dialect)


def selected(tx: Tx, actor: Actor, selection: Selection) -> list[ColumnElement[bool]]:
    """Return the condition for the appointments of a bulk action: ticked ones or all that match, if visible."""
    if selection.matching is not None:
        return conditions_of(tx, actor, selection.matching)
    return [*visible(actor), Appointment.id.in_([row_id for row_id in selection.ids if 0 < row_id <= LARGEST_ID])]


def with_ids(ids: Sequence[int]) -> list[ColumnElement[bool]]:
    """Return the condition for appointments that a use-case chose itself, unless they are deleted."""
    return [Appointment.deleted_at.is_(None), Appointment.id.in_(ids)]


def one(tx: Tx, actor: Actor, appointment_id: int) -> Appointment | None:
    """Return the appointment to change, or None when there is none that the actor may see."""
    if not 0 < appointment_id <= LARGEST_ID:
        return None
    return tx.exec(select(Appointment).where(*visible(actor), Appointment.id == appointment_id)).scalar_one_or_none()  # type: ignore[call-overload]


def rows_of(tx: Tx, ids: Sequence[int]) -> list[AppointmentRow]:
    """Return these appointments as a list shows them, soonest first. Whether they may be seen was asked before."""
    return rows_from(tx, run(tx, _rows_statement(tx.get_bind().dialect), {"ids": list(ids)})) if ids else []


@lru_cache(maxsize=8)
def _rows_statement(dialect: Dialect) -> Prepared:
    wanted = among(Appointment.id, "ids", is_sqlite=dialect.name == "sqlite")
    return prepare(_joined(select(*_ROW)).where(wanted).order_by(Appointment.start_at, Appointment.id), dialect)
