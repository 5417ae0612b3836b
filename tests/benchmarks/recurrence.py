"""Row 13 of the performance table: a thousand endless series into one month, beside a plain loop that jumps there.

The loop knows the four kinds of rule there are here, no end, no EXDATE, no text and no identity: what arithmetic costs
at least. What both find is compared with dateutil before anything is timed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from appointments_app.domain.recurrence import Frequency, Rule, between
from appointments_app.domain.recurrence.text import read_parts
from appointments_app.domain.recurrence.walls import walls_of
from tests.benchmarks.measure import Result, compare, nothing, result

SINCE, UNTIL = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
ZONES = ("Africa/Cairo", "Europe/Paris", "America/New_York", "Australia/Sydney")
SERIES = 1_000
WITHIN = 2.0

Pairs = list[tuple[datetime, datetime]]


class Series(NamedTuple):
    """A series as it is stored, and its rule for the loop."""

    rrule: str
    dtstart: datetime
    zone_name: str
    rule: Rule


def a_thousand() -> list[Series]:
    """The series of a business that repeats a lot: most weekly, begun in the last six years."""
    chance = random.Random(13)
    found = []
    for _ in range(SERIES):
        day = date(2020, 1, 1) + timedelta(days=chance.randrange(6 * 365))
        dtstart = datetime.combine(day, time(chance.randrange(7, 20), chance.choice((0, 15, 30, 45))))
        kind = chance.choices(list(Frequency), weights=(12, 60, 24, 4))[0]
        several = tuple(sorted({dtstart.weekday(), *chance.sample(range(7), chance.randrange(3))}))
        rule = Rule(kind, chance.choice((1, 1, 1, 2)), weekdays=several if kind == Frequency.WEEKLY else ())
        zone_name = chance.choice(ZONES)
        found.append(Series(rule.to_rrule(dtstart, zone_name), dtstart, zone_name, rule))
    return found


def program(series: list[Series]) -> list[Pairs]:
    """The program's way."""
    return [between(one.rrule, one.dtstart, one.zone_name, SINCE, UNTIL) for one in series]  # type: ignore[misc]


def plain_loop(series: list[Series]) -> list[Pairs]:
    """The yardstick."""
    low, high = SINCE.toordinal() - 1, UNTIL.toordinal() + 1
    found = []
    for _, dtstart, zone_name, rule in series:
        place, at, pairs = ZoneInfo(zone_name), dtstart.time(), []
        for day in _days(dtstart, rule, low, high):
            wall = datetime.combine(date.fromordinal(day), at)
            start_at = wall.replace(tzinfo=place).astimezone(UTC)
            if SINCE <= start_at < UNTIL:
                pairs.append((wall, start_at))
        found.append(pairs)
    return found


def _days(dtstart: datetime, rule: Rule, low: int, high: int) -> Iterator[int]:
    start, step = dtstart.toordinal(), rule.interval
    low = max(low, start)
    if rule.frequency == Frequency.DAILY:
        yield from range(start + -(-(low - start) // step) * step, high + 1, step)
    elif rule.frequency == Frequency.WEEKLY:
        monday = start - dtstart.weekday()
        for week in range(monday + (low - monday) // (7 * step) * 7 * step, high + 1, 7 * step):
            yield from (week + weekday for weekday in rule.weekdays if low <= week + weekday <= high)
    else:
        step *= 12 if rule.frequency == Frequency.YEARLY else 1
        first = dtstart.year * 12 + dtstart.month - 1
        now = date.fromordinal(low)
        for month in range(first + (now.year * 12 + now.month - 1 - first) // step * step, 12 * 2027, step):
            day = date(month // 12, month % 12 + 1, 1).toordinal() + dtstart.day - 1
            following = date((month + 1) // 12, (month + 1) % 12 + 1, 1).toordinal()
            if day > high:
                return
            if (day := min(day, following - 1)) >= low:
                yield day


def dateutil(series: list[Series]) -> list[Pairs]:
    """The reference, which walks from DTSTART."""
    found = []
    for rrule, dtstart, zone_name, _ in series:
        walls = rrulestr(rrule, dtstart=dtstart).between(
            SINCE.replace(tzinfo=None) - timedelta(days=2), UNTIL.replace(tzinfo=None) + timedelta(days=2)
        )
        pairs = [(wall, wall.replace(tzinfo=ZoneInfo(zone_name)).astimezone(UTC)) for wall in walls]
        found.append([both for both in pairs if SINCE <= both[1] < UNTIL])
    return found


def forget() -> None:
    """Empty the caches of rules."""
    walls_of.cache_clear()
    read_parts.cache_clear()


def measure() -> Iterator[Result]:
    """Measure with rules that are known, as when a month is turned, and read anew, as once a day."""
    series = a_thousand()
    expected = dateutil(series)
    if not program(series) == plain_loop(series) == expected:
        raise AssertionError("program, loop and dateutil do not find the same occurrences")
    count = sum(map(len, expected))
    for name, before in (("rules known", nothing), ("rules read anew", forget)):
        medians = compare(lambda: program(series), lambda: plain_loop(series), before=before)
        yield result(f"13 {SERIES} series into a month, {name}", "memory", count, medians, most_times=WITHIN)
