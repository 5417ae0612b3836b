"""Below the form of an appointment: its status with what can be done about it, its audit trail."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.domain.access import Permission
from appointments_app.domain.appointment import Outcome, Status
from appointments_app.features.appointments.state.form import BookingForm
from appointments_app.features.appointments.state.record import AppointmentRecord
from appointments_app.features.history.components import history_timeline
from appointments_app.features.sending.service import To
from appointments_app.features.sending.state import SendNow
from appointments_app.features.session.components import allowed
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import banner, button
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.parts.menus import menu_button
from appointments_app.ui.words import STATUS_ICON, status_label


def behind() -> rx.Component:
    """Says that somebody else changed the appointment while it was being edited."""
    who = rx.cond(AppointmentRecord.changed_by != "", AppointmentRecord.changed_by, t("The program"))
    told = banner(
        rx.icon("users", size=16, aria_hidden="true"),
        rx.el.span(
            t("{name} changed this appointment meanwhile. What you typed is still here.", name=who), class_name="grow"
        ),
        button(t("Use theirs"), on_click=BookingForm.discard),
        kind="warn",
    )
    return rx.cond(AppointmentRecord.is_behind & ~BookingForm.is_conflict, told, rx.fragment())


def status_bar() -> rx.Component:
    """The status and the buttons that change it."""
    facts = AppointmentRecord.facts
    return rx.el.div(
        status_label(facts.status, facts.over, facts.outcome),
        rx.el.div(class_name="grow"),
        _verb(Status.DONE, t("Mark done")),
        _verb(Status.DISMISSED, t("Dismiss")),
        rx.cond(facts.over & (facts.outcome != Outcome.NO_SHOW.value), _no_show(), rx.fragment()),
        _verb(Status.SCHEDULED, t("Back to scheduled")),
        _sms(),
        _calendar_link(),
        allowed(Permission.DELETE, button(t("Delete"), icon="trash-2", on_click=AppointmentRecord.mark("delete"))),
        class_name="row wrap",
    )


def _sms() -> rx.Component:
    """Writes to the client, or to the staff assigned."""
    entries = [
        {"id": To.CLIENT.value, "name": t("Send SMS to client"), "icon": "message"},
        {"id": To.STAFF.value, "name": t("Send SMS to staff"), "icon": "message"},
    ]
    menu = menu_button(
        label=t("SMS"),
        icon="message",
        items=entries,
        on_action=lambda to: SendNow.open_one(BookingForm.appointment_id, to),
    )
    return allowed(Permission.SMS, menu)


def _calendar_link() -> rx.Component:
    """The appointment, or its whole series, as a file for other calendar programs."""
    return rx.el.a(
        rx.icon("calendar-arrow-down", size=16, aria_hidden="true"),
        aria_label=t("Calendar file"),
        title=t("Calendar file"),
        href=f"{routes.CALENDAR}/{BookingForm.appointment_id}.ics",
        download=True,
        class_name="btn icon",
        custom_attrs={"reloadDocument": True},
    )


def _verb(status: Status, label: Any) -> rx.Component:
    press = button(label, icon=STATUS_ICON[status], on_click=AppointmentRecord.mark(status.value))
    return allowed(Permission.STATUS, rx.cond(AppointmentRecord.facts.status == status.value, rx.fragment(), press))


def _no_show() -> rx.Component:
    press = button(t("No-show"), icon="user-x", on_click=AppointmentRecord.mark(Outcome.NO_SHOW.value))
    return allowed(Permission.STATUS, press)


def record() -> rx.Component:
    """Origin, and the audit trail."""
    facts = AppointmentRecord.facts
    by = t("{when} by {name}", when=fmt.day_time(facts.created_at, Shell.time_zone), name=facts.created_by)
    return rx.el.section(
        rx.el.dl(
            _fact(t("Created"), rx.cond(facts.created_by != "", by, fmt.day_time(facts.created_at, Shell.time_zone))),
            rx.cond(facts.overlap_reason != "", _fact(t("Booked twice because"), facts.overlap_reason), rx.fragment()),
            class_name="facts",
        ),
        rx.el.h2(t("History")),
        history_timeline(AppointmentRecord.history),
        class_name="card stack loose",
        aria_label=t("History"),
    )


def _fact(label: Any, value: Any) -> rx.Component:
    return rx.fragment(rx.el.dt(label), rx.el.dd(value, dir="auto"))
