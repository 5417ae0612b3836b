"""The calendar in one tab: what a drop does, asks and refuses, whatever a browser sends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from appointments_app import runtime
from appointments_app.domain.errors import Unavailable
from appointments_app.domain.times import iso
from appointments_app.features.appointments.state.reach import ReachQuestion
from appointments_app.features.calendar.state.card import CalendarCard
from appointments_app.features.calendar.state.page import CalendarPage
from appointments_app.features.session import gate
from appointments_app.features.session.state import Shell
from tests.appointments.conftest import Practice
from tests.appointments.desk import book, stored
from tests.appointments.series import DAILY_SIX, occurrences
from tests.session.stage import Tab, open_tab

HERE = "/calendar?view=week&date=2026-03-25"
AT_TEN = "2026-03-25T08:00:00Z"


@pytest_asyncio.fixture
async def tab(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Tab]:
    """Ada's tab with the calendar open."""
    monkeypatch.setattr(runtime, "uow", lambda: practice.uow)
    monkeypatch.setattr(gate, "known_actor", lambda _token: practice.ada)
    async with open_tab() as tab:
        tab.cookie = "x" * 43
        await tab.send(CalendarPage.load, HERE)
        yield tab


def start(practice: Practice, one: int) -> str:
    return iso(stored(practice, one).booking.start_at)


async def test_a_drop_moves_and_offers_to_take_it_back(tab: Tab, practice: Practice) -> None:
    one = book(practice)
    await tab.send(CalendarCard.drop(one, AT_TEN, "2026-03-26T11:15", 0, "", ""), HERE)
    assert start(practice, one) == "2026-03-26T09:15:00Z"
    (toast,) = (await tab.state(Shell)).toasts
    assert toast.undo
    assert [entry.start for entry in (await tab.state(CalendarPage)).entries] == ["2026-03-26T11:15"]
    await tab.send(Shell.undo(toast.id), HERE)
    assert start(practice, one) == AT_TEN


async def test_what_could_not_be_taken_back_for_the_database_was_away_can_be_a_moment_later(
    tab: Tab, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_token: str) -> None:
        raise Unavailable()

    one = book(practice)
    await tab.send(CalendarCard.drop(one, AT_TEN, "2026-03-26T11:15", 0, "", ""), HERE)
    (toast,) = (await tab.state(Shell)).toasts
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(gate, "known_actor", away)
        await tab.send(Shell.undo(toast.id), HERE)
    assert start(practice, one) != AT_TEN
    await tab.send(Shell.undo(toast.id), HERE)
    assert start(practice, one) == AT_TEN
    assert [each.undo for each in (await tab.state(Shell)).toasts] == [False, False]


async def test_a_busy_person_is_asked_about_and_booked_with_a_reason(tab: Tab, practice: Practice) -> None:
    ben = [str(practice.ben.staff_id)]
    book(practice, time="14:00", staff=ben)
    one = book(practice, staff=ben)
    await tab.send(CalendarCard.drop(one, AT_TEN, "2026-03-25T14:00", 0, "", ""), HERE)
    card = await tab.state(CalendarCard)
    assert (card.asks_reason, len(card.clashes), card.refused) == (True, 1, 1)
    await tab.send(CalendarCard.answer_clash({"reason": ""}), HERE)
    assert (await tab.state(CalendarCard)).errors["reason"] == "Enter a reason."
    await tab.send(CalendarCard.answer_clash({"reason": "Twins"}), HERE)
    assert start(practice, one) == "2026-03-25T12:00:00Z"
    assert not (await tab.state(CalendarCard)).asks_reason


async def test_an_occurrence_asks_how_far_and_goes_there(tab: Tab, practice: Practice) -> None:
    book(practice, **DAILY_SIX)
    second = occurrences(practice)[1]
    await tab.send(CalendarCard.drop(second.id or 0, iso(second.start_at), "2026-03-26T12:00", 0, "", ""), HERE)
    assert (await tab.state(ReachQuestion)).is_open
    await tab.send(CalendarCard.answer_reach({"reach": "following"}), HERE)
    assert [one.start_at.hour for one in occurrences(practice)] == [8, 10, 10, 10, 10, 10]


async def test_what_somebody_else_moved_springs_back_and_is_shown_as_it_is(tab: Tab, practice: Practice) -> None:
    one = book(practice)
    await tab.send(CalendarCard.drop(one, AT_TEN, "2026-03-25T11:00", 0, "", ""), HERE)
    await tab.send(CalendarCard.drop(one, AT_TEN, "2026-03-25T12:00", 0, "", ""), HERE)
    assert (await tab.state(Shell)).toasts[-1].text == "Somebody else moved this appointment meanwhile."
    assert start(practice, one) == "2026-03-25T09:00:00Z"
    assert [entry.start for entry in (await tab.state(CalendarPage)).entries] == ["2026-03-25T11:00"]


@pytest.mark.parametrize(
    "sent",
    [
        (0, AT_TEN, "2026-03-25T12:00", 0, "", ""),
        ({"a": 1}, None, [], {}, 1, None),
        (1, AT_TEN, "2026-03-25T12:00", 3, "", ""),
        (1, AT_TEN, "2026-03-25T12:00", 10**9, "", ""),
        (1, AT_TEN, "3026-03-25T12:00", 0, "", ""),
        (1, AT_TEN, "2026-03-25T10:00", 0, "", "4711"),
        (1, AT_TEN, "x" * 9_999, True, "x", {"y": 1}),
    ],
)
async def test_nonsense_moves_nothing(tab: Tab, practice: Practice, sent: tuple[Any, ...]) -> None:
    one = book(practice)
    before = stored(practice, one)
    names = ("appointment_id", "at", "start", "minutes", "from_staff", "to_staff")
    await tab.send(f"{CalendarCard.get_full_name()}.drop", HERE, **dict(zip(names, sent, strict=True)))
    await tab.send(f"{CalendarCard.get_full_name()}.show", HERE, appointment_id=sent[1])
    assert stored(practice, one) == before
    assert not (await tab.state(CalendarCard)).is_open


@pytest.mark.parametrize(
    ("drawn", "address"),
    [
        (("2026-03-25T10:00", "2026-03-25T11:30", ""), "date=2026-03-25&time=10%3A00&duration=90"),
        (("2026-03-25T23:30", "2026-03-26T00:30", "2"), "date=2026-03-25&time=23%3A30&duration=60&staff=2"),
        (("2026-03-25", "", ""), "date=2026-03-25"),
        (("2026-03-25T10:00", "x", "nobody"), "date=2026-03-25&time=10%3A00"),
    ],
)
async def test_free_time_that_is_drawn_opens_the_form(tab: Tab, drawn: tuple[str, str, str], address: str) -> None:
    answer = await tab.send(CalendarPage.create(*drawn), HERE)
    assert f"/appointments/new?{address}'" in answer or f'/appointments/new?{address}"' in answer


async def test_move_to_begins_with_what_stands_and_names_what_is_wrong(tab: Tab, practice: Practice) -> None:
    one = book(practice, staff=[str(practice.ben.staff_id)])
    await tab.send(CalendarCard.show(one), HERE)
    await tab.send(CalendarCard.begin_move, HERE)
    card = await tab.state(CalendarCard)
    assert (card.date, card.time, card.duration, [who.name for who in card.staff]) == (
        "2026-03-25",
        "10:00",
        "30",
        ["Ben"],
    )
    await tab.send(CalendarCard.send({"date": "", "time": "11:00", "duration": "3"}), HERE)
    card = await tab.state(CalendarCard)
    assert card.is_moving and card.errors["duration"]
    await tab.send(CalendarCard.remove_staff(str(practice.ben.staff_id)), HERE)
    await tab.send(CalendarCard.send({"date": "2026-03-27", "time": "11:00", "duration": "45"}), HERE)
    moved = stored(practice, one).booking
    assert (iso(moved.start_at), moved.minutes, moved.staff_ids) == ("2026-03-27T09:00:00Z", 45, ())
    assert not (await tab.state(CalendarCard)).is_moving


async def test_filters_and_staff_go_to_the_address(tab: Tab) -> None:
    assert "tab=done" in await tab.send(CalendarPage.narrow("tab", "done"), HERE)
    assert "staff=2" in await tab.send(CalendarPage.tick_staff("2", True), HERE)
    assert "view=day" in await tab.send(CalendarPage.open_day("2026-03-25"), HERE)
    for wrong in (CalendarPage.narrow("secret", "1"), CalendarPage.tick_staff("x", True)):
        await tab.send(wrong, HERE)
    assert (await tab.state(CalendarPage)).staff == []
