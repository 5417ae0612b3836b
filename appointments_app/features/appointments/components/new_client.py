"""The dialog of a new client, over a half-filled form."""

from typing import Any

import reflex as rx

from appointments_app.domain.access import Permission
from appointments_app.features.appointments.state.new_client import NewClientDialog
from appointments_app.features.session.components import may
from appointments_app.ui.blocks import button, dialog, dialog_foot
from appointments_app.ui.fields import text_field
from appointments_app.ui.i18n import t
from appointments_app.ui.parts.entry_form import entry_form


def new_client_entry() -> Any:
    """Return the last entry of a drop-down of clients, for those who may add one."""
    new = rx.Var.create([{"id": "new", "name": t("New client"), "icon": "plus"}])
    return rx.cond(may(Permission.CLIENTS), new, rx.Var.create([]))


def new_client_dialog(state: type[NewClientDialog]) -> rx.Component:
    """Name, phone and e-mail; the rest can follow in the client's file."""
    opened: Any = state
    wrong = opened.errors
    name = text_field(
        t("Name"),
        "name",
        default_value=opened.typed,
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
            button(t("Cancel"), on_click=opened.show(False)),
            button(t("Save"), kind="primary", type="submit", custom_attrs={"data-save": ""}),
        ),
        label=t("New client"),
        attempt=opened.attempt,
        on_save=opened.add,
        class_name="stack loose",
        style={"marginBlockStart": "16px"},
    )
    return dialog(t("New client"), form, is_open=opened.is_open, on_open_change=opened.show)
