"""What keeps staff busy: appointments in the way of new ones, and of one that comes back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Integer,
    and_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel.sql.sqltypes import UTCDateTime

from appointments_app.db.models import Appointment, AppointmentStaff, Change, ChangeLine
from appointments_app.db.queries.prepared import Prepared, among, prepare, run, written
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.appointment import LONGEST, Status

MOST_PAIRS = 1_000
SHOWN = 10
"""More appointments in the way than these are not told apart."""


def in_the_way(
    tx: Tx, staff_ids: Sequence[int], start_at: datetime, end_at: datetime, *, apart_from: int | None
) -> list[int]:
    """Return the ids of the first appointments that keep any of ``staff_ids`` busy between the two instants.

    The range is bounded below by the longest duration, so that the search does not grow with history.
    """
    earliest = start_at - timedelta(minutes=LONGEST)
    values = {
        "staff": list(staff_ids),
        "earliest": earliest,
        "start": start_at,
        "end": end_at,
        "apart": apart_from or 0,
    }
    return [row[0] for row in run(tx, _busy(tx.get_bind().dialect), values)]


@lru_cache(maxsize=8)
def _busy(dialect: Dialect) -> Prepared:
    own, booked = AppointmentStaff, Appointment
    wanted = (
        among(own.staff_id, "staff", is_sqlite=dialect.name == "sqlite"),
        own.start_at > bindparam("earliest", type_=UTCDateTime()),
        own.start_at < bindparam("end", type_=UTCDateTime()),
        own.end_at > bindparam("start", type_=UTCDateTime()),
        own.appointment_id != bindparam("apart", type_=Integer()),
        booked.deleted_at.is_(None),
        booked.status != literal_column(f"'{Status.DISMISSED.value}'"),
    )
    found = (
        select(own.appointment_id, own.start_at).join(booked, booked.id == own.appointment_id).where(*wanted).distinct()
    )
    return prepare(found.order_by(own.start_at, own.appointment_id).limit(written(SHOWN)), dialect)


def would_overlap(*, since: Change | None = None) -> ColumnElement[bool]:
    """Return the condition that a row of ``appointment`` stands in the way of another one that keeps its staff busy.

    One that was booked over another on purpose, with a reason, never does. ``since``: only others that were booked
    or changed after that change count, for what overlapped before it is nothing new.
    """
    mine, theirs, other = aliased(AppointmentStaff), aliased(AppointmentStaff), aliased(Appointment)
    together = and_(
        mine.appointment_id == Appointment.id,
        theirs.staff_id == mine.staff_id,
        theirs.appointment_id != Appointment.id,
        theirs.start_at < mine.end_at,
        theirs.end_at > mine.start_at,
        other.id == theirs.appointment_id,
        other.deleted_at.is_(None),
        other.status != Status.DISMISSED,
    )
    if since is not None:
        touched = exists().where(
            ChangeLine.entity == "appointment", ChangeLine.entity_id == other.id, ChangeLine.change_id > since.id
        )
        together = and_(together, or_(other.created_at >= since.at, touched))
    return and_(Appointment.overlap_reason == literal(""), exists().where(together).correlate(Appointment))


def overlapping(tx: Tx, ids: Collection[int], *, staff_ids: Collection[int] | None = None) -> list[tuple[int, int]]:
    """Return pairs (one of ``ids``, another appointment) that keep the same staff member busy at the same time.

    Occurrences of one series are not in each other's way. ``staff_ids``: only these people count.
    """
    own, staff = Appointment, AppointmentStaff
    mine = (
        select(own.id, own.series_id, staff.staff_id, staff.start_at, staff.end_at)
        .join(staff, staff.appointment_id == own.id)
        .where(among(own.id, "ids", is_sqlite=tx.is_sqlite, values=list(ids)), own.deleted_at.is_(None))
    )
    if staff_ids is not None:
        mine = mine.where(staff.staff_id.in_(staff_ids))
    asked = mine.cte("mine").prefix_with("MATERIALIZED")
    theirs, other = aliased(AppointmentStaff), aliased(Appointment)
    in_the_way = (
        theirs.start_at > day_before(tx, asked.c.start_at),  # nothing takes longer than a day
        theirs.start_at < asked.c.end_at,
        theirs.end_at > asked.c.start_at,
        other.id != asked.c.id,
        other.deleted_at.is_(None),
        other.status != Status.DISMISSED,
        or_(asked.c.series_id.is_(None), asked.c.series_id.is_distinct_from(other.series_id)),
    )
    same, booked = theirs.staff_id == asked.c.staff_id, other.id == theirs.appointment_id
    if tx.is_sqlite:
        pairs, found = select(asked.c.id, other.id).join(theirs, same).join(other, booked).where(*in_the_way), other.id
    else:
        # OFFSET 0 keeps PostgreSQL from joining all appointments of everybody first, which it takes for cheaper.
        each = (
            select(other.id)
            .join(theirs, booked)
            .where(same, *in_the_way)
            .offset(literal_column("0"))
            .correlate(asked)
            .lateral()
        )
        pairs, found = select(asked.c.id, each.c.id).join(each, literal(True)), each.c.id
    return [tuple(pair) for pair in tx.execute(pairs.order_by(asked.c.start_at, found).limit(MOST_PAIRS))]


def busy_spans(
    tx: Tx, staff_ids: Sequence[int], spans: Sequence[tuple[datetime, datetime]], *, series_id: int | None
) -> set[int]:
    """Return the places of those spans in which one of the people is busy; ``series_id``: but for its occurrences."""
    if not staff_ids or not spans:
        return set()
    busy = (
        select(literal(1))
        .select_from(AppointmentStaff)
        .join(Appointment, Appointment.id == AppointmentStaff.appointment_id)
        .where(
            AppointmentStaff.staff_id.in_(staff_ids),
            Appointment.deleted_at.is_(None),
            Appointment.status != Status.DISMISSED,
            Appointment.series_id.is_distinct_from(series_id) if series_id else literal(True),
        )
    )
    each = [
        select(literal(place)).where(
            busy.where(
                AppointmentStaff.start_at > start_at - timedelta(days=1),
                AppointmentStaff.start_at < end_at,
                AppointmentStaff.end_at > start_at,
            ).exists()
        )
        for place, (start_at, end_at) in enumerate(spans)
    ]
    return set(tx.execute(union_all(*each)).scalars())


def day_before(tx: Tx, column: Any) -> Any:
    """Return the instant a day before the one in a column."""
    return func.datetime(column, "-1 day") if tx.is_sqlite else column - timedelta(days=1)
