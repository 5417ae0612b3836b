"""The databases to measure on, filled once and kept in .cache/bench/ until the schema or the sample data change."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import Engine

from appointments_app.db.engine import engine_for
from appointments_app.db.migrate import upgrade
from appointments_app.db.sample import add_sample_data
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import ROLES, Actor, Role
from tests.services import databases, postgres
from tests.services.machine import CACHE, ROOT

NOW = datetime(2026, 11, 23, 10, 17, tzinfo=UTC)
FOLDER = CACHE / "bench"
STAFF = 50
OWNER = Actor(1, "Ada", Role.OWNER, "en", "UTC", ROLES[Role.OWNER])


@dataclass(frozen=True)
class Place:
    """One filled database: the program's way in, and the raw driver's."""

    name: str
    rows: int
    uow: UnitOfWork
    raw: Any

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite."""
        return self.name == "sqlite"

    def ask(self, sql: str, *values: object) -> list[Any]:
        """Run one statement on the raw driver and fetch everything; ``?`` marks a value on both."""
        return self.raw.execute(self.sql(sql), values).fetchall()

    def ask_nothing(self, sql: str, *values: object) -> None:
        """Run one statement on the raw driver in a transaction of its own."""
        self.raw.execute(self.sql(sql), values)

    def sql(self, sql: str) -> str:
        """Return ``sql`` with the driver's own marks for values."""
        return sql if self.is_sqlite else sql.replace("?", "%s")


@contextmanager
def places(engines: list[str], sizes: list[int]) -> Iterator[list[Place]]:
    """Yield the filled databases; the PostgreSQL server runs as long."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        server = stack.enter_context(postgres.running(FOLDER / "postgres")) if "postgresql" in engines else ""
        yield [stack.enter_context(_place(name, rows, server)) for name in engines for rows in sizes]


@contextmanager
def _place(name: str, rows: int, server: str) -> Iterator[Place]:
    url = _sqlite_url(rows) if name == "sqlite" else _postgres_url(rows, server)
    engine = engine_for(url)
    try:
        _fill(engine, rows)
        with raw_driver(name, url, engine) as raw:
            yield Place(name, rows, UnitOfWork(engine, lambda: NOW), raw)
    finally:
        engine.dispose()


@contextmanager
def raw_driver(name: str, url: str, engine: Engine) -> Iterator[Any]:
    """A connection of the driver itself."""
    if name == "postgresql":
        with psycopg.connect(url, autocommit=True, options="-c timezone=utc") as raw:
            yield raw
        return
    checked_out = engine.raw_connection()  # a sqlite3 connection with the same pragmas
    yield checked_out.driver_connection
    checked_out.close()


def _version() -> str:
    """Return a short hash of everything that shapes the data."""
    folder = ROOT / "appointments_app" / "db"
    sources = [*sorted((folder / "sample").glob("*.py")), *sorted((folder / "migrations" / "versions").glob("*.py"))]
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:8]


def _sqlite_url(rows: int) -> str:
    wanted = FOLDER / f"{rows}-{_version()}.db"
    for old in FOLDER.glob(f"{rows}-*.db*"):
        if not old.name.startswith(wanted.name):
            old.unlink()
    return f"sqlite:///{wanted}"


def _postgres_url(rows: int, server: str) -> str:
    wanted = f"bench_{rows}_{_version()}"
    with psycopg.connect(server, autocommit=True) as connection:
        named = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        there = [row[0] for row in connection.execute(named, [f"bench_{rows}_"])]
        for old in set(there) - {wanted}:
            connection.execute(f"DROP DATABASE {old}")
        if wanted not in there:
            connection.execute(f"CREATE DATABASE {wanted}")
    return databases.database_on(server, wanted)


def _fill(engine: Engine, rows: int) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        if connection.exec_driver_sql("SELECT 1 FROM client LIMIT 1").first():
            return
    begin = time.perf_counter()
    add_sample_data(engine, clients=max(50, rows // 20), appointments=rows, seed=1, now=NOW, staff=STAFF)
    print(
        f"Filled {engine.dialect.name} with {rows:,} appointments in {time.perf_counter() - begin:.0f} s.",
        file=sys.stderr,
    )
