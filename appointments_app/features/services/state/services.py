"""The list of services, and the form of one of them."""

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.services import ServiceRow
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Conflict, Invalid, NotFound
from appointments_app.features.services import service
from appointments_app.features.services.service import ServiceForm
from appointments_app.features.session.forms import VersionedForm, errors_of, is_too_early, to_first_wrong
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr

NO_ERRORS: dict[str, str] = dict.fromkeys(
    ("name", "description", "minutes", "before", "after", "price", "currency", "action", "staff"), ""
)


class ServiceList(rx.State):
    """The services of the business."""

    ready: bool = False
    rows: rx.Field[list[ServiceRow]] = rx.field(default_factory=list)

    @rx.event
    @requires(Permission.SETTINGS)
    async def load(self):
        """Show them."""
        self.rows, self.ready = await perform(service.list_services), True

    @rx.event
    @requires(Permission.SETTINGS)
    async def set_active(self, service_id: int, verb: str):
        """Do what the three-dots menu says: ``activate`` or ``deactivate``."""
        if verb not in ("activate", "deactivate"):
            raise Invalid()
        name = await perform(service.set_active, service_id=service_id, is_active=verb == "activate")
        on_offer, off = tr("{name} is on offer again.", name=name), tr("{name} is not on offer any more.", name=name)
        await say(self, on_offer if verb == "activate" else off)
        return ServiceList.load


class ServiceEditor(VersionedForm, rx.State):
    """One service's form, new or known. What is typed stays in the browser until it is saved."""

    ready: bool = False
    missing: bool = False
    form: ServiceForm = ServiceForm()
    form_key: str = ""
    errors: dict[str, str] = NO_ERRORS

    @rx.event
    @requires(Permission.SETTINGS)
    async def load(self):
        """Show the service whom the address names, or an empty form."""
        wanted = routes.named_in(self.router.url.path, routes.SERVICES)
        try:
            form, self.missing = await perform(service.open_service, service_id=wanted), False
        except NotFound:
            form, self.missing = ServiceForm(), True
        self._stand_on(form)
        self.errors, self.form_key, self.ready = NO_ERRORS, f"{form.id}.{form.version}", True

    @rx.event
    @requires(Permission.SETTINGS)
    async def save(self, values: dict):
        """Store the form and go back to the list."""
        if await is_too_early(self, is_ready=self.ready):
            return None
        given = values if isinstance(values, dict) else {}
        staff = [one.id for one in self.form.people if given.get(f"staff-{one.id}")]
        self.errors = NO_ERRORS
        try:
            await perform(
                service.save,
                service_id=str(self.form.id or ""),
                form={**given, "staff": staff},
                version=self._version,
                since=self.form.last_change,
            )
        except Invalid as refusal:
            self.errors = errors_of(refusal, NO_ERRORS)
            return to_first_wrong(refusal, usual="name")
        except Conflict as refusal:
            self._tell_of(refusal)
            return None
        await say(self, tr("{name} was saved.", name=str(given.get("name", "")).strip()))
        return rx.redirect(routes.SERVICES)
