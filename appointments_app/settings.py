"""The settings of one running program, read from the environment once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from appointments_app.domain.channel import smtp_from_url

SECONDS_FOR_MESSAGES = 45
"""How long messages in flight may take after the order to stop: longer than a sender waits for the other side."""
SECONDS_FOR_HANDLERS = 10
"""How long running handlers may take then."""

PREFIX = "APPOINTMENTS_"


class SettingsError(ValueError):
    """The environment holds a setting that is unknown or malformed."""


@dataclass(frozen=True)
class Settings:
    """Everything an operator can set. Each field is the variable ``APPOINTMENTS_<FIELD>``."""

    database_url: str = "sqlite:///data/appointments.db"
    """Where the data lives: ``sqlite:///path`` or ``postgresql://user:password@host/name``."""
    secret_key: str = ""
    """What signs links and encrypts secrets, 32 characters or more; empty: made once, beside the SQLite file."""
    host: str = "127.0.0.1"
    """The address to listen on; ``0.0.0.0`` opens the app to the network."""
    port: int = 3000
    """The one port for pages, websocket and API."""
    public_url: str = ""
    """The address people type, e.g. ``https://desk.example.com``; empty: ``http://localhost:<port>``."""
    trusted_proxies: int = 0
    """Reverse proxies of one's own in front of the app: so many entries of X-Forwarded-For are believed."""
    redis_url: str = ""
    """Redis for more than one process, e.g. ``redis://localhost:6379``; empty: one process, in memory."""
    workers: int = 1
    """Server processes; more than 1 needs ``redis_url`` and PostgreSQL."""
    smtp_url: str = ""
    """The mail server as long as Settings › Channels names none: ``smtp://user:password@host:587?from=address``."""
    session_days: int = 14
    """Days after which an unused sign-in ends."""
    log_level: str = "info"
    """``debug``, ``info``, ``warning`` or ``error``."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Return the settings of this environment; raise SettingsError on unknown names and bad values."""
        known = {f"{PREFIX}{field.name.upper()}": field for field in fields(cls)}
        given = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise SettingsError(f"Unknown settings: {', '.join(unknown)}. Known: {', '.join(sorted(known))}.")
        values: dict[str, object] = {}
        for name, value in given.items():
            field = known[name]
            values[field.name] = _number(name, value) if field.type == "int" else value.strip()
        settings = cls(**values)  # type: ignore[arg-type]
        settings._check()
        return settings

    @property
    def is_sqlite(self) -> bool:
        """Whether the data lives in a SQLite file."""
        return self.database_url.startswith("sqlite")

    @property
    def sqlite_path(self) -> Path | None:
        """The SQLite file, or None for another database or one in memory."""
        path = self.database_url.removeprefix("sqlite:///")
        return Path(path) if self.is_sqlite and path and path != ":memory:" else None

    @property
    def origin(self) -> str:
        """The address people open, without a trailing slash."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def origins(self) -> list[str]:
        """The addresses a page may be opened at: the public one, and this machine's own."""
        return sorted({self.origin, f"http://localhost:{self.port}", f"http://127.0.0.1:{self.port}"})

    @property
    def is_https(self) -> bool:
        """Whether people reach the app over TLS, so that cookies may be marked Secure."""
        return self.origin.startswith("https://")

    @property
    def host_name(self) -> str:
        """The name of the machine people open, without port."""
        return urlsplit(self.origin).hostname or "localhost"

    def _check(self) -> None:
        if not self.database_url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise SettingsError(f"{PREFIX}DATABASE_URL must begin with sqlite:/// or postgresql://.")
        if not self.secret_key and not self.is_sqlite:
            raise SettingsError(f"{PREFIX}SECRET_KEY is needed with PostgreSQL. Make one with: openssl rand -base64 32")
        if self.secret_key and len(self.secret_key) < 32:
            raise SettingsError(f"{PREFIX}SECRET_KEY must be 32 characters or longer.")
        try:
            smtp_from_url(self.smtp_url, host_of_app=self.host_name) if self.smtp_url else None
        except ValueError as error:
            raise SettingsError(f"{PREFIX}SMTP_URL {error}.") from None
        if not 1 <= self.port <= 65535:
            raise SettingsError(f"{PREFIX}PORT must lie between 1 and 65535.")
        if self.trusted_proxies < 0:
            raise SettingsError(f"{PREFIX}TRUSTED_PROXIES must be 0 or more.")
        if self.workers < 1 or (self.workers > 1 and (self.is_sqlite or not self.redis_url)):
            raise SettingsError(f"{PREFIX}WORKERS above 1 needs PostgreSQL and {PREFIX}REDIS_URL.")
        if self.log_level not in {"debug", "info", "warning", "error"}:
            raise SettingsError(f"{PREFIX}LOG_LEVEL must be debug, info, warning or error.")


def _number(name: str, value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise SettingsError(f"{name} must be a whole number, not {value!r}.") from None
