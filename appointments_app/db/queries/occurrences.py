"""Occurrences, the rows of a series: set-based statements, safe when several processes add the same ones."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, literal, select, text, update

from appointments_app.db.models import Action, Appointment, AppointmentStaff, AppointmentText, Client, Series
from appointments_app.db.queries import booking, history, notices, planning
from appointments_app.db.queries.filters import visible
from appointments_app.db.queries.prepared import among
from appointments_app.db.queries.reach import reached
from appointments_app.db.queries.series import SeriesRow
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.appointment import Status
from appointments_app.domain.change import differences
from appointments_app.domain.recurrence import Occurrence
from appointments_app.domain.series import Member
from appointments_app.domain.text import fold
from appointments_app.domain.times import local, read_local


@dataclass(frozen=True)
class Detail:
    """One occurrence as a calendar file needs it, deleted ones (EXDATE) too."""

    recurrence_id: datetime
    start_at: datetime
    end_at: datetime
    client: str
    action: str
    notes: str
    version: int
    deleted: bool


Times = Mapping[int, tuple[datetime, datetime]]
"""Start and end of appointments, by id."""


def add(tx: Tx, occurrences: Iterable[tuple[SeriesRow, Occurrence]]) -> list[int]:
    """Make rows of occurrences that are none yet, with staff, searchable notes and reminders; return the new ids."""
    rows, bodies = [], {}
    for series, one in occurrences:
        end_at = one.start_at + timedelta(minutes=series.template.minutes)
        rows.append(
            {
                "series_id": series.id,
                "recurrence_id": local(one.recurrence_id),
                "uid": str(uuid.uuid4()),
                "start_at": _stored(one.start_at),
                "end_at": _stored(end_at),
            }
        )
        if series.template.notes:
            bodies[series.id] = fold(series.template.notes)
    if not rows:
        return []
    listed = _LISTED_SQLITE if tx.is_sqlite else _LISTED_POSTGRESQL
    ids = list(
        tx.execute(text(_ADD.format(listed=listed)), {"rows": json.dumps(rows), "now": _instant(tx, tx.now)}).scalars()
    )
    if ids:
        among_new = "SELECT value FROM json_each(:ids)" if tx.is_sqlite else "SELECT unnest(CAST(:ids AS int[]))"
        given = json.dumps(ids) if tx.is_sqlite else ids
        tx.execute(text(_ADD_STAFF.format(new=among_new)), {"ids": given})
        if bodies:
            pairs = "json_each(:bodies)" if tx.is_sqlite else "json_each_text(CAST(:bodies AS json))"
            tx.execute(text(_ADD_TEXT.format(new=among_new, pairs=pairs)), {"ids": given, "bodies": json.dumps(bodies)})
        planning.plan(tx, ids, is_new=True)
        notices.made(tx, ids)
    return ids


_LISTED_SQLITE = """
    SELECT value ->> 'series_id' AS series_id, value ->> 'recurrence_id' AS recurrence_id, value ->> 'uid' AS uid,
           value ->> 'start_at' AS start_at, value ->> 'end_at' AS end_at
    FROM json_each(:rows)
"""
_LISTED_POSTGRESQL = """
    SELECT * FROM json_to_recordset(CAST(:rows AS json))
    AS listed (series_id int, recurrence_id text, uid text, start_at timestamptz, end_at timestamptz)
"""
_ADD = """
    INSERT INTO appointment (
        uid, client_id, action_id, start_at, end_at, time_zone, status, notes, shared, confirmed_by, confirmed_how,
        overlap_reason, series_id, recurrence_id, by_hand, work_order_id, created_at, created_by, version
    )
    SELECT listed.uid, series.client_id, series.action_id, listed.start_at, listed.end_at, series.time_zone,
           'scheduled', series.notes, series.shared, '', '', '', series.id, listed.recurrence_id, false,
           series.work_order_id, :now, series.created_by, 1
    FROM ({listed}) AS listed JOIN series ON series.id = listed.series_id
    WHERE true
    ON CONFLICT (series_id, recurrence_id) WHERE series_id IS NOT NULL DO NOTHING
    RETURNING id
"""
_ADD_STAFF = """
    INSERT INTO appointment_staff (appointment_id, staff_id, start_at, end_at)
    SELECT appointment.id, series_staff.staff_id, appointment.start_at, appointment.end_at
    FROM appointment JOIN series_staff ON series_staff.series_id = appointment.series_id
    WHERE appointment.id IN ({new})
"""
_ADD_TEXT = """
    INSERT INTO appointment_text (appointment_id, body)
    SELECT appointment.id, pairs.value
    FROM appointment JOIN {pairs} AS pairs ON CAST(pairs.key AS integer) = appointment.series_id
    WHERE appointment.id IN ({new})
"""


def _stored(value: datetime) -> str:
    """Return an instant as SQLite stores it and PostgreSQL reads it (its sessions run on UTC)."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _instant(tx: Tx, value: datetime) -> Any:
    return _stored(value) if tx.is_sqlite else value


def missing(tx: Tx, found: Sequence[tuple[SeriesRow, Occurrence]]) -> list[tuple[SeriesRow, Occurrence]]:
    """Return those of ``found`` that are no rows yet."""
    if not found:
        return []
    names = [local(one.recurrence_id) for _, one in found]
    rows = select(Appointment.series_id, Appointment.recurrence_id).where(
        among(Appointment.series_id, "ids", is_sqlite=tx.is_sqlite, values=sorted({row.id for row, _ in found})),
        Appointment.recurrence_id.between(min(names), max(names)),
    )
    known = {tuple(row) for row in tx.execute(rows)}
    return [(row, one) for (row, one), name in zip(found, names, strict=True) if (row.id, name) not in known]


def members(tx: Tx, actor: Actor, series_id: int) -> list[Member]:
    """Return every occurrence of a series that is a row, deleted ones too, in the rule's order."""
    columns = (
        Appointment.id,
        Appointment.recurrence_id,
        Appointment.start_at,
        Appointment.end_at,
        Appointment.status,
        Appointment.by_hand,
        Appointment.deleted_at,
    )
    statement = select(*columns).where(Appointment.series_id == series_id).order_by(Appointment.recurrence_id)
    rows = tx.execute(statement).all()
    known = reached(tx, actor, [row[0] for row in rows])
    return [Member(row[0], read_local(row[1]), *row[2:6], row[6] is not None, row[0] not in known) for row in rows]


def write(tx: Tx, change_id: int, ids: Sequence[int], fields: Mapping[str, Any], times: Times) -> None:
    """Give these appointments the same ``fields`` (as a template names them) and their own ``times``, with audit lines.

    A new time, and another client, take the client's confirmation back; a new time also why it was booked over others.
    """
    if not ids:
        return
    before = _before(tx, ids)
    if "minutes" in fields and not times:
        lasting = timedelta(minutes=fields["minutes"])
        times = {one: (before[one]["start_at"], before[one]["start_at"] + lasting) for one in ids}
    plain = {name: value for name, value in fields.items() if name in _PLAIN}
    staff = {"staff_ids": ",".join(map(str, fields["staff_ids"]))} if "staff_ids" in fields else {}
    unconfirmed, elsewhere = [], []
    for one in ids:
        after = {**plain, **staff, **dict(zip(("start_at", "end_at"), times.get(one, ()), strict=False))}
        lines = differences(before[one], after)
        if before[one]["confirmed_at"] is not None and not lines.keys().isdisjoint(_UNCONFIRM):
            lines |= differences(before[one], {"confirmed_at": None})
            unconfirmed.append(one)
        if before[one]["overlap_reason"] and not lines.keys().isdisjoint(("start_at", "end_at")):
            lines |= differences(before[one], {"overlap_reason": ""})
            elsewhere.append(one)
        history.add_lines(tx, change_id, "appointment", one, lines)
    values = {**plain, "version": Appointment.version + 1}
    tx.execute(update(Appointment).where(_among(tx, ids)).values(**values).execution_options(synchronize_session=False))
    set_times(tx, times)
    if unconfirmed:
        blank = {"confirmed_at": None, "confirmed_by": "", "confirmed_how": ""}
        change = update(Appointment).where(_among(tx, unconfirmed)).values(**blank)
        tx.execute(change.execution_options(synchronize_session=False))
    booking.give_reason(tx, elsewhere, "")
    if staff:
        assign(tx, ids, fields["staff_ids"])
    if "notes" in fields:
        note(tx, ids, fields["notes"])
    planning.plan(tx, ids)
    if times:
        notices.note(tx, change_id)


_PLAIN = ("client_id", "action_id", "notes", "shared", "work_order_id")
_UNCONFIRM = {"start_at", "end_at", "client_id"}


def _before(tx: Tx, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    names = ("id", *_PLAIN, "start_at", "end_at", "confirmed_at", "overlap_reason")
    statement = select(*(getattr(Appointment, name) for name in names)).where(_among(tx, ids))
    before = {row[0]: dict(zip(names, row, strict=True)) for row in tx.execute(statement)}
    linked = select(AppointmentStaff.appointment_id, AppointmentStaff.staff_id).where(
        among(AppointmentStaff.appointment_id, "ids", is_sqlite=tx.is_sqlite, values=list(ids))
    )
    staff: dict[int, list[int]] = {}
    for appointment_id, staff_id in tx.execute(linked.order_by(AppointmentStaff.staff_id)):
        staff.setdefault(appointment_id, []).append(staff_id)
    for one, values in before.items():
        values["staff_ids"] = ",".join(map(str, staff.get(one, ())))
    return before


def set_times(tx: Tx, times: Times) -> None:
    """Store start and end, also where staff are kept busy."""
    given = [
        {"one": one, "start": _instant(tx, start_at), "end": _instant(tx, end_at)}
        for one, (start_at, end_at) in times.items()
    ]
    if given:
        for table, key in (("appointment", "id"), ("appointment_staff", "appointment_id")):
            tx.connection().execute(
                text(f"UPDATE {table} SET start_at = :start, end_at = :end WHERE {key} = :one"), given
            )


def assign(tx: Tx, ids: Collection[int], staff_ids: Collection[int]) -> None:
    """Assign these people, and nobody else."""
    mine = among(AppointmentStaff.appointment_id, "ids", is_sqlite=tx.is_sqlite, values=list(ids))
    tx.execute(delete(AppointmentStaff).where(mine).execution_options(synchronize_session=False))
    for staff_id in staff_ids:
        times = select(Appointment.id, literal(staff_id), Appointment.start_at, Appointment.end_at)
        names = ["appointment_id", "staff_id", "start_at", "end_at"]
        tx.execute(insert(AppointmentStaff).from_select(names, times.where(_among(tx, ids))))


def note(tx: Tx, ids: Collection[int], notes: str) -> None:
    """Have the appointments found by these notes."""
    mine = among(AppointmentText.appointment_id, "ids", is_sqlite=tx.is_sqlite, values=list(ids))
    tx.execute(delete(AppointmentText).where(mine).execution_options(synchronize_session=False))
    if notes:
        bodies = select(Appointment.id, literal(fold(notes))).where(_among(tx, ids))
        tx.execute(insert(AppointmentText).from_select(["appointment_id", "body"], bodies))


def details(tx: Tx, actor: Actor, series_id: int) -> list[Detail]:
    """Return the occurrences of a series that are rows, in the rule's order; those the actor may not see as deleted."""
    columns = (
        Appointment.recurrence_id,
        Appointment.start_at,
        Appointment.end_at,
        Client.name,
        func.coalesce(Action.name, ""),
        Appointment.notes,
        Appointment.version,
        Appointment.deleted_at,
        Appointment.id,
    )
    statement = (
        select(*columns)
        .join_from(Appointment, Client, Client.id == Appointment.client_id)
        .outerjoin(Action, Action.id == Appointment.action_id)
        .where(Appointment.series_id == series_id)
        .order_by(Appointment.recurrence_id)
    )
    rows = tx.execute(statement).all()
    known = reached(tx, actor, [row[8] for row in rows])
    return [Detail(read_local(row[0]), *row[1:7], row[7] is not None or row[8] not in known) for row in rows]


def following(
    tx: Tx, actor: Actor, series_id: int, *, after: datetime, limit: int
) -> list[tuple[int, datetime, datetime]]:
    """Return id, start and end of the occurrences that begin after an instant, if the actor may see them."""
    statement = select(Appointment.id, Appointment.start_at, Appointment.end_at).where(
        Appointment.series_id == series_id, *visible(actor), Appointment.start_at > after
    )
    return [tuple(row) for row in tx.execute(statement.order_by(Appointment.start_at).limit(limit))]


def detach(tx: Tx, ids: Collection[int]) -> None:
    """Make single appointments of these occurrences."""
    statement = update(Appointment).where(_among(tx, ids)).values(series_id=None, recurrence_id=None)
    tx.execute(statement.execution_options(synchronize_session=False))


def attach(tx: Tx, series_id: int, names: Mapping[int, datetime]) -> None:
    """Make occurrences of a series of these appointments: id → recurrence id."""
    given = [{"series": series_id, "name": local(name), "one": one} for one, name in names.items()]
    if given:
        statement = text("UPDATE appointment SET series_id = :series, recurrence_id = :name WHERE id = :one")
        tx.connection().execute(statement, given)


def set_by_hand(tx: Tx, ids: Collection[int], is_by_hand: bool) -> None:
    """Note that these occurrences differ from their series, or do not."""
    statement = update(Appointment).where(_among(tx, ids)).values(by_hand=is_by_hand)
    tx.execute(statement.execution_options(synchronize_session=False))


def settle(tx: Tx, ids: Collection[int], status: str) -> None:
    """Give those of these occurrences that are over another status."""
    over = _among(tx, ids), Appointment.end_at <= tx.now, Appointment.status == Status.SCHEDULED
    statement = update(Appointment).where(*over).values(status=status)
    tx.execute(statement.execution_options(synchronize_session=False))


def ids_of(tx: Tx, series_id: int, names: Sequence[datetime]) -> dict[datetime, int]:
    """Return the ids of the occurrences with these recurrence ids, as far as they are rows."""
    asked = [local(name) for name in names]
    statement = select(Appointment.recurrence_id, Appointment.id).where(
        Appointment.series_id == series_id, Appointment.recurrence_id.in_(asked)
    )
    return {read_local(name): appointment_id for name, appointment_id in tx.execute(statement)}


def purge(tx: Tx, beyond: datetime, made_before: datetime, limit: int) -> int:
    """Remove occurrences far ahead that somebody once looked at and nobody touched; return how many.

    None before the instant up to which its series is rows: nobody would add it again. The highest id stays: SQLite
    would give it to the next appointment, while a page that is open somewhere still means this one.
    """
    untouched = (
        select(Appointment.id)
        .join(Series, Series.id == Appointment.series_id)
        .where(
            Appointment.start_at > beyond,
            Appointment.start_at >= Series.filled_until,
            Appointment.version == 1,
            Appointment.by_hand.is_(False),
            Appointment.status == Status.SCHEDULED,
            Appointment.deleted_at.is_(None),
            Appointment.created_at < made_before,
            Appointment.id < select(func.max(Appointment.id)).scalar_subquery(),
        )
        .limit(limit)
    )
    ids = list(tx.execute(untouched).scalars())
    if ids:
        tx.execute(delete(Appointment).where(_among(tx, ids)).execution_options(synchronize_session=False))
    return len(ids)


def _among(tx: Tx, ids: Collection[int]) -> Any:
    return among(Appointment.id, "ids", is_sqlite=tx.is_sqlite, values=list(ids)) if ids else literal(False)
