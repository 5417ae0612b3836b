"""The dialog by which somebody sends SMS and e-mails: what to say, who gets it, and how far it has got."""

import asyncio
import secrets
from dataclasses import asdict, replace
from functools import partial

import reflex as rx

from appointments_app.db.queries.templates import TemplateRow
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import DomainError, Invalid
from appointments_app.domain.listing import Selection, record_id
from appointments_app.domain.message import Channel
from appointments_app.features.sending import service
from appointments_app.features.sending.service import About, Outlook, Said, Sent, To
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.long_work import LongWork
from appointments_app.features.session.state import Job, say, tr, trn

NO_ERRORS: dict[str, str] = {"text": "", "subject": "", "template": ""}


class SendNow(LongWork, rx.State):
    """What is about to be sent. The text itself stays in the browser; a copy of it makes the preview."""

    is_open: bool = False
    to: str = To.CLIENT.value
    channel: str = Channel.SMS.value
    has_appointments: bool = True
    has_channel: bool = True
    choices: rx.Field[list[TemplateRow]] = rx.field(default_factory=list)
    template: str = ""
    errors: dict[str, str] = NO_ERRORS
    outlook: Outlook = Outlook()
    seen: bool = False
    opening: int = 0
    draft: str = ""
    draft_subject: str = ""
    _about: About = About()
    _text: str = ""
    _subject: str = ""
    _batch: str = ""

    @rx.event
    @requires(Permission.SMS)
    async def open_one(self, appointment_id: int, to: str):
        """Write to the client or the staff of one appointment."""
        return self._open(About(Selection(ids=(record_id(appointment_id),))), to)

    @rx.event
    @requires(Permission.SMS)
    async def open_client(self, client_id: int):
        """Write to one client."""
        return self._open(About(client_id=record_id(client_id)), To.CLIENT.value)

    @rx.event
    @requires(Permission.SMS)
    async def begin(self):
        """Show whether the channel is set up, the templates on offer, and what the first would say."""
        offer = await perform(service.offer, channel=self.channel)
        self.has_channel = offer.has_channel
        self.choices = offer.templates if self.has_appointments else []
        first = f"{self.to}-{self.channel}"
        self.template = next((str(row.id) for row in self.choices if row.slug == first), "")
        return SendNow.look

    @rx.event
    @requires(Permission.SMS)
    async def go_by(self, channel: str):
        """Send by another channel; what was written stays."""
        if isinstance(channel, str) and channel in Channel._value2member_map_ and not self.running:
            self._keep_draft()
            self.channel, self.template, self.errors, self.seen = Channel(channel).value, "", NO_ERRORS, False
            return SendNow.begin
        return None

    @rx.event
    @requires(Permission.SMS)
    async def close(self, is_open: bool):
        """Close the dialog; what is being sent goes on."""
        self.is_open = is_open is True

    @rx.event
    @requires(Permission.SMS)
    async def choose(self, template: str):
        """Say what a template says; '' to write oneself."""
        self._keep_draft()
        self.template, self.errors = str(template)[:20], NO_ERRORS
        return SendNow.look

    @rx.event(supersedes=True)
    @requires(Permission.SMS)
    async def write(self, text: str):
        """Show what each person would get as it is typed."""
        self._text = str(text)[:5_000]
        return SendNow.look

    @rx.event(supersedes=True)
    @requires(Permission.SMS)
    async def head(self, subject: str):
        """Show each e-mail under this subject."""
        self._subject = str(subject)[:500]
        return SendNow.look

    @rx.event(background=True, supersedes=True)
    @requires(Permission.SMS)
    async def look(self):
        """Show who gets what."""
        async with self:
            asked = self._asked()
            is_blank = not self.template and not self._text.strip()
        if is_blank:
            async with self:
                self.outlook, self.errors, self.seen = Outlook(), NO_ERRORS, False
            return
        try:
            outlook = await perform(service.preview, **asked)
        except Invalid as refusal:
            async with self:
                self._mark(refusal)
            return
        async with self:
            if self._asked() != asked:
                return
            self.outlook, self.errors, self.seen = outlook, NO_ERRORS, True
        if not outlook.measured:
            await _measure(self, asked)

    @rx.event(background=True)
    @requires(Permission.SMS)
    async def send(self):
        """Send it in the background, with progress."""
        async with self:
            if not self._begins(self.outlook.messages):
                return
            asked, batch = self._asked(), self._batch
        work = await self._carry_out(partial(perform, service.send, batch=batch, **asked))
        async with self:
            await self._finish(work)

    @rx.event
    @requires(Permission.SMS)
    async def stop(self):
        """Stop sending; what has not gone yet does not go."""
        self._halt()

    def _open(self, about: About, to: str):
        self._about, self.to = (
            about,
            To(to).value if isinstance(to, str) and to in To._value2member_map_ else To.CLIENT.value,
        )
        self.has_appointments = about.selection is not None
        self._text, self._subject, self.channel = "", "", Channel.SMS.value
        self._keep_draft()
        self._batch, self.opening = f"now-{secrets.token_hex(8)}", self.opening + 1
        self.template, self.errors, self.outlook, self.seen, self.is_open = "", NO_ERRORS, Outlook(), False, True
        return SendNow.begin

    def _keep_draft(self) -> None:
        """Have the fields that come back hold what was written into them."""
        self.draft, self.draft_subject = self._text, self._subject

    def _asked(self) -> dict[str, object]:
        said = Said(self.template, self._text, self._subject)
        return {"about": self._about, "channel": self.channel, "to": self.to, "said": said}

    def _mark(self, refusal: Invalid) -> None:
        said = {field: tr(text, **refusal.values) for field, text in refusal.fields.items()}
        self.errors, self.seen = {**NO_ERRORS, **said}, False

    async def _finish(self, work: "asyncio.Task[Sent]") -> None:
        try:
            sent = work.result()
        except Invalid as refusal:
            if not refusal.fields:
                raise
            self._mark(refusal)
            return
        except DomainError as refusal:
            await say(self, tr(refusal.message), kind="error")
            return
        self.is_open, self._batch = False, f"now-{secrets.token_hex(8)}"
        told = trn("{n} message is on its way.", "{n} messages are on their way.", sent.messages)
        if sent.taken_back:
            told = f"{told} {trn('{n} was stopped.', '{n} were stopped.', sent.taken_back)}"
        await say(self, told, kind="info" if sent.taken_back else "success")


async def _measure(state: SendNow, asked: dict[str, object]) -> None:
    """Count how long all the messages are, unless meanwhile something else is asked for."""
    job = Job()
    work = asyncio.create_task(perform(service.measure, progress=job.report, **asked))
    try:
        while not (await asyncio.wait({work}, timeout=0.3))[0]:
            async with state:
                job.stopped = not state.is_open or state._asked() != asked
        async with state:
            if not work.exception() and state._asked() == asked:
                state.outlook = replace(state.outlook, **asdict(work.result()), measured=True)
    finally:
        job.stopped = True
