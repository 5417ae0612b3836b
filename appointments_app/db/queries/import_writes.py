"""Writing many clients and appointments at once, each with its line in the audit trail."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, exists, select, text, update
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel

from appointments_app.db.copying import copy_rows, moment
from appointments_app.db.models import (
    Appointment,
    AppointmentStaff,
    AppointmentText,
    ChangeLine,
    Client,
    ClientTag,
    ClientText,
    Message,
    ReminderRule,
)
from appointments_app.db.queries import planning
from appointments_app.db.queries.overlaps import day_before
from appointments_app.db.queries.prepared import among
from appointments_app.db.queries.search import client_body
from appointments_app.db.queries.trigrams import add_texts
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.appointment import Status
from appointments_app.domain.client import ClientFields
from appointments_app.domain.outbox import State
from appointments_app.domain.reminder import Anchor
from appointments_app.domain.text import fold

Lines = Iterable[tuple[str, int, str, str, str]]
"""Lines of the audit trail: table, id, field, old, new."""


class NewAppointment(NamedTuple):
    """An appointment that is to be stored. Keys are ids, or negative for what gets one just before.

    Everything is as it goes into the table: many of them are stored while others wait to write.
    """

    client: int
    action: int | None
    start_at: str
    end_at: str
    time_zone: str
    status: str
    outcome: str
    notes: str
    shared: bool
    confirmed_at: str | None
    staff: tuple[int, ...]
    created_at: str
    uid: str
    body: str
    """What it is found by."""
    is_ahead: bool

    @classmethod
    def of(
        cls,
        *,
        start_at: datetime,
        end_at: datetime,
        confirmed_at: datetime | None,
        created_at: datetime,
        notes: str,
        now: datetime,
        **others: Any,
    ) -> NewAppointment:
        """Return one that starts and ends at instants."""
        return cls(
            **others,
            start_at=moment(start_at),
            end_at=moment(end_at),
            notes=notes,
            confirmed_at=moment(confirmed_at) if confirmed_at else None,
            created_at=moment(created_at),
            uid=str(uuid.uuid4()),
            body=fold(notes),
            is_ahead=start_at > now,
        )


def reserve_ids(tx: Tx, table: str, count: int) -> list[int]:
    """Return so many ids that nobody else gets. SQLite has one writer at a time, so the next free ones will do."""
    if not count:
        return []
    if tx.is_sqlite:
        first = tx.execute(text(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")).scalar_one()
        return list(range(first, first + count))
    if (key := f"sequence of {table}") not in tx.info:
        tx.info[key] = tx.execute(text(f"SELECT pg_get_serial_sequence('{table}', 'id')")).scalar_one()
    wanted = text("SELECT nextval(CAST(:sequence AS regclass)) FROM generate_series(1, :count)")
    return list(tx.execute(wanted, {"sequence": tx.info[key], "count": count}).scalars())


def _insert(tx: Tx, model: type[SQLModel], columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Insert rows; columns that are not given get the value the model gives them."""
    if not rows:
        return
    table = model.__table__  # type: ignore[attr-defined]
    rest = {
        column.name: column.default.arg
        for column in table.columns
        if column.name not in columns and column.default is not None and column.default.is_scalar
    }
    more = tuple(rest.values())
    every = rows if not more else [(*row, *more) for row in rows]
    copy_rows(tx.connection(), table.name, [*columns, *rest], every)


_CLIENT = ("id", "name", "sort_name", *list(ClientFields("").columns())[1:])


def add_clients(tx: Tx, change_id: int, new: Mapping[int, ClientFields]) -> None:
    """Store clients under ids that were reserved."""
    now = moment(tx.now)
    rows = [(key, one.name, fold(one.name), *list(one.columns().values())[1:], now) for key, one in new.items()]
    _insert(tx, Client, (*_CLIENT, "created_at"), rows)
    _insert(tx, ClientTag, ("client_id", "tag"), [(key, tag) for key, one in new.items() for tag in one.tags])
    bodies = [
        (key, client_body(one.name, one.business_name, one.email, one.phone, one.tags)) for key, one in new.items()
    ]
    add_texts(tx, ClientText, bodies)
    add_lines(tx, change_id, (("client", key, "", "", "") for key in new))


def change_clients(tx: Tx, changed: Mapping[int, ClientFields]) -> None:
    """Store other data of clients."""
    names = [name for name in _CLIENT if name != "id"]
    given = [{**one.columns(), "sort_name": fold(one.name), "one": key} for key, one in changed.items()]
    if not given:
        return
    values = ", ".join(f"{name} = :{name}" for name in names)
    tx.connection().execute(text(f"UPDATE client SET {values}, version = version + 1 WHERE id = :one"), given)
    ids = among(ClientTag.client_id, "ids", is_sqlite=tx.is_sqlite, values=list(changed))
    tx.execute(delete(ClientTag).where(ids).execution_options(synchronize_session=False))
    _insert(tx, ClientTag, ("client_id", "tag"), [(key, tag) for key, one in changed.items() for tag in one.tags])
    bodies = [
        {"one": key, "body": client_body(one.name, one.business_name, one.email, one.phone, one.tags)}
        for key, one in changed.items()
    ]
    tx.connection().execute(text("UPDATE client_text SET body = :body WHERE client_id = :one"), bodies)


_APPOINTMENT = (
    *("id", "uid", "client_id", "action_id", "start_at", "end_at", "time_zone", "status", "outcome", "notes", "shared"),
    *("confirmed_at", "confirmed_how", "created_at", "created_by"),
)


def add_appointments(
    tx: Tx, change_id: int, new: Sequence[NewAppointment], stored: Mapping[int, int], created_by: int | None
) -> None:
    """Store appointments with their staff and searchable notes; ``stored``: the ids behind negative keys."""
    ids = reserve_ids(tx, "appointment", len(new))
    rows, staff, bodies, ahead = [], [], [], []
    for one_id, one in zip(ids, new, strict=True):
        rows.append(
            (
                one_id,
                one.uid,
                stored.get(one.client, one.client),
                one.action and stored.get(one.action, one.action),
                *one[2:9],
                one.confirmed_at,
                "import" if one.confirmed_at else "",
                one.created_at,
                created_by,
            )
        )
        team = sorted({stored.get(key, key) for key in one.staff}) if one.staff else ()
        staff += [(one_id, each, one.start_at, one.end_at) for each in team]
        if one.body:
            bodies.append((one_id, one.body))
        if one.is_ahead:
            ahead.append(one_id)
    _insert(tx, Appointment, _APPOINTMENT, rows)
    _insert(tx, AppointmentStaff, ("appointment_id", "staff_id", "start_at", "end_at"), staff)
    add_texts(tx, AppointmentText, bodies)
    add_lines(tx, change_id, (("appointment", key, "", "", "") for key in ids))
    planning.plan(tx, ahead, is_new=True)


def change_appointments(tx: Tx, changed: Mapping[int, Mapping[str, Any]]) -> None:
    """Store other values of appointments, ``staff_ids`` among them; one statement for each set of fields."""
    for appointment_id, values in changed.items():
        plain = {name: value for name, value in values.items() if name != "staff_ids"}
        own = Appointment.id == appointment_id
        statement = update(Appointment).where(own).values(**plain, version=Appointment.version + 1)
        tx.execute(statement.execution_options(synchronize_session=False))
        if "staff_ids" in values or "end_at" in values:
            _assign(tx, appointment_id, values.get("staff_ids"))
        if "notes" in values:
            mine = AppointmentText.appointment_id == appointment_id
            tx.execute(delete(AppointmentText).where(mine).execution_options(synchronize_session=False))
            body = [(appointment_id, fold(values["notes"]))] if values["notes"] else []
            _insert(tx, AppointmentText, ("appointment_id", "body"), body)
    planning.plan(tx, list(changed))


def tell_nobody_of_creation(tx: Tx, change_id: int) -> None:
    """Withdraw what rules say right after a booking: what is merely moved here was booked long ago."""
    mine = select(ChangeLine.entity_id).where(ChangeLine.change_id == change_id, ChangeLine.entity == "appointment")
    rules = select(ReminderRule.id).where(ReminderRule.anchor == Anchor.AFTER_CREATION.value)
    told = delete(Message).where(Message.appointment_id.in_(mine), Message.rule_id.in_(rules))
    tx.execute(told.where(Message.state == State.PLANNED).execution_options(synchronize_session=False))


def _assign(tx: Tx, appointment_id: int, staff_ids: Sequence[int] | None) -> None:
    mine = AppointmentStaff.appointment_id == appointment_id
    if staff_ids is None:
        staff_ids = list(tx.execute(select(AppointmentStaff.staff_id).where(mine)).scalars())
    times = tx.execute(select(Appointment.start_at, Appointment.end_at).where(Appointment.id == appointment_id)).one()
    tx.execute(delete(AppointmentStaff).where(mine).execution_options(synchronize_session=False))
    rows = [(appointment_id, staff_id, moment(times[0]), moment(times[1])) for staff_id in staff_ids]
    _insert(tx, AppointmentStaff, ("appointment_id", "staff_id", "start_at", "end_at"), rows)


def add_lines(tx: Tx, change_id: int, lines: Lines) -> None:
    """Write lines of the audit trail."""
    columns = ("change_id", "entity", "entity_id", "field", "old", "new")
    _insert(tx, ChangeLine, columns, [(change_id, *line) for line in lines])


def explain_overlaps(tx: Tx, change_id: int, reason: str) -> int:
    """Give what is still ahead and was booked over others by this change its reason; return how many there are."""
    mine, theirs, other = aliased(AppointmentStaff), aliased(AppointmentStaff), aliased(Appointment)
    together = (
        mine.appointment_id == Appointment.id,
        theirs.staff_id == mine.staff_id,
        theirs.appointment_id != Appointment.id,
        theirs.start_at > day_before(tx, mine.start_at),  # nothing takes longer than a day
        theirs.start_at < mine.end_at,
        theirs.end_at > mine.start_at,
        other.id == theirs.appointment_id,
        other.deleted_at.is_(None),
        other.status != Status.DISMISSED,
    )
    imported = select(ChangeLine.entity_id).where(ChangeLine.change_id == change_id, ChangeLine.entity == "appointment")
    ahead = (
        Appointment.id.in_(imported),
        Appointment.start_at > tx.now,
        Appointment.status != Status.DISMISSED,
        Appointment.overlap_reason == "",
        exists().where(*together).correlate(Appointment),
    )
    statement = update(Appointment).where(*ahead).values(overlap_reason=reason)
    return tx.execute(statement.execution_options(synchronize_session=False)).rowcount
