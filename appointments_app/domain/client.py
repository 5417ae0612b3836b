"""What is known of a client, and the address of a list of clients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from appointments_app.domain import contact
from appointments_app.domain.errors import Invalid
from appointments_app.domain.language import language_code
from appointments_app.domain.listing import LONGEST_SEARCH
from appointments_app.domain.text import fold, many_lines, one_line
from appointments_app.domain.times import parse_day, zone
from appointments_app.domain.words import N_

MOST_TAGS = 20
LIMITS = {
    "name": 120,
    "business_name": 120,
    "email": 254,
    "phone": 40,
    "address": 500,
    "notes": 10_000,
    "tags": 1_000,
    "birth_date": 10,
    "language": 10,
    "time_zone": 60,
}
"""The fields of the form and how long each may be."""
REACHED_BY = ("email", "phone")
"""Where links and codes that sign a client in go to."""
_OF_LINES = ("address", "notes")
_OLDEST = date(1900, 1, 1)
_LONGEST_TAG = 40


@dataclass(frozen=True)
class ClientFields:
    """A client's data as they are stored: folded, checked, in their canonical forms."""

    name: str
    business_name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    notes: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    time_zone: str = ""
    birth_date: str = ""

    def columns(self) -> dict[str, str]:
        """Return what the client's own row holds."""
        return {name: value for name, value in self.__dict__.items() if name != "tags"}

    def as_recorded(self) -> dict[str, str]:
        """Return the values as the audit trail keeps them."""
        return {**self.columns(), "tags": ", ".join(self.tags)}


def checked(values: Mapping[str, Any], region: str, *, today: date) -> ClientFields:
    """Return the fields of a form as they are stored; raise one Invalid that names everything wrong."""
    typed, errors = _clean(values)
    rules = {
        "name": contact.required_name,
        "email": contact.email_address,
        "phone": lambda text: contact.phone_number(text, region),
        "tags": tags_of,
        "language": lambda code: language_code(code) if code else "",
        "time_zone": lambda name: zone(name).key if name else "",
        "birth_date": lambda text: birth_date(text, today) if text else "",
    }
    stored: dict[str, Any] = {}
    for name, text in typed.items():
        try:
            stored[name] = rules[name](text) if name in rules else text
        except Invalid as wrong:
            errors |= wrong.fields
    if errors:
        raise Invalid(fields=errors)
    return ClientFields(**stored)


def _clean(values: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    typed, errors = {}, {}
    for name, limit in LIMITS.items():
        text = str(values.get(name) or "")
        tidy = many_lines(text, limit + 1).strip() if name in _OF_LINES else one_line(text, limit + 1)
        typed[name] = tidy
        if len(tidy) > limit:
            typed[name], errors[name] = "", N_("This is too long.")
    if "name" in errors:
        typed["name"] = "-"  # or it would be called missing as well
    return typed, errors


def birth_date(text: str, today: date) -> str:
    """Return the day somebody was born, as YYYY-MM-DD; raise Invalid for one that is none, or yet to come."""
    day = parse_day(text, "birth_date")
    if not _OLDEST <= day <= today:
        raise Invalid(fields={"birth_date": N_("Enter a day between 1900 and today.")})
    return day.isoformat()


def reached_elsewhere(changed: Mapping[str, tuple[str, str]]) -> bool:
    """Whether e-mail address or phone number were other ones (field → old, new): who was there may be somebody else."""
    return any(changed.get(name, ("", ""))[0] for name in REACHED_BY)


def tags_of(text: str) -> tuple[str, ...]:
    """Return the tags of a comma-separated line, without twins; raise Invalid for too many or too long ones."""
    found: dict[str, str] = {}
    for part in text.replace("،", ",").replace(";", ",").split(","):
        if tag := one_line(part, _LONGEST_TAG + 1):
            found.setdefault(fold(tag), tag)
    if len(found) > MOST_TAGS or any(len(tag) > _LONGEST_TAG for tag in found.values()):
        raise Invalid(fields={"tags": N_("At most 20 tags of 40 characters each.")})
    return tuple(found.values())


class ClientTab(StrEnum):
    """The tabs of the list of clients."""

    ACTIVE = "active"
    ARCHIVED = "archived"


@dataclass(frozen=True)
class ClientFilter:
    """Which clients. Empty strings mean "any"."""

    tab: ClientTab = ClientTab.ACTIVE
    search: str = ""
    tag: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> ClientFilter:
        """Return the filter an address asks for."""
        return cls(
            tab=ClientTab.ARCHIVED if query.get("tab") == ClientTab.ARCHIVED else ClientTab.ACTIVE,
            search=one_line(query.get("q", ""), LONGEST_SEARCH),
            tag=one_line(query.get("tag", ""), _LONGEST_TAG),
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything but the tab restricts the list."""
        return replace(self, tab=ClientTab.ACTIVE) != ClientFilter()
