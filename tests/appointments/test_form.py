"""The form in one tab: what arrives late takes no message away."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from appointments_app import runtime
from appointments_app.features.appointments.state.form import BookingForm
from appointments_app.features.session import gate
from tests.appointments.conftest import Practice, token
from tests.session.stage import Tab, open_tab

ADDRESS = "/appointments/new"


@pytest_asyncio.fixture
async def tab(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Tab]:
    """Ada's tab, with the empty form."""
    monkeypatch.setattr(runtime, "uow", lambda: practice.uow)
    monkeypatch.setattr(gate, "known_actor", lambda _token: practice.ada)
    async with open_tab() as tab:
        tab.cookie = "x" * 43
        await tab.send(BookingForm.load, f"{ADDRESS}?client={practice.cleo}&draft={token()}")
        yield tab


async def test_r8_what_was_typed_right_before_save_does_not_take_the_message_away_when_it_arrives_late(tab: Tab):
    await tab.send(BookingForm.save({"date": "2026-03-25", "time": "10:00", "minutes": "3"}), ADDRESS)
    form = await tab.state(BookingForm)
    assert form.errors["duration"]
    await tab.send(BookingForm.fill("duration", "3"), ADDRESS)
    assert (await tab.state(BookingForm)).errors["duration"]
    await tab.send(BookingForm.fill("duration", "30"), ADDRESS)
    assert not (await tab.state(BookingForm)).errors["duration"]
