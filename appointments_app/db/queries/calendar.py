"""Appointments by time, for calendars: what lies in a span, and of a crowded one how many there are on each day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Integer, Select, exists, func, literal, not_, or_, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel.sql.sqltypes import UTCDateTime

from appointments_app.db.models import Appointment, AppointmentStaff
from appointments_app.db.queries.appointments import AppointmentRow, rows_of
from appointments_app.db.queries.filters import Shape, conditions, is_status, named, shape_of
from appointments_app.db.queries.prepared import Prepared, among, prepare, run, written
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.appointment import LONGEST, Status
from appointments_app.domain.calendar import CalendarFilter

_REACH = timedelta(minutes=LONGEST)
"""What begins no earlier than this before a span may still reach into it."""


def rows_within(
    tx: Tx, actor: Actor, wanted: CalendarFilter, since: datetime, until: datetime, limit: int
) -> list[AppointmentRow]:
    """Return the first ``limit`` appointments that touch the span, by start."""
    asked = _Asked(tx, actor, wanted)
    values = asked.values | {"since": since - _REACH, "begin": since, "until": until}
    return rows_of(tx, [row[0] for row in run(tx, _within(tx.get_bind().dialect, asked.kind, limit), values)])


def first_of_each(
    tx: Tx, actor: Actor, wanted: CalendarFilter, days: Sequence[tuple[datetime, datetime]], limit: int
) -> list[AppointmentRow]:
    """Return the first ``limit`` appointments that begin in each of these spans."""
    asked = _Asked(tx, actor, wanted)
    statement = _first(tx.get_bind().dialect, asked.kind, len(days), limit)
    return rows_of(tx, [row[0] for row in run(tx, statement, asked.values | _bounds(days))])


def counts_of_each(
    tx: Tx, actor: Actor, wanted: CalendarFilter, days: Sequence[tuple[datetime, datetime]]
) -> list[int]:
    """Return how many appointments begin in each of these spans."""
    asked = _Asked(tx, actor, wanted)
    statement = _counts(tx.get_bind().dialect, asked.kind, len(days))
    return list(run(tx, statement, asked.values | _bounds(days))[0])


def _bounds(days: Sequence[tuple[datetime, datetime]]) -> dict[str, datetime]:
    return {
        f"{name}{place}": at for place, day in enumerate(days) for name, at in zip(("from", "to"), day, strict=True)
    }


class _Asked:
    """What a calendar shows: the kind decides the text of a statement, the values fill it in."""

    def __init__(self, tx: Tx, actor: Actor, wanted: CalendarFilter) -> None:
        shape, self.values = shape_of(tx, actor, wanted.narrowing)
        self.kind = (replace(shape, by_staff=False), wanted.is_active_only, bool(wanted.staff_ids), wanted.unassigned)
        self.values |= {"people": list(wanted.staff_ids)}


Kind = tuple[Shape, bool, bool, bool]


def _conditions(kind: Kind) -> list[ColumnElement[bool]]:
    shape, is_active_only, some, unassigned = kind
    found = conditions(shape)
    if is_active_only:
        found.append(not_(is_status(Status.DISMISSED)))
    if not unassigned:
        return found
    linked = exists().where(AppointmentStaff.appointment_id == Appointment.id)
    people = linked.where(among(AppointmentStaff.staff_id, "people", is_sqlite=shape.is_sqlite))
    return [*found, or_(*([people] if some else []), not_(linked))]


def _found(kind: Kind) -> tuple[Any, Any, Select[Any]]:
    """Return where the wanted appointments are looked for: the table with their times, their id there, the rest.

    Those of some people are few among many: they are looked up by person and time, in the table that keeps both.
    """
    shape, _, some, unassigned = kind
    if not some or unassigned:
        return Appointment, Appointment.id, select(Appointment.id).where(*_conditions(kind))
    theirs = aliased(AppointmentStaff)
    is_one = exists(
        select(literal(1)).select_from(Appointment).where(Appointment.id == theirs.appointment_id, *_conditions(kind))
    )
    people = among(theirs.staff_id, "people", is_sqlite=shape.is_sqlite)
    by_time = select(theirs.appointment_id, theirs.start_at).distinct()
    return theirs, theirs.appointment_id, by_time.where(people, is_one)


def _span(table: Any, first: str, last: str) -> list[ColumnElement[bool]]:
    return [table.start_at >= named(first, UTCDateTime()), table.start_at < named(last, UTCDateTime())]


@lru_cache(maxsize=256)
def _within(dialect: Dialect, kind: Kind, limit: int) -> Prepared:
    table, row_id, found = _found(kind)
    statement = found.where(*_span(table, "since", "until"), table.end_at > named("begin", UTCDateTime()))
    return prepare(statement.order_by(table.start_at, row_id).limit(written(limit)), dialect)


@lru_cache(maxsize=256)
def _first(dialect: Dialect, kind: Kind, days: int, limit: int) -> Prepared:
    table, row_id, found = _found(kind)
    each = [
        found.where(*_span(table, f"from{place}", f"to{place}"))
        .order_by(table.start_at, row_id)
        .limit(written(limit))
        .subquery()
        for place in range(days)
    ]
    return prepare(union_all(*(select(next(iter(one.c))) for one in each)), dialect)


@lru_cache(maxsize=256)
def _counts(dialect: Dialect, kind: Kind, days: int) -> Prepared:
    table, _, found = _found(kind)
    each: list[Any] = [
        select(func.count())
        .select_from(found.where(*_span(table, f"from{place}", f"to{place}")).subquery())
        .scalar_subquery()
        for place in range(days)
    ]
    return prepare(select(*each) if each else select(literal(0, Integer())), dialect)
