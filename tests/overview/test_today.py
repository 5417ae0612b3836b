"""The page Today: what is still to come, the queue of what is yet to mark, and no-shows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from appointments_app import runtime
from appointments_app.domain.errors import Clash, Invalid
from appointments_app.domain.listing import AppointmentFilter, Place, Selection
from appointments_app.features.appointments import service as appointments
from appointments_app.features.overview import service
from appointments_app.features.overview.state import Today
from appointments_app.features.session import gate
from appointments_app.features.session import service as session
from tests.appointments.conftest import Practice
from tests.appointments.desk import book
from tests.session.stage import Tab, open_tab

NOON_IN_CAIRO = "14:00"


def _view(practice: Practice) -> service.TodayView:
    return service.today_view(practice.uow, actor=practice.ada, place=Place())


def _mark(practice: Practice, verb: str, *ids: int) -> appointments.BulkResult:
    use_case, values = appointments.bulk_action(verb)
    return use_case(practice.uow, actor=practice.ada, selection=Selection(ids=ids), **values)


def _rows(practice: Practice) -> dict[int, tuple[str, str]]:
    page = appointments.list_rows(practice.uow, actor=practice.ada, wanted=AppointmentFilter(), place=Place())
    return {row.id: (row.status, row.outcome) for row in page.rows}


def test_the_day_shows_what_is_on_and_to_come_and_the_queue_what_is_over(practice: Practice) -> None:
    over = book(practice, date="2026-03-24", time="09:00")
    yesterday = book(practice, date="2026-03-23", time="09:00")
    late = book(practice, date="2026-03-24", time="23:45")
    now_on = book(practice, date="2026-03-24", time="13:45")
    book(practice, date="2026-03-25", time="00:00")
    view = _view(practice)
    assert [row.id for row in view.ahead] == [now_on, late]
    assert [row.id for row in view.yet_to_mark.rows] == [over, yesterday]
    assert view.today.isoformat() == "2026-03-24"
    assert view.next_at == "2026-03-24T12:15:00Z"
    assert service.count_yet_to_mark(practice.uow, actor=practice.ada) == 2


def test_what_is_marked_leaves_the_queue(practice: Practice) -> None:
    ids = [book(practice, date="2026-03-23", time=f"{hour}:00") for hour in (10, 11, 12)]
    for verb, one in zip(("done", "dismissed", "no-show"), ids, strict=True):
        assert _mark(practice, verb, one).changed == 1
    assert _view(practice).yet_to_mark.rows == []
    assert _rows(practice) == dict(zip(ids, [("done", ""), ("dismissed", ""), ("dismissed", "no-show")], strict=True))


def test_a_no_show_is_taken_back_and_corrected(practice: Practice) -> None:
    one = book(practice, date="2026-03-23")
    result = _mark(practice, "no-show", one)
    assert session.undo(practice.uow, actor=practice.ada, change_id=result.change_id) == 1
    assert _rows(practice) == {one: ("scheduled", "")}
    _mark(practice, "dismissed", one)
    result = _mark(practice, "no-show", one)
    assert _rows(practice) == {one: ("dismissed", "no-show")}
    assert _mark(practice, "dismissed", one).changed == 0, "what is dismissed already keeps how it went"
    assert session.undo(practice.uow, actor=practice.ada, change_id=result.change_id) == 1
    assert _rows(practice) == {one: ("dismissed", "")}
    _mark(practice, "no-show", one)
    _mark(practice, "scheduled", one)
    assert _rows(practice) == {one: ("scheduled", "")}


def test_a_no_show_whose_time_was_given_away_stays_one(practice: Practice) -> None:
    ben = [str(practice.ben.staff_id)]
    one = book(practice, date="2026-03-23", staff=ben)
    result = _mark(practice, "no-show", one)
    book(practice, date="2026-03-23", staff=ben)
    with pytest.raises(Clash):
        _mark(practice, "scheduled", one)
    assert session.undo(practice.uow, actor=practice.ada, change_id=result.change_id) == 0
    assert _rows(practice)[one] == ("dismissed", "no-show")


def test_an_outcome_belongs_to_what_is_dismissed(practice: Practice) -> None:
    for status, outcome in (("done", "no-show"), ("dismissed", "nonsense")):
        with pytest.raises(Invalid):
            appointments.set_status(
                practice.uow, actor=practice.ada, selection=Selection(ids=(1,)), status=status, outcome=outcome
            )


@pytest_asyncio.fixture
async def tab(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Tab]:
    """Ada's tab, with three appointments that are over."""
    monkeypatch.setattr(runtime, "uow", lambda: practice.uow)
    monkeypatch.setattr(gate, "known_actor", lambda _token: practice.ada)
    for time in ("10:00", "11:00", "12:00"):
        book(practice, date="2026-03-23", time=time)
    async with open_tab() as tab:
        tab.cookie = "x" * 43
        yield tab


async def test_the_whole_queue_is_marked_at_once(tab: Tab, practice: Practice) -> None:
    await tab.send(Today.load, "/today")
    shown = await tab.state(Today)
    assert (len(shown.rows), shown.count, shown.counted) == (3, 3, True)
    await tab.send(Today.ask("done"), "/today")
    assert (await tab.state(Today)).asked == "done"
    await tab.send(Today.mark_all("done"), "/today")
    shown = await tab.state(Today)
    assert (shown.asked, shown.rows, shown.count) == ("", [], 0)
    assert {status for status, _ in _rows(practice).values()} == {"done"}


@pytest.mark.parametrize("verb", ["delete", "scheduled", 7, None, {"a": 1}])
async def test_no_other_mark_is_taken(tab: Tab, practice: Practice, verb: Any) -> None:
    await tab.send(Today.load, "/today")
    row = (await tab.state(Today)).rows[0].id
    await tab.send(Today.mark(row, verb), "/today")
    await tab.send(Today.mark_all(verb), "/today")
    assert {status for status, _ in _rows(practice).values()} == {"scheduled"}
