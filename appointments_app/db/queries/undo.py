"""Taking a change back: each record returns to what it was, unless something else happened to it since
or its time was given to somebody else."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, func, insert, literal, not_, or_, select, update
from sqlalchemy.orm import aliased

from appointments_app.db.models import Appointment, Change, ChangeLine, Client, Series
from appointments_app.db.queries import planning
from appointments_app.db.queries.bulk import LINE_COLUMNS
from appointments_app.db.queries.filters import within_reach
from appointments_app.db.queries.overlaps import would_overlap
from appointments_app.db.queries.reach import clients_in_reach
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.appointment import Status
from appointments_app.domain.change import Verb


def undo(tx: Tx, actor: Actor, change: Change, undo_id: int) -> int:
    """Take back a change of what the actor still may see; return how many records came back."""
    is_free = not_(would_overlap(since=change))
    mine = within_reach(actor)
    unmoved = Appointment.status == ChangeLine.new, Appointment.deleted_at.is_(None), *mine
    stays_free = or_(ChangeLine.new != Status.DISMISSED, is_free)
    _turn_round(tx, change, undo_id, Appointment, "status", *unmoved, stays_free)
    had_status, has_status = (
        exists().where(*_about(each, Appointment, "status", alias), alias.entity_id == Appointment.id)
        for each, alias in ((change.id, aliased(ChangeLine)), (undo_id, aliased(ChangeLine)))
    )
    still_went_so = Appointment.outcome == ChangeLine.new, Appointment.deleted_at.is_(None), *mine
    _turn_round(tx, change, undo_id, Appointment, "outcome", *still_went_so, or_(has_status, not_(had_status)))
    deleted_then = Appointment.deleted_at == change.at
    comes_back_free = or_(Appointment.status == Status.DISMISSED, is_free)
    _turn_round(tx, change, undo_id, Appointment, "deleted_at", deleted_then, comes_back_free, *mine)
    _turn_round(tx, change, undo_id, Series, "rrule", Series.rrule == ChangeLine.new)
    is_archived = Client.archived_at.is_not(None) if change.verb == Verb.ARCHIVED else Client.archived_at.is_(None)
    _turn_round(tx, change, undo_id, Client, "archived_at", is_archived, *clients_in_reach(tx, actor))
    rule = select(ChangeLine.new).where(*_about(undo_id, Series, "rrule"), ChangeLine.entity_id == Series.id)
    if _apply(tx, undo_id, Series, "rrule", rule.correlate(Series).scalar_subquery()):
        again = update(Series).where(
            Series.id.in_(select(ChangeLine.entity_id).where(*_about(undo_id, Series, "rrule")))
        )
        tx.execute(again.values(filled_until=Series.created_at).execution_options(synchronize_session=False))
    archived_at = None if change.verb == Verb.ARCHIVED else tx.now
    for field in ("status", "outcome"):
        _apply(tx, undo_id, Appointment, field, _former(undo_id, field))
    _apply(tx, undo_id, Appointment, "deleted_at", None)
    _apply(tx, undo_id, Client, "archived_at", archived_at)
    planning.plan_change(tx, undo_id)
    restored = select(ChangeLine.entity, ChangeLine.entity_id).where(
        ChangeLine.change_id == undo_id, ChangeLine.entity != Series.__tablename__
    )
    return tx.execute(select(func.count()).select_from(restored.distinct().subquery())).scalar_one()


def _former(undo_id: int, field: str) -> Any:
    former = select(ChangeLine.new).where(*_about(undo_id, Appointment, field), ChangeLine.entity_id == Appointment.id)
    return former.correlate(Appointment).scalar_subquery()


def _about(change_id: int | None, table: Any, field: str, line: Any = ChangeLine) -> tuple[Any, ...]:
    return line.change_id == change_id, line.entity == table.__tablename__, line.field == field


def _turn_round(tx: Tx, change: Change, undo_id: int, table: Any, field: str, *still: Any) -> None:
    """Write the lines of the undo: new → old, for the records that are still as the change left them."""
    line = ChangeLine
    turned = select(literal(undo_id), line.entity, line.entity_id, line.field, line.new, line.old)
    chosen = turned.where(*_about(change.id, table, field), line.entity_id == table.id, *still)
    tx.execute(insert(ChangeLine).from_select(LINE_COLUMNS, chosen))


def _apply(tx: Tx, undo_id: int, table: Any, field: str, value: Any) -> int:
    ids = select(ChangeLine.entity_id).where(*_about(undo_id, table, field))
    change = update(table).where(table.id.in_(ids)).values({field: value, "version": table.version + 1})
    return tx.execute(change.execution_options(synchronize_session=False)).rowcount
