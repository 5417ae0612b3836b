"""The life of a message: planned, in flight, sent …; why it went no further; when it is tried again."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class State(StrEnum):
    """Where a message stands. ``IN_FLIGHT`` begins just before it is handed over; ``UNKNOWN``: nobody can say."""

    PLANNED = "planned"
    IN_FLIGHT = "in_flight"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a message was not sent, or not yet."""

    NO_CHANNEL = "no_channel"
    NO_ADDRESS = "no_address"
    OPTED_OUT = "opted_out"
    DONE = "done"
    DISMISSED = "dismissed"
    DELETED = "deleted"
    MOVED = "moved"
    NOT_ASSIGNED = "not_assigned"
    LEFT = "left"
    RULE_OFF = "rule_off"
    PAST = "past"
    QUIET = "quiet"
    TEMPLATE = "template"
    WITHDRAWN = "withdrawn"
    TRYING_AGAIN = "trying_again"
    REFUSED = "refused"
    GAVE_UP = "gave_up"
    INTERRUPTED = "interrupted"


LONGEST_ERROR = 500
MOST_ATTEMPTS = 10
_FIRST_WAIT = 30.0
_LONGEST_WAIT = 3600.0


def wait_after(attempts: int, asked: float | None, chance: float) -> timedelta:
    """Return how long to wait after so many failed attempts: doubled each time, a quarter less or more by ``chance``.

    ``chance`` is 0 … 1; ``asked`` the least that the other side asked for, in seconds, not believed beyond a day.
    """
    doubled = min(_FIRST_WAIT * 2 ** (attempts - 1), _LONGEST_WAIT) * (0.75 + chance / 2)
    return timedelta(seconds=max(doubled, min(asked or 0.0, 86_400.0)))
