"""Recurring appointments, stored as RFC 5545 has them: the rule here, every occurrence a row of ``appointment``."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class Series(SQLModel, table=True):
    """One rule and what its occurrences begin with. Wall times are RFC 5545 local times, ``20260324T100000``.

    EXDATEs are the deleted occurrences, overrides those with ``by_hand``: both are rows of ``appointment``.
    """

    __table_args__ = (Index("ix_series_filled", "filled_until", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(max_length=36, unique=True, description="RFC 5545 UID")
    dtstart: str = Field(max_length=15, description="RFC 5545 DTSTART: wall time of the first occurrence")
    time_zone: str = Field(max_length=60, description="TZID: the IANA zone of its wall times")
    rrule: str = Field(max_length=500, description="RFC 5545 RRULE, without its name")
    minutes: int = Field(description="DURATION")
    client_id: int = Field(foreign_key="client.id", index=True)
    action_id: int | None = Field(default=None, foreign_key="action.id", index=True)
    notes: str = Field(default="", max_length=10_000)
    shared: bool = False
    work_order_id: int | None = Field(default=None, foreign_key="work_order.id", index=True)
    filled_until: datetime = Field(description="every occurrence that begins before this instant is a row")
    created_at: datetime
    created_by: int | None = Field(default=None, foreign_key="staff.id")
    version: int = Field(default=1, description="RFC 5545 SEQUENCE plus one: counts every change")


class SeriesStaff(SQLModel, table=True):
    """One staff member whom the occurrences of a series are assigned to."""

    __tablename__ = "series_staff"

    series_id: int = Field(foreign_key="series.id", primary_key=True, ondelete="CASCADE")
    staff_id: int = Field(foreign_key="staff.id", primary_key=True, index=True)
