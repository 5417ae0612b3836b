"""Taking an import back: what nobody touched since goes, what was replaced returns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, exists, func, or_, select, update
from sqlmodel import SQLModel

from appointments_app.db.models import (
    Action,
    Appointment,
    AppointmentText,
    Change,
    ChangeLine,
    Client,
    ClientText,
    ImportRun,
    Message,
    Series,
    Staff,
)
from appointments_app.db.queries.prepared import among
from appointments_app.db.queries.trigrams import remove_texts
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
        gone[name] = 0
        for lot in _lots(tx, table, run):
            mine = among(table.id, "ids", is_sqlite=tx.is_sqlite, values=lot)
            chosen = select(table.id).where(mine, ~_touched(table, run), *_unused(table))
            gone[name] += _remove(tx, table, list(tx.execute(chosen).scalars()))
            tell(sum(gone.values()))
        _forget_lines(tx, table, run)
        mine = _created(table, run)
        stays[name] = tx.execute(select(func.count()).select_from(table).where(mine)).scalar_one()
    return gone, stays


def _lots(tx: Tx, table: Any, run: ImportRun) -> Iterator[list[int]]:
    """Yield the ids of what an import created, and then those of the occurrences by which its series went on."""
    listed = ChangeLine.entity_id, [ChangeLine.change_id == run.change_id, ChangeLine.entity == table.__tablename__]
    went_on = Appointment.id, [Appointment.series_id.in_(_untouched_series(run))]
    for column, conditions in (listed, went_on) if table is Appointment else (listed,):
        last = 0
        statement = select(column).where(*conditions, column > bindparam("last")).order_by(column).limit(LOT)
        while lot := list(tx.execute(statement, {"last": last}).scalars()):
            yield lot
            last = lot[-1]


_TEXTS = {Client: ClientText, Appointment: AppointmentText}


def _remove(tx: Tx, table: Any, ids: list[int]) -> int:
    if table in _TEXTS:
        remove_texts(tx, _TEXTS[table], ids)
    going = delete(table).where(among(table.id, "ids", is_sqlite=tx.is_sqlite, values=ids))
    return tx.execute(going.execution_options(synchronize_session=False)).rowcount


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
