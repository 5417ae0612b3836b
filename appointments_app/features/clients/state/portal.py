"""How it stands with one client's portal."""

import reflex as rx

from appointments_app import routes
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import NotFound
from appointments_app.features.clients import service
from appointments_app.features.clients.service import PortalFacts
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr


class ClientPortal(rx.State):
    """The portal of the client whose file is open."""

    facts: PortalFacts = PortalFacts()
    look_on_at: str = ""

    @rx.event
    @requires(Permission.CLIENTS)
    async def load(self):
        """Show how it stands."""
        client_id = self._client()
        try:
            self.facts = await perform(service.portal_facts, client_id=client_id)
        except NotFound:
            return
        self.look_on_at = f"{routes.PORTAL_AS}/{client_id}"

    @rx.event
    @requires(Permission.CLIENTS)
    async def suspend(self, suspended: bool):
        """Keep the client out of the portal, or let them in again."""
        await perform(service.set_suspended, client_id=self._client(), suspended=suspended)
        done = tr("The client may not use the portal any more.") if suspended else tr("The client may use the portal.")
        await say(self, done)
        return ClientPortal.load

    def _client(self) -> str:
        return routes.id_in(routes.path_of(self.router.url.path), routes.CLIENTS)
