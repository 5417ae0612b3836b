"""The pages of people who are not signed in: Sign in and Set up."""

import reflex as rx

from appointments_app import routes
from appointments_app.features.session.components import entrance
from appointments_app.features.session.state import Entrance
from appointments_app.ui.blocks import banner, link_button
from appointments_app.ui.choices import browsers_region, language_field, region_field, time_zone_field
from appointments_app.ui.fields import text_field, tick
from appointments_app.ui.i18n import t
from appointments_app.ui.parts.forms import post_form


def sign_in_page() -> rx.Component:
    """E-mail and password."""
    return entrance(
        rx.el.h1(t("Sign in")),
        rx.cond(
            Entrance.was_changed,
            banner(
                rx.icon("check", size=16, aria_hidden="true"), t("Your password was changed. Sign in with the new one.")
            ),
            rx.fragment(),
        ),
        post_form(
            rx.el.input(type="hidden", name="next", value=Entrance.next_address),
            text_field(
                t("E-mail"), "email", type="email", auto_complete="username", required=True, auto_focus=True, dir="ltr"
            ),
            text_field(
                t("Password"), "password", type="password", auto_complete="current-password", required=True, dir="ltr"
            ),
            rx.el.button(t("Sign in"), type="submit", class_name="btn primary wide"),
            action=routes.SIGN_IN_POST,
            class_name="stack loose",
        ),
        rx.link(t("Forgotten password?"), href=routes.FORGOT),
    )


def not_found_page() -> rx.Component:
    """What stands at an address that leads nowhere."""
    return entrance(
        rx.el.h1(t("Page not found")),
        rx.el.p(t("Nothing is at this address."), class_name="muted"),
        link_button(t("Appointments"), routes.APPOINTMENTS, kind="primary wide"),
    )


def set_up_page() -> rx.Component:
    """The first owner, the business, and sample data to try the program with."""
    return entrance(
        rx.el.h1(t("Set up your business")),
        rx.el.p(
            t("This takes a minute and is done once. You can change everything later in Settings."), class_name="muted"
        ),
        post_form(
            rx.el.input(type="hidden", name="token", value=Entrance.token),
            rx.el.div(
                text_field(t("Your name"), "name", auto_complete="name", required=True, auto_focus=True),
                text_field(t("E-mail"), "email", type="email", auto_complete="username", required=True, dir="ltr"),
                class_name="grid2",
            ),
            text_field(
                t("Password"),
                "password",
                type="password",
                auto_complete="new-password",
                required=True,
                hint=t("At least 10 characters."),
                dir="ltr",
            ),
            rx.el.div(
                text_field(t("Business name"), "business", auto_complete="organization", required=True),
                language_field(default_value=rx.Var("globalThis.document?.documentElement.lang")),
                time_zone_field(default_value=rx.Var("Intl.DateTimeFormat().resolvedOptions().timeZone")),
                region_field("region", default_value=browsers_region()),
                class_name="grid2",
            ),
            tick(t("Add sample data to try things out"), "sample", value="yes"),
            rx.el.button(t("Create"), type="submit", class_name="btn primary wide"),
            action=routes.SET_UP_POST,
            class_name="stack loose",
        ),
        broad=True,
    )
