"""The fields of the settings."""

import reflex as rx

from appointments_app.features.history.components import conflict_banner
from appointments_app.features.session.components import keep_typed
from appointments_app.features.settings.service import ClosedDayRow
from appointments_app.features.settings.state import ClosedDays, SettingsPage
from appointments_app.ui.blocks import button
from appointments_app.ui.choices import currency_field, language_field, region_field, time_zone_field
from appointments_app.ui.fields import long_text_field, text_field
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.parts.dates import date_field


def settings_form() -> rx.Component:
    """The form of the business's settings."""
    form, wrong = SettingsPage.form, SettingsPage.errors
    return rx.el.form(
        keep_typed("settings"),
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
        *_habits_and_contact(),
        rx.el.div(button(t("Save"), kind="primary", type="submit"), class_name="form-foot"),
        on_submit=SettingsPage.save,
        key=SettingsPage.form_key,
        no_validate=True,
        class_name="card stack loose",
    )


def _habits_and_contact() -> list[rx.Component]:
    form, wrong = SettingsPage.form, SettingsPage.errors
    return [
        rx.el.div(
            region_field(
                "phone_region",
                default_value=form.phone_region,
                error=wrong["phone_region"],
                hint=t("Numbers typed without + are read as numbers of this country."),
            ),
            currency_field(
                default_value=form.currency, error=wrong["currency"], hint=t("Amounts are in it unless said otherwise.")
            ),
            text_field(
                t("Phone"),
                "phone",
                default_value=form.phone,
                error=wrong["phone"],
                type="tel",
                dir="ltr",
                hint=t("Clients are told to call it."),
            ),
            class_name="grid2",
        ),
        long_text_field(
            t("Address"),
            "address",
            default_value=form.address,
            error=wrong["address"],
            rows=2,
            hint=t("Where clients come to. It stands on their pages and in messages."),
            style={"minHeight": "56px"},
        ),
    ]


def closed_days() -> rx.Component:
    """The days on which the business is closed, and one more."""
    nobody = rx.el.p(t("No closed days yet. Days you add are marked when somebody books on them."), class_name="muted")
    more = rx.el.form(
        date_field(
            label=t("Date"),
            name="closed_day",
            value=ClosedDays.day,
            error=ClosedDays.error,
            required=True,
            on_change=ClosedDays.choose,
        ),
        text_field(t("Name"), "closed_name", max_length=80, auto_complete="off", dir="auto"),
        rx.el.div(button(t("Add"), icon="plus", type="submit"), class_name="row"),
        on_submit=ClosedDays.add,
        key=ClosedDays.form_key,
        no_validate=True,
        class_name="inline-form",
    )
    return rx.el.section(
        rx.el.h2(t("Closed days")),
        more,
        rx.cond(
            ClosedDays.rows.length() > 0,
            rx.el.ul(rx.foreach(ClosedDays.rows, _closed_day), class_name="plain next-dates"),
            nobody,
        ),
        class_name="card stack loose",
    )


def _closed_day(row: rx.vars.ObjectVar[ClosedDayRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(fmt.date(row.day), class_name="num"),
            rx.el.span(row.name, class_name="muted", dir="auto"),
            rx.el.div(class_name="grow"),
            button(
                t("Remove"),
                kind="ghost",
                aria_label=t("Remove: {day}", day=fmt.date(row.day)),
                on_click=ClosedDays.remove(row.day),
            ),
            class_name="row wrap",
        ),
        key=row.day,
    )
