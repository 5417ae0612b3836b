"""The one business this installation serves."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel


class Business(SQLModel, table=True):
    """Settings of the business; row 1, made by the set-up page."""

    id: int = Field(default=1, primary_key=True)
    name: str = Field(max_length=120)
    time_zone: str = Field(max_length=60, description="IANA name")
    language: str = Field(max_length=10)
    phone_region: str = Field(max_length=2, description="ISO 3166 code for phone numbers typed without +")
    address: str = Field(default="", max_length=500, description="where clients come to")
    phone: str = Field(default="", max_length=20, description="E.164 or empty; clients are told to call it")
    second_step_roles: str = Field(default="", max_length=1000, description="keys of roles that need a second factor")
    currency: str = Field(
        default="USD", max_length=3, description="ISO 4217: what amounts are in unless said otherwise"
    )
    keep_clients: int = Field(default=0, description="months; who did not come for so long is erased; 0: never")
    keep_history: int = Field(default=0, description="months; the audit trail and what was deleted go then; 0: never")
    forget_from: datetime | None = Field(default=None, description="nothing is forgotten before: time to think again")
    version: int = 1
    created_at: datetime


class ClosedDay(SQLModel, table=True):
    """A day on which the business is closed."""

    __tablename__ = "closed_day"

    day: date = Field(primary_key=True)
    name: str = Field(default="", max_length=80, description="why, such as a holiday")
