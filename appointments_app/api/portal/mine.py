"""A client's appointments: the lists, one of them, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from appointments_app import routes, runtime
from appointments_app.api.portal.pages import Visitor, render, said_in, signed_in, text_of
from appointments_app.db.queries.visits import Key, Visit
from appointments_app.domain.errors import DomainError, Invalid
from appointments_app.domain.listing import is_id
from appointments_app.domain.portal import ClientActor, may_ask, may_confirm
from appointments_app.domain.words import N_
from appointments_app.features.portal import service

_DONE = {
    "confirmed": N_("Confirmed. Thank you, we look forward to seeing you."),
    "asked": N_("We have your request and will contact you."),
    "booked": N_("Booked. We look forward to seeing you."),
    "waits": N_("We have your booking, and will confirm it."),
    "cancelled": N_("This appointment is called off. We have been told."),
}


@signed_in
async def upcoming(request: Request, visitor: Visitor, actor: ClientActor) -> Response:
    """GET: what lies ahead."""
    return await _list(request, visitor, actor, service.upcoming, "upcoming", routes.PORTAL)


@signed_in
async def past(request: Request, visitor: Visitor, actor: ClientActor) -> Response:
    """GET: what is over."""
    return await _list(request, visitor, actor, service.past, "past", f"{routes.PORTAL}/past")


async def _list(
    request: Request, visitor: Visitor, actor: ClientActor, read: Callable[..., Any], name: str, path: str
) -> Response:
    after = _key(request.query_params.get("after", ""))
    found = await runtime.off_the_loop(read, runtime.uow(), actor=actor, after=after)
    more = f"{path}?{urlencode({'after': _text(found.next)})}" if found.next else ""
    said = _said(request, visitor)
    return render(request, visitor, "visits.html", page=found, more=more, open=name, now=found.now, said=said)


@signed_in
async def show(request: Request, visitor: Visitor, actor: ClientActor) -> Response:
    """GET: one appointment."""
    return await _one(request, visitor, actor)


@signed_in
async def confirm(request: Request, visitor: Visitor, actor: ClientActor) -> Response:
    """POST: confirm it."""
    return await _do(request, visitor, actor, service.confirm, "confirmed")


@signed_in
async def ask(request: Request, visitor: Visitor, actor: ClientActor) -> Response:
    """POST ``message``: ask for another time."""
    return await _do(
        request, visitor, actor, service.ask_other_time, "asked", message=await text_of(request, "message")
    )


@signed_in
async def cancel(request: Request, visitor: Visitor, actor: ClientActor) -> Response:
    """POST ``message``: call it off."""
    return await _do(request, visitor, actor, service.cancel, "cancelled", message=await text_of(request, "message"))


@signed_in
async def calendar(request: Request, visitor: Visitor, actor: ClientActor) -> Response:
    """GET: the .ics file."""
    number = request.path_params["appointment_id"]

    def file() -> bytes:
        return runtime.calendar_file(service.calendar_event(runtime.uow(), actor=actor, appointment_id=number))

    headers = {"content-disposition": 'attachment; filename="appointment.ics"', "cache-control": "no-store"}
    return Response(await runtime.off_the_loop(file), media_type="text/calendar", headers=headers)


async def _do(
    request: Request, visitor: Visitor, actor: ClientActor, use_case: Callable[..., Any], done: str, **values: Any
) -> Response:
    number = request.path_params["appointment_id"]
    try:
        await runtime.off_the_loop(use_case, runtime.uow(), actor=actor, appointment_id=number, **values)
    except Invalid as refusal:
        return await _one(request, visitor, actor, refusal, typed=values.get("message", ""))
    return RedirectResponse(f"{routes.PORTAL}/appointments/{number}?done={done}", 303)


async def _one(
    request: Request, visitor: Visitor, actor: ClientActor, refusal: DomainError | None = None, typed: str = ""
) -> Response:
    number = request.path_params["appointment_id"]
    visit = await runtime.off_the_loop(service.open_one, runtime.uow(), actor=actor, appointment_id=number)
    now = runtime.uow().clock()
    error, errors = said_in(request, visitor, refusal) if refusal else ("", {})
    return render(
        request,
        visitor,
        "visit.html",
        status=422 if refusal else 200,
        visit=visit,
        now=now,
        back=routes.PORTAL if visit.status == "scheduled" and visit.end_at > now else f"{routes.PORTAL}/past",
        said=_said(request, visitor, visit),
        error="" if errors else error,
        errors=errors,
        typed=typed,
        **_choices(actor, visit, now),
    )


def _said(request: Request, visitor: Visitor, visit: Visit | None = None) -> str:
    """Return what the address says was done."""
    done = request.query_params.get("done", "")
    done = "waits" if done == "booked" and visit and visit.waits else done
    return said_in(request, visitor, DomainError(_DONE[done]))[0] if done in _DONE else ""


def _choices(actor: ClientActor, visit: Visit, now: datetime) -> dict[str, Any]:
    """Return what the page offers, and whether it is too late for what the settings would allow."""
    rules, in_time = actor.rules, may_ask(actor.rules, visit.status, visit.start_at, now=now)
    is_open = may_confirm(visit.status, visit.start_at, shared=True, now=now)
    changes = rules.ask_other_time or rules.cancel
    return {
        "can": {
            "confirm": rules.confirm and is_open and visit.confirmed_at is None and not visit.waits,
            "ask": rules.ask_other_time and in_time and not visit.asked,
            "cancel": rules.cancel and in_time,
        },
        "too_late": changes and is_open and not in_time,
    }


def _key(text: str) -> Key | None:
    """Return the key that an address holds, None when it holds none."""
    instant, _, number = text.partition(".")
    if not is_id(number) or not instant.isascii() or not instant.isdigit() or len(instant) > 16:
        return None
    try:
        return datetime.fromtimestamp(int(instant) / 1_000_000, UTC), int(number)
    except (ValueError, OverflowError, OSError):
        return None


def _text(key: Key) -> str:
    return f"{round(key[0].timestamp() * 1_000_000)}.{key[1]}"
