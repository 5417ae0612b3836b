"""Use-cases that let appointments of a client belong to a work order after they were made."""

from __future__ import annotations

from appointments_app.db.queries import history, order_links
from appointments_app.db.queries.order_links import Loose
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.change import Verb
from appointments_app.domain.errors import Invalid
from appointments_app.domain.listing import is_id
from appointments_app.domain.words import N_
from appointments_app.domain.work_order import TAKES_APPOINTMENTS
from appointments_app.features.work_orders.service.life import Result
from appointments_app.features.work_orders.service.list import StoredOrder, order_in


def to_link(uow: UnitOfWork, *, actor: Actor, order_id: object) -> list[Loose]:
    """Return the appointments of a work order's client that could belong to it, the latest first. Raises Invalid."""
    actor.require(Permission.EDIT)
    with uow.read() as tx:
        mine = actor.within(Permission.EDIT)
        return order_links.loose(tx, mine, _open_order(tx, mine, order_id).fields.client_id)


def link(uow: UnitOfWork, *, actor: Actor, order_id: object, ids: object) -> Result:
    """Let appointments belong to a work order; return the change that Undo takes back. Raises Invalid.

    Those that somebody gave to another record meanwhile, or that are out of reach, are left as they are.
    """
    actor.require(Permission.EDIT)
    chosen = [int(one) for one in ids if is_id(one)] if isinstance(ids, (list, tuple)) else []
    if not chosen or len(chosen) > order_links.OFFERED:
        raise Invalid(N_("Choose at least one appointment."))
    with uow.begin() as tx:
        mine = actor.within(Permission.EDIT)
        order = _open_order(tx, mine, order_id, to_change=True)
        change_id = history.open_change(tx, actor, Verb.LINKED)
        linked = order_links.attach(tx, mine, change_id, order.id, order.fields.client_id, chosen)
        if not linked:
            raise Invalid(N_("These appointments belong to something else by now."))
        return Result(change_id, linked, len(chosen) - linked)


def _open_order(tx: Tx, actor: Actor, order_id: object, *, to_change: bool = False) -> StoredOrder:
    order = order_in(tx, actor, order_id, to_change=to_change)
    if order.status not in TAKES_APPOINTMENTS:
        raise Invalid(N_("This work order is closed. Open it again to schedule for it."))
    return order
