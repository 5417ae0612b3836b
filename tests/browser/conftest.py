"""A reception desk in the browser: one business with sample data, and Ada signed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page
from sqlalchemy import Engine

from appointments_app.db.engine import engine_for
from appointments_app.db.sample import add_sample_data
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import Actor, Role
from appointments_app.features.session import service as session
from tests.services.server import RunningServer

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"


@dataclass(frozen=True)
class Desk:
    """The running business: where it is, its data, and its owner as the use-cases know her."""

    url: str
    engine: Engine
    uow: UnitOfWork
    ada: Actor
    token: str

    def enter(self, profile: BrowserContext, language: str = "en") -> None:
        """Give a browser profile Ada's sign-in, as a reader of ``language``."""
        cookies = (("sid", self.token), ("lang", language))
        profile.add_cookies([{"name": name, "value": value, "url": self.url} for name, value in cookies])


@pytest.fixture(scope="session")
def desk(running_server: RunningServer) -> Iterator[Desk]:
    """A business in Cairo with 200 clients and 1,500 appointments around today."""
    engine = engine_for(running_server.database_url)
    uow = UnitOfWork(engine)
    session.add_user(
        uow,
        name="Ada Lovelace",
        email=EMAIL,
        password=PASSWORD,
        role=Role.OWNER,
        business="Nile Clinic",
        time_zone="Africa/Cairo",
        region="EG",
    )
    add_sample_data(engine, now=datetime.now(UTC))
    token, ada = session.sign_in(uow, email=EMAIL, password=PASSWORD, address="127.0.0.1", days=1)
    yield Desk(running_server.url, engine, uow, ada, token)
    engine.dispose()


@pytest.fixture
def ada(context: BrowserContext, page: Page, desk: Desk) -> Page:
    """A page in which Ada is signed in."""
    desk.enter(context)
    return page
