"""The frame around every page: who is signed in, and the messages that pass by."""

import asyncio
import logging
import uuid
from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event.context import EventContext

from appointments_app import routes, runtime
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import DomainError, NotSignedIn, Unavailable
from appointments_app.domain.listing import address
from appointments_app.domain.words import N_
from appointments_app.features.session import service
from appointments_app.features.session.gate import actor_now, language_in, language_now, perform, public, requires

log = logging.getLogger(__name__)
_telling: set[asyncio.Task[None]] = set()


@dataclass
class Toast:
    """One passing message. ``undo`` is the change it can take back, '' for none."""

    id: str
    text: str
    kind: str = "success"
    undo: bool = False


@dataclass
class Job:
    """One long action that runs in this process; the tab may meanwhile be connected to another."""

    done: int = 0
    total: int = 0
    stopped: bool = False

    def report(self, done: int, total: int) -> bool:
        """Keep the progress; return False once somebody pressed Stop."""
        self.done, self.total = done, total
        return not self.stopped


class Shell(rx.State):
    """The frame: the signed-in person and the toasts."""

    name: str = ""
    person: str = ""
    time_zone: str = "UTC"
    permissions: rx.Field[list[str]] = rx.field(default_factory=list)
    toasts: list[Toast] = []
    shortcuts_open: bool = False
    menu_open: bool = False
    path: str = ""
    here: str = ""
    sending_stands_still: bool = False
    _undo: dict[str, int] = {}

    @rx.event
    @public
    def enter(self):
        """Every page begins here: show who is signed in, or send a stranger to the sign-in page."""
        actor = actor_now()
        self.path, self.here = routes.path_of(self.router.url.path), _here(self)
        self.menu_open, self.shortcuts_open = False, False
        if actor is None:
            return rx.redirect(address(routes.SIGN_IN, {"next": self.here}))
        self.name, self.person, self.time_zone = actor.name, str(actor.staff_id), actor.time_zone
        self.permissions = sorted(actor.permissions)
        return Shell.look_at_sending if actor.may(Permission.SETTINGS) else None

    @rx.event(background=True, supersedes=True)
    @requires(Permission.SETTINGS)
    async def look_at_sending(self):
        """Tell who can do something about it when messages stand still."""
        stands_still = await perform(service.sending_stands_still)
        async with self:
            self.sending_stands_still = stands_still

    @rx.event
    @public
    def close_toast(self, toast_id: str):
        """Take one message away."""
        self._drop(toast_id)

    @rx.event
    @public
    def show_refusal(self, msgid: str, seconds: int = 0):
        """Show what ``refuse`` says, in the person's language: only an event knows whose it is."""
        self._say(tr(str(msgid)[:500], seconds=seconds), kind="error")

    @rx.event
    @public
    def show_shortcuts(self, is_open: bool):
        """Open or close the list of keyboard shortcuts."""
        self.shortcuts_open = bool(is_open)

    @rx.event
    @public
    def show_menu(self, is_open: bool):
        """Open or close the main menu on a phone."""
        self.menu_open = bool(is_open)

    @rx.event
    @public
    async def undo(self, toast_id: str):
        """Take back the change behind a message, which stays while the database is away; lists hear of it as of any."""
        try:
            restored = await perform(service.undo, change_id=self._undo.get(str(toast_id), 0))
        except Unavailable:
            raise
        except DomainError:
            self._drop(toast_id)
            raise
        self._drop(toast_id)
        self._say(trn("{n} record is as it was.", "{n} records are as they were.", restored))

    def _drop(self, toast_id: str) -> None:
        self.toasts = [toast for toast in self.toasts if toast.id != toast_id]
        self._undo.pop(str(toast_id), None)

    def _say(self, text: str, kind: str = "success", undo: int = 0) -> None:
        toast = Toast(uuid.uuid4().hex, text, kind, bool(undo))
        if undo:
            self._undo[toast.id] = undo
        self.toasts = [*self.toasts[-3:], toast]
        self._undo = {each.id: self._undo[each.id] for each in self.toasts if each.id in self._undo}


class Entrance(rx.State):
    """The pages of people who are not signed in."""

    next_address: str = ""
    token: str = ""
    was_sent: bool = False
    was_changed: bool = False

    @rx.event
    @public
    def arrive(self):
        """Keep what the address brings: where to go afterwards, the token of a link, what was done before."""
        query = self.router.url.query_parameters
        self.next_address, self.token = query.get("next", ""), query.get("token", "")
        self.was_sent, self.was_changed = query.get("sent") == "1", query.get("changed") == "1"


def _here(state: rx.State) -> str:
    """Return the address of the page that is open, with its parameters."""
    return address(routes.path_of(state.router.url.path), dict(state.router.url.query_parameters))


def tr(msgid: str, **values: object) -> str:
    """Return ``msgid`` in the language of the person behind this event."""
    return runtime.translate(language_now(), msgid, **values)


def trn(singular: str, plural: str, n: int) -> str:
    """Return the form of a sentence that fits ``n``, in the language of the person behind this event."""
    return runtime.translate_many(language_now(), singular, plural, n)


async def say(state: rx.State, text: str, *, kind: str = "success", undo: int = 0) -> None:
    """Show a passing message; ``undo`` is the change that its Undo button takes back."""
    (await state.get_state(Shell))._say(text, kind, undo)


def _say_without_state(msgid: str) -> None:
    """Show a message in the tab of this event though its state is out of reach: an event would go round in circles."""
    context = EventContext.get()
    language = language_in(context.router_data.get("headers", {}).get("cookie"))
    toast = Toast(uuid.uuid4().hex, runtime.translate(language, msgid), "error")
    telling = asyncio.create_task(context.emit_delta({Shell.get_full_name(): {f"toasts{FIELD_MARKER}": [toast]}}))
    _telling.add(telling)
    telling.add_done_callback(_telling.discard)


def refuse(error: Exception) -> Any:
    """Turn what a handler raised into what the person sees. Whatever is no DomainError is a bug and is logged."""
    if isinstance(error, NotSignedIn):
        return rx.redirect(routes.SIGN_IN)
    if isinstance(error, DomainError):
        return Shell.show_refusal(error.message, error.values.get("seconds", 0))
    if runtime.is_redis_away(error):
        log.warning("Redis does not answer: %s", type(error).__name__)
        _say_without_state(Unavailable.default)
        return None
    log.error("a handler failed", exc_info=error)
    return Shell.show_refusal(N_("Something went wrong. Nothing was lost: try again, or reload the page."))
