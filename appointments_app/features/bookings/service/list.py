"""Use-cases that show bookings: the list, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass, field

from appointments_app.db.queries import bookings, history, pickers, services, sign_ins
from appointments_app.db.queries.bookings import BookingPage, BookingRow
from appointments_app.db.queries.history import ChangeRow
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.bookings import BookingFilter
from appointments_app.domain.contact import phone_as_read
from appointments_app.domain.errors import NotFound
from appointments_app.domain.listing import Place, is_id
from appointments_app.domain.times import iso
from appointments_app.features.history.service import in_words

_HISTORY = 200


@dataclass(frozen=True)
class BookingList:
    """One page of the list, and the choices of its filters."""

    page: BookingPage
    services: list[Choice]
    staff: list[Choice]


@dataclass(frozen=True)
class BookingRecord:
    """What the page of a booking shows."""

    row: BookingRow
    appointment_version: int
    notes: str
    confirmed_at: str
    created_at: str
    business: str
    address: str
    phone: str
    changes: list[ChangeRow] = field(default_factory=list)


def list_view(uow: UnitOfWork, *, actor: Actor, wanted: BookingFilter, place: Place) -> BookingList:
    """Return one page of bookings."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        offered = [Choice(str(one.id), one.name, "", one.colour) for one in services.rows(tx)]
        return BookingList(bookings.page(tx, actor, wanted, place), offered, pickers.staff(tx))


def capped_counts(uow: UnitOfWork, *, actor: Actor, wanted: BookingFilter) -> dict[str, int]:
    """Return how many bookings each tab would show, counted up to COUNT_CAP + 1."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        return bookings.capped_counts(tx, actor, wanted)


def exact_count(uow: UnitOfWork, *, actor: Actor, wanted: BookingFilter) -> int:
    """Return how many bookings match, however many there are."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        return bookings.exact_count(tx, actor, wanted)


def open_booking(uow: UnitOfWork, *, actor: Actor, booking_id: object) -> BookingRecord:
    """Return a booking with its history and that of its appointment. Raises NotFound."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        found = bookings.row_of(tx, actor, int(str(booking_id))) if is_id(booking_id) else None
        if found is None:
            raise NotFound()
        business = sign_ins.business(tx)
        return BookingRecord(
            row=found.row,
            appointment_version=found.appointment_version,
            notes=found.notes,
            confirmed_at=iso(found.confirmed_at) if found.confirmed_at else "",
            created_at=iso(found.created_at),
            business=business.name if business else "",
            address=business.address if business else "",
            phone=phone_as_read(business.phone) if business else "",
            changes=_changes(tx, actor, found.row),
        )


def _changes(tx: Tx, actor: Actor, row: BookingRow) -> list[ChangeRow]:
    records = [("booking", row.id), ("appointment", row.appointment_id)]
    return in_words(tx, actor, history.of_records(tx, records, limit=_HISTORY))
