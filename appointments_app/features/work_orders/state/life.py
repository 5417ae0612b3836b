"""The question before a work order ends or goes, and what is done then. Opened from the list and from its page."""

from functools import partial

import reflex as rx

from appointments_app import routes
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Cancelled, Invalid
from appointments_app.domain.words import N_, NN_
from appointments_app.domain.work_order import Fate, Step
from appointments_app.features.appointments.state.list import AppointmentList
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.long_work import LongWork
from appointments_app.features.session.state import say, tr, trn
from appointments_app.features.work_orders import service
from appointments_app.features.work_orders.service import Question, Result
from appointments_app.features.work_orders.state.list import OrderList
from appointments_app.features.work_orders.state.record import OrderRecord

DELETE = "delete"
_SAID = {
    Step.OPEN.value: N_("Work order #{number} is open."),
    Step.CLOSE.value: N_("Work order #{number} is closed."),
    Step.CANCEL.value: N_("Work order #{number} is cancelled."),
    DELETE: N_("Work order #{number} is deleted."),
}
_CHANGED = {
    Fate.DONE.value: NN_("{n} appointment marked done.", "{n} appointments marked done."),
    Fate.DISMISS.value: NN_("{n} appointment dismissed.", "{n} appointments dismissed."),
    Fate.DELETE.value: NN_("{n} appointment deleted.", "{n} appointments deleted."),
}


MANY = 300
"""Of more appointments, what becomes of them is settled in the background."""


class OrderLife(LongWork, rx.State):
    """What is asked, and what was chosen so far."""

    is_open: bool = False
    verb: str = ""
    question: Question = Question()

    @rx.event
    @requires(Permission.VIEW)
    async def choose(self, order_id: int, verb: str):
        """Do what a menu says: at once where there is nothing to decide, else ask first."""
        if not isinstance(verb, str) or verb not in _SAID:
            raise Invalid()
        self.question, self.verb = await perform(service.ask, order_id=order_id), str(verb)
        undecided = self.question.total if verb == DELETE else self.question.scheduled
        if verb == Step.OPEN or not undecided:
            return await self._do(Fate.LEAVE.value)
        self.is_open = True
        return None

    @rx.event
    @requires(Permission.VIEW)
    async def show(self, is_open: bool):
        """Close the question without an answer."""
        self.is_open = bool(is_open)

    @rx.event
    @requires(Permission.VIEW)
    async def answer(self, values: dict):
        """Do it, now that it is said what becomes of the appointments."""
        fate = str(values.get("fate", "") if isinstance(values, dict) else "")
        many = (self.question.total if self.verb == DELETE else self.question.scheduled) > MANY
        if fate == Fate.LEAVE or not many:
            return await self._do(fate)
        return None if self._is_alive() else OrderLife.settle(fate)

    @rx.event(background=True)
    @requires(Permission.VIEW)
    async def settle(self, fate: str):
        """Do it in the background, with progress; Stop leaves everything as it was."""
        async with self:
            if not self._begins(self.question.total):
                return None
            use_case = self._use_case(str(fate))
        work = await self._carry_out(use_case)
        async with self:
            try:
                return await self._told(str(fate), work.result())
            except Cancelled as stopped:
                await say(self, tr(stopped.message), kind="info")
                return None

    @rx.event
    @requires(Permission.VIEW)
    async def stop(self):
        """Stop settling."""
        self._halt()

    async def _do(self, fate: str):
        return await self._told(fate, await self._use_case(fate)())

    def _use_case(self, fate: str):
        if self.verb == DELETE:
            return partial(perform, service.delete, order_id=self.question.id, fate=fate)
        return partial(perform, service.move, order_id=self.question.id, step=self.verb, fate=fate)

    async def _told(self, fate: str, result: Result):
        """Say what was done, and show it."""
        self.is_open = False
        text = tr(_SAID[self.verb], number=self.question.number)
        if result.changed:
            text += " " + trn(*_CHANGED[fate], result.changed)
        await say(self, text, undo=result.change_id)
        if routes.id_in(routes.path_of(self.router.url.path), routes.WORK_ORDERS):
            return rx.redirect(routes.WORK_ORDERS) if self.verb == DELETE else [OrderRecord.load, AppointmentList.load]
        return OrderList.load
