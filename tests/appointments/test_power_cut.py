"""A bulk change that is killed half-way has changed nothing, on both databases."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime

from sqlalchemy import Engine

from appointments_app.db.sample import add_sample_data
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import program
from appointments_app.domain.appointment import Tab
from appointments_app.domain.listing import AppointmentFilter, Selection
from appointments_app.features.appointments import service

KILLED_AFTER_THE_FIRST_CHUNK = """
import os, signal, sys
from appointments_app.db.engine import engine_for
from appointments_app.db.queries import bulk
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import program
from appointments_app.domain.listing import AppointmentFilter, Selection
from appointments_app.features.appointments import service

bulk.CHUNK = 500
everything = Selection(matching=AppointmentFilter())
cut = lambda done, total: os.kill(os.getpid(), signal.SIGKILL)
uow = UnitOfWork(engine_for(sys.argv[1]))
service.set_status(uow, actor=program(), selection=everything, status="dismissed", progress=cut)
"""


def test_a_bulk_change_that_is_killed_half_way_changed_nothing(engine: Engine, database_url: str) -> None:
    add_sample_data(engine, now=datetime.now(UTC))
    uow = UnitOfWork(engine)
    dismissed = AppointmentFilter(tab=Tab.DISMISSED)
    before = service.exact_count(uow, actor=program(), wanted=dismissed)
    engine.dispose()
    done = subprocess.run([sys.executable, "-c", KILLED_AFTER_THE_FIRST_CHUNK, database_url], check=False)
    assert done.returncode == -signal.SIGKILL
    assert service.exact_count(uow, actor=program(), wanted=dismissed) == before
    result = service.set_status(
        uow, actor=program(), selection=Selection(matching=AppointmentFilter()), status="dismissed"
    )
    everything = service.exact_count(uow, actor=program(), wanted=AppointmentFilter())
    assert result.changed == everything - before
