"""Ben may see only his own clients: what he must not learn of the others, wherever clients are named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appointments_app.api import live
from appointments_app.db.models import Service, ServiceStaff
from appointments_app.db.queries import reach, search
from appointments_app.domain.access import BUILT_IN, Actor, Permission, Role, Scope, actor_with
from appointments_app.domain.client import ClientFilter, ClientTab
from appointments_app.domain.errors import Invalid, NotAllowed, NotFound
from appointments_app.domain.listing import AppointmentFilter, Place, Selection
from appointments_app.features.appointments import service as appointments
from appointments_app.features.bookings import service as bookings
from appointments_app.features.client_file import service as file
from appointments_app.features.clients import service
from appointments_app.features.session import service as session
from appointments_app.features.work_orders import service as orders
from tests.appointments.conftest import Practice, token
from tests.work_orders.conftest import form as order_form


@pytest.fixture
def ben(practice: Practice) -> Actor:
    """Ben in the built-in role Staff."""
    return actor_with(practice.ben.staff_id, "Ben", Role.STAFF, "en", "Africa/Cairo", BUILT_IN[Role.STAFF])


@pytest.fixture(params=["few", "many"])
def asked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Look clients up by id, and by walking the list: both ways find the same."""
    if request.param == "many":
        monkeypatch.setattr(reach, "FEW", -1)
    assert search.FEW > 0
    return request.param


def _book(practice: Practice, by: Actor, client: int, *staff: Actor, **changes: object) -> int:
    form = practice.form(client=str(client), staff=[str(one.staff_id) for one in staff], **changes)
    return appointments.book(practice.uow, actor=by, form=form, token=token())


def _names(practice: Practice, actor: Actor, **wanted: object) -> list[str]:
    view = service.list_view(practice.uow, actor=actor, wanted=ClientFilter(**wanted), place=Place())
    return [row.name for row in view.page.rows]


@pytest.mark.usefixtures("asked")
def test_r38_the_list_its_counts_its_search_and_its_tags_show_ones_own_clients(practice: Practice, ben: Actor):
    _book(practice, practice.ada, practice.omar, practice.ada)
    assert _names(practice, ben) == []
    _book(practice, practice.ada, practice.cleo, ben, time="12:00")
    mona = service.create_client(practice.uow, actor=ben, name="Mona", tags="new")
    service.create_client(practice.uow, actor=practice.ada, name="Zeina", tags="rich")
    assert _names(practice, ben) == ["Cleo", "Mona"] and _names(practice, practice.ada) == [
        "Cleo", "Mona", "Omar", "Zeina"
    ]  # fmt: skip
    assert _names(practice, ben, search="Zeina") == [] and _names(practice, ben, search="Mona") == ["Mona"]
    assert _names(practice, ben, tag="rich") == []
    wanted = ClientFilter()
    assert service.capped_counts(practice.uow, actor=ben, wanted=wanted)[ClientTab.ACTIVE] == 2
    assert service.exact_count(practice.uow, actor=ben, wanted=wanted) == 2
    assert service.list_view(practice.uow, actor=ben, wanted=wanted, place=Place()).tags == ["new"]
    assert [one.id for one in appointments.find_clients(practice.uow, actor=ben, search="")] == [
        str(practice.cleo), str(mona)
    ]  # fmt: skip
    assert appointments.find_clients(practice.uow, actor=ben, search="zeina") == []


def test_who_may_see_no_clients_finds_and_books_those_of_what_they_see(practice: Practice):
    _book(practice, practice.ada, practice.cleo, practice.ben)
    grants = {Permission.VIEW: Scope.OWN, Permission.ADD: Scope.ALL}
    narrow = actor_with(practice.ben.staff_id, "Ben", "r1", "en", "Africa/Cairo", grants)
    wide = replace(narrow, scope=Scope.ALL, own=frozenset())
    found = {who: appointments.find_clients(practice.uow, actor=who, search="") for who in (narrow, wide)}
    assert [one.name for one in found[narrow]] == ["Cleo"] and [one.name for one in found[wide]] == ["Cleo", "Omar"]
    with pytest.raises(Invalid):
        _book(practice, narrow, practice.omar, time="14:00")


def test_the_file_of_somebody_elses_client_is_not_found(practice: Practice, ben: Actor):
    for act in (
        lambda: file.head(practice.uow, actor=ben, client_id=practice.omar),
        lambda: file.overview(practice.uow, actor=ben, client_id=practice.omar),
        lambda: service.form_of(practice.uow, actor=ben, client_id=practice.omar),
        lambda: service.update_client(practice.uow, actor=ben, client_id=practice.omar, version=1, name="Mine"),
        lambda: service.update_notes(practice.uow, actor=ben, client_id=practice.omar, version=1, notes="mine"),
        lambda: service.archive(practice.uow, actor=ben, client_id=practice.omar),
    ):
        with pytest.raises(NotFound):
            act()
    _book(practice, practice.ada, practice.omar, ben)
    assert file.head(practice.uow, actor=ben, client_id=practice.omar).client.name == "Omar"


@pytest.mark.usefixtures("asked")
def test_twins_among_other_peoples_clients_are_not_named(practice: Practice, ben: Actor):
    service.create_client(practice.uow, actor=practice.ada, name="Zeina", email="zeina@example.com")
    typed = {"client_id": "", "email": "zeina@example.com", "phone": ""}
    assert service.twins(practice.uow, actor=ben, **typed) == []
    assert [one.name for one in service.twins(practice.uow, actor=practice.ada, **typed)] == ["Zeina"]


def test_a_client_one_may_not_know_is_neither_named_by_an_address_nor_booked(practice: Practice, ben: Actor):
    opened = appointments.open_new(practice.uow, actor=ben, token=token(), query={"client": str(practice.omar)})
    assert opened.client is None and opened.form["client"] == ""
    with pytest.raises(Invalid) as refusal:
        _book(practice, ben, practice.omar, ben)
    assert set(refusal.value.fields) == {"client"}


def test_bookings_and_work_orders_keep_to_ones_own_clients_too(practice: Practice, ben: Actor):
    omar, uow = str(practice.omar), practice.uow
    everything = replace(ben, permissions=frozenset(Permission))
    assert bookings.open_wizard(uow, actor=ben, query={"client": omar}).client is None
    assert orders.open_new(uow, actor=everything, token=token(), client=omar).client is None
    with uow.begin() as tx:
        cut = Service(name="Cut", name_key="cut", minutes=30, currency="EGP")
        tx.add(cut)
        tx.flush()
        tx.add(ServiceStaff(service_id=cut.id or 0, staff_id=ben.staff_id or 0))
    asked = bookings.Asked(str(cut.id), "any", "2026-03-25T08:00:00Z", omar)
    order = order_form(practice, client=omar)
    for act in (
        lambda: bookings.reserve(uow, actor=ben, asked=asked, token=token()),
        lambda: orders.create(uow, actor=everything, form=order, token=token()),
    ):
        with pytest.raises(Invalid) as refusal:
            act()
        assert set(refusal.value.fields) == {"client"}
    _book(practice, practice.ada, practice.omar, ben)
    assert orders.open_new(uow, actor=everything, token=token(), client=omar).client is not None


def test_the_stream_tells_of_ones_own_clients_only(practice: Practice, ben: Actor):
    _book(practice, practice.ada, practice.cleo, ben)
    told = [f"client:{practice.cleo}", f"client:{practice.omar}", "action:1", "series:1", "message:7"]
    assert live._told_to(practice.uow, ben, told) == [told[0], "action:1"]


def test_what_was_taken_away_meanwhile_is_not_brought_back(practice: Practice, ben: Actor):
    mine = _book(practice, practice.ada, practice.cleo, ben)
    done = appointments.set_status(practice.uow, actor=ben, selection=Selection(ids=(mine,)), status="done")
    form = practice.form(staff=[str(practice.ada.staff_id)])
    appointments.edit(practice.uow, actor=practice.ada, appointment_id=mine, form=form, version=2)
    assert session.undo(practice.uow, actor=ben, change_id=done.change_id) == 0


def test_who_sees_all_but_changes_only_their_own_is_told_so_and_skips_the_rest(practice: Practice):
    grants = {
        **BUILT_IN[Role.RECEPTIONIST],
        **BUILT_IN[Role.STAFF],
        Permission.VIEW: BUILT_IN[Role.OWNER][Permission.VIEW],
    }
    grants[Permission.DELETE] = grants[Permission.EXPORT] = BUILT_IN[Role.STAFF][Permission.EDIT]
    ben = actor_with(practice.ben.staff_id, "Ben", "r1", "en", "Africa/Cairo", grants)
    mine = _book(practice, practice.ada, practice.cleo, ben)
    theirs = _book(practice, practice.ada, practice.omar, practice.ada, time="14:00")
    rows = appointments.list_rows(practice.uow, actor=ben, wanted=AppointmentFilter(), place=Place()).rows
    assert {row.id for row in rows} == {mine, theirs}
    both = Selection(ids=(mine, theirs))
    result = appointments.set_status(practice.uow, actor=ben, selection=both, status="done")
    assert (result.changed, result.skipped) == (1, 1)
    form = practice.form(client=str(practice.omar), notes="mine now")
    with pytest.raises(NotAllowed):
        appointments.edit(practice.uow, actor=ben, appointment_id=theirs, form=form, version=1)
    deleted = appointments.delete(practice.uow, actor=ben, selection=both)
    assert (deleted.changed, deleted.skipped) == (1, 1)
    narrow = replace(ben, scope=BUILT_IN[Role.STAFF][Permission.VIEW])
    with pytest.raises(NotFound):
        appointments.edit(practice.uow, actor=narrow, appointment_id=theirs, form=form, version=1)
