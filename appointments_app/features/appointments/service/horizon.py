"""How far series are rows: as far as the horizon always, further where somebody looks, no further for long."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from appointments_app.db.queries import booking as appointments
from appointments_app.db.queries import history, occurrences, overlaps, sign_ins
from appointments_app.db.queries import series as queries
from appointments_app.db.queries.series import SeriesRow
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor
from appointments_app.domain.change import differences
from appointments_app.domain.errors import Invalid
from appointments_app.domain.listing import AppointmentFilter
from appointments_app.domain.recurrence import Occurrence, between, ends_before
from appointments_app.domain.series import HORIZON
from appointments_app.domain.times import to_instant
from appointments_app.domain.words import N_
from appointments_app.runtime import translate

log = logging.getLogger(__name__)
LOT = 100
"""So many series are extended in one transaction: others need not wait long for theirs."""
SPARE = timedelta(days=1)
"""The horizon of a series moves when it lags behind by this much, not at every look."""
GLANCE = timedelta(days=92)
"""Without an end, a look beyond the horizon reaches this far."""
MOST_AT_A_LOOK = 20_000
KEPT = timedelta(days=2)
"""What a look beyond the horizon added is kept this long."""
WHY = N_("The series goes on at this time.")


def extend(uow: UnitOfWork) -> int:
    """Move the horizon of every series on, and remove what a look beyond it left; return how many rows were added."""
    added, reached = 0, 1
    while reached:
        with uow.begin() as tx:
            behind = queries.behind(tx, tx.now + HORIZON - SPARE, LOT)
            reached = len(behind)
            added += _extend(tx, behind)
    removed = 1
    while removed:
        with uow.begin() as tx:
            removed = occurrences.purge(tx, tx.now + HORIZON + GLANCE, tx.now - KEPT, MOST_AT_A_LOOK)
    return added


def _extend(tx: Tx, behind: list[SeriesRow]) -> int:
    until = tx.now + HORIZON
    found: list[tuple[SeriesRow, Occurrence]] = []
    for row in behind:
        try:
            found += [(row, one) for one in _between(row, row.filled_until, until)]
        except Invalid:  # a zone that this machine does not know any more: the others go on
            log.warning("series %s cannot be followed", row.id)
    ids = occurrences.add(tx, found)
    queries.filled(tx, [row.id for row in behind], until)
    _say_why(tx, ids)
    return len(ids)


def _between(row: SeriesRow, since: datetime, until: datetime, limit: int | None = None) -> list[Occurrence]:
    return between(row.rrule, row.dtstart, row.time_zone, since, until, limit=limit) if row.rrule else []


def _say_why(tx: Tx, ids: list[int]) -> None:
    """Note on what was added over other appointments of its staff that the series did it, not a person."""
    if pairs := overlaps.overlapping(tx, ids):
        business = sign_ins.business(tx)
        appointments.give_reason(
            tx, {mine for mine, _ in pairs}, translate(business.language if business else "en", WHY)
        )


def stop(tx: Tx, change_id: int, series_ids: Collection[int]) -> None:
    """Let series have no further occurrences than those that begin before now, with audit lines."""
    for row in queries.some(tx, series_ids, to_change=True):
        furthest = tx.now + timedelta(days=366 * 100)
        ahead = between(row.rrule, row.dtstart, row.time_zone, tx.now, furthest, limit=1) if row.rrule else []
        if ahead:
            before, _ = ends_before(row.rrule, row.dtstart, row.time_zone, ahead[0].recurrence_id)
            queries.change(tx, row.id, rrule=before)
            history.add_lines(tx, change_id, "series", row.id, differences({"rrule": row.rrule}, {"rrule": before}))


def look_ahead(uow: UnitOfWork, *, actor: Actor, wanted: AppointmentFilter) -> str:
    """Make rows of what a list beyond the horizon shows; return the day up to which it is whole, '' for all of it."""
    window = _beyond(wanted, actor, uow.clock() + HORIZON - SPARE)
    if window is None:
        return ""
    since, until = window
    with uow.read() as tx:
        found, whole_until = _found(tx, since, until)
        missing = occurrences.missing(tx, found)
    if missing:
        with uow.begin() as tx:
            present = {row.id: row.version for row in queries.some(tx, {row.id for row, _ in missing}, to_change=True)}
            still = [(row, one) for row, one in missing if present[row.id] == row.version]
            _say_why(tx, occurrences.add(tx, still))
    return whole_until


def _beyond(wanted: AppointmentFilter, actor: Actor, horizon: datetime) -> tuple[datetime, datetime] | None:
    """Return the part of the days asked for that lies beyond the horizon."""
    since = _midnight(wanted.since, actor) if wanted.since else horizon
    until = _midnight(wanted.until, actor, 1) if wanted.until else since + GLANCE if wanted.since else horizon
    return (max(since, horizon), until) if until > horizon else None


def _midnight(day: str, actor: Actor, later: int = 0) -> datetime:
    return to_instant(date.fromisoformat(day) + timedelta(days=later), time(), actor.time_zone)


def _found(tx: Tx, since: datetime, until: datetime) -> tuple[list[tuple[SeriesRow, Occurrence]], str]:
    """Return the occurrences of all series in a window, month by month while they are not too many."""
    rows = [row for row in queries.every(tx) if _between(row, since, until, 1)]
    found: list[tuple[SeriesRow, Occurrence]] = []
    while since < until:
        end = min(since + timedelta(days=31), until)
        for row in rows:
            found += [(row, one) for one in _between(row, since, end)]
        since = end
        if len(found) > MOST_AT_A_LOOK and since < until:
            return found, since.date().isoformat()
    return found, ""
