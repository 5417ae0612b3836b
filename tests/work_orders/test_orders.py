"""Work orders: created, numbered, edited, found, moved through their life."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appointments_app.domain.access import Permission, Scope
from appointments_app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from appointments_app.domain.listing import Place, Sort
from appointments_app.domain.work_order import LIFE, OrderFilter, OrderStatus, OrderTab, Step, after
from appointments_app.features.clients.service import create_client
from appointments_app.features.session.service import undo
from appointments_app.features.work_orders import service
from tests.appointments.conftest import Practice, token
from tests.appointments.desk import at_once, book
from tests.work_orders.conftest import create, form


def record(practice: Practice, order: int, actor=None) -> service.Record:
    return service.record_of(practice.uow, actor=actor or practice.ada, order_id=order)


def rows(practice: Practice, actor=None, place: Place | None = None, **wanted):
    asked = OrderFilter(**{"tab": OrderTab.ALL, **wanted})
    return service.list_view(practice.uow, actor=actor or practice.ada, wanted=asked, place=place or Place()).page


def titles(practice: Practice, actor=None, **wanted) -> list[str]:
    return [row.title for row in rows(practice, actor, **wanted).rows]


def refused(practice: Practice, **changes) -> set[str]:
    with pytest.raises(Invalid) as refusal:
        create(practice, **changes)
    return set(refusal.value.fields)


def test_a_work_order_is_stored_as_it_was_typed_and_can_be_read_back(practice):
    ben = str(practice.ben.staff_id)
    order = create(
        practice, title=" New  lift ", starts_on="2026-04-01", ends_on="2026-04-30", description="Two floors\n",
        tags="lift, urgent", budget="1.250,50", staff=[ben],
    )  # fmt: skip
    row = record(practice, order).row
    assert (row.title, row.number, row.client, row.status) == ("New lift", "1001", "Cleo", "open")
    assert (row.starts_on, row.ends_on, row.budget, row.currency) == ("2026-04-01", "2026-04-30", "1250.50", "EUR")
    assert (row.tags, [one.name for one in row.staff]) == (["lift", "urgent"], ["Ben"])
    opened = service.open_one(practice.uow, actor=practice.ada, order_id=order)
    assert opened.form["budget"] == "1250.50"
    assert opened.form["description"] == "Two floors"
    assert not service.edit(practice.uow, actor=practice.ada, order_id=order, form=opened.form, version=1)


def test_every_wrong_field_is_named(practice):
    wrong = {
        "title": " ", "client": "x", "starts_on": "2026-04-02", "ends_on": "2026-04-01", "budget": "much",
        "currency": "XXX", "number": "9" * 21, "description": "x" * 10_001, "tags": ",".join(map(str, range(30))),
        "staff": ["?"],
    }  # fmt: skip
    assert refused(practice, **wrong) == set(wrong) - {"starts_on"}
    assert refused(practice, client="999999") == {"client"}
    assert refused(practice, staff=["999999"]) == {"staff"}
    assert refused(practice, starts_on="soon", ends_on="3000-01-01") == {"starts_on", "ends_on"}


def test_numbers_follow_each_other_skip_what_was_typed_and_are_never_given_twice(practice):
    assert record(practice, create(practice)).row.number == "1001"
    assert record(practice, create(practice, number="1002")).row.number == "1002"
    assert record(practice, create(practice)).row.number == "1003"
    assert record(practice, create(practice, number="A-7")).row.number == "A-7"
    assert refused(practice, number="a-7") == {"number"}
    assert service.open_new(practice.uow, actor=practice.ada, token=token()).next_number == "1004"


def test_the_number_of_a_deleted_work_order_stays_taken(practice):
    order = create(practice, number="77")
    service.delete(practice.uow, actor=practice.ada, order_id=order)
    assert refused(practice, number="77") == {"number"}


def test_many_created_at_once_get_numbers_of_their_own(practice):
    results = at_once(lambda: create(practice), 8)
    assert all(isinstance(one, int) for one in results), results
    assert len({record(practice, one).row.number for one in results}) == 8
    typed = at_once(lambda: create(practice, number="XY"), 4)
    assert sorted(isinstance(one, int) for one in typed) == [False, False, False, True]
    assert all(isinstance(one, int | Invalid) for one in typed), typed


def test_a_form_that_is_saved_twice_makes_one_work_order(practice):
    own = token()
    first, second = (service.create(practice.uow, actor=practice.ada, form=form(practice), token=own) for _ in range(2))
    assert first == second
    assert service.open_new(practice.uow, actor=practice.ada, token=own).saved_id == first


def test_what_is_typed_is_kept_until_it_is_saved_or_discarded(practice):
    own = token()
    service.keep(practice.uow, actor=practice.ada, token=own, form=form(practice, title="Half"))
    opened = service.open_new(practice.uow, actor=practice.ada, token=own)
    assert (opened.form["title"], opened.was_restored) == ("Half", True)
    with pytest.raises(NotFound):
        service.open_new(practice.uow, actor=practice.ben, token=own)
    service.discard(practice.uow, actor=practice.ada, token=own)
    assert service.open_new(practice.uow, actor=practice.ada, token=own).form["title"] == ""


def test_two_people_who_edit_the_same_one_hear_of_each_other(practice):
    order = create(practice)
    mine = service.open_one(practice.uow, actor=practice.ada, order_id=order)
    edited = {**mine.form, "title": "Stairs"}
    service.edit(practice.uow, actor=practice.ben, order_id=order, form=edited, version=1)
    with pytest.raises(Conflict) as conflict:
        service.edit(
            practice.uow, actor=practice.ada, order_id=order, form={**mine.form, "tags": "x"}, version=1,
            since=mine.since,
        )  # fmt: skip
    (change,) = conflict.value.values["changes"]
    assert (change.who, [(one.field, one.old, one.new) for one in change.lines]) == (
        "Ben",
        [("title", "Lift", "Stairs")],
    )


def test_the_client_stays_once_there_are_appointments(practice):
    order = create(practice)
    moved = form(practice, client=str(practice.omar))
    assert service.edit(practice.uow, actor=practice.ada, order_id=order, form=moved, version=1)
    book(practice, client=str(practice.omar), work_order=str(order))
    with pytest.raises(Invalid) as refusal:
        service.edit(practice.uow, actor=practice.ada, order_id=order, form=form(practice), version=2)
    assert refusal.value.fields.keys() == {"client"}


def test_the_list_finds_by_text_number_client_staff_tag_and_days(practice):
    ben = str(practice.ben.staff_id)
    create(
        practice, title="Lift", number="501", tags="house", staff=[ben], starts_on="2026-04-01", ends_on="2026-04-30"
    )
    nadia = str(create_client(practice.uow, actor=practice.ada, name="Nadia"))
    create(practice, title="Stairs", client=nadia, description="marble", starts_on="2026-06-01")
    create(practice, title="Roof")
    assert titles(practice) == ["Roof", "Stairs", "Lift"]
    assert titles(practice, search="marb") == ["Stairs"]
    assert titles(practice, search="#501") == ["Lift"]
    assert titles(practice, search="50") == ["Lift"]
    assert titles(practice, search="nadia") == ["Stairs"]
    assert titles(practice, client=nadia) == ["Stairs"]
    assert titles(practice, staff=ben) == ["Lift"]
    assert titles(practice, tag="house") == ["Lift"]
    assert titles(practice, since="2026-04-15", until="2026-05-01") == ["Lift"]
    assert titles(practice, since="2026-05-01") == ["Stairs"]
    assert titles(practice, search="nowhere") == []


def test_pages_and_counts_of_a_list_agree(practice):
    for number in range(60):
        create(practice, title=f"{number:02}", is_draft=number % 3 == 0, starts_on=f"2026-04-{number % 28 + 1:02}")
    counts = service.capped_counts(practice.uow, actor=practice.ada, wanted=OrderFilter())
    assert counts == {"open": 40, "closed": 0, "cancelled": 0, "draft": 20, "all": 60}
    assert service.exact_count(practice.uow, actor=practice.ada, wanted=OrderFilter(tab=OrderTab.DRAFT)) == 20
    for sort, descending in ((Sort.START, False), (Sort.START, True), (Sort.CREATED, False), (Sort.CREATED, None)):
        place = Place(sort=sort, descending=descending, size=25)
        pages = [rows(practice, place=place)]
        while pages[-1].next:
            pages.append(rows(practice, place=replace(place, after=pages[-1].next)))
        every = [row.title for page in pages for row in page.rows]
        assert (len(pages), len(set(every))) == (3, 60)
        back = rows(practice, place=replace(place, before=pages[-1].previous))
        assert [row.title for row in back.rows] == [row.title for row in pages[1].rows]


def test_a_list_counts_the_appointments_of_each(practice):
    order = create(practice)
    book(practice, work_order=str(order))
    book(practice, work_order=str(order), date="2026-03-26")
    (row,) = rows(practice).rows
    assert (row.scheduled, row.appointments) == (2, 2)


def test_people_with_their_own_diary_see_the_work_orders_they_work_on(practice):
    ben = replace(practice.ben, scope=Scope.OWN)
    assigned, booked, other = (create(practice, title=title) for title in ("Assigned", "Booked", "Other"))
    opened = form(practice, title="Assigned", staff=[str(ben.staff_id)])
    service.edit(practice.uow, actor=practice.ada, order_id=assigned, form=opened, version=1)
    book(practice, work_order=str(booked), staff=[str(ben.staff_id)])
    assert titles(practice, ben) == ["Booked", "Assigned"]
    with pytest.raises(NotFound):
        record(practice, other, ben)
    with pytest.raises(NotFound):
        service.move(practice.uow, actor=ben, order_id=other, step="close")


@pytest.mark.parametrize("wrong", ["", "x", "0", "-1", "9" * 30, None, 10**12, {"id": 1}])
def test_what_is_no_id_is_not_found(practice, wrong):
    with pytest.raises(NotFound):
        service.record_of(practice.uow, actor=practice.ada, order_id=wrong)


@pytest.mark.parametrize(
    ("use_case", "permission", "values"),
    [
        (service.list_view, Permission.VIEW, {"wanted": OrderFilter(), "place": Place()}),
        (service.record_of, Permission.VIEW, {"order_id": 1}),
        (service.ask, Permission.VIEW, {"order_id": 1}),
        (service.open_new, Permission.ADD, {"token": ""}),
        (service.create, Permission.ADD, {"token": "", "form": {}}),
        (service.keep, Permission.ADD, {"token": "", "form": {}}),
        (service.open_one, Permission.EDIT, {"order_id": 1}),
        (service.edit, Permission.EDIT, {"order_id": 1, "form": {}, "version": 1}),
        (service.move, Permission.EDIT, {"order_id": 1, "step": "close"}),
        (service.move, Permission.STATUS, {"order_id": 1, "step": "close", "fate": "done"}),
        (service.delete, Permission.DELETE, {"order_id": 1}),
    ],
)
def test_nobody_does_what_they_may_not(practice, use_case, permission, values):
    actor = replace(practice.ada, permissions=practice.ada.permissions - {permission})
    with pytest.raises(NotAllowed):
        use_case(practice.uow, actor=actor, **values)


@pytest.mark.parametrize("status", OrderStatus)
@pytest.mark.parametrize("step", Step)
def test_the_life_of_a_work_order_is_its_table(practice, status, step):
    order = practice.order(status=status.value)
    if step not in LIFE[status]:
        with pytest.raises(Invalid):
            service.move(practice.uow, actor=practice.ada, order_id=order, step=step.value)
        return
    done = service.move(practice.uow, actor=practice.ada, order_id=order, step=step.value)
    assert record(practice, order).row.status == after(status, step)
    assert undo(practice.uow, actor=practice.ada, change_id=done.change_id) == 1
    assert record(practice, order).row.status == status


@pytest.mark.parametrize("values", [{"step": "explode"}, {"step": ["close"]}, {"step": "close", "fate": "delete"}])
def test_what_no_page_sends_is_refused(practice, values):
    with pytest.raises(Invalid):
        service.move(practice.uow, actor=practice.ada, order_id=practice.order(), **values)
    with pytest.raises(Invalid):
        service.delete(practice.uow, actor=practice.ada, order_id=1, fate="done")
