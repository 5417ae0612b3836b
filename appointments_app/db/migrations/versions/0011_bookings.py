"""Services, working hours, bookings, and the rule that nobody is booked twice."""

from __future__ import annotations

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

text, instant = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    _services()
    _hours()
    _bookings()
    op.execute("ALTER TABLE appointment ADD COLUMN booking_id INTEGER REFERENCES booking (id)")
    booked = sa.text("booking_id IS NOT NULL")
    where = {"sqlite_where": booked, "postgresql_where": booked}
    op.create_index("ix_appointment_booking", "appointment", ["booking_id"], unique=True, **where)
    op.create_index(
        "ix_appointment_booked", "appointment", ["start_at", "id", "status", "deleted_at", "booking_id"], **where
    )
    if op.get_bind().dialect.name == "sqlite":
        _forbid_overlaps_on_sqlite()
    else:
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(
            "ALTER TABLE slot ADD CONSTRAINT ex_slot_overlap "
            "EXCLUDE USING gist (staff_id WITH =, tstzrange(start_at, end_at) WITH &&) WHERE (active)"
        )


def _services() -> None:
    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", text(length=80), nullable=False),
        sa.Column("name_key", text(length=160), nullable=False),
        sa.Column("description", text(length=500), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("currency", text(length=3), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=True),
        sa.Column("colour", text(length=20), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name_key"),
    )
    op.create_table(
        "service_staff",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("service_id", "staff_id"),
    )
    op.create_index("ix_service_staff_staff_id", "service_staff", ["staff_id"])


def _hours() -> None:
    note = sa.Column("note", text(length=80), nullable=False)
    _of_staff("shift", [*_numbers("weekday", "opens", "closes")], nullable=True)
    _of_staff("other_hours", [_day("day"), *_numbers("opens", "closes")])
    _of_staff("leave", [_day("first_day"), _day("last_day"), note])
    days = ", ".join(f"(NULL, {day}, 540, 1020)" for day in range(5))
    op.execute(f"INSERT INTO shift (staff_id, weekday, opens, closes) VALUES {days}")


def _of_staff(table: str, columns: list[sa.Column], *, nullable: bool = False) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=nullable),
        *columns,
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(f"ix_{table}_staff_id", table, ["staff_id"])


def _numbers(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in names]


def _day(name: str) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=False)


def _bookings() -> None:
    op.create_table(
        "booking_rules",
        *_numbers("id", "step", "notice", "ahead", "per_client", "version"),
        sa.Column("must_confirm", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", text(length=36), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("currency", text(length=3), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("by_client", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", instant(), nullable=True),
        sa.Column("deleted_at", instant(), nullable=True),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token"),
    )
    op.create_index("ix_booking_service_id", "booking", ["service_id"])
    op.create_table(
        "slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("start_at", instant(), nullable=False),
        sa.Column("end_at", instant(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("held_by", text(length=36), nullable=True),
        sa.Column("held_until", instant(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("held_by"),
    )
    op.create_index("ix_slot_staff_start", "slot", ["staff_id", "start_at", "end_at"])
    op.create_index("ix_slot_booking", "slot", ["booking_id", "staff_id"], unique=True)
    op.create_index("ix_slot_held_until", "slot", ["held_until"])


def _forbid_overlaps_on_sqlite() -> None:
    """SQLite has no exclusion constraints: what every writer checks in its transaction, a trigger checks again."""
    for event in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER slot_overlap_{event.lower()} BEFORE {event} ON slot WHEN NEW.active BEGIN "
            "SELECT RAISE(ABORT, 'slots overlap') WHERE EXISTS (SELECT 1 FROM slot WHERE staff_id = NEW.staff_id "
            "AND active AND id IS NOT NEW.id AND start_at < NEW.end_at "
            "AND start_at > datetime(NEW.start_at, '-2 days') AND end_at > NEW.start_at); END"
        )
