"""Row 14: the calendar of a big business, whose month has 27,000 appointments, and what of it goes over the wire."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

from appointments_app.db.engine import engine_for
from appointments_app.db.migrate import upgrade
from appointments_app.db.sample import add_sample_data
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.calendar import CalendarFilter
from appointments_app.features.calendar import service
from tests.benchmarks.measure import Result, compare, result
from tests.benchmarks.places import NOW, OWNER

MOST_MS = 50
MOST_BYTES = 200_000
BIG, FIFTY = {"staff": 200, "appointments": 70_000}, {"staff": 50, "appointments": 20_000}
LOOKS = (
    ("month of 200 staff", BIG, {"view": "month"}),
    ("month, two of them", BIG, {"view": "month", "staff": "7,8"}),
    ("week of 50 staff", FIFTY, {"view": "week"}),
    ("week of one", FIFTY, {"view": "week", "staff": "7"}),
    ("board of 50 staff", FIFTY, {"view": "board"}),
)
COUNT = "SELECT count(*) FROM appointment WHERE deleted_at IS NULL AND start_at >= ? AND start_at < ?"


def view(uow: UnitOfWork, query: dict[str, str]) -> service.CalendarView:
    """Return what the calendar shows at an address."""
    asked = {"date": NOW.date().isoformat(), **query}
    return service.calendar_view(uow, actor=OWNER, wanted=CalendarFilter.from_query(asked), query=asked)


def payload(shown: service.CalendarView) -> int:
    """Return how many bytes of JSON the days, entries and columns of a view are."""
    return len(json.dumps([[asdict(each) for each in part] for part in (shown.days, shown.entries, shown.columns)]))


def measure() -> Iterator[Result]:
    """Measure the views on SQLite, beside one count of the same days on the raw driver."""
    for size in (BIG, FIFTY):
        with tempfile.TemporaryDirectory() as folder:
            engine = engine_for(f"sqlite:///{Path(folder) / 'big.db'}")
            upgrade(engine)
            add_sample_data(engine, clients=2_000, seed=1, now=NOW, **size)
            uow = UnitOfWork(engine, lambda: NOW)
            raw = engine.raw_connection()
            for name, _, query in (look for look in LOOKS if look[1] is size):
                yield _one(name, uow, raw.driver_connection, query, size["appointments"])
            raw.close()
            engine.dispose()


def _one(name: str, uow: UnitOfWork, raw, query: dict[str, str], rows: int) -> Result:
    shown = view(uow, query)
    days = f"{shown.days[0].day} 00:00:00", f"{shown.days[-1].day} 23:59:59"
    medians = compare(partial(view, uow, query), lambda: raw.execute(COUNT, days).fetchall())
    total, size = sum(day.count for day in shown.days), payload(shown)
    told = f"14 {name}: {total:,} appointments, {len(shown.entries)} sent, {size // 1000} kB"
    judged = result(told, "sqlite", rows, medians, most_ms=MOST_MS)
    return replace(judged, ok=judged.ok and size <= MOST_BYTES, target=f"{judged.target}, ≤ 200 kB")
