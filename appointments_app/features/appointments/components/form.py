"""The fields of the booking form, what it warns of, and its buttons."""

from types import SimpleNamespace
from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.appointments import AppointmentRow
from appointments_app.domain.access import Permission
from appointments_app.domain.appointment import NOTES_LIMIT
from appointments_app.domain.booking import PRESETS
from appointments_app.features.appointments.components.new_client import new_client_entry
from appointments_app.features.appointments.components.repeat import repeat_fields
from appointments_app.features.appointments.components.rows import staff_chip
from appointments_app.features.appointments.state.actions import ActionsList
from appointments_app.features.appointments.state.form import OTHER, BookingForm
from appointments_app.features.appointments.state.new_client import NewClient
from appointments_app.features.history.components import conflict_banner
from appointments_app.features.session.components import may
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import banner, button
from appointments_app.ui.fields import long_text_field, select_field, text_field, tick
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.parts.dates import date_field, time_field
from appointments_app.ui.parts.entry_form import back_button, entry_form
from appointments_app.ui.parts.pickers import combobox, multi_combobox
from appointments_app.ui.words import record_chip

NEAR_LIMIT = NOTES_LIMIT - 500
ONLY_LOOKS: Any = (BookingForm.appointment_id != 0) & ~may(Permission.EDIT)
"""Whether the form only shows an appointment, to somebody who may not change it."""


def booking_form() -> rx.Component:
    """The whole form, the same for new and old appointments."""
    choice = SimpleNamespace(
        is_conflict=BookingForm.is_conflict,
        changes=BookingForm.changes,
        load=BookingForm.discard,
        insist=BookingForm.insist,
    )
    return entry_form(
        conflict_banner(choice),
        _record(),
        _client(),
        rx.el.div(rx.el.div(_date(), _time(), _duration(), class_name="grid3"), _when_hint(), class_name="stack"),
        rx.el.div(_action(), _staff(), class_name="grid2"),
        repeat_fields(),
        _notes(),
        tick(
            t("Share with client"),
            "shared",
            default_checked=BookingForm.shared,
            key=BookingForm.form_key,
            on_change=BookingForm.share,
        ),
        _past(),
        _closed(),
        _busy(),
        _foot(),
        label=rx.cond(BookingForm.appointment_id == 0, t("New appointment"), t("Appointment")),
        attempt=BookingForm.attempt,
        disabled=ONLY_LOOKS,
        on_save=BookingForm.save,
        class_name="card stack loose",
    )


def _client() -> rx.Component:
    return combobox(
        label=t("Client"),
        name="client",
        value=BookingForm.client,
        text=BookingForm.client_name,
        options=BookingForm.client_options,
        footer=new_client_entry(),
        placeholder=t("Search name, phone or e-mail"),
        error=BookingForm.errors["client"],
        required=True,
        auto_focus=(BookingForm.appointment_id == 0) & (BookingForm.client == ""),
        on_search=BookingForm.find_clients,
        on_pick=BookingForm.pick_client,
        on_footer=NewClient.ask,
    )


def _record() -> rx.Component:
    """The record that the appointment is for, and the way to make it independent."""
    linked = BookingForm.linked
    shown = banner(
        record_chip(linked.kind, linked.id, linked.number, linked.title),
        rx.el.span(linked.title, class_name="truncate grow", dir="auto"),
        button(t("Detach"), kind="ghost", title=t("Make it an independent appointment"), on_click=BookingForm.detach),
    )
    refusal = BookingForm.errors["work_order"]
    wrong = rx.el.div(refusal, class_name="field-error", role="alert", custom_attrs={"data-error-for": "work_order"})
    return rx.cond((linked.id != 0) | (refusal != ""), rx.el.div(shown, wrong, class_name="stack"), rx.fragment())


def _date() -> rx.Component:
    return date_field(
        label=t("Date"),
        name="date",
        value=BookingForm.date,
        error=BookingForm.errors["date"],
        required=True,
        disabled=ONLY_LOOKS,
        on_change=lambda value: BookingForm.fill("date", value),
    )


def _time() -> rx.Component:
    return time_field(
        label=t("Time"),
        name="time",
        value=BookingForm.time,
        error=BookingForm.errors["time"],
        required=True,
        disabled=ONLY_LOOKS,
        on_change=lambda value: BookingForm.fill("time", value),
    )


def _duration() -> rx.Component:
    presets = [rx.el.option(fmt.duration(minutes), value=str(minutes)) for minutes in PRESETS]
    usual = select_field(
        t("Duration"),
        "duration",
        [*presets, rx.el.option(t("Another duration…"), value=OTHER)],
        value=rx.cond(BookingForm.is_other_duration, OTHER, BookingForm.duration),
        error=rx.cond(BookingForm.is_other_duration, "", BookingForm.errors["duration"]),
        on_change=BookingForm.choose_duration,
    )
    other = text_field(
        t("Minutes"),
        "minutes",
        default_value=BookingForm.duration,
        error=BookingForm.errors["duration"],
        input_mode="numeric",
        max_length=4,
        dir="ltr",
        auto_complete="off",
        key=BookingForm.form_key,
        on_change=lambda value: BookingForm.fill("duration", value).debounce(300),
    )
    return rx.cond(BookingForm.is_other_duration, rx.el.div(usual, other, class_name="duration"), usual)


def _when_hint() -> rx.Component:
    """When it ends, and whose clock the times are on when that is not the business's."""
    ends = t("Ends {time}", time=fmt.day_time(BookingForm.end_at, Shell.time_zone))
    zone = t(
        "Your time zone: {zone}. The business: {business}.", zone=Shell.time_zone, business=BookingForm.business_zone
    )
    differs = (BookingForm.business_zone != "") & (BookingForm.business_zone != Shell.time_zone)
    return rx.el.div(
        rx.cond(BookingForm.end_at != "", rx.el.span(ends, class_name="num"), rx.el.span(" ")),
        rx.cond(differs, rx.el.span(zone), rx.fragment()),
        class_name="hint row wrap when-hint",
    )


def _action() -> rx.Component:
    edit = rx.Var.create([{"id": "edit", "name": t("Edit Actions List"), "icon": "list"}])
    return combobox(
        label=t("Action"),
        name="action",
        value=BookingForm.action,
        text=BookingForm.action_name,
        options=BookingForm.action_options,
        footer=rx.cond(may(Permission.ACTIONS), edit, rx.Var.create([])),
        placeholder=t("What will be done"),
        error=BookingForm.errors["action"],
        required=BookingForm.linked.id == 0,
        on_search=BookingForm.find_actions,
        on_pick=BookingForm.pick_action,
        on_footer=lambda entry, typed: ActionsList.show(True),
    )


def _staff() -> rx.Component:
    return multi_combobox(
        label=t("Assign to staff members"),
        name="staff",
        values=BookingForm.staff,
        options=BookingForm.staff_options,
        placeholder=t("Unassigned"),
        error=BookingForm.errors["staff"],
        on_search=BookingForm.find_staff,
        on_add=BookingForm.add_staff,
        on_remove=BookingForm.remove_staff,
    )


def _notes() -> rx.Component:
    left = t("{n} of {limit} characters", n=fmt.number(BookingForm.notes_length), limit=fmt.number(NOTES_LIMIT))
    return long_text_field(
        t("Notes"),
        "notes",
        default_value=BookingForm.notes,
        key=BookingForm.form_key,
        error=BookingForm.errors["notes"],
        hint=rx.cond(BookingForm.notes_length > NEAR_LIMIT, left, ""),
        rows="4",
        on_change=BookingForm.type_notes.debounce(400),
    )


def _past() -> rx.Component:
    words = t("This start is in the past. You can book it all the same.")
    mark = rx.icon("history", size=16, aria_hidden="true")
    return rx.cond(
        BookingForm.in_past & (BookingForm.appointment_id == 0), banner(mark, words, kind="warn"), rx.fragment()
    )


def _closed() -> rx.Component:
    """The business is closed on that day."""
    name = BookingForm.closed[0]
    named = t("The business is closed on this day: {name}.", name=name)
    words = rx.cond(name != "", named, t("The business is closed on this day."))
    mark = rx.icon("calendar-off", size=16, aria_hidden="true")
    return rx.cond(BookingForm.closed.length() > 0, banner(mark, words, kind="warn"), rx.fragment())


def _busy() -> rx.Component:
    """Who is busy with what; after an attempt to save, why to book all the same."""
    told = rx.el.div(
        rx.el.div(t("Already booked at that time:"), class_name="strong"),
        rx.el.ul(rx.foreach(BookingForm.clashes, clash_entry), class_name="clashes"),
        rx.cond(BookingForm.asks_reason, _anyway(), rx.fragment()),
        class_name="stack grow",
    )
    mark = rx.icon("triangle-alert", size=16, aria_hidden="true")
    return rx.cond(BookingForm.clashes.length() > 0, banner(mark, told, kind="warn"), rx.fragment())


def clash_entry(row: rx.vars.ObjectVar[AppointmentRow]) -> rx.Component:
    when = fmt.span(row.start_at, row.end_at, Shell.time_zone)
    href = f"{routes.APPOINTMENTS}/" + row.id.to_string()
    return rx.el.li(
        rx.cond(
            row.client_id == 0,  # somebody else's, of which this person may know only that it is there
            rx.fragment(rx.el.span(when, class_name="num"), rx.el.span(t("Busy"))),
            rx.fragment(
                rx.el.a(when, href=href, target="_blank", class_name="link num"), rx.el.span(row.client, dir="auto")
            ),
        ),
        rx.cond(row.action != "", rx.el.span(row.action, class_name="muted", dir="auto"), rx.fragment()),
        rx.foreach(row.staff, staff_chip),
        class_name="row wrap",
        key=row.id.to_string(),
    )


def _anyway() -> rx.Component:
    reason = text_field(
        t("Why do you book it all the same?"),
        "reason",
        error=BookingForm.errors["reason"],
        required=True,
        auto_complete="off",
        dir="auto",
        custom_attrs={"data-asks": ""},
    )
    return rx.el.div(
        reason, button(t("Book anyway"), type="submit", name="anyway", value="yes"), class_name="stack anyway"
    )


def _foot() -> rx.Component:
    """Save and the way out; whoever may only look on reads so."""
    only_looks = banner(rx.icon("eye", size=16, aria_hidden="true"), t("Your role may see this, and not change it."))
    return rx.cond(ONLY_LOOKS, only_looks, _buttons())


def _buttons() -> rx.Component:
    return rx.el.div(
        button(t("Save"), kind="primary", type="submit", title=t("Ctrl+Enter saves"), custom_attrs={"data-save": ""}),
        back_button(t("Cancel"), href=BookingForm.cancel_href, class_name="btn"),
        rx.el.div(class_name="grow"),
        rx.cond(
            BookingForm.is_changed,
            rx.fragment(
                rx.el.span(t("Draft kept"), class_name="muted small"),
                button(t("Discard changes"), kind="ghost", on_click=BookingForm.discard),
            ),
            rx.fragment(),
        ),
        class_name="form-foot",
    )
