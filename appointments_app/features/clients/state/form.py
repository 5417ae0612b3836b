"""One client's form, new or known. What is typed stays in the browser until it is saved."""

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.clients import Twin
from appointments_app.db.queries.history import ChangeRow
from appointments_app.domain.access import Permission
from appointments_app.domain.client import LIMITS
from appointments_app.domain.errors import Conflict, Invalid, NotFound
from appointments_app.features.clients import service
from appointments_app.features.session.forms import errors_of, is_too_early
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr

BLANK = dict.fromkeys(LIMITS, "")


class ClientForm(rx.State):
    """The form: what it began with, what is wrong, who else has the same phone or e-mail."""

    ready: bool = False
    missing: bool = False
    record_id: int = 0
    values: dict[str, str] = BLANK
    form_key: str = ""
    errors: dict[str, str] = BLANK
    twins: rx.Field[list[Twin]] = rx.field(default_factory=list)
    changes: rx.Field[list[ChangeRow]] = rx.field(default_factory=list)
    is_conflict: bool = False
    back: str = routes.CLIENTS
    _version: int = 0
    _insists: bool = False
    _seen: dict[str, str] = {}

    @rx.event
    @requires(Permission.CLIENTS)
    async def load(self):
        """Show the client whom the address names, or an empty form."""
        self.missing, self.is_conflict, self._insists = False, False, False
        self.errors, self.twins, self.changes, self._seen = BLANK, [], [], {}
        path = routes.path_of(self.router.url.path)
        form = service.ClientForm(0, 0, BLANK)
        if path != routes.NEW_CLIENT:
            try:
                form = await perform(service.form_of, client_id=routes.id_in(path, routes.CLIENTS))
            except NotFound:
                self.missing = True
        self.record_id, self._version, self.values = form.id, form.version, form.values
        self.form_key = f"{form.id}.{form.version}"
        self.back = routes.client(form.id) if form.id else routes.CLIENTS
        self.ready = True

    @rx.event
    @requires(Permission.CLIENTS)
    async def look_for_twins(self, name: str, value: str):
        """Warn when another client has this phone number or e-mail address."""
        self._seen = {**self._seen, str(name): str(value)}
        typed = {**self.values, **self._seen}
        self.twins = await perform(service.twins, client_id=self.record_id, email=typed["email"], phone=typed["phone"])

    @rx.event
    @requires(Permission.CLIENTS)
    async def insist(self):
        """Save over what somebody else saved meanwhile; comes just before ``save``."""
        self._insists = True

    @rx.event
    @requires(Permission.CLIENTS)
    async def save(self, typed: dict):
        """Store the form and open the client's file."""
        if await is_too_early(self, is_ready=self.ready):
            return None
        self.errors = BLANK
        typed = typed if isinstance(typed, dict) else {}
        values = {name: str(typed.get(name, "")).replace("\r\n", "\n") for name in LIMITS}
        try:
            client_id = await self._store(values)
        except Invalid as refusal:
            if not refusal.fields:
                raise
            self.errors = errors_of(refusal, BLANK)
            return rx.set_focus(f"field-{next(name for name in LIMITS if name in refusal.fields)}")
        except Conflict as refusal:
            self.changes, self.is_conflict = refusal.values["changes"], True
            return rx.set_focus("conflict")
        await say(self, tr("{name} was saved.", name=values["name"].strip()))
        return rx.redirect(routes.client(client_id))

    async def _store(self, values: dict) -> int:
        if not self.record_id:
            self.record_id = await perform(service.create_client, **values)
            self._version, self.values = 1, values
            return self.record_id
        if self._insists:
            values = await self._merged(values)
        self._version = await perform(service.update_client, client_id=self.record_id, version=self._version, **values)
        return self.record_id

    async def _merged(self, mine: dict) -> dict:
        """Return the client as it is now, with the fields that were changed in this form."""
        self._insists = False
        theirs = await perform(service.form_of, client_id=self.record_id)
        self._version = theirs.version
        return {name: theirs.values[name] if mine[name] == self.values[name] else mine[name] for name in LIMITS}
