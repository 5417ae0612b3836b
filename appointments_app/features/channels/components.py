"""The two cards of Settings › Channels."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from appointments_app.domain.channel import METHODS, BodyType, Means, Security
from appointments_app.domain.message import Channel
from appointments_app.features.channels.state import ChannelsPage
from appointments_app.features.session.components import keep_typed
from appointments_app.ui.blocks import banner, button, dialog, dialog_foot
from appointments_app.ui.fields import long_text_field, select_field, text_field
from appointments_app.ui.i18n import t

_STARTTLS, _TLS, _JSON = "STARTTLS", "TLS", "JSON"
"""Names that no language translates; so are the examples below."""
_MAIL_SERVER, _SENDER, _GATEWAY = "smtp.example.com", "desk@example.com", "https://sms.example.com/send"
_HIDDEN = "••••••••"
_NEVER_KEPT: dict[str, Any] = {"custom_attrs": {"data-never-kept": ""}}
"""Of fields into which some write the key itself: the browser does not keep what is typed there."""
Form = Any
"""A ChannelForm, as the page's Var of one."""


def email_card() -> rx.Component:
    """The mail server, and a test letter."""
    form = ChannelsPage.email
    security = [
        rx.el.option(_STARTTLS, value=Security.STARTTLS.value),
        rx.el.option(_TLS, value=Security.TLS.value),
        rx.el.option(t("None"), value=Security.NONE.value),
    ]
    environment = banner(
        t("E-mails go out by the server named in APPOINTMENTS_SMTP_URL. What you save here takes its place."),
    )
    fields = [
        rx.el.input(type="hidden", name="means", value=Means.SMTP.value),
        rx.el.div(
            _text(form, t("Mail server"), "host", placeholder=_MAIL_SERVER, required=True),
            _text(form, t("Port"), "port", input_mode="numeric", required=True),
            select_field(
                t("Encryption"),
                "security",
                security,
                error=ChannelsPage.errors["security"],
                default_value=form.security,
                hint=t("Port 587 usually means STARTTLS, 465 TLS."),
            ),
            class_name="grid3",
        ),
        rx.el.div(
            _text(form, t("User name"), "user"),
            _secret(form, t("Password"), "password"),
            class_name="grid2",
        ),
        rx.el.div(
            _text(form, t("Sender's address"), "sender", type="email", placeholder=_SENDER, required=True),
            text_field(
                t("Sender's name"),
                "sender_name",
                default_value=form.sender_name,
                dir="auto",
                auto_complete="off",
            ),
            class_name="grid2",
        ),
    ]
    notes = [rx.cond(form.from_environment, environment, rx.fragment())]
    return _card(t("E-mail"), form, ChannelsPage.save_email, notes, fields, _test(Channel.EMAIL))


def sms_card() -> rx.Component:
    """The SMS gateway, and a test message."""
    form = ChannelsPage.sms
    choices = [
        rx.el.option(t("A gateway's web address"), value=Means.HTTP.value),
        rx.el.option(t("A service that Apprise knows"), value=Means.APPRISE.value),
    ]
    means = select_field(
        t("Sent by"),
        "means",
        choices,
        value=ChannelsPage.sms_means,
        error=ChannelsPage.errors["means"],
        on_change=ChannelsPage.choose_means,
    )
    fields = [
        rx.el.div(means, class_name="grid2"),
        rx.cond(ChannelsPage.sms_means == Means.APPRISE.value, _apprise(form), _gateway(form)),
    ]
    return _card(t("SMS"), form, ChannelsPage.save_sms, [], fields, _test(Channel.SMS))


def _gateway(form: Form) -> rx.Component:
    methods = [rx.el.option(method, value=method) for method in METHODS]
    kinds = [
        rx.el.option(_JSON, value=BodyType.JSON.value),
        rx.el.option(t("Form fields"), value=BodyType.FORM.value),
    ]
    errors = ChannelsPage.errors
    return rx.el.div(
        _text(form, t("Address"), "url", placeholder=_GATEWAY, required=True, **_NEVER_KEPT),
        rx.el.div(
            select_field(t("Method"), "method", methods, default_value=form.method, error=errors["method"]),
            select_field(t("Body"), "body_type", kinds, default_value=form.body_type, error=errors["body_type"]),
            _secret(form, t("Key"), "secret"),
            class_name="grid3",
        ),
        _code(form, t("Headers"), "headers", **_NEVER_KEPT),
        _code(form, t("Content of the body"), "body", **_NEVER_KEPT),
        rx.el.p(
            t("{to} is the number, {text} the message, {key} an id that stays the same when sending is tried again,"),
            " ",
            t("{secret} the key above. They may stand in the address, the headers and the body."),
            class_name="hint",
        ),
        class_name="stack loose",
    )


def _apprise(form: Form) -> rx.Component:
    return rx.el.div(
        _secret(form, t("Apprise address"), "apprise_url"),
        rx.el.p(
            t("For example twilio://account:token@sender/{to}, where {to} is the number of the recipient."),
            class_name="hint",
            dir="auto",
        ),
        class_name="stack",
    )


def _card(
    title: Any, form: Form, save: Any, notes: list[rx.Component], fields: Sequence[rx.Component], test: rx.Component
) -> rx.Component:
    is_set_up = form.version > 0
    lost = banner(t("The secret can't be read any more, as the secret key has changed. Enter it again."), kind="bad")
    conflict = banner(t("Somebody else changed this meanwhile. Reload the page to see how it is now."), kind="warn")
    active = rx.el.label(
        rx.el.input(type="checkbox", name="active", value="yes", default_checked=form.active),
        rx.el.span(t("Send by this channel")),
        class_name="check",
    )
    forget = button(t("Remove"), kind="ghost", on_click=ChannelsPage.ask_removal(form.channel))
    return rx.el.section(
        rx.el.div(
            rx.el.h2(title),
            rx.cond(is_set_up | form.from_environment, rx.fragment(), rx.el.span(t("Not set up"), class_name="chip")),
            class_name="row",
        ),
        *notes,
        rx.cond(form.secret_lost, lost, rx.fragment()),
        rx.cond(ChannelsPage.conflict == form.channel, conflict, rx.fragment()),
        rx.el.form(
            keep_typed(form.channel),
            *fields,
            active,
            rx.el.div(
                button(t("Save"), kind="primary", type="submit"),
                rx.cond(is_set_up, forget, rx.fragment()),
                class_name="form-foot",
            ),
            on_submit=save,
            key=f"{form.channel}.{form.version}",
            no_validate=True,
            class_name="stack loose",
        ),
        rx.cond(is_set_up | form.from_environment, test, rx.fragment()),
        rx.cond(is_set_up & (form.incoming != ""), _told_by_gateway(form), rx.fragment()),
        class_name="card stack loose",
    )


def _told_by_gateway(form: Form) -> rx.Component:
    """The two addresses that are entered at the gateway."""
    return rx.el.div(
        text_field(
            t("Where the gateway passes on what clients answer"),
            "incoming",
            value=form.incoming,
            hint=t("Enter it at the gateway, for POST: who answers STOP gets no more SMS, START brings them back."),
            read_only=True,
            dir="ltr",
        ),
        text_field(
            t("Where the gateway reports whether an SMS arrived"),
            "delivered",
            value=form.delivered,
            hint=t("Enter it at the gateway, for POST: Clients › Messages then says delivered, or why not."),
            read_only=True,
            dir="ltr",
        ),
        class_name="stack loose",
    )


def _test(channel: Channel) -> rx.Component:
    name = f"test_{channel.value}"
    kind = "email" if channel is Channel.EMAIL else "tel"
    busy = ChannelsPage.testing != ""
    sent = rx.el.span(rx.icon("check", size=15, aria_hidden="true"), t("Sent."), class_name="row good", role="status")
    to = t("Send a test message to")
    return rx.el.form(
        text_field(to, name, type=kind, error=ChannelsPage.errors[name], dir="ltr", auto_complete="off"),
        rx.el.div(
            button(
                rx.cond(ChannelsPage.testing == channel.value, t("Sending …"), t("Send")),
                icon="send",
                type="submit",
                disabled=busy,
            ),
            rx.cond(ChannelsPage.tested == channel.value, sent, rx.fragment()),
            class_name="row",
        ),
        on_submit=lambda values: ChannelsPage.send_test(channel.value, values),
        no_validate=True,
        class_name="inline-form",
    )


def removal_question() -> rx.Component:
    """Asks before a channel is forgotten."""
    return dialog(
        t("Remove the channel?"),
        rx.el.p(t("Its settings and its secret are forgotten. Messages wait in the outbox until there is another.")),
        dialog_foot(
            button(t("Cancel"), on_click=ChannelsPage.close_question(False)),
            button(t("Remove"), kind="danger", on_click=ChannelsPage.remove),
        ),
        is_open=ChannelsPage.asking != "",
        on_open_change=ChannelsPage.close_question,
    )


def _text(form: Form, label: Any, name: str, **props: Any) -> rx.Component:
    value = getattr(form, name)
    error = ChannelsPage.errors[name]
    return text_field(label, name, default_value=value, error=error, dir="ltr", auto_complete="off", **props)


def _code(form: Form, label: Any, name: str, **props: Any) -> rx.Component:
    return long_text_field(
        label,
        name,
        default_value=getattr(form, name),
        error=ChannelsPage.errors[name],
        rows=3,
        is_code=True,
        **props,
    )


def _secret(form: Form, label: Any, name: str) -> rx.Component:
    """A field whose value is never shown again."""
    kept = t("Kept encrypted. Leave empty to keep it as it is.")
    return text_field(
        label,
        name,
        type="password",
        error=ChannelsPage.errors[name],
        hint=rx.cond(form.has_secret, kept, t("Kept encrypted, and never shown again.")),
        placeholder=rx.cond(form.has_secret, _HIDDEN, ""),
        auto_complete="new-password",
        dir="ltr",
    )
