"""The life of a booking: what its appointment and its confirmation make of it, and which ones a list shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from appointments_app.domain.appointment import YEARS, Status
from appointments_app.domain.errors import DomainError
from appointments_app.domain.listing import LONGEST_SEARCH, is_id
from appointments_app.domain.text import one_line
from appointments_app.domain.times import to_instant, to_wall
from appointments_app.domain.words import N_

OFFERED = 6
"""So many other starts are offered in place of one that was just taken."""
FAR = 366
"""Days ahead that staff may book."""
LOOK_AHEAD = 30
"""Days that the search for the first free starts covers."""
HOLD = timedelta(minutes=5)
"""So long a time is kept for a client who is still looking it over."""


class BookingStatus(StrEnum):
    """Exactly these four."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    DONE = "done"
    CANCELLED = "cancelled"


class BookingTab(StrEnum):
    """The tabs of the list of bookings."""

    ALL = "all"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    DONE = "done"
    CANCELLED = "cancelled"


class Keep(StrEnum):
    """What becomes of the appointment of a booking that is deleted; one that is Done always stays."""

    APPOINTMENT = "keep"
    NOTHING = "delete"


class Taken(DomainError):
    """Somebody else has this start by now; ``values['free']`` holds the nearest free ones, as (staff id, instant)."""

    code = "taken"
    default = N_("This time was just taken.")


class HoldOver(DomainError):
    """A client took longer than HOLD: the time is not kept any more, though it may still be free."""

    code = "hold_over"
    default = N_("We kept this time for five minutes, which are over.")


class Full(DomainError):
    """A client has as many bookings ahead as one may make without calling."""

    code = "full"
    default = N_("You have as many bookings ahead as can be made online. Please call us for another one.")


def status_of(appointment_status: str, *, is_deleted: bool, is_confirmed: bool) -> BookingStatus:
    """Return the status of a booking: it follows its appointment."""
    if is_deleted or appointment_status == Status.DISMISSED:
        return BookingStatus.CANCELLED
    if appointment_status == Status.DONE:
        return BookingStatus.DONE
    return BookingStatus.CONFIRMED if is_confirmed else BookingStatus.PENDING


def client_window(now: datetime, zone: str, *, notice: int, ahead: int) -> tuple[datetime, datetime]:
    """Return between which starts a client may book: ``notice`` minutes from now, to the end of the day ``ahead``."""
    day_after = to_wall(now, zone).date() + timedelta(days=ahead + 1)
    return now + timedelta(minutes=notice), to_instant(day_after, time(), zone) - timedelta(minutes=1)


@dataclass(frozen=True)
class BookingFilter:
    """Which bookings. Empty strings mean "any"; days are inclusive."""

    tab: BookingTab = BookingTab.ALL
    search: str = ""
    service: str = ""
    staff: str = ""
    client: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> BookingFilter:
        """Return the filter an address asks for; what it can't read counts as "any"."""
        tab = query.get("tab", "")
        ids = {name: query.get(name, "") for name in ("service", "staff", "client")}
        return cls(
            tab=BookingTab(tab) if tab in BookingTab._value2member_map_ else BookingTab.ALL,
            search=one_line(query.get("q", ""), LONGEST_SEARCH),
            since=_day(query.get("since", "")),
            until=_day(query.get("until", "")),
            **{name: value if is_id(value) else "" for name, value in ids.items()},
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything but the tab restricts the list."""
        return replace(self, tab=BookingTab.ALL) != BookingFilter()


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return day.isoformat() if day.year in YEARS else ""
