"""Bulk loading through the drivers: executemany on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, text
from sqlmodel import SQLModel

from appointments_app.db.copying import copy_rows

_WITH_IDS = ("action", "staff", "client", "appointment")
_TEXTS = ("client_text", "appointment_text")


class Loader:
    """Writes rows of plain values inside one transaction. ``large``: indexes are dropped first and built at the end."""

    def __init__(self, connection: Connection, *, large: bool) -> None:
        self.connection = connection
        self._is_sqlite = connection.dialect.name == "sqlite"
        self._rebuild = _drop_indexes(connection, self._is_sqlite) if large else []

    def next_id(self, table: str) -> int:
        """Return the first free id."""
        return self.connection.execute(text(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")).scalar_one()

    def add(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Insert the rows, ids included."""
        copy_rows(self.connection, table, columns, rows)

    def finish(self) -> None:
        """Bring indexes back and the numbering behind the highest id."""
        for statement in self._rebuild:
            self.connection.exec_driver_sql(statement)
        if not self._is_sqlite:
            for table in _WITH_IDS:
                highest = f"(SELECT coalesce(max(id), 0) + 1 FROM {table})"
                self.connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {highest}, false)"
                )


def _drop_indexes(connection: Connection, is_sqlite: bool) -> list[str]:
    """Drop what slows a bulk insert down; return the statements that bring it back."""
    return _drop_on_sqlite(connection) if is_sqlite else _drop_on_postgresql(connection)


def _drop_on_sqlite(connection: Connection) -> list[str]:
    kept = connection.exec_driver_sql(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND "
        "(type = 'index' AND tbl_name IN ('appointment', 'appointment_staff') "
        "OR type = 'trigger' AND name LIKE '%_trigram_insert')"
    ).all()
    for kind, name, _sql in kept:
        connection.exec_driver_sql(f"DROP {kind} {name}")
    rebuild = [f"INSERT INTO {table}_trigram({table}_trigram) VALUES ('rebuild')" for table in _TEXTS]
    return [*rebuild, *(sql for _kind, _name, sql in kept)]


def _drop_on_postgresql(connection: Connection) -> list[str]:
    tables = "('appointment', 'appointment_staff', 'appointment_text')"
    constraints = connection.exec_driver_sql(
        "SELECT c.conname, t.relname, pg_get_constraintdef(c.oid) "
        "FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid "
        f"WHERE c.contype IN ('f', 'u') AND t.relnamespace = current_schema()::regnamespace AND t.relname IN {tables}"
    ).all()
    for name, table, _definition in constraints:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    indexes = connection.exec_driver_sql(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() "
        f"AND (tablename IN {tables} OR indexname LIKE '%%_trigram') AND indexname LIKE 'ix_%%'"
    ).all()
    for name, _definition in indexes:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    return [
        "SET LOCAL maintenance_work_mem = '512MB'",
        *(definition for _name, definition in indexes),
        *(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for name, table, definition in constraints),
    ]


def settle(engine: Engine) -> None:
    """Give the planner of the database its statistics, as its own upkeep would do later."""
    tables = [f"VACUUM (ANALYZE) {table}" for table in SQLModel.metadata.tables]
    connection = engine.raw_connection()  # outside any transaction
    try:
        for statement in ["ANALYZE"] if engine.dialect.name == "sqlite" else tables:
            connection.cursor().execute(statement)
    finally:
        connection.close()
