"""The page of the rules by which bookings are offered."""

from dataclasses import replace

import reflex as rx

from appointments_app.db.queries.history import ChangeRow
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Conflict, Invalid
from appointments_app.features.services import service
from appointments_app.features.services.service import RulesForm
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr

NO_ERRORS: dict[str, str] = {"step": "", "notice": "", "ahead": "", "per_client": ""}


class RulesPage(rx.State):
    """The rules of booking."""

    ready: bool = False
    form: RulesForm = RulesForm()
    form_key: str = ""
    errors: dict[str, str] = NO_ERRORS
    changes: rx.Field[list[ChangeRow]] = rx.field(default_factory=list)
    is_conflict: bool = False
    _version: int = 0

    @rx.event
    @requires(Permission.SETTINGS)
    async def load(self):
        """Show the rules as they are."""
        self.form = await perform(service.open_rules)
        self._version, self.form_key = self.form.version, f"rules.{self.form.version}"
        self.errors, self.changes, self.is_conflict, self.ready = NO_ERRORS, [], False, True

    @rx.event
    @requires(Permission.SETTINGS)
    async def insist(self):
        """Save over what somebody else saved meanwhile; comes just before ``save``."""
        self._version, self.is_conflict = self.form.version, False

    @rx.event
    @requires(Permission.SETTINGS)
    async def save(self, values: dict):
        """Store the form."""
        given = values if isinstance(values, dict) else {}
        self.errors = NO_ERRORS
        try:
            await perform(service.save_rules, form=given, version=self._version, since=self.form.last_change)
        except Invalid as refusal:
            self.errors = {**NO_ERRORS, **{field: tr(text) for field, text in refusal.fields.items()}}
            return rx.set_focus(f"field-{next(iter(refusal.fields), 'step')}")
        except Conflict as refusal:
            self.changes, self.is_conflict = refusal.values["changes"], True
            self.form = replace(self.form, version=refusal.values["version"])
            return None
        await say(self, tr("The booking rules were saved."))
        return RulesPage.load
