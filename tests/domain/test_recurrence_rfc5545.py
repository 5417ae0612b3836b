"""The examples of RFC 5545 §3.8.5.3, all of them, in its order. They repeat at 09:00 in New York."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from appointments_app.domain.recurrence import between, total, upcoming

ZONE = "America/New_York"
LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)
IN_JANUARY = "1998-01: 1-31, 1999-01: 1-31, 2000-01: 1-31"
EVERY_20_MINUTES = " ".join(f"{hour:02}:{minute:02}" for hour in range(9, 17) for minute in (0, 20, 40))

ENDING = {
    "daily for 10 occurrences": ("1997-09-02", "FREQ=DAILY;COUNT=10", "1997-09: 2-11"),
    "daily until December 24": (
        "1997-09-02",
        "FREQ=DAILY;UNTIL=19971224T000000Z",
        "1997-09: 2-30, 1997-10: 1-31, 1997-11: 1-30, 1997-12: 1-23",
    ),
    "every 10 days, 5 occurrences": ("1997-09-02", "FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09: 2 12 22, 1997-10: 2 12"),
    "every day in January, for 3 years": (
        "1998-01-01",
        "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
        IN_JANUARY,
    ),
    "every day in January, said daily": ("1998-01-01", "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", IN_JANUARY),
    "weekly for 10 occurrences": (
        "1997-09-02",
        "FREQ=WEEKLY;COUNT=10",
        "1997-09: 2 9 16 23 30, 1997-10: 7 14 21 28, 1997-11: 4",
    ),
    "weekly until December 24": (
        "1997-09-02",
        "FREQ=WEEKLY;UNTIL=19971224T000000Z",
        "1997-09: 2 9 16 23 30, 1997-10: 7 14 21 28, 1997-11: 4 11 18 25, 1997-12: 2 9 16 23",
    ),
    "weekly on Tuesday and Thursday for five weeks": (
        "1997-09-02",
        "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
        "1997-09: 2 4 9 11 16 18 23 25 30, 1997-10: 2",
    ),
    "weekly on Tuesday and Thursday, 10 occurrences": (
        "1997-09-02",
        "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
        "1997-09: 2 4 9 11 16 18 23 25 30, 1997-10: 2",
    ),
    "every other week on Monday, Wednesday and Friday": (
        "1997-09-01",
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
        "1997-09: 1 3 5 15 17 19 29, 1997-10: 1 3 13 15 17 27 29 31, 1997-11: 10 12 14 24 26 28, 1997-12: 8 10 12 22",
    ),
    "every other week on Tuesday and Thursday": (
        "1997-09-02",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
        "1997-09: 2 4 16 18 30, 1997-10: 2 14 16",
    ),
    "monthly on the first Friday for 10 occurrences": (
        "1997-09-05",
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        "1997-09: 5, 1997-10: 3, 1997-11: 7, 1997-12: 5, 1998-01: 2, 1998-02: 6, 1998-03: 6, 1998-04: 3, 1998-05: 1, "
        "1998-06: 5",
    ),
    "monthly on the first Friday until December 24": (
        "1997-09-05",
        "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR",
        "1997-09: 5, 1997-10: 3, 1997-11: 7, 1997-12: 5",
    ),
    "every other month on the first and last Sunday": (
        "1997-09-07",
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        "1997-09: 7 28, 1997-11: 2 30, 1998-01: 4 25, 1998-03: 1 29, 1998-05: 3 31",
    ),
    "monthly on the second-to-last Monday": (
        "1997-09-22",
        "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
        "1997-09: 22, 1997-10: 20, 1997-11: 17, 1997-12: 22, 1998-01: 19, 1998-02: 16",
    ),
    "monthly on the 2nd and 15th": (
        "1997-09-02",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
        "1997-09: 2 15, 1997-10: 2 15, 1997-11: 2 15, 1997-12: 2 15, 1998-01: 2 15",
    ),
    "monthly on the first and last day": (
        "1997-09-30",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "1997-09: 30, 1997-10: 1 31, 1997-11: 1 30, 1997-12: 1 31, 1998-01: 1 31, 1998-02: 1",
    ),
    "every 18 months on the 10th through 15th": (
        "1997-09-10",
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        "1997-09: 10-15, 1999-03: 10-13",
    ),
    "yearly in June and July": (
        "1997-06-10",
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        ", ".join(f"{year}-{month}: 10" for year in range(1997, 2002) for month in ("06", "07")),
    ),
    "every other year in January, February and March": (
        "1997-03-10",
        "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
        "1997-03: 10, " + ", ".join(f"{year}-0{month}: 10" for year in (1999, 2001, 2003) for month in (1, 2, 3)),
    ),
    "every third year on the 1st, 100th and 200th day": (
        "1997-01-01",
        "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
        "1997-01: 1, 1997-04: 10, 1997-07: 19, 2000-01: 1, 2000-04: 9, 2000-07: 18, 2003-01: 1, 2003-04: 10, "
        "2003-07: 19, 2006-01: 1",
    ),
    "the third of Tuesday, Wednesday and Thursday in a month": (
        "1997-09-04",
        "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
        "1997-09: 4, 1997-10: 7, 1997-11: 6",
    ),
    "every 3 hours from 9 to 17 on one day": (  # UNTIL as erratum 3883 has it
        "1997-09-02",
        "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z",
        "1997-09-02 09:00 12:00 15:00",
    ),
    "every 15 minutes, 6 occurrences": (
        "1997-09-02",
        "FREQ=MINUTELY;INTERVAL=15;COUNT=6",
        "1997-09-02 09:00 09:15 09:30 09:45 10:00 10:15",
    ),
    "every hour and a half, 4 occurrences": (
        "1997-09-02",
        "FREQ=MINUTELY;INTERVAL=90;COUNT=4",
        "1997-09-02 09:00 10:30 12:00 13:30",
    ),
    "a week that begins on Monday": (
        "1997-08-05",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
        "1997-08: 5 10 19 24",
    ),
    "a week that begins on Sunday": (
        "1997-08-05",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
        "1997-08: 5 17 19 31",
    ),
    "a day that February has not": (
        "2007-01-15",
        "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
        "2007-01: 15 30, 2007-02: 15, 2007-03: 15 30",
    ),
}

ENDLESS = {
    "every other day": ("1997-09-02", "FREQ=DAILY;INTERVAL=2", "1997-09: 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30"),
    "every other week": (
        "1997-09-02",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        "1997-09: 2 16 30, 1997-10: 14 28, 1997-11: 11 25, 1997-12: 9 23, 1998-01: 6 20, 1998-02: 3 17",
    ),
    "monthly on the third-to-last day": (
        "1997-09-28",
        "FREQ=MONTHLY;BYMONTHDAY=-3",
        "1997-09: 28, 1997-10: 29, 1997-11: 28, 1997-12: 29, 1998-01: 29, 1998-02: 26",
    ),
    "every Tuesday, every other month": (
        "1997-09-02",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
        "1997-09: 2 9 16 23 30, 1997-11: 4 11 18 25, 1998-01: 6 13 20 27, 1998-03: 3 10 17 24 31",
    ),
    "every 20th Monday of the year": (
        "1997-05-19",
        "FREQ=YEARLY;BYDAY=20MO",
        "1997-05: 19, 1998-05: 18, 1999-05: 17",
    ),
    "Monday of week 20": (
        "1997-05-12",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
        "1997-05: 12, 1998-05: 11, 1999-05: 17",
    ),
    "every Thursday in March": (
        "1997-03-13",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
        "1997-03: 13 20 27, 1998-03: 5 12 19 26, 1999-03: 4 11 18 25",
    ),
    "every Thursday of summer": (
        "1997-06-05",
        "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
        "1997-06: 5 12 19 26, 1997-07: 3 10 17 24 31, 1997-08: 7 14 21 28, 1998-06: 4 11 18 25, 1998-07: 2 9 16 23 30, "
        "1998-08: 6 13 20 27, 1999-06: 3 10 17 24, 1999-07: 1 8 15 22 29, 1999-08: 5 12 19 26",
    ),
    "every Friday the 13th": (  # with EXDATE;TZID=America/New_York:19970902T090000
        "1997-09-02",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "1998-02: 13, 1998-03: 13, 1998-11: 13, 1999-08: 13, 2000-10: 13",
    ),
    "the first Saturday after the first Sunday": (
        "1997-09-13",
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        "1997-09: 13, 1997-10: 11, 1997-11: 8, 1997-12: 13, 1998-01: 10, 1998-02: 7, 1998-03: 7, 1998-04: 11, "
        "1998-05: 9, 1998-06: 13",
    ),
    "election day of the United States": (
        "1996-11-05",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "1996-11: 5, 2000-11: 7, 2004-11: 2",
    ),
    "the second-to-last weekday of the month": (
        "1997-09-29",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        "1997-09: 29, 1997-10: 30, 1997-11: 27, 1997-12: 30, 1998-01: 29, 1998-02: 26, 1998-03: 30",
    ),
    "every 20 minutes from 9:00 to 16:40, said daily": (
        "1997-09-02",
        "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40",
        f"1997-09-02 {EVERY_20_MINUTES}, 1997-09-03 {EVERY_20_MINUTES}",
    ),
    "every 20 minutes from 9:00 to 16:40, said minutely": (
        "1997-09-02",
        "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16",
        f"1997-09-02 {EVERY_20_MINUTES}, 1997-09-03 {EVERY_20_MINUTES}",
    ),
}


def written(dates: str) -> list[datetime]:
    """The walls of ``1997-09: 2-4 7, 1997-10: 1`` at nine, or of ``1997-09-02 09:00 12:00``."""
    found = []
    for part in dates.split(", "):
        if ":" in part[:8]:
            month, days = part.split(": ")
            for span in days.split():
                begin, _, end = span.partition("-")
                found += [f"{month}-{day:02}T09:00" for day in range(int(begin), int(end or begin) + 1)]
        else:
            day, *times = part.split()
            found += [f"{day}T{at}" for at in times]
    return [datetime.fromisoformat(text) for text in found]


def pairs(dates: str) -> list[tuple[datetime, datetime]]:
    """The walls with their instants."""
    return [(wall, wall.replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)) for wall in written(dates)]


@pytest.mark.parametrize("example", ENDING)
def test_r12_a_rule_of_the_standard_that_ends(example: str):
    day, rrule, dates = ENDING[example]
    dtstart = datetime.combine(datetime.fromisoformat(day), time(9))
    expected = pairs(dates)
    assert upcoming(rrule, dtstart, ZONE, since=LONG_AGO, limit=1_000) == expected
    assert total(rrule, dtstart, ZONE) == len(expected)


@pytest.mark.parametrize("example", ENDLESS)
def test_r13_a_rule_of_the_standard_without_end(example: str):
    day, rrule, dates = ENDLESS[example]
    dtstart = datetime.combine(datetime.fromisoformat(day), time(9))
    expected = pairs(dates)
    assert upcoming(rrule, dtstart, ZONE, since=LONG_AGO, limit=len(expected)) == expected
    middle, end = expected[len(expected) // 2][1], expected[-1][1] + timedelta(minutes=1)
    assert between(rrule, dtstart, ZONE, middle, end) == [both for both in expected if both[1] >= middle]
    assert total(rrule, dtstart, ZONE) is None
