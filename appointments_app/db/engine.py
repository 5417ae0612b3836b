"""The database engine, set up for SQLite and PostgreSQL alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine, event

from appointments_app.settings import Settings

BUSY_SECONDS = 15

_PLANNER = "-c random_page_cost=1.1 -c jit=off"
"""For short questions to data in memory or on flash: PostgreSQL expects discs, and compiles what runs for a moment."""


def make_engine(settings: Settings) -> Engine:
    """Return the engine for ``settings.database_url``; makes the folder of a SQLite file, for its owner alone."""
    return engine_for(settings.database_url)


def engine_for(url: str) -> Engine:
    """Return the engine for one database address."""
    if url.startswith("sqlite"):
        return _sqlite(url)
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(
        url,
        isolation_level="AUTOCOMMIT",  # of the driver alone: transactions are begun by the handler below
        pool_size=10,
        max_overflow=10,
        pool_timeout=10,
        connect_args={"connect_timeout": 5, "options": f"-c timezone=utc {_PLANNER}"},
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        only_reads = connection.get_execution_options().get("writes") is False
        connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if only_reads else "BEGIN")

    return engine


def _sqlite(url: str) -> Engine:
    settings = Settings(database_url=url)
    if settings.sqlite_path is not None:
        settings.sqlite_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings.sqlite_path.touch(mode=0o600)  # whose mode -wal and -shm take over; one that exists keeps its own
    engine = create_engine(
        url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, pool_size=10, max_overflow=10
    )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun by the handler below, not by the driver
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "cache_size=-65536",
            "mmap_size=1073741824",
            "temp_store=MEMORY",
            f"busy_timeout={BUSY_SECONDS * 1000}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        # A writer takes the lock at once: a transaction that reads first and writes later can't be refused half-way.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
