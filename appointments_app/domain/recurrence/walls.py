"""The wall times of a rule: by arithmetic for every rule the form makes, else by walking from DTSTART with dateutil."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple, Protocol

from dateutil.rrule import rrulestr

from appointments_app.domain.errors import Invalid, NotFound
from appointments_app.domain.recurrence.days import Days, days_of
from appointments_app.domain.recurrence.rule import Rule
from appointments_app.domain.recurrence.text import not_a_rule, number, parts_of, text_of, until_instant
from appointments_app.domain.times import to_instant, to_wall
from appointments_app.domain.words import N_

LAST_DAY = date(2399, 12, 31)
"""No rule is followed further."""
FURTHEST_WALK = 100_000
"""How many occurrences are walked over, from DTSTART, of a rule that arithmetic does not know."""
_CYCLES = 19 * 400
"""Years. The calendar repeats every 400, so a rule walked that much later is the same, and dateutil, which seeks the
next occurrence until the year 9999, gives up at LAST_DAY."""
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "WKST", "BYHOUR", "BYMINUTE", "BYSECOND"}
_TIMED = {"HOURLY", "MINUTELY", "SECONDLY"}
_OF_DAYS = {"BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY", "BYSETPOS"}
_LONGEST = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


class Walls(Protocol):
    """The occurrences of a series, as naive wall times; its EXDATEs count."""

    @property
    def endless(self) -> bool:
        """Whether there is no last one."""
        ...

    def since(self, day: date) -> Iterator[datetime]:
        """Yield, in order, those from ``day`` on."""
        ...

    def number_of(self, wall: datetime) -> int:
        """Return how many there are up to and with ``wall``; raise NotFound when it is none of them."""
        ...

    def total(self) -> int:
        """Return how many there are, if not endless."""
        ...

    def backwards(self) -> Iterator[datetime]:
        """Yield those of a series that ends, the last first."""
        ...


@lru_cache(maxsize=4096)
def walls_of(rrule: str, dtstart: datetime, zone_name: str) -> Walls:
    """Return the wall times of a series; raise Invalid for a text that is no rule, or an unknown zone."""
    rule = Rule.from_rrule(rrule, dtstart, zone_name)
    return Walked(rrule, dtstart, zone_name) if rule is None else _computed(rule, dtstart)


class Computed(NamedTuple):
    """The places ``first`` … ``stop`` - 1 of a sequence of days, at one time of day."""

    days: Days
    at: time
    first: int
    stop: int
    endless: bool

    def since(self, day: date) -> Iterator[datetime]:
        day_at, at = self.days.day_at, self.at
        for place in range(max(self.first, self.days.place_of(day.toordinal())), self.stop):
            yield datetime.combine(date.fromordinal(day_at(place)), at)

    def number_of(self, wall: datetime) -> int:
        place = self.days.place_of(wall.toordinal())
        if not self.first <= place < self.stop or self._wall(place) != wall:
            raise NotFound
        return place - self.first + 1

    def total(self) -> int:
        return max(0, self.stop - self.first)

    def backwards(self) -> Iterator[datetime]:
        return (self._wall(place) for place in range(self.stop - 1, self.first - 1, -1))

    def _wall(self, place: int) -> datetime:
        return datetime.combine(date.fromordinal(self.days.day_at(place)), self.at)


def _computed(rule: Rule, dtstart: datetime) -> Computed:
    days = days_of(rule, dtstart)
    first = days.place_of(dtstart.toordinal())
    stop = days.place_of(LAST_DAY.toordinal() + 1)
    if rule.count is not None:
        stop = min(stop, first + rule.count)
    if rule.until is not None:
        stop = min(stop, days.place_of(rule.until.toordinal() + 1))
    return Computed(days, dtstart.time(), first, stop, rule.endless)


class Walked:
    """The occurrences of any rule, walked from DTSTART for at most FURTHEST_WALK steps."""

    def __init__(self, rrule: str, dtstart: datetime, zone_name: str) -> None:
        parts = parts_of(rrule)
        until = parts.pop("UNTIL", None)
        _check(parts)
        self._rule, self._zone = text_of(parts), zone_name
        self._dtstart = dtstart.replace(year=dtstart.year + _CYCLES)
        self._until = until_instant(until, zone_name) if until else None
        self.endless = until is None and "COUNT" not in parts
        next(self._all(), None)  # so that a bad text is refused here

    def since(self, day: date) -> Iterator[datetime]:
        return (wall for wall in self._all() if wall.date() >= day)

    def number_of(self, wall: datetime) -> int:
        for place, one in enumerate(takewhile(lambda one: one <= wall, self._all()), 1):
            if one == wall:
                return place
        raise NotFound

    def total(self) -> int:
        return sum(1 for _ in self._all())

    def backwards(self) -> Iterator[datetime]:
        return reversed(list(self._all()))

    def _all(self) -> Iterator[datetime]:
        try:
            yield from self._up_to_until(self._walk())
        except (ValueError, OverflowError, TypeError, KeyError):
            raise not_a_rule() from None

    def _walk(self) -> Iterator[datetime]:
        for step, wall in enumerate(rrulestr(self._rule, dtstart=self._dtstart)):
            if step == FURTHEST_WALK:
                raise Invalid(fields={"rrule": N_("This rule has too many occurrences.")})
            yield wall.replace(year=wall.year - _CYCLES)

    def _up_to_until(self, walls: Iterator[datetime]) -> Iterator[datetime]:
        if self._until is None:
            yield from walls
            return
        # Within an hour that occurs twice instants do not follow the order of the wall, hence the day more.
        furthest = to_wall(self._until, self._zone).replace(tzinfo=None) + timedelta(days=1)
        for wall in takewhile(lambda wall: wall <= furthest, walls):
            if to_instant(wall.date(), wall.time(), self._zone) <= self._until:
                yield wall


def _check(parts: dict[str, str]) -> None:
    """Refuse a rule whose next occurrence could be sought for ever, hour by hour or year by year."""
    if not parts.keys() <= _KNOWN | _OF_DAYS:
        raise not_a_rule()
    if parts["FREQ"] in _TIMED and _OF_DAYS & parts.keys():
        raise Invalid(fields={"rrule": N_("A rule by hours or minutes can't choose days as well.")})
    if {"BYMONTH", "BYMONTHDAY"} <= parts.keys():
        months = [number(month) for month in parts["BYMONTH"].split(",")]
        days = [abs(number(day)) for day in parts["BYMONTHDAY"].split(",")]
        if min(days) > max(_LONGEST.get(month, 31) for month in months):
            raise Invalid(fields={"rrule": N_("This rule never occurs.")})
