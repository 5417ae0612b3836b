"""The fields of Clients › Client settings."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.features.history.components import conflict_banner
from appointments_app.features.portal.state import ClientSettingsPage
from appointments_app.ui.blocks import banner, button, link_button
from appointments_app.ui.fields import text_field, tick
from appointments_app.ui.i18n import t


def client_settings_form() -> rx.Component:
    """What clients may do by themselves."""
    rules = ClientSettingsPage.form.rules
    return rx.el.form(
        conflict_banner(ClientSettingsPage),
        rx.el.h2(t("Portal")),
        rx.el.p(
            t("Clients sign in with a link that comes by e-mail or SMS, and see the appointments you share with them."),
            " ",
            rx.el.a(t("Open it"), href=routes.PORTAL, target="_blank", class_name="link"),
            class_name="muted",
        ),
        _tick(t("Clients may use the portal"), "portal_on", rules.portal_on),
        rx.cond(ClientSettingsPage.form.can_send, rx.fragment(), _no_channel()),
        rx.el.h2(t("Appointments")),
        _tick(t("See appointments shared with them"), "view_appointments", rules.view_appointments),
        _tick(
            t("Confirm"), "confirm", rules.confirm, t("Also by the link in messages, whether the portal is on or not.")
        ),
        _tick(t("Ask for another time"), "ask_other_time", rules.ask_other_time),
        _tick(t("Cancel"), "cancel", rules.cancel, t("The appointment is dismissed at once, and you are told.")),
        _tick(
            t("Book by themselves"),
            "book",
            rules.book,
            rx.fragment(
                t("Free times of your services; one is kept for five minutes while a client decides."),
                " ",
                rx.el.a(t("Notice, days ahead and limits"), href=routes.BOOKING_RULES, class_name="link"),
            ),
        ),
        _hours(
            t("Notice, in hours"),
            "notice_hours",
            rules.notice_hours,
            t("Later than so long before the start, clients are asked to call instead."),
        ),
        rx.el.h2(t("Profile")),
        _tick(t("See their details"), "view_profile", rules.view_profile),
        _tick(t("Change their details"), "edit_profile", rules.edit_profile),
        rx.el.h2(t("To call")),
        _hours(
            t("Call when unconfirmed, hours before"),
            "to_call_hours",
            rules.to_call_hours,
            t("Unconfirmed appointments that begin sooner are listed on Today. 0: never."),
        ),
        rx.el.div(button(t("Save"), kind="primary", type="submit"), class_name="form-foot"),
        on_submit=ClientSettingsPage.save,
        key=ClientSettingsPage.form_key,
        no_validate=True,
        class_name="card stack loose",
    )


def _no_channel() -> rx.Component:
    """Warns that nobody can be sent a link to sign in."""
    return banner(
        rx.icon("triangle-alert", size=16, aria_hidden="true"),
        rx.el.span(t("Neither e-mail nor SMS is set up: clients can't be sent their link."), class_name="grow"),
        link_button(t("Channels"), routes.CHANNELS),
        kind="warn",
    )


def _tick(label: Any, name: str, ticked: Any, hint: Any = None) -> rx.Component:
    below = [] if hint is None else [rx.el.div(hint, class_name="hint")]
    return rx.el.div(tick(label, name, default_checked=ticked), *below, class_name="field")


def _hours(label: Any, name: str, value: Any, hint: Any) -> rx.Component:
    field = text_field(
        label,
        name,
        default_value=value.to_string(),
        error=ClientSettingsPage.errors[name],
        hint=hint,
        input_mode="numeric",
        dir="ltr",
    )
    return rx.el.div(field, class_name="grid2")
