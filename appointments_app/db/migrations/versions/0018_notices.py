"""Clients are told when staff move, cancel or confirm; messages of one channel are found without walking the others."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

instant = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.add_column("reminder_rule", sa.Column("shared_only", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("message", sa.Column("notice", sa.String(10), nullable=False, server_default=""))
    op.add_column("message", sa.Column("was_at", instant(), nullable=True))
    op.add_column("message", sa.Column("leader_id", sa.Integer(), nullable=True))
    op.add_column("message", sa.Column("change_id", sa.Integer(), nullable=True))
    op.add_column("outbox", sa.Column("has_notices", sa.Boolean(), nullable=False, server_default=sa.false()))
    led = sa.text("leader_id IS NOT NULL")
    op.create_index("ix_message_leader", "message", ["leader_id"], sqlite_where=led, postgresql_where=led)
    op.create_index("ix_message_channel_state", "message", ["channel", "state", "due_at", "id"])
