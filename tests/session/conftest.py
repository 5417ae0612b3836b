"""A business of the test's own, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from appointments_app.domain.access import Role
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
def empty_desk(engine: Engine) -> Desk:
    """A migrated database in which there is nothing yet."""
    return Desk(engine)
