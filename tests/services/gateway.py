"""An SMS gateway on loopback that can be slow, refuse, break off, and be away; it takes each key once."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Answer:
    """What the gateway does with one request; ``breaks`` closes the connection "before" or "after" taking it."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str = '{"id": "gw-1"}'
    delay: float = 0.0
    breaks: str = ""

    @property
    def takes(self) -> bool:
        """Whether the message counts as sent."""
        return self.status < 300 if not self.breaks else self.breaks == "after"


@dataclass(frozen=True)
class Request:
    """One request as it arrived; ``values`` are its JSON or form fields, else those of the address."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    values: dict[str, Any]
    at: float


class Gateway:
    """Listens on a free port; ``requests`` is all that came, ``taken`` what it sends on to phones, in order.

    Unless it ``heeds_keys``, it takes what comes twice twice, as many do.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.taken: list[Request] = []
        self.usual = Answer()
        self.heeds_keys = True
        self._planned: deque[Answer] = deque()
        self._keys: set[str] = set()
        self._lock = threading.Lock()
        self._server = self._listen(0)
        self.port = self._server.server_port

    @property
    def url(self) -> str:
        """The address to send to."""
        return f"http://127.0.0.1:{self.port}/send"

    def next(self, *answers: Answer) -> None:
        """Answer the next requests so; from then on as usual."""
        with self._lock:
            self._planned.extend(answers)

    def go_away(self) -> None:
        """Refuse connections until ``come_back``."""
        self._server.shutdown()
        self._server.server_close()

    def come_back(self) -> None:
        """Listen again, on the same port."""
        self._server = self._listen(self.port)

    def take(self, request: Request) -> Answer:
        """Note a request and return what to do with it; a key that was taken before is not taken again."""
        with self._lock:
            self.requests.append(request)
            answer = self._planned.popleft() if self._planned else self.usual
            key = request.headers.get("idempotency-key", "")
            if answer.takes and not (self.heeds_keys and key and key in self._keys):
                self.taken.append(request)
                self._keys.add(key)
            return answer

    def _listen(self, port: int) -> ThreadingHTTPServer:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer()

            def do_POST(self) -> None:
                self._answer()

            def do_PUT(self) -> None:
                self._answer()

            def _answer(self) -> None:
                answer = gateway.take(_read(self))
                time.sleep(answer.delay)
                if answer.breaks:
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                for name, value in {**answer.headers, "Content-Length": str(len(answer.body.encode()))}.items():
                    self.send_header(name, value)
                self.end_headers()
                with suppress(OSError):  # whoever asked may have gone
                    self.wfile.write(answer.body.encode())

            def log_message(self, format: str, *given: Any) -> None:
                """Keep quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return server


def _read(handler: BaseHTTPRequestHandler) -> Request:
    body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0)).decode()
    kind = handler.headers.get("Content-Type", "")
    if body and "json" in kind:
        values = json.loads(body)
    else:
        fields = body if "form" in kind else urlsplit(handler.path).query
        values = {name: each[-1] for name, each in parse_qs(fields, keep_blank_values=True).items()}
    headers = {name.lower(): value for name, value in handler.headers.items()}
    return Request(handler.command, handler.path, headers, body, values, time.monotonic())


@contextmanager
def running() -> Iterator[Gateway]:
    """Run a gateway."""
    gateway = Gateway()
    try:
        yield gateway
    finally:
        gateway.go_away()
