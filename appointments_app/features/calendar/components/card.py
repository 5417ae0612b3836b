"""The card of one appointment, "Move to …", and the question when somebody is busy."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.appointments import AppointmentRow
from appointments_app.domain.access import Permission
from appointments_app.features.appointments.components.form import clash_entry
from appointments_app.features.appointments.components.rows import (
    action_label,
    menu,
    recurring_mark,
    shared_label,
    staff_chip,
)
from appointments_app.features.calendar.state.card import CalendarCard
from appointments_app.features.session.components import allowed, client_link
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import banner, button, dialog, dialog_foot, link_button
from appointments_app.ui.fields import text_field
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.parts.dates import date_field, time_field
from appointments_app.ui.parts.pickers import multi_combobox
from appointments_app.ui.words import record_chip, status_label


def card() -> rx.Component:
    """What an appointment is, at a glance, and what can be done about it."""
    row = CalendarCard.card.row.to(AppointmentRow)
    client = client_link(row.client, row.client_id, class_name="link")
    phone = rx.el.a(row.phone, href=f"tel:{row.phone}", dir="ltr", class_name="link num")
    return dialog(
        rx.el.span(row.client, dir="auto"),
        rx.el.div(
            rx.el.div(
                rx.el.span(fmt.span(row.start_at, row.end_at, Shell.time_zone), class_name="strong num"),
                recurring_mark(row),
            ),
            rx.el.div(
                status_label(row.status, row.over, row.outcome),
                shared_label(row),
                class_name="row wrap",
            ),
            rx.el.dl(
                _fact(row.action != "", t("Action"), action_label(row.action, row.action_colour)),
                _fact(
                    row.record_number != "",
                    t("Kind"),
                    record_chip(row.kind, row.record_id, row.record_number, row.record_title),
                ),
                _fact(
                    row.staff.length() > 0,
                    t("Staff"),
                    rx.el.span(rx.foreach(row.staff, staff_chip), class_name="chips"),
                ),
                _fact(row.client_id != 0, t("Client"), client),
                _fact(row.phone != "", t("Phone"), phone),
                _fact(
                    CalendarCard.card.notes != "",
                    t("Notes"),
                    rx.el.span(CalendarCard.card.notes, class_name="prewrap", dir="auto"),
                ),
                class_name="facts",
            ),
            class_name="stack loose",
            style={"marginBlockStart": "8px"},
        ),
        rx.el.div(
            menu(row, CalendarCard.mark),
            rx.el.div(class_name="grow"),
            allowed(Permission.EDIT, button(t("Move to…"), icon="move", on_click=CalendarCard.begin_move)),
            link_button(t("Open", context="button"), f"{routes.APPOINTMENTS}/" + row.id.to_string(), kind="primary"),
            class_name="row",
            style={"marginBlockStart": "16px"},
        ),
        is_open=CalendarCard.is_open,
        on_open_change=lambda _is_open: CalendarCard.close(),
    )


def _fact(is_known: Any, label: Any, value: rx.Component) -> rx.Component:
    return rx.cond(is_known, rx.fragment(rx.el.dt(label), rx.el.dd(value)), rx.fragment())


def move_dialog() -> rx.Component:
    """Date, time, duration and staff of one appointment: what dragging does, by keyboard."""
    wrong = CalendarCard.errors
    when = rx.el.div(
        date_field(
            label=t("Date"),
            name="date",
            value=CalendarCard.date,
            error=wrong["date"],
            required=True,
            on_change=lambda value: CalendarCard.fill("date", value),
        ),
        time_field(
            label=t("Time"),
            name="time",
            value=CalendarCard.time,
            error=wrong["time"],
            required=True,
            on_change=lambda value: CalendarCard.fill("time", value),
        ),
        text_field(
            t("Minutes"),
            "duration",
            default_value=CalendarCard.duration,
            error=wrong["duration"],
            input_mode="numeric",
            max_length=4,
            dir="ltr",
            auto_complete="off",
        ),
        class_name="grid3",
    )
    staff = multi_combobox(
        label=t("Assign to staff members"),
        name="staff",
        values=CalendarCard.staff,
        options=CalendarCard.staff_options,
        error=wrong["staff"],
        on_search=CalendarCard.find_staff,
        on_add=CalendarCard.add_staff,
        on_remove=CalendarCard.remove_staff,
    )
    return dialog(
        t("Move to…"),
        rx.el.form(
            when,
            staff,
            dialog_foot(
                button(t("Cancel"), on_click=CalendarCard.stop_moving), button(t("Move"), kind="primary", type="submit")
            ),
            on_submit=CalendarCard.send,
            no_validate=True,
            class_name="stack loose",
            style={"marginBlockStart": "16px"},
        ),
        is_open=CalendarCard.is_moving,
        on_open_change=lambda _is_open: CalendarCard.stop_moving(),
    )


def busy_dialog() -> rx.Component:
    """Who is busy at that time already, and why to book all the same."""
    told = rx.el.div(
        rx.el.div(t("Already booked at that time:"), class_name="strong"),
        rx.el.ul(rx.foreach(CalendarCard.clashes, clash_entry), class_name="clashes"),
        class_name="stack grow",
    )
    return dialog(
        t("Booked twice?"),
        rx.el.form(
            banner(rx.icon("triangle-alert", size=16, aria_hidden="true"), told, kind="warn"),
            text_field(
                t("Why do you book it all the same?"),
                "reason",
                error=CalendarCard.errors["reason"],
                max_length=500,
                dir="auto",
                auto_complete="off",
            ),
            dialog_foot(
                button(t("Leave it where it was"), on_click=CalendarCard.give_up),
                button(t("Book anyway"), kind="primary", type="submit"),
            ),
            on_submit=CalendarCard.answer_clash,
            no_validate=True,
            class_name="stack loose",
            style={"marginBlockStart": "16px"},
        ),
        is_open=CalendarCard.asks_reason,
        on_open_change=lambda _is_open: CalendarCard.give_up(),
    )
