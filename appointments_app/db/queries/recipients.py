"""Who a message goes to, and what it can say: appointments with their client, staff and action; clients alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from appointments_app.db.models import Action, Appointment, AppointmentStaff, Business, Client, OptOut, Staff
from appointments_app.db.queries import client_access
from appointments_app.db.queries.appointments import visible
from appointments_app.db.queries.filters import is_status
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.appointment import Status
from appointments_app.domain.message import Channel


@dataclass(frozen=True)
class House:
    """The business, as messages name it."""

    name: str
    time_zone: str
    language: str
    phone: str = ""
    address: str = ""
    clients_confirm: bool = True
    """Whether clients may confirm by link."""


@dataclass(frozen=True)
class Person:
    """A client or a staff member; ``active`` is False of staff that left, ``refuses`` names unwanted channels."""

    id: int
    name: str
    email: str
    phone: str
    language: str
    time_zone: str
    active: bool = True
    refuses: frozenset[str] = frozenset()

    def address(self, channel: Channel) -> str:
        """Return where a channel reaches this person, '' for nowhere."""
        return self.phone if channel is Channel.SMS else self.email


@dataclass(frozen=True)
class Visit:
    """An appointment, as messages speak of it."""

    id: int
    uid: str
    version: int
    start_at: datetime
    end_at: datetime
    status: str
    shared: bool
    links_revoked: int
    client: Person
    action: str
    staff: tuple[Person, ...]


def house(tx: Tx) -> House:
    """Return the business."""
    row = tx.execute(
        select(Business.name, Business.time_zone, Business.language, Business.phone, Business.address)
    ).first()
    return House(*row, clients_confirm=client_access.rules(tx).confirm) if row else House("", "UTC", "en")


_CLIENT = (Client.id, Client.name, Client.email, Client.phone, Client.language, Client.time_zone)
_STAFF = (Staff.id, Staff.name, Staff.email, Staff.phone, Staff.language, Staff.time_zone, Staff.active)
_VISIT = (
    Appointment.id,
    Appointment.uid,
    Appointment.version,
    Appointment.start_at,
    Appointment.end_at,
    Appointment.status,
    Appointment.shared,
    Appointment.links_revoked,
    Action.name,
)


def visits(
    tx: Tx,
    conditions: Sequence[ColumnElement[bool]],
    *,
    after: tuple[datetime, int] | None = None,
    limit: int,
) -> list[Visit]:
    """Return the matching appointments by start, ``limit`` of them behind the one with start and id ``after``."""
    statement: Select[Any] = (
        select(*_VISIT, *_CLIENT)
        .join_from(Appointment, Client, Client.id == Appointment.client_id)
        .outerjoin(Action, Action.id == Appointment.action_id)
        .where(*conditions)
        .order_by(Appointment.start_at, Appointment.id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(tuple_(Appointment.start_at, Appointment.id) > tuple_(*after))
    rows = tx.execute(statement).all()
    teams = _teams(tx, [row[0] for row in rows])
    refusals = refused(tx, {row[len(_VISIT)] for row in rows})
    return [_visit(row, teams.get(row[0], ()), refusals) for row in rows]


def visit(tx: Tx, appointment_id: int, *, deleted: bool = False) -> Visit | None:
    """Return one appointment, None when there is none; one that was ``deleted`` only if asked."""
    alive = [] if deleted else [Appointment.deleted_at.is_(None)]
    found = visits(tx, [Appointment.id == appointment_id, *alive], limit=1)
    return found[0] if found else None


def next_visit(tx: Tx, actor: Actor) -> Visit | None:
    """Return the next scheduled appointment that the actor sees, else any, None when there is none."""
    seen = visible(actor)
    ahead = [*seen, is_status(Status.SCHEDULED), Appointment.start_at > tx.now]
    found = visits(tx, ahead, limit=1) or visits(tx, seen, limit=1)
    return found[0] if found else None


def client(tx: Tx, client_id: int) -> Person | None:
    """Return one client, None when there is none."""
    row = tx.execute(select(*_CLIENT).where(Client.id == client_id)).first()
    return Person(*row, refuses=refused(tx, [client_id]).get(client_id, frozenset())) if row else None


def count(tx: Tx, conditions: Sequence[ColumnElement[bool]]) -> int:
    """Return how many appointments match."""
    return tx.execute(select(func.count()).select_from(Appointment).where(*conditions)).scalar_one()


def refused(tx: Tx, client_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Return the channels by which each of these clients wants nothing; clients without any are left out."""
    found: dict[int, frozenset[str]] = {}
    if client_ids:
        statement = select(OptOut.client_id, OptOut.channel).where(OptOut.client_id.in_(client_ids))
        for client_id, channel in tx.execute(statement):
            found[client_id] = found.get(client_id, frozenset()) | {channel}
    return found


def _teams(tx: Tx, ids: Collection[int]) -> dict[int, tuple[Person, ...]]:
    teams: dict[int, tuple[Person, ...]] = {}
    if ids:
        statement = (
            select(AppointmentStaff.appointment_id, *_STAFF)
            .join(Staff, Staff.id == AppointmentStaff.staff_id)
            .where(AppointmentStaff.appointment_id.in_(ids))
            .order_by(AppointmentStaff.appointment_id, Staff.name, Staff.id)
        )
        for appointment_id, *person in tx.execute(statement):
            teams[appointment_id] = (*teams.get(appointment_id, ()), Person(*person))
    return teams


def _visit(row: Any, team: tuple[Person, ...], refusals: dict[int, frozenset[str]]) -> Visit:
    *facts, action = row[: len(_VISIT)]
    person = Person(*row[len(_VISIT) :], refuses=refusals.get(row[len(_VISIT)], frozenset()))
    return Visit(*facts, client=person, action=action or "", staff=team)
