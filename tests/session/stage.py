"""Runs events as the server does – gate, locks, state – for a browser that holds a given cookie."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import reflex as rx
from redis.exceptions import ConnectionError
from reflex.event import Event
from reflex.istate.manager import StateManager
from reflex.istate.manager.memory import StateManagerMemory
from reflex.state import StateUpdate
from reflex_base.event.processor import BaseStateEventProcessor

from appointments_app.appointments_app import app
from appointments_app.domain.errors import DomainError
from appointments_app.features.session.gate import sealed


class Tab:
    """One tab of one browser: sends events, and hears what comes back."""

    def __init__(self, states: StateManager) -> None:
        self.states = states
        self.token = str(uuid.uuid4())
        self.cookie = ""
        self.language = ""
        self.heard: list[StateUpdate] = []
        self.processor = BaseStateEventProcessor(
            middleware=app, backend_exception_handler=app.backend_exception_handler
        ).configure(state_manager=self.states, event_namespace=self)  # type: ignore[arg-type]

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        """Hear an update: the browser's end of the socket."""
        self.heard.append(update)

    async def send(self, event: Any, address: str = "/", query: dict[str, str] | None = None, **payload: Any) -> str:
        """Send a handler with its arguments, or a name with any payload; return what came back, as text."""
        headers = {"cookie": sealed(f"lang={self.language}; sid={self.cookie}")} if self.cookie else {}
        router = {"pathname": address.partition("?")[0], "asPath": address, "query": query or {}, "headers": headers}
        if isinstance(event, str):
            sent = Event(name=event, payload=payload, router_data=router)
        else:
            (sent,) = Event.from_event_type(event, router_data=router)
        self.heard = []
        async with asyncio.timeout(10):
            with suppress(DomainError, KeyError, ConnectionError):
                await (await self.processor.enqueue(self.token, sent)).wait_all()
            while self.processor._tasks:  # noqa: ASYNC110 - the framework has no event for "idle"
                await asyncio.sleep(0.002)
        return str(self.heard)

    async def shout(self, name: str, **payload: Any) -> None:
        """Send an event that nobody will answer."""
        sent = Event(
            name=name,
            payload=payload,
            router_data={"pathname": "/", "headers": {"cookie": sealed(f"sid={self.cookie}")}},
        )
        await self.processor.enqueue(self.token, sent)
        await asyncio.sleep(0.05)

    async def state(self, cls: type[rx.State]) -> Any:
        """Return a part of this tab's state."""
        root = await self.states.get_state(rx.BaseStateToken(ident=self.token, cls=cls))
        return root.get_substate(cls.get_full_name().split("."))


@asynccontextmanager
async def open_tab(states: StateManager | None = None) -> AsyncIterator[Tab]:
    """Yield a tab whose events the real processor handles; its state is kept in memory, or in ``states``."""
    with app.set_contexts():
        tab = Tab(states or StateManagerMemory())
        async with tab.processor:
            yield tab
