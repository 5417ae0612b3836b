"""The table of roles, and the name of the one that is being made or renamed."""

import reflex as rx

from appointments_app.domain.access import Permission, Role
from appointments_app.domain.errors import Invalid
from appointments_app.features.roles import service
from appointments_app.features.roles.service import Column, Line
from appointments_app.features.session.forms import errors_of, is_too_early, to_first_wrong
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr

NO_ERRORS: dict[str, str] = dict.fromkeys(("role_name", "like"), "")


class RolesPage(rx.State):
    """The whole table; a change of a cell holds at once."""

    ready: bool = False
    columns: rx.Field[list[Column]] = rx.field(default_factory=list)
    lines: rx.Field[list[Line]] = rx.field(default_factory=list)
    is_open: bool = False
    key: str = ""
    name: str = ""
    like: str = Role.RECEPTIONIST.value
    errors: dict[str, str] = NO_ERRORS

    @rx.event
    @requires(Permission.STAFF)
    async def load(self):
        """Show every role with everything it may do."""
        self.is_open, self.errors = False, NO_ERRORS
        await self._read()

    @rx.event
    @requires(Permission.STAFF)
    async def set_grant(self, key: str, permission: str, reach: str):
        """Let a role do something, or no more."""
        try:
            await perform(service.set_grant, key=key, permission=permission, reach=reach)
        finally:
            await self._read()

    @rx.event
    @requires(Permission.STAFF)
    async def need_second_step(self, key: str, is_needed: bool):
        """Let nobody with this role in by password alone, or no more."""
        try:
            await perform(service.need_second_step, key=key, is_needed=is_needed is True)
        finally:
            await self._read()

    @rx.event
    @requires(Permission.STAFF)
    async def begin(self, key: str):
        """Open the name of one role; '': of a new one."""
        known = next((row for row in self.columns if row.key == key), None)
        self.key, self.name = (known.key, known.name) if known else ("", "")
        self.is_open, self.errors = True, NO_ERRORS

    @rx.event
    @requires(Permission.STAFF)
    async def show(self, is_open: bool):
        """Open or close the dialog."""
        self.is_open, self.errors = bool(is_open), NO_ERRORS

    @rx.event
    @requires(Permission.STAFF)
    async def choose(self, key: str, verb: str):
        """Do what the menu of a role says: ``rename`` or ``delete``."""
        if verb == "rename":
            return RolesPage.begin(key)
        if verb != "delete":
            raise Invalid()
        name = await perform(service.remove, key=key)
        await self._read()
        await say(self, tr("{name} was deleted.", name=name))
        return None

    @rx.event
    @requires(Permission.STAFF)
    async def save(self, values: dict):
        """Make the role, or store its new name."""
        if await is_too_early(self, is_ready=self.is_open):
            return None
        typed = values if isinstance(values, dict) else {}
        self.errors = NO_ERRORS
        try:
            if self.key:
                await perform(service.rename, key=self.key, name=typed.get("role_name"))
            else:
                await perform(service.add, name=typed.get("role_name"), like=typed.get("like"))
        except Invalid as refusal:
            self.errors = errors_of(refusal, NO_ERRORS)
            return to_first_wrong(refusal)
        self.is_open = False
        await self._read()
        await say(self, tr("{name} was saved.", name=str(typed.get("role_name", "")).strip()))
        return None

    async def _read(self) -> None:
        found = await perform(service.table)
        self.columns, self.lines, self.ready = found.columns, found.lines, True
