"""A booking, step by step, as the README tells it: at a desk, on a phone, in Arabic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from appointments_app.domain.appointment import Status
from appointments_app.features.bookings import service
from appointments_app.integrations.catalogs import translate
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


@dataclass(frozen=True)
class Reader:
    """Who walks: in which language, on what screen."""

    page: Page
    language: str = "en"
    on_phone: bool = False

    def t(self, text: str, **values: object) -> str:
        """Return a text of the program as this reader reads it."""
        return translate(self.language, text, **values)

    def press(self, text: str) -> None:
        """Press a button or a link of the page, not of the menu."""
        main = self.page.get_by_role("main")
        named = {"name": self.t(text), "exact": True}
        main.get_by_role("button", **named).or_(main.get_by_role("link", **named)).first.click()


@pytest.fixture(params=["desktop", "phone", "arabic", "arabic phone"])
def reader(request: pytest.FixtureRequest, browser: Browser, desk: Desk) -> Iterator[Reader]:
    """Ada at a desk, on a phone, in Arabic, and in Arabic on a phone."""
    language, on_phone = "ar" if "arabic" in request.param else "en", "phone" in request.param
    size = {"viewport": screens.PHONE, "has_touch": True} if on_phone else {}
    profile = browser.new_context(**browser_settings(desk.url, locale="ar-EG" if language == "ar" else "en-GB", **size))
    desk.enter(profile, language)
    yield Reader(profile.new_page(), language, on_phone)
    profile.close()


def test_a_newcomer_walks_through_a_booking_as_the_readme_tells_it(reader: Reader) -> None:
    """Each paragraph is a step of "A booking, step by step"."""
    page, t, press = reader.page, reader.t, reader.press
    head, facts = page.locator(".page-head"), page.locator(".facts").first
    client = f"{'سلمى' if reader.language == 'ar' else 'Nadia'} {uuid4().hex[:6]}"

    open_settled(page, "/bookings")
    press("New booking")
    choose(page, "Consultation")
    choose(page, t("Anyone"))
    when = first_free(page)

    box = page.get_by_role("combobox", name=t("Client"))
    box.fill(client)
    page.get_by_role("option", name=t("New client")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label(t("Name"))).to_have_value(client)
    dialog.get_by_label(t("Phone")).fill(f"+20100{uuid4().int % 10**7:07}")
    dialog.get_by_role("button", name=t("Save")).click()
    beside = page.locator(".chosen")
    expect(beside).to_contain_text(re.split("[,،]", when)[-1].strip())
    expect(beside.get_by_text(re.compile("80[.]00|٨٠٫٠٠"))).to_be_visible()
    page.get_by_label(t("Notes")).fill("Bring the file")
    press("Book")
    expect(page).to_have_url(re.compile(r"/bookings/\d+/?$"))
    number = page.url.rstrip("/").rpartition("/")[2]
    expect(facts).to_contain_text("Bring the file")
    _looked_at(reader, "booking")

    before = facts.locator("dd").nth(1).inner_text()
    press("Move")
    page.locator(".free-day .pill").last.click()
    expect(facts.locator("dd").nth(1)).not_to_have_text(before)
    press("Cancel booking")
    expect(head).to_contain_text(t("Cancelled"))
    page.get_by_role("button", name=t("Undo")).click()
    expect(head).to_contain_text(t("Confirmed"))
    press("Mark done")
    expect(head).to_contain_text(t("Done"))
    press("Bring back")
    expect(head).to_contain_text(t("Confirmed"))
    press("Print")
    expect(page.get_by_role("heading", level=1)).to_contain_text(t("Booking #{number}", number=int(number)))
    _looked_at(reader, "booking-print")

    open_settled(page, f"/bookings/{number}")
    press("Open the appointment")
    page.get_by_role("main").get_by_role("button", name=t("Dismiss"), exact=True).first.click()
    open_settled(page, f"/bookings/{number}")
    expect(head).to_contain_text(t("Cancelled"))
    press("Bring back")
    expect(head).to_contain_text(t("Confirmed"))

    open_settled(page, "/bookings?tab=confirmed")
    page.get_by_role("searchbox").fill(client)
    expect(page.locator("tr[data-row]")).to_have_count(1)
    page.get_by_role("searchbox").fill(f"#{number}")
    expect(page.locator("tr[data-row]")).to_contain_text(client)
    _looked_at(reader, "bookings")

    open_settled(page, "/bookings")
    press("Free times")
    page.locator("tr[data-row] .pill").first.wait_for()
    _looked_at(reader, "free-times")
    page.locator("tr[data-row] .pill").first.click()
    expect(page.locator("[aria-current=step]")).to_contain_text(t("Client"))
    _looked_at(reader, "booking-wizard")

    open_settled(page, f"/bookings/{number}")
    press("Delete")
    page.get_by_label(t("Delete the appointment, too")).click()
    page.get_by_role("dialog").get_by_role("button", name=t("Delete")).click()
    expect(page).to_have_url(re.compile(r"/bookings/?$"))
    open_settled(page, f"/bookings/{number}")
    expect(page.get_by_text(t("Not found"))).to_be_visible()

    for name in ("services", "working-hours", "booking-rules"):
        open_settled(page, f"/settings/{name}")
        _looked_at(reader, f"settings-{name}")


def _looked_at(reader: Reader, name: str) -> None:
    """Take a picture; nothing is wider than the screen."""
    widest = reader.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert widest <= 0, f"{name} is {widest} px too wide"
    variant = f"{'arabic' if reader.language == 'ar' else 'light'}{'-phone' if reader.on_phone else ''}"
    screens.shoot(reader.page, name, variant)
    with screens.dark(reader.page):
        screens.shoot(reader.page, name, f"{variant}-dark")


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
