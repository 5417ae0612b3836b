"""What the views show: days, walls, crowded days, filters, who may see what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from appointments_app.domain.access import Scope
from appointments_app.domain.calendar import CalendarFilter, CalendarPlace, View
from appointments_app.domain.errors import NotFound
from appointments_app.domain.listing import Selection
from appointments_app.features.appointments import service as appointments
from appointments_app.features.calendar import service
from tests.appointments.conftest import Practice
from tests.appointments.desk import book

DAY = "2026-03-25"


def view(practice: Practice, actor: Any = None, **query: str) -> service.CalendarView:
    query = {"view": "day", "date": DAY} | query
    wanted = CalendarFilter.from_query(query)
    return service.calendar_view(practice.uow, actor=actor or practice.ada, wanted=wanted, query=query)


def ids(practice: Practice, **query: str) -> list[int]:
    return [entry.id for entry in view(practice, **query).entries]


@pytest.mark.parametrize(
    ("name", "day", "first", "last"),
    [
        ("week", "2026-03-25", "2026-03-21", "2026-03-27"),  # in Egypt a week begins on Saturday
        ("month", "2026-03-25", "2026-02-28", "2026-04-03"),
        ("day", "2026-03-25", "2026-03-25", "2026-03-25"),
        ("agenda", "2026-03-25", "2026-03-25", "2026-04-07"),
        ("month", "2026-02-01", "2026-01-31", "2026-03-06"),
    ],
)
def test_the_days_of_a_view(practice: Practice, name: str, day: str, first: str, last: str) -> None:
    days = view(practice, view=name, date=day).days
    assert (days[0].day, days[-1].day) == (first, last)


def test_pages_turn_by_what_they_show() -> None:
    def turned(name: str, day: str, by: int) -> str:
        return CalendarPlace(date.fromisoformat(day), View(name)).turned(by).isoformat()

    assert turned("month", "2026-01-31", 1) == "2026-02-01"
    assert turned("month", "2026-03-31", -1) == "2026-02-01"
    assert turned("week", "2026-03-31", 1) == "2026-04-07"
    assert turned("day", "2026-03-01", -1) == "2026-02-28"


@pytest.mark.parametrize(
    "query", [{"view": "nonsense", "date": "2026-02-30"}, {"date": "1066-10-14"}, {"date": "x" * 99}]
)
def test_an_address_that_cannot_be_read_shows_this_week(practice: Practice, query: dict[str, str]) -> None:
    shown = service.calendar_view(
        practice.uow, actor=practice.ada, wanted=CalendarFilter.from_query(query), query=query
    )
    assert (shown.place.day.isoformat(), shown.place.view) == ("2026-03-24", View.WEEK)


def test_times_are_on_the_readers_wall(practice: Practice) -> None:
    book(practice, time="23:30", duration="60")
    (entry,) = view(practice).entries
    assert (entry.start, entry.end, entry.at) == ("2026-03-25T23:30", "2026-03-26T00:30", "2026-03-25T21:30:00Z")
    elsewhere = replace(practice.ada, time_zone="Asia/Tokyo")
    (entry,) = view(practice, elsewhere, date="2026-03-26").entries
    assert entry.start == "2026-03-26T06:30"
    assert view(practice, elsewhere).entries == []


def test_what_runs_over_midnight_is_on_both_days(practice: Practice) -> None:
    one = book(practice, time="23:30", duration="60")
    assert ids(practice) == ids(practice, date="2026-03-26") == [one]
    assert ids(practice, date="2026-03-27") == []


def test_a_day_of_daylight_saving_has_all_its_hours(practice: Practice) -> None:
    for time in ("00:30", "01:30", "23:30"):  # Cairo springs forward at midnight of 24 April 2026
        book(practice, date="2026-04-24", time=time, duration="5")
    shown = view(practice, date="2026-04-24").entries
    assert [entry.start[11:] for entry in shown] == ["01:30", "01:30", "23:30"]
    assert ids(practice, date="2026-04-23") == ids(practice, date="2026-04-25") == []


def test_a_crowded_month_sends_counts_and_the_first_of_each_day(practice: Practice) -> None:
    booked = [book(practice, time=f"{hour:02}:00") for hour in range(8, 18)]
    book(practice, date="2026-03-26")
    shown = view(practice, view="month")
    assert shown.crowded
    assert {day.day: day.count for day in shown.days if day.count} == {DAY: 10, "2026-03-26": 1}
    assert [entry.id for entry in shown.entries if entry.start.startswith(DAY)] == booked[: service.MOST[View.MONTH]]
    assert not view(practice, view="week").crowded


def test_a_crowded_week_is_shown_by_day(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    for hour in range(8, 18):
        book(practice, time=f"{hour:02}:00")
    assert len(view(practice, view="week").entries) == 10
    monkeypatch.setattr(service, "CROWDED", 9)
    monkeypatch.setitem(service.MOST, View.WEEK, 3)
    shown = view(practice, view="week")
    assert (shown.crowded, len(shown.entries), sum(day.count for day in shown.days)) == (True, 3, 10)


def test_forty_at_once_are_all_on_the_day(practice: Practice) -> None:
    booked = [book(practice, duration="5") for _ in range(40)]
    assert ids(practice) == booked


def test_staff_one_several_unassigned_or_all(practice: Practice) -> None:
    ada, ben = str(practice.ada.staff_id), str(practice.ben.staff_id)
    nobodys, adas, bens, both = (
        book(practice, time=f"{hour}:00", staff=staff)
        for hour, staff in ((10, []), (11, [ada]), (12, [ben]), (13, [ada, ben]))
    )
    assert ids(practice) == [nobodys, adas, bens, both]
    assert ids(practice, staff=ada) == [adas, both]
    assert ids(practice, staff=f"{ada},{ben}") == [adas, bens, both]
    assert ids(practice, staff="none") == [nobodys]
    assert ids(practice, staff=f"none,{ben}") == [nobodys, bens, both]
    assert ids(practice, staff="x,-1,99999999999") == [nobodys, adas, bens, both]
    assert [one.id for one in view(practice, staff=ben, view="board").columns] == [ada, ben]


def test_dismissed_ones_are_left_out_unless_asked_for(practice: Practice) -> None:
    one = book(practice, notes="by the window")
    other = book(practice, time="11:00", action=str(practice.consultation), notes="window shut")
    appointments.set_status(practice.uow, actor=practice.ada, selection=Selection(ids=(one,)), status="dismissed")
    assert ids(practice) == [other]
    assert ids(practice, tab="all") == [one, other]
    assert ids(practice, tab="dismissed") == [one]
    assert ids(practice, tab="all", action=str(practice.consultation)) == [other]
    assert ids(practice, tab="all", q="window") == [one, other]
    assert ids(practice, shared="yes") == []


def test_one_sees_only_what_is_within_reach(practice: Practice) -> None:
    ben = str(practice.ben.staff_id)
    secret, mine = book(practice), book(practice, staff=[ben], time="11:00", notes="by the window")
    narrow = replace(practice.ben, scope=Scope.OWN)
    for name in View:
        shown = view(practice, narrow, view=name.value)
        assert [entry.id for entry in shown.entries] == [mine]
        assert sum(day.count for day in shown.days) == 1
    assert service.card(practice.uow, actor=narrow, appointment_id=mine).notes == "by the window"
    for hidden in (secret, 0, -1, 10**12, "1", None, True):
        with pytest.raises(NotFound):
            service.card(practice.uow, actor=narrow, appointment_id=hidden)


def test_r13_a_week_beyond_the_horizon_shows_an_endless_series(practice: Practice) -> None:
    book(practice, recurring=True, frequency="weekly")
    shown = view(practice, view="week", date="2040-03-21")
    assert [entry.start for entry in shown.entries] == ["2040-03-21T10:00"]
    assert shown.entries[0].recurring
