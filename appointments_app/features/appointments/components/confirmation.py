"""On an appointment's page: what the client asks, whether they confirmed, and what staff can do about it."""

import reflex as rx

from appointments_app.domain.access import Permission
from appointments_app.domain.appointment import Status
from appointments_app.features.appointments.components.rows import confirmed_fact
from appointments_app.features.appointments.state.confirmation import Confirmation
from appointments_app.features.appointments.state.form import BookingForm
from appointments_app.features.appointments.state.record import AppointmentRecord
from appointments_app.features.session.components import allowed
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import banner, button
from appointments_app.ui.fields import text_field
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.words import request_word


def request_banner() -> rx.Component:
    """What the client asked for or did, until somebody has settled it."""
    request = AppointmentRecord.facts.request
    told = rx.el.div(
        rx.el.div(request_word(request.kind), class_name="strong"),
        rx.cond(request.message != "", rx.el.div(request.message, class_name="prewrap", dir="auto"), rx.fragment()),
        rx.el.div(fmt.day_time(request.created_at, Shell.time_zone), class_name="muted small num"),
        class_name="stack grow",
        style={"gap": "2px"},
    )
    settle = _may(button(t("Settled"), icon="check", on_click=Confirmation.put("settle")))
    shown = banner(rx.icon("message-square", size=16, aria_hidden="true"), told, settle, kind="warn")
    return rx.cond(request.id != 0, shown, rx.fragment())


def confirmation_card() -> rx.Component:
    """Who confirmed, when and how; and the ways to get there."""
    facts = AppointmentRecord.facts
    who = rx.el.span(
        rx.icon("check-check", size=14, aria_hidden="true"),
        confirmed_fact(facts.confirmed_at, facts.confirmed_by, facts.confirmed_how),
        class_name="row wrap",
        dir="auto",
    )
    is_open = (facts.status == Status.SCHEDULED.value) & ~facts.over
    not_yet = rx.el.span(t("Not confirmed by the client"), class_name="muted")
    by_phone = button(t("Confirmed by phone"), icon="phone", on_click=Confirmation.put("by_phone"))
    take_back = button(t("Take back"), icon="undo-2", on_click=Confirmation.put("take_back"))
    link = button(t("Link to confirm"), icon="link", on_click=Confirmation.show_link)
    ways = rx.el.div(by_phone, rx.cond(facts.shared, link, rx.fragment()), class_name="row wrap")
    return rx.el.section(
        rx.el.h2(t("Confirmation")),
        rx.cond(facts.confirmed_at != "", who, not_yet),
        _may(
            rx.cond(
                facts.confirmed_at != "",
                rx.el.div(take_back, class_name="row"),
                rx.cond(is_open, rx.fragment(ways, _link()), rx.fragment()),
            )
        ),
        class_name="card stack",
        aria_label=t("Confirmation"),
    )


def _link() -> rx.Component:
    """The link, to copy or to withdraw."""
    field = text_field(
        t("Link to confirm"),
        "confirm-link",
        value=Confirmation.link,
        read_only=True,
        dir="ltr",
        hint=t("Whoever opens it sees date and time, and can confirm. It is good for this time only."),
    )
    buttons = rx.el.div(
        button(t("Copy"), icon="copy", on_click=rx.set_clipboard(Confirmation.link)),
        button(t("Withdraw all links"), kind="ghost", on_click=Confirmation.put("withdraw")),
        class_name="row wrap",
    )
    shown = (Confirmation.link != "") & (Confirmation.link_of == BookingForm.appointment_id)
    return rx.cond(shown, rx.el.div(field, buttons, class_name="stack"), rx.fragment())


def _may(part: rx.Component) -> rx.Component:
    return allowed(Permission.STATUS, part)
