"""The list of people who work here, and the form of one of them."""

from dataclasses import replace

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.staff import StaffRow
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Conflict, Invalid, NotFound
from appointments_app.features.session.forms import VersionedForm, errors_of, is_too_early, to_first_wrong
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr
from appointments_app.features.staff import service
from appointments_app.features.staff.schemas import FIELDS, PersonForm, RoleChoice

NO_ERRORS: dict[str, str] = dict.fromkeys((*FIELDS, "password"), "")


class StaffPage(rx.State):
    """The list: active people or the others. The address holds which."""

    ready: bool = False
    shows_active: bool = True
    rows: rx.Field[list[StaffRow]] = rx.field(default_factory=list)
    active: int = 0
    inactive: int = 0

    @rx.event
    @requires(Permission.STAFF)
    async def load(self):
        """Show the people of the tab that the address names."""
        self.shows_active = self.router.url.query_parameters.get("show", "") != "inactive"
        found = await perform(service.list_staff, active=self.shows_active)
        self.rows, self.active, self.inactive, self.ready = found.rows, found.active, found.inactive, True

    @rx.event
    @requires(Permission.STAFF)
    async def set_active(self, staff_id: int, verb: str):
        """Do what the three-dots menu says: ``activate`` or ``deactivate``."""
        if verb not in ("activate", "deactivate"):
            raise Invalid()
        is_active = verb == "activate"
        name = await perform(service.set_active, staff_id=staff_id, is_active=is_active)
        await say(
            self,
            tr("{name} is active again.", name=name) if is_active else tr("{name} is not active any more.", name=name),
        )
        return StaffPage.load


class StaffForm(VersionedForm, rx.State):
    """One person's form, new or known. What is typed stays in the browser until it is saved."""

    ready: bool = False
    missing: bool = False
    form: PersonForm = PersonForm()
    form_key: str = ""
    errors: dict[str, str] = NO_ERRORS
    may_sign_in: bool = False
    is_self: bool = False
    roles: rx.Field[list[RoleChoice]] = rx.field(default_factory=list)

    @rx.event
    @requires(Permission.STAFF)
    async def load(self):
        """Show the person whom the address names, or an empty form."""
        wanted = routes.named_in(self.router.url.path, routes.STAFF)
        form, self.missing = PersonForm(), False
        try:
            form = await perform(service.open_person, staff_id=wanted) if wanted else form
        except NotFound:
            self.missing = True
        self.roles = await perform(service.roles_to_give, present=form.role)
        self._stand_on(form)
        self.errors, self.form_key = NO_ERRORS, f"{form.id}.{form.version}"
        self.may_sign_in, self.is_self, self.ready = (
            form.may_sign_in,
            await perform(service.is_self, staff_id=form.id),
            True,
        )

    @rx.event
    @requires(Permission.STAFF)
    async def allow_sign_in(self, is_allowed: bool):
        """Show or hide the password field."""
        self.may_sign_in = bool(is_allowed)

    @rx.event
    @requires(Permission.STAFF)
    async def forget_second_step(self):
        """Let somebody who lost their phone in by password alone once more."""
        name = await perform(service.forget_second_step, staff_id=self.form.id)
        self.form = replace(self.form, has_second_step=False)
        await say(self, tr("{name} signs in by password alone until a new second step is set up.", name=name))

    @rx.event
    @requires(Permission.STAFF)
    async def insist(self):
        """Save over what somebody else saved meanwhile; comes just before ``save``."""
        self._stand_on_theirs()

    @rx.event
    @requires(Permission.STAFF)
    async def save(self, values: dict):
        """Store the form and go back to the list."""
        if await is_too_early(self, is_ready=self.ready):
            return None
        self.errors = NO_ERRORS
        given = values if isinstance(values, dict) else {}
        try:
            await self._store(given)
        except Invalid as refusal:
            if not refusal.fields:
                raise
            self.errors = errors_of(refusal, NO_ERRORS)
            return to_first_wrong(refusal)
        except Conflict as refusal:
            self._tell_of(refusal)
            return None
        await say(self, tr("{name} was saved.", name=str(given.get("name", "")).strip()))
        return rx.redirect(routes.STAFF)

    async def _store(self, values: dict) -> None:
        if not self.form.id:
            await perform(service.add, values=values)
            return
        known = {"staff_id": self.form.id, "version": self._version, "last_change": self.form.last_change}
        await perform(service.save, values=values, **known)
