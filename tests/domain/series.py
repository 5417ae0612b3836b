"""Series to test with: random ones, and what dateutil makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from hypothesis import strategies as st

from appointments_app.domain.recurrence import Frequency, Rule

ZONES = (
    "Africa/Cairo",  # changes at midnight
    "Africa/Casablanca",  # changes twice within five weeks
    "America/New_York",
    "America/Sao_Paulo",  # changed at midnight, until 2019
    "America/St_Johns",  # changed at one minute past midnight
    "Asia/Kathmandu",  # 5 h 45 min
    "Asia/Riyadh",
    "Asia/Tehran",
    "Australia/Lord_Howe",  # changes by half an hour
    "Australia/Sydney",
    "Europe/Paris",
    "Pacific/Apia",  # left out 30 December 2011
)
FIRST, LAST = datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2060-12-31T23:59")


class Series(NamedTuple):
    """What a series is stored as."""

    rrule: str
    dtstart: datetime
    zone_name: str


@st.composite
def walls(draw: st.DrawFn) -> datetime:
    """Wall times, more often than not at a month's end and at the hours at which clocks change."""
    day = draw(st.dates(FIRST.date(), LAST.date()))
    if draw(st.booleans()):
        day = (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=draw(st.integers(1, 4)))
    hour = draw(st.sampled_from((0, 1, 2, 3, 9, 14, 23)))
    return datetime(day.year, day.month, day.day, hour, draw(st.sampled_from((0, 15, 30, 59))))  # noqa: DTZ001 - a wall


@st.composite
def rules(draw: st.DrawFn, dtstart: datetime) -> Rule:
    """Any rule the form makes for a series that begins about ``dtstart``, any DTSTART of a later part included."""
    rule = Rule(draw(st.sampled_from(Frequency)), draw(st.one_of(st.integers(1, 5), st.integers(1, 999))))
    if rule.frequency == Frequency.WEEKLY:
        rule = replace(rule, weekdays=tuple(sorted(draw(st.sets(st.integers(0, 6))))))
    if rule.frequency == Frequency.MONTHLY:
        days = st.integers(dtstart.day, 31)
        changes = st.one_of(
            st.fixed_dictionaries({"nth": st.sampled_from((1, 2, 3, 4, -1))}),
            st.fixed_dictionaries({"month_day": st.one_of(st.just(0), days)}),
        )
        rule = replace(rule, **draw(changes))
    if rule.frequency == Frequency.YEARLY and (dtstart.month, dtstart.day) == (2, 28) and draw(st.booleans()):
        rule = replace(rule, month_day=29)
    end = st.one_of(
        st.just({}),
        st.fixed_dictionaries({"until": st.dates(dtstart.date(), date(2200, 12, 31))}),
        st.fixed_dictionaries({"until": st.dates(dtstart.date(), dtstart.date() + timedelta(days=900))}),
        st.fixed_dictionaries({"count": st.one_of(st.integers(1, 40), st.integers(1, 9_999))}),
    )
    return replace(rule, **draw(end))


@st.composite
def series(draw: st.DrawFn) -> Series:
    """Any series the form makes."""
    dtstart, zone_name = draw(walls()), draw(st.sampled_from(ZONES))
    return Series(draw(rules(dtstart)).to_rrule(dtstart, zone_name), dtstart, zone_name)


@st.composite
def windows(draw: st.DrawFn) -> tuple[datetime, datetime]:
    """Spans between 1990 and 2100: some days, some months, some years."""
    begin = draw(st.datetimes(FIRST, datetime.fromisoformat("2099-12-31"))).replace(tzinfo=UTC)
    days = draw(st.one_of(st.integers(0, 45), st.integers(0, 800), st.integers(0, 8_000)))
    return begin, min(begin + timedelta(days=days, hours=draw(st.integers(0, 23))), datetime(2100, 1, 1, tzinfo=UTC))


def by_dateutil(one: Series) -> Iterator[tuple[datetime, datetime]]:
    """Yield what dateutil makes of a series: walls in the zone, and as instants. It walks from DTSTART."""
    for wall in rrulestr(one.rrule, dtstart=one.dtstart.replace(tzinfo=ZoneInfo(one.zone_name))):
        yield wall.replace(tzinfo=None), wall.astimezone(UTC)
