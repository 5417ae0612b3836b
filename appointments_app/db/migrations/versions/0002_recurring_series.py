"""Recurring series, and what an occurrence is called in its series."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text, instant = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", text(length=36), nullable=False),
        sa.Column("dtstart", text(length=15), nullable=False),
        sa.Column("time_zone", text(length=60), nullable=False),
        sa.Column("rrule", text(length=500), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=True),
        sa.Column("notes", text(length=10000), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("filled_until", instant(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"]),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("uid"),
    )
    op.create_index("ix_series_action_id", "series", ["action_id"])
    op.create_index("ix_series_client_id", "series", ["client_id"])
    op.create_index("ix_series_filled", "series", ["filled_until", "id"])
    op.create_table(
        "series_staff",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("series_id", "staff_id"),
    )
    op.create_index("ix_series_staff_staff_id", "series_staff", ["staff_id"])
    # Written out, because a column with a reference can be added on SQLite without making the table anew.
    op.execute("ALTER TABLE appointment ADD COLUMN series_id INTEGER REFERENCES series (id)")
    op.add_column("appointment", sa.Column("recurrence_id", text(length=15), nullable=True))
    op.add_column("appointment", sa.Column("by_hand", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_appointment_occurrence",
        "appointment",
        ["series_id", "recurrence_id"],
        unique=True,
        sqlite_where=sa.text("series_id IS NOT NULL"),
        postgresql_where=sa.text("series_id IS NOT NULL"),
    )
