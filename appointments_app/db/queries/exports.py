"""Reading appointments for an export: any number of rows, one lot of them in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    extract,
    func,
    select,
    text,
    type_coerce,
)
from sqlalchemy.orm import aliased

from appointments_app.db.models import Action, Appointment, AppointmentStaff, Client, Staff, WorkOrder
from appointments_app.db.queries import filters
from appointments_app.db.queries.appointments import selected
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.appointment import Kind
from appointments_app.domain.listing import Selection
from appointments_app.domain.times import zone

LOT = 200
KEPT = 20_000
"""How many different values of a column are remembered before their cells are worked out anew."""

FIELDS: dict[str, tuple[str, ...]] = {
    "start": ("start",),
    "end": ("end",),
    "minutes": ("start", "end"),
    "client": ("client",),
    "business": ("business",),
    "phone": ("phone",),
    "email": ("email",),
    "action": ("action",),
    "kind": ("work_order", "booking"),
    "staff": ("staff",),
    "status": ("status",),
    "outcome": ("outcome",),
    "shared": ("shared",),
    "confirmed": ("confirmed",),
    "notes": ("notes",),
    "created": ("created",),
}
"""The fields on offer, and the columns each is made of."""

Cells = Sequence[Any]


class _Remembered(dict[Any, Any]):
    """What a value becomes, worked out once for many rows; forgets when it has grown, so that memory stays flat."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self._work = work

    def __missing__(self, value: Any) -> Any:
        if len(self) >= KEPT:
            self.clear()
        done = self[value] = self._work(value)
        return done


def one_picture(tx: Tx) -> None:
    """Make everything that follows see the same moment; the first statement of a transaction."""
    if not tx.is_sqlite:  # there, every transaction does
        tx.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))


def count(tx: Tx, actor: Actor, selection: Selection) -> int:
    """Return how many appointments an export of ``selection`` has."""
    conditions, _ = _walk(tx, actor, selection, for_page=False)
    return tx.execute(select(func.count()).select_from(Appointment).where(*conditions)).scalar_one()


def rows(
    tx: Tx,
    actor: Actor,
    selection: Selection,
    fields: Sequence[str],
    *,
    descending: bool,
    words: Mapping[str, str],
) -> Generator[tuple[Any, ...]]:
    """Yield the selected appointments that the actor may see, by start, with the cells of ``fields``.

    Times are wall times in the actor's zone, without a zone; closing the iterator closes the cursor.
    """
    cells_of = _cells(tx, actor, words)
    columns = list(dict.fromkeys(column for field in fields for column in FIELDS[field]))
    statement = _statement(tx, actor, selection, columns, descending=descending)
    result = tx.connection().execute(statement, execution_options={"stream_results": True})
    try:
        while lot := result.fetchmany(LOT):
            raw = dict(zip(columns, zip(*lot, strict=True), strict=True))
            yield from zip(*(cells_of[field](*(raw[name] for name in FIELDS[field])) for field in fields), strict=True)
    finally:
        result.close()


def _statement(tx: Tx, actor: Actor, selection: Selection, columns: list[str], *, descending: bool) -> Select[Any]:
    available = _columns(tx)
    conditions, order = _walk(tx, actor, selection)
    return (
        select(*(available[name] for name in columns))
        .join_from(Appointment, Client, Client.id == Appointment.client_id)
        .outerjoin(Action, Action.id == Appointment.action_id)
        .outerjoin(WorkOrder, WorkOrder.id == Appointment.work_order_id)
        .where(*conditions)
        .order_by(*(each.desc() if descending else each.asc() for each in order))
    )


def _walk(
    tx: Tx, actor: Actor, selection: Selection, *, for_page: bool = True
) -> tuple[filters.Conditions, tuple[Any, Any]]:
    """Return conditions and order that walk an index as a page does: a million rows must not be sorted in memory."""
    order = Appointment.start_at, Appointment.id
    if selection.matching is None:
        return selected(tx, actor, selection), order
    shape, values = filters.shape_of(tx, actor, selection.matching, for_page=for_page)
    if shape.by_staff:
        order = AppointmentStaff.start_at, AppointmentStaff.appointment_id

    def given(name: str, type_: Any) -> Any:
        return bindparam(name, values[name], type_=type_, unique=True)

    return filters.conditions(shape, given, values), order


def _columns(tx: Tx) -> dict[str, ColumnElement[Any]]:
    """Return the columns by name, of types that come out of the driver as they are."""
    assigned = aliased(AppointmentStaff)  # not the table a filter by staff joins: the two must not be taken for one
    staff = (
        select(func.aggregate_strings(cast(assigned.staff_id, String), ","))
        .where(assigned.appointment_id == Appointment.id)
        .correlate(Appointment)
        .scalar_subquery()
    )
    return {
        "start": _seconds(tx, Appointment.start_at),
        "end": _seconds(tx, Appointment.end_at),
        "client": Client.name,
        "business": Client.business_name,
        "phone": Client.phone,
        "email": Client.email,
        "action": Action.name,
        "work_order": WorkOrder.number,
        "booking": Appointment.booking_id,
        "staff": staff,
        "status": Appointment.status,
        "outcome": Appointment.outcome,
        "shared": type_coerce(Appointment.shared, Integer),
        "confirmed": _seconds(tx, Appointment.confirmed_at),
        "notes": Appointment.notes,
        "created": _seconds(tx, Appointment.created_at),
    }


def _seconds(tx: Tx, instant: ColumnElement[datetime]) -> ColumnElement[int]:
    """Return the instant as whole seconds since 1970: drivers make a number in a fraction of a datetime's time."""
    since = extract("epoch", instant)
    return since if tx.is_sqlite else cast(func.floor(since), BigInteger)


def _cells(tx: Tx, actor: Actor, words: Mapping[str, str]) -> dict[str, Callable[..., Cells]]:
    """Return for each field how its cells are made of its columns."""
    zone_info = zone(actor.time_zone)
    names = dict(tx.execute(select(Staff.id, Staff.name)).all())

    def wall(seconds: int | None) -> datetime | None:
        return None if seconds is None else datetime.fromtimestamp(seconds, zone_info).replace(tzinfo=None)

    def staff(ids: str | None) -> str:
        return _joined(sorted(names[int(each)] for each in ids.split(","))) if ids else ""

    walls, teams = _Remembered(wall), _Remembered(staff)
    made: dict[str, Callable[..., Cells]] = dict.fromkeys(FIELDS, _as_they_are)
    made |= dict.fromkeys(("start", "end", "confirmed", "created"), lambda cells: list(map(walls.__getitem__, cells)))
    made["minutes"] = _minutes
    made["staff"] = lambda cells: list(map(teams.__getitem__, cells))
    made["status"] = lambda cells: list(map(words.__getitem__, cells))
    made["outcome"] = lambda cells: [each and words[each] for each in cells]
    made["kind"] = lambda orders, bookings: [_kind(words, *each) for each in zip(orders, bookings, strict=True)]
    return made


def _joined(names: Sequence[str]) -> str:
    """Return names in one cell; those that have commas in them are parted, or closed, by semicolons."""
    if not any("," in name or "،" in name for name in names):
        return ", ".join(names)
    return "; ".join(names) if len(names) > 1 else f"{names[0]};"


def _kind(words: Mapping[str, str], order: str | None, booking_id: int | None) -> str:
    """Return what an appointment belongs to, by name."""
    if booking_id is not None:
        return words[Kind.BOOKING].format(number=booking_id)
    return words[Kind.INDEPENDENT] if order is None else words[Kind.WORK_ORDER].format(number=order)


def _as_they_are(cells: Cells) -> Cells:
    return cells


def _minutes(starts: Cells, ends: Cells) -> Cells:
    return [(end - start) // 60 for start, end in zip(starts, ends, strict=True)]
