"""Messages: what is put into the outbox, how it is sent, and what became of it."""

from appointments_app.features.messages.service.health import (
    Health,
    health,
    look_after,
    set_resend_unknown,
)
from appointments_app.features.messages.service.list import (
    MessageList,
    count_messages,
    list_messages,
    messages_of,
    open_message,
    send_again,
    take_back,
)
from appointments_app.features.messages.service.outbox import post
from appointments_app.features.messages.service.reports import take_reports
from appointments_app.features.messages.service.sending import Lane, lane, settle

__all__ = [
    "Health",
    "Lane",
    "MessageList",
    "count_messages",
    "health",
    "lane",
    "list_messages",
    "look_after",
    "messages_of",
    "open_message",
    "post",
    "send_again",
    "set_resend_unknown",
    "settle",
    "take_back",
    "take_reports",
]
