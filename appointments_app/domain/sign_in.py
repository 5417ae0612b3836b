"""Rules of signing in: passwords, tokens, how long guessing has to wait."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from appointments_app.domain.common_passwords import is_common
from appointments_app.domain.errors import Invalid
from appointments_app.domain.words import N_

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
FREE_ATTEMPTS = {"account": 5, "address": 20, "link": 3, "link_from": 12, "reset": 3}
"""So many attempts, or links asked for, before anybody has to wait."""
LONGEST_WAIT = 15 * 60
SECOND_STEP_MINUTES = 10
"""So long a right password waits for its second step."""

RESET_MINUTES = 30
"""So long a link for a new password works."""


@dataclass(frozen=True)
class Visitor:
    """Where somebody signs in from. ``device`` is the hash of the token that this browser has since its first time."""

    address: str = ""
    browser: str = ""
    device: str = ""


NOBODY = Visitor()
"""Somebody without a browser: the command line, the set-up page."""

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def browser_name(user_agent: str) -> str:
    """Return what a person would call the browser behind a User-Agent header, such as ``Firefox · Linux``."""
    found = (next((name for mark, name in known if mark in user_agent), "") for known in (_BROWSERS, _SYSTEMS))
    return " · ".join(filter(None, found))


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


def check_password(password: str, field: str = "password", *, own_words: Collection[str] = ()) -> str:
    """Return the password; raise Invalid when it is too short, too long, or among the first that anybody tries."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(fields={field: N_("At least 10 characters.")})
    if len(password) > LONGEST_PASSWORD:
        raise Invalid(fields={field: N_("At most 200 characters.")})
    if is_common(password, own_words):
        raise Invalid(fields={field: N_("This password is among the first that others would try. Choose another one.")})
    return password
