"""The editable actions list. Every change of it takes turns: see ``lock``."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, delete, exists, func, insert, or_, select, text, update

from appointments_app.db.models import Action, Appointment, ReminderRule, ReminderRuleAction, Series, Service
from appointments_app.db.unit_of_work import Tx


@dataclass(frozen=True)
class ActionRow:
    """One entry as the dialog shows it; ``minutes`` is 0 for no default duration."""

    id: int
    name: str
    colour: str
    minutes: int
    active: bool
    version: int


_ROW = (Action.id, Action.name, Action.colour, func.coalesce(Action.default_duration, 0), Action.active, Action.version)


def lock(tx: Tx) -> None:
    """Let nobody else change the list until this transaction ends; bookings go on. SQLite has one writer anyway."""
    if not tx.is_sqlite:
        tx.execute(text("LOCK TABLE action IN SHARE ROW EXCLUSIVE MODE"))


def all_rows(tx: Tx) -> list[ActionRow]:
    """Return every action in the order of the list."""
    return [ActionRow(*row) for row in tx.execute(select(*_ROW).order_by(Action.position, Action.id))]


def one(tx: Tx, action_id: int) -> ActionRow | None:
    """Return one action."""
    row = tx.execute(select(*_ROW).where(Action.id == action_id)).first()
    return ActionRow(*row) if row else None


def id_of_name(tx: Tx, name_key: str) -> int | None:
    """Return the action whose folded name this is."""
    return tx.execute(select(Action.id).where(Action.name_key == name_key)).scalar()


def add(tx: Tx, name: str, name_key: str, colour: str, minutes: int) -> int:
    """Append an action to the list; return its id."""
    last = tx.execute(select(func.coalesce(func.max(Action.position), 0))).scalar_one()
    values = {
        "name": name,
        "name_key": name_key,
        "colour": colour,
        "position": last + 1,
        "default_duration": minutes or None,
    }
    return tx.execute(insert(Action).values(**values, active=True, version=1).returning(Action.id)).scalar_one()


def change(tx: Tx, action_id: int, **values: object) -> None:
    """Store other values."""
    statement = update(Action).where(Action.id == action_id).values(**values, version=Action.version + 1)
    tx.execute(statement.execution_options(synchronize_session=False))


def reorder(tx: Tx, ids: list[int]) -> None:
    """Number the actions in this order."""
    places = case({action_id: place for place, action_id in enumerate(ids, start=1)}, value=Action.id)
    tx.execute(
        update(Action).where(Action.id.in_(ids)).values(position=places).execution_options(synchronize_session=False)
    )


def is_in_use(tx: Tx, action_id: int) -> bool:
    """Whether any appointment, series or service has the action, deleted ones included: Undo may bring them back."""
    has_it = or_(*(exists().where(table.action_id == action_id) for table in (Appointment, Series, Service)))
    return bool(tx.execute(select(has_it)).scalar())


def named_by_rule(tx: Tx, action_id: int) -> str:
    """Return the name of a reminder rule that is about this action by name, '' when there is none."""
    chosen = ReminderRuleAction.rule_id == ReminderRule.id, ReminderRuleAction.action_id == action_id
    rules = select(ReminderRule.name).where(exists().where(*chosen), ReminderRule.deleted_at.is_(None))
    return tx.execute(rules.order_by(ReminderRule.id).limit(1)).scalar() or ""


def remove(tx: Tx, action_id: int) -> None:
    """Delete an action that no appointment has, and no rule."""
    tx.execute(delete(Action).where(Action.id == action_id))
