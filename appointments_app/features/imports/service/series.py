"""Recurring events of a calendar file become series of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from appointments_app.db.queries import bulk, history, import_writes, occurrences
from appointments_app.db.queries import series as queries
from appointments_app.db.queries.appointments import with_ids
from appointments_app.db.queries.series import Template
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.appointment import LONGEST, SHORTEST, YEARS, Status
from appointments_app.domain.change import Verb
from appointments_app.domain.importing import Repeating
from appointments_app.domain.recurrence import between
from appointments_app.domain.series import HORIZON, OLDEST_START
from appointments_app.domain.times import to_instant, to_wall


@dataclass(frozen=True)
class NewSeries:
    """A series that is to be stored: what its occurrences begin with, the start and status of the first, its rule."""

    template: Template
    start_at: datetime
    time_zone: str
    status: str
    repeating: Repeating


def begin_series(tx: Tx, actor: Actor, change_id: int, new: NewSeries) -> None:
    """Store a series with its occurrences as far as the horizon; what lies more than a year back is left out."""
    repeating = new.repeating
    zone_name = repeating.time_zone or new.time_zone
    dtstart = to_wall(new.start_at, zone_name).replace(tzinfo=None)
    row = queries.add(
        tx,
        new.template,
        dtstart=dtstart,
        time_zone=zone_name,
        rrule=repeating.rrule,
        filled_until=max(new.start_at, tx.now - OLDEST_START),
        created_by=actor.staff_id,
    )
    import_writes.add_lines(tx, change_id, [("series", row.id, "rrule", "", repeating.rrule)])
    until = max(tx.now + HORIZON, new.start_at + timedelta(seconds=1))
    found = between(row.rrule, row.dtstart, row.time_zone, row.filled_until, until)
    ids = occurrences.add(tx, [(row, one) for one in found])
    queries.filled(tx, [row.id], until)
    import_writes.add_lines(tx, change_id, [("appointment", one, "", "", "") for one in ids])
    _except(tx, actor, row.id, zone_name, repeating)
    _settle(tx, ids, new)


def _except(tx: Tx, actor: Actor, series_id: int, zone_name: str, repeating: Repeating) -> None:
    """Leave out and move the occurrences that the file leaves out and moves, as far as they are rows."""
    names = [*repeating.cancelled, *repeating.moved]
    ids = occurrences.ids_of(tx, series_id, names) if names else {}
    cancelled = [ids[name] for name in repeating.cancelled if name in ids]
    if cancelled:
        bulk.delete(tx, history.open_change(tx, actor, Verb.DELETED), with_ids(cancelled))
    moved = {
        ids[name]: (_instant(at, zone_name), minutes)
        for name, (at, minutes) in repeating.moved.items()
        if name in ids and isinstance(at, datetime) and at.year in YEARS
    }
    if moved:
        lasting = _lasting(tx, series_id)
        times = {
            one: (at, at + (timedelta(minutes=minutes) if SHORTEST <= minutes <= LONGEST else lasting))
            for one, (at, minutes) in moved.items()
        }
        occurrences.write(tx, history.open_change(tx, actor, Verb.EDITED), list(moved), {}, times)
        occurrences.set_by_hand(tx, list(moved), True)


def _instant(at: datetime, zone_name: str) -> datetime:
    return at if at.tzinfo is not None else to_instant(at.date(), at.time(), zone_name)


def _lasting(tx: Tx, series_id: int) -> timedelta:
    return timedelta(minutes=queries.get(tx, series_id).template.minutes)


def _settle(tx: Tx, ids: list[int], new: NewSeries) -> None:
    """Give occurrences that are over the status of the first one, where that is not Scheduled."""
    if new.status != Status.SCHEDULED:
        occurrences.settle(tx, ids, new.status)
