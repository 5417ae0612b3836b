"""Row 13 on a database: the horizon of a thousand series moves on by a month, beside bare inserts of the same rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

from appointments_app.db.queries import series as queries
from appointments_app.db.queries.series import Template
from appointments_app.domain.recurrence import between
from appointments_app.domain.series import HORIZON
from appointments_app.features.appointments import service
from tests.benchmarks.measure import Result, compare, result
from tests.benchmarks.places import NOW, STAFF, Place
from tests.benchmarks.recurrence import a_thousand

SINCE = NOW + HORIZON - timedelta(days=31)
INSERT = """
    INSERT INTO appointment (uid, client_id, action_id, start_at, end_at, time_zone, status, notes, shared,
                             confirmed_by, confirmed_how, overlap_reason, series_id, recurrence_id, created_at,
                             created_by, version)
    VALUES (?, 1, 1, ?, ?, 'UTC', 'scheduled', '', false, '', '', '', ?, ?, ?, 1, 1) RETURNING id"""


def measure(place: Place) -> Iterator[Result]:
    """Measure one move of the horizon."""
    with place.uow.begin() as tx:
        made = [
            queries.add(
                tx,
                Template(1, 1, 30, "", False, (1 + number % STAFF,)),
                dtstart=one.dtstart,
                time_zone=one.zone_name,
                rrule=one.rrule,
                filled_until=SINCE,
                created_by=1,
            )
            for number, one in enumerate(a_thousand())
        ]
    rows = [
        (series.id, found)
        for series in made
        for found in between(series.rrule, series.dtstart, series.time_zone, SINCE, NOW + HORIZON)
    ]

    def again() -> None:
        place.ask_nothing("DELETE FROM appointment WHERE series_id IS NOT NULL")
        place.ask_nothing("UPDATE series SET filled_until = ?", _stored(SINCE))

    def yardstick() -> None:
        place.ask_nothing("BEGIN")
        for series_id, one in rows:
            span = _stored(one.start_at), _stored(one.start_at + timedelta(minutes=30))
            name = f"{one.recurrence_id:%Y%m%dT%H%M%S}"
            row = place.ask(INSERT, str(uuid.uuid4()), *span, series_id, name, _stored(NOW))[0][0]
            place.ask_nothing("INSERT INTO appointment_staff VALUES (?, 7, ?, ?)", row, *span)
        place.ask_nothing("COMMIT")

    medians = compare(lambda: service.extend(place.uow), yardstick, before=again)
    place.ask_nothing("DELETE FROM appointment WHERE series_id IS NOT NULL")
    place.ask_nothing("DELETE FROM series")
    yield result(
        f"13 horizon of 1,000 series on by a month, {len(rows):,} rows", place.name, place.rows, medians, most_ms=500
    )


def _stored(at: object) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S.%f}"
