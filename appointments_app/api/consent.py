"""Clients who want no messages: the page behind the link in an e-mail."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from appointments_app import routes, runtime
from appointments_app.domain.language import LANGUAGES
from appointments_app.domain.words import N_
from appointments_app.features.consent import service
from appointments_app.features.consent.service import UnsubscribePage
from appointments_app.ui.i18n import RIGHT_TO_LEFT

STYLE = (
    ":root{color-scheme:light dark}body{margin:0;font:16px/24px system-ui,'Noto Sans Arabic',sans-serif}"
    "main{max-width:560px;margin:48px auto;padding:0 16px;display:grid;gap:16px}h1{font-size:22px;margin:0}p{margin:0}"
    "button{min-height:44px;padding:8px 16px;border:0;border-radius:8px;background:#3e63dd;color:#fff;font:inherit}"
)
POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


async def show(request: Request) -> Response:
    """GET: what the link is for, and the button; nothing changes."""
    found = await runtime.off_the_loop(service.open_link, runtime.uow(), token=request.path_params["token"])
    return _answer(request, found)


async def change(request: Request) -> Response:
    """POST: stop e-mails, or with ``again`` send them anew; mail programs post here by themselves (RFC 8058)."""
    wants = bool((await request.form()).get("again"))
    token = request.path_params["token"]
    return _answer(request, await runtime.off_the_loop(service.by_link, runtime.uow(), token=token, wants=wants))


def _answer(request: Request, found: UnsubscribePage) -> Response:
    """Return the page: a sentence and a button, in the client's language, else the browser's."""
    browser = request.headers.get("accept-language", "")[:2].lower()
    language = next((each for each in (found.language, browser) if each in LANGUAGES), "en")
    title, text, button, again = _words(found)

    def said(msgid: str) -> str:
        return escape(runtime.translate(language, msgid))

    form = f'<form method="post">{again}<button>{said(button)}</button></form>' if button else ""
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    page = (
        f'<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{said(title)}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{said(title)}</h1><p>{said(text) if text else ''}</p>{form}</main></body></html>"
    )
    status = 404 if found.is_broken else 410 if found.is_expired else 200
    return HTMLResponse(page, status, {"content-security-policy": POLICY, "cache-control": "no-store"})


def _words(found: UnsubscribePage) -> tuple[str, str, str, str]:
    """Return title, text, the button's word and what its form carries."""
    if found.is_broken:
        return N_("This link is not complete"), N_("Open it again from your message, or copy all of it."), "", ""
    if found.is_expired:
        return N_("This link has expired"), N_("Please use the link in our newest message, or contact us."), "", ""
    if found.is_out:
        again = '<input type="hidden" name="again" value="yes">'
        return N_("You get no more e-mails from us."), "", N_("Send me e-mails again"), again
    text = N_("You would not be reminded of your appointments by e-mail any more.")
    return N_("No more e-mails?"), text, N_("Stop e-mails"), ""


CONSENT_ROUTES = [
    Route(f"{routes.UNSUBSCRIBE}/{{token}}", show, methods=["GET"]),
    Route(f"{routes.UNSUBSCRIBE}/{{token}}", change, methods=["POST"]),
]
