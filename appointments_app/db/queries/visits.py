"""Appointments as their client sees them: shared ones only, and nothing of the staff's notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, false, func, select, tuple_, update

from appointments_app.db.models import (
    Action,
    Appointment,
    AppointmentStaff,
    Booking,
    Client,
    ClientAccess,
    ClientRequest,
    Service,
    Staff,
)
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.appointment import Status

Key = tuple[datetime, int]


@dataclass(frozen=True)
class Visit:
    """One appointment as its client sees it. ``asked`` is the kind of the request that still waits, '' for none."""

    id: int
    uid: str
    version: int
    start_at: datetime
    end_at: datetime
    status: str
    action: str
    confirmed_at: datetime | None
    links_revoked: int
    by_client: bool = False
    waits: bool = False
    """Whether it was booked, and staff have not accepted it yet."""
    staff: tuple[str, ...] = ()
    asked: str = ""

    @property
    def key(self) -> Key:
        """Return where it stands in the order of a list."""
        return self.start_at, self.id


_VISIT = (
    Appointment.id,
    Appointment.uid,
    Appointment.version,
    Appointment.start_at,
    Appointment.end_at,
    Appointment.status,
    func.coalesce(Service.name, Action.name, ""),
    Appointment.confirmed_at,
    Appointment.links_revoked,
    func.coalesce(Booking.by_client, false()),
    and_(
        Booking.id.is_not(None),
        Booking.confirmed_at.is_(None),
        Booking.deleted_at.is_(None),
        Appointment.status == Status.SCHEDULED.value,
    ),
)


def _of(client_id: int) -> tuple[Any, ...]:
    return Appointment.client_id == client_id, Appointment.shared.is_(True), Appointment.deleted_at.is_(None)


def ahead(tx: Tx, client_id: int, *, after: Key | None, size: int) -> list[Visit]:
    """Return what a client still has to come to, soonest first, one more than a page holds."""
    order = (Appointment.start_at, Appointment.id)
    conditions = [Appointment.end_at > tx.now, Appointment.status == Status.SCHEDULED.value]
    return _page(tx, client_id, conditions, order, tuple_(*order) > tuple_(*after) if after else None, size)


def behind(tx: Tx, client_id: int, *, after: Key | None, size: int) -> list[Visit]:
    """Return what is over or was called off, latest first, one more than a page holds."""
    order = (Appointment.start_at.desc(), Appointment.id.desc())
    conditions = [(Appointment.end_at <= tx.now) | (Appointment.status != Status.SCHEDULED.value)]
    key = tuple_(Appointment.start_at, Appointment.id)
    return _page(tx, client_id, conditions, order, key < tuple_(*after) if after else None, size)


def _page(tx: Tx, client_id: int, conditions: list[Any], order: tuple[Any, ...], key: Any, size: int) -> list[Visit]:
    where = [*_of(client_id), *conditions, *([] if key is None else [key])]
    rows = tx.execute(_visits().where(*where).order_by(*order).limit(size + 1))
    return _whole(tx, [Visit(*row) for row in rows])


def one(tx: Tx, client_id: int, appointment_id: int) -> Visit | None:
    """Return one of a client's shared appointments, None when there is none."""
    row = tx.execute(_visits().where(*_of(client_id), Appointment.id == appointment_id)).first()
    return _whole(tx, [Visit(*row)])[0] if row else None


def _visits() -> Any:
    return (
        select(*_VISIT)
        .select_from(Appointment)
        .outerjoin(Action, Action.id == Appointment.action_id)
        .outerjoin(Booking, Booking.id == Appointment.booking_id)
        .outerjoin(Service, Service.id == Booking.service_id)
    )


def _whole(tx: Tx, found: Sequence[Visit]) -> list[Visit]:
    """Return the visits with their staff and what was asked of them."""
    ids = [each.id for each in found]
    if not ids:
        return []
    people: dict[int, list[str]] = {}
    named = (
        select(AppointmentStaff.appointment_id, Staff.name)
        .join(Staff, Staff.id == AppointmentStaff.staff_id)
        .where(AppointmentStaff.appointment_id.in_(ids))
        .order_by(Staff.name, Staff.id)
    )
    for appointment_id, name in tx.execute(named):
        people.setdefault(appointment_id, []).append(name)
    waiting = select(ClientRequest.appointment_id, ClientRequest.kind).where(
        ClientRequest.appointment_id.in_(ids), ClientRequest.settled_at.is_(None)
    )
    asked = {row[0]: row[1] for row in tx.execute(waiting)}
    return [replace(each, staff=tuple(people.get(each.id, ())), asked=asked.get(each.id, "")) for each in found]


@dataclass(frozen=True)
class Linked:
    """What a link to confirm leads to. ``client_language`` and ``client_zone`` are '' for those of the business."""

    id: int
    client_id: int
    start_at: datetime
    end_at: datetime
    status: str
    shared: bool
    deleted: bool
    confirmed_at: datetime | None
    links_revoked: int
    client_name: str
    client_language: str
    client_zone: str
    suspended: bool


def linked(tx: Tx, appointment_id: int) -> Linked | None:
    """Return the appointment of a link, deleted ones too, with what its page needs to know of the client."""
    statement = (
        select(
            Appointment.id, Appointment.client_id, Appointment.start_at, Appointment.end_at, Appointment.status,
            Appointment.shared, Appointment.deleted_at.is_not(None), Appointment.confirmed_at,
            Appointment.links_revoked, Client.name, Client.language, Client.time_zone,
            ClientAccess.suspended_at.is_not(None),
        )
        .select_from(Appointment)
        .join(Client, Client.id == Appointment.client_id)
        .outerjoin(ClientAccess, ClientAccess.client_id == Client.id)
        .where(Appointment.id == appointment_id)
    )  # fmt: skip
    row = tx.execute(statement).first()
    return Linked(*row) if row else None


def confirm(tx: Tx, appointment_id: int, start_at: datetime, *, by: str, how: str, only_shared: bool) -> bool:
    """Confirm an appointment if it is still Scheduled, begins at ``start_at``, and nobody has; whether this did."""
    conditions = [
        Appointment.id == appointment_id,
        Appointment.start_at == start_at,
        Appointment.deleted_at.is_(None),
        Appointment.status == Status.SCHEDULED.value,
        Appointment.confirmed_at.is_(None),
        *([Appointment.shared.is_(True)] if only_shared else []),
    ]
    values = {"confirmed_at": tx.now, "confirmed_by": by[:120], "confirmed_how": how}
    return _changed(tx, conditions, values)


def unconfirm(tx: Tx, appointment_id: int) -> bool:
    """Take a confirmation back; whether there was one."""
    conditions = [Appointment.id == appointment_id, Appointment.confirmed_at.is_not(None)]
    return _changed(tx, conditions, {"confirmed_at": None, "confirmed_by": "", "confirmed_how": ""})


def revoke_links(tx: Tx, appointment_id: int) -> None:
    """Make every link to confirm an appointment worthless."""
    _changed(tx, [Appointment.id == appointment_id], {"links_revoked": Appointment.links_revoked + 1})


def _changed(tx: Tx, conditions: list[Any], values: dict[str, Any]) -> bool:
    statement = update(Appointment).where(*conditions).values(**values)
    return tx.execute(statement.execution_options(synchronize_session=False)).rowcount == 1
