"""Reading appointments: pages by key, capped counts, what an actor may see."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, not_, or_, select, tuple_
from sqlalchemy.orm import aliased

from appointments_app.db.models import Action, Appointment, AppointmentStaff, Client, Staff
from appointments_app.db.queries.search import appointment_matches
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor, Scope
from appointments_app.domain.appointment import Status, Tab
from appointments_app.domain.listing import COUNT_CAP, LARGEST_ID, UNASSIGNED, AppointmentFilter, Place, Selection, Sort
from appointments_app.domain.times import iso, to_instant, to_wall


@dataclass(frozen=True)
class StaffChip:
    """One assigned staff member as a list shows them."""

    id: int
    name: str
    colour: str


@dataclass(frozen=True)
class AppointmentRow:
    """One line of a list. Instants are UTC ISO text; ``over`` means the end has passed."""

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
    staff: list[StaffChip] = field(default_factory=list)


@dataclass(frozen=True)
class AppointmentPage:
    """One page: its rows and the keys to its neighbours, '' where there is none."""

    rows: list[AppointmentRow]
    previous: str
    next: str


def visible(actor: Actor) -> list[ColumnElement[bool]]:
    """Return the conditions every read of appointments starts from."""
    return [Appointment.deleted_at.is_(None), *within_reach(actor)]


def within_reach(actor: Actor) -> list[ColumnElement[bool]]:
    """Return the conditions for appointments, deleted ones too, that the actor's permissions reach."""
    if actor.scope is Scope.ALL:
        return []
    own = aliased(AppointmentStaff)  # not the table a filter by staff joins: the two must not be taken for one
    mine = exists().where(own.appointment_id == Appointment.id, own.staff_id == actor.staff_id)
    return [or_(Appointment.created_by == actor.staff_id, mine)]


def conditions_of(tx: Tx, actor: Actor, wanted: AppointmentFilter) -> list[ColumnElement[bool]]:
    """Return what a row must meet to be in the list ``wanted`` as ``actor`` sees it."""
    conditions = [*visible(actor), *_tab(wanted.tab, tx.now)]
    start = AppointmentStaff.start_at if _by_staff(wanted) else Appointment.start_at
    if _by_staff(wanted):
        conditions += [AppointmentStaff.appointment_id == Appointment.id, AppointmentStaff.staff_id == int(wanted.staff)]
    elif wanted.staff == UNASSIGNED:
        conditions.append(not_(exists().where(AppointmentStaff.appointment_id == Appointment.id)))
    if wanted.action:
        conditions.append(Appointment.action_id == int(wanted.action))
    if wanted.client:
        conditions.append(Appointment.client_id == int(wanted.client))
    if wanted.since:
        conditions.append(start >= to_instant(date.fromisoformat(wanted.since), time(), actor.time_zone))
    if wanted.until:
        conditions.append(start < to_instant(date.fromisoformat(wanted.until) + timedelta(days=1), time(), actor.time_zone))
    if wanted.shared:
        conditions.append(Appointment.shared.is_(wanted.shared == "yes"))
    if wanted.confirmed:
        blank = Appointment.confirmed_at.is_(None)
        conditions.append(not_(blank) if wanted.confirmed == "yes" else blank)
    if wanted.search:
        conditions.append(appointment_matches(tx, wanted.search))
    return conditions


def _by_staff(wanted: AppointmentFilter) -> bool:
    return bool(wanted.staff) and wanted.staff != UNASSIGNED


def _tab(tab: Tab, now: datetime) -> list[ColumnElement[bool]]:
    if tab is Tab.ALL:
        return []
    if tab is Tab.YET_TO_MARK:
        return [Appointment.status == Status.SCHEDULED, Appointment.end_at <= now]
    return [Appointment.status == tab.value]


_ROW = (
    Appointment.id, Appointment.client_id, Client.name, Client.business_name, Client.phone, Action.name, Action.colour,
    Appointment.start_at, Appointment.end_at, Appointment.status, Appointment.shared, Appointment.confirmed_at,
    func.substr(Appointment.notes, 1, 140), Appointment.created_at,
)


def _key_columns(wanted: AppointmentFilter, place: Place) -> tuple[Any, Any]:
    if place.sort is Sort.CLIENT:
        return Client.sort_name, Appointment.id
    if place.sort is Sort.CREATED:
        return Appointment.created_at, Appointment.id
    if _by_staff(wanted):
        return AppointmentStaff.start_at, AppointmentStaff.appointment_id
    return Appointment.start_at, Appointment.id


def is_descending(wanted: AppointmentFilter, place: Place) -> bool:
    """Return the direction: as asked for, else upcoming first for what lies ahead and newest first for what is over."""
    if place.descending is not None:
        return place.descending
    return place.sort is Sort.CREATED or wanted.tab in {Tab.DONE, Tab.DISMISSED, Tab.YET_TO_MARK}


def _begins_today(wanted: AppointmentFilter, place: Place) -> bool:
    """Whether the list opens at today instead of at its very first row."""
    return (place.sort is Sort.START and not is_descending(wanted, place) and place.descending is None
            and not (wanted.search or wanted.since or wanted.until))


def page(tx: Tx, actor: Actor, wanted: AppointmentFilter, place: Place) -> AppointmentPage:
    """Return one page of appointments. Time does not grow with the table: pages are found by key, not by offset."""
    conditions = conditions_of(tx, actor, wanted)
    first, second = _key_columns(wanted, place)
    key = read_key(place.before or place.after, place.sort)
    backwards = bool(place.before) and key is not None
    if key is None and _begins_today(wanted, place):
        key = (to_instant(to_wall(tx.now, actor.time_zone).date(), time(), actor.time_zone), 0)
    found = _fetch(tx, conditions, first, second, key, is_descending(wanted, place) != backwards, place.size)
    if len(found) <= place.size and key is not None and not backwards and not place.after:
        # Little lies ahead of today: fill the page from behind, so that it never opens nearly empty.
        found, key, backwards = _fetch(tx, conditions, first, second, None, True, place.size), None, True
    more, found = len(found) > place.size, found[: place.size]
    if backwards:
        found.reverse()
    has_previous = more if backwards else key is not None and bool(found)
    has_next = more if not backwards else bool(place.before) and bool(found)
    rows = _rows(tx, found)
    return AppointmentPage(
        rows,
        make_key(found[0][-1], found[0][0]) if has_previous else "",
        make_key(found[-1][-1], found[-1][0]) if has_next else "",
    )


def _fetch(tx: Tx, conditions: list[ColumnElement[bool]], first: Any, second: Any, key: tuple[Any, int] | None,
           descending: bool, size: int) -> list[Any]:
    statement = _joined(select(*_ROW, first)).where(*conditions)
    if key is not None:
        pair, at = tuple_(first, second), tuple_(literal(key[0], first.type), literal(key[1]))
        statement = statement.where(pair < at if descending else pair > at)
    order = (first.desc(), second.desc()) if descending else (first, second)
    return list(tx.execute(statement.order_by(*order).limit(size + 1)).all())


def _joined(statement: Select[Any]) -> Select[Any]:
    return statement.join_from(Appointment, Client, Client.id == Appointment.client_id).outerjoin(Action, Action.id == Appointment.action_id)


def _rows(tx: Tx, found: Sequence[Any]) -> list[AppointmentRow]:
    chips = staff_chips(tx, [row[0] for row in found])
    return [
        AppointmentRow(
            id=row[0], client_id=row[1], client=row[2], business=row[3], phone=row[4], action=row[5] or "",
            action_colour=row[6] or "gray", start_at=iso(row[7]), end_at=iso(row[8]),
            minutes=int((row[8] - row[7]).total_seconds() // 60), status=row[9], over=row[8] <= tx.now, shared=row[10],
            confirmed=row[11] is not None, notes=row[12], created_at=iso(row[13]), staff=chips.get(row[0], []),
        )
        for row in found
    ]


def staff_chips(tx: Tx, ids: Sequence[int]) -> dict[int, list[StaffChip]]:
    """Return the assigned staff of each appointment, by name."""
    chips: dict[int, list[StaffChip]] = {}
    if ids:
        statement = (
            select(AppointmentStaff.appointment_id, Staff.id, Staff.name, Staff.colour)
            .join(Staff, Staff.id == AppointmentStaff.staff_id)
            .where(AppointmentStaff.appointment_id.in_(ids)).order_by(Staff.name)
        )
        for appointment_id, *chip in tx.execute(statement):
            chips.setdefault(appointment_id, []).append(StaffChip(*chip))
    return chips


def make_key(value: Any, row_id: int) -> str:
    """Return the key of a row as it stands in an address."""
    return json.dumps([value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value, row_id], ensure_ascii=False, separators=(",", ":"))


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
    conditions = conditions_of(tx, actor, _with_tab(wanted, Tab.ALL))
    counts = [
        select(func.count()).select_from(select(literal(1)).select_from(Appointment).where(*conditions, *_tab(tab, tx.now)).limit(COUNT_CAP + 1).subquery()).scalar_subquery()
        for tab in Tab
    ]
    return dict(zip((tab.value for tab in Tab), tx.execute(select(*counts)).one(), strict=True))


def exact_count(tx: Tx, actor: Actor, wanted: AppointmentFilter) -> int:
    """Return how many appointments match; grows with the table, so never on a page's path."""
    statement = select(func.count()).select_from(Appointment).where(*conditions_of(tx, actor, wanted))
    return tx.execute(statement).scalar_one()


def _with_tab(wanted: AppointmentFilter, tab: Tab) -> AppointmentFilter:
    return AppointmentFilter(**{**wanted.__dict__, "tab": tab})


def selected(tx: Tx, actor: Actor, selection: Selection) -> list[ColumnElement[bool]]:
    """Return the condition for the appointments of a bulk action: ticked ones or all that match, if visible."""
    if selection.matching is not None:
        return conditions_of(tx, actor, selection.matching)
    return [*visible(actor), Appointment.id.in_([row_id for row_id in selection.ids if 0 < row_id <= LARGEST_ID])]


def one(tx: Tx, actor: Actor, appointment_id: int) -> Appointment | None:
    """Return the appointment to change, or None when there is none that the actor may see."""
    if not 0 < appointment_id <= LARGEST_ID:
        return None
    return tx.exec(select(Appointment).where(*visible(actor), Appointment.id == appointment_id)).scalar_one_or_none()  # type: ignore[call-overload]


def nearest_active(tx: Tx, actor: Actor, client_ids: Sequence[int]) -> dict[int, AppointmentRow]:
    """Return each client's nearest appointment that is Scheduled and not yet over (R23), in one statement."""
    soonest = (
        select(Appointment.id)
        .where(*visible(actor), Appointment.client_id == Client.id, Appointment.status == Status.SCHEDULED, Appointment.end_at > tx.now)
        .order_by(Appointment.start_at, Appointment.id).limit(1).correlate(Client).scalar_subquery()
    )
    ids = select(soonest.label("id")).where(Client.id.in_(client_ids)).subquery()
    statement = _joined(select(*_ROW)).where(Appointment.id.in_(select(ids.c.id)))
    return {row.client_id: row for row in _rows(tx, tx.execute(statement).all())}


def clashes(tx: Tx, staff_ids: Sequence[int], start_at: datetime, end_at: datetime, *, apart_from: int | None) -> list[AppointmentRow]:
    """Return the appointments that keep any of ``staff_ids`` busy between the two instants, soonest first.

    The range is bounded below by the longest duration, so that the search does not grow with history.
    """
    busy = (
        select(AppointmentStaff.appointment_id)
        .where(AppointmentStaff.staff_id.in_(staff_ids), AppointmentStaff.start_at > start_at - timedelta(days=1),
               AppointmentStaff.start_at < end_at, AppointmentStaff.end_at > start_at)
    )
    statement = (
        _joined(select(*_ROW))
        .where(Appointment.id.in_(busy), Appointment.deleted_at.is_(None), Appointment.status != Status.DISMISSED,
               and_(Appointment.id != (apart_from or 0)))
        .order_by(Appointment.start_at).limit(10)
    )
    return _rows(tx, tx.execute(statement).all())
