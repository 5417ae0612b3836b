"""Whatever happens in whatever order: what is sent is what a model of ten lines sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from appointments_app.db.models import (
    Appointment,
    Change,
    ChangeLine,
    Client,
    Draft,
    Message,
    ReminderRule,
    Replanning,
)
from appointments_app.db.queries import booking
from appointments_app.domain.booking import form_of
from appointments_app.domain.listing import Selection
from appointments_app.features.appointments import service as appointments
from appointments_app.features.reminders import service as reminders
from appointments_app.features.session import service as session
from tests.appointments.conftest import NOON, ZONE, Practice, token
from tests.messages.test_rules import FORM
from tests.messages.world import World, lane

AT_ONCE = 3
"""So many appointments at most."""


@dataclass
class Model:
    """One rule, which reminds so many hours before the start."""

    now: datetime = NOON
    hours: int = 2
    is_on: bool = True
    starts: dict[int, datetime] = field(default_factory=dict)
    live: dict[int, bool] = field(default_factory=dict)
    armed: dict[tuple[int, datetime], datetime] = field(default_factory=dict)
    sent: list[tuple[int, datetime]] = field(default_factory=list)

    def plan(self, one: int) -> None:
        """Something happened to an appointment: arm its reminder unless its time is over."""
        key, due = (one, self.starts[one]), self.starts[one] - timedelta(hours=self.hours)
        kept = self.armed.get(key)
        self.armed = {each: at for each, at in self.armed.items() if each[0] != one}
        if self.live[one] and self.is_on and key not in self.sent and (due >= self.now or kept == due):
            self.armed[key] = due

    def work(self) -> None:
        """Send what is due, unless its appointment has begun."""
        for key in sorted(key for key, due in self.armed.items() if due <= self.now):
            del self.armed[key]
            self.sent += [key] if key[1] > self.now else []


STEP = st.one_of(
    st.tuples(st.just("book"), st.integers(1, 60)),
    st.tuples(st.just("move"), st.integers(0, AT_ONCE - 1), st.integers(1, 60)),
    st.tuples(st.just("note"), st.integers(0, AT_ONCE - 1)),
    st.tuples(st.just("mark"), st.integers(0, AT_ONCE - 1), st.sampled_from(["done", "dismissed", "scheduled"])),
    st.tuples(st.just("delete"), st.integers(0, AT_ONCE - 1)),
    st.tuples(st.just("undo")),
    st.tuples(st.just("rule"), st.sampled_from([1, 2, 5, 24])),
    st.tuples(st.just("switch"), st.booleans()),
    st.tuples(st.just("later"), st.sampled_from([1, 2, 3, 7, 25])),
    st.tuples(st.just("work")),
)


@pytest.mark.parametrize("examples", [15, pytest.param(2_000, marks=pytest.mark.long)])
def test_r32_what_is_sent_is_what_the_model_sends(examples: int, practice: Practice) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(STEP, min_size=4, max_size=14))
    def check(steps: list[tuple]) -> None:
        _empty(practice)
        desk = _Desk(practice, _rule(practice))
        for step in steps:
            desk.do(step)
        for _ in range(4):
            desk.do(("later", 24))
            desk.do(("work",))
        assert sorted(desk.sent()) == sorted(desk.model.sent)

    check()


def _empty(practice: Practice) -> None:
    practice.now[0] = NOON
    with practice.uow.begin() as tx:
        for table in (Message, Replanning, ReminderRule, ChangeLine, Change, Draft, Appointment):
            tx.execute(delete(table))
        tx.execute(update(Client).values(email="cleo@example.com"))


def _rule(practice: Practice) -> int:
    values = FORM | {"amount": "2", "unit": "hours"}
    return reminders.save(practice.uow, actor=practice.ada, rule_id=None, values=values)


class _Desk:
    """Does each step for real and in the model."""

    def __init__(self, practice: Practice, rule_id: int) -> None:
        self.practice, self.rule_id, self.model, self.world = practice, rule_id, Model(), World()
        self.ids: list[int] = []
        self.undoable: tuple[int, list[int]] | None = None
        self.as_ada = {"uow": practice.uow, "actor": practice.ada}

    def do(self, step: tuple) -> None:
        match step:
            case ("book", hours) if len(self.ids) < AT_ONCE:
                self._book(hours)
            case ("later", hours):
                self.practice.later(hours=hours)
                self.model.now = self.practice.now[0]
            case ("work",):
                while lane(self.practice, self.world).run():
                    pass
                self.model.work()
            case ("rule", hours):
                self._change_rule(hours=hours)
            case ("switch", is_on):
                self._change_rule(is_on=is_on)
            case ("undo",):
                self._undo()
            case (_, number, *_) if number < len(self.ids):
                self._touch(step, self.ids[number])

    def sent(self) -> list[tuple[int, datetime]]:
        """Return what arrived, as appointment and start."""
        with self.practice.uow.read() as tx:
            known = {key: (one, start) for key, one, start in tx.execute(
                select(Message.key, Message.appointment_id, Message.start_at)
            )}  # fmt: skip
        return [known[outgoing.key] for outgoing in self.world.got]

    def _at(self, hours: int) -> dict[str, str]:
        start = self.practice.now[0] + timedelta(hours=hours)
        wall = start + timedelta(hours=2)  # Cairo, before its summer time
        return {"date": f"{wall:%Y-%m-%d}", "time": f"{wall:%H:%M}"}

    def _book(self, hours: int) -> None:
        one = appointments.book(**self.as_ada, form=self.practice.form(**self._at(hours)), token=token())
        self.ids.append(one)
        self.model.starts[one], self.model.live[one] = self.model.now + timedelta(hours=hours), True
        self.model.plan(one)

    def _touch(self, step: tuple, one: int) -> None:
        match step:
            case ("mark", _, status):
                self._mark(one, status)
            case ("delete", _) if self._stored(one):
                done = appointments.delete(**self.as_ada, selection=Selection(ids=(one,)))
                self.undoable, self.model.live[one] = (done.change_id, [one]), False
                self.model.plan(one)
            case ("move", _, hours) if self._stored(one):
                self._edit(one, **self._at(hours))
                self.model.starts[one] = self.model.now + timedelta(hours=hours)
                self.model.plan(one)
            case ("note", _) if self._stored(one):
                self._edit(one, notes=f"Noted at {self.practice.now[0]}")
                self.model.plan(one)

    def _mark(self, one: int, status: str) -> None:
        stored = self._stored(one)
        if stored and stored.status != status:
            done = appointments.set_status(**self.as_ada, selection=Selection(ids=(one,)), status=status)
            self.undoable = (done.change_id, [one])
            self.model.live[one] = status == "scheduled"
            self.model.plan(one)

    def _undo(self) -> None:
        if self.undoable is None:
            return
        (change_id, ids), self.undoable = self.undoable, None
        session.undo(**self.as_ada, change_id=change_id)
        for one in ids:
            stored = self._stored(one)
            self.model.live[one] = stored is not None and stored.status == "scheduled"
            self.model.plan(one)

    def _change_rule(self, *, hours: int | None = None, is_on: bool | None = None) -> None:
        row = reminders.list_rules(**self.as_ada)[0]
        values = FORM | {
            "unit": "hours",
            "amount": str(hours or row.amount),
            "active": row.active if is_on is None else is_on,
        }
        reminders.save(**self.as_ada, rule_id=self.rule_id, values=values, version=row.version)
        while reminders.replan(self.practice.uow):
            pass
        has_changed = (self.model.hours, self.model.is_on) != (hours or row.amount, values["active"])
        self.model.hours, self.model.is_on = hours or row.amount, bool(values["active"])
        for one in self.ids if has_changed else ():
            if self.model.starts[one] > self.model.now:
                self.model.plan(one)

    def _edit(self, one: int, **changes: str) -> None:
        stored = self._stored(one)
        assert stored is not None
        form = form_of(stored.booking, zone_name=ZONE) | changes
        appointments.edit(**self.as_ada, appointment_id=one, form=form, version=stored.version)

    def _stored(self, one: int) -> booking.Stored | None:
        with self.practice.uow.read() as tx:
            return booking.stored(tx, self.practice.ada, one)
