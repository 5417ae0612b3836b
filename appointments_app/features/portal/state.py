"""Clients › Client settings, as a form."""

import reflex as rx

from appointments_app.domain.portal import HOURS
from appointments_app.features.portal import service
from appointments_app.features.portal.service import RulesForm
from appointments_app.features.session.forms import SettingsForm
from appointments_app.features.session.gate import perform


class ClientSettingsPage(SettingsForm, rx.State):
    """The form of what clients may do."""

    form: RulesForm = RulesForm()
    errors: dict[str, str] = dict.fromkeys(HOURS, "")

    async def _open(self) -> RulesForm:
        return await perform(service.open_rules)

    async def _store(self, values: dict) -> None:
        await perform(service.save_rules, values=values, version=self._version, last_change=self.form.last_change)
