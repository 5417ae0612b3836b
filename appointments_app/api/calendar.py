"""The .ics file of an appointment, or of the series it belongs to."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appointments_app import routes, runtime
from appointments_app.api.auth import actor_of, refusal
from appointments_app.api.exports import STATUS_OF
from appointments_app.domain.access import Actor
from appointments_app.domain.errors import DomainError, NotSignedIn
from appointments_app.features.appointments import service


async def calendar(request: Request) -> Response:
    """GET: text/calendar; 401, 403 or 404 with the reason as JSON."""
    try:
        actor = await actor_of(request)
        if actor is None:
            raise NotSignedIn()
        file = await runtime.off_the_loop(_file, actor, request.path_params["appointment_id"])
    except DomainError as error:
        response: Response = refusal(request, error)
        response.status_code = STATUS_OF.get(error.code, 422)
        return response
    headers = {"content-disposition": 'attachment; filename="appointment.ics"', "cache-control": "no-store"}
    return Response(file, media_type="text/calendar", headers=headers)


def _file(actor: Actor, appointment_id: int) -> bytes:
    return runtime.calendar_file(service.calendar_event(runtime.uow(), actor=actor, appointment_id=appointment_id))


CALENDAR_ROUTES = [Route(f"{routes.CALENDAR}/{{appointment_id:int}}.ics", calendar)]
