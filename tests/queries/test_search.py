"""A search finds what stands anywhere in a client, a note or an action, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from appointments_app.db.queries import appointments, search
from appointments_app.domain.access import Actor
from appointments_app.domain.appointment import Tab
from appointments_app.domain.listing import COUNT_CAP, AppointmentFilter, Place, Sort
from appointments_app.domain.text import fold
from tests.queries.diary import ADA, BEN, Diary, Fact, found_in, key, matches, may_see

SEARCHES = (
    "contract", "CONTRACT invoice", "client1", "@example.org", "example", "same name", "عقد", "العقد رقم", "consult",
    "repair",
    "100% _under", '"quoted"', "_under", "%%%", "' OR 1=1 --", "AND NOT", "sam", "sa", "s", "same n", "م", "0",
    "+20 22000",
    "vip", "façade", "télé devis", "no such thing at all", "name contract", "\U0001f600\U0001f600\U0001f600", "*",
    "a b c",
)  # fmt: skip


def expected(diary: Diary, actor: Actor, wanted: AppointmentFilter) -> list[Fact]:
    words = search.words_of(wanted.search)
    with diary.uow.read() as tx:
        bodies = dict(tx.execute(text("SELECT client_id, body FROM client_text")).all())
    found = []
    for fact in diary.facts:
        if any(len(word) >= 3 for word in words):
            is_found = found_in(fact, bodies[fact.client.id], words)
        else:
            begins = fact.client.sort_name.startswith(fold(wanted.search))
            is_found = begins or (bool(fact.action) and all(word in fold(fact.action) for word in words))
        if is_found and may_see(actor, fact) and matches(fact, wanted):
            found.append(fact)
    return found


@pytest.mark.parametrize("few", [search.FEW, 0], ids=["by id", "row by row"])
@pytest.mark.parametrize("words", SEARCHES)
def test_r25_a_search_finds_exactly_what_holds_its_words(
    diary: Diary, words: str, few: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(search, "FEW", few)
    for wanted in (
        AppointmentFilter(search=words),
        AppointmentFilter(search=words, tab=Tab.DONE, staff="2"),
        AppointmentFilter(search=words, shared="no", since="2026-03-20"),
    ):
        place = Place(sort=Sort.START, descending=False, size=100)
        right = sorted(expected(diary, ADA, wanted), key=lambda fact: key(fact, place))
        with diary.uow.read() as tx:
            page = appointments.page(tx, ADA, wanted, place)
            counts = appointments.capped_counts(tx, ADA, wanted)
            exact = appointments.exact_count(tx, ADA, wanted)
        assert [row.id for row in page.rows] == [fact.row.id for fact in right[:100]]
        assert exact == len(right)
        assert counts[wanted.tab] == min(COUNT_CAP + 1, len(right))


@pytest.mark.parametrize("words", ["contract", "same name", "sa"])
def test_who_may_see_only_their_own_finds_no_other(diary: Diary, words: str):
    wanted = AppointmentFilter(search=words)
    right = {fact.row.id for fact in expected(diary, BEN, wanted)}
    with diary.uow.read() as tx:
        page = appointments.page(tx, BEN, wanted, Place(size=100, descending=False))
        assert appointments.exact_count(tx, BEN, wanted) == len(right)
    assert {row.id for row in page.rows} <= right
    assert len(page.rows) == min(100, len(right))


def test_r25_a_phone_number_is_found_however_it_is_typed(diary: Diary):
    fact = next(fact for fact in diary.facts if fact.client.phone.startswith("+2022000") and fact.client.id % 7)
    national = "0" + fact.client.phone.removeprefix("+20")
    for typed in (fact.client.phone, national, f"{national[:4]} {national[4:7]}-{national[7:]}"):
        with diary.uow.read() as tx:
            ids = set(tx.execute(search.client_ids(tx, typed)).scalars())
        assert fact.client.id in ids
