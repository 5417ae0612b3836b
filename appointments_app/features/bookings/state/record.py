"""The page of one booking, and the page on which it is printed."""

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.bookings import BookingRow
from appointments_app.db.queries.history import ChangeRow
from appointments_app.db.queries.pickers import Choice
from appointments_app.domain.access import Permission
from appointments_app.domain.bookings import BookingStatus, Keep, Taken
from appointments_app.domain.errors import Conflict, NotFound
from appointments_app.domain.listing import address
from appointments_app.features.bookings import service
from appointments_app.features.bookings.service import ANYONE, FreeDay, FreeStart
from appointments_app.features.bookings.state.list import do
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr

NOTHING = BookingRow(0, 0, 0, "", "", "", 0, "", "gray", "", "", 0, "", False, "", "", False)


class BookingPage(rx.State):
    """One booking; while it is being moved, the free days too. The address says whether it is."""

    ready: bool = False
    missing: bool = False
    row: BookingRow = NOTHING
    notes: str = ""
    confirmed_at: str = ""
    created_at: str = ""
    business: str = ""
    address: str = ""
    phone: str = ""
    changes: rx.Field[list[ChangeRow]] = rx.field(default_factory=list)
    moves: bool = False
    days: rx.Field[list[FreeDay]] = rx.field(default_factory=list)
    day: str = ""
    later_link: str = ""
    staff: str = ""
    able: rx.Field[list[Choice]] = rx.field(default_factory=list)
    taken: rx.Field[list[FreeStart]] = rx.field(default_factory=list)
    is_taken: bool = False
    asks_delete: bool = False
    keep: str = Keep.APPOINTMENT.value
    _version: int = 0

    @rx.event
    @requires(Permission.VIEW)
    async def load(self):
        """Show the booking that the address names."""
        query = self.router.url.query_parameters
        booking_id = routes.named_in(self.router.url.path, routes.BOOKINGS)
        try:
            found = await perform(service.open_booking, booking_id=booking_id)
        except NotFound:
            self.ready, self.missing, self.row = True, True, NOTHING
            return
        self.row, self.notes, self.changes = found.row, found.notes, found.changes
        self.confirmed_at, self.created_at = found.confirmed_at, found.created_at
        self.business, self.address, self.phone = found.business, found.address, found.phone
        self._version, self.missing, self.asks_delete = found.appointment_version, False, False
        ahead = found.row.status in {BookingStatus.PENDING, BookingStatus.CONFIRMED}
        self.moves = bool(query.get("move")) and ahead
        self.is_taken, self.taken = False, []
        if self.moves:
            await self._offer(query)
        self.ready = True

    @rx.event(supersedes=True)
    @requires(Permission.VIEW)
    async def refresh(self, changed: list[str]):
        """Somebody changed something: show the booking as it is now."""
        return BookingPage.load if self.ready and not self.is_taken and not self.asks_delete else None

    @rx.event
    @requires(Permission.STATUS)
    async def do(self, verb: str):
        """Confirm, finish, cancel, bring back."""
        await do(self, self.row.id, verb)
        return BookingPage.load

    @rx.event
    @requires(Permission.EDIT)
    async def look_at(self, name: str, value: str):
        """Show the free starts from another day on, or with somebody else."""
        query = {"move": "yes", "day": self.day, "staff": self.staff}
        if name in ("day", "staff"):
            return rx.redirect(self._to({**query, name: str(value)[:20]}), replace=True)
        return None

    @rx.event
    @requires(Permission.EDIT)
    async def move(self, start_at: str):
        """Move the booking to a free start; when it was just taken, show the nearest ones."""
        asked = {"start": start_at, "staff": self.staff, "version": self._version}
        try:
            await perform(service.move, booking_id=self.row.id, **asked)
        except Taken as refusal:
            self.is_taken, self.taken = True, refusal.values["free"]
            return None
        except Conflict:
            await say(self, tr("Somebody else changed this meanwhile."), kind="error")
            return BookingPage.load
        await say(self, tr("The booking was moved."))
        return rx.redirect(routes.booking(self.row.id), replace=True)

    @rx.event
    @requires(Permission.DELETE)
    async def ask_delete(self, is_open: bool):
        """Ask what becomes of the appointment, or no more."""
        self.asks_delete, self.keep = bool(is_open), Keep.APPOINTMENT.value

    @rx.event
    @requires(Permission.DELETE)
    async def choose_keep(self, keep: str):
        """Take the answer."""
        self.keep = str(keep)[:10]

    @rx.event
    @requires(Permission.DELETE)
    async def delete(self):
        """Delete the booking and go back to the list."""
        change_id = await perform(service.delete, booking_id=self.row.id, keep=self.keep)
        await say(self, tr("The booking was deleted."), undo=change_id)
        return rx.redirect(routes.BOOKINGS)

    async def _offer(self, query) -> None:
        several = ",".join(str(one.id) for one in self.row.staff)
        self.staff = query.get("staff", "") or (several if len(self.row.staff) == 1 else ANYONE)
        self.day = query.get("day", "")
        asked = {"service_id": str(self.row.service_id), "staff": self.staff, "day": self.day}
        view = await perform(service.free_days, **asked, booking_id=self.row.id)
        self.days, self.day, self.able = view.days, view.first_day, view.people
        later = {"move": "yes", "day": view.later_day, "staff": self.staff}
        self.later_link = self._to(later) if view.later_day else ""

    def _to(self, query: dict[str, str]) -> str:
        return address(routes.booking(self.row.id), {name: value for name, value in query.items() if value})
