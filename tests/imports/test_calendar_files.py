"""Recurring events of a calendar file become series."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from appointments_app.db.models import Appointment, Series
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


def _starts(mover: Mover) -> list[datetime]:
    with mover.desk.uow.read() as tx:
        living = select(Appointment.start_at).where(
            Appointment.series_id.is_not(None), Appointment.deleted_at.is_(None)
        )
        return sorted(tx.execute(living).scalars())


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
    assert form.form["repeats"] is True or form.form.get("frequency") == "weekly"


def test_the_same_calendar_again_changes_nothing_and_can_be_taken_back(mover: Mover):
    run = mover.upload("calendar.ics", CALENDAR, "appointments")
    mover.carry_out(run)
    assert mover.bring(CALENDAR, "appointments", name="calendar.ics") == service.Result(skipped=2)
    undone = service.undo(mover.desk.uow, actor=mover.ada, run_id=run)
    assert undone.removed == 11 and undone.kept == 0
    assert (mover.count(Appointment), mover.count(Series), len(mover.clients())) == (0, 0, 0)
