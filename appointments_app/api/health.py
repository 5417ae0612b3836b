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
    """200 when the database is reachable and migrated, and Redis is reachable where it is used; else 503."""
    database = await runtime.off_the_loop(migrate.state_of, runtime.engine())
    redis = await runtime.off_the_loop(runtime.redis_answers)
    parts = {"database": database}
    if redis is not None:
        parts["redis"] = migrate.READY if redis else "unreachable"
    return JSONResponse(parts, 200 if set(parts.values()) == {migrate.READY} else 503)


HEALTH_ROUTES = [Route("/healthz", alive), Route("/readyz", ready)]
