"""Routes that set or clear the session cookie. The browser's scripts can never read it."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from appointments_app import routes, runtime
from appointments_app.api.proxies import client_address
from appointments_app.domain.access import Actor
from appointments_app.domain.errors import DomainError, TooManyAttempts
from appointments_app.domain.language import LANGUAGES
from appointments_app.domain.sign_in import hash_of
from appointments_app.features.session import service
from appointments_app.features.session.gate import COOKIE, known_actor

log = logging.getLogger(__name__)
_YEAR = 365 * 24 * 3600


async def sign_in(request: Request) -> Response:
    """POST e-mail and password: a new token in the cookie and the address to go to, or the refusal."""
    form = await request.form()
    days = runtime.settings().session_days
    try:
        token, actor = await runtime.off_the_loop(
            service.sign_in,
            runtime.uow(),
            email=str(form.get("email", "")),
            password=str(form.get("password", "")),
            address=client_address(request, proxies=runtime.settings().trusted_proxies),
            days=days,
        )
    except DomainError as error:
        return refusal(request, error)
    response = JSONResponse({"next": _safe(str(form.get("next", "")))})
    _remember(response, token, actor.language, days)
    return response


async def sign_out(request: Request) -> Response:
    """POST: end this sign-in, or with ``everywhere`` all of this person's."""
    token = request.cookies.get(COOKIE, "")
    form = await request.form()
    actor = await actor_of(request)
    if actor is not None and form.get("everywhere"):
        await runtime.off_the_loop(service.sign_out_everywhere, runtime.uow(), actor=actor)
    await runtime.off_the_loop(service.sign_out, runtime.uow(), token=token)
    response = JSONResponse({"next": routes.SIGN_IN})
    response.delete_cookie(COOKIE, path="/")
    return response


async def set_up(request: Request) -> Response:
    """POST the set-up page: creates business and owner and signs the owner in."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    days = runtime.settings().session_days
    names = ("token", "name", "email", "password", "business", "time_zone", "language", "region")
    try:
        token = await runtime.off_the_loop(
            service.set_up, runtime.uow(), days=days, **{name: form.get(name, "") for name in names}
        )
    except DomainError as error:
        return refusal(request, error)
    if form.get("sample"):
        await _add_sample_data()
    response = JSONResponse({"next": routes.APPOINTMENTS})
    _remember(response, token, form.get("language", "en"), days)
    return response


async def _add_sample_data() -> None:
    """Fill the diary; when that fails, it stays empty: the owner is there, and the link can't be used again."""
    try:
        await runtime.off_the_loop(runtime.add_sample_data)
    except Exception:
        log.exception("the sample data could not be added")


async def set_language(request: Request) -> Response:
    """POST ``language``: kept with the account when signed in, and in this browser."""
    form = await request.form()
    language = str(form.get("language", ""))
    actor = await actor_of(request)
    try:
        if actor is not None:
            await runtime.off_the_loop(service.set_language, runtime.uow(), actor=actor, language=language)
        elif language not in LANGUAGES:
            return JSONResponse({"error": "unknown language"}, 400)
    except DomainError as error:
        return refusal(request, error)
    response = JSONResponse({"next": _safe(str(form.get("next", "")))})
    _set_language_cookie(response, language)
    return response


async def actor_of(request: Request) -> Actor | None:
    """Return the person behind a request, or None for a stranger."""
    token = request.cookies.get(COOKIE, "")
    return await runtime.off_the_loop(known_actor, hash_of(token)) if token else None


def refusal(request: Request, error: DomainError) -> JSONResponse:
    """Return what a form shows of a refusal, in the browser's language."""
    language = _language_of(request)
    values: dict[str, Any] = error.values
    body = {
        "code": error.code,
        "error": runtime.translate(language, error.message, **values),
        "fields": {name: runtime.translate(language, text) for name, text in error.fields.items()},
    }
    return JSONResponse(body, 429 if isinstance(error, TooManyAttempts) else 422)


def _language_of(request: Request) -> str:
    """Return the language that the page is in: the one chosen, else the browser's, else English."""
    browser = request.headers.get("accept-language", "")[:2].lower()
    known = (code for code in (request.cookies.get("lang", ""), browser) if code in LANGUAGES)
    return next(known, "en")


def _safe(address: str) -> str:
    """Return a path of this app, whatever was asked for: never another site."""
    try:
        elsewhere = urlsplit(address).netloc or "\\" in address
    except ValueError:
        return routes.APPOINTMENTS
    is_ours = address.startswith("/") and not address.startswith("//") and not elsewhere
    return address if is_ours else routes.APPOINTMENTS


def _remember(response: Response, token: str, language: str, days: int) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=days * 24 * 3600,
        path="/",
        httponly=True,
        samesite="lax",
        secure=runtime.settings().is_https,
    )
    _set_language_cookie(response, language)


def _set_language_cookie(response: Response, language: str) -> None:
    response.set_cookie("lang", language, max_age=_YEAR, path="/", samesite="lax", secure=runtime.settings().is_https)


AUTH_ROUTES = [
    Route(routes.SIGN_IN_POST, sign_in, methods=["POST"]),
    Route(routes.SIGN_OUT_POST, sign_out, methods=["POST"]),
    Route(routes.SET_UP_POST, set_up, methods=["POST"]),
    Route(routes.LANGUAGE_POST, set_language, methods=["POST"]),
]
