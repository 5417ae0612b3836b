"""Reminder rules say which template they send."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Written out, because a column with a reference can be added on SQLite without making the table anew.
    op.execute("ALTER TABLE reminder_rule ADD COLUMN template_id INTEGER REFERENCES template (id)")
