"""Writing and reading the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Dialect, Select, exists, func, insert, select, union_all
from sqlalchemy.orm import aliased

from appointments_app.db.models import Action, Appointment, Change, ChangeLine, Client, Series, Staff, WorkOrder
from appointments_app.db.queries.appointments import within_reach
from appointments_app.db.queries.prepared import Prepared, prepare, run
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.change import WHOLE, Author, Verb, kind_of
from appointments_app.domain.times import iso


@dataclass(frozen=True)
class FieldChange:
    """One field: old → new, ids already as names. ``kind`` (domain.change.Kind) says how the values are shown."""

    field: str
    kind: str
    old: str
    new: str


@dataclass(frozen=True)
class ChangeRow:
    """What one person did to one record at one time; ``who`` is '' for the program itself, ``by_client`` a client.

    ``start_at`` is the start of the appointment it is about;
    ``open_id`` is that appointment's id, 0 when it is deleted.
    """

    change_id: int
    at: str
    who: str
    verb: str
    entity: str
    entity_id: int
    start_at: str = ""
    open_id: int = 0
    lines: list[FieldChange] = field(default_factory=list)
    by_client: bool = False


_by = aliased(Client)
"""The client who did it themselves."""


def open_change(tx: Tx, actor: Author, verb: Verb) -> int:
    """Write the header of a change and return its id."""
    values = {"at": tx.now, "staff_id": actor.staff_id, "client_id": actor.client_id, "verb": verb.value}
    return run(tx, _change_statement(tx.get_bind().dialect), values)[0][0]


@lru_cache(maxsize=8)
def _change_statement(dialect: Dialect) -> Prepared:
    statement = insert(Change).values(dict.fromkeys(("at", "staff_id", "client_id", "verb")))
    return prepare(statement.returning(Change.id), dialect)


def record(
    tx: Tx, actor: Author, verb: Verb, entity: str, entity_id: int, fields: Mapping[str, tuple[str, str]] | None = None
) -> int:
    """Write that ``actor`` did ``verb`` to one record, with old and new of each field; return the change's id."""
    change_id = open_change(tx, actor, verb)
    add_lines(tx, change_id, entity, entity_id, fields or {"": ("", "")})
    return change_id


def add_lines(tx: Tx, change_id: int, entity: str, entity_id: int, fields: Mapping[str, tuple[str, str]]) -> None:
    """Write old and new of each field of one record under an open change."""
    for name, (old, new) in fields.items():
        values = {
            "change_id": change_id,
            "entity": entity,
            "entity_id": entity_id,
            "field": name,
            "old": old,
            "new": new,
        }
        run(tx, _line_statement(tx.get_bind().dialect), values)


@lru_cache(maxsize=8)
def _line_statement(dialect: Dialect) -> Prepared:
    names = ("change_id", "entity", "entity_id", "field", "old", "new")
    return prepare(insert(ChangeLine).values(dict.fromkeys(names)).returning(ChangeLine.change_id), dialect)


def of_record(tx: Tx, entity: str, entity_id: int, *, since: int = 0, limit: int = 200) -> list[ChangeRow]:
    """Return the newest changes of one record; ``since``: only those after this change id; ``limit`` counts fields."""
    return of_records(tx, [(entity, entity_id)], since=since, limit=limit)


def of_records(tx: Tx, records: Sequence[tuple[str, int]], *, since: int = 0, limit: int = 200) -> list[ChangeRow]:
    """Return the newest changes of some records."""
    parts = [
        select(ChangeLine).where(
            ChangeLine.entity == entity, ChangeLine.entity_id == entity_id, ChangeLine.change_id > since
        )
        for entity, entity_id in records
    ]
    return _read(tx, parts, limit)


def of_client(tx: Tx, actor: Actor, client_id: int, *, limit: int = 200) -> list[ChangeRow]:
    """Return the newest changes of a client, of its appointments (deleted too) and series within reach."""
    theirs = (Appointment.client_id == client_id, *within_reach(actor))
    alive, deleted = (
        select(Appointment.id).where(*theirs, gone)
        for gone in (Appointment.deleted_at.is_(None), Appointment.deleted_at.is_not(None))
    )
    series = select(Series.id).where(
        Series.client_id == client_id, exists().where(Appointment.series_id == Series.id, *within_reach(actor))
    )
    about = [
        select(ChangeLine).where(ChangeLine.entity == "client", ChangeLine.entity_id == client_id),
        select(ChangeLine).where(ChangeLine.entity == "series", ChangeLine.entity_id.in_(series)),
        *(
            select(ChangeLine).where(ChangeLine.entity == "appointment", ChangeLine.entity_id.in_(ids))
            for ids in (alive, deleted)
        ),
    ]
    return _read(tx, about, limit)


def _read(tx: Tx, parts: Sequence[Select[Any]], limit: int) -> list[ChangeRow]:
    line = (parts[0] if len(parts) == 1 else union_all(*parts)).subquery().c
    statement = (
        select(
            Change.id,
            Change.at,
            func.coalesce(Staff.name, _by.name),
            Change.verb,
            line.entity,
            line.entity_id,
            Change.client_id.is_not(None),
            line.field,
            line.old,
            line.new,
        )
        .join(Change, Change.id == line.change_id)
        .outerjoin(Staff, Staff.id == Change.staff_id)
        .outerjoin(_by, _by.id == Change.client_id)
        .where(line.field != WHOLE)
        .order_by(line.change_id.desc(), line.entity_id, line.field)
        .limit(limit)
    )
    found = tx.execute(statement).all()
    names = _names(tx, [(row[7], value) for row in found for value in row[8:]])
    starts = _starts(tx, {row[5] for row in found if row[4] == "appointment"})
    rows = []
    for head, lines in groupby(found, key=lambda row: tuple(row[:7])):
        changes = [
            FieldChange(name, kind_of(name), *(names.get((name, value), value) for value in values))
            for name, *values in (row[7:] for row in lines)
            if name
        ]
        start_at, open_id = starts.get(head[5], ("", 0)) if head[4] == "appointment" else ("", 0)
        rows.append(
            ChangeRow(
                head[0],
                iso(head[1]),
                head[2] or "",
                *head[3:6],
                start_at=start_at,
                open_id=open_id,
                lines=changes,
                by_client=head[6],
            )
        )
    return rows


def _names(tx: Tx, values: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return the names behind ids that stand in the audit trail; several ids are joined by commas."""
    columns: dict[str, Any] = {
        "client_id": Client.name,
        "action_id": Action.name,
        "staff": Staff.name,
        "staff_ids": Staff.name,
        "work_order_id": WorkOrder.number,
    }
    wanted: dict[Any, dict[tuple[str, str], list[int]]] = {}
    for name, value in values:
        ids = [int(part) for part in value.replace(" ", "").split(",") if part.isascii() and part.isdigit()]
        if name in columns and ids:
            wanted.setdefault(columns[name], {})[name, value] = ids
    names = {}
    for column, asked in wanted.items():
        row_id = column.class_.id
        every = {each for ids in asked.values() for each in ids}
        known = {row[0]: row[1] for row in tx.execute(select(row_id, column).where(row_id.in_(every)))}
        names |= {key: ", ".join(known.get(each, "?") for each in ids) for key, ids in asked.items()}
    return names


def _starts(tx: Tx, ids: set[int]) -> dict[int, tuple[str, int]]:
    """Return each appointment's start, and its id unless it is deleted."""
    rows = (
        tx.execute(select(Appointment.id, Appointment.start_at, Appointment.deleted_at).where(Appointment.id.in_(ids)))
        if ids
        else ()
    )
    return {row[0]: (iso(row[1]), 0 if row[2] else row[0]) for row in rows}


def last_change_id(tx: Tx) -> int:
    """Return the id of the newest change, 0 when there is none."""
    rows = run(tx, _last_statement(tx.get_bind().dialect), {})
    return rows[0][0] if rows else 0


@lru_cache(maxsize=8)
def _last_statement(dialect: Dialect) -> Prepared:
    return prepare(select(Change.id).order_by(Change.id.desc()).limit(1), dialect)


def recent_change_ids(tx: Tx, *, limit: int = 1_000) -> set[int]:
    """Return the ids of the newest changes."""
    return set(tx.execute(select(Change.id).order_by(Change.id.desc()).limit(limit)).scalars())


def records_of(tx: Tx, change_ids: Collection[int], *, limit: int) -> list[tuple[str, int]]:
    """Return which records these changes touched, as (entity, id), at most ``limit``."""
    touched = select(ChangeLine.entity, ChangeLine.entity_id).where(ChangeLine.change_id.in_(change_ids)).distinct()
    return [(entity, entity_id) for entity, entity_id in tx.execute(touched.limit(limit))]
