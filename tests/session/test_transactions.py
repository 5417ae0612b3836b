"""A transaction survives a server that was restarted, and a read never writes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from appointments_app.db.engine import engine_for
from appointments_app.db.migrate import upgrade
from appointments_app.db.sample import add_sample_data
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.errors import Unavailable


def _rows(uow: UnitOfWork, *, writes: bool = False) -> int:
    with uow.begin() if writes else uow.read() as tx:
        return tx.execute(text("SELECT count(*) FROM staff")).scalar_one()


@pytest.mark.parametrize("writes", [False, True], ids=["read", "write"])
def test_connections_that_the_server_closed_are_replaced_unnoticed(postgresql_url: str, writes: bool):
    engine = engine_for(postgresql_url)
    uow = UnitOfWork(engine)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: _rows(uow), range(8)))
    with psycopg.connect(postgresql_url, autocommit=True) as other:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        assert other.execute(f"{others} AND pid <> pg_backend_pid()").fetchall()
    assert [_rows(uow, writes=writes) for _ in range(5)] == [0] * 5
    engine.dispose()


def test_a_connection_that_dies_in_the_middle_fails_once_and_changes_nothing(postgresql_url: str):
    engine = engine_for(postgresql_url)
    uow = UnitOfWork(engine)
    with pytest.raises(Unavailable), uow.begin() as tx:
        tx.execute(text("INSERT INTO setup_link (token_hash, created_at) VALUES ('x', now())"))
        tx.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with uow.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM setup_link")).scalar_one() == 0
    engine.dispose()


def test_a_read_sees_one_moment_and_cannot_write(postgresql_url: str):
    engine = engine_for(postgresql_url)
    uow = UnitOfWork(engine)
    insert = text("INSERT INTO setup_link (token_hash, created_at) VALUES ('x', now())")
    count = text("SELECT count(*) FROM setup_link")
    with uow.read() as tx:
        assert tx.execute(count).scalar_one() == 0
        with uow.begin() as other:
            other.execute(insert)
        assert tx.execute(count).scalar_one() == 0
        with pytest.raises(DBAPIError):
            tx.execute(insert)
    with uow.read() as tx:
        assert tx.execute(count).scalar_one() == 1
    engine.dispose()


def test_each_start_counts_anew_what_sqlite_plans_by(sqlite_url: str):
    engine = engine_for(sqlite_url)
    add_sample_data(engine, now=datetime(2026, 3, 25, tzinfo=UTC))
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("DELETE FROM sqlite_stat1"))
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1 FROM sqlite_stat1 WHERE tbl = 'appointment'")).first()
    engine.dispose()
