"""iCalendar files: each event a row, each series one row with its rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any

import icalendar

from appointments_app.domain.errors import Invalid
from appointments_app.domain.importing.table import Cell, Repeating, Row
from appointments_app.domain.times import zone
from appointments_app.domain.words import N_
from appointments_app.integrations.imports.table import DAMAGED, unreadable

MOST_BYTES = 30_000_000
TITLES = ("Start", "End", "Title", "Client", "Attendee e-mail", "Staff", "Status", "Notes", "Location", "Created")
_MIDNIGHT = re.compile(r"(UNTIL=\d{8})T000000Z?")
"""The end of what repeats all day, as some programs write it: the day is meant, whole."""
_WINDOW = re.compile(r"\s*[–—]\s*|\s+-\s+")


def calendar_rows(path: Path) -> Iterator[Row]:
    """Yield the titles and then the events of the file, series once; raise Invalid."""
    if path.stat().st_size > MOST_BYTES:
        raise unreadable(N_("The calendar is larger than 30 MB. Split it into smaller ones."))
    content = path.read_bytes()
    if not content.rstrip().upper().endswith(b"END:VCALENDAR"):
        raise unreadable(DAMAGED)
    try:
        calendars = icalendar.Calendar.from_ical(content, multiple=True)
    except (ValueError, IndexError, KeyError, TypeError) as error:
        raise unreadable(DAMAGED) from error
    yield Row(1, list(TITLES))
    changed: dict[str, list[Any]] = {}
    events: list[Any] = []
    for calendar in calendars:
        for event in calendar.walk("VEVENT"):
            if "RECURRENCE-ID" in event:
                changed.setdefault(str(event.get("UID", "")), []).append(event)
            else:
                events.append(event)
    for number, event in enumerate(events, 2):
        yield _row(number, event, changed.pop(str(event.get("UID", "")), []))
    alone = [event for several in changed.values() for event in several]
    for number, event in enumerate(alone, len(events) + 2):
        yield _row(number, event, [])


def _row(number: int, event: Any, changed: list[Any]) -> Row:
    """Return an event as a row; one that makes no sense has a start that is none, so that it is refused."""
    try:
        return _event(number, event, changed)
    except (ValueError, TypeError, AttributeError, OverflowError):  # properties that are broken, twice, beyond time
        return Row(number, ["?", None, "", _text(event, "SUMMARY")])


def _event(number: int, event: Any, changed: list[Any]) -> Row:
    summary = _text(event, "SUMMARY")
    attendees = event.get("ATTENDEE", [])
    guest = next(iter(attendees if isinstance(attendees, list) else [attendees]), None)
    name = str(guest.params.get("CN", "")) if guest is not None else ""
    mail = str(guest).removeprefix("mailto:").removeprefix("MAILTO:") if guest is not None else ""
    who, what = (name, summary) if name or mail else _parted(summary)
    start = _moment(event, "DTSTART")
    categories = event.get("CATEGORIES")
    kinds = ", ".join(map(str, getattr(categories, "cats", []))) if categories is not None else ""
    cells: list[Cell] = [
        start,
        _end(event, start),
        kinds or what,
        who,
        mail if "@" in mail else "",
        "",
        "Cancelled" if _text(event, "STATUS").upper() == "CANCELLED" else "",
        _text(event, "DESCRIPTION"),
        _text(event, "LOCATION"),
        _moment(event, "CREATED"),
    ]
    return Row(number, cells, _repeating(event, changed))


def _parted(summary: str) -> tuple[str, str]:
    """Return client and action of a title such as "Cleo Karim – Haircut"; all of it is the client's name otherwise."""
    who, *rest = _WINDOW.split(summary, maxsplit=1)
    return (who, rest[0]) if rest else (summary, "")


def _text(event: Any, name: str) -> str:
    value = event.get(name, "")
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _moment(event: Any, name: str) -> datetime | date | None:
    value = getattr(event.get(name), "dt", None)
    if isinstance(value, datetime):
        return _plain(value)
    return value if isinstance(value, date) else None


def _plain(value: datetime) -> datetime:
    """Return an instant where the time has a zone, a wall time where it has none."""
    return value.astimezone(UTC) if value.tzinfo is not None else value


def _end(event: Any, start: datetime | date | None) -> datetime | date | None:
    if (end := _moment(event, "DTEND")) is not None:
        return end
    lasting = getattr(event.get("DURATION"), "dt", None)
    return start + lasting if isinstance(lasting, timedelta) and isinstance(start, datetime) else None


def _repeating(event: Any, changed: list[Any]) -> Repeating | None:
    rule = event.get("RRULE")
    start = getattr(event.get("DTSTART"), "dt", None)
    if rule is None or not isinstance(start, date):
        return None
    if is_all_day := not isinstance(start, datetime):
        start = datetime.combine(start, time())
    rules = rule if isinstance(rule, list) else [rule]
    zone_name = _zone_name(start.tzinfo)
    excluded = event.get("EXDATE", [])
    cancelled = {
        wall
        for each in (excluded if isinstance(excluded, list) else [excluded])
        for one in getattr(each, "dts", [])
        if (wall := _wall(one.dt, start)) is not None
    }
    moved: dict[datetime, tuple[datetime | date, int]] = {}
    for one in changed:
        name, begin = _wall(one["RECURRENCE-ID"].dt, start), _moment(one, "DTSTART")
        if name is None:
            continue
        if _text(one, "STATUS").upper() == "CANCELLED":
            cancelled.add(name)
            continue
        if begin is None:
            continue
        end = _end(one, begin)
        lasting = end - begin if isinstance(begin, datetime) and isinstance(end, datetime) else timedelta()
        moved[name] = (begin, round(lasting.total_seconds() / 60))
    text = rules[0].to_ical().decode()
    if is_all_day:
        text = _MIDNIGHT.sub(r"\1", text)
    return Repeating(start.replace(tzinfo=None), zone_name, text, frozenset(cancelled), moved, is_all_day)


def _wall(value: datetime | date, start: datetime) -> datetime | None:
    """Return the wall time by which an occurrence is called in its series."""
    if not isinstance(value, datetime):
        return datetime.combine(value, start.time())
    if value.tzinfo is None or start.tzinfo is None:
        return value.replace(tzinfo=None)
    return value.astimezone(start.tzinfo).replace(tzinfo=None)


def _zone_name(place: tzinfo | None) -> str:
    """Return the zone's IANA name, '' for none: then it is the business's."""
    name = str(getattr(place, "key", "") or getattr(place, "zone", "") or ("UTC" if place is UTC else ""))
    try:
        return zone(name).key if name else ""
    except Invalid:
        return "UTC" if name in ("UTC", "Etc/UTC", "GMT") else ""
