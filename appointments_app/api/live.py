"""Tells open pages that records changed: server-sent events, from this process or any other on the same database."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from appointments_app import routes, runtime
from appointments_app.api.auth import actor_of
from appointments_app.db.queries import history, reach
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import Actor, Scope
from appointments_app.domain.errors import DomainError, Unavailable

SECONDS = 1.0
REMEMBERED = 3
"""So many looks back a new listener still hears of: a change may come between reading a page and listening."""
HEARTBEAT = 20.0
NAMED = 500
"""More changed records than this are not named one by one: pages read everything again."""

_APPOINTMENT = "appointment:"
log = logging.getLogger(__name__)
_listeners: set[asyncio.Queue[list[str]]] = set()
_lately: deque[list[str] | None] = deque(maxlen=REMEMBERED)


@asynccontextmanager
async def watch() -> AsyncIterator[None]:
    """While the app runs, look once a second whether the audit trail has grown, and tell the listeners."""
    watcher = asyncio.create_task(_watch())
    yield
    watcher.cancel()
    for queue in _listeners:
        queue.put_nowait(["closing"])


async def _watch() -> None:
    told: set[int] | None = None
    while True:
        await asyncio.sleep(SECONDS)
        try:
            told, changed = await runtime.off_the_loop(_changed, runtime.uow(), told)
        except DomainError:
            continue  # the database is away; the next look finds what was missed
        except Exception:
            log.exception("a look for changes failed")
            continue
        _lately.append(changed)
        if changed is not None:
            for queue in _listeners:
                queue.put_nowait(changed)


def _changed(uow: UnitOfWork, told: set[int] | None) -> tuple[set[int], list[str] | None]:
    """Return the changes of late, and the records of those not told before: None for none, [] for too many to name.

    Ids are given out before a change is committed, so a long one may appear behind shorter ones: all recent ids count.
    """
    with uow.read() as tx:
        recent = history.recent_change_ids(tx)
        news = recent - told if told is not None else set()
        if not news:
            return recent, None
        records = history.records_of(tx, news, limit=NAMED + 1)
    return recent, [f"{entity}:{entity_id}" for entity, entity_id in records] if len(records) <= NAMED else []


async def live(request: Request) -> Response:
    """An event stream of ``["appointment:17", …]`` for people who are signed in; 401 for others."""
    actor = await actor_of(request)
    if actor is None:
        return Response(status_code=401)
    return StreamingResponse(
        _stream(actor), media_type="text/event-stream", headers={"cache-control": "no-store", "x-accel-buffering": "no"}
    )


async def _stream(actor: Actor) -> AsyncIterator[str]:
    queue: asyncio.Queue[list[str]] = asyncio.Queue()
    for changed in _lately:
        if changed is not None:
            queue.put_nowait(changed)
    _listeners.add(queue)
    try:
        yield "retry: 2000\n\n"
        while True:
            try:
                changed = await asyncio.wait_for(queue.get(), HEARTBEAT)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if changed == ["closing"]:
                return
            told = await _within_reach(actor, changed)
            if told is not None:
                yield f"data: {json.dumps(told)}\n\n"
    finally:
        _listeners.discard(queue)


async def _within_reach(actor: Actor, changed: list[str]) -> list[str] | None:
    """Return what of a change this person may hear of, None for nothing; what was taken from them is told too."""
    if actor.scope is Scope.ALL or not changed:
        return changed
    try:
        told = await runtime.off_the_loop(_told_to, runtime.uow(), actor, changed)
    except Unavailable:
        return []  # the page reads everything again, once it can
    return told or None


def _told_to(uow: UnitOfWork, actor: Actor, changed: list[str]) -> list[str]:
    ids = [int(record.removeprefix(_APPOINTMENT)) for record in changed if record.startswith(_APPOINTMENT)]
    with uow.read() as tx:
        reached = reach.reached(tx, actor, ids, or_once=True)
    return [
        record
        for record in changed
        if not record.startswith(_APPOINTMENT) or int(record.removeprefix(_APPOINTMENT)) in reached
    ]


LIVE_ROUTES = [Route(routes.LIVE, live)]
