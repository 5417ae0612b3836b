"""Fresh, migrated databases in no time: migrated once, copied for each test."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

from appointments_app.db.engine import engine_for
from appointments_app.db.migrate import upgrade

TEMPLATE = "migrated"
_numbers = count(1)


def migrate(url: str) -> None:
    """Bring the database at ``url`` to the present schema, and close it."""
    engine = engine_for(url)
    try:
        upgrade(engine)
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()


def migrate_file(path: Path) -> None:
    """Make a migrated SQLite file."""
    migrate(f"sqlite:///{path}")


def made_once(path: Path, make: Callable[[Path], None]) -> Path:
    """Return ``path``, made by the first worker that asks for it while the others wait."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            unfinished = path.with_suffix(".new")
            make(unfinished)
            unfinished.rename(path)
    return path


def sqlite_copy(template: Path, folder: Path) -> str:
    """Return the address of a copy of ``template``."""
    target = folder / f"appointments-{next(_numbers)}.db"
    shutil.copy(template, target)
    return f"sqlite:///{target}"


def postgres_template(server_url: str) -> str:
    """Make the migrated database that the others are copies of; return the server's address."""
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {TEMPLATE}")
    migrate(database_on(server_url, TEMPLATE))
    return server_url


@contextmanager
def postgres_copy(server_url: str) -> Iterator[str]:
    """Yield the address of a fresh database; it is dropped afterwards, whoever is still connected."""
    with psycopg.connect(server_url, autocommit=True) as server:
        # Files are copied ten times as fast as the write-ahead log, which older servers cannot do anyway.
        strategy = "STRATEGY file_copy" if server.info.server_version >= 150000 else ""
    with postgres_database(server_url, f"TEMPLATE {TEMPLATE} {strategy}") as url:
        yield url


@contextmanager
def postgres_database(server_url: str, made_so: str = "") -> Iterator[str]:
    """Yield the address of a new database, empty unless told; it is dropped afterwards."""
    name = f"appointments_{next(_numbers)}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} {made_so}")
        try:
            yield database_on(server_url, name)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def database_on(server_url: str, name: str) -> str:
    """Return the address of another database on the same server."""
    return f"{server_url.rpartition('/')[0]}/{name}"
