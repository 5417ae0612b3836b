"""Use-cases of the calendar: what its views show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from appointments_app import runtime
from appointments_app.db.queries import appointments, booking, calendar, closed_days, hours, pickers, sign_ins
from appointments_app.db.queries.appointments import AppointmentRow
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.availability import DAY, Span, as_minutes, on_wall, shifts
from appointments_app.domain.calendar import CalendarFilter, CalendarPlace, View
from appointments_app.domain.errors import NotFound
from appointments_app.domain.listing import AppointmentFilter, record_id
from appointments_app.domain.times import iso, to_instant, to_wall
from appointments_app.features.appointments.service import look_ahead

MOST = {View.MONTH: 4, View.WEEK: 40, View.AGENDA: 40}
"""So many appointments of a crowded day are sent; of the rest only how many there are."""
CROWDED = 120
"""A week with more than this many is shown by day, not by hour."""
MOST_OF_A_DAY = 1_000
MOST_COLUMNS = 60
BY_HOUR = (View.WEEK, View.DAY, View.BOARD)


@dataclass(frozen=True)
class Entry:
    """One appointment on a calendar: ``start`` and ``end`` on the reader's wall, ``at`` the instant it begins."""

    id: int
    at: str
    start: str
    end: str
    minutes: int
    client: str
    action: str
    tone: str
    status: str
    outcome: str
    over: bool
    shared: bool
    confirmed: bool
    recurring: bool
    staff: list[int]
    kind: str
    number: str
    """Of the record it belongs to."""


@dataclass(frozen=True)
class Day:
    """One day of a view: how many appointments begin on it, and why the business is closed, '' when it is open."""

    day: str
    count: int
    closed: str = ""
    is_closed: bool = False


@dataclass(frozen=True)
class DayHours:
    """When somebody works on a day, in minutes of the reader's wall; ``staff`` '': all who are shown, together."""

    day: str
    staff: str
    spans: list[list[int]]


@dataclass(frozen=True)
class Away:
    """Days on which somebody is away, the last one included; why is said only to those who may know."""

    staff: str
    name: str
    first_day: str
    last_day: str
    note: str


@dataclass(frozen=True)
class CalendarView:
    """What a view shows. ``crowded``: too many to stand by hour, or to be all sent; the days say how many."""

    place: CalendarPlace
    days: list[Day]
    entries: list[Entry]
    crowded: bool
    columns: list[Choice]
    """The staff of the board; elsewhere colour and name of everybody who has an entry."""
    today: date
    tomorrow: str
    total: int
    """How many appointments there are, and ``people`` how many columns, if a day had room for all."""
    people: int
    hours: list[DayHours] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)
    action_choices: list[Choice] = field(default_factory=list)
    staff_choices: list[Choice] = field(default_factory=list)


def calendar_view(uow: UnitOfWork, *, actor: Actor, wanted: CalendarFilter, query: dict[str, str]) -> CalendarView:
    """Return what the address asks for, with the choices of the filters."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        today = to_wall(tx.now, actor.time_zone).date()
        business = sign_ins.business(tx)
    first = runtime.first_weekday(business.phone_region) if business else 0
    place = CalendarPlace.from_query(query, today=today, first_weekday=first)
    days = place.days
    reached = AppointmentFilter(since=days[0].isoformat(), until=days[-1].isoformat())
    look_ahead(uow, actor=actor, wanted=reached)
    with uow.read() as tx:
        rows, counts = _rows(tx, actor, wanted, place)
        closed = closed_days.names_of(tx, days)
        action_choices, staff_choices = pickers.of_filters(tx)
        asked = [one for one in staff_choices if not wanted.staff_ids or int(one.id) in wanted.staff_ids]
        columns = _columns(rows, asked if place.view is View.BOARD else [])
        shown = [int(one.id) for one in (columns[:MOST_COLUMNS] if place.view is View.BOARD else asked)]
        return CalendarView(
            place=place,
            days=[
                Day(day.isoformat(), n, closed.get(day, ""), day in closed) for day, n in zip(days, counts, strict=True)
            ],
            entries=[_entry(row, actor.time_zone) for row in rows],
            crowded=place.view in MOST and sum(counts) > (CROWDED if place.view is View.WEEK else len(rows)),
            columns=sorted(columns[:MOST_COLUMNS], key=lambda one: (one.name, one.id)),
            today=today,
            tomorrow=iso(_midnight(today + timedelta(days=1), actor)),
            total=max(sum(counts), len(rows)),
            people=len(columns),
            hours=_hours(tx, actor, place, shown) if place.view in BY_HOUR else [],
            away=_away(tx, actor, days, shown),
            action_choices=action_choices,
            staff_choices=staff_choices,
        )


def _rows(tx: Tx, actor: Actor, wanted: CalendarFilter, place: CalendarPlace) -> tuple[list[AppointmentRow], list[int]]:
    """Return the appointments that are sent, and how many begin on each day."""
    days = place.days
    spans = [(_midnight(day, actor), _midnight(day + timedelta(days=1), actor)) for day in days]
    whole = spans[0][0], spans[-1][1]
    if place.view not in MOST:
        rows = calendar.rows_within(tx, actor, wanted, *whole, MOST_OF_A_DAY)
        return rows, calendar.counts_of_each(tx, actor, wanted, spans) if len(rows) == MOST_OF_A_DAY else [len(rows)]
    counts = calendar.counts_of_each(tx, actor, wanted, spans)
    if place.view is View.WEEK and sum(counts) <= CROWDED:
        return calendar.rows_within(tx, actor, wanted, *whole, CROWDED + MOST_OF_A_DAY), counts
    return calendar.first_of_each(tx, actor, wanted, spans, MOST[place.view]), counts


def _midnight(day: date, actor: Actor) -> datetime:
    return to_instant(day, time(), actor.time_zone)


def _entry(row: AppointmentRow, zone_name: str) -> Entry:
    start, end = (_wall(at, zone_name) for at in (row.start_at, row.end_at))
    staff = [one.id for one in row.staff]
    return Entry(
        row.id, row.start_at, start, end, row.minutes, row.client, row.action, row.action_colour, row.status,
        row.outcome, row.over, row.shared, row.confirmed, row.recurring, staff, row.kind,
        row.record_number,
    )  # fmt: skip


def _wall(instant: str, zone_name: str) -> str:
    """Return a UTC instant as ``2026-03-24T10:00`` on a wall."""
    return to_wall(datetime.fromisoformat(instant), zone_name).strftime("%Y-%m-%dT%H:%M")


def _columns(rows: list[AppointmentRow], asked: list[Choice]) -> list[Choice]:
    """Return everybody who has one of these appointments, and after them the others who are asked for, by name."""
    chips = {str(chip.id): Choice(str(chip.id), chip.name, "", chip.colour) for row in rows for chip in row.staff}
    return [*chips.values(), *(one for one in asked if one.id not in chips)]


def _hours(tx: Tx, actor: Actor, place: CalendarPlace, staff_ids: list[int]) -> list[DayHours]:
    """Return when these people work on the days of a view: each of them on the board, else all together."""
    days, zone = place.days, actor.time_zone
    everybody, closed = hours.everybody(tx, staff_ids, days[0] - _A_DAY, days[-1] + _A_DAY)
    since, until = (as_minutes(at) for at in (_midnight(days[0], actor), _midnight(days[-1] + _A_DAY, actor)))
    worked: dict[int, list[Span]] = {}
    alike: dict[tuple[str, int], list[Span]] = {}
    for staff_id, theirs in everybody.items():
        usual = theirs if theirs.weekly else replace(theirs, weekly=_ALL_WEEK)  # nobody said: any hour is as good
        kind = theirs.time_zone, id(usual.weekly)
        if theirs.exceptions or theirs.away:
            worked[staff_id] = shifts(usual, since, until, closed)
        else:
            worked[staff_id] = alike[kind] = alike.get(kind) or shifts(usual, since, until, closed)
    if place.view is View.BOARD:
        return [_day_hours(place.day, zone, str(one), spans) for one, spans in worked.items()]
    together = {span for spans in worked.values() for span in spans}
    return [_day_hours(day, zone, "", together) for day in days]


_A_DAY = timedelta(days=1)
_ALL_WEEK = {weekday: [(0, DAY)] for weekday in range(7)}


def _day_hours(day: date, zone_name: str, staff: str, spans: Iterable[Span]) -> DayHours:
    return DayHours(day.isoformat(), staff, [list(span) for span in on_wall(spans, day, zone_name)])


def _away(tx: Tx, actor: Actor, days: list[date], staff_ids: list[int]) -> list[Away]:
    """Return who of these people is away; the note only to whoever keeps the hours, and to the person."""
    knows_all = Permission.SETTINGS in actor.permissions
    return [
        Away(
            str(one.staff_id),
            one.name,
            one.first_day.isoformat(),
            one.last_day.isoformat(),
            one.note if knows_all or one.staff_id == actor.staff_id else "",
        )
        for one in hours.absences(tx, staff_ids, days[0], days[-1])
    ]


@dataclass(frozen=True)
class Card:
    """One appointment as its card shows it, and as "Move to …" begins."""

    row: AppointmentRow
    date: str
    time: str
    notes: str
    staff: list[Choice]


def card(uow: UnitOfWork, *, actor: Actor, appointment_id: object) -> Card:
    """Return an appointment with its notes; raise NotFound for one that the actor may not see."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        one = booking.stored(tx, actor, record_id(appointment_id))
        if one is None:
            raise NotFound()
        (row,) = appointments.rows_of(tx, [one.id])
        wall = to_wall(one.booking.start_at, actor.time_zone)
        return Card(row, wall.strftime("%Y-%m-%d"), wall.strftime("%H:%M"), one.booking.notes[:500], one.staff)
