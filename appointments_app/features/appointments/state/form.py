"""The booking form: what is typed, what there is to warn of, and saving it. The same for new and old appointments.

Every change is kept as a draft under the form's token, so that the form is found again after a reload, a lost
connection or a restart. The token of a new form stands in the address.
"""

import uuid

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.appointments import AppointmentRow
from appointments_app.domain.access import Permission
from appointments_app.domain.booking import PRESETS, is_form_token
from appointments_app.domain.errors import Clash, Conflict, Invalid, NotFound
from appointments_app.domain.listing import address
from appointments_app.domain.series import Repeats
from appointments_app.features.appointments import service
from appointments_app.features.appointments.state.choices import FormChoices
from appointments_app.features.appointments.state.list import AppointmentList
from appointments_app.features.appointments.state.reach import ReachQuestion, answer_in
from appointments_app.features.appointments.state.repeat import RepeatForm
from appointments_app.features.session.drafted import DraftedForm
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr

NO_ERRORS: dict[str, str] = dict.fromkeys(
    ["client", "work_order", "date", "time", "duration", "action", "staff", "notes", "reason"], ""
)
OTHER = "other"
_TYPED = ("date", "time", "duration")


class BookingForm(DraftedForm, FormChoices, rx.State):
    """One form, new or old."""

    date: str = ""
    time: str = ""
    notes: str = ""
    notes_length: int = 0
    shared: bool = False
    business_zone: str = ""
    cancel_href: str = routes.APPOINTMENTS
    errors: dict[str, str] = NO_ERRORS
    in_past: bool = False
    closed: rx.Field[list[str]] = rx.field(default_factory=list)
    end_at: str = ""
    clashes: rx.Field[list[AppointmentRow]] = rx.field(default_factory=list)
    asks_reason: bool = False
    _in_the_way: list[int] = []
    _typed: dict[str, str] = {}
    _reach: dict[str, object] = {}

    @rx.event
    @requires(Permission.VIEW)
    async def load(self):
        """Show the form that the address asks for: an old appointment's, a half-filled one, or an empty one."""
        return await self._load()

    async def _load(self):
        path = routes.path_of(self.router.url.path)
        wanted = "" if path == routes.NEW_APPOINTMENT else path.removeprefix(f"{routes.APPOINTMENTS}/")
        if wanted:
            return await self._load_one(wanted)
        query = dict(self.router.url.query_parameters)
        token = query.get("draft", "")
        try:
            opened = await perform(service.open_new, token=token, query=query) if is_form_token(token) else None
        except NotFound:
            opened = None
        if opened is None:
            return rx.redirect(address(routes.NEW_APPOINTMENT, {**query, "draft": str(uuid.uuid4())}), replace=True)
        if opened.saved_id is not None:
            return rx.redirect(routes.appointment(opened.saved_id), replace=True)
        self.appointment_id = 0
        asked_for = opened.client is not None and query.get("client", "")
        self.cancel_href = routes.client(asked_for, "appointments") if asked_for else routes.APPOINTMENTS
        return await self._show(opened, token)

    async def _load_one(self, wanted: str):
        try:
            asked_for = int(wanted) if wanted.isdecimal() and len(wanted) < 16 else 0
            opened = await perform(service.open_one, appointment_id=asked_for)
        except NotFound:
            self.is_missing, self.ready = True, True
            return None
        self.appointment_id = int(wanted)
        self.cancel_href = routes.APPOINTMENTS
        return await self._show(opened, wanted)

    async def _show(self, opened: service.OpenForm, token: str):
        form, self.linked = opened.form, opened.linked
        self._token, self._version, self._since, self._saved = token, opened.version, opened.since, False
        self.client, self.client_name = str(form["client"]), opened.client.name if opened.client else ""
        self.action, self.action_name = str(form["action"]), opened.action.name if opened.action else ""
        before = (self.notes, self.shared, self.duration)
        self.date, self.time, self.shared = str(form["date"]), str(form["time"]), form["shared"] is True
        self.duration, self._duration_chosen = str(form["duration"]), form.get("duration_chosen") is True
        self.is_other_duration = self.duration not in map(str, PRESETS)
        self.staff, self.business_zone, self.is_changed = opened.staff, opened.business_zone, opened.was_restored
        self.notes, self.notes_length = str(form["notes"]), len(str(form["notes"]))
        self._draw_anew(token, has_news=before != (self.notes, self.shared, self.duration))
        self.errors, self.asks_reason, self.is_conflict, self.changes = NO_ERRORS, False, False, []
        self._reach = {}
        is_open = opened.was_restored or not self.appointment_id
        (await self.get_state(RepeatForm))._fill(form, self.business_zone, is_open=is_open)
        await self._read_actions()
        await self._look_ahead()
        self.is_missing, self.ready = False, True

    @rx.event
    @requires(Permission.VIEW)
    async def fill(self, name: str, value: str):
        """Take what was typed or chosen in one of the short fields."""
        if name not in _TYPED:
            raise Invalid()
        text = str(value)[:20]
        is_news = text != getattr(self, name)  # Save may have brought it before
        setattr(self, name, text)
        (await self.get_state(RepeatForm))._follow(self.date, self.time, self.business_zone)
        self._duration_chosen = self._duration_chosen or name == "duration"
        await self._changed(name if is_news else "")
        await self._look_ahead()

    @rx.event
    @requires(Permission.VIEW)
    async def choose_duration(self, minutes: str):
        """Take one of the usual durations, or offer a field for another one."""
        self._duration_chosen, self.is_other_duration = True, minutes == OTHER
        if not self.is_other_duration:
            self.duration = str(minutes)[:20]
        await self._changed("duration")
        await self._look_ahead()

    @rx.event
    @requires(Permission.VIEW)
    async def type_notes(self, text: str):
        """Take the notes as they are typed."""
        self.notes, self.notes_length = str(text), len(str(text))
        await self._changed("notes")

    @rx.event
    @requires(Permission.VIEW)
    async def share(self, is_shared: bool):
        """Tick or untick "Share with client"."""
        self.shared = is_shared is True
        await self._changed("shared")

    @rx.event
    @requires(Permission.VIEW)
    async def repeat_changed(self):
        """Keep and show what was changed in the recurring part of the form."""
        await self._changed("recurring")
        await self._look_ahead()

    @rx.event
    @requires(Permission.VIEW)
    async def save(self, values: dict):
        """Book or store; show what is wrong at its field, who is busy, or who changed it meanwhile."""
        if not self.ready and (elsewhere := await self._load()):  # the program was started anew a moment ago
            return elsewhere
        given = values if isinstance(values, dict) else {}
        typed = {name: text for name, text in given.items() if isinstance(text, str)}
        for name in ("date", "time", "notes"):
            setattr(self, name, typed.get(name, getattr(self, name)))
        self.duration, self._typed = typed.get("minutes", self.duration), typed
        return await self._save(typed)

    async def _save(self, typed: dict[str, str]):
        repeat = await self.get_state(RepeatForm)
        self.errors, self.attempt = NO_ERRORS, self.attempt + 1
        answer = {
            "reason": typed.get("reason", ""),
            "accepted": self._in_the_way if "anyway" in typed else [],
        }
        try:
            return await self._store(answer)
        except Invalid as refusal:
            if not refusal.fields:
                raise
            repeat._refuse(refusal.fields)
            own = {field: tr(text) for field, text in refusal.fields.items() if field in NO_ERRORS}
            self.errors = {**NO_ERRORS, **own}
        except Repeats as refusal:
            (await self.get_state(ReachQuestion))._ask(**refusal.values)
        except Clash as refusal:
            self._see(refusal.values["clashes"], refusal.values.get("ids"))
            self.asks_reason = True
        except Conflict as refusal:
            self._tell_of(refusal)
        return None

    @rx.event
    @requires(Permission.VIEW)
    async def answer_reach(self, values: dict):
        """Save once more, now that it is said how far the change reaches."""
        (await self.get_state(ReachQuestion)).is_open = False
        self._reach = answer_in(values)
        return await self._save(self._typed)

    async def _store(self, answer: dict):
        form = await self._form()
        if not self.appointment_id:
            await perform(service.book, form=form, token=self._token, **answer)
            booked = tr("Series booked.") if form["recurring"] else tr("Appointment booked.")
            return await self._go(booked, routes.client(self.client, "appointments"))
        stands_on = {"appointment_id": self.appointment_id, "version": self._version, "since": self._since}
        await perform(service.edit, form=form, **stands_on, **answer, **self._reach)
        back = (await self.get_state(AppointmentList))._address
        return await self._go(tr("Appointment saved."), back or routes.client(self.client, "appointments"))

    async def _go(self, text: str, to: str):
        """Lead on from a saved form; a second click on Save says nothing twice."""
        if not self._saved:
            await say(self, text)
        self._saved = True
        return rx.redirect(to, replace=not self.appointment_id)

    @rx.event
    @requires(Permission.VIEW)
    async def discard(self):
        """Forget what was typed: an old appointment as it is stored, a new form empty."""
        await perform(service.discard, token=self._token, appointment_id=self.appointment_id or None)
        self.form_key = ""
        return BookingForm.load

    async def _catch_up(self, version: int, since: int) -> None:
        """Stand on a newer version: this person changed the status, not the form."""
        self._version, self._since = version, since
        if self.is_changed:
            await self._keep()

    async def _form(self) -> dict[str, object]:
        repeat = await self.get_state(RepeatForm)
        return {
            "client": self.client,
            "work_order": str(self.linked.id or ""),
            "action": self.action,
            "date": self.date,
            "time": self.time,
            "duration": self.duration,
            "duration_chosen": self._duration_chosen,
            "staff": [one.id for one in self.staff],
            "notes": self.notes,
            "shared": self.shared,
            **repeat._values(),
        }

    async def _changed(self, field: str) -> None:
        """Keep what is typed so far as a draft; how far another change was to reach is asked anew."""
        if self._saved or not self.ready:
            return
        self._reach = {}
        if self.errors.get(field):
            self.errors = {**self.errors, field: ""}
        self.is_changed = True
        await self._keep()

    async def _keep(self) -> None:
        seen = {"version": self._version, "since": self._since}
        appointment_id = self.appointment_id or None
        form = await self._form()
        await perform(service.keep, token=self._token, form=form, appointment_id=appointment_id, **seen)

    async def _look_ahead(self) -> None:
        form = await self._form()
        look = await perform(service.outlook, form=form, appointment_id=self.appointment_id or None)
        self.in_past, self.end_at, self.closed = look.in_past, look.end_at, look.closed
        self._see(list(look.clashes))
        self.asks_reason = self.asks_reason and bool(self.clashes)
        (await self.get_state(RepeatForm))._show(look.preview)

    def _see(self, clashes: list[AppointmentRow], ids: list[int] | None = None) -> None:
        """Show what is in the way; ``ids`` when that is more than is shown."""
        self.clashes, self._in_the_way = clashes, ids or [row.id for row in clashes]
