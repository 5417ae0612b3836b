"""The list of bookings. The address holds tab, search, filters and place; handlers change it, ``load`` reads it."""

from functools import partial

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.bookings import BookingRow
from appointments_app.db.queries.pickers import Choice
from appointments_app.domain.access import Permission
from appointments_app.domain.appointment import Status
from appointments_app.domain.bookings import BookingFilter, BookingTab
from appointments_app.domain.errors import Invalid
from appointments_app.domain.listing import Place, address
from appointments_app.features.bookings import service
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.listed import Listed
from appointments_app.features.session.state import say, tr

FILTERS = ("service", "staff", "since", "until")
STATUS_OF_VERB = {"done": Status.DONE, "cancel": Status.DISMISSED, "restore": Status.SCHEDULED}


class BookingsPage(Listed, rx.State):
    """What the list shows."""

    rows: rx.Field[list[BookingRow]] = rx.field(default_factory=list)
    tab: str = BookingTab.ALL.value
    typed: str = ""
    search_box: int = 0
    values: dict[str, str] = dict.fromkeys(FILTERS, "")
    services: rx.Field[list[Choice]] = rx.field(default_factory=list)
    staff: rx.Field[list[Choice]] = rx.field(default_factory=list)
    narrowed: bool = False
    counts: dict[str, int] = {tab.value: 0 for tab in BookingTab}
    tab_links: dict[str, str] = {tab.value: "" for tab in BookingTab}
    clear_link: str = routes.BOOKINGS

    @rx.event
    @requires(Permission.VIEW)
    async def load(self):
        """Show what the address asks for."""
        wanted, place = self._asked()
        view = await perform(service.list_view, wanted=wanted, place=place)
        self.rows, self.services, self.staff = view.page.rows, view.services, view.staff
        values = {name: getattr(wanted, name) for name in FILTERS}
        same_filters, same_tab = (values, wanted.search) == (self.values, self.typed), wanted.tab.value == self.tab
        self.tab, self.size, self.narrowed = wanted.tab.value, place.size, wanted.narrowed
        self.values = values
        self._keep_counts(same_filters=same_filters, same_tab=same_tab)
        if wanted.search != self.typed:
            self.typed, self.search_box = wanted.search, self.search_box + 1
        self._link(view.page.previous, view.page.next)
        self.ready = True
        return BookingsPage.count

    @rx.event(supersedes=True)
    @requires(Permission.VIEW)
    async def refresh(self, changed: list[str]):
        """Somebody changed something: show the page as it is now."""
        return BookingsPage.load if self.ready else None

    @rx.event(background=True, supersedes=True)
    @requires(Permission.VIEW)
    async def count(self):
        """Show how many there are, off the page's path: each tab up to "1000+", then the open one exactly."""
        await self._count(service.capped_counts, service.exact_count)

    @rx.event(supersedes=True)
    @requires(Permission.VIEW)
    async def search(self, text: str):
        """Search as the person types."""
        self.typed = BookingFilter.from_query({"q": str(text)}).search
        return self._go({"q": self.typed}, replace=True)

    @rx.event
    @requires(Permission.VIEW)
    async def narrow(self, name: str, value: str):
        """Show bookings of one service, one person, from or until a day; '' shows all."""
        return self._go({name: str(value)}) if name in FILTERS else None

    @rx.event
    @requires(Permission.VIEW)
    async def resize(self, size: str):
        """Show so many rows on a page."""
        return self._go({"size": str(size)})

    @rx.event
    @requires(Permission.STATUS)
    async def do(self, booking_id: int, verb: str):
        """Do what the three-dots menu of one row says."""
        await do(self, booking_id, verb)
        return BookingsPage.load

    def _asked(self) -> tuple[BookingFilter, Place]:
        query = dict(self.router.url.query_parameters)
        return BookingFilter.from_query(query), Place.from_query(query)

    def _wanted(self) -> BookingFilter:
        return self._asked()[0]

    def _link(self, previous: str, following: str) -> None:
        to, stay, no_tab = partial(address, routes.BOOKINGS), self._stay(), self._stay("tab")
        self.tab_links = {
            tab.value: to(no_tab, {} if tab is BookingTab.ALL else {"tab": tab.value}) for tab in BookingTab
        }
        self._link_pages(previous, following)
        self.clear_link = to({name: value for name, value in stay.items() if name in {"tab", "size"}})

    @rx.var
    def filters_set(self) -> int:
        """How many filters are set."""
        return sum(1 for value in self.values.values() if value)


async def do(state: rx.State, booking_id: object, verb: object) -> None:
    """Confirm, finish, cancel or bring back a booking, and say so; what changed its status has Undo."""
    if verb == "confirm":
        await perform(service.confirm, booking_id=booking_id)
        await say(state, tr("The booking was confirmed."))
        return
    if not isinstance(verb, str) or verb not in STATUS_OF_VERB:
        raise Invalid()
    said = {
        "done": tr("The booking is done."),
        "cancel": tr("The booking was cancelled."),
        "restore": tr("The booking is as it was."),
    }
    change_id = await perform(service.set_status, booking_id=booking_id, status=STATUS_OF_VERB[verb])
    await say(state, said[verb], undo=change_id)
