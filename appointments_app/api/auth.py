"""Routes that set or clear the session cookie. The browser's scripts can never read it."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from appointments_app import routes, runtime
from appointments_app.api.proxies import client_address
from appointments_app.domain.access import Actor
from appointments_app.domain.errors import DomainError, TooManyAttempts, Unavailable
from appointments_app.domain.language import LANGUAGES
from appointments_app.domain.listing import address
from appointments_app.domain.sign_in import SECOND_STEP_MINUTES, Visitor, browser_name, hash_of, new_token
from appointments_app.features.account import service as account
from appointments_app.features.session import service
from appointments_app.features.session.gate import COOKIE, known_actor

log = logging.getLogger(__name__)
_YEAR = 365 * 24 * 3600
DEVICE = "device"
"""The cookie by which a browser is known again: it opens nothing."""


async def sign_in(request: Request) -> Response:
    """POST e-mail and password: a new token in the cookie and the address to go to, or the refusal."""
    form = await request.form()
    days, device = runtime.settings().session_days, _device_of(request)
    visitor = _visitor(request, device)
    try:
        token, actor = await runtime.at_the_door(
            service.sign_in,
            runtime.uow(),
            email=str(form.get("email", "")),
            password=str(form.get("password", "")),
            address=visitor.address,
            days=days,
            visitor=visitor,
            tell=account.tell_of_new_browser,
        )
    except DomainError as error:
        return refusal(request, error)
    goal = _safe(str(form.get("next", "")))
    if actor is None:
        response = JSONResponse({"next": address(routes.SECOND_STEP, {"next": goal})})
        _set_cookie(response, COOKIE, token, seconds=SECOND_STEP_MINUTES * 60)
        return response
    response = JSONResponse({"next": goal})
    _remember(response, token, actor.language, days, device)
    return response


async def second_step(request: Request) -> Response:
    """POST the code of the second step: a new token in the cookie, or the refusal."""
    form = await request.form()
    days, device = runtime.settings().session_days, _device_of(request)
    try:
        token, actor = await runtime.off_the_loop(
            account.finish,
            runtime.uow(),
            session=hash_of(request.cookies.get(COOKIE, "")),
            code=str(form.get("code", ""))[:100],
            visitor=_visitor(request, device),
            days=days,
            tell=account.tell_of_new_browser,
        )
    except DomainError as error:
        return refusal(request, error)
    response = JSONResponse({"next": _safe(str(form.get("next", "")))})
    _remember(response, token, actor.language, days, device)
    return response


async def forgot(request: Request) -> Response:
    """POST an e-mail address: the same answer at once whether anybody has it; a link goes there if so."""
    form = await request.form()
    email, here = str(form.get("email", "")), _visitor(request, "").address
    try:
        await runtime.off_the_loop(account.count_request, runtime.uow(), address=here)
    except DomainError as error:
        return refusal(request, error)
    work = BackgroundTask(_send_link, email)
    return JSONResponse({"next": address(routes.FORGOT, {"sent": "1"})}, background=work)


async def _send_link(email: str) -> None:
    try:
        await runtime.off_the_loop(account.ask_for_reset, runtime.uow(), email=email)
    except Unavailable:
        log.warning("a link for a new password could not be written: the database is away")


async def reset(request: Request) -> Response:
    """POST the token of the link and a new password; the link is used up by success alone."""
    form = await request.form()
    token, password = (str(form.get(name, "")) for name in ("token", "password"))
    try:
        await runtime.at_the_door(account.reset_password, runtime.uow(), token=token, password=password)
    except DomainError as error:
        return refusal(request, error)
    response = JSONResponse({"next": address(routes.SIGN_IN, {"changed": "1"})})
    response.delete_cookie(COOKIE, path="/")
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
        token = await runtime.at_the_door(
            service.set_up, runtime.uow(), days=days, **{name: form.get(name, "") for name in names}
        )
    except DomainError as error:
        return refusal(request, error)
    if form.get("sample"):
        await _add_sample_data()
    response = JSONResponse({"next": routes.APPOINTMENTS})
    _remember(response, token, form.get("language", "en"), days, _device_of(request))
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


def _visitor(request: Request, device: str) -> Visitor:
    return Visitor(
        address=client_address(request, proxies=runtime.settings().trusted_proxies)[:45],
        browser=browser_name(request.headers.get("user-agent", "")),
        device=hash_of(device) if device else "",
    )


def _device_of(request: Request) -> str:
    """Return the token by which this browser is known again, a new one when it has none."""
    return request.cookies.get(DEVICE, "")[:100] or new_token()


def _remember(response: Response, token: str, language: str, days: int, device: str) -> None:
    _set_cookie(response, COOKIE, token, seconds=days * 24 * 3600)
    _set_cookie(response, DEVICE, device, seconds=_YEAR)
    _set_language_cookie(response, language)


def _set_cookie(response: Response, name: str, value: str, *, seconds: int) -> None:
    """Set a cookie that no script can read and no other site's form sends along."""
    secure = runtime.settings().is_https
    response.set_cookie(name, value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=secure)


def _set_language_cookie(response: Response, language: str) -> None:
    response.set_cookie("lang", language, max_age=_YEAR, path="/", samesite="lax", secure=runtime.settings().is_https)


AUTH_ROUTES = [
    Route(routes.SIGN_IN_POST, sign_in, methods=["POST"]),
    Route(routes.SECOND_STEP_POST, second_step, methods=["POST"]),
    Route(routes.FORGOT_POST, forgot, methods=["POST"]),
    Route(routes.RESET_POST, reset, methods=["POST"]),
    Route(routes.SIGN_OUT_POST, sign_out, methods=["POST"]),
    Route(routes.SET_UP_POST, set_up, methods=["POST"]),
    Route(routes.LANGUAGE_POST, set_language, methods=["POST"]),
]
