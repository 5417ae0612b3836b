"""Clients › Messages: what was sent, is planned, or did not go, and why."""

import reflex as rx

from appointments_app import routes
from appointments_app.features.messages.components import filters, message_table, pager, tabs
from appointments_app.features.messages.state import MessageList
from appointments_app.features.session.components import frame
from appointments_app.ui.blocks import page_head
from appointments_app.ui.i18n import t
from appointments_app.ui.parts.alarm import alarm
from appointments_app.ui.parts.live import live


def messages_page() -> rx.Component:
    """The list of messages."""
    return frame(
        page_head(t("Messages")),
        tabs(),
        filters(),
        message_table(),
        pager(),
        live(url=routes.LIVE, on_change=MessageList.refresh),
        alarm(at=MessageList.next_look, on_ring=MessageList.refresh),
    )
