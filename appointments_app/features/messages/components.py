"""The list of messages: tabs, filters, rows, and one message with its text."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.messages import MessageRow
from appointments_app.domain.access import Permission
from appointments_app.domain.message import Channel
from appointments_app.domain.outbox import SHOWN, Reason, Shelf, State
from appointments_app.features.messages.state import AppointmentMessages, MessageList
from appointments_app.features.session.components import client_link, may
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import dialog, empty, link_button, skeleton_rows, tab
from appointments_app.ui.i18n import fmt, t, tn
from appointments_app.ui.lists import capped, neighbours
from appointments_app.ui.parts.alarm import alarm
from appointments_app.ui.parts.menus import row_menu

_TONES = {
    State.PLANNED: ("scheduled", "clock"),
    State.IN_FLIGHT: ("scheduled", "send"),
    State.SENT: ("done", "check"),
    State.DELIVERED: ("done", "check-check"),
    State.FAILED: ("bad", "circle-alert"),
    State.SKIPPED: ("dismissed", "circle-slash"),
    State.UNKNOWN: ("warn", "circle-help"),
}


def shelf_word(shelf: Shelf) -> rx.Var[str]:
    """Return the name of a tab."""
    return {
        Shelf.ALL: t("All"),
        Shelf.PLANNED: t("Planned"),
        Shelf.SENT: t("Sent"),
        Shelf.FAILED: t("Failed"),
        Shelf.UNKNOWN: t("Unknown"),
        Shelf.SKIPPED: t("Not sent"),
    }[shelf]


def state_word(state: State) -> rx.Var[str]:
    """Return the word for where a message stands."""
    return {
        State.PLANNED: t("Planned"),
        State.IN_FLIGHT: t("Being sent"),
        State.SENT: t("Sent"),
        State.DELIVERED: t("Delivered"),
        State.FAILED: t("Failed"),
        State.SKIPPED: t("Not sent"),
        State.UNKNOWN: t("Unknown"),
    }[state]


def reason_word(reason: Reason) -> rx.Var[str]:
    """Return why a message was not sent, or not yet."""
    return {
        Reason.NO_CHANNEL: t("No channel was set up"),
        Reason.NO_ADDRESS: t("No phone number or e-mail address"),
        Reason.OPTED_OUT: t("Wants no messages"),
        Reason.DONE: t("The appointment was done"),
        Reason.DISMISSED: t("The appointment was dismissed"),
        Reason.DELETED: t("The appointment was deleted"),
        Reason.MOVED: t("The appointment was moved"),
        Reason.NOT_ASSIGNED: t("It is somebody else's appointment now"),
        Reason.LEFT: t("Archived, or no longer works here"),
        Reason.RULE_OFF: t("The rule is off, or about others"),
        Reason.PAST: t("Its time was over"),
        Reason.QUIET: t("Quiet hours last until the start"),
        Reason.TEMPLATE: t("The template can't be filled"),
        Reason.CANCELLED: t("Taken back"),
        Reason.TAKEN_BACK: t("The change was taken back"),
        Reason.TRYING_AGAIN: t("Failed, will be tried again"),
        Reason.REFUSED: t("Refused for good"),
        Reason.GAVE_UP: t("Tried too often"),
        Reason.UNDELIVERED: t("The gateway could not deliver it"),
        Reason.INTERRUPTED: t("Broken off while sending"),
    }[reason]


def tabs() -> rx.Component:
    """The states of messages, with how many there are."""
    return rx.el.nav(
        *(
            tab(
                shelf_word(shelf),
                MessageList.tab_links[shelf.value],
                current=MessageList.tab == shelf.value,
                count=capped(MessageList.counts[shelf.value]),
                counted=MessageList.counted,
            )
            for shelf in Shelf
        ),
        class_name="tabs",
        aria_label=t("Status"),
    )


def filters() -> rx.Component:
    """Channel and recipient."""
    channel = rx.el.select(
        rx.el.option(t("Any channel"), value=""),
        *(rx.el.option(channel_word(each), value=each.value) for each in Channel),
        class_name="input",
        aria_label=t("Channel"),
        value=MessageList.channel,
        on_change=lambda value: MessageList.narrow("channel", value),
        style={"width": "auto"},
    )
    recipient = rx.el.select(
        rx.el.option(t("Clients and staff"), value=""),
        rx.el.option(t("Clients"), value="client"),
        rx.el.option(t("Staff"), value="staff"),
        class_name="input",
        aria_label=t("Recipient"),
        value=MessageList.recipient,
        on_change=lambda value: MessageList.narrow("recipient", value),
        style={"width": "auto"},
    )
    clear = link_button(t("Clear filters"), MessageList.clear_link, icon="x", kind="ghost")
    return rx.el.div(channel, recipient, rx.cond(MessageList.narrowed, clear, rx.fragment()), class_name="bar")


def channel_word(channel: Channel) -> rx.Var[str]:
    """Return the word for a channel."""
    return {Channel.SMS: t("SMS"), Channel.EMAIL: t("E-mail")}[channel]


def message_table(*, of_client: bool = False) -> rx.Component:
    """The rows of the page: grey bars until they are there, a word when there are none."""
    labels = [t("When"), *([] if of_client else [t("To")]), t("Message"), t("Appointment"), t("Status")]
    head = rx.el.tr(
        *(rx.el.th(label, scope="col") for label in labels),
        rx.el.th(rx.el.span(t("More"), class_name="visually-hidden"), class_name="tail", scope="col"),
    )
    rows = rx.foreach(MessageList.rows, lambda row: message_row(row, of_client=of_client))
    table = rx.el.table(
        rx.el.caption(t("Messages"), class_name="visually-hidden"),
        rx.el.thead(head),
        rx.el.tbody(rx.cond(MessageList.ready, rows, rx.fragment(*skeleton_rows(len(labels) + 1)))),
        class_name="table cards-on-phone no-tick messages",
    )
    is_empty = MessageList.ready & (MessageList.rows.length() == 0)
    return rx.el.div(rx.cond(is_empty, _nothing(), table), message_dialog(), class_name="table-wrap")


def _nothing() -> rx.Component:
    clear = link_button(t("Clear filters"), MessageList.clear_link)
    hint = t("Reminders that are switched on appear here as soon as appointments are booked.")
    return rx.cond(
        MessageList.narrowed,
        empty("search-x", t("Nothing matches"), t("Try fewer filters."), clear),
        empty("mail", t("No messages here"), hint),
    )


def message_row(row: rx.vars.ObjectVar[MessageRow], *, of_client: bool) -> rx.Component:
    """One message as a row."""
    when = rx.cond(row.sent_at != "", row.sent_at, row.due_at)
    to = rx.el.td(
        rx.el.div(
            rx.cond(
                row.client_id != 0,
                client_link(row.recipient, row.client_id, underline="hover", color="inherit"),
                rx.el.span(row.recipient, dir="auto"),
            ),
            rx.el.span(row.address, class_name="muted small truncate", dir="ltr"),
            class_name="two",
        )
    )
    return rx.el.tr(
        rx.el.td(rx.el.span(fmt.day_time(when, Shell.time_zone), class_name="num nowrap")),
        *([] if of_client else [to]),
        rx.el.td(_what(row)),
        rx.el.td(_about(row)),
        rx.el.td(state_label(row)),
        rx.el.td(_menu(row), class_name="tail"),
        key=row.id.to_string(),
        tab_index=-1,
        custom_attrs={"data-row": row.id},
    )


def _what(row: rx.vars.ObjectVar[MessageRow]) -> rx.Component:
    title = rx.cond(
        row.subject != "",
        row.subject,
        rx.cond(row.body != "", row.body, rx.cond((row.rule != "") & ~row.is_notice, t("Reminder"), t("Message"))),
    )
    show = rx.el.button(
        title,
        type="button",
        class_name="as-link truncate",
        dir="auto",
        on_click=MessageList.show(row.id),
        custom_attrs={"data-open": ""},
    )
    icon = rx.cond(
        row.channel == Channel.SMS.value,
        rx.icon("message-square", size=14, aria_label=channel_word(Channel.SMS)),
        rx.icon("mail", size=14, aria_label=channel_word(Channel.EMAIL)),
    )
    return rx.el.div(
        rx.el.span(icon, show, class_name="row"),
        rx.el.span(row.rule, class_name="muted small truncate", dir="auto"),
        class_name="two",
    )


def _about(row: rx.vars.ObjectVar[MessageRow]) -> rx.Component:
    start = fmt.day_time(row.start_at, Shell.time_zone)
    link = rx.link(
        start,
        href=f"{routes.APPOINTMENTS}/" + row.open_id.to_string(),
        underline="hover",
        color="inherit",
        class_name="num",
    )
    shown = rx.cond(row.open_id != 0, link, rx.el.span(start, class_name="num muted"))
    others = rx.el.span(tn("and {n} other", "and {n} others", row.others), class_name="muted small")
    action = rx.el.span(row.action, class_name="muted small", dir="auto")
    return rx.cond(
        row.start_at != "",
        rx.el.div(shown, action, rx.cond(row.others != 0, others, rx.fragment()), class_name="two"),
        rx.fragment(),
    )


def state_label(row: rx.vars.ObjectVar[MessageRow], channels: Any = None) -> rx.Component:
    """Where a message stands, and why."""
    chips = [(state.value, _chip(state)) for state in SHOWN]
    reasons = [(reason.value, reason_word(reason)) for reason in Reason]
    set_up = MessageList.channels if channels is None else channels
    waits = row.overdue & ~set_up.contains(row.channel)
    why = rx.cond(
        waits,
        t("Not sent: no channel"),
        rx.cond(row.late & (row.sent_at != ""), t("Late"), rx.match(row.reason, *reasons, "")),
    )
    return rx.el.div(
        rx.fragment(rx.match(row.state, *chips, rx.fragment())),
        rx.el.span(why, class_name="muted small"),
        class_name="two",
    )


def _chip(state: State) -> rx.Component:
    tone, icon = _TONES[state]
    return rx.el.span(
        rx.icon(icon, size=12, aria_hidden="true"),
        state_word(state),
        class_name="chip",
        custom_attrs={"data-tone": tone},
    )


def _menu(row: rx.vars.ObjectVar[MessageRow]) -> rx.Component:
    show = {"id": "open", "name": t("Show"), "icon": "eye"}
    again = {"id": "again", "name": t("Send again"), "icon": "reopen"}
    cancel = {"id": "cancel", "name": t("Do not send"), "icon": "dismiss", "danger": True}
    is_allowed = may(Permission.SMS)
    ended = (row.state != State.PLANNED.value) & (row.state != State.IN_FLIGHT.value) & ~row.secret
    items = rx.cond(
        is_allowed & (row.state == State.PLANNED.value),
        rx.Var.create([show, cancel]),
        rx.cond(is_allowed & ended, rx.Var.create([show, again]), rx.Var.create([show])),
    )
    return row_menu(
        label=t("Actions for {name}", name=row.recipient),
        items=items,
        on_action=lambda verb: rx.cond(verb == "open", MessageList.show(row.id), MessageList.act(row.id, verb)),
    )


def pager() -> rx.Component:
    """The way to the neighbouring pages."""
    return rx.el.div(
        rx.el.div(class_name="grow"), neighbours(MessageList.previous_link, MessageList.next_link), class_name="pager"
    )


def message_dialog() -> rx.Component:
    """One message with its text and what happened to it."""
    row = MessageList.opened
    hidden = rx.el.p(t("It holds a secret link and is shown to nobody."), class_name="muted")
    later = rx.el.p(t("It is written when it is sent, from what is true then."), class_name="muted")
    text = rx.el.div(row.body, class_name="prewrap message-text", dir="auto")
    return dialog(
        rx.cond(row.subject != "", row.subject, rx.cond(row.rule != "", row.rule, t("Message"))),
        rx.el.div(
            state_label(row),
            rx.cond(row.secret, hidden, rx.cond(row.body != "", text, later)),
            rx.el.dl(
                _fact(t("To"), row.recipient),
                _fact(t("Address"), row.address),
                _fact(t("Due"), fmt.day_time(row.due_at, Shell.time_zone)),
                _fact(t("Sent"), rx.cond(row.sent_at != "", fmt.day_time(row.sent_at, Shell.time_zone), "")),
                _fact(
                    t("Delivered"), rx.cond(row.delivered_at != "", fmt.day_time(row.delivered_at, Shell.time_zone), "")
                ),
                _fact(t("Attempts"), fmt.number(row.attempts)),
                _fact(t("What the other side said"), row.error),
                class_name="facts",
            ),
            class_name="stack",
            style={"marginBlockStart": "12px"},
        ),
        is_open=MessageList.is_open,
        on_open_change=MessageList.close,
    )


def appointment_messages() -> rx.Component:
    """The messages about the appointment whose page is open."""
    nothing = rx.el.p(t("No messages about this appointment yet."), class_name="muted")
    return rx.el.section(
        rx.el.h2(t("Messages")),
        rx.cond(
            AppointmentMessages.rows.length() > 0,
            rx.el.ul(rx.foreach(AppointmentMessages.rows, _about_appointment), class_name="plain few"),
            nothing,
        ),
        message_dialog(),
        alarm(at=AppointmentMessages.next_look, on_ring=AppointmentMessages.refresh),
        class_name="card stack",
        aria_label=t("Messages and reminders"),
    )


def _about_appointment(row: rx.vars.ObjectVar[MessageRow]) -> rx.Component:
    when = rx.cond(row.sent_at != "", row.sent_at, row.due_at)
    return rx.el.li(
        rx.el.div(
            rx.el.span(fmt.day_time(when, Shell.time_zone), class_name="num nowrap"),
            rx.el.span(row.recipient, class_name="muted small", dir="auto"),
            class_name="two",
        ),
        rx.el.div(_what(row), class_name="grow"),
        state_label(row, AppointmentMessages.channels),
        key=row.id.to_string(),
        class_name="message-line",
    )


def _fact(label: Any, value: Any) -> rx.Component:
    return rx.cond(value != "", rx.fragment(rx.el.dt(label), rx.el.dd(value, dir="auto")), rx.fragment())
