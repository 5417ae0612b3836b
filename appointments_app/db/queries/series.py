"""Series and their occurrences: set-based statements, safe when several processes add the same occurrences."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, literal, select, text, update

from appointments_app.db.models import Appointment, Series, SeriesStaff
from appointments_app.db.queries.prepared import among
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.appointment import Status
from appointments_app.domain.recurrence import Occurrence
from appointments_app.domain.series import Member
from appointments_app.domain.text import fold
from appointments_app.domain.times import local, read_local

NAMESPACE = uuid.UUID("6d1f3a52-5b43-5cf4-9d7e-6a6f2f1f8a10")
"""An occurrence's UID follows from that of its series, so that whoever adds it gives it the same."""


@dataclass(frozen=True)
class Template:
    """What the occurrences of a series begin with."""

    client_id: int
    action_id: int | None
    minutes: int
    notes: str
    shared: bool
    staff_ids: tuple[int, ...]


@dataclass(frozen=True)
class SeriesRow:
    """A series as it stands. ``dtstart`` is a wall time in ``time_zone``."""

    id: int
    uid: str
    dtstart: datetime
    time_zone: str
    rrule: str
    template: Template
    filled_until: datetime
    created_by: int | None
    version: int


def add(
    tx: Tx,
    template: Template,
    *,
    dtstart: datetime,
    time_zone: str,
    rrule: str,
    filled_until: datetime,
    created_by: int | None,
) -> SeriesRow:
    """Store a new series; it has no occurrences yet. ``filled_until``: the instant of its first."""
    values = {
        "uid": str(uuid.uuid4()),
        "dtstart": local(dtstart),
        "time_zone": time_zone,
        "rrule": rrule,
        "filled_until": filled_until,
        "created_at": tx.now,
        "created_by": created_by,
        "version": 1,
        **_columns(template),
    }
    series_id = tx.execute(insert(Series).values(**values).returning(Series.id)).scalar_one()
    _assign(tx, series_id, template.staff_ids)
    return SeriesRow(series_id, str(values["uid"]), dtstart, time_zone, rrule, template, filled_until, created_by, 1)


def get(tx: Tx, series_id: int, *, to_change: bool = False) -> SeriesRow:
    """Return a series; ``to_change`` makes others wait."""
    return next(iter(_rows(tx, select(Series).where(Series.id == series_id), to_change=to_change)))


def behind(tx: Tx, until: datetime, limit: int) -> list[SeriesRow]:
    """Return up to ``limit`` series whose occurrences are not all rows before ``until`` yet."""
    return _rows(tx, select(Series).where(Series.filled_until < until).order_by(Series.filled_until).limit(limit))


def every(tx: Tx, after_id: int, limit: int) -> list[SeriesRow]:
    """Return the next ``limit`` series by id."""
    return _rows(tx, select(Series).where(Series.id > after_id).order_by(Series.id).limit(limit))


def _rows(tx: Tx, statement: Any, *, to_change: bool = False) -> list[SeriesRow]:
    found = tx.execute(statement.with_for_update() if to_change else statement).scalars().all()
    staff: dict[int, list[int]] = {}
    linked = select(SeriesStaff.series_id, SeriesStaff.staff_id).where(
        SeriesStaff.series_id.in_([one.id for one in found])
    )
    for series_id, staff_id in tx.execute(linked.order_by(SeriesStaff.staff_id)):
        staff.setdefault(series_id, []).append(staff_id)
    rows = []
    for one in found:
        template = Template(
            one.client_id, one.action_id, one.minutes, one.notes, one.shared, tuple(staff.get(one.id, ()))
        )
        rows.append(
            SeriesRow(
                one.id,
                one.uid,
                read_local(one.dtstart),
                one.time_zone,
                one.rrule,
                template,
                one.filled_until,
                one.created_by,
                one.version,
            )
        )
    return rows


def change(tx: Tx, series_id: int, template: Template | None = None, **values: object) -> None:
    """Store what is given: ``rrule``, ``dtstart``, ``time_zone``, and what occurrences begin with."""
    if isinstance(dtstart := values.get("dtstart"), datetime):
        values["dtstart"] = local(dtstart)
    if template is not None:
        values |= _columns(template)
        tx.execute(delete(SeriesStaff).where(SeriesStaff.series_id == series_id))
        _assign(tx, series_id, template.staff_ids)
    statement = update(Series).where(Series.id == series_id).values(**values, version=Series.version + 1)
    tx.execute(statement.execution_options(synchronize_session=False))


def filled(tx: Tx, series_ids: Collection[int], until: datetime) -> None:
    """Note that every occurrence before ``until`` is a row; never takes back what another process noted."""
    statement = update(Series).where(Series.id.in_(series_ids), Series.filled_until < until).values(filled_until=until)
    tx.execute(statement.execution_options(synchronize_session=False))


def refill_from(tx: Tx, series_id: int, since: datetime) -> None:
    """Have the occurrences from ``since`` on looked for again."""
    tx.execute(
        update(Series)
        .where(Series.id == series_id, Series.filled_until > since)
        .values(filled_until=since)
        .execution_options(synchronize_session=False)
    )


def add_occurrences(tx: Tx, occurrences: Iterable[tuple[SeriesRow, Occurrence]]) -> list[int]:
    """Make rows of occurrences that are none yet, with staff and searchable notes; return the ids of the new ones."""
    rows, bodies = [], {}
    for series, one in occurrences:
        end_at = one.start_at + timedelta(minutes=series.template.minutes)
        name = local(one.recurrence_id)
        rows.append(
            {
                "series_id": series.id,
                "recurrence_id": name,
                "uid": str(uuid.uuid5(NAMESPACE, f"{series.uid} {name}")),
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
            pairs = (
                "SELECT CAST(key AS integer) AS series_id, value AS body FROM json_each(:bodies)"
                if tx.is_sqlite
                else "SELECT CAST(key AS integer) AS series_id, value AS body FROM json_each_text(CAST(:bodies AS json))"
            )
            tx.execute(
                text(_ADD_TEXT.format(new=among_new, pairs=pairs)), {"ids": given, "bodies": json.dumps(bodies)}
            )
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
        overlap_reason, series_id, recurrence_id, by_hand, created_at, created_by, version
    )
    SELECT listed.uid, series.client_id, series.action_id, listed.start_at, listed.end_at, series.time_zone,
           'scheduled', series.notes, series.shared, '', '', '', series.id, listed.recurrence_id, false,
           :now, series.created_by, 1
    FROM ({listed}) AS listed JOIN series ON series.id = listed.series_id
    WHERE true
    ON CONFLICT DO NOTHING
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
    SELECT appointment.id, pairs.body
    FROM appointment JOIN ({pairs}) AS pairs ON pairs.series_id = appointment.series_id
    WHERE appointment.id IN ({new})
"""


def _stored(value: datetime) -> str:
    """Return an instant as SQLite stores it and PostgreSQL reads it (its sessions run on UTC)."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _instant(tx: Tx, value: datetime) -> Any:
    return _stored(value) if tx.is_sqlite else value


def members(tx: Tx, series_id: int) -> list[Member]:
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
    return [Member(row[0], read_local(row[1]), *row[2:6], row[6] is not None) for row in tx.execute(statement)]


def detach(tx: Tx, ids: Collection[int]) -> None:
    """Make single appointments of these occurrences."""
    statement = update(Appointment).where(_among(tx, ids)).values(series_id=None, recurrence_id=None)
    tx.execute(statement.execution_options(synchronize_session=False))


def attach(tx: Tx, series_id: int, names: Mapping[int, datetime]) -> None:
    """Make occurrences of a series of these appointments: id → recurrence id."""
    tx.execute(
        text(
            "UPDATE appointment SET series_id = :series_id, recurrence_id = :recurrence_id WHERE id = :appointment_id"
        ),
        [
            {"series_id": series_id, "recurrence_id": local(name), "appointment_id": appointment_id}
            for appointment_id, name in names.items()
        ],
    ) if names else None


def set_by_hand(tx: Tx, ids: Collection[int], is_by_hand: bool) -> None:
    """Note that these occurrences differ from their series, or do not."""
    statement = update(Appointment).where(_among(tx, ids)).values(by_hand=is_by_hand)
    tx.execute(statement.execution_options(synchronize_session=False))


def ids_of(tx: Tx, series_id: int, names: Sequence[datetime]) -> dict[datetime, int]:
    """Return the ids of the occurrences with these recurrence ids, as far as they are rows."""
    asked = [local(name) for name in names]
    statement = select(Appointment.recurrence_id, Appointment.id).where(
        Appointment.series_id == series_id, Appointment.recurrence_id.in_(asked)
    )
    return {read_local(name): appointment_id for name, appointment_id in tx.execute(statement)}


def purge(tx: Tx, beyond: datetime, made_before: datetime, limit: int) -> int:
    """Remove occurrences far ahead that somebody once looked at and nobody touched; return how many."""
    untouched = (
        select(Appointment.id)
        .where(
            Appointment.series_id.is_not(None),
            Appointment.start_at > beyond,
            Appointment.version == 1,
            Appointment.by_hand.is_(False),
            Appointment.status == Status.SCHEDULED,
            Appointment.deleted_at.is_(None),
            Appointment.created_at < made_before,
        )
        .limit(limit)
    )
    ids = list(tx.execute(untouched).scalars())
    if ids:
        tx.execute(delete(Appointment).where(_among(tx, ids)).execution_options(synchronize_session=False))
    return len(ids)


def _among(tx: Tx, ids: Collection[int]) -> Any:
    return among(Appointment.id, "ids", is_sqlite=tx.is_sqlite, values=list(ids)) if ids else literal(False)


def _columns(template: Template) -> dict[str, Any]:
    return {
        "client_id": template.client_id,
        "action_id": template.action_id,
        "minutes": template.minutes,
        "notes": template.notes,
        "shared": template.shared,
    }


def _assign(tx: Tx, series_id: int, staff_ids: Collection[int]) -> None:
    if staff_ids:
        tx.execute(insert(SeriesStaff), [{"series_id": series_id, "staff_id": one} for one in staff_ids])
