"""The days of a rule as a sequence without end: any member, and the place of any day, by arithmetic.

Days are proleptic ordinals (``date.toordinal``). Place 0 lies in DTSTART's own week, month or year and may come before
DTSTART.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime
from typing import NamedTuple, Protocol

from appointments_app.domain.recurrence.rule import Frequency, Rule

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Days(Protocol):
    """An increasing sequence of days."""

    def day_at(self, place: int) -> int:
        """Return the day at a place."""
        ...

    def place_of(self, day: int) -> int:
        """Return the place of the first day that is not before ``day``."""
        ...


def days_of(rule: Rule, dtstart: datetime) -> Days:
    """Return the days of a rule counted from DTSTART."""
    start = dtstart.toordinal()
    month = dtstart.year * 12 + dtstart.month - 1
    match rule.frequency:
        case Frequency.DAILY:
            return EveryDays(start, rule.interval)
        case Frequency.WEEKLY:
            weekdays = tuple(sorted(set(rule.weekdays))) or (dtstart.weekday(),)
            return EveryWeeks(start - dtstart.weekday(), rule.interval * 7, weekdays)
        case Frequency.MONTHLY if rule.nth:
            return EveryNthWeekday(month, rule.interval, rule.nth, dtstart.weekday())
        case Frequency.MONTHLY:
            return EveryMonths(month, rule.interval, rule.month_day or dtstart.day)
        case _:
            return EveryMonths(month, rule.interval * 12, rule.month_day or dtstart.day)


class EveryDays(NamedTuple):
    """Every ``step`` days."""

    start: int
    step: int

    def day_at(self, place: int) -> int:
        return self.start + place * self.step

    def place_of(self, day: int) -> int:
        return -((self.start - day) // self.step)


class EveryWeeks(NamedTuple):
    """Certain weekdays of every ``step`` / 7 weeks, which begin on Monday."""

    monday: int
    step: int
    weekdays: tuple[int, ...]

    def day_at(self, place: int) -> int:
        period, index = divmod(place, len(self.weekdays))
        return self.monday + period * self.step + self.weekdays[index]

    def place_of(self, day: int) -> int:
        period, within = divmod(day - self.monday, self.step)
        return period * len(self.weekdays) + bisect_left(self.weekdays, within)


class EveryMonths(NamedTuple):
    """A day of every ``step`` months, the last day of shorter ones. Months count from year 0."""

    month: int
    step: int
    month_day: int

    def day_at(self, place: int) -> int:
        year, month = divmod(self.month + place * self.step, 12)
        if self.month_day <= 28:
            return date(year, month + 1, self.month_day).toordinal()
        return date(year, month + 1, min(self.month_day, _length(year, month))).toordinal()

    def place_of(self, day: int) -> int:
        return _place_in_months(self, day)


class EveryNthWeekday(NamedTuple):
    """The first … fourth or last (-1) such weekday of every ``step`` months."""

    month: int
    step: int
    nth: int
    weekday: int

    def day_at(self, place: int) -> int:
        year, month = divmod(self.month + place * self.step, 12)
        week = _length(year, month) - 6 if self.nth < 0 else self.nth * 7 - 6
        earliest = date(year, month + 1, week).toordinal()
        return earliest + (self.weekday + 1 - earliest) % 7  # ordinal 1 is a Monday

    def place_of(self, day: int) -> int:
        return _place_in_months(self, day)


def _place_in_months(days: EveryMonths | EveryNthWeekday, day: int) -> int:
    its = date.fromordinal(day)
    ahead = its.year * 12 + its.month - 1 - days.month
    place = -(-ahead // days.step)
    return place + 1 if place * days.step == ahead and days.day_at(place) < day else place


def _length(year: int, month: int) -> int:
    """Return the days of a month (January 0)."""
    leap = month == 1 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if leap else _LENGTHS[month]
