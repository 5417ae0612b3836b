"""Clients: what goes in comes out, is found, and is never overwritten in silence."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from appointments_app.db.models import Client
from appointments_app.db.queries import history
from appointments_app.domain.client import ClientFilter, ClientTab, tags_of
from appointments_app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from appointments_app.domain.listing import Place, Sort
from appointments_app.features.client_file import service as file
from appointments_app.features.clients import service
from appointments_app.features.session import service as session
from tests.clients.conftest import book


def _names(uow, actor, place=None, **wanted):
    view = service.list_view(uow, actor=actor, wanted=ClientFilter(**wanted), place=place or Place())
    return [row.name for row in view.page.rows]


def test_r4_a_new_client_is_stored_in_canonical_form(uow, ada):
    client_id = service.create_client(
        uow,
        actor=ada,
        name="  Mona   Adel ",
        email="Mona@Example.COM",
        phone="0100 123 4567",
        tags="VIP, vip , new",
        address="1 Nile St\nCairo",
        notes="<script>",
        language="ar",
        time_zone="Africa/Cairo",
    )
    form = service.form_of(uow, actor=ada, client_id=client_id)
    assert form.values["name"] == "Mona Adel"
    assert form.values["email"] == "mona@example.com"
    assert form.values["phone"] == "+20 10 01234567"
    assert form.values["tags"] == "VIP, new"
    assert form.values["address"] == "1 Nile St\nCairo"
    assert form.values["notes"] == "<script>"


def test_every_wrong_field_gets_its_own_message(uow, ada):
    with pytest.raises(Invalid) as refused:
        service.create_client(
            uow,
            actor=ada,
            name=" ",
            email="nobody",
            phone="call me",
            language="xx",
            time_zone="Mars/Base",
            notes="n" * 10_001,
            tags="t" * 41,
        )
    assert set(refused.value.fields) == {"name", "email", "phone", "language", "time_zone", "notes", "tags"}


def test_a_name_that_is_too_long_is_refused_not_cut(uow, ada):
    with pytest.raises(Invalid) as refused:
        service.create_client(uow, actor=ada, name="n" * 121)
    assert refused.value.fields == {"name": "This is too long."}


def test_arguments_of_any_type_do_no_harm(uow, ada):
    with pytest.raises(Invalid):
        service.create_client(uow, actor=ada, name=None, email={"a": 1}, tags=["x"] * 500)
    with pytest.raises(NotFound):
        service.form_of(uow, actor=ada, client_id={"id": 1})


def test_tags_are_split_at_commas_of_either_script():
    assert tags_of("a، b; c ,, A") == ("a", "b", "c")


def test_r5_quick_create_returns_the_entry_of_the_drop_down(uow, ada):
    choice = service.quick_create(uow, actor=ada, name="Omar", phone="01001234567")
    assert (choice.name, choice.detail) == ("Omar", "+20 10 01234567")
    assert service.form_of(uow, actor=ada, client_id=choice.id).values["name"] == "Omar"


def test_r4_clients_are_found_by_any_part_of_name_e_mail_phone_or_tag(uow, ada):
    service.create_client(
        uow,
        actor=ada,
        name="Émile Zola",
        business_name="Germinal",
        email="zola@example.com",
        phone="0100 765 4321",
        tags="Author",
    )
    service.create_client(uow, actor=ada, name="Somebody Else")
    for typed in ("emile", "ola", "germ", "zola@ex", "7654321", "author"):
        assert _names(uow, ada, search=typed) == ["Émile Zola"], typed


def test_an_edited_client_is_found_by_the_new_words_only(uow, ada):
    client_id = service.create_client(uow, actor=ada, name="Before")
    service.update_client(uow, actor=ada, client_id=client_id, version=1, name="Afterwards", tags="gold")
    assert _names(uow, ada, search="before") == []
    assert _names(uow, ada, search="afterw") == ["Afterwards"]
    assert _names(uow, ada, tag="gold") == ["Afterwards"]


def test_r4_pages_by_key_show_every_client_once_in_both_directions(uow, ada):
    for number in range(7):
        service.create_client(uow, actor=ada, name=f"Client {number // 2}")
    place = replace(Place(sort=Sort.CLIENT), size=3)
    shown, pages = [], []
    while True:
        page = service.list_view(uow, actor=ada, wanted=ClientFilter(), place=place).page
        shown += [row.id for row in page.rows]
        pages.append(page)
        if not page.next:
            break
        place = replace(place, after=page.next)
    assert len(shown) == len(set(shown)) == 7
    back = service.list_view(
        uow, actor=ada, wanted=ClientFilter(), place=replace(place, after="", before=pages[-1].previous)
    ).page
    assert [row.id for row in back.rows] == [row.id for row in pages[-2].rows]


def test_clients_sort_by_when_they_were_created(uow, ada):
    for name in ("B", "A", "C"):
        service.create_client(uow, actor=ada, name=name)
    assert _names(uow, ada, Place(sort=Sort.CREATED, descending=True)) == ["C", "A", "B"]


def test_a_key_that_nobody_made_counts_as_none(uow, ada):
    service.create_client(uow, actor=ada, name="A")
    for key in ("x", "[1]", "[null,1]", '["a","b"]', '[{"a":1},2]', "[1,2]", "[true,3]"):
        assert _names(uow, ada, Place(after=key)) == ["A"]
        assert _names(uow, ada, Place(sort=Sort.CREATED, after=key)) == ["A"]


def test_r23_the_list_shows_each_clients_nearest_active_appointment(uow, ada):
    client_id = service.create_client(uow, actor=ada, name="Mona")
    book(uow, client_id, hours=48)
    book(uow, client_id, hours=-2)
    book(uow, client_id, hours=1, status="dismissed")
    running = book(uow, client_id, hours=-0.5)
    (row,) = service.list_view(uow, actor=ada, wanted=ClientFilter(), place=Place()).page.rows
    assert row.nearest_id == running


def test_an_archived_client_moves_to_the_other_tab_and_undo_brings_it_back(uow, ada, ben):
    client_id = service.create_client(uow, actor=ada, name="Mona")
    change_id = service.archive(uow, actor=ada, client_id=client_id)
    assert _names(uow, ada) == []
    assert _names(uow, ada, tab=ClientTab.ARCHIVED) == ["Mona"]
    assert service.archive(uow, actor=ada, client_id=client_id) == 0
    with pytest.raises(NotFound):
        session.undo(uow, actor=ben, change_id=change_id)
    assert session.undo(uow, actor=ada, change_id=change_id)
    assert _names(uow, ada) == ["Mona"]
    with pytest.raises(NotFound):
        session.undo(uow, actor=ada, change_id=change_id)


def test_of_two_who_undo_the_same_change_at_the_same_moment_one_finds_nothing_left(uow, ada):
    change_id = service.archive(uow, actor=ada, client_id=service.create_client(uow, actor=ada, name="Mona"))
    at_once = threading.Barrier(4)

    def take_back(_: int) -> int:
        at_once.wait(10)
        try:
            return session.undo(uow, actor=ada, change_id=change_id)
        except NotFound:
            return -1

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take_back, range(4))) == [-1, -1, -1, 1]


def test_text_of_any_kind_can_be_stored(uow, ada):
    odd = "a\x00b\ud800c\udfff"
    client_id = service.create_client(uow, actor=ada, name=odd, address=odd, notes=odd, tags=odd)
    values = service.form_of(uow, actor=ada, client_id=client_id).values
    assert [values[name] for name in ("name", "address", "notes", "tags")] == ["abc"] * 4
    assert _names(uow, ada, search=ClientFilter.from_query({"q": odd}).search) == ["abc"]


def test_counts_by_tab_follow_search_and_tag(uow, ada):
    for name in ("Mona", "Monir", "Zoe"):
        service.create_client(uow, actor=ada, name=name, tags="x" if name == "Mona" else "")
    service.archive(uow, actor=ada, client_id=3)
    assert service.capped_counts(uow, actor=ada, wanted=ClientFilter(search="mon")) == {"active": 2, "archived": 0}
    assert service.capped_counts(uow, actor=ada, wanted=ClientFilter(tag="x"))["active"] == 1
    assert service.list_view(uow, actor=ada, wanted=ClientFilter(), place=Place()).tags == ["x"]


def test_of_two_who_save_the_second_is_told_who_changed_what(uow, ada, ben):
    client_id = service.create_client(uow, actor=ada, name="Mona", phone="01001234567")
    service.update_client(uow, actor=ben, client_id=client_id, version=1, name="Mona Adel", phone="01001234567")
    with pytest.raises(Conflict) as refused:
        service.update_client(uow, actor=ada, client_id=client_id, version=1, name="Mona A.")
    (change,) = refused.value.values["changes"]
    assert change.who == "Ben"
    assert [(line.field, line.old, line.new) for line in change.lines] == [("name", "Mona", "Mona Adel")]
    assert service.form_of(uow, actor=ada, client_id=client_id).values["name"] == "Mona Adel"


def test_saving_without_a_change_writes_no_history(uow, ada):
    client_id = service.create_client(uow, actor=ada, name="Mona", tags="b, a")
    assert service.update_client(uow, actor=ada, client_id=client_id, version=1, name="Mona", tags="a, b") == 1
    with uow.read() as tx:
        assert [row.verb for row in history.of_record(tx, "client", client_id)] == ["created"]


def test_notes_alone_do_not_clash_with_a_change_of_another_field(uow, ada, ben):
    client_id = service.create_client(uow, actor=ada, name="Mona")
    service.update_client(uow, actor=ben, client_id=client_id, version=1, name="Mona Adel")
    service.update_notes(uow, actor=ada, client_id=client_id, version=1, notes="Prefers mornings.")
    form = service.form_of(uow, actor=ada, client_id=client_id)
    assert (form.values["name"], form.values["notes"]) == ("Mona Adel", "Prefers mornings.")
    with pytest.raises(Conflict):
        service.update_notes(uow, actor=ben, client_id=client_id, version=2, notes="Prefers evenings.")


def test_a_client_with_the_same_phone_or_e_mail_is_pointed_out_not_refused(uow, ada):
    first = service.create_client(uow, actor=ada, name="Mona", phone="01001234567", email="m@example.com")
    found = service.twins(uow, actor=ada, client_id="", email="", phone="+20 100 123 4567")
    assert [(twin.id, twin.same) for twin in found] == [(first, "phone")]
    assert service.twins(uow, actor=ada, client_id=first, email="m@example.com", phone="") == []
    assert service.create_client(uow, actor=ada, name="Mona's son", phone="01001234567") != first


def test_who_may_not_manage_clients_is_refused_everywhere(uow, ada):
    client_id = service.create_client(uow, actor=ada, name="Mona")
    archived = service.archive(uow, actor=ada, client_id=service.create_client(uow, actor=ada, name="Omar"))
    nobody = replace(ada, permissions=frozenset())
    for attempt in (
        lambda: service.create_client(uow, actor=nobody, name="X"),
        lambda: service.quick_create(uow, actor=nobody, name="X"),
        lambda: service.update_client(uow, actor=nobody, client_id=client_id, version=1, name="X"),
        lambda: service.update_notes(uow, actor=nobody, client_id=client_id, version=1, notes="X"),
        lambda: service.archive(uow, actor=nobody, client_id=client_id),
        lambda: service.restore(uow, actor=nobody, client_id=client_id),
        lambda: session.undo(uow, actor=nobody, change_id=archived),
        lambda: service.form_of(uow, actor=nobody, client_id=client_id),
        lambda: service.twins(uow, actor=nobody, client_id="", email="a@example.com", phone=""),
        lambda: service.list_view(uow, actor=nobody, wanted=ClientFilter(), place=Place()),
        lambda: service.capped_counts(uow, actor=nobody, wanted=ClientFilter()),
        lambda: service.exact_count(uow, actor=nobody, wanted=ClientFilter()),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    with uow.read() as tx:
        assert tx.get(Client, client_id).version == 1


def test_r21_todays_appointments_stand_in_the_file_ahead_until_they_are_over_then_behind(uow, ada):
    client_id = service.create_client(uow, actor=ada, name="Cleo")
    yesterday, morning = book(uow, client_id, hours=-24), book(uow, client_id, hours=-3)
    done, running = book(uow, client_id, hours=-2, status="done"), book(uow, client_id, hours=-0.5)
    evening, tomorrow = book(uow, client_id, hours=5), book(uow, client_id, hours=24)
    view = file.overview(uow, actor=ada, client_id=client_id)
    assert [row.id for row in view.upcoming] == [running, evening, tomorrow]
    assert [row.id for row in view.recent] == [done, morning, yesterday]


def test_a_birth_date_is_kept_shown_and_no_day_to_come(uow, ada):
    born = service.create_client(uow, actor=ada, name="Mona", birth_date="1980-12-31")
    assert service.form_of(uow, actor=ada, client_id=born).values["birth_date"] == "1980-12-31"
    assert file.head(uow, actor=ada, client_id=born).client.birth_date == "1980-12-31"
    for odd in ("2026-03-25", "1899-12-31", "31/12/1980", "1980-02-30", "x" * 40, [1980]):
        with pytest.raises(Invalid) as refused:
            service.update_client(uow, actor=ada, client_id=born, version=1, name="Mona", birth_date=odd)
        assert list(refused.value.fields) == ["birth_date"]
