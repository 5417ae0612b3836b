"""When reminders go: zones, daylight saving, quiet hours; and whether they go at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments_app.domain.outbox import MOST_ATTEMPTS, Reason, wait_after
from appointments_app.domain.reminder import GO, Anchor, Live, Quiet, QuietWay, Timing, Unit, Verdict, decide

BERLIN, CAIRO, NEW_YORK, LORD_HOWE = "Europe/Berlin", "Africa/Cairo", "America/New_York", "Australia/Lord_Howe"
BEFORE, AFTER, CREATED = Anchor.BEFORE_START, Anchor.AFTER_START, Anchor.AFTER_CREATION


def at(text: str) -> datetime:
    """Return the UTC instant ``2026-03-24 10:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(timing: Timing, start: str, *, zone: str = "UTC", own: str = "", created: str = "2026-01-01 00:00") -> str:
    """Return when a message goes, as UTC."""
    found = timing.due(start_at=at(start), created_at=at(created), zone=zone, recipient_zone=own or zone)
    return f"{found:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("amount", "unit", "anchor", "expected"),
    [
        (30, Unit.MINUTES, BEFORE, "2026-03-24 09:30"),
        (24, Unit.HOURS, BEFORE, "2026-03-23 10:00"),
        (1, Unit.DAYS, BEFORE, "2026-03-23 10:00"),
        (2, Unit.HOURS, AFTER, "2026-03-24 12:00"),
        (0, Unit.MINUTES, CREATED, "2026-01-01 00:00"),
        (3, Unit.DAYS, CREATED, "2026-01-04 00:00"),
    ],
)
def test_a_message_goes_so_long_before_or_after(amount: int, unit: Unit, anchor: Anchor, expected: str):
    assert due(Timing(amount, unit, anchor), "2026-03-24 10:00") == expected


@pytest.mark.parametrize(
    ("unit", "amount", "start", "zone", "expected"),
    [
        # Berlin's clocks go forward at 01:00 UTC on 29 March 2026: ten o'clock is 08:00 UTC after it, 09:00 before.
        (Unit.DAYS, 1, "2026-03-29 08:00", BERLIN, "2026-03-28 09:00"),
        (Unit.HOURS, 24, "2026-03-29 08:00", BERLIN, "2026-03-28 08:00"),
        # … and back at 01:00 UTC on 25 October.
        (Unit.DAYS, 1, "2026-10-25 09:00", BERLIN, "2026-10-24 08:00"),
        (Unit.HOURS, 24, "2026-10-25 09:00", BERLIN, "2026-10-24 09:00"),
        # Half past two of the day before the appointment does not exist: it is an hour later.
        (Unit.DAYS, 1, "2026-03-30 00:30", BERLIN, "2026-03-29 01:30"),
        # A day whose change is half an hour.
        (Unit.DAYS, 1, "2026-10-04 01:00", LORD_HOWE, "2026-10-03 01:30"),
    ],
)
def test_days_keep_the_wall_time_and_hours_do_not(unit: Unit, amount: int, start: str, zone: str, expected: str):
    assert due(Timing(amount, unit, BEFORE), start, zone=zone) == expected


NIGHT = Quiet(time(21), time(8))
NIGHT_BEFORE = replace(NIGHT, way=QuietWay.BEFORE)
NOON = Quiet(time(12), time(14))


@pytest.mark.parametrize(
    ("quiet", "start", "own", "expected"),
    [
        (NIGHT, "2026-03-24 18:00", "UTC", "2026-03-24 16:00"),  # not quiet
        (NIGHT, "2026-03-24 09:00", "UTC", "2026-03-24 08:00"),  # waits for the end
        (NIGHT_BEFORE, "2026-03-24 09:00", "UTC", "2026-03-23 20:55"),  # goes before the beginning
        (NIGHT, "2026-03-24 23:00", "UTC", "2026-03-25 08:00"),  # the first minute is quiet
        (NIGHT, "2026-03-24 22:59", "UTC", "2026-03-24 20:59"),
        (NIGHT, "2026-03-24 10:00", "UTC", "2026-03-24 08:00"),  # the end is not quiet any more
        (NOON, "2026-03-24 15:00", "UTC", "2026-03-24 14:00"),
        (NOON, "2026-03-24 16:00", "UTC", "2026-03-24 14:00"),
        # 07:00 UTC is 09:00 in Cairo and 03:00 in New York: the recipient's clock counts.
        (NIGHT, "2026-03-24 09:00", CAIRO, "2026-03-24 07:00"),
        (NIGHT, "2026-03-24 09:00", NEW_YORK, "2026-03-24 12:00"),
        # The night in which Berlin's clocks go forward ends at 06:00 UTC instead of 07:00.
        (NIGHT, "2026-03-29 06:30", BERLIN, "2026-03-29 06:00"),
        (NIGHT, "2026-03-28 06:30", BERLIN, "2026-03-28 07:00"),
    ],
)
def test_quiet_hours(quiet: Quiet, start: str, own: str, expected: str):
    assert due(Timing(2, Unit.HOURS, BEFORE, quiet), start, own=own) == expected


def test_what_follows_the_booking_is_never_put_before_it():
    timing = Timing(0, Unit.MINUTES, CREATED, NIGHT_BEFORE)
    assert due(timing, "2026-03-24 10:00", created="2026-03-20 23:00") == "2026-03-21 08:00"


@given(
    instant=st.integers(1_577_836_800, 1_893_456_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    since=st.times(),
    until=st.times(),
    zone=st.sampled_from([BERLIN, CAIRO, NEW_YORK, LORD_HOWE, "UTC", "Asia/Kathmandu"]),
)
def test_the_end_of_quiet_hours_is_never_quiet(instant: datetime, since: time, until: time, zone: str):
    quiet = Quiet(since.replace(fold=0, microsecond=0, second=0), until.replace(fold=0, microsecond=0, second=0))
    around = quiet.around(instant, zone)
    if around is not None:
        assert instant < around[1] <= instant + timedelta(hours=26)
        assert quiet.around(around[1], zone) is None


LIVE = Live(
    timing=Timing(2, Unit.HOURS, BEFORE),
    rule_applies=True,
    status="scheduled",
    is_deleted=False,
    planned_for=at("2026-03-24 10:00"),
    start_at=at("2026-03-24 10:00"),
    created_at=at("2026-03-01 00:00"),
    zone="UTC",
    recipient_zone="UTC",
    is_recipient=True,
    is_active=True,
    address="cleo@example.com",
    opted_out=False,
)

AT_ONCE = {"created_at": at("2026-03-23 12:01")}
MOVED = AT_ONCE | {"timing": Timing(0, Unit.MINUTES, Anchor.MOVED), "notice": "moved"}
CANCELLED = AT_ONCE | {"timing": Timing(0, Unit.MINUTES, Anchor.CANCELLED), "notice": "cancelled"}


@pytest.mark.parametrize(
    ("changes", "now", "verdict"),
    [
        ({}, "2026-03-24 08:00", GO),
        ({}, "2026-03-24 09:59", GO),
        ({}, "2026-03-24 07:59", Verdict(wait=at("2026-03-24 08:00"))),
        ({}, "2026-03-24 10:00", Verdict(Reason.PAST)),
        ({"timing": Timing(2, Unit.HOURS, AFTER)}, "2026-03-24 12:00", GO),
        ({"timing": Timing(2, Unit.HOURS, BEFORE, NIGHT)}, "2026-03-24 07:30", Verdict(wait=at("2026-03-24 08:00"))),
        (
            {"timing": Timing(4, Unit.HOURS, BEFORE, Quiet(time(5), time(11)))},
            "2026-03-24 06:00",
            Verdict(Reason.QUIET),
        ),
        ({"status": "done"}, "2026-03-24 08:00", Verdict(Reason.DONE)),
        ({"status": "dismissed"}, "2026-03-24 08:00", Verdict(Reason.DISMISSED)),
        ({"is_deleted": True}, "2026-03-24 08:00", Verdict(Reason.DELETED)),
        ({"start_at": at("2026-03-24 11:00")}, "2026-03-24 09:00", Verdict(Reason.MOVED)),
        ({"rule_applies": False}, "2026-03-24 08:00", Verdict(Reason.RULE_OFF)),
        ({"is_recipient": False}, "2026-03-24 08:00", Verdict(Reason.NOT_ASSIGNED)),
        ({"is_active": False}, "2026-03-24 08:00", Verdict(Reason.LEFT)),
        ({"address": ""}, "2026-03-24 08:00", Verdict(Reason.NO_ADDRESS)),
        ({"opted_out": True}, "2026-03-24 08:00", Verdict(Reason.OPTED_OUT)),
        ({"notice": "moved"}, "2026-03-24 08:00", Verdict(Reason.RULE_OFF)),
        (MOVED, "2026-03-23 12:00", Verdict(wait=at("2026-03-23 12:01"))),
        (MOVED, "2026-03-23 12:01", GO),
        (MOVED | {"start_at": at("2026-03-24 11:00")}, "2026-03-23 12:01", Verdict(Reason.MOVED)),
        (MOVED | {"status": "dismissed"}, "2026-03-23 12:01", Verdict(Reason.DISMISSED)),
        (MOVED | {"notice": ""}, "2026-03-23 12:01", Verdict(Reason.RULE_OFF)),
        (MOVED, "2026-03-24 10:00", Verdict(Reason.PAST)),
        (CANCELLED | {"status": "dismissed"}, "2026-03-23 12:01", GO),
        (CANCELLED | {"is_deleted": True}, "2026-03-23 12:01", GO),
        (CANCELLED, "2026-03-23 12:01", Verdict(Reason.TAKEN_BACK)),
        (CANCELLED | {"status": "done"}, "2026-03-23 12:01", Verdict(Reason.DONE)),
    ],
)
def test_r32_it_is_decided_at_the_moment_of_sending(changes: dict, now: str, verdict: Verdict):
    assert decide(replace(LIVE, **changes), at(now)) == verdict


def test_waits_double_up_to_an_hour_and_scatter():
    waits = [wait_after(attempt, None, 0.5).total_seconds() for attempt in range(1, MOST_ATTEMPTS + 1)]
    assert waits[:4] == [30, 60, 120, 240] and max(waits) == 3600 and waits == sorted(waits)
    assert wait_after(1, None, 0).total_seconds() == 22.5 and wait_after(1, None, 1).total_seconds() == 37.5
    assert wait_after(1, 600, 0.5).total_seconds() == 600
    assert wait_after(1, 1e12, 0.5) == timedelta(days=1)
