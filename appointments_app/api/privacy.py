"""Everything that is held about one client, as a file."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appointments_app import routes, runtime
from appointments_app.api.auth import actor_of, refusal
from appointments_app.api.exports import STATUS_OF
from appointments_app.domain.errors import DomainError, NotSignedIn
from appointments_app.features.privacy import service


async def client_data(request: Request) -> Response:
    """POST, for it is noted in the history: the file as JSON; 401, 403 or 404 with the reason."""
    try:
        actor = await actor_of(request)
        if actor is None:
            raise NotSignedIn()
        file = await runtime.off_the_loop(
            service.data_file, runtime.uow(), actor=actor, client_id=request.path_params["client_id"]
        )
    except DomainError as error:
        response: Response = refusal(request, error)
        response.status_code = STATUS_OF.get(error.code, 422)
        return response
    headers = {"content-disposition": f'attachment; filename="{file.name}"', "cache-control": "no-store"}
    return Response(file.content, media_type="application/json", headers=headers)


PRIVACY_ROUTES = [Route(f"{routes.CLIENT_DATA}/{{client_id:int}}/data", client_data, methods=["POST"])]
