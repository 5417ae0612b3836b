"""The recurring part of the form in one tab: other zones, what is refused at folded fields, answers that are old."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from appointments_app import runtime
from appointments_app.features.appointments.state.form import BookingForm
from appointments_app.features.appointments.state.reach import ReachQuestion
from appointments_app.features.appointments.state.repeat import RepeatForm
from appointments_app.features.session import gate
from tests.appointments.conftest import Practice, token
from tests.appointments.series import DAILY_SIX, book, occurrences
from tests.session.stage import Tab, open_tab


@pytest_asyncio.fixture
async def tab(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Tab]:
    """Ada's tab, in New York, while the business is in Cairo."""
    practice.ada = replace(practice.ada, time_zone="America/New_York")
    monkeypatch.setattr(runtime, "uow", lambda: practice.uow)
    monkeypatch.setattr(gate, "known_actor", lambda _token: practice.ada)
    async with open_tab() as tab:
        tab.cookie = "x" * 43
        yield tab


async def test_a_weekday_is_that_of_the_business_wherever_the_form_is_filled_in(tab: Tab):
    address = f"/appointments/new?draft={(draft := token())}"
    await tab.send(BookingForm.load, address, {"draft": draft})
    await tab.send(BookingForm.fill("date", "2026-03-29"), address)  # a Sunday
    assert (await tab.state(RepeatForm)).weekdays == ["6"]
    await tab.send(BookingForm.fill("time", "19:00"), address)  # Monday, one o'clock, in Cairo
    await tab.send(RepeatForm.repeat(True), address)
    await tab.send(BookingForm.repeat_changed, address)
    shown = await tab.state(RepeatForm)
    assert shown.weekdays == ["0"]
    assert [row.start_at for row in shown.rows][:2] == ["2026-03-29T23:00:00Z", "2026-04-05T23:00:00Z"]


async def test_what_is_wrong_with_a_folded_rule_is_shown_at_its_field(tab: Tab, practice: Practice):
    first = book(practice, **{**DAILY_SIX, "ends": "on", "until": "2026-03-30"})
    address = f"/appointments/{first}"
    await tab.send(BookingForm.load, address)
    assert not (await tab.state(RepeatForm)).is_open
    await tab.send(BookingForm.fill("date", "2026-04-20"), address)
    await tab.send(BookingForm.save({}), address)
    shown = await tab.state(RepeatForm)
    assert shown.is_open
    assert shown.errors["until"]


async def test_another_change_is_asked_anew_how_far_it_reaches(tab: Tab, practice: Practice):
    ada = [str(practice.ada.staff_id)]
    first = book(practice, **DAILY_SIX, staff=ada)
    book(practice, staff=ada, date="2026-03-26", time="12:00", client=str(practice.omar))
    address = f"/appointments/{first}"
    await tab.send(BookingForm.load, address)
    await tab.send(BookingForm.fill("time", "12:00"), address)
    await tab.send(BookingForm.save({}), address)
    await tab.send(BookingForm.answer_reach({"reach": "all"}), address)
    assert (await tab.state(BookingForm)).asks_reason
    await tab.send(BookingForm.fill("time", "15:00"), address)
    await tab.send(BookingForm.save({}), address)
    assert (await tab.state(ReachQuestion)).is_open
    assert len({one.start_at.hour for one in occurrences(practice)}) == 2


@pytest.mark.parametrize("name", [["20260325T100000"], {"a": 1}, None, 7])
async def test_names_of_any_type_are_harmless(tab: Tab, name):
    prefix = RepeatForm.get_full_name()
    for handler, payload in (("skip", {"name": name, "is_skipped": True}), ("begin_move", {"name": name})):
        await tab.send(f"{prefix}.{handler}", **payload)
    await tab.send(f"{prefix}.choose", name=name, value=name)
    assert (await tab.state(RepeatForm)).frequency == "weekly"
