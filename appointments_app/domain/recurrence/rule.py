"""A rule as the form shows it, and its RFC 5545 text.

A rule is counted from its DTSTART, a naive wall time in the series' zone; what the rule leaves open (weekday, day of
the month, month) is DTSTART's own. Monthly on day 29–31 means the last day of a shorter month, annually on 29 February
the 28th of a common year: said inside the standard, so that every calendar program agrees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from appointments_app.domain.recurrence.text import (
    WEEKDAYS,
    last_day,
    number,
    numbers,
    parts_of,
    text_of,
    until_instant,
    until_text,
)
from appointments_app.domain.times import to_instant

SHORTEST_MONTH = 28
FEBRUARY = 2
LAST = -1
_NTH = (1, 2, 3, 4, LAST)
_BY = ("BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS")
_SHOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", *_BY})


class Frequency(StrEnum):
    """How often."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"


_FREQUENCIES = {frequency.upper(): frequency for frequency in Frequency}


@dataclass(frozen=True)
class Rule:
    """What the form decides about a series. ``weekdays`` is for weekly, ``nth`` and ``month_day`` for monthly rules.

    ``weekdays``: Monday 0 … Sunday 6, empty = that of DTSTART. ``nth``: 1 … 4 or -1, the last, of DTSTART's weekday;
    0 = by day of the month. ``month_day``: 0 = that of DTSTART; another one where DTSTART is itself the last day of a
    shorter month. ``until``: a wall date, inclusive. At most one of ``until`` and ``count``; neither = without end.
    """

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    nth: int = 0
    month_day: int = 0
    until: date | None = None
    count: int | None = None

    def to_rrule(self, dtstart: datetime, zone_name: str) -> str:
        """Return the RRULE value, without ``RRULE:``. UNTIL is the instant of DTSTART's wall time on that day."""
        parts: dict[str, object] = {"FREQ": self.frequency.upper()}
        if self.interval > 1:
            parts["INTERVAL"] = self.interval
        parts |= self._by(dtstart)
        if self.count is not None:
            parts["COUNT"] = self.count
        if self.until is not None:
            parts["UNTIL"] = until_text(to_instant(self.until, dtstart.time(), zone_name))
        return text_of(parts)

    @classmethod
    def from_rrule(cls, rrule: str, dtstart: datetime, zone_name: str) -> Rule | None:
        """Return the rule of an RRULE value, None when the form can't show it; raise Invalid when it is none."""
        parts = parts_of(rrule)
        shown = _shown(parts, dtstart)
        if shown is None or ("COUNT" in parts and "UNTIL" in parts):
            return None
        if "UNTIL" in parts:
            shown["until"] = last_day(until_instant(parts["UNTIL"], zone_name), dtstart.time(), zone_name)
        if "COUNT" in parts:
            shown["count"] = number(parts["COUNT"])
        return cls(**shown)

    @property
    def endless(self) -> bool:
        """Whether it goes on for ever."""
        return self.until is None and self.count is None

    def _by(self, dtstart: datetime) -> Mapping[str, object]:
        day = self.month_day or dtstart.day
        match self.frequency:
            case Frequency.DAILY:
                return {}
            case Frequency.WEEKLY:
                days = ",".join(WEEKDAYS[one] for one in sorted(set(self.weekdays)) or [dtstart.weekday()])
                return {"BYDAY": days, "WKST": "MO"} if self.interval > 1 else {"BYDAY": days}
            case Frequency.MONTHLY if self.nth:
                return {"BYDAY": f"{self.nth}{WEEKDAYS[dtstart.weekday()]}"}
            case Frequency.MONTHLY:
                return _or_last(day)
            case _:
                clamped = dtstart.month == FEBRUARY and day > SHORTEST_MONTH
                return {"BYMONTH": dtstart.month, **(_or_last(day) if clamped else {"BYMONTHDAY": day})}


def first(rule: Rule, wall: datetime) -> datetime:
    """Return the first time at or after ``wall`` on a day that suits the rule, whatever its interval: its DTSTART."""
    day = wall.date()
    while not _suits(rule, day, wall):
        day += timedelta(days=1)
    return datetime.combine(day, wall.time())


def nth_of(day: date) -> int:
    """Return which weekday of its month this is: 1 … 4, or -1 for a fifth, which only "last" meets every month."""
    nth = (day.day - 1) // 7 + 1
    return nth if nth in _NTH else LAST


def is_last_of_its_weekday(day: date) -> bool:
    """Whether the same weekday a week later lies in the next month."""
    return (day + timedelta(days=7)).month != day.month


def _suits(rule: Rule, day: date, wall: datetime) -> bool:
    if rule.frequency == Frequency.WEEKLY:
        return day.weekday() in (rule.weekdays or (wall.weekday(),))
    if rule.frequency == Frequency.MONTHLY and rule.nth:
        is_nth = is_last_of_its_weekday(day) if rule.nth == LAST else (day.day - 1) // 7 + 1 == rule.nth
        return is_nth and day.weekday() == wall.weekday()
    if rule.frequency == Frequency.MONTHLY and rule.month_day:
        is_last = (day + timedelta(days=1)).day == 1
        return day.day == rule.month_day or (is_last and day.day < rule.month_day)
    return True


def _or_last(day: int) -> dict[str, object]:
    """Return the parts for a day of the month, or its last day when the month is shorter."""
    if day <= SHORTEST_MONTH:
        return {"BYMONTHDAY": day}
    return {"BYMONTHDAY": ",".join(str(one) for one in range(SHORTEST_MONTH, day + 1)), "BYSETPOS": LAST}


def _shown(parts: Mapping[str, str], dtstart: datetime) -> dict[str, Any] | None:
    """Return the values of the rule without its end, when the form has it."""
    frequency = _FREQUENCIES.get(parts["FREQ"])
    if frequency is None or not _SHOWN.issuperset(parts):
        return None
    interval = number(parts.get("INTERVAL", "1"))
    by = {name: parts[name] for name in _BY if name in parts}
    match frequency:
        case Frequency.DAILY:
            found: dict[str, Any] | None = None if by else {}
        case Frequency.WEEKLY:
            same_weeks = interval == 1 or parts.get("WKST", "MO") == "MO"
            found = _weekly(by, dtstart) if same_weeks else None
        case Frequency.MONTHLY:
            found = _monthly(by, dtstart)
        case _:
            found = _yearly(by, dtstart)
    return None if found is None else {"frequency": frequency, "interval": interval, **found}


def _weekly(by: Mapping[str, str], dtstart: datetime) -> dict[str, Any] | None:
    if not by:
        return {}
    names = by.get("BYDAY", "").split(",")
    if by.keys() != {"BYDAY"} or not set(names) <= set(WEEKDAYS):
        return None
    days = tuple(sorted({WEEKDAYS.index(name) for name in names}))
    return {"weekdays": () if days == (dtstart.weekday(),) else days}


def _monthly(by: Mapping[str, str], dtstart: datetime) -> dict[str, Any] | None:
    if by.keys() == {"BYDAY"}:
        nth, weekday = by["BYDAY"][:-2], by["BYDAY"][-2:]
        known = weekday == WEEKDAYS[dtstart.weekday()] and nth.removeprefix("+") in map(str, _NTH)
        return {"nth": int(nth)} if known else None
    day = _month_day(by, dtstart)
    return None if day is None else {"month_day": 0 if day == dtstart.day else day}


def _yearly(by: Mapping[str, str], dtstart: datetime) -> dict[str, Any] | None:
    if by and by.get("BYMONTH") != str(dtstart.month):
        return None
    days = {name: value for name, value in by.items() if name != "BYMONTH"}
    if dtstart.month != FEBRUARY:  # every other month is as long each year
        return {} if days in ({}, {"BYMONTHDAY": str(dtstart.day)}) else None
    day = _month_day(days, dtstart)
    return None if day is None or day not in (dtstart.day, 29) else {"month_day": 0 if day == dtstart.day else day}


def _month_day(by: Mapping[str, str], dtstart: datetime) -> int | None:
    """Return the day of the month that the parts mean, None when they skip shorter months, or mean something else."""
    if not by:
        return dtstart.day if dtstart.day <= SHORTEST_MONTH else None
    days = numbers(by.get("BYMONTHDAY", "0"))
    if by.keys() == {"BYMONTHDAY"}:
        plain = len(days) == 1 and 1 <= days[0] <= SHORTEST_MONTH
        return days[0] if plain else 31 if days == (LAST,) else None
    or_last = by.keys() == {"BYMONTHDAY", "BYSETPOS"} and by["BYSETPOS"] == str(LAST) and 29 <= days[-1] <= 31
    return days[-1] if or_last and days == tuple(range(SHORTEST_MONTH, days[-1] + 1)) else None
