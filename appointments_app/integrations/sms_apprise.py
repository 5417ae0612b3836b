"""Sends SMS through one of the many gateways that Apprise knows.

Apprise says yes or no; why not stands in its log, which also names numbers and keys: it is read here, and ends here.
"""

from __future__ import annotations

import logging
import re
import threading
from urllib.parse import quote

from apprise import Apprise, NotifyBase
from apprise.logger import logger as apprise_log

from appointments_app.domain.message import DeliveryError, Outgoing, Receipt
from appointments_app.domain.words import N_

SAMPLE_NUMBER = "+15005550006"
_STATUS = re.compile(r"error\s*=\s*(\d{3})")
_BROKEN = re.compile(r"Socket Exception")
_NEVER_CONNECTED = re.compile(r"NewConnectionError|ConnectTimeout|NameResolutionError|SSLError|ProxyError")

apprise_log.propagate = False
apprise_log.setLevel(logging.DEBUG)  # only there it says whether a connection came about


class AppriseSender:
    """One gateway, by an address of Apprise's in which {to} stands for the number."""

    def __init__(self, url: str) -> None:
        self._url = url

    def send(self, outgoing: Outgoing) -> Receipt:
        """Hand one SMS over; raise DeliveryError."""
        gateway = _gateway(self._url, outgoing.to)
        if gateway is None:
            raise DeliveryError(N_("Apprise does not understand the address in the settings."), permanent=False)
        with _listening() as heard:
            if gateway.notify(body=outgoing.text, title=""):
                return Receipt()
        raise _refusal(" ".join(heard.lines))


def is_known(url: str) -> bool:
    """Whether Apprise understands the address."""
    return _gateway(url, SAMPLE_NUMBER) is not None


def _gateway(url: str, to: str) -> NotifyBase | None:
    with _listening():
        return Apprise.instantiate(url.replace("{to}", quote(to, safe="")), suppress_exceptions=True)


def _refusal(said: str) -> DeliveryError:
    if found := _STATUS.search(said):
        status = int(found[1])
        permanent = 400 <= status < 500 and status not in (401, 403, 408, 429)
        return DeliveryError(f"HTTP {status}", permanent=permanent)
    if _BROKEN.search(said) and not _NEVER_CONNECTED.search(said):
        return DeliveryError(N_("The gateway broke off before it answered."), permanent=False, uncertain=True)
    return DeliveryError(N_("The gateway did not take the message."), permanent=False)


class _Heard(logging.Handler):
    """Keeps what the thread that made it says to Apprise's log."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        if record.thread == self._thread:
            self.lines.append(record.getMessage())

    def __enter__(self) -> _Heard:
        apprise_log.addHandler(self)
        return self

    def __exit__(self, *_error: object) -> None:
        apprise_log.removeHandler(self)


def _listening() -> _Heard:
    return _Heard()
