"""Words in a person's language where no browser can do it: messages, exports, answers of the API."""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_day_names, get_timezone_location
from babel.lists import format_list
from babel.localedata import locale_identifiers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit

LOCALE = Path(__file__).parent.parent / "locale"
SOURCE_LANGUAGE = "en"
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")  # Babel leaves the digits as they are
_LETTER_BEFORE_FIGURE = re.compile(r"(?<=[A-Za-z])(?=\d)")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages on offer: English, then those that have a catalog."""
    return (SOURCE_LANGUAGE, *sorted(path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/messages.po")))


@cache
def first_weekday(region: str) -> int:
    """Return the day with which a week begins in a country (ISO 3166 code): 0 Monday … 6 Sunday."""
    known = next((each for each in locale_identifiers() if each.endswith(f"_{region}")), None)
    return Locale.parse(known).first_week_day if known else 0


@cache
def gettext_for(language: str) -> gettext.NullTranslations:
    """Return the catalog of ``language``; English, and a language we do not have, leave everything as it is."""
    if language == SOURCE_LANGUAGE or language not in languages():
        return gettext.NullTranslations()
    with (LOCALE / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translate(language: str, msgid: str, *, context: str = "", **values: object) -> str:
    """Return ``msgid`` in ``language``, its ``{placeholders}`` filled with ``values``."""
    catalog = gettext_for(language)
    text = catalog.pgettext(context, msgid) if context else catalog.gettext(msgid)
    return _fill(language, text if msgid else "", values)


def ntranslate(language: str, singular: str, plural: str, n: int, *, context: str = "", **values: object) -> str:
    """Return the form of the message for the number ``n``, which stands in it as ``{n}``."""
    catalog = gettext_for(language)
    text = catalog.npgettext(context, singular, plural, n) if context else catalog.ngettext(singular, plural, n)
    return _fill(language, text, {"n": n, **values})


def number(language: str, value: int | float) -> str:
    """Return ``value`` as ``language`` writes numbers."""
    return _figures(language, format_decimal(value, locale=_locale(language), numbering_system="default"))


def serial(language: str, number: object) -> str:
    """Return the number that names a record, never grouped; one with letters as it was typed."""
    text = str(number)
    return _figures(language, text) if text.isdecimal() else text


def long_date(language: str, day: date) -> str:
    """Return a date in words and figures: 3 March 2027."""
    return _figures(language, format_date(day, "long", locale=_locale(language)))


def full_date(language: str, day: date) -> str:
    """Return a date with its weekday: Tuesday, 24 March 2026."""
    return _figures(language, format_date(day, "full", locale=_locale(language)))


def clock_span(language: str, start: datetime, end: datetime) -> str:
    """Return two wall times, as the clock of the language shows them: 10:00 – 10:30."""
    return f"{clock(language, start)} – {clock(language, end)}"


@cache
def zone_name(language: str, zone: str) -> str:
    """Return what people call the time of a zone: Egypt Time."""
    return zone if zone == "UTC" else get_timezone_location(zone, locale=_locale(language))


def short_date(language: str, day: date, *, with_year: bool) -> str:
    """Return a date with its weekday, as short as it can be: Tue 24 Mar."""
    return _figures(language, format_skeleton("yMMMEd" if with_year else "MMMEd", day, locale=_locale(language)))


def clock(language: str, wall: datetime) -> str:
    """Return a wall time: 10:00."""
    return _figures(language, format_time(wall.time(), "short", locale=_locale(language)))


def duration(language: str, minutes: int) -> str:
    """Return a length of time: 1 hour and 30 minutes."""
    locale, parts = _locale(language), zip(("hour", "minute"), divmod(minutes, 60), strict=True)
    said = [format_unit(many, f"duration-{unit}", "long", locale=locale) for unit, many in parts if many]
    return _figures(language, format_list(said, locale=locale))


def money(language: str, amount: str, currency: str) -> str:
    """Return an amount such as ``25.00`` as the language writes it: €25.00."""
    shown = format_currency(Decimal(amount), currency, locale=_locale(language), numbering_system="default")
    return _figures(language, _LETTER_BEFORE_FIGURE.sub("\u00a0", shown))


def day_of_year(language: str, day: date) -> str:
    """Return a date of any year: 24 March."""
    return _figures(language, format_skeleton("MMMMd", day, locale=_locale(language)))


def weekday_list(language: str, weekdays: Sequence[int]) -> str:
    """Return weekdays (Monday 0) by name: Monday, Wednesday and Friday."""
    names = get_day_names("wide", locale=_locale(language))
    return format_list([names[day] for day in weekdays], locale=_locale(language))


def _fill(language: str, text: str, values: dict[str, object]) -> str:
    def shown(match: re.Match[str]) -> str:
        if match[1] not in values:
            return match[0]
        value = values[match[1]]
        if match[1] == "number":  # always that of a record
            return serial(language, value)
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return number(language, value) if is_number else str(value)  # type: ignore[arg-type]

    return _PLACEHOLDER.sub(shown, text)


def _figures(language: str, text: str) -> str:
    return text.translate(_ARABIC_DIGITS) if _locale(language).default_numbering_system == "arab" else text


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(_REGIONS.get(language, language))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(SOURCE_LANGUAGE)


_REGIONS = {"en": "en_GB", "ar": "ar_EG"}
"""The region whose customs we follow for a language, the same as in the browser (ui/parts/i18n.js)."""
