"""Settings › Templates, in a real browser."""

from __future__ import annotations

import re
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.eyes import open_settled
from tests.services import screens


def test_a_template_is_written_with_placeholders_and_seen_before_it_is_saved(ada: Page):
    name = f"Running late {uuid4().hex[:6]}"
    open_settled(ada, "/settings/templates")
    expect(ada.get_by_role("link", name="Reminder to the client")).to_have_count(2)
    screens.shoot_all(ada, "templates")
    ada.get_by_role("link", name="New", exact=True).first.click()
    ada.get_by_label("Name").fill(name)
    english = ada.locator("fieldset", has_text="English")
    text = english.get_by_label("Text")
    text.fill("Dear , we are a little late.")
    text.press("Home")
    for _ in range(5):
        text.press("ArrowRight")
    ada.get_by_role("button", name="Client's name").click()
    expect(text).to_have_value("Dear {{client.name}}, we are a little late.")
    expect(english.locator(".bubble")).to_contain_text(", we are a little late.")
    expect(english.locator(".bubble")).not_to_contain_text("{{")
    expect(english.get_by_text(re.compile("GSM-7|UCS-2"))).to_be_visible()
    text.fill("Dear {{client.nam}}")
    expect(ada.get_by_text("“client.nam” is not one of the placeholders.")).to_be_visible()
    ada.get_by_role("button", name="Save").click()
    expect(text).to_be_focused()
    expect(text).to_have_value("Dear {{client.nam}}")
    screens.shoot_all(ada, "template-wrong")
    text.fill("Dear {{client.name}}, we are late.")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("The template was saved.")).to_be_visible()
    ada.get_by_role("link", name=name).click()
    expect(ada.locator("fieldset", has_text="English").get_by_label("Text")).to_have_value(
        "Dear {{client.name}}, we are late."
    )
    ada.get_by_role("button", name="Delete").click()
    ada.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(ada.get_by_text(f"{name} was deleted.")).to_be_visible()
    expect(ada.get_by_role("link", name=name)).to_have_count(0)


def test_a_letter_is_shown_as_it_will_arrive(ada: Page):
    open_settled(ada, "/settings/templates")
    ada.get_by_role("link", name="Reminder to the client").last.click()
    letter = ada.locator("iframe").first.content_frame
    expect(letter.get_by_text("this is a reminder of your appointment.")).to_be_visible()
    arabic = ada.locator("iframe").last.content_frame
    expect(arabic.get_by_text("نذكّرك بموعدك لدينا.")).to_be_visible()
    expect(arabic.locator("html")).to_have_attribute("dir", "rtl")
    screens.shoot_all(ada, "template-email")
    ada.mouse.wheel(0, 900)
    ada.wait_for_timeout(200)
    screens.shoot(ada, "template-email", "below")


def test_templates_in_arabic(arabic: Page):
    open_settled(arabic, "/settings/templates")
    screens.shoot(arabic, "templates", "arabic")
    arabic.get_by_role("link", name="Reminder to the client").first.click()
    expect(arabic.locator(".bubble").first).to_be_visible()
    screens.shoot(arabic, "template-sms", "arabic")
