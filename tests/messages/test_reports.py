"""What SMS gateways report: delivered, or why not; of messages that are known, in words of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from appointments_app import runtime
from appointments_app.api.gateways import GATEWAY_ROUTES
from appointments_app.db.models import Message
from appointments_app.domain.delivery import Report, reports_in
from appointments_app.domain.listing import Place
from appointments_app.domain.message import Channel
from appointments_app.domain.outbox import MessageFilter
from appointments_app.features.messages.service import list_messages, post, send_again, take_reports
from tests.appointments.conftest import Practice
from tests.messages.world import World, lane

SMS = {"channel": Channel.SMS, "to": "+201001234567", "subject": "", "text": "Good morning."}


@pytest.fixture
def sent(practice: Practice) -> Practice:
    """The practice, which has sent two SMS: id-1 and id-2 of the gateway's, our keys a and b."""
    with practice.uow.begin() as tx:
        for key in ("a", "b"):
            post(tx, **SMS, key=key)
    lane(practice, World(), Channel.SMS).run()
    return practice


@pytest.fixture
def gateway(sent: Practice, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The other end."""
    monkeypatch.setattr(runtime, "uow", lambda: sent.uow)
    with TestClient(Starlette(routes=GATEWAY_ROUTES)) as other:
        yield other


def stands(practice: Practice) -> list[tuple[str, str, str]]:
    """Return state, reason and what the gateway said of each message, in order."""
    with practice.uow.read() as tx:
        rows = tx.execute(Message.__table__.select().order_by(Message.id)).all()
    return [(row.state, row.reason, row.error) for row in rows]


SENT = ("sent", "", "")


def test_a_report_sets_delivered_or_failed_with_the_reason(gateway: TestClient, sent: Practice):
    path = runtime.delivered_sms_path()
    assert gateway.post(path, data={"MessageSid": "id-1", "MessageStatus": "sent"}).status_code == 204
    assert stands(sent) == [SENT, SENT]
    assert gateway.post(path, data={"MessageSid": "id-1", "MessageStatus": "delivered"}).status_code == 204
    failed = {"messageId": "id-2", "status": {"groupName": "UNDELIVERABLE", "description": "Absent subscriber"}}
    assert gateway.post(path, json={"results": [failed]}).status_code == 204
    assert stands(sent) == [("delivered", "", ""), ("failed", "undelivered", "Absent subscriber")]
    rows = list_messages(sent.uow, actor=sent.ada, wanted=MessageFilter(), place=Place()).page.rows
    assert sorted(bool(row.delivered_at) for row in rows) == [False, True]


def test_what_has_arrived_stays_so_and_what_failed_may_still_arrive(sent: Practice):
    for said in ("delivered", "failed"):
        take_reports(sent.uow, said={"id": "id-1", "status": said})
    for said in ("expired", "delivered"):
        take_reports(sent.uow, said={"id": "id-2", "status": said})
    assert stands(sent) == [("delivered", "", "")] * 2


def test_a_report_by_our_key_settles_what_nobody_could_say(sent: Practice):
    with sent.uow.begin() as tx:
        tx.execute(update(Message).values(state="unknown", reason="interrupted", provider_id=""))
    take_reports(sent.uow, said={"client-ref": "a", "status": "DELIVRD"})
    assert stands(sent) == [("delivered", "", ""), ("unknown", "interrupted", "")]


def test_what_did_not_arrive_is_sent_again_as_a_message_of_its_own(sent: Practice):
    take_reports(sent.uow, said={"id": "id-1", "status": "failed", "error_code": "30003"})
    with sent.uow.read() as tx:
        first = tx.execute(Message.__table__.select().order_by(Message.id)).first()
    assert first is not None and first.error == "30003"
    send_again(sent.uow, actor=sent.ada, message_id=first.id)
    world = World()
    lane(sent, world, Channel.SMS).run()
    assert [one.key.split(".")[0] for one in world.got] == ["again"], (
        "a gateway would take the old key for a repetition"
    )


def test_who_is_not_the_gateway_changes_nothing(gateway: TestClient, sent: Practice):
    good = {"id": "id-1", "status": "delivered"}
    path = runtime.delivered_sms_path()
    others = ("/api/sms/x/delivered", path[:-11] + "0/delivered", runtime.incoming_sms_path()[:-8] + "delivered")
    for other in others:
        assert gateway.post(other, json=good).status_code == 404
    assert gateway.get(path, params=good).status_code == 405
    assert gateway.post(path, content="{", headers={"content-type": "application/json"}).status_code == 400
    assert gateway.post(path, json=7).status_code == 400
    assert gateway.post(path, json={"id": "id-9", "status": "delivered"}).status_code == 404, "it comes again later"
    assert stands(sent) == [SENT, SENT]


def test_an_id_that_two_messages_have_names_neither(sent: Practice):
    with sent.uow.begin() as tx:
        tx.execute(update(Message).values(provider_id="ok"))
    assert not take_reports(sent.uow, said={"id": "ok", "status": "failed"})
    assert stands(sent) == [SENT, SENT]


def test_a_message_that_was_never_tried_is_not_delivered(practice: Practice):
    with practice.uow.begin() as tx:
        post(tx, **SMS, key="a")
    for said in ("delivered", "failed"):
        take_reports(practice.uow, said={"key": "a", "status": said})
    assert stands(practice) == [("planned", "", "")]


@pytest.mark.parametrize(
    ("said", "reports"),
    [
        ({"id": "1", "status": "queued"}, []),
        ({"status": "delivered"}, []),
        ({"id": "", "status": "delivered"}, []),
        ([{"id": 1, "status": "Delivered"}], [Report(("1",), True)]),
        ({"id": "1", "status": "failed", "err-code": "0"}, [Report(("1",), False, "failed")]),
        ({"msgid": "1", "stat": "REJECTD", "reason": "a\nb"}, [Report(("1",), False, "a b")]),
        ({"ref": "k", "data": [{"sid": "1", "event": "undelivered"}]}, [Report(("1", "k"), False, "undelivered")]),
        ({"id": ["1"], "status": None}, []),
        ({"id": "x" * 201, "status": "delivered"}, []),
        ([[[[[{"id": "1", "status": "delivered"}]]]]], []),
        (None, []),
        ("delivered", []),
    ],
)
def test_gateways_say_it_in_many_ways(said: Any, reports: list[Report]):
    assert reports_in(said) == reports
