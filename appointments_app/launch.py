"""Starts the server: pages, websocket and API on one port, without compiling anything."""

from __future__ import annotations

import errno
import os
import signal
import socket
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from appointments_app import logs
from appointments_app.settings import PREFIX, SECONDS_FOR_HANDLERS, SECONDS_FOR_MESSAGES, Settings

APP = "appointments_app.appointments_app:app"
SECONDS_TO_FINISH = SECONDS_FOR_MESSAGES + SECONDS_FOR_HANDLERS + 5
"""How long a process of the server may go on after the order to stop, before it is killed."""
ORDERS = (signal.SIGTERM, signal.SIGINT)
"""The signals that order to stop."""


class CannotListen(RuntimeError):
    """The address is taken, or not ours."""


def serve(settings: Settings, site: Path, *, when_ready: Callable[[], None]) -> None:
    """Serve the finished site until SIGTERM or Ctrl-C; calls ``when_ready`` once the first answer can be had."""
    os.environ.update(_environment(site))
    os.chdir(site)  # Reflex takes its configuration from the working directory, and from nowhere else
    server = _Server(
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
    server.when_workers_run = lambda: _tell(settings, when_ready)
    server.serve()


class _Server(MPServer):
    """Granian that says when its workers have been started: its own hook comes before them."""

    when_workers_run: Callable[[], None]

    def startup(self, spawn_target: Any, target_loader: Callable[[], Any]) -> None:
        """Start the workers, then wait for them on a thread of its own: none may be open while a process forks."""
        signal.pthread_sigmask(signal.SIG_BLOCK, ORDERS)
        super().startup(spawn_target, partial(_load, target_loader))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ORDERS)
        Thread(target=self.when_workers_run, daemon=True).start()


def _load(loader: Callable[[], Any]) -> Any:
    """Return the app, in a worker's process; the order to stop, held back until here, ends it while it loads.

    With the handlers of the process it was forked from it would take the order and do nothing.
    """
    for order in ORDERS:
        signal.signal(order, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ORDERS)
    return loader()


def _tell(settings: Settings, when_ready: Callable[[], None]) -> None:
    while not _answers(settings):
        time.sleep(0.05)
    when_ready()


def _answers(settings: Settings) -> bool:
    connection = HTTPConnection(settings.host, settings.port, timeout=60)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


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
