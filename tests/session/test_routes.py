"""The routes that set the cookie: what they answer, and whom they refuse."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from appointments_app import routes, runtime
from appointments_app.api.auth import AUTH_ROUTES, _safe
from appointments_app.api.security import Security
from appointments_app.domain import passwords
from appointments_app.features.session import service
from appointments_app.settings import Settings
from tests.session.desk import PASSWORD, Desk

HOST = "http://desk.example"
ADA = {"email": "ada@example.com", "password": PASSWORD}


@pytest_asyncio.fixture
async def client(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without pages."""
    monkeypatch.setattr(runtime, "uow", lambda: desk.uow)
    transport = httpx.ASGITransport(app=Security(Starlette(routes=AUTH_ROUTES), pages=tmp_path, is_https=False))
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        yield client


async def test_signing_in_sets_a_cookie_that_scripts_cannot_read(client: httpx.AsyncClient, desk: Desk):
    answer = await client.post(routes.SIGN_IN_POST, data={**ADA, "next": "/staff?show=inactive"})
    assert answer.json() == {"next": "/staff?show=inactive"}
    cookie = next(each for each in answer.headers.get_list("set-cookie") if each.startswith("sid="))
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    assert desk.actor(answer.cookies["sid"])


async def test_a_refusal_sets_no_cookie_and_speaks_the_browsers_language(client: httpx.AsyncClient):
    answer = await client.post(routes.SIGN_IN_POST, data={**ADA, "password": "wrong"})
    assert answer.status_code == 422 and answer.json()["error"] == "E-mail or password is wrong."
    assert "sid" not in answer.cookies
    in_arabic = {"accept-language": "ar-EG,ar;q=0.9"}
    first = await client.post(routes.SIGN_IN_POST, data={**ADA, "password": "wrong"}, headers=in_arabic)
    assert first.json()["error"] == runtime.translate("ar", "E-mail or password is wrong.") != answer.json()["error"]
    client.cookies.set("lang", "ar")
    arabic = (await client.post(routes.SIGN_IN_POST, data={**ADA, "password": "wrong"})).json()
    assert arabic["code"] == "invalid" and arabic["error"] == first.json()["error"]
    client.cookies.set("lang", "en")
    chosen = await client.post(routes.SIGN_IN_POST, data={**ADA, "password": "wrong"}, headers=in_arabic)
    assert chosen.json()["error"] == answer.json()["error"]


async def test_too_many_attempts_are_answered_with_429(client: httpx.AsyncClient):
    for _ in range(5):
        await client.post(routes.SIGN_IN_POST, data={**ADA, "password": "wrong"})
    answer = await client.post(routes.SIGN_IN_POST, data=ADA)
    assert answer.status_code == 429 and answer.json()["code"] == "too_many_attempts"


@pytest.mark.parametrize(("proxies", "answer"), [(0, 429), (1, 422)])
async def test_an_address_that_the_client_makes_up_buys_no_attempts(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, proxies: int, answer: int
):
    monkeypatch.setattr(runtime, "settings", lambda: Settings(trusted_proxies=proxies))
    for n in range(20):
        form = {"email": f"nobody{n}@example.com", "password": "wrong"}
        await client.post(routes.SIGN_IN_POST, data=form, headers={"x-forwarded-for": "203.0.113.7"})
    wrong = {**ADA, "password": "wrong"}
    elsewhere = await client.post(routes.SIGN_IN_POST, data=wrong, headers={"x-forwarded-for": "203.0.113.8"})
    assert elsewhere.status_code == answer
    spoofed = {"x-forwarded-for": "203.0.113.9, 203.0.113.7"}
    assert (await client.post(routes.SIGN_IN_POST, data=wrong, headers=spoofed)).status_code == 429


async def test_a_crowd_of_guesses_holds_up_nobody_else(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch):
    is_over = threading.Event()
    monkeypatch.setattr(passwords, "verify", lambda *_: is_over.wait(30) and False)
    guesses = [asyncio.create_task(client.post(routes.SIGN_IN_POST, data=ADA)) for _ in range(20)]
    try:
        await asyncio.sleep(0.1)
        answer = await asyncio.wait_for(client.post(routes.FORGOT_POST, data={"email": "nobody@example.com"}), 10)
        assert answer.status_code == 200 and not any(guess.done() for guess in guesses)
    finally:
        is_over.set()
        await asyncio.gather(*guesses)


async def test_the_log_of_requests_holds_no_tokens(client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG, logger="appointments_app.api.security"):
        for path in (routes.CONFIRM, routes.PORTAL_ENTER, routes.UNSUBSCRIBE, routes.INCOMING_SMS):
            await client.get(f"{path}/tOkEn?q=Mona")
    logged = [record.fields["path"] for record in caplog.records if record.name == "appointments_app.api.security"]
    assert logged == ["/c/…", "/portal/enter/…", "/unsubscribe/…", "/api/sms/…"]


async def test_a_form_that_is_too_long_is_refused_whether_it_says_so_or_not(client: httpx.AsyncClient):
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b"x" * 1024

    form = {"content-type": "application/x-www-form-urlencoded"}
    for body in (b"x" * 70_000, pieces()):
        assert (await client.post(routes.SIGN_IN_POST, content=body, headers=form)).status_code == 413
    for path in (f"{routes.UNSUBSCRIBE}/x", f"{routes.INCOMING_SMS}/x/incoming"):  # which anybody may call
        assert (await client.post(path, content=b"x" * 70_000, headers=form)).status_code == 413
    assert (await client.post(routes.SIGN_IN_POST, data={**ADA, "more": "x" * 60_000})).status_code == 200


async def test_an_owner_is_signed_in_even_when_the_sample_data_cannot_be_added(
    client: httpx.AsyncClient, empty_desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken() -> None:
        raise RuntimeError("no room")

    with empty_desk.uow.begin() as tx:
        for table in ("change_line", "change", "staff", "business"):
            tx.connection().exec_driver_sql(f"DELETE FROM {table}")
    monkeypatch.setattr(runtime, "add_sample_data", broken)
    form = {"name": "Ada", "business": "Clinic", "time_zone": "UTC", "language": "en", "region": "EG", "sample": "1"}
    with caplog.at_level(logging.ERROR):
        answer = await client.post(
            routes.SET_UP_POST, data={**ADA, **form, "token": service.new_setup_token(empty_desk.uow)}
        )
    assert answer.status_code == 200 and empty_desk.actor(answer.cookies["sid"])
    assert [record.message for record in caplog.records] == ["the sample data could not be added"]


@pytest.mark.parametrize("path", [routes.SIGN_IN_POST, routes.SIGN_OUT_POST, routes.SET_UP_POST, routes.LANGUAGE_POST])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://desk.example.evil.example", HOST + ":8080"])
async def test_a_post_from_another_site_is_refused(client: httpx.AsyncClient, path: str, origin: str):
    answer = await client.post(path, data=ADA, headers={"origin": origin})
    assert answer.status_code == 403 and "set-cookie" not in answer.headers


async def test_a_post_from_our_own_pages_is_not(client: httpx.AsyncClient):
    assert (await client.post(routes.SIGN_IN_POST, data=ADA, headers={"origin": HOST})).status_code == 200


async def test_a_get_never_signs_anybody_out(client: httpx.AsyncClient, desk: Desk):
    token = (await client.post(routes.SIGN_IN_POST, data=ADA)).cookies["sid"]
    assert (await client.get(routes.SIGN_OUT_POST)).status_code == 405
    assert desk.actor(token)
    await client.post(routes.SIGN_OUT_POST)
    assert desk.actor(token) is None


async def test_everywhere_ends_the_other_browsers_too(client: httpx.AsyncClient, desk: Desk):
    other, _ = desk.sign_in("ada@example.com")
    await client.post(routes.SIGN_IN_POST, data=ADA)
    await client.post(routes.SIGN_OUT_POST, data={"everywhere": "1"})
    assert desk.actor(other) is None


async def test_the_language_is_kept_in_the_browser_and_with_the_account(client: httpx.AsyncClient, desk: Desk):
    assert (await client.post(routes.LANGUAGE_POST, data={"language": "tlh"})).status_code == 400
    token = (await client.post(routes.SIGN_IN_POST, data=ADA)).cookies["sid"]
    answer = await client.post(routes.LANGUAGE_POST, data={"language": "ar", "next": "/account"})
    assert answer.json() == {"next": "/account"} and answer.cookies["lang"] == "ar"
    actor = desk.actor(token)
    assert actor and actor.language == "ar"
    assert (await client.post(routes.LANGUAGE_POST, data={"language": "tlh"})).status_code == 422


async def test_every_answer_carries_the_security_headers_and_a_request_id(client: httpx.AsyncClient):
    headers = (await client.post(routes.SIGN_IN_POST, data=ADA)).headers
    assert headers["x-frame-options"] == "DENY" and headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert len(headers["x-request-id"]) == 16


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/staff", "/staff"),
        ("/appointments?q=a&tab=done", "/appointments?q=a&tab=done"),
        ("", routes.APPOINTMENTS),
        ("https://evil.example", routes.APPOINTMENTS),
        ("//evil.example", routes.APPOINTMENTS),
        ("/\\evil.example", routes.APPOINTMENTS),
        ("javascript:alert(1)", routes.APPOINTMENTS),
        ("/\t/evil.example", routes.APPOINTMENTS),
        ("/\n/evil.example", routes.APPOINTMENTS),
        ("http:evil.example", routes.APPOINTMENTS),
        ("evil", routes.APPOINTMENTS),
        ("//[", routes.APPOINTMENTS),
        ("/\t/[", routes.APPOINTMENTS),
    ],
)
def test_nobody_is_sent_to_another_site(asked: str, given: str):
    assert _safe(asked) == given
