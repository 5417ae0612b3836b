"""Confirm by link: GET shows, POST confirms. Opening, prefetching and scanning change nothing."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from appointments_app import runtime
from appointments_app.api.portal.pages import Visitor, page, render
from appointments_app.features.portal import service
from appointments_app.features.portal.service import LinkPage, Standing

_GONE = {Standing.BROKEN: 404, Standing.WITHDRAWN: 410, Standing.EXPIRED: 410}


@page
async def show(request: Request, visitor: Visitor) -> Response:
    """GET: what the link is for, and the button."""
    token = request.path_params["token"]
    return _answer(request, await runtime.off_the_loop(service.open_link, runtime.uow(), token=token))


@page
async def confirm(request: Request, visitor: Visitor) -> Response:
    """POST: confirm; harmless when it is confirmed already."""
    token = request.path_params["token"]
    return _answer(request, await runtime.off_the_loop(service.confirm_by_link, runtime.uow(), token=token))


def _answer(request: Request, found: LinkPage) -> Response:
    return render(
        request,
        Visitor(found.business),
        "confirm.html",
        status=_GONE.get(found.standing, 200),
        speaks=found.language,
        zone=found.time_zone if found.start_at else "",
        page=found,
    )
