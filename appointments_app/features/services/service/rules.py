"""Use-cases of the rules by which bookings are offered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from appointments_app.db.models import BookingRules
from appointments_app.db.queries import history
from appointments_app.db.queries.staff import one_at_a_time
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.change import Verb, differences
from appointments_app.domain.errors import Conflict
from appointments_app.domain.service import read_rules


@dataclass(frozen=True)
class RulesForm:
    """The rules as the form shows them: the notice in hours."""

    version: int = 0
    last_change: int = 0
    step: str = ""
    notice: str = ""
    ahead: str = ""
    per_client: str = ""
    must_confirm: bool = True


def open_rules(uow: UnitOfWork, *, actor: Actor) -> RulesForm:
    """Return the rules."""
    actor.require(Permission.SETTINGS)
    with uow.read() as tx:
        row = _row(tx)
        return RulesForm(
            row.version,
            history.last_change_id(tx),
            str(row.step),
            str(row.notice // 60),
            str(row.ahead),
            str(row.per_client),
            row.must_confirm,
        )


def save_rules(
    uow: UnitOfWork, *, actor: Actor, values: Mapping[str, object], version: object, last_change: int = 0
) -> None:
    """Store the rules; raises Invalid, Conflict. What is booked already stays."""
    actor.require(Permission.SETTINGS)
    wanted = asdict(read_rules(values))
    with uow.begin() as tx:
        one_at_a_time(tx)
        row = _row(tx)
        if row.version != version:
            raise Conflict(changes=history.of_record(tx, "rules", 1, since=last_change), version=row.version)
        changed = differences({name: getattr(row, name) for name in wanted}, wanted)
        if changed:
            for name, value in wanted.items():
                setattr(row, name, value)
            row.version += 1
            tx.add(row)
            tx.flush()
            history.record(tx, actor, Verb.EDITED, "rules", 1, changed)


def _row(tx: Tx) -> BookingRules:
    return tx.get(BookingRules, 1) or BookingRules()
