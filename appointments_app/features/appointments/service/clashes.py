"""Staff who would be busy twice: who is in the way, what of it a person may know, and why it is booked all the same."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from appointments_app.db.queries import appointments, booking, overlaps, reach
from appointments_app.db.queries.appointments import AppointmentRow
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.appointment import Kind
from appointments_app.domain.booking import Booking, read_reason
from appointments_app.domain.errors import Clash


def busy(
    tx: Tx, actor: Actor, staff_ids: Collection[int], start_at: datetime, end_at: datetime, own_id: int | None
) -> list[AppointmentRow]:
    """Return the appointments that keep staff busy; of those out of the actor's reach only when, and whom."""
    ids = overlaps.in_the_way(tx, list(staff_ids), start_at, end_at, apart_from=own_id)
    return _as_known(tx, actor, appointments.rows_of(tx, ids), staff_ids)


def reason_for(
    tx: Tx,
    actor: Actor,
    wanted: Booking,
    staff_ids: Collection[int],
    reason: str,
    accepted: Collection[int],
    own_id: int | None,
) -> str:
    """Return why staff are booked twice, '' when they are free; raise Clash for what was not accepted."""
    if not staff_ids:
        return ""
    in_the_way = overlaps.in_the_way(tx, list(staff_ids), wanted.start_at, wanted.end_at, apart_from=own_id)
    if not in_the_way:
        return ""
    if not set(in_the_way) <= set(accepted):
        raise Clash(clashes=_as_known(tx, actor, appointments.rows_of(tx, in_the_way), staff_ids))
    return read_reason(reason)


def accept(
    tx: Tx,
    actor: Actor,
    ids: Collection[int],
    reason: str,
    accepted: Collection[int],
    *,
    staff_ids: Collection[int] | None = None,
) -> None:
    """Note why these stored appointments keep staff busy twice; raise Clash for what was not accepted.

    ``staff_ids``: only these people count. The Clash shows the first few; ``values['ids']`` holds all.
    """
    pairs = overlaps.overlapping(tx, ids, staff_ids=staff_ids)
    in_the_way = list(dict.fromkeys(other for _, other in pairs))
    if not in_the_way:
        return
    if not set(accepted).issuperset(in_the_way):
        rows = appointments.rows_of(tx, in_the_way[: overlaps.SHOWN])
        known = _as_known(tx, actor, rows, {one.id for row in rows for one in row.staff})
        raise Clash(clashes=known, ids=in_the_way)
    booking.give_reason(tx, {mine for mine, _ in pairs}, read_reason(reason))


def _as_known(tx: Tx, actor: Actor, rows: list[AppointmentRow], staff_ids: Collection[int]) -> list[AppointmentRow]:
    known = reach.reached(tx, actor, [row.id for row in rows])
    return [row if row.id in known else _only_busy(row, staff_ids) for row in rows]


def _only_busy(row: AppointmentRow, staff_ids: Collection[int]) -> AppointmentRow:
    nothing = {"client": "", "business": "", "phone": "", "action": "", "action_colour": "", "notes": ""}
    asked_for = [one for one in row.staff if one.id in staff_ids]
    hidden = {"client_id": 0, "shared": False, "confirmed": False, "created_at": "", "staff": asked_for}
    apart = {"kind": Kind.INDEPENDENT.value, "record_id": 0, "record_number": "", "record_title": ""}
    return replace(row, **nothing, **hidden, **apart)
