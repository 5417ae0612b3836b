"""How long clients and the history are kept, and the work that lets them go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from appointments_app.db.models import Business
from appointments_app.db.queries import drafts, history, imports, retention
from appointments_app.db.queries.staff import one_at_a_time
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission, program
from appointments_app.domain.change import Verb, differences
from appointments_app.domain.errors import Conflict, NotFound
from appointments_app.domain.privacy import SHORTEST, Keeping, months_before, read_keeping
from appointments_app.domain.times import iso
from appointments_app.features.privacy.service.erasing import erase_all

FIELDS = tuple(SHORTEST)
TO_THINK_AGAIN = timedelta(hours=24)
"""So long after the settings were changed nothing goes: what goes never comes back."""

CLIENTS_AT_ONCE, ROWS_AT_ONCE = 20, 2_000


@dataclass(frozen=True)
class Preview:
    """What would go at this moment: clients, and changes in the audit trail."""

    clients: int = 0
    changes: int = 0


@dataclass(frozen=True)
class KeepingForm:
    """The settings as the form shows them. ``begins_at`` is when the first things go, '' when that is past or never."""

    version: int = 0
    last_change: int = 0
    keep_clients: str = ""
    keep_history: str = ""
    begins_at: str = ""
    clients: int = 0
    changes: int = 0


def open_keeping(uow: UnitOfWork, *, actor: Actor) -> KeepingForm:
    """Return how long things are kept, and what would go now."""
    actor.require(Permission.SETTINGS)
    with uow.read() as tx:
        business = _business(tx)
        kept = _kept(business)
        waits = business.forget_from if business.forget_from and business.forget_from > tx.now else None
        return KeepingForm(
            business.version,
            history.last_change_id(tx),
            str(kept.keep_clients),
            str(kept.keep_history),
            iso(waits) if waits and kept != Keeping() else "",
            **asdict(_due(tx, kept)),
        )


def preview(uow: UnitOfWork, *, actor: Actor, values: Mapping[str, object]) -> Preview:
    """Return what would go now under other settings; raises Invalid."""
    actor.require(Permission.SETTINGS)
    wanted = read_keeping(values)
    with uow.read() as tx:
        return _due(tx, wanted)


def save_keeping(
    uow: UnitOfWork, *, actor: Actor, values: Mapping[str, object], version: object, last_change: int = 0
) -> None:
    """Store how long things are kept; nothing goes in the first 24 hours. Raises Invalid or Conflict.

    Only those who may erase a client may let clients be erased.
    """
    actor.require(Permission.SETTINGS)
    actor.require(Permission.ERASE)
    wanted = read_keeping(values)
    with uow.begin() as tx:
        business = one_at_a_time(tx)
        if business.version != version:
            raise Conflict(changes=history.of_record(tx, "business", 1, since=last_change), version=business.version)
        changed = differences(asdict(_kept(business)), asdict(wanted))
        if changed:
            business.keep_clients, business.keep_history = wanted.keep_clients, wanted.keep_history
            business.forget_from, business.version = tx.now + TO_THINK_AGAIN, business.version + 1
            tx.add(business)
            tx.flush()
            history.record(tx, actor, Verb.EDITED, "business", 1, changed)


def forget(uow: UnitOfWork, is_stopping: Callable[[], bool]) -> int:
    """Let go what has been kept long enough, a lot at a time; return how much went, 0 when there is no more."""
    with uow.begin() as tx:
        imports.purge(tx, tx.now)
        drafts.purge(tx)
        business = tx.get(Business, 1)
        if business is None or business.forget_from is None or business.forget_from > tx.now or is_stopping():
            return 0
        kept = _kept(business)
        gone = 0
        if kept.keep_clients:
            ids = retention.due_clients(tx, months_before(tx.now, kept.keep_clients), limit=CLIENTS_AT_ONCE)
            if ids:
                erase_all(tx, program(), ids)
            gone += len(ids)
        if kept.keep_history:
            gone += retention.forget(tx, months_before(tx.now, kept.keep_history), limit=ROWS_AT_ONCE)
        return gone


def _due(tx: Tx, kept: Keeping) -> Preview:
    found = Preview()
    if kept.keep_clients:
        found = replace(found, clients=retention.count_due_clients(tx, months_before(tx.now, kept.keep_clients)))
    if kept.keep_history:
        found = replace(found, changes=retention.count_old(tx, months_before(tx.now, kept.keep_history)))
    return found


def _kept(business: Business) -> Keeping:
    return Keeping(business.keep_clients, business.keep_history)


def _business(tx: Tx) -> Business:
    business = tx.get(Business, 1)
    if business is None:
        raise NotFound()
    return business
