"""Changing many appointments at once: set-based statements, never a loop over objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, literal, not_, or_, select, union_all, update

from appointments_app.db.models import Appointment, ChangeLine
from appointments_app.db.queries import notices, slots
from appointments_app.db.queries.overlaps import would_overlap
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.appointment import Status
from appointments_app.domain.change import as_text
from appointments_app.domain.errors import Cancelled

CHUNK = 5_000

Progress = Callable[[int, int], bool]
"""Told (done, total) after each chunk; returns False to stop and take everything back."""


def keep_going(_done: int, _total: int) -> bool:
    """The progress of nobody: never stops."""
    return True


def set_status(
    tx: Tx,
    change_id: int,
    conditions: list[ColumnElement[bool]],
    status: str,
    progress: Progress = keep_going,
    *,
    outcome: str = "",
) -> int:
    """Give every matching appointment ``status``, with audit lines; return how many were changed.

    A dismissed one whose time was given to somebody else meanwhile stays dismissed: no overlap comes about silently.
    ``outcome`` says how a dismissed one went; without it, what is dismissed already keeps its own.
    """
    old, went = Appointment.status, Appointment.outcome
    changed = [*conditions, or_(old != status, went != outcome) if outcome else old != status]
    if status == Status.SCHEDULED:
        changed.append(or_(old != Status.DISMISSED, not_(would_overlap())))
    if status != Status.DISMISSED:
        slots.forget_holds(tx)
        changed.append(not_(slots.given_away()))
    held = _held(select(Appointment.id, old, went).where(*changed)).cte("held")
    lines = [
        _lines(change_id, held.c.id, field, held.c[field], literal(value)).where(held.c[field] != value)
        for field, value in (("status", status), ("outcome", outcome))
    ]
    tx.execute(insert(ChangeLine).from_select(LINE_COLUMNS, union_all(*lines)))
    if status != Status.DISMISSED:
        slots.drop_rivals(tx, change_id)
    return _apply(tx, change_id, {"status": status, "outcome": outcome}, progress)


def any_dismissed(tx: Tx, conditions: list[ColumnElement[bool]]) -> bool:
    """Whether a dismissed one is among the matching appointments."""
    found = select(Appointment.id).where(*conditions, Appointment.status == Status.DISMISSED).limit(1)
    return tx.execute(found).first() is not None


def delete(tx: Tx, change_id: int, conditions: list[ColumnElement[bool]], progress: Progress = keep_going) -> int:
    """Hide every matching appointment (soft delete), with one audit line each; return how many."""
    lines = _lines(change_id, Appointment.id, "deleted_at", literal(""), literal(as_text(tx.now))).where(*conditions)
    tx.execute(insert(ChangeLine).from_select(LINE_COLUMNS, _held(lines)))
    return _apply(tx, change_id, {"deleted_at": tx.now}, progress)


LINE_COLUMNS = ["change_id", "entity", "entity_id", "field", "old", "new"]


def _lines(change_id: int, one_id: Any, field: str, old: Any, new: Any) -> Any:
    return select(literal(change_id), literal("appointment"), one_id, literal(field), old, new)


def _held(appointments: Select[Any]) -> Select[Any]:
    """Let nobody change these appointments until the end: what is read of them is what they are when they change.

    Whoever changes many takes them in the same order, so that nobody waits in a circle.
    """
    return appointments.order_by(Appointment.id).with_for_update(of=Appointment, key_share=True)


def _apply(tx: Tx, change_id: int, values: dict[str, Any], progress: Progress) -> int:
    mine = (ChangeLine.change_id == change_id, ChangeLine.entity == "appointment")
    total = tx.execute(select(func.count(ChangeLine.entity_id.distinct())).where(*mine)).scalar_one()
    done, last = 0, 0
    while done < total:
        chunk = (
            select(ChangeLine.entity_id)
            .where(*mine, ChangeLine.entity_id > last)
            .order_by(ChangeLine.entity_id)
            .distinct()
            .limit(CHUNK)
        )
        end = tx.execute(select(func.max(chunk.subquery().c.entity_id))).scalar_one()
        ids = select(ChangeLine.entity_id).where(*mine, ChangeLine.entity_id > last, ChangeLine.entity_id <= end)
        change = update(Appointment).where(Appointment.id.in_(ids)).values(**values, version=Appointment.version + 1)
        done += tx.execute(change.execution_options(synchronize_session=False)).rowcount
        last = end
        if not progress(done, total):
            raise Cancelled()
    slots.follow(tx, change_id)
    notices.follow(tx, change_id)
    return total
