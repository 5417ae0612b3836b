"""The times that bookings take: of one person's active slots no two overlap, whoever writes at the same moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Dialect,
    Double,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.sql.sqltypes import UTCDateTime

from appointments_app.db.models import Appointment, AppointmentStaff, ChangeLine, Slot
from appointments_app.db.queries.prepared import Prepared, among, prepare, run
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.appointment import LONGEST, Status
from appointments_app.domain.availability import Span, as_minutes
from appointments_app.domain.bookings import Taken
from appointments_app.domain.service import LONGEST_BUFFER

_NOTHING_LONGER = timedelta(minutes=LONGEST + 2 * LONGEST_BUFFER)


def busy(
    tx: Tx, staff_ids: Sequence[int], since: datetime, until: datetime, *, but: int | None = None, held_by: str = ""
) -> dict[int, list[Span]]:
    """Return what keeps each of these people busy between two instants, in minutes since 1970, in one statement.

    ``but``: a booking that does not count, nor its appointment; ``held_by``: the name under which a hold does not.
    """
    found: dict[int, list[Span]] = {staff_id: [] for staff_id in staff_ids}
    values = {
        "staff": list(staff_ids),
        "earliest": since - _NOTHING_LONGER,
        "since": since,
        "until": until,
        "now": tx.now,
        "but": but or 0,
        "held": held_by,
    }
    rows = run(tx, _busy(tx.get_bind().dialect), values) if staff_ids else ()
    if tx.is_sqlite:
        for staff_id, start, end in rows:
            found[staff_id].append((_minute(start), _minute(end, 59)))
    else:
        found |= {staff_id: list(zip(starts, ends, strict=True)) for staff_id, starts, ends in rows}
    return found


@lru_cache(maxsize=8)
def _busy(dialect: Dialect) -> Prepared:
    is_sqlite = dialect.name == "sqlite"
    instant = UTCDateTime()

    def within(table: Any) -> list[ColumnElement[bool]]:
        return [
            among(table.staff_id, "staff", is_sqlite=is_sqlite),
            table.start_at > bindparam("earliest", type_=instant),
            table.start_at < bindparam("until", type_=instant),
            table.end_at > bindparam("since", type_=instant),
        ]

    own, one, slot = AppointmentStaff, Appointment, Slot
    other = bindparam("but", type_=Integer())
    its_appointment = select(one.id).where(one.booking_id == other).scalar_subquery()
    booked = (
        select(own.staff_id, own.start_at, own.end_at)
        .join(one, one.id == own.appointment_id)
        .where(
            *within(own),
            one.deleted_at.is_(None),
            *([one.status != Status.DISMISSED] if is_sqlite else _within_an_index(instant)),
            own.appointment_id != func.coalesce(its_appointment, 0),
        )
    )
    taken = select(slot.staff_id, slot.start_at, slot.end_at).where(
        *within(slot),
        slot.active.is_(True),
        or_(slot.booking_id.is_(None), slot.booking_id != other),
        or_(slot.held_until.is_(None), slot.held_until > bindparam("now", type_=instant)),
        or_(slot.held_by.is_(None), slot.held_by != bindparam("held", type_=String())),
    )
    both = union_all(booked, taken)
    return prepare(both if is_sqlite else _by_person(both), dialect)


def _within_an_index(instant: UTCDateTime) -> list[ColumnElement[bool]]:
    """Return what lets PostgreSQL read the appointments of some days from an index alone, and join them at once."""
    stand = literal([each.value for each in Status if each is not Status.DISMISSED], ARRAY(String))
    return [
        Appointment.status == func.any(stand),
        Appointment.start_at > bindparam("earliest", type_=instant),
        Appointment.start_at < bindparam("until", type_=instant),
    ]


def _by_person(spans: CompoundSelect[Any]) -> Select[Any]:
    """Return each person's spans as two lists of minutes since 1970: the fewer values, the sooner they are read."""
    each = spans.subquery()
    begins, ends = (
        cast(func.floor((func.date_part("epoch", at) + more) / literal(60.0, Double())), Integer)
        for at, more in ((each.c[1], 0), (each.c[2], 59))
    )
    return select(each.c[0], func.array_agg(begins), func.array_agg(ends)).group_by(each.c[0])


@lru_cache(maxsize=100_000)
def _minute(stored: str, more: int = 0) -> int:
    """Return an instant of SQLite, so many seconds later, in minutes since 1970: many people begin at the same time."""
    return as_minutes(datetime.fromisoformat(stored).replace(tzinfo=UTC) + timedelta(seconds=more))


def forget_holds(tx: Tx) -> None:
    """Take away the holds that have run out: they stand in nobody's way any more."""
    tx.execute(_quiet(delete(Slot).where(col(Slot.held_until) <= tx.now)))


def place(
    tx: Tx,
    booking_id: int,
    staff_ids: Sequence[int],
    start_at: datetime,
    end_at: datetime,
    buffers: tuple[int, int],
    *,
    active: bool = True,
) -> None:
    """Let a booking take this time of these people, and no other. Raises Taken when it is not free."""  # fmt: skip
    forget_holds(tx)
    before, after = (timedelta(minutes=minutes) for minutes in buffers)
    tx.execute(_quiet(delete(Slot).where(Slot.booking_id == booking_id)))
    times = {"start_at": start_at - before, "end_at": end_at + after, "active": active}
    rows = [{"booking_id": booking_id, "staff_id": staff_id, **times} for staff_id in staff_ids]
    if rows:
        _write(tx, insert(Slot), rows)


@dataclass(frozen=True)
class Hold:
    """A time that is kept for a client, with what stays free around it."""

    staff_id: int
    start_at: datetime
    end_at: datetime
    until: datetime


def holder(client_id: int) -> str:
    """Return the name under which a client holds a time: one at once, whatever is open in how many browsers."""
    return f"client {client_id}"


def hold(tx: Tx, held_by: str, held: Hold) -> None:
    """Keep a time, in place of the one that was kept under the same name. Raises Taken when it is not free."""
    give_back(tx, held_by)
    values = {"staff_id": held.staff_id, "start_at": held.start_at, "end_at": held.end_at, "held_until": held.until}
    _write(tx, insert(Slot), [{**values, "held_by": held_by, "active": True}])


def held(tx: Tx, held_by: str) -> Hold | None:
    """Return what is kept under a name, None when nothing is, or not any more."""
    statement = select(Slot.staff_id, Slot.start_at, Slot.end_at, Slot.held_until)
    row = tx.execute(statement.where(Slot.held_by == held_by, col(Slot.held_until) > tx.now)).first()
    return Hold(*row) if row else None


def give_back(tx: Tx, held_by: str) -> None:
    """End a hold."""
    tx.execute(_quiet(delete(Slot).where(Slot.held_by == held_by)))


def _write(tx: Tx, statement: Any, rows: list[dict[str, Any]] | None = None) -> None:
    """Write slots; raise Taken for what the database refuses because it would overlap."""
    try:
        tx.execute(_quiet(statement), rows)
    except IntegrityError as refusal:
        raise Taken() from refusal


def _quiet(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)


def follow(tx: Tx, change_id: int) -> None:
    """Let the slots follow what a change made of their appointments: taken, or given back. Raises Taken."""
    mine = ChangeLine.change_id == change_id
    appointments = select(ChangeLine.entity_id).where(mine, ChangeLine.entity == "appointment")
    touched = union_all(
        select(Appointment.booking_id).where(Appointment.id.in_(appointments), Appointment.booking_id.is_not(None)),
        select(ChangeLine.entity_id).where(mine, ChangeLine.entity == "booking"),
    )
    goes_on = exists().where(
        Appointment.booking_id == Slot.booking_id, Appointment.deleted_at.is_(None), Appointment.status != _DISMISSED
    )
    _write(tx, update(Slot).where(Slot.booking_id.in_(touched)).values(active=case((goes_on, True), else_=False)))


_DISMISSED = Status.DISMISSED.value


def given_away() -> ColumnElement[bool]:
    """Return the condition that the time of a cancelled booking, whose appointment this is, was given to another."""
    mine, other = aliased(Slot), aliased(Slot)
    return exists().where(
        mine.booking_id == Appointment.booking_id,
        mine.active.is_(False),
        other.staff_id == mine.staff_id,
        other.active.is_(True),
        other.start_at < mine.end_at,
        other.end_at > mine.start_at,
    ).correlate(Appointment)  # fmt: skip


def drop_rivals(tx: Tx, change_id: int) -> None:
    """Leave out of a change what would bring a booking back to a time that another one of it comes back to, too."""
    mine, other = aliased(Slot), aliased(Slot)
    own, rival = aliased(Appointment), aliased(Appointment)
    line, its_line = aliased(ChangeLine), aliased(ChangeLine)
    lost = (
        select(own.id)
        .join(mine, mine.booking_id == own.booking_id)
        .join(other, and_(other.staff_id == mine.staff_id, other.id < mine.id))
        .join(rival, rival.booking_id == other.booking_id)
        .join(line, and_(line.change_id == change_id, line.entity == "appointment", line.entity_id == own.id))
        .join(
            its_line,
            and_(its_line.change_id == change_id, its_line.entity == "appointment", its_line.entity_id == rival.id),
        )
        .where(
            mine.active.is_(False), other.active.is_(False),
            other.start_at < mine.end_at, other.end_at > mine.start_at,
        )
    )  # fmt: skip
    tx.execute(
        _quiet(
            delete(ChangeLine).where(
                ChangeLine.change_id == change_id, ChangeLine.entity == "appointment", ChangeLine.entity_id.in_(lost)
            )
        )
    )
