"""Series and bad luck: killed half-way, several processes at once, staff who left, a thousand of them."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from appointments_app.db.models import Appointment, ChangeLine, Series, Staff
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.errors import Invalid
from appointments_app.features.appointments import service
from tests.appointments.conftest import Practice, token

WEEKLY = {"recurring": True, "frequency": "weekly"}
KILLED_BEFORE_THE_NEW_DATES = """
import os, signal, sys
from appointments_app.db.engine import engine_for
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import program
from appointments_app.features.appointments import service
from appointments_app.features.appointments.service import series

series.fill = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
uow, one = UnitOfWork(engine_for(sys.argv[1])), int(sys.argv[2])
actor = program(time_zone="Africa/Cairo")
opened = service.open_one(uow, actor=actor, appointment_id=one, theirs=True)
form = {**opened.form, "time": "12:00"}
service.edit(uow, actor=actor, appointment_id=one, form=form, version=opened.version, reach="following")
"""


def _book(practice: Practice, **changes: Any) -> int:
    return service.book(practice.uow, actor=practice.ada, form=practice.form(**changes), token=token())


def _everything(practice: Practice) -> list[tuple[Any, ...]]:
    with practice.uow.read() as tx:
        rows = select(Appointment.id, Appointment.series_id, Appointment.recurrence_id, Appointment.start_at)
        rules = select(Series.id, Series.rrule, Series.dtstart, Series.version)
        found = [tuple(row) for statement in (rows, rules) for row in tx.execute(statement.order_by("id"))]
        return [*found, (tx.execute(select(func.count()).select_from(ChangeLine)).scalar_one(),)]


def test_a_split_that_is_killed_half_way_changed_nothing(practice, database_url):
    _book(practice, **WEEKLY)
    before = _everything(practice)
    tenth = before[9][0]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_BEFORE_THE_NEW_DATES, database_url, str(tenth)], check=False, capture_output=True
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert _everything(practice) == before


def test_several_processes_that_move_the_horizon_at_once_add_each_occurrence_once(practice, engine):
    for hour in range(6):
        _book(practice, **WEEKLY, time=f"{10 + hour}:00")
    practice.later(days=70)
    others = [UnitOfWork(engine, clock=practice.uow.clock) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        added = list(threads.map(service.extend, others))
    assert sum(added) == 6 * 10
    with practice.uow.read() as tx:
        pairs = tx.execute(select(Appointment.series_id, Appointment.recurrence_id)).all()
    assert len(pairs) == len(set(map(tuple, pairs)))


def test_somebody_who_left_stays_on_the_series_that_has_them_and_cannot_be_added(practice):
    ben = str(practice.ben.staff_id)
    first = _book(practice, **WEEKLY, ends="after", count="3", staff=[ben])
    with practice.uow.begin() as tx:
        tx.execute(update(Staff).where(Staff.id == practice.ben.staff_id).values(active=False))
    opened = service.open_one(practice.uow, actor=practice.ada, appointment_id=first, theirs=True)
    given = {"appointment_id": first, "version": opened.version, "reach": "all"}
    service.edit(practice.uow, actor=practice.ada, form={**opened.form, "notes": "Kept"}, **given)
    with pytest.raises(Invalid) as refusal:
        _book(practice, **WEEKLY, staff=[ben])
    assert list(refusal.value.fields) == ["staff"]


def test_a_series_is_as_long_as_its_horizon_whoever_looks_further(practice):
    _book(practice, recurring=True, frequency="daily")
    with practice.uow.read() as tx:
        before = tx.execute(select(func.count()).select_from(Appointment)).scalar_one()
    practice.later(days=10)
    service.extend(practice.uow)
    with practice.uow.read() as tx:
        after = tx.execute(select(func.count()).select_from(Appointment)).scalar_one()
        last = tx.execute(select(func.max(Appointment.start_at))).scalar_one()
    assert after == before + 10
    assert last > practice.now[0] + timedelta(days=729)
