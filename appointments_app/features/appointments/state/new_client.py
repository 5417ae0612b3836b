"""The small form of a new client, over a half-filled form that needs one."""

import reflex as rx

from appointments_app.db.queries.pickers import Choice
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Invalid
from appointments_app.features.appointments.state.form import BookingForm
from appointments_app.features.clients.service import quick_create
from appointments_app.features.session.forms import errors_of
from appointments_app.features.session.gate import perform, requires

NO_ERRORS: dict[str, str] = dict.fromkeys(("name", "phone", "email"), "")


class NewClientDialog(rx.State, mixin=True):
    """Whether the dialog is open, and what is wrong in it; who uses it says what becomes of the new client."""

    is_open: bool = False
    typed: str = ""
    errors: dict[str, str] = NO_ERRORS
    attempt: int = 0

    @rx.event
    @requires(Permission.VIEW)
    async def load(self):
        """Begin a page without the dialog: it belonged to the form that was open before."""
        self.reset()

    @rx.event
    @requires(Permission.CLIENTS)
    async def ask(self, _entry: str, typed: str):
        """Open the dialog with the name as far as it was typed into the drop-down."""
        self.is_open, self.typed, self.errors = True, str(typed)[:120], NO_ERRORS

    @rx.event
    @requires(Permission.VIEW)
    async def show(self, is_open: bool):
        """Close the dialog."""
        self.is_open = bool(is_open)

    @rx.event
    @requires(Permission.CLIENTS)
    async def add(self, values: dict):
        """Create the client and choose it in the form."""
        typed = {name: str(values.get(name, "")) for name in NO_ERRORS} if isinstance(values, dict) else {"name": ""}
        self.attempt += 1
        try:
            chosen = await perform(quick_create, **typed)
        except Invalid as refusal:
            self.errors = errors_of(refusal, NO_ERRORS)
            return None
        self.is_open = False
        return await self._take(chosen)

    async def _take(self, chosen: Choice):
        raise NotImplementedError


class NewClient(NewClientDialog, rx.State):
    """Over the form of an appointment."""

    async def _take(self, chosen: Choice):
        await (await self.get_state(BookingForm))._take_client(chosen)
