"""The parts of the page Today."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.appointments import AppointmentRow, StaffChip
from appointments_app.db.queries.client_requests import RequestRow
from appointments_app.domain.access import Permission
from appointments_app.domain.appointment import Outcome, Status
from appointments_app.domain.listing import TO_CALL
from appointments_app.features.appointments.components.bars import progress
from appointments_app.features.appointments.components.rows import recurring_mark, staff_chip, what
from appointments_app.features.appointments.state.bulk import BulkActions
from appointments_app.features.overview.service import SHOWN
from appointments_app.features.overview.state import Today
from appointments_app.features.session.components import allowed, client_link
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import banner, button, dialog, dialog_foot, empty, link_button, shown_if
from appointments_app.ui.i18n import fmt, t, tn
from appointments_app.ui.lists import neighbours
from appointments_app.ui.parts.menus import menu_button
from appointments_app.ui.words import outcome_word, request_word


def ahead() -> rx.Component:
    """What is on or still to come today."""
    nothing = rx.el.p(t("Nothing more today."), class_name="muted")
    more = link_button(t("All of today"), f"{routes.APPOINTMENTS}?since={Today.today}&until={Today.today}")
    return _section(
        rx.el.h2(t("Coming up")),
        rx.cond(
            Today.ahead.length() > 0,
            rx.fragment(
                rx.el.ul(rx.foreach(Today.ahead, lambda row: _entry(row)), class_name="plain queue"),
                rx.cond(Today.has_more, rx.el.div(more, class_name="row"), rx.fragment()),
            ),
            nothing,
        ),
        label=t("Coming up"),
    )


def to_call() -> rx.Component:
    """Unconfirmed ones that begin soon: whom to call; nothing when there are none."""
    more = link_button(t("All to call"), f"{routes.APPOINTMENTS}?tab=scheduled&confirmed={TO_CALL}")
    rows = rx.foreach(Today.to_call, lambda row: _entry(row, _may_mark(_confirmed(row)), near_day=True))
    part = _section(
        rx.el.h2(t("To call")),
        rx.el.p(t("They begin soon, and the client has not confirmed."), class_name="muted"),
        rx.el.ul(rows, class_name="plain queue"),
        rx.cond(Today.to_call.length() >= SHOWN, rx.el.div(more, class_name="row"), rx.fragment()),
        label=t("To call"),
    )
    return rx.cond(Today.to_call.length() > 0, part, rx.fragment())


def _confirmed(row: rx.vars.ObjectVar[AppointmentRow]) -> rx.Component:
    return rx.el.div(
        button(t("Confirmed"), icon="check-check", on_click=Today.confirmed(row.id)),
        class_name="row",
        role="group",
        aria_label=t("Actions for {name}", name=row.client),
    )


def to_confirm() -> rx.Component:
    """That bookings wait to be accepted; nothing when none do."""
    told = tn(
        "{n} booking waits for you to confirm it.", "{n} bookings wait for you to confirm them.", Today.to_confirm
    )
    return rx.cond(
        Today.to_confirm > 0,
        banner(
            rx.icon("hourglass", size=16, aria_hidden="true"),
            rx.el.span(told, class_name="grow"),
            link_button(t("Show them"), f"{routes.BOOKINGS}?tab=pending"),
        ),
        rx.fragment(),
    )


def asked() -> rx.Component:
    """What clients ask for; nothing when nobody does."""
    more = link_button(t("All requests"), f"{routes.APPOINTMENTS}?asked=yes")
    part = _section(
        rx.el.h2(t("Clients ask")),
        rx.el.ul(rx.foreach(Today.requests, _request), class_name="plain queue"),
        rx.cond(Today.requests.length() >= SHOWN, rx.el.div(more, class_name="row"), rx.fragment()),
        label=t("Clients ask"),
    )
    return rx.cond(Today.requests.length() > 0, part, rx.fragment())


def _request(row: rx.vars.ObjectVar[RequestRow]) -> rx.Component:
    href = f"{routes.APPOINTMENTS}/" + row.appointment_id.to_string()
    times = rx.link(
        fmt.span(row.start_at, row.end_at, Shell.time_zone),
        href=href,
        class_name="strong num link-quiet",
        underline="none",
    )
    client = client_link(row.client, row.client_id, class_name="truncate link-quiet", underline="none")
    settle = button(t("Settled"), icon="check", on_click=Today.settle(row.appointment_id))
    return rx.el.li(
        rx.el.div(times, class_name="when"),
        rx.el.div(client, class_name="who"),
        rx.el.div(
            rx.el.span(request_word(row.kind), class_name="strong"),
            rx.el.span(row.message, class_name="prewrap", dir="auto"),
            class_name="what",
        ),
        _may_mark(rx.el.div(settle, class_name="row")),
        key=row.id.to_string(),
        custom_attrs={"data-row": row.appointment_id},
    )


def yet_to_mark() -> rx.Component:
    """The queue of what is over and still Scheduled: one click each, or all."""
    count = rx.el.span(fmt.number(Today.count), class_name="count", style=shown_if(Today.counted))
    every = menu_button(
        label=t("Mark all"),
        items=[{"id": verb, "name": word, "icon": icon} for verb, word, icon, _ in _marks()],
        on_action=Today.ask,
    )
    nothing = empty("circle-check", t("Everything is marked"), t("What is over is done or dismissed."))
    return _section(
        rx.el.div(
            rx.el.h2(t("Yet to mark")),
            count,
            rx.el.div(class_name="grow"),
            rx.cond((Today.rows.length() > 0) & Today.counted, _may_mark(every), rx.fragment()),
            class_name="row",
        ),
        rx.cond(BulkActions.running, progress(), rx.fragment()),
        rx.cond(
            Today.rows.length() > 0,
            rx.fragment(
                rx.el.ul(
                    rx.foreach(Today.rows, lambda row: _entry(row, _may_mark(_buttons(row)), near_day=True)),
                    class_name="plain queue",
                ),
                rx.el.div(
                    rx.el.div(class_name="grow"), neighbours(Today.previous_link, Today.next_link), class_name="row"
                ),
            ),
            nothing,
        ),
        _question(),
        label=t("Yet to mark"),
    )


def _section(*content: rx.Component, label: Any) -> rx.Component:
    return rx.el.section(*content, class_name="card stack", aria_label=label)


def _marks() -> tuple[tuple[str, Any, str, str], ...]:
    """Return each mark with its word and its icon, in a menu and on a button."""
    return (
        (Status.DONE.value, t("Done"), "done", "circle-check"),
        (Status.DISMISSED.value, t("Dismiss"), "dismiss", "circle-slash"),
        (Outcome.NO_SHOW.value, outcome_word(Outcome.NO_SHOW), "user-off", "user-x"),
    )


def _may_mark(part: rx.Component) -> rx.Component:
    return allowed(Permission.STATUS, part)


def _entry(row: rx.vars.ObjectVar[AppointmentRow], *buttons: rx.Component, near_day: bool = False) -> rx.Component:
    day = [rx.el.span(fmt.near_day(row.start_at, Shell.time_zone), class_name="muted small num")] if near_day else []
    times = rx.link(
        fmt.times(row.start_at, row.end_at, Shell.time_zone),
        href=f"{routes.APPOINTMENTS}/" + row.id.to_string(),
        class_name="strong num link-quiet",
        underline="none",
    )
    client = client_link(row.client, row.client_id, class_name="truncate link-quiet", underline="none")
    staff = rx.el.span(rx.foreach(row.staff.to(list[StaffChip]), staff_chip), class_name="chips")
    return rx.el.li(
        rx.el.div(times, *day, recurring_mark(row), class_name="when"),
        rx.el.div(client, rx.el.bdi(row.phone, dir="ltr", class_name="muted small num"), class_name="who"),
        rx.el.div(what(row), staff, class_name="what"),
        *buttons,
        key=row.id.to_string(),
        custom_attrs={"data-row": row.id},
    )


def _buttons(row: rx.vars.ObjectVar[AppointmentRow]) -> rx.Component:
    """The marks, one click each."""
    return rx.el.div(
        *(button(word, icon=icon, on_click=Today.mark(row.id, verb)) for verb, word, _, icon in _marks()),
        class_name="row",
        role="group",
        aria_label=t("Actions for {name}", name=row.client),
    )


def _question() -> rx.Component:
    """Asks before the whole queue is marked."""
    said = [
        (
            verb,
            tn(
                "{n} appointment will be marked: {word}.",
                "{n} appointments will be marked: {word}.",
                Today.count,
                word=word,
            ),
        )
        for verb, word, _, _ in _marks()
    ]
    return dialog(
        t("Mark all"),
        rx.el.p(rx.match(Today.asked, *said, "")),
        dialog_foot(
            button(t("Cancel"), on_click=Today.ask("")),
            button(t("Mark all"), kind="primary", on_click=Today.mark_all(Today.asked)),
        ),
        is_open=Today.asked != "",
        on_open_change=lambda _is_open: Today.ask(""),
    )
