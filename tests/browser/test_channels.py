"""Settings › Channels, in a real browser: a mail server and a gateway on loopback are set up and tried out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import delete

from appointments_app.db.models import Message
from appointments_app.db.queries import channels
from appointments_app.domain.channel import HttpSetup, Means
from appointments_app.domain.message import Channel
from appointments_app.features.channels import service
from appointments_app.features.channels.schemas import as_json
from appointments_app.features.messages.service import post
from tests.browser.conftest import Desk
from tests.browser.eyes import open_settled
from tests.services import gateway as gateways
from tests.services import mailbox as mailboxes
from tests.services import screens
from tests.services.gateway import Answer, Gateway
from tests.services.mailbox import Mailbox


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server."""
    with mailboxes.running() as running:
        yield running


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """An SMS gateway."""
    with gateways.running() as running:
        yield running


@pytest.fixture(autouse=True)
def nothing_set_up(desk: Desk) -> None:
    """Begin without channels."""
    for form in service.open_channels(desk.uow, actor=desk.ada):
        if form.version:
            service.remove(desk.uow, actor=desk.ada, channel=form.channel)


def card(page: Page, title: str) -> Locator:
    """Return the card of one channel."""
    return page.locator("section.card", has=page.get_by_role("heading", name=title, exact=True))


def test_a_mail_server_is_set_up_and_tried(ada: Page, mailbox: Mailbox):
    ada.goto("/settings/channels")
    email = card(ada, "E-mail")
    expect(email).to_contain_text("Not set up")
    email.get_by_label("Mail server").fill("not a host")
    email.get_by_label("Password").fill("hunter2-hunter2")
    email.get_by_role("button", name="Save").click()
    expect(email.get_by_text("Enter the name of the mail server, such as smtp.example.com.")).to_be_visible()
    expect(email.get_by_label("Mail server")).to_be_focused()
    expect(email.get_by_label("Mail server")).to_have_value("not a host")
    expect(email.get_by_label("Password")).to_have_value("hunter2-hunter2")
    screens.shoot_all(ada, "channels-wrong")
    email.get_by_label("Mail server").fill("127.0.0.1")
    email.get_by_label("Port").fill(str(mailbox.port))
    email.get_by_label("Encryption").select_option("none")
    email.get_by_label("Sender's address").fill("desk@example.com")
    email.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("The settings were saved.")).to_be_visible()
    expect(email.get_by_label("Password")).to_have_value("")
    assert "hunter2" not in ada.content()
    email.get_by_label("Send a test message to").fill("cleo@example.com")
    email.get_by_role("button", name="Send").click()
    expect(email.get_by_text("Sent.")).to_be_visible()
    assert mailbox.recipients == ["cleo@example.com"]
    assert mailbox.letters[0]["From"] == "Nile Clinic <desk@example.com>"
    mailbox.to_recipient.append("550 No such user here")
    email.get_by_role("button", name="Send").click()
    expect(email.get_by_text("550 No such user here")).to_be_visible()
    email.get_by_role("button", name="Remove").click()
    ada.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(email).to_contain_text("Not set up")


def test_an_sms_gateway_is_set_up_and_tried(ada: Page, gateway: Gateway):
    ada.goto("/settings/channels")
    sms = card(ada, "SMS")
    sms.get_by_label("Sent by").select_option("apprise")
    sms.get_by_label("Apprise address").fill("nonsense://{to}")
    sms.get_by_role("button", name="Save").click()
    expect(sms.get_by_text("Apprise does not know such an address.")).to_be_visible()
    sms.get_by_label("Sent by").select_option("http")
    sms.locator("[name=url]").fill(gateway.url)
    sms.get_by_label("Key").fill("s3cret")
    sms.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("The settings were saved.")).to_be_visible()
    sms.get_by_label("Send a test message to").fill("0100 123 4567")
    gateway.next(Answer(401))
    sms.get_by_role("button", name="Send").click()
    expect(sms.get_by_text("The gateway does not accept the key in the settings.")).to_be_visible()
    sms.get_by_role("button", name="Send").click()
    expect(sms.get_by_text("Sent.")).to_be_visible()
    assert gateway.taken[0].values["to"] == "+201001234567"
    assert gateway.taken[0].headers["authorization"] == "Bearer s3cret"
    screens.shoot_all(ada, "channels")


def test_what_arrived_is_told_and_a_standstill_too(ada: Page, desk: Desk, gateway: Gateway):
    setup = HttpSetup(gateway.url, "POST", "", "json", '{"to": "{to}", "text": "{text}"}')
    sms = {"channel": Channel.SMS, "to": "+201001234567", "subject": "", "text": "We moved next door."}
    with desk.uow.begin() as tx:
        channels.store(tx, Channel.SMS, Means.HTTP.value, True, as_json(setup), "")
        post(tx, **sms, key="told")
    open_settled(ada, "/settings/channels")
    address = card(ada, "SMS").get_by_label("Where the gateway reports whether an SMS arrived").input_value()
    patience = time.monotonic() + 20
    while not gateway.taken and time.monotonic() < patience:
        time.sleep(0.1)
    time.sleep(0.5)  # until its end is kept
    assert httpx.post(address, json={"id": "gw-1", "status": "undelivered", "reason": "Unknown subscriber"}).is_success
    open_settled(ada, "/messages?tab=failed")
    row = ada.locator("tr[data-row]").filter(has_text="We moved next door.")
    expect(row).to_contain_text("The gateway could not deliver it")
    assert httpx.post(address, data={"id": "gw-1", "status": "delivered"}).is_success
    open_settled(ada, "/messages?tab=sent")
    expect(row.get_by_text("Delivered")).to_be_visible()
    row.get_by_role("button", name="We moved next door.").click()
    screens.shoot_all(ada, "message-delivered")
    ada.keyboard.press("Escape")
    gateway.usual = Answer(delay=60)  # it stops answering while many wait
    with desk.uow.begin() as tx:
        for number in range(45):
            post(tx, **sms, key=f"still-{number}", due=tx.now - timedelta(minutes=10))
    ada.wait_for_timeout(3_000)
    open_settled(ada, "/clients")
    told = ada.get_by_text("Reminders stand still: messages are due and nobody sends them.")
    expect(told).to_be_visible()
    screens.shoot_all(ada, "standing-still")
    ada.get_by_role("link", name="Look at sending").click()
    expect(ada.get_by_text("Messages stand still.")).to_be_visible()
    with desk.uow.begin() as tx:
        tx.execute(delete(Message).where(Message.key.startswith("still-")))
    open_settled(ada, "/clients")
    expect(told).to_have_count(0)


def test_the_channels_in_arabic(arabic: Page):
    open_settled(arabic, "/settings/channels")
    expect(arabic.get_by_role("heading", name="الرسائل القصيرة")).to_be_visible()
    screens.shoot(arabic, "channels", "arabic")
