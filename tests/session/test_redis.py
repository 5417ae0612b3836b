"""The state of a tab in a real Redis: what is kept there, and what happens when it goes away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from redis.asyncio import Redis
from reflex.istate.manager.redis import StateManagerRedis

from appointments_app import runtime
from appointments_app.features.session.state import Shell
from appointments_app.features.staff.state import StaffPage
from tests.services import redis
from tests.session.desk import Desk
from tests.session.stage import Tab, open_tab


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[redis.RunningRedis]:
    """A Redis of the test's own."""
    with redis.running(tmp_path) as running:
        yield running


@pytest_asyncio.fixture
async def tab(desk: Desk, memory: redis.RunningRedis, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Tab]:
    """A tab whose state lies in that Redis."""
    monkeypatch.setattr(runtime, "uow", lambda: desk.uow)
    async with open_tab(StateManagerRedis(redis=Redis.from_url(memory.url))) as tab:
        yield tab


async def test_what_is_kept_holds_what_is_on_screen_and_no_token(tab: Tab, desk: Desk, memory: redis.RunningRedis):
    tab.cookie, _ = desk.sign_in("ada@example.com")
    await tab.send(Shell.enter, "/staff")
    await tab.send(StaffPage.load, "/staff")
    held = await asyncio.to_thread(memory.memory)
    assert b"ben@example.com" in held
    assert tab.cookie.encode() not in held


async def test_while_redis_is_away_an_event_fails_once_with_a_message_and_works_when_it_is_back(
    tab: Tab, desk: Desk, memory: redis.RunningRedis, caplog: pytest.LogCaptureFixture
):
    tab.cookie, _ = desk.sign_in("ada@example.com")
    await tab.send(Shell.show_menu(True))
    memory.stop()
    await tab.send(Shell.show_menu(False))
    await asyncio.sleep(0.3)
    assert str(tab.heard).count("The database does not answer.") == 1
    said = [record for record in caplog.records if record.name == "appointments_app.features.session.state"]
    assert [(record.levelno, record.message) for record in said] == [
        (logging.WARNING, "Redis does not answer: ConnectionError")
    ]
    memory.process = (await asyncio.to_thread(redis.start, memory.folder, memory.port)).process
    assert "menu_open" in await tab.send(Shell.show_menu(True))
