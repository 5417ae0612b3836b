"""A client books: what is chosen stands in the address, the time is kept by a button, and another one books it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from appointments_app import routes, runtime
from appointments_app.api.portal.pages import Visitor, language_of, render, said_in, signed_in, text_of
from appointments_app.domain.bookings import Full, HoldOver, Taken
from appointments_app.domain.errors import DomainError, Invalid
from appointments_app.domain.portal import ClientActor
from appointments_app.domain.times import to_wall
from appointments_app.domain.words import N_
from appointments_app.features.portal import service
from appointments_app.features.portal.service import Choosing, Wanted

_BOOK = f"{routes.PORTAL}/book"
_COUNTDOWN = (Path(__file__).parent / "countdown.css").read_text(encoding="utf-8")
_PARTS = ((12, N_("Morning")), (17, N_("Afternoon")), (24, N_("Evening")))
"""The parts of a day, each by the hour at which it ends."""


@signed_in
async def choose(request: Request, visitor: Visitor, actor: ClientActor) -> Response:
    """GET: the service, the person, the day and the time, each once the one before is chosen."""
    query = dict(request.query_params)
    found = await runtime.off_the_loop(service.choose, runtime.uow(), actor=actor, query=query)
    return _choices(request, visitor, actor, found)


@signed_in
async def hold(request: Request, visitor: Visitor, actor: ClientActor) -> Response:
    """POST ``service``, ``staff``, ``start``: the time is kept for five minutes, and is looked over next."""
    wanted = await _wanted(request)
    try:
        token = await runtime.off_the_loop(service.hold, runtime.uow(), actor=actor, wanted=wanted)
    except (Taken, Full) as refusal:
        return await _instead(request, visitor, actor, wanted, refusal)
    return RedirectResponse(f"{_BOOK}/check?{urlencode({**vars(wanted), 'form': token})}", 303)


@signed_in
async def check(request: Request, visitor: Visitor, actor: ClientActor) -> Response:
    """GET: what would be booked, and until when it is kept."""
    query = request.query_params
    wanted = Wanted(query.get("service", ""), query.get("staff", ""), query.get("start", ""))
    return await _look_over(request, visitor, actor, wanted, query.get("form", ""))


@signed_in
async def book(request: Request, visitor: Visitor, actor: ClientActor) -> Response:
    """POST ``service``, ``staff``, ``start``, ``form`` and ``notes``: booked."""
    wanted, token, notes = await _wanted(request), await text_of(request, "form"), await text_of(request, "notes")
    try:
        made = await runtime.off_the_loop(
            service.book, runtime.uow(), actor=actor, wanted=wanted, token=token, notes=notes
        )
    except (Taken, Full) as refusal:
        return await _instead(request, visitor, actor, wanted, refusal)
    except (HoldOver, Invalid) as refusal:
        return await _look_over(request, visitor, actor, wanted, token, refusal, notes)
    onward = f"/appointments/{made}" if actor.rules.view_appointments else ""
    return RedirectResponse(f"{routes.PORTAL}{onward}?done=booked", 303)


async def _wanted(request: Request) -> Wanted:
    return Wanted(*[await text_of(request, name, 40) for name in ("service", "staff", "start")])


async def _look_over(
    request: Request,
    visitor: Visitor,
    actor: ClientActor,
    wanted: Wanted,
    token: str,
    refusal: DomainError | None = None,
    notes: str = "",
) -> Response:
    held = await runtime.off_the_loop(service.look_over, runtime.uow(), actor=actor, wanted=wanted)
    error, errors = said_in(request, visitor, refusal) if refusal else ("", {})
    left = max(0, int((held.until - held.now).total_seconds())) if held.until else 0
    return render(
        request,
        visitor,
        "book_check.html",
        status=409 if isinstance(refusal, HoldOver) else 422 if refusal else 200,
        own_style=f":root {{ --from: {left}; }}\n{_COUNTDOWN}" if held.until else "",
        held=held,
        start=wanted.start,
        token=token or str(uuid4()),
        notes=notes,
        kept_again=isinstance(refusal, HoldOver),
        another=f"{_BOOK}?{urlencode({'service': held.service.id, 'staff': held.staff})}",
        error="" if errors or isinstance(refusal, HoldOver) else error,
        errors=errors,
    )


async def _instead(
    request: Request, visitor: Visitor, actor: ClientActor, wanted: Wanted, refusal: DomainError
) -> Response:
    """Return the choice of a time again: what was chosen is gone, and these are the nearest that are free."""
    query = {"service": str(wanted.service), "staff": str(wanted.staff)}
    found = await runtime.off_the_loop(service.choose, runtime.uow(), actor=actor, query=query)
    nearest = [datetime.fromisoformat(each.start_at) for each in refusal.values.get("free", ())]
    return _choices(request, visitor, actor, found, refusal=refusal, nearest=nearest)


def _choices(
    request: Request,
    visitor: Visitor,
    actor: ClientActor,
    found: Choosing,
    *,
    refusal: DomainError | None = None,
    nearest: Iterable[datetime] = (),
) -> Response:
    chosen = {"service": found.service.id, "staff": found.staff} if found.service and found.staff else {}

    def to(**more: Any) -> str:
        return f"{_BOOK}?{urlencode({**chosen, **more})}"

    language = language_of(request, visitor)
    starts = next((each.starts for each in found.days if each.day == found.day), [])
    return render(
        request,
        visitor,
        "book.html",
        status=409 if refusal else 200,
        found=found,
        said=said_in(request, visitor, refusal)[0] if refusal and not found.is_full else "",
        nearest=[(at, to_wall(at, actor.time_zone).date()) for at in nearest],
        days=[
            (date.fromisoformat(each.day), to(**{"from": found.first_day, "day": each.day}), each.day == found.day)
            for each in found.days
        ],
        parts=[(runtime.translate(language, name), some) for name, some in _by_part(starts, actor.time_zone)],
        later=to(**{"from": found.later_day}) if found.later_day else "",
        first=to() if found.first_day != found.today else "",
    )


def _by_part(starts: Iterable[str], zone: str) -> list[tuple[str, list[tuple[str, datetime]]]]:
    """Return the starts of a day by its parts, as text for the form and as instants."""
    each = [(start, datetime.fromisoformat(start)) for start in starts]
    begins = [0, *(ends for ends, _ in _PARTS)]
    parts = [
        (name, [one for one in each if begin <= to_wall(one[1], zone).hour < end])
        for begin, (end, name) in zip(begins, _PARTS, strict=False)
    ]
    return [(name, some) for name, some in parts if some]
