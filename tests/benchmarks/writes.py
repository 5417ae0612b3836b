"""Rows 6 to 9: booking, bulk changes, the check for double bookings, and each client's nearest appointment."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

from appointments_app.db.queries import overlaps
from appointments_app.db.queries.nearest import nearest_active
from appointments_app.domain.booking import Booking, form_of
from appointments_app.domain.listing import AppointmentFilter, Selection
from appointments_app.features.appointments import service
from appointments_app.features.appointments.service import booking as bookings
from tests.benchmarks.measure import Result, compare, result
from tests.benchmarks.places import NOW, OWNER, Place

BULK = 10_000
BUSY = """
    SELECT a.id, a.start_at, a.end_at FROM appointment_staff l JOIN appointment a ON a.id = l.appointment_id
    WHERE l.staff_id IN (?, ?) AND l.start_at > ? AND l.start_at < ? AND l.end_at > ?
      AND a.deleted_at IS NULL AND a.status <> 'dismissed'
    ORDER BY l.start_at LIMIT 10"""
INSERT = """
    INSERT INTO appointment (uid, client_id, action_id, start_at, end_at, time_zone, status, notes, shared,
                             confirmed_by, confirmed_how, overlap_reason, created_at, created_by, version)
    VALUES (?, 1, 1, ?, ?, 'UTC', 'scheduled', 'Bring the contract.', false, '', '', '', ?, 1, 1) RETURNING id"""
NEAREST = """
    SELECT a.client_id, a.id, a.start_at, a.end_at, x.name, x.colour FROM client c JOIN appointment a ON a.id = (
        SELECT n.id FROM appointment n WHERE n.client_id = c.id AND n.deleted_at IS NULL AND n.status = 'scheduled'
          AND n.end_at > ?
        ORDER BY n.start_at, n.id LIMIT 1)
    LEFT JOIN action x ON x.id = a.action_id WHERE c.id IN ({})"""


def measure(place: Place) -> Iterator[Result]:
    """Measure rows 6 to 9 on one database."""
    yield _create(place)
    yield _bulk(place)
    start, end = NOW + timedelta(days=1), NOW + timedelta(days=1, minutes=45)
    times = [_stored(at) for at in (start - timedelta(days=1), end, start)]
    with place.uow.read() as tx:
        medians = compare(
            lambda: overlaps.in_the_way(tx, [7, 8], start, end, apart_from=None), lambda: place.ask(BUSY, 7, 8, *times)
        )
        yield result("8 check for a double booking", place.name, place.rows, medians, most_times=3)
        clients = list(range(1, 51))
        nearest = NEAREST.format(", ".join("?" * len(clients)))
        medians = compare(
            lambda: nearest_active(tx, OWNER, clients), lambda: place.ask(nearest, _stored(NOW), *clients)
        )
        yield result("9 nearest appointment of 50 clients", place.name, place.rows, medians, most_times=3)


def _stored(at: object) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S.%f}"


def _create(place: Place) -> Result:
    """Book by the form, drafts and audit trail and all, beside bare inserts of the same rows."""
    times = (datetime(2031, 1, 1, tzinfo=UTC) + timedelta(minutes=30 * step) for step in count())

    def program() -> None:
        start = next(times)
        booking = Booking(1, 1, start, start + timedelta(minutes=30), "UTC", (7,), "Bring the contract.", False)
        bookings.book(place.uow, actor=OWNER, form=form_of(booking, zone_name="UTC"), token=str(uuid.uuid4()))

    def yardstick() -> None:
        start = next(times)
        span = _stored(start), _stored(start + timedelta(minutes=30))
        place.ask_nothing("BEGIN")
        row = place.ask(INSERT, str(uuid.uuid4()), *span, _stored(NOW))[0][0]
        place.ask_nothing("INSERT INTO appointment_staff VALUES (?, 7, ?, ?)", row, *span)
        place.ask_nothing("INSERT INTO appointment_text VALUES (?, 'bring the contract.')", row)
        change = place.ask(
            "INSERT INTO change (at, staff_id, verb) VALUES (?, 1, 'created') RETURNING id", _stored(NOW)
        )
        place.ask_nothing("INSERT INTO change_line VALUES (?, 'appointment', ?, '', '', '')", change[0][0], row)
        place.ask_nothing("COMMIT")

    medians = compare(program, yardstick)
    place.ask_nothing("DELETE FROM draft")
    place.ask_nothing("DELETE FROM change_line WHERE change_id IN (SELECT id FROM change WHERE staff_id = 1)")
    place.ask_nothing("DELETE FROM change WHERE staff_id = 1")
    place.ask_nothing("DELETE FROM appointment WHERE start_at >= '2031-01-01 00:00:00'")
    return result("6 book one", place.name, place.rows, medians, most_ms=2 if place.is_sqlite else 4)


def _bulk(place: Place) -> Result:
    rows = place.ask(
        "SELECT id FROM appointment WHERE deleted_at IS NULL AND status = 'scheduled' AND start_at > ? "
        "ORDER BY start_at LIMIT ?",
        _stored(NOW), BULK,
    )  # fmt: skip
    ids = tuple(row[0] for row in rows)
    chosen = ", ".join(map(str, ids))
    selection = Selection(ids=ids)
    if len(ids) == BULK:
        last = place.ask("SELECT start_at FROM appointment WHERE id = ?", ids[-1])[0][0]
        selection = Selection(
            matching=AppointmentFilter.from_query({"tab": "scheduled", "since": "2026-11-24", "until": str(last)[:10]})
        )

    def restore() -> None:
        place.ask_nothing(f"UPDATE appointment SET status = 'scheduled' WHERE status = 'done' AND id IN ({chosen})")
        place.ask_nothing("DELETE FROM change_line WHERE change_id IN (SELECT id FROM change WHERE staff_id = 1)")
        place.ask_nothing("DELETE FROM change WHERE staff_id = 1")

    program = partial(service.set_status, place.uow, actor=OWNER, selection=selection, status="done")
    raw = (
        f"UPDATE appointment SET status = 'done', version = version + 1 WHERE id IN ({chosen}) AND status = 'scheduled'"
    )
    medians = compare(program, lambda: place.ask_nothing(raw), before=restore)
    restore()
    return result(
        f"7 {len(ids):,} appointments to Done, with history",
        place.name,
        place.rows,
        medians,
        most_times=2 if len(ids) == BULK else 20,
    )
