"""Sending SMS by hand, in a real browser: from the list, from an appointment, from a client's file."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, expect
from sqlalchemy import select

from appointments_app.db.models import Message
from tests.browser.conftest import Desk
from tests.browser.eyes import ROWS, open_settled, violations
from tests.services import screens


def sent_to(desk: Desk, client_id: int | str) -> list[str]:
    """Return the texts in the outbox for a client."""
    with desk.uow.read() as tx:
        mine = select(Message.body).where(Message.client_id == int(client_id)).order_by(Message.id)
        return list(tx.execute(mine).scalars())


def test_r26_r28_sms_to_the_clients_of_the_selection_after_a_preview(ada: Page, desk: Desk, booked: Callable[..., int]):
    word = f"w{uuid4().hex[:8]}"
    reached = desk.a_client(f"Cleo {word}", phone="+201001234567")
    silent = desk.a_client(f"Nour {word}")
    booked(client=str(reached))
    booked(client=str(silent))
    open_settled(ada, f"/appointments?q={word}")
    expect(ada.locator(ROWS)).to_have_count(2)
    ada.get_by_label("Select this page").check()
    ada.get_by_role("button", name="Actions", exact=True).click()
    ada.get_by_role("menuitem", name="Send SMS to client").click()
    dialog = ada.get_by_role("dialog")
    expect(dialog.get_by_label("Template")).to_have_value("1")
    expect(dialog.get_by_text("No phone number: 1")).to_be_visible()
    expect(dialog.get_by_text("Nile Clinic: your appointment is on")).to_be_visible()
    expect(dialog.get_by_text("No SMS channel is set up: messages wait in the outbox.")).to_be_visible()
    screens.shoot_all(ada, "send-sms")
    dialog.get_by_label("Template").select_option(label="Write a text")
    expect(dialog.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    dialog.get_by_label("Text").fill("Dear {{client.nam}}")
    expect(dialog.get_by_text("“client.nam” is not one of the placeholders.")).to_be_visible()
    dialog.get_by_label("Text").fill("Dear {{client.name}}, we moved next door.")
    expect(dialog.get_by_text(f"Dear Cleo {word}, we moved next door.")).to_be_visible()
    for choice in ("Reminder to the client", "Write a text"):  # what was written comes back
        dialog.get_by_label("Template").select_option(label=choice)
    expect(dialog.get_by_label("Text")).to_have_value("Dear {{client.name}}, we moved next door.")
    dialog.get_by_role("button", name="Send 1 message").click()
    expect(ada.get_by_text("1 message is on its way.")).to_be_visible()
    expect(dialog).to_have_count(0)
    assert sent_to(desk, reached) == [f"Dear Cleo {word}, we moved next door."]
    assert sent_to(desk, silent) == []


def test_one_appointment_and_one_client_are_written_to(ada: Page, desk: Desk, booked: Callable[..., int]):
    client = desk.a_client(phone="+201001234567", email=f"{uuid4().hex}@example.com")
    visit = booked(client=str(client))
    open_settled(ada, f"/appointments/{visit}")
    ada.get_by_role("button", name="SMS", exact=True).click()
    ada.get_by_role("menuitem", name="Send SMS to staff").click()
    dialog = ada.get_by_role("dialog")
    expect(dialog.get_by_text("Nobody is assigned: 1")).to_be_visible()
    expect(dialog.get_by_role("button", name="Send 0 messages")).to_be_disabled()
    ada.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    ada.get_by_role("button", name="SMS", exact=True).click()
    ada.get_by_role("menuitem", name="Send SMS to client").click()
    dialog.get_by_role("button", name="Send 1 message").click()
    expect(ada.get_by_text("1 message is on its way.")).to_be_visible()
    expect(ada.get_by_text("sent a message")).to_be_visible()
    expect(ada.get_by_text("changed this appointment meanwhile")).to_have_count(0)
    open_settled(ada, f"/clients/{client}")
    ada.get_by_role("button", name="Send SMS").click()
    expect(dialog.get_by_text("No SMS channel is set up: messages wait in the outbox.")).to_be_visible()
    expect(dialog.get_by_label("Text")).to_have_value("")  # it is said before anything is written
    expect(dialog.get_by_role("link", name="Set one up")).to_have_attribute("href", "/settings/channels")
    dialog.get_by_label("Text").fill("See you soon!")
    expect(dialog.locator(".bubble")).to_have_text("See you soon!")
    dialog.get_by_role("button", name="Send 1 message").click()
    expect(dialog).to_have_count(0)
    assert len(sent_to(desk, client)) == 2 and sent_to(desk, client)[1] == "See you soon!"
    ada.get_by_role("button", name="Send SMS").click()
    dialog.get_by_role("button", name="E-mail", exact=True).click()
    expect(dialog.get_by_role("heading", name="Send e-mail")).to_be_visible()
    dialog.get_by_label("Text").fill("We moved.\n\nSee you soon!")
    expect(dialog.get_by_text("Enter a subject.")).to_be_visible()
    dialog.get_by_label("Subject").fill("News for {{client.name}}")
    expect(dialog.locator(".bubble")).to_contain_text("News for Cleo")
    screens.shoot_all(ada, "send-e-mail")
    assert violations(ada) == []
    dialog.get_by_role("button", name="Send 1 message").click()
    expect(dialog).to_have_count(0)
    assert sent_to(desk, client)[2].startswith("We moved.")


def test_sending_in_arabic(arabic: Page, desk: Desk, booked: Callable[..., int]):
    client = desk.a_client(phone="+201001234567", language="ar")
    visit = booked(client=str(client))
    open_settled(arabic, f"/appointments/{visit}")
    arabic.get_by_role("button", name="الرسائل القصيرة", exact=True).click()
    arabic.get_by_role("menuitem").first.click()
    expect(arabic.get_by_role("dialog").locator(".bubble")).to_contain_text("موعدك لدى Nile Clinic يوم")
    screens.shoot(arabic, "send-sms", "arabic")
