"""A booking, step by step, as the README tells it: at a desk, on a phone, in Arabic."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from appointments_app.domain.appointment import Status
from appointments_app.features.bookings import service
from tests.browser.conftest import Desk
from tests.browser.eyes import open_settled
from tests.conftest import browser_settings
from tests.services import screens


def choose(page: Page, name: str) -> None:
    """Press one of the big buttons of a step."""
    page.locator(".choice").filter(has_text=name).click()


def first_free(page: Page) -> str:
    """Press the first free time that is shown; return it."""
    start = page.locator(".free-day .pill").first
    shown = start.get_attribute("aria-label") or ""
    start.click()
    return shown


def choose_client(page: Page, label: str, typed: str) -> None:
    """Find a client by typing and choose the first one."""
    page.get_by_role("combobox", name=label).fill(typed)
    page.get_by_role("option", name=re.compile(typed)).first.click()


def book(page: Page, client: str) -> str:
    """Book a consultation with anyone for a client; return the booking's number."""
    open_settled(page, "/bookings")
    page.get_by_role("link", name="New booking").click()
    choose(page, "Consultation")
    choose(page, "Anyone")
    when = first_free(page)
    choose_client(page, "Client", client)
    expect(page.locator(".chosen")).to_contain_text(when.rpartition(",")[2].strip())
    expect(page.locator(".chosen")).to_contain_text(re.compile(r"EGP\s80\.00"))
    page.get_by_label("Notes").fill("Bring the file")
    page.get_by_role("button", name="Book", exact=True).click()
    head = page.get_by_role("heading", level=1)
    expect(head).to_have_text(re.compile(r"Booking #\d+"))
    return head.inner_text().partition("#")[2]


def test_a_newcomer_books_moves_cancels_and_finds_a_booking(ada: Page, desk: Desk):
    client = "Nadia Walker"
    desk.a_client(client)
    number = book(ada, client)
    facts = ada.locator(".facts").first
    expect(facts).to_contain_text("Bring the file")
    before = facts.locator("dd").nth(1).inner_text()
    ada.get_by_role("link", name="Move").click()
    ada.locator(".free-day .pill").last.click()
    expect(facts.locator("dd").nth(1)).not_to_have_text(before)
    ada.get_by_role("button", name="Cancel booking").click()
    expect(ada.locator(".page-head")).to_contain_text("Cancelled")
    ada.get_by_role("button", name="Undo").click()
    expect(ada.locator(".page-head")).to_contain_text("Confirmed")
    open_settled(ada, "/bookings?tab=confirmed")
    ada.get_by_role("searchbox").fill(client)
    expect(ada.locator("tr[data-row]")).to_have_count(1)
    expect(ada.locator("tr[data-row]")).to_contain_text(f"#{number}")
    open_settled(ada, f"/bookings/{number}")
    ada.get_by_role("button", name="Delete").click()
    ada.get_by_label("Delete the appointment, too").click()
    ada.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(ada.get_by_role("heading", level=1)).to_have_text("Bookings")
    open_settled(ada, f"/bookings/{number}")
    expect(ada.get_by_text("Not found")).to_be_visible()


def test_back_and_a_reload_keep_every_choice(ada: Page, desk: Desk):
    client = "Salma Rivers"
    desk.a_client(client)
    open_settled(ada, "/bookings/new")
    choose(ada, "Follow-up")
    choose(ada, "Ada Lovelace")
    first_free(ada)
    choose_client(ada, "Client", client)
    ada.get_by_label("Notes").fill("Half a sentence")
    ada.wait_for_timeout(900)
    ada.reload()
    expect(ada.get_by_label("Notes")).to_have_value("Half a sentence")
    for step in ("Client", "Date and time", "Staff", "Service"):
        ada.get_by_role("link", name="Back", exact=True).click()
        expect(ada.locator("[aria-current=step]")).to_contain_text(step)
    expect(ada.locator(".chosen")).to_contain_text(client)
    ada.get_by_role("link", name="Complete").or_(ada.locator(".step", has_text="Complete")).first.wait_for()
    ada.get_by_role("link", name="Client").last.click()
    expect(ada.locator(".chosen")).to_contain_text("Follow-up")


def test_who_loses_the_time_is_told_and_offered_others(ada: Page, desk: Desk):
    first, second = desk.a_client("Rana First"), desk.a_client("Rana Second")
    view = service.first_free(desk.uow, actor=desk.ada, service_id="")
    person = next(one for one in view.people if one.count)
    start = person.starts[0]
    chosen = f"/bookings/new?service={view.service}&staff={person.id}&start={start}&client={second}"
    open_settled(ada, chosen)
    asked = service.Asked(view.service, str(person.id), start, str(first))
    number = service.reserve(desk.uow, actor=desk.ada, asked=asked, token="0b8f2c66-8d8e-4d1e-9a55-3f2a7c1e9b10")
    ada.get_by_role("button", name="Book", exact=True).click()
    told = ada.get_by_role("status").filter(has_text="This time was just taken.")
    expect(told).to_be_visible()
    told.locator(".pill").first.click()
    ada.get_by_role("button", name="Book", exact=True).click()
    expect(ada.get_by_role("heading", level=1)).to_have_text(re.compile(r"Booking #\d+"))
    service.set_status(desk.uow, actor=desk.ada, booking_id=number, status=Status.DISMISSED)


def test_a_booking_on_a_phone(browser: Browser, desk: Desk):
    profile = browser.new_context(**browser_settings(desk.url, viewport=screens.PHONE, has_touch=True))
    desk.enter(profile)
    page = profile.new_page()
    client = "Phoebe Hand"
    desk.a_client(client)
    number = book(page, client)
    assert page.evaluate("document.documentElement.scrollWidth") <= screens.PHONE["width"]
    open_settled(page, f"/bookings/{number}/print")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Booking #{number}")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    profile.close()


def test_a_booking_in_arabic(arabic: Page, desk: Desk):
    client = "سلمى الحجز"
    desk.a_client(client)
    open_settled(arabic, "/bookings/new")
    choose(arabic, "Consultation")
    choose(arabic, "أي شخص")
    arabic.locator(".free-day .pill").first.click()
    choose_client(arabic, "العميل", client)
    arabic.get_by_role("button", name="احجز", exact=True).click()
    expect(arabic.get_by_role("heading", level=1)).to_have_text(re.compile("الحجز رقم"))
    assert arabic.evaluate("document.documentElement.dir") == "rtl"


@pytest.mark.parametrize("typed", ["", "five"])
def test_a_service_with_a_wrong_field_says_so_and_keeps_what_was_typed(ada: Page, typed: str):
    open_settled(ada, "/settings/services/new")
    ada.get_by_label("Name").fill("Massage")
    ada.get_by_label("Price").fill("12,5x")
    ada.get_by_label("Duration in minutes").fill("")
    ada.get_by_role("button", name="Save").click()
    expect(ada.locator("#error-minutes")).to_have_text("Between 5 minutes and 24 hours.")
    expect(ada.locator("#error-price")).to_have_text("Enter an amount such as 1250.50.")
    expect(ada.get_by_label("Name")).to_have_value("Massage")


def test_hours_of_ones_own_leave_and_a_day_that_differs(ada: Page, desk: Desk):
    person = desk.hire("Hala Hours").actor
    open_settled(ada, f"/settings/working-hours?staff={person.staff_id}")
    ada.get_by_label("The same hours as the business").click()
    ada.get_by_label("Monday, until").first.fill("13:00")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("The working hours were saved.")).to_be_visible()
    ada.reload()
    expect(ada.get_by_label("Monday, until").first).to_have_value("13:00")
    ada.get_by_label("Monday, until").first.fill("08:00")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("The end lies before the beginning.")).to_be_visible()
    expect(ada.get_by_label("Monday, until").first).to_have_value("08:00")
