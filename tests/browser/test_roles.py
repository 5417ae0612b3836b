"""Settings › Roles, and what somebody sees who may see only their own, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Browser, Page, expect

from appointments_app.domain.access import Role
from tests.browser.conftest import Desk
from tests.browser.eyes import ROWS, open_settled, violations
from tests.conftest import browser_settings
from tests.services import screens

ADDS = re.compile("^New (appointment|booking|work order|client)$")


def test_a_role_is_made_changed_given_and_holds_at_the_next_click(ada: Page, desk: Desk, browser: Browser):
    name = f"Therapist {uuid4().hex[:6]}"
    open_settled(ada, "/settings/roles")
    ada.get_by_role("button", name="New role").click()
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("Enter a name.")).to_be_visible()
    ada.get_by_label("Name").fill(name)
    ada.get_by_label("Begins as").select_option("read_only")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_role("columnheader", name=name)).to_be_visible()
    column = (
        ada.locator("thead th")
        .all_inner_texts()
        .index(next(text for text in ada.locator("thead th").all_inner_texts() if name in text))
    )
    clients = ada.get_by_role("row", name="See and edit clients").locator("th, td").nth(column).get_by_role("combobox")
    expect(clients).to_have_value("")
    screens.shoot_all(ada, "roles")
    person = desk.hire("Theo Okri", Role.STAFF)
    ada.goto(f"/staff/{person.actor.staff_id}")
    ada.get_by_label("Role").select_option(label=name)
    ada.get_by_role("button", name="Save").click()
    ada.wait_for_url(re.compile(r"/staff/?$"))
    expect(ada.locator("tr", has_text=person.email)).to_contain_text(name)
    profile = browser.new_context(**browser_settings(desk.url))
    desk.enter(profile, person=person)
    theo = profile.new_page()
    theo.goto("/appointments")
    expect(theo.get_by_role("link", name="Appointments", exact=True).first).to_be_visible()
    expect(theo.get_by_role("link", name="Manage Clients")).to_have_count(0)
    open_settled(ada, "/settings/roles")
    clients.select_option("all")
    expect(clients).to_have_value("all")
    theo.reload()
    theo.get_by_role("link", name="Manage Clients").click()
    expect(theo.get_by_role("link", name="New client").first).to_be_visible()
    profile.close()


def test_who_sees_only_their_own_meets_only_their_own(
    browser: Browser, desk: Desk, booked: Callable[..., int], cleo: str
):
    person = desk.hire("Nina Okri", Role.STAFF)
    booked(staff=[str(person.actor.staff_id)])
    profile = browser.new_context(**browser_settings(desk.url))
    desk.enter(profile, person=person)
    nina = profile.new_page()
    nina.goto("/appointments?tab=all")
    expect(nina.locator("tr[data-row]")).to_have_count(1)
    nina.goto("/clients")
    expect(nina.locator("tr[data-row]")).to_have_count(1)
    screens.shoot(nina, "clients-own")
    nina.goto(f"/clients/{cleo}")
    expect(nina.get_by_role("heading", level=1)).to_contain_text("Cleo")
    nina.goto(f"/clients/{desk.a_client()}")
    expect(nina.get_by_role("heading", name="Not found")).to_be_visible()
    nina.goto("/settings/roles")
    expect(nina.get_by_role("heading", name="This page is not for your role")).to_be_visible()
    expect(nina.locator(".skeleton")).to_have_count(0)
    profile.close()


def test_who_may_only_look_is_offered_nothing_else(browser: Browser, desk: Desk, booked: Callable[..., int], cleo: str):
    visit, client = booked(), desk.a_client_name(cleo)
    profile = browser.new_context(**browser_settings(desk.url))
    desk.enter(profile, person=desk.hire("Rita Hall", Role.READ_ONLY))
    rita = profile.new_page()
    for address in (f"/appointments?q={client}", "/bookings", "/work-orders", "/messages", "/", "/today"):
        open_settled(rita, address)
        expect(rita.locator("main").get_by_role("checkbox")).to_have_count(0)
        offered = rita.locator("main button").all_inner_texts()
        assert not {"Actions", "Export", "Done", "Dismiss", "Mark all"} & set(offered), address
        expect(
            rita.locator("main").get_by_role("link", name=re.compile("^New (appointment|booking|work order|client)$"))
        ).to_have_count(0)
    for address in (f"/appointments?q={client}", "/bookings", "/work-orders"):
        open_settled(rita, address)
        rita.keyboard.press("n")
        menus = rita.locator("tbody .ap-dots")
        expect(menus).to_have_count(rita.locator(ROWS).count() if address == "/bookings" else 0)
        assert "/new" not in rita.url
    open_settled(rita, f"/appointments?q={client}")
    screens.shoot_all(rita, "list-read-only")
    expect(rita.get_by_text(client, exact=True)).to_be_visible()
    expect(rita.get_by_role("link", name=client)).to_have_count(0)
    rita.locator(ROWS).get_by_role("link").first.click()
    expect(rita.get_by_text("Your role may see this, and not change it.")).to_be_visible()
    expect(rita.get_by_label("Notes")).to_be_disabled()
    expect(rita.get_by_role("spinbutton").first).to_have_attribute("aria-disabled", "true")
    screens.shoot_all(rita, "appointment-read-only")
    assert violations(rita) == []
    for address in ("/staff", "/appointments/new", "/work-orders/new", f"/clients/{cleo}", "/bookings/new"):
        rita.goto(address)
        expect(rita.get_by_role("heading", name="This page is not for your role")).to_be_visible()
        expect(rita.locator(".ap-toast")).to_have_count(0)
    open_settled(rita, f"/calendar?view=day&date={desk.booking_of(cleo).start_at:%Y-%m-%d}&q={client}")
    rita.get_by_text(client).first.click()
    card = rita.get_by_role("dialog")
    expect(card.get_by_role("link", name="Open", exact=True)).to_have_attribute("href", f"/appointments/{visit}")
    expect(card.get_by_role("button")).to_have_count(1)  # the one that closes it
    profile.close()


def test_roles_in_arabic(arabic: Page):
    arabic.goto("/settings/roles")
    expect(arabic.get_by_role("columnheader", name="موظف استقبال")).to_be_visible()
    screens.shoot(arabic, "roles", "arabic")
