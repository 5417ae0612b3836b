"""The recurring part of the form, and rules that nobody should have."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments_app.domain.errors import Invalid, NotFound
from appointments_app.domain.recurrence import (
    MOST_AT_ONCE,
    Frequency,
    MonthlyBy,
    Rule,
    between,
    ends_before,
    first,
    last,
    monthly_choices,
    number_of,
    read_rule,
    rule_form,
    upcoming,
)
from tests.domain.series import rules, walls

CAIRO = "Africa/Cairo"
LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)
TUESDAY = datetime.fromisoformat("2026-03-24T10:00")
FIFTH_FRIDAY = datetime.fromisoformat("2026-01-30T10:00")


def a_form(**fields: object) -> dict[str, object]:
    """A weekly series without end."""
    return {"frequency": "weekly", "interval": "1", "weekdays": [], "ends": "never", **fields}


def refusal(form: dict[str, object], dtstart: datetime = TUESDAY) -> dict[str, str]:
    """What the form says is wrong."""
    with pytest.raises(Invalid) as refused:
        read_rule(form, dtstart)
    return refused.value.fields


def test_r12_every_two_weeks_on_monday_and_thursday():
    rule = read_rule(a_form(interval="2", weekdays=["3", "0"]), TUESDAY)
    assert rule == Rule(Frequency.WEEKLY, 2, (0, 3))
    start = first(rule, TUESDAY)
    assert start == datetime.fromisoformat("2026-03-26T10:00")
    assert rule.to_rrule(start, CAIRO) == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=MO"


def test_r12_the_weekday_of_the_start_follows_the_start():
    rule = read_rule(a_form(weekdays=["1"]), TUESDAY)
    assert rule.weekdays == ()
    assert rule.to_rrule(FIFTH_FRIDAY, CAIRO) == "FREQ=WEEKLY;BYDAY=FR"


@pytest.mark.parametrize(
    ("by", "dtstart", "expected"),
    [
        ("day", TUESDAY, "FREQ=MONTHLY;BYMONTHDAY=24"),
        ("weekday", TUESDAY, "FREQ=MONTHLY;BYDAY=4TU"),
        ("last_weekday", TUESDAY, "FREQ=MONTHLY;BYDAY=-1TU"),
        ("weekday", FIFTH_FRIDAY, "FREQ=MONTHLY;BYDAY=-1FR"),
        ("day", FIFTH_FRIDAY, "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"),
    ],
)
def test_r12_monthly_by_day_or_by_weekday(by: str, dtstart: datetime, expected: str):
    assert read_rule(a_form(frequency="monthly", monthly_by=by), dtstart).to_rrule(dtstart, CAIRO) == expected


def test_r12_a_fifth_friday_can_only_be_the_last():
    assert monthly_choices(FIFTH_FRIDAY.date()) == [MonthlyBy.DAY, MonthlyBy.LAST_WEEKDAY]
    assert monthly_choices(date(2026, 3, 10)) == [MonthlyBy.DAY, MonthlyBy.WEEKDAY]
    assert monthly_choices(date(2026, 4, 28)) == list(MonthlyBy)


def test_r12_the_last_friday_begins_on_the_next_one():
    rule = Rule(Frequency.MONTHLY, 3, nth=-1)
    assert first(rule, datetime.fromisoformat("2026-03-06T10:00")) == datetime.fromisoformat("2026-03-27T10:00")


def test_r13_an_empty_end_date_is_no_end():
    assert read_rule(a_form(ends="", until=""), TUESDAY).endless
    assert read_rule(a_form(ends="", until="2026-12-31"), TUESDAY).until == date(2026, 12, 31)


def test_r16_the_form_of_a_later_part_keeps_the_31st():
    dtstart = datetime.fromisoformat("2026-02-28T10:00")
    rule = Rule.from_rrule("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", dtstart, CAIRO)
    assert rule == Rule(Frequency.MONTHLY, month_day=31)
    form = rule_form(rule, dtstart)
    assert read_rule(form, dtstart) == rule
    assert read_rule(form, TUESDAY) == Rule(Frequency.MONTHLY)


@pytest.mark.parametrize(
    ("frequency", "day", "kept", "expected"),
    [
        ("monthly", "2026-04-30", "31", 31),
        ("monthly", "2026-04-29", "31", 0),
        ("yearly", "2026-04-30", "31", 0),
        ("yearly", "2026-02-28", "31", 0),
        ("yearly", "2026-02-28", "29", 29),
        ("yearly", "2028-02-28", "29", 0),
        ("daily", "2026-02-28", "29", 0),
    ],
)
def test_r16_a_later_day_is_kept_only_where_the_month_is_too_short_for_it(
    frequency: str, day: str, kept: str, expected: int
):
    dtstart = datetime.fromisoformat(f"{day}T10:00")
    rule = read_rule(a_form(frequency=frequency, month_day=kept), dtstart)
    assert rule.month_day == expected
    assert upcoming(rule.to_rrule(dtstart, CAIRO), dtstart, CAIRO, since=LONG_AGO, limit=1)[0][0] == dtstart


@given(st.data())
def test_r12_a_form_gives_back_its_rule(data: st.DataObject):
    dtstart = data.draw(walls())
    rule = data.draw(rules(dtstart))
    dtstart = first(rule, dtstart)
    assert rule_form(rule, dtstart).keys() >= {"frequency", "interval", "weekdays", "monthly_by", "ends"}
    try:
        read = read_rule(rule_form(rule, dtstart), dtstart)
    except Invalid as refused:
        assert refused.fields.keys() <= {"until", "count"}
        return
    assert upcoming(read.to_rrule(dtstart, CAIRO), dtstart, CAIRO, since=LONG_AGO, limit=30) == upcoming(
        rule.to_rrule(dtstart, CAIRO), dtstart, CAIRO, since=LONG_AGO, limit=30
    )


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"frequency": ""}, {"frequency": "Choose how often it repeats."}),
        ({"frequency": "hourly"}, {"frequency": "Choose how often it repeats."}),
        ({"interval": "0"}, {"interval": "Enter a number from 1 to 999."}),
        ({"interval": "1000000000"}, {"interval": "Enter a number from 1 to 999."}),
        ({"interval": "-1"}, {"interval": "Enter a number from 1 to 999."}),
        ({"interval": "two"}, {"interval": "Enter a number from 1 to 999."}),
        ({"interval": ["1"]}, {"interval": "Enter a number from 1 to 999."}),
        ({"weekdays": ["7"]}, {"weekdays": "Choose weekdays from the list."}),
        ({"monthly_by": "moon"}, {"monthly_by": "Choose a day or a weekday."}),
        ({"ends": "maybe"}, {"ends": "Choose when it ends."}),
        ({"ends": "on", "until": ""}, {"until": "Enter a date."}),
        ({"ends": "on", "until": "2026-02-30"}, {"until": "Enter a date."}),
        ({"ends": "on", "until": "2026-03-23"}, {"until": "The end is before the start."}),
        ({"ends": "on", "until": "2201-01-01"}, {"until": "Enter a year between 1900 and 2200."}),
        ({"ends": "on", "until": "2026-03-25", "weekdays": ["4"]}, {"until": "It never occurs before this date."}),
        ({"ends": "after", "count": ""}, {"count": "Enter a number from 1 to 9,999."}),
        ({"ends": "after", "count": "0"}, {"count": "Enter a number from 1 to 9,999."}),
        ({"ends": "after", "count": "1000000"}, {"count": "Enter a number from 1 to 9,999."}),
        (
            {"frequency": "yearly", "ends": "after", "count": "176"},
            {"count": "The last one would be after the year 2200."},
        ),
    ],
)
def test_r12_bad_input_is_named_at_its_field(fields: dict[str, object], wrong: dict[str, str]):
    assert refusal(a_form(**fields)) == wrong


def test_r12_everything_wrong_is_named_at_once():
    wrong = refusal({"frequency": "x", "interval": "0", "weekdays": ["9"], "ends": "on", "until": "soon"})
    assert wrong.keys() == {"frequency", "interval", "weekdays", "until"}


def test_r12_the_last_of_175_years_is_in_2200():
    rule = read_rule(a_form(frequency="yearly", ends="after", count="175"), TUESDAY)
    end = last(rule.to_rrule(TUESDAY, CAIRO), TUESDAY, CAIRO)
    assert end is not None
    assert end.recurrence_id.year == 2200


@pytest.mark.parametrize(
    "rrule",
    [
        "",
        "FREQ=FORTNIGHTLY",
        "INTERVAL=2",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;UNTIL=20261399T000000Z",
        "FREQ=DAILY;UNTIL=20260324T990000Z",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYMONTHDAY=many",
        "FREQ=YEARLY;BYMOON=1",
        "FREQ=DAILY\nEXDATE:20260324T100000",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=4,6;BYMONTHDAY=31",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;INTERVAL=2;BYHOUR=1",
        "FREQ=HOURLY;BYYEARDAY=366",
    ],
)
def test_a_text_that_is_no_rule_or_never_occurs_is_refused(rrule: str):
    with pytest.raises(Invalid) as refused:
        upcoming(rrule, TUESDAY, CAIRO, since=LONG_AGO, limit=1)
    assert refused.value.fields.keys() == {"rrule"}


@pytest.mark.parametrize("interval", [10**6, 10**9, 10**30])
@pytest.mark.parametrize("frequency", ["SECONDLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
def test_an_absurd_interval_is_followed_as_far_as_the_calendar_goes(frequency: str, interval: int):
    rrule = f"FREQ={frequency};INTERVAL={interval}"
    found = upcoming(rrule, TUESDAY, CAIRO, since=LONG_AGO, limit=3)
    assert found[0].recurrence_id == TUESDAY


def test_a_million_at_once_is_refused_or_cut():
    century = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2400, 1, 1, tzinfo=UTC))
    with pytest.raises(Invalid):
        between("FREQ=DAILY", TUESDAY, CAIRO, *century)
    with pytest.raises(Invalid):
        between("FREQ=DAILY", TUESDAY, CAIRO, *century, limit=10**6)
    with pytest.raises(Invalid):
        between("FREQ=SECONDLY", TUESDAY, CAIRO, *century, limit=10**6)
    assert len(between("FREQ=DAILY", TUESDAY, CAIRO, *century, limit=MOST_AT_ONCE)) == MOST_AT_ONCE


def test_an_unknown_zone_is_refused():
    with pytest.raises(Invalid) as refused:
        upcoming("FREQ=DAILY", TUESDAY, "Africa/Atlantis", since=LONG_AGO, limit=1)
    assert refused.value.fields == {"time_zone": "Unknown time zone."}


@pytest.mark.parametrize("rrule", ["FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=2TU,-1TU", "FREQ=MONTHLY;BYMONTHDAY=24,25"])
@pytest.mark.parametrize("wall", ["2026-03-24T10:01", "2026-03-17T10:00", "2026-03-26T10:00"])
def test_what_is_no_occurrence_has_no_place(rrule: str, wall: str):
    with pytest.raises(NotFound):
        number_of(rrule, TUESDAY, CAIRO, datetime.fromisoformat(wall))


def test_r29_nothing_comes_before_the_first():
    assert ends_before("FREQ=DAILY;COUNT=3", TUESDAY, CAIRO, TUESDAY) == ("", "FREQ=DAILY;COUNT=3")


@pytest.mark.parametrize("rrule", ["FREQ=MONTHLY;BYDAY=TU", "FREQ=MONTHLY;BYDAY=TU;COUNT=9", "FREQ=DAILY;BYHOUR=10,12"])
def test_r29_an_imported_rule_is_split_too(rrule: str):
    whole = upcoming(rrule, TUESDAY, CAIRO, since=LONG_AGO, limit=9)
    before, after = ends_before(rrule, TUESDAY, CAIRO, whole[4].recurrence_id)
    assert upcoming(before, TUESDAY, CAIRO, since=LONG_AGO, limit=9) == whole[:4]
    assert upcoming(after, whole[4].recurrence_id, CAIRO, since=LONG_AGO, limit=5) == whole[4:]


def test_the_end_that_other_programs_write_as_a_date_or_on_the_wall_is_understood():
    for until in ("20260326", "20260326T235959", "20260326T100000", "20260326T080000Z"):
        rule = Rule.from_rrule(f"FREQ=DAILY;UNTIL={until}", TUESDAY, CAIRO)
        assert rule == Rule(Frequency.DAILY, until=date(2026, 3, 26))


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=DAILY;BYDAY=MO",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU",
        "FREQ=MONTHLY;BYDAY=TU",
        "FREQ=MONTHLY;BYDAY=2MO",
        "FREQ=MONTHLY;BYDAY=5TU",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYMONTHDAY=29,30,31;BYSETPOS=-1",
        "FREQ=MONTHLY;BYMONTHDAY=1,15",
        "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=24",
        "FREQ=YEARLY;BYMONTHDAY=24",
        "FREQ=YEARLY;BYWEEKNO=13",
        "FREQ=DAILY;COUNT=3;UNTIL=20260326T080000Z",
        "FREQ=HOURLY;INTERVAL=30",
    ],
)
def test_what_the_form_cannot_show_is_left_as_it_is(rrule: str):
    assert Rule.from_rrule(rrule, TUESDAY, CAIRO) is None
    assert upcoming(rrule, TUESDAY, CAIRO, since=LONG_AGO, limit=2)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.one_of(
                st.none(), st.booleans(), st.integers(), st.text(max_size=12), st.lists(st.text(max_size=2))
            )
            for name in ("frequency", "interval", "weekdays", "monthly_by", "month_day", "ends", "until", "count")
        },
    ),
    st.sampled_from(Frequency),
)
def test_r12_whatever_is_sent_is_a_rule_or_refused(form: dict[str, Any], frequency: Frequency):
    for sent in (form, {**form, "frequency": frequency.value}):
        try:
            rule = read_rule(sent, TUESDAY)
        except Invalid as refused:
            assert refused.fields
        else:
            start = first(rule, TUESDAY)
            assert upcoming(rule.to_rrule(start, CAIRO), start, CAIRO, since=LONG_AGO, limit=1)[0][0] == start
