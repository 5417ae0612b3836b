"""The fields of the settings."""

import reflex as rx

from appointments_app.features.history.components import conflict_banner
from appointments_app.features.settings.state import SettingsPage
from appointments_app.ui.blocks import button
from appointments_app.ui.choices import language_field, region_field, time_zone_field
from appointments_app.ui.fields import text_field
from appointments_app.ui.i18n import t


def settings_form() -> rx.Component:
    """The form of the business's settings."""
    form, wrong = SettingsPage.form, SettingsPage.errors
    return rx.el.form(
        conflict_banner(SettingsPage),
        rx.el.h2(t("Business")),
        text_field(
            t("Business name"),
            "name",
            default_value=form.name,
            error=wrong["name"],
            required=True,
            max_length=120,
            dir="auto",
        ),
        rx.el.div(
            time_zone_field(
                default_value=form.time_zone,
                error=wrong["time_zone"],
                hint=t("Times are shown in it to everybody who has set no other."),
            ),
            language_field(
                default_value=form.language, error=wrong["language"], hint=t("For everybody who has chosen no other.")
            ),
            class_name="grid2",
        ),
        rx.el.div(
            region_field(
                "phone_region",
                default_value=form.phone_region,
                error=wrong["phone_region"],
                hint=t("Numbers typed without + are read as numbers of this country."),
            ),
            class_name="grid2",
        ),
        rx.el.div(button(t("Save"), kind="primary", type="submit"), class_name="form-foot"),
        on_submit=SettingsPage.save,
        key=SettingsPage.form_key,
        no_validate=True,
        class_name="card stack loose",
    )
