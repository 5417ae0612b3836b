"""A business in which everybody of the contract works, and records that some of them must never touch or read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, MetaData, insert, select, update
from sqlmodel import SQLModel

from appointments_app.db.models import Appointment, AppointmentStaff, Client, ClientText, CustomRole, Staff
from appointments_app.domain.access import BUILT_IN, Permission, Role
from tests.session.desk import NOON, Desk

FOREIGN = 77
"""The id of every record that is not Ben's: one number, so that whatever an argument means, it means that."""

SECRET = "Zeina-nobody-else-knows"
"""Stands in every text of those records."""

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

SHOWN_AT_ONCE = frozenset({"sign_in", "sign_in_failure", "draft"})
"""Tables in which reading, too, leaves a trace that is one's own."""


class World:
    """The business, a sign-in of each person, and what it looked like before."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.desk = engine, Desk(engine)
        for name, role in ROLE_OF.items():
            self.desk.hire(_email(name), role, name=name.title())
        self.desk.hire(_email("suspended"), Role.OWNER, name="Suspended")
        self.tokens = {name: self.desk.sign_in(_email(name))[0] for name in (*ROLE_OF, "suspended")}
        self.tokens |= {"signed out": "", "made-up cookie": "x" * 43}
        with self.desk.uow.begin() as tx:
            tx.execute(update(Staff).where(Staff.email == _email("suspended")).values(active=False))
            _add_foreign(tx)

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
        ours = {"appointment": "id", "client": "id", "appointment_staff": "appointment_id", "client_text": "client_id"}
        with self.engine.connect() as connection:
            return {
                table.name: list(
                    map(tuple, connection.execute(select(table).where(table.c[ours[table.name]] == FOREIGN)))
                )
                for table in _tables(SQLModel.metadata)
                if table.name in ours
            }


def _tables(metadata: MetaData) -> Iterable[Any]:
    return metadata.sorted_tables


def _email(person: str) -> str:
    return f"{person.replace(' ', '-')}@example.com"


def _add_foreign(tx: Any) -> None:
    """Ada's own client and appointment."""
    tx.execute(
        insert(Client).values(
            id=FOREIGN, name=SECRET, sort_name=SECRET.lower(), business_name=SECRET, email=f"{SECRET}@example.com",
            phone="+201001234567", address=SECRET, notes=SECRET, language="", time_zone="", version=1, created_at=NOON,
        )
    )  # fmt: skip
    tx.execute(insert(ClientText).values(client_id=FOREIGN, body=SECRET.lower()))
    soon = NOON + timedelta(hours=2)
    times = {"start_at": soon, "end_at": soon + timedelta(minutes=30)}
    tx.execute(
        insert(Appointment).values(
            id=FOREIGN, uid="foreign", client_id=FOREIGN, time_zone="UTC", notes=SECRET, status="scheduled",
            shared=False, confirmed_by="", confirmed_how="", overlap_reason=SECRET, by_hand=False, created_at=NOON,
            created_by=1, version=1,
            **times,
        )
    )  # fmt: skip
    tx.execute(insert(AppointmentStaff).values(appointment_id=FOREIGN, staff_id=1, **times))
