"""What a calendar shows: its view, its days, whose appointments and which, as they stand in the page's address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from appointments_app.domain.appointment import Tab
from appointments_app.domain.booking import MOST_STAFF
from appointments_app.domain.listing import UNASSIGNED, AppointmentFilter, day_in_address, is_id


class View(StrEnum):
    """The views of the calendar; ``BOARD``: one day with a column for each staff member."""

    MONTH = "month"
    WEEK = "week"
    DAY = "day"
    AGENDA = "agenda"
    BOARD = "board"


class ColourBy(StrEnum):
    """What the colour of an appointment tells."""

    STAFF = "staff"
    ACTION = "action"
    STATUS = "status"


AGENDA_DAYS = 14
ALL = "all"
"""In the address: dismissed appointments too, which a calendar leaves out unless told."""


@dataclass(frozen=True)
class CalendarFilter:
    """Which appointments. No staff and not ``unassigned`` means everybody's."""

    narrowing: AppointmentFilter = field(default_factory=AppointmentFilter)
    """What the list's filters say, without staff and days."""
    staff_ids: tuple[int, ...] = ()
    unassigned: bool = False
    is_active_only: bool = True

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> CalendarFilter:
        """Return the filter an address asks for; what it can't read counts as "any"."""
        several = query.get("staff", "").split(",")[: MOST_STAFF + 1]
        ids = tuple(dict.fromkeys(int(one) for one in several if is_id(one)))
        narrowing = replace(AppointmentFilter.from_query(query), staff="", since="", until="")
        is_any = narrowing.tab is Tab.ALL and query.get("tab") != ALL
        return cls(narrowing, ids, UNASSIGNED in several, is_any)

    def to_query(self) -> dict[str, str]:
        """Return the parameters of the address, without those that say "any"."""
        staff = ",".join([*map(str, self.staff_ids), *([UNASSIGNED] if self.unassigned else [])])
        status = {"tab": ALL} if self.narrowing.tab is Tab.ALL and not self.is_active_only else {}
        return self.narrowing.to_query() | status | ({"staff": staff} if staff else {})

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out beside what is dismissed."""
        return self != CalendarFilter()


@dataclass(frozen=True)
class CalendarPlace:
    """Where the calendar stands: view, the day it is about, and what colours tell."""

    day: date
    view: View = View.WEEK
    colour: ColourBy = ColourBy.STAFF
    first_weekday: int = field(default=0, compare=False)
    """0 Monday … 6 Sunday."""

    @classmethod
    def from_query(cls, query: Mapping[str, str], *, today: date, first_weekday: int = 0) -> CalendarPlace:
        """Return the place an address asks for; without a day it is today."""
        view, colour = query.get("view", ""), query.get("colour", "")
        return cls(
            date.fromisoformat(day_in_address(query.get("date", "")) or today.isoformat()),
            View(view) if view in View._value2member_map_ else View.WEEK,
            ColourBy(colour) if colour in ColourBy._value2member_map_ else ColourBy.STAFF,
            first_weekday,
        )

    @property
    def days(self) -> list[date]:
        """The days that are shown: of a month, whole weeks."""
        first, count = self.day, 1
        if self.view is View.AGENDA:
            count = AGENDA_DAYS
        elif self.view is View.WEEK:
            first, count = self._week_of(self.day), 7
        elif self.view is View.MONTH:
            first = self._week_of(self.day.replace(day=1))
            next_month = (self.day.replace(day=1) + timedelta(days=32)).replace(day=1)
            count = (next_month - first).days
            count += -count % 7
        return [first + timedelta(days=place) for place in range(count)]

    def turned(self, by: int) -> date:
        """Return the day the neighbouring page is about: the next (1) or the previous (-1)."""
        if self.view is View.MONTH:
            return (self.day.replace(day=15) + timedelta(days=31 * by)).replace(day=1)
        steps = {View.WEEK: 7, View.AGENDA: AGENDA_DAYS}
        return self.day + timedelta(days=by * steps.get(self.view, 1))

    def _week_of(self, day: date) -> date:
        return day - timedelta(days=(day.weekday() - self.first_weekday) % 7)
