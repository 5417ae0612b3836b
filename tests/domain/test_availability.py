"""Free starts: examples that a person can check, and random ones against a walk minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appointments_app.domain.availability import (
    DAY,
    Hours,
    Need,
    Span,
    as_instant,
    as_minutes,
    nearest,
    offered,
    on_wall,
    shifts,
)
from appointments_app.domain.times import to_instant, to_wall

MONDAY = date(2026, 3, 23)
NINE, NOON, ONE, FIVE = 9 * 60, 12 * 60, 13 * 60, 17 * 60
DESK = {day: [(NINE, NOON), (ONE, FIVE)] for day in range(5)}


def at(text: str) -> int:
    """Return an instant, such as ``2026-03-23 09:00`` in UTC, in minutes."""
    return as_minutes(datetime.fromisoformat(text).replace(tzinfo=UTC))


def free(hours: Hours, need: Need, *, busy=(), day=MONDAY, days=1, step=30, closed=()) -> list[str]:
    """Return the free starts of some days as their wall clock shows them."""
    since = as_minutes(datetime(day.year, day.month, day.day, tzinfo=UTC))
    found = offered(hours, busy, need, step=step, since=since, until=since + days * DAY, closed=closed)
    return [f"{to_wall(as_instant(start), hours.time_zone):%H:%M}" for start in found]


def test_a_free_day_is_offered_as_far_as_it_lasts():
    hours = Hours("UTC", {0: [(NINE, 11 * 60)]})
    assert free(hours, Need(60)) == ["09:00", "09:30", "10:00"]
    assert free(hours, Need(120)) == ["09:00"]
    assert free(hours, Need(121)) == []


def test_what_is_booked_and_what_must_stay_free_around_it_are_left_out():
    hours, busy = Hours("UTC", {0: [(NINE, NOON)]}), [(at("2026-03-23 10:00"), at("2026-03-23 10:30"))]
    assert free(hours, Need(30), busy=busy) == ["09:00", "09:30", "10:30", "11:00", "11:30"]
    assert free(hours, Need(30, before=15), busy=busy) == ["09:00", "09:30", "11:00", "11:30"]
    assert free(hours, Need(30, after=15), busy=busy) == ["09:00", "10:30", "11:00", "11:30"]


def test_leave_goes_before_other_hours_and_these_before_closed_days():
    hours = Hours("UTC", DESK, exceptions={MONDAY: [(NINE, 10 * 60)]}, away=[(MONDAY, MONDAY)])
    assert hours.on(MONDAY) == ()
    assert Hours("UTC", DESK, exceptions=hours.exceptions).on(MONDAY, {MONDAY}) == [(NINE, 10 * 60)]
    assert Hours("UTC", DESK).on(MONDAY, {MONDAY}) == ()
    assert Hours("UTC", DESK).on(MONDAY + timedelta(days=5)) == ()


def test_a_night_shift_goes_on_over_midnight():
    hours = Hours("UTC", {0: [(23 * 60, DAY)], 1: [(0, 60)]})
    assert free(hours, Need(90), days=2) == ["23:00", "23:30"]


def test_a_day_of_twenty_three_hours_has_no_start_in_the_hour_that_is_skipped():
    hours = Hours("Europe/Berlin", {6: [(60, 4 * 60)]})
    assert free(hours, Need(60), day=date(2026, 3, 29), step=60) == ["01:00", "03:00"]


def test_a_day_of_twenty_five_hours_has_an_hour_more_of_work():
    hours = Hours("Europe/Berlin", {6: [(60, 4 * 60)]})
    assert free(hours, Need(60), day=date(2026, 10, 25), step=60, days=1) == ["02:00", "02:00", "03:00"]
    berlin = shifts(hours, at("2026-10-24 22:00"), at("2026-10-25 23:00"))
    assert berlin == [(at("2026-10-24 23:00"), at("2026-10-25 03:00"))]


def test_the_nearest_are_offered_in_order():
    assert nearest([100, 10, 40, 60, 55], 50, 3) == [40, 55, 60]


ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kathmandu")
FIRSTS = (date(2026, 3, 27), date(2026, 10, 23), date(2026, 3, 6), date(2026, 10, 30), date(2026, 4, 3), MONDAY)
"""Close to the days on which one of these zones puts its clocks on or back."""


@st.composite
def spans_of_a_day(draw) -> list[Span]:
    marks = sorted(draw(st.lists(st.integers(0, DAY // 10), unique=True, max_size=4)))
    return [(start * 10, end * 10) for start, end in zip(marks[::2], marks[1::2], strict=False)]


@st.composite
def diaries(draw):
    first = draw(st.sampled_from(FIRSTS))
    weekly = {day: draw(spans_of_a_day()) for day in range(7)}
    days = st.integers(0, 3).map(lambda offset: first + timedelta(days=offset))
    exceptions = draw(st.dictionaries(days, spans_of_a_day(), max_size=1))
    away = draw(st.lists(days.map(lambda day: (day, day)), max_size=1))
    hours = Hours(draw(st.sampled_from(ZONES)), weekly, exceptions, away)
    since = at(f"{first} 00:00") + draw(st.integers(-DAY, DAY))
    booked = st.tuples(st.integers(-DAY, 3 * DAY), st.integers(1, 600)).map(
        lambda one: (since + one[0], sum(one) + since)
    )
    busy, closed = draw(st.lists(booked, max_size=4)), draw(st.sets(days, max_size=1))
    need = Need(draw(st.integers(5, 240)), draw(st.integers(0, 60)), draw(st.integers(0, 60)))
    until = since + draw(st.integers(1, 2 * DAY))
    return hours, busy, closed, since, until, need, draw(st.sampled_from((5, 15, 60)))


@lru_cache(maxsize=1_000)
def walls(zone_name: str, day: date) -> dict[datetime, int]:
    """Return what the wall clock shows minute by minute around a day, each time with the minute it first shows it."""
    start = as_minutes(datetime(day.year, day.month, day.day, tzinfo=UTC)) - 15 * 60
    shown: dict[datetime, int] = {}
    for minute in range(start, start + 54 * 60):
        shown.setdefault(to_wall(as_instant(minute), zone_name).replace(tzinfo=None), minute)
    return shown


def walk(hours: Hours, day: date, minute: int) -> int:
    """Find by walking when the wall clock first shows a time; a skipped one moves on by as much as is skipped."""
    if minute == DAY:
        day, minute = day + timedelta(days=1), 0
    wanted = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001  a wall time
    shown = walls(hours.time_zone, day)
    if wanted in shown:
        return shown[wanted]
    before, after = max(wall for wall in shown if wall < wanted), min(wall for wall in shown if wall > wanted)
    return shown[wanted + (after - before - timedelta(minutes=1))]


def by_the_minute(hours, busy, closed, since, until, need, step) -> list[int]:
    """Return the free starts by asking of every single minute whether it is worked and free."""
    worked, candidates = set(), set()
    first = as_instant(since).date()
    for offset in range(-2, 5):
        day = first + timedelta(days=offset)
        if any(start <= day <= end for start, end in hours.away):
            continue
        usual = [] if day in closed else hours.weekly[day.weekday()]
        for opens, closes in hours.exceptions.get(day, usual):
            span = range(walk(hours, day, opens), walk(hours, day, closes))
            worked |= set(span)
            candidates |= set(span[::step])
    taken = {minute for start, end in busy for minute in range(start, end)}
    return [
        start
        for start in sorted(candidates)
        if since <= start < until
        and worked.issuperset(range(start, start + need.minutes))
        and taken.isdisjoint(range(start - need.before, start + need.minutes + need.after))
    ]


@pytest.mark.parametrize("examples", [60, pytest.param(1_000, marks=pytest.mark.long)])
def test_free_starts_are_those_of_a_walk_minute_by_minute(examples: int):
    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(diaries())
    def check(diary):
        hours, busy, closed, since, until, need, step = diary
        found = offered(hours, busy, need, step=step, since=since, until=until, closed=closed)
        assert found == by_the_minute(hours, busy, closed, since, until, need, step)

    check()


def test_hours_are_shown_on_the_readers_day_also_when_its_clocks_change() -> None:
    nine_to_five = Hours("Africa/Cairo", {weekday: [(540, 1020)] for weekday in range(7)})

    def shown(day: date, zone_name: str) -> list[Span]:
        noon = as_minutes(to_instant(day, time(12), zone_name))
        return on_wall(shifts(nine_to_five, noon - 2 * DAY, noon + 2 * DAY), day, zone_name)

    assert shown(date(2026, 4, 24), "Africa/Cairo") == [(540, 1020)]  # its first hour is skipped
    assert shown(date(2026, 10, 30), "Africa/Cairo") == [(540, 1020)]
    assert shown(date(2026, 10, 29), "Africa/Cairo") == [(540, 1020)]  # its last hour comes twice
    assert shown(date(2026, 1, 15), "Pacific/Auckland") == [(0, 240), (1200, 1440)]  # eleven hours ahead
    assert on_wall([(0, 10_000_000_000)], date(2026, 1, 15), "UTC") == [(0, 1440)]
    assert on_wall([], date(2026, 1, 15), "UTC") == []
