"""The roles that a business made, and who has which."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, select, update

from appointments_app.db.models import Business, CustomRole, Staff
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import BUILT_IN, Grants, Role, granted


@dataclass(frozen=True)
class RoleRow:
    """One role; ``id`` is 0 and ``name`` empty for a built-in one, whose word the screen knows."""

    key: str
    name: str
    grants: Grants
    people: int = 0
    id: int = 0
    needs_second_step: bool = False


def every(tx: Tx) -> list[RoleRow]:
    """Return the built-in roles in order, then those made here, by name; each with how many people have it."""
    counts: dict[str, int] = dict(tx.execute(select(Staff.role, func.count()).group_by(Staff.role)).all())
    needed = _needed(tx)
    built_in = [
        RoleRow(role.value, "", BUILT_IN[role], counts.get(role.value, 0), 0, role.value in needed) for role in Role
    ]
    columns = CustomRole.key, CustomRole.name, CustomRole.grants, CustomRole.id
    made = tx.execute(select(*columns).order_by(CustomRole.name_key)).all()
    return built_in + [
        RoleRow(key, name, granted(key, stored), counts.get(key, 0), number, key in needed)
        for key, name, stored, number in made
    ]


def _needed(tx: Tx) -> list[str]:
    return (tx.execute(select(Business.second_step_roles)).scalar() or "").split(",")


def need_second_step(tx: Tx, key: str, is_needed: bool) -> None:
    """Let people with this role sign in with a second step only, or by password alone too."""
    others = [each for each in _needed(tx) if each not in ("", key)]
    tx.execute(update(Business).values(second_step_roles=",".join([*others, key] if is_needed else others)))


def one(tx: Tx, key: str) -> RoleRow | None:
    """Return a role, or None when there is none with this key."""
    return next((row for row in every(tx) if row.key == key), None)


def id_of_name(tx: Tx, name_key: str) -> int | None:
    """Return the role whose folded name this is."""
    return tx.execute(select(CustomRole.id).where(CustomRole.name_key == name_key)).scalar()


def add(tx: Tx, key: str, name: str, name_key: str, grants: str) -> int:
    """Store a new role; return its id."""
    row = CustomRole(key=key, name=name, name_key=name_key, grants=grants, created_at=tx.now)
    tx.add(row)
    tx.flush()
    return row.id


def change(tx: Tx, key: str, **values: str) -> None:
    """Store another name, or other grants."""
    tx.execute(update(CustomRole).where(CustomRole.key == key).values(**values))


def remove(tx: Tx, key: str) -> None:
    """Remove a role that nobody has."""
    tx.execute(delete(CustomRole).where(CustomRole.key == key))
