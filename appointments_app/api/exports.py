"""The download of an export: written while it is sent, stopped when the browser goes away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from appointments_app import routes, runtime
from appointments_app.api.auth import actor_of, refusal
from appointments_app.domain.access import Actor
from appointments_app.domain.errors import DomainError, NotSignedIn, Unavailable
from appointments_app.domain.words import N_
from appointments_app.features.exports import service
from appointments_app.features.exports.schemas import Wanted, wanted_in
from appointments_app.integrations.spreadsheets import Column, FileType, write
from appointments_app.ui.i18n import RIGHT_TO_LEFT

MOST_AT_ONCE = 6
"""Each export keeps a thread and a connection to the database for as long as it is read."""

PATIENCE = 60.0
"""Seconds in which a reader has to take a piece: whoever stops reading must not keep others out."""

STATUS_OF = {"not_signed_in": 401, "not_allowed": 403, "not_found": 404, "invalid": 422, "unavailable": 503}

log = logging.getLogger(__name__)


async def export(request: Request) -> Response:
    """GET: the file, named and counted in its headers; 401, 403, 422 or 503 with the reason as JSON."""
    try:
        actor = await actor_of(request)
        if actor is None:
            raise NotSignedIn()
        wanted = wanted_in(request.query_params)
        work = _Work(actor, wanted)
        headers = await work.begin()
    except DomainError as error:
        response = refusal(request, error)
        response.status_code = STATUS_OF.get(error.code, 422)
        return response
    return _Download(work, FileType(wanted.file_type.replace("-", "_")).media_type, headers)


class _Work:
    """One export on a thread of its own. Closing it gives back cursor, transaction and thread."""

    running = 0

    def __init__(self, actor: Actor, wanted: Wanted) -> None:
        if _Work.running >= MOST_AT_ONCE:
            raise Unavailable(N_("Several exports are running already. Try again in a moment."))
        _Work.running += 1
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="export")
        self._steps = _steps(actor, wanted)
        self._closed = False

    async def begin(self) -> dict[str, str]:
        """Open the export and return the headers of its answer; raises what it refuses with."""
        try:
            return await self._next()
        except BaseException:
            self.close()
            raise

    async def pieces(self) -> AsyncGenerator[bytes]:
        """Yield the file."""
        while (piece := await self._next()) is not None:
            yield piece

    def close(self) -> None:
        """Stop after the piece that is being made. Returns at once; may be called again."""
        if self._closed:
            return
        self._closed = True
        _Work.running -= 1
        self._thread.submit(self._end)
        self._thread.shutdown(wait=False)

    async def _next(self) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, next, self._steps, None)

    def _end(self) -> None:
        try:
            self._steps.close()
        except Exception:
            log.exception("an export did not end in order")


def _steps(actor: Actor, wanted: Wanted) -> Generator[Any]:
    """Yield the headers, then the file piece by piece."""
    kind = FileType(wanted.file_type.replace("-", "_"))
    with service.opened(runtime.uow(), actor=actor, wanted=wanted) as opened:
        yield {
            "content-disposition": f'attachment; filename="appointments-{opened.day}.{kind.extension}"',
            "x-total-rows": str(opened.total),
            "cache-control": "no-store",
        }
        columns = [Column(field.key, field.title, field.kind) for field in opened.fields]  # type: ignore[arg-type]
        right_to_left = actor.language in RIGHT_TO_LEFT
        yield from write(kind, columns, opened.rows, right_to_left=right_to_left, title=opened.title)


class _Download(StreamingResponse):
    """Ends the work when the file is sent, and when nobody reads it any more."""

    def __init__(self, work: _Work, media_type: str, headers: dict[str, str]) -> None:
        super().__init__(work.pieces(), media_type=media_type, headers=headers)
        self._work = work

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file."""

        async def send_in_time(message: Message) -> None:
            await asyncio.wait_for(send(message), PATIENCE)

        try:
            await super().__call__(scope, receive, send_in_time)
        finally:
            self._work.close()


EXPORT_ROUTES = [Route(routes.EXPORT, export)]
