"""A client's own profile."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from appointments_app.db.models import Client
from appointments_app.db.queries import client_access, clients, history, opt_outs, sign_ins
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.change import Verb, as_text
from appointments_app.domain.client import checked
from appointments_app.domain.contact import phone_as_read
from appointments_app.domain.errors import Conflict, NotFound
from appointments_app.domain.message import Channel
from appointments_app.domain.opt_out import How
from appointments_app.domain.portal import ClientActor
from appointments_app.domain.times import to_wall
from appointments_app.features.clients.service import store

FIELDS = ("name", "email", "phone", "address", "language", "time_zone")
"""What a client may change of themselves; notes and tags are the staff's."""


@dataclass(frozen=True)
class Profile:
    """The profile as its form shows it."""

    version: int
    values: dict[str, str]
    has_password: bool = False
    channels: frozenset[Channel] = frozenset(Channel)
    """How the client wants to be sent messages."""


def open_profile(uow: UnitOfWork, *, actor: ClientActor) -> Profile:
    """Return the client's profile; raise NotFound unless clients may see theirs."""
    actor.require("view_profile")
    with uow.read() as tx:
        return _profile(tx, actor)


def save_profile(uow: UnitOfWork, *, actor: ClientActor, typed: Mapping[str, str], version: int) -> Profile:
    """Store the profile and return it. Raises Invalid, or Conflict when it was changed meanwhile."""
    actor.require_self()
    actor.require("view_profile")
    actor.require("edit_profile")
    with uow.begin() as tx:
        client = _own(tx, actor, to_change=True)
        if client.version != version:
            raise Conflict()
        business = sign_ins.business(tx)
        before = clients.fields_of(tx, client)
        fields = {**before.as_recorded(), **{name: typed.get(name, "") for name in FIELDS}}
        today = to_wall(tx.now, actor.time_zone).date()
        wanted = checked(fields, business.phone_region if business else "", today=today)
        store(tx, actor, client, replace(wanted, notes=before.notes, tags=before.tags))
        return _profile(tx, actor)


def choose_messages(uow: UnitOfWork, *, actor: ClientActor, wanted: Collection[Channel]) -> None:
    """Store by which channels the client wants messages about appointments."""
    actor.require_self()
    actor.require("view_profile")
    with uow.begin() as tx:
        _own(tx, actor, to_change=True)
        before = opt_outs.channels_wanted(tx, actor.client_id)
        changed = before ^ set(wanted)
        for channel in changed:
            if channel in wanted:
                opt_outs.remove(tx, actor.client_id, channel)
            else:
                opt_outs.add(tx, actor.client_id, channel, How.PORTAL)
        fields = {f"messages_{each}": (as_text(each in before), as_text(each in wanted)) for each in changed}
        if fields:
            history.record(tx, actor, Verb.EDITED, "client", actor.client_id, fields)


def _profile(tx: Tx, actor: ClientActor) -> Profile:
    client = _own(tx, actor)
    values = {name: getattr(client, name) for name in FIELDS} | {"phone": phone_as_read(client.phone)}
    has_password = bool(client_access.access(tx, actor.client_id).password_hash)
    return Profile(client.version, values, has_password, frozenset(opt_outs.channels_wanted(tx, actor.client_id)))


def _own(tx: Tx, actor: ClientActor, *, to_change: bool = False) -> Client:
    client = tx.get(Client, actor.client_id, with_for_update=to_change or None)
    if client is None:
        raise NotFound()
    return client
