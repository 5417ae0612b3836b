"""Ada's business, with messages that can be read and codes that an app would show."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from pyotp.totp import TOTP
from sqlalchemy import Engine
from sqlmodel import select

from appointments_app import runtime
from appointments_app.db.models import Message, Staff
from appointments_app.domain.access import Actor, Role
from appointments_app.domain.sign_in import Visitor, hash_of
from appointments_app.features.account import service
from tests.session.desk import DAYS, PASSWORD, Desk, cheap_hashes

ADA, BEN = "ada@example.com", "ben@example.com"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with little work, as tests do it often."""
    cheap_hashes(monkeypatch)


@dataclass
class Office(Desk):
    """The desk, with the second step."""

    engine: Engine

    def __post_init__(self) -> None:
        super().__init__(self.engine)

    def messages(self, to: str = "") -> list[Message]:
        """Return what was put into the outbox, for one person if told."""
        with self.uow.read() as tx:
            found = tx.exec(select(Message).order_by(Message.id))  # type: ignore[arg-type]
            return [each for each in found if to in ("", each.address)]

    def person(self, email: str) -> Staff:
        """Return the account as it is stored."""
        with self.uow.read() as tx:
            return tx.exec(select(Staff).where(Staff.email == email)).one()

    def code(self, email: str, ahead: int = 0) -> str:
        """Return what the person's app shows now, or so many half minutes ahead."""
        secret = runtime.decrypt("second factor", self.person(email).totp_secret)
        assert secret
        return TOTP(secret).generate_otp(TOTP(secret).timecode(self.now) + ahead)

    def turn_on(self, email: str) -> tuple[str, list[str]]:
        """Sign in and turn the second step on; return the token and the recovery codes."""
        token, actor = self.sign_in(email)
        session = hash_of(token)
        offer = service.begin(self.uow, actor=actor, session=session, password=PASSWORD)
        code = TOTP(offer.secret.replace(" ", "")).at(self.now)
        codes = service.confirm(self.uow, actor=actor, session=session, code=code)
        self.wait(seconds=60)
        return token, codes

    def finish(self, token: str, code: str, visitor: Visitor | None = None) -> tuple[str, Actor]:
        """Pass the second step."""
        return service.finish(
            self.uow,
            session=hash_of(token),
            code=code,
            visitor=visitor or Visitor("192.0.2.1"),
            days=DAYS,
            tell=service.tell_of_new_browser,
        )


@pytest.fixture
def office(engine: Engine) -> Office:
    """A business where Ada is the owner and Ben works."""
    office = Office(engine)
    office.hire(ADA, Role.OWNER)
    office.hire(BEN)
    return office
