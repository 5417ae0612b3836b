"""What happened to the appointment whose form is open: status, confirmation, audit trail. Follows changes by others."""

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.history import ChangeRow
from appointments_app.domain.access import Permission
from appointments_app.domain.change import Verb
from appointments_app.domain.errors import NotFound
from appointments_app.domain.listing import Selection
from appointments_app.features.appointments import service
from appointments_app.features.appointments.state.form import BookingForm
from appointments_app.features.appointments.state.list import tell
from appointments_app.features.appointments.state.reach import ReachQuestion
from appointments_app.features.session.gate import perform, requires

NOTHING = service.Facts("", "", "", False, "", "", "", "", "")


class AppointmentRecord(rx.State):
    """The part of an appointment's page that is read, not typed."""

    facts: service.Facts = NOTHING
    history: rx.Field[list[ChangeRow]] = rx.field(default_factory=list)
    changed_by: str = ""
    is_behind: bool = False

    @rx.event
    @requires(Permission.VIEW)
    async def load(self):
        """Show the appointment that the form shows."""
        form = await self.get_state(BookingForm)
        if form.appointment_id and not form.is_missing:
            await self._read(form)

    @rx.event(supersedes=True)
    @requires(Permission.VIEW)
    async def refresh(self, changed: list[str]):
        """Somebody changed something: show it, and leave what is typed alone."""
        form = await self.get_state(BookingForm)
        ids = changed if isinstance(changed, list) else []
        if not form.appointment_id or form._saved or (ids and f"appointment:{form.appointment_id}" not in ids):
            return None
        if not form.is_changed:
            return [BookingForm.load, AppointmentRecord.load]
        await self._read(form)
        return None

    @rx.event
    @requires(Permission.VIEW)
    async def mark(self, verb: str):
        """Mark done, dismiss, set back to scheduled, or delete."""
        form = await self.get_state(BookingForm)
        if verb == "delete" and self.facts.series.sentence:
            return ReachQuestion.ask_delete(form.appointment_id)
        use_case, values = service.bulk_action(str(verb))
        result = await perform(use_case, selection=Selection(ids=(form.appointment_id,)), **values)
        await tell(self, str(verb), result)
        if verb == "delete":
            form._saved = True
            return rx.redirect(routes.client(form.client, "appointments"))
        is_up_to_date = not self.is_behind
        version = await self._read(form)
        if is_up_to_date and version == form._version + 1:  # nobody else came in between
            await form._catch_up(version, self.history[0].change_id)
            self.changed_by, self.is_behind = "", False
        return None

    async def _read(self, form: BookingForm) -> int:
        """Read everything anew and name who changed it since the form was opened; return the present version."""
        try:
            self.facts, version, rows = await perform(service.facts_of, appointment_id=form.appointment_id)
        except NotFound:
            form.is_missing = True
            return 0
        self.history = list(rows)
        since = [row.who for row in rows if row.change_id > form._since and row.verb != Verb.SENT]
        self.changed_by, self.is_behind = ", ".join(dict.fromkeys(filter(None, since))), bool(since)
        return version
