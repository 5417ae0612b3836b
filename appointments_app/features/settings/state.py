"""The settings of the business, as a form."""

from dataclasses import replace

import reflex as rx

from appointments_app.db.queries.history import ChangeRow
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Conflict, Invalid
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr
from appointments_app.features.settings import service
from appointments_app.features.settings.service import FIELDS, ClosedDayRow, SettingsForm

NO_ERRORS: dict[str, str] = dict.fromkeys(FIELDS, "")


class SettingsPage(rx.State):
    """The form. What is typed stays in the browser until it is saved."""

    ready: bool = False
    form: SettingsForm = SettingsForm()
    form_key: str = ""
    errors: dict[str, str] = NO_ERRORS
    changes: rx.Field[list[ChangeRow]] = rx.field(default_factory=list)
    is_conflict: bool = False
    _version: int = 0

    @rx.event
    @requires(Permission.SETTINGS)
    async def load(self):
        """Show the settings as they are."""
        self.form = await perform(service.open_settings)
        self._version, self.form_key = self.form.version, f"settings.{self.form.version}"
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
        self.errors = NO_ERRORS
        given = values if isinstance(values, dict) else {}
        try:
            await perform(service.save, values=given, version=self._version, last_change=self.form.last_change)
        except Invalid as refusal:
            self.errors = {**NO_ERRORS, **{field: tr(text) for field, text in refusal.fields.items()}}
            return rx.set_focus(f"field-{next(iter(refusal.fields))}")
        except Conflict as refusal:
            self.changes, self.is_conflict = refusal.values["changes"], True
            self.form = replace(self.form, version=refusal.values["version"])
            return None
        await say(self, tr("The settings were saved."))
        return SettingsPage.load


class ClosedDays(rx.State):
    """The days on which the business is closed."""

    ready: bool = False
    rows: rx.Field[list[ClosedDayRow]] = rx.field(default_factory=list)
    day: str = ""
    error: str = ""
    form_key: str = "closed.0"

    @rx.event
    @requires(Permission.SETTINGS)
    async def load(self):
        """Show them."""
        self.rows, self.ready = await perform(service.list_closed), True

    @rx.event
    @requires(Permission.SETTINGS)
    async def choose(self, day: str):
        """Take the day that is typed or picked."""
        self.day, self.error = str(day)[:20], ""

    @rx.event
    @requires(Permission.SETTINGS)
    async def add(self, values: dict):
        """Close the business on that day."""
        name = values.get("closed_name", "") if isinstance(values, dict) else ""
        try:
            await perform(service.close_day, day=self.day, name=name)
        except Invalid as refusal:
            self.error = tr(next(iter(refusal.fields.values())))
            return None
        self.day, self.error, self.form_key = "", "", f"closed.{self.day}"
        return ClosedDays.load

    @rx.event
    @requires(Permission.SETTINGS)
    async def remove(self, day: str):
        """Open the business on that day again."""
        await perform(service.open_day, day=day)
        return ClosedDays.load
