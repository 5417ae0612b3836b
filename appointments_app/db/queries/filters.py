"""Which appointments a list shows: what the actor may see, narrowed by the filter, as conditions of a statement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, exists, literal_column, not_, or_
from sqlalchemy.orm import aliased
from sqlmodel.sql.sqltypes import UTCDateTime

from appointments_app.db.models import Appointment, AppointmentStaff
from appointments_app.db.queries import search
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor, Scope
from appointments_app.domain.appointment import Kind, Status, Tab
from appointments_app.domain.listing import UNASSIGNED, AppointmentFilter
from appointments_app.domain.times import to_instant

Conditions = list[ColumnElement[bool]]
Bind = Callable[[str, Any], Any]
"""Makes the placeholder of a named value of a type."""


@dataclass(frozen=True)
class Shape:
    """Everything of a filter that changes the text of a statement; the values are apart."""

    is_sqlite: bool
    own: bool = False
    tab: Tab = Tab.ALL
    staff: str = ""
    """``one`` or ``none``."""
    by_staff: bool = False
    """Whether the statement walks the diary of that one staff member."""
    in_order: bool = False
    """Whether the statement walks all appointments in an order of its own, and must not start from those of the tab."""
    by_status: bool = False
    """Whether the statement walks one status: a range instead of an equation keeps PostgreSQL off the other orders."""
    action: bool = False
    client: bool = False
    since: bool = False
    until: bool = False
    shared: str = ""
    confirmed: str = ""
    kind: str = ""
    work_order: bool = False
    found: search.Found = search.EVERYTHING

    @property
    def narrow(self) -> bool:
        """Whether an index leads to a small part of all appointments."""
        return self.since or self.until or self.client or self.action or self.work_order or self.found.kind == "ids"


def shape_of(
    tx: Tx, actor: Actor, wanted: AppointmentFilter, *, for_page: bool = False
) -> tuple[Shape, dict[str, Any]]:
    """Return the shape of ``wanted`` as ``actor`` sees it, and its values by name."""
    found, values = search.find(tx, wanted.search, for_page=for_page)
    staff = "" if not wanted.staff else "none" if wanted.staff == UNASSIGNED else "one"
    shape = Shape(
        is_sqlite=tx.is_sqlite, own=actor.scope is Scope.OWN, tab=wanted.tab, staff=staff, by_staff=staff == "one",
        action=bool(wanted.action), client=bool(wanted.client), since=bool(wanted.since), until=bool(wanted.until),
        shared=wanted.shared, confirmed=wanted.confirmed, kind=wanted.kind, work_order=bool(wanted.work_order),
        found=found,
    )  # fmt: skip
    values |= {"now": tx.now, "me": actor.staff_id}
    for name in ("staff", "action", "client", "work_order"):
        if (text := getattr(wanted, name)) and text != UNASSIGNED:
            values[name] = int(text)
    if wanted.since:
        values["since"] = _midnight(wanted.since, actor)
    if wanted.until:
        values["until"] = _midnight(wanted.until, actor, 1)
    return shape, values


def _midnight(day: str, actor: Actor, later: int = 0) -> datetime:
    return to_instant(date.fromisoformat(day) + timedelta(days=later), time(), actor.time_zone)


def named(name: str, type_: Any) -> Any:
    """The placeholder of a value that is given when the statement runs."""
    return bindparam(name, type_=type_)


def visible(actor: Actor) -> Conditions:
    """Return the conditions every read of appointments starts from."""
    return [Appointment.deleted_at.is_(None), *within_reach(actor)]


def within_reach(actor: Actor) -> Conditions:
    """Return the conditions for appointments, deleted ones too, that the actor's permissions reach."""
    return [] if actor.scope is Scope.ALL else [is_own(actor.staff_id)]


def is_own(me: Any) -> ColumnElement[bool]:
    """Return the condition for what a person made or is assigned to."""
    own = aliased(AppointmentStaff)  # not the table a filter by staff joins: the two must not be taken for one
    return or_(Appointment.created_by == me, exists().where(own.appointment_id == Appointment.id, own.staff_id == me))


def conditions_of(tx: Tx, actor: Actor, wanted: AppointmentFilter) -> Conditions:
    """Return what a row must meet to be in the list ``wanted`` as ``actor`` sees it, values included."""
    shape, values = shape_of(tx, actor, wanted)

    def given(name: str, type_: Any) -> Any:
        return bindparam(name, values[name], type_=type_, unique=True)

    return conditions(replace(shape, by_staff=False), given, values)


def conditions(shape: Shape, bind: Bind = named, values: dict[str, Any] | None = None) -> Conditions:
    """Return what a row must meet; the placeholders are made by ``bind``."""
    found: Conditions = [Appointment.deleted_at.is_(None)]
    start = AppointmentStaff.start_at if shape.by_staff else Appointment.start_at
    if shape.own:
        found.append(is_own(bind("me", Integer())))
    now = bind("now", UTCDateTime()) if shape.tab is Tab.YET_TO_MARK else None
    if shape.in_order and shape.is_sqlite:  # its planner knows nothing of the LIMIT: a plus keeps it off these indexes
        found += tab_conditions(
            shape.tab, now, _plus(Appointment.start_at), _plus(Appointment.end_at), _plus(Appointment.status)
        )
    elif shape.by_status:
        found += [Appointment.status >= one_status(shape.tab), Appointment.status <= one_status(shape.tab)]
    else:
        found += tab_conditions(shape.tab, now, start)
    if shape.by_staff:
        found.append(AppointmentStaff.appointment_id == Appointment.id)
        found.append(AppointmentStaff.staff_id == bind("staff", Integer()))
    elif shape.staff:
        linked = aliased(AppointmentStaff)
        assigned = exists().where(linked.appointment_id == Appointment.id)
        found.append(
            not_(assigned) if shape.staff == "none" else assigned.where(linked.staff_id == bind("staff", Integer()))
        )
    if shape.action:
        found.append(Appointment.action_id == bind("action", Integer()))
    if shape.client:
        found.append(Appointment.client_id == bind("client", Integer()))
    if shape.since:
        found.append(start >= bind("since", UTCDateTime()))
    if shape.until:
        found.append(start < bind("until", UTCDateTime()))
    if shape.shared:
        found.append(Appointment.shared.is_(shape.shared == "yes"))
    if shape.confirmed:
        blank = Appointment.confirmed_at.is_(None)
        found.append(not_(blank) if shape.confirmed == "yes" else blank)
    if shape.kind:
        found.append(of_kind(Kind(shape.kind)))
    if shape.work_order:
        found.append(Appointment.work_order_id == bind("work_order", Integer()))
    found += search.conditions(shape.found, bind, is_sqlite=shape.is_sqlite, values=values)
    return found


LINKS = {Kind.WORK_ORDER: Appointment.work_order_id}
"""The column that makes an appointment one of a kind; one without any of them is independent."""


def of_kind(kind: Kind) -> ColumnElement[bool]:
    """Return the condition of a kind."""
    if kind is Kind.INDEPENDENT:
        return and_(*(link.is_(None) for link in LINKS.values()))
    return LINKS[kind].is_not(None)


def _plus(column: Any) -> Any:
    return literal_column(f"+appointment.{column.key}", column.type)


def tab_conditions(
    tab: Tab,
    now: Any,
    start: Any = Appointment.start_at,
    end: Any = Appointment.end_at,
    status: Any = Appointment.status,
) -> Conditions:
    """Return what a tab shows. Statuses are written into the statement, so that partial indexes fit."""
    if tab is Tab.ALL:
        return []
    if tab is Tab.YET_TO_MARK:
        # What is over has begun: the bound on the start keeps the walk off everything that lies ahead.
        return [is_status(Status.SCHEDULED, status), end <= now, start < now]
    return [is_status(Status(tab.value), status)]


def one_status(tab: Tab) -> ColumnElement[str]:
    """Return the status that a tab shows, written out."""
    return literal_column(f"'{Status(tab.value).value}'", String())


def is_status(status: Status, column: Any = Appointment.status) -> ColumnElement[bool]:
    """Return the condition of a status, written out."""
    return and_(column == literal_column(f"'{status.value}'", String()))
