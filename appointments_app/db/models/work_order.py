"""Work orders: what was agreed with a client, and who does it; the appointments for it refer to them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, Index, text
from sqlmodel import Field, SQLModel

_LIVE = {"sqlite_where": text("deleted_at IS NULL"), "postgresql_where": text("deleted_at IS NULL")}


class WorkOrder(SQLModel, table=True):
    """One work order of one client. Numbers stay taken after a deletion, so that Undo never finds its own in use."""

    __tablename__ = "work_order"
    __table_args__ = (
        Index("ix_work_order_created", "created_at", "id", **_LIVE),
        Index("ix_work_order_status_created", "status", "created_at", "id", **_LIVE),
        Index("ix_work_order_starts", "starts_on", "id", **_LIVE),
        Index("ix_work_order_client", "client_id", "created_at", "id", **_LIVE),
        Index("ix_work_order_of_client", "client_id"),  # what the database looks at before a client goes for good
    )

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(max_length=20, description="as people write it: digits of the sequence, or typed")
    number_key: str = Field(max_length=40, unique=True, description="domain.text.fold(number): no twins")
    title: str = Field(max_length=200)
    client_id: int = Field(foreign_key="client.id")
    status: str = Field(max_length=10, description="domain.work_order.OrderStatus")
    starts_on: date | None = None
    ends_on: date | None = None
    description: str = Field(default="", max_length=10_000)
    budget: int | None = Field(
        default=None, sa_column=Column(BigInteger()), description="in the currency's minor units"
    )
    currency: str = Field(max_length=3, description="ISO 4217")
    deleted_at: datetime | None = None
    created_at: datetime
    created_by: int | None = Field(default=None, foreign_key="staff.id")
    version: int = 1


class WorkOrderStaff(SQLModel, table=True):
    """One staff member who is assigned to a work order."""

    __tablename__ = "work_order_staff"

    work_order_id: int = Field(foreign_key="work_order.id", primary_key=True, ondelete="CASCADE")
    staff_id: int = Field(foreign_key="staff.id", primary_key=True, index=True)


class WorkOrderTag(SQLModel, table=True):
    """One tag on one work order."""

    __tablename__ = "work_order_tag"

    work_order_id: int = Field(foreign_key="work_order.id", primary_key=True, ondelete="CASCADE")
    tag: str = Field(primary_key=True, max_length=40, index=True)


class WorkOrderText(SQLModel, table=True):
    """The folded text a work order is found by: number, title, description, tags. Indexed by trigrams."""

    __tablename__ = "work_order_text"

    work_order_id: int = Field(foreign_key="work_order.id", primary_key=True, ondelete="CASCADE")
    body: str


class Counter(SQLModel, table=True):
    """The last number that a sequence gave out; its row is what makes others wait."""

    name: str = Field(primary_key=True, max_length=20)
    last: int
