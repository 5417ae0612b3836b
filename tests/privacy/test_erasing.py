"""A client who is erased is nowhere any more; what counts stays, and nothing brings anything back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from appointments_app.db.models import (
    Appointment,
    Change,
    ChangeLine,
    Client,
    ClientSignIn,
    Draft,
    ImportPart,
    ImportRun,
    Message,
    Series,
    WorkOrder,
)
from appointments_app.db.queries import history
from appointments_app.domain.access import BUILT_IN, Permission, Role
from appointments_app.domain.client import ClientFilter, ClientTab
from appointments_app.domain.errors import Invalid, NotAllowed, NotFound
from appointments_app.domain.listing import AppointmentFilter, Place, Selection
from appointments_app.domain.privacy import ERASED, Traces
from appointments_app.features.appointments import service as appointments
from appointments_app.features.clients import service as clients
from appointments_app.features.privacy import service
from appointments_app.features.session import service as session
from tests.appointments.conftest import NOON, Practice, token
from tests.privacy.traces import FREE, MARK, MARKS, columns_of_text, leave_everywhere, places_with


def erased(practice: Practice) -> tuple[int, list[int]]:
    zoe, visits = leave_everywhere(practice)
    service.erase(practice.uow, actor=practice.ada, client_id=zoe, name=f"zoe {MARK}")
    return zoe, visits


def test_nothing_of_an_erased_client_is_left_in_any_column_of_any_table(practice: Practice):
    zoe, _ = leave_everywhere(practice)
    engine = practice.uow.engine
    before = places_with(engine, *MARKS)
    planted = {place for place in before if place in columns_of_text()}
    free = {(table, name) for table, names in FREE.items() for name in names}
    assert planted | free == columns_of_text(), "say in FREE of tests/privacy/traces.py, or let erasing clear it"
    service.erase(practice.uow, actor=practice.ada, client_id=zoe, name=f"Zoe {MARK}")
    assert places_with(engine, *MARKS) == set()


def test_nothing_of_an_erased_client_is_left_in_the_file(practice: Practice):
    engine = practice.uow.engine
    if engine.dialect.name != "sqlite":
        pytest.skip("what PostgreSQL frees is overwritten by its own clean-up")
    erased(practice)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    file = Path(str(engine.url.database))
    assert MARK.encode() not in file.read_bytes().lower()


def test_appointments_stay_for_statistics_and_those_ahead_are_called_off(practice: Practice):
    zoe, (ahead, over) = erased(practice)
    with practice.uow.read() as tx:
        client, done, called_off = tx.get(Client, zoe), tx.get(Appointment, over), tx.get(Appointment, ahead)
        assert client and done and called_off
        assert (client.name, client.erased_at) == (ERASED, NOON) and client.archived_at
        assert (done.status, done.client_id, done.action_id, done.confirmed_at) == (
            "done", zoe, practice.call, NOON - timedelta(days=6),
        )  # fmt: skip
        assert called_off.status == "dismissed"
        scheduled = select(Appointment.id).where(Appointment.client_id == zoe, Appointment.status == "scheduled")
        assert tx.execute(scheduled).all() == []
        assert tx.execute(select(WorkOrder.status)).scalars().all() == ["cancelled"]
        (series,) = tx.execute(select(Series)).scalars().all()
        assert "UNTIL" in series.rrule or not series.rrule
    practice.later(days=900)
    appointments.extend(practice.uow)
    far = AppointmentFilter(client=str(zoe), since="2030-01-01", until="2030-12-31")
    appointments.look_ahead(practice.uow, actor=practice.ada, wanted=far)
    assert appointments.list_rows(practice.uow, actor=practice.ada, wanted=far, place=Place()).rows == []


def test_the_history_keeps_who_did_what_and_when_but_nothing_that_was_typed(practice: Practice):
    zoe, (ahead, _) = erased(practice)
    with practice.uow.read() as tx:
        of_client, of_visit = (history.of_record(tx, *one) for one in (("client", zoe), ("appointment", ahead)))
    assert [(row.verb, row.who) for row in of_client] == [("erased", "Ada"), ("edited", "Ada"), ("created", "Ada")]
    assert {line.field for line in of_client[1].lines} == {"name"}
    assert not any(line.old or line.new for line in of_client[1].lines)
    assert ("status", "scheduled", "dismissed") in [(li.field, li.old, li.new) for row in of_visit for li in row.lines]


def test_what_waits_to_be_sent_is_cancelled_and_what_went_has_no_text(practice: Practice):
    erased(practice)
    with practice.uow.read() as tx:
        states = dict(tx.execute(select(Message.key, Message.state)).tuples().all())
        said = tx.execute(select(Message.body, Message.subject, Message.address, Message.html)).all()
        assert not tx.execute(select(Message.id).where(Message.state == "planned")).all()
    assert (states["sent"], states["waits"]) == ("sent", "skipped") and {"".join(row) for row in said} == {""}


def test_nobody_elses_things_go(practice: Practice):
    omars = appointments.book(
        practice.uow, actor=practice.ada, form=practice.form(client=str(practice.omar), notes="His"), token=token()
    )
    with practice.uow.begin() as tx:
        mine = {"client": str(practice.omar), "notes": "call back"}
        tx.add(Draft(token="o" * 36, staff_id=practice.ada.staff_id or 0, payload=json.dumps(mine), updated_at=NOON))
    erased(practice)
    with practice.uow.read() as tx:
        visit, omar = tx.get(Appointment, omars), tx.get(Client, practice.omar)
        assert visit and omar and (visit.notes, visit.status, omar.erased_at) == ("His", "scheduled", None)
        assert tx.get(Draft, "o" * 36)
        parts = {
            (kind, run): json.loads(zlib.decompress(body))
            for kind, run, body in tx.execute(select(ImportPart.kind, ImportPart.run_id, ImportPart.body))
        }
        names = tx.execute(select(ImportRun.file_name).order_by(ImportRun.id)).scalars().all()
    assert parts == {("create", 1): [[2, ["Omar", "y"], {}]], ("before", 1): [[2, 1, {"name": "Omar the elder"}]],
                     ("before", 2): []}  # fmt: skip
    assert names == ["file", "diary.csv", "new.csv"]


def test_it_is_asked_with_the_name_typed_and_needs_the_permission(practice: Practice):
    zoe, _ = leave_everywhere(practice)
    for name in ("", " ", "Zoe", None, 7, ["Zoe"]):
        with pytest.raises(Invalid) as refusal:
            service.erase(practice.uow, actor=practice.ada, client_id=zoe, name=name)
        assert set(refusal.value.fields) == {"erase_name"}
    for role, grants in BUILT_IN.items():
        assert (Permission.ERASE in grants) is (role in {Role.OWNER, Role.MANAGER})
    for missing in (Permission.ERASE, Permission.CLIENTS):
        with pytest.raises(NotAllowed):
            someone = replace(practice.ada, permissions=practice.ada.permissions - {missing})
            service.erase(practice.uow, actor=someone, client_id=zoe, name=f"Zoe {MARK}")
    own = replace(practice.ben, permissions=practice.ada.permissions, own=frozenset({Permission.CLIENTS}))
    with pytest.raises(NotFound):
        service.erase(practice.uow, actor=own, client_id=practice.omar, name="Omar")


def _undo_everything(practice: Practice, zoe: int, ahead: int) -> None:
    with practice.uow.read() as tx:
        ids = list(tx.execute(select(Change.id).order_by(Change.id.desc())).scalars())
    for one in ids:
        try:
            session.undo(practice.uow, actor=practice.ada, change_id=one)
        except NotFound:
            continue


CHANGES: list[Callable[[Practice, int, int], object]] = [
    lambda p, zoe, ahead: clients.restore(p.uow, actor=p.ada, client_id=zoe),
    lambda p, zoe, ahead: clients.update_client(p.uow, actor=p.ada, client_id=zoe, version=3, name="Zoe"),
    lambda p, zoe, ahead: clients.set_suspended(p.uow, actor=p.ada, client_id=zoe, suspended=True),
    lambda p, zoe, ahead: service.erase(p.uow, actor=p.ada, client_id=zoe, name=ERASED),
    lambda p, zoe, ahead: service.data_file(p.uow, actor=p.ada, client_id=zoe),
]


@pytest.mark.parametrize("change", CHANGES)
def test_an_erased_client_is_not_changed_any_more(practice: Practice, change: Callable[[Practice, int, int], object]):
    zoe, (ahead, _) = erased(practice)
    with pytest.raises(Invalid, match="was erased"):
        change(practice, zoe, ahead)


def test_undo_brings_nothing_back(practice: Practice):
    zoe, (ahead, _over) = leave_everywhere(practice)
    uow, ada = practice.uow, practice.ada
    appointments.set_status(uow, actor=ada, selection=Selection(ids=(ahead,)), status="dismissed")
    clients.archive(uow, actor=ada, client_id=zoe)
    service.erase(uow, actor=ada, client_id=zoe, name=f"Zoe {MARK}")
    _undo_everything(practice, zoe, ahead)
    with uow.read() as tx:
        client, visit = tx.get(Client, zoe), tx.get(Appointment, ahead)
        assert client and client.archived_at and client.name == ERASED
        assert visit and visit.status == "dismissed"
    assert places_with(uow.engine, *MARKS) == set()


def test_an_erased_client_is_in_no_list_and_finds_no_door(practice: Practice):
    zoe, _ = erased(practice)
    for tab in ClientTab:
        wanted = ClientFilter(tab=tab)
        shown = clients.list_view(practice.uow, actor=practice.ada, wanted=wanted, place=Place()).page.rows
        assert zoe not in [row.id for row in shown]
    assert clients.capped_counts(practice.uow, actor=practice.ada, wanted=ClientFilter())["archived"] == 0
    with practice.uow.read() as tx:
        assert not tx.execute(select(ClientSignIn.client_id)).all()
    with pytest.raises(Invalid):
        appointments.book(practice.uow, actor=practice.ada, form=practice.form(client=str(zoe)), token=token())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("please call ZOE  smith", True),
        ("zoe", False),
        ("mail z@example.com now", True),
        ("(0100) 765-4321", True),
        ("٠١٠٠٧٦٥٤٣٢١", True),
        ("765432", False),
        ("", False),
    ],
)
def test_traces_are_found_however_they_are_written(text: str, found: bool):
    assert Traces.of([("Zoë Smith", "z@example.com", "+201007654321"), ("Al", "", "")]).are_in(text) is found


def test_of_lines_of_the_history_no_field_is_kept_that_clients_fill_in(practice: Practice):
    leave_everywhere(practice)
    with practice.uow.read() as tx:
        typed = set(tx.execute(select(ChangeLine.field).where(ChangeLine.new.ilike(f"%{MARK}%"))).scalars())
    from appointments_app.domain.privacy import KEPT_OF_HISTORY

    assert typed and not typed & KEPT_OF_HISTORY
