"""The card in a client's file that says by which channels they want messages."""

from typing import Any

import reflex as rx

from appointments_app.domain.message import Channel
from appointments_app.domain.opt_out import How
from appointments_app.features.consent.state import Wishes
from appointments_app.features.session.state import Shell
from appointments_app.ui.i18n import fmt, t


def wishes() -> rx.Component:
    """A tick for each channel; below it, how and when a client said no."""
    return rx.cond(
        Wishes.ready,
        rx.el.div(_channel(Channel.SMS, t("Send SMS")), _channel(Channel.EMAIL, t("Send e-mails")), class_name="stack"),
        rx.el.span(class_name="skeleton", style={"height": "64px"}),
    )


def _channel(channel: Channel, label: Any) -> rx.Component:
    out = Wishes.rows.contains(channel.value)  # pyright: ignore[reportAttributeAccessIssue]  # a Var on the page
    row: Any = Wishes.rows[channel.value]
    how = rx.match(
        row.how,
        (How.LINK.value, t("By the link in an e-mail")),
        (How.SMS.value, t("By answering STOP")),
        (How.PORTAL.value, t("in the portal")),
        t("Noted here"),
    )
    said = rx.el.div(how, ", ", fmt.day(row.at, Shell.time_zone), class_name="hint")
    tick = rx.el.input(
        type="checkbox",
        checked=~out,
        on_change=lambda wants: Wishes.wish(channel.value, wants),  # pyright: ignore[reportArgumentType]
    )
    return rx.el.div(
        rx.el.label(tick, rx.el.span(label), class_name="check"),
        rx.cond(out, said, rx.fragment()),
    )
