"""A client's file: who it is, the nearest appointment, and the tab that is open."""

from enum import StrEnum

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.appointments import AppointmentRow
from appointments_app.db.queries.history import ChangeRow
from appointments_app.db.queries.nearest import Nearest
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Conflict, Invalid, NotFound
from appointments_app.features.appointments.state.list import AppointmentList
from appointments_app.features.client_file import service
from appointments_app.features.client_file.service import ClientFacts
from appointments_app.features.clients import service as client_service
from appointments_app.features.clients.state.list import put
from appointments_app.features.clients.state.portal import ClientPortal
from appointments_app.features.messages.state import MessageList
from appointments_app.features.session.forms import is_too_early
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr
from appointments_app.features.work_orders.state.list import OrderList


class FileTab(StrEnum):
    """The tabs of the file, as ``?show=`` names them."""

    OVERVIEW = "overview"
    APPOINTMENTS = "appointments"
    WORK_ORDERS = "work-orders"
    NOTES = "notes"
    MESSAGES = "messages"


class ClientFile(rx.State):
    """What the file shows."""

    ready: bool = False
    missing: bool = False
    client: rx.Field[ClientFacts] = rx.field(default_factory=ClientFacts)
    has_nearest: bool = False
    nearest_at: str = ""
    nearest_end: str = ""
    nearest_action: str = ""
    nearest_colour: str = ""
    nearest_link: str = ""
    tab: str = FileTab.OVERVIEW.value
    tab_links: dict[str, str] = {tab.value: "" for tab in FileTab}
    new_link: str = routes.NEW_APPOINTMENT
    edit_link: str = ""
    has_overview: bool = False
    upcoming: rx.Field[list[AppointmentRow]] = rx.field(default_factory=list)
    recent: rx.Field[list[AppointmentRow]] = rx.field(default_factory=list)
    changes_made: rx.Field[list[ChangeRow]] = rx.field(default_factory=list)

    @rx.event
    @requires(Permission.CLIENTS)
    async def load(self):
        """Show the client whom the address names, and the tab it asks for."""
        asked = self.router.url.query_parameters.get("show", "")
        self.tab = asked if asked in FileTab._value2member_map_ else FileTab.OVERVIEW.value
        wanted = self._wanted()
        if str(self.client.id) != wanted:
            self._forget()
        if not await self._show():
            return None
        follow = {
            FileTab.APPOINTMENTS: AppointmentList.load,
            FileTab.MESSAGES: MessageList.load,
            FileTab.WORK_ORDERS: OrderList.load,
            FileTab.NOTES: ClientNotes.follow,
        }
        return follow.get(FileTab(self.tab), ClientPortal.load)

    @rx.event(supersedes=True)
    @requires(Permission.CLIENTS)
    async def refresh(self, changed: list[str]):
        """Somebody changed something, or the nearest appointment is over: show the file as it is now."""
        if self.ready and str(self.client.id) == self._wanted():
            await self._show()

    @rx.event
    @requires(Permission.CLIENTS)
    async def put(self, verb: str):
        """Do what the three-dots menu says: ``archive`` or ``restore``."""
        await put(self, self.client.id, verb)
        await self._show()

    def _wanted(self) -> str:
        return routes.id_in(routes.path_of(self.router.url.path), routes.CLIENTS)

    def _forget(self) -> None:
        self.ready, self.missing, self.has_overview = False, False, False
        self.client, self.has_nearest = ClientFacts(), False
        self.upcoming, self.recent, self.changes_made = [], [], []

    async def _show(self) -> bool:
        """Read head and overview anew; return whether there is such a client."""
        try:
            found = await perform(service.head, client_id=self._wanted())
        except NotFound:
            self._forget()
            self.missing, self.ready = True, True
            return False
        self.client, self.ready = found.client, True
        self._show_nearest(found.nearest)
        record = found.client.id
        self.tab_links = {
            tab.value: routes.client(record, "" if tab is FileTab.OVERVIEW else tab.value) for tab in FileTab
        }
        self.new_link, self.edit_link = routes.new_appointment(record), routes.edit_client(record)
        if self.tab == FileTab.OVERVIEW:
            view = await perform(service.overview, client_id=record)
            self.upcoming, self.recent, self.changes_made = view.upcoming, view.recent, view.changes
            self.has_overview = True
        return True

    def _show_nearest(self, row: Nearest | None) -> None:
        self.has_nearest = row is not None
        if row is not None:
            self.nearest_at, self.nearest_end, self.nearest_link = row.start_at, row.end_at, routes.appointment(row.id)
            self.nearest_action, self.nearest_colour = row.action, row.action_colour


class ClientNotes(rx.State):
    """The Notes tab: reading, and editing in place. What is typed stays in the browser until it is saved."""

    editing: bool = False
    begun_with: str = ""
    form_key: str = ""
    error: str = ""
    changes: rx.Field[list[ChangeRow]] = rx.field(default_factory=list)
    is_conflict: bool = False
    _of: int = 0
    _version: int = 0
    _insists: bool = False

    @rx.event
    @requires(Permission.CLIENTS)
    async def follow(self):
        """Close the editor when another client's file was opened."""
        if self._of != (await self.get_state(ClientFile)).client.id:
            self.reset()

    @rx.event
    @requires(Permission.CLIENTS)
    async def load(self):
        """Open the editor with the notes as they are now."""
        form = await perform(client_service.form_of, client_id=(await self.get_state(ClientFile)).client.id)
        self.reset()
        self.begun_with, self._of, self._version = form.values["notes"], form.id, form.version
        self.form_key, self.editing = f"{form.id}.{form.version}", True
        return rx.set_focus("field-notes")

    @rx.event
    @requires(Permission.CLIENTS)
    async def close(self):
        """Leave the notes as they were."""
        self.reset()

    @rx.event
    @requires(Permission.CLIENTS)
    async def insist(self):
        """Save over what somebody else saved meanwhile; comes just before ``save``."""
        self._insists = True

    @rx.event
    @requires(Permission.CLIENTS)
    async def save(self, typed: dict):
        """Store the notes."""
        if await is_too_early(self, is_ready=self.editing):
            return None
        notes = str(typed.get("notes", "")) if isinstance(typed, dict) else ""
        try:
            await self._store(notes)
        except Invalid as refusal:
            self.error = tr(refusal.fields.get("notes", refusal.message))
            return rx.set_focus("field-notes")
        except Conflict as refusal:
            self.changes, self.is_conflict = refusal.values["changes"], True
            return None
        self.reset()
        await say(self, tr("The notes were saved."))
        return ClientFile.load

    async def _store(self, notes: str) -> None:
        if self._insists:
            self._version = (await perform(client_service.form_of, client_id=self._of)).version
        self._insists = False
        await perform(client_service.update_notes, client_id=self._of, version=self._version, notes=notes)
