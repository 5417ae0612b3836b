"""Clients who were erased, and for how long clients and the history are kept."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sqlmodel.sql.sqltypes.UTCDateTime
    op.add_column("client", sa.Column("erased_at", instant(), nullable=True))
    op.create_index(
        "ix_client_erased",
        "client",
        ["id"],
        sqlite_where=sa.text("erased_at IS NOT NULL"),
        postgresql_where=sa.text("erased_at IS NOT NULL"),
    )
    op.add_column("business", sa.Column("keep_clients", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("business", sa.Column("keep_history", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("business", sa.Column("forget_from", instant(), nullable=True))
