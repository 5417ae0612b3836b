"""Staff members, their sign-ins, and what slows down guessing."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, Dialect, String, TypeDecorator
from sqlmodel import Field, SQLModel, col

NOBODYS = "@import.invalid"
"""How the e-mail addresses end under which people without one are stored: nothing can be sent there."""


def address_of(stored: str) -> str:
    """Return the e-mail address that is stored, '' for somebody who has none."""
    return "" if stored.endswith(NOBODYS) else stored


class OwnAddress(TypeDecorator[str]):
    """The e-mail address of one person alone, or ''.

    No two people may have the same one, which the database sees to; everybody without one is stored under another that
    reaches nobody, and read back as ''. What reads past SQLAlchemy asks ``address_of``.
    """

    impl = String(254)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return what is stored."""
        return f"{uuid.uuid4().hex}{NOBODYS}" if value == "" else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Return what is read."""
        return address_of(value) if value else value


class Staff(SQLModel, table=True):
    """One person who works here; may sign in once a password is set."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120)
    email: str = Field(sa_type=OwnAddress, unique=True, description="lower case; empty: none, and no sign-in")
    phone: str = Field(default="", max_length=20, description="E.164 or empty")
    colour: str = Field(default="indigo", max_length=20, description="one of domain.colours.COLOURS")
    time_zone: str = Field(default="", max_length=60, description="IANA name; empty: the business's")
    language: str = Field(default="", max_length=10, description="empty: the business's")
    role: str = Field(max_length=20, description="domain.access.Role, or the key of a role of one's own")
    active: bool = True
    password_hash: str = Field(default="", max_length=200, description="Argon2id; empty: may not sign in")
    totp_secret: str = Field(default="", max_length=300, description="encrypted; empty: no second factor")
    totp_step: int = Field(default=0, description="the last 30 seconds of which a code was used: none works twice")
    version: int = 1
    created_at: datetime


def without_email() -> ColumnElement[bool]:
    """Return the condition that a staff member has no e-mail address."""
    return col(Staff.email).like(f"%{NOBODYS}")


class SignIn(SQLModel, table=True):
    """One browser that is signed in. The browser holds the token, this row its SHA-256."""

    __tablename__ = "sign_in"

    token_hash: str = Field(primary_key=True, max_length=64)
    staff_id: int = Field(foreign_key="staff.id", index=True, ondelete="CASCADE")
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    address: str = Field(default="", max_length=45)
    browser: str = Field(default="", max_length=60, description="such as Firefox on Linux")
    second_step_due: bool = Field(default=False, description="only the password was right so far: opens nothing")
    totp_secret: str = Field(default="", max_length=300, description="encrypted; a second factor being set up")


class SignInFailure(SQLModel, table=True):
    """How often signing in failed lately for one account or one address."""

    __tablename__ = "sign_in_failure"

    key: str = Field(primary_key=True, max_length=80, description="kind and SHA-256 of e-mail or address")
    failures: int
    last_at: datetime


class RecoveryCode(SQLModel, table=True):
    """A code that stands in for the second factor once."""

    __tablename__ = "recovery_code"

    staff_id: int = Field(foreign_key="staff.id", primary_key=True, ondelete="CASCADE")
    code_hash: str = Field(primary_key=True, max_length=64)


class KnownDevice(SQLModel, table=True):
    """A browser in which somebody signed in before; it holds a token of its own, this row its SHA-256."""

    __tablename__ = "known_device"

    staff_id: int = Field(foreign_key="staff.id", primary_key=True, ondelete="CASCADE")
    token_hash: str = Field(primary_key=True, max_length=64)
    last_seen_at: datetime


class PasswordReset(SQLModel, table=True):
    """A link by which somebody sets a new password, once."""

    __tablename__ = "password_reset"

    token_hash: str = Field(primary_key=True, max_length=64)
    staff_id: int = Field(foreign_key="staff.id", index=True, ondelete="CASCADE")
    expires_at: datetime


class SetupLink(SQLModel, table=True):
    """The one-time link that creates the first owner; at most one row."""

    __tablename__ = "setup_link"

    token_hash: str = Field(primary_key=True, max_length=64)
    created_at: datetime


class CustomRole(SQLModel, table=True):
    """A role that the business made; the built-in ones stand in domain.access."""

    __tablename__ = "role"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=20, unique=True, description="what staff.role holds")
    name: str = Field(max_length=60)
    name_key: str = Field(max_length=120, unique=True, description="folded: no two names look alike")
    grants: str = Field(max_length=400, description="domain.access.as_stored")
    created_at: datetime
