"""A work order: its statuses and what leads from one to another, its form, the address of a list of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from appointments_app.domain.appointment import YEARS
from appointments_app.domain.booking import read_staff
from appointments_app.domain.client import tags_of
from appointments_app.domain.errors import Invalid
from appointments_app.domain.listing import LONGEST_SEARCH, day_in_address, id_in_address, is_id
from appointments_app.domain.money import amount_text, currency_code, read_amount
from appointments_app.domain.text import many_lines, one_line, plain_digits
from appointments_app.domain.times import parse_day
from appointments_app.domain.words import N_

TITLE_LIMIT, NUMBER_LIMIT, DESCRIPTION_LIMIT, TAG_LIMIT = 200, 20, 10_000, 40


class OrderStatus(StrEnum):
    """Where a work order stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What a person does to the status."""

    OPEN = "open"
    CLOSE = "close"
    CANCEL = "cancel"


LIFE = {
    OrderStatus.DRAFT: {Step.OPEN: OrderStatus.OPEN, Step.CANCEL: OrderStatus.CANCELLED},
    OrderStatus.OPEN: {Step.CLOSE: OrderStatus.CLOSED, Step.CANCEL: OrderStatus.CANCELLED},
    OrderStatus.CLOSED: {Step.OPEN: OrderStatus.OPEN},
    OrderStatus.CANCELLED: {Step.OPEN: OrderStatus.OPEN},
}
"""The whole life of a work order: what can be done in each status, and where it leads."""

TAKES_APPOINTMENTS = frozenset({OrderStatus.DRAFT, OrderStatus.OPEN})


class Fate(StrEnum):
    """What becomes of the appointments of a work order: of the scheduled ones when it ends, of all when it goes."""

    LEAVE = "leave"
    DONE = "done"
    DISMISS = "dismissed"
    DELETE = "delete"


AT_END = (Fate.LEAVE, Fate.DONE, Fate.DISMISS)
AT_DELETION = (Fate.LEAVE, Fate.DELETE)


def after(status: str, step: Step) -> OrderStatus:
    """Return the status that ``step`` leads to; raise Invalid where it leads nowhere."""
    try:
        return LIFE[OrderStatus(status)][step]
    except KeyError:
        raise Invalid(N_("This can't be done with the work order as it stands now.")) from None


def read_step(text: object) -> Step:
    """Return the step that a browser sent; raise Invalid for an unknown one."""
    if not isinstance(text, str) or text not in Step._value2member_map_:
        raise Invalid()
    return Step(text)


def read_fate(text: object, allowed: tuple[Fate, ...]) -> Fate:
    """Return the fate that a browser sent; raise Invalid for one that is not on offer."""
    if not isinstance(text, str) or text not in allowed:
        raise Invalid(N_("Choose what becomes of the appointments."))
    return Fate(text)


@dataclass(frozen=True)
class OrderFields:
    """A work order's data as they are stored. An empty number asks for the next one of the sequence."""

    title: str
    client_id: int
    number: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    description: str = ""
    budget: int | None = None
    currency: str = "USD"
    tags: tuple[str, ...] = ()
    staff_ids: tuple[int, ...] = ()

    def as_recorded(self) -> dict[str, str]:
        """Return the values as the audit trail keeps them."""
        amount = amount_text(self.budget, self.currency)
        return {
            "title": self.title,
            "number": self.number,
            "client_id": str(self.client_id),
            "starts_on": self.starts_on.isoformat() if self.starts_on else "",
            "ends_on": self.ends_on.isoformat() if self.ends_on else "",
            "description": self.description,
            "budget": f"{amount} {self.currency}" if amount else "",
            "tags": ", ".join(sorted(self.tags)),
            "staff_ids": ",".join(map(str, self.staff_ids)),
        }


def form_of(fields: OrderFields) -> dict[str, object]:
    """Return the form that shows a work order."""
    kept = fields.as_recorded()
    names = ("title", "number", "starts_on", "ends_on", "description")
    return {
        **{name: kept[name] for name in names},
        "client": kept["client_id"],
        "tags": ", ".join(fields.tags),
        "budget": amount_text(fields.budget, fields.currency),
        "currency": fields.currency,
        "staff": [str(one) for one in fields.staff_ids],
    }


def read_form(form: Mapping[str, object]) -> OrderFields:
    """Return the work order that a form asks for; raise one Invalid naming every wrong field."""
    errors: dict[str, str] = {}

    def read(rule: Callable[..., Any], *values: Any) -> Any:
        try:
            return rule(*values)
        except Invalid as wrong:
            errors.update(wrong.fields)
            return None

    currency = read(currency_code, form.get("currency"))
    found = {
        "title": read(_title, form),
        "client_id": read(_client, form),
        "number": read(_number, form),
        "starts_on": read(_day, form, "starts_on"),
        "ends_on": read(_day, form, "ends_on"),
        "description": read(_description, form),
        "budget": read(read_amount, _text(form, "budget")[:60], currency or "USD", "budget"),
        "tags": read(tags_of, _text(form, "tags")[:1_000]),
        "staff_ids": read(read_staff, form),
    }
    if found["starts_on"] and found["ends_on"] and found["ends_on"] < found["starts_on"]:
        errors["ends_on"] = N_("This is before the start.")
    if errors:
        raise Invalid(fields=errors)
    return OrderFields(**found, currency=currency)


def _text(form: Mapping[str, object], name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _within(form: Mapping[str, object], name: str, limit: int) -> str:
    text = one_line(_text(form, name), limit + 1)
    if len(text) > limit:
        raise Invalid(fields={name: N_("This is too long.")})
    return text


def _number(form: Mapping[str, object]) -> str:
    """Return the number in plain digits, so that none has a twin which looks the same."""
    return plain_digits(_within(form, "number", NUMBER_LIMIT))


def _title(form: Mapping[str, object]) -> str:
    if not (title := _within(form, "title", TITLE_LIMIT)):
        raise Invalid(fields={"title": N_("Enter a title.")})
    return title


def _client(form: Mapping[str, object]) -> int:
    if not is_id(form.get("client")):
        raise Invalid(fields={"client": N_("Choose a client.")})
    return int(_text(form, "client"))


def _day(form: Mapping[str, object], name: str) -> date | None:
    if not (text := _text(form, name)):
        return None
    day = parse_day(text, name)
    if day.year not in YEARS:
        raise Invalid(fields={name: N_("Enter a year between 1900 and 2200.")})
    return day


def _description(form: Mapping[str, object]) -> str:
    text = many_lines(_text(form, "description"), DESCRIPTION_LIMIT + 1).strip()
    if len(text) > DESCRIPTION_LIMIT:
        raise Invalid(fields={"description": N_("At most 10,000 characters.")})
    return text


class OrderTab(StrEnum):
    """The tabs of a list of work orders."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    DRAFT = "draft"
    ALL = "all"


@dataclass(frozen=True)
class OrderFilter:
    """Which work orders. Empty strings mean "any"; of two days, those that run between them."""

    tab: OrderTab = OrderTab.OPEN
    search: str = ""
    client: str = ""
    staff: str = ""
    tag: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> OrderFilter:
        """Return the filter an address asks for; what it can't read counts as "any"."""
        tab = query.get("tab", "")
        return cls(
            tab=OrderTab(tab) if tab in OrderTab._value2member_map_ else OrderTab.OPEN,
            search=one_line(query.get("q", ""), LONGEST_SEARCH),
            client=id_in_address(query.get("client", "")),
            staff=id_in_address(query.get("staff", "")),
            tag=one_line(query.get("tag", ""), TAG_LIMIT),
            since=day_in_address(query.get("since", "")),
            until=day_in_address(query.get("until", "")),
        )

    def to_query(self) -> dict[str, str]:
        """Return the parameters of the address, without those that say "any"."""
        names = {
            "tab": "" if self.tab is OrderTab.OPEN else self.tab.value,
            "q": self.search,
            "client": self.client,
            "staff": self.staff,
            "tag": self.tag,
            "since": self.since,
            "until": self.until,
        }
        return {name: value for name, value in names.items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether anything but the tab and the client restricts the list."""
        return replace(self, tab=OrderTab.OPEN, client="") != OrderFilter()
