"""Senders against a real SMTP server and a real HTTP gateway on loopback."""

from __future__ import annotations

import logging
import re
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO

import pytest

from appointments_app.domain.channel import HttpSetup, SmtpSetup, smtp_from_url
from appointments_app.domain.message import Attachment, Channel, DeliveryError, Outgoing, Sender
from appointments_app.integrations import sms_http
from appointments_app.integrations.sms_apprise import AppriseSender, is_known
from appointments_app.integrations.sms_http import HttpSmsSender
from appointments_app.integrations.smtp import SmtpSender, letter
from tests.services import gateway as gateways
from tests.services import mailbox as mailboxes
from tests.services.gateway import Answer, Gateway
from tests.services.machine import free_port
from tests.services.mailbox import Mailbox

TEXT = 'Tomorrow 10:00: "Consultation" & more – غداً ✓'
SMS = Outgoing(Channel.SMS, "+201001234567", TEXT, key="row-17")
MAIL = Outgoing(
    Channel.EMAIL,
    "cleo@example.com",
    TEXT,
    subject="Your appointment\r\nBcc: spy@example.com",
    html="<p dir='rtl'>غداً</p>",
    attachments=(Attachment("appointment.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),),
    key="row-18",
    unsubscribe=f"https://desk.example.com/unsubscribe/{'abc' * 30}",
)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """A gateway that takes everything, unless told otherwise."""
    with gateways.running() as running:
        yield running


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server that takes everything, unless told otherwise."""
    with mailboxes.running() as running:
        yield running


def by_json(gateway: Gateway, body: str = '{"to": "{to}", "text": "{text}", "ref": {"id": "{key}"}}') -> HttpSmsSender:
    """Return a sender that posts JSON with a bearer token."""
    return HttpSmsSender(HttpSetup(gateway.url, "POST", "Authorization: Bearer {secret}", "json", body), "s3cret")


def by_apprise(gateway: Gateway) -> AppriseSender:
    """Return a sender through Apprise's plainest plug-in."""
    return AppriseSender(f"json://127.0.0.1:{gateway.port}/{{to}}")


def smtp(mailbox: Mailbox, user: str = "", password: str = "", security: str = "none") -> SmtpSender:
    """Return a sender to the mailbox."""
    setup = SmtpSetup("127.0.0.1", mailbox.port, security, user, "desk@example.com", "Nile Clinic, Cairo")
    return SmtpSender(setup, password, tls=_trusting())


def refusal(sender: Sender, outgoing: Outgoing) -> DeliveryError:
    """Return what the sender raises."""
    with pytest.raises(DeliveryError) as error:
        sender.send(outgoing)
    return error.value


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def test_an_sms_arrives_as_json_with_its_key_and_secret(gateway: Gateway):
    gateway.usual = Answer(body='{"message_id": "gw-9"}')
    assert by_json(gateway).send(SMS).provider_id == "gw-9"
    (request,) = gateway.taken
    assert request.values == {"to": "+201001234567", "text": TEXT, "ref": {"id": "row-17"}}
    assert request.headers["idempotency-key"] == "row-17"
    assert request.headers["authorization"] == "Bearer s3cret"
    assert request.headers["content-type"] == "application/json"


def test_an_sms_arrives_as_a_form_and_by_the_address_alone(gateway: Gateway):
    form = HttpSetup(gateway.url, "POST", "", "form", "to={to}&text={text}&key={secret}")
    HttpSmsSender(form, "a&b=c").send(SMS)
    HttpSmsSender(HttpSetup(f"{gateway.url}?to={{to}}&text={{text}}", "GET", "", "json", ""), "").send(SMS)
    first, second = gateway.requests
    assert first.values == {"to": SMS.to, "text": TEXT, "key": "a&b=c"}
    assert (second.method, second.values) == ("GET", {"to": SMS.to, "text": TEXT})


def test_nothing_in_a_text_can_get_out_of_its_place(gateway: Gateway):
    nasty = Outgoing(Channel.SMS, "+1", '", "to": "+999", "x": "{secret}\\', key="k")
    by_json(gateway).send(nasty)
    assert gateway.taken[0].values["to"] == "+1" and gateway.taken[0].values["text"] == nasty.text


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        (400, True),
        (404, True),
        (422, True),
        (401, False),
        (403, False),
        (408, False),
        (429, False),
        (500, False),
        (503, False),
        (302, False),
    ],
)
def test_a_gateways_refusal_is_permanent_or_not(gateway: Gateway, status: int, permanent: bool):
    gateway.usual = Answer(status, headers={"Location": gateway.url})
    for sender in (by_json(gateway), by_apprise(gateway)) if status != 302 else (by_json(gateway),):
        error = refusal(sender, SMS)
        assert (error.permanent, error.uncertain) == (permanent, False)
    assert len(gateway.requests) == (2 if status != 302 else 1) and not gateway.taken


def test_a_gateway_says_when_to_come_back(gateway: Gateway):
    gateway.next(
        Answer(429, headers={"Retry-After": "7"}),
        Answer(503, headers={"Retry-After": "Wed, 21 Oct 2065 07:28:00 GMT"}),
        Answer(429, headers={"Retry-After": "soon"}),
    )
    number, day, nonsense = (refusal(by_json(gateway), SMS).retry_after for _ in range(3))
    assert number == 7 and nonsense is None
    assert day and day > 1_000_000


def test_a_break_after_the_request_is_uncertain_one_before_it_is_not(gateway: Gateway, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sms_http, "SECONDS", 0.3)
    gateway.next(Answer(breaks="after"), Answer(breaks="after"), Answer(delay=1))
    assert refusal(by_json(gateway), SMS).uncertain
    assert refusal(by_apprise(gateway), SMS).uncertain
    late = refusal(by_json(gateway), SMS)
    assert late.uncertain and not late.permanent
    gateway.go_away()
    for sender in (by_json(gateway), by_apprise(gateway)):
        away = refusal(sender, SMS)
        assert (away.uncertain, away.permanent) == (False, False)
    gateway.come_back()
    by_json(gateway).send(SMS)
    assert len([one for one in gateway.taken if "idempotency-key" in one.headers]) == 1, "a key is taken once"


def test_an_sms_goes_through_apprise_and_leaves_nothing_in_the_log(gateway: Gateway):
    log = StringIO()
    told = logging.StreamHandler(log)
    logging.getLogger().addHandler(told)
    by_apprise(gateway).send(SMS)
    (request,) = gateway.taken
    assert request.values["message"] == TEXT and request.path.startswith("/+201001234567")
    gateway.usual = Answer(500)
    refusal(by_apprise(gateway), SMS)
    logging.getLogger().removeHandler(told)
    assert "+20100" not in log.getvalue() and TEXT not in log.getvalue()


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("json://host/{to}", True),
        ("twilio://AC1:token@15005550006/{to}", True),
        ("nonsense://x/{to}", False),
        ("", False),
        ("twilio://", False),
    ],
)
def test_an_address_that_apprise_does_not_know_is_told(url: str, known: bool):
    assert is_known(url) is known


@pytest.mark.parametrize("key", ["portal:" + "0f" * 32, "a b@c>d", "ش", "k" * 200])
def test_a_letter_has_a_message_id_whatever_its_key(key: str):
    setup = SmtpSetup("mail.example.com", 25, "none", "", "desk@example.com")
    wire = letter(replace(MAIL, key=key), setup).as_bytes().decode()
    assert re.search(r"^Message-ID:(\r\n)? <[\w.-]+@example\.com>\r$", wire, re.MULTILINE | re.ASCII), wire[:600]


def test_a_letter_arrives_whole(mailbox: Mailbox):
    receipt = smtp(mailbox).send(MAIL)
    (letter,) = mailbox.letters
    assert mailbox.recipients == ["cleo@example.com"]
    assert receipt.provider_id == letter["Message-ID"] == "<row-18@example.com>"
    assert letter["Subject"] == "Your appointment Bcc: spy@example.com" and letter["Bcc"] is None
    assert letter["From"] == '"Nile Clinic, Cairo" <desk@example.com>'
    assert f"\r\nList-Unsubscribe: <{MAIL.unsubscribe}>\r\n".encode() in mailbox.wire[0], (
        "mail programs read it as it is"
    )
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Auto-Submitted"] == "auto-generated"
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain and plain.get_content().strip() == TEXT
    assert html and "غداً" in html.get_content()
    (attachment,) = letter.iter_attachments()
    assert attachment.get_filename() == "appointment.ics" and attachment.get_content_type() == "text/calendar"


@pytest.mark.parametrize(
    ("reply", "permanent"), [("550 No such user", True), ("451 Try later", False), ("452 Full", False)]
)
def test_a_refused_recipient_is_permanent_or_not(mailbox: Mailbox, reply: str, permanent: bool):
    sender = smtp(mailbox)
    mailbox.to_recipient.append(reply)
    error = refusal(sender, MAIL)
    assert (error.permanent, error.reason) == (permanent, reply)
    sender.send(MAIL)
    assert len(mailbox.letters) == 1 and mailbox.sessions == 1, "the connection is used again"


@pytest.mark.parametrize(("reply", "permanent"), [("554 This is spam", True), ("451 Greylisted", False)])
def test_a_refused_letter_is_permanent_or_not(mailbox: Mailbox, reply: str, permanent: bool):
    mailbox.to_data.append(reply)
    assert refusal(smtp(mailbox), MAIL).permanent is permanent


def test_a_break_after_the_letter_is_uncertain(mailbox: Mailbox):
    mailbox.breaks_after_data = 1
    sender = smtp(mailbox)
    error = refusal(sender, MAIL)
    assert error.uncertain and not error.permanent
    sender.send(MAIL)
    assert len(mailbox.letters) == 2 and mailbox.letters[0]["Message-ID"] == mailbox.letters[1]["Message-ID"]


def test_a_kept_connection_that_died_meanwhile_is_replaced(mailbox: Mailbox):
    sender = smtp(mailbox)
    sender.send(MAIL)
    sender._idle[0][0].sock.shutdown(2)
    sender.send(MAIL)
    assert len(mailbox.letters) == 2 and mailbox.sessions == 2


def test_many_threads_send_over_connections_of_their_own(mailbox: Mailbox):
    sender, errors = smtp(mailbox), []

    def work() -> None:
        try:
            for _ in range(5):
                sender.send(MAIL)
        except DeliveryError as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors and len(mailbox.letters) == 20 and mailbox.sessions <= 4


def test_a_wrong_password_is_told_and_not_the_letters_fault():
    with mailboxes.running(password="right") as mailbox:
        smtp(mailbox, "desk", "right").send(MAIL)
        for wrong in ("wrong", "صحيح"):
            error = refusal(smtp(mailbox, "desk", wrong), MAIL)
            assert not error.permanent and "password" in error.reason
        assert len(mailbox.letters) == 1


def test_no_password_goes_to_a_server_without_encryption_where_it_was_asked_for(mailbox: Mailbox):
    error = refusal(smtp(mailbox, "desk", "secret", security="starttls"), MAIL)
    assert not error.permanent and "encryption" in error.reason and not mailbox.letters


@pytest.mark.parametrize("host", ["127.0.0.1", "mail..example.com"])
def test_a_mail_server_that_is_away_is_told(host: str):
    error = refusal(SmtpSender(SmtpSetup(host, free_port(), "none", "", "desk@example.com"), ""), MAIL)
    assert not error.permanent and not error.uncertain and "reached" in error.reason


def test_an_address_in_another_script_needs_a_server_that_can_write_it(mailbox: Mailbox):
    foreign = Outgoing(Channel.EMAIL, "كليو@example.com", "hi", subject="hi", key="k")
    try:
        smtp(mailbox).send(foreign)
    except DeliveryError as error:
        assert error.permanent
    else:
        assert mailbox.recipients == ["كليو@example.com"]


def test_settings_in_one_address():
    setup, password = smtp_from_url("smtp://desk%40example.com:p%2Fw@smtp.example.com", host_of_app="localhost")
    assert (setup.port, setup.security, setup.user, setup.sender, password) == (
        587,
        "starttls",
        "desk@example.com",
        "desk@example.com",
        "p/w",
    )
    setup, _ = smtp_from_url("smtps://u:p@smtp.example.com?from=a@example.com&name=Nile%20Clinic", host_of_app="x")
    assert (setup.port, setup.security, setup.sender, setup.sender_name) == (465, "tls", "a@example.com", "Nile Clinic")
    setup, _ = smtp_from_url("smtp://127.0.0.1:2525", host_of_app="desk.example.com")
    assert (setup.security, setup.user, setup.sender) == ("none", "", "appointments@desk.example.com")
    for wrong in ("http://host", "smtp://", "smtp://host:99999", "smtp://host?from=nobody"):
        with pytest.raises(ValueError):
            smtp_from_url(wrong, host_of_app="x")


def test_what_can_not_be_written_into_a_request_was_certainly_not_taken(gateway: Gateway):
    setup = HttpSetup(f"http://127.0.0.1:{gateway.port}/", "POST", "X-Text: {text} {to}", "json", "")
    error = refusal(HttpSmsSender(setup, ""), Outgoing(Channel.SMS, "+201001234567", "مرحبا", key="k"))
    assert not error.uncertain and not gateway.taken
