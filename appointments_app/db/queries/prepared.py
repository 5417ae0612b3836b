"""Statements whose text is made once: SQLAlchemy writes it, from then on the driver runs it as it stands.

Building and caching by expression costs more than running, once pages are found by key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Integer, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

from appointments_app.db.unit_of_work import Tx


@dataclass(frozen=True)
class Prepared:
    """The text of a statement, the order of its values on SQLite, and the values it always has."""

    sql: str
    names: tuple[str, ...]
    constants: dict[str, Any]


def prepare(statement: ClauseElement, dialect: Dialect) -> Prepared:
    """Return the statement for this kind of database; ``bindparam`` names become the names of its values."""
    compiled = statement.compile(dialect=dialect)
    return Prepared(str(compiled), tuple(compiled.positiontup or ()), dict(compiled.params))  # type: ignore[attr-defined]


def run(tx: Tx, statement: Prepared, values: Mapping[str, Any]) -> Sequence[Any]:
    """Return all rows, as the driver gives them: on SQLite instants are text and booleans numbers."""
    constants = statement.constants
    if tx.is_sqlite:
        given: Any = [_stored(values[name] if name in values else constants[name]) for name in statement.names]
    else:
        given = {name: values.get(name, constant) for name, constant in constants.items()}
    connection = tx.connection()
    cursor = connection.connection.cursor()
    try:
        cursor.execute(statement.sql, given)
        return cursor.fetchall()
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(statement.sql, None, error, connection.dialect.loaded_dbapi.Error) from error
    finally:
        cursor.close()


def written(number: int) -> ColumnElement[int]:
    """Return a LIMIT that stands in the statement: of a placeholder PostgreSQL expects a tenth of the table."""
    return literal_column(str(int(number)), Integer())


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(" ", "microseconds")[:26]
    return json.dumps(value) if isinstance(value, list) else value


def instant(stored: str | datetime) -> str:
    """Return a stored instant as ``2026-03-24T10:00:00Z``."""
    if isinstance(stored, str):
        return f"{stored[:10]}T{stored[11:19]}Z"
    return f"{stored.astimezone(UTC).isoformat()[:19]}Z"


def among(column: Any, name: str, *, is_sqlite: bool, values: list[int] | None = None) -> ColumnElement[bool]:
    """Return the condition that ``column`` is one of a list of any length, passed as one value."""
    if is_sqlite:
        given = {} if values is None else {"value": json.dumps(values), "unique": True}
        listed = func.json_each(bindparam(name, **given)).table_valued("value")
        return column.in_(select(listed.c.value))
    given = {} if values is None else {"value": values, "unique": True}
    return column == func.any(bindparam(name, type_=ARRAY(Integer), **given))
