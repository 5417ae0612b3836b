"""When somebody can be booked: rules over spans of minutes, without a clock and without a database.

Inside, an instant is a whole number of minutes since 1970 (UTC), and a span is a pair (start, end) without its end:
thousands of spans are compared in a page's time, which instants with zones would be too slow for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from appointments_app.domain.times import to_instant, to_wall

DAY = 24 * 60
Span = tuple[int, int]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Hours:
    """When one person works. Days are of ``time_zone``, hours are spans of minutes of the wall clock's day.

    ``weekly``: by weekday, 0 is Monday. ``exceptions``: days with other hours. ``away``: first and last days of leave.
    """

    time_zone: str
    weekly: Mapping[int, Sequence[Span]] = field(default_factory=dict)
    exceptions: Mapping[date, Sequence[Span]] = field(default_factory=dict)
    away: Sequence[tuple[date, date]] = ()

    def on(self, day: date, closed: Collection[date] = ()) -> Sequence[Span]:
        """Return the hours of a day: none on leave, else its own, else none when closed, else its weekday's."""
        if any(first <= day <= last for first, last in self.away):
            return ()
        if day in self.exceptions:
            return self.exceptions[day]
        return () if day in closed else self.weekly.get(day.weekday(), ())


@dataclass(frozen=True)
class Need:
    """How long something takes, and what must stay free before and after it. Minutes."""

    minutes: int
    before: int = 0
    after: int = 0

    def around(self, start: int) -> Span:
        """Return the span that nothing else may touch when it begins at ``start``."""
        return start - self.before, start + self.minutes + self.after


def as_minutes(instant: datetime) -> int:
    """Return an instant in minutes since 1970, seconds left out."""
    return (instant - _EPOCH) // _MINUTE


def as_instant(minutes: int) -> datetime:
    """Return the UTC instant so many minutes after 1970."""
    return _EPOCH + minutes * _MINUTE


def shifts(hours: Hours, since: int, until: int, closed: Collection[date] = ()) -> list[Span]:
    """Return what ``hours`` come to between two instants, in order: a day's span is whole or absent.

    A wall time that daylight saving skips moves forward by the gap; of one that occurs twice, the first counts.
    """
    first = to_wall(as_instant(since), hours.time_zone).date() - timedelta(days=1)
    last = to_wall(as_instant(until), hours.time_zone).date() + timedelta(days=1)
    found = set()
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        for opens, closes in hours.on(day, closed):
            span = _at(hours.time_zone, day, opens), _at(hours.time_zone, day, closes)
            if span[0] < span[1] and span[0] < until and span[1] > since:
                found.add(span)
    return sorted(found)


def on_wall(spans: Iterable[Span], day: date, zone_name: str) -> list[Span]:
    """Return what of spans of instants lies on a day of a reader's zone, as minutes of that day's wall clock."""
    midnight, next_midnight = _at(zone_name, day, 0), _at(zone_name, day, DAY)
    cut = ((max(start, midnight), min(end, next_midnight)) for start, end in spans)
    clipped = (span for span in cut if span[0] < span[1])
    walls = (
        (_wall(start, zone_name), DAY if end == next_midnight else _wall(end, zone_name)) for start, end in clipped
    )
    return merged((start, end) for start, end in walls if start < end)


def _wall(instant: int, zone_name: str) -> int:
    wall = to_wall(as_instant(instant), zone_name)
    return wall.hour * 60 + wall.minute


@lru_cache(maxsize=50_000)
def _at(zone_name: str, day: date, minute: int) -> int:
    """Return the instant at which the wall clock of a zone shows a minute of a day; 1440 is the next midnight."""
    if minute == DAY:
        day, minute = day + timedelta(days=1), 0
    return as_minutes(to_instant(day, time(*divmod(minute, 60)), zone_name))


def offered(
    hours: Hours,
    busy: Iterable[Span],
    need: Need,
    *,
    step: int,
    since: int,
    until: int,
    closed: Collection[date] = (),
) -> list[int]:
    """Return the free starts of one person in [since, until)."""
    worked = shifts(hours, since, until + need.minutes, closed)
    return free_starts(worked, busy, need, step=step, since=since, until=until)


def free_starts(
    worked: Sequence[Span], busy: Iterable[Span], need: Need, *, step: int, since: int, until: int
) -> list[int]:
    """Return every start in [since, until) that is free, in order.

    Starts lie every ``step`` minutes from the beginning of a shift. What is needed lies within shifts, which may
    adjoin; what must stay free around it may reach beyond them, but touches nothing that is ``busy``.
    """
    blocked = merged((start - need.minutes - need.after + 1, end + need.before) for start, end in busy)
    allowed = ((max(start, since), min(end - need.minutes + 1, until)) for start, end in merged(worked))
    free = without([span for span in allowed if span[0] < span[1]], blocked)
    found: set[int] = set()
    place = 0
    for start, end in worked:
        while place and free and free[min(place, len(free)) - 1][1] > start:
            place -= 1  # shifts may overlap
        while place < len(free) and free[place][0] < end:
            low, high = free[place]
            if high > start:
                found.update(range(max(start, low + (start - low) % step), min(high, end), step))
            place += 1
    return sorted(found)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the spans in order, those that overlap or adjoin as one."""
    whole: list[Span] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = whole[-1][0], max(whole[-1][1], end)
        else:
            whole.append((start, end))
    return whole


def without(spans: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
    """Return what remains of ``spans`` without ``holes``; both are in order and do not overlap."""
    rest: list[Span] = []
    place = 0
    for start, end in spans:
        while place < len(holes) and holes[place][1] <= start:
            place += 1
        at = place
        while at < len(holes) and holes[at][0] < end:
            if holes[at][0] > start:
                rest.append((start, holes[at][0]))
            start = max(start, holes[at][1])
            at += 1
        if start < end:
            rest.append((start, end))
    return rest


def nearest(starts: Iterable[int], wanted: int, count: int) -> list[int]:
    """Return the ``count`` starts that lie nearest to the one that was wanted, in order."""
    return sorted(sorted(starts, key=lambda start: (abs(start - wanted), start))[:count])
