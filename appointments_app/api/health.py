"""Health: alive, and ready to serve."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from appointments_app import runtime
from appointments_app.db import migrate


async def alive(_request: Request) -> Response:
    """200 as long as the process answers."""
    return PlainTextResponse("ok")


async def ready(_request: Request) -> Response:
    """200 when the database is reachable and migrated, else 503."""
    state = await runtime.off_the_loop(migrate.state_of, runtime.engine())
    return JSONResponse({"database": state}, 200 if state == migrate.READY else 503)


HEALTH_ROUTES = [Route("/healthz", alive), Route("/readyz", ready)]
