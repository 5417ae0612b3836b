"""Free starts: of one service, for one person or anyone, in the reader's days."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from appointments_app.db.models import BookingRules
from appointments_app.db.queries import hours, services, slots
from appointments_app.db.queries.appointments import StaffChip
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.queries.services import ServiceRow
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.appointment import YEARS
from appointments_app.domain.availability import Need, as_instant, as_minutes, nearest, offered
from appointments_app.domain.bookings import FAR, LOOK_AHEAD, OFFERED
from appointments_app.domain.errors import Invalid, NotFound
from appointments_app.domain.listing import is_id
from appointments_app.domain.times import iso, parse_day, to_instant, to_wall

STRIP = 7
"""So many days with free starts are offered at once."""
FIRST_ONES = 3
"""So many free starts of each person stand in the overview."""
_AROUND = timedelta(days=14)


@dataclass(frozen=True)
class Search:
    """What must be free, of whom, and between which instants; ``window``: no start before the one or after the other.

    ``but`` is a booking that does not count, ``held_by`` the name under which a hold does not.
    """

    need: Need
    staff_ids: tuple[int, ...]
    since: datetime
    until: datetime
    but: int | None = None
    held_by: str = ""
    window: tuple[datetime, datetime] | None = None

    def within(self, since: datetime, until: datetime) -> Search:
        """Return the search between other instants, no further than the window."""
        first, last = self.window or (since, until)
        return replace(self, since=max(since, first), until=min(until, last + timedelta(minutes=1)))


@dataclass(frozen=True)
class FreeDay:
    """A day of the reader's zone, ``YYYY-MM-DD``, and its free starts as UTC ISO text."""

    day: str
    starts: list[str]


@dataclass(frozen=True)
class FirstFree:
    """The first free starts of one person, by day; ``count`` is how many there are in LOOK_AHEAD days."""

    id: int
    name: str
    colour: str
    days: list[FreeDay] = field(default_factory=list)
    count: int = 0

    @property
    def starts(self) -> list[str]:
        """Return the starts of all these days."""
        return [start for day in self.days for start in day.starts]


@dataclass(frozen=True)
class FreeDays:
    """The next days with free starts; ``later_day`` is where the search goes on, '' when there is nothing."""

    days: list[FreeDay]
    first_day: str
    later_day: str
    people: list[Choice] = field(default_factory=list)


@dataclass(frozen=True)
class FirstFreeView:
    """The first free starts of everybody who performs a service, and the other services."""

    services: list[Choice]
    service: str
    people: list[FirstFree]


@dataclass(frozen=True)
class FreeStart:
    """A free start, and whom it is free with."""

    start_at: str
    staff: list[StaffChip]


def rules_of(tx: Tx) -> BookingRules:
    """Return the rules by which bookings are offered."""
    return tx.get(BookingRules, 1) or BookingRules()


def need_of(service: ServiceRow) -> Need:
    """Return how long a service takes, and what stays free around it."""
    return Need(service.minutes, service.before, service.after)


def free_starts(tx: Tx, search: Search) -> dict[int, list[int]]:
    """Return everybody's free starts, in minutes since 1970; as many statements for fifty people as for one."""
    around = timedelta(minutes=search.need.before + search.need.minutes + search.need.after)
    days = (search.since - timedelta(days=2)).date(), (search.until + timedelta(days=2)).date()
    working, closed = hours.everybody(tx, search.staff_ids, *days)
    times = (search.since - around, search.until + around)
    busy = slots.busy(tx, search.staff_ids, *times, but=search.but, held_by=search.held_by)
    since, until = as_minutes(search.since + timedelta(seconds=59)), as_minutes(search.until)
    step = rules_of(tx).step
    return {
        staff_id: offered(
            working[staff_id], busy[staff_id], search.need, step=step, since=since, until=until, closed=closed
        )
        for staff_id in search.staff_ids
        if staff_id in working
    }


def nearest_free(tx: Tx, search: Search, wanted: datetime, people: Mapping[int, StaffChip]) -> list[FreeStart]:
    """Return the free starts nearest to the one that was wanted, each with whom it is free with."""
    around = search.within(max(tx.now, wanted - _AROUND), wanted + _AROUND)
    by_start: dict[int, list[StaffChip]] = {}
    for staff_id, starts in free_starts(tx, around).items():
        for start in starts:
            by_start.setdefault(start, []).append(people[staff_id])
    chosen = nearest(by_start, as_minutes(wanted), OFFERED)
    return [FreeStart(iso(as_instant(start)), by_start[start]) for start in chosen]


def by_day(starts: Collection[int], zone: str) -> dict[date, list[str]]:
    """Return starts by the day of a zone on which they lie, in order."""
    days: dict[date, list[str]] = {}
    for start in sorted(starts):
        instant = as_instant(start)
        days.setdefault(to_wall(instant, zone).date(), []).append(iso(instant))
    return days


def listed(starts: Collection[int], zone: str) -> list[FreeDay]:
    """Return starts by day as rows."""
    return [FreeDay(day.isoformat(), found) for day, found in by_day(starts, zone).items()]


def day_of(text: object, zone: str, now: datetime) -> date:
    """Return the day an address names, or today; never one that is over, or too far to book."""
    today = to_wall(now, zone).date()
    try:
        wanted = parse_day(text) if isinstance(text, str) and text else today
    except Invalid:
        return today
    return min(max(wanted, today), today + timedelta(days=FAR))


def staff_of(service: ServiceRow, staff: object) -> tuple[int, ...]:
    """Return who may do it: the one person who is asked for, or everybody who performs the service."""
    able = tuple(int(one.id) for one in service.staff)
    if not is_id(staff):
        return able
    wanted = int(str(staff))
    return (wanted,) if wanted in able else ()


def service_of(tx: Tx, service_id: object, *, active: bool | None = True) -> ServiceRow:
    """Return a service; raise NotFound when there is none on offer."""
    found = services.rows(tx, active=active, ids=[int(str(service_id))]) if is_id(service_id) else []
    if not found:
        raise NotFound()
    return found[0]


def free_days(
    uow: UnitOfWork, *, actor: Actor, service_id: object, staff: object, day: object, booking_id: int | None = None
) -> FreeDays:
    """Return the next days, from ``day`` on, on which the service is free with one person or anyone, with all starts.

    Days are the actor's. The search ends after LOOK_AHEAD days; ``booking_id`` is the one that is being moved.
    """
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        service = service_of(tx, service_id, active=None if booking_id else True)
        first = day_of(day, actor.time_zone, tx.now)
        search = Search(need_of(service), staff_of(service, staff), tx.now, tx.now, booking_id)
        return days_from(tx, actor.time_zone, service, search, first)


def days_from(tx: Tx, zone: str, service: ServiceRow, search: Search, first: date) -> FreeDays:
    """Return the first few days of a zone, from ``first`` on, on which somebody is free."""
    latest = search.window[1] if search.window else tx.now + timedelta(days=FAR)
    last = to_wall(latest, zone).date()
    since = max(tx.now, to_instant(first, time(), zone))
    until = to_instant(first + timedelta(days=LOOK_AHEAD), time(), zone)
    found = free_starts(tx, search.within(since, until))
    shown = listed({start for each in found.values() for start in each}, zone)[:STRIP]
    later = date.fromisoformat(shown[-1].day) + timedelta(days=1) if shown else first + timedelta(days=LOOK_AHEAD)
    return FreeDays(shown, first.isoformat(), later.isoformat() if later <= last else "", service.staff)


def first_free(uow: UnitOfWork, *, actor: Actor, service_id: object) -> FirstFreeView:
    """Return who performs a service, the first one when none is named, and the first free starts of everybody.

    How many there are in LOOK_AHEAD days is counted too.
    """
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        offered = services.rows(tx, active=True)
        choices = [Choice(str(one.id), one.name, "", one.colour) for one in offered]
        service = next((one for one in offered if str(one.id) == service_id), offered[0] if offered else None)
        if service is None:
            return FirstFreeView([], "", [])
        people = [(int(one.id), one.name, one.colour) for one in service.staff]
        search = Search(need_of(service), tuple(one[0] for one in people), tx.now, tx.now + timedelta(days=LOOK_AHEAD))
        free = free_starts(tx, search)
        found = [
            FirstFree(*one, listed(free[one[0]][:FIRST_ONES], actor.time_zone), len(free[one[0]])) for one in people
        ]
        return FirstFreeView(choices, str(service.id), found)


def read_start(text: object) -> datetime:
    """Return the start that an address names, such as ``2026-03-24T10:00:00Z``; raise NotFound for anything else."""
    if not isinstance(text, str) or len(text) != len("2026-03-24T10:00:00Z") or not text.endswith("Z"):
        raise NotFound()
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        raise NotFound() from None
    if start.year not in YEARS:
        raise NotFound()
    return start.astimezone(UTC).replace(second=0)


def is_free(tx: Tx, search: Search, start: datetime) -> Sequence[int]:
    """Return who of the people asked for is free at this very start."""
    once = search.within(start, start + timedelta(minutes=1))
    return [staff_id for staff_id, starts in free_starts(tx, once).items() if starts]
