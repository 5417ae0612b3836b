"""The worker's own tasks against a gateway and a mail server that misbehave: nothing lost, nothing twice, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from appointments_app.db.models import Message
from appointments_app.db.queries import reminder_rules
from appointments_app.domain.message import Channel
from appointments_app.features.channels import service as channels
from appointments_app.features.messages.service import post, set_resend_unknown
from appointments_app.jobs.worker import TASKS
from tests.appointments.conftest import Practice
from tests.appointments.conftest import practice as practice  # which the office is made of
from tests.services import gateway as gateways
from tests.services import mailbox as mailboxes
from tests.services.gateway import Answer, Gateway
from tests.services.mailbox import Mailbox
from tests.templates.conftest import office as office  # the fixture

MANY = 24


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """A gateway that takes what comes twice twice."""
    with gateways.running() as running:
        running.heeds_keys = False
        yield running


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mailboxes.running() as running:
        yield running


def set_up(office: Practice, channel: Channel, values: dict[str, str], *, again: bool) -> None:
    """Set a channel up, choose what happens to what nobody can say of, and post messages that are due one by one."""
    with office.uow.begin() as tx:
        assert reminder_rules.claim_first_start(tx)
    set_resend_unknown(office.uow, actor=office.ada, is_resent=again)
    channels.save(office.uow, actor=office.ada, channel=channel.value, values=values | {"active": "yes"}, version=0)
    to = "+201001234567" if channel is Channel.SMS else "cleo@example.com"
    with office.uow.begin() as tx:
        for number in range(MANY):
            due = office.now[0] + timedelta(seconds=number)
            post(tx, channel=channel, to=to, subject=f"Letter {number}", text="Hello", key=f"m{number:02}", due=due)


def work(office: Practice, channel: Channel, hours: int = 12) -> None:
    """Run the worker's task as time goes by."""
    (task,) = (task for task in TASKS if task.name == f"sending by {channel}")
    for _ in range(hours * 2):
        office.later(minutes=30)
        while task.run(office.uow, lambda: False):
            pass


def ends(office: Practice) -> dict[str, str]:
    """Return how each message ended: its state and the reason."""
    with office.uow.read() as tx:
        rows = tx.execute(Message.__table__.select().order_by(Message.id)).all()
    return {row.key: f"{row.state} {row.reason}".strip() for row in rows}


BY_HTTP = {
    "means": "http", "method": "POST", "headers": "", "body_type": "json", "body": '{"to": "{to}", "text": "{text}"}',
}  # fmt: skip


@pytest.mark.parametrize("again", [False, True], ids=["never-twice", "never-lost"])
def test_sms_through_a_gateway_that_delays_refuses_and_breaks_off(office: Practice, gateway: Gateway, again: bool):
    set_up(office, Channel.SMS, {**BY_HTTP, "url": gateway.url}, again=again)
    gateway.next(
        Answer(),
        Answer(delay=0.3),
        Answer(429, headers={"Retry-After": "90"}),
        Answer(500),
        Answer(400),
        Answer(breaks="before"),
        Answer(breaks="after"),
        Answer(503),
    )
    work(office, Channel.SMS)
    found, taken = ends(office), Counter(request.headers["idempotency-key"] for request in gateway.taken)
    first = list(dict.fromkeys(request.headers["idempotency-key"] for request in gateway.requests))
    assert first == sorted(found), "each is handed over when its turn comes"
    straight = [request.headers["idempotency-key"] for request in gateway.taken]
    late = {"m02", "m03", "m05", "m07"} | ({"m06"} if again else set())
    assert [key for key in straight if key not in late] == sorted(set(straight) - late), (
        "what nothing held up, in order"
    )
    assert found.pop("m04") == "failed refused" and not taken["m04"]
    if again:
        assert set(found.values()) == {"sent"}
        assert taken == Counter(found.keys()) + Counter(["m06"]), "doubled is what the gateway took before it broke off"
    else:
        assert (found.pop("m05"), found.pop("m06")) == ("unknown interrupted",) * 2
        assert set(found.values()) == {"sent"}
        assert taken == Counter([*found, "m06"]), "none twice"


def test_a_gateway_that_is_away_for_hours_gets_everything_once_in_order(office: Practice, gateway: Gateway):
    set_up(office, Channel.SMS, {**BY_HTTP, "url": gateway.url}, again=False)
    gateway.go_away()
    work(office, Channel.SMS, hours=1)
    assert set(ends(office).values()) == {"planned trying_again"}
    gateway.come_back()
    work(office, Channel.SMS, hours=3)
    assert set(ends(office).values()) == {"sent"}
    assert sorted(request.headers["idempotency-key"] for request in gateway.taken) == sorted(ends(office))


@pytest.mark.parametrize("again", [False, True], ids=["never-twice", "never-lost"])
def test_e_mail_through_a_mail_server_that_refuses_and_breaks_off(office: Practice, mailbox: Mailbox, again: bool):
    values = {
        "means": "smtp", "host": "127.0.0.1", "port": str(mailbox.port), "security": "none", "user": "",
        "sender": "desk@example.com", "sender_name": "Nile Clinic",
    }  # fmt: skip
    set_up(office, Channel.EMAIL, values, again=again)
    mailbox.to_recipient.extend(["250", "451 Busy", "550 No such mailbox", "250", "250", "250"])
    mailbox.to_data.extend(["250", "452 Full", "554 Spam"])  # of m00, m03, m04
    office.later(seconds=5)
    (task,) = (task for task in TASKS if task.name == f"sending by {Channel.EMAIL}")
    while task.run(office.uow, lambda: False):
        pass
    mailbox.breaks_after_data = 1  # the next letter arrives, and its sender does not hear of it
    work(office, Channel.EMAIL)
    found = ends(office)
    assert (found.pop("m02"), found.pop("m04")) == ("failed refused",) * 2
    arrived = Counter(str(letter["Message-ID"]).strip("<>").partition("@")[0] for letter in mailbox.letters)
    unsure = [key for key, end in found.items() if end == "unknown interrupted"]
    if again:
        assert not unsure and set(found.values()) == {"sent"}
        assert set(arrived) == set(found) and sum(arrived.values()) == len(found) + 1
    else:
        assert len(unsure) == 1 and set(found.values()) == {"sent", "unknown interrupted"}
        assert arrived == Counter(found.keys()), "each has arrived once, also the one nobody can say of"
