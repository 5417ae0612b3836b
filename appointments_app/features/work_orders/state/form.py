"""The form of a work order, new or known. Every change is kept as a draft under the form's token."""

import uuid

import reflex as rx

from appointments_app import routes
from appointments_app.domain.access import Permission
from appointments_app.domain.booking import is_form_token
from appointments_app.domain.errors import Conflict, Invalid, NotFound
from appointments_app.domain.listing import address
from appointments_app.features.appointments.state.choices import PeopleChoices
from appointments_app.features.session.drafted import DraftedForm
from appointments_app.features.session.forms import errors_of
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr
from appointments_app.features.work_orders import service
from appointments_app.features.work_orders.service import TEXTS, OpenOrder

FIELDS = ("title", "number", "client", "starts_on", "ends_on", "description", "tags", "budget", "currency", "staff")
NO_ERRORS: dict[str, str] = dict.fromkeys(FIELDS, "")
_CHOSEN = ("starts_on", "ends_on", "currency")


class OrderForm(DraftedForm, PeopleChoices, rx.State):
    """One form, new or known."""

    order_id: int = 0
    texts: dict[str, str] = dict.fromkeys(TEXTS, "")
    starts_on: str = ""
    ends_on: str = ""
    currency: str = ""
    next_number: str = ""
    cancel_href: str = routes.WORK_ORDERS
    errors: dict[str, str] = NO_ERRORS

    @rx.event
    @requires(Permission.VIEW)
    async def load(self):
        """Show the form that the address asks for: a known work order's, a half-filled one, or an empty one."""
        return await self._load()

    async def _load(self):
        path = routes.path_of(self.router.url.path)
        if path != routes.NEW_WORK_ORDER:
            return await self._load_one(routes.id_in(path, routes.WORK_ORDERS))
        query = dict(self.router.url.query_parameters)
        token, client = query.get("draft", ""), query.get("client", "")
        try:
            opened = await perform(service.open_new, token=token, client=client) if is_form_token(token) else None
        except NotFound:
            opened = None
        if opened is None:
            return rx.redirect(address(routes.NEW_WORK_ORDER, {**query, "draft": str(uuid.uuid4())}), replace=True)
        if opened.saved_id is not None:
            return rx.redirect(routes.work_order(opened.saved_id), replace=True)
        self.order_id = 0
        self.cancel_href = routes.client(client, "work-orders") if opened.client and client else routes.WORK_ORDERS
        return self._show(opened, token)

    async def _load_one(self, wanted: str):
        try:
            opened = await perform(service.open_one, order_id=wanted)
        except NotFound:
            self.is_missing, self.ready = True, True
            return None
        self.order_id, self.cancel_href = int(wanted), routes.work_order(wanted)
        return self._show(opened, f"order-{wanted}")

    def _show(self, opened: OpenOrder, token: str) -> None:
        form = opened.form
        self._token, self._version, self._since, self._saved = token, opened.version, opened.since, False
        self.client, self.client_name = str(form["client"]), opened.client.name if opened.client else ""
        self.staff, self.is_changed, self.next_number = opened.staff, opened.was_restored, opened.next_number
        before = self.texts
        self.texts = {name: str(form[name]) for name in TEXTS}
        self.starts_on, self.ends_on, self.currency = (str(form[name]) for name in _CHOSEN)
        self._draw_anew(token, has_news=before != self.texts)
        self.errors, self.is_conflict, self.changes = NO_ERRORS, False, []
        self.is_missing, self.ready = False, True

    @rx.event
    @requires(Permission.VIEW)
    async def type(self, name: str, text: str):
        """Take what is typed into one of the texts."""
        if name not in TEXTS:
            raise Invalid()
        if str(text) != self.texts[name]:
            self.texts = {**self.texts, name: str(text)}
            await self._changed(name)

    @rx.event
    @requires(Permission.VIEW)
    async def choose(self, name: str, value: str):
        """Take a day or a currency."""
        if name not in _CHOSEN:
            raise Invalid()
        setattr(self, name, str(value)[:20])
        await self._changed(name)

    @rx.event
    @requires(Permission.VIEW)
    async def save(self, values: dict):
        """Create or store; show what is wrong at its field, or who changed it meanwhile."""
        if not self.ready and (elsewhere := await self._load()):  # the program was started anew a moment ago
            return elsewhere
        given = values if isinstance(values, dict) else {}
        typed = {name: text for name, text in given.items() if isinstance(text, str)}
        self.texts = {name: typed.get(name, self.texts[name]) for name in TEXTS}
        for name in ("starts_on", "ends_on"):
            setattr(self, name, typed.get(name, getattr(self, name)))
        self.errors, self.attempt = NO_ERRORS, self.attempt + 1
        try:
            return await self._store(is_draft="draft" in typed)
        except Invalid as refusal:
            if not refusal.fields:
                raise
            self.errors = errors_of(refusal, NO_ERRORS)
        except Conflict as refusal:
            self._tell_of(refusal)
        return None

    async def _store(self, *, is_draft: bool):
        form, order_id = self._form(), self.order_id
        if order_id:
            stands_on = {"version": self._version, "since": self._since}
            await perform(service.edit, order_id=order_id, form=form, **stands_on)
        else:
            order_id = await perform(service.create, form=form, token=self._token, is_draft=is_draft)
        if not self._saved:  # a second click on Save says nothing twice
            await say(self, tr("Work order saved."))
        self._saved = True
        return rx.redirect(routes.work_order(order_id), replace=not self.order_id)

    @rx.event
    @requires(Permission.VIEW)
    async def discard(self):
        """Forget what was typed: a known work order as it is stored, a new form empty."""
        await perform(service.discard, token=self._token, order_id=self.order_id or None)
        self.form_key = ""
        return OrderForm.load

    def _form(self) -> dict[str, object]:
        chosen = {name: getattr(self, name) for name in _CHOSEN}
        return {**self.texts, **chosen, "client": self.client, "staff": [one.id for one in self.staff]}

    async def _changed(self, field: str) -> None:
        """Keep what is typed so far as a draft."""
        if self._saved or not self.ready:
            return
        if self.errors.get(field):
            self.errors = {**self.errors, field: ""}
        self.is_changed = True
        stands_on = {"order_id": self.order_id or None, "version": self._version, "since": self._since}
        await perform(service.keep, token=self._token, form=self._form(), **stands_on)

    async def _look_ahead(self) -> None:
        """Nothing here depends on who is assigned."""
