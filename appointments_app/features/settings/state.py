"""The settings of the business, as a form."""

import reflex as rx

from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Invalid
from appointments_app.features.session.forms import SettingsForm
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import tr
from appointments_app.features.settings import service
from appointments_app.features.settings.service import FIELDS, BusinessForm, ClosedDayRow


class SettingsPage(SettingsForm, rx.State):
    """The form of the business."""

    form: BusinessForm = BusinessForm()
    errors: dict[str, str] = dict.fromkeys(FIELDS, "")

    async def _open(self) -> BusinessForm:
        return await perform(service.open_settings)

    async def _store(self, values: dict) -> None:
        await perform(service.save, values=values, version=self._version, last_change=self.form.last_change)


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
