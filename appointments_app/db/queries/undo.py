"""Taking a change back: each record returns to what it was, unless something else happened to it since
or its time was given to somebody else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, and_, cast, delete, exists, func, insert, literal, not_, or_, select, update
from sqlalchemy.orm import aliased

from appointments_app.db.models import (
    Appointment,
    AppointmentStaff,
    Booking,
    Change,
    ChangeLine,
    Client,
    Series,
    WorkOrder,
)
from appointments_app.db.queries import notices, series_undo, slots
from appointments_app.db.queries.booking import hold_staff
from appointments_app.db.queries.bulk import LINE_COLUMNS
from appointments_app.db.queries.filters import within_reach
from appointments_app.db.queries.overlaps import in_the_way, would_overlap
from appointments_app.db.queries.reach import clients_in_reach
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.appointment import Status
from appointments_app.domain.change import Verb, as_text


def undo(tx: Tx, actor: Actor, change: Change, undo_id: int) -> int:
    """Take back a change of what the actor still may see; return how many records came back."""
    if change.verb == Verb.MOVED:
        if whole := series_undo.remembered(tx, change):
            return series_undo.take_back(tx, actor, change, undo_id, *whole)
        return _move_back(tx, actor, change, undo_id)
    slots.forget_holds(tx)
    mine = [*within_reach(actor), _is_there(Appointment.client_id)]
    _turn_appointments(tx, change, undo_id, mine)
    slots.drop_rivals(tx, undo_id)
    _turn_bookings(tx, change, undo_id, mine)
    _turn_series_and_orders(tx, change, undo_id, mine)
    is_archived = Client.archived_at.is_not(None) if change.verb == Verb.ARCHIVED else Client.archived_at.is_(None)
    known = Client.erased_at.is_(None), *clients_in_reach(tx, actor)
    _turn_round(tx, change, undo_id, Client, "archived_at", is_archived, *known)
    _put_back(tx, change, undo_id)
    slots.follow(tx, undo_id)
    notices.follow(tx, undo_id)
    restored = select(ChangeLine.entity, ChangeLine.entity_id).where(
        ChangeLine.change_id == undo_id, ChangeLine.entity != Series.__tablename__
    )
    return tx.execute(select(func.count()).select_from(restored.distinct().subquery())).scalar_one()


def _turn_appointments(tx: Tx, change: Change, undo_id: int, mine: list[Any]) -> None:
    """Status, outcome and deletion: of those whose time nobody else was given."""
    is_free = and_(not_(would_overlap(since=change)), not_(slots.given_away()))
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


def _turn_bookings(tx: Tx, change: Change, undo_id: int, mine: list[Any]) -> None:
    """Bookings that were deleted, with the appointments that became independent then."""
    independent = Appointment.booking_id.is_(None), Appointment.work_order_id.is_(None), Appointment.series_id.is_(None)
    _turn_round(tx, change, undo_id, Appointment, "booking_id", *independent, *mine)
    then, now = aliased(ChangeLine), aliased(ChangeLine)
    number = cast(Booking.id, String)
    lost_its_own = exists().where(*_about(change.id, Appointment, "booking_id", then), then.old == number)
    has_its_own = exists().where(*_about(undo_id, Appointment, "booking_id", now), now.new == number)
    comes_back = Booking.deleted_at == change.at, or_(not_(lost_its_own), has_its_own)
    _turn_round(tx, change, undo_id, Booking, "deleted_at", *comes_back)


def _turn_series_and_orders(tx: Tx, change: Change, undo_id: int, mine: list[Any]) -> None:
    """Series that were ended; work orders that were closed or deleted, and what belongs to them."""
    _turn_round(tx, change, undo_id, Series, "rrule", Series.rrule == ChangeLine.new, _is_there(Series.client_id))
    alive = WorkOrder.deleted_at.is_(None), _is_there(WorkOrder.client_id)
    _turn_round(tx, change, undo_id, WorkOrder, "status", WorkOrder.status == ChangeLine.new, *alive)
    _turn_round(tx, change, undo_id, WorkOrder, "deleted_at", WorkOrder.deleted_at == change.at)
    for table, reach in ((Appointment, mine), (Series, ())):
        belongs = func.coalesce(cast(table.work_order_id, String), "") == ChangeLine.new
        _turn_round(tx, change, undo_id, table, "work_order_id", belongs, *reach)


def _put_back(tx: Tx, change: Change, undo_id: int) -> None:
    """Do what the lines of the undo say. Raises Taken when another booking has the time that one needs."""
    if _apply(tx, undo_id, Series, "rrule", _former(undo_id, Series, "rrule")):
        again = update(Series).where(
            Series.id.in_(select(ChangeLine.entity_id).where(*_about(undo_id, Series, "rrule")))
        )
        tx.execute(again.values(filled_until=Series.created_at).execution_options(synchronize_session=False))
    for field in ("status", "outcome"):
        _apply(tx, undo_id, Appointment, field, _former(undo_id, Appointment, field))
    _apply(tx, undo_id, WorkOrder, "status", _former(undo_id, WorkOrder, "status"))
    for table in (Appointment, Series):
        former = func.nullif(_former(undo_id, table, "work_order_id"), "")
        _apply(tx, undo_id, table, "work_order_id", cast(former, Integer))
    for table in (Appointment, Booking, WorkOrder):
        _apply(tx, undo_id, table, "deleted_at", None)
    _apply(tx, undo_id, Appointment, "booking_id", cast(_former(undo_id, Appointment, "booking_id"), Integer))
    _take_time(tx, select(ChangeLine.entity_id).where(*_about(undo_id, Appointment, "booking_id")))
    _apply(tx, undo_id, Client, "archived_at", None if change.verb == Verb.ARCHIVED else tx.now)


def marks(tx: Tx, change_id: int) -> bool:
    """Whether a change gave appointments another status, alone or as the end of their work order did."""
    found = select(ChangeLine.entity_id).where(*_about(change_id, Appointment, "status")).limit(1)
    return tx.execute(found).first() is not None


def _move_back(tx: Tx, actor: Actor, change: Change, undo_id: int) -> int:
    """Put the one appointment of a move where it was, unless it was moved on or its time was given away.

    Raises Taken when another booking has the time that this one's takes.
    """
    line = ChangeLine
    lines = tx.execute(
        select(line.entity_id, line.field, line.old, line.new).where(
            line.change_id == change.id, line.entity == Appointment.__tablename__
        )
    ).all()
    fields = {field: (old, new) for _, field, old, new in lines}
    row = tx.get(Appointment, lines[0][0], with_for_update=True) if lines else None
    if row is None or row.deleted_at is not None:
        return 0
    mine = *within_reach(actor), _is_there(Appointment.client_id)
    if not tx.execute(select(Appointment.id).where(Appointment.id == row.id, *mine)).first():
        return 0
    staff_ids = sorted(tx.execute(_assigned(row.id)).scalars())
    stands = {name: getattr(row, name) for name in fields if name != "staff_ids"}
    stands["staff_ids"] = ",".join(map(str, staff_ids))
    if any(as_text(stands[name]) != new for name, (_, new) in fields.items()):
        return 0
    before = {name: _value(name, old) for name, (old, _) in fields.items()}
    if "staff_ids" in fields:
        staff_ids = [int(one) for one in fields["staff_ids"][0].split(",") if one]
    start_at, end_at = before.get("start_at", row.start_at), before.get("end_at", row.end_at)
    hold_staff(tx, staff_ids)
    busy = in_the_way(tx, staff_ids, start_at, end_at, apart_from=row.id)
    if busy and row.status != Status.DISMISSED and not before.get("overlap_reason", row.overlap_reason):
        return 0
    for name, value in before.items():
        if name != "staff_ids":
            setattr(row, name, value)
    row.version += 1
    tx.add(row)
    tx.flush()
    tx.execute(delete(AppointmentStaff).where(AppointmentStaff.appointment_id == row.id))
    times = {"appointment_id": row.id, "start_at": start_at, "end_at": end_at}
    if staff_ids:
        tx.execute(insert(AppointmentStaff), [{**times, "staff_id": one} for one in staff_ids])
    _take_time(tx, [row.id])
    turned = [
        {"change_id": undo_id, "entity": "appointment", "entity_id": row.id, "field": name, "old": new, "new": old}
        for name, (old, new) in fields.items()
    ]
    tx.execute(insert(ChangeLine), turned)
    notices.follow(tx, undo_id)
    return 1


def _is_there(client_id: Any) -> Any:
    """Whether a record's client was not erased: what that ended stays ended."""
    return client_id.not_in(select(Client.id).where(Client.erased_at.is_not(None)))


def _take_time(tx: Tx, appointment_ids: Any) -> None:
    """Let the bookings of these appointments take the time and the people that they have now. Raises Taken."""
    one = Appointment
    rows = select(one.id, one.booking_id, one.start_at, one.end_at, one.status, Booking.before, Booking.after)
    rows = rows.join(Booking, Booking.id == one.booking_id).where(one.id.in_(appointment_ids), one.deleted_at.is_(None))
    for row_id, booking_id, start_at, end_at, status, *around in tx.execute(rows).all():
        people, is_active = tx.execute(_assigned(row_id)).scalars().all(), status != Status.DISMISSED
        slots.place(tx, booking_id, people, start_at, end_at, tuple(around), active=is_active)


def _assigned(appointment_id: int) -> Any:
    return select(AppointmentStaff.staff_id).where(AppointmentStaff.appointment_id == appointment_id)


def _value(field: str, text: str) -> Any:
    """Return what the audit trail keeps of a moved appointment's field as the field holds it."""
    if field in ("start_at", "end_at", "confirmed_at"):
        return datetime.fromisoformat(text) if text else None
    return text == "1" if field == "by_hand" else text


def _former(undo_id: int, table: Any, field: str) -> Any:
    former = select(ChangeLine.new).where(*_about(undo_id, table, field), ChangeLine.entity_id == table.id)
    return former.correlate(table).scalar_subquery()


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
