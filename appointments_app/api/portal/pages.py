"""How the clients' pages are made: the templates, the language, the policy, and who is looking."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from appointments_app import routes, runtime
from appointments_app.domain.errors import DomainError, NotAllowed, NotFound
from appointments_app.domain.language import LANGUAGES
from appointments_app.domain.portal import ClientActor, ClientRules
from appointments_app.domain.sign_in import hash_of
from appointments_app.domain.times import to_wall
from appointments_app.domain.words import N_
from appointments_app.features.portal import service
from appointments_app.features.portal.service import BusinessFacts
from appointments_app.ui.i18n import RIGHT_TO_LEFT

COOKIE = "cid"
LANGUAGE_COOKIE = "client_lang"
SIGN_IN = f"{routes.PORTAL}/sign-in"
STATUS_OF = {"not_signed_in": 401, "not_found": 404, "not_allowed": 403, "too_many_attempts": 429, "unavailable": 503}
log = logging.getLogger(__name__)
_FOLDER = Path(__file__).parent
_STYLE = (_FOLDER / "style.css").read_text(encoding="utf-8")


def _policy(*styles: str) -> str:
    """Return the policy of a page: nothing runs, nothing loads; its styles stand in it, known by their hashes."""
    hashes = (base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in styles)
    known = " ".join(f"'sha256-{each}'" for each in hashes)
    return (
        f"default-src 'none'; style-src {known}; img-src data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


POLICY = _policy(_STYLE)
"""The policy of a page that has no style of its own."""


@dataclass(frozen=True)
class Visitor:
    """Who opened a page: a client, or nobody yet; with the business whose page it is."""

    business: BusinessFacts
    actor: ClientActor | None = None
    session: str = ""

    @property
    def guard(self) -> str:
        """Return what the forms of this visitor's pages carry, and no other site can know."""
        return hash_of(f"form {self.session}") if self.session else ""


Handler = Callable[[Request, Visitor], Awaitable[Response]]


def page(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Return a route that anybody may open; what its use-cases refuse becomes a page that says so."""

    async def answer(request: Request) -> Response:
        visitor = Visitor(BusinessFacts())
        try:
            visitor = await visitor_of(request)
            return await handler(request, visitor)
        except HTTPException:
            raise
        except DomainError as refusal:
            return refused(request, visitor, refusal)
        except Exception:
            log.exception("a page of the portal failed")
            return refused(request, visitor, DomainError(N_("Something went wrong. Please try again.")), 500)

    return answer


def signed_in(handler: Callable[[Request, Visitor, ClientActor], Awaitable[Response]]) -> Any:
    """Return a route for clients who are signed in; others are led to the sign-in page, whatever they ask for."""

    async def answer(request: Request, visitor: Visitor) -> Response:
        if visitor.actor is None:
            return RedirectResponse(SIGN_IN, 303)
        if request.method == "POST":
            await _check_guard(request, visitor)
        return await handler(request, visitor, visitor.actor)

    return page(answer)


async def visitor_of(request: Request) -> Visitor:
    """Return who opened the page."""
    token = request.cookies.get(COOKIE, "")
    days = runtime.settings().session_days

    def read() -> Visitor:
        business = service.business_facts(runtime.uow())
        actor = service.actor_for(runtime.uow(), hash_of(token), days=days) if token else None
        return Visitor(business, actor, token if actor else "")

    return await runtime.off_the_loop(read)


async def _check_guard(request: Request, visitor: Visitor) -> None:
    """Refuse a form of somebody signed in that none of our pages made; the layer in front refuses other origins."""
    if (await request.form()).get("guard") != visitor.guard:
        raise NotAllowed(N_("This page was open too long. Please try again."))


async def text_of(request: Request, name: str, limit: int = 2_000) -> str:
    """Return one field of a posted form."""
    value = (await request.form()).get(name, "")
    return value[:limit] if isinstance(value, str) else ""


def language_of(request: Request, visitor: Visitor, speaks: str = "") -> str:
    """Return the language a page is in: the one chosen here, else the client's, the browser's, the business's.

    ``speaks`` is the client's where the page knows whom it is for and nobody is signed in.
    """
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    clients = speaks or (visitor.actor.language if visitor.actor else "")
    browsers = (each.strip()[:2].lower() for each in request.headers.get("accept-language", "").split(","))
    return next(code for code in (chosen, clients, *browsers, visitor.business.language, "en") if code in LANGUAGES)


def render(
    request: Request,
    visitor: Visitor,
    template: str,
    *,
    status: int = 200,
    speaks: str = "",
    zone: str = "",
    own_style: str = "",
    **more: Any,
) -> Response:
    """Return a page. ``speaks`` is the client's language, ``zone`` the one its times are shown in.

    ``own_style`` is what only this page looks like.
    """
    actor = visitor.actor
    language = language_of(request, visitor, speaks)
    zone_name = zone or (actor.time_zone if actor else visitor.business.time_zone)

    def wall(instant: datetime) -> datetime:
        return to_wall(instant, zone_name)

    values = {
        "t": lambda msgid, **given: runtime.translate(language, msgid, **given),
        "day": lambda at: runtime.full_date(language, wall(at).date()),
        "hours": lambda start, end: runtime.clock_span(language, wall(start), wall(end)),
        "short_day": lambda day: runtime.short_date(language, day, with_year=False),
        "clock": lambda at: runtime.clock(language, wall(at)),
        "lasting": lambda minutes: runtime.duration_in_words(language, minutes),
        "money": lambda amount, currency: runtime.money(language, amount, currency),
        "own_style": Markup(own_style),
        "zone_name": runtime.zone_name(language, zone_name),
        "language": language,
        "languages": LANGUAGES,
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "style": Markup(_STYLE),
        "guard": Markup('<input type="hidden" name="guard" value="{}">').format(visitor.guard),
        "here": request.url.path if request.method == "GET" else routes.PORTAL,
        "business": visitor.business,
        "actor": actor,
        "rules": actor.rules if actor else ClientRules(),
        "off": Markup(" disabled") if actor and actor.seen_by else "",
        "said": "",
        "error": "",
        **more,
        "errors": defaultdict(str, more.get("errors", {})),
    }
    body = _templates().get_template(template).render(values)
    policy = _policy(_STYLE, own_style) if own_style else POLICY
    headers = {"content-security-policy": policy, "cache-control": "no-store"}
    return HTMLResponse(body, status, headers)


def refused(request: Request, visitor: Visitor, refusal: DomainError, status: int = 0) -> Response:
    """Return the page that says why not."""
    language = language_of(request, visitor)
    missing = isinstance(refusal, NotFound) and refusal.message == NotFound.default
    title = N_("There is nothing here") if missing else N_("That did not work")
    text = N_("The page may have moved, or it is not yours.") if missing else refusal.message
    return render(
        request,
        visitor,
        "missing.html",
        status=status or STATUS_OF.get(refusal.code, 422),
        title=runtime.translate(language, title),
        text=runtime.translate(language, text, **refusal.values),
    )


def said_in(request: Request, visitor: Visitor, refusal: DomainError) -> tuple[str, dict[str, str]]:
    """Return a refusal as a page shows it: the message, and those at fields."""
    language = language_of(request, visitor)
    fields = {name: runtime.translate(language, text) for name, text in refusal.fields.items()}
    return runtime.translate(language, refusal.message, **refusal.values), fields


def remember(response: Response, token: str, days: float) -> None:
    """Keep a sign-in in this browser, out of reach of scripts and of other sites."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(days * 24 * 3600),
        path=routes.PORTAL,
        httponly=True,
        samesite="lax",
        secure=runtime.settings().is_https,
    )


def forget(response: Response) -> None:
    """Take the sign-in out of this browser."""
    response.delete_cookie(COOKIE, path=routes.PORTAL)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
