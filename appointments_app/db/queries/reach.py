"""Which of some appointments and clients an actor may know of."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, exists, func, literal, or_, select, union

from appointments_app.db.models import Appointment, AppointmentStaff, ChangeLine, Client
from appointments_app.db.queries.filters import is_own, within_reach
from appointments_app.db.queries.search import FEW
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor, Permission, Scope


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


def knows_all_clients(actor: Actor) -> bool:
    """Whether the actor may know of every client there is; who may see no clients knows those of what they see."""
    reach = actor.reach(Permission.CLIENTS) if actor.may(Permission.CLIENTS) else actor.scope
    return reach is Scope.ALL


def reached_clients(tx: Tx, actor: Actor, ids: Collection[int]) -> set[int]:
    """Return those of ``ids`` that the actor may know of."""
    if knows_all_clients(actor):
        return set(ids)
    return set(tx.execute(select(Client.id).where(Client.id.in_(ids), _theirs(actor))).scalars())


def clients_in_reach(tx: Tx, actor: Actor) -> list[ColumnElement[bool]]:
    """Return the conditions every read of clients starts from.

    One's own clients are those of one's own appointments, and those one made. Few are looked up by id, many are met
    while walking the list in order.
    """
    if knows_all_clients(actor):
        return []
    return [Client.id.in_(_their_ids(actor)) if has_few(tx, actor) else _theirs(actor)]


def _theirs(actor: Actor) -> ColumnElement[bool]:
    booked = exists().where(
        Appointment.client_id == Client.id, Appointment.deleted_at.is_(None), is_own(actor.staff_id)
    )
    return or_(booked, Client.created_by == actor.staff_id)


def _their_ids(actor: Actor) -> CompoundSelect[Any]:
    alive = Appointment.deleted_at.is_(None)
    assigned = select(Appointment.client_id).join(AppointmentStaff, AppointmentStaff.appointment_id == Appointment.id)
    return union(
        assigned.where(AppointmentStaff.staff_id == actor.staff_id, alive),
        select(Appointment.client_id).where(Appointment.created_by == actor.staff_id, alive),
        select(Client.id).where(Client.created_by == actor.staff_id),
    )


def has_few(tx: Tx, actor: Actor) -> bool:
    """Whether so few appointments are the actor's own that they are best looked up by id."""
    parts = (
        select(AppointmentStaff.appointment_id).where(AppointmentStaff.staff_id == actor.staff_id),
        select(Appointment.id).where(Appointment.created_by == actor.staff_id),
    )
    counts = [select(func.count()).select_from(part.limit(FEW + 1).subquery()).scalar_subquery() for part in parts]
    return sum(tx.execute(select(*counts)).one()) <= FEW
