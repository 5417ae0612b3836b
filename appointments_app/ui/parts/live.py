"""Changes made by others, as they happen."""

import reflex as rx

from appointments_app.ui.parts.assets import script


def _ids(ids: rx.Var[list[str]]) -> tuple[rx.Var[list[str]]]:
    return (ids,)


class Live(rx.Component):
    """Listens to the server-sent events of ``url`` (data: a JSON list of ids) while the tab is visible.

    Event: on_change(ids); an empty list means: something may have been missed, read everything again.
    """

    library = script("live.jsx")
    tag = "Live"
    url: rx.Var[str]
    on_change: rx.EventHandler[_ids]


live = Live.create
