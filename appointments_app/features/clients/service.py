"""Use-cases of clients: the list, creating, editing, archiving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from appointments_app.db.models import Client
from appointments_app.db.queries import client_access, clients, history, sign_ins
from appointments_app.db.queries.clients import ClientPage, Twin
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission, Scope
from appointments_app.domain.change import Author, Verb, differences
from appointments_app.domain.client import LIMITS, REACHED_BY, ClientFields, ClientFilter, checked, reached_elsewhere
from appointments_app.domain.contact import phone_as_read
from appointments_app.domain.errors import Conflict, Invalid, NotFound
from appointments_app.domain.listing import Place
from appointments_app.domain.text import many_lines
from appointments_app.domain.times import iso, to_wall
from appointments_app.domain.words import N_


@dataclass(frozen=True)
class ClientsView:
    """What the list page shows: one page and the tags to filter by. How many there are is asked apart."""

    page: ClientPage
    tags: list[str]


@dataclass(frozen=True)
class ClientForm:
    """A client as the form shows it: text by field, and the version it was read at."""

    id: int
    version: int
    values: dict[str, str]


def list_view(uow: UnitOfWork, *, actor: Actor, wanted: ClientFilter, place: Place) -> ClientsView:
    """Return one page of clients with the tags in use."""
    actor.require(Permission.CLIENTS)
    with uow.read() as tx:
        return ClientsView(clients.page(tx, actor, wanted, place), clients.all_tags(tx, actor))


def capped_counts(uow: UnitOfWork, *, actor: Actor, wanted: ClientFilter) -> dict[str, int]:
    """Return how many clients each tab would show, counted up to COUNT_CAP + 1."""
    actor.require(Permission.CLIENTS)
    with uow.read() as tx:
        return clients.capped_counts(tx, actor, wanted)


def exact_count(uow: UnitOfWork, *, actor: Actor, wanted: ClientFilter) -> int:
    """Return how many clients match ``wanted``, however many there are."""
    actor.require(Permission.CLIENTS)
    with uow.read() as tx:
        return clients.exact_count(tx, actor, wanted)


def form_of(uow: UnitOfWork, *, actor: Actor, client_id: object) -> ClientForm:
    """Return a client for editing."""
    actor.require(Permission.CLIENTS)
    with uow.read() as tx:
        client = client_in(tx, actor, client_id)
        fields = clients.fields_of(tx, client)
        values = {**fields.as_recorded(), "phone": phone_as_read(fields.phone)}
        return ClientForm(client.id or 0, client.version, values)


def create_client(uow: UnitOfWork, *, actor: Actor, **fields: Any) -> int:
    """Create a client; return the id. Raises Invalid with a message for each wrong field."""
    actor.require(Permission.CLIENTS)
    with uow.begin() as tx:
        return _create(tx, actor, _checked(tx, actor, fields))


def quick_create(uow: UnitOfWork, *, actor: Actor, name: str, phone: str = "", email: str = "") -> Choice:
    """Create a client from within another form; return it as that form's drop-down shows it."""
    actor.require(Permission.CLIENTS)
    with uow.begin() as tx:
        stored = _checked(tx, actor, {"name": name, "phone": phone, "email": email})
        return Choice(str(_create(tx, actor, stored)), stored.name, phone_as_read(stored.phone))


def update_client(uow: UnitOfWork, *, actor: Actor, client_id: object, version: int, **fields: Any) -> int:
    """Save the form of a client; return the new version. Raises Conflict when it was changed since ``version``.

    Another e-mail address or phone number ends the sign-ins to the portal: they came by the one before.
    """
    actor.require(Permission.CLIENTS)
    with uow.begin() as tx:
        client = _unchanged(tx, actor, client_id, version)
        before = {name: getattr(client, name) for name in REACHED_BY}
        wanted = _checked(tx, actor, fields)
        stored = store(tx, actor, client, wanted)
        if reached_elsewhere(differences(before, {name: getattr(wanted, name) for name in REACHED_BY})):
            client_access.end_all(tx, client.id or 0)  # whoever was reached there may be somebody else
        return stored


def update_notes(uow: UnitOfWork, *, actor: Actor, client_id: object, version: int, notes: str) -> int:
    """Save a client's notes alone; return the new version. Raises Conflict when they were changed since ``version``."""
    actor.require(Permission.CLIENTS)
    text = many_lines(str(notes), LIMITS["notes"] + 1).strip()
    if len(text) > LIMITS["notes"]:
        raise Invalid(fields={"notes": N_("This is too long.")})
    with uow.begin() as tx:
        client = _unchanged(tx, actor, client_id, version, only="notes")
        return store(tx, actor, client, replace(clients.fields_of(tx, client), notes=text))


@dataclass(frozen=True)
class PortalFacts:
    """A client's portal: whether there is one, whether this client may use it, when they last did ('' for never)."""

    is_on: bool = False
    suspended: bool = False
    last_seen_at: str = ""
    may_look_on: bool = False
    """Whether the actor sees no less than the client does."""


def portal_facts(uow: UnitOfWork, *, actor: Actor, client_id: object) -> PortalFacts:
    """Return how it stands with a client's portal."""
    actor.require(Permission.CLIENTS)
    with uow.read() as tx:
        client = client_in(tx, actor, client_id)
        seen_at = client_access.last_seen(tx, client.id or 0)
        return PortalFacts(
            client_access.rules(tx).portal_on,
            client_access.access(tx, client.id or 0).suspended_at is not None,
            iso(seen_at) if seen_at else "",
            actor.may(Permission.VIEW) and actor.scope is Scope.ALL,
        )


def set_suspended(uow: UnitOfWork, *, actor: Actor, client_id: object, suspended: bool) -> None:
    """Keep a client out of the portal from now on, or let them in again; harmless when it is so already."""
    actor.require(Permission.CLIENTS)
    with uow.begin() as tx:
        client = client_in(tx, actor, client_id, to_change=True)
        row = client_access.access(tx, client.id or 0)
        if (row.suspended_at is not None) == (suspended is True):
            return
        row.suspended_at = tx.now if suspended is True else None
        tx.add(row)
        if suspended is True:
            client_access.end_all(tx, client.id or 0)
        history.record(tx, actor, Verb.SUSPENDED if suspended is True else Verb.ADMITTED, "client", client.id or 0)


def twins(uow: UnitOfWork, *, actor: Actor, client_id: object, email: str, phone: str) -> list[Twin]:
    """Return other clients with the same e-mail address or phone number; none while what is typed can't be read."""
    actor.require(Permission.CLIENTS)
    with uow.read() as tx:
        try:
            typed = _checked(tx, actor, {"name": "-", "email": email, "phone": phone})
        except Invalid:
            return []
        return clients.twins(tx, actor, typed.email, typed.phone, apart_from=number(client_id))


def archive(uow: UnitOfWork, *, actor: Actor, client_id: object) -> int:
    """Take a client out of lists and drop-downs; return the change Undo takes back, 0 when nothing changed."""
    return _set_archived(uow, actor, client_id, Verb.ARCHIVED)


def restore(uow: UnitOfWork, *, actor: Actor, client_id: object) -> int:
    """Bring an archived client back; return the change Undo takes back, 0 when nothing changed."""
    return _set_archived(uow, actor, client_id, Verb.RESTORED)


def client_in(tx: Tx, actor: Actor, client_id: object, *, to_change: bool = False) -> Client:
    """Return the client to read or change; raise NotFound for an id that is none, or none that the actor may know."""
    client = clients.one(tx, actor, number(client_id), to_change=to_change)
    if client is None:
        raise NotFound()
    if to_change and client.erased_at is not None:
        raise Invalid(N_("This client was erased: there is nothing to change any more."))
    return client


def number(client_id: object) -> int:
    """Return the id a browser sent; 0, which is nobody's, when it is no number."""
    text = str(client_id)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _create(tx: Tx, actor: Actor, fields: ClientFields) -> int:
    client_id = clients.write(
        tx, Client(name=fields.name, sort_name="", created_at=tx.now, created_by=actor.staff_id), fields
    )
    history.record(tx, actor, Verb.CREATED, "client", client_id)
    return client_id


def store(tx: Tx, author: Author, client: Client, fields: ClientFields) -> int:
    """Store what differs, as a step of a use-case, with its entry in the audit trail; return the version."""
    changed = differences(_recorded(clients.fields_of(tx, client)), _recorded(fields))
    if changed:
        client.version += 1
        client_id = clients.write(tx, client, fields)
        history.record(tx, author, Verb.EDITED, "client", client_id, changed)
    return client.version


def _recorded(fields: ClientFields) -> dict[str, str]:
    return {**fields.as_recorded(), "tags": ", ".join(sorted(fields.tags))}


def _unchanged(tx: Tx, actor: Actor, client_id: object, version: int, *, only: str = "") -> Client:
    """Return the client to change; raise Conflict, with who changed what, when it is newer than ``version``."""
    client = client_in(tx, actor, client_id, to_change=True)
    if client.version == version:
        return client
    since = max(1, client.version - number(version))
    changes = history.of_record(tx, "client", client.id or 0)[:since]
    if only and not any(line.field == only for change in changes for line in change.lines):
        return client
    raise Conflict(changes=changes)


def _set_archived(uow: UnitOfWork, actor: Actor, client_id: object, verb: Verb) -> int:
    actor.require(Permission.CLIENTS)
    with uow.begin() as tx:
        client = client_in(tx, actor, client_id, to_change=True)
        if (client.archived_at is not None) == (verb is Verb.ARCHIVED):
            return 0
        return _mark(tx, actor, client, verb, archive=verb is Verb.ARCHIVED)


def _mark(tx: Tx, actor: Actor, client: Client, verb: Verb, *, archive: bool) -> int:
    before = client.archived_at
    client.archived_at = tx.now if archive else None
    client.version += 1
    tx.add(client)
    tx.flush()
    changed = differences({"archived_at": before}, {"archived_at": client.archived_at})
    return history.record(tx, actor, verb, "client", client.id or 0, changed)


def _checked(tx: Tx, actor: Actor, fields: Mapping[str, Any]) -> ClientFields:
    business = sign_ins.business(tx)
    region = business.phone_region if business else ""
    return checked(fields, region, today=to_wall(tx.now, actor.time_zone).date())
