"""Settings › Channels: a form for e-mail, one for SMS, and a test message by each."""

import reflex as rx

from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Conflict, Invalid
from appointments_app.domain.message import Channel
from appointments_app.features.channels import service
from appointments_app.features.channels.schemas import FIELDS, SECRETS, ChannelForm, empty_form
from appointments_app.features.session.forms import errors_of, to_first_wrong
from appointments_app.features.session.gate import perform, requires
from appointments_app.features.session.state import say, tr

_TESTS = tuple(f"test_{channel.value}" for channel in Channel)
NO_ERRORS: dict[str, str] = dict.fromkeys((*FIELDS, *SECRETS.values(), *_TESTS, "means"), "")


class ChannelsPage(rx.State):
    """How e-mails and SMS are sent. What is typed stays in the browser until it is saved; secrets only go there."""

    ready: bool = False
    email: ChannelForm = empty_form(Channel.EMAIL)
    sms: ChannelForm = empty_form(Channel.SMS)
    sms_means: str = ""
    errors: dict[str, str] = NO_ERRORS
    conflict: str = ""
    testing: str = ""
    tested: str = ""
    asking: str = ""

    @rx.event
    @requires(Permission.SETTINGS)
    async def load(self):
        """Show the channels as they are."""
        self.email, self.sms = await perform(service.open_channels)
        self.sms_means, self.errors, self.conflict, self.asking = self.sms.means, NO_ERRORS, "", ""
        self.tested, self.testing, self.ready = "", "", True

    @rx.event
    @requires(Permission.SETTINGS)
    async def choose_means(self, means: str):
        """Show the fields of another kind of gateway."""
        self.sms_means, self.errors = str(means)[:20], NO_ERRORS

    @rx.event
    @requires(Permission.SETTINGS)
    async def save_email(self, values: dict):
        """Store the form of the mail server."""
        return await self._save(self.email, values)

    @rx.event
    @requires(Permission.SETTINGS)
    async def save_sms(self, values: dict):
        """Store the form of the SMS gateway."""
        return await self._save(self.sms, values)

    @rx.event
    @requires(Permission.SETTINGS)
    async def ask_removal(self, channel: str):
        """Ask whether a channel shall be forgotten."""
        self.asking = str(channel)[:10]

    @rx.event
    @requires(Permission.SETTINGS)
    async def close_question(self, is_open: bool):
        """Leave the channel as it is."""
        self.asking = self.asking if is_open is True else ""

    @rx.event
    @requires(Permission.SETTINGS)
    async def remove(self):
        """Forget the channel after the question was answered."""
        await perform(service.remove, channel=self.asking)
        await say(self, tr("The channel was removed."))
        return ChannelsPage.load

    @rx.event(background=True)
    @requires(Permission.SETTINGS)
    async def send_test(self, channel: str, values: dict):
        """Send a test message; a slow server holds nobody up."""
        field = f"test_{channel}"
        to = values.get(field, "") if isinstance(values, dict) else ""
        async with self:
            if self.testing:
                return None
            self.testing, self.tested, self.errors = str(channel)[:10], "", NO_ERRORS
        wrong = {}
        try:
            await perform(service.send_test, channel=channel, to=to)
        except Invalid as refusal:
            wrong = errors_of(refusal, {})
        finally:
            async with self:
                self.testing, self.errors = "", {**NO_ERRORS, **wrong}
                self.tested = "" if wrong else str(channel)[:10]
        return rx.set_focus(f"field-{field}") if wrong else None

    async def _save(self, form: ChannelForm, values: dict):
        self.errors, self.conflict = NO_ERRORS, ""
        given = values if isinstance(values, dict) else {}
        try:
            await perform(service.save, channel=form.channel, values=given, version=form.version)
        except Invalid as refusal:
            self.errors = errors_of(refusal, NO_ERRORS)
            return to_first_wrong(refusal)
        except Conflict:
            self.conflict = form.channel
            return None
        await say(self, tr("The settings were saved."))
        return ChannelsPage.load
