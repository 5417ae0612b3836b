"""The booking form: from what was typed to a value that can be stored, or the fields that are wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from appointments_app.domain.appointment import LONGEST, NOTES_LIMIT, YEARS, end_of
from appointments_app.domain.errors import Invalid
from appointments_app.domain.listing import is_id
from appointments_app.domain.text import many_lines, one_line
from appointments_app.domain.times import parse_day, parse_time, to_instant, to_wall
from appointments_app.domain.words import N_

PRESETS = (15, 30, 45, 60, 90, 120)
USUAL = 30
REASON_LIMIT = 500
MOST_STAFF = 50
_ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)
_TOKEN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Booking:
    """What the form decides about an appointment. Instants are UTC; ``time_zone`` is the one it was meant in."""

    client_id: int
    action_id: int | None
    start_at: datetime
    end_at: datetime
    time_zone: str
    staff_ids: tuple[int, ...]
    notes: str
    shared: bool
    work_order_id: int | None = None

    @property
    def is_independent(self) -> bool:
        """Whether it belongs to no other record: then its action says what it is."""
        return self.work_order_id is None

    @property
    def minutes(self) -> int:
        """The duration."""
        return int((self.end_at - self.start_at).total_seconds() // 60)


def is_form_token(token: object) -> bool:
    """Whether ``token`` is one that a new form may carry: a UUID."""
    return isinstance(token, str) and _TOKEN.fullmatch(token) is not None


def asked_for(query: Mapping[str, str]) -> dict[str, object]:
    """Return what the address of a new form already decides: client, work order, action, date, time, duration, staff.

    What is no such value is left out, as if it had not been asked for; ``staff`` is ids with commas between them.
    """
    wanted: dict[str, object] = {}
    for name, read in (
        ("client", is_id),
        ("work_order", is_id),
        ("action", is_id),
        ("date", _is_day),
        ("time", _is_time),
        ("duration", is_id),
    ):
        if read(query.get(name, "")):
            wanted[name] = query[name]
    staff = [one for one in query.get("staff", "").split(",")[:MOST_STAFF] if is_id(one)]
    return wanted | ({"staff": staff} if staff else {}) | ({"duration_chosen": True} if "duration" in wanted else {})


def _is_day(text: str) -> bool:
    return len(text) == len("2026-03-24") and _reads(_day, text)


def _is_time(text: str) -> bool:
    return len(text) == len("10:00") and _reads(parse_time, text)


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except Invalid:
        return False
    return True


def read_form(form: Mapping[str, object], *, zone_name: str, kept: Booking | None = None) -> Booking:
    """Return the booking a form asks for; raise Invalid naming every wrong field.

    ``kept`` is the stored one: an untouched time keeps its very instant, which a repeated hour could not give back.
    """
    errors: dict[str, str] = {}
    client_id = _read(errors, _id, form.get("client"), "client", N_("Choose a client."))
    work_order_id = _read(errors, _work_order, form.get("work_order"))
    action_id = _read(errors, _action, form.get("action"))
    if not (action_id or work_order_id or errors.keys() & {"action", "work_order"}) and not _may_lack_action(kept):
        errors["action"] = N_("Choose an action.")
    times = _read(errors, _times, form, zone_name, kept)
    staff_ids = _read(errors, read_staff, form)
    notes = _read(errors, _notes, form.get("notes"))
    if errors or client_id is None or times is None:
        raise Invalid(fields=errors)
    start_at, end_at = times
    moved = kept is None or kept.start_at != start_at
    return Booking(
        client_id,
        action_id,
        start_at,
        end_at,
        zone_name if moved else kept.time_zone,  # type: ignore[union-attr]
        staff_ids or (),
        notes or "",
        form.get("shared") is True,
        work_order_id,
    )


def read_staff(form: Mapping[str, object]) -> tuple[int, ...]:
    """Return whom a form assigns, in order; raise Invalid at staff."""
    value = form.get("staff")
    several = value if isinstance(value, (list, tuple)) else []
    if len(several) > MOST_STAFF:
        raise Invalid(fields={"staff": N_("At most 50 staff members.")})
    return tuple(sorted({_id(one, "staff", N_("Choose staff members from the list.")) for one in several}))


def read_times(form: Mapping[str, object], *, zone_name: str, kept: Booking | None = None) -> tuple[datetime, datetime]:
    """Return start and end of a form; raise Invalid at date, time and duration."""
    return _times(form, zone_name, kept)


def form_of(booking: Booking, *, zone_name: str) -> dict[str, object]:
    """Return the form that shows a booking in a person's own zone."""
    wall = to_wall(booking.start_at, zone_name)
    return {
        "client": str(booking.client_id),
        "action": str(booking.action_id or ""),
        "date": wall.strftime("%Y-%m-%d"),
        "time": wall.strftime("%H:%M"),
        "duration": str(booking.minutes),
        "staff": [str(one) for one in booking.staff_ids],
        "notes": booking.notes,
        "shared": booking.shared,
        "work_order": str(booking.work_order_id or ""),
    }


def read_reason(text: object) -> str:
    """Return why somebody is booked twice; raise Invalid when it is missing or too long."""
    reason = one_line(_text(text), REASON_LIMIT + 1)
    if not reason:
        raise Invalid(fields={"reason": N_("Enter a reason.")})
    if len(reason) > REASON_LIMIT:
        raise Invalid(fields={"reason": N_("At most 500 characters.")})
    return reason


def _read(errors: dict[str, str], read: Callable[..., Any], *values: Any) -> Any:
    try:
        return read(*values)
    except Invalid as invalid:
        errors.update(invalid.fields)
        return None


def _id(value: object, field: str, message: str) -> int:
    text = str(value) if isinstance(value, (str, int)) else ""
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Invalid(fields={field: message})
    return int(text)


def _times(form: Mapping[str, object], zone_name: str, kept: Booking | None) -> tuple[datetime, datetime]:
    errors: dict[str, str] = {}
    day = _read(errors, _day, form.get("date"))
    at = _read(errors, parse_time, str(form.get("time") or ""))
    minutes = _read(errors, _minutes, form.get("duration"))
    if errors or day is None or at is None or minutes is None:
        raise Invalid(fields=errors)
    start_at = to_instant(day, at.replace(second=0, microsecond=0), zone_name)
    if kept is not None and to_wall(kept.start_at, zone_name).strftime("%Y-%m-%d %H:%M") == f"{day} {at:%H:%M}":
        start_at = kept.start_at
        if minutes == kept.minutes:
            return start_at, kept.end_at
    return start_at, end_of(start_at, minutes)


def _action(value: object) -> int | None:
    return _id(value, "action", N_("Choose an action from the list.")) if value else None


def _work_order(value: object) -> int | None:
    return _id(value, "work_order", N_("Choose a work order from the list.")) if value else None


def _may_lack_action(kept: Booking | None) -> bool:
    """Whether an independent appointment is stored without an action: it came from elsewhere, or lost its record."""
    return kept is not None and kept.is_independent and kept.action_id is None


def _minutes(value: object) -> int:
    minutes = _id(value, "duration", N_("Enter a duration in minutes."))
    end_of(_ANY_DAY, min(minutes, LONGEST + 1))
    return minutes


def _day(value: object) -> date:
    day = parse_day(str(value or ""))
    if day.year not in YEARS:
        raise Invalid(fields={"date": N_("Enter a year between 1900 and 2200.")})
    return day


def _notes(value: object) -> str:
    text = _text(value)
    notes = many_lines(text, len(text))
    if len(notes) > NOTES_LIMIT:
        raise Invalid(fields={"notes": N_("At most 10,000 characters.")})
    return notes


def _text(value: object) -> str:
    """Return text that can be stored: half a surrogate pair, which only a faulty program sends, becomes a mark."""
    text = value if isinstance(value, str) else ""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
