"""Moving without the form: other time, length, person; series, busy staff, what others did; taking it back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from appointments_app.db.models import Appointment, AppointmentStaff, Series
from appointments_app.db.queries import history
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.errors import Clash, Conflict, Invalid, NotAllowed, NotFound
from appointments_app.domain.listing import Selection
from appointments_app.domain.series import Repeats
from appointments_app.domain.times import iso
from appointments_app.features.appointments import service
from appointments_app.features.appointments.service import Move
from appointments_app.features.session import service as session
from tests.appointments.conftest import NOON, ZONE, Practice
from tests.appointments.desk import book, stored
from tests.appointments.series import DAILY_SIX, dates, occurrences


def move(practice: Practice, one: int, actor: Actor | None = None, *, seen_at: str = "", **to: Any) -> int | None:
    answers = {name: to.pop(name) for name in ("reason", "accepted", "reach") if name in to}
    seen_at = seen_at or iso(stored(practice, one).booking.start_at)
    return service.move(
        practice.uow, actor=actor or practice.ada, appointment_id=one, seen_at=seen_at, to=Move(**to), **answers
    )


def undo(practice: Practice, change_id: int | None) -> int:
    return session.undo(practice.uow, actor=practice.ada, change_id=change_id or 0)


def test_a_move_keeps_the_length_and_everything_else(practice: Practice) -> None:
    one = book(practice, notes="by the window", duration="45")
    assert move(practice, one, date="2026-03-26", time="23:45")
    moved = stored(practice, one)
    assert (iso(moved.booking.start_at), iso(moved.booking.end_at)) == ("2026-03-26T21:45:00Z", "2026-03-26T22:30:00Z")
    assert (moved.booking.notes, moved.version) == ("by the window", 2)
    assert move(practice, one, date="2026-03-26", time="23:45") is None


def test_a_new_length_keeps_the_start(practice: Practice) -> None:
    one = book(practice)
    move(practice, one, duration="5")
    assert stored(practice, one).booking.minutes == 5
    for wrong in ("4", "1441", "x"):
        with pytest.raises(Invalid):
            move(practice, one, duration=wrong)


def test_it_is_handed_on_taken_up_and_put_down(practice: Practice) -> None:
    ada, ben = str(practice.ada.staff_id), str(practice.ben.staff_id)
    one = book(practice)
    for change, staff in (
        ({"to_staff": ben}, [ben]),
        ({"from_staff": ben, "to_staff": ada}, [ada]),
        ({"staff": (ada, ben)}, [ada, ben]),
        ({"from_staff": ada, "to_staff": ben}, [ben]),
        ({"from_staff": ben}, []),
    ):
        move(practice, one, **change)
        assert sorted(stored(practice, one).booking.staff_ids) == sorted(map(int, staff))
    with pytest.raises(Invalid):
        move(practice, one, to_staff="4711")


def test_a_move_is_taken_back_with_the_confirmation(practice: Practice) -> None:
    ben = str(practice.ben.staff_id)
    one = book(practice, staff=[ben])
    with practice.uow.begin() as tx:
        tx.execute(update(Appointment).values(confirmed_at=NOON, confirmed_by="Cleo", confirmed_how="portal"))
    before = stored(practice, one)
    change_id = move(practice, one, date="2026-03-27", time="09:00", duration="90", from_staff=ben)
    assert stored(practice, one).confirmed_at is None
    assert undo(practice, change_id) == 1
    after = stored(practice, one)
    assert after.booking == before.booking
    assert (after.confirmed_at, after.confirmed_by, after.confirmed_how) == (NOON, "Cleo", "portal")
    with pytest.raises(NotFound):
        undo(practice, change_id)


def test_a_move_stays_when_the_time_was_given_away_or_it_was_moved_on(practice: Practice) -> None:
    ben = [str(practice.ben.staff_id)]
    one = book(practice, staff=ben)
    change_id = move(practice, one, time="12:00")
    book(practice, staff=ben)
    assert undo(practice, change_id) == 0
    change_id = move(practice, one, time="13:00")
    move(practice, one, time="14:00")
    assert undo(practice, change_id) == 0
    assert iso(stored(practice, one).booking.start_at) == "2026-03-25T12:00:00Z"


def test_a_busy_person_is_asked_about_and_booked_with_a_reason(practice: Practice) -> None:
    ben = [str(practice.ben.staff_id)]
    book(practice, staff=ben, time="12:00")
    one = book(practice, staff=ben)
    with pytest.raises(Clash) as refusal:
        move(practice, one, time="12:15")
    ids = [row.id for row in refusal.value.values["clashes"]]
    with pytest.raises(Invalid):
        move(practice, one, time="12:15", accepted=ids)
    assert move(practice, one, time="12:15", accepted=ids, reason="Twins")
    assert stored(practice, one).overlap_reason == "Twins"


def test_what_somebody_else_moved_meanwhile_is_not_moved(practice: Practice) -> None:
    one = book(practice)
    seen_at = iso(stored(practice, one).booking.start_at)
    move(practice, one, time="11:00")
    with pytest.raises(Conflict):
        move(practice, one, seen_at=seen_at, time="12:00")


def test_only_what_one_may_see_and_edit_is_moved(practice: Practice) -> None:
    one = book(practice)
    nobody = Actor(
        9, "Eve", practice.ben.role, "en", ZONE, practice.ben.permissions - {Permission.EDIT}, practice.ben.scope
    )
    with pytest.raises(NotAllowed):
        move(practice, one, nobody, time="11:00")
    service.delete(practice.uow, actor=practice.ada, selection=Selection(ids=(one,)))
    for wrong in (one, 0, -1, 2**40, "1", None, True):
        with pytest.raises(NotFound):
            service.move(practice.uow, actor=practice.ada, appointment_id=wrong, seen_at="", to=Move(time="11:00"))


def test_r29_an_occurrence_is_moved_alone_with_those_that_follow_or_all(practice: Practice) -> None:
    book(practice, **DAILY_SIX)
    second = occurrences(practice)[1]
    with pytest.raises(Repeats):
        move(practice, second.id or 0, time="11:00")
    change_id = move(practice, second.id or 0, time="11:00", reach="this")
    assert [one.start_at.hour for one in occurrences(practice)] == [8, 9, 8, 8, 8, 8]
    assert occurrences(practice)[1].by_hand
    assert undo(practice, change_id) == 1
    assert not occurrences(practice)[1].by_hand
    fourth = occurrences(practice)[3]
    assert move(practice, fourth.id or 0, time="12:00", reach="following")
    assert [one.start_at.hour for one in occurrences(practice)] == [8, 8, 8, 10, 10, 10]
    move(practice, occurrences(practice)[0].id or 0, date="2026-03-26", reach="all")
    assert dates(practice)[0] == "03-26"


WEEKDAYS = {"recurring": True, "frequency": "weekly", "weekdays": ["0", "2"]}


@pytest.mark.parametrize("reach", ["following", "all"])
@pytest.mark.parametrize(
    "to", [{"time": "12:15"}, {"date": "2026-04-02", "time": "09:00"}, {"duration": "75"}, {"to_staff": "2"}]
)
def test_a_move_of_a_series_is_taken_back_whole(practice: Practice, reach: str, to: dict[str, str]) -> None:
    book(practice, **WEEKDAYS, staff=[str(practice.ada.staff_id)])
    third = occurrences(practice)[2]
    move(practice, occurrences(practice)[3].id or 0, time="16:00", reach="this")
    before = whole(practice)
    change_id = move(practice, third.id or 0, reach=reach, **to)
    moved = whole(practice)
    assert moved != before
    assert undo(practice, change_id) > 100
    assert whole(practice) == before
    with practice.uow.read() as tx:
        told = history.of_records(tx, [("appointment", third.id or 0), ("series", 1)])
    assert {line.field for one in told for line in one.lines} <= {
        "start_at", "end_at", "staff_ids", "rrule", "by_hand", "deleted_at",
    }  # fmt: skip
    service.extend(practice.uow)
    assert whole(practice) == before
    move(practice, third.id or 0, reach=reach, **to)
    assert whole(practice) == moved


def whole(practice: Practice) -> tuple[dict[int, Any], list[Any], list[Any]]:
    """Return every live occurrence, who is busy when, and which rules still have dates."""
    with practice.uow.read() as tx:
        rows = {
            one.id or 0: (one.start_at, one.end_at, one.status, one.by_hand, one.recurrence_id)
            for one in occurrences(practice)
        }
        busy = tx.execute(select(AppointmentStaff).where(AppointmentStaff.appointment_id.in_(rows))).scalars()
        series = tx.execute(select(Series).where(Series.rrule != "").order_by(Series.dtstart)).scalars()
        return (
            rows,
            sorted((one.appointment_id, one.staff_id, one.start_at, one.end_at) for one in busy),
            [(one.dtstart, one.rrule, one.minutes) for one in series],
        )


def test_a_move_of_a_series_stays_when_something_happened_to_it_or_its_time_was_given_away(practice: Practice) -> None:
    ben = [str(practice.ben.staff_id)]
    book(practice, **DAILY_SIX, staff=ben)
    second, third = occurrences(practice)[1:3]
    change_id = move(practice, second.id or 0, time="12:00", reach="following")
    service.set_status(practice.uow, actor=practice.ada, selection=Selection(ids=(third.id or 0,)), status="done")
    moved = whole(practice)
    assert undo(practice, change_id) == 0
    assert whole(practice) == moved
    change_id = move(practice, second.id or 0, time="13:00", reach="following")
    book(practice, date="2026-03-29", time="12:15", staff=ben)
    assert undo(practice, change_id) == 0
    change_id = move(practice, second.id or 0, time="14:00", reach="following")
    assert undo(practice, change_id) == 4


def test_r17_a_move_over_the_clock_change_keeps_its_minutes(practice: Practice) -> None:
    one = book(practice, duration="60")
    move(practice, one, date="2026-04-23", time="23:30")
    moved = stored(practice, one).booking
    assert moved.start_at == datetime(2026, 4, 23, 21, 30, tzinfo=UTC)
    assert moved.minutes == 60
