"""Rules of signing in: passwords, tokens, how long guessing has to wait."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from appointments_app.domain.errors import Invalid
from appointments_app.domain.words import N_

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
FREE_ATTEMPTS = {"account": 5, "address": 20, "link": 3, "link_from": 12}
"""So many attempts, or links asked for, before anybody has to wait."""
LONGEST_WAIT = 15 * 60


def new_token() -> str:
    """Return a random token of 256 bits for a browser or a link."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what is stored of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def failure_key(kind: str, value: str) -> str:
    """Return the key under which failures of an ``account`` or ``address`` are counted, without keeping the value."""
    return f"{kind}:{hash_of(value)}"


def seconds_to_wait(kind: str, failures: int, last_at: datetime, now: datetime) -> int:
    """Return how long the next attempt must wait: none at first, then doubling up to 15 minutes."""
    extra = failures - FREE_ATTEMPTS[kind]
    if extra < 0:
        return 0
    wait = min(2 ** min(extra, 20), LONGEST_WAIT)
    return max(0, int((last_at + timedelta(seconds=wait) - now).total_seconds() + 0.999))


def check_password(password: str, field: str = "password") -> str:
    """Return the password; raise Invalid when it is too short or too long."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(fields={field: N_("At least 10 characters.")})
    if len(password) > LONGEST_PASSWORD:
        raise Invalid(fields={field: N_("At most 200 characters.")})
    return password
