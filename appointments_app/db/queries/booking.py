"""Reading and writing one appointment as the booking form sees it: few statements, no ORM objects."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import BigInteger, Dialect, bindparam, delete, insert, select, update
from sqlmodel import SQLModel

from appointments_app.db.models import Action, Appointment, AppointmentStaff, AppointmentText, Client, Staff
from appointments_app.db.queries import planning
from appointments_app.db.queries.appointments import visible
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.queries.prepared import Prepared, among, prepare, run
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.appointment import Status
from appointments_app.domain.booking import Booking
from appointments_app.domain.change import Author
from appointments_app.domain.text import fold


@dataclass(frozen=True)
class Stored:
    """An appointment as it stands: what its form decided, and what happened to it since."""

    id: int
    booking: Booking
    version: int
    status: str
    overlap_reason: str
    confirmed_at: datetime | None
    confirmed_by: str
    confirmed_how: str
    created_at: datetime
    created_by: str
    client: Choice
    action: Choice | None
    staff: list[Choice]
    series_id: int | None = None
    recurrence_id: str = ""
    by_hand: bool = False
    uid: str = ""
    booking_id: int | None = None
    outcome: str = ""


_STORED = (
    Appointment.id,
    Appointment.client_id,
    Appointment.action_id,
    Appointment.start_at,
    Appointment.end_at,
    Appointment.time_zone,
    Appointment.notes,
    Appointment.shared,
    Appointment.version,
    Appointment.status,
    Appointment.overlap_reason,
    Appointment.confirmed_at,
    Appointment.confirmed_by,
    Appointment.confirmed_how,
    Appointment.created_at,
    Client.name,
    Client.business_name,
    Client.phone,
    Action.name,
    Action.colour,
    Staff.name,
    Appointment.series_id,
    Appointment.recurrence_id,
    Appointment.by_hand,
    Appointment.uid,
    Appointment.outcome,
    Appointment.work_order_id,
    Appointment.booking_id,
)


def stored(tx: Tx, actor: Actor, appointment_id: int, *, to_change: bool = False) -> Stored | None:
    """Return an appointment, or None when there is none that the actor may see; ``to_change`` makes others wait."""
    statement = (
        select(*_STORED)
        .join_from(Appointment, Client, Client.id == Appointment.client_id)
        .outerjoin(Action, Action.id == Appointment.action_id)
        .outerjoin(Staff, Staff.id == Appointment.created_by)
        .where(*visible(actor), Appointment.id == appointment_id)
    )
    row = tx.execute(statement.with_for_update(of=Appointment) if to_change else statement).first()
    if row is None:
        return None
    people = select(Staff.id, Staff.name, Staff.email, Staff.colour).join(
        AppointmentStaff, AppointmentStaff.staff_id == Staff.id
    )
    staff = [
        _choice(*one)
        for one in tx.execute(people.where(AppointmentStaff.appointment_id == appointment_id).order_by(Staff.name))
    ]
    ids = tuple(sorted(int(one.id) for one in staff))
    return Stored(
        id=row[0],
        booking=Booking(row[1], row[2], row[3], row[4], row[5], ids, row[6], row[7], row[26]),
        version=row[8],
        status=row[9],
        overlap_reason=row[10],
        confirmed_at=row[11],
        confirmed_by=row[12],
        confirmed_how=row[13],
        created_at=row[14],
        created_by=row[20] or "",
        client=_client_choice(row[1], *row[15:18]),
        action=_choice(row[2], row[18], "", row[19]) if row[2] else None,
        staff=staff,
        series_id=row[21],
        recurrence_id=row[22] or "",
        by_hand=row[23],
        uid=row[24],
        outcome=row[25],
        booking_id=row[27],
    )


def _choice(row_id: int, name: str, detail: str, colour: str) -> Choice:
    return Choice(str(row_id), name, detail, colour)


def _client_choice(client_id: int, name: str, business_name: str, phone: str) -> Choice:
    return Choice(str(client_id), name, " · ".join(part for part in (business_name, phone) if part))


def client_choice(tx: Tx, client_id: int) -> Choice | None:
    """Return a client as the drop-down shows it, an archived one too; None when there is none."""
    statement = select(Client.id, Client.name, Client.business_name, Client.phone).where(Client.id == client_id)
    row = tx.execute(statement).first()
    return _client_choice(*row) if row else None


def action_choice(tx: Tx, action_id: int) -> Choice | None:
    """Return an action as the drop-down shows it, a deactivated one too; None when there is none."""
    statement = select(Action.id, Action.name, Action.colour).where(Action.id == action_id)
    row = tx.execute(statement).first()
    return _choice(row[0], row[1], "", row[2]) if row else None


def staff_choices(tx: Tx, ids: Sequence[int]) -> list[Choice]:
    """Return these people as the drop-down shows them, those who left too, without unknown ids."""
    if not ids:
        return []
    statement = select(Staff.id, Staff.name, Staff.email, Staff.colour).where(Staff.id.in_(ids))
    return [_choice(*row) for row in tx.execute(statement.order_by(Staff.id))]


def on_offer(tx: Tx, client_id: int, action_id: int) -> tuple[bool, bool]:
    """Whether the client can be booked for, and whether the action is on offer."""
    row = run(tx, _offer_statement(tx.get_bind().dialect), {"client": client_id, "action": action_id})[0]
    return row[0] is not None, row[1] is not None


@lru_cache(maxsize=8)
def _offer_statement(dialect: Dialect) -> Prepared:
    client = select(Client.id).where(Client.id == bindparam("client", type_=BigInteger()), Client.archived_at.is_(None))
    action = select(Action.id).where(Action.id == bindparam("action", type_=BigInteger()), Action.active.is_(True))
    return prepare(select(client.scalar_subquery(), action.scalar_subquery()), dialect)


def hold_staff(tx: Tx, ids: Sequence[int]) -> dict[int, bool]:
    """Let nobody else book these people until this transaction ends; return who is active, without unknown ids."""
    if not ids:
        return {}
    rows = run(tx, _staff_statement(tx.get_bind().dialect), {"ids": list(ids)})
    return {row[0]: bool(row[1]) for row in rows}


@lru_cache(maxsize=8)
def _staff_statement(dialect: Dialect) -> Prepared:
    wanted = among(Staff.id, "ids", is_sqlite=dialect.name == "sqlite")
    statement = select(Staff.id, Staff.active).where(wanted).order_by(Staff.id)
    # FOR NO KEY UPDATE: two bookings of one person queue, while rows that merely refer to the person do not wait.
    return prepare(statement.with_for_update(key_share=True), dialect)


def add(tx: Tx, author: Author, wanted: Booking, overlap_reason: str, booking_id: int | None = None) -> int:
    """Store a new appointment with its staff, searchable notes and reminders; return its id."""
    values = {
        "uid": str(uuid.uuid4()),
        "status": Status.SCHEDULED.value,
        "created_at": tx.now,
        "created_by": author.staff_id,
        "version": 1,
        "confirmed_by": "",
        "confirmed_how": "",
        "overlap_reason": overlap_reason,
        "outcome": "",
        "by_hand": False,
        "booking_id": booking_id,
        **_values(wanted),
    }
    appointment_id = run(tx, _insert(tx.get_bind().dialect, Appointment, tuple(values), "id"), values)[0][0]
    _assign(tx, appointment_id, wanted)
    _note(tx, appointment_id, wanted)
    planning.plan(tx, [appointment_id], is_new=True)
    return appointment_id


@lru_cache(maxsize=16)
def _insert(dialect: Dialect, model: type[SQLModel], names: tuple[str, ...], key: str) -> Prepared:
    """Return the statement that adds a row and gives back its ``key``."""
    table = model.__table__  # type: ignore[attr-defined]
    return prepare(insert(table).values(dict.fromkeys(names)).returning(table.c[key]), dialect)


def give_reason(tx: Tx, ids: Collection[int], reason: str) -> None:
    """Note why these appointments were booked over others."""
    statement = update(Appointment).where(Appointment.id.in_(ids)).values(overlap_reason=reason)
    tx.execute(statement.execution_options(synchronize_session=False))


def change(tx: Tx, old: Stored, wanted: Booking, *, overlap_reason: str, unconfirm: bool) -> None:
    """Store what differs from ``old``, and plan its reminders anew."""
    values = {**_values(wanted), "overlap_reason": overlap_reason, "version": Appointment.version + 1}
    if unconfirm:
        values |= {"confirmed_at": None, "confirmed_by": "", "confirmed_how": ""}
    tx.execute(
        update(Appointment)
        .where(Appointment.id == old.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    before = old.booking
    if (before.staff_ids, before.start_at, before.end_at) != (wanted.staff_ids, wanted.start_at, wanted.end_at):
        tx.execute(delete(AppointmentStaff).where(AppointmentStaff.appointment_id == old.id))
        _assign(tx, old.id, wanted)
    if before.notes != wanted.notes:
        tx.execute(delete(AppointmentText).where(AppointmentText.appointment_id == old.id))
        _note(tx, old.id, wanted)
    planning.plan(tx, [old.id])


def _values(wanted: Booking) -> dict[str, object]:
    return {
        "client_id": wanted.client_id,
        "action_id": wanted.action_id,
        "start_at": wanted.start_at,
        "end_at": wanted.end_at,
        "time_zone": wanted.time_zone,
        "notes": wanted.notes,
        "shared": wanted.shared,
        "work_order_id": wanted.work_order_id,
    }


def _assign(tx: Tx, appointment_id: int, wanted: Booking) -> None:
    for staff_id in wanted.staff_ids:
        values = {
            "appointment_id": appointment_id,
            "staff_id": staff_id,
            "start_at": wanted.start_at,
            "end_at": wanted.end_at,
        }
        run(tx, _insert(tx.get_bind().dialect, AppointmentStaff, tuple(values), "staff_id"), values)


def _note(tx: Tx, appointment_id: int, wanted: Booking) -> None:
    if wanted.notes:
        values = {"appointment_id": appointment_id, "body": fold(wanted.notes)}
        run(tx, _insert(tx.get_bind().dialect, AppointmentText, tuple(values), "appointment_id"), values)
