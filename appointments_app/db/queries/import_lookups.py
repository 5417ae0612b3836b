"""What is known already of the clients and appointments that the rows of a file are about: a chunk at a time."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, func, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from appointments_app.db.copying import moment
from appointments_app.db.models import Action, Appointment, AppointmentStaff, Change, ChangeLine, Client, Staff
from appointments_app.db.queries.clients import tags_of
from appointments_app.db.queries.prepared import among
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.client import ClientFields
from appointments_app.domain.text import fold


@dataclass(frozen=True)
class KnownAppointment:
    """An appointment as it stands, with the fields that a row may change."""

    id: int
    version: int
    values: dict[str, Any]


def clients(tx: Tx, *, emails: Collection[str], phones: Collection[str], names: Collection[str]) -> list[Any]:
    """Return (id, folded name, e-mail, phone, birth date) of every client with one of these, archived too, by age."""
    same = [
        _among_texts(tx, column, values)
        for column, values in ((Client.email, emails), (Client.phone, phones), (Client.sort_name, names))
        if values
    ]
    if not same:
        return []
    return _facts(tx, or_(*same))


def _among_texts(tx: Tx, column: Any, values: Collection[str]) -> Any:
    if tx.is_sqlite:
        listed = func.json_each(bindparam(None, json.dumps(list(values)), unique=True)).table_valued("value")
        return column.in_(select(listed.c.value))
    return column == func.any(bindparam(None, list(values), type_=ARRAY(Text), unique=True))


def client_fields(tx: Tx, ids: Sequence[int]) -> dict[int, tuple[int, ClientFields]]:
    """Return version and data of these clients, by id."""
    names = tuple(ClientFields("").columns())
    columns = [Client.id, Client.version, *(getattr(Client, name) for name in names)]
    statement = select(*columns).where(among(Client.id, "ids", is_sqlite=tx.is_sqlite, values=list(ids)))
    tags = tags_of(tx, ids)
    return {
        row[0]: (row[1], ClientFields(**dict(zip(names, row[2:], strict=True)), tags=tuple(tags.get(row[0], ()))))
        for row in tx.execute(statement)
    }


def actions(tx: Tx) -> dict[str, tuple[int, int | None]]:
    """Return id and default duration of every action by its folded name."""
    rows = tx.execute(select(Action.name_key, Action.id, Action.default_duration))
    return {key: (action_id, minutes) for key, action_id, minutes in rows}


def staff(tx: Tx) -> dict[str, int]:
    """Return everybody who works or worked here by folded name and by e-mail; who is active goes first."""
    found: dict[str, int] = {}
    statement = select(Staff.id, Staff.name, Staff.email).order_by(Staff.active.desc(), Staff.id)
    for staff_id, name, email in tx.execute(statement):
        found.setdefault(fold(name), staff_id)
        if email:
            found.setdefault(email, staff_id)
    return found


def clients_with_appointments(tx: Tx) -> set[int]:
    """Return the clients that have any appointment: only theirs need be looked for."""
    statement = select(Appointment.client_id).where(Appointment.deleted_at.is_(None)).distinct()
    return set(tx.execute(statement).scalars())


def appointments_at(tx: Tx, pairs: Collection[tuple[int, datetime]]) -> dict[tuple[int, datetime], int]:
    """Return the appointments that these clients have at these times."""
    if not pairs:
        return {}
    rows = [{"client_id": client_id, "start_at": moment(start_at)} for client_id, start_at in pairs]
    listed = _PAIRS_SQLITE if tx.is_sqlite else _PAIRS_POSTGRESQL
    statement = text(_AT.format(listed=listed)).columns(start_at=Appointment.start_at.type)
    found = tx.execute(statement, {"rows": json.dumps(rows)})
    return {(client_id, start_at.astimezone(UTC)): one for one, client_id, start_at in found}


_PAIRS_SQLITE = """
    SELECT value ->> 'client_id' AS client_id, value ->> 'start_at' AS start_at FROM json_each(:rows)
"""
_PAIRS_POSTGRESQL = """
    SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS listed (client_id int, start_at timestamptz)
"""
_AT = """
    SELECT appointment.id, appointment.client_id, appointment.start_at
    FROM ({listed}) AS listed
    JOIN appointment ON appointment.client_id = listed.client_id AND appointment.start_at = listed.start_at
    WHERE appointment.deleted_at IS NULL
"""
_CHANGEABLE = ("action_id", "start_at", "end_at", "status", "outcome", "notes", "shared", "confirmed_at")


def appointments(tx: Tx, ids: Collection[int]) -> dict[int, KnownAppointment]:
    """Return these appointments as they stand, by id; ``staff_ids`` in order.

    Those of bookings are left out: no file changes them, for the times they take are kept apart.
    """
    columns = [Appointment.id, Appointment.version, *(getattr(Appointment, name) for name in _CHANGEABLE)]
    chosen = among(Appointment.id, "ids", is_sqlite=tx.is_sqlite, values=list(ids))
    found = {
        row[0]: KnownAppointment(row[0], row[1], dict(zip(_CHANGEABLE, row[2:], strict=True)))
        for row in tx.execute(select(*columns).where(chosen, Appointment.booking_id.is_(None)))
    }
    assigned = among(AppointmentStaff.appointment_id, "ids", is_sqlite=tx.is_sqlite, values=list(ids))
    for one in found.values():
        one.values["staff_ids"] = ()
    linked = select(AppointmentStaff.appointment_id, AppointmentStaff.staff_id).where(assigned)
    for appointment_id, staff_id in tx.execute(linked.order_by(AppointmentStaff.staff_id)):
        if appointment_id in found:
            found[appointment_id].values["staff_ids"] += (staff_id,)
    return found


MOST_CHANGES = 1_000
"""After so many lines of the audit trail nobody looks at each of them."""
_CONCERN_ALL = ("action", "staff", "import")


def last_change(tx: Tx) -> int:
    """Return the number of the newest change."""
    return tx.execute(select(func.coalesce(func.max(Change.id), 0))).scalar_one()


def changed_since(tx: Tx, change_id: int) -> dict[str, set[int]] | None:
    """Return which records later changes are about, by table; None when that may be anything."""
    lines = select(ChangeLine.entity, ChangeLine.entity_id).where(ChangeLine.change_id > change_id)
    found: dict[str, set[int]] = {}
    for count, (entity, entity_id) in enumerate(tx.execute(lines.limit(MOST_CHANGES))):
        if entity in _CONCERN_ALL or count == MOST_CHANGES - 1:
            return None
        found.setdefault(entity, set()).add(entity_id)
    return found


def facts_of(tx: Tx, ids: Collection[int]) -> list[Any]:
    """Return (id, folded name, e-mail, phone, birth date) of these clients."""
    return _facts(tx, Client.id.in_(ids))


def _facts(tx: Tx, condition: ColumnElement[bool]) -> list[Any]:
    statement = select(Client.id, Client.sort_name, Client.email, Client.phone, Client.birth_date)
    return [tuple(row) for row in tx.execute(statement.where(condition).order_by(Client.id))]


def starts_of(tx: Tx, changed: dict[str, set[int]]) -> list[tuple[int, int, datetime]]:
    """Return (id, client, start) of the appointments, series and bookings that were changed."""
    about = ((Appointment.id, "appointment"), (Appointment.series_id, "series"), (Appointment.booking_id, "booking"))
    theirs = [column.in_(changed[table]) for column, table in about if table in changed]
    if not theirs:
        return []
    statement = select(Appointment.id, Appointment.client_id, Appointment.start_at).where(or_(*theirs))
    return [tuple(row) for row in tx.execute(statement)]
