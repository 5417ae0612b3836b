"""Settings › Templates: the list, and the editor of one with its preview."""

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.templates import TemplateRow
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Conflict, Invalid, NotFound
from appointments_app.domain.message import Channel
from appointments_app.features.session.forms import is_too_early
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr
from appointments_app.features.templates import service
from appointments_app.features.templates.service import FIELDS, Pane, TemplateForm

NO_ERRORS: dict[str, str] = dict.fromkeys(FIELDS, "")


class TemplateList(rx.State):
    """Every template, by channel."""

    ready: bool = False
    sms: rx.Field[list[TemplateRow]] = rx.field(default_factory=list)
    email: rx.Field[list[TemplateRow]] = rx.field(default_factory=list)

    @rx.event
    @requires(Permission.SETTINGS)
    async def load(self):
        """Show them."""
        rows = await perform(service.list_templates)
        self.sms = [row for row in rows if row.channel == Channel.SMS]
        self.email = [row for row in rows if row.channel == Channel.EMAIL]
        self.ready = True


class TemplateEditor(rx.State):
    """One template, new or known. What is typed stays in the browser; a copy of it makes the preview."""

    ready: bool = False
    missing: bool = False
    form: TemplateForm = TemplateForm()
    form_key: str = ""
    errors: dict[str, str] = NO_ERRORS
    is_conflict: bool = False
    panes: dict[str, Pane] = {}
    about_client: str = ""
    about_start: str = ""
    stale: bool = False
    asking: bool = False
    _typed: dict[str, str] = {}
    _edition: int = 0

    @rx.event
    @requires(Permission.SETTINGS)
    async def load(self):
        """Show the template that the address names, or an empty one for the channel it names."""
        wanted = routes.named_in(self.router.url.path, routes.TEMPLATES)
        self.missing, self.errors, self.is_conflict, self.asking = False, NO_ERRORS, False, False
        asked = self.router.url.query_parameters.get("channel", "")
        form = TemplateForm(channel=asked if asked in Channel._value2member_map_ else Channel.SMS.value)
        try:
            form = await perform(service.open_template, template_id=wanted) if wanted else form
        except NotFound:
            self.missing = True
        self._edition += 1
        self.form, self.form_key = form, f"{form.id}.{form.version}.{self._edition}"
        self._typed = dict(form.texts)
        await self._show()
        self.ready = True

    @rx.event(supersedes=True)
    @requires(Permission.SETTINGS)
    async def type(self, field: str, text: str):
        """Show what the template would say as it is typed."""
        if field not in FIELDS:
            raise Invalid()
        self._typed = {**self._typed, str(field): str(text)[:5_000]}
        self.errors = {**self.errors, str(field): ""}
        await self._show()

    @rx.event
    @requires(Permission.SETTINGS)
    async def save(self, values: dict):
        """Store the template and go back to the list."""
        if await is_too_early(self, is_ready=self.ready):
            return None
        self.errors, self.is_conflict = NO_ERRORS, False
        given = values if isinstance(values, dict) else {}
        known = {"template_id": self.form.id, "channel": self.form.channel, "version": self.form.version}
        try:
            await perform(service.save, values=given, **known)
        except Invalid as refusal:
            self._mark(refusal)
            return rx.set_focus(f"field-{next(iter(refusal.fields))}")
        except Conflict:
            self.is_conflict = True
            return None
        await say(self, tr("The template was saved."))
        return rx.redirect(routes.TEMPLATES)

    @rx.event
    @requires(Permission.SETTINGS)
    async def restore(self):
        """Bring the words back that the template came with."""
        await perform(service.restore, template_id=self.form.id)
        await say(self, tr("The template says again what it came with."))
        return TemplateEditor.load

    @rx.event
    @requires(Permission.SETTINGS)
    async def ask(self, is_open: bool):
        """Open or close the question whether to delete it."""
        self.asking = is_open is True

    @rx.event
    @requires(Permission.SETTINGS)
    async def delete(self):
        """Delete the template after the question was answered."""
        name = await perform(service.delete, template_id=self.form.id)
        await say(self, tr("{name} was deleted.", name=name))
        return rx.redirect(routes.TEMPLATES)

    async def _show(self) -> None:
        """Fill the preview; while something typed can't be filled in, the last one stays, marked as such."""
        try:
            seen = await perform(service.preview, channel=self.form.channel, values=self._typed)
        except Invalid as refusal:
            self._mark(refusal)
            self.stale = True
            return
        self.panes = {pane.language: pane for pane in seen.panes}
        self.about_client, self.about_start, self.stale = seen.client, seen.start_at, False

    def _mark(self, refusal: Invalid) -> None:
        more = refusal.values.get("by_field", {})
        said = {field: tr(text, **more.get(field, {})) for field, text in refusal.fields.items()}
        self.errors = {**NO_ERRORS, **said}
