"""Dates and times as people and programs write them, in two orders, two languages and both kinds of digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache

from appointments_app.domain.appointment import YEARS
from appointments_app.domain.errors import Invalid
from appointments_app.domain.importing.options import Order
from appointments_app.domain.text import fold
from appointments_app.domain.words import N_

NO_DATE = N_("This is not a date.")
NO_SUCH_DAY = N_("There is no such day.")
NO_TIME = N_("This is not a time.")
BAD_YEAR = N_("Enter a year between 1900 and 2200.")
WHICH_ORDER = N_("Say first whether the day or the month stands first.")

_MONTHS = (
    "january jan يناير كانون_الثاني جانفي",
    "february feb فبراير شباط فيفري",
    "march mar مارس اذار",
    "april apr ابريل نيسان افريل",
    "may مايو ايار ماي",
    "june jun يونيو حزيران جوان",
    "july jul يوليو تموز جويليه يوليه",
    "august aug اغسطس اب اوت",
    "september sep sept سبتمبر ايلول",
    "october oct اكتوبر تشرين_الاول",
    "november nov نوفمبر تشرين_الثاني",
    "december dec ديسمبر كانون_الاول",
)
_MONTH = {fold(name.replace("_", " ")): number for number, row in enumerate(_MONTHS, 1) for name in row.split()}
_NAMES = "|".join(sorted(map(re.escape, _MONTH), key=len, reverse=True))
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)|(\d{4})(\d\d)(\d\d)(?=$|t|\s)")
_NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)")
_DAY_NAME = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s.\-/]*(?:of )?({_NAMES})[\s.,\-/،]*(\d{{4}}|\d{{2}})(?![\d:])")
_NAME_DAY = re.compile(rf"({_NAMES})[\s.\-]*(\d{{1,2}})(?:st|nd|rd|th)?[\s,،]+(\d{{4}})(?!\d)")
_TIME = re.compile(
    r"(\d{1,2})(?:\s*[:.h]\s*(\d{1,2}))?(?::(\d{2})(?:[.,]\d+)?)?\s*(a\.?m\b\.?|p\.?m\b\.?|a\b|p\b|صباحا|مساء|ص|م)?"
)
_ZONE = re.compile(r"\s*(z|utc|gmt|[+-]\d{2}(?::?\d{2})?)$")
_BARE_TIME = re.compile(r"(\d{1,2})(\d\d)|(\d\d)(\d\d)(\d\d)")
_WEEKDAY = re.compile(
    r"^(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?|ال\S+|يوم ال\S+)[\s,،.]+"
)
_EPOCH = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001  wall times
_SERIALS = range(1, 2_958_466)


def tidy(text: str) -> str:
    """Return the text folded, with digits 0-9 whatever script they were in."""
    folded = fold(text)
    if folded.isascii():
        return folded
    return "".join(str(unicodedata.digit(each)) if unicodedata.category(each) == "Nd" else each for each in folded)


def order_of(texts: Iterable[str]) -> str:
    """Return the order that a column of dates must be in, '' when it may be either, 'any' when it does not matter."""
    day_first = month_first = ambiguous = False
    for text in texts:
        if (found := _NUMBERS.match(_WEEKDAY.sub("", tidy(text)))) is None:
            continue
        first, second = int(found[1]), int(found[2])
        day_first |= first > 12 >= second
        month_first |= second > 12 >= first
        ambiguous |= first <= 12 and second <= 12 and first != second
    if day_first != month_first:
        return Order.DAY_FIRST if day_first else Order.MONTH_FIRST
    return "" if ambiguous or day_first else "any"


def looks_like_date(text: str) -> bool:
    """Whether the text begins with a date, in whatever order."""
    plain = _WEEKDAY.sub("", tidy(text))
    return any(form.match(plain) for form in (_ISO, _NUMBERS, _DAY_NAME, _NAME_DAY))


@lru_cache(maxsize=8192)  # a diary names the same days again and again
def read_date(text: str, order: str) -> tuple[date, str]:
    """Return the date that ``text`` begins with and what follows it; raise Invalid."""
    plain = _WEEKDAY.sub("", tidy(text))
    if found := _ISO.match(plain):
        year, month, day = (part for part in found.groups() if part)
    elif found := _NUMBERS.match(plain):
        first, second, year = found.groups()
        day, month = _in_order(int(first), int(second), order)
    elif found := _DAY_NAME.match(plain):
        day, month, year = found[1], _MONTH[found[2]], found[3]
    elif found := _NAME_DAY.match(plain):
        month, day, year = _MONTH[found[1]], found[2], found[3]
    else:
        raise Invalid(NO_DATE)
    century = 0 if len(year) > 2 else 1900 if int(year) > 69 else 2000
    return _day(int(year) + century, int(month), int(day)), plain[found.end() :]


def _in_order(first: int, second: int, order: str) -> tuple[int, int]:
    if order == Order.MONTH_FIRST:
        return second, first
    if order == Order.DAY_FIRST or first == second:
        return first, second
    if first > 12 or second > 12:
        return (first, second) if first > 12 else (second, first)
    raise Invalid(WHICH_ORDER)


def _day(year: int, month: int, day: int) -> date:
    if year not in YEARS:
        raise Invalid(BAD_YEAR)
    try:
        return date(year, month, day)
    except ValueError:
        raise Invalid(NO_SUCH_DAY) from None


@lru_cache(maxsize=8192)
def read_time(text: str) -> time:
    """Return a time of day; raise Invalid."""
    at, offset = _time(tidy(text))
    return at.replace(tzinfo=offset)


def _time(plain: str) -> tuple[time, timezone | None]:
    plain = plain.strip(" ,،t-")
    offset = None
    if found := _ZONE.search(plain):
        offset = _offset(found[1])
        plain = plain[: found.start()]
    if bare := _BARE_TIME.fullmatch(plain):
        plain = ":".join(part for part in bare.groups() if part)
    found = _TIME.fullmatch(plain.strip())
    if found is None or not (found[2] or found[4]):
        raise Invalid(NO_TIME)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[4] or "")[:1]
    if half:
        if not 1 <= hour <= 12:
            raise Invalid(NO_TIME)
        hour = hour % 12 + (12 if half in "pم" else 0)
    try:
        return time(hour, minute, int(found[3] or 0)), offset
    except ValueError:
        raise Invalid(NO_TIME) from None


def _offset(text: str) -> timezone:
    if text[0] not in "+-":
        return timezone.utc  # noqa: UP017  the type is what is meant
    digits = text[1:].replace(":", "").ljust(4, "0")
    try:
        away = timezone(timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
    except ValueError:
        raise Invalid(NO_TIME) from None
    return away if text[0] == "+" else timezone(-away.utcoffset(None))


def read_moment(text: str, order: str) -> datetime | date:
    """Return date and time, with an offset if the text has one; a date alone where there is no time. Raise Invalid."""
    day, rest = read_date(text, order)
    if not rest.strip(" ,،t-"):
        return day
    at, offset = _time(re.sub(r"^\s*(?:at|t|الساعه|،|,|-)?\s*", "", rest))
    return datetime.combine(day, at, offset)


def from_serial(number: float, *, is_1904: bool) -> datetime:
    """Return the wall time of a spreadsheet's date number; raise Invalid when it can be none."""
    if not _SERIALS.start <= number < _SERIALS.stop:
        raise Invalid(NO_DATE)
    days, part = divmod(number, 1)
    if days < 60 and not is_1904:
        days += 1  # the 1900 system counts a 29 February 1900 that never was
    seconds = round(part * 86_400)
    wall = _EPOCH[is_1904] + timedelta(days=days, seconds=seconds)
    if wall.year not in YEARS:
        raise Invalid(BAD_YEAR)
    return wall
