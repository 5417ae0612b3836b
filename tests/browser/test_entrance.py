"""Signing in and out, languages and the account, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import EMAIL, PASSWORD, Desk, Person, sign_in
from tests.browser.eyes import open_settled
from tests.conftest import browser_settings
from tests.services import screens


@pytest.fixture
def other(browser: Browser, desk: Desk, ben: Person) -> Iterator[Page]:
    """Ben's account, open in a second browser."""
    elsewhere = browser.new_context(**browser_settings(desk.url))
    desk.enter(elsewhere, person=sign_in(desk.uow, ben.email))
    page = elsewhere.new_page()
    page.goto("/account")
    expect(page.get_by_label("Name")).to_have_value("Ben Okri")
    yield page
    elsewhere.close()


def test_a_wrong_password_keeps_the_address_and_says_so(page: Page, desk: Desk):
    page.goto("/sign-in")
    _sign_in(page, "not the password")
    expect(page.get_by_role("alert").filter(has_text="E-mail or password is wrong.")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value(EMAIL)
    screens.shoot_all(page, "sign-in")


def test_signing_in_leads_to_the_page_that_was_asked_for_and_signing_out_away_from_it(page: Page, desk: Desk):
    page.goto("/staff")
    page.wait_for_url(re.compile(r"/sign-in/?\?next="))
    _sign_in(page, PASSWORD)
    page.wait_for_url(re.compile(r"/staff/?$"))
    expect(page.get_by_role("heading", name="Staff")).to_be_visible()
    cookie = next(each for each in page.context.cookies() if each["name"] == "sid")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    assert "sid" not in page.evaluate("document.cookie")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile(r"/sign-in/?$"))
    page.goto("/staff")
    page.wait_for_url(re.compile(r"/sign-in/?\?next="))


def test_arabic_turns_the_page_round_for_its_reader_only_and_english_turns_it_back(as_ben: Page, ada: Page) -> None:
    as_ben.goto("/account")
    as_ben.get_by_role("button", name="العربية").click()
    expect(as_ben.locator("html")).to_have_attribute("dir", "rtl")
    expect(as_ben.locator("html")).to_have_attribute("lang", "ar")
    expect(as_ben.locator("#field-name")).to_be_visible()
    screens.shoot(as_ben, "account", "arabic")
    for page, direction, word in ((as_ben, "rtl", "المواعيد"), (ada, "ltr", "Appointments")):
        open_settled(page, "/appointments")
        expect(page.locator("html")).to_have_attribute("dir", direction)
        expect(page.get_by_role("heading", level=1)).to_have_text(word)
    as_ben.goto("/account")
    as_ben.get_by_role("button", name="English").click()
    expect(as_ben.locator("html")).to_have_attribute("dir", "ltr")


def test_the_account_changes_name_and_look(as_ben: Page):
    as_ben.goto("/account")
    expect(as_ben.get_by_label("Name")).to_have_value("Ben Okri")
    screens.shoot_all(as_ben, "account")
    as_ben.get_by_label("Name").fill("Ben King")
    as_ben.get_by_role("button", name="Save").click()
    expect(as_ben.get_by_text("Your details were saved.")).to_be_visible()
    expect(as_ben.locator(".side-foot")).to_contain_text("Ben King")
    as_ben.get_by_role("button", name="Dark", exact=True).click()
    expect(as_ben.locator("html")).to_have_class(re.compile("dark"))
    as_ben.get_by_role("button", name="Light", exact=True).click()


def test_a_new_password_signs_the_other_browsers_out(as_ben: Page, other: Page):
    as_ben.goto("/account")
    as_ben.get_by_label("Present password").fill("wrong")
    as_ben.get_by_label("New password").fill("another long one")
    as_ben.get_by_role("button", name="Change password").click()
    expect(as_ben.get_by_text("This is not your present password.")).to_be_visible()
    as_ben.get_by_label("Present password").fill(PASSWORD)
    as_ben.get_by_role("button", name="Change password").click()
    expect(as_ben.get_by_text("Your password was changed.")).to_be_visible()
    other.goto("/account")
    other.wait_for_url(re.compile(r"/sign-in/?\?next="))
    as_ben.reload()
    expect(as_ben.get_by_label("Name")).to_have_value("Ben Okri")


def test_sign_out_everywhere_ends_every_sign_in(as_ben: Page, other: Page):
    as_ben.goto("/account")
    as_ben.get_by_role("button", name="Sign out everywhere").click()
    as_ben.wait_for_url(re.compile(r"/sign-in/?$"))
    for page in (as_ben, other):
        page.goto("/account")
        page.wait_for_url(re.compile(r"/sign-in/?\?next="))


def test_no_cookie_and_no_password_reaches_the_log(page: Page, desk: Desk):
    page.goto("/sign-in")
    _sign_in(page, PASSWORD)
    page.wait_for_url(re.compile(r"/appointments/?$"))
    assert not re.search(r"sid=\w|argon2|correct horse|ada@example", desk.server.output)


def _sign_in(page: Page, password: str) -> None:
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
