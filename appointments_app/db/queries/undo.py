"""Taking a change back: each record returns to what it was, unless something else happened to it since
or its time was given to somebody else."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, and_, cast, insert, literal, not_, or_, select, update

from appointments_app.db.models import Appointment, Booking, Change, ChangeLine, Client, Series
from appointments_app.db.queries import slots
from appointments_app.db.queries.bulk import LINE_COLUMNS
from appointments_app.db.queries.overlaps import would_overlap
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.appointment import Status
from appointments_app.domain.change import Verb


def undo(tx: Tx, change: Change, undo_id: int) -> int:
    """Take back a change of status, a deletion, an archiving or a restoring; return how many records came back."""
    is_free = and_(not_(would_overlap(since=change)), not_(slots.given_away()))
    unmoved = Appointment.status == ChangeLine.new, Appointment.deleted_at.is_(None)
    stays_free = or_(ChangeLine.new != Status.DISMISSED, is_free)
    _turn_round(tx, change, undo_id, Appointment, "status", *unmoved, stays_free)
    deleted_then = Appointment.deleted_at == change.at
    comes_back_free = or_(Appointment.status == Status.DISMISSED, is_free)
    _turn_round(tx, change, undo_id, Appointment, "deleted_at", deleted_then, comes_back_free)
    slots.drop_rivals(tx, undo_id)
    _turn_round(tx, change, undo_id, Booking, "deleted_at", Booking.deleted_at == change.at)
    _turn_round(tx, change, undo_id, Appointment, "booking_id", Appointment.booking_id.is_(None))
    _turn_round(tx, change, undo_id, Series, "rrule", Series.rrule == ChangeLine.new)
    is_archived = Client.archived_at.is_not(None) if change.verb == Verb.ARCHIVED else Client.archived_at.is_(None)
    _turn_round(tx, change, undo_id, Client, "archived_at", is_archived)
    former = (
        select(ChangeLine.new)
        .where(*_about(undo_id, Appointment, "status"), ChangeLine.entity_id == Appointment.id)
        .correlate(Appointment)
        .scalar_subquery()
    )
    rule = select(ChangeLine.new).where(*_about(undo_id, Series, "rrule"), ChangeLine.entity_id == Series.id)
    if _apply(tx, undo_id, Series, "rrule", rule.correlate(Series).scalar_subquery()):
        again = update(Series).where(
            Series.id.in_(select(ChangeLine.entity_id).where(*_about(undo_id, Series, "rrule")))
        )
        tx.execute(again.values(filled_until=Series.created_at).execution_options(synchronize_session=False))
    archived_at = None if change.verb == Verb.ARCHIVED else tx.now
    restored = (
        _apply(tx, undo_id, Appointment, "status", former)
        + _apply(tx, undo_id, Appointment, "deleted_at", None)
        + _apply(tx, undo_id, Booking, "deleted_at", None)
        + _apply(tx, undo_id, Client, "archived_at", archived_at)
    )
    number = select(cast(ChangeLine.new, Integer)).where(
        *_about(undo_id, Appointment, "booking_id"), ChangeLine.entity_id == Appointment.id
    )
    _apply(tx, undo_id, Appointment, "booking_id", number.correlate(Appointment).scalar_subquery())
    slots.follow(tx, undo_id)
    return restored


def _about(change_id: int | None, table: Any, field: str) -> tuple[Any, ...]:
    mine = ChangeLine.change_id == change_id, ChangeLine.entity == table.__tablename__
    return (*mine, ChangeLine.field == field)


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
