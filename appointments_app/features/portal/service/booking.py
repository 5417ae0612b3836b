"""A client books by themselves: service, person, a free time that is kept while they look it over, and the booking."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from appointments_app.db.models import BookingRules
from appointments_app.db.queries import booking, bookings, services, slots
from appointments_app.db.queries.services import ServiceRow
from appointments_app.db.queries.slots import Hold, holder
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.booking import Booking, is_form_token
from appointments_app.domain.bookings import HOLD, Full, HoldOver, client_window
from appointments_app.domain.errors import Invalid, NotFound
from appointments_app.domain.portal import LONGEST_MESSAGE, ClientActor
from appointments_app.domain.text import many_lines
from appointments_app.domain.times import to_wall
from appointments_app.domain.words import N_
from appointments_app.features.bookings.service import (
    ANYONE,
    FreeDay,
    Search,
    day_of,
    days_from,
    free_with,
    keep,
    least_busy,
    need_of,
    read_start,
    rules_of,
    service_of,
    staff_choice,
    staff_of,
)
from appointments_app.features.portal.service.facts import facts_in


@dataclass(frozen=True)
class Choosing:
    """What the client chose so far, and what there is to choose next: services, people, or days with free starts."""

    services: list[ServiceRow] = field(default_factory=list)
    service: ServiceRow | None = None
    staff: str = ""
    days: list[FreeDay] = field(default_factory=list)
    day: str = ""
    today: str = ""
    first_day: str = ""
    later_day: str = ""
    last_day: str = ""
    is_full: bool = False

    @property
    def staff_name(self) -> str:
        """Return the name of the person who was chosen, '' for anyone."""
        return next((one.name for one in self.service.staff if one.id == self.staff), "") if self.service else ""


@dataclass(frozen=True)
class Wanted:
    """A service at a start, with one person or ANYONE, as a form or an address says it."""

    service: object
    staff: object
    start: object


@dataclass(frozen=True)
class Held:
    """A time as it is looked over before booking. ``until`` is None when it is not kept any more."""

    service: ServiceRow
    staff: str
    staff_name: str
    start_at: datetime
    end_at: datetime
    now: datetime
    until: datetime | None
    must_confirm: bool


def choose(uow: UnitOfWork, *, actor: ClientActor, query: Mapping[str, str]) -> Choosing:
    """Return what there is to choose for what the address holds. Raises NotFound when clients may not book."""
    actor.require("book")
    with uow.read() as tx:
        rules = rules_of(tx)
        if bookings.count_ahead(tx, actor.client_id) >= rules.per_client:
            return Choosing(is_full=True)
        offered = [one for one in services.rows(tx, active=True) if one.staff and one.clients_book]
        service = next((one for one in offered if str(one.id) == query.get("service", "")), None)
        staff = staff_choice(service, query.get("staff", ""))
        if service and len(service.staff) == 1:
            staff = service.staff[0].id
        if service is None or not staff:
            return Choosing(offered, service, staff)
        return _days(tx, actor, rules, service, staff, query)


def _days(
    tx: Tx, actor: ClientActor, rules: BookingRules, service: ServiceRow, staff: str, query: Mapping[str, str]
) -> Choosing:
    search = _search(tx, actor, rules, service, staff_of(service, staff), tx.now)
    first = day_of(query.get("from", ""), actor.time_zone, tx.now)
    assert search.window is not None
    last = to_wall(search.window[1], actor.time_zone).date()
    found = days_from(tx, actor.time_zone, service, search, min(first, last))
    listed = [each.day for each in found.days]
    return Choosing(
        service=service,
        staff=staff,
        days=found.days,
        day=query.get("day", "") if query.get("day") in listed else next(iter(listed), ""),
        today=to_wall(tx.now, actor.time_zone).date().isoformat(),
        first_day=found.first_day,
        later_day=found.later_day,
        last_day=last.isoformat(),
    )


def hold(uow: UnitOfWork, *, actor: ClientActor, wanted: Wanted) -> str:
    """Keep a time for the client for HOLD, instead of one kept before; return the token of the form that books it.

    Raises Taken, with the nearest free starts; Full; NotFound.
    """
    _require(actor)
    with uow.begin() as tx:
        service, start = _offered(tx, wanted.service), read_start(wanted.start)
        _hold(tx, actor, service, wanted.staff, start)
    return str(uuid.uuid4())


def _offered(tx: Tx, service_id: object) -> ServiceRow:
    """Return a service that clients may book; raise NotFound for any other."""
    service = service_of(tx, service_id)
    if not service.clients_book:
        raise NotFound()
    return service


def _hold(tx: Tx, actor: ClientActor, service: ServiceRow, staff: object, start: datetime) -> None:
    rules, able = rules_of(tx), staff_of(service, staff)
    booking.hold_staff(tx, sorted(able))
    _must_have_room(tx, actor, rules)
    slots.forget_holds(tx)
    free = free_with(tx, _search(tx, actor, rules, service, able, start), start)
    kept = Hold(least_busy(tx, actor.time_zone, free, start), *_around(service, start), tx.now + HOLD)
    slots.hold(tx, holder(actor.client_id), kept)


def look_over(uow: UnitOfWork, *, actor: ClientActor, wanted: Wanted) -> Held:
    """Return what would be booked, and until when it is kept. Raises NotFound."""
    actor.require("book")
    with uow.read() as tx:
        service, start = _offered(tx, wanted.service), read_start(wanted.start)
        kept = _kept(tx, actor, service, wanted.staff, start)
        staff = str(kept.staff_id) if kept else str(wanted.staff)
        return Held(
            service=service,
            staff=str(wanted.staff) if staff_of(service, wanted.staff) else ANYONE,
            staff_name=next((one.name for one in service.staff if one.id == staff), ""),
            start_at=start,
            end_at=start + timedelta(minutes=service.minutes),
            now=tx.now,
            until=kept.until if kept else None,
            must_confirm=rules_of(tx).must_confirm,
        )


def book(uow: UnitOfWork, *, actor: ClientActor, wanted: Wanted, token: object, notes: str) -> int:
    """Book what is kept for the client; return the appointment's id, also when this form was sent before.

    Raises HoldOver when the five minutes are over and the time, still free, is kept once more; Taken; Full; Invalid.
    """
    _require(actor)
    if not is_form_token(token):
        raise Invalid(N_("This form is not valid any more. Open a new one."))
    text = many_lines(notes, LONGEST_MESSAGE + 1).strip()
    if len(text) > LONGEST_MESSAGE:
        raise Invalid(fields={"notes": N_("This is too long.")})
    with uow.begin() as tx:
        booking.hold_staff(tx, sorted(staff_of(service_of(tx, wanted.service, active=None), wanted.staff)))
        if (made := bookings.client_made(tx, str(token), actor.client_id)) is not None:
            return made
        service, start = _offered(tx, wanted.service), read_start(wanted.start)
        kept = _kept(tx, actor, service, wanted.staff, start)
        if kept is not None:
            return _book(tx, actor, service, start, kept, str(token), text)
        _hold(tx, actor, service, wanted.staff, start)
    raise HoldOver()


def _book(tx: Tx, actor: ClientActor, service: ServiceRow, start: datetime, kept: Hold, token: str, notes: str) -> int:
    rules = rules_of(tx)
    _must_have_room(tx, actor, rules)
    search = _search(tx, actor, rules, service, (kept.staff_id,), start)
    assert search.window is not None
    free_with(tx, replace(search, window=(min(start, search.window[0]), search.window[1])), start)
    slots.give_back(tx, holder(actor.client_id))
    booked = Booking(
        actor.client_id,
        service.action_id or None,
        start,
        start + timedelta(minutes=service.minutes),
        facts_in(tx).time_zone,
        (kept.staff_id,),
        notes,
        True,
    )
    return keep(tx, actor, service, booked, token, is_confirmed=not rules.must_confirm)[1]


def _search(
    tx: Tx, actor: ClientActor, rules: BookingRules, service: ServiceRow, able: tuple[int, ...], start: datetime
) -> Search:
    """Return what looks for starts that the client may book; the one that is kept for them counts as free."""
    window = client_window(tx.now, actor.time_zone, notice=rules.notice, ahead=rules.ahead)
    return Search(need_of(service), able, start, start, held_by=holder(actor.client_id), window=window)


def _kept(tx: Tx, actor: ClientActor, service: ServiceRow, staff: object, start: datetime) -> Hold | None:
    """Return the hold of the client if it is of this service at this start, with who was asked for."""
    kept = slots.held(tx, holder(actor.client_id))
    is_this = kept and (kept.start_at, kept.end_at) == _around(service, start)
    return kept if kept and is_this and kept.staff_id in staff_of(service, staff) else None


def _around(service: ServiceRow, start: datetime) -> tuple[datetime, datetime]:
    before, minutes = timedelta(minutes=service.before), timedelta(minutes=service.minutes + service.after)
    return start - before, start + minutes


def _require(actor: ClientActor) -> None:
    actor.require_self()
    actor.require("book")


def _must_have_room(tx: Tx, actor: ClientActor, rules: BookingRules) -> None:
    bookings.hold_client(tx, actor.client_id)
    if bookings.count_ahead(tx, actor.client_id) >= rules.per_client:
        raise Full()
