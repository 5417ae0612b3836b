"""From a rule to its occurrences: on the wall by the rule, as instants by the zone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from appointments_app.domain.errors import Invalid
from appointments_app.domain.recurrence.rule import Rule
from appointments_app.domain.recurrence.text import parts_of, text_of, until_text
from appointments_app.domain.recurrence.walls import LAST_DAY, walls_of
from appointments_app.domain.times import to_instant, zone
from appointments_app.domain.words import N_

MOST_AT_ONCE = 100_000
_DAY = timedelta(days=1)
_BEGIN = datetime(1800, 1, 1, tzinfo=UTC)
_END = datetime.combine(LAST_DAY + 2 * _DAY, time(), UTC)
"""Nothing is sought outside: at the ends of the calendar a zone leads out of it."""


class Occurrence(NamedTuple):
    """One of a series: its naive wall time as the rule gives it, which is its identity, and its instant (UTC)."""

    recurrence_id: datetime
    start_at: datetime


def between(
    rrule: str,
    dtstart: datetime,
    zone_name: str,
    since: datetime,
    until: datetime,
    *,
    exdates: Collection[datetime] = (),
    limit: int | None = None,
) -> list[Occurrence]:
    """Return the occurrences that start at or after ``since`` and before ``until``, in order, at most ``limit``.

    DTSTART and EXDATEs are naive wall times in the zone, ``since`` and ``until`` instants. Raise Invalid when there are
    more than MOST_AT_ONCE.
    """
    found = _from(rrule, dtstart, zone_name, since, until)
    if exdates:
        found = (one for one in found if one.recurrence_id not in exdates)
    if limit is not None and limit <= MOST_AT_ONCE:
        return list(islice(found, limit))
    several = list(islice(found, MOST_AT_ONCE + 1))
    if len(several) > MOST_AT_ONCE:
        raise Invalid(fields={"rrule": N_("Too many occurrences at once.")})
    return several


def upcoming(
    rrule: str, dtstart: datetime, zone_name: str, *, since: datetime, limit: int, exdates: Collection[datetime] = ()
) -> list[Occurrence]:
    """Return the next ``limit`` occurrences that start at or after ``since``."""
    return between(rrule, dtstart, zone_name, since, _END, exdates=exdates, limit=limit)


def last(rrule: str, dtstart: datetime, zone_name: str, *, exdates: Collection[datetime] = ()) -> Occurrence | None:
    """Return the last occurrence, None for a series without end or without any occurrence."""
    walls = walls_of(rrule, dtstart, zone_name)
    if walls.endless:
        return None
    wall = next((wall for wall in walls.backwards() if wall not in exdates), None)
    return None if wall is None else Occurrence(wall, _instant(wall, zone_name))


def number_of(rrule: str, dtstart: datetime, zone_name: str, recurrence_id: datetime) -> int:
    """Return the place of an occurrence in its series, from 1, EXDATEs counted; raise NotFound when it is none."""
    return walls_of(rrule, dtstart, zone_name).number_of(recurrence_id)


def total(rrule: str, dtstart: datetime, zone_name: str) -> int | None:
    """Return how many occurrences the rule has, EXDATEs counted; None when it has no end."""
    walls = walls_of(rrule, dtstart, zone_name)
    return None if walls.endless else walls.total()


def ends_before(rrule: str, dtstart: datetime, zone_name: str, recurrence_id: datetime) -> tuple[str, str]:
    """Return the rule of what comes before an occurrence, "" if nothing does, and that of it and what follows.

    The later rule has the occurrence as its DTSTART and keeps its meaning: counted from 31 January, the part that
    begins on 28 February still falls on 31 March.
    """
    walls = walls_of(rrule, dtstart, zone_name)
    ahead = walls.number_of(recurrence_id) - 1
    if not ahead:
        return "", rrule
    parts = parts_of(rrule)
    ends = {name: parts.pop(name) for name in ("COUNT", "UNTIL") if name in parts}
    after = ends if "COUNT" not in ends else {"COUNT": walls.total() - ahead}
    eve = _instant(recurrence_id - _DAY, zone_name)
    by_count = "COUNT" in ends or Rule.from_rrule(rrule, dtstart, zone_name) is None
    by_count = by_count or eve == _instant(recurrence_id, zone_name)  # a zone that skipped a whole day
    before = {"COUNT": ahead} if by_count else {"UNTIL": until_text(eve)}
    return text_of({**parts, **before}), text_of({**parts, **after})


def _from(rrule: str, dtstart: datetime, zone_name: str, since: datetime, until: datetime) -> Iterator[Occurrence]:
    """Yield the occurrences of a window."""
    place, day, furthest = _edges(zone_name, since, until)
    walls = walls_of(rrule, dtstart, zone_name)
    for wall in walls.since(day):
        if wall > furthest:
            return
        start_at = wall.replace(tzinfo=place).astimezone(UTC)
        if since <= start_at < until:
            yield Occurrence(wall, start_at)


@lru_cache(maxsize=256)
def _edges(zone_name: str, since: datetime, until: datetime) -> tuple[ZoneInfo, date, datetime]:
    """Return the zone and the walls between which to look: a day wider, for wall and instant may part by one."""
    place = zone(zone_name)
    day = min(max(since, _BEGIN), _END).astimezone(place).date() - _DAY
    return place, day, min(max(until, _BEGIN), _END).astimezone(place).replace(tzinfo=None) + _DAY


def _instant(wall: datetime, zone_name: str) -> datetime:
    return to_instant(wall.date(), wall.time(), zone_name)
