"""What an appointment refers to must be on offer: its client, its record, its action, its staff."""

from __future__ import annotations

from appointments_app.db.queries import booking, work_orders
from appointments_app.db.queries.booking import Stored
from appointments_app.db.queries.reach import reached_clients
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.booking import Booking
from appointments_app.domain.errors import Invalid
from appointments_app.domain.words import N_


def check_references(tx: Tx, actor: Actor, wanted: Booking, old: Stored | None) -> None:
    """Refuse clients, records, actions and staff that are not on offer; what the appointment has already it may keep.

    Locks the staff, so that nobody else books them before this transaction ends.
    """
    kept = old.booking if old else None
    errors = _wrong_record(tx, actor, wanted, kept)
    client, action = booking.on_offer(tx, wanted.client_id, wanted.action_id or 0)
    client = client and bool(reached_clients(tx, actor, [wanted.client_id]))
    if not client and (kept is None or kept.client_id != wanted.client_id):
        errors["client"] = N_("This client can't be booked for any more. Choose another one.")
    if not action and wanted.action_id is not None and (kept is None or kept.action_id != wanted.action_id):
        errors["action"] = N_("This action is not on offer any more. Choose another one.")
    works_here = booking.hold_staff(tx, wanted.staff_ids)
    assigned = kept.staff_ids if kept else ()
    if not all(works_here.get(staff_id, False) or staff_id in assigned for staff_id in wanted.staff_ids):
        errors["staff"] = N_("One of them does not work here any more. Choose somebody else.")
    if errors:
        raise Invalid(fields=errors)


def _wrong_record(tx: Tx, actor: Actor, wanted: Booking, kept: Booking | None) -> dict[str, str]:
    """Return why the appointment can't belong to that work order, by field."""
    before = (kept.work_order_id, kept.client_id) if kept else (None, 0)
    if wanted.work_order_id is None or before == (wanted.work_order_id, wanted.client_id):
        return {}
    order = work_orders.linked(tx, actor, wanted.work_order_id, to_book=True)
    if order is None:
        return {"work_order": N_("This work order is not there any more.")}
    if not order.takes_more and before[0] != wanted.work_order_id:
        return {"work_order": N_("This work order is closed. Open it again to schedule for it.")}
    if order.client_id != wanted.client_id:
        return {"client": N_("This work order is another client's. Choose that client, or detach the appointment.")}
    return {}
