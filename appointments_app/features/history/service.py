"""The audit trail in a person's language, where the database keeps what only programs read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from appointments_app import runtime
from appointments_app.db.queries import series
from appointments_app.db.queries.history import ChangeRow, FieldChange
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.recurrence import Rule


def in_words(tx: Tx, actor: Actor, rows: Sequence[ChangeRow]) -> list[ChangeRow]:
    """Return the changes with recurrence rules as sentences."""
    ids = {row.entity_id for row in rows if row.entity == "series"}
    known = {one.id: (one.dtstart, one.time_zone) for one in series.some(tx, ids)} if ids else {}
    return [
        replace(row, lines=[_said(line, actor.language, *known[row.entity_id]) for line in row.lines])
        if row.entity == "series" and row.entity_id in known
        else row
        for row in rows
    ]


def _said(line: FieldChange, language: str, dtstart: datetime, zone: str) -> FieldChange:
    if line.field != "rrule":
        return line
    old, new = (
        runtime.describe_rule(language, Rule.from_rrule(text, dtstart, zone), dtstart) if text else ""
        for text in (line.old, line.new)
    )
    return replace(line, old=old, new=new)
