"""Series that several people share, for a person who may see only their own: what they must not learn or change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appointments_app.domain.access import Actor, Scope
from appointments_app.domain.errors import NotAllowed
from appointments_app.domain.series import Repeats
from appointments_app.features.appointments import service
from tests.appointments.conftest import Practice
from tests.appointments.series import DAILY_SIX, book, change, dates, occurrences


@pytest.fixture
def ben(practice: Practice) -> Actor:
    """Ben, whose permissions reach his own appointments only."""
    return replace(practice.ben, scope=Scope.OWN)


def _of(actor: Actor) -> list[str]:
    return [str(actor.staff_id)]


@pytest.mark.parametrize("reach", ["following", "all"])
def test_who_stands_in_once_cannot_change_or_end_the_whole_series(practice: Practice, ben: Actor, reach):
    book(practice, **DAILY_SIX, staff=_of(practice.ada), notes="a private matter")
    third = occurrences(practice)[2].id
    change(practice, third, reach="this", staff=_of(ben), notes="")
    before = dates(practice)
    for changes in ({"notes": "Ben's"}, {"time": "12:00"}, {"recurring": False}):
        with pytest.raises(NotAllowed):
            change(practice, third, actor=ben, reach=reach, **changes)
    with pytest.raises(NotAllowed):
        service.delete_occurrence(practice.uow, actor=ben, appointment_id=third, reach=reach)
    assert dates(practice) == before
    assert change(practice, third, actor=ben, reach="this", notes="Ben's")


def test_who_stands_in_once_learns_nothing_of_the_other_dates(practice: Practice, ben: Actor):
    book(practice, **DAILY_SIX, staff=_of(practice.ada), notes="a private matter")
    third = occurrences(practice)[2].id
    change(practice, third, reach="this", staff=_of(ben), notes="")
    facts, _, _ = service.facts_of(practice.uow, actor=ben, appointment_id=third)
    assert not facts.series.upcoming
    event = service.calendar_event(practice.uow, actor=ben, appointment_id=third)
    assert (event.rrule, event.description) == ("", "")


@pytest.mark.parametrize("time", ["10:00", "12:00"])
def test_what_somebody_else_has_of_ones_own_series_stays_as_it_is(practice: Practice, ben: Actor, time):
    book(practice, **DAILY_SIX, staff=_of(ben))
    rows = occurrences(practice)
    change(practice, rows[3].id, reach="this", staff=_of(practice.ada), notes="a private matter", time="16:00")
    with pytest.raises(Repeats) as asked:
        change(practice, rows[1].id, actor=ben, notes="Ben's")
    assert {left.by_hand for left in asked.value.values["left"].values()} == {0}
    change(practice, rows[1].id, actor=ben, reach="all", by_hand=True, notes="Ben's", time=time)
    notes = ["Ben's"] * 3 + ["a private matter"] + ["Ben's"] * 2
    assert [one.notes for one in occurrences(practice)] == notes
    assert f"{occurrences(practice)[3].start_at:%H:%M}" == "14:00"
    event = service.calendar_event(practice.uow, actor=ben, appointment_id=rows[1].id)
    assert "a private matter" not in str(event)
    service.delete_occurrence(practice.uow, actor=ben, appointment_id=rows[1].id, reach="all")
    assert dates(practice) == ["03-28"]
