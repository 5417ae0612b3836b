"""Check-boxes whose state lives on the server."""

import reflex as rx

from appointments_app.ui.parts.assets import script


def _is_ticked(is_ticked: rx.Var[bool]) -> tuple[rx.Var[bool]]:
    return (is_ticked,)


class Tick(rx.Component):
    """A check-box that shows a click at once. ``label`` is its accessible name. Event: on_tick(is_ticked)."""

    library = script("tick.jsx")
    tag = "Tick"
    checked: rx.Var[bool]
    label: rx.Var[str]
    on_tick: rx.EventHandler[_is_ticked]


tick_box = Tick.create
