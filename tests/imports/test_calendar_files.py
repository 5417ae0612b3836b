"""Recurring events of a calendar file become series."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from appointments_app.db.models import Appointment, Series
from appointments_app.db.queries import hours
from appointments_app.domain.errors import Invalid
from appointments_app.domain.importing.rows import ALL_DAY as ALL_DAY_REFUSED
from appointments_app.domain.listing import AppointmentFilter, Selection
from appointments_app.domain.times import iso
from appointments_app.features.appointments import service as appointments
from appointments_app.features.imports import service
from tests.imports.conftest import Mover

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:weekly
SUMMARY:Cleo Karim – Physiotherapy
DESCRIPTION:left knee
DTSTART;TZID=Africa/Cairo:20260303T100000
DTEND;TZID=Africa/Cairo:20260303T104500
RRULE:FREQ=WEEKLY;COUNT=8
EXDATE;TZID=Africa/Cairo:20260331T100000
END:VEVENT
BEGIN:VEVENT
UID:weekly
RECURRENCE-ID;TZID=Africa/Cairo:20260407T100000
SUMMARY:Cleo Karim – Physiotherapy
DTSTART;TZID=Africa/Cairo:20260408T120000
DTEND;TZID=Africa/Cairo:20260408T124500
END:VEVENT
BEGIN:VEVENT
UID:single
SUMMARY:Check-up
ATTENDEE;CN=Omar Hassan:mailto:omar@example.com
DTSTART:20260326T080000Z
DURATION:PT30M
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
SECOND = "20260327T080000Z"
MOVED = "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:odd\r\nRECURRENCE-ID:{}\r\nDTSTART:20260327T100000Z\r\nDTEND:{}"


def _starts(mover: Mover) -> list[datetime]:
    with mover.desk.uow.read() as tx:
        living = select(Appointment.start_at).where(
            Appointment.series_id.is_not(None), Appointment.deleted_at.is_(None)
        )
        return sorted(tx.execute(living).scalars())


def test_a_series_is_taken_back_with_what_it_went_on_with_but_not_what_was_changed_since(mover: Mover):
    endless = CALENDAR.replace("FREQ=WEEKLY;COUNT=8", "FREQ=WEEKLY")
    run = mover.upload("calendar.ics", endless, "appointments")
    mover.carry_out(run)
    mover.desk.wait(minutes=5)
    far = AppointmentFilter(since="2040-01-01", until="2040-02-01")
    appointments.look_ahead(mover.desk.uow, actor=mover.ada, wanted=far)
    one = next(row for row in mover.appointments() if row.series_id)
    marked = Selection(ids=(one.id or 0,))
    appointments.set_status(mover.desk.uow, actor=mover.ada, selection=marked, status="dismissed")
    mover.desk.wait(days=30)
    assert appointments.extend(mover.desk.uow)
    service.undo(mover.desk.uow, actor=mover.ada, run_id=run)
    assert [(row.id, row.series_id) for row in mover.appointments()] == [(one.id, None)]
    assert mover.count(Series) == 0


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=DAILY;BYDAY=TU,TH",
        "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3,10",
        "FREQ=HOURLY;COUNT=5",
    ],
)
def test_what_repeats_by_a_rule_that_no_form_shows_is_opened_changed_alone_moved_and_ended(mover: Mover, rule: str):
    uow, ada = mover.desk.uow, mover.ada
    mover.bring(CALENDAR.replace("FREQ=WEEKLY;COUNT=8", rule), "appointments", name="calendar.ics")
    first, second, *_ = [row.id or 0 for row in mover.appointments() if row.series_id]
    facts, _, _ = appointments.facts_of(uow, actor=ada, appointment_id=first)
    assert facts.series.sentence == "By a rule of another calendar program"
    opened = appointments.open_one(uow, actor=ada, appointment_id=first)
    assert appointments.outlook(uow, actor=ada, form=opened.form, appointment_id=first).end_at
    form = {**opened.form, "notes": "right knee"}
    assert appointments.edit(uow, actor=ada, appointment_id=first, form=form, version=opened.version)
    stood = {row.id: row for row in mover.appointments()}
    to, seen_at = appointments.Move(time="23:00"), iso(stood[second].start_at)
    assert appointments.move(uow, actor=ada, appointment_id=second, seen_at=seen_at, to=to)
    stands = {row.id: row for row in mover.appointments()}
    assert [one for one in stands if stands[one] != stood[one]] == [second]
    assert (stands[first].notes, stands[first].by_hand, stands[second].notes) == ("right knee", True, "left knee")
    appointments.delete_occurrence(uow, actor=ada, appointment_id=first, reach="all", by_hand=True, settled=True)
    mover.desk.wait(days=800)
    appointments.extend(uow)
    assert not [row for row in mover.appointments() if row.series_id]


def test_a_series_that_was_changed_since_goes_on(mover: Mover):
    endless = CALENDAR.replace("FREQ=WEEKLY;COUNT=8", "FREQ=WEEKLY")
    run = mover.upload("calendar.ics", endless, "appointments")
    mover.carry_out(run)
    mover.desk.wait(minutes=5)
    one = next(row for row in mover.appointments() if row.series_id and row.start_at > mover.desk.now)
    form = {**appointments.open_one(mover.desk.uow, actor=mover.ada, appointment_id=one.id or 0).form, "notes": "right"}
    appointments.edit(
        mover.desk.uow, actor=mover.ada, appointment_id=one.id or 0, form=form, version=one.version, reach="all"
    )
    mover.desk.wait(days=30)
    assert appointments.extend(mover.desk.uow)
    ahead = [start for start in _starts(mover) if start >= one.start_at]
    service.undo(mover.desk.uow, actor=mover.ada, run_id=run)
    assert _starts(mover) == ahead and mover.count(Series) == 1


@pytest.mark.parametrize(
    ("lines", "starts"),
    [
        (("DTSTART:20260326T080000Z", "DURATION:P999999999D"), []),
        (("DTSTART;TZID=Asia/Tokyo:00010101T000000",), []),
        (("DTSTART:20260326T080000Z", "CREATED;VALUE=DATE:00010101"), []),
        (("DTSTART;VALUE=PERIOD:20260326T080000Z/PT1H",), []),
        (("DTSTART:20260326T080000Z", "RRULE:FREQ=DAILY;COUNT=2", "EXDATE:garbage"), []),
        (("DTSTART:20260326T080000Z", "RRULE:FREQ=DAILY;COUNT=2", MOVED.format("garbage", "20260327T090000Z")), []),
        (("DTSTART:20260326T080000Z", "RRULE:FREQ=DAILY;COUNT=2", MOVED.format(SECOND, "20360327T090000Z")), [8, 10]),
        (("DTSTART:20260326T080000Z", "RRULE:FREQ=DAILY;COUNT=2", MOVED.format(SECOND, "20250327T090000Z")), [8, 10]),
    ],
)
def test_an_event_that_makes_no_sense_is_refused_alone(mover: Mover, lines: tuple[str, ...], starts: list[int]):
    odd = "\r\n".join(("BEGIN:VEVENT", "UID:odd", "SUMMARY:Mona", *lines, "END:VEVENT", "END:VCALENDAR", ""))
    result = mover.bring(CALENDAR.replace("END:VCALENDAR\r\n", odd), "appointments", name="calendar.ics")
    assert result.refused == (not starts) and result.created == 2 + bool(starts)
    odd_ones = [row for row in mover.appointments() if row.series_id and row.start_at.date().isoformat() > "2026-03-25"]
    names = {client.id: client.name for client in mover.clients()}
    mine = [row for row in odd_ones if names[row.client_id] == "Mona"]
    assert [row.start_at.hour for row in mine] == starts
    assert all(timedelta(minutes=5) <= row.end_at - row.start_at <= timedelta(days=1) for row in mine)


def test_a_series_comes_with_its_exceptions_and_is_over_where_it_is_over(mover: Mover):
    result = mover.bring(CALENDAR, "appointments", name="calendar.ics")
    assert result == service.Result(created=2, clients=2, actions=2)
    first = datetime(2026, 3, 3, 8, tzinfo=UTC)
    usual = [first + timedelta(weeks=week) for week in range(8) if week not in (4, 5)]
    moved = datetime(2026, 4, 8, 10, tzinfo=UTC)
    summer = [one - timedelta(hours=1) if one > datetime(2026, 4, 24, tzinfo=UTC) else one for one in usual]
    assert _starts(mover) == sorted([*summer, moved])
    statuses = {one.start_at: one.status for one in mover.appointments() if one.series_id}
    assert [statuses[one] for one in summer[:5]] == ["done", "done", "done", "done", "scheduled"]
    with mover.desk.uow.read() as tx:
        (series,) = tx.execute(select(Series)).scalars()
        assert (series.rrule, series.minutes, series.notes) == ("FREQ=WEEKLY;COUNT=8", 45, "left knee")


def test_a_series_that_came_along_can_be_changed_like_any_other(mover: Mover):
    mover.bring(CALENDAR, "appointments", name="calendar.ics")
    one = next(each for each in mover.appointments() if each.series_id and each.status == "scheduled")
    form = appointments.open_one(mover.desk.uow, actor=mover.ada, appointment_id=one.id or 0)
    assert form.form["recurring"] is True and form.form["frequency"] == "weekly"


def test_the_same_calendar_again_changes_nothing_and_can_be_taken_back(mover: Mover):
    run = mover.upload("calendar.ics", CALENDAR, "appointments")
    mover.carry_out(run)
    assert mover.bring(CALENDAR, "appointments", name="calendar.ics") == service.Result(skipped=2)
    undone = service.undo(mover.desk.uow, actor=mover.ada, run_id=run)
    assert undone.removed == 11 and undone.kept == 0
    assert (mover.count(Appointment), mover.count(Series), len(mover.clients())) == (0, 0, 0)


ALL_DAY = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:single
SUMMARY:Cleo Karim – Check-up
DTSTART;VALUE=DATE:20260326
DTEND;VALUE=DATE:20260328
END:VEVENT
BEGIN:VEVENT
UID:weekly
SUMMARY:Omar Hassan
DTSTART;VALUE=DATE:20260401
RRULE:FREQ=WEEKLY;UNTIL={until}
EXDATE;VALUE=DATE:20260408
END:VEVENT
BEGIN:VEVENT
UID:weekly
RECURRENCE-ID;VALUE=DATE:20260415
DTSTART;VALUE=DATE:20260416
END:VEVENT
BEGIN:VEVENT
UID:weekly
RECURRENCE-ID;VALUE=DATE:20260422
DTSTART:20260423T120000Z
DTEND:20260423T130000Z
END:VEVENT
BEGIN:VEVENT
UID:weekly
RECURRENCE-ID;VALUE=DATE:20260429
STATUS:CANCELLED
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


@pytest.mark.parametrize("until", ["20260506", "20260506T000000Z"])
def test_all_day_events_begin_when_they_are_said_to_and_series_of_them_too(mover: Mover, until: str):
    result = mover.bring(
        ALL_DAY.format(until=until), "appointments", name="calendar.ics", day_begins="10:30", minutes="45"
    )
    assert result == service.Result(created=2, clients=2, actions=1)
    times = [(f"{one.start_at:%m-%d %H:%M}", (one.end_at - one.start_at).seconds // 60) for one in mover.appointments()]
    assert times == [
        ("03-26 08:30", 45),
        ("04-01 08:30", 45),
        ("04-16 08:30", 45),
        ("04-23 12:00", 60),
        ("05-06 07:30", 45),  # summer time: 10:30 on the wall still
    ]
    again = mover.upload("calendar.ics", ALL_DAY.format(until=until), "appointments")
    assert mover.view(again).options["day_begins"] == "10:30", "the choice is remembered"
    assert mover.carry_out(again) == service.Result(skipped=2)


def test_all_day_events_begin_at_opening_time_and_can_be_left_out(mover: Mover):
    content = ALL_DAY.format(until="20260506")
    run = mover.upload("calendar.ics", content, "appointments")
    assert (mover.view(run).options["day_begins"], mover.view(run).ticks["all_day"]) == ("09:00", True)
    with mover.desk.uow.begin() as tx:
        hours.write_week(tx, None, {0: [(480, 720)], 1: [(450, 600), (660, 900)]})
    run = mover.upload("calendar.ics", content, "appointments")
    assert mover.view(run).options["day_begins"] == "07:30"
    with pytest.raises(Invalid) as refused:
        mover.choose(run, day_begins="late")
    assert "day_begins" in refused.value.fields
    mover.choose(run, all_day=False)
    assert mover.check(run) == service.Result(refused=2)
    assert [row.reasons for row in mover.rows(run, "refuse")] == [{0: ALL_DAY_REFUSED}] * 2
