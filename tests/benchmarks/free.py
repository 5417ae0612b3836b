"""Row 16: the free starts of fifty people for thirty days, beside reading what keeps them busy with the bare driver."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from appointments_app.domain.availability import Need
from appointments_app.domain.bookings import LOOK_AHEAD
from appointments_app.features.bookings.service.free import Search, free_starts
from tests.benchmarks.measure import Result, compare, result
from tests.benchmarks.places import NOW, STAFF, Place

SPANS = """
    SELECT l.staff_id, l.start_at, l.end_at FROM appointment_staff l JOIN appointment a ON a.id = l.appointment_id
    WHERE l.staff_id IN ({}) AND l.start_at > ? AND l.start_at < ? AND a.deleted_at IS NULL AND a.status <> 'dismissed'
    UNION ALL
    SELECT staff_id, start_at, end_at FROM slot WHERE staff_id IN ({}) AND start_at > ? AND start_at < ? AND active"""


def measure(place: Place) -> Iterator[Result]:
    """Measure row 16 on one database."""
    staff = tuple(range(1, STAFF + 1))
    search = Search(Need(45, 0, 10), staff, NOW, NOW + timedelta(days=LOOK_AHEAD))
    times = [f"{at:%Y-%m-%d %H:%M:%S.%f}" for at in (search.since - timedelta(days=2), search.until)]
    marks = ", ".join("?" * len(staff))
    values = [*staff, *times, *staff, *times]
    with place.uow.read() as tx:
        medians = compare(lambda: free_starts(tx, search), lambda: place.ask(SPANS.format(marks, marks), *values))
    name = f"16 free starts of {STAFF} staff for {LOOK_AHEAD} days"
    yield result(name, place.name, place.rows, medians, most_ms=50)
