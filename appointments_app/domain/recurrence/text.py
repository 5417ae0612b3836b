"""The text of an RRULE (RFC 5545 §3.3.10): its parts, and its end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from appointments_app.domain.errors import Invalid
from appointments_app.domain.times import to_instant, to_wall
from appointments_app.domain.words import N_

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_RULE = re.compile(r"[A-Z]+=[A-Z0-9,+-]+(;[A-Z]+=[A-Z0-9,+-]+)*")
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")


def parts_of(rrule: str) -> dict[str, str]:
    """Return the parts of a rule by name, in their order; raise Invalid at ``rrule`` for anything else."""
    return dict(read_parts(rrule))


@lru_cache(maxsize=1024)
def read_parts(rrule: str) -> tuple[tuple[str, str], ...]:
    """Return the parts of a rule, a text that many series share."""
    text = rrule.strip().upper()
    if not _RULE.fullmatch(text):
        raise not_a_rule()
    pairs = tuple((name, value) for name, _, value in (part.partition("=") for part in text.split(";")))
    parts = dict(pairs)
    once = len(parts) == len(pairs)
    if not once or "FREQ" not in parts or number(parts.get("INTERVAL", "1")) < 1 or number(parts.get("COUNT", "1")) < 1:
        raise not_a_rule()
    return pairs


def text_of(parts: Mapping[str, object]) -> str:
    """Return the rule that has these parts."""
    return ";".join(f"{name}={value}" for name, value in parts.items())


def number(text: str) -> int:
    """Return the number a part says; raise Invalid at ``rrule`` otherwise."""
    try:
        return int(text)
    except ValueError:
        raise not_a_rule() from None


def numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of a list, sorted."""
    return tuple(sorted(number(one) for one in text.split(",")))


def until_text(instant: datetime) -> str:
    """Return an instant as UNTIL has it: where DTSTART has a zone, UNTIL is UTC."""
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def until_instant(text: str, zone_name: str) -> datetime:
    """Return the last instant an UNTIL allows; a bare date, as other programs write it, is meant whole, on the wall."""
    found = _UNTIL.fullmatch(text)
    try:
        day = datetime.strptime(found[1], "%Y%m%d").date() if found else None  # noqa: DTZ007 - a date has no zone
        at = time.fromisoformat(found[2]) if found and found[2] else time(23, 59, 59)
    except ValueError:
        raise not_a_rule() from None
    if found is None or day is None:
        raise not_a_rule()
    return datetime.combine(day, at, UTC) if found[3] else to_instant(day, at, zone_name)


def last_day(until: datetime, at: time, zone_name: str) -> date:
    """Return the last day on which wall time ``at`` is not after the instant ``until``."""
    day = to_wall(until, zone_name).date() + timedelta(days=1)
    while to_instant(day, at, zone_name) > until:
        day -= timedelta(days=1)
    return day


def not_a_rule() -> Invalid:
    """Return the refusal of a text that is no recurrence rule."""
    return Invalid(fields={"rrule": N_("This is not a recurrence rule.")})
