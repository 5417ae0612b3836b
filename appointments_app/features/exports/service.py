"""The use-case of exporting appointments."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from appointments_app import runtime
from appointments_app.db.queries import exports
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.appointment import Kind, Outcome, Status
from appointments_app.domain.times import to_wall
from appointments_app.domain.words import N_
from appointments_app.features.exports.schemas import FIELD_TITLES, KINDS, Wanted

WORDS = {
    Status.SCHEDULED: N_("Scheduled"),
    Status.DONE: N_("Done"),
    Status.DISMISSED: N_("Dismissed"),
    Outcome.NO_SHOW: N_("No-show"),
    Kind.INDEPENDENT: N_("Independent"),
    Kind.WORK_ORDER: N_("Work order #{number}"),
    Kind.BOOKING: N_("Booking #{number}"),
}
"""What statuses, outcomes and kinds are called in a file."""


@dataclass(frozen=True)
class Field:
    """One column: its key, its title in the actor's language, and what it holds."""

    key: str
    title: str
    kind: str


@dataclass(frozen=True)
class Export:
    """An export that can be written now: title and columns in the actor's language, rows read as they are asked for."""

    title: str
    day: str
    fields: tuple[Field, ...]
    total: int
    rows: Generator[tuple[Any, ...]]


@contextmanager
def opened(uow: UnitOfWork, *, actor: Actor, wanted: Wanted) -> Iterator[Export]:
    """Open an export: one transaction, so that total and rows are of one moment. Leaving it ends the reading."""
    actor.require(Permission.EXPORT)
    actor = actor.within(Permission.EXPORT)

    def say(msgid: str) -> str:
        return runtime.translate(actor.language, msgid)

    words = {each.value: say(word) for each, word in WORDS.items()}
    fields = tuple(Field(key, say(FIELD_TITLES[key]), KINDS.get(key, "text")) for key in wanted.fields)
    with uow.read() as tx:
        exports.one_picture(tx)
        total = exports.count(tx, actor, wanted.selection)
        day = to_wall(tx.now, actor.time_zone).date().isoformat()
        rows = exports.rows(tx, actor, wanted.selection, wanted.fields, descending=wanted.descending, words=words)
        with closing(rows):
            yield Export(say("Appointments"), day, fields, total, rows)
