"""A long form whose values Python holds, and the button that leaves it."""

from typing import Any

import reflex as rx

from appointments_app.ui.parts.assets import script


def _values(values: rx.Var[dict[str, Any]]) -> tuple[rx.Var[dict[str, Any]]]:
    return (values,)


class EntryForm(rx.Component):
    """A form. When ``attempt`` grows, the first wrong field gets the focus, else what has ``data-asks``.

    While it is ``disabled`` nothing in it can be changed.

    Event: on_save(values), by a button of type submit or by Ctrl+Enter, which presses the one with ``data-save``.
    """

    library = script("entry_form.jsx")
    tag = "EntryForm"
    label: rx.Var[str]
    attempt: rx.Var[int]
    disabled: rx.Var[bool]
    on_save: rx.EventHandler[_values]


class BackButton(rx.Component):
    """Goes back to where the person came from; to ``href`` when the page was opened directly."""

    library = script("entry_form.jsx")
    tag = "BackButton"
    href: rx.Var[str]


entry_form = EntryForm.create
back_button = BackButton.create
