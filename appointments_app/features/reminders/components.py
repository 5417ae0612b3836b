"""The list of reminder rules, how sending goes, and the form of one rule."""

from functools import reduce
from operator import or_
from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.messages import MessageRow
from appointments_app.db.queries.reminder_rules import RuleRow
from appointments_app.db.queries.templates import TemplateRow
from appointments_app.domain.message import Channel
from appointments_app.domain.reminder import MOST_CLIENTS, NOTICES, Anchor, QuietWay, Recipient, Unit
from appointments_app.features.history.components import conflict_banner
from appointments_app.features.messages.components import channel_word
from appointments_app.features.reminders.schemas import AT_ONCE
from appointments_app.features.reminders.state import ReminderForm, ReminderRules
from appointments_app.features.session.components import keep_typed
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import banner, button, dialog, dialog_foot, empty, link_button, skeleton_rows
from appointments_app.ui.fields import select_field, text_field, tick
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.lists import capped
from appointments_app.ui.parts.menus import row_menu
from appointments_app.ui.parts.pickers import multi_combobox


def rule_table() -> rx.Component:
    """Every rule, or a word when there is none."""
    labels = (t("Name"), t("When"), t("To"), t("By"), t("Status"))
    head = rx.el.tr(
        *(rx.el.th(label, scope="col") for label in labels),
        rx.el.th(rx.el.span(t("More"), class_name="visually-hidden"), class_name="tail", scope="col"),
    )
    table = rx.el.table(
        rx.el.caption(t("Reminders"), class_name="visually-hidden"),
        rx.el.thead(head),
        rx.el.tbody(
            rx.cond(ReminderRules.ready, rx.foreach(ReminderRules.rows, _row), rx.fragment(*skeleton_rows(6, 3)))
        ),
        class_name="table cards-on-phone no-tick",
    )
    new = link_button(t("New reminder"), routes.NEW_REMINDER, icon="plus", kind="primary")
    nothing = empty("bell", t("No reminders yet"), t("Make a rule, and what is booked is reminded of by itself."), new)
    is_empty = ReminderRules.ready & (ReminderRules.rows.length() == 0)
    return rx.el.div(rx.cond(is_empty, nothing, table), _delete_question(), class_name="table-wrap")


def _row(row: rx.vars.ObjectVar[RuleRow]) -> rx.Component:
    href = f"{routes.REMINDERS}/" + row.id.to_string()
    name = rx.link(
        row.name, href=href, class_name="strong", underline="hover", color="inherit", dir="auto",
        custom_attrs={"data-open": ""},
    )  # fmt: skip
    turn = rx.cond(
        row.active, {"id": "off", "name": t("Switch off"), "icon": "dismiss"},
        {"id": "on", "name": t("Switch on"), "icon": "done"},
    )  # fmt: skip
    edit = {"id": "edit", "name": t("Edit"), "icon": "pencil", "href": href}
    delete = {"id": "delete", "name": t("Delete"), "icon": "delete", "danger": True}
    return rx.el.tr(
        rx.el.td(name),
        rx.el.td(when_words(row)),
        rx.el.td(recipient_word(row.recipient)),
        rx.el.td(
            rx.cond(row.channel == Channel.SMS.value, channel_word(Channel.SMS), channel_word(Channel.EMAIL)),
            class_name="nowrap",
        ),
        rx.el.td(_status(row)),
        rx.el.td(
            row_menu(
                label=t("Actions for {name}", name=row.name),
                items=[edit, turn, delete],
                on_action=lambda verb: ReminderRules.act(row.id, verb),
            ),
            class_name="tail",
        ),
        key=row.id.to_string(),
        custom_attrs={"data-row": row.id},
    )


def _status(row: rx.vars.ObjectVar[RuleRow]) -> rx.Component:
    on = rx.el.span(
        rx.icon("check", size=12, aria_hidden="true"), t("On"), class_name="chip", custom_attrs={"data-tone": "done"}
    )
    off = rx.el.span(t("Off"), class_name="chip")
    done, total = fmt.number(row.done), fmt.number(row.total)
    words = rx.cond(
        row.stopped,
        t("Stopped at {done} of {total}", done=done, total=total),
        t("Planned anew: {done} of {total}", done=done, total=total),
    )
    stop = _small_button(t("Stop"), "square", ReminderRules.act(row.id, "stop"))
    go_on = _small_button(t("Go on"), "play", ReminderRules.act(row.id, "go"))
    progress = rx.el.div(
        rx.el.span(words, class_name="muted small num", role="status"),
        rx.cond(row.stopped, go_on, stop),
        class_name="row wrap",
    )
    no_channel = rx.el.span(t("No channel"), class_name="muted small")
    below = rx.cond(
        row.planning,
        progress,
        rx.cond(row.active & ~ReminderRules.health.channels.contains(row.channel), no_channel, rx.fragment()),
    )
    return rx.el.div(rx.cond(row.active, on, off), below, class_name="two")


def _small_button(word: Any, icon: str, on_click: Any) -> rx.Component:
    return rx.el.button(
        rx.icon(icon, size=12, aria_hidden="true"),
        word,
        type="button",
        class_name="as-link link small row",
        on_click=on_click,
    )


def when_words(row: rx.vars.ObjectVar[RuleRow]) -> Any:
    """Return when a rule sends, as people say it."""
    amount = fmt.amount(row.amount, row.unit)
    return rx.match(
        row.anchor,
        (Anchor.BEFORE_START.value, t("{amount} before the start", amount=amount)),
        (Anchor.AFTER_START.value, t("{amount} after the start", amount=amount)),
        (Anchor.MOVED.value, t("At once when we move it")),
        (Anchor.CANCELLED.value, t("At once when we cancel it")),
        (Anchor.CONFIRMED.value, t("At once when we confirm the booking")),
        rx.cond(row.amount == 0, t("At once when it is booked"), t("{amount} after it was booked", amount=amount)),
    )


def recipient_word(recipient: Any) -> Any:
    """Return the word for who gets the message."""
    return rx.cond(recipient == Recipient.CLIENT.value, t("Client"), t("Assigned staff"))


def _delete_question() -> rx.Component:
    return dialog(
        t("Delete {name}?", name=ReminderRules.asked_name),
        rx.el.p(t("What it has sent is kept. What it has planned will not be sent.")),
        dialog_foot(
            button(t("Cancel"), on_click=ReminderRules.close(False)),
            button(t("Delete"), kind="danger", on_click=ReminderRules.delete),
        ),
        is_open=ReminderRules.asked != 0,
        on_open_change=ReminderRules.close,
    )


def health_card() -> rx.Component:
    """How sending goes: who sends, what waits, and what is to be done about it."""
    health = ReminderRules.health
    ran = rx.cond(health.seen_at != "", fmt.relative(health.seen_at), t("Never"))
    oldest = rx.cond(health.oldest != "", fmt.relative(health.oldest), "—")
    still = banner(
        rx.icon("circle-alert", size=16, aria_hidden="true"),
        t("Messages stand still. Is the program running, and does the channel answer?"),
        kind="bad",
    )
    kept = t("Messages that wait for a channel to be set up: {n}", n=capped(health.without_channel))
    return rx.el.section(
        rx.el.h2(t("Sending")),
        rx.cond(health.stands_still | ~health.runs, still, rx.fragment()),
        rx.foreach(ReminderRules.waiting_channels, _offer),
        rx.cond(health.without_channel != 0, banner(kept, kind="warn"), rx.fragment()),
        rx.el.dl(
            rx.el.dt(t("Last looked for messages")),
            rx.el.dd(ran),
            rx.el.dt(t("Due and waiting")),
            rx.el.dd(capped(health.waiting), class_name="num"),
            rx.el.dt(t("Oldest since")),
            rx.el.dd(oldest),
            class_name="facts",
        ),
        rx.el.div(_unknown(), class_name="grid2"),
        class_name="card stack loose",
    )


def _offer(channel: rx.Var[str]) -> rx.Component:
    word = rx.cond(channel == Channel.SMS.value, channel_word(Channel.SMS), channel_word(Channel.EMAIL))
    return banner(
        rx.el.span(t("{channel} is set up, but its reminders are off.", channel=word)),
        button(t("Switch them on"), on_click=ReminderRules.switch_on(channel)),
    )


def _unknown() -> rx.Component:
    return select_field(
        t("When nobody can say whether a message went"),
        "unknown",
        [
            rx.el.option(t("Never send twice: mark it unknown"), value="mark"),
            rx.el.option(t("Never lose one: send it again"), value="again"),
        ],
        value=rx.cond(ReminderRules.health.resends_unknown, "again", "mark"),
        on_change=ReminderRules.choose_unknown,
    )


def rule_form() -> rx.Component:
    """The form of one rule, the same for adding and editing."""
    form, wrong = ReminderForm.form, ReminderForm.errors
    return rx.el.form(
        keep_typed("rule"),
        conflict_banner(ReminderForm),
        text_field(
            t("Name"),
            "name",
            default_value=form.name,
            error=wrong["name"],
            required=True,
            max_length=80,
            dir="auto",
            auto_complete="off",
        ),
        rx.el.div(*_when(), class_name="grid3"),
        _held(),
        rx.el.div(*_whom(), class_name="grid3"),
        _kinds(),
        rx.el.div(
            _several("actions", t("Actions"), t("All actions")),
            _several("staff", t("Staff"), t("Everybody")),
            class_name="grid2",
        ),
        rx.el.div(*_quiet(), class_name="grid3"),
        tick(t("On"), "active", default_checked=form.active),
        rx.el.div(
            button(t("Save"), kind="primary", type="submit"),
            link_button(t("Cancel"), routes.REMINDERS),
            class_name="form-foot",
        ),
        on_submit=ReminderForm.save,
        key=ReminderForm.form_key,
        no_validate=True,
        class_name="card stack loose",
    )


def _when() -> list[rx.Component]:
    form, wrong = ReminderForm.form, ReminderForm.errors
    moments = [
        rx.el.option(t("before the start"), value=Anchor.BEFORE_START.value),
        rx.el.option(t("after the start"), value=Anchor.AFTER_START.value),
        rx.el.option(t("after it was booked"), value=Anchor.AFTER_CREATION.value),
        rx.el.option(t("at once when it is booked"), value=AT_ONCE),
        rx.el.option(t("at once when we move it"), value=Anchor.MOVED.value),
        rx.el.option(t("at once when we cancel it"), value=Anchor.CANCELLED.value),
        rx.el.option(t("at once when we confirm the booking"), value=Anchor.CONFIRMED.value),
    ]
    units = [
        rx.el.option(t("minutes"), value=Unit.MINUTES.value),
        rx.el.option(t("hours"), value=Unit.HOURS.value),
        rx.el.option(t("days"), value=Unit.DAYS.value),
    ]
    amount = text_field(
        t("How long"),
        "amount",
        default_value=form.amount,
        error=wrong["amount"],
        input_mode="numeric",
        dir="ltr",
        auto_complete="off",
    )
    unit = select_field(t("Unit"), "unit", units, default_value=form.unit, error=wrong["unit"])
    moment = select_field(
        t("Moment"),
        "moment",
        moments,
        default_value=form.moment,
        error=wrong["moment"],
        on_change=ReminderForm.choose_moment,
    )
    timed = (ReminderForm.moment != AT_ONCE) & ~_is_notice()
    return [moment, rx.cond(timed, amount, rx.fragment()), rx.cond(timed, unit, rx.fragment())]


def _is_notice() -> Any:
    return reduce(or_, (ReminderForm.moment == each.value for each in NOTICES))


def _held() -> rx.Component:
    words = t(
        "It is held for a minute, so that Undo takes it back. Nobody is told of what clients change themselves, of what"
        " is over, of imports, and of a change for more than {n} clients at once.",
        n=fmt.number(MOST_CLIENTS),
    )
    return rx.cond(_is_notice(), rx.el.p(words, class_name="hint"), rx.fragment())


def _whom() -> list[rx.Component]:
    form, wrong = ReminderForm.form, ReminderForm.errors
    recipients = [rx.el.option(recipient_word(each.value), value=each.value) for each in Recipient]
    channels = [rx.el.option(channel_word(each), value=each.value) for each in Channel]
    return [
        select_field(t("Recipient"), "recipient", recipients, default_value=form.recipient, error=wrong["recipient"]),
        select_field(
            t("Channel"),
            "channel",
            channels,
            default_value=form.channel,
            error=wrong["channel"],
            on_change=ReminderForm.choose_channel,
        ),
        select_field(
            t("Template"),
            "template",
            [rx.el.option(t("Usual text"), value=""), rx.foreach(ReminderForm.templates, _template)],
            default_value=form.template,
            error=wrong["template"],
        ),
    ]


def _template(row: rx.vars.ObjectVar[TemplateRow]) -> rx.Component:
    offered = rx.el.option(row.name, value=row.id.to_string(), key=row.id.to_string())
    return rx.cond(row.channel == ReminderForm.channel, offered, rx.fragment())


def _kinds() -> rx.Component:
    kinds = ReminderForm.form.kinds
    words = {"independent": t("Independent"), "bookings": t("Bookings"), "work_orders": t("Work orders")}
    known = t("Only those that the client knows of: shared with them, and bookings")
    ticks = [tick(word, f"kind_{kind}", default_checked=kinds.contains(kind)) for kind, word in words.items()]
    return rx.el.fieldset(
        rx.el.legend(t("Appointments"), class_name="label"),
        rx.el.div(*ticks, class_name="row wrap", id="field-kinds", tab_index=-1),
        tick(known, "shared_only", default_checked=ReminderForm.form.shared_only),
        rx.el.div(ReminderForm.errors["kinds"], class_name="field-error", role="alert"),
        class_name="bare",
    )


def _several(name: str, label: Any, nothing: Any) -> rx.Component:
    is_actions = name == "actions"
    return multi_combobox(
        label=label,
        name=name,
        values=ReminderForm.chosen_actions if is_actions else ReminderForm.chosen_staff,
        options=ReminderForm.action_options if is_actions else ReminderForm.staff_options,
        placeholder=nothing,
        error=ReminderForm.errors[name],
        on_search=lambda text: ReminderForm.find(name, text),
        on_add=lambda one: ReminderForm.add(name, one),
        on_remove=lambda one: ReminderForm.remove(name, one),
    )


def _quiet() -> list[rx.Component]:
    form, wrong = ReminderForm.form, ReminderForm.errors
    ways = [
        rx.el.option(t("Wait until they end"), value=QuietWay.WAIT.value),
        rx.el.option(t("Send before they begin"), value=QuietWay.BEFORE.value),
    ]
    return [
        text_field(
            t("Quiet hours from"), "quiet_from", type="time", default_value=form.quiet_from, error=wrong["quiet_from"],
            hint=t("On the recipient's clock. Empty: never."),
        ),
        text_field(t("until"), "quiet_until", type="time", default_value=form.quiet_until, error=wrong["quiet_until"]),
        select_field(t("In quiet hours"), "quiet_way", ways, default_value=form.quiet_way, error=wrong["quiet_way"]),
    ]  # fmt: skip


def upcoming() -> rx.Component:
    """The next messages that the rule will send."""
    nothing = rx.el.p(t("Nothing is planned at the moment."), class_name="muted")
    return rx.el.section(
        rx.el.h2(t("Next messages")),
        rx.cond(
            ReminderForm.upcoming.length() > 0,
            rx.el.ul(rx.foreach(ReminderForm.upcoming, _next), class_name="plain next-dates"),
            nothing,
        ),
        class_name="card stack",
    )


def _next(row: rx.vars.ObjectVar[MessageRow]) -> rx.Component:
    about = rx.link(
        fmt.day_time(row.start_at, Shell.time_zone),
        href=f"{routes.APPOINTMENTS}/" + row.open_id.to_string(),
        underline="hover",
        class_name="num",
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(fmt.day_time(row.due_at, Shell.time_zone), class_name="num"),
            rx.el.span(row.recipient, dir="auto"),
            rx.el.div(class_name="grow"),
            rx.el.span(t("for"), " ", about, class_name="muted small"),
            class_name="row wrap",
        ),
        key=row.id.to_string(),
    )
