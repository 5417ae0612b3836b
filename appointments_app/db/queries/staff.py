"""Reading the people who work here, and what a change of one of them must look at."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from appointments_app.db.models import Business, CustomRole, Staff
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Role
from appointments_app.domain.contact import phone_as_read
from appointments_app.domain.errors import NotFound
from appointments_app.domain.text import fold


@dataclass(frozen=True)
class StaffRow:
    """One person as the list shows them; ``phone`` is written for reading."""

    id: int
    name: str
    email: str
    phone: str
    colour: str
    role: str
    active: bool
    may_sign_in: bool
    role_name: str = ""
    """Of a role that the business made."""


def rows(tx: Tx, *, active: bool) -> list[StaffRow]:
    """Return everybody who is active, or everybody who is not, by name."""
    statement = select(
        Staff.id,
        Staff.name,
        Staff.email,
        Staff.phone,
        Staff.colour,
        Staff.role,
        Staff.active,
        Staff.password_hash != "",
        CustomRole.name,
    ).outerjoin(CustomRole, CustomRole.key == Staff.role)
    found = [
        StaffRow(row[0], row[1], row[2], phone_as_read(row[3]), *row[4:7], bool(row[7]), row[8] or "")
        for row in tx.execute(statement.where(Staff.active.is_(active)))
    ]
    return sorted(found, key=lambda person: (fold(person.name), person.id))


def counts(tx: Tx) -> tuple[int, int]:
    """Return how many people are active and how many are not."""
    found = {
        bool(active): number for active, number in tx.execute(select(Staff.active, func.count()).group_by(Staff.active))
    }
    return found.get(True, 0), found.get(False, 0)


def one_at_a_time(tx: Tx) -> Business:
    """Return the business, locked: changes of staff wait for each other, so that no two owners can leave at once."""
    business = tx.execute(select(Business).with_for_update()).scalar_one_or_none()
    if business is None:
        raise NotFound()
    return business


def other_owner_exists(tx: Tx, staff_id: int) -> bool:
    """Whether an active owner other than this one can sign in."""
    owners = (Staff.role == Role.OWNER.value, Staff.active.is_(True), Staff.password_hash != "", Staff.id != staff_id)
    return tx.execute(select(Staff.id).where(*owners).limit(1)).first() is not None


def email_in_use(tx: Tx, email: str, *, but: int | None) -> bool:
    """Whether somebody other than ``but`` has this address, active or not."""
    conditions = [Staff.email == email] + ([] if but is None else [Staff.id != but])
    return tx.execute(select(Staff.id).where(*conditions).limit(1)).first() is not None
