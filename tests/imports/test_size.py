"""Moving in at size: 50,000 clients and 200,000 appointments, and out again, while a colleague looks at the list."""

from __future__ import annotations

import re
import sqlite3
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

import pytest
from sqlalchemy import func, select

from appointments_app.db.models import Appointment, ChangeLine, Client
from appointments_app.domain.listing import AppointmentFilter, Place
from appointments_app.features.appointments import service as appointments
from appointments_app.features.imports import service
from appointments_app.integrations.processes import run_apart
from appointments_app.integrations.spreadsheets import Column, FileType, write
from tests.imports.conftest import Mover, started

CLIENTS, APPOINTMENTS = 50_000, 200_000
SECONDS, MEGABYTES, MILLISECONDS = 60, 400, 100
LOCKED = 10
"""Seconds that others can't save on SQLite."""
FIRST = datetime(2024, 1, 1, 8, tzinfo=UTC)
_CLIENT = ("Name", "E-mail", "Phone", "Address", "Notes")
_APPOINTMENT = ("Start", "Duration", "Client", "E-mail", "Service", "Staff", "Status", "Notes")


def _clients() -> Iterator[tuple[Any, ...]]:
    for n in range(CLIENTS):
        name, email = f"Client Number {n}", f"c{n}@example.com"
        yield name, email, f"0100{n:07}", f"{n} Nile Street", f"prefers mornings {n}"


def _appointments() -> Iterator[tuple[Any, ...]]:
    for n in range(APPOINTMENTS):
        client, start = n % CLIENTS, FIRST + timedelta(minutes=15 * (n // 4))
        who = f"Client Number {client}", f"c{client}@example.com"
        yield start.replace(tzinfo=None), 30, *who, f"Service {n % 8}", "Ada", "", f"note {n}"


def _file(path: Path, file_type: FileType, titles: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> Path:
    kinds = {"Start": "datetime", "Duration": "number"}
    columns = [Column(title, title, kinds.get(title, "text")) for title in titles]  # type: ignore[arg-type]
    with path.open("wb") as file:
        file.writelines(write(file_type, columns, rows, title="Rows"))
    return path


class Watch:
    """What a colleague notices of the work, and what it takes."""

    def __init__(self, mover: Mover) -> None:
        self.mover = mover
        self.waits: list[float] = []
        self.here = self.there = self.both = 0
        self.locked = self.worked = 0.0
        self._since = time.perf_counter()

    def during(self, work: Callable[[], object]) -> float:
        """Do the work beside; return how many seconds it took."""
        thread = threading.Thread(target=work)
        begun, used = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
        thread.start()
        while thread.is_alive():
            self._look()
            self._save()
            time.sleep(0.1)
        thread.join()
        now = getrusage(RUSAGE_CHILDREN)
        self.worked += now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
        return time.perf_counter() - begun

    def _look(self) -> None:
        begun = time.perf_counter()
        wanted = AppointmentFilter()
        appointments.list_rows(self.mover.desk.uow, actor=self.mover.ada, wanted=wanted, place=Place())
        self.waits.append(1000 * (time.perf_counter() - begun))
        here, there = _held("self"), sum(map(_held, started()))
        self.here, self.there, self.both = max(self.here, here), max(self.there, there), max(self.both, here + there)

    def _save(self) -> None:
        """Note for how long nobody else can save, which is so on SQLite."""
        if self.mover.desk.uow.engine.dialect.name != "sqlite":
            return
        now = time.perf_counter()
        other = sqlite3.connect(self.mover.desk.uow.engine.url.database or "", timeout=0, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            self._since = now
        except sqlite3.OperationalError:
            self.locked = max(self.locked, time.perf_counter() - self._since)
        finally:
            other.close()

    def said(self) -> str:
        """Return it in words."""
        self.waits.sort()
        return (
            f"list median {statistics.median(self.waits):.1f} ms, 99 % {self.ninety_nine:.1f} ms, "
            f"most {self.waits[-1]:.1f} ms; nobody else could save for {self.locked:.1f} s; {self.worked:.1f} s of a "
            f"core; memory {self.both} MB: "
            f"the one that imports {self.there}, the one that watches {self.here}"
        )

    @property
    def ninety_nine(self) -> float:
        """The milliseconds within which 99 of a hundred lists were there."""
        self.waits.sort()
        return self.waits[int(len(self.waits) * 0.99)]


def _held(pid: str) -> int:
    """Return the megabytes that a process has for itself. Pages of a database file in the disc's cache are nobody's."""
    try:
        found = re.search(r"RssAnon:\s+(\d+)", (Path("/proc") / pid / "status").read_text())
    except OSError:
        return 0
    return int(found[1]) // 1024 if found else 0


@pytest.mark.long
@pytest.mark.parametrize("file_type", [FileType.CSV_COMMA, FileType.XLSX])
def test_a_big_business_moves_in_and_out_while_others_work(
    mover: Mover, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, file_type: FileType
):
    """The work is done where the server does it: in a process of its own, on the same database."""
    monkeypatch.setenv("APPOINTMENTS_DATABASE_URL", mover.desk.uow.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("APPOINTMENTS_SECRET_KEY", "a key of this test, and of no other program")
    name = f"{mover.desk.uow.engine.dialect.name}, {file_type.extension}"
    runs, took, moving_in = [], [], Watch(mover)
    for kind, titles, rows in (("clients", _CLIENT, _clients()), ("appointments", _APPOINTMENT, _appointments())):
        path = _file(mover.folder / f"{kind}.{file_type.extension}", file_type, titles, rows)
        file = {"actor": mover.ada, "path": path, "name": path.name, "kind": kind}
        values = {"actor": mover.ada, "run_id": run_apart(service.take_in, file, service.keep_going)}
        runs.append(values)
        took.append(moving_in.during(lambda values=values: run_apart(service.carry_out, values, service.keep_going)))
    with capsys.disabled():
        print(f"\n{name}: clients {took[0]:.1f} s, appointments {took[1]:.1f} s; {moving_in.said()}")
    assert (mover.count(Client), mover.count(Appointment)) == (CLIENTS, APPOINTMENTS)
    left, moving_out = [], Watch(mover)
    for values in reversed(runs):
        left.append(moving_out.during(lambda values=values: run_apart(service.undo, values, service.keep_going)))
    with capsys.disabled():
        print(f"{name}: appointments undone {left[0]:.1f} s, clients {left[1]:.1f} s; {moving_out.said()}")
    assert (mover.count(Client), mover.count(Appointment)) == (0, 0)
    with mover.desk.uow.read() as tx:
        lines = select(func.count()).select_from(ChangeLine)
        assert tx.execute(lines.where(ChangeLine.entity.in_(("client", "appointment")))).scalar_one() == 0
    assert max(sum(took), sum(left)) < SECONDS
    assert max(moving_in.ninety_nine, moving_out.ninety_nine) < MILLISECONDS
    assert max(moving_in.both, moving_out.both) < MEGABYTES
    assert max(moving_in.locked, moving_out.locked) < LOCKED
