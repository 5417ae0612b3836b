"""Many who book one person at the same moment: nobody is booked twice, and nobody is refused without a reason."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from appointments_app.db.models import AppointmentStaff
from appointments_app.db.queries import bulk, history
from appointments_app.domain.errors import Clash, NotFound
from appointments_app.domain.listing import Selection
from appointments_app.domain.times import to_wall
from appointments_app.features.appointments import service
from appointments_app.features.session import service as sessions
from tests.appointments.conftest import ZONE, Practice, token
from tests.appointments.desk import book, stored

AT_ONCE = 8
ON_ONE_DAY = 100
PATIENCE = 900
"""Seconds for all of it; a lock that is never released must not hold the tests for ever."""

Span = tuple[datetime, datetime]


def _attempts(number: int) -> list[Span]:
    """Return spans at random times of day after day, in UTC: the first few on a day find room, the others do not."""
    chance = random.Random(1)
    first = datetime(2026, 4, 1, 6, tzinfo=UTC)
    starts = [first + timedelta(days=i // ON_ONE_DAY, minutes=5 * chance.randrange(120)) for i in range(number)]
    return [(start, start + timedelta(minutes=5 * chance.randint(1, 24))) for start in starts]


def _book(practice: Practice, span: Span) -> bool:
    """Whether Ben could be booked for this span."""
    start, end = span
    wall = to_wall(start, ZONE)
    form = practice.form(
        date=wall.strftime("%Y-%m-%d"),
        time=wall.strftime("%H:%M"),
        duration=str((end - start) // timedelta(minutes=1)),
        staff=[str(practice.ben.staff_id)],
    )
    try:
        service.book(practice.uow, actor=practice.ada, form=form, token=token())
    except Clash:
        return False
    return True


@pytest.mark.parametrize("number", [500, pytest.param(10_000, marks=pytest.mark.long)])
def test_of_racing_bookings_of_one_person_no_two_overlap(practice: Practice, number: int):
    attempts = _attempts(number)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        is_booked = list(threads.map(lambda span: _book(practice, span), attempts, timeout=PATIENCE))
    with practice.uow.read() as tx:
        stored = sorted(tuple(row) for row in tx.execute(select(AppointmentStaff.start_at, AppointmentStaff.end_at)))
    assert stored == sorted(span for span, booked in zip(attempts, is_booked, strict=True) if booked)
    assert all(end <= start for (_, end), (start, _) in pairwise(stored))
    for (start, end), booked in zip(attempts, is_booked, strict=True):
        assert booked or any(start < other_end and end > other_start for other_start, other_end in stored)


@pytest.mark.parametrize("other", ["dismissed", "deleted"])
def test_of_two_who_change_many_at_once_the_second_knows_what_the_first_did(practice: Practice, other: str):
    one, later = book(practice), []
    both = {"actor": practice.ada, "selection": Selection(ids=(one,))}

    def change(which: str, progress: bulk.Progress):
        if which == "deleted":
            return service.delete(practice.uow, **both, progress=progress)
        return service.set_status(practice.uow, **both, status=which, progress=progress)

    def meanwhile(_done: int, _total: int) -> bool:
        later.append(threads.submit(change, other, bulk.keep_going))
        wait(later, timeout=0.5)
        return True

    with ThreadPoolExecutor(1) as threads:
        change("deleted" if other == "deleted" else "done", meanwhile)
        second = later[0].exception(timeout=20) or later[0].result()
    with practice.uow.read() as tx:
        newest = history.of_record(tx, "appointment", one)[0].lines
    if other == "deleted":
        assert isinstance(second, NotFound) or not second.changed
        return
    assert [(line.old, line.new) for line in newest if line.field == "status"] == [("done", "dismissed")]
    sessions.undo(practice.uow, actor=practice.ada, change_id=second.change_id)
    assert stored(practice, one).status == "done"
