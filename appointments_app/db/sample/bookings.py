"""Sample services, performed by everybody, and bookings: some of the sample appointments around ``now``."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select
from sqlmodel import col

from appointments_app.db.copying import moment
from appointments_app.db.models import Action, Appointment, AppointmentStaff, Leave, Service
from appointments_app.db.sample.load import Loader
from appointments_app.domain.appointment import Status
from appointments_app.domain.text import fold

SERVICES = (
    ("Consultation", "استشارة", 45, 0, 10, 8000),
    ("Follow-up", "متابعة", 30, 0, 5, 4500),
    ("Maintenance", "صيانة", 60, 0, 15, 12000),
    ("Training", "تدريب", 90, 10, 10, 20000),
)
"""Name in English and Arabic, minutes, what stays free before and after it, price in cents."""
AROUND = timedelta(days=45)
SHARE = 0.3
MOST = 5_000
_SERVICE = (
    "id", "name", "name_key", "description", "minutes", "before", "after", "price", "currency", "action_id", "colour",
    "active", "clients_book", "version",
)  # fmt: skip
_BOOKING = (
    "id", "token", "service_id", "price", "currency", "before", "after", "by_client", "confirmed_at", "deleted_at",
    "created_at", "created_by", "version",
)  # fmt: skip
_SLOT = ("id", "staff_id", "start_at", "end_at", "active", "booking_id", "held_by", "held_until")


def write_services(
    connection: Connection, loader: Loader, staff_ids: Sequence[int], *, language: str, currency: str
) -> dict[int, int]:
    """Add the sample services that are missing; return the service of each action that has one."""
    actions = {row.name_key: row for row in connection.execute(select(Action.id, Action.name_key, Action.colour))}
    known = set(connection.execute(select(col(Service.name_key))).scalars())
    rows, of_action = [], {}
    for english, arabic, minutes, before, after, price in SERVICES:
        name = arabic if language == "ar" else english
        action = actions.get(fold(name))
        if action is None or fold(name) in known:
            continue
        row_id = loader.next_id("service") + len(rows)
        of_action[action.id] = row_id
        rows.append((
            row_id, name, fold(name), "", minutes, before, after, price, currency, action.id, action.colour,
            True, True, 1,
        ))  # fmt: skip
    loader.add("service", _SERVICE, rows)
    performers = [(row[0], staff_id) for row in rows for staff_id in staff_ids]
    loader.add("service_staff", ("service_id", "staff_id"), performers)
    return of_action


def write_leave(loader: Loader, staff_ids: Sequence[int], *, now: datetime) -> None:
    """Let one person be away for a few days in three weeks."""
    first = (now + timedelta(days=21)).date()
    rows = [(loader.next_id(Leave.__tablename__), staff_ids[-1], first, first + timedelta(days=4), "")]
    loader.add("leave", ("id", "staff_id", "first_day", "last_day", "note"), rows)


def write_bookings(
    connection: Connection, loader: Loader, of_action: dict[int, int], *, seed: int, now: datetime, currency: str
) -> None:
    """Make some appointments of one person bookings; what would be too close to another with its buffers is not."""
    rng = random.Random(f"bookings {seed}")  # noqa: S311  no secrets are made of it
    first_booking, first_slot = loader.next_id("booking"), loader.next_id("slot")
    bookings, slots, links = [], [], []
    free_from: dict[int, datetime] = {}
    details = {row_id: SERVICES[place] for place, row_id in enumerate(of_action.values())}
    for row in _alone(connection, now):
        service_id = of_action.get(row.action_id)
        if service_id is None or rng.random() > SHARE or len(bookings) >= MOST:
            continue
        _, _, _, before, after, price = details[service_id]
        begins, ends = row.start_at - timedelta(minutes=before), row.end_at + timedelta(minutes=after)
        if begins < free_from.get(row.staff_id, begins):
            continue
        booking_id = first_booking + len(bookings)
        is_pending = row.status == Status.SCHEDULED and row.start_at > now and rng.random() < 0.2
        booked = moment(row.created_at)
        bookings.append((
            booking_id, f"sample-{booking_id}", service_id, price, currency, before, after, is_pending,
            None if is_pending else booked, None, booked, None if is_pending else row.created_by, 1,
        ))  # fmt: skip
        is_active = row.status != Status.DISMISSED
        slots.append((
            first_slot + len(slots), row.staff_id, moment(begins), moment(ends), is_active, booking_id, None, None,
        ))  # fmt: skip
        links.append((booking_id, row.id))
        free_from[row.staff_id] = ends
    loader.add("booking", _BOOKING, bookings)
    loader.add("slot", _SLOT, slots)
    loader.link("appointment", "booking_id", links)


def _alone(connection: Connection, now: datetime):
    """Return the appointments of no work order around ``now`` that one person has alone, by person and start."""
    near = Appointment.start_at > now - AROUND, Appointment.start_at < now + AROUND
    alone = (
        select(AppointmentStaff.appointment_id)
        .where(AppointmentStaff.start_at > now - AROUND, AppointmentStaff.start_at < now + AROUND)
        .group_by(AppointmentStaff.appointment_id)
        .having(func.count() == 1)
    )
    return connection.execute(
        select(
            Appointment.id, Appointment.action_id, Appointment.start_at, Appointment.end_at, Appointment.status,
            Appointment.created_at, Appointment.created_by, AppointmentStaff.staff_id,
        )
        .join(AppointmentStaff, AppointmentStaff.appointment_id == Appointment.id)
        .where(*near, Appointment.id.in_(alone), Appointment.work_order_id.is_(None))
        .order_by(AppointmentStaff.staff_id, Appointment.start_at)
    ).all()  # fmt: skip
