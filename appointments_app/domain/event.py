"""An appointment or a series as calendar programs know it: RFC 5545's VEVENT."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Changed:
    """One occurrence of a series that was changed by hand; ``recurrence_id`` says which, ``start_at`` is an instant."""

    recurrence_id: datetime
    start_at: datetime
    duration: timedelta
    summary: str
    description: str = ""
    sequence: int = 0


@dataclass(frozen=True)
class Event:
    """An appointment, or with ``rrule`` a series. ``dtstart`` and ``exdates`` are wall times in the zone."""

    uid: str
    dtstart: datetime
    zone_name: str
    duration: timedelta
    summary: str
    rrule: str = ""
    exdates: tuple[datetime, ...] = ()
    changed: tuple[Changed, ...] = ()
    description: str = ""
    sequence: int = 0
