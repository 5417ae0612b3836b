"""Something to do at a certain time."""

import reflex as rx

from appointments_app.ui.parts.assets import script


def _nothing(ids: rx.Var[list[str]]) -> tuple[rx.Var[list[str]]]:
    return (ids,)


class Alarm(rx.Component):
    """Rings once, a second after the instant ``at``. Event: on_ring([])."""

    library = script("alarm.jsx")
    tag = "Alarm"
    at: rx.Var[str]
    on_ring: rx.EventHandler[_nothing]


alarm = Alarm.create
