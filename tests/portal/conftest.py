"""A practice with a portal: Ada owns it, Cleo and Omar are clients, and every one of them has a browser."""

from __future__ import annotations

import asyncio
import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, select
from starlette.applications import Starlette

from appointments_app import runtime
from appointments_app.api.auth import AUTH_ROUTES
from appointments_app.api.consent import CONSENT_ROUTES
from appointments_app.api.portal import PORTAL_ROUTES, door
from appointments_app.api.security import Security
from appointments_app.db.models import (
    Action,
    Appointment,
    AppointmentStaff,
    Business,
    Client,
    ClientAccess,
    ClientRequest,
    ClientSettings,
    Message,
)
from appointments_app.db.queries import booking
from appointments_app.domain.access import Actor, Role
from tests.session.desk import NOON, Desk, cheap_hashes

PHONE = "+201001234567"


@dataclass
class Practice:
    """The desk, who works there, and two clients."""

    desk: Desk
    ada: Actor
    ada_token: str
    ben: int
    cleo: int
    omar: int
    action: int

    def allow(self, **rules: Any) -> None:
        """Set what clients may do."""
        with self.desk.uow.begin() as tx:
            row = tx.get(ClientSettings, 1) or ClientSettings()
            for name, value in rules.items():
                setattr(row, name, value)
            tx.add(row)

    def suspend(self, client_id: int, at: datetime | None = NOON) -> None:
        """Suspend a client, or with None admit them again."""
        with self.desk.uow.begin() as tx:
            row = tx.get(ClientAccess, client_id) or ClientAccess(client_id=client_id)
            row.suspended_at = at
            tx.add(row)

    def book(self, client_id: int = 0, *, hours: float = 48, minutes: int = 30, **more: Any) -> int:
        """Put a shared appointment with Ben into the diary, so many hours from noon; return its id."""
        start = NOON + timedelta(hours=hours)
        times = {"start_at": start, "end_at": start + timedelta(minutes=minutes)}
        made = {
            "uid": str(uuid.uuid4()),
            "time_zone": "Africa/Cairo",
            "created_at": NOON,
            "shared": True,
            "action_id": self.action,
            **times,
            **more,
        }
        with self.desk.uow.begin() as tx:
            row = Appointment(client_id=client_id or self.cleo, **made)
            tx.add(row)
            tx.flush()
            tx.add(AppointmentStaff(appointment_id=row.id or 0, staff_id=self.ben, **times))
            return row.id or 0

    def stored(self, appointment_id: int) -> booking.Stored:
        """Return an appointment as it stands."""
        with self.desk.uow.read() as tx:
            found = booking.stored(tx, self.ada, appointment_id)
        assert found is not None
        return found

    def change(self, appointment_id: int, **values: Any) -> None:
        """Change a row behind everybody's back."""
        with self.desk.uow.begin() as tx:
            row = tx.get(Appointment, appointment_id)
            for name, value in values.items():
                setattr(row, name, value)
            tx.add(row)

    def messages(self) -> list[Message]:
        """Return what is in the outbox."""
        with self.desk.uow.read() as tx:
            return list(tx.execute(select(Message).order_by(Message.id)).scalars())

    def requests(self) -> list[ClientRequest]:
        """Return what clients asked and nobody settled."""
        with self.desk.uow.read() as tx:
            waiting = select(ClientRequest).where(ClientRequest.settled_at.is_(None)).order_by(ClientRequest.id)  # type: ignore[union-attr]
            return list(tx.execute(waiting).scalars())

    def phone(self, **cookies: str) -> Phone:
        """Return a browser without a past."""
        return Phone(self, cookies)

    def client_phone(self, who: str = "cleo@example.com") -> Phone:
        """Return the browser of a client who signed in by link."""
        phone = self.phone()
        phone.post("/portal/sign-in", who=who)
        answer = phone.post(link_in(self.messages()[-1].body))
        assert answer.headers["location"] == "/portal", answer.text
        return phone


def link_in(text: str) -> str:
    """Return the path of the link in a message."""
    found = re.search(r"https?://[^/\s]+(/\S+)", text)
    assert found, text
    return found[1]


class Phone:
    """A browser as far as these pages need one: it keeps cookies, sends its origin, and the guard of the last page."""

    def __init__(self, practice: Practice, cookies: dict[str, str]) -> None:
        self.practice, self.cookies, self.guard = practice, httpx.Cookies(cookies), ""
        server = Starlette(routes=[*AUTH_ROUTES, *PORTAL_ROUTES, *CONSENT_ROUTES])
        self._server = Security(server, pages=Path(__file__).parent / "nothing", is_https=False)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Open an address."""
        return asyncio.run(self._send("GET", path, headers, None))

    def post(self, path: str, *, origin: str = "http://test", guard: str | None = None, **form: str) -> httpx.Response:
        """Send a form from the last page that was open."""
        sent = {"guard": self.guard if guard is None else guard, **form}
        return asyncio.run(self._send("POST", path, {"origin": origin} if origin else {}, sent))

    async def _send(
        self, method: str, path: str, headers: dict[str, str], form: dict[str, str] | None
    ) -> httpx.Response:
        transport = httpx.ASGITransport(self._server, client=("192.0.2.7", 123))
        async with httpx.AsyncClient(transport=transport, base_url="http://test", cookies=self.cookies) as client:
            answer = await client.request(method, path, headers=headers, data=form)
            self.cookies = client.cookies
        if found := re.search(r'name="guard" value="(\w+)"', answer.text):
            self.guard = found[1]
        return answer


@pytest.fixture
def practice(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Practice:
    """The practice at noon (UTC) on 24 March 2026, its portal on."""
    cheap_hashes(monkeypatch)
    monkeypatch.setattr(door, "SLOWLY", 0.0)
    desk = Desk(engine)
    desk.hire("ada@example.com", Role.OWNER)
    ben = desk.hire("ben@example.com")
    with desk.uow.begin() as tx:
        business = tx.get(Business, 1)
        assert business is not None
        business.name, business.address, business.phone = "Nile Clinic", "1 River Street\nCairo", "+20223456789"
        cleo = Client(name="Cleo", sort_name="cleo", email="cleo@example.com", phone=PHONE, created_at=NOON)
        omar = Client(name="عمر", sort_name="عمر", email="omar@example.com", language="ar", created_at=NOON)
        action = Action(name="Consultation", name_key="consultation", position=1)
        tx.add_all((business, cleo, omar, action))
        tx.flush()
        ids = [one.id or 0 for one in (cleo, omar, action)]
    token, ada = desk.sign_in("ada@example.com")
    monkeypatch.setattr(runtime, "uow", lambda: desk.uow)
    monkeypatch.setattr(runtime, "sender", lambda channel: object())
    practice = Practice(desk, ada, token, ben, *ids)
    practice.allow(portal_on=True, cancel=True, edit_profile=True)
    return practice
