"""Appointments, who they are assigned to, the actions list, and half-filled forms."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, Integer, TextClause, text
from sqlmodel import Field, SQLModel


class Action(SQLModel, table=True):
    """An entry of the editable actions list: what will be done."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=80)
    name_key: str = Field(max_length=160, unique=True, description="domain.text.fold(name): no twins")
    colour: str = Field(default="gray", max_length=20)
    position: int
    default_duration: int | None = Field(default=None, description="minutes")
    active: bool = True
    version: int = 1


# The list's indexes end in ``deleted_at``, though it is always NULL in them: SQLite counts from an index alone only
# when every column of the condition stands in it.
_LIVE = {"sqlite_where": text("deleted_at IS NULL"), "postgresql_where": text("deleted_at IS NULL")}


def _of(column: str, live: str = "") -> dict[str, TextClause]:
    """The condition of an index over the appointments that belong to another record."""
    linked = text(f"{live}{column} IS NOT NULL")
    return {"sqlite_where": linked, "postgresql_where": linked}


class Appointment(SQLModel, table=True):
    """One appointment with one client. ``end_at`` = ``start_at`` + duration, both UTC instants."""

    __table_args__ = (
        Index("ix_appointment_start", "start_at", "id", "deleted_at", **_LIVE),
        Index(
            "ix_appointment_status_start", "status", "start_at", "id", "shared", "confirmed_at", "deleted_at", **_LIVE
        ),
        Index("ix_appointment_client", "client_id"),  # what the database looks at before a client goes for good
        Index("ix_appointment_client_start", "client_id", "start_at", "id", **_LIVE),
        Index("ix_appointment_client_status", "client_id", "status", "start_at", "id", **_LIVE),
        Index("ix_appointment_action_start", "action_id", "start_at", "id", **_LIVE),
        Index("ix_appointment_action_status", "action_id", "status", "start_at", "id", "deleted_at", **_LIVE),
        Index("ix_appointment_created", "created_at", "id", **_LIVE),
        Index(
            "ix_appointment_client_deleted",
            "client_id",
            sqlite_where=text("deleted_at IS NOT NULL"),
            postgresql_where=text("deleted_at IS NOT NULL"),
        ),
        Index(
            "ix_appointment_yet_to_mark",
            "end_at",
            "id",
            "start_at",
            "status",
            "deleted_at",
            sqlite_where=text("deleted_at IS NULL AND status = 'scheduled'"),
            postgresql_where=text("deleted_at IS NULL AND status = 'scheduled'"),
        ),
        Index(
            "ix_appointment_occurrence",
            "series_id",
            "recurrence_id",
            unique=True,
            sqlite_where=text("series_id IS NOT NULL"),
            postgresql_where=text("series_id IS NOT NULL"),
        ),
        Index("ix_appointment_work_order", "work_order_id", "start_at", "id", **_of("work_order_id")),
        Index(
            "ix_appointment_of_orders", "start_at", "id", "status", "end_at", "work_order_id", "deleted_at",
            **_of("work_order_id", "deleted_at IS NULL AND "),
        ),
        Index("ix_appointment_booking", "booking_id", unique=True, **_of("booking_id")),
        Index(
            "ix_appointment_booked", "start_at", "id", "status", "deleted_at", "booking_id", **_of("booking_id"),
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=36, unique=True, description="RFC 5545 UID")
    client_id: int = Field(foreign_key="client.id")
    action_id: int | None = Field(default=None, foreign_key="action.id")
    start_at: datetime
    end_at: datetime
    time_zone: str = Field(max_length=60, description="the IANA zone it was meant in")
    status: str = Field(default="scheduled", max_length=10, description="domain.appointment.Status")
    outcome: str = Field(default="", max_length=20, description="domain.appointment.Outcome of a dismissed one, or ''")
    notes: str = Field(default="", max_length=10_000)
    shared: bool = False
    confirmed_at: datetime | None = None
    confirmed_by: str = Field(default="", max_length=120)
    confirmed_how: str = Field(default="", max_length=20)
    links_revoked: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    """How often its links to confirm were made worthless. The database fills it in: no insert has to name it."""
    overlap_reason: str = Field(default="", max_length=500, description="why it was booked over another one")
    series_id: int | None = Field(default=None, foreign_key="series.id")
    recurrence_id: str | None = Field(default=None, max_length=15, description="RFC 5545 RECURRENCE-ID, a wall time")
    by_hand: bool = Field(default=False, description="differs from its series because somebody changed it alone")
    work_order_id: int | None = Field(default=None, foreign_key="work_order.id")
    booking_id: int | None = Field(default=None, foreign_key="booking.id")
    deleted_at: datetime | None = None
    created_at: datetime
    created_by: int | None = Field(default=None, foreign_key="staff.id", index=True)
    version: int = Field(default=1, description="RFC 5545 SEQUENCE plus one: counts every change")


class AppointmentStaff(SQLModel, table=True):
    """One staff member on one appointment; carries the times so that overlaps are one index range."""

    __tablename__ = "appointment_staff"
    __table_args__ = (
        Index("ix_appointment_staff_start", "staff_id", "start_at", "appointment_id", "end_at"),
        {"sqlite_with_rowid": False},
    )

    appointment_id: int = Field(foreign_key="appointment.id", primary_key=True, ondelete="CASCADE")
    staff_id: int = Field(foreign_key="staff.id", primary_key=True)
    start_at: datetime
    end_at: datetime


class AppointmentText(SQLModel, table=True):
    """The folded notes of an appointment, beside the row so that status changes leave the trigram index alone."""

    __tablename__ = "appointment_text"

    appointment_id: int = Field(foreign_key="appointment.id", primary_key=True, ondelete="CASCADE")
    body: str


class Draft(SQLModel, table=True):
    """A half-filled form; its token is also what makes saving twice harmless."""

    token: str = Field(primary_key=True, max_length=36)
    staff_id: int = Field(foreign_key="staff.id", index=True, ondelete="CASCADE")
    payload: str = Field(default="", description="the form as JSON")
    saved_id: int | None = Field(default=None, description="the appointment this form became")
    updated_at: datetime
