"""Signing in and out of the portal, and looking on as a client."""

from __future__ import annotations

import asyncio
import time
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from appointments_app import routes, runtime
from appointments_app.api.auth import actor_of, refusal
from appointments_app.api.portal.pages import (
    COOKIE,
    LANGUAGE_COOKIE,
    SIGN_IN,
    STATUS_OF,
    Visitor,
    forget,
    page,
    remember,
    render,
    said_in,
    text_of,
)
from appointments_app.api.proxies import client_address
from appointments_app.domain.errors import DomainError, Invalid, NotFound, NotSignedIn, TooManyAttempts
from appointments_app.domain.language import LANGUAGES
from appointments_app.features.portal import service
from appointments_app.features.portal.service.door import LOOK_LIVES

SLOWLY = 0.4
"""Seconds after which a request for a link is answered, so that its time does not tell whether anybody is known."""
_YEAR = 365 * 24 * 3600


@page
async def ask(request: Request, visitor: Visitor) -> Response:
    """GET: where a link to sign in is asked for."""
    await _must_be_open()
    return RedirectResponse(routes.PORTAL, 303) if visitor.actor else await _form(request, visitor)


@page
async def send_link(request: Request, visitor: Visitor) -> Response:
    """POST ``who``: the same answer, and after the same time, whether anybody is known by it or not."""
    began, typed = time.monotonic(), await text_of(request, "who")
    try:
        await runtime.off_the_loop(service.send_link, runtime.uow(), typed=typed, address=_address(request))
    except NotFound:
        raise
    except DomainError as wrong:
        return await _form(request, visitor, wrong, who=typed)
    finally:
        await asyncio.sleep(max(0.0, SLOWLY - (time.monotonic() - began)))
    return await _form(request, visitor, sent=True)


@page
async def by_password(request: Request, visitor: Visitor) -> Response:
    """POST ``who`` and ``password``: signed in, or the form again with one message whatever was wrong."""
    typed, password = await text_of(request, "who"), await text_of(request, "password")
    days = runtime.settings().session_days
    try:
        token = await runtime.at_the_door(
            service.sign_in_by_password,
            runtime.uow(),
            typed=typed,
            password=password,
            address=_address(request),
            days=days,
        )
    except (Invalid, TooManyAttempts) as wrong:
        return await _form(request, visitor, wrong, who=typed, by_password=True)
    return _enter(token)


@page
async def show_link(request: Request, visitor: Visitor) -> Response:
    """GET: the button that signs in. Only pressing it uses the link up."""
    token = request.path_params["token"]
    speaks = await runtime.off_the_loop(service.link_speaks, runtime.uow(), token=token)
    good = bool(speaks)
    return render(
        request, Visitor(visitor.business), "enter.html", status=200 if good else 410, speaks=speaks, good=good
    )


@page
async def by_link(request: Request, visitor: Visitor) -> Response:
    """POST: signed in; or the page that offers a new link."""
    token, days = request.path_params["token"], runtime.settings().session_days
    try:
        session = await runtime.off_the_loop(service.sign_in_by_link, runtime.uow(), token=token, days=days)
    except NotFound:
        return render(request, Visitor(visitor.business), "enter.html", status=410, good=False)
    return _enter(session)


@page
async def sign_out(request: Request, visitor: Visitor) -> Response:
    """POST: signed out in this browser; a staff member who looked on is back in the client's file."""
    await runtime.off_the_loop(service.sign_out, runtime.uow(), token=request.cookies.get(COOKIE, ""))
    actor = visitor.actor
    response = RedirectResponse(routes.client(actor.client_id) if actor and actor.seen_by else SIGN_IN, 303)
    forget(response)
    return response


@page
async def set_language(request: Request, visitor: Visitor) -> Response:
    """POST ``language`` and ``next``: the page again, in that language."""
    language, onward = await text_of(request, "language"), await text_of(request, "next")
    response = RedirectResponse(_ours(onward), 303)
    if language in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, language, max_age=_YEAR, path="/", samesite="lax", secure=runtime.settings().is_https
        )
    return response


async def look_on(request: Request) -> Response:
    """POST by a staff member, answered in JSON: for 15 minutes the portal as one client sees it, read-only."""
    client_id = request.path_params["client_id"]
    try:
        actor = await actor_of(request)
        if actor is None:
            raise NotSignedIn()
        token = await runtime.off_the_loop(service.look_on, runtime.uow(), actor=actor, client_id=client_id)
    except DomainError as error:
        answer: Response = refusal(request, error)
        answer.status_code = STATUS_OF.get(error.code, 422)
        return answer
    response = JSONResponse({"next": routes.PORTAL})
    remember(response, token, LOOK_LIVES.total_seconds() / 86_400)
    return response


async def _must_be_open() -> None:
    if not await runtime.off_the_loop(service.is_open, runtime.uow()):
        raise NotFound()


async def _form(
    request: Request,
    visitor: Visitor,
    wrong: DomainError | None = None,
    *,
    who: str = "",
    sent: bool = False,
    by_password: bool = False,
) -> Response:
    ways = await runtime.off_the_loop(service.ways)
    error, errors = said_in(request, visitor, wrong) if wrong else ("", {})
    return render(
        request,
        visitor,
        "sign_in.html",
        status=429 if isinstance(wrong, TooManyAttempts) else 422 if wrong else 200,
        error="" if errors else error,
        errors=errors,
        who=who,
        sent=sent,
        by_password=by_password,
        ways={channel.value for channel in ways},
    )


def _enter(token: str) -> Response:
    response = RedirectResponse(routes.PORTAL, 303)
    remember(response, token, runtime.settings().session_days)
    return response


def _address(request: Request) -> str:
    return client_address(request, proxies=runtime.settings().trusted_proxies)


def _ours(address: str) -> str:
    """Return a page of clients, whatever was asked for: never another site."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return routes.PORTAL
    is_ours = (
        address.startswith((f"{routes.PORTAL}", f"{routes.CONFIRM}/")) and not parts.netloc and "\\" not in address
    )
    return address if is_ours else routes.PORTAL
