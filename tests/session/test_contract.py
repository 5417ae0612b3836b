"""The contract: every handler and every route, called as everybody, does what the one table of it says and no more."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from itertools import product

import httpx
import pytest
import pytest_asyncio
import reflex as rx
from reflex.event import Event
from reflex.istate.data import RouterData
from reflex.istate.manager.memory import StateManagerMemory
from starlette.routing import Route

from appointments_app import routes as routing
from appointments_app import runtime
from appointments_app.api.security import Security
from appointments_app.appointments_app import API, app
from appointments_app.db.engine import engine_for
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import NotAllowed
from appointments_app.features.session.gate import Gate, sealed
from tests.session.calls import QUERY, addresses, foreign_arguments
from tests.session.contract import CLIENT, PUBLIC, ROUTES, SIGNED_IN, Handler, handlers, routes, table
from tests.session.stage import Tab, open_tab
from tests.session.world import FOREIGN, HIDDEN, PERSONS, SECRET, STRANGERS, World

HANDLERS = handlers()
MALFORMED = ("abc", -1, 2**70, None, True, [], {"a": {"b": 1}}, "\x00\ud800", 1.5)


@pytest.fixture
def world(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The business of the contract."""
    engine = engine_for(sqlite_url)
    world = World(engine)
    monkeypatch.setattr(runtime, "uow", lambda: world.desk.uow)
    monkeypatch.setattr(runtime, "engine", lambda: engine)
    yield world
    engine.dispose()


@pytest_asyncio.fixture
async def tab(world: World) -> AsyncIterator[Tab]:
    """A tab whose cookie a test chooses."""
    async with open_tab() as tab:
        yield tab


def test_every_handler_stands_in_the_table_with_the_rule_it_declares():
    known = table()
    for each in HANDLERS:
        assert each.name in known, (
            f"{each.name} can be called by any browser and is not in the contract. If '{each.rule}' is who may call it,"
            f" python -m tests.session.contract adds the line '{each.name} {each.rule}' to tests/session/handlers.txt"
        )
        assert each.rule == known[each.name], f"{each.name} declares {each.rule}, the contract says {known[each.name]}"
    gone = sorted(set(known) - {each.name for each in HANDLERS})
    assert not gone, f"no such handlers any more; take them out of tests/session/handlers.txt: {gone}"


def test_every_rule_of_the_table_is_one():
    assert {each.rule for each in HANDLERS} <= {PUBLIC, *Permission}
    assert set(ROUTES.values()) <= {PUBLIC, SIGNED_IN, CLIENT, *Permission}


def test_every_route_stands_in_the_table():
    found = {name for name, _ in routes()}
    new = sorted(found - set(ROUTES))
    assert not new, f"add these to ROUTES in tests/session/contract.py, with who may call them: {new}"
    assert sorted(set(ROUTES) - found) == []


@pytest.mark.parametrize("person", PERSONS)
async def test_the_gate_lets_everybody_through_to_what_the_table_says(world: World, person: str):
    cookie = sealed(f"sid={world.tokens[person]}") if world.tokens[person] else ""
    let_through, sent_away = set(), set()
    with app.set_contexts():
        states = StateManagerMemory()
        root = await states.get_state(rx.BaseStateToken(ident=person, cls=rx.State))
        root.router = RouterData.from_router_data({"pathname": "/", "headers": {"cookie": cookie}})
        for each in HANDLERS:
            try:
                answer = await Gate().preprocess(app, root, Event(name=each.full_name))
            except NotAllowed:
                sent_away.add(each.name)
                continue
            (let_through if answer is None else sent_away).add(each.name)
            assert answer is None or "/sign-in" in str(answer.events), f"{each.name}: {person} is sent nowhere"
    allowed = {name for name, rule in table().items() if world.may(person, rule)}
    assert let_through == allowed and sent_away == set(table()) - allowed
    assert person not in STRANGERS or let_through == {name for name, rule in table().items() if rule == PUBLIC}


@pytest.mark.parametrize("person", ["signed out", "suspended", "read-only", "staff"])
async def test_nobody_reads_or_changes_by_an_event_what_is_not_theirs(
    world: World, tab: Tab, person: str, caplog: pytest.LogCaptureFixture
):
    tab.cookie, before, foreign = world.tokens[person], world.everything(), world.foreign()
    with caplog.at_level(logging.ERROR):
        for each in HANDLERS:
            if _is_own_account(each):
                continue
            for address, given in product(addresses(each, person), foreign_arguments(each)):
                heard = await _told(tab, each, QUERY, given, address)
                learnt = HIDDEN in heard or (SECRET in heard and person != "read-only")
                assert not learnt, f"{person} learns by {each.name} {given} at {address} what is not theirs"
            assert world.foreign() == foreign, f"{person} changes by {each.name} what is not theirs"
    assert person == "staff" or world.everything() == before
    assert [_named(record) for record in caplog.records] == []


async def test_arguments_of_any_kind_end_in_a_message_and_not_in_a_bug(
    world: World, tab: Tab, caplog: pytest.LogCaptureFixture
):
    tab.cookie = world.tokens["owner"]
    wrong = []
    for each, value in product(HANDLERS, MALFORMED):
        if each.arguments:
            caplog.clear()
            with caplog.at_level(logging.ERROR):
                await _told(tab, each, {}, dict.fromkeys(each.arguments, value))
            wrong += [
                f"{each.name}({value!r}): {record.exc_info and record.exc_info[1]!r}" for record in caplog.records
            ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("person", PERSONS)
async def test_every_route_answers_everybody_as_the_table_says(world: World, person: str, tmp_path):
    async with _browser(world, person, tmp_path) as browser:
        for name, route in sorted(routes(), key=lambda each: ("sign-out" in each[0], each[0])):
            method, path = name.split()[0], _filled(route)
            endless = route.path == routing.LIVE
            status = (
                await _first_status(browser, path) if endless else (await browser.request(method, path)).status_code
            )
            rule = ROUTES[name]
            if rule == PUBLIC:
                assert status not in (401, 403, 500), f"{name} as {person}: {status}"
            elif rule == CLIENT:
                assert status in (303, 401), f"{name} as {person}: {status}"
            elif person in STRANGERS:
                assert status == 401, f"{name} as {person}: {status}"
            else:
                assert (status == 403) is not world.may(person, rule), f"{name} as {person}: {status}"
                assert status < 500, f"{name} as {person}: {status}"


async def test_a_foreign_id_a_missing_and_a_malformed_one_look_alike(world: World, tmp_path):
    async with _browser(world, "staff", tmp_path) as browser:
        for name, route in routes():
            rule = ROUTES[name]
            if name.startswith("GET") and "{" in name and rule not in (PUBLIC, CLIENT) and world.may("staff", rule):
                answers = [await browser.get(_filled(route, each)) for each in (FOREIGN, 999, 2**40)]
                assert {answer.status_code for answer in answers} == {404}
                assert len({answer.text for answer in answers}) == 1 and SECRET not in answers[0].text
                for malformed in ("abc", "-1", "1.5", "%00", "..%2f77"):
                    assert (await browser.get(_filled(route, malformed))).status_code == 404


async def test_a_download_holds_nothing_that_is_not_theirs(world: World, tmp_path):
    async with _browser(world, "receptionist", tmp_path) as browser:
        assert SECRET in (await browser.get("/api/export?type=csv-comma&fields=client,notes")).text
    world.narrow("receptionist")
    async with _browser(world, "receptionist", tmp_path) as browser:
        answer = await browser.get("/api/export?type=csv-comma&fields=client,notes")
        assert answer.status_code == 200 and SECRET not in answer.text
        ids = await browser.get(f"/api/export?type=csv-comma&fields=client,notes&ids={FOREIGN}")
        assert SECRET not in ids.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_what_changes_something_is_only_ever_done_by_post(world: World, tmp_path, method: str):
    before = world.everything()
    async with _browser(world, "owner", tmp_path) as browser:
        for name, route in routes():
            reads = name.replace("POST", "GET", 1) in ROUTES and method in ("GET", "HEAD")
            if name.startswith("POST") and not reads:
                assert (await browser.request(method, _filled(route))).status_code == 405, name
    assert world.everything() == before and world.desk.actor(world.tokens["owner"])


@pytest.mark.parametrize(
    "headers",
    [{"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
    ids=["another origin", "no origin of its own", "without saying which"],
)
async def test_a_form_of_another_site_changes_nothing(world: World, tmp_path, headers: dict[str, str]):
    before = world.everything()
    async with _browser(world, "owner", tmp_path) as browser:
        for name, route in routes():
            if name.startswith("POST"):
                answer = await browser.post(
                    _filled(route), headers=headers, data={"name": "x", "email": "x@example.com"}
                )
                assert answer.status_code == 403 and "set-cookie" not in answer.headers, name
    assert world.everything() == before and world.desk.actor(world.tokens["owner"])


async def _told(
    tab: Tab, each: Handler, query: dict[str, str], given: dict[str, object], address: str = "/appointments/77"
) -> str:
    """Send an event from a page; return what comes back. What a handler raises is in the log."""
    with suppress(Exception):
        return await tab.send(each.full_name, address, query=query, **given)
    return str(tab.heard)


def _named(record: logging.LogRecord) -> str:
    """Return what a handler raised, and where."""
    error = record.exc_info[1] if record.exc_info else None
    places = [(frame.name, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)] if error else []
    return f"{error!r} in {places[-1:]}"


def _is_own_account(each: Handler) -> bool:
    """One's own account is one's own to change; its tests stand in tests/account and tests/session."""
    return each.name.startswith(("AccountPage.", "OwnBrowsers.", "OwnSecondStep."))


def _filled(route: Route, value: object = FOREIGN) -> str:
    head, _, tail = route.path.partition("{")
    return f"{head}{value}{tail.partition('}')[2]}" if tail else route.path


def _browser(world: World, person: str, tmp_path) -> httpx.AsyncClient:
    """Return a browser without pages in which somebody is signed in."""
    transport = httpx.ASGITransport(app=Security(API, pages=tmp_path, is_https=False), raise_app_exceptions=False)
    token = world.tokens[person]
    return httpx.AsyncClient(
        transport=transport,
        base_url="http://desk.example",
        cookies={"sid": token} if token else {},
        headers={"x-requested-with": "fetch"},
    )


async def _first_status(browser: httpx.AsyncClient, path: str) -> int:
    """Return how a stream that does not end is answered."""
    answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def send(message: dict) -> None:
        if message["type"] == "http.response.start" and not answered.done():
            answered.set_result(message["status"])

    async def receive() -> dict:
        await answered
        return {"type": "http.disconnect"}

    request = browser.build_request("GET", path)
    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": b"", "root_path": "", "scheme": "http",
        "headers": [(name.lower(), value) for name, value in request.headers.raw], "http_version": "1.1",
    }  # fmt: skip
    async with asyncio.timeout(10):
        await browser._transport.app(scope, receive, send)  # type: ignore[attr-defined]
    return answered.result()
