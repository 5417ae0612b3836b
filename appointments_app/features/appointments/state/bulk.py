"""Bulk actions on the selection: asking first, progress and stopping for long ones, undo."""

import asyncio
import time

import reflex as rx

from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Cancelled
from appointments_app.domain.listing import AppointmentFilter, Selection
from appointments_app.features.appointments import service
from appointments_app.features.appointments.state.list import AppointmentList, tell
from appointments_app.features.sending.service import About, To
from appointments_app.features.sending.state import SendNow
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import Job, say, tr

LONG = 1_000
SMS = {"sms-client": To.CLIENT, "sms-staff": To.STAFF}
SILENCE = 10.0
"""Seconds without progress after which the process that did the work is taken for dead."""


class BulkActions(rx.State):
    """What is being done to the selection."""

    asking: bool = False
    count: int = 0
    running: bool = False
    done: int = 0
    total: int = 0
    _stopping: bool = False
    _matching: dict[str, str] = {}
    """The filter whose appointments it is about; {} for the selection of the list."""
    _seen_at: float = 0.0

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
        job = Job()
        try:
            async with self:
                selection = await self._chosen()
                self.running, self.done, self.total, self._stopping = True, 0, self.count, False
                self._seen_at = time.time()
            work = asyncio.create_task(perform(use_case, selection=selection, progress=job.report, **values))
            while not (await asyncio.wait({work}, timeout=0.3))[0]:
                async with self:
                    self.done, self.total, self._seen_at = job.done, job.total or self.total, time.time()
                    job.stopped = self._stopping
            async with self:
                return await self._finish(str(verb), work)
        finally:
            async with self:
                self.running = False

    @rx.event
    @requires(Permission.VIEW)
    async def stop(self):
        """Stop the long action; nothing will have changed."""
        self._stopping, self.running = True, self._is_alive()

    def _is_alive(self) -> bool:
        """Whether the action still runs: with Redis, this state outlives the process that did the work."""
        return self.running and time.time() - self._seen_at < SILENCE

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
