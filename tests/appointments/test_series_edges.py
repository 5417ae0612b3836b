"""Series where they are easily wrong: dates that go and come back, starts beyond the horizon, exceptions of old ones."""

from __future__ import annotations

from appointments_app.features.appointments import service
from tests.appointments.conftest import Practice
from tests.appointments.series import DAILY_SIX, WEEKLY, book, change, dates, occurrences


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
