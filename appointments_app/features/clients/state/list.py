"""The list of clients. The address holds tab, search, tag, order and place; handlers change it, ``load`` reads it."""

from functools import partial

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.clients import ClientRow
from appointments_app.domain.access import Permission
from appointments_app.domain.client import ClientFilter, ClientTab
from appointments_app.domain.errors import Invalid
from appointments_app.domain.listing import Place, Sort, address
from appointments_app.features.clients import service
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.listed import Listed
from appointments_app.features.session.state import say, tr

SORTS = (Sort.CLIENT, Sort.CREATED)


class ClientList(Listed, rx.State):
    """What the list shows."""

    rows: rx.Field[list[ClientRow]] = rx.field(default_factory=list)
    tab: str = ClientTab.ACTIVE.value
    typed: str = ""
    tag: str = ""
    tags: rx.Field[list[str]] = rx.field(default_factory=list)
    narrowed: bool = False
    sort: str = Sort.CLIENT.value
    descending: bool = False
    counts: dict[str, int] = {tab.value: 0 for tab in ClientTab}
    tab_links: dict[str, str] = {tab.value: "" for tab in ClientTab}
    sort_links: dict[str, str] = {sort.value: "" for sort in SORTS}
    clear_link: str = routes.CLIENTS
    search_box: int = 0
    _counted_for: tuple[str, str] = ("", "")

    @rx.event
    @requires(Permission.CLIENTS)
    async def load(self):
        """Show what the address asks for."""
        wanted, place = self._asked()
        view = await perform(service.list_view, wanted=wanted, place=place)
        self.rows = view.page.rows
        if self.tags != view.tags:  # what is set is sent: these hardly ever change
            self.tags = view.tags
        self._note(wanted)
        self.size, self.descending = place.size, bool(place.descending)
        self.sort = (place.sort if place.sort in SORTS else Sort.CLIENT).value
        if wanted.search != self.typed:
            self.typed, self.search_box = wanted.search, self.search_box + 1
        self._link(view.page.previous, view.page.next)
        self.ready = True
        return ClientList.count

    @rx.event(supersedes=True)
    @requires(Permission.CLIENTS)
    async def refresh(self, changed: list[str]):
        """Somebody changed something: show the page as it is now."""
        return ClientList.load if self.ready else None

    @rx.event(background=True, supersedes=True)
    @requires(Permission.CLIENTS)
    async def count(self):
        """Show how many there are, off the page's path: each tab up to "1000+", then the open one exactly."""
        await self._count(service.capped_counts, service.exact_count)

    @rx.event(supersedes=True)
    @requires(Permission.CLIENTS)
    async def search(self, text: str):
        """Search as the person types."""
        self.typed = ClientFilter.from_query({"q": str(text)}).search
        return self._go({"q": self.typed}, replace=True)

    @rx.event
    @requires(Permission.CLIENTS)
    async def narrow(self, tag: str):
        """Show clients with one tag; '' shows all."""
        return self._go({"tag": str(tag)})

    @rx.event
    @requires(Permission.CLIENTS)
    async def resize(self, size: str):
        """Show so many rows on a page."""
        return self._go({"size": str(size)})

    @rx.event
    @requires(Permission.CLIENTS)
    async def put(self, client_id: int, verb: str):
        """Do what the three-dots menu of one row says: ``archive`` or ``restore``."""
        await put(self, client_id, verb)
        return ClientList.load

    def _asked(self) -> tuple[ClientFilter, Place]:
        query = dict(self.router.url.query_parameters)
        return ClientFilter.from_query(query), Place.from_query(query)

    def _wanted(self) -> ClientFilter:
        return self._asked()[0]

    def _note(self, wanted: ClientFilter) -> None:
        """Note tab and filters. Numbers stay until there are newer ones, unless they were of other filters."""
        same_filters = (wanted.search, wanted.tag) == self._counted_for
        same_tab = wanted.tab.value == self.tab
        self._counted_for = wanted.search, wanted.tag
        self.tab, self.tag, self.narrowed = wanted.tab.value, wanted.tag, wanted.narrowed
        self._keep_counts(same_filters=same_filters, same_tab=same_tab)

    def _link(self, previous: str, following: str) -> None:
        """Work out the addresses that tabs, columns' heads and pages lead to."""
        to, stay, no_tab = partial(address, routes.CLIENTS), self._stay(), self._stay("tab")
        self.tab_links = {
            tab.value: to(no_tab, {} if tab is ClientTab.ACTIVE else {"tab": tab.value}) for tab in ClientTab
        }
        turned = {sort.value: sort.value == self.sort and not self.descending for sort in SORTS}
        self.sort_links = {sort: to({**stay, "sort": f"{'-' if turned[sort] else ''}{sort}"}) for sort in turned}
        self._link_pages(previous, following)
        self.clear_link = to({name: value for name, value in stay.items() if name in {"tab", "size", "sort"}})


_PUT = {"archive": service.archive, "restore": service.restore}


async def put(state: rx.State, client_id: object, verb: str) -> None:
    """Archive or restore a client, and say so, with Undo."""
    if str(verb) not in _PUT:
        raise Invalid()
    change_id = await perform(_PUT[verb], client_id=client_id)
    text = tr("The client was archived.") if verb == "archive" else tr("The client was restored.")
    await say(state, text, undo=change_id)
