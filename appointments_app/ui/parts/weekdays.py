"""A choice of weekdays, in the order of the reader's locale."""

import reflex as rx

from appointments_app.ui.parts.assets import ARIA_DATE, script


def _day(day: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (day,)


class Weekdays(rx.Component):
    """Seven buttons. ``chosen`` holds "0", Monday, … "6". Event: on_turn(day)."""

    library = script("weekdays.jsx")
    tag = "Weekdays"
    lib_dependencies: list[str] = [ARIA_DATE]  # noqa: RUF012  Reflex reads it as a field
    label: rx.Var[str]
    chosen: rx.Var[list[str]]
    on_turn: rx.EventHandler[_day]


weekdays = Weekdays.create
