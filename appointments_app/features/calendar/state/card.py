"""The card of one appointment on the calendar, and moving it: by hand on the screen, or by "Move to …"."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import reflex as rx

from appointments_app.db.queries.appointments import AppointmentRow
from appointments_app.db.queries.pickers import Choice
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Clash, Conflict, DomainError, Invalid
from appointments_app.domain.listing import Selection, is_id, record_id
from appointments_app.domain.series import Repeats
from appointments_app.features.appointments import service as appointments
from appointments_app.features.appointments.service import Move
from appointments_app.features.appointments.state.list import tell
from appointments_app.features.appointments.state.reach import ReachQuestion, answer_in
from appointments_app.features.calendar import service
from appointments_app.features.calendar.service import Card
from appointments_app.features.calendar.state.page import CalendarPage
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr

NO_ERRORS: dict[str, str] = dict.fromkeys(("date", "time", "duration", "staff", "reason"), "")
NOTHING = Card(AppointmentRow(0, 0, "", "", "", "", "gray", "", "", 0, "", False, False, False, "", ""), "", "", "", [])


class CalendarCard(rx.State):
    """The appointment that was clicked, and the move that is under way."""

    is_open: bool = False
    card: rx.Field[Card] = rx.field(default_factory=lambda: NOTHING)
    is_moving: bool = False
    date: str = ""
    time: str = ""
    duration: str = ""
    staff: list[Choice] = []
    staff_options: list[Choice] = []
    errors: dict[str, str] = NO_ERRORS
    asks_reason: bool = False
    refused: int = 0
    clashes: rx.Field[list[AppointmentRow]] = rx.field(default_factory=list)
    _pending: dict[str, Any] = {}
    _in_the_way: list[int] = []
    _reach: dict[str, Any] = {}

    @rx.event
    @requires(Permission.VIEW)
    async def show(self, appointment_id: int):
        """Open the card of an appointment."""
        self.card = await perform(service.card, appointment_id=appointment_id)
        self.is_open = True

    @rx.event
    @requires(Permission.VIEW)
    async def close(self):
        """Close the card."""
        self.is_open = False

    @rx.event
    @requires(Permission.VIEW)
    async def mark(self, row_id: int, verb: str):
        """Do what the three-dots menu says: a status, or ``delete``."""
        use_case, values = appointments.bulk_action(str(verb))
        result = await perform(use_case, selection=Selection(ids=(record_id(row_id),)), **values)
        await tell(self, str(verb), result)
        self.is_open = False
        return CalendarPage.load

    @rx.event
    @requires(Permission.EDIT)
    async def begin_move(self):
        """Open "Move to …" with the appointment as it stands."""
        shown = self.card
        self.date, self.time, self.duration, self.staff = shown.date, shown.time, str(shown.row.minutes), shown.staff
        self.errors, self.is_open, self.is_moving = NO_ERRORS, False, True

    @rx.event
    @requires(Permission.EDIT)
    async def stop_moving(self):
        """Close "Move to …"; nothing was changed."""
        self.is_moving = False

    @rx.event
    @requires(Permission.EDIT)
    async def fill(self, name: str, value: str):
        """Take what was typed in one of the fields."""
        if name not in ("date", "time", "duration"):
            raise Invalid()
        setattr(self, name, str(value)[:20])

    @rx.event(supersedes=True)
    @requires(Permission.VIEW)
    async def find_staff(self, text: str):
        """Offer the staff whose name contains what is typed."""
        self.staff_options = await perform(appointments.find_staff, search=text)

    @rx.event
    @requires(Permission.EDIT)
    async def add_staff(self, staff_id: str):
        """Assign somebody."""
        chosen = next((one for one in self.staff_options if one.id == staff_id), None)
        if chosen and chosen not in self.staff:
            self.staff = [*self.staff, chosen]

    @rx.event
    @requires(Permission.EDIT)
    async def remove_staff(self, staff_id: str):
        """Take somebody off."""
        self.staff = [one for one in self.staff if one.id != staff_id]

    @rx.event
    @requires(Permission.EDIT)
    async def send(self, values: dict):
        """Move the appointment to what "Move to …" says."""
        typed = values if isinstance(values, dict) else {}
        for name in ("date", "time", "duration"):
            setattr(self, name, str(typed.get(name, getattr(self, name)))[:20])
        staff = tuple(one.id for one in self.staff)
        row = self.card.row
        return await self._begin(row.id, row.start_at, Move(self.date, self.time, self.duration, staff))

    @rx.event
    @requires(Permission.EDIT)
    async def drop(self, appointment_id: int, at: str, start: str, minutes: int, from_staff: str, to_staff: str):
        """Move what was dragged: begun at the instant ``at``, dropped at a wall time; 0 minutes: as long as before."""
        self.is_moving, when = False, _wall(start)
        length = str(minutes) if isinstance(minutes, int) and not isinstance(minutes, bool) and minutes else ""
        date, time = (when.strftime("%Y-%m-%d"), when.strftime("%H:%M")) if when else ("", "")
        handed = [one if is_id(one) else "" for one in (from_staff, to_staff)]
        return await self._begin(appointment_id, str(at), Move(date, time, length, None, *handed))

    @rx.event
    @requires(Permission.EDIT)
    async def answer_clash(self, values: dict):
        """Move it although somebody is busy: "Book anyway", with the reason."""
        typed = values if isinstance(values, dict) else {}
        return await self._try(reason=str(typed.get("reason", "")), accepted=self._in_the_way)

    @rx.event
    @requires(Permission.EDIT)
    async def answer_reach(self, values: dict):
        """Move it, now that it is said how far the change reaches."""
        (await self.get_state(ReachQuestion)).is_open = False
        self._reach = answer_in(values)
        return await self._try()

    @rx.event
    @requires(Permission.EDIT)
    async def give_up(self):
        """Leave the appointment where it was: somebody is busy."""
        self.asks_reason = False

    async def _begin(self, appointment_id: int, seen_at: str, to: Move):
        self._pending, self._reach = {"appointment_id": appointment_id, "seen_at": seen_at, "to": to}, {}
        return await self._try()

    async def _try(self, **answer: Any):
        """Move; ask what there is to ask, and show a refusal where the person is: the entry springs back by itself."""
        if not self._pending:
            raise Invalid()
        self.errors = NO_ERRORS
        try:
            change_id = await perform(appointments.move, **self._pending, **self._reach, **answer)
        except Repeats as refusal:
            (await self.get_state(ReachQuestion))._ask(**refusal.values)
        except Clash as refusal:
            self.clashes = refusal.values["clashes"]
            self._in_the_way = refusal.values.get("ids") or [row.id for row in self.clashes]
            self.asks_reason = True
        except Conflict:
            await say(self, tr("Somebody else moved this appointment meanwhile."), kind="error")
            self.is_moving = False
            return CalendarPage.load
        except Invalid as refusal:
            await self._refuse(refusal)
        except DomainError:
            self.refused += 1
            raise
        else:
            self.asks_reason, self.is_moving = False, False
            if change_id is not None:
                await say(self, tr("Appointment moved."), undo=change_id)
            return CalendarPage.load
        self.refused += 1
        return None

    async def _refuse(self, refusal: Invalid) -> None:
        """Show what is wrong at its field where there is one, else as a message."""
        texts = {name: tr(text) for name, text in refusal.fields.items()}
        self.errors = {**NO_ERRORS, **{name: text for name, text in texts.items() if name in NO_ERRORS}}
        if not (self.is_moving or (self.asks_reason and "reason" in texts)):
            await say(self, next(iter(texts.values()), tr(refusal.message)), kind="error")


def _wall(text: object) -> datetime | None:
    """Return a wall time such as ``2026-03-24T10:00``, None for anything else."""
    try:
        return datetime.strptime(str(text)[:16], "%Y-%m-%dT%H:%M")  # noqa: DTZ007  a wall time has no zone
    except ValueError:
        return None
