"""The list of messages, on its own page and in a client's file. The address holds tab, filters and place."""

from datetime import UTC, datetime, timedelta
from functools import partial

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.messages import MessageRow
from appointments_app.domain.access import Permission
from appointments_app.domain.listing import Place, address
from appointments_app.domain.outbox import MessageFilter, Shelf
from appointments_app.domain.times import iso
from appointments_app.features.messages import service
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr

NOBODY = MessageRow(0, "", "", "", "", "", False, 0, "", "", "", "", 0, 0, "", "", "", False, False)
LOOK_AGAIN = timedelta(seconds=15)
FILTERS = ("channel", "recipient", "rule", "since", "until")


class MessageList(rx.State):
    """What the list shows, and the message that is open."""

    ready: bool = False
    rows: rx.Field[list[MessageRow]] = rx.field(default_factory=list)
    channels: rx.Field[list[str]] = rx.field(default_factory=list)
    tab: str = Shelf.ALL.value
    channel: str = ""
    recipient: str = ""
    narrowed: bool = False
    counts: dict[str, int] = {shelf.value: 0 for shelf in Shelf}
    counted: bool = False
    tab_links: dict[str, str] = {shelf.value: "" for shelf in Shelf}
    previous_link: str = ""
    next_link: str = ""
    clear_link: str = routes.MESSAGES
    next_look: str = ""
    opened: rx.Field[MessageRow] = rx.field(default_factory=lambda: NOBODY)
    is_open: bool = False

    @rx.event
    @requires(Permission.VIEW)
    async def load(self):
        """Show what the address asks for."""
        wanted, place = self._asked()
        found = await perform(service.list_messages, wanted=wanted, place=place)
        self.rows, self.channels = found.page.rows, found.channels
        if (self.channel, self.recipient) != (wanted.channel, wanted.recipient):
            self.counted = False
        self.tab, self.channel, self.recipient = wanted.shelf.value, wanted.channel, wanted.recipient
        self.narrowed = wanted.narrowed
        self._link(found.page.previous, found.page.next)
        self.next_look, self.ready = iso(datetime.now(UTC) + LOOK_AGAIN), True
        return MessageList.count

    @rx.event(supersedes=True)
    @requires(Permission.VIEW)
    async def refresh(self, changed: list[str]):
        """Time has passed, or somebody changed something: show the page as it is now."""
        return MessageList.load if self.ready else None

    @rx.event(background=True, supersedes=True)
    @requires(Permission.VIEW)
    async def count(self):
        """Show how many each tab has, off the page's path."""
        async with self:
            wanted, _ = self._asked()
        counts = await perform(service.count_messages, wanted=wanted)
        async with self:
            if self._asked()[0] == wanted:
                self.counts, self.counted = counts, True

    @rx.event
    @requires(Permission.VIEW)
    async def narrow(self, name: str, value: str):
        """Filter by channel or recipient; '' shows all."""
        if name not in FILTERS:
            return None
        query = {**self.router.url.query_parameters, name: str(value)[:20]}
        return rx.redirect(address(self._path(), {key: given for key, given in _kept(query).items() if given}))

    @rx.event
    @requires(Permission.VIEW)
    async def show(self, message_id: int):
        """Open one message."""
        self.opened, self.is_open = await perform(service.open_message, message_id=message_id), True

    @rx.event
    @requires(Permission.VIEW)
    async def close(self, is_open: bool):
        """Close it."""
        self.is_open = bool(is_open)

    @rx.event
    @requires(Permission.SMS)
    async def act(self, message_id: int, verb: str):
        """Do what the three-dots menu of a message says: ``again`` or ``cancel``."""
        if verb == "again":
            await perform(service.send_again, message_id=message_id)
            await say(self, tr("The message is sent once more."))
        elif verb == "cancel":
            await perform(service.take_back, message_id=message_id)
            await say(self, tr("The message will not be sent."))
        return MessageList.load

    def _path(self) -> str:
        return routes.path_of(self.router.url.path)

    def _asked(self) -> tuple[MessageFilter, Place]:
        query = dict(self.router.url.query_parameters)
        if client := routes.id_in(self._path(), routes.CLIENTS):
            query["client"] = client
        return MessageFilter.from_query(query), Place.from_query(query)

    def _link(self, previous: str, following: str) -> None:
        stay = _kept(dict(self.router.url.query_parameters))
        to = partial(address, self._path())
        no_tab = {name: value for name, value in stay.items() if name != "tab"}
        self.tab_links = {
            shelf.value: to(no_tab, {} if shelf is Shelf.ALL else {"tab": shelf.value}) for shelf in Shelf
        }
        self.previous_link = to(stay, {"before": previous}) if previous else ""
        self.next_link = to(stay, {"after": following}) if following else ""
        self.clear_link = to({name: value for name, value in stay.items() if name not in FILTERS})


def _kept(query: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if name not in {"after", "before"}}
