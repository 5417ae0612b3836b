"""Use-cases of roles: the whole table, and the roles that the business makes itself."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from appointments_app.db.models import Staff
from appointments_app.db.queries import history, roles
from appointments_app.db.queries.roles import RoleRow
from appointments_app.db.queries.staff import one_at_a_time
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import (
    WITH_REACH,
    Actor,
    Grants,
    Permission,
    Role,
    Scope,
    as_stored,
    may_give,
    sensible,
)
from appointments_app.domain.change import Verb, differences
from appointments_app.domain.errors import Invalid, NotAllowed, NotFound
from appointments_app.domain.text import fold, one_line
from appointments_app.domain.words import N_

MOST = 20
LONGEST_NAME = 60


@dataclass(frozen=True)
class Column:
    """One role as the table shows it; ``name`` is empty for a built-in one."""

    key: str
    name: str
    people: int
    may_change: bool
    may_give: bool
    needs_second_step: bool


@dataclass(frozen=True)
class Cell:
    """What one role may do of one permission: ``reach`` is '', ``own`` or ``all``."""

    role: str
    reach: str
    may_change: bool


@dataclass(frozen=True)
class Line:
    """One permission over all roles."""

    permission: str
    has_reach: bool
    cells: list[Cell] = field(default_factory=list)


@dataclass(frozen=True)
class RoleTable:
    """The whole table."""

    columns: list[Column]
    lines: list[Line]


def table(uow: UnitOfWork, *, actor: Actor) -> RoleTable:
    """Return every role with everything it may do."""
    actor.require(Permission.STAFF)
    with uow.read() as tx:
        rows = roles.every(tx)
    may_change = {row.key: bool(row.id) and may_give(actor, row.key, row.grants) for row in rows}
    columns = [
        Column(
            row.key,
            row.name,
            row.people,
            may_change[row.key],
            may_give(actor, row.key, row.grants),
            row.needs_second_step,
        )
        for row in rows
    ]
    lines = [
        Line(
            each.value,
            each in WITH_REACH,
            [Cell(row.key, row.grants[each].value if each in row.grants else "", may_change[row.key]) for row in rows],
        )
        for each in Permission
    ]
    return RoleTable(columns, lines)


def add(uow: UnitOfWork, *, actor: Actor, name: object, like: object) -> str:
    """Make a role that may do what the role ``like`` may, an owner's apart; return its key."""
    actor.require(Permission.STAFF)
    with uow.begin() as tx:
        one_at_a_time(tx)
        known = {row.key: row for row in roles.every(tx)}
        if not isinstance(like, str) or like not in known:
            raise Invalid(fields={"like": N_("Choose a role.")})
        if len(known) >= len(Role) + MOST:
            raise Invalid(fields={"role_name": N_("There are too many roles already.")})
        grants = known[like].grants
        _check_may_give(actor, "", grants, field="like")
        key = f"r{secrets.token_hex(6)}"
        text, name_key = _name(tx, name, None)
        role_id = roles.add(tx, key, text, name_key, as_stored(grants))
        history.record(tx, actor, Verb.CREATED, "role", role_id, {"name": ("", text)})
        return key


def rename(uow: UnitOfWork, *, actor: Actor, key: object, name: object) -> None:
    """Give a role another name."""
    with uow.begin() as tx:
        row = _to_change(tx, actor, key)
        text, name_key = _name(tx, name, row.id)
        if changed := differences({"name": row.name}, {"name": text}):
            roles.change(tx, row.key, name=text, name_key=name_key)
            history.record(tx, actor, Verb.EDITED, "role", row.id, changed)


def set_grant(uow: UnitOfWork, *, actor: Actor, key: object, permission: object, reach: object) -> None:
    """Let a role do something (``all``, ``own``) or not (''); holds from the next click of whoever has it."""
    with uow.begin() as tx:
        row = _to_change(tx, actor, key)
        wanted = _permission(permission)
        grants = {each: how for each, how in row.grants.items() if each is not wanted}
        if how := _reach(wanted, reach):
            grants[wanted] = how
        after = sensible(grants)
        _check_may_give(actor, row.key, after)
        before = {each.value: row.grants.get(each, "") for each in Permission}
        if changed := differences(before, {each.value: after.get(each, "") for each in Permission}):
            roles.change(tx, row.key, grants=as_stored(after))
            history.record(tx, actor, Verb.EDITED, "role", row.id, changed)


def need_second_step(uow: UnitOfWork, *, actor: Actor, key: object, is_needed: bool) -> None:
    """Let nobody with this role in by password alone: at the next click, whoever has no second step sets one up."""
    actor.require(Permission.STAFF)
    with uow.begin() as tx:
        one_at_a_time(tx)
        row = roles.one(tx, key) if isinstance(key, str) else None
        if row is None:
            raise NotFound()
        if not may_give(actor, row.key, row.grants):
            raise NotAllowed()
        if is_needed and row.key == actor.role and not _has_second_step(tx, actor):
            raise Invalid(N_("Set up your own second step first, in your account."))
        if row.needs_second_step == is_needed:
            return
        roles.need_second_step(tx, row.key, is_needed)
        before, after = (f"{row.name or row.key}: {'1' if each else '0'}" for each in (not is_needed, is_needed))
        history.record(tx, actor, Verb.EDITED, "business", 1, {"second_step_roles": (before, after)})


def _has_second_step(tx: Tx, actor: Actor) -> bool:
    staff = tx.get(Staff, actor.staff_id)
    return staff is not None and bool(staff.totp_secret)


def remove(uow: UnitOfWork, *, actor: Actor, key: object) -> str:
    """Remove a role that nobody has; return its name."""
    with uow.begin() as tx:
        row = _to_change(tx, actor, key)
        if row.people:
            raise Invalid(N_("Somebody has this role. Give them another one first."))
        roles.need_second_step(tx, row.key, False)
        roles.remove(tx, row.key)
        history.record(tx, actor, Verb.DELETED, "role", row.id, {"name": (row.name, "")})
        return row.name


def _to_change(tx: Tx, actor: Actor, key: object) -> RoleRow:
    actor.require(Permission.STAFF)
    one_at_a_time(tx)
    row = roles.one(tx, key) if isinstance(key, str) else None
    if row is None or not row.id:
        raise NotFound()
    if not may_give(actor, row.key, row.grants):
        raise NotAllowed()
    return row


def _check_may_give(actor: Actor, key: str, grants: Grants, *, field: str = "") -> None:
    if not may_give(actor, key, grants):
        words = N_("A role can't do more than the person who makes it.")
        raise Invalid(fields={field: words}) if field else Invalid(words)


def _name(tx: Tx, name: object, own_id: int | None) -> tuple[str, str]:
    text = one_line(name if isinstance(name, str) else "", LONGEST_NAME + 1)
    key = fold(text)
    if not key:
        raise Invalid(fields={"role_name": N_("Enter a name.")})
    if len(text) > LONGEST_NAME:
        raise Invalid(fields={"role_name": N_("This is too long.")})
    if roles.id_of_name(tx, key) not in (None, own_id):
        raise Invalid(fields={"role_name": N_("There is a role of this name already.")})
    return text, key


def _permission(text: object) -> Permission:
    if not isinstance(text, str) or text not in Permission._value2member_map_:
        raise Invalid()
    return Permission(text)


def _reach(permission: Permission, text: object) -> Scope | None:
    if text == "":
        return None
    if text not in ("own", "all") or (text == "own" and permission not in WITH_REACH):
        raise Invalid()
    return Scope(str(text))
