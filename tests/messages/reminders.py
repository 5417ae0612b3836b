"""What tests of reminders say: rules, and what the outbox holds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from appointments_app.db.models import Message, ReminderRule
from appointments_app.domain.message import Channel
from appointments_app.domain.reminder import Anchor, Recipient, Unit
from tests.appointments.conftest import Practice


def a_rule(practice: Practice, **changes: Any) -> int:
    """Store a rule: the client is told by e-mail, two hours before; return its id."""
    values = {
        "name": "Two hours before",
        "amount": 2,
        "unit": Unit.HOURS.value,
        "anchor": Anchor.BEFORE_START.value,
        "recipient": Recipient.CLIENT.value,
        "channel": Channel.EMAIL.value,
        "created_at": practice.now[0],
    }
    with practice.uow.begin() as tx:
        rule = ReminderRule(**values | changes)
        tx.add(rule)
        tx.flush()
        assert rule.id is not None
        return rule.id


def messages(practice: Practice) -> list[tuple[str, str, str]]:
    """Return state, reason and due time (UTC, to the minute) of every message, by due time."""
    statement = select(Message.state, Message.reason, Message.due_at).order_by(Message.due_at, Message.id)
    with practice.uow.read() as tx:
        return [(state, reason, f"{due:%d %H:%M}") for state, reason, due in tx.execute(statement)]


def notices(practice: Practice) -> list[str]:
    """Return every message of a change: what it tells of, where it stands, the start, and how many more it tells of."""
    led = aliased(Message)
    is_alike = or_(led.state == "together", (led.state == "skipped") & (Message.state == "skipped"))
    others = select(func.count()).where(led.leader_id == Message.id, is_alike).correlate(Message).scalar_subquery()
    columns = Message.notice, Message.state, Message.reason, Message.start_at, others
    leads = Message.notice != "", Message.leader_id.is_(None)
    with practice.uow.read() as tx:
        rows = tx.execute(select(*columns).where(*leads).order_by(Message.id)).all()
    return [
        f"{notice} {reason or state} {start:%d %H:%M}{f' +{others}' if others else ''}"
        for notice, state, reason, start, others in rows
    ]
