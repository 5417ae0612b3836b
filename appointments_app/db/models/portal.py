"""What clients may do by themselves, how they sign in, and what they ask for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from appointments_app.domain.portal import NOTICE_HOURS


class ClientSettings(SQLModel, table=True):
    """What clients may do; row 1. Until somebody saves it, a new row's defaults hold."""

    __tablename__ = "client_settings"

    id: int = Field(default=1, primary_key=True)
    portal_on: bool = False
    view_appointments: bool = True
    confirm: bool = True
    cancel: bool = False
    ask_other_time: bool = True
    book: bool = False
    view_profile: bool = True
    edit_profile: bool = False
    notice_hours: int = Field(default=NOTICE_HOURS, description="clients cancel or ask until so long before the start")
    to_call_hours: int = Field(default=0, description="unconfirmed ones that begin sooner are to be called; 0: never")
    version: int = 1


class ClientAccess(SQLModel, table=True):
    """How one client may sign in; without a row, by link and not suspended."""

    __tablename__ = "client_access"

    client_id: int = Field(primary_key=True, foreign_key="client.id", ondelete="CASCADE")
    suspended_at: datetime | None = None
    password_hash: str = Field(default="", max_length=200, description="Argon2id; empty: by link only")


class ClientLink(SQLModel, table=True):
    """A link that signs one client in, once. The message holds the token, this row its SHA-256."""

    __tablename__ = "client_link"

    token_hash: str = Field(primary_key=True, max_length=64)
    client_id: int = Field(foreign_key="client.id", index=True, ondelete="CASCADE")
    expires_at: datetime


class ClientSignIn(SQLModel, table=True):
    """One browser in which a client is signed in; with ``staff_id``, a staff member who looks on as the client."""

    __tablename__ = "client_sign_in"

    token_hash: str = Field(primary_key=True, max_length=64)
    client_id: int = Field(foreign_key="client.id", index=True, ondelete="CASCADE")
    staff_id: int | None = Field(default=None, foreign_key="staff.id", index=True, ondelete="CASCADE")
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


_OPEN = {"sqlite_where": text("settled_at IS NULL"), "postgresql_where": text("settled_at IS NULL")}


class ClientRequest(SQLModel, table=True):
    """What a client asked of one appointment, until a staff member has settled it."""

    __tablename__ = "client_request"
    __table_args__ = (Index("ix_client_request_open", "appointment_id", "created_at", **_OPEN),)

    id: int | None = Field(default=None, primary_key=True)
    appointment_id: int = Field(foreign_key="appointment.id", index=True, ondelete="CASCADE")
    client_id: int = Field(foreign_key="client.id", index=True, ondelete="CASCADE")
    kind: str = Field(max_length=10, description="domain.portal.Request")
    message: str = Field(default="", max_length=500)
    created_at: datetime
    settled_at: datetime | None = None
    settled_by: int | None = Field(default=None, foreign_key="staff.id")
