"""axe-core finds nothing on any page in Arabic."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.eyes import addresses, open_settled, violations


@pytest.mark.parametrize("address", addresses())
def test_axe_finds_nothing_in_arabic(arabic: Page, address: str) -> None:
    open_settled(arabic, address)
    assert arabic.locator("html").get_attribute("dir") == "rtl"
    assert violations(arabic) == []
