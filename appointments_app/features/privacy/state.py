"""The settings of how long things are kept, and the question before a client is erased."""

import reflex as rx

from appointments_app import routes
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Invalid
from appointments_app.features.privacy import service
from appointments_app.features.privacy.service import FIELDS, ErasingFacts, KeepingForm
from appointments_app.features.session.forms import SettingsForm, errors_of, to_first_wrong
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr

NO_ERRORS: dict[str, str] = dict.fromkeys(FIELDS, "")


class PrivacyPage(SettingsForm, rx.State):
    """How long clients and the history are kept, with what would go now by what is typed."""

    form: KeepingForm = KeepingForm()
    errors: dict[str, str] = NO_ERRORS
    clients: int = 0
    changed_rows: int = 0
    _typed: dict[str, str] = {}

    @rx.event
    @requires(Permission.SETTINGS)
    async def look(self, field: str, text: str):
        """Show what would go now if what is typed were saved."""
        if field not in FIELDS or not isinstance(text, str):
            raise Invalid()
        self._typed = {**self._typed, field: text[:10]}
        self.errors = NO_ERRORS
        try:
            due = await perform(service.preview, values=self._typed)
        except Invalid as refusal:
            self.errors = errors_of(refusal, NO_ERRORS)
            return
        self.clients, self.changed_rows = due.clients, due.changes

    async def _open(self) -> KeepingForm:
        form = await perform(service.open_keeping)
        self.clients, self.changed_rows = form.clients, form.changes
        self._typed = {name: getattr(form, name) for name in FIELDS}
        return form

    async def _store(self, values: dict) -> None:
        await perform(service.save_keeping, values=values, version=self._version, last_change=self.form.last_change)


class ErasingClient(rx.State):
    """The question before the client whose file is open is erased."""

    is_open: bool = False
    facts: ErasingFacts = ErasingFacts()
    errors: dict[str, str] = {"erase_name": ""}

    @rx.event
    @requires(Permission.ERASE)
    async def ask(self):
        """Say what it means, and ask for the name."""
        self.facts = await perform(service.facts, client_id=self._client())
        self.errors, self.is_open = {"erase_name": ""}, True

    @rx.event
    @requires(Permission.ERASE)
    async def show(self, is_open: bool):
        """Close the question."""
        self.is_open = is_open is True

    @rx.event
    @requires(Permission.ERASE)
    async def erase(self, typed: dict):
        """Erase the client whom the question is about."""
        name = typed.get("erase_name", "") if isinstance(typed, dict) else ""
        try:
            await perform(service.erase, client_id=self.facts.id, name=name)
        except Invalid as refusal:
            if not refusal.fields:
                raise
            self.errors = errors_of(refusal, {"erase_name": ""})
            return to_first_wrong(refusal)
        self.is_open, self.facts = False, ErasingFacts()
        await say(self, tr("The client was erased."))
        return rx.redirect(routes.CLIENTS)

    def _client(self) -> str:
        return routes.id_in(routes.path_of(self.router.url.path), routes.CLIENTS)
