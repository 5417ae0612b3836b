"""Appointments that could belong to a work order, and those that from now on do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, insert, literal, select, update

from appointments_app.db.models import Action, Appointment, ChangeLine
from appointments_app.db.queries import bulk, filters, notices
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.times import iso

OFFERED = 50
"""So many appointments are offered at once, the latest ones."""


@dataclass(frozen=True)
class Loose:
    """An appointment that belongs to nothing. Instants are UTC ISO text."""

    id: int
    start_at: str
    end_at: str
    status: str
    action: str


def loose(tx: Tx, actor: Actor, client_id: int) -> list[Loose]:
    """Return the latest appointments of a client that belong to no work order, booking or series."""
    statement = (
        select(Appointment.id, Appointment.start_at, Appointment.end_at, Appointment.status, Action.name)
        .outerjoin(Action, Action.id == Appointment.action_id)
        .where(*_loose(actor, client_id))
        .order_by(Appointment.start_at.desc(), Appointment.id.desc())
        .limit(OFFERED)
    )
    return [Loose(row[0], iso(row[1]), iso(row[2]), row[3], row[4] or "") for row in tx.execute(statement)]


def attach(tx: Tx, actor: Actor, change_id: int, order_id: int, client_id: int, ids: Sequence[int]) -> int:
    """Let those of these appointments that are loose belong to a work order; return how many were."""
    chosen = (*_loose(actor, client_id), Appointment.id.in_(ids))
    tx.execute(select(Appointment.id).where(*chosen).order_by(Appointment.id).with_for_update())
    line = (
        literal(change_id), literal("appointment"), Appointment.id, literal("work_order_id"),
        func.coalesce(cast(Appointment.work_order_id, String), ""), literal(str(order_id)),
    )  # fmt: skip
    tx.execute(insert(ChangeLine).from_select(bulk.LINE_COLUMNS, select(*line).where(*chosen)))
    attached = update(Appointment).where(*chosen).values(work_order_id=order_id, version=Appointment.version + 1)
    count = tx.execute(attached.execution_options(synchronize_session=False)).rowcount
    notices.follow(tx, change_id)
    return count


def _loose(actor: Actor, client_id: int) -> tuple[ColumnElement[bool] | Any, ...]:
    return (
        *filters.visible(actor),
        Appointment.client_id == client_id,
        Appointment.work_order_id.is_(None),
        Appointment.booking_id.is_(None),
        Appointment.series_id.is_(None),
    )
