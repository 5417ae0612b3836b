"""The gate in front of every event: default deny, a known person, and the one way to run a use-case.

The framework lets any browser call any public method of any State, whatever page is open. So every handler carries
``@requires(permission)`` or ``@public``; a handler with neither is never run. Arguments are whatever the browser sent:
use-cases check them.
"""

from collections.abc import Callable, Collection, Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, TypeVar

import reflex as rx
from reflex.event import Event
from reflex.state import BaseState, StateUpdate
from reflex_base.registry import RegistrationContext
from starlette.requests import cookie_parser

from appointments_app import routes, runtime
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.errors import NotAllowed, NotSignedIn, Unavailable
from appointments_app.domain.language import LANGUAGES
from appointments_app.domain.listing import address
from appointments_app.domain.sign_in import hash_of
from appointments_app.features.session import service
from appointments_app.logs import begin_request

COOKIE = "sid"
_MARK = "__permission__"
_PUBLIC = "public"
NO_PAGES: Mapping[str, frozenset[Permission]] = MappingProxyType({})

F = TypeVar("F", bound=Callable[..., Any])
R = TypeVar("R")

_actor: ContextVar[Actor | Unavailable | None] = ContextVar("actor", default=None)
_browser_language: ContextVar[str] = ContextVar("browser_language", default="")


def public(handler: F) -> F:
    """Let anybody call this handler."""
    setattr(handler, _MARK, _PUBLIC)
    return handler


def requires(permission: Permission) -> Callable[[F], F]:
    """Let only people with ``permission`` call this handler. Stands below ``@rx.event``."""

    def mark(handler: F) -> F:
        setattr(handler, _MARK, permission)
        return handler

    return mark


def needed_by(handler: Any) -> Permission | None:
    """Return the permission a handler needs, or None for one that anybody may call."""
    mark = getattr(getattr(handler.fn, "func", handler.fn), _MARK, None)
    return mark if isinstance(mark, Permission) else None


def rule_of(event_name: str) -> str | None:
    """Return ``public``, the permission an event needs, or None for one that is not declared and so never runs."""
    registered = RegistrationContext.get().event_handlers.get(event_name)
    if registered is None:
        return None
    handler = getattr(registered.handler.fn, "func", registered.handler.fn)
    if handler.__module__.startswith(("reflex.", "reflex_base.")):  # hydration, on_load, client storage
        return None if handler.__name__ == "setvar" else _PUBLIC
    return getattr(handler, _MARK, None)


def sealed(cookie_header: str) -> str:
    """Return what states keep of a Cookie header: the language, and the hash of the session token in its place.

    The framework stores the headers of a socket with its states, in Redis too: a token would lie there in clear.
    """
    cookies = _cookies(cookie_header)
    token, language = cookies.get(COOKIE, ""), cookies.get("lang", "")
    session = f"{COOKIE}={hash_of(token)}" if token else ""
    return "; ".join(part for part in (session, f"lang={language}" if language in LANGUAGES else "") if part)


def session_in(cookie_header: str | None) -> str:
    """Return the hash of the session token in a sealed Cookie header, '' when there is none."""
    return _cookies(cookie_header).get(COOKIE, "")


def language_in(cookie_header: str | None) -> str:
    """Return the language of a browser's pages, which its Cookie header says."""
    return _asked_language(cookie_header) or "en"


def _asked_language(cookie_header: str | None) -> str:
    asked = _cookies(cookie_header).get("lang", "")
    return asked if asked in LANGUAGES else ""


def _cookies(cookie_header: str | None) -> dict[str, str]:
    """Return the cookies of a header as the routes read them; the standard library gives up at one it dislikes."""
    return cookie_parser(cookie_header or "")


class SessionBinding(rx.State):
    """Ties the state of a tab to one sign-in: with another cookie it starts empty."""

    _bound: str | None = None


class Gate(rx.Middleware):
    """Runs before every event of every browser."""

    def __init__(self, pages: Mapping[str, frozenset[Permission]] = NO_PAGES, openers: Collection[str] = ()) -> None:
        """Take what each page needs, by route, and the names of the events that fill pages."""
        super().__init__()
        self._pages, self._openers = pages, frozenset(openers)

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """Return None to let the event through, an update to answer in its place."""
        begin_request()
        session = session_in(state.router.headers.cookie)
        binding = await state.get_state(SessionBinding)
        if binding._bound != session:
            if binding._bound is not None:
                state._get_root_state().reset()
            binding._bound = session
        rule = rule_of(event.name)
        if rule is None:
            return StateUpdate()
        _browser_language.set(_asked_language(state.router.headers.cookie))
        actor = await _whose(session)
        _actor.set(actor)
        if rule == _PUBLIC:
            return None
        if isinstance(actor, Unavailable):
            raise actor
        if actor is None:
            return StateUpdate(events=Event.from_event_type(rx.redirect(sign_in_address(state))))
        if event.name in self._openers and self._is_closed(app, state, actor):
            return StateUpdate()  # the page itself says so
        if not actor.may(Permission(rule)):
            raise NotAllowed()
        return None

    def _is_closed(self, app: rx.App, state: BaseState, actor: Actor) -> bool:
        route = app.router(state.router.url.path) or ""
        return any(not actor.may(permission) for permission in self._pages.get(route, ()))


def sign_in_address(state: BaseState) -> str:
    """Return the address of the sign-in page that leads back to the page this event comes from."""
    url, path = state.router.url, routes.path_of(state.router.url.path)
    here = address(path, dict(url.query_parameters))
    return address(routes.SIGN_IN, {} if path in {routes.HOME, routes.SIGN_IN} else {"next": here})


async def _whose(session: str) -> Actor | Unavailable | None:
    """Return whose browser holds the token with this hash; or that nobody can say, for what works without the database.

    The message that the database is away is itself an event: refusing it as well would go round in circles.
    """
    try:
        return await runtime.off_the_loop(known_actor, session) if session else None
    except Unavailable as refusal:
        return refusal


def known_actor(session: str) -> Actor | None:
    """Return the actor whose browser holds the token with this hash, or None."""
    return service.actor_for(runtime.uow(), session, days=runtime.settings().session_days)


def actor_now() -> Actor | None:
    """Return the actor of the event that is running, or None for a stranger; raise Unavailable when nobody can say."""
    actor = _actor.get()
    if isinstance(actor, Unavailable):
        raise actor
    return actor


def language_now() -> str:
    """Return the language of the page that the running event comes from; if it says none, that of the person.

    They differ when somebody chose another language on another device: a page speaks one language.
    """
    actor = _actor.get()
    return _browser_language.get() or (actor.language if isinstance(actor, Actor) else "en")


async def perform(use_case: Callable[..., R], **values: Any) -> R:
    """Run a use-case for the person behind this event, in a thread; raises what it refuses with."""
    actor = actor_now()
    if actor is None:
        raise NotSignedIn()
    return await runtime.off_the_loop(use_case, runtime.uow(), actor=actor, **values)


async def perform_apart(
    use_case: Callable[..., R], *, size: int, progress: Callable[[int, int], bool], **values: Any
) -> R:
    """Run one that takes long with so many bytes, for the person behind this event, in a process of its own."""
    actor = actor_now()
    if actor is None:
        raise NotSignedIn()
    return await runtime.apart(use_case, size=size, progress=progress, actor=actor, **values)
