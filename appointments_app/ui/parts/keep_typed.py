"""Keeps what is typed into a form in the tab until it is saved, cancelled, or its person signs out."""

import reflex as rx

from appointments_app.ui.parts.assets import script


class KeepTyped(rx.Component):
    """Stands inside a form: puts back what was typed when the form comes again, and says so.

    ``person`` is whose text it is, ``form`` tells forms of one page apart. In a dialog, closing it lets go of the text.
    Passwords are never kept, nor is a field with ``data-never-kept``.
    """

    library = script("keep_typed.jsx")
    tag = "KeepTyped"
    person: rx.Var[str]
    form: rx.Var[str]


class TypedWaits(rx.Component):
    """Stands where a form is closed. Event: on_found, when something typed into it is kept."""

    library = script("keep_typed.jsx")
    tag = "TypedWaits"
    person: rx.Var[str]
    form: rx.Var[str]
    on_found: rx.EventHandler[rx.event.no_args_event_spec]
