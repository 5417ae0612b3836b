"""A business in which everybody of the contract works, and records that some of them must never touch or read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, MetaData, select, update
from sqlmodel import SQLModel

from appointments_app.db.models import (
    Action,
    Appointment,
    AppointmentStaff,
    Booking,
    Business,
    Client,
    ClientAccess,
    ClientRequest,
    ClientText,
    CustomRole,
    ImportPart,
    ImportRun,
    Leave,
    Message,
    OptOut,
    ReminderRule,
    Series,
    Service,
    Staff,
    Template,
    TemplateText,
    WorkOrder,
    WorkOrderText,
)
from appointments_app.domain.access import BUILT_IN, Permission, Role
from tests.session.desk import NOON, Desk

FOREIGN = 77
"""The id of every record that is not Ben's: one number, so that whatever an argument means, it means that."""

SECRET = "Zeina-nobody-else-knows"
"""Stands in every text of those records."""

HIDDEN = "Only-who-runs-the-business-knows"
"""Stands in records that need the permission to change settings or staff: of those, not even Read-only learns."""

FOREIGN_ROWS = {
    "client": "id", "client_text": "client_id", "client_access": "client_id", "opt_out": "client_id",
    "appointment": "id", "appointment_staff": "appointment_id", "series": "id", "work_order": "id",
    "work_order_text": "work_order_id", "booking": "id", "service": "id", "message": "id", "client_request": "id",
    "reminder_rule": "id", "template": "id", "template_text": "template_id", "import_run": "id",
    "import_part": "run_id", "staff": "id", "leave": "staff_id", "role": "id", "action": "id", "business": "version",
}  # fmt: skip
"""Tables with a record of that id, by the column that holds it; of the business there is only one."""

ROLE_OF = {
    "owner": Role.OWNER,
    "manager": Role.MANAGER,
    "receptionist": Role.RECEPTIONIST,
    "staff": Role.STAFF,
    "another staff member": Role.STAFF,
    "read-only": Role.READ_ONLY,
}
STRANGERS = ("signed out", "made-up cookie", "suspended")
PERSONS = (*ROLE_OF, *STRANGERS)

SHOWN_AT_ONCE = frozenset({"sign_in", "sign_in_failure", "draft", "worker"})
"""Tables in which reading, too, leaves a trace that is one's own."""


class World:
    """The business, a sign-in of each person, and what it looked like before."""

    def __init__(self, engine: Engine, *, now: datetime = NOON) -> None:
        self.engine, self.desk = engine, Desk(engine)
        self.desk.now = now
        for name, role in ROLE_OF.items():
            self.desk.hire(_email(name), role, name=name.title())
        self.desk.hire(_email("suspended"), Role.OWNER, name="Suspended")
        self.tokens = {name: self.desk.sign_in(_email(name))[0] for name in (*ROLE_OF, "suspended")}
        self.tokens |= {"signed out": "", "made-up cookie": "x" * 43}
        with self.desk.uow.begin() as tx:
            tx.execute(update(Staff).where(Staff.email == _email("suspended")).values(active=False))
            _add_foreign(tx, self.desk.now)

    def may(self, person: str, rule: str) -> bool:
        """Whether the table lets a person do what needs ``rule``: ``public``, ``signed in`` or a permission."""
        if rule == "public" or person in STRANGERS:
            return rule == "public"
        return rule == "signed in" or Permission(rule) in BUILT_IN[ROLE_OF[person]]

    def narrow(self, person: str) -> None:
        """Let a person see, change and export no more than is their own, from now on."""
        role = CustomRole(key="narrow", name="N", name_key="n", grants="view:own,edit:own,export:own", created_at=NOON)
        with self.desk.uow.begin() as tx:
            tx.add(role)
            tx.execute(update(Staff).where(Staff.email == _email(person)).values(role="narrow"))

    def everything(self) -> dict[str, list[Any]]:
        """Return all rows of all tables, those that reading touches left out."""
        with self.engine.connect() as connection:
            return {
                table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
                for table in _tables(SQLModel.metadata)
                if table.name not in SHOWN_AT_ONCE
            }

    def foreign(self) -> dict[str, list[Any]]:
        """Return the rows that nobody but those who see everything may change."""
        found = {}
        with self.engine.connect() as connection:
            for table in _tables(SQLModel.metadata):
                if key := FOREIGN_ROWS.get(table.name):
                    rows = connection.execute(select(table).where(table.c[key] == FOREIGN))
                    found[table.name] = [tuple(row) for row in rows]
        assert all(found.values()), f"nothing foreign in {[name for name, rows in found.items() if not rows]}"
        return found


def _tables(metadata: MetaData) -> Iterable[Any]:
    return metadata.sorted_tables


def _email(person: str) -> str:
    return f"{person.replace(' ', '-')}@example.com"


def _add_foreign(tx: Any, now: datetime) -> None:
    """Ada's own client and what belongs to her, and what only those meet who run the business."""
    _add_client(tx, now)
    _add_visits(tx, now)
    _add_messages(tx, now)
    _add_settings(tx, now)
    tx.execute(update(Business).values(version=FOREIGN))


def _add_client(tx: Any, now: datetime) -> None:
    tx.add(
        Client(
            id=FOREIGN, name=SECRET, sort_name=SECRET.lower(), business_name=SECRET, email=f"{SECRET}@example.com",
            phone="+201001234567", address=SECRET, notes=SECRET, created_at=now,
        )
    )  # fmt: skip
    tx.flush()
    tx.add_all(
        [
            ClientText(client_id=FOREIGN, body=SECRET.lower()),
            ClientAccess(client_id=FOREIGN),
            OptOut(client_id=FOREIGN, channel="sms", how="staff", at=now),
        ]
    )


def _add_visits(tx: Any, now: datetime) -> None:
    soon = now + timedelta(hours=2)
    times = {"start_at": soon, "end_at": soon + timedelta(minutes=30)}
    common = {"client_id": FOREIGN, "created_at": now, "created_by": 1}
    tx.add_all(
        [
            Action(id=FOREIGN, name="Fitting", name_key="fitting", position=1),
            Service(id=FOREIGN, name="Fitting", name_key="fitting", minutes=30, currency="EUR", price=7700),
            WorkOrder(
                id=FOREIGN, number="77", number_key="77", title=SECRET, description=SECRET, status="open",
                currency="EUR", **common,
            ),
            Series(
                id=FOREIGN, uid="series", dtstart="20260324T160000", time_zone="Africa/Cairo", minutes=30,
                rrule="FREQ=WEEKLY;COUNT=1", notes=SECRET, filled_until=now + timedelta(days=2000), **common,
            ),
        ]
    )  # fmt: skip
    tx.flush()
    tx.add_all(
        [
            WorkOrderText(work_order_id=FOREIGN, body=SECRET.lower()),
            Booking(id=FOREIGN, token="t" * 36, service_id=FOREIGN, currency="EUR", created_at=now, created_by=1),
        ]
    )
    tx.flush()
    tx.add(
        Appointment(
            id=FOREIGN, uid="foreign", time_zone="UTC", notes=SECRET, overlap_reason=SECRET, booking_id=FOREIGN,
            **common, **times,
        )
    )  # fmt: skip
    tx.flush()
    tx.add_all(
        [
            AppointmentStaff(appointment_id=FOREIGN, staff_id=1, **times),
            ClientRequest(
                id=FOREIGN, appointment_id=FOREIGN, client_id=FOREIGN, kind="cancel", message=SECRET, created_at=now
            ),
        ]
    )


def _add_messages(tx: Any, now: datetime) -> None:
    times = {"due_at": now, "try_at": now, "created_at": now}
    tx.add(
        Message(
            id=FOREIGN, key="foreign", state="failed", channel="email", client_id=FOREIGN, appointment_id=FOREIGN,
            address=f"{SECRET}@example.com", subject=SECRET, body=SECRET, error=SECRET, **times,
        )
    )  # fmt: skip


def _add_settings(tx: Any, now: datetime) -> None:
    tx.add_all(
        [
            Template(id=FOREIGN, channel="email", name=HIDDEN, created_at=now),
            ReminderRule(
                id=FOREIGN, name=HIDDEN, amount=1, unit="hours", anchor="before_start", recipient="client",
                channel="email", active=False, created_at=now,
            ),
            ImportRun(
                id=FOREIGN, kind="clients", file_name=f"{HIDDEN}.csv", file_kind="csv", size=7, head=0,
                titles=f'["{HIDDEN}"]', samples=f'[["{HIDDEN}"]]', mapping='{"0": "name"}', created_at=now,
            ),
            Staff(
                id=FOREIGN, name="Noor", email=f"{HIDDEN}@example.com".lower(), phone="+201000000077", role="staff",
                created_at=now,
            ),
            CustomRole(id=FOREIGN, key="foreign", name=HIDDEN, name_key=HIDDEN.lower(), grants="view", created_at=now),
        ]
    )  # fmt: skip
    tx.flush()
    tx.add_all(
        [
            TemplateText(template_id=FOREIGN, language="en", subject=HIDDEN, body=HIDDEN),
            ImportPart(run_id=FOREIGN, kind="file", number=0, body=HIDDEN.encode()),
            Leave(staff_id=FOREIGN, first_day=now.date(), last_day=now.date(), note=HIDDEN),
        ]
    )
