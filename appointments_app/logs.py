"""Structured logs: one JSON object per line, with the request's id, and nothing about persons.

The framework logs whole events when one goes wrong: headers with the session cookie, form values, rows of the
database. What it writes about an event is cut off, and addresses, tokens and SQL parameters are blotted out.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

_request: ContextVar[str] = ContextVar("request", default="")

_BLOTS = (
    (re.compile(r"\bEvent\(.*", re.DOTALL), "Event(…)"),
    (re.compile(r"\[parameters:.*?(?=\(Background on this error|\Z)", re.DOTALL), "[parameters: …]\n"),
    (re.compile(r"(?m)^DETAIL:.*$"), "DETAIL: …"),
    (
        re.compile(r"""(?i)\b(sid|token|cookie|authorization|password|present|wanted)\b(['"]?\s*[=:]\s*)[^\n]+"""),
        r"\1\2…",
    ),
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "…@…"),
    (re.compile(r"\$argon2\S+"), "…"),
)


def begin_request(given: str = "") -> str:
    """Give the work that starts now an id, the given one if it looks like one; return it."""
    request = given if re.fullmatch(r"[\w-]{8,64}", given) else secrets.token_hex(8)
    _request.set(request)
    return request


def without_secrets(text: str) -> str:
    """Return ``text`` without cookies, tokens, passwords, e-mail addresses, form values and SQL parameters."""
    for pattern, blot in _BLOTS:
        text = pattern.sub(blot, text)
    return text


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; fields given as ``extra={"fields": {…}}`` stand in it by their own names."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": record.process,
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if request := _request.get():
            line["request"] = request
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["error"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def configuration(level: str) -> dict[str, Any]:
    """Return the logging configuration of the server's processes, for ``logging.config.dictConfig``."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": f"{__name__}.JsonLines"}},
        "handlers": {"errors": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "json"}},
        "root": {"handlers": ["errors"], "level": level.upper()},
        "loggers": {
            "_granian": {"handlers": [], "propagate": True},
            "reflex": {"level": "WARNING"},
            "alembic": {"level": "WARNING"},
            "urllib3": {"level": "WARNING"},
        },
    }
