"""The first start in a real browser: the link it prints makes the owner, once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import EMAIL, PASSWORD
from tests.conftest import browser_settings
from tests.services import databases, screens
from tests.services.server import RunningServer, running


@pytest.fixture
def fresh_server(built_frontend: Path, sqlite_template: Path, tmp_path: Path) -> Iterator[RunningServer]:
    """A program that has never been started before."""
    with running(databases.sqlite_copy(sqlite_template, tmp_path), tmp_path) as server:
        yield server


@pytest.fixture
def context(browser: Browser, fresh_server: RunningServer) -> Iterator[BrowserContext]:
    """A browser profile that knows nothing yet."""
    profile = browser.new_context(**browser_settings(fresh_server.url))
    profile.set_default_timeout(10_000)
    yield profile
    profile.close()


def test_the_first_start_prints_a_link_that_makes_the_owner_once(page: Page, fresh_server: RunningServer) -> None:
    link = re.search(r"http\S+/setup\?token=\S+", fresh_server.output)
    assert link, fresh_server.output
    page.goto(link[0])
    _fill(page, "Ada Lovelace", EMAIL, "short")
    page.get_by_label("Time zone").select_option("Africa/Cairo")
    page.get_by_label("Country of phone numbers").select_option("EG")
    page.get_by_label("Add sample data").check()
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("alert").filter(has_text="At least 10 characters.")).to_be_visible()
    screens.shoot_all(page, "set-up")
    expect(page.get_by_label("Your name")).to_have_value("Ada Lovelace")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create").click()
    page.wait_for_url(re.compile(r"/appointments/?$"))
    expect(page.get_by_role("heading", name="Appointments")).to_be_visible()
    expect(page.locator("tr[data-row]").first).to_be_visible()
    page.goto(link[0])
    _fill(page, "Eve", "eve@example.com", PASSWORD)
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("alert").filter(has_text="not valid any more")).to_be_visible()
    page.goto("/staff")
    expect(page.get_by_role("link", name="Ada Lovelace").last).to_be_visible()
    expect(page.get_by_text("eve@example.com")).to_have_count(0)
    fresh_server.restart()
    page.context.clear_cookies()
    page.goto("/")
    page.wait_for_url(re.compile(r"/sign-in/?"))
    assert fresh_server.output.count("/setup?token=") == 1
    assert not re.search(r"sid=\w|argon2|correct horse|ada@example", fresh_server.output)


def _fill(page: Page, name: str, email: str, password: str) -> None:
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_label("Business name").fill("Nile Clinic")
