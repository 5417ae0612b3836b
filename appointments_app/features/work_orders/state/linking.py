"""The dialog in which appointments that exist already are given to a work order."""

import reflex as rx

from appointments_app.db.queries.order_links import Loose
from appointments_app.domain.access import Permission
from appointments_app.features.appointments.state.list import AppointmentList
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, trn
from appointments_app.features.work_orders import service
from appointments_app.features.work_orders.state.record import OrderRecord


class OrderLinks(rx.State):
    """What is on offer while the dialog is open."""

    is_open: bool = False
    order_id: int = 0
    number: str = ""
    choices: rx.Field[list[Loose]] = rx.field(default_factory=list)

    @rx.event
    @requires(Permission.EDIT)
    async def ask(self):
        """Offer the appointments of the client that belong to nothing."""
        record = await self.get_state(OrderRecord)
        self.choices = await perform(service.to_link, order_id=record.row.id)
        self.order_id, self.number, self.is_open = record.row.id, record.row.number, True

    @rx.event
    @requires(Permission.VIEW)
    async def show(self, is_open: bool):
        """Close the dialog."""
        self.is_open = bool(is_open)

    @rx.event
    @requires(Permission.EDIT)
    async def link(self, values: dict):
        """Give the ticked ones to the work order."""
        ticked = [name.removeprefix("one-") for name in values] if isinstance(values, dict) else []
        result = await perform(service.link, order_id=self.order_id, ids=ticked)
        self.is_open = False
        text = trn("{n} appointment was linked.", "{n} appointments were linked.", result.changed)
        if result.left:
            text += " " + trn("{n} was left as it is.", "{n} were left as they are.", result.left)
        await say(self, text, undo=result.change_id)
        return [OrderRecord.load, AppointmentList.load]
