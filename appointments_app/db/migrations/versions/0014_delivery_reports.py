"""Delivery reports find their message by the gateway's id; planning anew can be stopped and goes on later."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

instant = sqlmodel.sql.sqltypes.UTCDateTime
with_id = sa.text("provider_id <> ''")


def upgrade() -> None:
    op.add_column("message", sa.Column("delivered_at", instant(), nullable=True))
    op.create_index("ix_message_provider", "message", ["provider_id"], sqlite_where=with_id, postgresql_where=with_id)
    op.add_column("replanning", sa.Column("stopped", sa.Boolean(), nullable=False, server_default=sa.false()))
