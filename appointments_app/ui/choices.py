"""Drop-downs of what the world has many of: time zones, countries, languages."""

import json
from collections.abc import Sequence
from typing import Any

import reflex as rx
from babel.core import get_global

from appointments_app.domain.colours import COLOURS
from appointments_app.domain.contact import phone_regions
from appointments_app.domain.language import LANGUAGES
from appointments_app.domain.money import CURRENCIES
from appointments_app.domain.times import zone_names
from appointments_app.ui.blocks import colour_dot
from appointments_app.ui.fields import select_field
from appointments_app.ui.i18n import t
from appointments_app.ui.words import colour_word


def time_zone_field(*, error: Any = "", first: Sequence[rx.Component] = (), **props: Any) -> rx.Component:
    """A drop-down of time zones; ``first`` stands before them."""
    names = rx.Var.create(list(zone_names()))
    zones = rx.foreach(names, lambda name: rx.el.option(name.replace("_", " "), value=name))
    return select_field(t("Time zone"), "time_zone", [*first, zones], error=error, **props)


def language_field(*, error: Any = "", first: Sequence[rx.Component] = (), **props: Any) -> rx.Component:
    """A drop-down of the languages, each in its own tongue; ``first`` stands before them."""
    languages = [rx.el.option(name, value=code, lang=code) for code, name in LANGUAGES.items()]
    return select_field(t("Language"), "language", [*first, *languages], error=error, **props)


def region_field(name: str, *, error: Any = "", **props: Any) -> rx.Component:
    """A drop-down of the countries whose phone numbers may be typed without +, in the page's language and order."""
    regions = rx.foreach(_regions(), lambda region: rx.el.option(region["name"], value=region["code"]))
    return select_field(t("Country of phone numbers"), name, [regions], error=error, **props)


def browsers_region() -> rx.Var[str]:
    """The country of the browser's time zone, else that of its language: many a browser in Cairo speaks en-GB."""
    countries = {zone: country for zone, country in get_global("zone_territories").items() if len(country) == 2}
    zone, language = "Intl.DateTimeFormat().resolvedOptions().timeZone", "globalThis.navigator?.language.split('-')[1]"
    return rx.Var(f"({json.dumps(countries)}[{zone}] || {language} || 'US')")


def currency_field(*, error: Any = "", **props: Any) -> rx.Component:
    """A drop-down of the currencies, in the page's language and order."""
    currencies = rx.foreach(_currencies(), lambda one: rx.el.option(one["name"], value=one["code"]))
    return select_field(t("Currency"), "currency", [currencies], error=error, **props)


def colour_field(name: str, *, value: Any, error: Any = "", **props: Any) -> rx.Component:
    """Dots to choose one of domain.colours.COLOURS from; ``value`` is the one chosen at first."""
    choices = [
        rx.el.label(
            rx.el.input(
                type="radio",
                name=name,
                value=colour,
                default_checked=value == colour,
                aria_label=colour_word(colour),
                **props,
            ),
            colour_dot(colour),
            class_name="swatch",
            title=colour_word(colour),
        )
        for colour in COLOURS
    ]
    return rx.el.fieldset(
        rx.el.legend(t("Colour"), class_name="label"),
        rx.el.div(*choices, class_name="row wrap"),
        rx.el.div(error, class_name="field-error", role="alert"),
        class_name="bare",
    )


def _regions() -> rx.Var[Any]:
    known = json.dumps(phone_regions(), separators=(",", ":"))
    return rx.Var(
        "((lang) => { const names = new Intl.DisplayNames([lang], { type: 'region' });"
        f" return {known}.map(([code, calling]) =>"
        " ({ code, name: `${names.of(code)} \\u2066+${calling}\\u2069` }))"
        ".sort((one, other) => one.name.localeCompare(other.name, lang)); })"
        "(globalThis.document?.documentElement.lang || 'en')",
        _var_type=list[dict[str, str]],
    ).guess_type()


def _currencies() -> rx.Var[Any]:
    known = json.dumps(CURRENCIES, separators=(",", ":"))
    return rx.Var(
        "((lang) => { const names = new Intl.DisplayNames([lang], { type: 'currency' });"
        f" return {known}.map((code) => ({{ code, name: `${{code}} · ${{names.of(code)}}` }})); }})"
        "(globalThis.document?.documentElement.lang || 'en')",
        _var_type=list[dict[str, str]],
    ).guess_type()
