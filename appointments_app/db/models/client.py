"""Clients, their tags, and the text they are found by."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Client(SQLModel, table=True):
    """A person or firm the business serves."""

    __table_args__ = (
        Index("ix_client_sort_name", "sort_name", "id"),
        Index("ix_client_created_at", "created_at", "id"),
        Index(
            "ix_client_archived",
            "sort_name",
            "id",
            sqlite_where=text("archived_at IS NOT NULL"),
            postgresql_where=text("archived_at IS NOT NULL"),
        ),
        Index(
            "ix_client_erased",
            "id",
            sqlite_where=text("erased_at IS NOT NULL"),
            postgresql_where=text("erased_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120)
    sort_name: str = Field(max_length=240, description="domain.text.fold(name)")
    business_name: str = Field(default="", max_length=120)
    email: str = Field(default="", max_length=254, index=True, description="lower case")
    phone: str = Field(default="", max_length=20, index=True, description="E.164 or empty")
    address: str = Field(default="", max_length=500)
    notes: str = Field(default="", max_length=10_000)
    language: str = Field(default="", max_length=10, description="empty: the business's")
    time_zone: str = Field(default="", max_length=60, description="IANA name; empty: the business's")
    birth_date: str = Field(default="", max_length=10, description="YYYY-MM-DD or empty")
    archived_at: datetime | None = None
    erased_at: datetime | None = Field(default=None, description="its personal data were removed then, for good")
    version: int = 1
    created_at: datetime
    created_by: int | None = Field(default=None, foreign_key="staff.id", index=True)


class ClientTag(SQLModel, table=True):
    """One tag on one client."""

    __tablename__ = "client_tag"

    client_id: int = Field(foreign_key="client.id", primary_key=True, ondelete="CASCADE")
    tag: str = Field(primary_key=True, max_length=40, index=True)


class ClientText(SQLModel, table=True):
    """The folded text a client is found by: names, e-mail, phone digits, tags. Indexed by trigrams."""

    __tablename__ = "client_text"

    client_id: int = Field(foreign_key="client.id", primary_key=True, ondelete="CASCADE")
    body: str
