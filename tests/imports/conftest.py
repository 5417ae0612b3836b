"""A business that moves in: its desk, its owner, and files made on the spot."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from appointments_app import runtime
from appointments_app.db.models import Appointment, Client
from appointments_app.domain.access import Actor, Role
from appointments_app.features.imports import service
from appointments_app.integrations.processes import ENTRY
from tests.session.desk import Desk, cheap_hashes


@dataclass
class Mover:
    """Ada, who brings her data along."""

    desk: Desk
    ada: Actor
    token: str
    folder: Path

    def file(self, name: str, content: bytes | str | Sequence[Sequence[object]]) -> Path:
        """Write a file: bytes and text as they are, rows as CSV."""
        path = self.folder / name
        if not isinstance(content, (bytes, str)):
            text = io.StringIO(newline="")
            csv.writer(text).writerows(content)
            content = text.getvalue()
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def upload(self, name: str, content: bytes | str | Sequence[Sequence[object]], kind: str = "clients") -> int:
        """Take a file in; return the id of its import."""
        path = self.file(name, content)
        return service.take_in(self.desk.uow, actor=self.ada, path=path, name=name, kind=kind)

    def choose(self, run: int, **options: object) -> None:
        """Choose options."""
        for name, value in options.items():
            service.choose_option(self.desk.uow, actor=self.ada, run_id=run, name=name, value=value)

    def check(self, run: int) -> service.Result:
        """Find out what an import would do."""
        return service.check(self.desk.uow, actor=self.ada, run_id=run)

    def carry_out(self, run: int) -> service.Result:
        """Import."""
        return service.carry_out(self.desk.uow, actor=self.ada, run_id=run)

    def bring(self, content: Any, kind: str = "clients", name: str = "file.csv", **options: object) -> service.Result:
        """Upload, choose, try and import; the trial says what the import then does."""
        run = self.upload(name, content, kind)
        self.choose(run, **options)
        tried = self.check(run)
        done = self.carry_out(run)
        assert done == tried
        return done

    def view(self, run: int) -> service.RunView:
        """Return what the page shows."""
        return service.open_run(self.desk.uow, actor=self.ada, run_id=run)

    def rows(self, run: int, outcome: str) -> list[service.ReportRow]:
        """Return the first rows with an outcome."""
        return service.rows(self.desk.uow, actor=self.ada, run_id=run, outcome=outcome)

    def clients(self) -> list[Client]:
        """Return all clients."""
        with self.desk.uow.read() as tx:
            return list(tx.execute(select(Client).order_by(Client.id)).scalars())

    def appointments(self) -> list[Appointment]:
        """Return all appointments that are not deleted."""
        with self.desk.uow.read() as tx:
            living = select(Appointment).where(Appointment.deleted_at.is_(None))  # type: ignore[union-attr]
            return list(tx.execute(living.order_by(Appointment.start_at, Appointment.id)).scalars())

    def count(self, table: Any) -> int:
        """Return how many rows a table has."""
        with self.desk.uow.read() as tx:
            return tx.execute(select(func.count()).select_from(table)).scalar_one()


def wall(text: str) -> datetime:
    """Return the time that a test means."""
    return datetime.fromisoformat(text)


def started() -> list[str]:
    """Return the processes that threads of this one have started for heavy work."""
    children = [pid for task in Path("/proc/self/task").iterdir() for pid in _children(task)]
    return [pid for pid in children if ENTRY in Path(f"/proc/{pid}/cmdline").read_text()]


def _children(task: Path) -> list[str]:
    try:
        return (task / "children").read_text().split()
    except OSError:  # the thread has just ended
        return []


def _here(desk: Desk) -> Any:
    """Do heavy work in this process: another would take a second to start, and has a clock of its own."""

    async def apart(work: Any, *, size: int, **values: Any) -> Any:
        return work(desk.uow, **values)

    return apart


@pytest.fixture
def mover(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mover:
    """Ada at an empty desk in Cairo, at noon UTC on 24 March 2026."""
    cheap_hashes(monkeypatch)
    desk = Desk(engine)
    desk.hire("ada@example.com", Role.OWNER)
    token, ada = desk.sign_in("ada@example.com")
    monkeypatch.setattr(runtime, "uow", lambda: desk.uow)
    monkeypatch.setattr(runtime, "apart", _here(desk))
    return Mover(desk, ada, token, tmp_path)
