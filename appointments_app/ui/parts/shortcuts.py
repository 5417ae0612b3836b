"""Keyboard shortcuts of a list."""

import reflex as rx

from appointments_app.ui.parts.assets import script


class Shortcuts(rx.Component):
    """N opens ``new_href``, / goes to [data-search], J/K over [data-row], X ticks, Enter clicks [data-open].

    Event: on_help(), for ?.
    """

    library = script("shortcuts.jsx")
    tag = "Shortcuts"
    new_href: rx.Var[str]
    on_help: rx.EventHandler[rx.event.no_args_event_spec]


shortcuts = Shortcuts.create
