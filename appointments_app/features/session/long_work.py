"""Work that takes long: in the background, with progress, and a button that stops it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import reflex as rx

from appointments_app.features.session.state import Job

SILENCE = 10.0
"""Seconds without progress after which the process that did the work is taken for dead."""


class LongWork(rx.State, mixin=True):
    """How far the work is that one tab began."""

    running: bool = False
    done: int = 0
    total: int = 0
    _stopping: bool = False
    _seen_at: float = 0.0

    def _begins(self, total: int) -> bool:
        """Note that the work begins; False while other work of this tab goes on."""
        if self._is_alive():
            return False
        self.running, self.done, self.total, self._stopping = True, 0, total, False
        self._seen_at = time.time()
        return True

    async def _carry_out(self, work: Callable[..., Awaitable[Any]]) -> asyncio.Task[Any]:
        """Do ``work(progress=…)``, which has begun, and show how far it is; return what it came to.

        Runs outside ``async with self``.
        """
        job = Job()
        try:
            task = asyncio.ensure_future(work(progress=job.report))
            while not (await asyncio.wait({task}, timeout=0.3))[0]:
                async with self:
                    self.done, self.total, self._seen_at = job.done, job.total or self.total, time.time()
                    job.stopped = self._stopping
            return task
        finally:
            job.stopped = True  # also when the program stops: a thread or a process of its own would go on
            async with self:
                self.running = False

    def _halt(self) -> None:
        """Stop the work; nothing will have changed."""
        self._stopping, self.running = True, self._is_alive()

    def _is_alive(self) -> bool:
        """Whether the work still runs: with Redis, this state outlives the process that did it."""
        return self.running and time.time() - self._seen_at < SILENCE
