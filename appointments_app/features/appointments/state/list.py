"""The list of appointments: which rows are on screen, which are ticked, what happens to them.

The address holds tab, filters, order and place; handlers only change the address, ``load`` reads it.
The same list stands on the complete list's page and in a client's file.
"""

from datetime import date

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.appointments import AppointmentRow
from appointments_app.db.queries.pickers import Choice
from appointments_app.domain.access import Permission
from appointments_app.domain.appointment import Tab
from appointments_app.domain.errors import Invalid
from appointments_app.domain.listing import (
    AppointmentFilter,
    Period,
    Place,
    Selection,
    Sort,
    address,
    record_id,
)
from appointments_app.domain.words import NN_
from appointments_app.features.appointments import service
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.listed import Listed
from appointments_app.features.session.state import say, trn

COLUMNS = ("client", "action", "staff", "status", "shared", "notes", "created")
SHOWN_AT_FIRST = ("client", "action", "staff", "status", "shared")
_FILTERS = ("q", "staff", "action", "client", "since", "until", "kind", "shared", "confirmed", "asked")


class AppointmentList(Listed, rx.State):
    """What the list shows."""

    rows: rx.Field[list[AppointmentRow]] = rx.field(default_factory=list)
    tab: str = Tab.ALL.value
    filters: dict[str, str] = {}
    narrowed: bool = False
    filters_set: int = 0
    period: str = ""
    sort: str = Sort.START.value
    descending: bool = False
    tomorrow: str = ""
    columns: rx.Field[list[str]] = rx.field(default_factory=lambda: list(SHOWN_AT_FIRST))
    counts: dict[str, int] = {tab.value: 0 for tab in Tab}
    tab_links: dict[str, str] = {tab.value: "" for tab in Tab}
    sort_links: dict[str, str] = {sort.value: "" for sort in Sort}
    clear_link: str = ""
    new_link: str = routes.NEW_APPOINTMENT
    export_query: str = ""
    action_choices: list[Choice] = []
    staff_choices: list[Choice] = []
    selected: rx.Field[list[int]] = rx.field(default_factory=list)
    all_matching: bool = False
    whole_until: str = ""
    search_box: int = 0
    _typed: str = ""
    _path: str = ""
    _address: str = ""
    _today: date = date.min

    @rx.event
    @requires(Permission.VIEW)
    async def load(self):
        """Show what the address asks for; on a page without a list, nothing."""
        path = routes.path_of(self.router.url.path)
        of_record = routes.id_in(path, routes.CLIENTS) or routes.id_in(path, routes.WORK_ORDERS)
        if path not in {routes.HOME, routes.APPOINTMENTS} and not of_record:
            return None
        wanted, place, columns = self._asked()
        view = await perform(service.list_view, wanted=wanted, place=place)
        self.rows, self.descending, self.whole_until = view.page.rows, view.descending, view.whole_until
        if self.action_choices != view.action_choices:  # what is set is sent: these hardly ever change
            self.action_choices = view.action_choices
        if self.staff_choices != view.staff_choices:
            self.staff_choices = view.staff_choices
        self._today, self.tomorrow = view.today, view.tomorrow
        self._note(wanted)
        self.size, self.columns, self.sort = place.size, columns, "" if view.nearest_first else place.sort.value
        self._link(wanted, place, view.page.previous, view.page.next)
        if wanted.search != self._typed:
            self._typed, self.search_box = wanted.search, self.search_box + 1
        kept = {row.id for row in view.page.rows} if self._path == self.router.url.path else set()
        self.selected = [row_id for row_id in self.selected if row_id in kept]
        self._path = self.router.url.path
        self._address = address(routes.path_of(self._path), dict(self.router.url.query_parameters))
        self.ready = True
        return AppointmentList.count

    @rx.event(supersedes=True)
    @requires(Permission.VIEW)
    async def refresh(self, changed: list[str]):
        """Somebody changed something: show the page as it is now."""
        return AppointmentList.load if self.ready else None

    @rx.event(background=True, supersedes=True)
    @requires(Permission.VIEW)
    async def count(self):
        """Show how many there are, off the page's path: each tab up to "1000+", then the open one exactly."""
        await self._count(service.capped_counts, service.exact_count)

    @rx.event(supersedes=True)
    @requires(Permission.VIEW)
    async def search(self, text: str):
        """Search as the person types."""
        self._typed = AppointmentFilter.from_query({"q": str(text)}).search
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
    async def choose_period(self, period: str):
        """Show the days of a period; the same one again shows all days."""
        if not isinstance(period, str) or period not in Period._value2member_map_:
            raise Invalid()
        since, until = ("", "") if period == self.period else _days(period, self._today)
        return self._go({"since": since, "until": until})

    @rx.event
    @requires(Permission.VIEW)
    async def resize(self, size: str):
        """Show so many rows on a page."""
        return self._go({"size": str(size)})

    @rx.event
    @requires(Permission.VIEW)
    async def show_column(self, column: str, is_shown: bool):
        """Show or hide a column."""
        shown = [name for name in COLUMNS if (name in self.columns and name != column) or (name == column and is_shown)]
        return self._go({"columns": "" if tuple(shown) == SHOWN_AT_FIRST else ",".join(shown) or "none"}, replace=True)

    @rx.event
    @requires(Permission.VIEW)
    async def tick(self, row_id: int, is_ticked: bool):
        """Tick or untick one row."""
        self.all_matching = False
        others = [each for each in self.selected if each != row_id]
        on_page = any(row.id == row_id for row in self.rows)
        self.selected = [*others, row_id] if is_ticked and on_page else others

    @rx.event
    @requires(Permission.VIEW)
    async def tick_page(self, is_ticked: bool):
        """Tick or untick every row of the page."""
        self.all_matching = False
        self.selected = [row.id for row in self.rows] if is_ticked else []

    @rx.event
    @requires(Permission.VIEW)
    async def tick_all_matching(self):
        """Select everything that matches, on every page."""
        wanted, _, _ = self._asked()
        self.total, self.total_is_exact = await perform(service.exact_count, wanted=wanted), True
        self.all_matching = True

    @rx.event
    @requires(Permission.VIEW)
    async def mark(self, row_id: int, verb: str):
        """Do what the three-dots menu of one row says: a status, or ``delete``."""
        use_case, values = service.bulk_action(str(verb))
        result = await perform(use_case, selection=Selection(ids=(record_id(row_id),)), **values)
        await tell(self, str(verb), result)
        return AppointmentList.load

    def _asked(self) -> tuple[AppointmentFilter, Place, list[str]]:
        """Return what the address asks for; in a client's file, and on a work order's page, always theirs."""
        query, path = dict(self.router.url.query_parameters), self.router.url.path
        client, order = routes.id_in(path, routes.CLIENTS), routes.id_in(path, routes.WORK_ORDERS)
        own = {name: value for name, value in (("client", client), ("work_order", order)) if value}
        wanted = AppointmentFilter.from_query({**query, **own})
        asked = query.get("columns", "")
        at_first = [name for name in SHOWN_AT_FIRST if not (own and name == "client")]
        columns = [name for name in COLUMNS if name in asked.split(",")] if asked else at_first
        return wanted, Place.from_query(query), columns

    def _wanted(self) -> AppointmentFilter:
        return self._asked()[0]

    def _note(self, wanted: AppointmentFilter) -> None:
        """Note tab and filters. Numbers stay until there are newer ones, unless they were of other filters."""
        filters = {name: wanted.to_query().get(name, "") for name in _FILTERS}
        same_filters, same_tab = filters == self.filters, wanted.tab.value == self.tab
        self.tab, self.filters, self.narrowed = wanted.tab.value, filters, wanted.narrowed
        days = (filters["since"], filters["until"])
        self.period = next((period.value for period in Period if _days(period, self._today) == days), "")
        others = [name for name in _FILTERS if filters[name] and name not in {"q", "client", "since", "until"}]
        self.filters_set = len(others) + any(days)
        self.all_matching = self.all_matching and same_filters and same_tab
        self._keep_counts(same_filters=same_filters, same_tab=same_tab)

    def _selection(self) -> Selection:
        return Selection(matching=self._asked()[0]) if self.all_matching else Selection(ids=tuple(self.selected))

    def _link(self, wanted: AppointmentFilter, place: Place, previous: str, following: str) -> None:
        """Work out the addresses that tabs, columns' heads and pages lead to."""
        path, stay, without_tab = routes.path_of(self.router.url.path), self._stay(), self._stay("tab")
        self.tab_links = {
            tab.value: address(path, without_tab, {} if tab is Tab.ALL else {"tab": tab.value}) for tab in Tab
        }
        turned = {sort: sort == self.sort and not self.descending for sort in Sort}
        self.sort_links = {
            sort.value: address(path, {**stay, "sort": f"{'-' if turned[sort] else ''}{sort.value}"}) for sort in Sort
        }
        self._link_pages(previous, following)
        self.clear_link = address(
            path, {name: value for name, value in stay.items() if name in {"tab", "show", "size", "columns"}}
        )
        self.new_link = routes.new_appointment(wanted.client, work_order=wanted.work_order)
        self.export_query = address("", wanted.to_query()).removeprefix("?")


def _days(period: str, today: date) -> tuple[str, str]:
    """Return the first and the last day of a period as they stand in the address."""
    first, last = Period(period).days(today)
    return first.isoformat(), last.isoformat()


_SAID = {
    "done": NN_("{n} appointment marked done.", "{n} appointments marked done."),
    "dismissed": NN_("{n} appointment dismissed.", "{n} appointments dismissed."),
    "no-show": NN_("{n} appointment marked as a no-show.", "{n} appointments marked as no-shows."),
    "scheduled": NN_("{n} appointment back to scheduled.", "{n} appointments back to scheduled."),
    "delete": NN_("{n} appointment deleted.", "{n} appointments deleted."),
}


async def tell(state: rx.State, verb: str, result: service.BulkResult) -> None:
    """Say what a bulk action did, with Undo; and how many rows it left alone."""
    text = trn(*_SAID[verb], result.changed)
    if result.skipped:
        text += " " + trn("{n} was left as it is.", "{n} were left as they are.", result.skipped)
    await say(state, text, undo=result.change_id if result.changed else 0, kind="success" if result.changed else "info")
