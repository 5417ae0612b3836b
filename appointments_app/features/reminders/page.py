"""Settings › Reminders: the rules, how sending goes, and one rule."""

import reflex as rx

from appointments_app import routes
from appointments_app.features.reminders.components import health_card, rule_form, rule_table, upcoming
from appointments_app.features.reminders.state import ReminderForm, ReminderRules
from appointments_app.features.session.components import settings_frame
from appointments_app.ui.blocks import back_link, link_button, not_found, section_head
from appointments_app.ui.i18n import t


def reminders_page() -> rx.Component:
    """The rules, and how sending goes."""
    new = link_button(t("New reminder"), routes.NEW_REMINDER, icon="plus", kind="primary")
    return settings_frame(
        section_head(t("Reminders"), new),
        rule_table(),
        rx.cond(ReminderRules.ready, health_card(), rx.fragment()),
        narrow=False,
    )


def reminder_page() -> rx.Component:
    """The form of one rule, and what it will send next."""
    waiting = rx.el.div(rx.el.span(class_name="skeleton", style={"height": "520px"}), aria_busy="true")
    name = rx.el.span(ReminderForm.form.name, dir="auto")
    title = section_head(rx.cond(ReminderForm.form.id == 0, t("New reminder"), name))
    opened = rx.fragment(title, rule_form(), rx.cond(ReminderForm.form.id != 0, upcoming(), rx.fragment()))
    return settings_frame(
        back_link(t("Reminders"), routes.REMINDERS),
        rx.cond(
            ReminderForm.missing,
            not_found(t("Reminders"), routes.REMINDERS),
            rx.cond(ReminderForm.ready, opened, waiting),
        ),
    )
