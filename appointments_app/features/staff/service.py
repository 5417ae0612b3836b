"""Use-cases of the people who work here: list, add, edit, deactivate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from appointments_app.db.models import Staff
from appointments_app.db.queries import account, history, roles, sign_ins
from appointments_app.db.queries import staff as queries
from appointments_app.db.queries.roles import RoleRow
from appointments_app.db.queries.staff import StaffRow
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain import passwords
from appointments_app.domain.access import Actor, Permission, Role, may_give
from appointments_app.domain.change import PASSWORD_SHOWN, Verb, differences
from appointments_app.domain.contact import phone_as_read
from appointments_app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from appointments_app.domain.words import N_
from appointments_app.features.staff.schemas import FIELDS, PersonForm, RoleChoice, entered, taken_email

_OWNER_REMAINS = N_("At least one owner who may sign in has to remain.")


@dataclass(frozen=True)
class StaffList:
    """What the list shows: one tab's people and how many each tab has."""

    rows: list[StaffRow]
    active: int
    inactive: int


def list_staff(uow: UnitOfWork, *, actor: Actor, active: bool) -> StaffList:
    """Return the active people, or the others."""
    actor.require(Permission.STAFF)
    with uow.read() as tx:
        return StaffList(queries.rows(tx, active=active), *queries.counts(tx))


def open_person(uow: UnitOfWork, *, actor: Actor, staff_id: object) -> PersonForm:
    """Return one person as the form shows them, with the latest change made to them."""
    actor.require(Permission.STAFF)
    with uow.read() as tx:
        return _form(tx, actor, _existing(tx.get(Staff, _number(staff_id))))


def roles_to_give(uow: UnitOfWork, *, actor: Actor, present: str) -> list[RoleChoice]:
    """Return the roles that the actor may give to somebody, and the one that the person has at present."""
    actor.require(Permission.STAFF)
    with uow.read() as tx:
        every = roles.every(tx)
    return [
        RoleChoice(row.key, row.name) for row in every if row.key == present or may_give(actor, row.key, row.grants)
    ]


def is_self(_uow: UnitOfWork, *, actor: Actor, staff_id: int) -> bool:
    """Whether this is the actor."""
    return actor.staff_id == staff_id


def add(uow: UnitOfWork, *, actor: Actor, values: dict[str, object]) -> int:
    """Add a person; return the id."""
    actor.require(Permission.STAFF)
    with uow.begin() as tx:
        region, known = queries.one_at_a_time(tx).phone_region, _roles(tx)
        person = entered(values, region=region, roles=known)
        _check_may_give(actor, known[person.role], field="role")
        if person.email and queries.email_in_use(tx, person.email, but=None):
            raise taken_email()
        staff = Staff(
            name=person.name,
            email=person.email,
            phone=person.phone,
            colour=person.colour,
            time_zone=person.time_zone,
            language=person.language,
            role=person.role,
            password_hash=passwords.hash_password(person.password) if person.password else "",
            created_at=tx.now,
        )
        tx.add(staff)
        tx.flush()
        staff_id = _id(staff)
        history.record(tx, actor, Verb.CREATED, "staff", staff_id)
        return staff_id


def save(
    uow: UnitOfWork,
    *,
    actor: Actor,
    staff_id: object,
    values: dict[str, object],
    version: object,
    last_change: object = 0,
) -> None:
    """Store what the form holds. Raises Conflict with the changes since ``last_change`` when ``version`` is old."""
    actor.require(Permission.STAFF)
    with uow.begin() as tx:
        region, known = queries.one_at_a_time(tx).phone_region, _roles(tx)
        staff = _existing(tx.get(Staff, _number(staff_id)))
        _check_may_change(actor, staff, known)
        if staff.version != version:
            raise Conflict(
                changes=history.of_record(tx, "staff", _id(staff), since=_number(last_change)), version=staff.version
            )
        person = entered(values, region=region, roles=known, has_password=bool(staff.password_hash))
        if person.role != staff.role:
            _check_may_give(actor, known[person.role], field="role")
        if person.email and queries.email_in_use(tx, person.email, but=staff.id):
            raise taken_email()
        _check_own_password(actor, staff, person.password)
        _check_owner_remains(tx, staff, stays=person.role == Role.OWNER.value and person.may_sign_in, field="role")
        changed = differences(_shown(staff), {**person.stored(), "may_sign_in": person.may_sign_in})
        if "role" in changed:
            changed["role"] = (_role_shown(known, staff.role), _role_shown(known, person.role))
        if person.password:
            changed["password"] = ("", PASSWORD_SHOWN)
        if not changed:
            return
        _write(tx, staff, person.stored())
        if person.password or not person.may_sign_in:
            staff.password_hash = passwords.hash_password(person.password) if person.password else ""
            sign_ins.end_all(tx, _id(staff))
        if {"password", "email", "may_sign_in"} & changed.keys():
            account.forget_resets(tx, _id(staff))
        history.record(tx, actor, Verb.EDITED, "staff", _id(staff), changed)


def set_active(uow: UnitOfWork, *, actor: Actor, staff_id: object, is_active: bool) -> str:
    """Let a person work here again, or no more, which ends their sign-ins; return the name."""
    actor.require(Permission.STAFF)
    with uow.begin() as tx:
        queries.one_at_a_time(tx)
        staff = _existing(tx.get(Staff, _number(staff_id)))
        _check_may_change(actor, staff, _roles(tx))
        if staff.active == is_active:
            return staff.name
        if not is_active:
            _check_owner_remains(tx, staff, stays=False)
            sign_ins.end_all(tx, _id(staff))
        history.record(
            tx, actor, Verb.EDITED, "staff", _id(staff), differences({"active": staff.active}, {"active": is_active})
        )
        _write(tx, staff, {"active": is_active})
        return staff.name


def forget_second_step(uow: UnitOfWork, *, actor: Actor, staff_id: object) -> str:
    """Let somebody who lost phone and recovery codes in by password alone once more; return the name."""
    actor.require(Permission.STAFF)
    with uow.begin() as tx:
        queries.one_at_a_time(tx)
        staff = _existing(tx.get(Staff, _number(staff_id)))
        _check_may_change(actor, staff, _roles(tx))
        if staff.id == actor.staff_id:
            raise Invalid(N_("Turn your own second step off in your account."))
        if staff.totp_secret:
            account.set_secret(tx, _id(staff), "", staff.totp_step)
            account.replace_codes(tx, _id(staff), [])
            sign_ins.end_all(tx, _id(staff))
            history.record(tx, actor, Verb.EDITED, "staff", _id(staff), {"second_step": ("1", "")})
        return staff.name


def _write(tx: Tx, staff: Staff, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(staff, name, value)
    staff.version += 1
    tx.add(staff)


def _shown(staff: Staff) -> dict[str, object]:
    return {**{name: getattr(staff, name) for name in FIELDS}, "may_sign_in": bool(staff.password_hash)}


def _form(tx: Tx, actor: Actor, staff: Staff) -> PersonForm:
    shown = {**_shown(staff), "phone": phone_as_read(staff.phone)}
    return PersonForm(
        id=_id(staff),
        version=staff.version,
        last_change=history.last_change_id(tx),
        active=staff.active,
        may_change=_may_change(actor, staff, _roles(tx)),
        has_second_step=bool(staff.totp_secret),
        may_sign_in=bool(shown.pop("may_sign_in")),
        **{name: str(value) for name, value in shown.items()},
    )


def _roles(tx: Tx) -> dict[str, RoleRow]:
    return {row.key: row for row in roles.every(tx)}


def _role_shown(known: Mapping[str, RoleRow], key: str) -> str:
    """Return what the audit trail keeps of a role: the key of a built-in one, the name of another."""
    return (known[key].name if key in known else "") or key


def _check_may_give(actor: Actor, role: RoleRow, *, field: str) -> None:
    if not may_give(actor, role.key, role.grants):
        raise Invalid(fields={field: N_("You may not give this role: it can do more than yours.")})


def _may_change(actor: Actor, staff: Staff, known: Mapping[str, RoleRow]) -> bool:
    role = known.get(staff.role)
    return role is None or may_give(actor, role.key, role.grants)


def _check_may_change(actor: Actor, staff: Staff, known: Mapping[str, RoleRow]) -> None:
    """Raise NotAllowed for the account of somebody who can do more: its e-mail or password would open it."""
    if not _may_change(actor, staff, known):
        raise NotAllowed(N_("Only somebody who can do as much may change this account."))


def _check_own_password(actor: Actor, staff: Staff, password: str) -> None:
    if password and staff.id == actor.staff_id:
        raise Invalid(fields={"password": N_("Change your own password in your account.")})


def _check_owner_remains(tx: Tx, staff: Staff, *, stays: bool, field: str = "") -> None:
    is_owner = staff.role == Role.OWNER.value and staff.active and bool(staff.password_hash)
    if is_owner and not stays and not queries.other_owner_exists(tx, _id(staff)):
        raise Invalid(fields={field: _OWNER_REMAINS}) if field else Invalid(_OWNER_REMAINS)


def _existing(staff: Staff | None) -> Staff:
    if staff is None:
        raise NotFound()
    return staff


def _id(staff: Staff) -> int:
    assert staff.id is not None
    return staff.id


def _number(value: object) -> int:
    """Return the number that came from a browser; raise NotFound for anything else."""
    text = str(value)
    if isinstance(value, bool) or not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise NotFound()
    return int(text)
