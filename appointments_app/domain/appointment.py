"""The life of an appointment: its statuses, the verbs that move it between them, its limits."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from appointments_app.domain.errors import Invalid
from appointments_app.domain.words import N_

SHORTEST = 5
LONGEST = 24 * 60
NOTES_LIMIT = 10_000
YEARS = range(1900, 2201)
"""The years a day may lie in: at the ends of the calendar a time zone leads out of it."""


class Status(StrEnum):
    """Exactly these three."""

    SCHEDULED = "scheduled"
    DONE = "done"
    DISMISSED = "dismissed"


class Kind(StrEnum):
    """What an appointment belongs to; an independent one has an action instead."""

    INDEPENDENT = "independent"
    WORK_ORDER = "work-order"


class Outcome(StrEnum):
    """How a dismissed appointment went, where there is more to say than that; its status stays Dismissed."""

    NO_SHOW = "no-show"


class Tab(StrEnum):
    """The tabs of every appointment list. ``YET_TO_MARK``: over, and still Scheduled."""

    ALL = "all"
    SCHEDULED = "scheduled"
    DONE = "done"
    DISMISSED = "dismissed"
    YET_TO_MARK = "yet-to-mark"


def end_of(start_at: datetime, minutes: int) -> datetime:
    """Return the end; raise Invalid for a duration outside 5 minutes … 24 hours."""
    if not SHORTEST <= minutes <= LONGEST:
        raise Invalid(fields={"duration": N_("Between 5 minutes and 24 hours.")})
    return start_at + timedelta(minutes=minutes)


def is_active(status: str, end_at: datetime, *, now: datetime) -> bool:
    """Whether an appointment is Scheduled and not yet over."""
    return status == Status.SCHEDULED and end_at > now
