"""The page Today: the queue is worked off with one click each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.eyes import violations
from tests.services import screens

YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()


def test_the_queue_is_worked_off_and_undone(
    ada: Page, arabic: Page, desk: Desk, cleo: str, booked: Callable[..., int]
) -> None:
    booked(date=YESTERDAY, time="23:25", duration="5")
    ada.goto("/today")
    entry = ada.locator(".queue > li", has=ada.locator(f"a[href='/clients/{cleo}']"))
    expect(entry).to_be_visible()
    screens.shoot_all(ada, "today")
    assert violations(ada) == []
    arabic.goto("/today")
    expect(arabic.locator(".queue > li").first).to_be_visible()
    screens.shoot(arabic, "today", "arabic")
    with screens.size(arabic, screens.PHONE):
        screens.shoot(arabic, "today", "arabic-phone")
    entry.get_by_role("button", name="No-show").click()
    expect(entry).to_have_count(0)
    ada.get_by_role("button", name="Undo").click()
    expect(entry).to_be_visible()
    entry.get_by_role("button", name="Done").click()
    expect(entry).to_have_count(0)
    assert desk.booking_of(cleo).status == "done"
    theirs = arabic.locator(".queue > li", has=arabic.locator(f"a[href='/clients/{cleo}']"))
    expect(theirs).to_have_count(0, timeout=2_500)
    ada.get_by_role("button", name="Mark all").click()
    ada.get_by_role("menuitem", name="Dismiss").click()
    expect(ada.get_by_role("dialog")).to_contain_text("will be marked: Dismiss.")
    screens.shoot(ada, "today-mark-all")
    ada.get_by_role("button", name="Cancel").click()
    expect(ada.get_by_role("dialog")).to_have_count(0)
