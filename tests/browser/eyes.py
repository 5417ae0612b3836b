"""What tests look at on any page: whether it has settled, and what axe-core finds on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from appointments_app.appointments_app import PAGES

ROWS = "tr[data-row]"
EVERY_RULE = None
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""All that can differ between light and dark."""
_AXE = Axe()


def addresses() -> list[str]:
    """Return one address of every page."""
    ids = {"[appointment_id]": "1", "[client_id]": "3", "[staff_id]": "1", "[template_id]": "1"}
    routes = [page.route for page in PAGES]
    for name, value in ids.items():
        routes = [route.replace(name, value) for route in routes]
    shortest = {each: f"{each}?size=25" for each in ("/", "/appointments", "/clients")}
    return [*(shortest.get(route, route) for route in routes), "/clients/3?show=appointments", "/clients/3?show=notes"]


def open_settled(page: Page, address: str) -> None:
    """Open a page and wait until everything it loads is there."""
    page.goto(address)
    expect(page.locator("main > *").first).to_be_visible()
    expect(page.locator(".skeleton, [aria-busy=true]")).to_have_count(0)


def violations(page: Page, rules: Any = RULES) -> list[str]:
    """Return what axe-core finds on the page as it is, in one line each."""
    only = {} if rules is EVERY_RULE else {"runOnly": rules}
    found = _AXE.run(page, options={**only, "resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


@contextmanager
def hearing_changes(page: Page) -> Iterator[None]:
    """Open a page inside; afterwards it hears of the changes that others make."""
    with page.expect_response("**/api/live*"):
        yield
