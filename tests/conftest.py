"""What tests may ask for: databases, the built site, a running server, a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import Engine

from appointments_app import build
from appointments_app.db.engine import engine_for
from tests.services import browser as browsers
from tests.services import databases, postgres, screens, server

ENGINES = ("sqlite", "postgresql")
IN_BROWSER = {"browser", "context", "page"}
LONG = ("tests/browser/", "tests/packaging/")


def pytest_configure(config: pytest.Config) -> None:
    """Forget the developer's own settings, and compile the message catalogs."""
    for name in [name for name in os.environ if name.startswith("APPOINTMENTS_")]:
        del os.environ[name]
    os.environ["APPOINTMENTS_DATABASE_URL"] = "sqlite:///:memory:"
    build.compile_catalogs()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long, so that all workers end at the same time; a file's browser tests come last.

    Playwright's event loop leaves no room for another in its thread: the browser is closed before a test without one.
    """
    for item in items:
        if IN_BROWSER & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
    places = {item.nodeid.partition("::")[0]: None for item in items}
    order = sorted(places, key=lambda place: not place.startswith(LONG))
    items.sort(
        key=lambda item: (order.index(item.nodeid.partition("::")[0]), item.get_closest_marker("browser") is not None)
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Close the browser before a test without one."""
    if item.get_closest_marker("browser") is None:
        browsers.KEPT.close()


def pytest_sessionfinish() -> None:
    """Close the browser."""
    browsers.KEPT.close()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run that all its workers share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a running PostgreSQL server's own database, with the right to make others."""
    with postgres.running() as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(shared_folder: Path) -> Path:
    """A migrated SQLite file to copy."""
    return databases.made_once(shared_folder / "migrated.db", databases.migrate_file)


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> str:
    """The server's address, once it holds a migrated database to copy."""
    return databases.postgres_template(postgres_url)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite database."""
    return databases.sqlite_copy(sqlite_template, tmp_path)


@pytest.fixture
def postgresql_url(postgres_template: str) -> Iterator[str]:
    """A fresh, migrated PostgreSQL database."""
    with databases.postgres_copy(postgres_template) as url:
        yield url


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database; the test runs once on SQLite and once on PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The engine of a fresh, migrated database; the test runs on both kinds."""
    engine = engine_for(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def built_frontend() -> Path:
    """The folder of the built site, of this state of the sources."""
    return build.ensure_site()


@pytest.fixture(scope="session")
def running_server(
    built_frontend: Path, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[server.RunningServer]:
    """The program in a process of its own, with its own SQLite database, for the whole session."""
    folder = tmp_path_factory.mktemp("server")
    with server.running(databases.sqlite_copy(sqlite_template, folder), folder) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Browser:
    """A Chromium without a window, kept for the files that follow. Who asks for it by name only says so by a mark."""
    return browsers.KEPT.get()


@pytest.fixture
def context(browser: Browser, running_server: server.RunningServer) -> Iterator[BrowserContext]:
    """A browser profile of the test's own: no cookies, nothing stored. Make more with ``browser.new_context``."""
    profile = browser.new_context(**browser_settings(running_server.url))
    profile.set_default_timeout(10_000)
    yield profile
    profile.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page of that profile; the test fails on an error that nobody caught in it, and on what its policy forbids."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    assert not errors, f"errors in the page: {errors}"


def browser_settings(url: str, **more: Any) -> dict[str, Any]:
    """Return what a new browser context is made with."""
    return {
        "base_url": url,
        "viewport": screens.DESKTOP,
        "locale": "en-GB",
        "timezone_id": "Europe/London",
        "color_scheme": "light",
        "reduced_motion": "reduce",
        **more,
    }
