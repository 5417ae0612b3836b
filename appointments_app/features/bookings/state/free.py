"""The first free starts of everybody who performs a service. The address says which service."""

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.pickers import Choice
from appointments_app.domain.access import Permission
from appointments_app.domain.listing import address
from appointments_app.features.bookings import service
from appointments_app.features.bookings.service import FirstFree
from appointments_app.features.session.gate import perform, requires


class FreeStarts(rx.State):
    """Who is free when, in the next thirty days."""

    ready: bool = False
    services: rx.Field[list[Choice]] = rx.field(default_factory=list)
    service: str = ""
    people: rx.Field[list[FirstFree]] = rx.field(default_factory=list)

    @rx.event
    @requires(Permission.ADD)
    async def load(self):
        """Show the service that the address names, else the first one."""
        wanted = self.router.url.query_parameters.get("service", "")
        view = await perform(service.first_free, service_id=wanted)
        self.services, self.service, self.people, self.ready = view.services, view.service, view.people, True

    @rx.event(supersedes=True)
    @requires(Permission.ADD)
    async def refresh(self, changed: list[str]):
        """Somebody changed something: show what is free now."""
        return FreeStarts.load if self.ready else None

    @rx.event
    @requires(Permission.ADD)
    async def choose(self, service_id: str):
        """Show another service."""
        return rx.redirect(address(routes.FREE_STARTS, {"service": str(service_id)[:20]}))

    @rx.event
    @requires(Permission.ADD)
    async def take(self, staff_id: int, start_at: str):
        """Go on to the wizard with this start."""
        chosen = {"service": self.service, "staff": str(staff_id)[:20], "start": str(start_at)[:40]}
        return rx.redirect(address(routes.NEW_BOOKING, chosen))
