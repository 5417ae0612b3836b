"""The page of the rules by which bookings are offered."""

import reflex as rx

from appointments_app.features.services import service
from appointments_app.features.services.service import RulesForm
from appointments_app.features.session.forms import SettingsForm
from appointments_app.features.session.gate import perform


class RulesPage(SettingsForm, rx.State):
    """The rules of booking."""

    form: RulesForm = RulesForm()
    errors: dict[str, str] = {"step": "", "notice": "", "ahead": "", "per_client": ""}

    async def _open(self) -> RulesForm:
        return await perform(service.open_rules)

    async def _store(self, values: dict) -> None:
        await perform(service.save_rules, values=values, version=self._version, last_change=self.form.last_change)
