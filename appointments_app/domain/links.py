"""Signed links: what each is for, what it says, and how one is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from appointments_app.domain.errors import DomainError
from appointments_app.domain.words import N_

Claims = dict[str, Any]
CONFIRM_DAYS = timedelta(days=400)
"""A link to confirm ends with its appointment; no link at all is good for longer than this."""


class Purpose(StrEnum):
    """What a link is for: a token of one purpose is worth nothing to another."""

    CONFIRM = "confirm"


class BrokenLink(DomainError):
    """The token is not ours: cut short, changed, guessed, or made for another purpose."""

    code = "broken_link"
    default = N_("This link is not complete. Open it again from your message.")


class ExpiredLink(DomainError):
    """The token was ours and is too old."""

    code = "expired_link"
    default = N_("This link has expired.")


def confirm_claims(*, appointment_id: int, client_id: int, start_at: datetime, links_revoked: int) -> Claims:
    """Return what a link to confirm says: good for one appointment of one client at one time, until it is revoked."""
    return {"a": appointment_id, "c": client_id, "s": minute(start_at), "r": links_revoked}


def minute(instant: datetime) -> int:
    """Return the instant in whole minutes since 1970: short, for a link that stands in an SMS."""
    return int(instant.astimezone(UTC).timestamp() // 60)
