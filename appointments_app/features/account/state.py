"""One's own account: details, password."""

import reflex as rx

from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Invalid
from appointments_app.features.account import service
from appointments_app.features.account.service import AccountForm
from appointments_app.features.session import service as sessions
from appointments_app.features.session.gate import perform, requires, session_in
from appointments_app.features.session.state import Shell, say, tr

NO_ERRORS: dict[str, str] = dict.fromkeys(("name", "time_zone", "present", "wanted"), "")


class AccountPage(rx.State):
    """The page of the person who is signed in."""

    ready: bool = False
    form: AccountForm = AccountForm()
    errors: dict[str, str] = NO_ERRORS
    password_form: int = 0

    @rx.event
    @requires(Permission.VIEW)
    async def load(self):
        """Show one's own account."""
        self.form = await perform(service.open_account)
        self.errors, self.ready = NO_ERRORS, True

    @rx.event
    @requires(Permission.VIEW)
    async def save_details(self, values: dict):
        """Store name and time zone, and show them at once in the frame."""
        given = values if isinstance(values, dict) else {}
        self.errors = NO_ERRORS
        try:
            await perform(service.save_details, name=given.get("name", ""), time_zone=given.get("time_zone", ""))
        except Invalid as refusal:
            return self._refuse(refusal)
        self.form = await perform(service.open_account)
        shell = await self.get_state(Shell)
        shell.name, shell.time_zone = self.form.name, self.form.time_zone or self.form.business_time_zone
        await say(self, tr("Your details were saved."))
        return None

    @rx.event
    @requires(Permission.VIEW)
    async def change_password(self, values: dict):
        """Set a new password; everybody else who is signed in as this person is signed out."""
        given = values if isinstance(values, dict) else {}
        self.errors = NO_ERRORS
        try:
            await perform(
                sessions.change_password,
                session=session_in(self.router.headers.cookie),
                present=str(given.get("present", "")),
                wanted=str(given.get("wanted", "")),
            )
        except Invalid as refusal:
            return self._refuse(refusal)
        self.password_form += 1
        await say(self, tr("Your password was changed. Your other browsers are signed out."))
        return None

    def _refuse(self, refusal: Invalid):
        self.errors = {**NO_ERRORS, **{field: tr(text) for field, text in refusal.fields.items()}}
        return rx.set_focus(f"field-{next(iter(refusal.fields))}") if refusal.fields else None
