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
MEDIA = {"preload": {"assets": ["media"]}}
"""Style sheets need not be read for any of the rules: the only one that would is off, being an experiment."""
_AXE = Axe()


def addresses() -> list[str]:
    """Return one address of every page."""
    names = ("appointment", "client", "staff", "rule", "template", "order", "booking", "service")
    ids = {f"[{name}_id]": "3" if name == "client" else "1" for name in names}
    routes = [page.route for page in PAGES]
    for name, value in ids.items():
        routes = [route.replace(name, value) for route in routes]
    shortest = {each: f"{each}?size=25" for each in ("/", "/appointments", "/clients")}
    return [
        *(shortest.get(route, route) for route in routes),
        "/clients/3?show=appointments",
        "/clients/3?show=notes",
        "/clients/3?show=work-orders",
    ]


def open_settled(page: Page, address: str) -> None:
    """Open a page and wait until everything it loads is there."""
    page.goto(address)
    expect(page.locator("main > *").first).to_be_visible()
    expect(page.locator(".skeleton, [aria-busy=true]")).to_have_count(0)


def violations(page: Page, rules: Any = RULES) -> list[str]:
    """Return what axe-core finds on the page as it is, in one line each."""
    only = {} if rules is EVERY_RULE else {"runOnly": rules}
    found = _AXE.run(page, options={**only, **MEDIA, "resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


@contextmanager
def hearing_changes(page: Page) -> Iterator[None]:
    """Open a page inside; afterwards it hears of the changes that others make."""
    with page.expect_response("**/api/live*"):
        yield
