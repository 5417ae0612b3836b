"""Keyboard shortcuts of a list."""

import reflex as rx

from appointments_app.ui.parts.assets import script


class Shortcuts(rx.Component):
    """N opens ``new_href``, / focuses [data-search], J/K move over [data-row], X ticks, Enter opens [data-open], ? is on_help()."""

    library = script("shortcuts.jsx")
    tag = "Shortcuts"
    new_href: rx.Var[str]
    on_help: rx.EventHandler[rx.event.no_args_event_spec]


shortcuts = Shortcuts.create
