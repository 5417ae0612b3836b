"""Use-cases of a client's file: its head, its overview."""

from __future__ import annotations

from dataclasses import dataclass, field

from appointments_app.db.queries import appointments, clients, history
from appointments_app.db.queries.appointments import AppointmentRow
from appointments_app.db.queries.history import ChangeRow
from appointments_app.db.queries.nearest import Nearest, nearest_active
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.appointment import Tab
from appointments_app.domain.contact import phone_as_read
from appointments_app.domain.listing import AppointmentFilter, Place
from appointments_app.domain.times import iso, to_wall
from appointments_app.features.clients.service import client_in
from appointments_app.features.history.service import in_words

A_FEW = 5
WITH_TODAY = 25
"""So many are read, as those of today stand on both sides of now."""


@dataclass(frozen=True)
class ClientFacts:
    """A client as the file's head and overview show them."""

    id: int = 0
    version: int = 0
    name: str = ""
    business: str = ""
    email: str = ""
    phone: str = ""
    phone_read: str = ""
    address: str = ""
    notes: str = ""
    language: str = ""
    time_zone: str = ""
    birth_date: str = ""
    archived: bool = False
    erased: bool = False
    created_at: str = ""
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class FileHead:
    """The head of the file: the client and the nearest active appointment (R23), None when there is none."""

    client: ClientFacts
    nearest: Nearest | None


@dataclass(frozen=True)
class Overview:
    """What the first tab shows: the next and the last few appointments, and the history."""

    upcoming: list[AppointmentRow]
    recent: list[AppointmentRow]
    changes: list[ChangeRow]


def head(uow: UnitOfWork, *, actor: Actor, client_id: object) -> FileHead:
    """Return the head of a client's file; raise NotFound for an unknown id."""
    actor.require(Permission.CLIENTS)
    with uow.read() as tx:
        client = client_in(tx, actor, client_id)
        assert client.id is not None
        facts = ClientFacts(
            id=client.id,
            version=client.version,
            name=client.name,
            business=client.business_name,
            email=client.email,
            phone=client.phone,
            phone_read=phone_as_read(client.phone),
            address=client.address,
            notes=client.notes,
            language=client.language,
            time_zone=client.time_zone,
            birth_date=client.birth_date,
            archived=client.archived_at is not None,
            erased=client.erased_at is not None,
            created_at=iso(client.created_at),
            tags=clients.tags_of(tx, [client.id]).get(client.id, []),
        )
        return FileHead(facts, nearest_active(tx, actor, [client.id]).get(client.id))


def overview(uow: UnitOfWork, *, actor: Actor, client_id: object) -> Overview:
    """Return the first tab of a client's file."""
    actor.require(Permission.CLIENTS)
    with uow.read() as tx:
        client_id = client_in(tx, actor, client_id).id or 0
        upcoming, recent = _around_now(tx, actor, client_id) if actor.may(Permission.VIEW) else ([], [])
        return Overview(upcoming, recent, in_words(tx, actor, history.of_client(tx, actor, client_id)))


def _around_now(tx: Tx, actor: Actor, client_id: int) -> tuple[list[AppointmentRow], list[AppointmentRow]]:
    """Return what lies ahead, soonest first, and everything else up to today, newest first: each appointment once."""
    today = to_wall(tx.now, actor.time_zone).date().isoformat()
    to_come = AppointmentFilter(client=str(client_id), tab=Tab.SCHEDULED, since=today)
    so_far = AppointmentFilter(client=str(client_id), until=today)
    ahead, behind = (
        appointments.page(tx, actor, wanted, Place(size=WITH_TODAY, descending=wanted is so_far)).rows
        for wanted in (to_come, so_far)
    )
    active = {row.id: row for row in ahead if not row.over}
    return list(active.values())[:A_FEW], [row for row in behind if row.id not in active][:A_FEW]
