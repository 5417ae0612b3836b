"""What clients may do by themselves, how they sign in, what they ask for; address and phone of the business."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text, instant = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "client_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("portal_on", sa.Boolean(), nullable=False),
        sa.Column("view_appointments", sa.Boolean(), nullable=False),
        sa.Column("confirm", sa.Boolean(), nullable=False),
        sa.Column("cancel", sa.Boolean(), nullable=False),
        sa.Column("ask_other_time", sa.Boolean(), nullable=False),
        sa.Column("view_profile", sa.Boolean(), nullable=False),
        sa.Column("edit_profile", sa.Boolean(), nullable=False),
        sa.Column("notice_hours", sa.Integer(), nullable=False),
        sa.Column("to_call_hours", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "client_access",
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("suspended_at", instant(), nullable=True),
        sa.Column("password_hash", text(length=200), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_id"),
    )
    op.create_table(
        "client_link",
        sa.Column("token_hash", text(length=64), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", instant(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_client_link_client_id", "client_link", ["client_id"])
    op.create_table(
        "client_sign_in",
        sa.Column("token_hash", text(length=64), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("last_seen_at", instant(), nullable=False),
        sa.Column("expires_at", instant(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_client_sign_in_client_id", "client_sign_in", ["client_id"])
    op.create_index("ix_client_sign_in_staff_id", "client_sign_in", ["staff_id"])
    op.create_table(
        "client_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("kind", text(length=10), nullable=False),
        sa.Column("message", text(length=500), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("settled_at", instant(), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["settled_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_client_request_appointment_id", "client_request", ["appointment_id"])
    op.create_index("ix_client_request_client_id", "client_request", ["client_id"])
    op.create_index(
        "ix_client_request_open",
        "client_request",
        ["appointment_id", "created_at"],
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.add_column("appointment", sa.Column("links_revoked", sa.Integer(), nullable=False, server_default="0"))
    # Written out, because a column with a reference can be added on SQLite without making the table anew.
    op.execute("ALTER TABLE change ADD COLUMN client_id INTEGER REFERENCES client (id)")
    op.add_column("business", sa.Column("address", text(length=500), nullable=False, server_default=""))
    op.add_column("business", sa.Column("phone", text(length=20), nullable=False, server_default=""))
