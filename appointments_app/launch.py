"""Starts the server: pages, websocket and API on one port, without compiling anything."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path

from appointments_app import logs
from appointments_app.settings import PREFIX, Settings

APP = "appointments_app.appointments_app:app"
SECONDS_TO_FINISH = 15
"""How long running work may go on after the order to stop; the app itself allows it 10."""


class CannotListen(RuntimeError):
    """The address is taken, or not ours."""


def serve(settings: Settings, site: Path, *, when_ready: Callable[[], None]) -> None:
    """Serve the finished site until SIGTERM or Ctrl-C; calls ``when_ready`` once the port is open."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ.update(_environment(site))
    os.chdir(site)  # Reflex takes its configuration from the working directory, and from nowhere else
    server = Granian(
        APP,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        workers_kill_timeout=SECONDS_TO_FINISH,
        respawn_failed_workers=settings.workers > 1,
        log_level=LogLevels.warning,
        log_dictconfig=logs.configuration(settings.log_level),
    )
    server.on_startup(when_ready)
    server.serve()


def _environment(site: Path) -> dict[str, str]:
    return {
        "REFLEX_ENV_MODE": "prod",
        "REFLEX_BACKEND_ONLY": "true",  # assets were put in their places when the site was built
        "REFLEX_WEB_WORKDIR": str(site / "web"),
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    }


def check_port(settings: Settings) -> None:
    """Raise CannotListen, with what to do about it, when the port is not to be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be opened ({error.strerror})"
            raise CannotListen(
                f"Port {settings.port} on {settings.host} {reason}. Choose another: {PREFIX}PORT=3001."
            ) from None
