"""Writing the outbox: messages are added once under their key, taken by one worker, and what became of them is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from appointments_app.db.models import Message
from appointments_app.db.queries.prepared import Prepared, prepare, run
from appointments_app.db.unit_of_work import Tx

_EMPTY = {
    "state": "planned",
    "reason": "",
    "client_id": None,
    "staff_id": None,
    "appointment_id": None,
    "rule_id": None,
    "start_at": None,
    "notice": "",
    "was_at": None,
    "leader_id": None,
    "change_id": None,
    "address": "",
    "subject": "",
    "body": "",
    "html": "",
    "secret": False,
    "late": False,
    "attempts": 0,
    "worker": "",
    "provider_id": "",
    "error": "",
}


def add(tx: Tx, values: Mapping[str, Any]) -> int | None:
    """Store a message that is to be sent; return its id, or None when one with this key is there already."""
    given = {**_EMPTY, "created_at": tx.now, "due_at": tx.now, **values}
    rows = run(tx, _add_statement(tx.get_bind().dialect), {"try_at": given["due_at"], **given})
    return rows[0][0] if rows else None


def add_all(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store many messages at once, but those whose key is there already."""
    insert = insert_sqlite if tx.is_sqlite else insert_postgresql
    statement = insert(Message.__table__).on_conflict_do_nothing(index_elements=["key"])  # type: ignore[attr-defined]
    given = [{**_EMPTY, "created_at": tx.now, "due_at": tx.now, **each} for each in rows]
    if given:
        tx.connection().execute(statement, [{"try_at": each["due_at"], **each} for each in given])


@lru_cache(maxsize=8)
def _add_statement(dialect: Dialect) -> Prepared:
    insert = insert_sqlite if dialect.name == "sqlite" else insert_postgresql
    names = (*_EMPTY, "key", "channel", "created_at", "due_at", "try_at")
    statement = insert(Message).values(dict.fromkeys(names)).on_conflict_do_nothing(index_elements=["key"])
    return prepare(statement.returning(Message.id), dialect)
