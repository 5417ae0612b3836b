"""Series: their rule, what their occurrences begin with, and how far those are rows."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from appointments_app.db.models import Appointment, Series, SeriesStaff
from appointments_app.db.queries.prepared import among
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor, Scope
from appointments_app.domain.times import local, read_local


@dataclass(frozen=True)
class Template:
    """What the occurrences of a series begin with."""

    client_id: int
    action_id: int | None
    minutes: int
    notes: str
    shared: bool
    staff_ids: tuple[int, ...]
    work_order_id: int | None = None


@dataclass(frozen=True)
class SeriesRow:
    """A series as it stands. ``dtstart`` is a wall time in ``time_zone``."""

    id: int
    uid: str
    dtstart: datetime
    time_zone: str
    rrule: str
    template: Template
    filled_until: datetime
    created_by: int | None
    version: int

    def is_within_reach(self, actor: Actor) -> bool:
        """Whether the actor may know of what it will add, and change it."""
        is_own = actor.staff_id in (self.created_by, *self.template.staff_ids)
        return actor.scope is Scope.ALL or is_own


def add(
    tx: Tx,
    template: Template,
    *,
    dtstart: datetime,
    time_zone: str,
    rrule: str,
    filled_until: datetime,
    created_by: int | None,
) -> SeriesRow:
    """Store a new series; it has no occurrences yet. ``filled_until``: the instant of its first."""
    values = {
        "uid": str(uuid.uuid4()),
        "dtstart": local(dtstart),
        "time_zone": time_zone,
        "rrule": rrule,
        "filled_until": filled_until,
        "created_at": tx.now,
        "created_by": created_by,
        "version": 1,
        **_columns(template),
    }
    series_id = tx.execute(insert(Series).values(**values).returning(Series.id)).scalar_one()
    _assign(tx, series_id, template.staff_ids)
    return SeriesRow(series_id, str(values["uid"]), dtstart, time_zone, rrule, template, filled_until, created_by, 1)


def get(tx: Tx, series_id: int, *, to_change: bool = False) -> SeriesRow:
    """Return a series; ``to_change`` makes others wait."""
    statement = select(Series).where(Series.id == series_id)
    return next(iter(_rows(tx, statement.with_for_update() if to_change else statement)))


def hold_of(tx: Tx, appointment_id: int) -> None:
    """Let nobody else change the series of an appointment; before the appointment itself, or two could deadlock."""
    own = select(Series.id).join(Appointment, Appointment.series_id == Series.id)
    tx.execute(own.where(Appointment.id == appointment_id).with_for_update(of=Series))


def behind(tx: Tx, until: datetime, limit: int) -> list[SeriesRow]:
    """Return up to ``limit`` series whose occurrences are not all rows before ``until`` yet, held for this transaction.

    Those that somebody else holds are left out: another process is at work on them, or a person.
    """
    late = select(Series).where(Series.filled_until < until).order_by(Series.filled_until, Series.id).limit(limit)
    return _rows(tx, late.with_for_update(skip_locked=True))


def some(tx: Tx, ids: Collection[int], *, to_change: bool = False) -> list[SeriesRow]:
    """Return the series with these ids; ``to_change`` makes others wait."""
    wanted = among(Series.id, "ids", is_sqlite=tx.is_sqlite, values=list(ids))
    statement = select(Series).where(wanted).order_by(Series.id)
    return _rows(tx, statement.with_for_update() if to_change else statement)


def every(tx: Tx) -> list[SeriesRow]:
    """Return all series."""
    return _rows(tx, select(Series).order_by(Series.id))


def _rows(tx: Tx, statement: Any) -> list[SeriesRow]:
    found = tx.execute(statement).scalars().all()
    staff: dict[int, list[int]] = {}
    linked = select(SeriesStaff.series_id, SeriesStaff.staff_id).where(
        among(SeriesStaff.series_id, "ids", is_sqlite=tx.is_sqlite, values=[one.id for one in found if one.id])
    )
    for series_id, staff_id in tx.execute(linked.order_by(SeriesStaff.staff_id)):
        staff.setdefault(series_id, []).append(staff_id)
    return [_row(one, tuple(staff.get(one.id or 0, ()))) for one in found]


def _row(one: Series, staff_ids: tuple[int, ...]) -> SeriesRow:
    assert one.id is not None
    template = Template(one.client_id, one.action_id, one.minutes, one.notes, one.shared, staff_ids, one.work_order_id)
    wall, zone = read_local(one.dtstart), one.time_zone
    return SeriesRow(one.id, one.uid, wall, zone, one.rrule, template, one.filled_until, one.created_by, one.version)


def change(tx: Tx, series_id: int, template: Template | None = None, **values: object) -> None:
    """Store what is given: ``rrule``, ``dtstart``, ``time_zone``, and what occurrences begin with."""
    if isinstance(dtstart := values.get("dtstart"), datetime):
        values["dtstart"] = local(dtstart)
    if template is not None:
        values |= _columns(template)
        tx.execute(delete(SeriesStaff).where(SeriesStaff.series_id == series_id))
        _assign(tx, series_id, template.staff_ids)
    statement = update(Series).where(Series.id == series_id).values(**values, version=Series.version + 1)
    tx.execute(statement.execution_options(synchronize_session=False))


def filled(tx: Tx, series_ids: Collection[int], until: datetime) -> None:
    """Note that every occurrence before ``until`` is a row; never takes back what another process noted."""
    statement = update(Series).where(Series.id.in_(series_ids), Series.filled_until < until).values(filled_until=until)
    tx.execute(statement.execution_options(synchronize_session=False))


def _columns(template: Template) -> dict[str, Any]:
    return {
        "client_id": template.client_id,
        "action_id": template.action_id,
        "minutes": template.minutes,
        "notes": template.notes,
        "shared": template.shared,
        "work_order_id": template.work_order_id,
    }


def _assign(tx: Tx, series_id: int, staff_ids: Collection[int]) -> None:
    if staff_ids:
        tx.execute(insert(SeriesStaff), [{"series_id": series_id, "staff_id": one} for one in staff_ids])
