"""A reception desk in the browser: one business with sample data, and Ada signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import Engine, func, select

from appointments_app.db.engine import engine_for
from appointments_app.db.models import Appointment, Client
from appointments_app.db.sample import add_sample_data
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import Actor, Role
from appointments_app.features.appointments import service as appointments
from appointments_app.features.clients import service as clients
from appointments_app.features.session import service as session
from tests.conftest import browser_settings
from tests.services.server import RunningServer

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
TOMORROW = datetime.now(UTC).date() + timedelta(days=1)
_addresses = count(2)


@dataclass(frozen=True)
class Person:
    """Somebody who works here: their account, their actor, and the token their browser holds."""

    email: str
    actor: Actor
    token: str


@dataclass(frozen=True)
class Desk:
    """The running business: where it is, its data, and its owner as the use-cases know her."""

    server: RunningServer
    engine: Engine
    uow: UnitOfWork
    owner: Person

    @property
    def url(self) -> str:
        """Where the business is served."""
        return self.server.url

    @property
    def ada(self) -> Actor:
        """The owner."""
        return self.owner.actor

    def enter(self, profile: BrowserContext, language: str = "en", person: Person | None = None) -> None:
        """Give a browser profile a sign-in, Ada's unless told, as a reader of ``language``."""
        cookies = (("sid", (person or self.owner).token), ("lang", language))
        profile.add_cookies([{"name": name, "value": value, "url": self.url} for name, value in cookies])

    def hire(self, name: str, role: Role = Role.RECEPTIONIST) -> Person:
        """Add somebody who is signed in."""
        email = f"{name.split()[0].lower()}-{uuid4().hex[:8]}@example.com"
        session.add_user(self.uow, name=name, email=email, password=PASSWORD, role=role)
        return sign_in(self.uow, email)

    def a_client(self, name: str = "", **fields: str) -> int:
        """Create a client, with a name of its own unless told; return the id."""
        return clients.create_client(self.uow, actor=self.ada, name=name or f"Cleo {uuid4().hex[:6]}", **fields)

    def a_client_name(self, client_id: int | str) -> str:
        """Return the name of a client."""
        with self.uow.read() as tx:
            return tx.get_one(Client, int(client_id)).name

    def booked_for(self, client_id: int | str) -> int:
        """Return how many appointments a client has."""
        with self.uow.read() as tx:
            return tx.execute(select(func.count()).where(Appointment.client_id == int(client_id))).scalar_one()

    def booking_of(self, client_id: int | str) -> Appointment:
        """Return a client's only appointment."""
        with self.uow.read() as tx:
            return tx.execute(select(Appointment).where(Appointment.client_id == int(client_id))).scalar_one()


def sign_in(uow: UnitOfWork, email: str) -> Person:
    """Sign somebody in, each from an address of their own."""
    address = f"127.0.0.{next(_addresses)}"
    token, actor = session.sign_in(uow, email=email, password=PASSWORD, address=address, days=1)
    return Person(email, actor, token)


def open_business(url: str) -> None:
    """Found Ada's business in Cairo, with 200 clients and 1,500 appointments around today."""
    engine = engine_for(url)
    session.add_user(
        UnitOfWork(engine),
        name="Ada Lovelace",
        email=EMAIL,
        password=PASSWORD,
        role=Role.OWNER,
        business="Nile Clinic",
        time_zone="Africa/Cairo",
        region="EG",
    )
    add_sample_data(engine, now=datetime.now(UTC))
    engine.dispose()


@pytest.fixture(scope="session")
def desk(running_server: RunningServer) -> Iterator[Desk]:
    """Ada's business, served for the whole session."""
    open_business(running_server.database_url)
    engine = engine_for(running_server.database_url)
    uow = UnitOfWork(engine)
    yield Desk(running_server, engine, uow, sign_in(uow, EMAIL))
    engine.dispose()


@pytest.fixture
def ada(context: BrowserContext, page: Page, desk: Desk) -> Page:
    """A page in which Ada is signed in."""
    desk.enter(context)
    return page


@pytest.fixture
def arabic(browser: Browser, desk: Desk) -> Iterator[Page]:
    """A page in which Ada reads Arabic."""
    profile = browser.new_context(**browser_settings(desk.url, locale="ar-EG"))
    desk.enter(profile, "ar")
    yield profile.new_page()
    profile.close()


@pytest.fixture
def ben(desk: Desk) -> Person:
    """Ben, who works there too."""
    return desk.hire("Ben Okri")


@pytest.fixture
def as_ben(browser: Browser, desk: Desk, ben: Person) -> Iterator[Page]:
    """A page in another browser, in which Ben is signed in."""
    profile = browser.new_context(**browser_settings(desk.url))
    profile.set_default_timeout(10_000)
    desk.enter(profile, person=ben)
    yield profile.new_page()
    profile.close()


@pytest.fixture
def cleo(desk: Desk) -> str:
    """A client of the test's own."""
    return str(desk.a_client())


@pytest.fixture
def worker(desk: Desk) -> Actor:
    """Somebody with an empty diary."""
    return desk.hire(f"Dina {uuid4().hex[:6]}").actor


@pytest.fixture
def booked(desk: Desk, cleo: str) -> Callable[..., int]:
    """Books an appointment for Cleo without a browser; returns its id."""

    def book(**changes: object) -> int:
        form = {"client": cleo, "action": "1", "date": TOMORROW.isoformat(), "time": "10:00", "duration": "30"}
        return appointments.book(desk.uow, actor=desk.ada, form={**form, **changes}, token=str(uuid4()))

    return book
