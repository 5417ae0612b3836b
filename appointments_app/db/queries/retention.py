"""What has been kept long enough: clients who did not come for long, old lines of the audit trail, what was deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from appointments_app.db.models import (
    Appointment,
    AppointmentText,
    Booking,
    Change,
    ChangeLine,
    Client,
    ClientRequest,
    ClientSignIn,
    ImportPart,
    ImportRun,
    Message,
    Series,
    Slot,
    WorkOrder,
)
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.outbox import State
from appointments_app.domain.work_order import OrderStatus

_OPEN_ORDERS = (OrderStatus.DRAFT.value, OrderStatus.OPEN.value)
_ON_ITS_WAY = (State.PLANNED.value, State.IN_FLIGHT.value)


def due_clients(tx: Tx, cutoff: datetime, *, limit: int) -> list[int]:
    """Return clients without an appointment or a change since ``cutoff``, held for this transaction."""
    found = select(Client.id).where(*_due(cutoff)).order_by(Client.id).limit(limit)
    return list(tx.execute(found.with_for_update(skip_locked=True, of=Client)).scalars())


def count_due_clients(tx: Tx, cutoff: datetime) -> int:
    """Return how many clients have had no appointment and no change since ``cutoff``."""
    return tx.execute(select(func.count()).select_from(Client).where(*_due(cutoff))).scalar_one()


def _due(cutoff: datetime) -> list[ColumnElement[bool]]:
    booked = exists().where(
        Appointment.client_id == Client.id, Appointment.deleted_at.is_(None), Appointment.end_at >= cutoff
    )
    repeats = exists().where(Series.client_id == Client.id, Series.rrule != "", Series.created_at >= cutoff)
    ordered = exists().where(
        WorkOrder.client_id == Client.id,
        WorkOrder.deleted_at.is_(None),
        or_(WorkOrder.created_at >= cutoff, WorkOrder.status.in_(_OPEN_ORDERS)),
    )
    changed = exists().where(
        ChangeLine.entity == "client",
        ChangeLine.entity_id == Client.id,
        Change.id == ChangeLine.change_id,
        Change.at >= cutoff,
    )
    came = exists().where(ClientSignIn.client_id == Client.id, ClientSignIn.last_seen_at >= cutoff)
    none = [~each.correlate(Client) for each in (booked, repeats, ordered, changed, came)]
    return [Client.erased_at.is_(None), Client.created_at < cutoff, *none]


def forget(tx: Tx, cutoff: datetime, *, limit: int) -> int:
    """Remove up to ``limit`` of each kind of what is older than ``cutoff``; return how much that was.

    These are changes in the audit trail, the texts of messages that went, what clients asked, files of imports, and
    appointments, bookings and work orders that were deleted.
    """
    steps: tuple[Callable[[Tx, datetime, int], int], ...] = (
        _forget_changes, _forget_messages, _forget_requests, _forget_files, _forget_appointments, _forget_bookings,
        _forget_orders,
    )  # fmt: skip
    return sum(step(tx, cutoff, limit) for step in steps)


def count_old(tx: Tx, cutoff: datetime) -> int:
    """Return how many changes in the audit trail are older than ``cutoff``."""
    return tx.execute(select(func.count()).select_from(Change).where(*_old_changes(cutoff))).scalar_one()


def _old_changes(cutoff: datetime) -> list[ColumnElement[bool]]:
    """Return the conditions of changes that may go: an import is known by its change, an undo by what it took back."""
    taken_back = aliased(Change)
    stays = or_(taken_back.at >= cutoff, exists().where(ImportRun.change_id == taken_back.id).correlate(taken_back))
    return [
        Change.at < cutoff,
        ~exists().where(ImportRun.change_id == Change.id).correlate(Change),
        ~exists().where(taken_back.undone_by == Change.id, stays).correlate(Change),
    ]


def _forget_changes(tx: Tx, cutoff: datetime, limit: int) -> int:
    ids = list(tx.execute(select(Change.id).where(*_old_changes(cutoff)).order_by(Change.id).limit(limit)).scalars())
    _delete(tx, ChangeLine, ChangeLine.change_id.in_(ids))
    return _delete(tx, Change, Change.id.in_(ids))


def _forget_messages(tx: Tx, cutoff: datetime, limit: int) -> int:
    said = or_(Message.body != "", Message.subject != "", Message.address != "", Message.html != "")
    old = Message.due_at < cutoff, Message.state.not_in(_ON_ITS_WAY), said
    ids = select(Message.id).where(*old).order_by(Message.due_at, Message.id).limit(limit)
    empty = dict.fromkeys(("body", "subject", "address", "html", "error", "provider_id"), "")
    return _update(tx, Message, Message.id.in_(_listed(tx, ids)), **empty)


def _forget_requests(tx: Tx, cutoff: datetime, limit: int) -> int:
    old = col(ClientRequest.settled_at) < cutoff, ClientRequest.message != ""
    ids = select(ClientRequest.id).where(*old).limit(limit)
    return _update(tx, ClientRequest, ClientRequest.id.in_(_listed(tx, ids)), message="")


def _forget_files(tx: Tx, cutoff: datetime, limit: int) -> int:
    held = exists().where(ImportPart.run_id == ImportRun.id).correlate(ImportRun)
    old = col(ImportRun.finished_at) < cutoff, or_(ImportRun.samples != "[]", held)
    ids = _listed(tx, select(ImportRun.id).where(*old).limit(limit))
    _delete(tx, ImportPart, ImportPart.run_id.in_(ids))
    return _update(tx, ImportRun, ImportRun.id.in_(ids), samples="[]")


def _forget_appointments(tx: Tx, cutoff: datetime, limit: int) -> int:
    """Remove deleted appointments; those of a series stand for its exceptions and stay, without their notes."""
    old = col(Appointment.deleted_at) < cutoff
    single = _listed(tx, select(Appointment.id).where(old, Appointment.series_id.is_(None)).limit(limit))
    noted = old, Appointment.series_id.is_not(None), or_(Appointment.notes != "", Appointment.overlap_reason != "")
    occurrences = _listed(tx, select(Appointment.id).where(*noted).limit(limit))
    _delete(tx, AppointmentText, AppointmentText.appointment_id.in_(occurrences))
    cleared = _update(tx, Appointment, Appointment.id.in_(occurrences), notes="", overlap_reason="")
    return cleared + _delete(tx, Appointment, Appointment.id.in_(single))


def _forget_bookings(tx: Tx, cutoff: datetime, limit: int) -> int:
    used = exists().where(Appointment.booking_id == Booking.id).correlate(Booking)
    ids = _listed(tx, select(Booking.id).where(col(Booking.deleted_at) < cutoff, ~used).limit(limit))
    _delete(tx, Slot, Slot.booking_id.in_(ids))
    return _delete(tx, Booking, Booking.id.in_(ids))


def _forget_orders(tx: Tx, cutoff: datetime, limit: int) -> int:
    used = [exists().where(table.work_order_id == WorkOrder.id).correlate(WorkOrder) for table in (Appointment, Series)]
    ids = select(WorkOrder.id).where(col(WorkOrder.deleted_at) < cutoff, *(~each for each in used)).limit(limit)
    return _delete(tx, WorkOrder, WorkOrder.id.in_(_listed(tx, ids)))


def _listed(tx: Tx, statement: Any) -> list[int]:
    return list(tx.execute(statement).scalars())


def _delete(tx: Tx, table: Any, condition: Any) -> int:
    return tx.execute(delete(table).where(condition).execution_options(synchronize_session=False)).rowcount


def _update(tx: Tx, table: Any, condition: Any, **values: Any) -> int:
    changed = update(table).where(condition).values(**values)
    return tx.execute(changed.execution_options(synchronize_session=False)).rowcount
