"""Use-cases that move a work order through its life, and settle what becomes of its appointments."""

from __future__ import annotations

from dataclasses import dataclass

from appointments_app.db.queries import bulk, history, order_changes
from appointments_app.db.queries.bulk import Progress
from appointments_app.db.queries.order_changes import StoredOrder
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.appointment import Status
from appointments_app.domain.change import Verb, as_text
from appointments_app.domain.errors import NotAllowed
from appointments_app.domain.work_order import (
    AT_DELETION,
    AT_END,
    Fate,
    OrderStatus,
    Step,
    after,
    read_fate,
    read_step,
)
from appointments_app.features.appointments.service import stop_series
from appointments_app.features.work_orders.service.list import order_in

_VERBS = {Step.OPEN: Verb.OPENED, Step.CLOSE: Verb.CLOSED, Step.CANCEL: Verb.CANCELLED}


@dataclass(frozen=True)
class Question:
    """What a person must know before a work order ends or goes: how many appointments it has."""

    id: int = 0
    number: str = ""
    scheduled: int = 0
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Result:
    """What was done: the change that Undo takes back, how many appointments changed, how many were left scheduled."""

    change_id: int
    changed: int = 0
    left: int = 0


def ask(uow: UnitOfWork, *, actor: Actor, order_id: object) -> Question:
    """Return what there is to decide about the appointments of a work order."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        old = order_in(tx, actor, order_id)
        tally = order_changes.tally(tx, actor, old.id)
        return Question(old.id, old.fields.number, tally.scheduled, tally.done, tally.total)


def move(
    uow: UnitOfWork,
    *,
    actor: Actor,
    order_id: object,
    step: object,
    fate: object = Fate.LEAVE,
    progress: Progress = bulk.keep_going,
) -> Result:
    """Open, close or cancel a work order; ``fate`` settles what is still scheduled when it ends. Raises Invalid.

    Series of its appointments have no further occurrences once these are settled. Raises Cancelled when ``progress``
    says stop: nothing has changed then.
    """
    actor.require(Permission.EDIT)
    wanted, settled = read_step(step), read_fate(fate, AT_END)
    if settled is not Fate.LEAVE:
        actor.require(Permission.STATUS)
    with uow.begin() as tx:
        old = order_in(tx, actor.within(Permission.EDIT), order_id, to_change=True)
        status = after(old.status, wanted)
        change_id = history.open_change(tx, actor, _VERBS[wanted])
        history.add_lines(tx, change_id, "work_order", old.id, {"status": (old.status.value, status.value)})
        order_changes.set_status(tx, old.id, status)
        if status is OrderStatus.OPEN or settled is Fate.LEAVE:
            return Result(change_id)
        return _settle(tx, actor, old, change_id, Status(settled.value), progress)


def _settle(tx: Tx, actor: Actor, old: StoredOrder, change_id: int, status: Status, progress: Progress) -> Result:
    stop_series(tx, change_id, order_changes.series_ids(tx, old.id))
    scheduled = order_changes.appointments_of(actor.within(Permission.STATUS), old.id, Status.SCHEDULED)
    changed = bulk.set_status(tx, change_id, scheduled, status.value, progress)
    return Result(change_id, changed, order_changes.tally(tx, actor, old.id).scheduled)


def delete(
    uow: UnitOfWork,
    *,
    actor: Actor,
    order_id: object,
    fate: object = Fate.LEAVE,
    progress: Progress = bulk.keep_going,
) -> Result:
    """Delete a work order, so that Undo can bring it back. Its appointments become independent ones or, with

    ``Fate.DELETE``, go along unless they are Done (R3). Raises NotAllowed while some are out of the actor's reach.
    """
    actor.require(Permission.DELETE)
    wanted = read_fate(fate, AT_DELETION)
    with uow.begin() as tx:
        mine = actor.within(Permission.DELETE)
        old = order_in(tx, mine, order_id, to_change=True)
        if order_changes.tally(tx, mine, old.id).out_of_reach:
            raise NotAllowed()
        change_id = history.open_change(tx, actor, Verb.DELETED)
        series = order_changes.series_ids(tx, old.id)
        gone = 0
        if wanted is Fate.DELETE:
            stop_series(tx, change_id, series)
            open_ones = order_changes.appointments_of(mine, old.id, Status.SCHEDULED, Status.DISMISSED)
            gone = bulk.delete(tx, change_id, open_ones, progress)
        kept = order_changes.detach(tx, change_id, old.id)
        history.add_lines(tx, change_id, "work_order", old.id, {"deleted_at": ("", as_text(tx.now))})
        order_changes.hide(tx, old.id)
        return Result(change_id, gone, kept)
