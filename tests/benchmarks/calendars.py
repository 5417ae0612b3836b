"""Row 14: the calendar of a big business, whose month has 27,000 appointments, and what of it goes over the wire."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
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
from tests.benchmarks.places import NOW, OWNER, Place, raw_driver
from tests.services import databases

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
    """Return how many bytes of JSON the days, entries, columns and hours of a view are."""
    return len(
        json.dumps(
            [
                [asdict(each) for each in part]
                for part in (shown.days, shown.entries, shown.columns, shown.hours, shown.away)
            ]
        )
    )


def measure(filled: Sequence[Place]) -> Iterator[Result]:
    """Measure the views on the kinds of database given, beside one count of the same days on the raw driver."""
    for kind in {place.name: place for place in filled}.values():
        for size in (BIG, FIFTY):
            with _business(kind, size) as place:
                yield from (_one(name, place, query) for name, theirs, query in LOOKS if theirs is size)


@contextmanager
def _business(like: Place, size: dict[str, int]) -> Iterator[Place]:
    """A business of its own on the same kind of database, gone afterwards."""
    with ExitStack() as stack:
        if like.is_sqlite:
            url = f"sqlite:///{Path(stack.enter_context(tempfile.TemporaryDirectory())) / 'big.db'}"
        else:
            url = stack.enter_context(databases.postgres_database(_server(like)))
        engine = engine_for(url)
        stack.callback(engine.dispose)
        upgrade(engine)
        add_sample_data(engine, clients=2_000, seed=1, now=NOW, **size)
        with raw_driver(like.name, url, engine) as raw:
            yield Place(like.name, size["appointments"], UnitOfWork(engine, lambda: NOW), raw)


def _server(place: Place) -> str:
    return place.uow.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def _one(name: str, place: Place, query: dict[str, str]) -> Result:
    shown = view(place.uow, query)
    days = f"{shown.days[0].day} 00:00:00", f"{shown.days[-1].day} 23:59:59"
    medians = compare(partial(view, place.uow, query), partial(place.ask, COUNT, *days))
    total, size = sum(day.count for day in shown.days), payload(shown)
    told = f"14 {name}: {total:,} appointments, {len(shown.entries)} sent, {size // 1000} kB"
    judged = result(told, place.name, place.rows, medians, most_ms=MOST_MS)
    return replace(judged, ok=judged.ok and size <= MOST_BYTES, target=f"{judged.target}, ≤ 200 kB")
