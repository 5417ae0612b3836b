"""A client's nearest appointment; and all of them, nearest first: what lies ahead, then what was, latest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache

from sqlalchemy import Dialect, select
from sqlmodel.sql.sqltypes import UTCDateTime

from appointments_app.db.models import Action, Appointment, Client
from appointments_app.db.queries.appointments import (
    AppointmentPage,
    AppointmentRow,
    fetch,
    is_descending,
    make_key,
    read_key,
    rows_from,
)
from appointments_app.db.queries.filters import Shape, conditions, is_status, named, shape_of
from appointments_app.db.queries.prepared import Prepared, among, instant, prepare, run, written
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.appointment import Status
from appointments_app.domain.listing import AppointmentFilter, Place, Sort
from appointments_app.domain.times import iso, to_instant, to_wall

Key = tuple[datetime, int]


@dataclass(frozen=True)
class Nearest:
    """What is shown of a client's nearest appointment."""

    id: int
    start_at: str
    end_at: str
    action: str
    action_colour: str


def is_nearest_first(wanted: AppointmentFilter, place: Place) -> bool:
    """Return whether a list is in this order: one client's, unless another order is asked for or all of it is over."""
    chosen = place.sort is not Sort.START or place.descending is not None
    return bool(wanted.client) and not chosen and not is_descending(wanted, place)


def page(tx: Tx, actor: Actor, wanted: AppointmentFilter, place: Place) -> AppointmentPage:
    """Return one page in this order."""
    today = to_instant(to_wall(tx.now, actor.time_zone).date(), time(), actor.time_zone)
    midnight, key = (today, 0), read_key(place.before or place.after, Sort.START)
    shape, values = shape_of(tx, actor, wanted, for_page=True)

    def read(behind: Key | None, *, descending: bool) -> list[AppointmentRow]:
        return rows_from(tx, fetch(tx, shape, values, place, behind, descending))

    def ahead(rows: list[AppointmentRow]) -> list[AppointmentRow]:
        return [row for row in rows if row.start_at >= iso(today)]

    backwards = bool(place.before) and key is not None
    if place.before and key is not None:
        if key < midnight:
            rows = [row for row in read(key, descending=False) if row.start_at < iso(today)]
            rows = rows if len(rows) > place.size else [*rows, *ahead(read(None, descending=True))]
        else:
            rows = ahead(read(key, descending=True))
    elif key is not None and key < midnight:
        rows = read(key, descending=True)
    else:
        rows = read(key or midnight, descending=False)
        rows = rows if len(rows) > place.size else [*rows, *read(midnight, descending=True)]
    more, rows = len(rows) > place.size, rows[: place.size]
    if backwards:
        rows.reverse()
    has_previous, has_next = (more, bool(rows)) if backwards else (key is not None and bool(rows), more)
    return AppointmentPage(rows, _key(rows[0]) if has_previous else "", _key(rows[-1]) if has_next else "")


def _key(row: AppointmentRow) -> str:
    return make_key(datetime.fromisoformat(row.start_at), row.id)


def nearest_active(tx: Tx, actor: Actor, client_ids: Sequence[int]) -> dict[int, Nearest]:
    """Return each client's nearest appointment that is Scheduled and not yet over (R23), in one statement."""
    shape, values = shape_of(tx, actor, AppointmentFilter())
    rows = run(tx, _nearest_statement(tx.get_bind().dialect, shape), values | {"ids": list(client_ids)})
    return {row[0]: Nearest(row[1], instant(row[2]), instant(row[3]), row[4] or "", row[5] or "gray") for row in rows}


@lru_cache(maxsize=8)
def _nearest_statement(dialect: Dialect, shape: Shape) -> Prepared:
    active = (
        Appointment.client_id == Client.id,
        is_status(Status.SCHEDULED),
        Appointment.end_at > named("now", UTCDateTime()),
    )
    soonest = (
        select(Appointment.id).where(*conditions(shape), *active)
        .order_by(Appointment.start_at, Appointment.id).limit(written(1)).correlate(Client).scalar_subquery()
    )  # fmt: skip
    ids = select(soonest.label("id")).where(among(Client.id, "ids", is_sqlite=shape.is_sqlite)).subquery()
    when = Appointment.client_id, Appointment.id, Appointment.start_at, Appointment.end_at
    found = select(*when, Action.name, Action.colour).join_from(ids, Appointment, Appointment.id == ids.c.id)
    return prepare(found.outerjoin(Action), dialect)
