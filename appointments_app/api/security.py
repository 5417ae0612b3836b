"""What every answer carries, and what no request from another site may do."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from appointments_app.api.headers import NO_PAGE, page_policy, security_headers
from appointments_app.features.session.gate import sealed
from appointments_app.logs import begin_request

log = logging.getLogger(__name__)
_LARGEST_FORM = 64 * 1024
_FORMS = ("/auth/", "/portal", "/c/", "/unsubscribe/", "/api/sms/", "/api/clients/")
_TOKEN = re.compile(r"^(/c|/portal/enter|/unsubscribe|/api/sms)/[^/]+")
_IMMUTABLE = "public, max-age=31536000, immutable"
_OF_THE_SOCKET = {"host", "origin", "connection", "upgrade", "x-forwarded-host", "x-forwarded-proto"}
"""The headers of a socket that the framework may see and store: it needs these, and those named sec-websocket-."""


class Security:
    """ASGI layer: security headers, caching of hashed assets, refusal of huge forms and of writes by other sites.

    It also keeps session tokens from the framework, which stores the headers of every socket.
    """

    def __init__(self, app: ASGIApp, *, pages: Path, is_https: bool) -> None:
        self.app = app
        self._headers = security_headers(is_https=is_https)
        self._page_policy = page_policy(pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403 to a POST from another origin, 413 to a form that is too long."""
        if scope["type"] == "websocket":
            await self.app({**scope, "headers": _without_secrets(scope["headers"])}, receive, send)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, request = time.perf_counter(), begin_request(Headers(scope=scope).get("x-request-id", ""))
        if scope["method"] not in {"GET", "HEAD", "OPTIONS"} and not _same_origin(Headers(scope=scope)):
            await PlainTextResponse("Cross-site request refused", 403)(scope, receive, send)
            return
        if scope["path"].startswith(_FORMS):
            announced = Headers(scope=scope).get("content-length", "")
            if announced.isdecimal() and int(announced[:18]) > _LARGEST_FORM:
                await PlainTextResponse("Request too large", 413)(scope, receive, send)
                return
            receive = _at_most(_LARGEST_FORM, receive)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request
                _note(scope, message["status"], started)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if message["status"] != 304:  # which is no answer of its own: the browser keeps the policy it has
                    is_page = headers.get("content-type", "").startswith("text/html")
                    headers.setdefault("content-security-policy", self._page_policy if is_page else NO_PAGE)
                if scope["path"].startswith("/assets/") and message["status"] == 200:
                    headers["cache-control"] = _IMMUTABLE
                else:
                    headers.setdefault("cache-control", "no-cache")
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _without_secrets(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the headers of a socket without anything that proves who somebody is."""
    kept = []
    for raw, value in headers:
        name = raw.decode("latin-1").lower()
        if name == "cookie":
            kept.append((raw, sealed(value.decode("latin-1")).encode("latin-1")))
        elif name in _OF_THE_SOCKET or name.startswith("sec-websocket-"):
            kept.append((raw, value))
    return kept


def _at_most(limit: int, receive: Receive) -> Receive:
    """Return ``receive`` that ends the request with 413 once more than ``limit`` bytes have come."""
    received = 0

    async def receive_some() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise HTTPException(413)
        return message

    return receive_some


def _note(scope: Scope, status: int, started: float) -> None:
    """Log one request: how it ended and how long the answer took to begin.

    Left out is what an address holds that may be personal, its parameters, or opens something: the token of a link.
    """
    fields = {
        "method": scope["method"],
        "path": _TOKEN.sub(r"\1/…", scope["path"]),
        "status": status,
        "ms": round(1000 * (time.perf_counter() - started), 1),
    }
    log.log(logging.WARNING if status >= 500 else logging.DEBUG, "request", extra={"fields": fields})


def _same_origin(headers: Headers) -> bool:
    """Whether a request comes from our own pages, or from no page at all."""
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "none") != "cross-site"
    return urlsplit(origin).netloc == headers.get("host", "")
