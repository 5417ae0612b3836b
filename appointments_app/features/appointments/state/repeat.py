"""The recurring part of the booking form: what is ticked and typed, and the dates it leads to.

``BookingForm`` keeps the draft: every handler here is followed by its ``repeat_changed``.
"""

from datetime import date
from typing import Any

import reflex as rx

from appointments_app.db.queries.pickers import Choice
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Invalid
from appointments_app.domain.recurrence import Ends, Frequency, MonthlyBy
from appointments_app.domain.series import NO_REPEAT, RULE_FIELDS, day_in, moved_time
from appointments_app.domain.times import read_local
from appointments_app.features.appointments.service import Preview, PreviewRow
from appointments_app.features.session.gate import actor_now, requires
from appointments_app.features.session.state import tr

NO_ERRORS: dict[str, str] = dict.fromkeys((*RULE_FIELDS, "moved"), "")
_CHOICES = {"frequency": Frequency, "monthly_by": MonthlyBy, "ends": Ends}
_TYPED = ("interval", "until", "count")


class RepeatForm(rx.State):
    """Whether and how the appointment repeats."""

    recurring: bool = False
    is_open: bool = True
    frequency: str = Frequency.WEEKLY.value
    interval: str = "1"
    weekdays: list[str] = []
    monthly_by: str = MonthlyBy.DAY.value
    monthly_options: list[Choice] = []
    ends: str = Ends.NEVER.value
    until: str = ""
    count: str = ""
    sentence: str = ""
    rows: rx.Field[list[PreviewRow]] = rx.field(default_factory=list)
    errors: dict[str, str] = NO_ERRORS
    moving: str = ""
    move_date: str = ""
    move_time: str = ""
    _day: str = ""
    _month_day: str = ""
    _skipped: list[str] = []
    _moved: dict[str, str] = {}

    @rx.event
    @requires(Permission.VIEW)
    async def repeat(self, is_recurring: bool):
        """Tick or untick "Recurring"."""
        self.recurring = is_recurring is True

    @rx.event
    @requires(Permission.VIEW)
    async def open_rule(self):
        """Show the fields of a rule that is stored already."""
        self.is_open = True

    @rx.event
    @requires(Permission.VIEW)
    async def choose(self, name: str, value: str):
        """Take how often it repeats, what a monthly rule keeps, or how it ends."""
        name, value = str(name), str(value)
        if name not in _CHOICES or value not in _CHOICES[name]._value2member_map_:
            raise Invalid()
        setattr(self, name, value)
        self._month_day = ""
        self._forget_exceptions()

    @rx.event
    @requires(Permission.VIEW)
    async def fill(self, name: str, value: str):
        """Take the interval, the last day or the number of times."""
        if name not in _TYPED:
            raise Invalid()
        setattr(self, name, str(value)[:20])
        if name == "interval":
            self._forget_exceptions()

    @rx.event
    @requires(Permission.VIEW)
    async def turn(self, weekday: str):
        """Choose a weekday, or take the choice back; the last one stays."""
        if weekday not in ("0", "1", "2", "3", "4", "5", "6"):
            raise Invalid()
        chosen = set(self.weekdays) ^ {weekday}
        self.weekdays = sorted(chosen) or [weekday]
        self._forget_exceptions()

    @rx.event
    @requires(Permission.VIEW)
    async def skip(self, name: str, is_skipped: bool):
        """Leave one of the dates out, or take it in again."""
        if name in [row.name for row in self.rows]:
            self._skipped = [*(each for each in self._skipped if each != name), *([name] if is_skipped else [])]

    @rx.event
    @requires(Permission.VIEW)
    async def begin_move(self, name: str):
        """Open the fields for another time of one date; '' closes them."""
        self.moving, self.errors = "", {**self.errors, "moved": ""}
        if name in [row.name for row in self.rows]:
            at = read_local(self._moved.get(name, name))
            self.moving, self.move_date, self.move_time = name, f"{at:%Y-%m-%d}", f"{at:%H:%M}"

    @rx.event
    @requires(Permission.VIEW)
    async def type_move(self, name: str, value: str):
        """Take the new date or time of the one that is being moved."""
        if name == "date":
            self.move_date = str(value)[:20]
        elif name == "time":
            self.move_time = str(value)[:20]

    @rx.event
    @requires(Permission.VIEW)
    async def move(self):
        """Move the date; to where it was is not moved at all."""
        try:
            to = moved_time(self.move_date, self.move_time)
        except Invalid as refusal:
            self.errors = {**self.errors, "moved": tr(next(iter(refusal.fields.values())))}
            return
        others = {name: wall for name, wall in self._moved.items() if name != self.moving}
        self._moved = others if to == self.moving or not self.moving else {**others, self.moving: to}
        self.moving, self.errors = "", {**self.errors, "moved": ""}

    def _forget_exceptions(self) -> None:
        """Another rule has other dates."""
        self._skipped, self._moved, self.moving = [], {}, ""

    def _follow(self, day: str, at: str, zone: str) -> None:
        """Let the chosen weekday go along with the date of the appointment, as it is in the zone of the business."""
        before, self._day = self._day, _day_of(day, at, zone)
        if self._day != before:
            self._turn_along(before)
            self._month_day = ""
            self._forget_exceptions()

    def _turn_along(self, before: str) -> None:
        others = {weekday for weekday in self.weekdays if weekday != _weekday(before)}
        self.weekdays = sorted({*others, _weekday(self._day)} - {""})

    def _fill(self, form: dict[str, Any], zone: str, *, is_open: bool) -> None:
        """Show the recurring part of a form; a rule that is stored stays folded at first."""
        self.is_open = is_open or form.get("recurring") is not True
        values = {name: form.get(name, value) for name, value in NO_REPEAT.items()}
        self.recurring = values["recurring"] is True
        self.frequency, self.interval = str(values["frequency"]), str(values["interval"])
        self.monthly_by, self._month_day = str(values["monthly_by"]), str(values["month_day"])
        self.ends, self.until, self.count = str(values["ends"]), str(values["until"]), str(values["count"])
        self.weekdays = [str(each) for each in _listed(values["weekdays"])]
        self._day = _day_of(str(form["date"]), str(form["time"]), zone)
        if not self.weekdays:
            self._turn_along("")
        self._skipped = [str(each) for each in _listed(values["skipped"])]
        pairs = [str(each).split("/") for each in _listed(values["moved"])]
        self._moved = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
        self.errors, self.moving = NO_ERRORS, ""

    def _values(self) -> dict[str, object]:
        """Return the recurring part of the form."""
        return {
            "recurring": self.recurring,
            "frequency": self.frequency,
            "interval": self.interval,
            "weekdays": list(self.weekdays),
            "monthly_by": self.monthly_by,
            "month_day": self._month_day,
            "ends": self.ends,
            "until": self.until if self.ends == Ends.ON else "",
            "count": self.count if self.ends == Ends.AFTER else "",
            "skipped": list(self._skipped),
            "moved": [f"{name}/{to}" for name, to in self._moved.items()],
        }

    def _show(self, preview: Preview) -> None:
        """Show what the form leads to; what is not typed yet is no mistake yet."""
        self.sentence, self.rows = preview.sentence, preview.rows
        if preview.monthly:
            self.monthly_options = preview.monthly
        wrong = {name: tr(text) for name, text in preview.errors.items() if name in NO_ERRORS and self._is_typed(name)}
        self.errors = {**NO_ERRORS, "moved": self.errors["moved"], **wrong}

    def _refuse(self, fields: dict[str, str]) -> None:
        """Show what a save refused, at fields that may be folded."""
        wrong = {name: tr(text) for name, text in fields.items() if name in NO_ERRORS}
        self.errors, self.is_open = {**NO_ERRORS, **wrong}, self.is_open or bool(wrong)

    def _is_typed(self, name: str) -> bool:
        return name not in _TYPED or bool(getattr(self, name))


def _day_of(day: str, at: str, zone: str) -> str:
    actor = actor_now()
    return day_in(zone, day, at, actor.time_zone) if actor else day


def _weekday(day: str) -> str:
    try:
        return str(date.fromisoformat(day).weekday())
    except ValueError:
        return ""


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
