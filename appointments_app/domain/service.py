"""What the form of a service and of its working hours decide, or the fields that are wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from appointments_app.domain.appointment import LONGEST, SHORTEST, YEARS
from appointments_app.domain.availability import DAY
from appointments_app.domain.booking import MOST_STAFF
from appointments_app.domain.colours import COLOURS
from appointments_app.domain.contact import required_name
from appointments_app.domain.errors import Invalid, check_all
from appointments_app.domain.listing import is_id
from appointments_app.domain.money import CURRENCIES, currency_code, read_amount
from appointments_app.domain.text import many_lines, one_line
from appointments_app.domain.times import parse_day
from appointments_app.domain.words import N_

NAME_LIMIT = 80
DESCRIPTION_LIMIT = 500
NOTE_LIMIT = 80
LONGEST_BUFFER = 4 * 60
STEPS = (5, 10, 15, 20, 30, 60)
WEEK = range(7)
MOST_NOTICE = 24 * 30
MOST_AHEAD = 365
MOST_BOOKINGS = 50
MOST_SPANS = 2
"""So many spans of hours a day may have."""


@dataclass(frozen=True)
class ServiceFields:
    """A service as its form decides it."""

    name: str
    description: str
    minutes: int
    before: int
    after: int
    price: int | None
    currency: str
    action_id: int | None
    colour: str
    staff_ids: tuple[int, ...]
    clients_book: bool


def read_service(form: Mapping[str, object]) -> ServiceFields:
    """Return what was typed; raise Invalid with every wrong field at once."""
    code = form.get("currency")
    known = code if isinstance(code, str) and code in CURRENCIES else "USD"
    check_all(
        lambda: _name(form),
        lambda: _number(form, "minutes", SHORTEST, LONGEST, N_("Between 5 minutes and 24 hours.")),
        lambda: _buffer(form, "before"),
        lambda: _buffer(form, "after"),
        lambda: currency_code(code),
        lambda: read_amount(_text(form, "price"), known, "price"),
        lambda: _staff(form),
    )
    colour, action = form.get("colour"), form.get("action")
    return ServiceFields(
        name=_name(form),
        description=many_lines(_text(form, "description"), DESCRIPTION_LIMIT).strip(),
        minutes=_number(form, "minutes", SHORTEST, LONGEST, ""),
        before=_buffer(form, "before"),
        after=_buffer(form, "after"),
        price=read_amount(_text(form, "price"), known, "price"),
        currency=known,
        action_id=int(str(action)) if is_id(action) else None,
        colour=colour if isinstance(colour, str) and colour in COLOURS else "gray",
        staff_ids=_staff(form),
        clients_book=form.get("clients_book") in ("yes", True),
    )


def read_hours(days: object) -> dict[int, tuple[tuple[int, int], ...]]:
    """Return the hours of a week as typed: by weekday, pairs of ``HH:MM``. Raises Invalid at ``day-0`` … ``day-6``."""
    wanted = days if isinstance(days, Mapping) else {}
    found: dict[int, tuple[tuple[int, int], ...]] = {}
    wrong: dict[str, str] = {}
    for day in WEEK:
        try:
            spans = read_spans(wanted.get(str(day), ()), f"day-{day}")
        except Invalid as refusal:
            wrong |= refusal.fields
            continue
        if spans:
            found[day] = spans
    if wrong:
        raise Invalid(fields=wrong)
    return found


def read_spans(typed: object, field: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of one day in order; raise Invalid at ``field`` for what is none, overlaps, or is too much."""
    pairs = typed if isinstance(typed, Sequence) and not isinstance(typed, str) else ()
    spans = sorted(_span(pair, field) for pair in list(pairs)[: MOST_SPANS + 1])
    if len(spans) > MOST_SPANS:
        raise Invalid(fields={field: N_("At most two spans a day.")})
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise Invalid(fields={field: N_("These hours overlap.")})
    return tuple(spans)


def read_step(step: object) -> int:
    """Return the minutes between the starts on offer; raise Invalid for what is none of STEPS."""
    if not isinstance(step, str) or step not in map(str, STEPS):
        raise Invalid(fields={"step": N_("Choose how often a booking may begin.")})
    return int(step)


@dataclass(frozen=True)
class OfferRules:
    """How bookings are offered: to everybody ``step``, to clients who book by themselves the others.

    ``step`` and ``notice`` are minutes, ``ahead`` is days.
    """

    step: int
    notice: int
    ahead: int
    per_client: int
    must_confirm: bool


def read_rules(form: Mapping[str, object]) -> OfferRules:
    """Return the rules of a form, in which the notice is in hours; raise Invalid with every wrong field at once."""
    check_all(
        lambda: read_step(form.get("step")),
        lambda: _number(form, "notice", 0, MOST_NOTICE, N_("Between 0 and 720 hours.")),
        lambda: _number(form, "ahead", 1, MOST_AHEAD, N_("Between 1 and 365 days.")),
        lambda: _number(form, "per_client", 1, MOST_BOOKINGS, N_("Between 1 and 50 bookings.")),
    )
    return OfferRules(
        step=read_step(form.get("step")),
        notice=60 * _number(form, "notice", 0, MOST_NOTICE, ""),
        ahead=_number(form, "ahead", 1, MOST_AHEAD, ""),
        per_client=_number(form, "per_client", 1, MOST_BOOKINGS, ""),
        must_confirm=form.get("must_confirm") is True or form.get("must_confirm") == "on",
    )


def read_days(first: object, last: object) -> tuple[date, date]:
    """Return the first and the last day of a leave; raise Invalid at ``first_day`` and ``last_day``."""
    begins = _day(first, "first_day")
    ends = _day(last, "last_day") if last else begins
    if ends < begins:
        raise Invalid(fields={"last_day": N_("The last day lies before the first.")})
    return begins, ends


def read_note(note: object) -> str:
    """Return a short note."""
    return one_line(note if isinstance(note, str) else "", NOTE_LIMIT)


def clock(minute: int) -> str:
    """Return a minute of the day as ``09:00``; midnight at its end is ``00:00``."""
    return "{:02}:{:02}".format(*divmod(minute % DAY, 60))


def _span(pair: object, field: str) -> tuple[int, int]:
    if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
        raise Invalid(fields={field: N_("Enter from when to when.")})
    opens, closes = (_minute(one, field) for one in pair)
    closes = closes or DAY
    if closes <= opens:
        raise Invalid(fields={field: N_("The end lies before the beginning.")})
    return opens, closes


def _minute(text: object, field: str) -> int:
    parts = text.split(":") if isinstance(text, str) and len(text) == len("09:00") and text.isascii() else []
    if len(parts) == 2 and all(part.isdigit() for part in parts) and int(parts[0]) < 24 and int(parts[1]) < 60:
        return int(parts[0]) * 60 + int(parts[1])
    raise Invalid(fields={field: N_("Enter from when to when.")})


def _day(text: object, field: str) -> date:
    day = parse_day(text if isinstance(text, str) else "", field)
    if day.year not in YEARS:
        raise Invalid(fields={field: N_("Enter a year between 1900 and 2200.")})
    return day


def _name(form: Mapping[str, object]) -> str:
    name = required_name(_text(form, "name"))
    if len(name) > NAME_LIMIT:
        raise Invalid(fields={"name": N_("At most 80 characters.")})
    return name


def _buffer(form: Mapping[str, object], field: str) -> int:
    return _number(form, field, 0, LONGEST_BUFFER, N_("Between 0 and 240 minutes.")) if form.get(field) else 0


def _number(form: Mapping[str, object], field: str, least: int, most: int, message: str) -> int:
    text = str(form.get(field, "")).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 6 and least <= int(text) <= most):
        raise Invalid(fields={field: message})
    return int(text)


def _staff(form: Mapping[str, object]) -> tuple[int, ...]:
    several = form.get("staff")
    ids = [one for one in several if is_id(one)] if isinstance(several, (list, tuple)) else []
    if len(ids) > MOST_STAFF:
        raise Invalid(fields={"staff": N_("At most 50 staff members.")})
    return tuple(sorted({int(str(one)) for one in ids}))


def _text(form: Mapping[str, object], name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
