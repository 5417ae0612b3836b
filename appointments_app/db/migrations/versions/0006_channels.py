"""Channels, templates of messages, and who wants none."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text, instant = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "channel_setup",
        sa.Column("channel", text(length=5), nullable=False),
        sa.Column("means", text(length=10), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("settings", text(), nullable=False),
        sa.Column("secret", text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("channel"),
    )
    op.create_table(
        "template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", text(length=30), nullable=True),
        sa.Column("channel", text(length=5), nullable=False),
        sa.Column("name", text(length=80), nullable=False),
        sa.Column("deleted_at", instant(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "template_text",
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("language", text(length=10), nullable=False),
        sa.Column("subject", text(length=250), nullable=False),
        sa.Column("body", text(length=4000), nullable=False),
        sa.ForeignKeyConstraint(["template_id"], ["template.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("template_id", "language"),
    )
    op.create_table(
        "opt_out",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("channel", text(length=5), nullable=False),
        sa.Column("how", text(length=10), nullable=False),
        sa.Column("at", instant(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id", "channel"),
    )
