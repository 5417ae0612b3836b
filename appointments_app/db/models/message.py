"""The outbox: one row for every message that is to be sent, was sent, or was not; and the rules of reminders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel


def _where(condition: str) -> dict[str, object]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class ReminderRule(SQLModel, table=True):
    """What is sent to whom, when, about which appointments."""

    __tablename__ = "reminder_rule"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=80)
    independent: bool = Field(default=True, description="for appointments of that kind")
    bookings: bool = True
    work_orders: bool = True
    shared_only: bool = Field(default=False, description="only what is shared with the client, and bookings")
    every_action: bool = Field(default=True, description="False: those of reminder_rule_action only")
    every_staff: bool = Field(default=True, description="False: those of reminder_rule_staff only")
    amount: int
    unit: str = Field(max_length=10, description="domain.reminder.Unit")
    anchor: str = Field(max_length=20, description="domain.reminder.Anchor")
    recipient: str = Field(max_length=10, description="domain.reminder.Recipient")
    channel: str = Field(max_length=5, description="domain.message.Channel")
    template_id: int | None = Field(default=None, foreign_key="template.id", description="None: the usual one")
    quiet_from: str = Field(default="", max_length=5, description="HH:MM in the recipient's zone; empty: never quiet")
    quiet_until: str = Field(default="", max_length=5)
    quiet_way: str = Field(default="wait", max_length=10, description="domain.reminder.QuietWay")
    active: bool = True
    deleted_at: datetime | None = None
    created_at: datetime
    version: int = 1


class ReminderRuleAction(SQLModel, table=True):
    """One action whose appointments a rule is about."""

    __tablename__ = "reminder_rule_action"

    rule_id: int = Field(foreign_key="reminder_rule.id", primary_key=True, ondelete="CASCADE")
    action_id: int = Field(foreign_key="action.id", primary_key=True, ondelete="CASCADE")


class ReminderRuleStaff(SQLModel, table=True):
    """One staff member whose appointments a rule is about."""

    __tablename__ = "reminder_rule_staff"

    rule_id: int = Field(foreign_key="reminder_rule.id", primary_key=True, ondelete="CASCADE")
    staff_id: int = Field(foreign_key="staff.id", primary_key=True, ondelete="CASCADE")


class Replanning(SQLModel, table=True):
    """How far what is booked already has been planned anew after a rule changed; the row goes when all of it is."""

    rule_id: int = Field(foreign_key="reminder_rule.id", primary_key=True, ondelete="CASCADE")
    after_start: datetime = Field(description="the appointment that was planned last")
    after_id: int = 0
    done: int = 0
    total: int = 0
    stopped: bool = Field(default=False, description="somebody had it wait")


class Message(SQLModel, table=True):
    """One message to one person. ``due_at`` is when it is meant to go, ``try_at`` when a worker may take it next."""

    __table_args__ = (
        Index("ix_message_to_do", "channel", "try_at", "id", **_where("state = 'planned'")),
        Index("ix_message_in_flight", "lease_until", **_where("state = 'in_flight'")),
        Index("ix_message_state_due", "state", "due_at", "id"),
        Index("ix_message_due", "due_at", "id"),
        Index("ix_message_channel_state", "channel", "state", "due_at", "id"),
        Index("ix_message_client_due", "client_id", "due_at", "id"),
        Index("ix_message_staff_due", "staff_id", "due_at", "id", **_where("staff_id IS NOT NULL")),
        Index("ix_message_appointment", "appointment_id", "due_at", "id"),
        Index("ix_message_provider", "provider_id", **_where("provider_id <> ''")),
        Index("ix_message_leader", "leader_id", **_where("leader_id IS NOT NULL")),
        Index("ix_message_rule_to_do", "rule_id", "due_at", "id", **_where("state = 'planned'")),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=120, unique=True, description="what makes sending twice impossible")
    state: str = Field(default="planned", max_length=10, description="domain.outbox.State")
    reason: str = Field(default="", max_length=20, description="domain.outbox.Reason")
    channel: str = Field(max_length=5, description="domain.message.Channel")
    client_id: int | None = Field(default=None, foreign_key="client.id", description="the recipient, or …")
    staff_id: int | None = Field(default=None, foreign_key="staff.id", description="… this one")
    appointment_id: int | None = Field(default=None, foreign_key="appointment.id", ondelete="CASCADE")
    rule_id: int | None = Field(default=None, foreign_key="reminder_rule.id")
    start_at: datetime | None = Field(default=None, description="the start it was planned for")
    notice: str = Field(default="", max_length=10, description="one of domain.reminder.NOTICES, '' for none")
    was_at: datetime | None = Field(default=None, description="of a notice: the start that its client knew of")
    leader_id: int | None = Field(default=None, description="of a notice: the one whose message speaks of it, too")
    change_id: int | None = Field(default=None, description="of a notice: the first change that it tells of")
    due_at: datetime
    try_at: datetime
    address: str = Field(default="", max_length=254, description="phone or e-mail; of a reminder, once it was tried")
    subject: str = Field(default="", max_length=500)
    body: str = ""
    html: str = ""
    secret: bool = Field(default=False, description="not shown, and wiped after sending")
    late: bool = Field(default=False, description="sent later than it was due, because nothing ran at that time")
    attempts: int = 0
    worker: str = Field(default="", max_length=80, description="who took it last")
    lease_until: datetime | None = Field(default=None, description="in flight: when it counts as given up")
    provider_id: str = Field(default="", max_length=200)
    error: str = Field(default="", max_length=500, description="what the other side said last")
    created_at: datetime
    begun_at: datetime | None = Field(default=None, description="the last attempt")
    sent_at: datetime | None = None
    delivered_at: datetime | None = Field(default=None, description="by what the gateway reported")


class Outbox(SQLModel, table=True):
    """How messages are sent; row 1, made with the ready-made rules."""

    id: int = Field(default=1, primary_key=True)
    resend_unknown: bool = Field(default=False, description="never lost rather than never twice")
    has_notices: bool = Field(default=False, description="the ready-made rules that tell of changes were made")
    created_at: datetime


class Worker(SQLModel, table=True):
    """One process that sends messages."""

    name: str = Field(primary_key=True, max_length=80)
    started_at: datetime
    seen_at: datetime
