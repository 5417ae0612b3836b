"""The diary the query tests read, on both databases; made once, as nothing in it is changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from appointments_app.db.engine import engine_for
from tests.queries.diary import Diary, fill
from tests.services import databases


@pytest.fixture(scope="package")
def sqlite_diary(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Diary]:
    """The diary on SQLite."""
    engine = engine_for(databases.sqlite_copy(sqlite_template, tmp_path_factory.mktemp("diary")))
    yield fill(engine)
    engine.dispose()


@pytest.fixture(scope="package")
def postgresql_diary(postgres_template: str) -> Iterator[Diary]:
    """The diary on PostgreSQL."""
    with databases.postgres_copy(postgres_template) as url:
        engine = engine_for(url)
        yield fill(engine)
        engine.dispose()


@pytest.fixture(params=("sqlite", "postgresql"))
def diary(request: pytest.FixtureRequest) -> Diary:
    """The diary, once on each kind of database."""
    return request.getfixturevalue(f"{request.param}_diary")
