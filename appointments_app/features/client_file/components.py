"""The parts of a client's file: its head, and the tabs Overview and Notes."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.appointments import AppointmentRow
from appointments_app.domain.access import Permission
from appointments_app.domain.language import LANGUAGES
from appointments_app.features.appointments.components.rows import action_label, recurring_mark, shared_label, what
from appointments_app.features.client_file.state import ClientFile, ClientNotes, FileTab
from appointments_app.features.clients.components.portal import portal_card
from appointments_app.features.clients.components.rows import email_link, entries, phone_link, tag_chips
from appointments_app.features.consent.components import wishes
from appointments_app.features.history.components import conflict_banner, history_timeline
from appointments_app.features.privacy.components import erased_banner, privacy_card
from appointments_app.features.sending.state import SendNow
from appointments_app.features.session.components import allowed, keep_typed, may, typed_waits
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import button, link_button, tab
from appointments_app.ui.fields import long_text_field
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.parts.menus import row_menu
from appointments_app.ui.words import status_label


def head() -> rx.Component:
    """Name, nearest active appointment, contact, and what can be done."""
    client = ClientFile.client
    mark = rx.el.span(rx.icon("archive", size=12, aria_hidden="true"), t("Archived"), class_name="chip")
    href = f"{routes.CLIENTS}/{client.id}"
    menu = row_menu(
        label=t("Actions for {name}", name=client.name),
        items=rx.cond(
            client.archived, entries(href, client.id, is_archived=True), entries(href, client.id, is_archived=False)
        ),
        on_action=ClientFile.put,
    )
    may_send = may(Permission.SMS) & (client.phone != "")
    return rx.el.div(
        rx.el.div(
            rx.el.h1(rx.el.span(client.name, dir="auto")),
            rx.cond(client.archived & ~client.erased, mark, rx.fragment()),
            rx.cond(
                client.erased,
                rx.fragment(),
                rx.fragment(
                    allowed(
                        Permission.ADD,
                        link_button(t("New appointment"), ClientFile.new_link, icon="plus", kind="primary"),
                    ),
                    rx.cond(may_send, _sms(), rx.fragment()),
                    link_button(t("Edit"), ClientFile.edit_link, icon="pencil"),
                    menu,
                ),
            ),
            class_name="page-head",
        ),
        rx.cond(client.erased, erased_banner(), rx.fragment()),
        rx.cond(ClientFile.has_nearest, nearest(), rx.fragment()),
        rx.el.div(
            rx.cond(client.business != "", rx.el.span(client.business, dir="auto"), rx.fragment()),
            rx.cond(client.phone != "", phone_link(client.phone, client.phone_read), rx.fragment()),
            rx.cond(client.email != "", email_link(client.email), rx.fragment()),
            class_name="row wrap muted contact",
        ),
        class_name="stack",
    )


def _sms() -> rx.Component:
    return button(t("Send SMS"), icon="message-square", on_click=SendNow.open_client(ClientFile.client.id))


def nearest() -> rx.Component:
    """The nearest active appointment (R23): date, time, action; opens it."""
    return rx.link(
        rx.icon("calendar-clock", size=15, aria_hidden="true"),
        rx.el.span(t("Next appointment"), class_name="visually-hidden"),
        rx.el.span(fmt.span(ClientFile.nearest_at, ClientFile.nearest_end, Shell.time_zone), class_name="num"),
        action_label(ClientFile.nearest_action, ClientFile.nearest_colour),
        href=ClientFile.nearest_link,
        class_name="nearest",
        underline="none",
    )


def head_skeleton() -> rx.Component:
    """Grey bars where the head will be."""
    bars = [
        rx.el.span(class_name="skeleton", style={"width": width, "height": height})
        for width, height in (("240px", "28px"), ("320px", "28px"), ("280px", "20px"))
    ]
    return rx.el.div(*bars, class_name="stack", aria_busy="true")


def tabs() -> rx.Component:
    """Overview, Appointments, Notes, Messages (R21)."""
    words = {
        FileTab.OVERVIEW: t("Overview"),
        FileTab.APPOINTMENTS: t("Appointments"),
        FileTab.WORK_ORDERS: t("Work orders"),
        FileTab.NOTES: t("Notes"),
        FileTab.MESSAGES: t("Messages"),
    }
    return rx.el.nav(
        *(
            tab(word, ClientFile.tab_links[each.value], current=ClientFile.tab == each.value)
            for each, word in words.items()
        ),
        class_name="tabs",
        aria_label=t("Client's file"),
    )


def overview() -> rx.Component:
    """Facts, the next and the last few appointments, history."""
    waiting = rx.el.div(rx.el.span(class_name="skeleton", style={"height": "240px"}), aria_busy="true")
    parts = rx.el.div(
        rx.el.div(
            _card(t("Upcoming"), _few(ClientFile.upcoming, t("Nothing ahead."), _book_one())),
            _card(t("Recent"), _few(ClientFile.recent, t("Nothing yet."))),
            class_name="stack loose",
        ),
        rx.el.div(
            rx.cond(
                ClientFile.client.erased,
                rx.fragment(),
                rx.fragment(
                    _card(t("Details"), _facts()),
                    _card(t("Messages"), wishes()),
                    portal_card(),
                    privacy_card(ClientFile.client.id),
                ),
            ),
            _card(t("History"), history_timeline(ClientFile.changes_made)),
            class_name="stack loose",
        ),
        class_name="grid2 file-columns",
    )
    return rx.cond(ClientFile.has_overview, parts, waiting)


def _card(title: Any, content: rx.Component) -> rx.Component:
    return rx.el.section(rx.el.h2(title), content, class_name="card stack")


def _book() -> rx.Component:
    return rx.link(t("Book one"), href=ClientFile.new_link, class_name="link", underline="hover")


def _book_one() -> rx.Component:
    return rx.cond(ClientFile.client.erased, rx.fragment(), allowed(Permission.ADD, _book()))


def _few(rows: Any, nothing: Any, *way_on: rx.Component) -> rx.Component:
    found = rx.el.ul(rx.foreach(rows, _appointment), class_name="plain few")
    return rx.cond(rows.length() > 0, found, rx.el.p(nothing, " ", *way_on, class_name="muted"))


def _appointment(row: rx.vars.ObjectVar[AppointmentRow]) -> rx.Component:
    when = rx.link(
        fmt.span(row.start_at, row.end_at, Shell.time_zone),
        href=f"{routes.APPOINTMENTS}/" + row.id.to_string(),
        class_name="num",
        underline="hover",
        color="inherit",
    )
    return rx.el.li(
        rx.el.span(when, recurring_mark(row)),
        rx.el.span(what(row), class_name="muted"),
        rx.el.span(
            status_label(row.status, row.over, row.outcome),
            rx.cond(row.confirmed | (row.asked != ""), shared_label(row), rx.fragment()),
            class_name="row wrap marks",
        ),
        key=row.id.to_string(),
    )


def _facts() -> rx.Component:
    client = ClientFile.client
    as_business = rx.el.span(t("As the business"), class_name="muted")
    language = rx.cond(
        client.language != "", rx.match(client.language, *LANGUAGES.items(), client.language), as_business
    )
    zone = rx.cond(client.time_zone != "", client.time_zone.replace("_", " "), as_business)
    return rx.el.dl(
        _fact(t("Business name"), client.business, rx.el.span(client.business, dir="auto")),
        _fact(t("Phone"), client.phone, phone_link(client.phone, client.phone_read)),
        _fact(t("E-mail"), client.email, email_link(client.email)),
        _fact(t("Address"), client.address, rx.el.span(client.address, class_name="prewrap", dir="auto")),
        rx.cond(client.birth_date != "", _born(client.birth_date), rx.fragment()),
        rx.el.dt(t("Tags")),
        rx.el.dd(rx.cond(client.tags.length() > 0, tag_chips(client.tags), _dash())),
        rx.el.dt(t("Language")),
        rx.el.dd(language),
        rx.el.dt(t("Time zone")),
        rx.el.dd(zone),
        rx.el.dt(t("Created")),
        rx.el.dd(fmt.day(client.created_at, Shell.time_zone), class_name="num"),
        class_name="facts",
    )


def _fact(label: Any, value: Any, shown: Any) -> rx.Component:
    return rx.fragment(rx.el.dt(label), rx.el.dd(rx.cond(value != "", shown, _dash())))


def _born(day: Any) -> rx.Component:
    return _fact(t("Birth date"), day, rx.el.span(fmt.days(day, day), class_name="num"))


def _dash() -> rx.Component:
    return rx.el.span("—", class_name="muted")


def notes() -> rx.Component:
    """The notes: read, or edited in place."""
    text = ClientFile.client.notes
    edit = rx.cond(
        ClientFile.client.erased,
        rx.fragment(),
        rx.fragment(
            button(t("Edit notes"), icon="pencil", on_click=ClientNotes.load),
            typed_waits("notes", on_found=ClientNotes.load),
        ),
    )
    reading = rx.el.div(
        rx.cond(
            text != "",
            rx.el.div(text, class_name="prewrap", dir="auto"),
            rx.el.p(t("No notes yet."), class_name="muted"),
        ),
        rx.el.div(edit, class_name="row"),
        class_name="card stack loose",
    )
    return rx.cond(ClientNotes.editing, _notes_form(), reading)


def _notes_form() -> rx.Component:
    return rx.el.form(
        keep_typed("notes"),
        conflict_banner(ClientNotes),
        long_text_field(t("Notes"), "notes", default_value=ClientNotes.begun_with, error=ClientNotes.error, rows=12),
        rx.el.div(
            button(t("Save"), kind="primary", type="submit"),
            button(t("Cancel"), on_click=ClientNotes.close),
            class_name="form-foot",
        ),
        on_submit=ClientNotes.save,
        key=ClientNotes.form_key,
        no_validate=True,
        class_name="card stack loose",
    )
