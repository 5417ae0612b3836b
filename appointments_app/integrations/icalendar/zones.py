"""A time zone as a VTIMEZONE (RFC 5545 §3.6.5): when its clocks changed and will change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from appointments_app.domain.times import zone

_STEP = timedelta(days=1)
_SECOND = timedelta(seconds=1)


class Observance(NamedTuple):
    """What clocks show until they change again."""

    offset_from: timedelta
    offset_to: timedelta
    name: str
    is_summer: bool


@lru_cache(maxsize=64)
def time_zone(zone_name: str, since_year: int, until_year: int) -> Timezone:
    """Return the VTIMEZONE of a zone for a span of years."""
    place = zone(zone_name)
    begin = datetime(since_year, 1, 1, tzinfo=UTC) - 2 * _STEP
    at_first = begin.astimezone(place)
    onsets: dict[Observance, list[datetime]] = defaultdict(list)
    for instant in (begin, *_changes(place, begin, datetime(until_year, 1, 1, tzinfo=UTC))):
        before = (instant - _SECOND).astimezone(place) if instant != begin else at_first
        after = instant.astimezone(place)
        offset_from, offset_to = before.utcoffset() or timedelta(), after.utcoffset() or timedelta()
        observance = Observance(offset_from, offset_to, after.tzname() or zone_name, bool(after.dst()))
        onsets[observance].append((instant + offset_from).replace(tzinfo=None))
    component = Timezone()
    component.add("tzid", zone_name)
    for observance, walls in onsets.items():
        component.add_component(_component(observance, walls))
    return component


def _component(observance: Observance, walls: list[datetime]) -> TimezoneDaylight | TimezoneStandard:
    component = TimezoneDaylight() if observance.is_summer else TimezoneStandard()
    component.add("dtstart", walls[0])
    if walls[1:]:
        component.add("rdate", walls[1:])
    component.add("tzoffsetfrom", observance.offset_from)
    component.add("tzoffsetto", observance.offset_to)
    component.add("tzname", observance.name)
    return component


def _changes(place: ZoneInfo, since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield the instants at which the clocks of a zone change."""
    instant, offset = since, since.astimezone(place).utcoffset()
    while instant < until:
        following = instant + _STEP
        if (next_offset := following.astimezone(place).utcoffset()) != offset:
            low, high = instant, following
            while high - low > _SECOND:
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                low, high = (middle, high) if middle.astimezone(place).utcoffset() == offset else (low, middle)
            yield high
        instant, offset = following, next_offset
