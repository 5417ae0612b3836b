"""The dialog in which appointments that exist already are given to a work order."""

from typing import Any

import reflex as rx

from appointments_app.db.queries.order_links import Loose
from appointments_app.features.session.state import Shell
from appointments_app.features.work_orders.state.linking import OrderLinks
from appointments_app.ui.blocks import button, dialog, dialog_foot, empty
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.words import status_chip


def opener() -> rx.Component:
    """Opens the dialog."""
    return button(t("Link appointments"), icon="link", on_click=OrderLinks.ask)


def link_dialog() -> rx.Component:
    """The client's appointments that belong to nothing, to tick."""
    nothing = empty(
        "calendar-x",
        t("Nothing to link"),
        t("Every appointment of this client belongs to something already, or repeats."),
    )
    form = rx.el.form(
        rx.el.fieldset(
            rx.el.legend(t("Appointments of this client that belong to nothing yet"), class_name="muted"),
            rx.foreach(OrderLinks.choices, _choice),
            class_name="bare stack scrolls",
        ),
        dialog_foot(
            button(t("Cancel"), on_click=OrderLinks.show(False)), button(t("Link"), kind="primary", type="submit")
        ),
        on_submit=OrderLinks.link,
        class_name="stack loose",
        style={"marginBlockStart": "16px"},
    )
    return dialog(
        t("Link to work order #{number}", number=OrderLinks.number),
        rx.cond(OrderLinks.choices.length() > 0, form, nothing),
        is_open=OrderLinks.is_open,
        on_open_change=OrderLinks.show,
    )


def _choice(one: rx.vars.ObjectVar[Loose]) -> rx.Component:
    name: Any = "one-" + one.id.to_string()
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, value="yes"),
        rx.el.span(
            rx.el.span(fmt.day_time(one.start_at, Shell.time_zone), class_name="num nowrap"),
            rx.cond(one.action != "", rx.el.span(one.action, class_name="truncate", dir="auto"), rx.fragment()),
            status_chip(one.status),
            class_name="row wrap",
        ),
        class_name="check",
        key=one.id.to_string(),
    )
