"""What clocks do to a series, written out by hand."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime
from itertools import chain, pairwise

import pytest

from appointments_app.domain.recurrence import Frequency, Rule, between, ends_before, upcoming

LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)


def instants(rule: Rule, dtstart: str, zone_name: str, limit: int) -> list[str]:
    """The first instants of a series."""
    start = datetime.fromisoformat(dtstart)
    found = upcoming(rule.to_rrule(start, zone_name), start, zone_name, since=LONG_AGO, limit=limit)
    return [one.start_at.strftime("%m-%dT%H:%M") for one in found]


@pytest.mark.parametrize(
    ("zone_name", "dtstart", "expected"),
    [
        # New York springs from 02:00 to 03:00 on 8 March 2026: 02:30 becomes 03:30, which is 07:30 UTC.
        ("America/New_York", "2026-03-07T02:30", ["03-07T07:30", "03-08T07:30", "03-09T06:30"]),
        # It falls back from 02:00 to 01:00 on 1 November 2026: of two times 01:30 the first, still summer time.
        ("America/New_York", "2026-10-31T01:30", ["10-31T05:30", "11-01T05:30", "11-02T06:30"]),
        # Cairo springs from 00:00 to 01:00 on Friday 24 April 2026.
        ("Africa/Cairo", "2026-04-23T00:15", ["04-22T22:15", "04-23T22:15", "04-24T21:15"]),
        # It falls back from 24:00 to 23:00 on Thursday 29 October 2026: the first 23:30 of that day.
        ("Africa/Cairo", "2026-10-28T23:30", ["10-28T20:30", "10-29T20:30", "10-30T21:30"]),
        # Lord Howe springs by half an hour, from 02:00 to 02:30, on 4 October 2026.
        ("Australia/Lord_Howe", "2026-10-03T02:15", ["10-02T15:45", "10-03T15:45", "10-04T15:15"]),
        # Apia left out 30 December 2011 altogether: 10:00 that day is 10:00 a day later.
        ("Pacific/Apia", "2011-12-29T10:00", ["12-29T20:00", "12-30T20:00", "12-30T20:00", "12-31T20:00"]),
        ("Asia/Kathmandu", "2026-03-28T09:00", ["03-28T03:15", "03-29T03:15", "03-30T03:15"]),
    ],
)
def test_r17_the_wall_time_stays_when_clocks_change(zone_name: str, dtstart: str, expected: list[str]):
    assert instants(Rule(Frequency.DAILY), dtstart, zone_name, len(expected)) == expected


@pytest.mark.parametrize("zone_name", ["Africa/Cairo", "America/New_York"])
def test_r17_a_window_that_begins_or_ends_within_a_doubled_hour_loses_nothing(zone_name: str):
    dtstart = datetime.fromisoformat("2026-10-01T23:59" if zone_name == "Africa/Cairo" else "2026-10-01T01:59")
    rrule = Rule(Frequency.DAILY).to_rrule(dtstart, zone_name)
    moments = [
        datetime(2026, month, day, hour, tzinfo=UTC) for month in (10, 11) for day in (1, 29) for hour in (5, 20)
    ]
    moments += [datetime(2026, 10, 29, 20, 59, tzinfo=UTC), datetime(2026, 11, 1, 5, 59, tzinfo=UTC)]
    edges = [datetime(2026, 9, 30, tzinfo=UTC), *sorted(moments), datetime(2026, 12, 1, tzinfo=UTC)]
    parts = [between(rrule, dtstart, zone_name, *window) for window in pairwise(edges)]
    assert list(chain(*parts)) == between(rrule, dtstart, zone_name, edges[0], edges[-1])


def clamped(year: int, month: int, day: int) -> date:
    """The day, or the last of a shorter month."""
    return date(year, month, min(day, monthrange(year, month)[1]))


@pytest.mark.parametrize("day", [29, 30, 31])
@pytest.mark.parametrize("month", range(1, 13))
def test_r16_twenty_years_of_the_29th_30th_and_31st(month: int, day: int):
    if clamped(2024, month, day).day != day:
        return
    dtstart = datetime(2024, month, day, 10)  # noqa: DTZ001 - a wall time
    rrule = Rule(Frequency.MONTHLY).to_rrule(dtstart, "Africa/Cairo")
    found = upcoming(rrule, dtstart, "Africa/Cairo", since=LONG_AGO, limit=241)
    months = [divmod(2024 * 12 + month - 1 + ahead, 12) for ahead in range(241)]
    expected = [clamped(year, its + 1, day) for year, its in months]
    assert [one.recurrence_id.date() for one in found] == expected
    for one in found[1:]:
        later = ends_before(rrule, dtstart, "Africa/Cairo", one.recurrence_id)[1]
        after = upcoming(later, one.recurrence_id, "Africa/Cairo", since=LONG_AGO, limit=14)
        index = expected.index(one.recurrence_id.date())
        assert [each.recurrence_id.date() for each in after][: 241 - index] == expected[index : index + 14]


def test_r16_twenty_years_of_29_february():
    dtstart = datetime(2024, 2, 29, 10)  # noqa: DTZ001 - a wall time
    rrule = Rule(Frequency.YEARLY).to_rrule(dtstart, "Europe/Paris")
    found = upcoming(rrule, dtstart, "Europe/Paris", since=LONG_AGO, limit=21)
    assert [one.recurrence_id.date() for one in found] == [clamped(year, 2, 29) for year in range(2024, 2045)]
    later = ends_before(rrule, dtstart, "Europe/Paris", found[1].recurrence_id)[1]
    assert upcoming(later, found[1].recurrence_id, "Europe/Paris", since=LONG_AGO, limit=20) == found[1:]


def test_r16_31_january_is_the_31st_again_in_march():
    rule = Rule(Frequency.MONTHLY)
    expected = ["01-31T08:00", "02-28T08:00", "03-31T08:00", "04-30T07:00"]
    assert instants(rule, "2026-01-31T10:00", "Africa/Cairo", 4) == expected


def test_r13_an_endless_series_is_there_in_2040():
    dtstart = datetime.fromisoformat("2026-03-24T10:00")
    found = between(
        Rule(Frequency.WEEKLY).to_rrule(dtstart, "Africa/Cairo"),
        dtstart,
        "Africa/Cairo",
        datetime(2040, 1, 1, tzinfo=UTC),
        datetime(2040, 1, 15, tzinfo=UTC),
    )
    assert [one.start_at.isoformat() for one in found] == ["2040-01-03T08:00:00+00:00", "2040-01-10T08:00:00+00:00"]


def test_r13_the_end_date_is_included():
    rule = Rule(Frequency.DAILY, until=date(2026, 3, 26))
    assert instants(rule, "2026-03-24T23:30", "Africa/Cairo", 9) == ["03-24T21:30", "03-25T21:30", "03-26T21:30"]
