"""Rows 1 and 15: a click on the list, to its delta, beside a bare handler that sends as many cells."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextvars import copy_context
from typing import Any

import reflex as rx
from reflex.event import Event
from reflex.istate.manager.memory import StateManagerMemory
from reflex.state import StateUpdate
from reflex_base.event.processor import BaseStateEventProcessor

from appointments_app import routes, runtime
from appointments_app.appointments_app import app
from appointments_app.domain.listing import AppointmentFilter
from appointments_app.domain.listing import Place as Page
from appointments_app.features.appointments import service
from appointments_app.features.appointments.state.list import AppointmentList
from appointments_app.features.session import gate
from tests.benchmarks.measure import Result, compare, result
from tests.benchmarks.places import OWNER, Place
from tests.session.stage import Tab

ADDRESS = "/appointments?tab=scheduled"
CELLS = 12

_places: list[Place] = []


class BareList(rx.State):
    """What a list is without anything around it."""

    rows: list[list[str]]

    @rx.event
    async def load(self) -> None:
        """Read one page and send it as cells."""
        wanted, page = AppointmentFilter.from_query({"tab": "scheduled"}), Page()
        view = service.list_view(_places[-1].uow, actor=OWNER, wanted=wanted, place=page)
        self.rows = [
            [str(row.id), row.client, row.business, row.phone, row.action, row.action_colour, row.start_at, row.end_at,
             row.status, row.notes, row.created_at, ",".join(chip.name for chip in row.staff)][:CELLS]
            for row in view.page.rows
        ]  # fmt: skip


class Clicker(Tab):
    """A tab that says when the first answer to a click is there."""

    def __init__(self, address: str) -> None:
        super().__init__(StateManagerMemory())
        self.address = address
        self.cookie = "x" * 43
        self.answered = asyncio.Event()

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        """Hear an update; one that holds rows is the answer."""
        self.heard.append(update)
        if any("rows" in name for part in update.delta.values() for name in part):
            self.answered.set()

    async def click(self, event: object) -> None:
        """Send an event and wait for the rows."""
        self.answered.clear()
        router = {
            "pathname": routes.path_of(self.address),
            "asPath": self.address,
            "headers": {"cookie": gate.sealed(f"lang=en; sid={self.cookie}")},
        }
        (sent,) = Event.from_event_type(event, router_data=router)  # type: ignore[arg-type]
        await self.processor.enqueue(self.token, sent)
        await asyncio.wait_for(self.answered.wait(), 10)

    async def rest(self) -> None:
        """Let what follows the answer, such as counts, come to its end."""
        while self.processor._tasks:  # noqa: ASYNC110 - the framework has no event for "idle"
            await asyncio.sleep(0.002)
        self.heard.clear()


def measure(place: Place) -> Iterator[Result]:
    """Measure one click on one database."""
    kept = runtime.uow, gate.known_actor
    runtime.uow, gate.known_actor = lambda: place.uow, lambda _token: OWNER
    _places.append(place)
    try:
        with asyncio.Runner() as runner, app.set_contexts():
            ours, bare = Desk(runner, gated=True), Desk(runner, gated=False)
            medians = compare(
                lambda: ours.run(ours.tab.click(AppointmentList.load)),
                lambda: bare.run(bare.tab.click(BareList.load)),
                before=lambda: [desk.run(desk.tab.rest()) for desk in (ours, bare)],
            )
            for desk in (bare, ours):
                desk.run(desk.tab.processor.__aexit__(None, None, None))
    finally:
        runtime.uow, gate.known_actor = kept
    yield result("1 click on the list to its delta", place.name, place.rows, medians, most_ms=5)
    yield result("15 the same, beside the framework alone", place.name, place.rows, medians, most_times=2)


class Desk:
    """A tab with a processor and a context of its own: the framework allows one processor in each."""

    def __init__(self, runner: asyncio.Runner, *, gated: bool) -> None:
        self.runner, self.context, self.tab = runner, copy_context(), Clicker(ADDRESS if gated else "/bare")
        if not gated:  # the framework alone: no gate, no session
            self.tab.processor = BaseStateEventProcessor().configure(
                state_manager=self.tab.states,
                event_namespace=self.tab,  # type: ignore[arg-type]
            )
        self.run(self.tab.processor.__aenter__())

    def run(self, work: Coroutine[Any, Any, object]) -> None:
        """Run to the end, in the context of this tab."""
        self.runner.run(work, context=self.context)
