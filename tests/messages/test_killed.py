"""Workers killed with -9 while they send: nothing is lost, and only what was in flight is unknown or sent again."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, select

from appointments_app.db.models import Message
from appointments_app.db.unit_of_work import UnitOfWork
from tests.appointments.conftest import NOON
from tests.messages import process

FEW = pytest.param(200, 2, 0.0, 60, 3)
MANY = pytest.param(20_000, 4, 2.0, 0, 30, marks=pytest.mark.long)
"""Messages, workers, a kill after so many seconds and so many messages more, and the seconds of a lease.

A lease is longer than a living worker is ever kept waiting by others.
"""
FORKS = multiprocessing.get_context("forkserver")
"""A worker is there at once: whoever lives for a few seconds only can't spend them on imports."""
FORKS.set_forkserver_preload(["tests.messages.process"])
ROW = {
    "state": "planned", "reason": "", "channel": "email", "due_at": NOON, "try_at": NOON, "address": "a@example.com",
    "subject": "", "body": "Hello", "html": "", "secret": False, "late": False, "attempts": 0, "worker": "",
    "provider_id": "", "error": "", "created_at": NOON,
}  # fmt: skip


@dataclass
class Crew:
    """Some workers on one database, all but one of which live at any time."""

    database: str
    folder: Path
    again: bool
    lease: float
    """Seconds."""
    alive: list[tuple[str, BaseProcess]] = field(default_factory=list)
    hired: int = 0
    in_flight: set[str] = field(default_factory=set)
    """The keys that were in flight when their worker was killed."""

    def hire(self) -> None:
        """Start one more."""
        self.hired += 1
        name = f"worker-{self.hired}"
        words = self.database, str(self.folder / "arrived"), name, self.again, self.lease
        worker = FORKS.Process(target=process.main, args=words, daemon=True)
        worker.start()
        self.alive.append((name, worker))

    def kill_one(self, engine: Engine) -> None:
        """Kill the one that has lived longest, and note what it leaves in flight."""
        name, worker = self.alive.pop(0)
        worker.kill()
        worker.join()
        with engine.connect() as connection:
            left = select(Message.key).where(Message.worker == name, Message.state == "in_flight")
            self.in_flight |= set(connection.execute(left).scalars())

    def arrived(self) -> Counter[str]:
        """Return how often each message has arrived."""
        path = self.folder / "arrived"
        return Counter(path.read_text().split()) if path.exists() else Counter()


@contextmanager
def crew(workers: Crew, size: int) -> Iterator[Crew]:
    """Hire so many workers; all of them are killed in the end."""
    try:
        for _ in range(size):
            workers.hire()
        yield workers
    finally:
        for _, worker in workers.alive:
            worker.kill()
            worker.join()


def _fill(engine: Engine, count: int) -> None:
    with UnitOfWork(engine).begin() as tx:
        tx.execute(insert(Message), [{**ROW, "key": f"m{number}"} for number in range(count)])


def _open(engine: Engine) -> int:
    with engine.connect() as connection:
        waiting = select(func.count()).where(Message.state.in_(["planned", "in_flight"]))
        return connection.execute(waiting).scalar_one()


@pytest.mark.parametrize("again", [False, True], ids=["never-twice", "never-lost"])
@pytest.mark.parametrize(("count", "size", "every", "least", "lease"), [FEW, MANY])
def test_workers_that_are_killed(
    engine: Engine, database_url: str, tmp_path: Path, again: bool,
    count: int, size: int, every: float, least: int, lease: float,
) -> None:  # fmt: skip
    _fill(engine, count)
    with crew(Crew(database_url, tmp_path, again, lease), size) as workers:
        while not workers.arrived():
            time.sleep(0.05)
        kill_at, then, patience = time.monotonic() + every, 0, time.monotonic() + 900
        while _open(engine):
            assert time.monotonic() < patience, f"{_open(engine)} are still open"
            there = workers.arrived().total()
            if time.monotonic() > kill_at and there >= then + least:
                workers.kill_one(engine)
                workers.hire()
                kill_at, then = time.monotonic() + every, there
            time.sleep(0.05)
        arrived = workers.arrived()
    with engine.connect() as connection:
        states = dict(connection.execute(select(Message.key, Message.state)).all())
    sent = {key for key, state in states.items() if state == "sent"}
    twice = {key for key, times in arrived.items() if times > 1}
    print(f"{workers.hired - size} killed, {len(workers.in_flight)} in flight then, {len(twice)} arrived twice")
    assert workers.hired > size, "nobody was killed"
    assert set(arrived) >= sent
    if again:
        assert sent == set(states) and twice <= workers.in_flight
    else:
        assert not twice
        assert {key for key, state in states.items() if state == "unknown"} == workers.in_flight
        assert set(states) == sent | workers.in_flight
