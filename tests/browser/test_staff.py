"""Staff and settings, in a real browser."""

from __future__ import annotations

import re
from uuid import uuid4

from playwright.sync_api import Page, expect

from appointments_app.domain.access import Actor
from tests.browser.conftest import EMAIL
from tests.browser.eyes import open_settled
from tests.services import screens


def test_a_colleague_is_added_edited_and_deactivated(ada: Page):
    email = f"cleo-{uuid4().hex[:6]}@example.com"
    ada.goto("/staff")
    expect(ada.get_by_role("link", name="Ada Lovelace")).to_have_count(2)
    screens.shoot_all(ada, "staff")
    ada.get_by_role("link", name="New staff member").click()
    ada.get_by_label("Name").fill("Cleo Karim")
    ada.get_by_label("E-mail").fill("not an address")
    ada.get_by_label("Phone").fill("0100 123 4567")
    ada.get_by_label("Teal").check(force=True)
    ada.get_by_label("May sign in").check()
    ada.get_by_label("New password").fill("a long password")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("This is not an e-mail address.")).to_be_visible()
    expect(ada.get_by_label("E-mail")).to_be_focused()
    expect(ada.get_by_label("New password")).to_have_value("a long password")
    screens.shoot_all(ada, "staff-new")
    ada.get_by_label("E-mail").fill(email)
    ada.get_by_role("button", name="Save").click()
    ada.wait_for_url(re.compile(r"/staff/?$"))
    row = ada.locator("tr", has_text=email)
    expect(row).to_contain_text("+20 10 01234567")
    expect(ada.get_by_text("Cleo Karim was saved.")).to_be_visible()
    row.get_by_role("button", name="Actions for Cleo Karim").click()
    ada.get_by_role("menuitem", name="Deactivate").click()
    expect(row).to_have_count(0)
    ada.get_by_role("link", name="Inactive").click()
    expect(ada.locator("tr", has_text=email)).to_be_visible()


def test_the_last_owner_is_not_let_go(ada: Page):
    ada.goto("/staff")
    ada.get_by_role("button", name="Actions for Ada Lovelace").click()
    ada.get_by_role("menuitem", name="Deactivate").click()
    expect(ada.get_by_text("At least one owner who may sign in has to remain.")).to_be_visible()
    expect(ada.locator("tr", has_text=EMAIL)).to_be_visible()


def test_of_two_who_save_the_same_person_the_second_loses_nothing(ada: Page, worker: Actor):
    ada.goto(f"/staff/{worker.staff_id}")
    expect(ada.get_by_label("Name")).to_have_value(worker.name)
    other = ada.context.new_page()
    other.goto(ada.url)
    other.get_by_label("Name").fill("Cleopatra")
    other.get_by_role("button", name="Save").click()
    other.wait_for_url(re.compile(r"/staff/?$"))
    ada.get_by_label("Name").fill("Cleo K.")
    ada.get_by_role("button", name="Save").click()
    banner = ada.locator(".banner", has_text="Somebody else changed this meanwhile.")
    expect(banner).to_contain_text("Cleopatra")
    expect(ada.get_by_label("Name")).to_have_value("Cleo K.")
    screens.shoot_all(ada, "staff-conflict")
    ada.get_by_role("button", name="Save mine anyway").click()
    ada.wait_for_url(re.compile(r"/staff/?$"))
    expect(ada.get_by_role("link", name="Cleo K.")).to_be_visible()


def test_settings_are_saved_and_wrong_ones_refused_at_the_field(ada: Page):
    ada.goto("/settings")
    expect(ada.get_by_label("Business name")).to_have_value("Nile Clinic")
    screens.shoot_all(ada, "settings")
    ada.get_by_label("Business name").fill("  ")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("Enter a name.")).to_be_visible()
    ada.get_by_label("Business name").fill("Nile Clinic & Sons")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("The settings were saved.")).to_be_visible()
    ada.reload()
    expect(ada.get_by_label("Business name")).to_have_value("Nile Clinic & Sons")


def test_staff_and_settings_in_arabic(arabic: Page):
    for address in ("settings", "staff", "staff/new"):
        open_settled(arabic, f"/{address}")
        expect(arabic.locator("html")).to_have_attribute("dir", "rtl")
        screens.shoot(arabic, address.replace("/", "-"), "arabic")
