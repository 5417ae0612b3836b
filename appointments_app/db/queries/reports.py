"""What delivery reports change: the one message that a report names, unless it has ended otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, literal_column, or_, select, update

from appointments_app.db.models import Message
from appointments_app.db.queries.deliveries import wiped
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.message import Channel
from appointments_app.domain.outbox import Reason, State

_MAY_HAVE_GONE = [state.value for state in (State.IN_FLIGHT, State.SENT, State.UNKNOWN)]


def named(tx: Tx, names: Sequence[str]) -> int | None:
    """Return the SMS that is called so, by its gateway or by us; None when none is, or several are."""
    found: set[int] = set()
    for column in (Message.provider_id, Message.key):
        is_named = column.in_(names), column != literal_column("''")  # written out, so that the partial index fits
        mine = select(Message.id).where(*is_named, Message.channel == Channel.SMS.value)
        found |= set(tx.execute(mine.limit(2)).scalars())
    return found.pop() if len(found) == 1 else None


def delivered(tx: Tx, message_id: int) -> None:
    """Keep that a message has arrived: also one of which nobody could say whether it went."""
    can_have = or_(
        Message.state.in_(_MAY_HAVE_GONE), (Message.state == State.PLANNED.value) & (Message.attempts > 0), _came_back()
    )
    values = {"state": State.DELIVERED.value, "reason": "", "error": "", "delivered_at": tx.now, **wiped()}
    change = update(Message).where(Message.id == message_id, can_have).values(**values)
    tx.execute(change.execution_options(synchronize_session=False))


def undelivered(tx: Tx, message_id: int, reason: str) -> None:
    """Keep that a message did not arrive, and what the gateway said; one that did arrive stays so."""
    values = {"state": State.FAILED.value, "reason": Reason.UNDELIVERED.value, "error": reason}
    change = update(Message).where(Message.id == message_id, Message.state.in_(_MAY_HAVE_GONE)).values(**values)
    tx.execute(change.execution_options(synchronize_session=False))


def _came_back() -> ColumnElement[bool]:
    return (Message.state == State.FAILED.value) & (Message.reason == Reason.UNDELIVERED.value)
