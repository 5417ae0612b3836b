"""From the cells of one row to a client or an appointment, or to what is wrong with which cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from appointments_app.domain import contact
from appointments_app.domain.appointment import LONGEST, NOTES_LIMIT, SHORTEST, Status
from appointments_app.domain.client import ClientFields, checked
from appointments_app.domain.errors import Invalid
from appointments_app.domain.importing import dates
from appointments_app.domain.importing.fields import Kind
from appointments_app.domain.importing.options import Options
from appointments_app.domain.importing.table import Cell
from appointments_app.domain.importing.values import read_answer, read_minutes, read_status
from appointments_app.domain.text import fold, many_lines, one_line
from appointments_app.domain.times import to_instant, zone
from appointments_app.domain.words import N_

WHOLE_ROW = -1
LONGEST_NAME = 80
SEEN = 60_000
"""So many addresses and numbers are remembered: a diary names the same clients again and again."""
NO_NAME = N_("The client's name is missing.")
NO_CLIENT = N_("The row does not say who the client is.")
TOO_LONG = N_("This is too long.")
ALL_DAY = N_("All-day events are not taken in, as chosen.")
NO_END = N_("The end lies before the start, or more than a day after it.")


class Refused(Exception):
    """A row that can't be taken in: column → why; ``WHOLE_ROW`` where no one cell is to blame."""

    def __init__(self, reasons: Mapping[int, str]) -> None:
        self.reasons = dict(reasons)
        super().__init__()


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
    shared: bool | None = None
    confirmed_at: datetime | None = None
    notes: str = ""
    created_at: datetime | None = None
    given: tuple[str, ...] = field(default=())


Columns = Mapping[str, Sequence[int]]
"""Field → the columns that hold it."""


def columns_of(mapping: Mapping[int, str]) -> dict[str, list[int]]:
    """Return the columns of each field."""
    columns: dict[str, list[int]] = {}
    for place, key in sorted(mapping.items()):
        columns.setdefault(key, []).append(place)
    return columns


def read_row(
    kind: Kind,
    columns: Columns,
    cells: Sequence[Cell],
    options: Options,
    *,
    is_1904: bool = False,
    is_calendar: bool = False,
) -> ClientRecord | AppointmentRecord:
    """Return what a row tells of; raise Refused. In a calendar a day without a time is an event that lasts all day."""
    row = _Row(columns, cells, options, is_1904, is_calendar)
    record = _client(row) if kind is Kind.CLIENTS else _appointment(row)
    if row.reasons:
        raise Refused(row.reasons)
    return record


class _Row:
    """The cells of one row by field, and what was found wrong with them."""

    def __init__(
        self, columns: Columns, cells: Sequence[Cell], options: Options, is_1904: bool, is_calendar: bool
    ) -> None:
        self.columns, self.cells, self.options = columns, cells, options
        self.is_1904, self.is_calendar = is_1904, is_calendar
        self.reasons: dict[int, str] = {}
        self._values = {key: self._at(places[0]) for key, places in columns.items()}

    def cell(self, key: str) -> Cell:
        return self._values.get(key)

    def place(self, key: str) -> int:
        return next(iter(self.columns.get(key, ())), WHOLE_ROW)

    def text(self, key: str) -> str:
        return as_text(self.cell(key))

    def joined(self, key: str, between: str) -> str:
        places = [place for place in self.columns.get(key, ()) if place < len(self.cells)]
        return between.join(text for place in places if (text := as_text(self.cells[place]).strip()))

    def refuse(self, key: str, reason: str) -> None:
        self.reasons.setdefault(self.place(key), reason)

    def read(self, key: str, rule: Callable[[Any], Any], value: Any) -> Any:
        """Return what the rule makes of a value; None and a reason at the cell when it refuses."""
        try:
            return rule(value)
        except Invalid as invalid:
            self.refuse(key, next(iter(invalid.fields.values()), invalid.message))
            return None

    def given(self) -> tuple[str, ...]:
        return tuple(
            key
            for key, value in self._values.items()
            if value is not None or any(self._at(place) is not None for place in self.columns[key][1:])
        )

    def _at(self, place: int) -> Cell:
        value = self.cells[place] if place < len(self.cells) else None
        return (value.strip() or None) if isinstance(value, str) else value


def as_text(cell: Cell) -> str:
    """Return a cell as text: whole numbers without a point, dates as ISO writes them."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)


@lru_cache(maxsize=SEEN)
def _phone(text: str, region: str) -> str:
    return contact.phone_number(text, region)


@lru_cache(maxsize=SEEN)
def _email(text: str) -> str:
    return contact.email_address(text)


def _person(row: _Row, name_key: str) -> dict[str, Any]:
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
    }


def _client(row: _Row) -> ClientRecord:
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
        # Phone and e-mail are in their stored form already.
        known = {"email": "", "phone": "", "name": person["name"] or "-"}
        fields = checked({**values, **known}, row.options.region)
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


def _appointment(row: _Row) -> AppointmentRecord:
    person = _person(row, "client")
    if not (person["name"] or person["email"] or person["phone"]) and not row.reasons:
        row.refuse("client", NO_CLIENT)
    zone_name = row.read("time_zone", _zone_key, row.text("time_zone") or row.options.time_zone)
    start_at = _start(row, zone_name or row.options.time_zone)
    notes = many_lines(row.joined("notes", "\n"), NOTES_LIMIT + 1).strip()
    if len(notes) > NOTES_LIMIT:
        row.refuse("notes", TOO_LONG)
    return AppointmentRecord(
        ClientFields(**person),
        start_at or datetime.min.replace(tzinfo=UTC),
        _minutes(row, start_at, zone_name or row.options.time_zone),
        zone_name or row.options.time_zone,
        _name(row, "action", row.text("action")),
        tuple(_name(row, "staff", name) for name in _names(row.text("staff"))),
        row.read("status", read_status, row.text("status")),
        row.read("shared", read_answer, row.cell("shared")) if row.cell("shared") is not None else None,
        _instant(row, "confirmed", zone_name or row.options.time_zone),
        notes,
        _instant(row, "created", zone_name or row.options.time_zone),
        row.given(),
    )


@lru_cache(maxsize=1024)
def _zone_key(name: str) -> str:
    return zone(name).key


@lru_cache(maxsize=4096)
def _names(text: str) -> tuple[str, ...]:
    parts = text.replace(";", ",").replace("،", ",").replace("\n", ",").split(",")
    return tuple(dict.fromkeys(name for part in parts if (name := one_line(part, LONGEST_NAME * 2))))


def _name(row: _Row, key: str, text: str) -> str:
    name = one_line(text, LONGEST_NAME + 1)
    if len(name) > LONGEST_NAME:
        row.refuse(key, TOO_LONG)
    return name


def _start(row: _Row, zone_name: str) -> datetime | None:
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


def _moment(row: _Row, cell: Cell) -> datetime | date:
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


def _instant(row: _Row, key: str, zone_name: str) -> datetime | None:
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


def _minutes(row: _Row, start_at: datetime | None, zone_name: str) -> int | None:
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


def _end(row: _Row, cell: Cell, wall: datetime, zone_name: str) -> datetime | None:
    try:
        at = _clock(cell) if not isinstance(cell, (datetime, int)) else None
    except Invalid:
        at = None
    if at is not None:
        day = wall.date() + timedelta(days=at <= wall.time().replace(second=0, microsecond=0))
        return _utc(datetime.combine(day, at), zone_name)
    moment = _moment(row, cell)
    return _utc(moment, zone_name) if isinstance(moment, datetime) else None
