"""The outbox, and the rules of reminders."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text, instant = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resend_unknown", sa.Boolean(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "reminder_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", text(length=80), nullable=False),
        sa.Column("independent", sa.Boolean(), nullable=False),
        sa.Column("bookings", sa.Boolean(), nullable=False),
        sa.Column("work_orders", sa.Boolean(), nullable=False),
        sa.Column("every_action", sa.Boolean(), nullable=False),
        sa.Column("every_staff", sa.Boolean(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", text(length=10), nullable=False),
        sa.Column("anchor", text(length=20), nullable=False),
        sa.Column("recipient", text(length=10), nullable=False),
        sa.Column("channel", text(length=5), nullable=False),
        sa.Column("quiet_from", text(length=5), nullable=False),
        sa.Column("quiet_until", text(length=5), nullable=False),
        sa.Column("quiet_way", text(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", instant(), nullable=True),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "worker",
        sa.Column("name", text(length=80), nullable=False),
        sa.Column("started_at", instant(), nullable=False),
        sa.Column("seen_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "reminder_rule_action",
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["rule_id"], ["reminder_rule.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("rule_id", "action_id"),
    )
    op.create_table(
        "reminder_rule_staff",
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rule_id"], ["reminder_rule.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("rule_id", "staff_id"),
    )
    op.create_table(
        "replanning",
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("after_start", instant(), nullable=False),
        sa.Column("after_id", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rule_id"], ["reminder_rule.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("rule_id"),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", text(length=120), nullable=False),
        sa.Column("state", text(length=10), nullable=False),
        sa.Column("reason", text(length=20), nullable=False),
        sa.Column("channel", text(length=5), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("rule_id", sa.Integer(), nullable=True),
        sa.Column("start_at", instant(), nullable=True),
        sa.Column("due_at", instant(), nullable=False),
        sa.Column("try_at", instant(), nullable=False),
        sa.Column("address", text(length=254), nullable=False),
        sa.Column("subject", text(length=500), nullable=False),
        sa.Column("body", text(), nullable=False),
        sa.Column("html", text(), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker", text(length=80), nullable=False),
        sa.Column("lease_until", instant(), nullable=True),
        sa.Column("provider_id", text(length=200), nullable=False),
        sa.Column("error", text(length=500), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("begun_at", instant(), nullable=True),
        sa.Column("sent_at", instant(), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["client_id"],
            ["client.id"],
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"],
            ["reminder_rule.id"],
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_appointment", ["appointment_id", "due_at", "id"], unique=False)
        batch_op.create_index("ix_message_client_due", ["client_id", "due_at", "id"], unique=False)
        batch_op.create_index("ix_message_due", ["due_at", "id"], unique=False)
        batch_op.create_index(
            "ix_message_in_flight",
            ["lease_until"],
            unique=False,
            sqlite_where=sa.text("state = 'in_flight'"),
            postgresql_where=sa.text("state = 'in_flight'"),
        )
        batch_op.create_index(
            "ix_message_rule_to_do",
            ["rule_id", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )
        batch_op.create_index("ix_message_state_due", ["state", "due_at", "id"], unique=False)
        batch_op.create_index(
            "ix_message_to_do",
            ["channel", "try_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )
