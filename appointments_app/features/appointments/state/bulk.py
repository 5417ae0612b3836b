"""Bulk actions on the selection: asking first, progress and stopping for long ones, undo."""

import asyncio
from functools import partial

import reflex as rx

from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Cancelled
from appointments_app.domain.listing import AppointmentFilter, Selection
from appointments_app.features.appointments import service
from appointments_app.features.appointments.state.list import AppointmentList, tell
from appointments_app.features.sending.service import About, To
from appointments_app.features.sending.state import SendNow
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.long_work import LongWork
from appointments_app.features.session.state import say, tr

LONG = 1_000
SMS = {"sms-client": To.CLIENT, "sms-staff": To.STAFF}


class BulkActions(LongWork, rx.State):
    """What is being done to the selection."""

    asking: bool = False
    count: int = 0
    _matching: dict[str, str] = {}
    """The filter whose appointments it is about; {} for the selection of the list."""

    @rx.event
    @requires(Permission.VIEW)
    async def choose(self, verb: str):
        """Begin what the Actions menu says; deleting asks first."""
        listed = await self.get_state(AppointmentList)
        self.count = listed.total if listed.all_matching else len(listed.selected)
        if not self.count or self._is_alive():
            return None
        self._matching = {}
        if verb == "delete":
            self.asking = True
            return None
        if isinstance(verb, str) and verb in SMS:
            return (await self.get_state(SendNow))._open(About(listed._selection()), SMS[verb].value)
        return BulkActions.run_long(verb) if self.count > LONG else BulkActions.run(verb)

    @rx.event
    @requires(Permission.DELETE)
    async def delete(self):
        """Delete the selection after the question was answered."""
        self.asking = False
        return BulkActions.run_long("delete") if self.count > LONG else BulkActions.run("delete")

    @rx.event
    @requires(Permission.VIEW)
    async def ask(self, is_open: bool):
        """Open or close the question."""
        self.asking = bool(is_open)

    @rx.event
    @requires(Permission.VIEW)
    async def run(self, verb: str):
        """Do it at once."""
        use_case, values = service.bulk_action(str(verb))
        result = await perform(use_case, selection=await self._chosen(), **values)
        return await self._told(str(verb), result)

    @rx.event(background=True)
    @requires(Permission.VIEW)
    async def run_long(self, verb: str):
        """Do it in the background, with progress; Stop takes everything back."""
        use_case, values = service.bulk_action(str(verb))
        async with self:
            selection = await self._chosen()
            if not self._begins(self.count):
                return None
        work = await self._carry_out(partial(perform, use_case, selection=selection, **values))
        async with self:
            return await self._finish(str(verb), work)

    @rx.event
    @requires(Permission.VIEW)
    async def stop(self):
        """Stop the long action; nothing will have changed."""
        self._halt()

    def _begin(self, verb: str, matching: dict[str, str], count: int):
        """Do it to all that match a filter, in the background when they are many."""
        if self._is_alive():
            return None
        self._matching, self.count = matching, count
        return BulkActions.run_long(verb) if count > LONG else BulkActions.run(verb)

    async def _chosen(self) -> Selection:
        if self._matching:
            return Selection(matching=AppointmentFilter.from_query(self._matching))
        return (await self.get_state(AppointmentList))._selection()

    async def _finish(self, verb: str, work: asyncio.Task):
        try:
            return await self._told(verb, work.result())
        except Cancelled as stopped:
            await say(self, tr(stopped.message), kind="info")
            return None

    async def _told(self, verb: str, result: service.BulkResult):
        """Say what happened; a list shows it at once, other pages hear of it as of any change."""
        await tell(self, verb, result)
        if self._matching:
            return None
        listed = await self.get_state(AppointmentList)
        listed.selected, listed.all_matching = [], False
        return AppointmentList.load
