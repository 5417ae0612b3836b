"""A business of the test's own, its owner, and the world outside on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from appointments_app import runtime
from appointments_app.domain.access import Actor, Role
from appointments_app.settings import Settings
from tests.services import gateway as gateways
from tests.services import mailbox as mailboxes
from tests.services.gateway import Gateway
from tests.services.mailbox import Mailbox
from tests.session.desk import Desk, cheap_hashes


@pytest.fixture
def desk(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A business where Ada is the owner and Ben works; the program itself sends for it."""
    cheap_hashes(monkeypatch)
    desk = Desk(engine)
    desk.hire("ada@example.com", Role.OWNER)
    desk.hire("ben@example.com")
    monkeypatch.setattr(runtime, "uow", lambda: desk.uow)
    monkeypatch.setattr(runtime, "settings", lambda: Settings(secret_key="the secret key of this one test only"))
    for cached in (runtime.derived_key, runtime._secret_key, runtime._sender, runtime._sender_of_environment):
        cached.cache_clear()
    return desk


@pytest.fixture
def ada(desk: Desk) -> Actor:
    """The owner, signed in."""
    return desk.sign_in("ada@example.com")[1]


@pytest.fixture
def ben(desk: Desk) -> Actor:
    """Ben, signed in."""
    return desk.sign_in("ben@example.com")[1]


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
