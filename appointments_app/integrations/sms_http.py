"""Sends SMS by a request to a gateway: 2xx is taken, 5xx, 408 and 429 may be tried again, other 4xx may not.

401 and 403 are about the key in the settings, not about the message: they may be tried again, too.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote, quote_plus, urlsplit

from appointments_app.domain.channel import BodyType, HttpSetup, filled, header_lines, in_json
from appointments_app.domain.message import DeliveryError, Outgoing, Receipt
from appointments_app.domain.words import N_

SECONDS = 20
LONGEST_ANSWER = 65_536
IDS = ("id", "message_id", "messageId", "message-id", "sid", "uuid")
"""What gateways call the id of a message in their answer."""


class HttpSmsSender:
    """One gateway. Each message is a request of its own; redirects are not followed: they would carry the key on."""

    def __init__(self, setup: HttpSetup, secret: str) -> None:
        self._setup, self._secret = setup, secret

    def send(self, outgoing: Outgoing) -> Receipt:
        """Hand one SMS over; raise DeliveryError."""
        status, headers, body = self._request(outgoing)
        if 200 <= status < 300:
            return Receipt(_id_in(body))
        if status in (401, 403):
            raise DeliveryError(N_("The gateway does not accept the key in the settings."), permanent=False)
        permanent = 400 <= status < 500 and status not in (408, 429)
        raise DeliveryError(f"HTTP {status}", permanent=permanent, retry_after=_seconds(headers.get("Retry-After")))

    def _request(self, outgoing: Outgoing) -> tuple[int, http.client.HTTPMessage, bytes]:
        setup = self._setup
        given = {"to": outgoing.to, "text": outgoing.text, "key": outgoing.key, "secret": self._secret}
        parts = urlsplit(filled(setup.url, {name: quote(value, safe="") for name, value in given.items()}))
        connection = _connection(parts.scheme, parts.hostname or "", parts.port)
        sent = False
        try:
            connection.connect()
            sent = True
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(setup.method, target, _body(setup, given), self._headers(given))
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read(LONGEST_ANSWER)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if _is_unwritable(error):
                reason = N_("The request in the settings can't be made for this message.")
                raise DeliveryError(reason, permanent=False) from None
            raise DeliveryError(_trouble(error, sent), permanent=False, uncertain=sent) from None
        finally:
            connection.close()

    def _headers(self, given: dict[str, str]) -> dict[str, str]:
        headers = {"Idempotency-Key": given["key"], "User-Agent": "appointments"}
        if self._setup.body:
            kind = "application/json" if self._setup.body_type == BodyType.JSON else "application/x-www-form-urlencoded"
            headers["Content-Type"] = kind
        own = {name: filled(value, given) for name, value in header_lines(self._setup.headers)}
        named = {name.lower() for name in own}
        return {**{name: value for name, value in headers.items() if name.lower() not in named}, **own}


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=SECONDS)


def _body(setup: HttpSetup, given: dict[str, str]) -> bytes | None:
    if not setup.body:
        return None
    written = in_json if setup.body_type == BodyType.JSON else quote_plus
    return filled(setup.body, {name: written(value) for name, value in given.items()}).encode()


def _is_unwritable(error: Exception) -> bool:
    """Whether the address or a header can't hold such letters: nothing of the request was sent."""
    is_wrong_value = isinstance(error, ValueError) and not isinstance(error, OSError)
    return is_wrong_value or isinstance(error, http.client.InvalidURL)


def _trouble(error: Exception, sent: bool) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return N_("The gateway's certificate is not valid for its name.")
    if isinstance(error, (TimeoutError, socket.timeout)):
        return N_("The gateway does not answer in time.")
    if sent:
        return N_("The gateway broke off before it answered.")
    return N_("The gateway can't be reached.")


def _id_in(body: bytes) -> str:
    try:
        answer = json.loads(body)
    except ValueError:
        return ""
    found = next((answer[name] for name in IDS if name in answer), "") if isinstance(answer, dict) else ""
    return str(found)[:200] if isinstance(found, (str, int)) else ""


def _seconds(retry_after: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks to wait: a number, or a date."""
    if not retry_after:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
