"""axe-core finds nothing on any page, in English and Arabic, light and dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from appointments_app.appointments_app import PAGES
from tests.browser.conftest import Desk
from tests.conftest import browser_settings
from tests.services import screens

AXE = Axe()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}


def addresses() -> list[str]:
    """Return one address of every page."""
    ids = {"[appointment_id]": "1", "[client_id]": "3", "[staff_id]": "1"}
    routes = [page.route for page in PAGES]
    for name, value in ids.items():
        routes = [route.replace(name, value) for route in routes]
    return [*routes, "/clients/3?show=appointments", "/clients/3?show=notes"]


def violations(page: Page, address: str) -> list[str]:
    """Return what axe finds on a page, in one line each."""
    page.goto(address)
    page.wait_for_load_state("networkidle") if address in ("/sign-in", "/setup") else page.wait_for_timeout(900)
    found = AXE.run(page, options=RULES).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("address", addresses())
def test_axe_finds_nothing(ada: Page, address: str) -> None:
    assert violations(ada, address) == []
    with screens.dark(ada):
        found = AXE.run(ada, options=RULES).response["violations"]
        assert [(each["id"], [node["html"][:160] for node in each["nodes"]]) for each in found] == []


def test_axe_finds_nothing_in_arabic(browser: Browser, desk: Desk) -> None:
    profile = browser.new_context(**browser_settings(desk.url, locale="ar-EG"))
    desk.enter(profile, "ar")
    page = profile.new_page()
    assert {address: found for address in addresses() if (found := violations(page, address))} == {}
    profile.close()
