"""The list shows exactly the rows it should, in the right order, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from appointments_app.db.queries import appointments, overlaps
from appointments_app.db.queries.appointments import AppointmentPage
from appointments_app.db.queries.nearest import nearest_active
from appointments_app.domain.access import Actor
from appointments_app.domain.appointment import Tab
from appointments_app.domain.listing import COUNT_CAP, AppointmentFilter, Place, Sort
from tests.queries.diary import ADA, BEN, NOW, Diary, Fact, key, matches, may_see

ANY = AppointmentFilter()
FILTERS = (
    ANY,
    AppointmentFilter(tab=Tab.SCHEDULED),
    AppointmentFilter(tab=Tab.DONE),
    AppointmentFilter(tab=Tab.YET_TO_MARK),
    AppointmentFilter(staff="2"),
    AppointmentFilter(tab=Tab.DONE, staff="3"),
    AppointmentFilter(staff="none"),
    AppointmentFilter(tab=Tab.DISMISSED, staff="none"),
    AppointmentFilter(client="12"),
    AppointmentFilter(client="12", tab=Tab.DONE),
    AppointmentFilter(action="3"),
    AppointmentFilter(action="3", staff="2", tab=Tab.DONE),
    AppointmentFilter(since="2026-03-20"),
    AppointmentFilter(until="2026-03-20"),
    AppointmentFilter(since="2026-03-10", until="2026-03-27", staff="2"),
    AppointmentFilter(shared="yes"),
    AppointmentFilter(shared="no", confirmed="yes", tab=Tab.SCHEDULED),
    AppointmentFilter(confirmed="no", action="5"),
    AppointmentFilter(kind="work-order"),
    AppointmentFilter(kind="work-order", tab=Tab.DONE, staff="2"),
    AppointmentFilter(kind="independent", tab=Tab.SCHEDULED),
    AppointmentFilter(work_order="2"),
    AppointmentFilter(work_order="2", tab=Tab.DISMISSED),
    AppointmentFilter(client="999999"),
    AppointmentFilter(action="2147483647"),
)
ORDERS = tuple(product(Sort, (False, True)))


def named(wanted: AppointmentFilter) -> str:
    return " ".join(f"{name} {value}" for name, value in wanted.to_query().items()) or "any"


def expected(diary: Diary, actor: Actor, wanted: AppointmentFilter) -> list[Fact]:
    return [fact for fact in diary.facts if may_see(actor, fact) and matches(fact, wanted)]


def walk(diary: Diary, actor: Actor, wanted: AppointmentFilter, place: Place, way: str) -> Iterator[AppointmentPage]:
    for _page in range(200):
        with diary.uow.read() as tx:
            page = appointments.page(tx, actor, wanted, place)
        yield page
        onward = page.next if way == "after" else page.previous
        if not onward:
            return
        place = replace(place, after=onward, before="") if way == "after" else replace(place, after="", before=onward)
    raise AssertionError("pages without end")


@pytest.mark.parametrize("wanted", FILTERS, ids=named)
def test_r25_pages_cover_every_row_once_forwards_and_backwards(diary: Diary, wanted: AppointmentFilter):
    for sort, descending in ORDERS:
        place = Place(sort=sort, descending=descending, size=25)
        right = sorted(expected(diary, ADA, wanted), key=lambda fact: key(fact, place), reverse=descending)
        ids = [fact.row.id for fact in right]
        pages = list(walk(diary, ADA, wanted, place, "after"))
        assert [row.id for page in pages for row in page.rows] == ids
        assert not pages[0].previous
        if not right:
            continue
        value, row_id = key(right[-1], place)
        end = replace(place, before=appointments.make_key(value, row_id))
        backwards = [row.id for page in reversed(list(walk(diary, ADA, wanted, end, "before"))) for row in page.rows]
        assert backwards == ids[:-1]


@pytest.mark.parametrize("tab", Tab)
@pytest.mark.parametrize("staff", ["", "2"])
def test_the_list_opens_at_today_and_reaches_both_ends(diary: Diary, tab: Tab, staff: str):
    wanted = AppointmentFilter(tab=tab, staff=staff)
    forwards = list(walk(diary, ADA, wanted, Place(size=25), "after"))
    backwards = list(walk(diary, ADA, wanted, Place(size=25), "before"))
    ids = [row.id for page in [*reversed(backwards[1:]), *forwards] for row in page.rows]
    place = Place(descending=appointments.is_descending(wanted, Place()))
    right = sorted(expected(diary, ADA, wanted), key=lambda fact: key(fact, place), reverse=bool(place.descending))
    assert ids == [fact.row.id for fact in right]
    if tab is Tab.ALL and not staff:
        assert forwards[0].rows[0].start_at.startswith("2026-03-25")


def test_a_list_with_little_ahead_opens_on_a_full_page(diary: Diary):
    wanted = AppointmentFilter(client="12")
    right = expected(diary, ADA, wanted)
    with diary.uow.read() as tx:
        page = appointments.page(tx, ADA, wanted, Place(size=25))
    assert len(page.rows) == min(25, len(right))


@pytest.mark.parametrize("wanted", FILTERS, ids=named)
def test_r25_counts_agree_with_the_rows(diary: Diary, wanted: AppointmentFilter):
    with diary.uow.read() as tx:
        counts = appointments.capped_counts(tx, ADA, wanted)
        exact = appointments.exact_count(tx, ADA, wanted)
    assert exact == len(expected(diary, ADA, wanted))
    for tab in Tab:
        assert counts[tab] == min(COUNT_CAP + 1, len(expected(diary, ADA, replace(wanted, tab=tab))))


@pytest.mark.parametrize("wanted", FILTERS, ids=named)
def test_r25_who_may_see_only_their_own_sees_no_other(diary: Diary, wanted: AppointmentFilter):
    right = sorted(fact.row.id or 0 for fact in expected(diary, BEN, wanted))
    pages = list(walk(diary, BEN, wanted, Place(size=100, descending=False), "after"))
    assert sorted(row.id for page in pages for row in page.rows) == right
    with diary.uow.read() as tx:
        assert appointments.exact_count(tx, BEN, wanted) == len(right)


def test_one_hides_what_is_deleted_or_not_ones_own(diary: Diary):
    with diary.uow.read() as tx:
        for fact in diary.facts[:60]:
            for actor in (ADA, BEN):
                assert (appointments.one(tx, actor, fact.row.id or 0) is not None) == may_see(actor, fact)
        assert appointments.one(tx, ADA, 10**15) is None


def test_a_row_shows_what_was_stored(diary: Diary):
    with diary.uow.read() as tx:
        page = appointments.page(tx, ADA, ANY, Place(size=100))
    by_id = {fact.row.id: fact for fact in diary.facts}
    for row in page.rows:
        fact = by_id[row.id]
        assert row.client == fact.client.name
        assert row.action == fact.action
        assert {chip.id for chip in row.staff} == fact.staff
        assert row.minutes * 60 == (fact.row.end_at - fact.row.start_at).total_seconds()
        assert row.over == (fact.row.end_at <= NOW)
        assert row.confirmed == (fact.row.confirmed_at is not None)
        assert row.start_at == fact.row.start_at.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    "nonsense",
    ["x", "[]", "{}", "[1,2]", '["a",1]', '["2026-01-01",1]', '["2026-01-01T00:00:00Z",1e999]', "[null,null]",
     '["a",[]]',
     '["\\u0000",1]', '["2026-01-01T00:00:00Z",99999999999999999999]', "[" * 200, '["9999-12-31T23:59:59-14:00",1]'],
)  # fmt: skip
def test_a_key_that_cannot_be_read_is_no_error(diary: Diary, nonsense: str):
    for sort in Sort:
        with diary.uow.read() as tx:
            appointments.page(tx, ADA, ANY, Place(sort=sort, after=nonsense))
            appointments.page(tx, ADA, ANY, Place(sort=sort, before=nonsense))


@pytest.mark.parametrize("actor", [ADA, BEN], ids=["all", "own"])
def test_r23_nearest_active_is_the_next_one_scheduled_and_not_over(diary: Diary, actor: Actor):
    clients = sorted({fact.row.client_id for fact in diary.facts})
    with diary.uow.read() as tx:
        nearest = nearest_active(tx, actor, clients)
        assert nearest_active(tx, actor, []) == {}
    active = [f for f in diary.facts if may_see(actor, f) and f.row.status == "scheduled" and f.row.end_at > NOW]
    right = {
        client: min((fact.row.start_at, fact.row.id) for fact in active if fact.row.client_id == client)[1]
        for client in {fact.row.client_id for fact in active}
    }
    assert {client: row.id for client, row in nearest.items()} == right


def test_r14_clashes_are_the_overlaps_that_are_not_dismissed_or_deleted(diary: Diary):
    rows = [fact for fact in diary.facts if fact.row.deleted_at is None and fact.row.status != "dismissed"]
    for fact in diary.facts[::9]:
        for shift in (-90, -30, 0, 15):
            start, end = fact.row.start_at + timedelta(minutes=shift), fact.row.end_at + timedelta(minutes=shift)
            staff = sorted(fact.staff) or [1]
            right = sorted(
                (other.row.start_at, other.row.id)
                for other in rows
                if other.staff & set(staff) and other.row.start_at < end and other.row.end_at > start
                and other.row.id != fact.row.id
            )  # fmt: skip
            with diary.uow.read() as tx:
                found = overlaps.in_the_way(tx, staff, start, end, apart_from=fact.row.id)
            assert sorted(found) == sorted(row_id for _start, row_id in right)[:10]


def test_r14_neighbours_do_not_clash(diary: Diary):
    fact = next(fact for fact in diary.facts if fact.staff and may_see(ADA, fact) and fact.row.status == "done")
    with diary.uow.read() as tx:
        before = overlaps.in_the_way(
            tx, sorted(fact.staff), fact.row.start_at - timedelta(minutes=5), fact.row.start_at, apart_from=None
        )
        after = overlaps.in_the_way(
            tx, sorted(fact.staff), fact.row.end_at, fact.row.end_at + timedelta(minutes=5), apart_from=None
        )
    assert fact.row.id not in {*before, *after}


def test_a_day_at_the_ends_of_the_calendar_counts_as_any():
    assert AppointmentFilter.from_query({"since": "0001-01-01", "until": "9999-12-31"}) == AppointmentFilter()
