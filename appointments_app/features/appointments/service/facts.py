"""What the page of an appointment shows beside its form: its facts, its audit trail, what the client asks for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from appointments_app.db.queries import client_requests, history
from appointments_app.db.queries.booking import Stored
from appointments_app.db.queries.client_requests import RequestRow
from appointments_app.db.queries.history import ChangeRow
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.times import iso
from appointments_app.features.appointments.service.known import to_read
from appointments_app.features.appointments.service.preview import SeriesFacts, series_facts
from appointments_app.features.history.service import in_words


@dataclass(frozen=True)
class Facts:
    """What the page of an appointment shows beside its form."""

    status: str
    start_at: str
    end_at: str
    over: bool
    confirmed_at: str
    confirmed_by: str
    created_at: str
    created_by: str
    overlap_reason: str
    outcome: str = ""
    series: SeriesFacts = field(default_factory=SeriesFacts)
    shared: bool = False
    confirmed_how: str = ""
    request: RequestRow = field(default_factory=RequestRow)
    """What the client asked for and nobody settled."""


def facts_of(uow: UnitOfWork, *, actor: Actor, appointment_id: int) -> tuple[Facts, int, tuple[ChangeRow, ...]]:
    """Return what may have changed on an appointment meanwhile: its facts, its version, its audit trail."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        old = to_read(tx, actor, appointment_id)
        return (
            replace(_facts(tx, old), series=series_facts(tx, actor, old), request=_request(tx, actor, old)),
            old.version,
            tuple(changes_of(tx, actor, old)),
        )


def _request(tx: Tx, actor: Actor, old: Stored) -> RequestRow:
    return next(iter(client_requests.waiting(tx, actor, appointment_id=old.id)), RequestRow())


def changes_of(tx: Tx, actor: Actor, old: Stored, *, since: int = 0, limit: int = 200) -> list[ChangeRow]:
    """Return the audit trail of an appointment and of its series; without the start: its own page needs no link."""
    records = [("appointment", old.id), *([("series", old.series_id)] if old.series_id else [])]
    found = history.of_records(tx, records, since=since, limit=limit)
    return [replace(row, start_at="") for row in in_words(tx, actor, found)]


def _facts(tx: Tx, old: Stored) -> Facts:
    confirmed = iso(old.confirmed_at) if old.confirmed_at else ""
    return Facts(
        old.status,
        iso(old.booking.start_at),
        iso(old.booking.end_at),
        old.booking.end_at <= tx.now,
        confirmed,
        old.confirmed_by,
        iso(old.created_at),
        old.created_by,
        old.overlap_reason,
        old.outcome,
        shared=old.booking.shared,
        confirmed_how=old.confirmed_how,
    )
