"""What can be booked, and when the people work who do it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel


class Service(SQLModel, table=True):
    """Something a client can book. Durations are minutes, the price is in the minor units of its currency."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=80)
    name_key: str = Field(max_length=160, unique=True, description="domain.text.fold(name): no twins")
    description: str = Field(default="", max_length=500, description="what the client reads before booking")
    minutes: int
    before: int = Field(default=0, description="minutes that stay free before it")
    after: int = Field(default=0, description="minutes that stay free after it")
    price: int | None = Field(default=None, sa_column=Column(BigInteger()), description="None: not said")
    currency: str = Field(max_length=3, description="ISO 4217")
    action_id: int | None = Field(default=None, foreign_key="action.id", description="the action of its appointments")
    colour: str = Field(default="gray", max_length=20)
    active: bool = True
    clients_book: bool = Field(default=True, description="clients may book it by themselves")
    version: int = 1


class ServiceStaff(SQLModel, table=True):
    """One staff member who performs a service."""

    __tablename__ = "service_staff"

    service_id: int = Field(foreign_key="service.id", primary_key=True, ondelete="CASCADE")
    staff_id: int = Field(foreign_key="staff.id", primary_key=True, index=True)


class Shift(SQLModel, table=True):
    """Hours of every week: of one person, or those of the business, which count for whoever has none."""

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int | None = Field(default=None, foreign_key="staff.id", index=True, description="None: the business")
    weekday: int = Field(description="0 is Monday")
    opens: int = Field(description="minutes of the day")
    closes: int = Field(description="minutes of the day, 1440 is midnight")


class OtherHours(SQLModel, table=True):
    """Hours that one person works on one day instead of those of the weekday."""

    __tablename__ = "other_hours"

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    day: date
    opens: int
    closes: int


class Leave(SQLModel, table=True):
    """Days on which one person is away, the last one included."""

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    first_day: date
    last_day: date
    note: str = Field(default="", max_length=80)
