"""One work order's page: what was agreed, where it stands, what happened. Its appointments are a list of their own."""

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.history import ChangeRow
from appointments_app.db.queries.work_orders import OrderRow
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import NotFound
from appointments_app.domain.work_order import OrderStatus
from appointments_app.features.appointments.state.list import AppointmentList
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.work_orders import service

NOBODY = OrderRow(0, "", "", 0, "", OrderStatus.OPEN.value, "", "", False, "", "", "")


class OrderRecord(rx.State):
    """What the page shows."""

    ready: bool = False
    missing: bool = False
    row: OrderRow = NOBODY
    description: str = ""
    changes_made: rx.Field[list[ChangeRow]] = rx.field(default_factory=list)
    schedule_link: str = ""
    edit_link: str = ""

    @rx.event
    @requires(Permission.VIEW)
    async def load(self):
        """Show the work order that the address names."""
        if str(self.row.id) != self._wanted():
            self.reset()
        await self._show()

    @rx.event(supersedes=True)
    @requires(Permission.VIEW)
    async def refresh(self, changed: list[str]):
        """Somebody changed something: show it as it is now."""
        if self.ready and str(self.row.id) == self._wanted():
            await self._show()

    @rx.event
    @requires(Permission.VIEW)
    async def list_appointments(self):
        """Have its appointments shown, if there is such a work order."""
        return None if self.missing else AppointmentList.load

    def _wanted(self) -> str:
        return routes.id_in(routes.path_of(self.router.url.path), routes.WORK_ORDERS)

    async def _show(self) -> None:
        try:
            found = await perform(service.record_of, order_id=self._wanted())
        except NotFound:
            self.reset()
            self.missing, self.ready = True, True
            return
        self.row, self.description, self.changes_made = found.row, found.description, found.changes
        self.schedule_link = routes.new_appointment(work_order=found.row.id)
        self.edit_link = routes.edit_work_order(found.row.id)
        self.missing, self.ready = False, True
