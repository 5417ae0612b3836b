"""Series: what is booked, as far as the horizon and beyond, and how other programs read it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import recurring_ical_events
from sqlalchemy import select

from appointments_app.db.models import AppointmentStaff
from appointments_app.db.queries import booking, closed_days
from appointments_app.domain.errors import Clash, Invalid
from appointments_app.domain.listing import AppointmentFilter, Place
from appointments_app.domain.series import HORIZON
from appointments_app.features.appointments import service
from appointments_app.integrations.icalendar import write
from tests.appointments.conftest import NOON, token
from tests.appointments.series import (
    DAILY_SIX,
    WEEKLY,
    book,
    change,
    in_series,
    occurrences,
    starts,
    stored_series,
)


def test_r12_a_weekly_appointment_is_booked_as_far_as_the_horizon(practice):
    first = book(practice, **WEEKLY, staff=[str(practice.ben.staff_id)], notes="Bring papers")
    rows = in_series(practice)
    assert rows[0].id == first
    assert starts(in_series(practice))[:3] == ["2026-03-25 08:00", "2026-04-01 08:00", "2026-04-08 08:00"]
    assert rows[-1].start_at <= NOON + HORIZON < rows[-1].start_at + timedelta(weeks=1)
    assert {one.notes for one in rows} == {"Bring papers"}
    with practice.uow.read() as tx:
        busy = tx.execute(select(AppointmentStaff.appointment_id, AppointmentStaff.start_at)).all()
    assert {tuple(one) for one in busy} == {(one.id, one.start_at) for one in rows}


def test_r17_occurrences_keep_their_wall_time_across_daylight_saving(practice):
    book(practice, **WEEKLY, ends="on", until="2026-05-06")
    assert starts(in_series(practice))[-3:] == ["2026-04-22 08:00", "2026-04-29 07:00", "2026-05-06 07:00"]


def test_r16_monthly_on_the_31st_falls_on_the_last_day_of_shorter_months(practice):
    book(practice, date="2026-03-31", recurring=True, frequency="monthly", ends="after", count="4")
    assert [start[:10] for start in starts(in_series(practice))] == [
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
        "2026-06-30",
    ]


def test_a_series_begins_at_the_first_date_of_its_weekdays(practice):
    book(practice, **WEEKLY, weekdays=["0", "3"], ends="after", count="3")
    assert [start[:10] for start in starts(in_series(practice))] == ["2026-03-26", "2026-03-30", "2026-04-02"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"interval": "0"}, "interval"),
        ({"interval": "1000000000"}, "interval"),
        ({"frequency": "hourly"}, "frequency"),
        ({"ends": "on", "until": "2026-03-01"}, "until"),
        ({"ends": "after", "count": "1000000"}, "count"),
        ({"weekdays": ["9"]}, "weekdays"),
        ({"date": "2020-03-25"}, "date"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_at_its_field_and_nothing_is_stored(practice, wrong, field):
    with pytest.raises(Invalid) as refusal:
        book(practice, **{**WEEKLY, **wrong})
    assert list(refusal.value.fields) == [field]
    assert not occurrences(practice)
    assert not stored_series(practice)


def test_dates_are_skipped_and_moved_while_booking(practice):
    book(practice, **DAILY_SIX, skipped=["20260327T100000"], moved=["20260328T100000/20260328T150000"])
    assert [start[8:] for start in starts(in_series(practice))] == [
        "25 08:00",
        "26 08:00",
        "28 13:00",
        "29 08:00",
        "30 08:00",
    ]
    assert [one.by_hand for one in in_series(practice)] == [False, False, True, False, False]


def test_a_series_never_overlaps_silently(practice):
    ben = [str(practice.ben.staff_id)]
    other = book(practice, staff=ben, date="2026-04-08", time="10:15", client=str(practice.omar))
    with pytest.raises(Clash) as clash:
        book(practice, **WEEKLY, staff=ben)
    assert [row.id for row in clash.value.values["clashes"]] == [other]
    assert not stored_series(practice)
    form = practice.form(**WEEKLY, staff=ben)
    answer = {"reason": "Two rooms", "accepted": clash.value.values["ids"]}
    service.book(practice.uow, actor=practice.ada, form=form, token=token(), **answer)
    assert [one.start_at.day for one in in_series(practice) if one.overlap_reason] == [8]


def test_r13_what_is_looked_for_in_2040_is_there_and_storage_stays_bounded(practice):
    book(practice, **WEEKLY)
    before = len(in_series(practice))
    wanted = AppointmentFilter(since="2040-03-01", until="2040-03-31")
    for _ in range(2):
        view = service.list_view(practice.uow, actor=practice.ada, wanted=wanted, place=Place())
        assert [row.start_at[:10] for row in view.page.rows] == [
            "2040-03-07", "2040-03-14", "2040-03-21", "2040-03-28",
        ]  # fmt: skip
    practice.later(days=3)
    service.extend(practice.uow)
    assert before <= len(in_series(practice)) <= before + 1


def test_the_horizon_moves_by_itself_and_twice_adds_nothing(practice):
    book(practice, **WEEKLY, staff=[str(practice.ben.staff_id)])
    before = len(in_series(practice))
    practice.later(days=28)
    service.extend(practice.uow)
    service.extend(practice.uow)
    assert len(in_series(practice)) == before + 4


def test_what_the_horizon_adds_over_another_appointment_says_why(practice):
    ben = [str(practice.ben.staff_id)]
    book(practice, staff=ben, date="2028-04-05", time="10:00")
    book(practice, **WEEKLY, staff=ben)
    practice.later(days=30)
    service.extend(practice.uow)
    assert [one.overlap_reason for one in in_series(practice) if f"{one.start_at:%Y-%m-%d}" == "2028-04-05"] == [
        "The series goes on at this time."
    ]


def test_a_stored_occurrence_knows_its_series(practice):
    first = book(practice, **WEEKLY)
    with practice.uow.read() as tx:
        stored = booking.stored(tx, practice.ada, first)
    assert stored is not None
    assert stored.recurrence_id == "20260325T100000"
    assert stored.series_id == stored_series(practice)[0].id
    assert datetime(2026, 3, 25, 8, tzinfo=UTC) == stored.booking.start_at


def test_the_calendar_file_of_a_series_gives_other_programs_the_same_dates(practice):
    book(practice, **WEEKLY, ends="after", count="8", action=str(practice.call))
    rows = in_series(practice)
    change(practice, rows[1].id, reach="this", time="15:00")
    service.delete_occurrence(practice.uow, actor=practice.ada, appointment_id=rows[2].id, reach="this")
    change(practice, rows[5].id, reach="following", time="12:00")
    for one in (rows[0], rows[6]):
        event = service.calendar_event(practice.uow, actor=practice.ada, appointment_id=one.id)
        calendar = icalendar.Calendar.from_ical(write([event], stamp=NOON))
        found = recurring_ical_events.of(calendar).between(NOON, NOON + timedelta(days=365))
        series = {each.series_id for each in in_series(practice) if each.id == one.id}
        expected = [each.start_at for each in in_series(practice) if each.series_id in series]
        assert sorted(each.start.astimezone(UTC) for each in found) == expected
        assert {str(each["SUMMARY"]) for each in found} == {"Cleo – Follow-up call"}


def test_the_preview_marks_busy_and_closed_dates(practice):
    ben = [str(practice.ben.staff_id)]
    book(practice, staff=ben, date="2026-04-01", time="10:15")
    with practice.uow.begin() as tx:
        closed_days.close(tx, date(2026, 4, 8), "Spring day")
    form = practice.form(**WEEKLY, staff=ben, ends="after", count="4")
    look = service.outlook(practice.uow, actor=practice.ada, form=form)
    assert [row.busy for row in look.preview.rows] == [False, True, False, False]
    assert [row.closed for row in look.preview.rows] == [False, False, True, False]
    assert look.closed == []
    on_it = service.outlook(practice.uow, actor=practice.ada, form=practice.form(date="2026-04-08"))
    assert on_it.closed == ["Spring day"]
