"""Tells open pages that records changed: server-sent events, from this process or any other on the same database."""

from __future__ import annotations

import asyncio
import json
import logging
import time
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
from appointments_app.domain.sign_in import hash_of
from appointments_app.features.session.gate import COOKIE, known_actor

SECONDS = 1.0
REMEMBERED = 3
"""So many looks back a new listener still hears of: a change may come between reading a page and listening."""
HEARTBEAT = 20.0
PATIENCE = 10.0
"""Seconds after which a change is told only to who may still hear of it."""

NAMED = 500
"""More changed records than this are not named one by one: pages read everything again."""

EVERYBODYS = frozenset({"action", "staff", "business", "closed_day", "role"})
"""Records that everybody who is signed in may hear of, whatever their permissions reach."""

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
    session = hash_of(request.cookies.get(COOKIE, ""))
    return StreamingResponse(
        _stream(actor, session),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _stream(actor: Actor, session: str) -> AsyncIterator[str]:
    queue: asyncio.Queue[list[str]] = asyncio.Queue()
    for changed in _lately:
        if changed is not None:
            queue.put_nowait(changed)
    _listeners.add(queue)
    try:
        yield "retry: 2000\n\n"
        asked_at = time.monotonic()
        while True:
            try:
                changed = await asyncio.wait_for(queue.get(), HEARTBEAT)
            except TimeoutError:
                changed = None
            if changed == ["closing"]:
                return
            if time.monotonic() - asked_at > PATIENCE:
                known, asked_at = await _present(session, actor), time.monotonic()
                if known is None:  # signed out, or suspended
                    return
                actor = known
            if changed is None:
                yield ": still here\n\n"
                continue
            told = await _within_reach(actor, changed)
            if told is not None:
                yield f"data: {json.dumps(told)}\n\n"
    finally:
        _listeners.discard(queue)


async def _present(session: str, before: Actor) -> Actor | None:
    """Return who holds the sign-in now, with what they may see now; while the database is away, who held it."""
    try:
        return await runtime.off_the_loop(known_actor, session)
    except Unavailable:
        return before


async def _within_reach(actor: Actor, changed: list[str]) -> list[str] | None:
    """Return what of a change this person may hear of, None for nothing; what was taken from them is told too."""
    if not changed or (actor.scope is Scope.ALL and reach.knows_all_clients(actor)):
        return changed
    try:
        told = await runtime.off_the_loop(_told_to, runtime.uow(), actor, changed)
    except Unavailable:
        return []  # the page reads everything again, once it can
    return told or None


def _told_to(uow: UnitOfWork, actor: Actor, changed: list[str]) -> list[str]:
    parts = [(record, *record.split(":", 1)) for record in changed]
    ids = {kind: [int(number) for _, each, number in parts if each == kind] for kind in ("appointment", "client")}
    with uow.read() as tx:
        known = {
            "appointment": reach.reached(tx, actor, ids["appointment"], or_once=True),
            "client": reach.reached_clients(tx, actor, ids["client"]),
        }
    return [record for record, kind, number in parts if kind in EVERYBODYS or int(number) in known.get(kind, ())]


LIVE_ROUTES = [Route(routes.LIVE, live)]
