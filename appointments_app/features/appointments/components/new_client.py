"""The dialog of a new client, over the half-filled booking form."""

import reflex as rx

from appointments_app.features.appointments.state.new_client import NewClient
from appointments_app.ui.blocks import button, dialog, dialog_foot
from appointments_app.ui.fields import text_field
from appointments_app.ui.i18n import t
from appointments_app.ui.parts.entry_form import entry_form


def new_client_dialog() -> rx.Component:
    """Name, phone and e-mail; the rest can follow in the client's file."""
    wrong = NewClient.errors
    name = text_field(
        t("Name"),
        "name",
        default_value=NewClient.typed,
        error=wrong["name"],
        required=True,
        auto_focus=True,
        auto_complete="off",
        max_length=120,
        dir="auto",
    )
    phone = text_field(t("Phone"), "phone", type="tel", error=wrong["phone"], auto_complete="off", dir="ltr")
    email = text_field(t("E-mail"), "email", type="email", error=wrong["email"], auto_complete="off", dir="ltr")
    form = entry_form(
        name,
        rx.el.div(phone, email, class_name="grid2"),
        dialog_foot(
            button(t("Cancel"), on_click=NewClient.show(False)),
            button(t("Save"), kind="primary", type="submit", custom_attrs={"data-save": ""}),
        ),
        label=t("New client"),
        attempt=NewClient.attempt,
        on_save=NewClient.add,
        class_name="stack loose",
        style={"marginBlockStart": "16px"},
    )
    return dialog(t("New client"), form, is_open=NewClient.is_open, on_open_change=NewClient.show)
