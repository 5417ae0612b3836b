"""The cards of who one is, how pages look, and the password."""

from typing import Any

import reflex as rx
from reflex.style import LiteralColorMode, color_mode, set_color_mode

from appointments_app import routes
from appointments_app.features.account.state import AccountPage
from appointments_app.features.session.components import LANGUAGE_NAMES, keep_typed
from appointments_app.ui.blocks import button
from appointments_app.ui.choices import time_zone_field
from appointments_app.ui.fields import text_field
from appointments_app.ui.i18n import t
from appointments_app.ui.parts.forms import post_form


def details() -> rx.Component:
    """Name and time zone."""
    form, wrong = AccountPage.form, AccountPage.errors
    as_business = [rx.el.option(t("As the business ({zone})", zone=form.business_time_zone), value="")]
    return rx.el.form(
        keep_typed("details"),
        rx.el.h2(t("Your details")),
        rx.el.div(
            text_field(
                t("Name"),
                "name",
                default_value=form.name,
                error=wrong["name"],
                required=True,
                auto_complete="name",
                max_length=120,
                dir="auto",
            ),
            time_zone_field(first=as_business, default_value=form.time_zone, error=wrong["time_zone"]),
            class_name="grid2",
        ),
        rx.el.dl(rx.el.dt(t("E-mail")), rx.el.dd(rx.el.bdi(form.email)), class_name="facts"),
        rx.el.div(button(t("Save"), kind="primary", type="submit"), class_name="form-foot"),
        on_submit=AccountPage.save_details,
        no_validate=True,
        class_name="card stack loose",
    )


def look() -> rx.Component:
    """Language, and light or dark."""
    languages = [
        post_form(
            rx.el.input(type="hidden", name="language", value=code),
            rx.el.input(type="hidden", name="next", value=routes.ACCOUNT),
            button(
                name,
                type="submit",
                lang=code,
                custom_attrs={
                    "aria-pressed": rx.Var(f"(globalThis.document?.documentElement.lang === '{code}')", _var_type=bool)
                },
            ),
            action=routes.LANGUAGE_POST,
        )
        for code, name in LANGUAGE_NAMES.items()
    ]
    modes = [
        _mode(t("System"), "monitor", "system"),
        _mode(t("Light"), "sun", "light"),
        _mode(t("Dark"), "moon", "dark"),
    ]
    return rx.el.section(
        rx.el.h2(t("Language and look")),
        rx.el.div(
            rx.el.div(t("Language"), class_name="label"),
            rx.el.div(*languages, class_name="segments", role="group", aria_label=t("Language")),
            class_name="field",
        ),
        rx.el.div(
            rx.el.div(t("Colours"), class_name="label"),
            rx.el.div(*modes, class_name="segments", role="group", aria_label=t("Colours")),
            class_name="field",
        ),
        class_name="card stack loose",
    )


def _mode(label: Any, icon: str, mode: LiteralColorMode) -> rx.Component:
    return button(label, icon=icon, on_click=set_color_mode(mode), custom_attrs={"aria-pressed": color_mode == mode})


def password() -> rx.Component:
    """The present password and the new one."""
    wrong = AccountPage.errors
    return rx.el.form(
        rx.el.h2(t("Password")),
        rx.el.div(
            text_field(
                t("Present password"),
                "present",
                type="password",
                error=wrong["present"],
                required=True,
                auto_complete="current-password",
                dir="ltr",
            ),
            text_field(
                t("New password"),
                "wanted",
                type="password",
                error=wrong["wanted"],
                required=True,
                hint=t("At least 10 characters."),
                auto_complete="new-password",
                dir="ltr",
            ),
            class_name="grid2",
        ),
        rx.el.div(button(t("Change password"), type="submit"), class_name="form-foot"),
        on_submit=AccountPage.change_password,
        key=f"password{AccountPage.password_form}",
        no_validate=True,
        class_name="card stack loose",
    )
