"""Wall times and instants (RFC 5545 §3.3.5: a skipped wall time moves on by the gap, a doubled one is the first)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from appointments_app.domain.errors import Invalid
from appointments_app.domain.words import N_


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Return the IANA zones on offer, sorted."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return (*sorted(places), "UTC")


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(zone_names())


def zone(name: str) -> ZoneInfo:
    """Return the zone; raise Invalid for an unknown name."""
    if name not in _known():
        raise Invalid(fields={"time_zone": N_("Unknown time zone.")})
    return ZoneInfo(name)


def to_instant(day: date, at: time, zone_name: str) -> datetime:
    """Return the UTC instant of a wall time in a zone. A skipped time moves forward by the gap; of two, the first."""
    return datetime.combine(day, at.replace(tzinfo=None, fold=0), tzinfo=zone(zone_name)).astimezone(UTC)


def to_wall(instant: datetime, zone_name: str) -> datetime:
    """Return the aware wall time of an instant in a zone."""
    return instant.astimezone(zone(zone_name))


def iso(instant: datetime) -> str:
    """Return the instant as ``2026-03-24T10:00:00Z``, the form in which every row carries it."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


_LOCAL = "%Y%m%dT%H%M%S"


def local(wall: datetime) -> str:
    """Return a wall time as RFC 5545 writes one: ``20260324T100000``."""
    return wall.strftime(_LOCAL)


def read_local(text: str) -> datetime:
    """Return the naive wall time of ``20260324T100000``."""
    return datetime.strptime(text, _LOCAL)  # noqa: DTZ007  a wall time has no zone


def parse_day(text: str, field: str = "date") -> date:
    """Return the day of ``YYYY-MM-DD``; raise Invalid at ``field`` otherwise."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise Invalid(fields={field: N_("Enter a date.")}) from None


def parse_time(text: str, field: str = "time") -> time:
    """Return the time of ``HH:MM``; raise Invalid at ``field`` otherwise."""
    try:
        return time.fromisoformat(str(text))
    except ValueError:
        raise Invalid(fields={field: N_("Enter a time.")}) from None
