"""Taking an import back: what nobody touched since goes, what was replaced returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlmodel import SQLModel

from appointments_app.db.models import (
    Action,
    Appointment,
    Change,
    ChangeLine,
    Client,
    ImportRun,
    Message,
    Series,
    Staff,
)
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.outbox import State

IN_ORDER = (Appointment, Series, Client, Action, Staff)
"""What refers to others goes before them."""


LOT = 5_000
"""So many records are removed by one statement, between two reports of progress."""


def remove_created(tx: Tx, run: ImportRun, tell: Callable[[int], object]) -> tuple[dict[str, int], dict[str, int]]:
    """Remove what an import created and nobody changed or used since; return how many went, and how many stay.

    The lines of the audit trail about what never was go as well: another record may get the same number.
    """
    gone: dict[str, int] = {}
    stays: dict[str, int] = {}
    for table in IN_ORDER:
        name = table.__tablename__
        if table is Series:
            _let_go(tx, run)
        mine = _created(table, run)
        gone[name], last = 0, 0
        while lot := _next_lot(tx, table, mine, last):
            chosen = (mine, table.id.between(*lot), ~_touched(table, run), *_unused(table))
            removed = tx.execute(delete(table).where(*chosen).execution_options(synchronize_session=False))
            gone[name], last = gone[name] + removed.rowcount, lot[1]
            tell(sum(gone.values()))
        _forget_lines(tx, table, run)
        stays[name] = tx.execute(select(func.count()).select_from(table).where(mine)).scalar_one()
    return gone, stays


def _next_lot(tx: Tx, table: Any, mine: ColumnElement[bool], last: int) -> tuple[int, int] | None:
    """Return the first and the last id of the next records that an import created."""
    ids = select(table.id).where(mine, table.id > last).order_by(table.id).limit(LOT).subquery()
    first, final = tx.execute(select(func.min(ids.c.id), func.max(ids.c.id))).one()
    return (first, final) if first is not None else None


def _created(table: Any, run: ImportRun) -> ColumnElement[bool]:
    """What an import created, and the occurrences by which its series went on since."""
    listed = select(ChangeLine.entity_id).where(
        ChangeLine.change_id == run.change_id, ChangeLine.entity == table.__tablename__
    )
    went_on = [Appointment.series_id.in_(_untouched_series(run))] if table is Appointment else []
    return or_(table.id.in_(listed), *went_on)


def _untouched_series(run: ImportRun) -> Any:
    return select(Series.id).where(_created(Series, run), Series.version == 1, ~_touched(Series, run))


def _let_go(tx: Tx, run: ImportRun) -> None:
    """Make single appointments of the occurrences that stay: their series goes, and must not go on."""
    stay = update(Appointment).where(Appointment.series_id.in_(_untouched_series(run)))
    alone = stay.values(series_id=None, recurrence_id=None)
    tx.execute(alone.execution_options(synchronize_session=False))


def _touched(table: Any, run: ImportRun) -> ColumnElement[bool]:
    """Whether anybody changed a record after the import, whose own changes are all of one moment."""
    later = (
        ChangeLine.entity == table.__tablename__,
        ChangeLine.entity_id == table.id,
        Change.id == ChangeLine.change_id,
        Change.at > run.finished_at,
    )
    return exists().where(*later).correlate(table)


def _unused(table: type[SQLModel]) -> list[ColumnElement[bool]]:
    """Return the conditions that no row of another table needs a record; what would go along with it doesn't."""
    own: Any = table.__table__  # type: ignore[attr-defined]
    needs = [
        exists().where(key.parent == own.c.id).correlate(own)
        for other in SQLModel.metadata.tables.values()
        for key in _keys(other)
        if key.column.table is own and key.ondelete != "CASCADE"
    ]
    if table is Appointment:
        needs.append(exists().where(Message.appointment_id == Appointment.id, Message.state != State.PLANNED))
    return [~each for each in needs]


def _keys(table: Any) -> list[Any]:
    return [key for column in table.columns for key in column.foreign_keys]


def _forget_lines(tx: Tx, table: Any, run: ImportRun) -> None:
    own = select(Change.id).where(Change.id >= run.change_id, Change.at == run.finished_at)
    lines = delete(ChangeLine).where(
        ChangeLine.change_id.in_(own),
        ChangeLine.entity == table.__tablename__,
        ~exists().where(table.id == ChangeLine.entity_id),
    )
    tx.execute(lines.execution_options(synchronize_session=False))


def versions(tx: Tx, table: Any, ids: Sequence[int]) -> dict[int, int]:
    """Return the version of each of these records."""
    return dict(tx.execute(select(table.id, table.version).where(table.id.in_(ids))).tuples().all())


def mark_undone(tx: Tx, change_id: int | None, undo_id: int) -> None:
    """Note which change took another one back."""
    statement = update(Change).where(Change.id == change_id).values(undone_by=undo_id)
    tx.execute(statement.execution_options(synchronize_session=False))
