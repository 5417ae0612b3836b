"""The audit trail: who changed what, when, from what to what."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


class Change(SQLModel, table=True):
    """One write by one person: the header of its lines."""

    __table_args__ = (
        Index(
            "ix_change_client",
            "client_id",
            sqlite_where=text("client_id IS NOT NULL"),
            postgresql_where=text("client_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    staff_id: int | None = Field(default=None, foreign_key="staff.id", description="None: the program itself")
    client_id: int | None = Field(default=None, foreign_key="client.id", description="the client who did it themselves")
    verb: str = Field(max_length=20, description="domain.change.Verb")
    undone_by: int | None = Field(default=None, foreign_key="change.id")


class ChangeLine(SQLModel, table=True):
    """One field of one record: old → new, as text; field is empty for a record made or removed as a whole."""

    __tablename__ = "change_line"
    __table_args__ = (
        Index("ix_change_line_entity", "entity", "entity_id", "change_id"),
        {"sqlite_with_rowid": False},
    )

    change_id: int = Field(foreign_key="change.id", primary_key=True)
    entity: str = Field(primary_key=True, max_length=12, description="table name")
    entity_id: int = Field(primary_key=True)
    field: str = Field(default="", primary_key=True, max_length=30)
    old: str = ""
    new: str = ""
