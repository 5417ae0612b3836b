"""The pages of people who are not signed in: Sign in and Set up."""

import reflex as rx

from appointments_app import routes
from appointments_app.domain.times import zone_names
from appointments_app.features.session.components import LANGUAGE_NAMES, entrance
from appointments_app.features.session.state import Entrance
from appointments_app.ui.fields import select_field, text_field, tick
from appointments_app.ui.i18n import t
from appointments_app.ui.parts.forms import post_form

REGIONS = ("EG", "SA", "AE", "MA", "DZ", "TN", "JO", "LB", "KW", "QA", "FR", "BE", "CH", "DE", "ES", "IT", "NL", "GB", "IE", "US", "CA", "AU", "IN", "ZA")


def sign_in_page() -> rx.Component:
    """E-mail and password."""
    return entrance(
        rx.el.h1(t("Sign in")),
        post_form(
            rx.el.input(type="hidden", name="next", value=Entrance.next_address),
            text_field(t("E-mail"), "email", type="email", auto_complete="username", required=True, auto_focus=True, dir="ltr"),
            text_field(t("Password"), "password", type="password", auto_complete="current-password", required=True, dir="ltr"),
            rx.el.button(t("Sign in"), type="submit", class_name="btn primary wide"),
            action=routes.SIGN_IN_POST, class_name="stack loose",
        ),
    )


def set_up_page() -> rx.Component:
    """The first owner, the business, and sample data to try the program with."""
    zones = [rx.el.option(name, value=name) for name in zone_names()]
    languages = [rx.el.option(name, value=code) for code, name in LANGUAGE_NAMES.items()]
    regions = [rx.el.option(code, value=code) for code in REGIONS]
    return entrance(
        rx.el.h1(t("Set up your business")),
        rx.el.p(t("This takes a minute and is done once. You can change everything later in Settings."), class_name="muted"),
        post_form(
            rx.el.input(type="hidden", name="token", value=Entrance.token),
            rx.el.div(
                text_field(t("Your name"), "name", auto_complete="name", required=True, auto_focus=True),
                text_field(t("E-mail"), "email", type="email", auto_complete="username", required=True, dir="ltr"),
                class_name="grid2"),
            text_field(t("Password"), "password", type="password", auto_complete="new-password", required=True, hint=t("At least 10 characters."), dir="ltr"),
            text_field(t("Business name"), "business", auto_complete="organization", required=True),
            rx.el.div(
                select_field(t("Time zone"), "time_zone", zones, default_value=rx.Var("Intl.DateTimeFormat().resolvedOptions().timeZone")),
                select_field(t("Language"), "language", languages, default_value=rx.Var("globalThis.document?.documentElement.lang")),
                select_field(t("Country of phone numbers"), "region", regions),
                class_name="grid3"),
            tick(t("Add sample data to try things out"), "sample", value="yes"),
            rx.el.button(t("Create"), type="submit", class_name="btn primary wide"),
            action=routes.SET_UP_POST, class_name="stack loose",
        ),
        broad=True,
    )
