"""Series where they are easily wrong: dates that go and come back, far starts, exceptions, others at the same time."""

from __future__ import annotations

import pytest

from appointments_app.db.queries import occurrences as occurrence_rows
from appointments_app.domain.errors import Conflict, Invalid, Unavailable
from appointments_app.domain.listing import AppointmentFilter, Place
from appointments_app.domain.series import Repeats
from appointments_app.features.appointments import service
from appointments_app.features.appointments.service import horizon
from tests.appointments.conftest import Practice, token
from tests.appointments.desk import at_once
from tests.appointments.series import DAILY_SIX, WEEKLY, book, change, dates, occurrences, opened


def test_dates_that_a_rule_loses_and_gets_back_are_booked_again(practice: Practice):
    first = book(practice, **DAILY_SIX)
    before = dates(practice)
    change(practice, first, reach="all", interval="2", count="3")
    change(practice, first, reach="all", interval="1", count="6")
    assert dates(practice) == before


def test_a_series_that_begins_beyond_the_horizon_keeps_its_first_date(practice: Practice):
    first = book(practice, **WEEKLY, date="2030-01-02")
    practice.later(days=3)
    service.extend(practice.uow)
    assert [one.id for one in occurrences(practice)] == [first]
    practice.later(days=800)
    service.extend(practice.uow)
    assert dates(practice)[0] == "01-02"


@pytest.mark.parametrize("changes", [{}, {"notes": "Ring twice"}, {"time": "11:00"}])
def test_dates_of_a_stored_series_are_skipped_and_moved(practice: Practice, changes):
    first = book(practice, **DAILY_SIX)
    hour = "110000" if "time" in changes else "100000"
    exceptions = {"skipped": [f"20260327T{hour}"], "moved": [f"20260328T{hour}/20260402T150000"]}
    change(practice, first, reach="following", **exceptions, **changes)
    assert dates(practice) == ["03-25", "03-26", "03-29", "03-30", "04-02"]
    _, _, trail = service.facts_of(practice.uow, actor=practice.ada, appointment_id=occurrences(practice)[-1].id)
    assert "start_at" in {line.field for row in trail for line in row.lines}


def test_exceptions_are_for_the_series_not_for_one_occurrence(practice: Practice):
    first = book(practice, **DAILY_SIX)
    with pytest.raises(Repeats) as asked:
        change(practice, first, reach="this", skipped=["20260327T100000"])
    assert asked.value.values["only_series"] is True


@pytest.mark.parametrize("wall", ["00010101T000000", "99991231T235900", "20260402T150030"])
def test_a_date_is_moved_to_a_time_that_can_be(practice: Practice, wall):
    with pytest.raises(Invalid):
        book(practice, **DAILY_SIX, moved=[f"20260328T100000/{wall}"])
    assert not occurrences(practice)


def test_who_changes_a_series_that_was_split_meanwhile_is_told_and_nothing_is_there_twice(practice: Practice):
    book(practice, **DAILY_SIX)
    rows = occurrences(practice)
    stands = opened(practice, rows[1].id)
    change(practice, rows[3].id, reach="following", time="12:00")
    before = dates(practice)
    with pytest.raises(Conflict) as told:
        change(practice, rows[1].id, reach="following", stands=stands, notes="Ring twice")
    assert {line.field for one in told.value.values["changes"] for line in one.lines} == {"rrule"}
    assert dates(practice) == before


def test_two_who_change_a_series_from_different_dates_at_once_are_never_in_a_deadlock(practice: Practice):
    book(practice, **WEEKLY)
    rows, notes = occurrences(practice), iter(range(100))
    both = [(one.id, opened(practice, one.id)) for one in (rows[2], rows[40])]
    turns = iter(both * 2)

    def save() -> bool:
        one, stands = next(turns)
        return change(practice, one, reach="all", stands=stands, notes=f"Note {next(notes)}")

    found = at_once(save, 4)
    assert not [one for one in found if isinstance(one, Unavailable)]
    assert sorted(type(one).__name__ for one in found) == ["Conflict"] * 3 + ["bool"]


def test_a_look_far_ahead_adds_nothing_to_a_series_that_ends_meanwhile(practice: Practice, monkeypatch):
    first = book(practice, **WEEKLY)
    missing = occurrence_rows.missing

    def meanwhile(*given):
        found = missing(*given)
        service.delete_occurrence(practice.uow, actor=practice.ada, appointment_id=first, reach="all")
        return found

    monkeypatch.setattr(occurrence_rows, "missing", meanwhile)
    wanted = AppointmentFilter(since="2040-03-01", until="2040-03-31")
    assert not service.list_view(practice.uow, actor=practice.ada, wanted=wanted, place=Place()).page.rows


def test_however_far_a_look_goes_a_series_that_is_over_is_followed_once(practice: Practice, monkeypatch):
    book(practice, **DAILY_SIX)
    looks, between = [], horizon.between

    def counted(*given, **more):
        looks.append(given)
        return between(*given, **more)

    monkeypatch.setattr(horizon, "between", counted)
    wanted = AppointmentFilter(since="2040-01-01", until="2200-12-31")
    service.list_view(practice.uow, actor=practice.ada, wanted=wanted, place=Place())
    assert len(looks) == 1


def test_an_action_that_only_a_series_has_is_in_use(practice: Practice):
    book(practice, **{**DAILY_SIX, "count": "1"}, action=str(practice.call))
    change(practice, occurrences(practice)[0].id, reach="this", action=str(practice.consultation))
    with pytest.raises(Invalid):
        service.delete_action(practice.uow, actor=practice.ada, action_id=practice.call)


def test_the_file_of_a_series_is_called_as_the_series_whatever_occurrence_it_is_asked_of(practice: Practice):
    book(practice, **WEEKLY, action=str(practice.call))
    third = occurrences(practice)[2].id
    change(practice, third, reach="this", client=str(practice.omar), action=str(practice.consultation))
    event = service.calendar_event(practice.uow, actor=practice.ada, appointment_id=third)
    assert (event.summary, [one.summary for one in event.changed]) == ("Cleo – Follow-up call", ["Omar – Consultation"])


def test_what_goes_to_another_time_is_booked_over_nothing_any_more(practice: Practice):
    ben = [str(practice.ben.staff_id)]
    over = book(practice, staff=ben, date="2026-03-27", client=str(practice.omar))
    form = practice.form(**DAILY_SIX, staff=ben)
    said = {"reason": "Two rooms", "accepted": [over]}
    service.book(practice.uow, actor=practice.ada, form=form, token=token(), **said)
    series = [one for one in occurrences(practice) if one.series_id]
    change(practice, series[0].id, reach="all", time="12:00")
    assert not [one for one in occurrences(practice) if one.overlap_reason]


@pytest.mark.parametrize(("weekdays", "rule"), [([], DAILY_SIX), (["0"], WEEKLY)])
def test_the_last_date_moves_behind_the_end_of_its_series(practice: Practice, weekdays, rule):
    book(practice, **{**rule, "ends": "on", "until": "2026-03-30", "weekdays": weekdays})
    last = occurrences(practice)[-1].id
    moved = {"date": "2026-03-31", "weekdays": ["1"] if weekdays else []}  # the form turns its weekday along
    assert change(practice, last, reach="this", **moved)
    assert dates(practice)[-1] == "03-31"
    assert change(practice, last, reach="this", notes="Ring twice")


def test_one_that_was_moved_off_its_monthly_rule_is_still_changed_alone(practice: Practice):
    monthly = {"recurring": True, "frequency": "monthly", "monthly_by": "last_weekday", "ends": "after", "count": "3"}
    book(practice, **monthly, date="2026-03-27")
    second = occurrences(practice)[1].id
    change(practice, second, reach="this", date="2026-04-16")
    assert change(practice, second, reach="this", notes="Ring twice")
    assert dates(practice) == ["03-27", "04-16", "05-29"]


def test_an_appointment_that_becomes_a_series_goes_to_its_first_date(practice: Practice):
    single = book(practice)
    change(practice, single, **WEEKLY, weekdays=["0"], ends="after", count="3")
    assert dates(practice) == ["03-30", "04-06", "04-13"]
    assert occurrences(practice)[0].id == single


def test_the_preview_of_a_stored_series_knows_what_was_deleted_and_moved(practice):
    first = book(practice, **DAILY_SIX)
    rows = occurrences(practice)
    service.delete_occurrence(practice.uow, actor=practice.ada, appointment_id=rows[2].id, reach="this")
    change(practice, rows[3].id, reach="this", time="18:00")
    opened = service.open_one(practice.uow, actor=practice.ada, appointment_id=first, theirs=True)
    look = service.outlook(practice.uow, actor=practice.ada, form=opened.form, appointment_id=first)
    assert [row.start_at[8:13] for row in look.preview.rows] == ["25T08", "26T08", "28T16", "29T08", "30T08"]
    assert [row.moved for row in look.preview.rows] == [False, False, True, False, False]
