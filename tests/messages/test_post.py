"""What a use-case posts is stored with everything else it does, once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from appointments_app.db.models import Message
from appointments_app.domain.message import Channel
from appointments_app.features.messages.service import post
from tests.appointments.conftest import NOON, Practice

HELLO = {"channel": Channel.EMAIL, "to": "cleo@example.com", "subject": "Hello", "text": "Good morning."}


def posted(practice: Practice) -> list[tuple[str, str, str, str]]:
    """Return state, key, address and text of every message."""
    with practice.uow.read() as tx:
        return [tuple(row) for row in tx.execute(select(Message.state, Message.key, Message.address, Message.body))]


def test_a_message_waits_in_the_outbox(practice: Practice):
    with practice.uow.begin() as tx:
        message_id = post(tx, **HELLO, client_id=practice.cleo, key="hello.1")
    with practice.uow.read() as tx:
        stored = tx.get(Message, message_id)
        assert (stored.state, stored.address, stored.client_id) == ("planned", "cleo@example.com", practice.cleo)
        assert stored.due_at == stored.try_at == stored.created_at == NOON


def test_the_same_key_is_one_message(practice: Practice):
    with practice.uow.begin() as tx:
        assert post(tx, **HELLO, key="hello.1")
        assert post(tx, **HELLO | {"text": "Again."}, key="hello.1") is None
    assert posted(practice) == [("planned", "hello.1", "cleo@example.com", "Good morning.")]


def test_what_is_not_stored_is_not_sent(practice: Practice):
    with pytest.raises(ZeroDivisionError), practice.uow.begin() as tx:
        post(tx, **HELLO, key="hello.1")
        raise ZeroDivisionError
    assert posted(practice) == []
