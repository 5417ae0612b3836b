"""PostgreSQL stops while somebody books: a clear message, the form kept, and everything works when it is back."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from appointments_app.db.engine import engine_for
from appointments_app.db.unit_of_work import UnitOfWork
from tests.browser.conftest import EMAIL, Desk, open_business, sign_in
from tests.browser.form import CLIENTS_LIST, keep, open_form, save, save_again, type_time
from tests.conftest import browser_settings
from tests.services import databases, postgres
from tests.services.machine import free_port
from tests.services.server import running


class Database:
    """A PostgreSQL that can be stopped and comes back as it was."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port, self._running = folder, free_port(), ExitStack()

    def start(self) -> str:
        """Start it; return its address."""
        return self._running.enter_context(postgres.running(self._folder, self._port))

    def stop(self) -> None:
        """Stop it; whoever is connected is cut off."""
        self._running.close()


@pytest.fixture
def database() -> Iterator[Database]:
    """A database server of the test's own, in a folder that its unprivileged user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="appointments-postgres-"))
    database = Database(folder)
    yield database
    database.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def desk(built_frontend: Path, database: Database, tmp_path: Path) -> Iterator[Desk]:
    """Ada's business on that server."""
    url = database.start()
    databases.migrate(url)
    open_business(url)
    engine = engine_for(url)
    uow = UnitOfWork(engine)
    with running(url, tmp_path) as server:
        yield Desk(server, engine, uow, sign_in(uow, EMAIL))
    engine.dispose()


@pytest.fixture
def context(browser: Browser, desk: Desk) -> Iterator[BrowserContext]:
    """A browser profile that is used there."""
    profile = browser.new_context(**browser_settings(desk.url))
    profile.set_default_timeout(15_000)
    yield profile
    profile.close()


def test_a_database_that_is_gone_is_said_and_the_form_kept_until_it_is_back(
    ada: Page, desk: Desk, database: Database, cleo: str
) -> None:
    open_form(ada, f"/appointments/new?client={cleo}&action=1")
    type_time(ada, "1010")
    ada.get_by_label("Notes").fill("must not be lost")
    keep(ada)
    database.stop()
    save(ada)
    expect(ada.get_by_text("The database does not answer.").first).to_be_visible(timeout=30_000)
    expect(ada.get_by_label("Notes")).to_have_value("must not be lost")
    assert _status(desk, "readyz") == 503
    assert _status(desk, "healthz") == 200
    database.start()
    save_again(ada)
    ada.wait_for_url(CLIENTS_LIST)
    assert desk.booked_for(cleo) == 1
    assert desk.booking_of(cleo).notes == "must not be lost"
    assert _status(desk, "readyz") == 200


def _status(desk: Desk, path: str) -> int:
    return httpx.get(f"{desk.url}/{path}", trust_env=False, timeout=20).status_code
