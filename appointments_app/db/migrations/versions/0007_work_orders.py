"""Work orders, and the appointments that belong to one."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_LIVE = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    text, instant = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "work_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", text(length=20), nullable=False),
        sa.Column("number_key", text(length=40), nullable=False),
        sa.Column("title", text(length=200), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("status", text(length=10), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("description", text(length=10000), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("currency", text(length=3), nullable=False),
        sa.Column("deleted_at", instant(), nullable=True),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number_key"),
    )
    for name, columns in (
        ("created", ["created_at", "id"]),
        ("status_created", ["status", "created_at", "id"]),
        ("starts", ["starts_on", "id"]),
        ("client", ["client_id", "created_at", "id"]),
    ):
        op.create_index(f"ix_work_order_{name}", "work_order", columns, sqlite_where=_LIVE, postgresql_where=_LIVE)
    op.create_table(
        "work_order_staff",
        sa.Column("work_order_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_order.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("work_order_id", "staff_id"),
    )
    op.create_index("ix_work_order_staff_staff_id", "work_order_staff", ["staff_id"])
    op.create_table(
        "work_order_tag",
        sa.Column("work_order_id", sa.Integer(), nullable=False),
        sa.Column("tag", text(length=40), nullable=False),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_order.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("work_order_id", "tag"),
    )
    op.create_index("ix_work_order_tag_tag", "work_order_tag", ["tag"])
    op.create_table(
        "work_order_text",
        sa.Column("work_order_id", sa.Integer(), nullable=False),
        sa.Column("body", text(), nullable=False),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_order.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("work_order_id"),
    )
    _index_trigrams("work_order_text", "work_order_id")
    op.create_table(
        "counter",
        sa.Column("name", text(length=20), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.execute("INSERT INTO counter (name, last) VALUES ('work_order', 1000)")
    op.add_column("business", sa.Column("currency", text(length=3), nullable=False, server_default="USD"))
    _link("appointment")
    _link("series")
    op.create_index("ix_series_work_order_id", "series", ["work_order_id"])


def _link(table: str) -> None:
    # Written out, because a column with a reference can be added on SQLite without making the table anew.
    op.execute(f"ALTER TABLE {table} ADD COLUMN work_order_id INTEGER REFERENCES work_order (id)")
    if table == "series":
        return
    for name, columns, linked in (
        ("work_order", ["work_order_id", "start_at", "id"], sa.text("work_order_id IS NOT NULL")),
        (
            "of_orders",
            ["start_at", "id", "status", "end_at", "work_order_id", "deleted_at"],
            sa.text("deleted_at IS NULL AND work_order_id IS NOT NULL"),
        ),
    ):
        op.create_index(f"ix_appointment_{name}", "appointment", columns, sqlite_where=linked, postgresql_where=linked)


def _index_trigrams(table: str, key: str) -> None:
    """Make substring search over ``table.body`` fast, as for clients and appointments."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE INDEX ix_{table}_trigram ON {table} USING gin (body gin_trgm_ops)")
        return
    fts = f"{table}_trigram"
    op.execute(
        f"CREATE VIRTUAL TABLE {fts} USING fts5(body, content='{table}', content_rowid='{key}', tokenize='trigram')"
    )
    add = f"INSERT INTO {fts}(rowid, body) VALUES (new.{key}, new.body)"
    remove = f"INSERT INTO {fts}({fts}, rowid, body) VALUES ('delete', old.{key}, old.body)"
    op.execute(f"CREATE TRIGGER {fts}_insert AFTER INSERT ON {table} BEGIN {add}; END")
    op.execute(f"CREATE TRIGGER {fts}_delete AFTER DELETE ON {table} BEGIN {remove}; END")
    op.execute(f"CREATE TRIGGER {fts}_update AFTER UPDATE OF body ON {table} BEGIN {remove}; {add}; END")
