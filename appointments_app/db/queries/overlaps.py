"""Whether an appointment that comes back would overlap another one of the same staff member."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, literal, or_
from sqlalchemy.orm import aliased

from appointments_app.db.models import Appointment, AppointmentStaff, Change, ChangeLine
from appointments_app.domain.appointment import Status


def would_overlap(*, since: Change | None = None) -> ColumnElement[bool]:
    """Return the condition that a row of ``appointment`` stands in the way of another one that keeps its staff busy.

    One that was booked over another on purpose, with a reason, never does. ``since``: only others that were booked
    or changed after that change count, for what overlapped before it is nothing new.
    """
    mine, theirs, other = aliased(AppointmentStaff), aliased(AppointmentStaff), aliased(Appointment)
    together = and_(
        mine.appointment_id == Appointment.id,
        theirs.staff_id == mine.staff_id,
        theirs.appointment_id != Appointment.id,
        theirs.start_at < mine.end_at,
        theirs.end_at > mine.start_at,
        other.id == theirs.appointment_id,
        other.deleted_at.is_(None),
        other.status != Status.DISMISSED,
    )
    if since is not None:
        touched = exists().where(
            ChangeLine.entity == "appointment", ChangeLine.entity_id == other.id, ChangeLine.change_id > since.id
        )
        together = and_(together, or_(other.created_at >= since.at, touched))
    return and_(Appointment.overlap_reason == literal(""), exists().where(together).correlate(Appointment))
