"""Series: what a change of this, the following or all occurrences does, and what it leaves alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from appointments_app.db.models import Appointment
from appointments_app.domain.errors import Conflict
from appointments_app.domain.series import HORIZON, LeftAlone, Repeats
from appointments_app.features.appointments import service
from appointments_app.features.session.service import undo
from tests.appointments.conftest import NOON
from tests.appointments.series import (
    DAILY_SIX,
    WEEKLY,
    book,
    change,
    in_series,
    mark,
    occurrences,
    opened,
    starts,
    stored_series,
)


def test_what_to_change_is_asked_with_how_many_are_left_alone(practice):
    book(practice, **DAILY_SIX)
    rows = in_series(practice)
    mark(practice, rows[0].id, "done")
    change(practice, rows[4].id, reach="this", time="16:00")
    with pytest.raises(Repeats) as asked:
        change(practice, rows[2].id, notes="Ring twice")
    left = asked.value.values["left"]
    assert left == {"following": LeftAlone(settled=0, by_hand=1), "all": LeftAlone(settled=1, by_hand=1)}
    assert asked.value.values["only_series"] is False


def test_r29_this_changes_one_occurrence_only(practice):
    book(practice, **DAILY_SIX)
    third = in_series(practice)[2].id
    assert change(practice, third, reach="this", time="15:00", notes="Later")
    changed = [one for one in in_series(practice) if one.by_hand]
    assert [(one.id, f"{one.start_at:%d %H:%M}", one.notes) for one in changed] == [(third, "27 13:00", "Later")]
    assert len(starts(in_series(practice))) == 6


def test_text_reaches_the_following_without_a_split(practice):
    book(practice, **DAILY_SIX)
    rows = in_series(practice)
    change(practice, rows[3].id, reach="following", notes="Ring twice", shared=True, action=str(practice.consultation))
    assert [one.notes for one in in_series(practice)] == [""] * 3 + ["Ring twice"] * 3
    assert [one.action_id for one in in_series(practice)] == [practice.call] * 3 + [practice.consultation] * 3
    assert len(stored_series(practice)) == 1


def test_r29_a_new_time_for_this_and_following_splits_the_series(practice):
    book(practice, **DAILY_SIX)
    rows = in_series(practice)
    change(practice, rows[3].id, reach="following", time="11:00")
    assert [start[8:] for start in starts(in_series(practice))] == [
        "25 08:00", "26 08:00", "27 08:00", "28 09:00", "29 09:00", "30 09:00",
    ]  # fmt: skip
    assert [one.id for one in in_series(practice)] == [one.id for one in rows]
    former, later = stored_series(practice)
    assert {one.series_id for one in in_series(practice)[:3]} == {former.id}
    assert {one.series_id for one in in_series(practice)[3:]} == {later.id}


def test_r29_all_changes_what_is_open_and_leaves_the_past_alone(practice):
    book(practice, **DAILY_SIX)
    rows = in_series(practice)
    mark(practice, rows[3].id, "done")
    practice.later(days=2)
    change(practice, rows[4].id, reach="all", time="12:00")
    assert [start[8:] for start in starts(in_series(practice))] == [
        "25 08:00", "26 08:00", "27 10:00", "28 08:00", "29 10:00", "30 10:00",
    ]  # fmt: skip


def test_all_takes_along_what_is_ticked(practice):
    book(practice, **DAILY_SIX)
    rows = in_series(practice)
    change(practice, rows[4].id, reach="this", time="18:00")
    mark(practice, rows[0].id, "done")
    change(practice, rows[2].id, reach="all", settled=True, by_hand=True, time="12:00")
    assert [start[8:] for start in starts(in_series(practice))] == [f"{day} 10:00" for day in range(25, 31)]
    assert len(stored_series(practice)) == 1
    assert in_series(practice)[0].status == "done"


def test_a_new_rule_for_the_following_removes_and_adds_dates(practice):
    book(practice, **DAILY_SIX)
    rows = in_series(practice)
    change(practice, rows[2].id, reach="following", interval="2", ends="after", count="5")
    assert [start[8:10] for start in starts(in_series(practice))] == ["25", "26", "27", "29", "31"]
    kept = {one.id for one in rows} & {one.id for one in in_series(practice)}
    assert kept == {rows[place].id for place in (0, 1, 2, 4)}


def test_a_rule_cannot_be_changed_for_one_occurrence_alone(practice):
    book(practice, **DAILY_SIX)
    with pytest.raises(Repeats) as asked:
        change(practice, in_series(practice)[2].id, reach="this", interval="2")
    assert asked.value.values["only_series"] is True


def test_what_was_done_or_moved_by_hand_survives_a_new_rule(practice):
    book(practice, **DAILY_SIX)
    rows = in_series(practice)
    mark(practice, rows[3].id, "done")
    change(practice, rows[4].id, reach="this", time="18:00")
    change(practice, rows[2].id, reach="following", frequency="weekly", weekdays=["4"], ends="after", count="4")
    assert starts(occurrences(practice)) == [
        "2026-03-25 08:00", "2026-03-26 08:00", "2026-03-27 08:00", "2026-03-28 08:00", "2026-03-29 16:00",
        "2026-04-03 08:00",
    ]  # fmt: skip
    assert [one.id for one in occurrences(practice) if one.series_id is None] == [rows[3].id, rows[4].id]


def test_a_moved_weekday_moves_the_rule(practice):
    book(practice, **WEEKLY, weekdays=["2", "4"], ends="on", until="2026-04-12")  # Wednesdays and Fridays
    rows = in_series(practice)
    change(practice, rows[2].id, reach="following", date="2026-04-02")  # that Wednesday becomes a Thursday
    days = [f"{one.start_at:%a %d}" for one in in_series(practice)]
    assert days == ["Wed 25", "Fri 27", "Thu 02", "Fri 03", "Thu 09", "Fri 10"]
    assert [one.id for one in in_series(practice)] == [one.id for one in rows]


def test_one_occurrence_goes_to_another_weekday_without_its_series(practice):
    book(practice, **WEEKLY, weekdays=["2"], ends="after", count="3")
    second = in_series(practice)[1].id
    change(practice, second, reach="this", date="2026-04-02", weekdays=["3"])  # the form moves its weekday along
    assert [f"{one.start_at:%a %d}" for one in in_series(practice)] == ["Wed 25", "Thu 02", "Wed 08"]
    assert len(stored_series(practice)) == 1


def test_monthly_on_the_31st_goes_on_meaning_the_31st_after_a_split(practice):
    book(practice, date="2026-03-31", recurring=True, frequency="monthly", ends="after", count="5")
    change(practice, in_series(practice)[1].id, reach="following", time="12:00")
    assert [start[5:10] for start in starts(in_series(practice))] == ["03-31", "04-30", "05-31", "06-30", "07-31"]


def test_all_with_another_rule_counts_back_from_the_chosen_date(practice):
    book(practice, **WEEKLY, ends="after", count="6")
    rows = in_series(practice)
    change(practice, rows[3].id, reach="all", interval="2", ends="on", until="2026-05-10")
    assert [start[5:10] for start in starts(in_series(practice))] == ["04-01", "04-15", "04-29"]
    assert rows[3].id in {one.id for one in in_series(practice)}


def test_an_appointment_becomes_a_series_and_a_series_ends(practice):
    single = book(practice, notes="Once")
    change(practice, single, **DAILY_SIX)
    rows = in_series(practice)
    assert [rows[0].id, len(rows), {one.notes for one in rows}] == [single, 6, {"Once"}]
    change(practice, rows[2].id, reach="following", recurring=False, time="14:00")
    assert starts(in_series(practice)) == ["2026-03-25 08:00", "2026-03-26 08:00"]
    alone = [one for one in occurrences(practice) if one.series_id is None]
    assert [(one.id, f"{one.start_at:%d %H:%M}") for one in alone] == [(rows[2].id, "27 12:00")]


@pytest.mark.parametrize(("reach", "left"), [("this", 5), ("following", 2), ("all", 0)])
def test_r29_delete_this_following_or_all_and_undo(practice, reach, left):
    book(practice, **DAILY_SIX)
    third = in_series(practice)[2].id
    result = service.delete_occurrence(practice.uow, actor=practice.ada, appointment_id=third, reach=reach)
    assert (len(in_series(practice)), result.changed) == (left, 6 - left)
    service.extend(practice.uow)
    assert len(in_series(practice)) == left
    undo(practice.uow, actor=practice.ada, change_id=result.change_id)
    assert len(in_series(practice)) == 6
    practice.later(days=1000)
    service.extend(practice.uow)
    assert len(in_series(practice)) == 6


def test_a_series_that_was_cut_short_can_go_on_again(practice):
    book(practice, **DAILY_SIX)
    rows = in_series(practice)
    service.delete_occurrence(practice.uow, actor=practice.ada, appointment_id=rows[2].id, reach="following")
    change(practice, rows[1].id, reach="following", ends="after", count="5")
    assert [start[8:10] for start in starts(in_series(practice))] == ["25", "26", "27", "28", "29"]


def test_deleting_all_keeps_what_was_done_and_the_past(practice):
    book(practice, **DAILY_SIX)
    rows = in_series(practice)
    mark(practice, rows[4].id, "done")
    practice.later(days=2)
    service.delete_occurrence(practice.uow, actor=practice.ada, appointment_id=rows[3].id, reach="all")
    assert [start[8:10] for start in starts(in_series(practice))] == ["25", "26", "29"]


def test_an_endless_series_stays_endless_through_edits(practice):
    book(practice, **WEEKLY)
    change(practice, in_series(practice)[10].id, reach="following", time="12:00")
    practice.later(days=400)
    service.extend(practice.uow)
    rows = in_series(practice)
    assert rows[-1].start_at > practice.now[0] + HORIZON - timedelta(weeks=1)
    assert len({one.recurrence_id for one in rows}) == len(rows)


def test_two_people_who_change_the_same_series_at_once_the_second_is_told(practice):
    book(practice, **DAILY_SIX)
    third = in_series(practice)[2].id
    seen = opened(practice, third, actor=practice.ben)
    change(practice, third, reach="all", notes="Ada's")
    with pytest.raises(Conflict):
        change(practice, third, reach="all", notes="Ben's", actor=practice.ben, stands=seen)


def test_a_new_time_takes_confirmations_back_and_text_does_not(practice):
    book(practice, **DAILY_SIX, shared=True)
    rows = in_series(practice)
    with practice.uow.begin() as tx:
        tx.execute(update(Appointment).values(confirmed_at=NOON, confirmed_by="Cleo", confirmed_how="portal"))
    change(practice, rows[2].id, reach="all", notes="New text")
    assert all(one.confirmed_at for one in in_series(practice))
    change(practice, rows[2].id, reach="following", time="11:00")
    assert [bool(one.confirmed_at) for one in in_series(practice)] == [True, True, False, False, False, False]


def test_the_audit_trail_names_every_occurrence_that_changed(practice):
    book(practice, **DAILY_SIX)
    rows = in_series(practice)
    change(practice, rows[4].id, reach="following", time="11:00")
    _, _, changes = service.facts_of(practice.uow, actor=practice.ada, appointment_id=rows[5].id)
    assert {line.field for change in changes for line in change.lines} >= {"start_at", "end_at"}
    _, _, untouched = service.facts_of(practice.uow, actor=practice.ada, appointment_id=rows[0].id)
    assert "start_at" not in {line.field for change in untouched for line in change.lines}
