"""Work that nobody clicks for: a table of tasks, run by every process of the app and by every worker alike."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from appointments_app import runtime
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.errors import Unavailable
from appointments_app.domain.message import Channel
from appointments_app.features.appointments import service as appointments
from appointments_app.features.messages import service as messages
from appointments_app.features.privacy import service as privacy
from appointments_app.features.reminders import service as reminders
from appointments_app.settings import SECONDS_FOR_MESSAGES

log = logging.getLogger(__name__)

IsStopping = Callable[[], bool]


@dataclass(frozen=True)
class Task:
    """A use-case that may run at any time, in several processes at once, and as often as it likes.

    It is run again at once while it says that it did something.
    """

    name: str
    run: Callable[[UnitOfWork, IsStopping], int]
    every_seconds: float


def this_worker() -> str:
    """Return the name by which the database knows this process."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


def _send(channel: Channel) -> Callable[[UnitOfWork, IsStopping], int]:
    return lambda uow, is_stopping: messages.lane(uow, channel, this_worker()).run(is_stopping)


def _look_after(uow: UnitOfWork, _is_stopping: IsStopping) -> int:
    reminders.make_ready(uow)
    messages.look_after(uow, worker=this_worker())
    return 0


def _extend(uow: UnitOfWork, _is_stopping: IsStopping) -> int:
    appointments.extend(uow)
    return 0


TASKS = (
    Task("looking after the outbox", _look_after, 10),
    *(Task(f"sending by {channel}", _send(channel), 2) for channel in Channel),
    Task("planning reminders anew", reminders.replan, 2),
    Task("moving the horizon of recurring appointments on", _extend, 3600),
    Task("letting go what was kept long enough", privacy.forget, 3600),
)


@asynccontextmanager
async def work() -> AsyncIterator[None]:
    """Run every task at the start and then again and again; at the end, what is in flight is finished."""
    stopping = _Stop()
    running = [asyncio.create_task(_again_and_again(task, stopping)) for task in TASKS]
    yield
    stopping.order()
    _done, unfinished = await asyncio.wait(running, timeout=SECONDS_FOR_MESSAGES)
    for one in unfinished:
        one.cancel()


async def work_until_told_to_stop() -> None:
    """Work until SIGTERM or Ctrl-C."""
    told = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, told.set)
    async with work():
        await told.wait()


class _Stop:
    """The order to stop, for the event loop and for the threads."""

    def __init__(self) -> None:
        self._loop, self._threads = asyncio.Event(), threading.Event()

    def order(self) -> None:
        self._threads.set()
        self._loop.set()

    def is_ordered(self) -> bool:
        return self._threads.is_set()

    async def wait(self, seconds: float) -> None:
        """Return after so many seconds, or as soon as the order comes."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._loop.wait(), seconds)


async def _again_and_again(task: Task, stopping: _Stop) -> None:
    while not stopping.is_ordered():
        did_something = False
        try:
            did_something = bool(await runtime.off_the_loop(task.run, runtime.uow(), stopping.is_ordered))
        except Unavailable:
            log.warning("%s waits: the database is away", task.name)
        except Exception:
            log.exception("%s failed", task.name)
        if not did_something:
            await stopping.wait(task.every_seconds)
