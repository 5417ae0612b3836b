"""Clients and the history are kept as long as the settings say, and no settings keep them for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from appointments_app.db.models import (
    Appointment,
    Change,
    Client,
    ClientSignIn,
    ImportPart,
    Message,
    WorkOrder,
)
from appointments_app.db.queries import history
from appointments_app.domain.access import Permission
from appointments_app.domain.change import Verb
from appointments_app.domain.errors import Conflict, Invalid, NotAllowed
from appointments_app.features.appointments import service as appointments
from appointments_app.features.privacy import service
from appointments_app.jobs.worker import TASKS
from tests.appointments.conftest import NOON, Practice, token
from tests.privacy.traces import MARKS, leave_everywhere, places_with

OFF = {"keep_clients": "0", "keep_history": "0"}


def keep(practice: Practice, **months: str) -> None:
    form = service.open_keeping(practice.uow, actor=practice.ada)
    service.save_keeping(practice.uow, actor=practice.ada, values={**OFF, **months}, version=form.version)


def forget(practice: Practice) -> int:
    gone = 0
    while now := service.forget(practice.uow, lambda: False):
        gone += now
    return gone


def erased(practice: Practice) -> set[int]:
    with practice.uow.read() as tx:
        return set(tx.execute(select(Client.id).where(Client.erased_at.is_not(None))).scalars())


def book_on(practice: Practice, client_id: int, day: str) -> int:
    form = practice.form(client=str(client_id), date=day)
    return appointments.book(practice.uow, actor=practice.ada, form=form, token=token())


def test_it_is_off_until_somebody_turns_it_on(practice: Practice):
    practice.later(days=20 * 365)
    assert forget(practice) == 0 and erased(practice) == set()
    assert any(task.run is service.forget for task in TASKS)


def test_clients_without_an_appointment_or_a_change_for_so_long_are_erased(practice: Practice):
    book_on(practice, practice.cleo, "2026-03-25")
    book_on(practice, practice.omar, "2027-06-01")
    keep(practice, keep_clients="12")
    practice.later(days=300)
    assert service.open_keeping(practice.uow, actor=practice.ada).clients == 0 and forget(practice) == 0
    practice.later(days=100)
    assert service.open_keeping(practice.uow, actor=practice.ada).clients == 1
    forget(practice)
    assert erased(practice) == {practice.cleo}
    with practice.uow.read() as tx:
        (newest, *_) = history.of_record(tx, "client", practice.cleo)
    assert (newest.verb, newest.who) == ("erased", "")


def _changed(practice: Practice, at: datetime) -> None:
    practice.now[0] = at
    with practice.uow.begin() as tx:
        history.record(tx, practice.ada, Verb.EDITED, "client", practice.cleo, {"notes": ("", "moved house")})


def _came(practice: Practice, at: datetime) -> None:
    times = {"created_at": at, "last_seen_at": at, "expires_at": at}
    with practice.uow.begin() as tx:
        tx.add(ClientSignIn(token_hash="h" * 64, client_id=practice.cleo, **times))


def _ordered(practice: Practice, at: datetime) -> None:
    practice.order(status="open", created_at=NOON - timedelta(days=3000))


@pytest.mark.parametrize("what", [_changed, _came, _ordered])
def test_who_was_changed_came_by_or_waits_for_something_is_kept(practice: Practice, what):
    keep(practice, keep_clients="12")
    what(practice, NOON + timedelta(days=350))
    practice.now[0] = NOON + timedelta(days=400)
    forget(practice)
    assert practice.cleo not in erased(practice) and practice.omar in erased(practice)


def test_nothing_goes_in_the_first_day_after_the_settings_were_changed(practice: Practice):
    practice.later(days=1000)
    keep(practice, keep_clients="12")
    form = service.open_keeping(practice.uow, actor=practice.ada)
    assert form.begins_at and form.clients == 2
    practice.later(hours=23)
    assert forget(practice) == 0
    practice.later(hours=2)
    forget(practice)
    assert erased(practice) == {practice.cleo, practice.omar}
    assert service.open_keeping(practice.uow, actor=practice.ada).begins_at == ""


def test_the_history_and_what_was_deleted_go_after_their_time(practice: Practice):
    zoe, (ahead, over) = leave_everywhere(practice)
    appointments.delete(practice.uow, actor=practice.ada, selection=appointments_of(ahead))
    with practice.uow.begin() as tx:
        deleted_order = tx.execute(select(WorkOrder)).scalars().one()
        deleted_order.deleted_at = practice.now[0]
        tx.add(deleted_order)
    practice.later(days=200)
    late = book_on(practice, zoe, "2026-12-01")
    with practice.uow.read() as tx:
        kept = set(tx.execute(select(Change.id).where(Change.at > NOON + timedelta(days=100))).scalars())
    practice.later(days=10)
    keep(practice, keep_history="3")
    due = service.open_keeping(practice.uow, actor=practice.ada).changes
    practice.later(days=2)
    assert due > 3 and forget(practice) > due
    with practice.uow.read() as tx:
        assert kept <= set(tx.execute(select(Change.id)).scalars())
        assert tx.execute(select(func.count()).select_from(Change)).scalar_one() == len(kept) + 1
        assert tx.get(Appointment, ahead) is None and tx.get(Appointment, over) and tx.get(Appointment, late)
        assert not tx.execute(select(WorkOrder.id)).all() and not tx.execute(select(ImportPart.run_id)).all()
        assert set(tx.execute(select(Message.body).where(Message.state != "planned")).scalars()) == {""}
    left = {table for table, _ in places_with(practice.uow.engine, *MARKS)}
    assert not left & {"change_line", "import_part", "work_order", "draft"} and "client" in left


def appointments_of(*ids: int):
    from appointments_app.domain.listing import Selection

    return Selection(ids=ids)


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"keep_clients": "5"}, {"keep_clients"}),
        ({"keep_clients": "241"}, {"keep_clients"}),
        ({"keep_clients": "x"}, {"keep_clients"}),
        ({"keep_clients": "-12"}, {"keep_clients"}),
        ({"keep_clients": "١٢"}, {"keep_clients"}),
        ({"keep_history": "2"}, {"keep_history"}),
        ({"keep_clients": "1.5", "keep_history": "1e3"}, {"keep_clients", "keep_history"}),
        ({"keep_clients": "24", "keep_history": "12"}, {"keep_history"}),
        ({"keep_clients": None, "keep_history": ["12"]}, {"keep_history"}),
    ],
)
def test_months_that_are_none_are_said_at_their_field(practice: Practice, values: dict, wrong: set[str]):
    for use_case in (service.preview, lambda *args, **more: service.save_keeping(*args, **more, version=1)):
        with pytest.raises(Invalid) as refusal:
            use_case(practice.uow, actor=practice.ada, values=values)
        assert set(refusal.value.fields) == wrong


def test_it_needs_the_permission_to_erase_and_nobody_overwrites_another(practice: Practice):
    settings_only = replace(practice.ada, permissions=frozenset({Permission.SETTINGS}))
    with pytest.raises(NotAllowed):
        service.save_keeping(practice.uow, actor=settings_only, values=OFF, version=1)
    with pytest.raises(NotAllowed):
        service.preview(practice.uow, actor=replace(practice.ada, permissions=frozenset()), values=OFF)
    keep(practice, keep_history="12")
    with pytest.raises(Conflict) as refusal:
        service.save_keeping(practice.uow, actor=practice.ada, values=OFF, version=1)
    assert refusal.value.values["changes"][0].lines[0].field == "keep_history"
