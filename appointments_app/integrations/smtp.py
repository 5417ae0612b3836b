"""Sends e-mail by SMTP. A refused recipient or letter is permanent (5xx); everything about the server is not."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.policy import Policy
from email.utils import formatdate

from appointments_app.domain.channel import Security, SmtpSetup
from appointments_app.domain.message import DeliveryError, Outgoing, Receipt
from appointments_app.domain.text import one_line
from appointments_app.domain.words import N_

SECONDS = 30
WHOLE_SECONDS = 40.0
"""How long handing one letter over takes at most, whatever the server stalls at; less than a stop in order waits."""
IDLE_SECONDS = 20.0
"""How long a connection is kept for the next letter."""


class _Whole:
    """A header that stays in one line: folded it would be encoded, and mail programs look for the address as it is."""

    max_count = 1
    parse = staticmethod(UnstructuredHeader.parse)
    value_parser = staticmethod(UnstructuredHeader.value_parser)

    def fold(self, *, policy: Policy) -> str:
        """Return the header as it goes over the wire."""
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)  # type: ignore[arg-type]  # a mixin, as its own are
_NO_ATOM = re.compile(r"[^\w.+=/-]", re.ASCII)
"""What would break a Message-ID off."""
_LETTER = WIRE.clone(header_factory=_HEADERS)


class _Patience:
    """Ends a conversation after so many seconds, at whatever step: its connections are cut."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._watched: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> _Patience:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            for each in self._watched:
                each.close()
            self._watched.clear()

    def left(self) -> float:
        """Return the seconds that are left; raise TimeoutError when none are."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def watch(self, connection: socket.socket) -> None:
        """Cut this connection, too, when the time is over."""
        twin = socket.fromfd(connection.fileno(), connection.family, connection.type)  # stays when TLS takes the other
        with self._lock:
            self._watched.append(twin)
        if time.monotonic() > self._until:
            self._cut()

    def _cut(self) -> None:
        with self._lock:
            for each in self._watched:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)


class _Server(smtplib.SMTP):
    """A mail server that is waited for with patience, but not for ever."""

    patience: _Patience

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        failure: OSError = OSError("no address")
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            connection = socket.socket(family, kind, protocol)
            try:
                connection.settimeout(min(timeout, self.patience.left()))
                connection.connect(address)
            except OSError as error:
                connection.close()
                failure = error
                continue
            connection.settimeout(timeout)
            self.patience.watch(connection)
            return connection
        raise failure


class _TlsServer(smtplib.SMTP_SSL, _Server):
    """The same, with TLS from the beginning."""


class SmtpSender:
    """One mail server. Connections are kept for a while, and each serves one thread at a time."""

    def __init__(self, setup: SmtpSetup, password: str, *, tls: ssl.SSLContext | None = None) -> None:
        self._setup, self._password = setup, password
        self._tls = tls or ssl.create_default_context()
        self._idle: list[tuple[smtplib.SMTP, float]] = []
        self._lock = threading.Lock()

    def send(self, outgoing: Outgoing) -> Receipt:
        """Hand one letter over; raise DeliveryError."""
        message = letter(outgoing, self._setup)
        with _Patience(WHOLE_SECONDS) as patience, self._connection(patience) as server:
            self._address(server, outgoing.to, message)
            return self._hand_over(server, message)

    def _address(self, server: smtplib.SMTP, to: str, message: EmailMessage) -> None:
        options = ["SMTPUTF8", "BODY=8BITMIME"] if not f"{to}{self._setup.sender}".isascii() else []
        if options and not server.has_extn("smtputf8"):
            raise DeliveryError(N_("The mail server can't write to such an address."), permanent=True)
        code, said = server.mail(self._setup.sender, options)
        if code != 250:
            raise _refusal(code, said, permanent=False)
        code, said = server.rcpt(to)
        if code not in (250, 251):
            raise _refusal(code, said, permanent=code >= 500)

    def _hand_over(self, server: smtplib.SMTP, message: EmailMessage) -> Receipt:
        try:
            code, said = server.data(message.as_bytes(policy=_LETTER))
        except smtplib.SMTPDataError as error:
            raise _refusal(error.smtp_code, error.smtp_error, permanent=error.smtp_code >= 500) from None
        except (smtplib.SMTPServerDisconnected, OSError):
            raise DeliveryError(
                N_("The mail server broke off before it said that it took the letter."), permanent=False, uncertain=True
            ) from None
        if code != 250:
            raise _refusal(code, said, permanent=code >= 500)
        return Receipt(str(message["Message-ID"]))

    @contextmanager
    def _connection(self, patience: _Patience) -> Iterator[smtplib.SMTP]:
        """Yield a connection that answers; afterwards it is kept, unless something went wrong with it."""
        server = self._kept(patience) or self._connect(patience)
        try:
            yield server
        except DeliveryError as error:
            if error.uncertain or not _is_reset(server):
                server.close()
            else:
                self._keep(server)
            raise
        except (smtplib.SMTPException, OSError, ValueError) as error:
            server.close()
            raise DeliveryError(_trouble(error, patience), permanent=False) from None
        self._keep(server)

    def _kept(self, patience: _Patience) -> smtplib.SMTP | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                server, since = self._idle.pop()
            if isinstance(server.sock, socket.socket):
                patience.watch(server.sock)
            if time.monotonic() - since < IDLE_SECONDS and _is_reset(server):
                return server
            server.close()

    def _keep(self, server: smtplib.SMTP) -> None:
        with self._lock:
            self._idle.append((server, time.monotonic()))

    def _connect(self, patience: _Patience) -> smtplib.SMTP:
        try:
            return self._open(patience)
        except smtplib.SMTPAuthenticationError:
            reason = N_("The mail server does not accept this user name and password.")
        except smtplib.SMTPNotSupportedError:
            reason = N_("The mail server does not offer what the settings ask for: check encryption and user name.")
        except (smtplib.SMTPException, OSError, UnicodeError) as error:  # the last: a name that no server can have
            reason = _trouble(error, patience)
        raise DeliveryError(reason, permanent=False)

    def _open(self, patience: _Patience) -> smtplib.SMTP:
        setup = self._setup
        is_tls = setup.security == Security.TLS
        server = _TlsServer(timeout=SECONDS, context=self._tls) if is_tls else _Server(timeout=SECONDS)
        server.patience = patience
        server._host = setup.host  # type: ignore[attr-defined]  # the name that its certificate must have
        try:
            code, said = server.connect(setup.host, setup.port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, said)
            if setup.security == Security.STARTTLS:
                server.starttls(context=self._tls)
            server.ehlo_or_helo_if_needed()
            if setup.user:
                _log_in(server, setup.user, self._password)
        except BaseException:
            server.close()
            raise
        return server


def _log_in(server: smtplib.SMTP, user: str, password: str) -> None:
    try:
        server.login(user, password)
    except UnicodeError:  # smtplib sends ASCII only
        raise smtplib.SMTPAuthenticationError(535, "") from None


def letter(outgoing: Outgoing, setup: SmtpSetup) -> EmailMessage:
    """Return the e-mail: text, HTML beside it, attachments, and headers that keep robots from answering."""
    message = EmailMessage(policy=_LETTER)
    user, _, domain = setup.sender.rpartition("@")
    message["From"] = Address(one_line(setup.sender_name, 120), user, domain)
    message["To"] = outgoing.to
    message["Subject"] = one_line(outgoing.subject, 250)
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{_NO_ATOM.sub('-', outgoing.key[:200])}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if outgoing.unsubscribe:
        message["List-Unsubscribe"] = f"<{outgoing.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(outgoing.text)
    if outgoing.html:
        message.add_alternative(outgoing.html, subtype="html")
    for each in outgoing.attachments:
        main, _, sub = each.media_type.partition("/")
        params = {"charset": "utf-8"} if main == "text" else {}
        message.add_attachment(each.content, maintype=main, subtype=sub, filename=each.name, params=params)
    return message


def _is_reset(server: smtplib.SMTP) -> bool:
    """Whether the connection still answers, and is ready for the next letter."""
    with suppress(smtplib.SMTPException, OSError):
        return server.rset()[0] == 250
    return False


def _refusal(code: int, said: bytes | str, *, permanent: bool) -> DeliveryError:
    text = said if isinstance(said, str) else said.decode("utf-8", "replace")
    return DeliveryError(f"{code} {one_line(text, 200)}", permanent=permanent)


def _trouble(error: Exception, patience: _Patience) -> str:
    with suppress(TimeoutError):
        patience.left()
        return _said_by(error)
    return N_("The mail server does not answer in time.")


def _said_by(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return N_("The mail server's certificate is not valid for its name.")
    if isinstance(error, TimeoutError):
        return N_("The mail server does not answer in time.")
    if isinstance(error, (OSError, UnicodeError)) and not isinstance(error, smtplib.SMTPException):
        return N_("The mail server can't be reached.")
    return N_("The mail server broke off.")
