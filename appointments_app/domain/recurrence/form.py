"""The recurring part of the booking form: from what was typed to a rule, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from appointments_app.domain.appointment import YEARS
from appointments_app.domain.errors import Invalid, check_all
from appointments_app.domain.recurrence.days import days_of
from appointments_app.domain.recurrence.rule import (
    FEBRUARY,
    LAST,
    Frequency,
    Rule,
    first,
    is_last_of_its_weekday,
    nth_of,
)
from appointments_app.domain.times import parse_day
from appointments_app.domain.words import N_

MOST_INTERVAL = 999
MOST_TIMES = 9_999


class MonthlyBy(StrEnum):
    """What a monthly rule keeps: the day of the month, the nth weekday, or the last such weekday."""

    DAY = "day"
    WEEKDAY = "weekday"
    LAST_WEEKDAY = "last_weekday"


class Ends(StrEnum):
    """How a series ends: never, on a date, after a number of times."""

    NEVER = "never"
    ON = "on"
    AFTER = "after"


def read_rule(form: Mapping[str, object], dtstart: datetime) -> Rule:
    """Return the rule a form asks for; raise Invalid naming every wrong field.

    Fields: ``frequency``, ``interval``, ``weekdays`` (a list of "0", Monday, … "6"), ``monthly_by``, ``month_day``
    (kept from ``rule_form``), ``ends``, ``until`` (YYYY-MM-DD), ``count``. Without ``ends`` a date or a number decides;
    an empty date is no end. ``dtstart`` is the wall time typed; ``first`` moves it to the rule's own first day.
    """
    read: dict[str, object] = {}

    def reading(name: str, reader: Callable[[], object]) -> Callable[[], None]:
        return lambda: read.update({name: reader()})

    check_all(
        reading("frequency", lambda: _choice(Frequency, form, "frequency", N_("Choose how often it repeats."))),
        reading("interval", lambda: _number(form.get("interval") or "1", "interval", MOST_INTERVAL)),
        reading("weekdays", lambda: _weekdays(form.get("weekdays"))),
        reading("monthly_by", lambda: _choice(MonthlyBy, form, "monthly_by", N_("Choose a day or a weekday."), "day")),
        reading("end", lambda: _end(form)),
    )
    until, count = read["end"]  # type: ignore[misc]
    rule = _with_days(Rule(read["frequency"], read["interval"], until=until, count=count), read, form, dtstart)  # type: ignore[arg-type]
    _check_end(rule, dtstart)
    return rule


def rule_form(rule: Rule, dtstart: datetime) -> dict[str, object]:
    """Return the form that shows a rule."""
    weekdays = rule.weekdays or ((dtstart.weekday(),) if rule.frequency == Frequency.WEEKLY else ())
    by = {0: MonthlyBy.DAY, LAST: MonthlyBy.LAST_WEEKDAY}.get(rule.nth, MonthlyBy.WEEKDAY)
    return {
        "frequency": rule.frequency.value,
        "interval": str(rule.interval),
        "weekdays": [str(day) for day in weekdays],
        "monthly_by": by.value,
        "month_day": str(rule.month_day or ""),
        "ends": (Ends.ON if rule.until else Ends.AFTER if rule.count else Ends.NEVER).value,
        "until": rule.until.isoformat() if rule.until else "",
        "count": str(rule.count or ""),
    }


def monthly_choices(day: date) -> list[MonthlyBy]:
    """Return what a monthly rule that begins on ``day`` may keep: a fifth weekday is only ever the last."""
    weekday = [MonthlyBy.WEEKDAY] if nth_of(day) != LAST else []
    last_weekday = [MonthlyBy.LAST_WEEKDAY] if is_last_of_its_weekday(day) else []
    return [MonthlyBy.DAY, *weekday, *last_weekday]


def _with_days(rule: Rule, read: Mapping[str, object], form: Mapping[str, object], dtstart: datetime) -> Rule:
    if rule.frequency == Frequency.WEEKLY:
        weekdays = read["weekdays"]
        return replace(rule, weekdays=() if weekdays == (dtstart.weekday(),) else weekdays)
    if rule.frequency == Frequency.MONTHLY and read["monthly_by"] != MonthlyBy.DAY:
        return replace(rule, nth=LAST if read["monthly_by"] == MonthlyBy.LAST_WEEKDAY else nth_of(dtstart.date()))
    return replace(rule, month_day=_later_day(str(form.get("month_day")), rule.frequency, dtstart.date()))


def _later_day(kept: str, frequency: Frequency, start: date) -> int:
    """Return the day that is meant where the month of the start is too short for it, else 0."""
    is_last = (start + timedelta(days=1)).day == 1
    if kept not in ("29", "30", "31") or int(kept) <= start.day or not is_last:
        return 0
    is_29_february = frequency == Frequency.YEARLY and (start.month, kept) == (FEBRUARY, "29")
    return int(kept) if frequency == Frequency.MONTHLY or is_29_february else 0


def _check_end(rule: Rule, dtstart: datetime) -> None:
    start = first(rule, dtstart)
    if rule.until is not None and rule.until < dtstart.date():
        raise Invalid(fields={"until": N_("The end is before the start.")})
    if rule.until is not None and rule.until < start.date():
        raise Invalid(fields={"until": N_("It never occurs before this date.")})
    if rule.count is not None:
        days = days_of(rule, start)
        furthest = days.place_of(date(YEARS[-1] + 1, 1, 1).toordinal())
        if days.place_of(start.toordinal()) + rule.count > furthest:
            raise Invalid(fields={"count": N_("The last one would be after the year 2200.")})


def _end(form: Mapping[str, object]) -> tuple[date | None, int | None]:
    until, count = str(form.get("until") or ""), form.get("count")
    by_itself = Ends.ON if until else Ends.AFTER if count else Ends.NEVER
    ends = _choice(Ends, form, "ends", N_("Choose when it ends."), by_itself)
    if ends == Ends.ON:
        day = parse_day(until, "until")
        if day.year not in YEARS:
            raise Invalid(fields={"until": N_("Enter a year between 1900 and 2200.")})
        return day, None
    return None, _number(count, "count", MOST_TIMES) if ends == Ends.AFTER else None


def _choice(kind: type[StrEnum], form: Mapping[str, object], field: str, message: str, default: str = "") -> StrEnum:
    try:
        return kind(str(form.get(field) or default))
    except ValueError:
        raise Invalid(fields={field: message}) from None


def _number(value: object, field: str, most: int) -> int:
    text = str(value).strip() if isinstance(value, (str, int)) else ""
    if not (text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most):
        messages = {
            MOST_INTERVAL: N_("Enter a number from 1 to 999."),
            MOST_TIMES: N_("Enter a number from 1 to 9,999."),
        }
        raise Invalid(fields={field: messages[most]})
    return int(text)


def _weekdays(value: object) -> tuple[int, ...]:
    several = value if isinstance(value, (list, tuple)) else []
    if not all(str(one) in ("0", "1", "2", "3", "4", "5", "6") for one in several):
        raise Invalid(fields={"weekdays": N_("Choose weekdays from the list.")})
    return tuple(sorted({int(one) for one in several}))
