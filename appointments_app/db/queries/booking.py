"""Reading and writing one appointment as the booking form sees it: few statements, no ORM objects."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from appointments_app.db.models import Action, Appointment, AppointmentStaff, AppointmentText, Client, Staff
from appointments_app.db.queries.appointments import visible
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.booking import Booking
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
        booking=Booking(row[1], row[2], row[3], row[4], row[5], ids, row[6], row[7]),
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
    )


def _choice(row_id: int, name: str, detail: str, colour: str) -> Choice:
    return Choice(str(row_id), name, detail, colour)


def _client_choice(client_id: int, name: str, business_name: str, phone: str) -> Choice:
    return Choice(str(client_id), name, " · ".join(part for part in (business_name, phone) if part))


def client_choice(tx: Tx, client_id: int, *, also_archived: bool = False) -> Choice | None:
    """Return the client to book for, or None when there is none or it is archived."""
    statement = select(Client.id, Client.name, Client.business_name, Client.phone).where(Client.id == client_id)
    row = tx.execute(statement if also_archived else statement.where(Client.archived_at.is_(None))).first()
    return _client_choice(*row) if row else None


def action_choice(tx: Tx, action_id: int, *, also_inactive: bool = False) -> Choice | None:
    """Return an action on offer, or None."""
    statement = select(Action.id, Action.name, Action.colour).where(Action.id == action_id)
    row = tx.execute(statement if also_inactive else statement.where(Action.active.is_(True))).first()
    return _choice(row[0], row[1], "", row[2]) if row else None


def staff_choices(tx: Tx, ids: Sequence[int], *, also_inactive: Sequence[int] = (), lock: bool = False) -> list[Choice]:
    """Return those of ``ids`` who may be assigned, by id; ``lock``: nobody else books them until we are done."""
    if not ids:
        return []
    kept = Staff.active.is_(True) | Staff.id.in_(also_inactive)
    statement = (
        select(Staff.id, Staff.name, Staff.email, Staff.colour).where(Staff.id.in_(ids), kept).order_by(Staff.id)
    )
    # FOR NO KEY UPDATE: two bookings of one person queue, while rows that merely refer to the person do not wait.
    rows = tx.execute(statement.with_for_update(key_share=True) if lock else statement)
    return [_choice(*row) for row in rows]


def add(tx: Tx, actor: Actor, wanted: Booking, overlap_reason: str) -> int:
    """Store a new appointment with its staff and searchable notes; return its id."""
    statement = insert(Appointment).values(
        uid=str(uuid.uuid4()),
        status="scheduled",
        created_at=tx.now,
        created_by=actor.staff_id,
        version=1,
        confirmed_by="",
        confirmed_how="",
        overlap_reason=overlap_reason,
        **_values(wanted),
    )
    appointment_id = tx.execute(statement.returning(Appointment.id)).scalar_one()
    _assign(tx, appointment_id, wanted)
    if wanted.notes:
        tx.execute(insert(AppointmentText).values(appointment_id=appointment_id, body=fold(wanted.notes)))
    return appointment_id


def change(tx: Tx, old: Stored, wanted: Booking, *, overlap_reason: str, unconfirm: bool) -> None:
    """Store what differs from ``old``."""
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
        if wanted.notes:
            tx.execute(insert(AppointmentText).values(appointment_id=old.id, body=fold(wanted.notes)))


def _values(wanted: Booking) -> dict[str, object]:
    return {
        "client_id": wanted.client_id,
        "action_id": wanted.action_id,
        "start_at": wanted.start_at,
        "end_at": wanted.end_at,
        "time_zone": wanted.time_zone,
        "notes": wanted.notes,
        "shared": wanted.shared,
    }


def _assign(tx: Tx, appointment_id: int, wanted: Booking) -> None:
    if wanted.staff_ids:
        tx.execute(
            insert(AppointmentStaff),
            [
                {
                    "appointment_id": appointment_id,
                    "staff_id": staff_id,
                    "start_at": wanted.start_at,
                    "end_at": wanted.end_at,
                }
                for staff_id in wanted.staff_ids
            ],
        )
