"""Booking and editing in a real browser: the form, its fields, its keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from appointments_app.db.queries import booking
from tests.browser.conftest import TOMORROW, Desk
from tests.browser.eyes import violations
from tests.browser.form import CLIENTS_LIST, DRAFT, box, keep, open_form, save, type_date, type_time
from tests.conftest import browser_settings
from tests.services import screens


def test_r15_booking_leads_to_the_clients_list_with_a_toast(ada: Page, desk: Desk, cleo: str) -> None:
    open_form(ada, f"/appointments/new?client={cleo}&action=1")
    expect(box(ada, "Client")).to_have_value(re.compile("Cleo"))
    type_date(ada, TOMORROW)
    type_time(ada, "1430")
    ada.get_by_label("Duration").select_option("60")
    ada.get_by_label("Notes").fill("<script>alert(1)</script> 😀 =HYPERLINK(1)")
    ada.get_by_label("Share with client").check()
    keep(ada)
    expect(ada.get_by_text("Something went wrong")).to_have_count(0)
    screens.shoot_all(ada, "new-appointment")
    save(ada)
    ada.wait_for_url(CLIENTS_LIST)
    expect(ada.get_by_text("Appointment booked.")).to_be_visible()
    expect(ada.get_by_role("row").filter(has_text="14:30")).to_have_count(1)
    row = desk.booking_of(cleo)
    assert (row.notes, row.shared) == ("<script>alert(1)</script> 😀 =HYPERLINK(1)", True)
    assert row.end_at - row.start_at == timedelta(hours=1)


def test_r5_to_r8_what_is_missing_is_said_at_the_field_and_the_first_gets_the_focus(ada: Page) -> None:
    open_form(ada, "/appointments/new")
    ada.get_by_label("Notes").fill("stays")
    save(ada)
    expect(ada.get_by_text("Choose a client.")).to_be_visible()
    expect(ada.get_by_text("Enter a time.")).to_be_visible()
    expect(ada.get_by_text("Choose an action.")).to_be_visible()
    expect(box(ada, "Client")).to_be_focused()
    expect(ada.get_by_label("Notes")).to_have_value("stays")
    screens.shoot(ada, "new-appointment-wrong")


def test_r7_a_start_in_the_past_is_warned_of_and_allowed(ada: Page, cleo: str) -> None:
    open_form(ada, f"/appointments/new?client={cleo}&action=1")
    type_date(ada, datetime.now(UTC).date() - timedelta(days=3))
    type_time(ada, "0900")
    expect(ada.get_by_text("This start is in the past.")).to_be_visible()
    ada.keyboard.press("Control+Enter")
    ada.wait_for_url(CLIENTS_LIST)


def test_r8_any_other_duration_can_be_typed(ada: Page, desk: Desk, cleo: str) -> None:
    open_form(ada, f"/appointments/new?client={cleo}&action=1")
    type_time(ada, "1000")
    ada.get_by_label("Duration").select_option("Another duration…")
    ada.get_by_label("Minutes").fill("3")
    save(ada)
    expect(ada.get_by_text("Between 5 minutes and 24 hours.")).to_be_visible()
    expect(ada.get_by_label("Minutes")).to_be_focused()
    ada.get_by_label("Minutes").fill("75")
    save(ada)
    ada.wait_for_url(CLIENTS_LIST)
    row = desk.booking_of(cleo)
    assert row.end_at - row.start_at == timedelta(minutes=75)


def test_r5_a_new_client_is_made_inside_the_half_filled_form(ada: Page) -> None:
    name = f"Nour {uuid4().hex[:6]}"
    open_form(ada, "/appointments/new")
    ada.get_by_label("Notes").fill("first visit")
    box(ada, "Client").fill(name)
    ada.get_by_role("option", name="New client").click()
    dialog = ada.get_by_role("dialog")
    expect(dialog.get_by_label("Name")).to_have_value(name)
    dialog.get_by_label("E-mail").fill("not an address")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_label("E-mail")).to_be_focused()
    screens.shoot(ada, "new-client-dialog")
    dialog.get_by_label("E-mail").fill("")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(box(ada, "Client")).to_have_value(name)
    expect(ada.get_by_text("Choose one from the list.")).to_have_count(0)
    expect(ada.get_by_label("Notes")).to_have_value("first visit")


def test_deleting_leads_to_the_clients_list_and_is_undone(ada: Page, desk: Desk, booked: Callable[..., int]) -> None:
    appointment_id = booked()
    open_form(ada, f"/appointments/{appointment_id}")
    ada.get_by_role("main").get_by_role("button", name="Delete").click()
    ada.wait_for_url(CLIENTS_LIST)
    ada.get_by_role("button", name="Undo").click()
    expect(ada.get_by_text("is as it was.")).to_be_visible()
    open_form(ada, f"/appointments/{appointment_id}")


@pytest.mark.parametrize("wrong", ["999999", "abc", "1e3", "0"])
def test_an_unknown_appointment_is_not_found(ada: Page, wrong: str) -> None:
    ada.goto(f"/appointments/{wrong}")
    expect(ada.get_by_role("heading", name="Not found")).to_be_visible()


def test_one_form_never_shows_what_belongs_to_another(ada: Page, booked: Callable[..., int]) -> None:
    first, second = booked(notes="the first"), booked(notes="the second", time="15:00")
    open_form(ada, f"/appointments/{first}")
    expect(ada.get_by_label("Notes")).to_have_value("the first")
    ada.goto(f"/appointments/{second}")
    expect(ada.get_by_label("Notes")).to_have_value("the second")
    ada.go_back()
    expect(ada.get_by_label("Notes")).to_have_value("the first")
    ada.keyboard.press("n")
    ada.wait_for_url(DRAFT)
    expect(ada.get_by_label("Notes")).to_have_value("")
    ada.get_by_role("button", name="Cancel").click()
    ada.wait_for_url(re.compile(rf"/appointments/{first}"))


def test_everything_can_be_booked_by_keyboard(ada: Page, desk: Desk, cleo: str) -> None:
    with desk.uow.read() as tx:
        choice = booking.client_choice(tx, int(cleo))
    assert choice is not None
    open_form(ada, "/appointments/new?action=1")
    box(ada, "Client").focus()
    ada.keyboard.type(choice.name)
    ada.keyboard.press("Enter")  # at once: what was typed is still being looked up
    expect(ada.get_by_role("listbox")).to_have_count(0)
    expect(box(ada, "Client")).to_have_value(choice.name)
    ada.keyboard.press("Tab")
    ada.keyboard.type(TOMORROW.strftime("%d%m%Y"))
    ada.get_by_role("group", name="Time").get_by_role("spinbutton").first.focus()
    ada.keyboard.type("1720")
    ada.keyboard.press("Control+Enter")
    ada.wait_for_url(CLIENTS_LIST)
    assert desk.booked_for(cleo) == 1


@pytest.mark.parametrize("entry", ["Edit Actions List", "New client"])
def test_axe_finds_nothing_in_the_dialogs(ada: Page, entry: str) -> None:
    open_form(ada, "/appointments/new")
    box(ada, "Action" if "Action" in entry else "Client").click()
    expect(ada.get_by_role("option", name=entry)).to_be_visible()
    assert violations(ada) == []
    ada.get_by_role("option", name=entry).click()
    ada.get_by_role("dialog").wait_for()
    if "Action" in entry:
        ada.get_by_role("button", name="Add New Action").click()
    ada.wait_for_timeout(300)
    assert violations(ada) == []


def test_the_form_in_arabic(browser: Browser, desk: Desk, booked: Callable[..., int]) -> None:
    profile = browser.new_context(**browser_settings(desk.url, locale="ar-EG"))
    desk.enter(profile, "ar")
    page = profile.new_page()
    page.goto(f"/appointments/{booked(notes='ملاحظة')}")
    page.locator("#field-notes").wait_for()
    page.wait_for_timeout(600)
    assert page.evaluate("document.documentElement.dir") == "rtl"
    screens.shoot(page, "appointment", "arabic")
    profile.close()
