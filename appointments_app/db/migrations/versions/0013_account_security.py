"""The second factor with its recovery codes, known browsers, links for a new password, what is shown of a sign-in."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

text = sqlmodel.sql.sqltypes.AutoString
instant = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.add_column("staff", sa.Column("totp_secret", text(length=300), nullable=False, server_default=""))
    op.add_column("staff", sa.Column("totp_step", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("sign_in", sa.Column("address", text(length=45), nullable=False, server_default=""))
    op.add_column("sign_in", sa.Column("browser", text(length=60), nullable=False, server_default=""))
    op.add_column("sign_in", sa.Column("second_step_due", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("sign_in", sa.Column("totp_secret", text(length=300), nullable=False, server_default=""))
    op.add_column("business", sa.Column("second_step_roles", text(length=1000), nullable=False, server_default=""))
    op.create_table(
        "recovery_code",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", text(length=64), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("staff_id", "code_hash"),
    )
    op.create_table(
        "known_device",
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", text(length=64), nullable=False),
        sa.Column("last_seen_at", instant(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("staff_id", "token_hash"),
    )
    op.create_table(
        "password_reset",
        sa.Column("token_hash", text(length=64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", instant(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("ix_password_reset_staff_id", "password_reset", ["staff_id"])
