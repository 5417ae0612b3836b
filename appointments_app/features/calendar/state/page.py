"""The calendar: which days, whose and which appointments. The address holds it all, ``load`` reads it."""

from __future__ import annotations

from datetime import datetime

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.pickers import Choice
from appointments_app.domain.access import Permission
from appointments_app.domain.calendar import CalendarFilter, CalendarPlace, ColourBy, View
from appointments_app.domain.errors import Invalid
from appointments_app.domain.listing import UNASSIGNED, address, is_id
from appointments_app.features.calendar import service
from appointments_app.features.calendar.service import Away, Day, DayHours, Entry
from appointments_app.features.session.gate import perform, requires

FILTERS = ("q", "action", "tab", "kind", "shared", "confirmed")


class CalendarPage(rx.State):
    """What the calendar shows."""

    ready: bool = False
    view: str = View.WEEK.value
    day: str = ""
    days: rx.Field[list[Day]] = rx.field(default_factory=list)
    entries: rx.Field[list[Entry]] = rx.field(default_factory=list)
    crowded: bool = False
    columns: rx.Field[list[Choice]] = rx.field(default_factory=list)
    hours: rx.Field[list[DayHours]] = rx.field(default_factory=list)
    away: rx.Field[list[Away]] = rx.field(default_factory=list)
    total: int = 0
    left_out: int = 0
    people: int = 0
    people_left_out: int = 0
    colour: str = ColourBy.STAFF.value
    first_weekday: int = 0
    today: str = ""
    tomorrow: str = ""
    filters: dict[str, str] = dict.fromkeys(FILTERS, "")
    staff: rx.Field[list[str]] = rx.field(default_factory=list)
    filters_set: int = 0
    narrowed: bool = False
    action_choices: list[Choice] = []
    staff_choices: list[Choice] = []
    view_links: dict[str, str] = {view.value: "" for view in View}
    today_link: str = ""
    previous_link: str = ""
    next_link: str = ""
    clear_link: str = ""
    new_link: str = routes.NEW_APPOINTMENT
    _typed: str = ""
    search_box: int = 0

    @rx.event
    @requires(Permission.VIEW)
    async def load(self):
        """Show what the address asks for."""
        query = dict(self.router.url.query_parameters)
        wanted = CalendarFilter.from_query(query)
        shown = await perform(service.calendar_view, wanted=wanted, query=query)
        self.days, self.entries, self.crowded, self.columns = shown.days, shown.entries, shown.crowded, shown.columns
        self.hours, self.away = shown.hours, shown.away
        self._note_limits(shown)
        if self.action_choices != shown.action_choices:
            self.action_choices = shown.action_choices
        if self.staff_choices != shown.staff_choices:
            self.staff_choices = shown.staff_choices
        self.today, self.tomorrow = shown.today.isoformat(), shown.tomorrow
        place = shown.place
        self.view, self.day, self.colour = place.view.value, place.day.isoformat(), place.colour.value
        self.first_weekday = place.first_weekday
        self._note(wanted)
        self._link(wanted, place)
        self.ready = True

    @rx.event(supersedes=True)
    @requires(Permission.VIEW)
    async def refresh(self, changed: list[str]):
        """Somebody changed something, or another day has begun: show the calendar as it is now."""
        return CalendarPage.load if self.ready else None

    @rx.event(supersedes=True)
    @requires(Permission.VIEW)
    async def search(self, text: str):
        """Search as the person types."""
        self._typed = CalendarFilter.from_query({"q": str(text)}).narrowing.search
        return self._go({"q": self._typed}, replace=True)

    @rx.event
    @requires(Permission.VIEW)
    async def narrow(self, name: str, value: str):
        """Set one filter, or what colours tell; '' takes it away."""
        if name not in (*FILTERS, "colour"):
            raise Invalid()
        return self._go({name: str(value)}, replace=True)

    @rx.event
    @requires(Permission.VIEW)
    async def tick_staff(self, staff_id: str, is_ticked: bool):
        """Show or hide the appointments of one staff member, or the unassigned ones."""
        if staff_id != UNASSIGNED and not is_id(staff_id):
            raise Invalid()
        others = [one for one in self.staff if one != staff_id]
        return self._go({"staff": ",".join([*others, staff_id] if is_ticked else others)}, replace=True)

    @rx.event
    @requires(Permission.VIEW)
    async def open_day(self, day: str):
        """Show one day: on the board where staff stand side by side, else by hour."""
        view = View.BOARD if self.view == View.BOARD else View.DAY
        return self._go({"date": str(day)[:10], "view": view.value})

    @rx.event
    @requires(Permission.ADD)
    async def create(self, start: str, end: str, staff_id: str):
        """Open the form for the time that was drawn: a wall time and its end, or a day alone; '' for nobody."""
        wanted = {"date": str(start)[:10], "time": str(start)[11:16]}
        minutes = _minutes(str(start), str(end))
        if minutes:
            wanted["duration"] = str(minutes)
        one = self.staff[0] if len(self.staff) == 1 and self.staff[0] != UNASSIGNED else ""
        wanted["staff"] = staff_id if is_id(staff_id) else one
        return rx.redirect(address(routes.NEW_APPOINTMENT, {name: value for name, value in wanted.items() if value}))

    def _note(self, wanted: CalendarFilter) -> None:
        query = wanted.to_query()
        self.filters = {name: query.get(name, "") for name in FILTERS}
        self.staff = query["staff"].split(",") if "staff" in query else []
        self.filters_set = sum(bool(self.filters[name]) for name in FILTERS if name != "q")
        self.narrowed = wanted.narrowed
        if wanted.narrowing.search != self._typed:
            self._typed, self.search_box = wanted.narrowing.search, self.search_box + 1

    def _note_limits(self, shown: service.CalendarView) -> None:
        """Note what a day has no room for: a month and a week say it on each of their days."""
        is_board = shown.place.view is View.BOARD
        self.total, self.people = shown.total, shown.people
        self.left_out = 0 if shown.place.view in service.MOST else shown.total - len(shown.entries)
        self.people_left_out = shown.people - len(shown.columns) if is_board else 0

    def _link(self, wanted: CalendarFilter, place: CalendarPlace) -> None:
        """Work out the addresses that views, days and neighbours lead to."""
        stay = wanted.to_query() | ({} if place.colour is ColourBy.STAFF else {"colour": place.colour.value})
        day, view = place.day.isoformat(), place.view.value
        self.view_links = {each.value: routes.diary(day, each.value, stay) for each in View}
        self.today_link = routes.diary(self.today, view, stay)
        self.previous_link, self.next_link = (routes.diary(place.turned(by).isoformat(), view, stay) for by in (-1, 1))
        is_one_day = place.view in (View.DAY, View.BOARD)
        self.new_link = address(routes.NEW_APPOINTMENT, {"date": day} if is_one_day else {})
        self.clear_link = routes.diary(day, view, {})

    def _go(self, changes: dict[str, str], *, replace: bool = False):
        query = {**self.router.url.query_parameters, **changes}
        kept = {name: value for name, value in query.items() if value}
        return rx.redirect(address(routes.DIARY, kept), replace=replace)


def _minutes(start: str, end: str) -> int:
    """Return the length between two wall times, 0 when there is none that a form takes."""
    try:
        minutes = (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds() // 60
    except (ValueError, TypeError):
        return 0
    return int(minutes) if 0 < minutes <= 24 * 60 else 0
