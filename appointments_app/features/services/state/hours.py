"""The page of working hours. The address says whose."""

import uuid

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.pickers import Choice
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Invalid, NotFound
from appointments_app.domain.listing import address
from appointments_app.domain.service import MOST_SPANS, WEEK
from appointments_app.features.services import service
from appointments_app.features.services.service import DayHours, Off
from appointments_app.features.session.forms import errors_of, is_too_early, to_first_wrong
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr

FIELDS = (*(f"day-{day}" for day in WEEK), "first_day", "last_day", "other_day", "opens")
NO_ERRORS: dict[str, str] = dict.fromkeys(FIELDS, "")


class WorkingHours(rx.State):
    """The weekly hours of the business or of one person, and what differs from them."""

    ready: bool = False
    missing: bool = False
    who: str = ""
    zone: str = ""
    people: rx.Field[list[Choice]] = rx.field(default_factory=list)
    week: rx.Field[list[DayHours]] = rx.field(default_factory=list)
    is_own: bool = True
    leave: rx.Field[list[Off]] = rx.field(default_factory=list)
    others: rx.Field[list[Off]] = rx.field(default_factory=list)
    errors: dict[str, str] = NO_ERRORS
    form_key: str = ""
    first_day: str = ""
    last_day: str = ""
    other_day: str = ""

    @rx.event
    @requires(Permission.SETTINGS)
    async def load(self):
        """Show whose hours the address asks for."""
        who = self.router.url.query_parameters.get("staff", "")
        try:
            view = await perform(service.open_hours, who=who)
        except NotFound:
            self.missing, self.ready = True, True
            return
        self.missing, self.ready, self.who, self.zone = False, True, view.who, view.zone
        self.people, self.week, self.is_own = view.people, view.week, view.is_own
        self.leave, self.others = view.leave, view.others
        self.errors, self.form_key = NO_ERRORS, f"{view.who}.{uuid.uuid4().hex}"
        self.first_day, self.last_day, self.other_day = "", "", ""

    @rx.event
    @requires(Permission.SETTINGS)
    async def choose(self, who: str):
        """Show the hours of somebody else."""
        return rx.redirect(address(routes.WORKING_HOURS, {"staff": str(who)} if who else {}))

    @rx.event
    @requires(Permission.SETTINGS)
    async def turn(self, is_same: bool):
        """Show the fields of hours of the person's own, or not."""
        self.is_own = not is_same

    @rx.event
    @requires(Permission.SETTINGS)
    async def save(self, values: dict):
        """Store the weekly hours."""
        if await is_too_early(self, is_ready=self.ready):
            return None
        given = values if isinstance(values, dict) else {}
        week = {str(day): _pairs(given, day) for day in WEEK}
        self.errors = NO_ERRORS
        try:
            await perform(service.save_week, who=self.who, week=week, is_own=self.is_own)
        except Invalid as refusal:
            return self._refuse(refusal)
        await say(self, tr("The working hours were saved."))
        return WorkingHours.load

    @rx.event
    @requires(Permission.SETTINGS)
    async def pick_day(self, field: str, day: str):
        """Take a day that is typed or picked."""
        if field in ("first_day", "last_day", "other_day"):
            setattr(self, field, str(day)[:20])
            self.errors = {**self.errors, field: ""}

    @rx.event
    @requires(Permission.SETTINGS)
    async def add_leave(self, values: dict):
        """Note that the person is away."""
        if await is_too_early(self, is_ready=self.ready):
            return None
        note = values.get("note", "") if isinstance(values, dict) else ""
        days = {"first_day": self.first_day, "last_day": self.last_day}
        self.errors = NO_ERRORS
        try:
            await perform(service.add_leave, who=self.who, **days, note=note)
        except Invalid as refusal:
            return self._refuse(refusal)
        await say(self, tr("The leave was noted."))
        return WorkingHours.load

    @rx.event
    @requires(Permission.SETTINGS)
    async def remove_leave(self, leave_id: int):
        """Take a leave back."""
        await perform(service.remove_leave, who=self.who, leave_id=leave_id)
        return WorkingHours.load

    @rx.event
    @requires(Permission.SETTINGS)
    async def set_day(self, values: dict):
        """Note other hours on one day."""
        if await is_too_early(self, is_ready=self.ready):
            return None
        given = values if isinstance(values, dict) else {}
        self.errors = NO_ERRORS
        times = {"opens": given.get("opens", ""), "closes": given.get("closes", "")}
        try:
            await perform(service.set_day, who=self.who, day=self.other_day, **times)
        except Invalid as refusal:
            fields = {"other_day" if name == "first_day" else name: text for name, text in refusal.fields.items()}
            return self._refuse(Invalid(fields=fields))
        await say(self, tr("The hours of that day were noted."))
        return WorkingHours.load

    @rx.event
    @requires(Permission.SETTINGS)
    async def clear_day(self, day: str):
        """Let the usual hours count on a day."""
        await perform(service.clear_day, who=self.who, day=day)
        return WorkingHours.load

    def _refuse(self, refusal: Invalid):
        self.errors = errors_of(refusal, NO_ERRORS)
        return to_first_wrong(refusal, usual="day-0")


def _pairs(given: dict, day: int) -> list[tuple[object, object]]:
    pairs = [(given.get(f"from-{day}-{place}", ""), given.get(f"to-{day}-{place}", "")) for place in range(MOST_SPANS)]
    return [pair for pair in pairs if any(pair)]
