"""Text, dates and numbers in the language of the page, as Vars that the browser works out by itself.

The language is decided when the page loads (cookie ``lang``, else the browser's, else English), so no state and no
round trip is involved; changing it means setting the cookie and loading the page again. Wrap what a page shows in
``client_only``: the prerendered page is English, and only what is drawn afterwards may differ from it.
"""

from __future__ import annotations

import json
from typing import Any

import reflex as rx
from reflex_base.vars import VarData

from appointments_app.ui.catalog import languages
from appointments_app.ui.parts.assets import imported

LANGUAGES = languages()
COOKIE = "lang"
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")

PRELOAD = (
    "(function(){var d=document.documentElement,k=" + json.dumps(LANGUAGES) + ","
    "c=/(?:^|; )" + COOKIE + "=([a-z]{2})/.exec(document.cookie),"
    "n=(navigator.language||'en').slice(0,2).toLowerCase(),"
    "l=c&&k.indexOf(c[1])>=0?c[1]:k.indexOf(n)>=0?n:'en';"
    "d.lang=l;d.dir=" + json.dumps(RIGHT_TO_LEFT) + ".indexOf(l)>=0?'rtl':'ltr'})()"
)
"""Inline script for ``head_components``: sets ``<html lang dir>`` before the first paint."""


def t(msgid: str, *, context: str = "", **values: Any) -> rx.Var[str]:
    """Return the translation of ``msgid``; ``{name}`` in it becomes ``values['name']``, which may be a Var."""
    return _call("tr", msgid, values or None, context)


def tn(singular: str, plural: str, n: Any, *, context: str = "", **values: Any) -> rx.Var[str]:
    """Return the form of the message for the number ``n``, which stands in it as ``{n}``."""
    return _call("trn", singular, plural, n, values or None, context)


class fmt:
    """Dates, times and numbers by the page's locale. Instants are UTC ISO strings, zones IANA names."""

    @staticmethod
    def day(iso: Any, zone: Any) -> rx.Var[str]:
        """Tue 24 Mar 2026."""
        return _call("fmtDay", iso, zone)

    @staticmethod
    def near_day(iso: Any, zone: Any) -> rx.Var[str]:
        """Today, 24 Mar; else Tue 24 Mar 2026. Where it shows, an alarm at midnight draws it anew."""
        return _call("fmtNearDay", iso, zone)

    @staticmethod
    def time(iso: Any, zone: Any) -> rx.Var[str]:
        """10:00."""
        return _call("fmtTime", iso, zone)

    @staticmethod
    def day_time(iso: Any, zone: Any) -> rx.Var[str]:
        """Tue 24 Mar 2026, 10:00."""
        return _call("fmtDayTime", iso, zone)

    @staticmethod
    def span(start: Any, end: Any, zone: Any) -> rx.Var[str]:
        """Tue 24 Mar 2026, 10:00 – 10:45."""
        return _call("fmtSpan", start, end, zone)

    @staticmethod
    def times(start: Any, end: Any, zone: Any) -> rx.Var[str]:
        """10:00 – 10:45."""
        return _call("fmtTimes", start, end, zone)

    @staticmethod
    def date(iso: Any) -> rx.Var[str]:
        """Tue 24 Mar 2026, of a plain date such as 2026-03-24."""
        return _call("fmtDate", iso)

    @staticmethod
    def month(iso: Any) -> rx.Var[str]:
        """March 2026, of a plain date."""
        return _call("fmtMonth", iso)

    @staticmethod
    def days(first: Any, last: Any) -> rx.Var[str]:
        """23 – 29 Mar 2026, of two plain dates."""
        return _call("fmtDays", first, last)

    @staticmethod
    def relative(iso: Any) -> rx.Var[str]:
        """In 2 hours; yesterday."""
        return _call("fmtRelative", iso)

    @staticmethod
    def duration(minutes: Any) -> rx.Var[str]:
        """1 hr 30 min."""
        return _call("fmtDuration", minutes)

    @staticmethod
    def weekday(day: Any) -> rx.Var[str]:
        """Monday, of 0."""
        return _call("fmtWeekday", day)

    @staticmethod
    def amount(count: Any, unit: Any) -> rx.Var[str]:
        """2 hours; ``unit`` is minutes, hours or days."""
        return _call("fmtAmount", count, unit)

    @staticmethod
    def money(amount: Any, currency: Any) -> rx.Var[str]:
        """€1,250.50, of ``1250.50`` and ``EUR``."""
        return _call("fmtMoney", amount, currency)

    @staticmethod
    def serial(value: Any) -> rx.Var[str]:
        """1024, the number that names a record: never grouped."""
        return _call("fmtSerial", value)

    @staticmethod
    def number(value: Any) -> rx.Var[str]:
        """1,234,567."""
        return _call("fmtNumber", value)


def _call(function: str, *arguments: Any) -> rx.Var[str]:
    """Return a Var that calls one function of i18n.js; trailing empty arguments are left out."""
    kept = list(arguments)
    while not isinstance(kept[-1], rx.Var) and kept[-1] in (None, ""):
        kept.pop()
    given = [rx.Var.create(argument) for argument in kept]
    data = VarData.merge(imported("i18n.js", function), *(each._get_all_var_data() for each in given))
    return rx.Var(f"{function}({', '.join(map(str, given))})", _var_type=str, _var_data=data).guess_type()
