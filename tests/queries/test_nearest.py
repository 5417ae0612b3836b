"""One client's list: nearest first, every row once, forwards and backwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from appointments_app.db.queries import nearest
from appointments_app.db.queries.appointments import AppointmentPage
from appointments_app.domain.appointment import Tab
from appointments_app.domain.listing import AppointmentFilter, Place, Sort
from tests.queries.diary import ADA, NOW, Diary, matches, may_see


def walk(diary: Diary, wanted: AppointmentFilter, place: Place, way: str) -> Iterator[AppointmentPage]:
    for _page in range(300):
        with diary.uow.read() as tx:
            page = nearest.page(tx, ADA, wanted, place)
        yield page
        onward = page.next if way == "after" else page.previous
        if not onward:
            return
        place = replace(place, after=onward, before="") if way == "after" else replace(place, after="", before=onward)
    raise AssertionError("pages without end")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
@pytest.mark.parametrize("tab", [Tab.ALL, Tab.SCHEDULED])
@pytest.mark.parametrize("client", ["12", ""])
def test_what_lies_ahead_comes_soonest_first_then_what_was_latest_first(diary: Diary, client: str, tab: Tab, size: int):
    if not client and size < 7:
        return  # thousands of pages
    wanted = AppointmentFilter(client=client, tab=tab)
    rows = [fact.row for fact in diary.facts if may_see(ADA, fact) and matches(fact, wanted)]
    in_time = sorted(rows, key=lambda row: (row.start_at, row.id))
    today = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    ahead = [row.id for row in in_time if row.start_at.date() >= today.date()]
    right = [*ahead, *[row.id for row in reversed(in_time) if row.start_at.date() < today.date()]]
    forwards = list(walk(diary, wanted, Place(size=size), "after"))
    assert [row.id for page in forwards for row in page.rows] == right
    assert not forwards[0].previous
    assert all(len(page.rows) == size for page in forwards[:-1])
    if len(forwards) > 1:
        last = replace(Place(size=size), before=forwards[-2].next)
        backwards = [row.id for page in reversed(list(walk(diary, wanted, last, "before"))) for row in page.rows]
        assert backwards == right[: right.index(forwards[-2].rows[-1].id)]


def test_only_one_clients_list_is_in_this_order_and_only_until_another_is_chosen():
    one = AppointmentFilter(client="12")
    assert nearest.is_nearest_first(one, Place())
    assert not nearest.is_nearest_first(AppointmentFilter(), Place())
    assert not nearest.is_nearest_first(replace(one, tab=Tab.DONE), Place())
    assert not nearest.is_nearest_first(one, Place(descending=False))
    assert not nearest.is_nearest_first(one, Place(sort=Sort.CLIENT))
