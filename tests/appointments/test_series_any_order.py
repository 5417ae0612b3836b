"""Whatever is done to a series in whatever order: the same as in a model that a reader can check by eye."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from appointments_app.db.models import Appointment, AppointmentStaff, ChangeLine, Draft, Series, SeriesStaff
from appointments_app.domain.listing import Selection
from appointments_app.domain.times import iso
from appointments_app.features.appointments import service
from appointments_app.features.appointments.service import Move
from appointments_app.features.session import service as session
from tests.appointments.conftest import NOON, Practice, token

DAYS = 8
FIRST = NOON.replace(hour=8) + timedelta(days=1)


@dataclass
class One:
    """One occurrence as the model has it. ``name`` is its day in the rule, ``rule`` the series it follows."""

    name: int
    start_at: datetime
    rule: int = 1
    status: str = "scheduled"
    by_hand: bool = False
    deleted: bool = False

    def settled(self, now: datetime) -> bool:
        return self.status != "scheduled" or self.start_at <= now


@dataclass
class Model:
    """A daily series: what a receptionist expects of each button."""

    now: datetime = NOON
    rows: list[One] = field(default_factory=lambda: [One(day, FIRST + timedelta(days=day)) for day in range(DAYS)])
    ends: dict[int, int] = field(default_factory=lambda: {1: DAYS})
    """Behind which day each rule has ended."""

    def reached(self, one: One, reach: str, settled: bool, by_hand: bool) -> tuple[int, list[One]]:
        """Return the day from which on a change reaches, and the occurrences it changes."""
        if one.name >= self.ends[one.rule]:  # its rule has ended before it: it stands alone
            return one.name, [one]
        follows = [each for each in self.rows if each.rule == one.rule and each.name < self.ends[one.rule]]
        group = [each for each in follows if not each.deleted]
        since = one.name
        if reach == "all":
            since = min([one.name, *(each.name for each in group if settled or not each.settled(self.now))])
        taken = [
            each
            for each in group
            if each is one
            or (each.name >= since and (settled or not each.settled(self.now)) and (by_hand or not each.by_hand))
        ]
        return since, taken

    def first_of(self, rule: int) -> int:
        """Return the first day of a rule, left out or not."""
        return min(each.name for each in self.rows if each.rule == rule)

    def retime(self, one: One, reach: str, settled: bool, by_hand: bool, hour: int) -> None:
        """Set the hour of one, those that follow, or all."""
        if reach == "this" or one.name >= self.ends[one.rule]:
            one.start_at, one.by_hand = one.start_at.replace(hour=hour), True
            return
        since, taken = self.reached(one, reach, settled, by_hand)
        old = one.rule
        if since > self.first_of(old):
            new = max(self.ends) + 1
            self.ends[new], self.ends[old] = self.ends[old], since
            for each in self.rows:
                if each.rule == old and each.name >= since:
                    each.rule = new
        for each in taken:
            each.start_at = (FIRST + timedelta(days=each.name)).replace(hour=hour)
            each.by_hand = False

    def remove(self, one: One, reach: str) -> None:
        """Delete one, those that follow, or all."""
        since, taken = (one.name, [one]) if reach == "this" else self.reached(one, reach, False, False)
        if reach != "this" and one.name < self.ends[one.rule]:
            self.ends[one.rule] = since
        for each in taken:
            each.deleted = True


STEP = st.one_of(
    st.tuples(st.just("mark"), st.integers(0, DAYS - 1), st.sampled_from(["done", "dismissed", "scheduled"])),
    st.tuples(
        st.just("retime"), st.integers(0, DAYS - 1), st.sampled_from(["this", "following", "all"]),
        st.booleans(), st.booleans(), st.sampled_from([6, 9, 11, 15]),
    ),
    st.tuples(
        st.just("undone"), st.integers(0, DAYS - 1), st.sampled_from(["this", "following", "all"]),
        st.booleans(), st.booleans(), st.sampled_from(["06:45", "23:30"]), st.integers(-1, 2),
    ),
    st.tuples(st.just("delete"), st.integers(0, DAYS - 1), st.sampled_from(["this", "following", "all"])),
    st.tuples(st.just("later"), st.sampled_from([6, 24, 60])),
)  # fmt: skip


@pytest.mark.parametrize("examples", [25, pytest.param(1_000, marks=pytest.mark.long)])
def test_any_order_of_steps_ends_as_in_the_model(examples: int, practice: Practice) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(STEP, max_size=8))
    def check(steps: list[tuple]) -> None:
        _empty(practice)
        model, ids = Model(), _book(practice)
        for step in steps:
            _do(practice, model, ids, step)
            service.extend(practice.uow)
            _compare(practice, model, ids)

    check()


def _empty(practice: Practice) -> None:
    practice.now[0] = NOON
    with practice.uow.begin() as tx:
        for table in (AppointmentStaff, ChangeLine, Draft, Appointment, SeriesStaff, Series):
            tx.execute(delete(table))


def _book(practice: Practice) -> list[int]:
    """Book the series; return the ids by day."""
    form = practice.form(recurring=True, frequency="daily", ends="after", count=str(DAYS))
    service.book(practice.uow, actor=practice.ada, form=form, token=token())
    with practice.uow.read() as tx:
        return list(tx.execute(select(Appointment.id).order_by(Appointment.start_at)).scalars())


def _do(practice: Practice, model: Model, ids: list[int], step: tuple) -> None:
    match step:
        case ("later", hours):
            practice.later(hours=hours)
            model.now = practice.now[0]
        case (_, day, *_) if model.rows[day].deleted:
            pass
        case ("mark", day, status):
            selection = Selection(ids=(ids[day],))
            service.set_status(practice.uow, actor=practice.ada, selection=selection, status=status)
            model.rows[day].status = status
        case ("delete", day, reach):
            service.delete_occurrence(practice.uow, actor=practice.ada, appointment_id=ids[day], reach=reach)
            model.remove(model.rows[day], reach)
        case ("undone", day, reach, settled, by_hand, time, later):
            _move_and_undo(practice, ids[day], model.rows[day].start_at, time, later, reach, settled, by_hand)
        case ("retime", day, reach, settled, by_hand, hour):
            if model.rows[day].start_at.hour != hour:
                _retime(practice, ids[day], model.rows[day].start_at.replace(hour=hour), reach, settled, by_hand)
                model.retime(model.rows[day], reach, settled, by_hand, hour)


def _retime(practice: Practice, one: int, start_at: datetime, reach: str, settled: bool, by_hand: bool) -> None:
    opened = service.open_one(practice.uow, actor=practice.ada, appointment_id=one, theirs=True)
    form = {**opened.form, "time": f"{start_at + timedelta(hours=2):%H:%M}"}  # Cairo, before its summer time
    said = {"reach": reach, "settled": settled, "by_hand": by_hand, "version": opened.version}
    service.edit(practice.uow, actor=practice.ada, appointment_id=one, form=form, **said)


def _move_and_undo(
    practice: Practice, one: int, start_at: datetime, time: str, later: int, reach: str, settled: bool, by_hand: bool
) -> None:
    """Move as a calendar does, let the horizon go on, and take it back: nothing has happened."""
    to = Move(f"{start_at + timedelta(days=later):%Y-%m-%d}", time)
    said = {"reach": reach, "settled": settled, "by_hand": by_hand, "seen_at": iso(start_at)}
    change_id = service.move(practice.uow, actor=practice.ada, appointment_id=one, to=to, **said)
    service.extend(practice.uow)
    assert session.undo(practice.uow, actor=practice.ada, change_id=change_id or 0) > 0


def _compare(practice: Practice, model: Model, ids: list[int]) -> None:
    with practice.uow.read() as tx:
        rows = list(tx.execute(select(Appointment)).scalars())
    alive = {one.id: (one.start_at, one.status) for one in rows if one.deleted_at is None}
    assert alive == {ids[one.name]: (one.start_at, one.status) for one in model.rows if not one.deleted}
    names = Counter((one.series_id, one.recurrence_id) for one in rows if one.series_id)
    assert all(count == 1 for count in names.values())
