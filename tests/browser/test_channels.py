"""Settings › Channels, in a real browser: a mail server and a gateway on loopback are set up and tried out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from appointments_app.features.channels import service
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
    sms.get_by_label("Address").fill(gateway.url)
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


def test_the_channels_in_arabic(arabic: Page):
    open_settled(arabic, "/settings/channels")
    expect(arabic.get_by_role("heading", name="الرسائل القصيرة")).to_be_visible()
    screens.shoot(arabic, "channels", "arabic")
