"""Messages to the world outside: what is sent, by which channel, and how sending fails."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Channel(StrEnum):
    """A way to reach a person."""

    SMS = "sms"
    EMAIL = "email"


@dataclass(frozen=True)
class Attachment:
    """A file that goes with an e-mail."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Outgoing:
    """One message, ready to send. ``key`` stays the same over all attempts: Message-ID or idempotency key.

    ``html``, ``subject``, ``attachments`` and ``unsubscribe`` (an https address that takes a POST) are e-mail's.
    """

    channel: Channel
    to: str
    text: str
    subject: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    key: str = ""
    unsubscribe: str = ""


@dataclass(frozen=True)
class Receipt:
    """What the other side said when it took a message; '' when it named no id."""

    provider_id: str = ""


class DeliveryError(Exception):
    """A message was not taken. ``reason`` may be shown; ``retry_after`` are the seconds the other side asks to wait.

    ``uncertain``: the connection broke after everything was handed over, so it may have been taken after all.
    """

    def __init__(
        self, reason: str, *, permanent: bool, retry_after: float | None = None, uncertain: bool = False
    ) -> None:
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        self.uncertain = uncertain
        super().__init__(reason)


class Sender(Protocol):
    """Hands messages of one channel to the world; blocks until they are taken or refused."""

    def send(self, outgoing: Outgoing) -> Receipt:
        """Return the receipt; raise DeliveryError."""
        ...
