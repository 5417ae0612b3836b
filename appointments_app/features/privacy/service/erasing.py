"""Erasing a client for good."""

from __future__ import annotations

from dataclasses import dataclass

from appointments_app import runtime
from appointments_app.db.queries import erasing, history, sign_ins
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.change import Verb
from appointments_app.domain.errors import Invalid
from appointments_app.domain.privacy import ERASED
from appointments_app.domain.text import fold
from appointments_app.domain.words import N_
from appointments_app.features.clients.service import client_in


@dataclass(frozen=True)
class ErasingFacts:
    """What a person is told before a client is erased: who, and how many appointments are called off by it."""

    id: int = 0
    name: str = ""
    ahead: int = 0
    erased: bool = False


def facts(uow: UnitOfWork, *, actor: Actor, client_id: object) -> ErasingFacts:
    """Return what erasing a client would mean; raise NotFound for an unknown one."""
    actor.require(Permission.CLIENTS)
    with uow.read() as tx:
        client = client_in(tx, actor, client_id)
        found = client.id or 0
        return ErasingFacts(found, client.name, erasing.ahead(tx, found), client.erased_at is not None)


def erase(uow: UnitOfWork, *, actor: Actor, client_id: object, name: object) -> None:
    """Remove all personal data of a client for good; ``name``, typed again, shows that this one is meant.

    Appointments stay for statistics without a name; those ahead are dismissed. Raises NotFound, Invalid.
    """
    actor.require(Permission.ERASE)
    actor.require(Permission.CLIENTS)
    with uow.begin() as tx:
        client = client_in(tx, actor, client_id, to_change=True)
        typed = name if isinstance(name, str) else ""
        if not typed.strip() or fold(typed) != fold(client.name):
            raise Invalid(fields={"erase_name": N_("This is not the client's name.")})
        erase_all(tx, actor, [client.id or 0])


def erase_all(tx: Tx, actor: Actor, ids: list[int]) -> None:
    """Erase some clients, as a step, with its entry in the audit trail. It has no Undo."""
    business = sign_ins.business(tx)
    change_id = history.open_change(tx, actor, Verb.ERASED)
    erasing.note_erased(tx, change_id, ids)
    name = runtime.translate(business.language if business else "en", ERASED)
    erasing.erase(tx, change_id, ids, name=name)
