"""Moving in at size: 50,000 clients and 200,000 appointments, while a colleague looks at the list."""

from __future__ import annotations

import re
import statistics
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appointments_app.db.models import Appointment, Client
from appointments_app.domain.listing import AppointmentFilter, Place
from appointments_app.features.appointments import service as appointments
from appointments_app.features.imports import service
from appointments_app.integrations.processes import run_apart
from tests.imports.conftest import Mover

CLIENTS, APPOINTMENTS = 50_000, 200_000
SECONDS, MEGABYTES, MILLISECONDS = 60, 400, 100
FIRST = datetime(2024, 1, 1, 8, tzinfo=UTC)


def _clients() -> Iterator[str]:
    yield "Name,E-mail,Phone,Address,Notes\r\n"
    for n in range(CLIENTS):
        yield f"Client Number {n},c{n}@example.com,0100{n:07},{n} Nile Street,prefers mornings {n}\r\n"


def _appointments() -> Iterator[str]:
    yield "Start,Duration,Client,E-mail,Service,Staff,Status,Notes\r\n"
    for n in range(APPOINTMENTS):
        client, start = n % CLIENTS, FIRST + timedelta(minutes=15 * (n // 4))
        who = f"Client Number {client},c{client}@example.com"
        yield f"{start:%Y-%m-%d %H:%M},30,{who},Service {n % 8},Ada,,note {n}\r\n"


def _memory() -> int:
    """Return the megabytes that this process and those that its threads have started have for themselves.

    Pages of a SQLite file that are mapped from the disc's cache are nobody's.
    """
    tasks = Path("/proc/self/task").iterdir()
    started = [pid for task in tasks for pid in _children(task)]
    return (_held("self") + sum(map(_held, started))) // 1024


def _children(task: Path) -> list[str]:
    try:
        return (task / "children").read_text().split()
    except OSError:  # the thread has just ended
        return []


def _held(pid: str) -> int:
    try:
        found = re.search(r"RssAnon:\s+(\d+)", (Path("/proc") / pid / "status").read_text())
    except OSError:
        return 0
    return int(found[1]) if found else 0


@pytest.mark.long
def test_a_big_business_moves_in_while_others_work(
    mover: Mover, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """The work is done where the server does it: in a process of its own, on the same database."""
    monkeypatch.setenv("APPOINTMENTS_DATABASE_URL", mover.desk.uow.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("APPOINTMENTS_SECRET_KEY", "a key of this test, and of no other program")
    runs = []
    for name, lines, kind in (("c.csv", _clients(), "clients"), ("a.csv", _appointments(), "appointments")):
        runs.append(mover.upload(name, "".join(lines), kind))
    waits: list[float] = []
    memory: list[int] = []
    took: list[float] = []

    def move_in() -> None:
        for run in runs:
            begun = time.perf_counter()
            values = {"actor": mover.ada, "run_id": run}
            run_apart(service.carry_out, values, service.keep_going)
            took.append(time.perf_counter() - begun)

    work = threading.Thread(target=move_in)
    work.start()
    while work.is_alive():
        begun = time.perf_counter()
        appointments.list_rows(mover.desk.uow, actor=mover.ada, wanted=AppointmentFilter(), place=Place())
        waits.append(1000 * (time.perf_counter() - begun))
        memory.append(_memory())
        time.sleep(0.1)
    work.join()
    waits.sort()
    with capsys.disabled():
        print(
            f"\n{mover.desk.uow.engine.dialect.name}: clients {took[0]:.1f} s, appointments {took[1]:.1f} s; "
            f"list median {statistics.median(waits):.1f} ms, 99 % {waits[int(len(waits) * 0.99)]:.1f} ms, "
            f"most {waits[-1]:.1f} ms; memory {max(memory)} MB"
        )
    assert (mover.count(Client), mover.count(Appointment)) == (CLIENTS, APPOINTMENTS)
    assert sum(took) < SECONDS
    assert waits[int(len(waits) * 0.99)] < MILLISECONDS
    assert max(memory) < MEGABYTES
