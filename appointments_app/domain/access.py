"""Who may do what: roles as a table of permissions, how far each reaches, and the actor every use-case asks first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from appointments_app.domain.errors import NotAllowed


class Permission(StrEnum):
    """One thing a person may do."""

    VIEW = "view"
    ADD = "add"
    EDIT = "edit"
    DELETE = "delete"
    STATUS = "status"
    SMS = "sms"
    EXPORT = "export"
    CLIENTS = "clients"
    ACTIONS = "actions"
    REPORTS = "reports"
    STAFF = "staff"
    SETTINGS = "settings"
    ERASE = "erase"


class Role(StrEnum):
    """A role that every business has; those it makes itself have keys of their own."""

    OWNER = "owner"
    MANAGER = "manager"
    RECEPTIONIST = "receptionist"
    STAFF = "staff"
    READ_ONLY = "read_only"


class Scope(StrEnum):
    """How far a permission reaches: everything, or what is one's own: made by or assigned to oneself."""

    ALL = "all"
    OWN = "own"


Grants = Mapping[Permission, Scope]

_P, _ALL, _OWN = Permission, Scope.ALL, Scope.OWN
BUILT_IN: dict[Role, Grants] = {
    Role.OWNER: dict.fromkeys(Permission, _ALL),
    Role.MANAGER: dict.fromkeys(Permission, _ALL),
    Role.RECEPTIONIST: dict.fromkeys(
        (_P.VIEW, _P.ADD, _P.EDIT, _P.DELETE, _P.STATUS, _P.SMS, _P.EXPORT, _P.CLIENTS, _P.ACTIONS), _ALL
    ),
    Role.STAFF: {_P.ADD: _ALL, **dict.fromkeys((_P.VIEW, _P.EDIT, _P.STATUS, _P.SMS, _P.CLIENTS), _OWN)},
    Role.READ_ONLY: {_P.VIEW: _ALL, _P.REPORTS: _ALL},
}
"""The policy. A manager is kept from owners' accounts by ``may_give``."""

ROLES = {role: frozenset(grants) for role, grants in BUILT_IN.items()}

OF_APPOINTMENTS = frozenset({_P.VIEW, _P.EDIT, _P.DELETE, _P.STATUS, _P.SMS, _P.EXPORT, _P.REPORTS})
"""What is done to appointments reaches at most as far as View does."""

WITH_REACH = OF_APPOINTMENTS | {_P.CLIENTS}
"""The others are held or not: what one adds is one's own, and there is one list of actions, staff and settings."""


@dataclass(frozen=True)
class Actor:
    """The person a use-case acts for. ``staff_id`` is None for the program itself.

    ``scope`` is how far View reaches, ``own`` are the permissions that reach no further than one's own.
    """

    staff_id: int | None
    name: str
    role: str
    language: str
    time_zone: str
    permissions: frozenset[Permission]
    scope: Scope = Scope.ALL
    own: frozenset[Permission] = frozenset()

    @property
    def client_id(self) -> None:
        """Staff are no clients."""
        return None

    def may(self, permission: Permission) -> bool:
        """Whether the actor holds ``permission``."""
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise NotAllowed unless the actor holds ``permission``."""
        if permission not in self.permissions:
            raise NotAllowed()

    def reach(self, permission: Permission) -> Scope:
        """Return how far ``permission`` reaches."""
        is_own = permission in self.own or (permission in OF_APPOINTMENTS and self.scope is Scope.OWN)
        return Scope.OWN if is_own else Scope.ALL

    def within(self, permission: Permission) -> Actor:
        """Return the actor who sees just the appointments that ``permission`` reaches: for finding what to change."""
        return replace(self, scope=self.reach(permission))

    @property
    def is_owner(self) -> bool:
        """Whether this is an owner, or the program itself."""
        return self.role == Role.OWNER


def actor_with(staff_id: int | None, name: str, role: str, language: str, time_zone: str, grants: Grants) -> Actor:
    """Return the actor with the permissions of a role."""
    own = frozenset(each for each in WITH_REACH if grants.get(each) is Scope.OWN)
    scope = grants.get(Permission.VIEW, Scope.OWN)
    return Actor(staff_id, name, role, language, time_zone, frozenset(grants), scope, own)


def program(language: str = "en", time_zone: str = "UTC") -> Actor:
    """Return the actor for the command line and background work: everything allowed, no name in the audit trail."""
    return actor_with(None, "", Role.OWNER, language, time_zone, BUILT_IN[Role.OWNER])


@lru_cache(maxsize=256)
def granted(role: str, stored: str | None) -> Grants:
    """Return what a role grants: a built-in one, else what is ``stored`` of it; nothing for one that is gone."""
    return BUILT_IN[Role(role)] if role in Role._value2member_map_ else grants_in(stored or "")


def grants_in(stored: str) -> Grants:
    """Return the grants in a text such as ``view:own,add``; what no version knows any more is left out."""
    grants: dict[Permission, Scope] = {}
    for part in filter(None, stored.split(",")):
        name, _, reach = part.partition(":")
        if name in Permission._value2member_map_:
            is_own = reach == Scope.OWN and Permission(name) in WITH_REACH
            grants[Permission(name)] = Scope.OWN if is_own else Scope.ALL
    return sensible(grants) if grants else grants


def as_stored(grants: Grants) -> str:
    """Return the grants as text, in the order of the permissions."""
    return ",".join(f"{each}:own" if grants[each] is Scope.OWN else each.value for each in Permission if each in grants)


def sensible(grants: Grants) -> Grants:
    """Return the grants with View, which everybody has, and nothing done to appointments that are out of its reach."""
    view = grants.get(Permission.VIEW, Scope.OWN)
    narrowed = {
        each: view if each in OF_APPOINTMENTS and view is Scope.OWN else reach for each, reach in grants.items()
    }
    return {Permission.VIEW: view, **narrowed}


def may_give(actor: Actor, role: str, grants: Grants) -> bool:
    """Whether the actor may give a role, take it away, and change the account of whoever has it.

    Nobody gives more than they hold themselves, and only owners make and change owners.
    """
    if role == Role.OWNER:
        return actor.is_owner
    held = all(
        actor.may(each) and (reach is Scope.OWN or each not in WITH_REACH or actor.reach(each) is Scope.ALL)
        for each, reach in grants.items()
    )
    return actor.may(Permission.STAFF) and (actor.is_owner or held)
