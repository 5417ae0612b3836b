"""Who sends messages, and whether anything stands still."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import col

from appointments_app.db.models import Message, Outbox, ReminderRule, Worker
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.listing import COUNT_CAP
from appointments_app.domain.message import Channel
from appointments_app.domain.outbox import STANDS_STILL, Reason, State
from appointments_app.domain.reminder import NOTICES, Anchor

FORGOTTEN = timedelta(days=7)


@dataclass(frozen=True)
class Pulse:
    """How sending goes: who was there last, what should have gone by now, and what waits for a channel."""

    seen_at: datetime | None
    waiting: int
    """Counted up to COUNT_CAP + 1."""
    oldest: datetime | None
    """Since when the oldest of them could have gone."""
    without_channel: int

    def stands_still(self, now: datetime) -> bool:
        """Whether something could have gone for too long."""
        return self.oldest is not None and now - self.oldest > STANDS_STILL


def beat(tx: Tx, name: str) -> None:
    """Keep that this worker runs."""
    insert = insert_sqlite if tx.is_sqlite else insert_postgresql
    row = insert(Worker).values(name=name, started_at=tx.now, seen_at=tx.now)
    tx.execute(row.on_conflict_do_update(index_elements=["name"], set_={"seen_at": tx.now}))
    tx.execute(delete(Worker).where(Worker.seen_at < tx.now - FORGOTTEN))


def resends_unknown(tx: Tx) -> bool:
    """Whether a message that may have gone is sent again, rather than never twice."""
    return bool(tx.execute(select(Outbox.resend_unknown).where(Outbox.id == 1)).scalar())


def set_resend_unknown(tx: Tx, is_resent: bool) -> None:
    """Choose it; the row is there once the ready-made rules are."""
    change = update(Outbox).where(Outbox.id == 1).values(resend_unknown=is_resent)
    tx.execute(change.execution_options(synchronize_session=False))


def pulse(tx: Tx, set_up: Collection[Channel]) -> Pulse:
    """Return how sending goes, by the channels that are ``set_up``."""
    seen_at = tx.execute(select(func.max(Worker.seen_at))).scalar()
    oldest = [tx.execute(_could_go(tx, channel).order_by(Message.try_at).limit(1)).scalar() for channel in set_up]
    waiting = sum(_count(tx, channel) for channel in set_up)
    without = sum(_count(tx, channel) for channel in Channel if channel not in set_up)
    return Pulse(seen_at, waiting, min((one for one in oldest if one), default=None), without)


def _could_go(tx: Tx, channel: Channel):
    return select(Message.try_at).where(*_due(tx, channel))


def _due(tx: Tx, channel: Channel) -> list[ColumnElement[bool]]:
    return [Message.state == State.PLANNED.value, Message.channel == channel.value, Message.try_at <= tx.now]


def _count(tx: Tx, channel: Channel) -> int:
    found = select(Message.id).where(*_due(tx, channel)).limit(COUNT_CAP + 1).subquery()
    return tx.execute(select(func.count()).select_from(found)).scalar_one()


def give_up_without(tx: Tx, channel: Channel) -> int:
    """Skip the reminders of a channel that is not set up once their appointment has begun; return how many."""
    before = select(ReminderRule.id).where(ReminderRule.anchor.in_((Anchor.BEFORE_START, *NOTICES)))
    over = update(Message).where(*_due(tx, channel), col(Message.start_at) <= tx.now, Message.rule_id.in_(before))
    skipped = over.values(state=State.SKIPPED.value, reason=Reason.NO_CHANNEL.value)
    return tx.execute(skipped.execution_options(synchronize_session=False)).rowcount
