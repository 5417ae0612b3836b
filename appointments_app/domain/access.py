"""Who may do what: roles, permissions, and the actor that every use-case asks first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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
    STAFF = "staff"
    SETTINGS = "settings"


class Role(StrEnum):
    """A named set of permissions."""

    OWNER = "owner"
    STAFF = "staff"


class Scope(StrEnum):
    """Which appointments the permissions reach."""

    ALL = "all"
    OWN = "own"


ROLES: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.STAFF: frozenset(Permission) - {Permission.STAFF, Permission.SETTINGS},
}


@dataclass(frozen=True)
class Actor:
    """The person a use-case acts for. ``staff_id`` is None for the program itself."""

    staff_id: int | None
    name: str
    role: Role
    language: str
    time_zone: str
    permissions: frozenset[Permission]
    scope: Scope = Scope.ALL

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


def program(language: str = "en", time_zone: str = "UTC") -> Actor:
    """Return the actor for the command line and background work: everything allowed, no name in the audit trail."""
    return Actor(None, "", Role.OWNER, language, time_zone, ROLES[Role.OWNER])
