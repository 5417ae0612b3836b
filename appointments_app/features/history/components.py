"""The audit trail as people read it: who did what, when, from what to what."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.history import ChangeRow, FieldChange
from appointments_app.domain.appointment import Outcome, Status
from appointments_app.domain.change import Kind, Verb
from appointments_app.features.session.components import LANGUAGE_NAMES
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import banner, button
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.words import outcome_word, role_word, status_word

_FIELDS = {
    "name": t("Name"),
    "business_name": t("Business name"),
    "email": t("E-mail"),
    "phone": t("Phone"),
    "address": t("Address"),
    "notes": t("Notes"),
    "tags": t("Tags"),
    "birth_date": t("Birth date"),
    "language": t("Language"),
    "time_zone": t("Time zone"),
    "client_id": t("Client"),
    "action_id": t("Action"),
    "start_at": t("Start"),
    "end_at": t("End"),
    "duration": t("Duration"),
    "status": t("Status"),
    "outcome": t("Outcome"),
    "shared": t("Shared with client"),
    "staff": t("Staff"),
    "staff_ids": t("Staff"),
    "confirmed_at": t("Confirmed"),
    "confirmed_by": t("Confirmed by"),
    "confirmed_how": t("Confirmed through"),
    "by_hand": t("Changed alone"),
    "links_revoked": t("Links withdrawn"),
    "message": t("Message"),
    "messages_email": t("Messages by e-mail"),
    "messages_sms": t("Messages by SMS"),
    "portal_on": t("Clients may use the portal"),
    "view_appointments": t("See appointments shared with them"),
    "confirm": t("Confirm"),
    "ask_other_time": t("Ask for another time"),
    "cancel": t("Cancel"),
    "book": t("Book by themselves"),
    "step": t("A start every"),
    "notice": t("Notice for bookings, in minutes"),
    "ahead": t("Days ahead"),
    "per_client": t("Bookings per client"),
    "must_confirm": t("Staff confirm each one"),
    "clients_book": t("Clients can book it themselves"),
    "view_profile": t("See their details"),
    "edit_profile": t("Change their details"),
    "keep_clients": t("Months that clients are kept"),
    "keep_history": t("Months that the history is kept"),
    "notice_hours": t("Notice, in hours"),
    "to_call_hours": t("Call when unconfirmed, hours before"),
    "overlap_reason": t("Reason"),
    "archived_at": t("Archived"),
    "deleted_at": t("Deleted"),
    "colour": t("Colour"),
    "active": t("Active"),
    "role": t("Role"),
    "position": t("Position"),
    "default_duration": t("Default duration"),
    "phone_region": t("Country of phone numbers"),
    "password": t("Password"),
    "may_sign_in": t("May sign in"),
    "second_step": t("Second step"),
    "recovery_codes": t("New recovery codes"),
    "second_step_roles": t("Second step needed to sign in"),
    "rrule": t("Repeats"),
    "description": t("Description"),
    "minutes": t("Duration"),
    "before": t("Free before"),
    "after": t("Free after"),
    "price": t("Price"),
    "currency": t("Currency"),
    "hours": t("Working hours"),
    "leave": t("Leave"),
    "other_hours": t("Other hours"),
    "booking_id": t("Booking"),
    "sms": t("SMS"),
    "letter": t("E-mail"),
    "work_order_id": t("Work order"),
    "title": t("Title"),
    "number": t("Number"),
    "starts_on": t("Start"),
    "ends_on": t("Finish"),
    "budget": t("Budget"),
}


def history_timeline(rows: rx.vars.ArrayVar[Sequence[ChangeRow]]) -> rx.Component:
    """Changes, newest first, with old and new of each field."""
    return rx.cond(
        rows.length() > 0,
        rx.el.ol(rx.foreach(rows, _change), class_name="timeline"),
        rx.el.p(t("No changes yet."), class_name="muted"),
    )


def _change(row: rx.vars.ObjectVar[ChangeRow]) -> rx.Component:
    name = rx.cond(row.by_client, t("{name} (client)", name=row.who), row.who)
    who = rx.cond(row.who != "", name, t("The program"))
    head = rx.el.div(
        rx.el.span(who, class_name="strong", dir="auto"),
        rx.el.span(verb_word(row.verb)),
        _appointment(row),
        rx.el.time(fmt.day_time(row.at, Shell.time_zone), class_name="muted small num", date_time=row.at),
        class_name="row wrap",
        style={"columnGap": "6px", "rowGap": "0"},
    )
    lines = rx.cond(
        row.lines.length() > 0, rx.el.dl(rx.foreach(row.lines, _line), class_name="history-lines small"), rx.fragment()
    )
    return rx.el.li(
        rx.el.div(head, lines, style={"minWidth": "0"}),
        key=f"{row.change_id}{row.entity}{row.entity_id}",
    )


def _appointment(row: rx.vars.ObjectVar[ChangeRow]) -> rx.Component:
    name = t("Appointment of {day}", day=fmt.day_time(row.start_at, Shell.time_zone))
    link = rx.link(name, href=f"{routes.APPOINTMENTS}/" + row.open_id.to_string(), class_name="link", underline="hover")
    return rx.cond(
        row.start_at != "", rx.cond(row.open_id != 0, link, rx.el.span(name, class_name="muted")), rx.fragment()
    )


def _line(line: rx.vars.ObjectVar[FieldChange]) -> rx.Component:
    old = rx.cond(
        line.old != "",
        rx.fragment(
            rx.el.del_(_value(line.kind, line.old), class_name="old", dir="auto"),
            rx.el.span("→", class_name="muted flips", aria_hidden="true"),
        ),
        rx.fragment(),
    )
    return rx.el.div(
        rx.el.dt(field_word(line.field), class_name="muted"),
        rx.el.dd(old, rx.el.ins(_value(line.kind, line.new), dir="auto")),
    )


def _value(kind: Any, value: Any) -> Any:
    """Return a stored value as people read it; empty ones as a dash, '1' and '' of a tick as Yes and No."""
    text = rx.cond(value != "", value, "—")
    return rx.match(
        kind,
        (Kind.INSTANT.value, rx.cond(value != "", fmt.day_time(value, Shell.time_zone), "—")),
        (Kind.YES_NO.value, rx.cond(value == "1", t("Yes"), t("No"))),
        (Kind.DATE.value, rx.cond(value != "", fmt.date(value), "—")),
        (Kind.STATUS.value, rx.match(value, *((each.value, status_word(each)) for each in Status), text)),
        (Kind.OUTCOME.value, rx.match(value, *((each.value, outcome_word(each)) for each in Outcome), text)),
        (Kind.LANGUAGE.value, rx.match(value, *LANGUAGE_NAMES.items(), text)),
        (Kind.ROLE.value, rx.cond(value != "", role_word(value), "—")),
        text,
    )


def verb_word(verb: Any) -> Any:
    """Return what was done, in a word or two."""
    words = {
        Verb.CREATED: t("created"),
        Verb.EDITED: t("edited"),
        Verb.MOVED: t("moved"),
        Verb.DONE: t("marked done"),
        Verb.DISMISSED: t("dismissed"),
        Verb.SCHEDULED: t("set back to scheduled"),
        Verb.DELETED: t("deleted"),
        Verb.ARCHIVED: t("archived"),
        Verb.RESTORED: t("restored"),
        Verb.OPENED: t("opened"),
        Verb.CLOSED: t("closed"),
        Verb.CANCELLED: t("cancelled"),
        Verb.LINKED: t("linked"),
        Verb.UNDONE: t("took back"),
        Verb.SIGNED_OUT: t("signed out everywhere"),
        Verb.CONFIRMED: t("confirmed"),
        Verb.ASKED: t("asked for another time"),
        Verb.SETTLED: t("settled the request"),
        Verb.SUSPENDED: t("suspended from the portal"),
        Verb.ADMITTED: t("admitted to the portal again"),
        Verb.LOOKED_ON: t("looked at the portal as the client"),
        Verb.SENT: t("sent a message"),
        Verb.EXPORTED: t("exported all data"),
        Verb.ERASED: t("erased the client"),
    }
    return rx.match(verb, *((each.value, word) for each, word in words.items()), verb)


def field_word(field: Any) -> Any:
    """Return the name of a field as the forms call it."""
    return rx.match(field, *_FIELDS.items(), field)


def conflict_banner(state: Any) -> rx.Component:
    """Who changed what meanwhile, and the choice between theirs and mine.

    Stands inside the form; ``state`` has ``is_conflict``, ``changes``, ``load`` (theirs) and ``insist`` (before mine is
    saved).
    """
    choice = rx.el.div(
        button(t("Use theirs"), on_click=state.load),
        button(t("Save mine anyway"), type="submit", on_click=state.insist),
        class_name="row wrap",
    )
    told = rx.el.div(
        rx.el.div(t("Somebody else changed this meanwhile."), class_name="strong"),
        history_timeline(state.changes),
        choice,
        class_name="stack grow",
    )
    return rx.cond(
        state.is_conflict, banner(rx.icon("users", size=16, aria_hidden="true"), told, kind="warn"), rx.fragment()
    )
