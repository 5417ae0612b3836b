"""The page of one booking: facts, moving it, deleting it, its history; and the printed sheet."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.domain.access import Permission
from appointments_app.domain.bookings import BookingStatus, Keep
from appointments_app.features.bookings.components.words import (
    free_days,
    people,
    price,
    status_chip,
    taken_notice,
)
from appointments_app.features.bookings.service import ANYONE
from appointments_app.features.bookings.state.record import BookingPage
from appointments_app.features.history.components import history_timeline
from appointments_app.features.session.components import allowed, client_link
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import button, colour_dot, dialog, dialog_foot, empty, link_button
from appointments_app.ui.fields import select_field
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.parts.dates import date_field

ROW: Any = BookingPage.row
HREF = f"{routes.BOOKINGS}/{ROW.id}"


def head() -> rx.Component:
    """Number, status, and what can be done."""
    pending, confirmed = (ROW.status == each.value for each in (BookingStatus.PENDING, BookingStatus.CONFIRMED))
    ahead = pending | confirmed
    confirm = button(t("Confirm"), kind="primary", icon="check", on_click=BookingPage.do("confirm"))
    move = link_button(t("Move"), HREF + "?move=yes", icon="calendar-days")
    done = button(t("Mark done"), icon="circle-check", on_click=BookingPage.do("done"))
    cancel = button(t("Cancel booking"), icon="circle-slash", on_click=BookingPage.do("cancel"))
    restore = button(t("Bring back"), icon="undo-2", on_click=BookingPage.do("restore"))
    delete = button(t("Delete"), icon="trash-2", kind="ghost", on_click=BookingPage.ask_delete(True))
    actions = rx.fragment(
        rx.cond(pending, allowed(Permission.STATUS, confirm)),
        rx.cond(ahead & ~BookingPage.moves, allowed(Permission.EDIT, move)),
        rx.cond(ahead, allowed(Permission.STATUS, rx.fragment(done, cancel)), allowed(Permission.STATUS, restore)),
        link_button(t("Print"), HREF + "/print", icon="printer"),
        allowed(Permission.DELETE, delete),
    )
    return rx.el.div(
        rx.el.h1(t("Booking #{number}", number=ROW.id)),
        status_chip(ROW.status),
        rx.el.div(actions, class_name="row wrap"),
        class_name="page-head",
    )


def facts() -> rx.Component:
    """What was booked, when, with whom, for whom."""
    client = client_link(ROW.client, ROW.client_id, class_name="link")
    appointment = rx.link(
        t("Open the appointment"), href=f"{routes.APPOINTMENTS}/{ROW.appointment_id}", class_name="link"
    )
    service = rx.el.span(colour_dot(ROW.colour), rx.el.span(ROW.service, dir="auto"), class_name="row")
    phone = rx.cond(
        ROW.phone != "", rx.el.a(ROW.phone, href="tel:" + ROW.phone, dir="ltr", class_name="num link"), rx.fragment()
    )
    made = rx.cond(ROW.by_client, t("By the client"), t("By staff"))
    notes = rx.el.span(BookingPage.notes, class_name="prewrap", dir="auto")
    rows = [
        (t("Service"), service),
        (t("When"), rx.el.span(fmt.span(ROW.start_at, ROW.end_at, Shell.time_zone), class_name="num")),
        (t("Duration"), fmt.duration(ROW.minutes)),
        (t("Staff"), rx.cond(ROW.staff.length() > 0, people(ROW.staff), t("Nobody"))),
        (t("Client"), rx.el.span(client, phone, class_name="row wrap")),
        (t("Price"), price(ROW.price, ROW.currency)),
        (t("Booked"), rx.el.span(fmt.day_time(BookingPage.created_at, Shell.time_zone), " · ", made, class_name="num")),
        (t("Notes"), rx.cond(BookingPage.notes != "", notes, rx.el.span("—", class_name="muted"))),
        (t("Appointment"), appointment),
    ]
    return rx.el.section(
        rx.el.dl(*(rx.fragment(rx.el.dt(label), rx.el.dd(value)) for label, value in rows), class_name="facts"),
        class_name="card",
    )


def moving() -> rx.Component:
    """The free starts to move it to, of the same person, of another, or of anyone."""
    choices = [rx.el.option(t("Anyone"), value=ANYONE), rx.foreach(BookingPage.able, _option)]
    who = select_field(
        t("Staff"),
        "staff",
        choices,
        value=BookingPage.staff,
        on_change=lambda value: BookingPage.look_at("staff", value),
    )
    day = date_field(
        label=t("From"), name="day", value=BookingPage.day, on_change=lambda value: BookingPage.look_at("day", value)
    )
    nothing = empty(
        "calendar-x",
        t("Nothing is free"),
        t("Nothing is free in the thirty days from there on. Try somebody else, or a later day."),
    )
    later = link_button(t("Later days"), BookingPage.later_link, icon="chevron-right")
    shown = rx.el.section(
        rx.el.h2(t("Move it to")),
        taken_notice(BookingPage.is_taken, BookingPage.taken, BookingPage.move),
        rx.el.div(who, day, class_name="grid2"),
        rx.cond(BookingPage.days.length() > 0, free_days(BookingPage.days, BookingPage.move), nothing),
        rx.el.div(
            rx.cond(BookingPage.later_link != "", later, rx.fragment()),
            link_button(t("Leave it where it is"), HREF, kind="ghost"),
            class_name="row wrap",
        ),
        class_name="card stack loose",
    )
    return rx.cond(BookingPage.moves, shown, rx.fragment())


def _option(one: Any) -> rx.Component:
    return rx.el.option(one.name, value=one.id)


def history() -> rx.Component:
    """Who did what, of the booking and of its appointment."""
    return rx.el.section(rx.el.h2(t("History")), history_timeline(BookingPage.changes), class_name="card stack")


def delete_dialog() -> rx.Component:
    """What becomes of the appointment when the booking is deleted."""
    choices = rx.el.div(
        _keep(Keep.APPOINTMENT, t("Keep the appointment, as an independent one")),
        _keep(Keep.NOTHING, t("Delete the appointment, too")),
        class_name="stack",
        role="radiogroup",
        aria_label=t("Its appointment"),
    )
    stays = rx.el.p(t("Its appointment is done, so it stays, as an independent one."))
    return dialog(
        t("Delete booking #{number}?", number=ROW.id),
        rx.el.div(rx.cond(ROW.status == BookingStatus.DONE.value, stays, choices), style={"marginBlockStart": "16px"}),
        dialog_foot(
            button(t("Cancel"), on_click=BookingPage.ask_delete(False)),
            button(t("Delete"), kind="danger", on_click=BookingPage.delete),
        ),
        is_open=BookingPage.asks_delete,
        on_open_change=BookingPage.ask_delete,
    )


def _keep(keep: Keep, label: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="keep",
            value=keep.value,
            checked=BookingPage.keep == keep.value,
            on_change=BookingPage.choose_keep,
        ),
        rx.el.span(label),
        class_name="check",
    )


def sheet() -> rx.Component:
    """The booking as it is printed and handed to the client."""
    staff = rx.foreach(ROW.staff, lambda one: rx.el.span(one.name, dir="auto"))
    rows = [
        (t("Client"), rx.el.span(ROW.client, dir="auto")),
        (t("Service"), rx.el.span(ROW.service, dir="auto")),
        (t("When"), fmt.span(ROW.start_at, ROW.end_at, Shell.time_zone)),
        (t("Duration"), fmt.duration(ROW.minutes)),
        (t("Staff"), rx.el.span(staff, class_name="row wrap")),
        (t("Price"), price(ROW.price, ROW.currency)),
        (t("Status"), status_chip(ROW.status)),
        (t("Notes"), rx.el.span(BookingPage.notes, class_name="prewrap", dir="auto")),
    ]
    return rx.el.article(
        rx.el.div(
            rx.el.p(BookingPage.business, class_name="strong flush", dir="auto"),
            rx.el.p(BookingPage.address, class_name="muted flush prewrap", dir="auto"),
            rx.el.p(BookingPage.phone, class_name="muted flush num", dir="ltr"),
            class_name="letterhead",
        ),
        rx.el.h1(t("Booking #{number}", number=ROW.id)),
        rx.el.dl(*(rx.fragment(rx.el.dt(label), rx.el.dd(value)) for label, value in rows), class_name="facts"),
        class_name="sheet card stack loose",
    )
