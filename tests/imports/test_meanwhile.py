"""On SQLite an import is planned before it is written: what others save in between is respected all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from appointments_app.db.engine import engine_for
from appointments_app.db.models import Appointment, Client
from appointments_app.features.clients import service as clients
from appointments_app.features.imports import service
from appointments_app.features.imports.service import carrying
from appointments_app.features.staff import service as staff
from tests.imports.conftest import Mover
from tests.session.desk import NOON

PEOPLE = [["Name", "E-mail", "Notes"], ["Cleo", "cleo@example.com", "new"], ["Omar", "omar@example.com", "new"]]
DIARY = [
    ["Start", "Client", "E-mail", "Staff"],
    ["2026-03-26 10:00", "Cleo", "cleo@example.com", ""],
    ["2026-03-27 10:00", "Omar", "omar@example.com", ""],
]


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """PostgreSQL has several writers at a time, so nothing is planned before."""
    engine = engine_for(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The plans that were made within the transaction that writes, because those before did not hold."""
    made: list[Any] = []

    class Plan(carrying.Plan):
        def __init__(self, *values: Any) -> None:
            super().__init__(*values)
            made.append(self)

    monkeypatch.setattr(carrying, "Plan", Plan)
    return made


def _import(mover: Mover, run: int, meanwhile: Callable[[], object]) -> service.Result:
    """Import; ``meanwhile`` is done by somebody else between the plan and the writing."""

    def progress(done: int, total: int) -> bool:
        if 3 * done == 2 * total:
            meanwhile()
        return True

    return service.carry_out(mover.desk.uow, actor=mover.ada, run_id=run, progress=progress)


def _client(mover: Mover, name: str, email: str) -> int:
    return clients.create_client(mover.desk.uow, actor=mover.ada, name=name, email=email)


def test_what_others_save_about_somebody_else_changes_nothing(mover: Mover, plans: list[Any]):
    run = mover.upload("c.csv", PEOPLE)
    assert _import(mover, run, lambda: _client(mover, "Dina", "dina@example.com")) == service.Result(created=2)
    assert not plans
    assert sorted(one.name for one in mover.clients()) == ["Cleo", "Dina", "Omar"]


def test_a_client_who_was_added_meanwhile_is_known(mover: Mover, plans: list[Any]):
    run = mover.upload("c.csv", PEOPLE)
    found = _import(mover, run, lambda: _client(mover, "Cleo Karim", "cleo@example.com"))
    assert found == service.Result(created=1, skipped=1) and len(plans) == 1
    assert sorted(one.name for one in mover.clients()) == ["Cleo Karim", "Omar"]


def test_a_client_who_was_changed_meanwhile_keeps_that(mover: Mover, plans: list[Any]):
    cleo = _client(mover, "Cleo", "cleo@example.com")
    run = mover.upload("c.csv", PEOPLE)
    mover.choose(run, twins="update")

    def move() -> None:
        values = {"name": "Cleo", "email": "cleo@example.com", "address": "1 Nile Street"}
        clients.update_client(mover.desk.uow, actor=mover.ada, client_id=cleo, version=1, **values)

    assert _import(mover, run, move) == service.Result(created=1, updated=1) and len(plans) == 1
    one = next(one for one in mover.clients() if one.id == cleo)
    assert (one.address, one.notes, one.version) == ("1 Nile Street", "new", 3)


def test_an_appointment_or_a_colleague_who_came_meanwhile_is_known(mover: Mover, plans: list[Any]):
    cleo = _client(mover, "Cleo", "cleo@example.com")
    rows = [DIARY[0], *([*row[:3], "Ben"] for row in DIARY[1:])]
    run = mover.upload("d.csv", rows, "appointments")
    mover.choose(run, create_staff=True)

    def work() -> None:
        ben = {"name": "Ben", "email": "ben@example.com", "colour": "indigo", "role": "staff", "language": "en"}
        staff.add(mover.desk.uow, actor=mover.ada, values=ben)
        mover.bring([DIARY[0], DIARY[1]], "appointments", name="other.csv")
        plans.clear()  # those of the other import

    assert _import(mover, run, work) == service.Result(created=1, skipped=1, clients=1) and len(plans) == 1
    with mover.desk.uow.read() as tx:
        starts = select(Appointment.start_at).where(Appointment.client_id == cleo)
        assert list(tx.execute(starts).scalars()) == [NOON + timedelta(days=2, hours=-4)]
    assert mover.count(Client) == 2
