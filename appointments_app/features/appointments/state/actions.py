"""The actions list as a dialog over the half-filled booking form (R18–R20)."""

import reflex as rx

from appointments_app.db.queries.actions import ActionRow
from appointments_app.db.queries.pickers import Choice
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Invalid
from appointments_app.features.appointments import service
from appointments_app.features.appointments.state.form import BookingForm
from appointments_app.features.session.forms import errors_of
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import tr

NO_ERRORS: dict[str, str] = dict.fromkeys(("name", "colour", "minutes"), "")
NONE = ActionRow(0, "", "gray", 0, True, 0)


class ActionsList(rx.State):
    """The list, and the one entry that is being added (id 0) or changed."""

    is_open: bool = False
    rows: rx.Field[list[ActionRow]] = rx.field(default_factory=list)
    is_editing: bool = False
    edited: rx.Field[ActionRow] = rx.field(default_factory=lambda: NONE)
    errors: dict[str, str] = NO_ERRORS
    refusal: str = ""
    attempt: int = 0

    @rx.event
    @requires(Permission.VIEW)
    async def load(self):
        """Begin a page without the dialog: it belonged to the form that was open before."""
        self.reset()

    @rx.event
    @requires(Permission.ACTIONS)
    async def show(self, is_open: bool):
        """Open or close the list."""
        self.is_open = bool(is_open)
        self._settle()
        if self.is_open:
            await self._read()

    @rx.event
    @requires(Permission.ACTIONS)
    async def begin(self, action_id: int):
        """Open the fields of one action; 0: of a new one."""
        self._settle()
        self.is_editing = True
        self.edited = next((row for row in self.rows if row.id == action_id), NONE)

    @rx.event
    @requires(Permission.ACTIONS)
    async def stop_editing(self):
        """Close the fields without saving."""
        self._settle()

    @rx.event
    @requires(Permission.ACTIONS)
    async def save(self, values: dict):
        """Add the action and choose it in the form, or store the changed one."""
        typed = values if isinstance(values, dict) else {}
        name, colour, minutes = (
            str(typed.get(field, "")) for field in ("action_name", "action_colour", "action_minutes")
        )
        self.errors, self.attempt = NO_ERRORS, self.attempt + 1
        given = {"name": name, "colour": colour or "gray", "minutes": minutes}
        try:
            if self.edited.id:
                await perform(service.change_action, action_id=self.edited.id, **given)
            else:
                await self._add(given)
        except Invalid as refusal:
            if not refusal.fields:
                raise
            self.errors = errors_of(refusal, NO_ERRORS)
            return
        self._settle()
        await self._read()

    @rx.event
    @requires(Permission.ACTIONS)
    async def move(self, action_id: int, up: bool):
        """Move an action one place."""
        self.refusal = ""
        self.rows = await perform(service.move_action, action_id=action_id, up=up is True)
        await self._tell_form()

    @rx.event
    @requires(Permission.ACTIONS)
    async def choose(self, action_id: int, verb: str):
        """Do what the menu of one action says: ``activate``, ``deactivate`` or ``delete``."""
        if verb not in ("activate", "deactivate", "delete"):
            raise Invalid()
        self._settle()
        try:
            if verb == "delete":
                await perform(service.delete_action, action_id=action_id)
            else:
                await perform(service.set_action_active, action_id=action_id, active=verb == "activate")
        except Invalid as refusal:
            self.refusal = tr(refusal.message, **refusal.values)
        await self._read()

    async def _add(self, given: dict[str, str]) -> None:
        added = await perform(service.add_action, **given)
        form = await self.get_state(BookingForm)
        await form._read_actions()
        await form._take_action(Choice(str(added.id), added.name, "", added.colour))

    async def _read(self) -> None:
        self.rows = await perform(service.actions_list)
        await self._tell_form()

    async def _tell_form(self) -> None:
        """Let the drop-down of the open form offer the list as it is now."""
        form = await self.get_state(BookingForm)
        await form._read_actions()
        form.action_name = next((row.name for row in self.rows if str(row.id) == form.action), form.action_name)

    def _settle(self) -> None:
        self.is_editing, self.edited, self.errors, self.refusal = False, NONE, NO_ERRORS, ""
