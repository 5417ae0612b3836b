"""How an event of a calendar file repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Repeating:
    """A rule with its exceptions, RFC 5545's: wall times in ``time_zone``, DTSTART the event's own start.

    ``moved``: recurrence id → start (an instant) and minutes of an occurrence that takes place at another time;
    ``cancelled``: recurrence ids of those that do not take place.
    """

    dtstart: datetime
    time_zone: str
    rrule: str
    cancelled: frozenset[datetime] = frozenset()
    moved: Mapping[datetime, tuple[datetime, int]] = field(default_factory=dict)
