"""Clients › Client settings: what clients may do by themselves (R37)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from appointments_app.db.queries import client_access, history
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.change import Verb, differences
from appointments_app.domain.errors import Conflict
from appointments_app.domain.portal import ClientRules, read_rules
from appointments_app.features.portal.service.door import ways

ENTITY = "client_rules"


@dataclass(frozen=True)
class RulesForm:
    """The settings as the form shows them. ``last_change`` is the newest entry of the audit trail."""

    version: int = 0
    last_change: int = 0
    rules: ClientRules = field(default_factory=ClientRules)
    can_send: bool = True
    """Whether any channel is set up that a link to sign in can be sent by."""


def open_rules(uow: UnitOfWork, *, actor: Actor) -> RulesForm:
    """Return what clients may do."""
    actor.require(Permission.SETTINGS)
    can_send = bool(ways())
    with uow.read() as tx:
        row = client_access.settings(tx)
        return RulesForm(row.version, history.last_change_id(tx), client_access.rules_of(row), can_send)


def save_rules(
    uow: UnitOfWork, *, actor: Actor, values: Mapping[str, Any], version: object, last_change: int = 0
) -> None:
    """Store what clients may do; it holds from their next click on. Raises Invalid or Conflict."""
    actor.require(Permission.SETTINGS)
    wanted = asdict(read_rules(values))
    with uow.begin() as tx:
        row = client_access.settings_to_change(tx)
        if row.version != version:
            raise Conflict(changes=history.of_record(tx, ENTITY, 1, since=last_change), version=row.version)
        changed = differences(asdict(client_access.rules_of(row)), wanted)
        if changed:
            for name, value in wanted.items():
                setattr(row, name, value)
            row.version += 1
            tx.add(row)
            history.record(tx, actor, Verb.EDITED, ENTITY, 1, changed)
