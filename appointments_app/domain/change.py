"""Words of the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from appointments_app.domain.portal import TICKS

LONGEST_VALUE = 2_000
PASSWORD_SHOWN = "•" * 8
"""What the audit trail keeps of a new password."""


WHOLE = "whole"
"""The field of the one line that keeps what a change made of a whole series; no history shows it."""


class Verb(StrEnum):
    """What a change did."""

    CREATED = "created"
    EDITED = "edited"
    MOVED = "moved"
    DONE = "done"
    DISMISSED = "dismissed"
    SCHEDULED = "scheduled"
    DELETED = "deleted"
    ARCHIVED = "archived"
    RESTORED = "restored"
    OPENED = "opened"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    UNDONE = "undone"
    SIGNED_OUT = "signed_out"
    SENT = "sent"
    CONFIRMED = "confirmed"
    ASKED = "asked"
    SETTLED = "settled"
    SUSPENDED = "suspended"
    ADMITTED = "admitted"
    LOOKED_ON = "looked_on"
    EXPORTED = "exported"
    ERASED = "erased"
    LINKED = "linked"


class Author(Protocol):
    """Whoever a change is by: a staff member, a client, or with neither id the program itself."""

    @property
    def staff_id(self) -> int | None:
        """The staff member."""
        ...

    @property
    def client_id(self) -> int | None:
        """The client."""
        ...


class Kind(StrEnum):
    """How the values of a field are shown."""

    TEXT = "text"
    INSTANT = "instant"
    YES_NO = "yes_no"
    STATUS = "status"
    OUTCOME = "outcome"
    LANGUAGE = "language"
    ROLE = "role"
    DATE = "date"


_KINDS = {
    "start_at": Kind.INSTANT,
    "end_at": Kind.INSTANT,
    "confirmed_at": Kind.INSTANT,
    "archived_at": Kind.INSTANT,
    "deleted_at": Kind.INSTANT,
    "shared": Kind.YES_NO,
    **dict.fromkeys((*TICKS, "messages_email", "messages_sms", "must_confirm", "clients_book"), Kind.YES_NO),
    "active": Kind.YES_NO,
    "by_hand": Kind.YES_NO,
    "may_sign_in": Kind.YES_NO,
    "second_step": Kind.YES_NO,
    "recovery_codes": Kind.YES_NO,
    "status": Kind.STATUS,
    "outcome": Kind.OUTCOME,
    "language": Kind.LANGUAGE,
    "role": Kind.ROLE,
    "starts_on": Kind.DATE,
    "ends_on": Kind.DATE,
    "birth_date": Kind.DATE,
}


def kind_of(field: str) -> Kind:
    """Return how the values of ``field`` are shown."""
    return _KINDS.get(field, Kind.TEXT)


def as_text(value: object) -> str:
    """Return a field's value as the audit trail keeps it: UTC ISO instants, '1'/'' for booleans, cut when very long."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value)[:LONGEST_VALUE]


def differences(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, tuple[str, str]]:
    """Return the fields of ``new`` whose value differs, as field → (old, new) in text form."""
    pairs = {name: (as_text(old.get(name)), as_text(value)) for name, value in new.items()}
    return {name: pair for name, pair in pairs.items() if old.get(name) != new[name] and pair[0] != pair[1]}
