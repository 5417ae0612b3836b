"""Roles that a business makes. Who was staff keeps what staff could do: it is the receptionist's role now."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("name_key", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("grants", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("name_key"),
    )
    # Written out, because a column with a reference can be added on SQLite without making the table anew.
    op.execute("ALTER TABLE client ADD COLUMN created_by INTEGER REFERENCES staff (id)")
    op.execute("""
        UPDATE client SET created_by = (
            SELECT min(change.staff_id) FROM change_line JOIN change ON change.id = change_line.change_id
            WHERE change_line.entity = 'client' AND change_line.entity_id = client.id AND change.verb = 'created'
        )""")
    op.create_index("ix_client_created_by", "client", ["created_by"])
    op.create_index("ix_appointment_created_by", "appointment", ["created_by"])
    op.execute("UPDATE staff SET role = 'receptionist' WHERE role = 'staff'")
