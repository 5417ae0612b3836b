"""A mail server that says a little now and then, and never the end, holds a letter up only so long."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from appointments_app.domain.channel import SmtpSetup
from appointments_app.domain.message import DeliveryError
from appointments_app.integrations import smtp
from tests.integrations.test_senders import MAIL

STEPS = ("greeting", "EHLO", "MAIL", "RCPT", "DATA", "letter")


@contextmanager
def dripping(step: str) -> Iterator[int]:
    """Run a server that goes on until a step, and then writes a reply that never ends, letter by letter."""
    over = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            connection, _ = listening.accept()
            with connection, connection.makefile("rb") as lines:
                if step != "greeting":
                    connection.sendall(b"220 ready\r\n")
                    _go_on(connection, lines)
                connection.sendall(b"250-")
                while not over.wait(0.05):
                    connection.sendall(b"x")

    def _go_on(connection: socket.socket, lines) -> None:
        for line in lines:
            if line.upper().startswith(step.encode()):
                return
            connection.sendall(b"354 go\r\n" if line.upper().startswith(b"DATA") else b"250 fine\r\n")
            if step == "letter" and line.upper().startswith(b"DATA"):
                while lines.readline() != b".\r\n":
                    pass
                return

    serving = threading.Thread(target=serve, daemon=True)
    serving.start()
    try:
        yield listening.getsockname()[1]
    finally:
        over.set()
        listening.close()
        serving.join(timeout=10)


@pytest.mark.parametrize(("step", "security"), [*((step, "none") for step in STEPS), ("greeting", "tls")])
def test_no_server_holds_a_letter_up_for_ever(step: str, security: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(smtp, "WHOLE_SECONDS", 0.6)
    ends: list[DeliveryError] = []

    def send(port: int) -> None:
        try:
            smtp.SmtpSender(SmtpSetup("127.0.0.1", port, security, "", "desk@example.com"), "").send(MAIL)
        except DeliveryError as error:
            ends.append(error)

    with dripping(step) as port:
        sending = threading.Thread(target=send, args=(port,), daemon=True)
        sending.start()
        sending.join(timeout=20)
        assert not sending.is_alive(), "it would wait as long as the server likes"
    (error,) = ends
    assert not error.permanent and error.uncertain is (step in ("DATA", "letter"))
