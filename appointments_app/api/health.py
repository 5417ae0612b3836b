"""Health: alive, and ready to serve."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError
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
    try:
        current = await runtime.off_the_loop(migrate.is_current, runtime.engine())
    except SQLAlchemyError:
        return JSONResponse({"database": "unreachable"}, 503)
    return JSONResponse({"database": "ready" if current else "needs migration"}, 200 if current else 503)


HEALTH_ROUTES = [Route("/healthz", alive), Route("/readyz", ready)]
