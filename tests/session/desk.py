"""A business with a clock that tests turn, and the people who sign in to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlmodel import select

from appointments_app.db.models import SignIn
from appointments_app.db.queries import sign_ins
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain import passwords
from appointments_app.domain.access import Actor, Role
from appointments_app.domain.sign_in import hash_of
from appointments_app.features.session import service

NOON = datetime(2026, 3, 24, 12, tzinfo=UTC)
PASSWORD = "correct horse battery"
DAYS = 14


def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with the least work Argon2 allows."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


class Desk:
    """The business of a test: its transactions, its clock, its people."""

    def __init__(self, engine: Engine) -> None:
        self.now = NOON
        self.uow = UnitOfWork(engine, clock=lambda: self.now)

    def wait(self, **much: float) -> None:
        """Let time pass."""
        self.now += timedelta(**much)

    def hire(self, email: str, role: Role = Role.RECEPTIONIST, name: str = "") -> int:
        """Create an account, and the business with the first; return the id."""
        name = name or email.partition("@")[0].title()
        with self.uow.read() as tx:
            where = {} if sign_ins.business(tx) else {"time_zone": "Africa/Cairo", "region": "EG"}
        return service.add_user(self.uow, name=name, email=email, password=PASSWORD, role=role, **where)

    def sign_in(self, email: str, password: str = PASSWORD, address: str = "192.0.2.1") -> tuple[str, Actor]:
        """Sign in; return the token and the actor."""
        return service.sign_in(self.uow, email=email, password=password, address=address, days=DAYS)

    def actor(self, token: str) -> Actor | None:
        """Return whose browser holds the token."""
        return service.actor_for(self.uow, hash_of(token), days=DAYS)

    def sign_ins(self) -> list[SignIn]:
        """Return every sign-in as it is stored."""
        with self.uow.read() as tx:
            return list(tx.exec(select(SignIn)))
