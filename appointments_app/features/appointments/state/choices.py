"""What the booking form lets people choose: the client, the action, the staff, and the record it is for."""

import reflex as rx

from appointments_app.db.queries.pickers import Choice
from appointments_app.db.queries.work_orders import Linked
from appointments_app.domain.access import Permission
from appointments_app.domain.booking import PRESETS, USUAL
from appointments_app.domain.text import fold
from appointments_app.features.appointments import service
from appointments_app.features.session.gate import perform, requires


class FormChoices(rx.State, mixin=True):
    """The drop-downs of the form, and the duration that an action brings; ``BookingForm`` is made of it."""

    appointment_id: int = 0
    client: str = ""
    client_name: str = ""
    client_options: list[Choice] = []
    action: str = ""
    action_name: str = ""
    action_options: list[Choice] = []
    staff: list[Choice] = []
    staff_options: list[Choice] = []
    duration: str = str(USUAL)
    is_other_duration: bool = False
    linked: Linked = Linked()
    _duration_chosen: bool = False
    _actions: list[Choice] = []
    _minutes: dict[str, int] = {}

    @rx.event(supersedes=True)
    @requires(Permission.VIEW)
    async def find_clients(self, text: str):
        """Offer the clients that match what is typed."""
        self.client_options = await perform(service.find_clients, search=text)

    @rx.event
    @requires(Permission.VIEW)
    async def pick_client(self, client_id: str):
        """Take a client from the list; '' takes the choice back."""
        chosen = _among(self.client_options, client_id)
        if chosen is None and client_id:
            return
        await self._take_client(chosen)

    @rx.event(supersedes=True)
    @requires(Permission.VIEW)
    async def find_actions(self, text: str):
        """Offer the actions whose name contains what is typed."""
        self.action_options = [choice for choice in self._actions if fold(str(text)) in fold(choice.name)]

    @rx.event
    @requires(Permission.VIEW)
    async def pick_action(self, action_id: str):
        """Take an action; its default duration too, unless a duration was chosen already."""
        chosen = _among(self._actions, action_id)
        if chosen is None and action_id:
            return
        await self._take_action(chosen)

    @rx.event(supersedes=True)
    @requires(Permission.VIEW)
    async def find_staff(self, text: str):
        """Offer the staff whose name contains what is typed."""
        self.staff_options = await perform(service.find_staff, search=text)

    @rx.event
    @requires(Permission.VIEW)
    async def add_staff(self, staff_id: str):
        """Assign somebody."""
        chosen = _among(self.staff_options, staff_id)
        if chosen and not _among(self.staff, staff_id):
            self.staff = [*self.staff, chosen]
            await self._changed("staff")
            await self._look_ahead()

    @rx.event
    @requires(Permission.VIEW)
    async def remove_staff(self, staff_id: str):
        """Take somebody off."""
        self.staff = [one for one in self.staff if one.id != staff_id]
        await self._changed("staff")
        await self._look_ahead()

    @rx.event
    @requires(Permission.VIEW)
    async def detach(self):
        """Make it an independent appointment."""
        self.linked = Linked()
        await self._changed("work_order")

    async def _read_actions(self) -> None:
        self._actions, self._minutes = await perform(service.actions_on_offer)
        self.action_options = self._actions

    async def _take_client(self, chosen: Choice | None) -> None:
        self.client, self.client_name = (chosen.id, chosen.name) if chosen else ("", "")
        await self._changed("client")

    async def _take_action(self, chosen: Choice | None) -> None:
        self.action, self.action_name = (chosen.id, chosen.name) if chosen else ("", "")
        minutes = self._minutes.get(self.action, 0)
        if minutes and not self._duration_chosen and not self.appointment_id:
            self.duration, self.is_other_duration = str(minutes), minutes not in PRESETS
        await self._changed("action")
        await self._look_ahead()

    async def _changed(self, field: str) -> None:
        raise NotImplementedError

    async def _look_ahead(self) -> None:
        raise NotImplementedError


def _among(choices: list[Choice], choice_id: str) -> Choice | None:
    return next((choice for choice in choices if choice.id == choice_id), None)
