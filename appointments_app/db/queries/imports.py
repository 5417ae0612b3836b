"""Files that were brought along, their pieces, and how their columns were read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlmodel import col

from appointments_app.db.models import ImportPart, ImportRun, ImportShape, Staff
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.importing import State
from appointments_app.domain.times import iso

SHOWN = 50
PIECE = 1 << 20
FILE = "file"
BEFORE = "before"
"""Kinds of pieces; all others are outcomes of rows."""
OPEN_KEPT, ROWS_KEPT = timedelta(days=2), timedelta(days=30)


@dataclass(frozen=True)
class RunRow:
    """One file as the list of imports shows it; ``who`` is '' for the command line."""

    id: int
    kind: str
    state: str
    file_name: str
    created: int
    updated: int
    skipped: int
    refused: int
    at: str
    who: str


def add(tx: Tx, **values: Any) -> int:
    """Store a new run; return its id."""
    return tx.execute(insert(ImportRun).values(**values, created_at=tx.now).returning(ImportRun.id)).scalar_one()


def one(tx: Tx, run_id: int, *, to_change: bool = False) -> ImportRun | None:
    """Return a run; ``to_change`` makes others wait."""
    return tx.get(ImportRun, run_id, with_for_update=to_change or None)


def change(tx: Tx, run_id: int, **values: Any) -> None:
    """Store what is given."""
    statement = update(ImportRun).where(ImportRun.id == run_id).values(**values)
    tx.execute(statement.execution_options(synchronize_session=False))


def latest(tx: Tx) -> list[RunRow]:
    """Return the newest runs."""
    at = func.coalesce(ImportRun.finished_at, ImportRun.created_at)
    columns = (
        ImportRun.id,
        ImportRun.kind,
        ImportRun.state,
        ImportRun.file_name,
        ImportRun.created,
        ImportRun.updated,
        ImportRun.skipped,
        ImportRun.refused,
        at,
        Staff.name,
    )
    statement = select(*columns).outerjoin(Staff, Staff.id == ImportRun.staff_id).order_by(ImportRun.id.desc())
    return [RunRow(*row[:8], iso(row[8]), row[9] or "") for row in tx.execute(statement.limit(SHOWN))]


def put_parts(tx: Tx, run_id: int, parts: Iterable[tuple[str, int, bytes]]) -> None:
    """Store pieces as (kind, number, body)."""
    rows = ({"run_id": run_id, "kind": kind, "number": number, "body": body} for kind, number, body in parts)
    while lot := list(islice(rows, 8)):
        tx.execute(insert(ImportPart), lot)


def part(tx: Tx, run_id: int, kind: str, number: int) -> bytes | None:
    """Return one piece."""
    chosen = ImportPart.run_id == run_id, ImportPart.kind == kind, ImportPart.number == number
    return tx.execute(select(ImportPart.body).where(*chosen)).scalar()


def parts(tx: Tx, run_id: int, kind: str) -> Iterator[bytes]:
    """Yield the pieces of one kind in order, one at a time."""
    number = 0
    while (body := part(tx, run_id, kind, number)) is not None:
        yield body
        number += 1


def drop_parts(tx: Tx, run_id: int, *, but: Iterable[str] = ()) -> None:
    """Remove the pieces of a run, ``but`` those of some kinds."""
    chosen = delete(ImportPart).where(ImportPart.run_id == run_id, ImportPart.kind.not_in(list(but)))
    tx.execute(chosen.execution_options(synchronize_session=False))


def shape(tx: Tx, fingerprint: str) -> tuple[dict[str, str], dict[str, Any]] | None:
    """Return how the columns of a file like this were read last: mapping and options."""
    found = tx.get(ImportShape, fingerprint)
    return (json.loads(found.mapping), json.loads(found.options)) if found else None


def remember_shape(tx: Tx, fingerprint: str, mapping: str, options: str) -> None:
    """Keep how the columns of a file were read."""
    tx.merge(ImportShape(fingerprint=fingerprint, mapping=mapping, options=options, used_at=tx.now))
    tx.flush()


def purge(tx: Tx, now: datetime) -> None:
    """Remove files that nobody went on with, and the rows of old runs: they hold what clients told the business.

    What an update replaced is kept, for the import can be undone.
    """
    stale = delete(ImportRun).where(ImportRun.state == State.OPEN, ImportRun.created_at < now - OPEN_KEPT)
    tx.execute(stale.execution_options(synchronize_session=False))
    old = select(ImportRun.id).where(col(ImportRun.finished_at) < now - ROWS_KEPT)
    rows = delete(ImportPart).where(ImportPart.run_id.in_(old), ImportPart.kind != BEFORE)
    tx.execute(rows.execution_options(synchronize_session=False))
