"""The .ics files, read by two other programs: they find the instants that we find."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zoneinfo
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
import tzdata

from appointments_app.domain.errors import Invalid
from appointments_app.domain.event import Changed, Event
from appointments_app.domain.recurrence import between, ends_before
from appointments_app.integrations.icalendar import write
from tests.domain.series import ZONES

STAMP = datetime(2026, 3, 1, tzinfo=UTC)
SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 4, 1, tzinfo=UTC)
LATER_PART = ends_before(
    "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
    datetime.fromisoformat("2026-01-31T10:00"),
    "Africa/Cairo",
    datetime.fromisoformat("2026-02-28T10:00"),
)[1]
SERIES = [
    ("2026-03-24T10:00", "Africa/Cairo", "FREQ=DAILY;INTERVAL=10"),
    ("2026-03-24T00:15", "Africa/Cairo", "FREQ=DAILY;COUNT=400"),  # does not exist on 24 April
    ("2026-03-24T23:30", "Africa/Cairo", "FREQ=DAILY;COUNT=400"),  # twice on 29 October
    ("2026-03-01T02:30", "America/New_York", "FREQ=DAILY;INTERVAL=7"),  # does not exist on 8 March
    ("2026-11-01T01:30", "America/New_York", "FREQ=DAILY;UNTIL=20261231T063000Z"),  # begins in a doubled hour
    ("2026-10-04T02:15", "Australia/Lord_Howe", "FREQ=DAILY;COUNT=40"),  # begins in a skipped half-hour
    ("2026-03-24T09:00", "Asia/Kathmandu", "FREQ=WEEKLY;BYDAY=TU"),
    ("2026-03-26T09:00", "America/Sao_Paulo", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=MO"),
    ("2026-03-01T09:00", "Europe/Paris", "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,WE,SU;WKST=MO;COUNT=31"),
    ("2026-01-31T10:00", "Africa/Cairo", "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
    ("2026-02-28T10:00", "Africa/Cairo", LATER_PART),
    ("2026-01-30T10:00", "Asia/Riyadh", "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"),
    ("2026-01-29T10:00", "Australia/Sydney", "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=28,29;BYSETPOS=-1"),
    ("2026-01-15T10:00", "Africa/Casablanca", "FREQ=MONTHLY;BYMONTHDAY=15;UNTIL=20271115T090000Z"),
    ("2026-01-13T10:00", "Asia/Tehran", "FREQ=MONTHLY;BYDAY=2TU"),
    ("2026-01-30T10:00", "America/St_Johns", "FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR"),
    ("2024-02-29T10:00", "Europe/Paris", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1"),
    ("2020-03-24T10:00", "Pacific/Apia", "FREQ=YEARLY;INTERVAL=3;BYMONTH=3;BYMONTHDAY=24"),
    ("2026-03-24T10:00", "Africa/Cairo", ""),
]


def an_event(dtstart: str = "2026-03-24T10:00", zone_name: str = "Africa/Cairo", rrule: str = "FREQ=DAILY") -> Event:
    """An appointment of 45 minutes."""
    start = datetime.fromisoformat(dtstart)
    return Event("ada-1@example.com", start, zone_name, timedelta(minutes=45), "Consultation", rrule)


def instants(event: Event) -> list[datetime]:
    """What we make of an event."""
    rrule = event.rrule or "FREQ=DAILY;COUNT=1"
    found = between(rrule, event.dtstart, event.zone_name, SINCE, UNTIL, exdates=event.exdates)
    moved = {one.recurrence_id: one.start_at for one in event.changed}
    return sorted(moved.get(one.recurrence_id, one.start_at) for one in found)


def by_recurring_ical_events(events: list[Event], _folder: Path) -> dict[str, list[datetime]]:
    """What the library makes of a file with these events, by UID."""
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(write(events, stamp=STAMP))).between(SINCE, UNTIL)
    assert all(one["DTEND"].dt - one["DTSTART"].dt == timedelta(minutes=45) for one in found)
    return _by_uid((str(one["UID"]), one["DTSTART"].dt.astimezone(UTC)) for one in found)


def by_khal(events: list[Event], folder: Path) -> dict[str, list[datetime]]:
    """What the calendar program makes of these events, by UID; it reads one file for each."""
    (folder / "calendar").mkdir()
    for event in events:
        (folder / "calendar" / f"{event.uid}.ics").write_bytes(write([event], stamp=STAMP))
    (folder / "config").write_text(
        f"[calendars]\n[[ours]]\npath = {folder / 'calendar'}\n"
        f"[sqlite]\npath = {folder / 'khal.db'}\n"
        "[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\ntimeformat = %H:%M\n"
        "dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
    )
    command = [sys.executable, "-m", "khal", "-c", folder / "config", "list"]
    asked = subprocess.run(
        [*command, "--json", "uid", "--json", "start-long-full", f"{SINCE:%Y-%m-%d %H:%M}", f"{UNTIL:%Y-%m-%d %H:%M}"],
        env={
            **os.environ,
            "PYTZ_TZDATADIR": _zones(),
            "HOME": str(folder),
            "XDG_CACHE_HOME": str(folder),
            "XDG_DATA_HOME": str(folder),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    listed = [event for line in asked.stdout.splitlines() for event in json.loads(line)]
    starts = {(one["uid"], datetime.fromisoformat(one["start-long-full"]).replace(tzinfo=UTC)) for one in listed}
    return _by_uid(starts)  # one that runs past midnight is listed on either day


def _zones() -> str:
    """The folder of time zones that Python uses: what is compared is the reading, not the age of two databases."""
    packaged = Path(tzdata.__file__).parent / "zoneinfo"
    return next((path for path in zoneinfo.TZPATH if (Path(path) / "Africa").exists()), str(packaged))


def _by_uid(pairs: Iterable[tuple[str, datetime]]) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = defaultdict(list)
    for uid, start_at in sorted(pairs):
        found[uid].append(start_at)
    return found


Reader = Callable[[list[Event], Path], dict[str, list[datetime]]]
READERS = pytest.mark.parametrize("read", [by_recurring_ical_events, by_khal])


@READERS
def test_r12_r16_r17_other_programs_find_our_instants(read: Reader, tmp_path: Path):
    events = [replace(an_event(*series), uid=f"{place}@example.com") for place, series in enumerate(SERIES)]
    found = read(events, tmp_path)
    for event, series in zip(events, SERIES, strict=True):
        place = ZoneInfo(event.zone_name)
        expected = instants(event)
        if read is by_khal:  # it takes the second of a time that occurs twice, where the standard has the first
            found[event.uid] = [one for one in found[event.uid] if not is_doubled(one, place)]
            expected = [one for one in expected if not is_doubled(one, place)]
        assert found[event.uid] == expected, series


def is_doubled(instant: datetime, place: ZoneInfo) -> bool:
    """Whether the clocks of a place show the time of an instant twice."""
    wall = instant.astimezone(place)
    return wall.replace(fold=0).astimezone(UTC) < wall.replace(fold=1).astimezone(UTC)


@READERS
def test_r29_other_programs_find_what_was_skipped_and_moved_by_hand(read: Reader, tmp_path: Path):
    event = an_event(rrule="FREQ=WEEKLY;BYDAY=TU;COUNT=8")
    walls = [event.dtstart + timedelta(weeks=week) for week in range(8)]
    moved = Changed(walls[3], datetime(2026, 4, 15, 13, tzinfo=UTC), timedelta(minutes=45), "Moved", sequence=2)
    event = replace(event, exdates=(walls[5], walls[1]), changed=(moved,))
    found = read([event], tmp_path)[event.uid]
    assert found == instants(event)
    assert len(found) == 6


@pytest.mark.parametrize("zone_name", ZONES)
def test_r17_a_zone_is_described_by_the_instants_of_its_changes(zone_name: str):
    calendar = icalendar.Calendar.from_ical(write([an_event("2009-03-24T10:00", zone_name)], stamp=STAMP))
    described = sorted(_onsets(calendar.timezones[0]))
    place = ZoneInfo(zone_name)
    days = [datetime(2009, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(365 * 40)]
    changes = [onset - ago for onset, _ in described[1:] for ago in (timedelta(), timedelta(seconds=1))]
    for instant in days + changes:
        offset = described[bisect_right(described, (instant, timedelta.max)) - 1][1]
        assert offset == instant.astimezone(place).utcoffset(), instant


def _onsets(zone: icalendar.Timezone) -> Iterator[tuple[datetime, timedelta]]:
    """The instants from which a VTIMEZONE's offsets hold, read by the letter of the standard."""
    for observance in (*zone.standard, *zone.daylight):
        rdates = observance.get("RDATE")
        walls = [observance["DTSTART"].dt, *([one.dt for one in rdates.dts] if rdates else [])]
        for wall in walls:
            yield (wall - observance["TZOFFSETFROM"].td).replace(tzinfo=UTC), observance["TZOFFSETTO"].td


def test_the_file_says_what_the_standard_asks_for():
    changed = Changed(
        datetime.fromisoformat("2026-03-31T10:00"), datetime(2026, 4, 1, 8, tzinfo=UTC), timedelta(hours=1), "Moved"
    )
    event = replace(an_event(rrule="FREQ=WEEKLY;BYDAY=TU"), changed=(changed,), sequence=3, description="Bring\nX-rays")
    text = write([event], stamp=STAMP).decode()
    lines = text.replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    for line in (
        "VERSION:2.0",
        "UID:ada-1@example.com",
        "DTSTAMP:20260301T000000Z",
        "DTSTART;TZID=Africa/Cairo:20260324T100000",
        "RRULE:FREQ=WEEKLY;BYDAY=TU",
        "DURATION:PT45M",
        "SEQUENCE:3",
        "RECURRENCE-ID;TZID=Africa/Cairo:20260331T100000",
        "DTSTART:20260401T080000Z",
        "DESCRIPTION:Bring\\nX-rays",
        "TZID:Africa/Cairo",
    ):
        assert line in lines
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_text_cannot_add_lines_to_the_file():
    event = replace(an_event(), summary="Ada; Ben, Cleo\r\nATTACH:file:///etc/passwd", description="a\nEND:VCALENDAR")
    lines = write([event], stamp=STAMP).decode().split("\r\n")
    assert not [line for line in lines if line.startswith("ATTACH")]
    assert lines.count("END:VCALENDAR") == 1


def test_an_unknown_zone_is_refused():
    with pytest.raises(Invalid):
        write([an_event(zone_name="Africa/Atlantis")], stamp=STAMP)
