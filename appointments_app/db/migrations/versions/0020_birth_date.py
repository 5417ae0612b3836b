"""When a client was born, where the business asks; and what refers to a client is found without walking all of it."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    born = sa.Column("birth_date", sqlmodel.sql.sqltypes.AutoString(length=10), nullable=False, server_default="")
    op.add_column("client", born)
    op.create_index("ix_appointment_client", "appointment", ["client_id"])
    op.create_index("ix_work_order_of_client", "work_order", ["client_id"])
    by_client = sa.text("client_id IS NOT NULL")
    op.create_index("ix_change_client", "change", ["client_id"], sqlite_where=by_client, postgresql_where=by_client)
