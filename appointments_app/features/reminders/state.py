"""The rules of reminders: the list with how sending goes, and the form of one rule."""

import asyncio

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.messages import MessageRow
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.queries.reminder_rules import RuleRow
from appointments_app.db.queries.templates import TemplateRow
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Conflict, Invalid, NotFound
from appointments_app.domain.reminder import NOTICES
from appointments_app.features.messages import service as messages
from appointments_app.features.messages.service import Health
from appointments_app.features.reminders import service
from appointments_app.features.reminders.schemas import FIELDS, KINDS, RuleForm
from appointments_app.features.session.forms import VersionedForm, errors_of, is_too_early, to_first_wrong
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr

NO_ERRORS: dict[str, str] = dict.fromkeys(FIELDS, "")


class ReminderRules(rx.State):
    """The list of rules, and how sending goes."""

    ready: bool = False
    rows: rx.Field[list[RuleRow]] = rx.field(default_factory=list)
    health: rx.Field[Health] = rx.field(default_factory=Health)
    waiting_channels: rx.Field[list[str]] = rx.field(default_factory=list)
    asked: int = 0
    asked_name: str = ""

    @rx.event
    @requires(Permission.SETTINGS)
    async def load(self):
        """Show them, and follow what is being planned anew."""
        await self._read()
        self.ready = True
        return ReminderRules.follow

    @rx.event(background=True, supersedes=True)
    @requires(Permission.SETTINGS)
    async def follow(self):
        """Show how planning anew gets on, until all of it is done."""
        for _ in range(600):
            async with self:
                if not any(row.planning and not row.stopped for row in self.rows):
                    return
            await asyncio.sleep(1)
            async with self:
                await self._read()

    @rx.event
    @requires(Permission.SETTINGS)
    async def act(self, rule_id: int, verb: str):
        """Do what a rule's menu and buttons say: ``on``, ``off``, ``stop``, ``go``, or ask before deleting it."""
        if verb == "delete":
            self.asked, self.asked_name = rule_id, next((row.name for row in self.rows if row.id == rule_id), "")
            return None
        if verb in ("stop", "go"):
            await perform(service.let_wait, rule_id=rule_id, stopped=verb == "stop")
            return ReminderRules.load
        name = await perform(service.set_active, rule_id=rule_id, is_active=verb == "on")
        await say(self, tr("{name} is on.", name=name) if verb == "on" else tr("{name} is off.", name=name))
        return ReminderRules.load

    @rx.event
    @requires(Permission.SETTINGS)
    async def close(self, is_open: bool):
        """Do not delete it after all."""
        self.asked = 0

    @rx.event
    @requires(Permission.SETTINGS)
    async def delete(self):
        """Delete the rule that was asked about."""
        rule_id, self.asked = self.asked, 0
        name = await perform(service.delete, rule_id=rule_id)
        await say(self, tr("{name} was deleted.", name=name))
        return ReminderRules.load

    @rx.event
    @requires(Permission.SETTINGS)
    async def switch_on(self, channel: str):
        """Switch on what waits for this channel."""
        await perform(service.switch_on_ready_made, channel=channel)
        await say(self, tr("Its reminders are on."))
        return ReminderRules.load

    @rx.event
    @requires(Permission.SETTINGS)
    async def choose_unknown(self, value: str):
        """Choose what happens to a message of which nobody can say whether it went."""
        await perform(messages.set_resend_unknown, is_resent=value == "again")
        await say(self, tr("The settings were saved."))
        await self._read()

    async def _read(self) -> None:
        self.rows = await perform(service.list_rules)
        self.health = await perform(messages.health)
        reminders = [row for row in self.rows if row.anchor not in NOTICES]
        off = {row.channel for row in reminders} - {row.channel for row in reminders if row.active}
        self.waiting_channels = [channel for channel in self.health.channels if channel in off]


class ReminderForm(VersionedForm, rx.State):
    """One rule's form, new or known. What is typed stays in the browser until it is saved."""

    ready: bool = False
    missing: bool = False
    form: rx.Field[RuleForm] = rx.field(default_factory=RuleForm)
    form_key: str = ""
    errors: dict[str, str] = NO_ERRORS
    moment: str = ""
    channel: str = ""
    templates: rx.Field[list[TemplateRow]] = rx.field(default_factory=list)
    chosen_actions: rx.Field[list[Choice]] = rx.field(default_factory=list)
    chosen_staff: rx.Field[list[Choice]] = rx.field(default_factory=list)
    action_options: rx.Field[list[Choice]] = rx.field(default_factory=list)
    staff_options: rx.Field[list[Choice]] = rx.field(default_factory=list)
    upcoming: rx.Field[list[MessageRow]] = rx.field(default_factory=list)
    _actions: list[Choice] = []
    _staff: list[Choice] = []

    @rx.event
    @requires(Permission.SETTINGS)
    async def load(self):
        """Show the rule that the address names, or an empty form."""
        wanted = routes.id_in(routes.path_of(self.router.url.path), routes.REMINDERS)
        self.missing = False
        try:
            opened = await perform(service.open_rule, rule_id=int(wanted) if wanted else None)
        except NotFound:
            self.missing, self.ready = True, True
            return
        form = opened.form
        self._stand_on(form)
        self._actions, self._staff = opened.action_choices, opened.staff_choices
        self.chosen_actions, self.chosen_staff = opened.chosen_actions, opened.chosen_staff
        self.channel, self.templates = form.channel, opened.templates
        self.moment, self.form_key, self.errors = form.moment, f"rule.{form.id}.{form.version}", NO_ERRORS
        self.upcoming = await perform(service.next_messages, rule_id=form.id) if form.id else []
        self.ready = True

    @rx.event
    @requires(Permission.SETTINGS)
    async def choose_moment(self, moment: str):
        """Ask for an amount of time only where there is one."""
        self.moment = str(moment)[:20]

    @rx.event
    @requires(Permission.SETTINGS)
    async def choose_channel(self, channel: str):
        """Offer the templates of this channel."""
        self.channel = str(channel)[:20]

    @rx.event
    @requires(Permission.SETTINGS)
    async def find(self, field: str, text: str):
        """Offer the actions or staff that contain what was typed."""
        typed = str(text).casefold()
        offered = [
            each for each in (self._actions if field == "actions" else self._staff) if typed in each.name.casefold()
        ]
        if field == "actions":
            self.action_options = offered
        else:
            self.staff_options = offered

    @rx.event
    @requires(Permission.SETTINGS)
    async def add(self, field: str, one: str):
        """Choose one more action or staff member."""
        self._choose(field, [*self._chosen(field), *(each for each in self._offered(field) if each.id == one)])

    @rx.event
    @requires(Permission.SETTINGS)
    async def remove(self, field: str, one: str):
        """Choose one fewer."""
        self._choose(field, [each for each in self._chosen(field) if each.id != one])

    @rx.event
    @requires(Permission.SETTINGS)
    async def save(self, values: dict):
        """Store the form."""
        if await is_too_early(self, is_ready=self.ready):
            return None
        self.errors = NO_ERRORS
        given = {**self._as_stands(), **(values if isinstance(values, dict) else {})}
        given["kinds"] = [kind for kind in KINDS if given.get(f"kind_{kind}")]
        given["actions"], given["staff"] = ([each.id for each in self._chosen(name)] for name in ("actions", "staff"))
        try:
            await perform(service.save, rule_id=self.form.id or None, values=given, version=self._version)
        except Invalid as refusal:
            self.errors = errors_of(refusal, NO_ERRORS)
            return to_first_wrong(refusal)
        except Conflict as refusal:
            self._tell_of(refusal)
            return None
        if given.get("moment") in NOTICES:
            await say(self, tr("The rule was saved. It tells of changes from now on."))
        else:
            await say(self, tr("The rule was saved. What is booked already is planned anew."))
        return rx.redirect(routes.REMINDERS)

    def _as_stands(self) -> dict[str, object]:
        """Return what fields that are not on screen at the moment hold."""
        return {name: getattr(self.form, name) for name in ("amount", "unit", "quiet_way")}

    def _offered(self, field: str) -> list[Choice]:
        chosen = {each.id for each in self._chosen(field)}
        return [each for each in (self._actions if field == "actions" else self._staff) if each.id not in chosen]

    def _chosen(self, field: str) -> list[Choice]:
        return list(self.chosen_actions if field == "actions" else self.chosen_staff)

    def _choose(self, field: str, chosen: list[Choice]) -> None:
        if field == "actions":
            self.chosen_actions = chosen
        elif field == "staff":
            self.chosen_staff = chosen
