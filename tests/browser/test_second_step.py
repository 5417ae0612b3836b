"""The second step and a forgotten password, in a real browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from playwright.sync_api import Browser, Page, expect
from pyotp.totp import TOTP
from sqlmodel import select

from appointments_app.db.models import ChannelSetup, Message
from tests.browser.conftest import PASSWORD, Desk
from tests.conftest import browser_settings
from tests.services import screens

NEW = "seven tall giraffes"


def _enter(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_a_second_step_is_set_up_and_asked_for(browser: Browser, desk: Desk):
    person = desk.hire("Sara Okri")
    profile = browser.new_context(**browser_settings(desk.url))
    page = profile.new_page()
    _enter(page, person.email)
    page.wait_for_url(re.compile("/appointments"))
    page.goto("/account")
    page.get_by_role("button", name="Set up").click()
    present = page.locator("#field-second_password")
    present.fill("not my password")
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_text("This is not your present password.")).to_be_visible()
    screens.shoot_all(page, "second-step-password")
    present.fill(PASSWORD)
    page.get_by_role("button", name="Set up").click()
    key = page.locator("code").first.inner_text().replace(" ", "")
    screens.shoot_all(page, "second-step-set-up")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("This code is wrong")).to_be_visible()
    page.get_by_label("Code").fill(TOTP(key).at(datetime.now(UTC)))
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("The second step is on.")).to_be_visible()
    codes = page.locator("ul.codes code").all_inner_texts()
    assert len(codes) == 10
    screens.shoot_all(page, "second-step-codes")
    page.get_by_role("button", name="Sign out everywhere").click()
    page.wait_for_url(re.compile("/sign-in"))
    _enter(page, person.email)
    page.wait_for_url(re.compile("/sign-in/second-step"))
    screens.shoot_all(page, "second-step")
    page.goto("/account")
    page.wait_for_url(re.compile("/sign-in"))
    _enter(page, person.email)
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/appointments"))
    profile.close()


def test_a_forgotten_password_is_set_anew_by_the_link(browser: Browser, desk: Desk):
    person = desk.hire("Omar Okri")
    profile = browser.new_context(**browser_settings(desk.url))
    page = profile.new_page()
    page.goto("/sign-in")
    page.get_by_role("link", name="Forgotten password?").click()
    expect(page.get_by_text("No e-mail is set up here")).to_be_visible()
    expect(page.get_by_role("button", name="Send link")).to_have_count(0)
    screens.shoot_all(page, "forgot-no-mail")
    with desk.uow.begin() as tx:
        nowhere = '{"host": "localhost", "port": 9, "security": "none", "user": "", "sender": "a@example.com"}'
        tx.add(ChannelSetup(channel="email", means="smtp", settings=nowhere, created_at=desk.uow.clock()))
    page.reload()
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_role("button", name="Send link").click()
    expect(page.get_by_text("If somebody has this address")).to_be_visible()
    screens.shoot_all(page, "forgot-sent")
    with desk.uow.read() as tx:
        letter = tx.exec(select(Message).where(Message.address == person.email)).one()
    link = re.search(r"(/reset\?token=\S+)", letter.body)
    assert link
    page.goto(link[1])
    page.get_by_label("New password").fill("password123")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text("among the first that others would try")).to_be_visible()
    page.get_by_label("New password").fill(NEW)
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text("Sign in with the new one.")).to_be_visible()
    _enter(page, person.email, NEW)
    page.wait_for_url(re.compile("/appointments"))
    profile.close()
    with desk.uow.begin() as tx:
        tx.delete(tx.get_one(ChannelSetup, "email"))
