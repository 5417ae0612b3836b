"""Work that nobody clicks for: a table of tasks, run while the app runs, by every process alike."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from appointments_app import runtime
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.errors import Unavailable
from appointments_app.features.appointments import service as appointments

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """A use-case that may run at any time, in several processes at once, and as often as it likes."""

    name: str
    run: Callable[[UnitOfWork], object]
    every_seconds: float


TASKS = (Task("moving the horizon of recurring appointments on", appointments.extend, 3600),)


@asynccontextmanager
async def work() -> AsyncIterator[None]:
    """Run every task at the start and then again and again, until the app stops."""
    running = [asyncio.create_task(_again_and_again(task)) for task in TASKS]
    yield
    for one in running:
        one.cancel()


async def _again_and_again(task: Task) -> None:
    while True:
        try:
            await runtime.off_the_loop(task.run, runtime.uow())
        except Unavailable:
            log.warning("%s waits: the database is away", task.name)
        except Exception:
            log.exception("%s failed", task.name)
        await asyncio.sleep(task.every_seconds)
