"""What comes in and goes out over the routes of imports."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from starlette.applications import Starlette

from appointments_app import routes
from appointments_app.api import imports as api
from appointments_app.api.imports import IMPORT_ROUTES
from appointments_app.api.security import Security
from appointments_app.features.imports import service
from tests.imports.conftest import Mover

CSV = b"Name;E-mail;Phone\r\nCleo;cleo@example.com;\r\nDina;nowhere;\r\n=1+1;;12\r\n"
FETCH = {"x-requested-with": "fetch"}


class Browser:
    """Talks to the routes with the cookie of one sign-in."""

    def __init__(self, token: str, folder: Path) -> None:
        self._cookies = {"sid": token} if token else {}
        self._app = Security(Starlette(routes=IMPORT_ROUTES), pages=folder, is_https=False)

    def ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        """Return the answer."""
        return asyncio.run(self._ask(method, address, more))

    async def _ask(self, method: str, address: str, more: dict[str, Any]) -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self._app), base_url="http://test", cookies=self._cookies
        ) as client:
            return await client.request(method, address, **more)

    def upload(self, content: bytes, kind: str = "clients", headers: dict[str, str] | None = None) -> httpx.Response:
        """Send a file."""
        address = f"{routes.IMPORT}?kind={kind}&name=some%20file.csv"
        return self.ask("POST", address, content=content, headers=FETCH if headers is None else headers)


@pytest.fixture
def browser(mover: Mover, tmp_path: Path) -> Browser:
    """What Ada's browser can do."""
    return Browser(mover.token, tmp_path)


def test_a_file_comes_in_and_its_refused_rows_go_out_as_they_were(mover: Mover, browser: Browser):
    run = browser.upload(CSV).json()["id"]
    assert mover.view(run).file_name == "some file.csv"
    mover.carry_out(run)
    answer = browser.ask("GET", f"{routes.IMPORT}/{run}/refused")
    assert answer.headers["content-disposition"] == f'attachment; filename="refused-{run}-some-file.csv"'
    head, first, second = answer.content.decode("utf-8-sig").splitlines()
    assert head == "Name;E-mail;Phone;Why it was not imported"
    assert first == "Dina;nowhere;;E-mail: This is not an e-mail address."
    assert second == "'=1+1;;12;Phone: This is not a phone number."


def test_what_was_refused_can_be_corrected_and_brought_again(mover: Mover, browser: Browser):
    run = browser.upload(CSV).json()["id"]
    mover.carry_out(run)
    corrected = browser.ask("GET", f"{routes.IMPORT}/{run}/refused").content
    corrected = corrected.replace(b"nowhere", b"dina@example.com").replace(b";12;", b";01001234567;")
    again = browser.upload(corrected).json()["id"]
    assert mover.carry_out(again) == service.Result(created=2)
    assert [one.name for one in mover.clients()] == ["Cleo", "Dina", "=1+1"]


@pytest.mark.parametrize("kind", ["clients", "appointments"])
def test_a_template_is_filled_in_and_understood(mover: Mover, browser: Browser, kind: str):
    for ending in ("csv", "xlsx"):
        answer = browser.ask("GET", f"{routes.IMPORT}/template/{kind}.{ending}")
        assert answer.status_code == 200
        run = mover.upload(f"template.{ending}", answer.content, kind)
        assert all(column.field for column in mover.view(run).columns)
        assert mover.check(run).created == 1
    if kind == "clients":
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        assert book.active["A1"].value == "Name"


def test_strangers_staff_and_other_sites_are_refused(mover: Mover, browser: Browser, tmp_path: Path):
    mover.desk.hire("ben@example.com")
    ben, _ = mover.desk.sign_in("ben@example.com")
    run = browser.upload(CSV).json()["id"]
    addresses = (f"{routes.IMPORT}/{run}/refused", f"{routes.IMPORT}/template/clients.csv")
    for token, status in (("", 401), (ben, 403)):
        other = Browser(token, tmp_path)
        assert other.upload(CSV).status_code == status
        assert [other.ask("GET", address).status_code for address in addresses] == [status, status]
    assert browser.upload(CSV, headers={}).status_code == 403, "a form can't send that header"
    assert browser.upload(CSV, headers={**FETCH, "origin": "http://evil.example"}).status_code == 403
    assert len(service.list_runs(mover.desk.uow, actor=mover.ada)) == 1


def test_what_can_not_be_is_refused_in_the_readers_language(
    mover: Mover, browser: Browser, monkeypatch: pytest.MonkeyPatch
):
    answer = browser.upload(b"MZ\x90\x00", headers={**FETCH, "accept-language": "ar"})
    assert answer.status_code == 422 and "جدول" in answer.json()["error"]
    assert browser.upload(CSV, kind="staff").status_code == 422
    assert browser.ask("GET", f"{routes.IMPORT}/999/refused").status_code == 404
    assert browser.ask("GET", f"{routes.IMPORT}/template/staff.csv").status_code == 422
    assert browser.ask("GET", f"{routes.IMPORT}/template/clients.exe").status_code == 404
    monkeypatch.setattr(api.service, "LARGEST", 10)
    assert browser.upload(CSV).json()["error"] == "The file is larger than 60 MB. Split it into smaller ones."
