"""Buttons that put a text where the cursor is."""

import reflex as rx

from appointments_app.ui.parts.assets import script


class InsertButtons(rx.Component):
    """Each of ``items`` – {name, text} – goes into that field of the form with ``data-insert`` which had the cursor."""

    library = script("insert.jsx")
    tag = "InsertButtons"
    label: rx.Var[str]
    items: rx.Var[list[dict[str, str]]]


insert_buttons = InsertButtons.create
