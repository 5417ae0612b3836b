"""The texts that many records are found by, stored and removed at once.

On SQLite the index of trigrams sorts its words anew for each row that a trigger brings or takes, which takes ten times
as long as many rows at once: while they come and go, there is no trigger. Nobody sees that, for it is all one
transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, text
from sqlmodel import SQLModel

from appointments_app.db.copying import copy_rows
from appointments_app.db.queries.prepared import among
from appointments_app.db.unit_of_work import Tx

TEXTS = 4_000_000
"""Letters of searchable text that wait to be indexed together."""


def add_texts(tx: Tx, model: type[SQLModel], rows: Sequence[tuple[int, str]]) -> None:
    """Store what records are found by, soon: ``index_texts`` stores what waits."""
    waiting = tx.info.setdefault("texts", {}).setdefault(model, [])
    waiting += rows
    if sum(len(body) for _, body in waiting) > TEXTS or len(waiting) > TEXTS // 100:
        index_texts(tx)


def index_texts(tx: Tx) -> None:
    """Store the searchable texts that wait."""
    for model, rows in tx.info.pop("texts", {}).items():
        table = _table(model)
        columns = [column.name for column in table.columns]
        if not tx.is_sqlite:
            copy_rows(tx.connection(), table.name, columns, rows)
            continue
        index = f"{table.name}_trigram"
        with _without(tx, f"{index}_insert"):
            copy_rows(tx.connection(), table.name, columns, rows)
            copy_rows(tx.connection(), index, ["rowid", "body"], rows)


def remove_texts(tx: Tx, model: type[SQLModel], ids: list[int]) -> None:
    """Remove what these records are found by."""
    table = _table(model)
    (key,) = table.primary_key.columns
    going = among(key, "ids", is_sqlite=tx.is_sqlite, values=ids)
    gone = delete(table).where(going).execution_options(synchronize_session=False)
    if not tx.is_sqlite:
        tx.execute(gone)
        return
    index = f"{table.name}_trigram"
    with _without(tx, f"{index}_delete"):
        bodies = f"SELECT 'delete', {key.name}, body FROM {table.name} WHERE {key.name}"
        listed = "IN (SELECT value FROM json_each(:ids))"
        taken = text(f"INSERT INTO {index}({index}, rowid, body) {bodies} {listed}")
        tx.connection().execute(taken, {"ids": json.dumps(ids)})
        tx.execute(gone)


@contextmanager
def _without(tx: Tx, trigger: str) -> Iterator[None]:
    """Take a trigger away for a moment."""
    made = text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name")
    statement = tx.execute(made, {"name": trigger}).scalar_one()
    tx.execute(text(f"DROP TRIGGER {trigger}"))
    yield
    tx.connection().exec_driver_sql(statement)


def _table(model: type[SQLModel]) -> Any:
    return model.__table__  # type: ignore[attr-defined]
