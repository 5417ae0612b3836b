"""By which channels the client of the open file wants messages."""

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.opt_outs import OptOutRow
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import NotFound
from appointments_app.domain.listing import is_id
from appointments_app.features.consent import service
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr


class Wishes(rx.State):
    """The card in a client's file: which channels are switched off, since when and how."""

    ready: bool = False
    rows: dict[str, OptOutRow] = {}

    @rx.event
    @requires(Permission.CLIENTS)
    async def load(self):
        """Show them; of a client that is not there, nothing."""
        client = self._client()
        try:
            rows = await perform(service.opt_outs_of, client_id=client)
        except NotFound:
            self.ready = False
            return
        self.rows, self.ready = {row.channel: row for row in rows}, True

    @rx.event
    @requires(Permission.CLIENTS)
    async def wish(self, channel: str, wants: bool):
        """Note whether the client wants messages by a channel."""
        await perform(service.set_wish, client_id=self._client(), channel=channel, wants=wants)
        await say(self, tr("Messages are sent again.") if wants else tr("No such messages are sent any more."))
        return Wishes.load

    def _client(self) -> int:
        number = routes.id_in(routes.path_of(self.router.url.path), routes.CLIENTS)
        return int(number) if is_id(number) else 0
