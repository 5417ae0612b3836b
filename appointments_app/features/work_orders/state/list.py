"""The list of work orders. The address holds tab, filters, order and place; handlers change it, ``load`` reads it.

The same list stands on its own page and in a client's file.
"""

from functools import partial

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.queries.work_orders import OrderRow
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Invalid
from appointments_app.domain.listing import Place, Sort, address
from appointments_app.domain.work_order import OrderFilter, OrderTab
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.listed import Listed
from appointments_app.features.work_orders import service

SORTS = (Sort.START, Sort.CREATED)
_FILTERS = ("q", "staff", "tag", "since", "until")


class OrderList(Listed, rx.State):
    """What the list shows."""

    rows: rx.Field[list[OrderRow]] = rx.field(default_factory=list)
    tab: str = OrderTab.OPEN.value
    filters: dict[str, str] = dict.fromkeys(_FILTERS, "")
    filters_set: int = 0
    narrowed: bool = False
    of_client: bool = False
    sort: str = Sort.CREATED.value
    descending: bool = True
    staff_choices: rx.Field[list[Choice]] = rx.field(default_factory=list)
    tags: rx.Field[list[str]] = rx.field(default_factory=list)
    counts: dict[str, int] = {tab.value: 0 for tab in OrderTab}
    tab_links: dict[str, str] = {tab.value: "" for tab in OrderTab}
    sort_links: dict[str, str] = {sort.value: "" for sort in SORTS}
    clear_link: str = routes.WORK_ORDERS
    new_link: str = routes.NEW_WORK_ORDER
    search_box: int = 0
    _typed: str = ""
    _counted_for: OrderFilter = OrderFilter()

    @rx.event
    @requires(Permission.VIEW)
    async def load(self):
        """Show what the address asks for."""
        wanted, place = self._asked()
        view = await perform(service.list_view, wanted=wanted, place=place)
        self.rows = view.page.rows
        if self.staff_choices != view.staff_choices:  # what is set is sent: these hardly ever change
            self.staff_choices = view.staff_choices
        if self.tags != view.tags:
            self.tags = view.tags
        self._note(wanted)
        by_start = place.descending is not None and place.sort is Sort.START
        self.sort = (Sort.START if by_start else Sort.CREATED).value
        self.size, self.descending = place.size, place.descending is not False
        if wanted.search != self._typed:
            self._typed, self.search_box = wanted.search, self.search_box + 1
        self._link(wanted, view.page.previous, view.page.next)
        self.ready = True
        return OrderList.count

    @rx.event(supersedes=True)
    @requires(Permission.VIEW)
    async def refresh(self, changed: list[str]):
        """Somebody changed something: show the page as it is now."""
        return OrderList.load if self.ready else None

    @rx.event(background=True, supersedes=True)
    @requires(Permission.VIEW)
    async def count(self):
        """Show how many there are, off the page's path: each tab up to "1000+", then the open one exactly."""
        await self._count(service.capped_counts, service.exact_count)

    @rx.event(supersedes=True)
    @requires(Permission.VIEW)
    async def search(self, text: str):
        """Search as the person types."""
        self._typed = OrderFilter.from_query({"q": str(text)}).search
        return self._go({"q": self._typed}, replace=True)

    @rx.event
    @requires(Permission.VIEW)
    async def narrow(self, name: str, value: str):
        """Set one filter; '' takes it away."""
        if name not in _FILTERS:
            raise Invalid()
        return self._go({name: str(value)})

    @rx.event
    @requires(Permission.VIEW)
    async def resize(self, size: str):
        """Show so many rows on a page."""
        return self._go({"size": str(size)})

    def _asked(self) -> tuple[OrderFilter, Place]:
        """Return what the address asks for; in a client's file always that client."""
        query = dict(self.router.url.query_parameters)
        client = routes.id_in(self.router.url.path, routes.CLIENTS)
        wanted = OrderFilter.from_query({**query, "client": client} if client else query)
        return wanted, Place.from_query(query)

    def _wanted(self) -> OrderFilter:
        return self._asked()[0]

    def _note(self, wanted: OrderFilter) -> None:
        """Note tab and filters. Numbers stay until there are newer ones, unless they were of other filters."""
        same_filters = {**wanted.to_query(), "tab": ""} == {**self._counted_for.to_query(), "tab": ""}
        same_tab = wanted.tab.value == self.tab
        self._counted_for = wanted
        self.tab, self.narrowed = wanted.tab.value, wanted.narrowed
        self.filters = {name: wanted.to_query().get(name, "") for name in _FILTERS}
        self.filters_set = sum(bool(self.filters[name]) for name in _FILTERS if name != "q")
        self._keep_counts(same_filters=same_filters, same_tab=same_tab)

    def _link(self, wanted: OrderFilter, previous: str, following: str) -> None:
        """Work out the addresses that tabs, columns' heads and pages lead to."""
        path = routes.path_of(self.router.url.path)
        self.of_client = bool(routes.id_in(path, routes.CLIENTS))
        to, stay, no_tab = partial(address, path), self._stay(), self._stay("tab")
        self.tab_links = {tab.value: to(no_tab, {} if tab is OrderTab.OPEN else {"tab": tab.value}) for tab in OrderTab}
        turned = {sort.value: sort.value == self.sort and not self.descending for sort in SORTS}
        self.sort_links = {sort: to({**stay, "sort": f"{'-' if turned[sort] else ''}{sort}"}) for sort in turned}
        self._link_pages(previous, following)
        self.clear_link = to({name: value for name, value in stay.items() if name in {"tab", "size", "sort", "show"}})
        self.new_link = routes.new_work_order(wanted.client)
