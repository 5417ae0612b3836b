"""Bookings, the time they take, and the rules by which they are made."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel


class BookingRules(SQLModel, table=True):
    """How bookings are offered; row 1."""

    __tablename__ = "booking_rules"

    id: int = Field(default=1, primary_key=True)
    step: int = Field(default=15, description="minutes between the starts on offer")
    notice: int = Field(default=120, description="minutes: so long before the start a client may still book")
    ahead: int = Field(default=60, description="days: so far ahead a client may book")
    per_client: int = Field(default=3, description="so many bookings a client may have ahead")
    must_confirm: bool = Field(default=True, description="what a client books is Pending until staff confirm it")
    version: int = 1


class Booking(SQLModel, table=True):
    """What was booked, at what price. Client, time, staff, and status are those of its appointment.

    The appointment refers to it, one to one. Its number is its id.
    """

    id: int | None = Field(default=None, primary_key=True)
    token: str = Field(max_length=36, unique=True, description="of the form it was made with: saving twice makes one")
    service_id: int = Field(foreign_key="service.id", index=True)
    price: int | None = Field(default=None, sa_column=Column(BigInteger()), description="in minor units")
    currency: str = Field(max_length=3)
    before: int = Field(default=0, description="minutes that stay free before it")
    after: int = Field(default=0, description="minutes that stay free after it")
    by_client: bool = Field(default=False, description="the client booked it in the portal")
    confirmed_at: datetime | None = Field(default=None, description="when staff accepted it; None: Pending")
    deleted_at: datetime | None = None
    created_at: datetime
    created_by: int | None = Field(default=None, foreign_key="staff.id")
    version: int = 1


class Slot(SQLModel, table=True):
    """A time that one staff member is taken by a booking, with what stays free around it; or that is held for a client.

    Of one person's active slots no two overlap: a constraint on PostgreSQL, a trigger on SQLite.
    """

    __table_args__ = (
        Index("ix_slot_staff_start", "staff_id", "start_at", "end_at"),
        Index("ix_slot_booking", "booking_id", "staff_id", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id")
    start_at: datetime
    end_at: datetime
    active: bool = Field(default=True, description="False while its booking is cancelled")
    booking_id: int | None = Field(default=None, foreign_key="booking.id")
    held_by: str | None = Field(default=None, max_length=36, unique=True, description="the client who is deciding")
    held_until: datetime | None = Field(default=None, index=True)
