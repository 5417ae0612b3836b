"""Which of some appointments an actor may know of."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, literal, or_, select

from appointments_app.db.models import Appointment, ChangeLine
from appointments_app.db.queries.appointments import within_reach
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor, Scope


def reached(tx: Tx, actor: Actor, ids: Collection[int], *, or_once: bool = False) -> set[int]:
    """Return those of ``ids`` within the actor's reach, deleted ones too; ``or_once``: also those that left it."""
    if actor.scope is Scope.ALL:
        return set(ids)
    condition = or_(*within_reach(actor), _taken_away(actor)) if or_once else or_(*within_reach(actor))
    return set(tx.execute(select(Appointment.id).where(Appointment.id.in_(ids), condition)).scalars())


def _taken_away(actor: Actor) -> ColumnElement[bool]:
    assigned = literal(",").concat(ChangeLine.old).concat(",")
    return exists().where(
        ChangeLine.entity == "appointment",
        ChangeLine.entity_id == Appointment.id,
        ChangeLine.field == "staff_ids",
        assigned.contains(f",{actor.staff_id},"),
    )
