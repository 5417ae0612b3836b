"""What SMS gateways tell: SMS that arrived, and what became of those they took. Their addresses are secret."""

from __future__ import annotations

import hmac

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from appointments_app import routes, runtime
from appointments_app.features.consent import service as consent
from appointments_app.features.messages import service as messages


async def incoming(request: Request) -> Response:
    """POST: an SMS that arrived, as a form or as JSON; the answer tells nothing of who is known."""
    if not _knows(request, runtime.incoming_sms_path()):
        return PlainTextResponse("Not found", 404)
    said = await _said(request)
    if not isinstance(said, dict):
        return PlainTextResponse("A form or JSON is expected", 400)
    await runtime.off_the_loop(consent.hear, runtime.uow(), said=said)
    return Response(status_code=204)


async def delivered(request: Request) -> Response:
    """POST: delivery reports, as a form or as JSON; 404 for unknown messages, so that the gateway tries again later."""
    if not _knows(request, runtime.delivered_sms_path()):
        return PlainTextResponse("Not found", 404)
    said = await _said(request)
    if said is None:
        return PlainTextResponse("A form or JSON is expected", 400)
    is_known = await runtime.off_the_loop(messages.take_reports, runtime.uow(), said=said)
    return Response(status_code=204) if is_known else PlainTextResponse("Not found", 404)


def _knows(request: Request, path: str) -> bool:
    return hmac.compare_digest(request.url.path.encode(), path.encode())


async def _said(request: Request) -> dict[str, object] | list[object] | None:
    """Return what the body holds; None when that is neither a form nor JSON."""
    if "json" in request.headers.get("content-type", ""):
        try:
            found = await request.json()
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, (dict, list)) else None
    return dict((await request.form()).items())


GATEWAY_ROUTES = [
    Route(f"{routes.INCOMING_SMS}/{{secret}}/incoming", incoming, methods=["POST"]),
    Route(f"{routes.INCOMING_SMS}/{{secret}}/delivered", delivered, methods=["POST"]),
]
