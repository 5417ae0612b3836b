"""From the cells of one row to a client or an appointment, or to what is wrong with which cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from appointments_app.domain import contact
from appointments_app.domain.appointment import LONGEST, NOTES_LIMIT, SHORTEST, Outcome, Status
from appointments_app.domain.client import ClientFields, birth_date, checked
from appointments_app.domain.errors import Invalid
from appointments_app.domain.importing import dates
from appointments_app.domain.importing.cells import Columns, Refused, RowCells, as_text
from appointments_app.domain.importing.fields import Kind
from appointments_app.domain.importing.options import Options
from appointments_app.domain.importing.table import Cell
from appointments_app.domain.importing.values import NOT_MISSED, read_answer, read_minutes, read_outcome, read_status
from appointments_app.domain.text import fold, many_lines, one_line
from appointments_app.domain.times import to_instant, zone
from appointments_app.domain.words import N_

_FOUR_DIGITS = re.compile(r"\d{4}")
LONGEST_NAME = 80
SEEN = 60_000
"""So many addresses and numbers are remembered: a diary names the same clients again and again."""
NO_NAME = N_("The client's name is missing.")
NO_CLIENT = N_("The row does not say who the client is.")
TOO_LONG = N_("This is too long.")
ALL_DAY = N_("All-day events are not taken in, as chosen.")
NO_END = N_("The end lies before the start, or more than a day after it.")


@dataclass(frozen=True)
class ClientRecord:
    """A client as a row tells of them. ``given``: the fields that the row has anything for."""

    fields: ClientFields
    given: tuple[str, ...]


@dataclass(frozen=True)
class AppointmentRecord:
    """An appointment as a row tells of it; who it is with by what is known of the client."""

    client: ClientFields
    start_at: datetime
    minutes: int | None
    time_zone: str
    action: str = ""
    staff: tuple[str, ...] = ()
    status: Status | None = None
    outcome: str = ""
    shared: bool | None = None
    confirmed_at: datetime | None = None
    notes: str = ""
    created_at: datetime | None = None
    given: tuple[str, ...] = field(default=())


def read_row(
    kind: Kind,
    columns: Columns,
    cells: Sequence[Cell],
    options: Options,
    *,
    today: date,
    is_1904: bool = False,
    is_calendar: bool = False,
) -> ClientRecord | AppointmentRecord:
    """Return what a row tells of; raise Refused. In a calendar a day without a time is an event that lasts all day."""
    row = RowCells(columns, cells, options, today, is_1904, is_calendar)
    record = _client(row) if kind is Kind.CLIENTS else _appointment(row)
    if row.reasons:
        raise Refused(row.reasons)
    return record


@lru_cache(maxsize=SEEN)
def _phone(text: str, region: str) -> str:
    return contact.phone_number(text, region)


@lru_cache(maxsize=SEEN)
def _email(text: str) -> str:
    return contact.email_address(text)


def forget_seen() -> None:
    """Let go of the addresses and numbers that were remembered."""
    _email.cache_clear()
    _phone.cache_clear()


def _person(row: RowCells, name_key: str) -> dict[str, Any]:
    """Return name, business, e-mail and phone; the cells they come from are blamed for what is wrong."""
    name = row.text(name_key) or " ".join(part for part in (row.text("first_name"), row.text("last_name")) if part)
    business = row.text("business_name")
    if name_key not in row.columns and not name:
        name = business
    for key, text, limit in ((name_key, name, 120), ("business_name", business, 120)):
        if len(one_line(text, limit + 1)) > limit:
            row.refuse(key if key in row.columns else "first_name", TOO_LONG)
    phone = row.text("phone").removeprefix("'")  # exports put an apostrophe before what a spreadsheet would run
    return {
        "name": one_line(name, 120),
        "business_name": one_line(business, 120),
        "email": row.read("email", _email, row.text("email").removeprefix("mailto:")) or "",
        "phone": row.read("phone", lambda text: _phone(text, row.options.region), phone) or "",
        "birth_date": row.read("birth_date", lambda cell: _birth_date(row, cell), row.cell("birth_date")) or "",
    }


def _birth_date(row: RowCells, cell: Cell) -> str:
    """Return the day of a cell that may be empty; a year of two digits is of the last hundred years."""
    if cell is None:
        return ""
    moment = _moment(row, cell)
    day = moment.date() if isinstance(moment, datetime) else moment
    if isinstance(cell, str) and day > row.today and not _FOUR_DIGITS.search(dates.tidy(cell)):
        day = day.replace(year=day.year - 100)
    return birth_date(day.isoformat(), row.today)


def _client(row: RowCells) -> ClientRecord:
    person = _person(row, "name")
    if not person["name"]:
        row.refuse("name", NO_NAME)
    values = {
        **person,
        "address": row.joined("address", ", "),
        "notes": row.joined("notes", "\n"),
        "tags": row.joined("tags", ", "),
        "language": _language(row.text("language")),
        "time_zone": row.text("time_zone"),
    }
    try:
        # Phone, e-mail and birth date are in their stored form already.
        known = {"email": "", "phone": "", "name": person["name"] or "-"}
        fields = checked({**values, **known}, row.options.region, today=row.today)
    except Invalid as invalid:
        for key, reason in invalid.fields.items():
            row.refuse(key, reason)
        fields = ClientFields("-")
    fields = replace(fields, email=person["email"], phone=person["phone"])
    given = {"name" if key in ("first_name", "last_name") else key for key in row.given()}
    return ClientRecord(fields, tuple(sorted(given)))


_LANGUAGES = {"english": "en", "arabic": "ar", "العربيه": "ar", "عربي": "ar", "الانجليزيه": "en"}


def _language(text: str) -> str:
    code = fold(text)
    return _LANGUAGES.get(code, code[:2] if code[2:3] in ("-", "_") else code)


def _appointment(row: RowCells) -> AppointmentRecord:
    person = _person(row, "client")
    if not (person["name"] or person["email"] or person["phone"]) and not row.reasons:
        row.refuse("client", NO_CLIENT)
    zone_name = row.read("time_zone", _zone_key, row.text("time_zone") or row.options.time_zone)
    start_at = _start(row, zone_name or row.options.time_zone)
    notes = many_lines(row.joined("notes", "\n"), NOTES_LIMIT + 1).strip()
    if len(notes) > NOTES_LIMIT:
        row.refuse("notes", TOO_LONG)
    status, outcome = _status(row)
    return AppointmentRecord(
        ClientFields(**person),
        start_at or datetime.min.replace(tzinfo=UTC),
        _minutes(row, start_at, zone_name or row.options.time_zone),
        zone_name or row.options.time_zone,
        _name(row, "action", row.text("action")),
        tuple(_name(row, "staff", name) for name in names_in(row.text("staff"))),
        status,
        outcome,
        row.read("shared", read_answer, row.cell("shared")) if row.cell("shared") is not None else None,
        _instant(row, "confirmed", zone_name or row.options.time_zone),
        notes,
        _instant(row, "created", zone_name or row.options.time_zone),
        row.given(),
    )


def _status(row: RowCells) -> tuple[Status | None, str]:
    """Return the status and how it went: either column may tell of both."""
    status = row.read("status", read_status, row.text("status"))
    went = row.read("outcome", read_outcome, row.text("outcome"))
    if isinstance(went, Status):
        return status or went, ""
    if went is None:
        went = read_outcome(row.text("status")) if status is Status.DISMISSED else None
    elif status not in (None, Status.DISMISSED):
        row.refuse("outcome", NOT_MISSED)
    return (Status.DISMISSED, went.value) if isinstance(went, Outcome) else (status, "")


@lru_cache(maxsize=1024)
def _zone_key(name: str) -> str:
    return zone(name).key


@lru_cache(maxsize=4096)
def names_in(text: str) -> tuple[str, ...]:
    """Return the names in a cell: where semicolons or lines part them, commas belong to names."""
    parts = re.split(r"[;؛\n]", text)
    parts = re.split("[,،]", text) if len(parts) == 1 else parts
    return tuple(dict.fromkeys(name for part in parts if (name := one_line(part, LONGEST_NAME * 2))))


def _name(row: RowCells, key: str, text: str) -> str:
    name = one_line(text, LONGEST_NAME + 1)
    if len(name) > LONGEST_NAME:
        row.refuse(key, TOO_LONG)
    return name


def _start(row: RowCells, zone_name: str) -> datetime | None:
    key = "start" if row.cell("start") is not None or "date" not in row.columns else "date"
    moment = row.read(key, lambda cell: _moment(row, cell), row.cell(key))
    if moment is None:
        return None
    if isinstance(moment, datetime) and "time" not in row.columns:
        return _utc(moment, zone_name)
    at = row.read("time", lambda cell: _clock(cell), row.cell("time"))
    if at is None and isinstance(moment, datetime):
        return _utc(moment, zone_name)
    if at is None and row.is_calendar:
        at = row.options.all_day_at
        if at is None:
            row.refuse(key, ALL_DAY)
            return None
    if at is None:
        row.refuse("time" if "time" in row.columns else key, N_("The time is missing."))
        return None
    day = moment.date() if isinstance(moment, datetime) else moment
    return _utc(datetime.combine(day, at), zone_name)


def _moment(row: RowCells, cell: Cell) -> datetime | date:
    if isinstance(cell, date):
        if cell.year not in dates.YEARS:
            raise Invalid(dates.BAD_YEAR)
        return cell
    if cell is None:
        raise Invalid(N_("The date is missing."))
    if isinstance(cell, (bool, time)):
        raise Invalid(dates.NO_DATE)
    if isinstance(cell, str) and not cell.replace(".", "", 1).isdecimal():
        return dates.read_moment(cell, row.options.order)
    if isinstance(cell, str) and len(cell) == len("20260324") and "." not in cell:
        return dates.read_moment(cell, row.options.order)
    wall = dates.from_serial(float(cell), is_1904=row.is_1904)
    return wall if wall.time() != time() else wall.date()


def _clock(cell: Cell) -> time | None:
    if cell is None or isinstance(cell, time):
        return cell
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, float) and 0 <= cell < 1:
        return dates.from_serial(1 + cell, is_1904=True).time()
    return dates.read_time(as_text(cell))


def _utc(wall: datetime, zone_name: str) -> datetime:
    if wall.tzinfo is not None:
        return wall.astimezone(UTC)
    return to_instant(wall.date(), wall.time(), zone_name)


def _instant(row: RowCells, key: str, zone_name: str) -> datetime | None:
    """Return the instant in a cell that may be empty; midnight where it has no time, and none for a plain no."""
    cell = row.cell(key)
    if cell is None or isinstance(cell, bool) or (isinstance(cell, str) and _is_answer(cell)):
        return None
    moment = row.read(key, lambda value: _moment(row, value), cell)
    if moment is None:
        return None
    return _utc(moment if isinstance(moment, datetime) else datetime.combine(moment, time()), zone_name)


def _is_answer(text: str) -> bool:
    try:
        read_answer(text)
    except Invalid:
        return False
    return True


def _minutes(row: RowCells, start_at: datetime | None, zone_name: str) -> int | None:
    minutes = row.read("minutes", read_minutes, row.cell("minutes"))
    end = row.cell("end")
    if minutes is not None or end is None or start_at is None or row.place("minutes") in row.reasons:
        return minutes
    wall = start_at.astimezone(zone(zone_name))
    try:
        end_at = _end(row, end, wall, zone_name)
    except Invalid as invalid:
        row.refuse("end", invalid.message)
        return None
    if end_at is None:
        return None
    lasting = round((end_at - start_at).total_seconds() / 60)
    if not SHORTEST <= lasting <= LONGEST:
        row.refuse("end", NO_END)
        return None
    return lasting


def _end(row: RowCells, cell: Cell, wall: datetime, zone_name: str) -> datetime | None:
    try:
        at = _clock(cell) if not isinstance(cell, (datetime, int)) else None
    except Invalid:
        at = None
    if at is not None:
        day = wall.date() + timedelta(days=at <= wall.time().replace(second=0, microsecond=0))
        return _utc(datetime.combine(day, at), zone_name)
    moment = _moment(row, cell)
    return _utc(moment, zone_name) if isinstance(moment, datetime) else None
