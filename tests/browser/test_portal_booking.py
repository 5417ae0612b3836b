"""A client books on a phone, without scripts, in English and in Arabic; staff see it at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import update

from appointments_app.db.models import ClientSettings, Slot
from appointments_app.db.queries import client_access
from appointments_app.domain.sign_in import hash_of, new_token
from appointments_app.domain.times import iso
from tests.browser.conftest import Desk
from tests.browser.eyes import hearing_changes, violations
from tests.conftest import browser_settings
from tests.services import screens

FIRST_FLIGHT = 14_000
WORDS = {
    "en": {
        "name": "Maya Stone", "book": "Book an appointment", "anyone": "Anyone",
        "kept": "Kept for you until", "over": "for five minutes, which are over", "again": "Keep it again",
        "do": "Book", "waits": "We have your booking, and will confirm it.", "chip": "Not yet confirmed by us",
        "accepted": "Confirmed by us", "cancel": "Cancel this appointment", "sure": "Yes, cancel it",
        "off": "called off", "all": "All appointments", "notes": "Anything we should know?",
    },
    "ar": {
        "name": "مايا حجازي", "book": "احجز موعدًا", "anyone": "أي شخص",
        "kept": "محفوظ لك حتى", "over": "وقد انتهت", "again": "احفظه مرة أخرى",
        "do": "احجز", "waits": "وصلنا حجزك، وسنؤكده لك.", "chip": "لم نؤكده بعد",
        "accepted": "أكدناه", "cancel": "إلغاء هذا الموعد", "sure": "نعم، ألغِه", "off": "أُلغي",
        "all": "كل المواعيد", "notes": "هل من شيء ينبغي أن نعرفه؟",
    },
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def portal(desk: Desk) -> Iterator[None]:
    """Let clients book, and cancel until an hour before."""
    with desk.uow.begin() as tx:
        row = tx.get(ClientSettings, 1) or ClientSettings()
        row.portal_on, row.book, row.cancel, row.notice_hours = True, True, True, 1
        tx.add(row)
    yield


def door(desk: Desk, client_id: int) -> str:
    """Return the path of a link that signs a client in."""
    token = new_token()
    with desk.uow.begin() as tx:
        client_access.add_link(tx, hash_of(token), client_id, tx.now + timedelta(minutes=15))
    return f"/portal/enter/{token}"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_client_books_on_a_phone_and_staff_see_it_at_once(
    browser: Browser, desk: Desk, ada: Page, language: str
) -> None:
    words = WORDS[language]
    client = desk.a_client(words["name"], email=f"{uuid4().hex[:8]}@example.com", language=language)
    profile = browser.new_context(
        **browser_settings(desk.url, viewport=screens.PHONE, has_touch=True, java_script_enabled=False)
    )
    phone = profile.new_page()
    with hearing_changes(ada):
        ada.goto("/bookings?tab=pending")
    phone.goto(door(desk, client))
    phone.locator("main button").click()
    phone.get_by_role("link", name=words["book"]).first.click()
    _seen(phone, f"portal-book-services-{language}")
    phone.locator(".list a").first.click()
    _seen(phone, f"portal-book-staff-{language}")
    phone.get_by_role("link", name=words["anyone"]).click()
    phone.locator(".days a").nth(1).click()
    expect(phone.locator(".days [aria-current]")).to_have_count(1)
    _seen(phone, f"portal-book-times-{language}")
    chosen = phone.locator(".starts button").nth(3)
    time = chosen.inner_text()
    chosen.click()
    expect(phone.get_by_text(words["kept"])).to_be_visible()
    expect(phone.locator(".card .time").last).to_contain_text(time)
    _counts(phone.locator(".countdown"))
    assert phone.evaluate("document.documentElement.scrollWidth") <= screens.PHONE["width"]
    for scheme in ("light", "dark"):  # while it counts: the other pictures end what moves
        phone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        phone.screenshot(path=screens.FOLDER / f"portal-book-check-{language}-{scheme}.png")
    phone.emulate_media(color_scheme="light")
    with desk.uow.begin() as tx:
        tx.execute(update(Slot).where(Slot.held_by == f"client {client}").values(held_until=tx.now))
    phone.reload()
    expect(phone.get_by_role("alert")).to_contain_text(words["over"])
    phone.get_by_role("button", name=words["again"]).click()
    phone.get_by_label(words["notes"]).fill("<b>my shoulder</b>")
    phone.get_by_role("button", name=words["do"], exact=True).click()
    expect(phone.get_by_role("status")).to_contain_text(words["waits"])
    _seen(phone, f"portal-book-done-{language}")
    row = ada.locator("tr[data-row]").filter(has_text=words["name"])
    expect(row).to_be_visible(timeout=5_000)
    ada.goto("/today")
    expect(ada.get_by_text(re.compile("waits? for you to confirm"))).to_be_visible()
    ada.get_by_role("link", name="Show them").click()
    row.get_by_role("link").first.click()
    expect(ada.get_by_text("<b>my shoulder</b>")).to_be_visible()
    screens.shoot_all(ada, f"booking-by-client-{language}")
    ada.get_by_role("button", name="Confirm", exact=True).click()
    expect(ada.locator(".page-head")).to_contain_text("Confirmed")
    phone.get_by_role("link", name=words["all"]).click()
    expect(phone.get_by_role("main")).to_contain_text(words["accepted"])
    phone.locator(".list a").first.click()
    phone.get_by_text(words["cancel"]).click()
    phone.get_by_role("button", name=words["sure"]).click()
    expect(phone.get_by_role("status")).to_contain_text(words["off"])
    expect(ada.locator(".page-head")).to_contain_text("Cancelled", timeout=5_000)
    profile.close()


def _seen(phone: Page, name: str) -> None:
    """Look at a page in light and dark: nothing is wider than the phone."""
    assert phone.evaluate("document.documentElement.scrollWidth") <= screens.PHONE["width"]
    for scheme in ("light", "dark"):
        phone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        screens.shoot(phone, name, scheme)
    phone.emulate_media(color_scheme="light")


def _counts(countdown: Locator) -> None:
    """Wait until the countdown shows another second than before."""
    left = "node => getComputedStyle(node).getPropertyValue('--left')"
    before = int(countdown.evaluate(left))
    assert 200 < before <= 300
    expect(countdown).to_be_visible()
    countdown.page.wait_for_timeout(1_100)
    assert int(countdown.evaluate(left)) < before


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_in_the_pages_that_book_and_each_is_small(
    browser: Browser, desk: Desk, language: str
) -> None:
    client = desk.a_client(email=f"{uuid4().hex[:8]}@example.com", language=language)
    profile = browser.new_context(**browser_settings(desk.url, viewport=screens.PHONE, bypass_csp=True))
    phone = profile.new_page()
    phone.goto(door(desk, client))
    phone.locator("main button").click()
    later = iso(desk.uow.clock() + timedelta(days=2))
    for path in (
        "/portal/book",
        "/portal/book?service=1",
        "/portal/book?service=1&staff=any",
        f"/portal/book/check?service=1&staff=any&start={later}",
    ):
        answer = phone.goto(path)
        assert answer is not None and answer.status == 200 and len(answer.body()) < FIRST_FLIGHT
        for scheme in ("light", "dark"):
            phone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert violations(phone) == []
    phone.goto("/portal/book?service=1&staff=any")
    with phone.expect_navigation():
        phone.locator(".starts button").first.click()
    assert re.search("/portal/book/check", phone.url)
    assert violations(phone) == []
    assert len(phone.content().encode()) < FIRST_FLIGHT
    profile.close()
