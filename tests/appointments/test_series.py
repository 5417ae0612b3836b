"""Series: what is booked, what a change of this, the following or all occurrences does, and what it leaves alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
import recurring_ical_events
from sqlalchemy import select, update

from appointments_app.db.models import Appointment, AppointmentStaff, Series
from appointments_app.db.queries import booking, closed_days
from appointments_app.domain.errors import Clash, Conflict, Invalid
from appointments_app.domain.listing import AppointmentFilter, Place, Selection
from appointments_app.domain.series import HORIZON, LeftAlone, Repeats
from appointments_app.features.appointments import service
from appointments_app.features.session.service import undo
from appointments_app.integrations.icalendar import write
from tests.appointments.conftest import NOON, Practice, token

WEEKLY = {"recurring": True, "frequency": "weekly"}
DAILY_SIX = {"recurring": True, "frequency": "daily", "ends": "after", "count": "6"}


def _book(practice: Practice, **changes: Any) -> int:
    return service.book(practice.uow, actor=practice.ada, form=practice.form(**changes), token=token())


def _rows(practice: Practice, *, series: bool = True, deleted: bool = False) -> list[Appointment]:
    with practice.uow.read() as tx:
        gone = Appointment.deleted_at.is_not(None) if deleted else Appointment.deleted_at.is_(None)
        statement = select(Appointment).where(gone).order_by(Appointment.start_at)
        return [one for one in tx.execute(statement).scalars() if not series or one.series_id is not None]


def _starts(practice: Practice, **kinds: bool) -> list[str]:
    return [f"{one.start_at:%Y-%m-%d %H:%M}" for one in _rows(practice, **kinds)]


def _edit(practice: Practice, appointment_id: int, *, reach: str = "", actor=None, **changes: Any) -> bool:
    given = ("settled", "by_hand", "reason", "accepted", "version")
    values = {name: changes.pop(name) for name in given if name in changes}
    opened = service.open_one(practice.uow, actor=practice.ada, appointment_id=appointment_id, theirs=True)
    values.setdefault("version", opened.version)
    form = {**opened.form, **changes}
    return service.edit(
        practice.uow, actor=actor or practice.ada, appointment_id=appointment_id, form=form, reach=reach, **values
    )


def _mark(practice: Practice, appointment_id: int, status: str) -> None:
    service.set_status(practice.uow, actor=practice.ada, selection=Selection(ids=(appointment_id,)), status=status)


def _series(practice: Practice) -> list[Series]:
    with practice.uow.read() as tx:
        return list(tx.execute(select(Series).order_by(Series.id)).scalars())


def test_r12_a_weekly_appointment_is_booked_as_far_as_the_horizon(practice):
    first = _book(practice, **WEEKLY, staff=[str(practice.ben.staff_id)], notes="Bring papers")
    rows = _rows(practice)
    assert rows[0].id == first
    assert _starts(practice)[:3] == ["2026-03-25 08:00", "2026-04-01 08:00", "2026-04-08 08:00"]
    assert rows[-1].start_at <= NOON + HORIZON < rows[-1].start_at + timedelta(weeks=1)
    assert {one.notes for one in rows} == {"Bring papers"}
    with practice.uow.read() as tx:
        busy = tx.execute(select(AppointmentStaff.appointment_id, AppointmentStaff.start_at)).all()
    assert {tuple(one) for one in busy} == {(one.id, one.start_at) for one in rows}


def test_r17_occurrences_keep_their_wall_time_across_daylight_saving(practice):
    _book(practice, **WEEKLY, ends="on", until="2026-05-06")
    assert _starts(practice)[-3:] == ["2026-04-22 08:00", "2026-04-29 07:00", "2026-05-06 07:00"]


def test_r16_monthly_on_the_31st_falls_on_the_last_day_of_shorter_months(practice):
    _book(practice, date="2026-03-31", recurring=True, frequency="monthly", ends="after", count="4")
    assert [start[:10] for start in _starts(practice)] == ["2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]


def test_a_series_begins_at_the_first_date_of_its_weekdays(practice):
    _book(practice, **WEEKLY, weekdays=["0", "3"], ends="after", count="3")
    assert [start[:10] for start in _starts(practice)] == ["2026-03-26", "2026-03-30", "2026-04-02"]


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
        _book(practice, **{**WEEKLY, **wrong})
    assert list(refusal.value.fields) == [field]
    assert not _rows(practice, series=False)
    assert not _series(practice)


def test_dates_are_skipped_and_moved_while_booking(practice):
    _book(practice, **DAILY_SIX, skipped=["20260327T100000"], moved=["20260328T100000/20260328T150000"])
    assert [start[8:] for start in _starts(practice)] == ["25 08:00", "26 08:00", "28 13:00", "29 08:00", "30 08:00"]
    assert [one.by_hand for one in _rows(practice)] == [False, False, True, False, False]


def test_a_series_never_overlaps_silently(practice):
    ben = [str(practice.ben.staff_id)]
    other = _book(practice, staff=ben, date="2026-04-08", time="10:15", client=str(practice.omar))
    with pytest.raises(Clash) as clash:
        _book(practice, **WEEKLY, staff=ben)
    assert [row.id for row in clash.value.values["clashes"]] == [other]
    assert not _series(practice)
    form = practice.form(**WEEKLY, staff=ben)
    answer = {"reason": "Two rooms", "accepted": clash.value.values["ids"]}
    service.book(practice.uow, actor=practice.ada, form=form, token=token(), **answer)
    assert [one.start_at.day for one in _rows(practice) if one.overlap_reason] == [8]


def test_what_to_change_is_asked_with_how_many_are_left_alone(practice):
    _book(practice, **DAILY_SIX)
    rows = _rows(practice)
    _mark(practice, rows[0].id, "done")
    _edit(practice, rows[4].id, reach="this", time="16:00")
    with pytest.raises(Repeats) as asked:
        _edit(practice, rows[2].id, notes="Ring twice")
    left = asked.value.values["left"]
    assert left == {"following": LeftAlone(settled=0, by_hand=1), "all": LeftAlone(settled=1, by_hand=1)}
    assert asked.value.values["only_series"] is False


def test_r29_this_changes_one_occurrence_only(practice):
    _book(practice, **DAILY_SIX)
    third = _rows(practice)[2].id
    assert _edit(practice, third, reach="this", time="15:00", notes="Later")
    changed = [one for one in _rows(practice) if one.by_hand]
    assert [(one.id, f"{one.start_at:%d %H:%M}", one.notes) for one in changed] == [(third, "27 13:00", "Later")]
    assert len(_starts(practice)) == 6


def test_text_reaches_the_following_without_a_split(practice):
    _book(practice, **DAILY_SIX)
    rows = _rows(practice)
    _edit(practice, rows[3].id, reach="following", notes="Ring twice", shared=True, action=str(practice.consultation))
    assert [one.notes for one in _rows(practice)] == [""] * 3 + ["Ring twice"] * 3
    assert [one.action_id for one in _rows(practice)] == [practice.call] * 3 + [practice.consultation] * 3
    assert len(_series(practice)) == 1


def test_r29_a_new_time_for_this_and_following_splits_the_series(practice):
    _book(practice, **DAILY_SIX)
    rows = _rows(practice)
    _edit(practice, rows[3].id, reach="following", time="11:00")
    assert [start[8:] for start in _starts(practice)] == [
        "25 08:00", "26 08:00", "27 08:00", "28 09:00", "29 09:00", "30 09:00",
    ]  # fmt: skip
    assert [one.id for one in _rows(practice)] == [one.id for one in rows]
    former, later = _series(practice)
    assert {one.series_id for one in _rows(practice)[:3]} == {former.id}
    assert {one.series_id for one in _rows(practice)[3:]} == {later.id}


def test_r29_all_changes_what_is_open_and_leaves_the_past_alone(practice):
    _book(practice, **DAILY_SIX)
    rows = _rows(practice)
    _mark(practice, rows[3].id, "done")
    practice.later(days=2)
    _edit(practice, rows[4].id, reach="all", time="12:00")
    assert [start[8:] for start in _starts(practice)] == [
        "25 08:00", "26 08:00", "27 10:00", "28 08:00", "29 10:00", "30 10:00",
    ]  # fmt: skip


def test_all_takes_along_what_is_ticked(practice):
    _book(practice, **DAILY_SIX)
    rows = _rows(practice)
    _edit(practice, rows[4].id, reach="this", time="18:00")
    _mark(practice, rows[0].id, "done")
    _edit(practice, rows[2].id, reach="all", settled=True, by_hand=True, time="12:00")
    assert [start[8:] for start in _starts(practice)] == [f"{day} 10:00" for day in range(25, 31)]
    assert len(_series(practice)) == 1
    assert _rows(practice)[0].status == "done"


def test_a_new_rule_for_the_following_removes_and_adds_dates(practice):
    _book(practice, **DAILY_SIX)
    rows = _rows(practice)
    _edit(practice, rows[2].id, reach="following", interval="2", ends="after", count="5")
    assert [start[8:10] for start in _starts(practice)] == ["25", "26", "27", "29", "31"]
    kept = {one.id for one in rows} & {one.id for one in _rows(practice)}
    assert kept == {rows[place].id for place in (0, 1, 2, 4)}


def test_a_rule_cannot_be_changed_for_one_occurrence_alone(practice):
    _book(practice, **DAILY_SIX)
    with pytest.raises(Repeats) as asked:
        _edit(practice, _rows(practice)[2].id, reach="this", interval="2")
    assert asked.value.values["only_series"] is True


def test_what_was_done_or_moved_by_hand_survives_a_new_rule(practice):
    _book(practice, **DAILY_SIX)
    rows = _rows(practice)
    _mark(practice, rows[3].id, "done")
    _edit(practice, rows[4].id, reach="this", time="18:00")
    _edit(practice, rows[2].id, reach="following", frequency="weekly", weekdays=["4"], ends="after", count="4")
    assert _starts(practice, series=False) == [
        "2026-03-25 08:00", "2026-03-26 08:00", "2026-03-27 08:00", "2026-03-28 08:00", "2026-03-29 16:00",
        "2026-04-03 08:00",
    ]  # fmt: skip
    assert [one.id for one in _rows(practice, series=False) if one.series_id is None] == [rows[3].id, rows[4].id]


def test_a_moved_weekday_moves_the_rule(practice):
    _book(practice, **WEEKLY, weekdays=["2", "4"], ends="on", until="2026-04-12")  # Wednesdays and Fridays
    rows = _rows(practice)
    _edit(practice, rows[2].id, reach="following", date="2026-04-02")  # that Wednesday becomes a Thursday
    days = [f"{one.start_at:%a %d}" for one in _rows(practice)]
    assert days == ["Wed 25", "Fri 27", "Thu 02", "Fri 03", "Thu 09", "Fri 10"]
    assert [one.id for one in _rows(practice)] == [one.id for one in rows]


def test_one_occurrence_goes_to_another_weekday_without_its_series(practice):
    _book(practice, **WEEKLY, weekdays=["2"], ends="after", count="3")
    second = _rows(practice)[1].id
    _edit(practice, second, reach="this", date="2026-04-02", weekdays=["3"])  # the form moves its weekday along
    assert [f"{one.start_at:%a %d}" for one in _rows(practice)] == ["Wed 25", "Thu 02", "Wed 08"]
    assert len(_series(practice)) == 1


def test_monthly_on_the_31st_goes_on_meaning_the_31st_after_a_split(practice):
    _book(practice, date="2026-03-31", recurring=True, frequency="monthly", ends="after", count="5")
    _edit(practice, _rows(practice)[1].id, reach="following", time="12:00")
    assert [start[5:10] for start in _starts(practice)] == ["03-31", "04-30", "05-31", "06-30", "07-31"]


def test_all_with_another_rule_counts_back_from_the_chosen_date(practice):
    _book(practice, **WEEKLY, ends="after", count="6")
    rows = _rows(practice)
    _edit(practice, rows[3].id, reach="all", interval="2", ends="on", until="2026-05-10")
    assert [start[5:10] for start in _starts(practice)] == ["04-01", "04-15", "04-29"]
    assert rows[3].id in {one.id for one in _rows(practice)}


def test_an_appointment_becomes_a_series_and_a_series_ends(practice):
    single = _book(practice, notes="Once")
    _edit(practice, single, **DAILY_SIX)
    rows = _rows(practice)
    assert [rows[0].id, len(rows), {one.notes for one in rows}] == [single, 6, {"Once"}]
    _edit(practice, rows[2].id, reach="following", recurring=False, time="14:00")
    assert _starts(practice) == ["2026-03-25 08:00", "2026-03-26 08:00"]
    alone = [one for one in _rows(practice, series=False) if one.series_id is None]
    assert [(one.id, f"{one.start_at:%d %H:%M}") for one in alone] == [(rows[2].id, "27 12:00")]


@pytest.mark.parametrize(("reach", "left"), [("this", 5), ("following", 2), ("all", 0)])
def test_r29_delete_this_following_or_all_and_undo(practice, reach, left):
    _book(practice, **DAILY_SIX)
    third = _rows(practice)[2].id
    result = service.delete_occurrence(practice.uow, actor=practice.ada, appointment_id=third, reach=reach)
    assert (len(_rows(practice)), result.changed) == (left, 6 - left)
    service.extend(practice.uow)
    assert len(_rows(practice)) == left
    undo(practice.uow, actor=practice.ada, change_id=result.change_id)
    assert len(_rows(practice)) == 6
    practice.later(days=1000)
    service.extend(practice.uow)
    assert len(_rows(practice)) == 6


def test_a_series_that_was_cut_short_can_go_on_again(practice):
    _book(practice, **DAILY_SIX)
    rows = _rows(practice)
    service.delete_occurrence(practice.uow, actor=practice.ada, appointment_id=rows[2].id, reach="following")
    _edit(practice, rows[1].id, reach="following", ends="after", count="5")
    assert [start[8:10] for start in _starts(practice)] == ["25", "26", "27", "28", "29"]


def test_deleting_all_keeps_what_was_done_and_the_past(practice):
    _book(practice, **DAILY_SIX)
    rows = _rows(practice)
    _mark(practice, rows[4].id, "done")
    practice.later(days=2)
    service.delete_occurrence(practice.uow, actor=practice.ada, appointment_id=rows[3].id, reach="all")
    assert [start[8:10] for start in _starts(practice)] == ["25", "26", "29"]


def test_an_endless_series_stays_endless_through_edits(practice):
    _book(practice, **WEEKLY)
    _edit(practice, _rows(practice)[10].id, reach="following", time="12:00")
    practice.later(days=400)
    service.extend(practice.uow)
    rows = _rows(practice)
    assert rows[-1].start_at > practice.now[0] + HORIZON - timedelta(weeks=1)
    assert len({one.recurrence_id for one in rows}) == len(rows)


def test_r13_what_is_looked_for_in_2040_is_there_and_storage_stays_bounded(practice):
    _book(practice, **WEEKLY)
    before = len(_rows(practice))
    wanted = AppointmentFilter(since="2040-03-01", until="2040-03-31")
    for _ in range(2):
        view = service.list_view(practice.uow, actor=practice.ada, wanted=wanted, place=Place())
        assert [row.start_at[:10] for row in view.page.rows] == [
            "2040-03-07", "2040-03-14", "2040-03-21", "2040-03-28",
        ]  # fmt: skip
    practice.later(days=3)
    service.extend(practice.uow)
    assert before <= len(_rows(practice)) <= before + 1


def test_the_horizon_moves_by_itself_and_twice_adds_nothing(practice):
    _book(practice, **WEEKLY, staff=[str(practice.ben.staff_id)])
    before = len(_rows(practice))
    practice.later(days=28)
    service.extend(practice.uow)
    service.extend(practice.uow)
    assert len(_rows(practice)) == before + 4


def test_what_the_horizon_adds_over_another_appointment_says_why(practice):
    ben = [str(practice.ben.staff_id)]
    _book(practice, staff=ben, date="2028-04-05", time="10:00")
    _book(practice, **WEEKLY, staff=ben)
    practice.later(days=30)
    service.extend(practice.uow)
    assert [one.overlap_reason for one in _rows(practice) if f"{one.start_at:%Y-%m-%d}" == "2028-04-05"] == [
        "The series goes on at this time."
    ]


def test_two_people_who_change_the_same_series_at_once_the_second_is_told(practice):
    _book(practice, **DAILY_SIX)
    third = _rows(practice)[2].id
    seen = service.open_one(practice.uow, actor=practice.ben, appointment_id=third, theirs=True).version
    _edit(practice, third, reach="all", notes="Ada's")
    with pytest.raises(Conflict):
        _edit(practice, third, reach="all", notes="Ben's", actor=practice.ben, version=seen)


def test_a_new_time_takes_confirmations_back_and_text_does_not(practice):
    _book(practice, **DAILY_SIX, shared=True)
    rows = _rows(practice)
    with practice.uow.begin() as tx:
        tx.execute(update(Appointment).values(confirmed_at=NOON, confirmed_by="Cleo", confirmed_how="portal"))
    _edit(practice, rows[2].id, reach="all", notes="New text")
    assert all(one.confirmed_at for one in _rows(practice))
    _edit(practice, rows[2].id, reach="following", time="11:00")
    assert [bool(one.confirmed_at) for one in _rows(practice)] == [True, True, False, False, False, False]


def test_the_audit_trail_names_every_occurrence_that_changed(practice):
    _book(practice, **DAILY_SIX)
    rows = _rows(practice)
    _edit(practice, rows[4].id, reach="following", time="11:00")
    _, _, changes = service.facts_of(practice.uow, actor=practice.ada, appointment_id=rows[5].id)
    assert {line.field for change in changes for line in change.lines} >= {"start_at", "end_at"}
    _, _, untouched = service.facts_of(practice.uow, actor=practice.ada, appointment_id=rows[0].id)
    assert "start_at" not in {line.field for change in untouched for line in change.lines}


def test_a_stored_occurrence_knows_its_series(practice):
    first = _book(practice, **WEEKLY)
    with practice.uow.read() as tx:
        stored = booking.stored(tx, practice.ada, first)
    assert stored is not None
    assert stored.recurrence_id == "20260325T100000"
    assert stored.series_id == _series(practice)[0].id
    assert datetime(2026, 3, 25, 8, tzinfo=UTC) == stored.booking.start_at


def test_the_calendar_file_of_a_series_gives_other_programs_the_same_dates(practice):
    _book(practice, **WEEKLY, ends="after", count="8", action=str(practice.call))
    rows = _rows(practice)
    _edit(practice, rows[1].id, reach="this", time="15:00")
    service.delete_occurrence(practice.uow, actor=practice.ada, appointment_id=rows[2].id, reach="this")
    _edit(practice, rows[5].id, reach="following", time="12:00")
    for one in (rows[0], rows[6]):
        event = service.calendar_event(practice.uow, actor=practice.ada, appointment_id=one.id)
        calendar = icalendar.Calendar.from_ical(write([event], stamp=NOON))
        found = recurring_ical_events.of(calendar).between(NOON, NOON + timedelta(days=365))
        series = {each.series_id for each in _rows(practice) if each.id == one.id}
        expected = [each.start_at for each in _rows(practice) if each.series_id in series]
        assert sorted(each.start.astimezone(UTC) for each in found) == expected
        assert {str(each["SUMMARY"]) for each in found} == {"Cleo – Follow-up call"}


def test_the_preview_marks_busy_and_closed_dates(practice):
    ben = [str(practice.ben.staff_id)]
    _book(practice, staff=ben, date="2026-04-01", time="10:15")
    with practice.uow.begin() as tx:
        closed_days.close(tx, date(2026, 4, 8), "Spring day")
    form = practice.form(**WEEKLY, staff=ben, ends="after", count="4")
    look = service.outlook(practice.uow, actor=practice.ada, form=form)
    assert [row.busy for row in look.preview.rows] == [False, True, False, False]
    assert [row.closed for row in look.preview.rows] == [False, False, True, False]
    assert look.closed == []
    on_it = service.outlook(practice.uow, actor=practice.ada, form=practice.form(date="2026-04-08"))
    assert on_it.closed == ["Spring day"]
