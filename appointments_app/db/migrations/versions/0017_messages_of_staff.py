"""Messages to one staff member are found without walking all of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    theirs = sa.text("staff_id IS NOT NULL")
    op.create_index(
        "ix_message_staff_due",
        "message",
        ["staff_id", "due_at", "id"],
        sqlite_where=theirs,
        postgresql_where=theirs,
    )
