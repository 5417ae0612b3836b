"""Heavy work in a process of its own: what it returns, what it refuses, and how it is stopped."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from appointments_app.db.engine import engine_for
from appointments_app.db.models import Client
from appointments_app.domain.errors import Cancelled, Invalid
from appointments_app.features.imports import service
from appointments_app.integrations.processes import BrokenOff, run_apart
from tests.imports.conftest import Mover, started


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """How a process is started and stopped has nothing to do with the database."""
    engine = engine_for(sqlite_url)
    yield engine
    engine.dispose()


ROWS = [["Name", "E-mail"], *([f"Client {n}", f"c{n}@example.com"] for n in range(8_000))]


def _dies(_uow: Any, *, progress: Any) -> None:
    raise SystemExit(3)


def test_work_is_done_refused_stopped_and_broken_off_over_there(mover: Mover, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("APPOINTMENTS_DATABASE_URL", mover.desk.uow.engine.url.render_as_string(hide_password=False))
    run = mover.upload("c.csv", ROWS)
    values: dict[str, Any] = {"actor": mover.ada, "run_id": run}
    told: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> bool:
        told.append((done, total))
        return False

    with pytest.raises(Cancelled):
        run_apart(service.carry_out, values, stop)
    assert told and mover.count(Client) == 0 and mover.view(run).state == "open"
    assert run_apart(service.carry_out, values, service.keep_going).created == 8_000
    assert mover.count(Client) == 8_000
    with pytest.raises(Invalid, match="imported already"):
        run_apart(service.carry_out, values, service.keep_going)
    with pytest.raises(BrokenOff):
        run_apart(_dies, {}, service.keep_going)

    def kill(done: int, total: int) -> bool:
        for pid in started():
            os.kill(int(pid), signal.SIGKILL)
        return True

    with pytest.raises(BrokenOff):
        run_apart(service.undo, values, kill)
    assert mover.count(Client) == 8_000 and mover.view(run).state == "done", "nothing of it was taken back"
    assert run_apart(service.undo, values, service.keep_going).removed == 8_000
    assert mover.count(Client) == 0 and mover.view(run).state == "undone"
