"""How a dismissed appointment went."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    outcome = sa.Column("outcome", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False, server_default="")
    op.add_column("appointment", outcome)
