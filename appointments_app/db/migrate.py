"""Bring a database to the schema this version of the program needs."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

_LOCK = 727_2026
READY = "ready"


def upgrade(engine: Engine) -> None:
    """Apply the missing migrations, if any. Safe when several processes start at once."""
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        if _revision(connection) != _head():
            command.upgrade(_config(connection), "head")
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("ANALYZE")  # what its planner goes by; PostgreSQL counts by itself


def state_of(engine: Engine) -> str:
    """Return ``ready``, ``needs migration`` or ``unreachable``."""
    try:
        with engine.connect() as connection:
            return READY if _revision(connection) == _head() else "needs migration"
    except SQLAlchemyError:
        return "unreachable"


def check(engine: Engine) -> None:
    """Raise when the models and the migrated schema differ."""
    with engine.execution_options(writes=True).begin() as connection:
        command.check(_config(connection))


def make_revision(engine: Engine, message: str) -> None:
    """Write a new migration with what the models have and the database lacks."""
    with engine.execution_options(writes=True).begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _head() -> str | None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return ScriptDirectory.from_config(config).get_current_head()
