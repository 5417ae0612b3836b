"""The contract over the wire: a raw socket to the running program, without its pages, as each person."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import socketio

from appointments_app.db.engine import engine_for
from tests.services import databases, server
from tests.session.calls import foreign_arguments
from tests.session.contract import handlers
from tests.session.world import FOREIGN, HIDDEN, SECRET, World

SPACE = "/_event"
QUIET = 1.0
"""Seconds after which nothing more is coming."""

PERSONS = ("signed out", "made-up cookie", "suspended", "read-only", "staff")
OWN = ("AccountPage.", "OwnBrowsers.", "OwnSecondStep.")


class Wire:
    """One socket: sends events, and keeps all that comes back as text."""

    def __init__(self) -> None:
        self.client = socketio.AsyncClient(reconnection=False)
        self.heard: list[str] = []
        self.client.on("event", self._hear, namespace=SPACE)

    async def _hear(self, *updates: Any) -> None:
        self.heard.append(json.dumps(updates, default=str))

    async def send(self, name: str, payload: dict[str, Any]) -> None:
        """Send an event from the page of a record that is somebody else's."""
        router = {
            "pathname": "/clients/[client_id]",
            "asPath": f"/clients/{FOREIGN}",
            "query": {"client_id": str(FOREIGN)},
        }
        await self.client.emit("event", {"name": name, "payload": payload, "router_data": router}, namespace=SPACE)

    async def settled(self) -> str:
        """Return all that came back, once nothing more comes."""
        seen = -1
        while seen != len(self.heard):
            seen = len(self.heard)
            await asyncio.sleep(QUIET)
        return "".join(self.heard)


@asynccontextmanager
async def _socket(url: str, cookie: str, origin: str) -> AsyncIterator[Wire]:
    wire = Wire()
    headers = {"Origin": origin, **({"Cookie": f"sid={cookie}; lang=en"} if cookie else {})}
    await wire.client.connect(
        f"{url}?token={uuid.uuid4()}",
        headers=headers,
        socketio_path=SPACE,
        namespaces=[SPACE],
        transports=["websocket"],
        wait_timeout=10,
    )
    try:
        yield wire
    finally:
        await wire.client.disconnect()


@pytest.fixture
def business(built_frontend: object, sqlite_template: Path, tmp_path: Path):
    """The business of the contract, served; its clock is the real one."""
    url = databases.sqlite_copy(sqlite_template, tmp_path)
    engine = engine_for(url)
    world = World(engine, now=datetime.now(UTC))
    with server.running(url, tmp_path) as running:
        _begun(world)
        yield world, running
    engine.dispose()


def _begun(world: World) -> None:
    """Wait until the server has done what it does by itself after its start."""
    seen = None
    while seen != (now := world.everything()):
        seen = now
        time.sleep(3 * QUIET)


@pytest.mark.long
async def test_nobody_reads_or_changes_over_a_raw_socket_what_is_not_theirs(business):
    world, running = business
    every = [each for each in handlers() if not each.name.startswith(OWN)]
    foreign = world.foreign()
    for person in PERSONS:
        before = world.everything()
        async with _socket(running.url, world.tokens[person], running.url) as wire:
            for each in every:
                for given in foreign_arguments(each):
                    await wire.send(each.full_name, given)
            heard = await wire.settled()
        assert heard, f"{person} is answered nothing at all"
        assert HIDDEN not in heard and (SECRET not in heard or person == "read-only"), f"{person} learns too much"
        assert world.foreign() == foreign, f"{person} changes what is not theirs"
        assert person == "staff" or world.everything() == before, f"{person} changes something"


@pytest.mark.long
async def test_a_socket_of_another_site_is_refused(business):
    world, running = business
    with pytest.raises(socketio.exceptions.ConnectionError):
        async with _socket(running.url, world.tokens["owner"], "http://evil.example"):
            pass
    async with _socket(running.url, world.tokens["owner"], running.url) as wire:
        await wire.send(next(each.full_name for each in handlers() if each.name == "StaffPage.load"), {})
        assert HIDDEN.lower() in (await wire.settled()).lower(), "who may, hears it"


@pytest.mark.long
async def test_what_is_no_handler_of_ours_is_not_run_over_a_raw_socket(business):
    world, running = business
    before = world.everything()
    state = next(each for each in handlers() if each.name == "StaffPage.load").full_name.rpartition(".")[0]
    names = ["_show", "reset", "setvar", "set_rows", "get_state", "__init__", "load.__globals__", "dict", ""]
    async with _socket(running.url, world.tokens["owner"], running.url) as wire:
        for name in names:
            await wire.send(f"{state}.{name}", {"value": "x", "key": "rows"})
        for junk in ("", "x" * 10_000, "state", "reflex___state____state.nothing", None, 7):
            await wire.send(junk, {})  # type: ignore[arg-type]
        await wire.settled()
    assert world.everything() == before
