"""The list in one tab: its page comes first, how many there are after it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from appointments_app import runtime
from appointments_app.domain.listing import AppointmentFilter
from appointments_app.features.appointments import service
from appointments_app.features.appointments.state.list import AppointmentList
from appointments_app.features.session import gate
from tests.appointments.conftest import Practice, token
from tests.session.stage import Tab, open_tab


@pytest_asyncio.fixture
async def tab(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Tab]:
    """Ada's tab, with three appointments in the diary."""
    monkeypatch.setattr(runtime, "uow", lambda: practice.uow)
    monkeypatch.setattr(gate, "known_actor", lambda _token: practice.ada)
    for time in ("10:00", "11:00", "12:00"):
        service.book(practice.uow, actor=practice.ada, form=practice.form(time=time), token=token())
    async with open_tab() as tab:
        tab.cookie = "x" * 43
        yield tab


async def test_r25_counts_come_by_themselves_after_the_page(tab: Tab):
    await tab.send(AppointmentList.load, "/appointments")
    deltas = [str(update.delta) for update in tab.heard]
    first = next(place for place, delta in enumerate(deltas) if "'rows_rx_state_'" in delta)
    assert "'counted_rx_state_': True" not in deltas[first]
    shown = await tab.state(AppointmentList)
    assert shown.counted
    assert shown.counts == {"all": 3, "scheduled": 3, "done": 0, "dismissed": 0, "yet-to-mark": 0}
    assert (shown.total, shown.total_is_exact) == (3, True)


async def test_r25_counts_stay_on_another_tab_and_go_with_other_filters(tab: Tab):
    await tab.send(AppointmentList.load, "/appointments")
    shown = await tab.state(AppointmentList)
    shown._note(AppointmentFilter.from_query({"tab": "done"}))
    assert (shown.counted, shown.total, shown.total_is_exact) == (True, 0, True)
    shown._note(AppointmentFilter.from_query({"tab": "done", "action": "1"}))
    assert not shown.counted
    assert not shown.total_is_exact


async def test_r27_other_filters_end_the_selection_of_all_that_match(tab: Tab):
    await tab.send(AppointmentList.load, "/appointments")
    await tab.send(AppointmentList.tick_all_matching, "/appointments")
    assert (await tab.state(AppointmentList)).all_matching
    await tab.send(AppointmentList.load, "/appointments?tab=done")
    assert not (await tab.state(AppointmentList)).all_matching
