"""First start, set-up, signing in and out, languages, staff, settings and the account, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.conftest import browser_settings
from tests.services import databases, screens, server

PASSWORD = "correct horse battery"
ADA = "ada@example.com"


@pytest.fixture(scope="module")
def fresh_server(
    built_frontend: Path, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[server.RunningServer]:
    """A program that has never been started before."""
    folder = tmp_path_factory.mktemp("fresh")
    with server.running(databases.sqlite_copy(sqlite_template, folder), folder) as running:
        yield running


@pytest.fixture
def context(browser: Browser, fresh_server: server.RunningServer) -> Iterator[BrowserContext]:
    """A browser profile that knows nothing yet."""
    profile = browser.new_context(**browser_settings(fresh_server.url))
    profile.set_default_timeout(15_000)
    yield profile
    profile.close()


@pytest.fixture(scope="module")
def link(fresh_server: server.RunningServer) -> str:
    """The set-up link that the first start printed."""
    found = re.search(r"http\S+/setup\?token=\S+", fresh_server.output)
    assert found, fresh_server.output
    return found[0]


def _sign_in(page: Page, password: str = PASSWORD) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(ADA)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _enter(page: Page, address: str = "/appointments") -> None:
    _sign_in(page)
    page.wait_for_url(re.compile(r"/appointments/?$"))
    if address != "/appointments":
        page.goto(address)


def test_the_first_start_prints_a_link_that_makes_the_owner(page: Page, link: str):
    page.goto(link)
    page.get_by_label("Your name").fill("Ada Lovelace")
    page.get_by_label("E-mail").fill(ADA)
    page.get_by_label("Password").fill("short")
    page.get_by_label("Business name").fill("Nile Clinic")
    page.get_by_label("Time zone").select_option("Africa/Cairo")
    page.get_by_label("Country of phone numbers").select_option("EG")
    page.get_by_label("Add sample data").check()
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("alert").filter(has_text="At least 10 characters.")).to_be_visible()
    screens.shoot_all(page, "set-up")
    expect(page.get_by_label("Your name")).to_have_value("Ada Lovelace")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create").click()
    page.wait_for_url(re.compile(r"/appointments/?$"))
    expect(page.get_by_role("heading", name="Appointments")).to_be_visible()
    expect(page.locator("tr[data-row]").first).to_be_visible()


def test_the_link_does_not_work_twice(page: Page, link: str):
    page.goto(link)
    page.get_by_label("Your name").fill("Eve")
    page.get_by_label("E-mail").fill("eve@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Business name").fill("Eve's")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("alert").filter(has_text="not valid any more")).to_be_visible()


def test_a_wrong_password_keeps_the_address_and_says_so(page: Page):
    _sign_in(page, "not the password")
    expect(page.get_by_role("alert").filter(has_text="E-mail or password is wrong.")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value(ADA)
    screens.shoot_all(page, "sign-in")


def test_signing_in_leads_to_the_page_that_was_asked_for_and_signing_out_away_from_it(page: Page):
    page.goto("/staff")
    page.wait_for_url(re.compile(r"/sign-in/?\?next="))
    page.get_by_label("E-mail").fill(ADA)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile(r"/staff/?$"))
    expect(page.get_by_role("heading", name="Staff")).to_be_visible()
    cookie = next(each for each in page.context.cookies() if each["name"] == "sid")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    assert "sid" not in page.evaluate("document.cookie")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile(r"/sign-in/?$"))
    page.goto("/staff")
    page.wait_for_url(re.compile(r"/sign-in/?\?next="))


def test_arabic_turns_the_page_round_and_english_turns_it_back(page: Page):
    _enter(page, "/account")
    page.get_by_role("button", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page.locator("#field-name")).to_be_visible()
    screens.shoot(page, "account", "arabic")
    for address in ("settings", "staff", "staff/new"):
        page.goto(f"/{address}")
        expect(page.locator(".skeleton")).to_have_count(0)
        screens.shoot(page, address.replace("/", "-"), "arabic")
    page.goto("/account")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("dir", "ltr")


def test_a_colleague_is_added_edited_and_deactivated(page: Page):
    _enter(page, "/staff")
    expect(page.get_by_role("link", name="Ada Lovelace")).to_have_count(2)
    screens.shoot_all(page, "staff")
    page.get_by_role("link", name="New staff member").click()
    page.get_by_label("Name").fill("Cleo Karim")
    page.get_by_label("E-mail").fill("not an address")
    page.get_by_label("Phone").fill("0100 123 4567")
    page.get_by_label("Teal").check(force=True)
    page.get_by_label("May sign in").check()
    page.get_by_label("New password").fill("a long password")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This is not an e-mail address.")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_be_focused()
    expect(page.get_by_label("New password")).to_have_value("a long password")
    screens.shoot_all(page, "staff-new")
    page.get_by_label("E-mail").fill("cleo@example.com")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/staff/?$"))
    row = page.locator("tr", has_text="cleo@example.com")
    expect(row).to_contain_text("+20 10 01234567")
    expect(page.get_by_text("Cleo Karim was saved.")).to_be_visible()
    row.get_by_role("button", name="Actions for Cleo Karim").click()
    page.get_by_role("menuitem", name="Deactivate").click()
    expect(row).to_have_count(0)
    page.get_by_role("link", name="Inactive").click()
    expect(page.locator("tr", has_text="cleo@example.com")).to_be_visible()


def test_the_last_owner_is_not_let_go(page: Page):
    _enter(page, "/staff")
    page.get_by_role("button", name="Actions for Ada Lovelace").click()
    page.get_by_role("menuitem", name="Deactivate").click()
    expect(page.get_by_text("At least one owner who may sign in has to remain.")).to_be_visible()
    expect(page.locator("tr", has_text=ADA)).to_be_visible()


def test_of_two_who_save_the_same_person_the_second_loses_nothing(page: Page, context: BrowserContext):
    _enter(page, "/staff?show=inactive")
    page.get_by_role("link", name="Cleo Karim").click()
    expect(page.get_by_label("Name")).to_have_value("Cleo Karim")
    other = context.new_page()
    other.goto(page.url)
    other.get_by_label("Name").fill("Cleopatra")
    other.get_by_role("button", name="Save").click()
    other.wait_for_url(re.compile(r"/staff/?$"))
    page.get_by_label("Name").fill("Cleo K.")
    page.get_by_role("button", name="Save").click()
    banner = page.locator(".banner", has_text="Somebody else changed this meanwhile.")
    expect(banner).to_contain_text("Cleopatra")
    expect(page.get_by_label("Name")).to_have_value("Cleo K.")
    screens.shoot_all(page, "staff-conflict")
    page.get_by_role("button", name="Save mine anyway").click()
    page.wait_for_url(re.compile(r"/staff/?$"))
    page.goto("/staff?show=inactive")
    expect(page.get_by_role("link", name="Cleo K.")).to_be_visible()


def test_settings_are_saved_and_wrong_ones_refused_at_the_field(page: Page):
    _enter(page, "/settings")
    expect(page.get_by_label("Business name")).to_have_value("Nile Clinic")
    screens.shoot_all(page, "settings")
    page.get_by_label("Business name").fill("  ")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Enter a name.")).to_be_visible()
    page.get_by_label("Business name").fill("Nile Clinic & Sons")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The settings were saved.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Business name")).to_have_value("Nile Clinic & Sons")


def test_the_account_changes_name_and_look(page: Page):
    _enter(page, "/account")
    screens.shoot_all(page, "account")
    page.get_by_label("Name").fill("Ada King")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your details were saved.")).to_be_visible()
    expect(page.locator(".side-foot")).to_contain_text("Ada King")
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_class(re.compile("dark"))
    page.get_by_role("button", name="Light", exact=True).click()


def test_a_new_password_signs_the_other_browsers_out(page: Page, browser: Browser, fresh_server: server.RunningServer):
    elsewhere = browser.new_context(**browser_settings(fresh_server.url))
    other = elsewhere.new_page()
    _enter(other)
    _enter(page, "/account")
    page.get_by_label("Present password").fill("wrong")
    page.get_by_label("New password").fill("another long one")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("This is not your present password.")).to_be_visible()
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Your password was changed.")).to_be_visible()
    other.goto("/account")
    other.wait_for_url(re.compile(r"/sign-in/?\?next="))
    page.get_by_label("Present password").fill("another long one")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Your password was changed.").first).to_be_visible()
    elsewhere.close()


def test_sign_out_everywhere_ends_this_sign_in_too(page: Page):
    _enter(page, "/account")
    page.get_by_role("button", name="Sign out everywhere").click()
    page.wait_for_url(re.compile(r"/sign-in/?$"))
    page.goto("/account")
    page.wait_for_url(re.compile(r"/sign-in/?\?next="))


def test_no_cookie_and_no_password_reaches_the_log(fresh_server: server.RunningServer):
    assert not re.search(r"sid=\w|argon2|correct horse|ada@example", fresh_server.output)
