"""Reading and writing bookings. What changes about one is its appointment's: client, time, staff, status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, not_, or_, select, tuple_, update

from appointments_app.db.models import Appointment, AppointmentStaff, Booking, Client, Service, Staff
from appointments_app.db.queries import slots
from appointments_app.db.queries.appointments import (
    StaffChip,
    make_key,
    read_key,
    staff_chips,
    within_reach,
)
from appointments_app.db.queries.search import client_ids
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.appointment import Status
from appointments_app.domain.booking import Booking as Wanted
from appointments_app.domain.bookings import BookingFilter, BookingTab, status_of
from appointments_app.domain.contact import phone_as_read
from appointments_app.domain.listing import COUNT_CAP, LARGEST_ID, Place, Sort
from appointments_app.domain.money import amount_text
from appointments_app.domain.text import digits
from appointments_app.domain.times import iso, to_instant, to_wall

FEW = 10
"""When fewer lie ahead, a page is filled from behind."""


@dataclass(frozen=True)
class BookingRow:
    """One booking as lists and its page show it. Instants are UTC ISO text, ``price`` is ``25.00`` or empty."""

    id: int
    appointment_id: int
    client_id: int
    client: str
    business: str
    phone: str
    service_id: int
    service: str
    colour: str
    start_at: str
    end_at: str
    minutes: int
    status: str
    over: bool
    price: str
    currency: str
    by_client: bool
    staff: list[StaffChip] = field(default_factory=list)


@dataclass(frozen=True)
class BookingDetails:
    """A booking with what only its own page shows."""

    row: BookingRow
    notes: str
    appointment_version: int
    confirmed_at: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class BookingPage:
    """One page: its rows and the keys to its neighbours, '' where there is none."""

    rows: list[BookingRow]
    previous: str
    next: str


@dataclass(frozen=True)
class StoredBooking:
    """A booking as it stands, with what its appointment says."""

    id: int
    version: int
    service_id: int
    minutes: int
    before: int
    after: int
    appointment_id: int
    appointment_version: int
    appointment_status: str
    is_gone: bool
    is_confirmed: bool
    start_at: datetime
    client_id: int
    staff_ids: tuple[int, ...]


_ROW = (
    Booking.id, Appointment.id, Client.id, Client.name, Client.business_name, Client.phone,
    Service.id, Service.name, Service.colour, Appointment.start_at, Appointment.end_at, Appointment.status,
    Appointment.deleted_at, Booking.confirmed_at, Booking.price, Booking.currency, Booking.by_client,
)  # fmt: skip


def _joined(statement: Any) -> Any:
    return (
        statement.join_from(Appointment, Booking, Booking.id == Appointment.booking_id)
        .join(Client, Client.id == Appointment.client_id)
        .join(Service, Service.id == Booking.service_id)
    )


def page(tx: Tx, actor: Actor, wanted: BookingFilter, place: Place) -> BookingPage:
    """Return one page by start, found by key: what lies ahead from today on, what is over from its end."""
    descending = wanted.tab in {BookingTab.DONE, BookingTab.CANCELLED}
    key = read_key(place.before or place.after, Sort.START)
    backwards = bool(place.before) and key is not None
    if key is None and not descending and not (wanted.search or wanted.since or wanted.until):
        key = to_instant(to_wall(tx.now, actor.time_zone).date(), time(), actor.time_zone), 0
    found = _fetch(tx, actor, wanted, key, descending != backwards, place.size)
    if len(found) < FEW and key is not None and not backwards and not place.after:
        found, key, backwards = _fetch(tx, actor, wanted, None, not descending, place.size), None, True
    more, found = len(found) > place.size, found[: place.size]
    if backwards:
        found.reverse()
    has_previous = more if backwards else key is not None and bool(found)
    has_next = (bool(place.before) and bool(found)) if backwards else more
    return BookingPage(
        _rows(tx, found),
        make_key(found[0][9], found[0][1]) if has_previous else "",
        make_key(found[-1][9], found[-1][1]) if has_next else "",
    )


def _fetch(
    tx: Tx, actor: Actor, wanted: BookingFilter, key: tuple[Any, int] | None, descending: bool, size: int
) -> list[Any]:
    order = (Appointment.start_at, Appointment.id)
    statement = _joined(select(*_ROW)).where(*_conditions(tx, actor, wanted))
    if key is not None:
        at = tuple_(literal(key[0], Appointment.start_at.type), literal(key[1]))
        statement = statement.where(tuple_(*order) < at if descending else tuple_(*order) > at)
    by = [column.desc() for column in order] if descending else order
    return list(tx.execute(statement.order_by(*by).limit(size + 1)).all())


def _rows(tx: Tx, found: Sequence[Any]) -> list[BookingRow]:
    chips = staff_chips(tx, [row[1] for row in found])
    return [
        BookingRow(
            *row[:5], phone_as_read(row[5]), *row[6:9], iso(row[9]), iso(row[10]), (row[10] - row[9]) // _MINUTE,
            status_of(row[11], is_deleted=row[12] is not None, is_confirmed=row[13] is not None).value,
            row[10] <= tx.now, amount_text(row[14], row[15]), row[15], bool(row[16]), chips.get(row[1], []),
        )
        for row in found
    ]  # fmt: skip


_MINUTE = timedelta(minutes=1)


def _conditions(tx: Tx, actor: Actor, wanted: BookingFilter) -> list[ColumnElement[bool]]:
    found = [Appointment.booking_id.is_not(None), Booking.deleted_at.is_(None), *within_reach(actor), *_of(wanted.tab)]
    if wanted.service:
        found.append(Booking.service_id == int(wanted.service))
    if wanted.client:
        found.append(Appointment.client_id == int(wanted.client))
    if wanted.staff:
        theirs = select(AppointmentStaff.appointment_id).where(AppointmentStaff.staff_id == int(wanted.staff))
        found.append(Appointment.id.in_(theirs))
    if wanted.since:
        found.append(Appointment.start_at >= _midnight(wanted.since, 0, actor))
    if wanted.until:
        found.append(Appointment.start_at < _midnight(wanted.until, 1, actor))
    if wanted.search:
        found.append(_found_by(tx, wanted.search))
    return found


def _midnight(day: str, more: int, actor: Actor) -> datetime:
    return to_instant(date.fromisoformat(day) + timedelta(days=more), time(), actor.time_zone)


def _found_by(tx: Tx, search: str) -> ColumnElement[bool]:
    number = digits(search) if not search.strip("# \u200e\u200f").strip("0123456789٠١٢٣٤٥٦٧٨٩") else ""
    named = Appointment.client_id.in_(client_ids(tx, search))
    is_number = bool(number) and len(number) < 11 and int(number) <= LARGEST_ID
    return or_(Booking.id == int(number), named) if is_number else named


def _of(tab: BookingTab) -> tuple[ColumnElement[bool], ...]:
    """Return the condition of a tab: the same as ``domain.bookings.status_of``."""
    stands = Appointment.deleted_at.is_(None)
    ahead = and_(stands, Appointment.status == Status.SCHEDULED)
    return {
        BookingTab.ALL: (),
        BookingTab.PENDING: (ahead, Booking.confirmed_at.is_(None)),
        BookingTab.CONFIRMED: (ahead, Booking.confirmed_at.is_not(None)),
        BookingTab.DONE: (stands, Appointment.status == Status.DONE),
        BookingTab.CANCELLED: (or_(not_(stands), Appointment.status == Status.DISMISSED),),
    }[tab]


def capped_counts(tx: Tx, actor: Actor, wanted: BookingFilter) -> dict[str, int]:
    """Return how many bookings each tab would show, counted up to COUNT_CAP + 1, in one statement."""
    each = []
    for tab in BookingTab:
        rows = select(literal(1)).select_from(Appointment).join(Booking, Booking.id == Appointment.booking_id)
        rows = rows.where(*_conditions(tx, actor, replace(wanted, tab=tab))).limit(COUNT_CAP + 1)
        each.append(select(func.count()).select_from(rows.subquery()).scalar_subquery())
    return dict(zip((tab.value for tab in BookingTab), tx.execute(select(*each)).one(), strict=True))


def count_to_confirm(tx: Tx, actor: Actor) -> int:
    """Return how many bookings that are still ahead wait for staff to accept them, up to COUNT_CAP + 1."""
    rows = select(literal(1)).select_from(Appointment).join(Booking, Booking.id == Appointment.booking_id)
    pending = _conditions(tx, actor, BookingFilter(tab=BookingTab.PENDING))
    rows = rows.where(*pending, Appointment.start_at > tx.now).limit(COUNT_CAP + 1)
    return tx.execute(select(func.count()).select_from(rows.subquery())).scalar_one()


def exact_count(tx: Tx, actor: Actor, wanted: BookingFilter) -> int:
    """Return how many bookings match, however many there are."""
    rows = select(func.count()).select_from(Appointment).join(Booking, Booking.id == Appointment.booking_id)
    return tx.execute(rows.where(*_conditions(tx, actor, wanted))).scalar_one()


def row_of(tx: Tx, actor: Actor, booking_id: int) -> BookingDetails | None:
    """Return a booking as its page shows it; None when there is none that the actor may see."""
    more = (Appointment.notes, Appointment.version, Booking.confirmed_at, Booking.created_at)
    statement = _joined(select(*_ROW, *more)).where(
        Booking.id == booking_id, Booking.deleted_at.is_(None), *within_reach(actor)
    )
    found = tx.execute(statement).first()
    return BookingDetails(_rows(tx, [found])[0], *found[-len(more) :]) if found else None


def stored(tx: Tx, actor: Actor, booking_id: int) -> StoredBooking | None:
    """Return a booking to change, with its appointment, and let nobody else change them meanwhile; None if hidden."""
    if not 0 < booking_id <= LARGEST_ID:
        return None
    statement = (
        select(
            Booking.id, Booking.version, Booking.service_id, Booking.before, Booking.after, Booking.confirmed_at,
            Appointment.id, Appointment.version, Appointment.status, Appointment.deleted_at, Appointment.start_at,
            Appointment.end_at, Appointment.client_id,
        )
        .join_from(Booking, Appointment, Appointment.booking_id == Booking.id)
        .where(Booking.id == booking_id, Booking.deleted_at.is_(None), *within_reach(actor))
    )  # fmt: skip
    row = tx.execute(statement.with_for_update(of=[Booking, Appointment])).first()
    if row is None:
        return None
    people = select(AppointmentStaff.staff_id).where(AppointmentStaff.appointment_id == row[6])
    return StoredBooking(
        id=row[0], version=row[1], service_id=row[2], minutes=(row[11] - row[10]) // _MINUTE, before=row[3],
        after=row[4], appointment_id=row[6], appointment_version=row[7], appointment_status=row[8],
        is_gone=row[9] is not None, is_confirmed=row[5] is not None, start_at=row[10], client_id=row[12],
        staff_ids=tuple(sorted(tx.execute(people).scalars())),
    )  # fmt: skip


def hold_client(tx: Tx, client_id: int) -> None:
    """Have two bookings that a client makes at once wait for each other; rows that merely refer to them don't."""
    tx.execute(select(Client.id).where(Client.id == client_id).with_for_update(key_share=True))


def count_ahead(tx: Tx, client_id: int) -> int:
    """Return how many bookings of a client are still ahead."""
    ahead = (
        Appointment.client_id == client_id,
        Appointment.deleted_at.is_(None),
        Appointment.status == Status.SCHEDULED,
        Appointment.end_at > tx.now,
        Appointment.booking_id.is_not(None),
    )
    return tx.execute(select(func.count()).select_from(Appointment).where(*ahead)).scalar_one()


def client_made(tx: Tx, token: str, client_id: int) -> int | None:
    """Return the appointment of the booking that a client made with this form; None when they made none with it."""
    statement = select(Appointment.id).join(Booking, Booking.id == Appointment.booking_id)
    theirs = (Booking.token == token, Booking.by_client.is_(True), Appointment.client_id == client_id)
    row = tx.execute(statement.where(*theirs)).first()
    return row[0] if row else None


def made_with(tx: Tx, token: str) -> tuple[int, int | None] | None:
    """Return the booking that a form with this token made, and who made it."""
    row = tx.execute(select(Booking.id, Booking.created_by).where(Booking.token == token)).first()
    return (row[0], row[1]) if row else None


def take_time(tx: Tx, booking_id: int, wanted: Wanted, *, active: bool = True) -> None:
    """Let a booking take the time and the people of its appointment, and no other. Raises Taken."""
    buffers = tuple(tx.execute(select(Booking.before, Booking.after).where(Booking.id == booking_id)).one())
    slots.place(tx, booking_id, wanted.staff_ids, wanted.start_at, wanted.end_at, buffers, active=active)


def link(tx: Tx, appointment_id: int, booking_id: int | None) -> None:
    """Make an appointment that of a booking, or independent."""
    change = update(Appointment).where(Appointment.id == appointment_id).values(booking_id=booking_id)
    tx.execute(change.execution_options(synchronize_session=False))


def set_values(tx: Tx, booking_id: int, **values: object) -> None:
    """Store new values of a booking."""
    change = update(Booking).where(Booking.id == booking_id).values(**values, version=Booking.version + 1)
    tx.execute(change.execution_options(synchronize_session=False))


def who(tx: Tx, staff_ids: Sequence[int]) -> dict[int, StaffChip]:
    """Return these people as chips."""
    rows = tx.execute(select(Staff.id, Staff.name, Staff.colour).where(Staff.id.in_(staff_ids)))
    return {row[0]: StaffChip(*row) for row in rows}
