"""Whatever happens in whatever order: what is sent is what a model of ten lines sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

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
KINDS = ("moved", "cancelled", "confirmed")
"""Of several that are news at once, those of the first are told."""


@dataclass
class Notice:
    """What a client is to be told, and what they know."""

    knows: datetime | None
    kind: str
    at: datetime
    due: datetime
    act: int
    """What was done at once is one message."""
    is_planned: bool = True
    is_over: bool = False
    """Whether a worker decided, so that what its client knows is no more what they knew before."""


@dataclass
class Model:
    """One rule, which reminds so many hours before the start, and rules that tell of changes."""

    now: datetime = NOON
    hours: int = 2
    is_on: bool = True
    starts: dict[int, datetime] = field(default_factory=dict)
    live: dict[int, bool] = field(default_factory=dict)
    made: dict[int, datetime] = field(default_factory=dict)
    armed: dict[tuple[int, datetime], datetime] = field(default_factory=dict)
    sent: list[tuple[int, datetime]] = field(default_factory=list)
    held: dict[int, Notice] = field(default_factory=dict)
    knows_off: set[int] = field(default_factory=set)
    told: list[tuple[int, str, datetime]] = field(default_factory=list)
    acts: int = 0
    acts_told: set[int] = field(default_factory=set)

    def stands(self, one: int, status: str) -> datetime | None:
        """Return the start of an appointment, None for one that is cancelled."""
        return self.starts[one] if status in ("scheduled", "done") else None

    def change(self, *changes: tuple[int, datetime | None, str]) -> None:
        """Somebody changed appointments at once: hold notices of how they differ from what their client knows."""
        self.acts += 1
        found = {one: notice for one, before, status in changes if (notice := self._notice(one, before, status))}
        first = min((notice.kind for notice in found.values()), key=KINDS.index, default="")
        self.held |= {one: notice for one, notice in found.items() if notice.kind == first}

    def _notice(self, one: int, before: datetime | None, status: str) -> Notice | None:
        is_unknown = self.now - self.made[one] < timedelta(minutes=1) and one not in (key[0] for key in self.sent)
        if is_unknown:
            return None
        held, stands = self.held.get(one), self.stands(one, status)
        if held and not held.is_over:
            knows = held.knows
        else:
            knows = before if before or one in self.knows_off else stands
        if held:
            held.is_planned = False
        kind = "cancelled" if stands is None else "moved" if knows else "confirmed"
        at = stands or knows
        is_news = knows != stands and at and at > self.now and status != "done"
        return Notice(knows, kind, at, self.now + timedelta(minutes=1), self.acts) if at and is_news else None

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
        for one, notice in self.held.items():
            if notice.is_planned and notice.due <= self.now:
                notice.is_planned, notice.is_over = False, True
                if notice.at > self.now:
                    self.told.append((one, notice.kind, notice.at))
                    self.acts_told.add(notice.act)
                    (self.knows_off.add if notice.kind == "cancelled" else self.knows_off.discard)(one)


STEP = st.one_of(
    st.tuples(st.just("book"), st.integers(1, 60)),
    st.tuples(st.just("move"), st.integers(0, AT_ONCE - 1), st.integers(1, 60)),
    st.tuples(st.just("back"), st.integers(0, AT_ONCE - 1)),
    st.tuples(st.just("note"), st.integers(0, AT_ONCE - 1)),
    st.tuples(st.just("mark"), st.integers(0, AT_ONCE - 1), st.sampled_from(["done", "dismissed", "scheduled"])),
    st.tuples(st.just("mark all"), st.sampled_from(["done", "dismissed", "scheduled"])),
    st.tuples(st.just("delete"), st.integers(0, AT_ONCE - 1)),
    st.tuples(st.just("undo")),
    st.tuples(st.just("rule"), st.sampled_from([1, 2, 5, 24])),
    st.tuples(st.just("switch"), st.booleans()),
    st.tuples(st.just("later"), st.sampled_from([1, 2, 3, 7, 25])),
    st.tuples(st.just("soon"), st.sampled_from([20, 59, 60])),
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
        assert desk.told() == sorted(desk.model.told)
        assert desk.messages() == len(desk.model.acts_told)

    check()


def _empty(practice: Practice) -> None:
    practice.now[0] = NOON
    with practice.uow.begin() as tx:
        for table in (Message, Replanning, ReminderRule, ChangeLine, Change, Draft, Appointment):
            tx.execute(delete(table))
        tx.execute(update(Client).values(email="cleo@example.com"))


def _rule(practice: Practice) -> int:
    values = FORM | {"amount": "2", "unit": "hours"}
    rule = reminders.save(practice.uow, actor=practice.ada, rule_id=None, values=values)
    for moment in ("moved", "cancelled", "confirmed"):
        reminders.save(practice.uow, actor=practice.ada, rule_id=None, values=FORM | {"moment": moment})
    return rule


class _Desk:
    """Does each step for real and in the model."""

    def __init__(self, practice: Practice, rule_id: int) -> None:
        self.practice, self.rule_id, self.model, self.world = practice, rule_id, Model(), World()
        self.ids: list[int] = []
        self.former: dict[int, datetime] = {}
        self.undoable: tuple[int, list[int]] | None = None
        self.as_ada = {"uow": practice.uow, "actor": practice.ada}

    def do(self, step: tuple) -> None:
        match step:
            case ("book", hours) if len(self.ids) < AT_ONCE:
                self._book(hours)
            case ("later", hours):
                self._wait(hours=hours)
            case ("soon", seconds):
                self._wait(seconds=seconds)
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
            case ("mark all", status):
                self._mark(self.ids, status)
            case (_, number, *_) if number < len(self.ids):
                self._touch(step, self.ids[number])

    def sent(self) -> list[tuple[int, datetime]]:
        """Return what arrived of reminders, as appointment and start."""
        return [(one, start) for one, notice, start in self._arrived() if not notice]

    def told(self) -> list[tuple[int, str, datetime]]:
        """Return what arrived of changes, as appointment, what happened to it, and start."""
        return sorted(each for each in self._arrived() if each[1])

    def messages(self) -> int:
        """Return how many messages told of changes."""
        return sum(outgoing.key.startswith("n") for outgoing in self.world.got)

    def _arrived(self) -> list[tuple[int, str, datetime]]:
        leader = aliased(Message)
        told = select(func.coalesce(leader.key, Message.key), Message.appointment_id, Message.notice, Message.start_at)
        is_led = (leader.id == Message.leader_id) & (Message.state == "together")
        known: dict[str, list[tuple]] = {}
        with self.practice.uow.read() as tx:
            for key, *rest in tx.execute(told.outerjoin(leader, is_led)):
                known.setdefault(key, []).append(tuple(rest))
        return [each for outgoing in self.world.got for each in known[outgoing.key]]

    def _wait(self, **by: float) -> None:
        self.practice.later(**by)
        self.model.now = self.practice.now[0]

    def _start(self, hours: int) -> datetime:
        return (self.practice.now[0] + timedelta(hours=hours)).replace(second=0)

    def _wall(self, start: datetime) -> dict[str, str]:
        wall = start + timedelta(hours=2)  # Cairo, before its summer time
        return {"date": f"{wall:%Y-%m-%d}", "time": f"{wall:%H:%M}"}

    def _book(self, hours: int) -> None:
        start = self._start(hours)
        one = appointments.book(**self.as_ada, form=self.practice.form(**self._wall(start)), token=token())
        self.ids.append(one)
        self.former[one] = self.model.starts[one] = start
        self.model.live[one], self.model.made[one] = True, self.practice.now[0]
        self.model.plan(one)

    def _move(self, one: int, start: datetime) -> None:
        before, status = self.model.starts[one], self._status(one)
        self._edit(one, **self._wall(start))
        self.former[one], self.model.starts[one] = before, start
        self.model.plan(one)
        if before != start:
            self.model.change((one, before if status != "dismissed" else None, status))

    def _touch(self, step: tuple, one: int) -> None:
        match step:
            case ("mark", _, status):
                self._mark([one], status)
            case ("delete", _) if self._stored(one):
                status = self._status(one)
                before = self.model.stands(one, status)
                done = appointments.delete(**self.as_ada, selection=Selection(ids=(one,)))
                self.undoable, self.model.live[one] = (done.change_id, [one]), False
                self.model.plan(one)
                self.model.change((one, before, status if status == "done" else "deleted"))
            case ("move", _, hours) if self._stored(one):
                self._move(one, self._start(hours))
            case ("back", _) if self._stored(one):
                self._move(one, self.former[one])
            case ("note", _) if self._stored(one):
                self._edit(one, notes=f"Noted at {self.practice.now[0]}")
                self.model.plan(one)

    def _mark(self, ids: list[int], status: str) -> None:
        stored = {one: found for one in ids if (found := self._stored(one)) and found.status != status}
        if stored:
            before = {one: self.model.stands(one, found.status) for one, found in stored.items()}
            done = appointments.set_status(**self.as_ada, selection=Selection(ids=tuple(stored)), status=status)
            self.undoable = (done.change_id, list(stored))
            for one in stored:
                self.model.live[one] = status == "scheduled"
                self.model.plan(one)
            self.model.change(*((one, before[one], status) for one in stored))

    def _undo(self) -> None:
        if self.undoable is None:
            return
        (change_id, ids), self.undoable = self.undoable, None
        was = {one: self._status(one) for one in ids}
        session.undo(**self.as_ada, change_id=change_id)
        now = {one: self._status(one) for one in ids}
        for one, status in now.items():
            self.model.live[one] = status == "scheduled"
            self.model.plan(one)
        changed = [one for one in ids if now[one] != was[one]]
        self.model.change(*((one, self.model.stands(one, was[one]), now[one]) for one in changed))

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

    def _status(self, one: int) -> str:
        stored = self._stored(one)
        return stored.status if stored else "deleted"

    def _stored(self, one: int) -> booking.Stored | None:
        with self.practice.uow.read() as tx:
            return booking.stored(tx, self.practice.ada, one)
