"""axe-core finds nothing on any page, light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.eyes import COLOURS, addresses, open_settled, violations
from tests.services import screens


@pytest.mark.parametrize("address", addresses())
def test_axe_finds_nothing(ada: Page, address: str) -> None:
    open_settled(ada, address)
    assert violations(ada) == []
    with screens.dark(ada):
        assert violations(ada, COLOURS) == []
