"""Everything that is held about one client, as the file that the client gets."""

from __future__ import annotations

import json
from dataclasses import dataclass

from appointments_app.db.queries import client_data, history, sign_ins
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import Actor, Permission, Scope
from appointments_app.domain.change import Verb
from appointments_app.domain.errors import NotAllowed
from appointments_app.domain.times import iso
from appointments_app.features.clients.service import client_in

FORMAT = 1


@dataclass(frozen=True)
class DataFile:
    """A file: its name, and its content as JSON that people can read."""

    name: str
    content: bytes


def data_file(uow: UnitOfWork, *, actor: Actor, client_id: object) -> DataFile:
    """Return the file; that it was taken stands in the client's history. Raises NotFound.

    It holds all of the client, so it is for those who may export and know all clients and appointments.
    """
    actor.require(Permission.CLIENTS)
    actor.require(Permission.EXPORT)
    if Scope.OWN in {actor.reach(each) for each in (Permission.CLIENTS, Permission.EXPORT)}:
        raise NotAllowed()
    with uow.begin() as tx:
        client = client_in(tx, actor, client_id, to_change=True)
        business = sign_ins.business(tx)
        about = {"business": business.name if business else "", "made_at": iso(tx.now), "format": FORMAT}
        held = {"about": about, **client_data.everything(tx, client)}
        history.record(tx, actor, Verb.EXPORTED, "client", client.id or 0)
        name = f"client-{client.id}-{tx.now:%Y-%m-%d}.json"
    return DataFile(name, json.dumps(held, ensure_ascii=False, indent=2).encode())
