"""The dialog by which somebody sends SMS and e-mails."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.domain.access import Permission
from appointments_app.domain.message import Channel
from appointments_app.domain.outbox import Reason
from appointments_app.domain.template import LONGEST_BODY, LONGEST_SUBJECT
from appointments_app.features.sending.service import Line, To
from appointments_app.features.sending.state import SendNow
from appointments_app.features.session.components import allowed
from appointments_app.ui.blocks import banner, button, dialog, dialog_foot
from appointments_app.ui.fields import long_text_field, select_field, text_field
from appointments_app.ui.i18n import fmt, t, tn


def send_dialog() -> rx.Component:
    """What to say, and below it who gets what; a progress bar while it is being sent."""
    return dialog(
        _title(),
        rx.el.div(
            _by(),
            rx.cond(SendNow.has_channel, rx.fragment(), _no_channel()),
            _what(),
            rx.cond(SendNow.seen, _who(), rx.fragment()),
            class_name="stack loose",
            style={"marginBlockStart": "16px"},
        ),
        rx.cond(SendNow.running, _progress(), _buttons()),
        is_open=SendNow.is_open,
        on_open_change=SendNow.close,
        wide=True,
    )


IS_SMS = SendNow.channel == Channel.SMS.value


def _title() -> Any:
    to_staff = SendNow.to == To.STAFF.value
    by_sms = rx.cond(SendNow.has_appointments, t("Send SMS to client"), t("Send SMS"))
    by_email = rx.cond(SendNow.has_appointments, t("Send e-mail to client"), t("Send e-mail"))
    to_client = rx.cond(IS_SMS, by_sms, by_email)
    return rx.cond(to_staff, rx.cond(IS_SMS, t("Send SMS to staff"), t("Send e-mail to staff")), to_client)


def _by() -> rx.Component:
    """Which channel it goes by."""
    return rx.el.div(
        *(
            rx.el.button(
                rx.icon(icon, size=15, aria_hidden="true"),
                word,
                type="button",
                class_name="btn",
                disabled=SendNow.running,
                aria_pressed=rx.cond(SendNow.channel == channel.value, "true", "false"),
                on_click=SendNow.go_by(channel.value),
            )
            for channel, word, icon in (
                (Channel.SMS, t("SMS"), "message-square"),
                (Channel.EMAIL, t("E-mail"), "mail"),
            )
        ),
        class_name="segments",
        role="group",
        aria_label=t("Sent by"),
    )


def _no_channel() -> rx.Component:
    settings = rx.link(t("Set one up"), href=routes.CHANNELS, class_name="link", underline="hover")
    return banner(
        rx.icon("circle-alert", size=16, aria_hidden="true"),
        rx.el.span(
            rx.cond(
                IS_SMS,
                t("No SMS channel is set up: messages wait in the outbox."),
                t("No mail server is set up: messages wait in the outbox."),
            ),
            class_name="grow",
        ),
        allowed(Permission.SETTINGS, settings),
        kind="warn",
    )


def _what() -> rx.Component:
    templates = rx.foreach(SendNow.choices, lambda row: rx.el.option(row.name, value=row.id.to_string()))
    own = rx.el.option(t("Write a text"), value="")
    choice = select_field(
        t("Template"),
        "sms-template",
        [own, templates],
        value=SendNow.template,
        error=SendNow.errors["template"],
        on_change=SendNow.choose,
    )
    subject = text_field(
        t("Subject"),
        "letter-subject",
        error=SendNow.errors["subject"],
        max_length=LONGEST_SUBJECT,
        default_value=SendNow.draft_subject,
        dir="auto",
        on_change=SendNow.head.debounce(300),
        key=f"subject.{SendNow.opening}",
    )
    text = long_text_field(
        t("Text"),
        "sms-text",
        error=SendNow.errors["text"],
        hint=t("{{client.name}} becomes the name of each client."),
        rows=rx.cond(IS_SMS, 3, 6),
        max_length=rx.cond(IS_SMS, LONGEST_BODY[Channel.SMS], LONGEST_BODY[Channel.EMAIL]),
        default_value=SendNow.draft,
        on_change=SendNow.write.debounce(300),
        key=f"text.{SendNow.opening}",
    )
    return rx.el.div(
        rx.cond(SendNow.choices.length() > 0, choice, rx.fragment()),
        rx.cond((SendNow.template == "") & ~IS_SMS, subject, rx.fragment()),
        rx.cond(SendNow.template == "", text, rx.fragment()),
        class_name="stack",
    )


def _who() -> rx.Component:
    seen: Any = SendNow.outlook
    more = tn("… and {n} more", "… and {n} more", seen.more)
    each = tn("Up to {n} SMS each", "Up to {n} SMS each", seen.longest)
    in_all = rx.cond(seen.measured, tn("{n} SMS in all", "{n} SMS in all", seen.segments), t("Counting segments …"))
    return rx.el.div(
        rx.el.div(
            rx.el.span(tn("{n} message", "{n} messages", seen.messages), class_name="strong"),
            rx.cond(IS_SMS & (seen.messages > 0), rx.el.span(in_all, class_name="muted num"), rx.fragment()),
            *(_skipped(reason) for reason in reason_words()),
            class_name="row wrap",
            role="status",
        ),
        rx.cond(
            IS_SMS & (seen.longest > 1),
            rx.el.p(each, " (", rx.el.bdi(seen.encoding), ")", class_name="hint"),
            rx.fragment(),
        ),
        rx.el.ul(rx.foreach(seen.lines, _line), class_name="plain sms-lines", tab_index=0, aria_label=t("Preview")),
        rx.cond(seen.more > 0, rx.el.p(more, class_name="hint"), rx.fragment()),
        class_name="stack",
    )


def reason_words() -> dict[Reason, Any]:
    """Return why somebody is skipped, in words."""
    return {
        Reason.NO_ADDRESS: rx.cond(IS_SMS, t("No phone number"), t("No e-mail address")),
        Reason.OPTED_OUT: rx.cond(IS_SMS, t("Wants no SMS"), t("Wants no e-mails")),
        Reason.NOT_ASSIGNED: t("Nobody is assigned"),
        Reason.LEFT: t("Does not work here any more"),
    }


def _skipped(reason: Reason) -> rx.Component:
    many: Any = SendNow.outlook.skipped
    words = rx.fragment(reason_words()[reason], ": ", fmt.number(many[reason.value]))
    said = rx.el.span(words, class_name="chip", custom_attrs={"data-tone": "warn"})
    return rx.cond(many.contains(reason.value), said, rx.fragment())


def _line(line: rx.vars.ObjectVar[Line]) -> rx.Component:
    cases = [(reason.value, word) for reason, word in reason_words().items()]
    why = rx.el.span(rx.match(line.reason, *cases, line.reason), class_name="chip", custom_attrs={"data-tone": "warn"})
    size = rx.el.span(tn("{n} SMS", "{n} SMS", line.segments), class_name="muted small num")
    return rx.el.li(
        rx.el.div(
            rx.el.span(line.name, class_name="strong", dir="auto"),
            rx.el.bdi(line.address, class_name="muted num"),
            rx.el.div(class_name="grow"),
            rx.cond(line.reason != "", why, rx.cond(IS_SMS, size, rx.fragment())),
            class_name="row wrap",
        ),
        rx.cond(line.reason == "", _text(line), rx.fragment()),
        key=line.key,
    )


def _text(line: rx.vars.ObjectVar[Line]) -> rx.Component:
    subject = rx.cond(line.subject != "", rx.el.div(line.subject, class_name="strong", dir="auto"), rx.fragment())
    return rx.el.div(subject, rx.el.div(line.text, dir="auto"), class_name="bubble prewrap")


def _progress() -> rx.Component:
    return rx.el.div(
        rx.el.span(
            t("{done} of {total}", done=fmt.number(SendNow.done), total=fmt.number(SendNow.total)), class_name="num"
        ),
        rx.el.progress(
            value=SendNow.done, max=SendNow.total, aria_label=t("Progress"), style={"flex": "1", "width": "auto"}
        ),
        button(t("Stop"), icon="square", on_click=SendNow.stop),
        class_name="row",
        style={"marginBlockStart": "16px"},
    )


def _buttons() -> rx.Component:
    many = SendNow.outlook.messages
    words = rx.cond(SendNow.seen, tn("Send {n} message", "Send {n} messages", many), t("Send"))
    return dialog_foot(
        button(t("Cancel"), on_click=SendNow.close(False)),
        button(words, icon="send", kind="primary", disabled=~SendNow.seen | (many == 0), on_click=SendNow.send),
    )
