"""The list of clients. The address holds tab, search, tag, order and place; handlers change it, ``load`` reads it."""

from functools import partial

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.clients import ClientRow
from appointments_app.domain.access import Permission
from appointments_app.domain.client import ClientFilter, ClientTab
from appointments_app.domain.errors import Invalid
from appointments_app.domain.listing import COUNT_CAP, Place, Sort, address
from appointments_app.features.clients import service
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr

SORTS = (Sort.CLIENT, Sort.CREATED)


class ClientList(rx.State):
    """What the list shows."""

    ready: bool = False
    rows: rx.Field[list[ClientRow]] = rx.field(default_factory=list)
    tab: str = ClientTab.ACTIVE.value
    typed: str = ""
    tag: str = ""
    tags: rx.Field[list[str]] = rx.field(default_factory=list)
    narrowed: bool = False
    sort: str = Sort.CLIENT.value
    descending: bool = False
    size: int = 50
    counts: dict[str, int] = {tab.value: 0 for tab in ClientTab}
    counted: bool = False
    total: int = 0
    total_is_exact: bool = False
    tab_links: dict[str, str] = {tab.value: "" for tab in ClientTab}
    sort_links: dict[str, str] = {sort.value: "" for sort in SORTS}
    previous_link: str = ""
    next_link: str = ""
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
        async with self:
            wanted, _ = self._asked()
        counts = await perform(service.capped_counts, wanted=wanted)
        async with self:
            if self._asked()[0] != wanted:
                return
            self.counts, self.counted = counts, True
            if counts[wanted.tab] <= COUNT_CAP or not self.total_is_exact:
                self._total_from_counts()
            if counts[wanted.tab] <= COUNT_CAP:
                return
        total = await perform(service.exact_count, wanted=wanted)
        async with self:
            if self._asked()[0] == wanted:
                self.total, self.total_is_exact = total, True

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

    def _note(self, wanted: ClientFilter) -> None:
        """Note tab and filters. Numbers stay until there are newer ones, unless they were of other filters."""
        same_filters = (wanted.search, wanted.tag) == self._counted_for
        same_tab = wanted.tab.value == self.tab
        self._counted_for = wanted.search, wanted.tag
        self.tab, self.tag, self.narrowed = wanted.tab.value, wanted.tag, wanted.narrowed
        self.counted = self.counted and same_filters
        if not (same_filters and same_tab):
            self._total_from_counts()

    def _total_from_counts(self) -> None:
        self.total = self.counts[self.tab]
        self.total_is_exact = self.counted and self.total <= COUNT_CAP

    def _go(self, changes: dict[str, str], *, replace: bool = False):
        """Go to this page with some parameters changed, from its first page on."""
        query = {**self.router.url.query_parameters, **changes}
        kept = {name: value for name, value in query.items() if value and name not in {"after", "before"}}
        return rx.redirect(address(routes.CLIENTS, kept), replace=replace)

    def _link(self, previous: str, following: str) -> None:
        """Work out the addresses that tabs, columns' heads and pages lead to."""
        stay = {
            name: value for name, value in self.router.url.query_parameters.items() if name not in {"after", "before"}
        }
        to = partial(address, routes.CLIENTS)
        no_tab = {name: value for name, value in stay.items() if name != "tab"}
        self.tab_links = {
            tab.value: to(no_tab, {} if tab is ClientTab.ACTIVE else {"tab": tab.value}) for tab in ClientTab
        }
        turned = {sort.value: sort.value == self.sort and not self.descending for sort in SORTS}
        self.sort_links = {sort: to({**stay, "sort": f"{'-' if turned[sort] else ''}{sort}"}) for sort in turned}
        self.previous_link = to(stay, {"before": previous}) if previous else ""
        self.next_link = to(stay, {"after": following}) if following else ""
        self.clear_link = to({name: value for name, value in stay.items() if name in {"tab", "size", "sort"}})


_PUT = {"archive": service.archive, "restore": service.restore}


async def put(state: rx.State, client_id: object, verb: str) -> None:
    """Archive or restore a client, and say so, with Undo."""
    if str(verb) not in _PUT:
        raise Invalid()
    change_id = await perform(_PUT[verb], client_id=client_id)
    text = tr("The client was archived.") if verb == "archive" else tr("The client was restored.")
    await say(state, text, undo=change_id)
