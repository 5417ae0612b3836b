"""Every awkward file ends in data or in a clear message; nothing is half imported."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from appointments_app.db.engine import engine_for
from appointments_app.db.models import Appointment, Client, ImportPart, ImportRun
from appointments_app.domain.errors import Invalid
from appointments_app.features.imports import service
from tests.imports.conftest import Mover
from tests.imports.corpus import CASES, FOLDER, Case

MOST_MEMORY = 120_000_000
"""Bytes that reading any of these files may take."""


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """Reading files is the same on every database."""
    engine = engine_for(sqlite_url)
    yield engine
    engine.dispose()


def test_there_are_at_least_forty_and_all_small_ones_are_kept():
    assert len(CASES) >= 40
    assert {case.name for case in CASES if not case.big} == {path.name for path in FOLDER.iterdir()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_ends_in_data_or_in_a_message(mover: Mover, case: Case):
    content = case.make() if case.big else (FOLDER / case.name).read_bytes()
    path = mover.file(case.name, content)
    del content
    said = _in_memory(mover, case, path.name) if case.big else _outcome(mover, case, path.name)
    if isinstance(case.expect, str):
        assert case.expect and case.expect in str(said)
        assert (mover.count(Client), mover.count(Appointment), mover.count(ImportPart)) == (
            0,
            0,
            mover.count(ImportRun),
        )
    else:
        assert said == case.expect
        if case.expect.created:
            stored = mover.clients() if case.kind == "clients" else mover.appointments()
            assert case.sees(stored), stored


def _in_memory(mover: Mover, case: Case, name: str) -> object:
    tracemalloc.start()
    try:
        said = _outcome(mover, case, name)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < MOST_MEMORY
    return said


def _outcome(mover: Mover, case: Case, name: str) -> object:
    try:
        run = service.take_in(mover.desk.uow, actor=mover.ada, path=mover.folder / name, name=name, kind=case.kind)
        mover.choose(run, **case.options)
        return mover.carry_out(run)
    except Invalid as refusal:
        assert refusal.message or refusal.fields
        return next(iter(refusal.fields.values()), refusal.message)
