"""Whatever is done to a work order and its appointments in whatever order: the two never contradict each other."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete, select, update

from appointments_app.db.models import Appointment, Change, ChangeLine, Draft, Series, WorkOrder
from appointments_app.domain.errors import Invalid, NotFound
from appointments_app.domain.listing import Selection
from appointments_app.domain.work_order import LIFE, OrderStatus, Step
from appointments_app.features.appointments import service as appointments
from appointments_app.features.session.service import undo
from appointments_app.features.work_orders import service
from tests.appointments.conftest import NOON, Practice, token
from tests.work_orders.conftest import create

STATUS = st.sampled_from(["scheduled", "done", "dismissed"])
PLACE = st.integers(0, 30)


class Office(RuleBasedStateMachine):
    """One work order after the other, its appointments, and what a person can do to them."""

    practice: Practice

    def __init__(self) -> None:
        super().__init__()
        _empty(self.practice)
        self.order = create(self.practice)
        self.day = 0
        self.picture: tuple[int, dict[str, object]] | None = None
        """The last change that can be undone, and how everything was before it; None once something else happened."""

    def _rows(self, *, alive: bool = True) -> list[Appointment]:
        with self.practice.uow.read() as tx:
            rows = tx.execute(select(Appointment).order_by(Appointment.id)).scalars().all()
        return [one for one in rows if not (alive and one.deleted_at)]

    def _status(self) -> str | None:
        with self.practice.uow.read() as tx:
            one = tx.get(WorkOrder, self.order)
        assert one is not None
        return None if one.deleted_at else one.status

    def _look(self) -> dict[str, object]:
        with self.practice.uow.read() as tx:
            orders = {one.id: (one.status, one.deleted_at) for one in tx.execute(select(WorkOrder)).scalars()}
            series = {one.id: (one.rrule, one.work_order_id) for one in tx.execute(select(Series)).scalars()}
        rows = {one.id: (one.status, one.deleted_at, one.work_order_id) for one in self._rows(alive=False)}
        return {"orders": orders, "series": series, "rows": rows}

    @rule(linked=st.booleans(), repeats=st.booleans())
    def schedule(self, linked: bool, repeats: bool) -> None:
        """Book one, for the work order or independent, once or three times; only what is open takes more."""
        self.picture, self.day = None, self.day + 1
        daily = {"recurring": True, "frequency": "daily", "ends": "after", "count": "3"} if repeats else {}
        form = self.practice.form(work_order=str(self.order) if linked else "", time=f"{self.day % 24:02}:00", **daily)
        try:
            appointments.book(self.practice.uow, actor=self.practice.ada, form=form, token=token())
        except Invalid as refusal:
            assert linked and refusal.fields.keys() == {"work_order"}
            assert self._status() not in ("open", "draft")
        else:
            assert not linked or self._status() in ("open", "draft")

    @precondition(lambda self: self._rows())
    @rule(place=PLACE, status=STATUS)
    def mark(self, place: int, status: str) -> None:
        """Mark one of the appointments."""
        self.picture, rows = None, self._rows()
        selection = Selection(ids=(rows[place % len(rows)].id or 0,))
        appointments.set_status(self.practice.uow, actor=self.practice.ada, selection=selection, status=status)

    @precondition(lambda self: self._rows())
    @rule(place=PLACE)
    def remove(self, place: int) -> None:
        """Delete one of the appointments."""
        self.picture, rows = None, self._rows()
        selection = Selection(ids=(rows[place % len(rows)].id or 0,))
        appointments.delete(self.practice.uow, actor=self.practice.ada, selection=selection)

    @rule(step=st.sampled_from(Step), fate=st.sampled_from(["leave", "done", "dismissed"]))
    def move(self, step: Step, fate: str) -> None:
        """Open, close or cancel the work order, if its table allows it."""
        before, status = self._look(), self._status()
        allowed = status is not None and step in LIFE[OrderStatus(status)]
        try:
            done = service.move(
                self.practice.uow, actor=self.practice.ada, order_id=self.order, step=step.value, fate=fate
            )
        except (Invalid, NotFound):
            assert not allowed
            return
        assert allowed
        assert status is not None
        assert self._status() == LIFE[OrderStatus(status)][step]
        left = [one for one in self._rows() if one.work_order_id == self.order and one.status == "scheduled"]
        assert not left or fate == "leave" or step is Step.OPEN
        self.picture = done.change_id, before

    @rule(fate=st.sampled_from(["leave", "delete"]))
    def delete(self, fate: str) -> None:
        """Delete the work order, with its appointments or without."""
        before = self._look()
        mine = {one.id: one.status for one in self._rows() if one.work_order_id == self.order}
        try:
            done = service.delete(self.practice.uow, actor=self.practice.ada, order_id=self.order, fate=fate)
        except NotFound:
            assert self._status() is None
            return
        alive = {one.id for one in self._rows()}
        assert alive.issuperset(one for one, status in mine.items() if status == "done" or fate == "leave")
        assert fate == "leave" or not alive & {one for one, status in mine.items() if status != "done"}
        self.picture = done.change_id, before

    @precondition(lambda self: self.picture is not None)
    @rule()
    def take_back(self) -> None:
        """Undo the last change, before anything else happened: everything is as it was."""
        assert self.picture is not None
        change_id, before = self.picture
        self.picture = None
        undo(self.practice.uow, actor=self.practice.ada, change_id=change_id)
        assert self._look() == before

    @precondition(lambda self: self._status() is None)
    @rule()
    def begin_another(self) -> None:
        """Make another work order."""
        self.picture, self.order = None, create(self.practice)

    @rule(hours=st.sampled_from([1, 30]))
    def wait(self, hours: int) -> None:
        """Let time pass; series are extended."""
        self.picture = None
        self.practice.later(hours=hours)
        appointments.extend(self.practice.uow)

    @invariant()
    def nothing_refers_to_what_is_gone(self) -> None:
        """What is linked is linked to a work order that is there, of the same client."""
        with self.practice.uow.read() as tx:
            orders = {one.id: one for one in tx.execute(select(WorkOrder)).scalars() if not one.deleted_at}
            series = tx.execute(select(Series.work_order_id).where(Series.work_order_id.is_not(None))).scalars().all()
        linked = [one for one in self._rows() if one.work_order_id is not None]
        assert all(one.work_order_id in orders for one in linked)
        assert all(one.client_id == orders[one.work_order_id].client_id for one in linked)
        assert set(series) <= set(orders)


def _empty(practice: Practice) -> None:
    """Take everything back to the beginning: what one run leaves behind must not decide what the next one may do."""
    practice.now[0] = NOON
    with practice.uow.begin() as tx:
        tx.execute(update(Change).values(undone_by=None))
        for table in (ChangeLine, Change, Draft, Appointment, Series, WorkOrder):
            tx.execute(delete(table))


@pytest.mark.parametrize("examples", [10, pytest.param(300, marks=pytest.mark.long)])
def test_work_orders_and_their_appointments_agree_whatever_happens(examples: int, practice: Practice) -> None:
    quick = settings(
        max_examples=examples, stateful_step_count=12, deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )  # fmt: skip
    run_state_machine_as_test(type("Here", (Office,), {"practice": practice}), settings=quick)
