"""A real SMTP server on loopback that keeps what it takes, and can refuse, ask for a password, and break off."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.services.machine import free_port


@dataclass
class Mailbox:
    """What has arrived, in order, and what the server says next: replies such as ``"451 later"``."""

    letters: list[EmailMessage] = field(default_factory=list)
    wire: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    to_recipient: deque[str] = field(default_factory=deque)
    to_data: deque[str] = field(default_factory=deque)
    breaks_after_data: int = 0
    password: str = ""
    sessions: int = 0
    port: int = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Greet, and count how often somebody connects."""
        self.sessions += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, unless a refusal is planned."""
        if self.to_recipient and not (reply := self.to_recipient.popleft()).startswith("2"):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a letter, unless a refusal is planned; break off after taking it, if asked to."""
        if self.to_data and not (reply := self.to_data.popleft()).startswith("2"):
            return reply
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.wire.append(envelope.content)
        self.recipients += envelope.rcpt_tos
        if self.breaks_after_data:
            self.breaks_after_data -= 1
            assert server.transport is not None
            server.transport.close()
        return "250 OK"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        """Let in who knows the password."""
        is_right = isinstance(data, LoginPassword) and data.password.decode() == self.password
        return AuthResult(success=is_right, handled=False)


@contextmanager
def running(*, password: str = "", tls_context: Any = None) -> Iterator[Mailbox]:
    """Run a server; with ``password`` only who gives it may send, with ``tls_context`` it offers STARTTLS."""
    mailbox = Mailbox(password=password, port=free_port())
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=mailbox.port,
        authenticator=mailbox.authenticate,
        auth_required=bool(password),
        auth_require_tls=False,
        tls_context=tls_context,
    )
    controller.start()
    try:
        yield mailbox
    finally:
        controller.stop()
