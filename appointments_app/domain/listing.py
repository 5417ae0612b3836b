"""What a list shows: filter, order and place, as they stand in the address of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from appointments_app.domain.appointment import YEARS, Kind, Tab
from appointments_app.domain.errors import NotFound
from appointments_app.domain.text import one_line

PAGE_SIZES = (25, 50, 100)
COUNT_CAP = 1000
"""Counts beyond this are shown as "1000+" at once; the exact number follows."""
UNASSIGNED = "none"
LONGEST_SEARCH = 200
LARGEST_ID = 2**31 - 1
"""No row has a higher id: a larger number in an address names nothing."""


class Sort(StrEnum):
    """The columns a list of appointments can be sorted by; ``-`` in the address means descending."""

    START = "start"
    CLIENT = "client"
    CREATED = "created"


class Period(StrEnum):
    """Spans of days that people ask for by name."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    NEXT_7_DAYS = "next-7-days"
    THIS_MONTH = "this-month"
    LAST_MONTH = "last-month"

    def days(self, today: date) -> tuple[date, date]:
        """Return its first and last day."""
        first = today.replace(day=1)
        last_month = first - timedelta(days=1)
        next_month = (first + timedelta(days=32)).replace(day=1)
        return {
            Period.TODAY: (today, today),
            Period.TOMORROW: (today + timedelta(days=1), today + timedelta(days=1)),
            Period.NEXT_7_DAYS: (today, today + timedelta(days=6)),
            Period.THIS_MONTH: (first, next_month - timedelta(days=1)),
            Period.LAST_MONTH: (last_month.replace(day=1), last_month),
        }[self]


def is_id(value: object) -> bool:
    """Whether ``value`` is text that can be the id of a row."""
    if not isinstance(value, str) or not value.isascii() or not value.isdigit() or len(value) > 10:
        return False
    return 0 < int(value) <= LARGEST_ID


def record_id(value: object) -> int:
    """Return the id that a browser sent; raise NotFound for what is the id of no row."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= LARGEST_ID:
        raise NotFound()
    return value


def _choice(text: str, allowed: tuple[str, ...]) -> str:
    return text if text in allowed else ""


def _id(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST_ID else ""


def day_in_address(text: str) -> str:
    """Return the day an address names, '' for none that can be shown."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return day.isoformat() if day.year in YEARS else ""


@dataclass(frozen=True)
class AppointmentFilter:
    """Which appointments. Empty strings mean "any"; ``staff`` may be ``none`` for unassigned; days are inclusive."""

    tab: Tab = Tab.ALL
    search: str = ""
    staff: str = ""
    action: str = ""
    client: str = ""
    since: str = ""
    until: str = ""
    shared: str = ""
    confirmed: str = ""
    kind: str = ""
    work_order: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> AppointmentFilter:
        """Return the filter an address asks for; what it can't read counts as "any"."""
        tab = query.get("tab", "")
        staff = query.get("staff", "")
        return cls(
            tab=Tab(tab) if tab in Tab._value2member_map_ else Tab.ALL,
            search=one_line(query.get("q", ""), LONGEST_SEARCH),
            staff=staff if staff == UNASSIGNED else _id(staff),
            action=_id(query.get("action", "")),
            client=_id(query.get("client", "")),
            since=day_in_address(query.get("since", "")),
            until=day_in_address(query.get("until", "")),
            shared=_choice(query.get("shared", ""), ("yes", "no")),
            confirmed=_choice(query.get("confirmed", ""), ("yes", "no")),
            kind=_choice(query.get("kind", ""), tuple(Kind)),
            work_order=_id(query.get("work_order", "")),
        )

    def to_query(self) -> dict[str, str]:
        """Return the parameters of the address, without those that say "any"."""
        names = {
            "tab": "" if self.tab == Tab.ALL else self.tab.value,
            "q": self.search,
            "staff": self.staff,
            "action": self.action,
            "client": self.client,
            "since": self.since,
            "until": self.until,
            "shared": self.shared,
            "confirmed": self.confirmed,
            "kind": self.kind,
            "work_order": self.work_order,
        }
        return {name: value for name, value in names.items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether anything but the tab and the record it belongs to restricts the list."""
        return replace(self, tab=Tab.ALL, client="", work_order="") != AppointmentFilter()


@dataclass(frozen=True)
class Place:
    """Order and page. ``after``/``before`` hold the key of the row the page begins behind or ends before."""

    sort: Sort = Sort.START
    descending: bool | None = None
    size: int = 50
    after: str = ""
    before: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Place:
        """Return the place an address asks for."""
        sort = query.get("sort", "")
        column = sort.removeprefix("-")
        size = query.get("size", "")
        return cls(
            sort=Sort(column) if column in Sort._value2member_map_ else Sort.START,
            descending=sort.startswith("-") if column in Sort._value2member_map_ else None,
            size=int(size) if size in map(str, PAGE_SIZES) else 50,
            after=query.get("after", "")[:200],
            before=query.get("before", "")[:200],
        )

    def to_query(self) -> dict[str, str]:
        """Return the parameters of the address, without the defaults."""
        sort = "" if self.descending is None else f"{'-' if self.descending else ''}{self.sort}"
        names = {
            "sort": sort,
            "size": "" if self.size == 50 else str(self.size),
            "after": self.after,
            "before": self.before,
        }
        return {name: value for name, value in names.items() if value}


def address(path: str, *parts: Mapping[str, str]) -> str:
    """Return ``path`` with the parameters of all ``parts``."""
    query = urlencode([(name, value) for part in parts for name, value in part.items()], errors="replace")
    return f"{path}?{query}" if query else path


@dataclass(frozen=True)
class Selection:
    """What a bulk action works on: the ticked rows, or all that match a filter."""

    ids: tuple[int, ...] = ()
    matching: AppointmentFilter | None = None
