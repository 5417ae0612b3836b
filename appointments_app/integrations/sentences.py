"""A recurrence rule as a sentence: "Every 2 weeks on Monday and Thursday, until 3 March 2027"."""

from __future__ import annotations

from datetime import date, datetime

from appointments_app.domain.recurrence import Frequency, Rule
from appointments_app.integrations.catalogs import day_of_year, long_date, ntranslate, translate, weekday_list

_LEAP_YEAR = 2024


def describe(language: str, rule: Rule | None, dtstart: datetime) -> str:
    """Return what a rule says in ``language``; None is a rule that the form can't show."""
    if rule is None:
        return translate(language, "By a rule of another calendar program")
    often, when, end = _often(language, rule), days(language, rule, dtstart), _end(language, rule)
    if when:
        return translate(language, "{often} {when}, {end}", often=often, when=when, end=end)
    return translate(language, "{often}, {end}", often=often, end=end)


def _often(language: str, rule: Rule) -> str:
    match rule.frequency:
        case Frequency.DAILY:
            return ntranslate(language, "Every day", "Every {n} days", rule.interval)
        case Frequency.WEEKLY:
            return ntranslate(language, "Every week", "Every {n} weeks", rule.interval)
        case Frequency.MONTHLY:
            return ntranslate(language, "Every month", "Every {n} months", rule.interval)
        case _:
            return ntranslate(language, "Every year", "Every {n} years", rule.interval)


def days(language: str, rule: Rule, dtstart: datetime) -> str:
    """Return on which days a rule falls, "on the last Friday"; '' for every day."""
    match rule.frequency:
        case Frequency.DAILY:
            return ""
        case Frequency.WEEKLY:
            weekdays = sorted(set(rule.weekdays)) or [dtstart.weekday()]
            names = weekday_list(language, weekdays)
            return ntranslate(language, "on {days}", "on {days}", len(weekdays), days=names)
        case Frequency.MONTHLY if rule.nth:
            return _nth(language, rule.nth, weekday_list(language, [dtstart.weekday()]))
        case Frequency.MONTHLY:
            day = rule.month_day or dtstart.day
            if day > 28:
                return translate(language, "on day {day} (or the last day)", day=day)
            return translate(language, "on day {day}", day=day)
        case _:
            day = date(_LEAP_YEAR, dtstart.month, rule.month_day or dtstart.day)
            if (day.month, day.day) == (2, 29):
                return translate(language, "on {date} (or the day before)", date=day_of_year(language, day))
            return translate(language, "on {date}", date=day_of_year(language, day))


def _nth(language: str, nth: int, weekday: str) -> str:
    match nth:
        case 1:
            return translate(language, "on the first {weekday}", weekday=weekday)
        case 2:
            return translate(language, "on the second {weekday}", weekday=weekday)
        case 3:
            return translate(language, "on the third {weekday}", weekday=weekday)
        case 4:
            return translate(language, "on the fourth {weekday}", weekday=weekday)
        case _:
            return translate(language, "on the last {weekday}", weekday=weekday)


def _end(language: str, rule: Rule) -> str:
    if rule.until is not None:
        return translate(language, "until {date}", date=long_date(language, rule.until))
    if rule.count is not None:
        return ntranslate(language, "once", "{n} times", rule.count)
    return translate(language, "without end")
