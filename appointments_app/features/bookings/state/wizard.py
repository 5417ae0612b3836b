"""The wizard Service → Staff → Date and time → Client → Complete. Every choice stands in the address."""

import uuid

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.queries.services import ServiceRow
from appointments_app.domain.access import Permission
from appointments_app.domain.booking import is_form_token
from appointments_app.domain.bookings import Taken
from appointments_app.domain.listing import address
from appointments_app.features.appointments.service import find_clients
from appointments_app.features.bookings import service
from appointments_app.features.bookings.service import Asked, FreeDay, FreeStart, Step
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr

CHOICES = ("service", "staff", "start", "client")
NOTHING = ServiceRow(0, "", "", 0, 0, 0, "", "", "gray", True)


class Wizard(rx.State):
    """The open step, and what was chosen in the others."""

    ready: bool = False
    step: str = Step.SERVICE.value
    services: rx.Field[list[ServiceRow]] = rx.field(default_factory=list)
    service: ServiceRow = NOTHING
    staff: str = ""
    staff_name: str = ""
    start_at: str = ""
    end_at: str = ""
    client: Choice = Choice("", "")
    clients: rx.Field[list[Choice]] = rx.field(default_factory=list)
    days: rx.Field[list[FreeDay]] = rx.field(default_factory=list)
    first_day: str = ""
    later_link: str = ""
    step_links: dict[str, str] = {step.value: "" for step in Step}
    back_link: str = ""
    notes: str = ""
    notes_key: str = ""
    taken: rx.Field[list[FreeStart]] = rx.field(default_factory=list)
    is_taken: bool = False

    @rx.event
    @requires(Permission.ADD)
    async def load(self):
        """Show the step that the address asks for; a new wizard gets a token of its own first."""
        query = self._query()
        if not is_form_token(query.get("form", "")):
            self.ready = False
            return rx.redirect(address(routes.NEW_BOOKING, {**query, "form": str(uuid.uuid4())}), replace=True)
        view = await perform(service.open_wizard, query=query)
        if view.saved_id:
            return rx.redirect(routes.booking(view.saved_id), replace=True)
        self.step, self.services, self.service = view.step.value, view.services, view.service or NOTHING
        self.staff, self.staff_name = view.staff, view.staff_name
        self.start_at, self.end_at, self.client = view.start_at, view.end_at, view.client or Choice("", "")
        self.days, self.first_day = view.days, view.first_day
        self.later_link = self._to(day=view.later_day) if view.later_day else ""
        self.step_links = {step.value: self._to(step=step.value) for step in Step}
        place = list(Step).index(view.step)
        self.back_link = self.step_links[list(Step)[place - 1].value] if place else routes.BOOKINGS
        if self.notes_key != query["form"]:
            self.notes, self.notes_key = view.notes, query["form"]
        self.is_taken, self.taken = False, []
        self.ready = True
        return None

    @rx.event
    @requires(Permission.ADD)
    async def choose(self, name: str, value: str):
        """Take a choice and go on to the next step that is open."""
        if name not in CHOICES:
            return None
        undone = {"service": ("staff", "start"), "staff": ("start",)}.get(name, ())
        return rx.redirect(self._to(**{name: str(value)[:40], "step": "", **dict.fromkeys(undone, "")}))

    @rx.event
    @requires(Permission.ADD)
    async def look_at(self, day: str):
        """Show the free days from another day on."""
        return rx.redirect(self._to(step=Step.TIME.value, day=str(day)[:20]), replace=True)

    @rx.event(supersedes=True)
    @requires(Permission.ADD)
    async def search_clients(self, text: str):
        """Find clients as the person types."""
        self.clients = await perform(find_clients, search=text)

    @rx.event
    @requires(Permission.ADD)
    async def keep_notes(self, notes: str):
        """Keep the notes as far as they are typed."""
        self.notes = str(notes)[:10_000]
        await perform(service.keep_notes, token=self.notes_key, notes=self.notes)

    @rx.event
    @requires(Permission.ADD)
    async def book(self, values: dict):
        """Book; when the time was just taken, show the nearest free ones."""
        given, query = values if isinstance(values, dict) else {}, self._query()
        notes = given.get("notes", self.notes)
        chosen = {name: query.get(name, "") for name in CHOICES}
        ticks = {name: bool(given.get(name)) for name in ("shared", "confirmed")}
        asked = Asked(**chosen, notes=notes, **ticks)
        try:
            booking_id = await perform(service.reserve, asked=asked, token=query.get("form", ""))
        except Taken as refusal:
            self.is_taken, self.taken = True, refusal.values["free"]
            return None
        await say(self, tr("Booking #{number} was made.", number=booking_id))
        return rx.redirect(routes.booking(booking_id), replace=True)

    @rx.event
    @requires(Permission.ADD)
    async def take_other(self, start_at: str):
        """Take one of the nearest free starts instead."""
        return rx.redirect(self._to(start=str(start_at)[:40], step=Step.COMPLETE.value), replace=True)

    def _query(self) -> dict[str, str]:
        return dict(self.router.url.query_parameters)

    def _to(self, **changes: str) -> str:
        """Return this wizard's address with some choices changed; '' takes one away."""
        query = {**self._query(), **changes}
        return address(routes.NEW_BOOKING, {name: value for name, value in query.items() if value})
