"""The booking form, as a hand on mouse and keyboard uses it."""

from __future__ import annotations

import re
from datetime import date

from playwright.sync_api import Locator, Page, expect

DRAFT = re.compile(r"/appointments/new/?\?(.*&)?draft=")
CLIENTS_LIST = re.compile(r"/clients/\d+/?\?show=appointments")
DOUBLE_CLICK = 600
"""ms in which a second click on Save counts for nothing, and a little more."""
DEBOUNCE = 700
"""ms from the last key until what was typed is kept on the server."""


def box(page: Page, name: str) -> Locator:
    """Return a picker by its label."""
    return page.get_by_role("combobox", name=name)


def open_form(page: Page, address: str) -> None:
    """Open the form and wait for its fields."""
    page.goto(address)
    box(page, "Client").wait_for()


def type_date(page: Page, day: date) -> None:
    """Type a date into its field."""
    page.get_by_role("group", name="Date").get_by_role("spinbutton").first.click()
    page.keyboard.type(day.strftime("%d%m%Y"))


def type_time(page: Page, digits: str) -> None:
    """Type a time into its field."""
    page.get_by_role("group", name="Time").get_by_role("spinbutton").first.click()
    page.keyboard.type(digits)


def pick(page: Page, name: str, text: str) -> None:
    """Search in a picker and take what is found."""
    box(page, name).click()
    box(page, name).fill(text)
    page.get_by_role("option", name=text).first.click()


def keep(page: Page) -> None:
    """Wait until the draft is kept."""
    expect(page.get_by_text("Draft kept")).to_be_visible()
    page.wait_for_timeout(DEBOUNCE)


def save_again(page: Page) -> None:
    """Press Save once more, late enough not to be taken for a double click."""
    page.wait_for_timeout(DOUBLE_CLICK)
    save(page)


def save(page: Page) -> None:
    """Press Save."""
    page.get_by_role("main").get_by_role("button", name="Save", exact=True).click()
