"""An appointment, or the whole series of an occurrence, for other calendar programs."""

from __future__ import annotations

from datetime import timedelta

from appointments_app.db.queries import booking, occurrences
from appointments_app.db.queries.booking import Stored
from appointments_app.db.queries.occurrences import Detail
from appointments_app.db.queries.series import SeriesRow
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.event import Changed, Event
from appointments_app.domain.listing import record_id
from appointments_app.domain.times import to_instant, to_wall
from appointments_app.features.appointments.service.known import to_read
from appointments_app.features.appointments.service.repeats import series_of


def calendar_event(uow: UnitOfWork, *, actor: Actor, appointment_id: object) -> Event:
    """Return an appointment as an event; of an occurrence, its series as far as the actor may see it."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        one = to_read(tx, actor, record_id(appointment_id))
        row = series_of(tx, one)
        return _series(tx, actor, row) if row and row.is_within_reach(actor) else _single(one)


def _single(one: Stored) -> Event:
    wanted = one.booking
    return Event(
        one.uid,
        to_wall(wanted.start_at, wanted.time_zone).replace(tzinfo=None),
        wanted.time_zone,
        wanted.end_at - wanted.start_at,
        _summary(one.client.name, one.action.name if one.action else ""),
        description=wanted.notes,
        sequence=one.version - 1,
    )


def _series(tx: Tx, actor: Actor, row: SeriesRow) -> Event:
    details = occurrences.details(tx, actor, row.id)
    client = booking.client_choice(tx, row.template.client_id)
    action = booking.action_choice(tx, row.template.action_id) if row.template.action_id else None
    event = Event(
        row.uid,
        row.dtstart,
        row.time_zone,
        timedelta(minutes=row.template.minutes),
        _summary(client.name if client else "", action.name if action else ""),
        rrule=row.rrule,
        exdates=tuple(each.recurrence_id for each in details if each.deleted),
        description=row.template.notes,
        sequence=row.version - 1,
    )
    changed = (_changed(each) for each in details if not each.deleted)
    return Event(**{**vars(event), "changed": tuple(each for each in changed if _differs(event, each))})


def _changed(each: Detail) -> Changed:
    return Changed(
        each.recurrence_id,
        each.start_at,
        each.end_at - each.start_at,
        _summary(each.client, each.action),
        each.notes,
        each.version - 1,
    )


def _differs(event: Event, one: Changed) -> bool:
    planned = to_instant(one.recurrence_id.date(), one.recurrence_id.time(), event.zone_name)
    mine = (one.start_at, one.duration, one.summary, one.description)
    return mine != (planned, event.duration, event.summary, event.description)


def _summary(client: str, action: str) -> str:
    return f"{client} – {action}" if action else client
