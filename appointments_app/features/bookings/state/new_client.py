"""The small form of a new client, over the wizard of a booking."""

import reflex as rx

from appointments_app.db.queries.pickers import Choice
from appointments_app.features.appointments.state.new_client import NewClientDialog
from appointments_app.features.bookings.state.wizard import Wizard


class NewBookedClient(NewClientDialog, rx.State):
    """Over the wizard: a new client is a choice like any other."""

    async def _take(self, chosen: Choice):
        return rx.redirect((await self.get_state(Wizard))._to(client=chosen.id, step=""))
