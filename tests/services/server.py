"""The program itself as its users run it: a process of its own on a free port."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from appointments_app.settings import PREFIX
from tests.services.machine import ROOT, free_port

PATIENCE = 90.0
SECRET_KEY = "the secret key of servers that tests start"
OF_THIS_CHECKOUT = [sys.executable, "-m", "appointments_app"]


@dataclass
class RunningServer:
    """A server: where it listens, where its data lives, and how to stop it."""

    database_url: str
    folder: Path
    command: list[str] = field(default_factory=lambda: OF_THIS_CHECKOUT)
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address to open."""
        return f"http://localhost:{self.port}"

    @property
    def output(self) -> str:
        """Everything the server has printed so far."""
        log = self.folder / "server.log"
        return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""

    def start(self) -> None:
        """Start, and return as soon as the server says that it runs."""
        said = len(self.output)
        process = self.begin()
        patience = time.monotonic() + PATIENCE
        while "is running at" not in self.output[said:]:
            if process.poll() is not None or time.monotonic() > patience:
                self.stop()
                raise RuntimeError(f"The server does not start:\n{self.output[-4000:]}")
            time.sleep(0.05)

    def begin(self) -> subprocess.Popen[bytes]:
        """Start, and return the process without waiting for anything."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*self.command, "serve"],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
            )
        return self.process

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop the server and everything it has started; SIGKILL is the power cut."""
        if self.process is None:
            return
        self._signal(how)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self.process.wait(timeout=10)
        self._signal(signal.SIGKILL)
        self.process = None

    def restart(self) -> None:
        """Stop in order and start again, on the same port and data."""
        self.stop()
        self.start()

    def _signal(self, how: signal.Signals) -> None:
        assert self.process is not None
        try:
            os.killpg(self.process.pid, how)
        except ProcessLookupError:
            return

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith((PREFIX, "__REFLEX_"))}
        own = {f"{PREFIX}PORT": str(self.port), f"{PREFIX}DATABASE_URL": self.database_url, **self.settings}
        if not self.database_url.startswith("sqlite"):
            own.setdefault(f"{PREFIX}SECRET_KEY", SECRET_KEY)
        if self.command is OF_THIS_CHECKOUT:
            own["PYTHONPATH"] = str(ROOT)  # not whichever is installed
        return {**kept, **own, "PYTHONUNBUFFERED": "1"}


@contextmanager
def running(database_url: str, folder: Path, **settings: str) -> Iterator[RunningServer]:
    """Run a server on this database; ``settings`` are further variables of its environment."""
    server = RunningServer(database_url, folder, settings=settings)
    try:
        server.start()
        yield server
    finally:
        server.stop()
