"""What the views show: days, walls, crowded days, filters, who may see what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete

from appointments_app.db.models import ClosedDay, Leave, OtherHours, Shift
from appointments_app.db.queries import hours
from appointments_app.domain.access import Permission, Scope
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
    monkeypatch.setitem(service.MOST, View.WEEK, 20)
    shown = view(practice, view="week")
    assert (shown.crowded, len(shown.entries)) == (True, 10)


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


def test_hours_are_on_the_readers_wall_one_by_one_on_the_board_and_together_elsewhere(practice: Practice) -> None:
    ada, ben = practice.ada.staff_id or 0, practice.ben.staff_id or 0
    with practice.uow.begin() as tx:
        hours.write_week(tx, None, {2: [(540, 720), (780, 1020)]})
        hours.write_week(tx, ben, {1: [(1320, 1440)], 2: [(0, 120), (600, 1080)]})
    board = {one.staff: one.spans for one in view(practice, view="board").hours}
    assert board == {str(ada): [[540, 720], [780, 1020]], str(ben): [[0, 120], [600, 1080]]}
    (day,) = view(practice).hours
    assert (day.staff, day.spans) == ("", [[0, 120], [540, 1080]])
    assert view(practice, staff=str(ada)).hours[0].spans == [[540, 720], [780, 1020]]
    week = {one.day: one.spans for one in view(practice, view="week", staff=str(ben)).hours}
    assert (week["2026-03-24"], week["2026-03-26"]) == ([[1320, 1440]], [])
    tokyo = replace(practice.ada, time_zone="Asia/Tokyo")  # seven hours ahead of Cairo
    assert view(practice, tokyo, staff=str(ada)).hours[0].spans == [[960, 1140], [1200, 1440]]
    assert view(practice, view="month").hours == view(practice, view="agenda").hours == []


def test_what_nobody_said_is_open_leave_and_closed_days_are_not(practice: Practice) -> None:
    ben = practice.ben.staff_id or 0
    with practice.uow.begin() as tx:
        tx.execute(delete(Shift))
        tx.add(Leave(staff_id=ben, first_day=date(2026, 3, 26), last_day=date(2026, 3, 27), note="Wedding"))
        tx.add(OtherHours(staff_id=ben, day=date(2026, 3, 24), opens=600, closes=660))
        tx.add(ClosedDay(day=date(2026, 3, 23), name="Spring day"))
    shown = view(practice, view="week", staff=str(ben))
    spans = {one.day[8:]: one.spans for one in shown.hours}
    assert (spans["23"], spans["24"], spans["25"], spans["26"]) == ([], [[600, 660]], [[0, 1440]], [])
    (away,) = shown.away
    assert (away.name, away.first_day, away.last_day, away.note) == ("Ben", "2026-03-26", "2026-03-27", "Wedding")
    assert view(practice, view="month").away == [away]
    assert view(practice, view="week", date="2026-04-08").away == []
    colleague = replace(practice.ada, staff_id=None, permissions=frozenset({Permission.VIEW}))
    assert [one.note for one in view(practice, colleague, view="week").away] == [""]
    assert [one.note for one in view(practice, practice.ben, view="week").away] == ["Wedding"]


def test_a_board_that_is_full_says_how_much_it_leaves_out(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    ben = str(practice.ben.staff_id)
    for hour in range(8, 12):
        book(practice, time=f"{hour:02}:00", staff=[ben])
    monkeypatch.setattr(service, "MOST_COLUMNS", 1)
    monkeypatch.setattr(service, "MOST_OF_A_DAY", 3)
    shown = view(practice, view="board")
    assert (len(shown.entries), shown.total) == (3, 4)
    assert ([one.id for one in shown.columns], shown.people) == ([ben], 2)  # who has something to do comes first
    assert [one.staff for one in shown.hours] == [ben]


def test_appointments_of_some_people_are_found_as_among_all(practice: Practice) -> None:
    ada, ben = str(practice.ada.staff_id), str(practice.ben.staff_id)
    for place in range(12):
        staff = [[], [ada], [ben], [ada, ben]][place % 4]
        book(practice, date=f"2026-03-{25 + place % 3}", time=f"{8 + place:02}:00", staff=staff, notes=f"n{place % 2}")
    for query in ({"tab": "all"}, {"q": "n1"}, {"tab": "scheduled"}, {"action": str(practice.call)}, {"shared": "no"}):
        for name in View:
            every = view(practice, view=name.value, **query)
            some = view(practice, view=name.value, staff=f"{ada},{ben}", **query)
            assert [one.id for one in some.entries] == [one.id for one in every.entries if one.staff]
            assert sum(day.count for day in some.days) == len(some.entries)
