"""One's own account: details, password, the second step, browsers; and the doorstep before it."""

import reflex as rx

from appointments_app import routes, runtime
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Invalid, NotSignedIn
from appointments_app.domain.listing import address
from appointments_app.features.account import service
from appointments_app.features.account.service import AccountForm, BrowserRow, Offer, SecondStep
from appointments_app.features.session import service as sessions
from appointments_app.features.session.forms import errors_of, to_first_wrong
from appointments_app.features.session.gate import perform, public, requires, session_in
from appointments_app.features.session.state import Shell, say, tr

NO_ERRORS: dict[str, str] = dict.fromkeys(("name", "time_zone", "present", "wanted"), "")
NO_STEP_ERRORS: dict[str, str] = dict.fromkeys(("code", "second_password"), "")


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
        self.errors = errors_of(refusal, NO_ERRORS)
        return to_first_wrong(refusal) if refusal.fields else None


class OwnBrowsers(rx.State):
    """The browsers in which one is signed in."""

    rows: rx.Field[list[BrowserRow]] = rx.field(default_factory=list)

    @rx.event
    @requires(Permission.VIEW)
    async def load(self):
        """Show them."""
        self.rows = await perform(service.list_browsers, session=session_in(self.router.headers.cookie))

    @rx.event
    @requires(Permission.VIEW)
    async def sign_out(self, browser_id: str):
        """End the sign-in of one of them."""
        await perform(service.sign_out_browser, browser_id=browser_id)
        return OwnBrowsers.load

    @rx.event
    @requires(Permission.VIEW)
    async def sign_out_others(self):
        """End the sign-ins of all but this one."""
        await perform(service.sign_out_others, session=session_in(self.router.headers.cookie))
        await say(self, tr("All other browsers are signed out."))
        return OwnBrowsers.load


class OwnSecondStep(rx.State):
    """The second step of one's own signing in: on or off, being set up, the recovery codes while they are shown."""

    facts: SecondStep = SecondStep()
    offer: Offer = Offer()
    codes: rx.Field[list[str]] = rx.field(default_factory=list)
    asks: str = ""
    """For what the password is asked: ``set_up``, ``codes`` or ``off``."""
    errors: dict[str, str] = NO_STEP_ERRORS

    @rx.event
    @requires(Permission.VIEW)
    async def load(self):
        """Show how it stands."""
        self.reset()
        self.facts = await perform(service.second_step_of)

    @rx.event
    @requires(Permission.VIEW)
    async def ask(self, what: str):
        """Ask for the password before it is set up or turned off, or new codes are made; '' asks no more."""
        self.asks = what if what in ("set_up", "codes", "off") else ""
        self.errors = NO_STEP_ERRORS

    @rx.event
    @requires(Permission.VIEW)
    async def confirm(self, values: dict):
        """Turn it on by the first code, and show the recovery codes this once."""
        code = values.get("code", "") if isinstance(values, dict) else ""
        self.errors = NO_STEP_ERRORS
        try:
            codes = await perform(service.confirm, session=session_in(self.router.headers.cookie), code=code)
        except Invalid as refusal:
            return self._refuse(refusal)
        self.offer, self.codes, self.facts = Offer(), codes, await perform(service.second_step_of)
        return OwnBrowsers.load

    @rx.event
    @requires(Permission.VIEW)
    async def act(self, values: dict):
        """Do what the password was asked for."""
        password = values.get("second_password", "") if isinstance(values, dict) else ""
        self.errors = NO_STEP_ERRORS
        try:
            if self.asks == "set_up":
                session = session_in(self.router.headers.cookie)
                self.offer = await perform(service.begin, session=session, password=password)
            elif self.asks == "codes":
                self.codes = await perform(service.new_codes, password=password)
            elif self.asks == "off":
                await perform(service.turn_off, password=password)
                self.codes = []
        except Invalid as refusal:
            return self._refuse(refusal)
        self.asks, self.facts = "", await perform(service.second_step_of)
        return None

    def _refuse(self, refusal: Invalid):
        if not refusal.fields:
            raise refusal
        self.errors = errors_of(refusal, NO_STEP_ERRORS)
        return to_first_wrong(refusal)


class Doorstep(rx.State):
    """The page between the right password and the second step; nobody is signed in there yet."""

    ready: bool = False
    next_address: str = ""
    offer: Offer = Offer()

    @rx.event
    @public
    async def arrive(self):
        """Show what to set up, or just the field of the code; who does not wait there is sent to sign in."""
        self.reset()
        self.next_address = self.router.url.query_parameters.get("next", "")
        session = session_in(self.router.headers.cookie)
        try:
            offer = await runtime.off_the_loop(service.offer_to_waiting, runtime.uow(), session=session)
        except NotSignedIn:
            return rx.redirect(address(routes.SIGN_IN, {"next": self.next_address} if self.next_address else {}))
        self.offer, self.ready = offer or Offer(), True
        return None


class ForgottenPassword(rx.State):
    """The page that asks for a link to set a new password."""

    ready: bool = False
    can_be_sent: bool = False

    @rx.event
    @public
    async def arrive(self):
        """Find out whether a link could be sent at all."""
        self.can_be_sent, self.ready = await runtime.off_the_loop(service.can_be_sent), True
