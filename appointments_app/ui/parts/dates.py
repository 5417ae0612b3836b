"""Date and time entry by typing or by calendar."""

import reflex as rx
from reflex_components_lucide.icon import LUCIDE_LIBRARY

from appointments_app.ui.parts.assets import ARIA, ARIA_DATE, script


def _text(text: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (text,)


class DateField(rx.Component):
    """A date. ``value`` is 'YYYY-MM-DD' or ''. Event: on_change(iso), once it is complete or emptied."""

    library = script("dates.jsx")
    tag = "DateField"
    lib_dependencies: list[str] = [ARIA, ARIA_DATE, LUCIDE_LIBRARY]  # noqa: RUF012  Reflex reads it as a field
    label: rx.Var[str]
    hide_label: rx.Var[bool]
    name: rx.Var[str]
    value: rx.Var[str]
    error: rx.Var[str]
    required: rx.Var[bool]
    disabled: rx.Var[bool]
    on_change: rx.EventHandler[_text]


class TimeField(DateField):
    """A time of day. ``value`` is 'HH:MM' or ''. Event: on_change(time), once it is complete or emptied."""

    tag = "TimeField"


date_field = DateField.create
time_field = TimeField.create
