"""Channels: set up, kept secret, tried out, and what the program sends by."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import text

from appointments_app import runtime
from appointments_app.db.queries import history
from appointments_app.domain.access import Actor
from appointments_app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from appointments_app.domain.message import Channel, Outgoing
from appointments_app.features.channels import service
from appointments_app.features.channels.schemas import ChannelForm
from appointments_app.settings import Settings
from tests.appointments.desk import at_once
from tests.services.gateway import Answer, Gateway
from tests.services.mailbox import Mailbox
from tests.session.desk import Desk

SMTP = {
    "means": "smtp",
    "active": "yes",
    "host": "smtp.example.com",
    "port": "587",
    "security": "starttls",
    "user": "desk",
    "password": "hunter2-hunter2",
    "sender": "Desk@Example.com",
    "sender_name": "Nile Clinic",
}
HTTP = {
    "means": "http",
    "active": "yes",
    "url": "https://sms.example.com/send",
    "method": "POST",
    "headers": "Authorization: Bearer {secret}",
    "body_type": "json",
    "body": '{"to": "{to}", "text": "{text}"}',
    "secret": "s3cret-key",
}
SMS = Outgoing(Channel.SMS, "+201001234567", "Hello", key="k1")


def forms(desk: Desk, ada: Actor) -> tuple[ChannelForm, ChannelForm]:
    """Return the forms of e-mail and SMS."""
    email, sms = service.open_channels(desk.uow, actor=ada)
    return email, sms


def save(desk: Desk, ada: Actor, channel: str, values: dict, version: int | None = None) -> None:
    """Save a form over what is there."""
    email, sms = forms(desk, ada)
    known = (email if channel == "email" else sms).version
    service.save(desk.uow, actor=ada, channel=channel, values=values, version=known if version is None else version)


def wrong(desk: Desk, ada: Actor, channel: str, values: dict) -> set[str]:
    """Return the fields of a form that is refused."""
    with pytest.raises(Invalid) as refusal:
        save(desk, ada, channel, values)
    return set(refusal.value.fields)


def everything_stored(desk: Desk) -> str:
    """Return all that the database holds of channels and of the audit trail, as text."""
    with desk.uow.read() as tx:
        tables = ("channel_setup", "change_line")
        return str([tx.execute(text(f"SELECT * FROM {table}")).all() for table in tables])


def test_a_channel_is_stored_audited_and_its_secret_never_seen_again(desk: Desk, ada: Actor):
    save(desk, ada, "email", SMTP)
    email, sms = forms(desk, ada)
    assert (email.host, email.port, email.sender, email.has_secret) == (
        "smtp.example.com",
        "587",
        "desk@example.com",
        True,
    )
    assert sms.version == 0 and not sms.has_secret
    assert "hunter2" not in str(email) and "hunter2" not in everything_stored(desk)
    with desk.uow.read() as tx:
        (row,) = history.of_record(tx, "channel", service.NUMBERS[Channel.EMAIL])
    assert row.who == "Ada" and {"host", "secret"} <= {line.field for line in row.lines}


def test_the_program_sends_by_what_is_set_up_at_that_moment(desk: Desk, ada: Actor, gateway: Gateway):
    assert runtime.sender(Channel.SMS) is None
    save(desk, ada, "sms", {**HTTP, "url": gateway.url})
    sender = runtime.sender(Channel.SMS)
    assert sender is not None and runtime.sender(Channel.SMS) is sender, "made once for each version"
    sender.send(SMS)
    assert gateway.taken[0].headers["authorization"] == "Bearer s3cret-key"
    save(desk, ada, "sms", {**HTTP, "url": gateway.url, "secret": "another"})
    runtime.sender(Channel.SMS).send(SMS)
    assert gateway.requests[1].headers["authorization"] == "Bearer another"
    save(desk, ada, "sms", {**HTTP, "url": gateway.url, "secret": "", "active": ""})
    assert runtime.sender(Channel.SMS) is None
    service.remove(desk.uow, actor=ada, channel="sms")
    assert forms(desk, ada)[1].version == 0
    with pytest.raises(NotFound):
        service.remove(desk.uow, actor=ada, channel="sms")


def test_a_secret_stays_when_its_field_is_left_empty_but_never_goes_elsewhere(desk: Desk, ada: Actor, gateway: Gateway):
    save(desk, ada, "sms", {**HTTP, "url": gateway.url})
    save(desk, ada, "sms", {**HTTP, "url": gateway.url, "secret": "", "method": "PUT"})
    runtime.sender(Channel.SMS).send(SMS)
    assert (gateway.taken[0].method, gateway.taken[0].headers["authorization"]) == ("PUT", "Bearer s3cret-key")
    elsewhere = (
        {"url": "https://evil.example.com/"},
        {"headers": "X-Spy: {secret}"},
        {"body": '{"a":"{to}{text}{secret}"}'},
    )
    for change in elsewhere:
        assert wrong(desk, ada, "sms", {**HTTP, "url": gateway.url, "secret": "", **change}) == {"secret"}
    save(desk, ada, "email", SMTP)
    for change in ({"host": "evil.example.com"}, {"user": "other"}, {"security": "none"}):
        assert wrong(desk, ada, "email", {**SMTP, "password": "", **change}) == {"password"}
    save(desk, ada, "email", {**SMTP, "password": "", "sender_name": "Clinic"})
    assert wrong(desk, ada, "sms", {"means": "apprise", "apprise_url": "", "active": "yes"}) == {"apprise_url"}


def test_every_wrong_field_is_named_at_once(desk: Desk, ada: Actor):
    bad = {**SMTP, "host": "no host!", "port": "x", "security": "rot13", "sender": "nobody"}
    assert wrong(desk, ada, "email", bad) == {"host", "port", "security", "sender"}
    assert wrong(desk, ada, "email", {"means": "http"}) == {"means"}
    bad = {**HTTP, "url": "file:///etc/passwd", "method": "DELETE", "headers": "nonsense", "body_type": "xml"}
    assert wrong(desk, ada, "sms", bad) == {"url", "method", "headers", "body_type"}
    assert wrong(desk, ada, "sms", {**HTTP, "body": '{"to": "{to}", "text": {text}}'}) == {"body"}
    assert wrong(desk, ada, "sms", {**HTTP, "body": '{"to": "{to}"}'}) == {"body"}
    assert wrong(desk, ada, "sms", {"means": 7, "url": None}) == {"means"}
    apprise = {"means": "apprise", "active": "yes"}
    assert wrong(desk, ada, "sms", {**apprise, "apprise_url": "nonsense://{to}"}) == {"apprise_url"}
    assert wrong(desk, ada, "sms", {**apprise, "apprise_url": "json://localhost/"}) == {"apprise_url"}
    assert [form.version for form in forms(desk, ada)] == [0, 0]


@pytest.mark.parametrize(
    "url", ["ftp://host/", "gopher://x", "http://", "https:///path", "javascript:1", "http://h:0/", "h\n://"]
)
def test_a_gateway_is_a_web_address(desk: Desk, ada: Actor, url: str):
    assert "url" in wrong(desk, ada, "sms", {**HTTP, "url": url})


def test_the_second_of_two_who_save_is_told(desk: Desk, ada: Actor):
    save(desk, ada, "email", SMTP)
    with pytest.raises(Conflict):
        save(desk, ada, "email", {**SMTP, "host": "mine.example.com"}, version=0)


def test_a_test_message_is_sent_and_a_refusal_shown(desk: Desk, ada: Actor, gateway: Gateway, mailbox: Mailbox):
    def send(channel: str, to: object) -> str:
        try:
            service.send_test(desk.uow, actor=ada, channel=channel, to=to)
        except Invalid as refusal:
            return refusal.fields[f"test_{channel}"]
        return ""

    assert "Save the settings first" in send("sms", "0100 123 4567")
    save(desk, ada, "sms", {**HTTP, "url": gateway.url})
    local = {"host": "127.0.0.1", "port": str(mailbox.port), "security": "none", "user": "", "password": ""}
    save(desk, ada, "email", {**SMTP, **local})
    assert send("sms", "0100 123 4567") == "" and send("email", "cleo@example.com") == ""
    assert gateway.taken[0].values["to"] == "+201001234567", "read as a number of the business's country"
    assert mailbox.letters[0]["From"] == "Nile Clinic <desk@example.com>"
    assert "test message" in mailbox.letters[0]["Subject"]
    assert send("sms", "") and send("sms", None) and send("email", "nobody")
    gateway.next(Answer(422))
    mailbox.to_recipient.append("550 No such user here")
    assert send("sms", "+201001234567") == "HTTP 422"
    assert send("email", "cleo@example.com") == "550 No such user here"


def test_without_settings_e_mails_go_by_the_server_of_the_environment(
    desk: Desk, ada: Actor, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
):
    here = Settings(secret_key="k" * 32, smtp_url=f"smtp://127.0.0.1:{mailbox.port}?from=desk@example.com")
    monkeypatch.setattr(runtime, "settings", lambda: here)
    assert forms(desk, ada)[0].from_environment and not forms(desk, ada)[1].from_environment
    service.send_test(desk.uow, actor=ada, channel="email", to="cleo@example.com")
    assert mailbox.recipients == ["cleo@example.com"]
    save(desk, ada, "email", {**SMTP, "active": ""})
    assert runtime.sender(Channel.EMAIL) is None, "what is saved takes its place, switched off too"


def test_another_secret_key_leaves_the_settings_and_asks_for_the_secret(
    desk: Desk, ada: Actor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    save(desk, ada, "sms", HTTP)
    monkeypatch.setattr(runtime, "settings", lambda: Settings(secret_key="quite another secret key than before"))
    runtime.derived_key.cache_clear()
    runtime._secret_key.cache_clear()
    form = forms(desk, ada)[1]
    assert form.secret_lost and form.url == HTTP["url"]
    with caplog.at_level(logging.WARNING):
        assert runtime.sender(Channel.SMS) is None
    assert "secret key" in caplog.text and "s3cret" not in caplog.text
    save(desk, ada, "sms", HTTP)
    assert not forms(desk, ada)[1].secret_lost and runtime.sender(Channel.SMS) is not None


def test_only_who_may_change_the_settings_sees_or_changes_channels(desk: Desk, ben: Actor):
    for call in (
        lambda: service.open_channels(desk.uow, actor=ben),
        lambda: service.save(desk.uow, actor=ben, channel="sms", values=HTTP, version=0),
        lambda: service.remove(desk.uow, actor=ben, channel="sms"),
        lambda: service.send_test(desk.uow, actor=ben, channel="sms", to="+201001234567"),
    ):
        with pytest.raises(NotAllowed):
            call()


@pytest.mark.parametrize("channel", ["", "fax", None, 7, {"a": 1}])
def test_there_are_no_other_channels(desk: Desk, ada: Actor, channel: object):
    with pytest.raises(NotFound):
        service.save(desk.uow, actor=ada, channel=channel, values=HTTP, version=0)


def test_of_two_who_save_the_same_channel_at_once_one_is_told(desk: Desk, ada: Actor):
    for version in range(5):
        hosts = iter(f"smtp{number}-{version}.example.com" for number in range(4))
        told = at_once(lambda said=hosts, now=version: save(desk, ada, "email", SMTP | {"host": next(said)}, now), 4)
        assert sorted(type(each).__name__ for each in told) == ["Conflict"] * 3 + ["NoneType"]
