"""The small form of a new client, over the half-filled form of a work order."""

import reflex as rx

from appointments_app.db.queries.pickers import Choice
from appointments_app.features.appointments.state.new_client import NewClientDialog
from appointments_app.features.work_orders.state.form import OrderForm


class NewOrderClient(NewClientDialog, rx.State):
    """Over the form of a work order."""

    async def _take(self, chosen: Choice):
        await (await self.get_state(OrderForm))._take_client(chosen)
