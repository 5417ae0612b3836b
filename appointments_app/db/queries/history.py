"""Writing and reading the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import insert, or_, select

from appointments_app.db.models import Appointment, Change, ChangeLine, Staff
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.change import Verb
from appointments_app.domain.times import iso


@dataclass(frozen=True)
class ChangeRow:
    """One line of the audit trail as people read it; ``who`` is '' for the program itself."""

    change_id: int
    at: str
    who: str
    verb: str
    entity: str
    entity_id: int
    field: str
    old: str
    new: str


def open_change(tx: Tx, actor: Actor, verb: Verb) -> int:
    """Write the header of a change and return its id."""
    change = Change(at=tx.now, staff_id=actor.staff_id, verb=verb.value)
    tx.add(change)
    tx.flush()
    assert change.id is not None
    return change.id


def record(tx: Tx, actor: Actor, verb: Verb, entity: str, entity_id: int, fields: Mapping[str, tuple[str, str]] | None = None) -> int:
    """Write that ``actor`` did ``verb`` to one record, with old and new of each field; return the change's id."""
    change_id = open_change(tx, actor, verb)
    lines = fields or {"": ("", "")}
    tx.execute(insert(ChangeLine), [
        {"change_id": change_id, "entity": entity, "entity_id": entity_id, "field": name, "old": old, "new": new}
        for name, (old, new) in lines.items()
    ])
    return change_id


_COLUMNS = (Change.id, Change.at, Staff.name, Change.verb, ChangeLine.entity, ChangeLine.entity_id, ChangeLine.field, ChangeLine.old, ChangeLine.new)


def of_record(tx: Tx, entity: str, entity_id: int, *, since: int = 0, limit: int = 100) -> list[ChangeRow]:
    """Return the newest changes of one record; ``since``: only those after this change id."""
    return _read(tx, [ChangeLine.entity == entity, ChangeLine.entity_id == entity_id, ChangeLine.change_id > since], limit)


def of_client(tx: Tx, client_id: int, *, limit: int = 100) -> list[ChangeRow]:
    """Return the newest changes of a client and of the client's appointments."""
    theirs = select(Appointment.id).where(Appointment.client_id == client_id)
    about = or_(
        (ChangeLine.entity == "client") & (ChangeLine.entity_id == client_id),
        (ChangeLine.entity == "appointment") & ChangeLine.entity_id.in_(theirs),
    )
    return _read(tx, [about], limit)


def _read(tx: Tx, conditions: list, limit: int) -> list[ChangeRow]:
    statement = (
        select(*_COLUMNS).join_from(ChangeLine, Change, Change.id == ChangeLine.change_id).outerjoin(Staff, Staff.id == Change.staff_id)
        .where(*conditions).order_by(ChangeLine.change_id.desc(), ChangeLine.entity_id, ChangeLine.field).limit(limit)
    )
    return [ChangeRow(row[0], iso(row[1]), row[2] or "", *row[3:]) for row in tx.execute(statement)]


def last_change_id(tx: Tx) -> int:
    """Return the id of the newest change, 0 when there is none."""
    return tx.execute(select(Change.id).order_by(Change.id.desc()).limit(1)).scalar() or 0


def changed_since(tx: Tx, change_id: int, *, limit: int = 500) -> list[tuple[str, int]]:
    """Return which records changed after ``change_id``, as (entity, id), at most ``limit``."""
    statement = select(ChangeLine.entity, ChangeLine.entity_id).where(ChangeLine.change_id > change_id).distinct().limit(limit)
    return [(entity, entity_id) for entity, entity_id in tx.execute(statement)]
