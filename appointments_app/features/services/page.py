"""Settings › Working hours, Services, Booking rules."""

import reflex as rx

from appointments_app import routes
from appointments_app.features.services.components import hours, services
from appointments_app.features.services.components.rules import rules_form
from appointments_app.features.services.state.hours import WorkingHours
from appointments_app.features.services.state.rules import RulesPage
from appointments_app.features.services.state.services import ServiceEditor
from appointments_app.features.session.components import settings_frame
from appointments_app.ui.blocks import back_link, link_button, not_found, section_head
from appointments_app.ui.i18n import t


def services_page() -> rx.Component:
    """The services of the business."""
    new = link_button(t("New service"), routes.NEW_SERVICE, icon="plus", kind="primary")
    return settings_frame(section_head(t("Services"), new), services.service_table())


def service_page() -> rx.Component:
    """The form of one service, new or known."""
    title = rx.cond(ServiceEditor.form.id == 0, t("New service"), ServiceEditor.form.name)
    form = rx.fragment(
        section_head(rx.el.span(rx.cond(ServiceEditor.ready, title, ""), dir="auto")),
        rx.cond(ServiceEditor.ready, services.service_form(), _waiting()),
    )
    return settings_frame(
        back_link(t("Services"), routes.SERVICES),
        rx.cond(ServiceEditor.missing, not_found(t("Services"), routes.SERVICES), form),
    )


def working_hours_page() -> rx.Component:
    """The hours of the business, and of each person."""
    of_a_person = rx.cond(WorkingHours.who != "", rx.fragment(hours.leave(), hours.other_days()), rx.fragment())
    shown = rx.fragment(hours.whose(), hours.week(), of_a_person)
    return settings_frame(
        rx.cond(
            WorkingHours.missing,
            not_found(t("Working hours"), routes.WORKING_HOURS),
            rx.cond(WorkingHours.ready, shown, _waiting()),
        )
    )


def booking_rules_page() -> rx.Component:
    """The rules by which bookings are offered."""
    return settings_frame(rx.cond(RulesPage.ready, rules_form(), _waiting()))


def _waiting() -> rx.Component:
    return rx.el.div(rx.el.span(class_name="skeleton", style={"height": "320px"}), aria_busy="true")
