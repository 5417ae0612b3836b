"""The page Today: what is still to come, and the queue of what is over and yet to mark."""

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.appointments import AppointmentRow
from appointments_app.db.queries.client_requests import RequestRow
from appointments_app.domain.access import Permission
from appointments_app.domain.appointment import Outcome, Status
from appointments_app.domain.errors import Invalid
from appointments_app.domain.listing import Place, Selection, address, record_id
from appointments_app.features.appointments.service import bulk_action
from appointments_app.features.appointments.service.confirmation import confirm_by_phone, settle_request
from appointments_app.features.appointments.state.bulk import BulkActions
from appointments_app.features.appointments.state.list import tell
from appointments_app.features.overview import service
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr

MARKS = (Status.DONE.value, Status.DISMISSED.value, Outcome.NO_SHOW.value)


class Today(rx.State):
    """What the page shows."""

    ready: bool = False
    today: str = ""
    ahead: rx.Field[list[AppointmentRow]] = rx.field(default_factory=list)
    has_more: bool = False
    rows: rx.Field[list[AppointmentRow]] = rx.field(default_factory=list)
    previous_link: str = ""
    next_link: str = ""
    next_at: str = ""
    to_call: rx.Field[list[AppointmentRow]] = rx.field(default_factory=list)
    requests: rx.Field[list[RequestRow]] = rx.field(default_factory=list)
    to_confirm: int = 0
    count: int = 0
    counted: bool = False
    asked: str = ""

    @rx.event
    @requires(Permission.VIEW)
    async def load(self):
        """Show the day, and the page of the queue that the address asks for."""
        view = await perform(service.today_view, place=Place.from_query(self.router.url.query_parameters))
        page = view.yet_to_mark
        self.today, self.ahead, self.has_more = view.today.isoformat(), view.ahead, view.has_more
        self.rows, self.next_at = page.rows, view.next_at
        self.to_call, self.requests, self.to_confirm = view.to_call, view.requests, view.to_confirm
        self.previous_link = address(routes.TODAY, {"before": page.previous}) if page.previous else ""
        self.next_link = address(routes.TODAY, {"after": page.next}) if page.next else ""
        self.ready = True
        return Today.count_all

    @rx.event(supersedes=True)
    @requires(Permission.VIEW)
    async def refresh(self, changed: list[str]):
        """Somebody changed something, or an appointment is over: show the page as it is now."""
        return Today.load if self.ready else None

    @rx.event(background=True, supersedes=True)
    @requires(Permission.VIEW)
    async def count_all(self):
        """Show how many are yet to mark, off the page's path."""
        count = await perform(service.count_yet_to_mark)
        async with self:
            self.count, self.counted = count, True

    @rx.event
    @requires(Permission.STATUS)
    async def mark(self, row_id: int, verb: str):
        """Mark one of the queue: done, dismissed or a no-show."""
        use_case, values = bulk_action(_mark(verb))
        result = await perform(use_case, selection=Selection(ids=(record_id(row_id),)), **values)
        await tell(self, verb, result)
        return Today.load

    @rx.event
    @requires(Permission.STATUS)
    async def confirmed(self, row_id: int):
        """Note that a client confirmed on the phone."""
        await perform(confirm_by_phone, appointment_id=row_id)
        await say(self, tr("Marked as confirmed."))
        return Today.load

    @rx.event
    @requires(Permission.STATUS)
    async def settle(self, row_id: int):
        """Take what a client asked for off the list."""
        await perform(settle_request, appointment_id=row_id)
        return Today.load

    @rx.event
    @requires(Permission.STATUS)
    async def ask(self, verb: str):
        """Ask before the whole queue is marked; '' closes the question."""
        self.asked = _mark(verb) if verb else ""

    @rx.event
    @requires(Permission.STATUS)
    async def mark_all(self, verb: str):
        """Mark everything that is over and still Scheduled."""
        self.asked = ""
        bulk = await self.get_state(BulkActions)
        return [bulk._begin(_mark(verb), service.YET_TO_MARK.to_query(), self.count), Today.load]


def _mark(verb: object) -> str:
    """Return the mark a browser sent; raise Invalid for another one."""
    if verb not in MARKS:
        raise Invalid()
    return str(verb)
