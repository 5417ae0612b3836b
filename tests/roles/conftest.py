"""A practice whose people have the roles that a test gives them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from appointments_app.domain.access import Actor, Role
from tests.appointments.conftest import practice as practice  # the practice of the appointments
from tests.session.desk import Desk, cheap_hashes


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with little work, as tests do it often."""
    cheap_hashes(monkeypatch)


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """A business where Ada is the owner."""
    desk = Desk(engine)
    desk.hire("ada@example.com", Role.OWNER)
    return desk


@pytest.fixture
def ada(desk: Desk) -> Actor:
    """The owner, signed in."""
    return desk.sign_in("ada@example.com")[1]


@pytest.fixture
def hired(desk: Desk) -> Callable[..., Actor]:
    """Hire somebody in a role; the actor as it is when they sign in."""

    def hire(name: str, role: str) -> Actor:
        desk.hire(f"{name}@example.com", Role(role) if role in Role._value2member_map_ else Role.STAFF)
        return desk.sign_in(f"{name}@example.com")[1]

    return hire
