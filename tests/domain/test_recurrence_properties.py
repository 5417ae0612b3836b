"""Random series: equal to dateutil instant by instant, and whole after a split. ``long`` repeats each 10,000 times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from appointments_app.domain.recurrence import Rule, between, ends_before, last, number_of, total, upcoming
from appointments_app.domain.recurrence.walls import LAST_DAY
from tests.domain.series import Series, by_dateutil, series, windows

LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)
FAR = datetime(2400, 1, 1, tzinfo=UTC)
TIMES = (pytest.param(120, id="short"), pytest.param(10_000, id="long", marks=pytest.mark.long))


def run(times: int, check: Callable[..., None], **given_: st.SearchStrategy[Any]) -> None:
    """Run a check on so many random examples."""
    settings(max_examples=times)(given(**given_)(check))()


def followed(one: Series) -> Iterator[tuple[datetime, datetime]]:
    """What dateutil makes of a series, as far as we follow it."""
    return takewhile(lambda both: both[0].date() <= LAST_DAY, by_dateutil(one))


@pytest.mark.parametrize("times", TIMES)
def test_r13_r17_a_window_holds_what_dateutil_says(times: int):
    def check(one: Series, window: tuple[datetime, datetime]) -> None:
        since, until = window
        near = takewhile(lambda both: both[1] < until + timedelta(days=3), followed(one))
        assert between(*one, since, until) == [both for both in near if since <= both[1] < until]

    run(times, check, one=series(), window=windows())


@pytest.mark.parametrize("times", TIMES)
def test_r13_the_next_ones_are_what_dateutil_says(times: int):
    def check(one: Series, limit: int) -> None:
        assert upcoming(*one, since=LONG_AGO, limit=limit) == list(islice(followed(one), limit))

    run(times, check, one=series(), limit=st.integers(0, 25))


@pytest.mark.parametrize("times", TIMES)
def test_r12_number_total_and_last_are_what_dateutil_says(times: int):
    def check(one: Series, place: int) -> None:
        some = list(islice(followed(one), 400))
        if "COUNT" not in one.rrule and "UNTIL" not in one.rrule:
            assert total(*one) is None
            assert last(*one) is None
        elif len(some) < 400:
            assert total(*one) == len(some)
            assert last(*one) == (some[-1] if some else None)
        if some:
            index = place % len(some)
            assert number_of(*one, some[index][0]) == index + 1

    run(times, check, one=series(), place=st.integers(0, 399))


@pytest.mark.parametrize("times", TIMES)
def test_r12_a_rule_is_read_back_from_its_text(times: int):
    def check(one: Series) -> None:
        rule = Rule.from_rrule(*one)
        assert rule is not None
        assert rule.to_rrule(one.dtstart, one.zone_name) == one.rrule

    run(times, check, one=series())


@pytest.mark.parametrize("times", TIMES)
def test_r29_both_parts_of_a_split_are_the_whole_with_nothing_twice(times: int):
    def check(one: Series, place: int, excluded: int) -> None:
        whole = upcoming(*one, since=LONG_AGO, limit=120)
        assume(len(whole) > 1)
        index = 1 + place % min(60, len(whole) - 1)
        at = whole[index].recurrence_id
        before, after = ends_before(*one, at)
        earlier = between(before, one.dtstart, one.zone_name, LONG_AGO, FAR, limit=120)
        later = upcoming(after, at, one.zone_name, since=LONG_AGO, limit=120 - index)
        assert earlier == whole[:index]
        assert later == whole[index:]
        if (count := total(*one)) is not None:
            assert (total(before, one.dtstart, one.zone_name) or 0) == index
            assert total(after, at, one.zone_name) == count - index
        exdate = whole[excluded % len(whole)].recurrence_id
        without = [*between(before, one.dtstart, one.zone_name, LONG_AGO, FAR, exdates={exdate})]
        without += upcoming(after, at, one.zone_name, since=LONG_AGO, limit=120 - index, exdates={exdate})
        assert without[: len(whole) - 1] == [each for each in whole if each.recurrence_id != exdate]

    run(times, check, one=series(), place=st.integers(0, 59), excluded=st.integers(0, 119))


@pytest.mark.parametrize("times", TIMES)
def test_r16_a_split_within_short_months_splits_again(times: int):
    def check(one: Series, first_place: int, second_place: int) -> None:
        whole = upcoming(*one, since=LONG_AGO, limit=60)
        assume(len(whole) > 4)
        first_index = 1 + first_place % (len(whole) - 3)
        second_index = 1 + second_place % (len(whole) - first_index - 1)
        middle = Series(ends_before(*one, whole[first_index].recurrence_id)[1], whole[first_index][0], one.zone_name)
        at = whole[first_index + second_index].recurrence_id
        end = Series(ends_before(*middle, at)[1], at, one.zone_name)
        assert (
            upcoming(*end, since=LONG_AGO, limit=60)[: 60 - first_index - second_index]
            == whole[first_index + second_index :]
        )

    run(times, check, one=series(), first_place=st.integers(0, 59), second_place=st.integers(0, 59))
