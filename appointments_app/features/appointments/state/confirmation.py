"""What staff do about the client's confirmation, and about what the client asked for."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Invalid
from appointments_app.domain.words import N_
from appointments_app.features.appointments.service import confirmation
from appointments_app.features.appointments.state.form import BookingForm
from appointments_app.features.appointments.state.record import AppointmentRecord
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr

_VERBS: dict[str, tuple[Callable[..., Any], str]] = {
    "by_phone": (confirmation.confirm_by_phone, N_("Marked as confirmed.")),
    "take_back": (confirmation.take_confirmation_back, N_("It is not confirmed any more.")),
    "withdraw": (confirmation.revoke_links, N_("Links given out before confirm nothing any more.")),
    "settle": (confirmation.settle_request, N_("The request is off the list.")),
}


class Confirmation(rx.State):
    """The link that was asked for last, and whose it is."""

    link: str = ""
    link_of: int = 0

    @rx.event
    @requires(Permission.STATUS)
    async def show_link(self):
        """Show the link under which the client confirms."""
        form = await self.get_state(BookingForm)
        self.link = await perform(confirmation.confirm_link, appointment_id=form.appointment_id)
        self.link_of = form.appointment_id
        return rx.set_focus("field-confirm-link")

    @rx.event
    @requires(Permission.STATUS)
    async def put(self, verb: str):
        """Confirm by phone, take that back, withdraw the links, or settle the request."""
        if not isinstance(verb, str) or verb not in _VERBS:
            raise Invalid()
        use_case, done = _VERBS[verb]
        form, record = await self.get_state(BookingForm), await self.get_state(AppointmentRecord)
        await perform(use_case, appointment_id=form.appointment_id)
        self.link = ""
        await record._after_own_change(form)
        await say(self, tr(done))
