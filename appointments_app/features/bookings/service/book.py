"""Use-cases that make a booking and change it: each a transaction in which nobody can be booked twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from appointments_app.db.models import Booking
from appointments_app.db.queries import appointments, booking, bookings, bulk, drafts, history, notices, planning, slots
from appointments_app.db.queries.bookings import StoredBooking
from appointments_app.db.queries.reach import reached_clients
from appointments_app.db.queries.services import ServiceRow
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.appointment import Status
from appointments_app.domain.booking import Booking as Wanted
from appointments_app.domain.booking import is_form_token
from appointments_app.domain.bookings import FAR, Keep, Taken
from appointments_app.domain.change import Author, Verb, as_text
from appointments_app.domain.errors import Clash, Conflict, Invalid, NotAllowed, NotFound
from appointments_app.domain.listing import is_id
from appointments_app.domain.money import read_amount
from appointments_app.domain.text import many_lines
from appointments_app.domain.times import to_instant, to_wall
from appointments_app.domain.words import N_
from appointments_app.features.appointments.service.booking import add, store
from appointments_app.features.appointments.service.series import Answer
from appointments_app.features.bookings.service.free import (
    Search,
    is_free,
    nearest_free,
    need_of,
    read_start,
    service_of,
    staff_of,
)

NOTES_LIMIT = 10_000


@dataclass(frozen=True)
class Asked:
    """What a wizard's address asks for, as the browser sent it. ``staff`` is an id, or anything else for anyone."""

    service: object
    staff: object
    start: object
    client: object
    notes: object = ""
    shared: object = True
    confirmed: object = True


def reserve(uow: UnitOfWork, *, actor: Actor, asked: Asked, token: object) -> int:
    """Book; return the booking's id, also when this form was saved before.

    Raises Taken, with the nearest free starts, when the start is not free; Invalid; NotFound.
    """
    actor.require(Permission.ADD)
    if not is_form_token(token):
        raise Invalid(N_("This form is not valid any more. Open a new one."))
    with uow.begin() as tx:
        return make(tx, actor, asked, str(token))


def make(tx: Tx, actor: Actor, asked: Asked, token: str) -> int:
    """Book in this transaction; return the booking's id. A step."""
    service, start = service_of(tx, asked.service), read_start(asked.start)
    able = staff_of(service, asked.staff)
    booking.hold_staff(tx, sorted(able))
    if (made := bookings.made_with(tx, token)) is not None:
        if made[1] != actor.staff_id:
            raise NotFound()
        return made[0]
    client_id = int(str(asked.client)) if is_id(asked.client) else 0
    if not (booking.on_offer(tx, client_id, 0)[0] and reached_clients(tx, actor, [client_id])):
        raise Invalid(fields={"client": N_("Choose a client.")})
    if start > tx.now + timedelta(days=FAR):
        raise Invalid(N_("This is too far ahead to book."))
    search = Search(need_of(service), able, start, start)
    staff_id = least_busy(tx, actor.time_zone, free_with(tx, search, start), start)
    wanted = Wanted(
        client_id,
        service.action_id or None,
        start,
        start + timedelta(minutes=service.minutes),
        actor.time_zone,
        (staff_id,),
        many_lines(asked.notes if isinstance(asked.notes, str) else "", NOTES_LIMIT),
        asked.shared is True,
    )
    drafts.forget(tx, token)
    return keep(tx, actor, service, wanted, token, is_confirmed=asked.confirmed is True)[0]


def keep(
    tx: Tx, author: Author, service: ServiceRow, wanted: Wanted, token: str, *, is_confirmed: bool
) -> tuple[int, int]:
    """Store a booking of a time that is free, with its appointment; return the ids of both. A step. Raises Taken."""
    slots.forget_holds(tx)
    row = _new(tx, author, service, token, is_confirmed=is_confirmed)
    bookings.take_time(tx, row, wanted)
    history.record(tx, author, Verb.CREATED, "booking", row)
    return row, add(tx, author, wanted, booking_id=row)


def free_with(tx: Tx, search: Search, start: datetime) -> list[int]:
    """Return who is free at the start; raise Taken with the nearest others when nobody is."""
    free = list(is_free(tx, search, start)) if start >= tx.now - timedelta(minutes=1) else []
    if not free:
        raise Taken(free=nearest_free(tx, search, start, bookings.who(tx, search.staff_ids)))
    return free


def least_busy(tx: Tx, zone: str, free: list[int], start: datetime) -> int:
    """Return who of several has the least to do on that day of a zone."""
    if len(free) == 1:
        return free[0]
    day = to_wall(start, zone).date()
    ends = (to_instant(day + timedelta(days=later), time(), zone) for later in (0, 1))
    busy = slots.busy(tx, free, *ends)
    return min(free, key=lambda staff_id: (sum(end - begin for begin, end in busy[staff_id]), staff_id))


def _new(tx: Tx, author: Author, service: ServiceRow, token: str, *, is_confirmed: bool) -> int:
    row = Booking(
        token=token,
        service_id=service.id,
        price=read_amount(service.price, service.currency, "price"),
        currency=service.currency,
        before=service.before,
        after=service.after,
        confirmed_at=tx.now if is_confirmed else None,
        created_at=tx.now,
        created_by=author.staff_id,
        by_client=author.client_id is not None,
    )
    tx.add(row)
    tx.flush()
    assert row.id is not None
    return row.id


def move(
    uow: UnitOfWork, *, actor: Actor, booking_id: object, start: object, staff: object = "", version: object = None
) -> None:
    """Move a booking to a free start, to another person too; raises Taken with the nearest free starts, Conflict."""
    actor.require(Permission.EDIT)
    with uow.begin() as tx:
        old = _existing(tx, actor, Permission.EDIT, booking_id)
        if old.is_gone or old.appointment_status != Status.SCHEDULED:
            raise Invalid(N_("Only a booking that is still ahead can be moved."))
        if version is not None and version != old.appointment_version:
            raise Conflict(version=old.appointment_version)
        service, begins = service_of(tx, str(old.service_id), active=None), read_start(start)
        together = () if is_id(staff) else old.staff_ids
        able = together or staff_of(service, staff)
        booking.hold_staff(tx, sorted({*able, *old.staff_ids}))
        slots.forget_holds(tx)
        need = replace(need_of(service), minutes=old.minutes, before=old.before, after=old.after)
        search = Search(need, able, begins, begins, old.id)
        free = free_with(tx, search, begins)
        if together and len(free) < len(together):
            raise Taken(free=nearest_free(tx, search, begins, bookings.who(tx, able)))
        people = together or (least_busy(tx, actor.time_zone, free, begins),)
        stored = booking.stored(tx, actor, old.appointment_id, to_change=True)
        assert stored is not None
        times = {"start_at": begins, "end_at": begins + timedelta(minutes=old.minutes), "staff_ids": people}
        store(tx, actor, stored, replace(stored.booking, **times), Answer())


def confirm(uow: UnitOfWork, *, actor: Actor, booking_id: object) -> None:
    """Accept a booking that is Pending; doing it twice is harmless."""
    actor.require(Permission.STATUS)
    with uow.begin() as tx:
        old = _existing(tx, actor, Permission.STATUS, booking_id)
        if not old.is_confirmed:
            bookings.set_values(tx, old.id, confirmed_at=tx.now)
            confirmed = {"confirmed_at": ("", as_text(tx.now))}
            change_id = history.record(tx, actor, Verb.EDITED, "booking", old.id, confirmed)
            notices.note(tx, change_id, confirmed=old.appointment_id)


_VERBS = {Status.DONE: Verb.DONE, Status.DISMISSED: Verb.DISMISSED, Status.SCHEDULED: Verb.SCHEDULED}


def set_status(uow: UnitOfWork, *, actor: Actor, booking_id: object, status: Status) -> int:
    """Finish, cancel or bring back a booking with its appointment; return the change, which Undo takes back.

    Returns 0 when it is so already. Raises Clash when its time was given to somebody else meanwhile.
    """
    actor.require(Permission.STATUS)
    with uow.begin() as tx:
        old = _existing(tx, actor, Permission.STATUS, booking_id)
        booking.hold_staff(tx, old.staff_ids)
        slots.forget_holds(tx)
        if old.is_gone:
            raise Invalid(N_("Its appointment was deleted. Make a new booking."))
        if old.appointment_status == status:
            return 0
        change_id = history.open_change(tx, actor, _VERBS[status])
        if not bulk.set_status(tx, change_id, appointments.with_ids([old.appointment_id]), status):
            raise Clash(N_("Its time was given to somebody else meanwhile."))
        return change_id


def delete(uow: UnitOfWork, *, actor: Actor, booking_id: object, keep: object) -> int:
    """Delete a booking; its appointment goes too, or stays as an independent one. One that is Done always stays."""
    actor.require(Permission.DELETE)
    if keep not in Keep._value2member_map_:
        raise Invalid(N_("Choose what becomes of the appointment."))
    with uow.begin() as tx:
        old = _existing(tx, actor, Permission.DELETE, booking_id)
        change_id = history.open_change(tx, actor, Verb.DELETED)
        bookings.set_values(tx, old.id, deleted_at=tx.now)
        history.add_lines(tx, change_id, "booking", old.id, {"deleted_at": ("", as_text(tx.now))})
        if keep == Keep.NOTHING and old.appointment_status != Status.DONE and not old.is_gone:
            bulk.delete(tx, change_id, appointments.with_ids([old.appointment_id]))
        else:
            unlinked = {"booking_id": (str(old.id), "")}
            history.add_lines(tx, change_id, "appointment", old.appointment_id, unlinked)
            bookings.link(tx, old.appointment_id, None)
            slots.follow(tx, change_id)
            planning.plan(tx, [old.appointment_id])
        return change_id


def _existing(tx: Tx, actor: Actor, permission: Permission, booking_id: object) -> StoredBooking:
    """Return a booking that others can't change meanwhile; raise NotFound, or NotAllowed when it may only be seen."""
    found = bookings.stored(tx, actor.within(permission), booking_id) if isinstance(booking_id, int) else None
    if found is not None:
        return found
    raise NotAllowed() if isinstance(booking_id, int) and bookings.stored(tx, actor, booking_id) else NotFound()
