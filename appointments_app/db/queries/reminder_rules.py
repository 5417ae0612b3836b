"""The rules of reminders, and how far planning anew has come after one changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, text, tuple_, update

from appointments_app.db.models import (
    Appointment,
    Outbox,
    ReminderRule,
    ReminderRuleAction,
    ReminderRuleStaff,
    Replanning,
)
from appointments_app.db.queries import planning
from appointments_app.db.queries.prepared import among
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.reminder import NOTICES, Anchor


@dataclass(frozen=True)
class RuleRow:
    """A rule as it stands. ``done`` of ``total`` appointments have been planned anew since it changed.

    ``stopped``: the rest waits until somebody has it go on.
    """

    id: int
    name: str
    independent: bool
    bookings: bool
    work_orders: bool
    shared_only: bool
    every_action: bool
    every_staff: bool
    amount: int
    unit: str
    anchor: str
    recipient: str
    channel: str
    template_id: int | None
    quiet_from: str
    quiet_until: str
    quiet_way: str
    active: bool
    version: int
    planning: bool = False
    done: int = 0
    total: int = 0
    stopped: bool = False
    action_ids: list[int] = field(default_factory=list)
    staff_ids: list[int] = field(default_factory=list)


COLUMNS = tuple(name for name in RuleRow.__dataclass_fields__ if name in ReminderRule.model_fields)


def all_rows(tx: Tx) -> list[RuleRow]:
    """Return every rule, in the order in which they were made."""
    return [_row(tx, row) for row in tx.execute(_select().order_by(ReminderRule.id))]


def get(tx: Tx, rule_id: int, *, to_change: bool = False) -> RuleRow | None:
    """Return one rule; ``to_change`` makes others wait, and whoever plans."""
    if to_change:
        planning.rules_change(tx)
    statement = _select().where(ReminderRule.id == rule_id)
    row = tx.execute(statement.with_for_update(of=ReminderRule) if to_change else statement).first()
    return _row(tx, row) if row else None


def _select() -> Select[Any]:
    columns = [getattr(ReminderRule, name) for name in COLUMNS]
    progress = Replanning.rule_id.is_not(None), Replanning.done, Replanning.total, Replanning.stopped
    statement = select(*columns, *progress).outerjoin(Replanning, Replanning.rule_id == ReminderRule.id)
    return statement.where(ReminderRule.deleted_at.is_(None))


def _row(tx: Tx, row: Sequence[Any]) -> RuleRow:
    actions = select(ReminderRuleAction.action_id).where(ReminderRuleAction.rule_id == row[0])
    staff = select(ReminderRuleStaff.staff_id).where(ReminderRuleStaff.rule_id == row[0])
    *columns, is_planning, done, total, stopped = row
    return RuleRow(
        *columns,
        bool(is_planning),
        done or 0,
        total or 0,
        bool(stopped),
        list(tx.execute(actions.order_by(ReminderRuleAction.action_id)).scalars()),
        list(tx.execute(staff.order_by(ReminderRuleStaff.staff_id)).scalars()),
    )


def add(tx: Tx, values: Mapping[str, Any], action_ids: Sequence[int], staff_ids: Sequence[int]) -> int:
    """Store a new rule; return its id."""
    planning.rules_change(tx)
    given = insert(ReminderRule).values(**values, created_at=tx.now, version=1).returning(ReminderRule.id)
    rule_id = tx.execute(given).scalar_one()
    _choose(tx, rule_id, action_ids, staff_ids)
    return rule_id


def change(
    tx: Tx,
    rule_id: int,
    values: Mapping[str, Any],
    action_ids: Sequence[int] | None = None,
    staff_ids: Sequence[int] = (),
) -> None:
    """Store other values, and other actions and staff unless ``action_ids`` is None."""
    planning.rules_change(tx)
    statement = update(ReminderRule).where(ReminderRule.id == rule_id)
    statement = statement.values(**values, version=ReminderRule.version + 1)
    tx.execute(statement.execution_options(synchronize_session=False))
    if action_ids is not None:
        _choose(tx, rule_id, action_ids, staff_ids)


def _choose(tx: Tx, rule_id: int, action_ids: Sequence[int], staff_ids: Sequence[int]) -> None:
    chosen = ((ReminderRuleAction, "action_id", action_ids), (ReminderRuleStaff, "staff_id", staff_ids))
    for table, name, ids in chosen:
        tx.execute(delete(table).where(table.rule_id == rule_id).execution_options(synchronize_session=False))
        if ids:
            tx.execute(insert(table), [{"rule_id": rule_id, name: one} for one in ids])


def claim_first_start(tx: Tx) -> bool:
    """Whether the ready-made rules are to be made now: once, by one process."""
    done = "INSERT INTO outbox (id, resend_unknown, created_at) VALUES (1, false, :now) ON CONFLICT (id) DO NOTHING"
    now = planning.stored(tx.now) if tx.is_sqlite else tx.now
    return tx.execute(text(done), {"now": now}).rowcount == 1


def claim_notices(tx: Tx) -> bool:
    """Whether the ready-made rules that tell of changes are to be made now: once, by one process."""
    change = update(Outbox).where(Outbox.id == 1, Outbox.has_notices.is_(False)).values(has_notices=True)
    return tx.execute(change.execution_options(synchronize_session=False)).rowcount == 1


def lacks_ready_made(tx: Tx) -> bool:
    """Whether some of the ready-made rules were never made."""
    return not tx.execute(select(Outbox.has_notices)).scalar()


def plan_anew(tx: Tx, rule: RuleRow, before: RuleRow | None = None) -> None:
    """Have what is booked already planned anew for this rule, from now on.

    With what it said ``before``, and where planning anew had not come by yet: what was planned then is looked at too.
    Nothing is to be done for a rule that tells of changes from now on.
    """
    if all(one is None or one.anchor in NOTICES for one in (rule, before)):
        return
    mine = Replanning.rule_id == rule.id
    waiting = list(tx.execute(select(Replanning.after_start).where(mine)).scalars())
    tx.execute(delete(Replanning).where(mine).execution_options(synchronize_session=False))
    start = min(tx.now, *waiting, *(tx.now - _after(one) for one in (rule, before) if one is not None))
    ahead = select(Appointment.id).where(Appointment.deleted_at.is_(None), Appointment.start_at > start)
    total = tx.execute(select(func.count()).select_from(ahead.subquery())).scalar_one()
    values = {"rule_id": rule.id, "after_start": start, "after_id": 0, "done": 0, "total": total}
    tx.execute(insert(Replanning).values(**values))


def _after(rule: RuleRow) -> timedelta:
    """Return how long after the start of an appointment a rule sends."""
    return timedelta(**{rule.unit: rule.amount}) if rule.anchor == Anchor.AFTER_START else timedelta()


def any_to_plan(tx: Tx) -> bool:
    """Whether a rule waits for what is booked to be planned anew."""
    return tx.execute(select(Replanning.rule_id).where(_goes_on()).limit(1)).first() is not None


def _goes_on() -> ColumnElement[bool]:
    return Replanning.stopped.is_(False)


def let_wait(tx: Tx, rule_id: int, *, stopped: bool) -> bool:
    """Stop planning anew for a rule, or have it go on where it stopped; whether that changed anything."""
    change = update(Replanning).where(Replanning.rule_id == rule_id, Replanning.stopped.is_(not stopped))
    changed = change.values(stopped=stopped).execution_options(synchronize_session=False)
    return bool(tx.execute(changed).rowcount)


def plan_next(tx: Tx, limit: int) -> int:
    """Plan the next appointments of a rule that changed, which no other worker does meanwhile; return how many."""
    planning.rules_stay(tx)
    statement = (
        select(Replanning).where(_goes_on()).order_by(Replanning.rule_id).limit(1).with_for_update(skip_locked=True)
    )
    job = tx.execute(statement).scalars().first()
    if job is None:
        return 0
    place = tuple_(Appointment.start_at, Appointment.id) > tuple_(job.after_start, job.after_id)
    ahead = select(Appointment.id, Appointment.start_at).where(
        Appointment.deleted_at.is_(None), Appointment.start_at >= job.after_start, place
    )
    found = tx.execute(ahead.order_by(Appointment.start_at, Appointment.id).limit(limit)).all()
    rows = _held(tx, found)
    planning.plan(tx, [row[0] for row in rows], rule_id=job.rule_id)
    if len(rows) == len(found) < limit:
        tx.delete(job)
        return max(1, len(rows))
    if rows:
        job.after_id, job.after_start, job.done = rows[-1][0], rows[-1][1], job.done + len(rows)
        tx.add(job)
    tx.flush()
    return len(rows)


def _held(tx: Tx, rows: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
    """Return the appointments before the first that somebody is changing, and let nobody change them until the end.

    A reminder of the former time would else take the place of the one that whoever moves it plans. Nobody is waited
    for, who may wait for this transaction: what is left comes next time.
    """
    if tx.is_sqlite:
        return rows
    these = among(Appointment.id, "ids", is_sqlite=False, values=[row[0] for row in rows])
    ours = select(Appointment.id).where(these).with_for_update(read=True, skip_locked=True)
    held = set(tx.execute(ours).scalars())
    return list(takewhile(lambda row: row[0] in held, rows))
