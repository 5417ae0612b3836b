"""Whether clients may book a service by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("service", sa.Column("clients_book", sa.Boolean(), nullable=False, server_default=sa.true()))
