"""A business of the test's own, and the two people who work there as actors."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from appointments_app.domain.access import Actor, Role
from tests.session.desk import Desk, cheap_hashes


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with little work, as tests do it often."""
    cheap_hashes(monkeypatch)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """A business where Ada is the owner and Ben works."""
    desk = Desk(engine)
    desk.hire("ada@example.com", Role.OWNER)
    desk.hire("ben@example.com")
    return desk


@pytest.fixture
def ada(desk: Desk) -> Actor:
    """The owner, signed in."""
    return desk.sign_in("ada@example.com")[1]


@pytest.fixture
def ben(desk: Desk) -> Actor:
    """Ben, signed in."""
    return desk.sign_in("ben@example.com")[1]
