"""Imports: the files people bring along, and what became of their rows."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text, instant = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", text(length=12), nullable=False),
        sa.Column("state", text(length=10), nullable=False),
        sa.Column("file_name", text(length=200), nullable=False),
        sa.Column("file_kind", text(length=4), nullable=False),
        sa.Column("delimiter", text(length=1), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.Column("titles", text(), nullable=False),
        sa.Column("samples", text(), nullable=False),
        sa.Column("mapping", text(), nullable=False),
        sa.Column("options", text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("added", text(), nullable=False),
        sa.Column("checked_at", instant(), nullable=True),
        sa.Column("finished_at", instant(), nullable=True),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("created_at", instant(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "import_part",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("kind", text(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "kind", "number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "import_shape",
        sa.Column("fingerprint", text(length=64), nullable=False),
        sa.Column("mapping", text(), nullable=False),
        sa.Column("options", text(), nullable=False),
        sa.Column("used_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint"),
    )
