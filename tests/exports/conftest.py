"""A desk with four appointments that try a spreadsheet's patience, and a browser that asks for exports of them."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette

from appointments_app import routes, runtime
from appointments_app.api.exports import EXPORT_ROUTES
from appointments_app.db.models import Action, Appointment, AppointmentStaff, Client, ClientText
from appointments_app.domain.access import Actor, Role
from tests.session.desk import NOON, Desk, cheap_hashes

FORMULA = '=HYPERLINK("http://evil.example/","click")'
PHONE = "+201001234567"


@dataclass
class Counter:
    """The desk, the people who sign in there, and what was booked: ids in the order of their starts."""

    desk: Desk
    token: str
    ada: Actor
    ben: Actor
    ben_token: str
    booked: list[int]

    def book(self, client_id: int, *, hours: float, minutes: int = 30, staff: tuple[int, ...] = (), **more: Any) -> int:
        """Put an appointment into the diary, so many hours from noon; return its id."""
        start = NOON + timedelta(hours=hours)
        times = {"start_at": start, "end_at": start + timedelta(minutes=minutes)}
        with self.desk.uow.begin() as tx:
            made = {"uid": str(uuid.uuid4()), "time_zone": "Africa/Cairo", "created_at": NOON, **times, **more}
            row = Appointment(client_id=client_id, **made)
            tx.add(row)
            tx.flush()
            assert row.id is not None
            for staff_id in staff:
                tx.add(AppointmentStaff(appointment_id=row.id, staff_id=staff_id, **times))
            return row.id


@pytest.fixture
def counter(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """Ada owns the business, Ben works there; Cleo has three appointments and Omar one."""
    cheap_hashes(monkeypatch)
    desk = Desk(engine)
    ada = desk.hire("ada@example.com", Role.OWNER)
    ben = desk.hire("ben@example.com")
    with desk.uow.begin() as tx:
        cleo = Client(name="Cleo", sort_name="cleo", business_name="Needle & Co", phone=PHONE, created_at=NOON)
        omar = Client(name="عمر", sort_name="عمر", email="omar@example.com", created_at=NOON)
        call = Action(name="Call", name_key="call", position=1)
        tx.add_all((cleo, omar, call))
        tx.flush()
        tx.add_all((ClientText(client_id=cleo.id or 0, body="cleo"), ClientText(client_id=omar.id or 0, body="عمر")))
        clients, action_id = (cleo.id or 0, omar.id or 0), call.id
    token, actor = desk.sign_in("ada@example.com")
    ben_token, ben_actor = desk.sign_in("ben@example.com")
    counter = Counter(desk, token, actor, ben_actor, ben_token, [])
    counter.booked = [
        counter.book(clients[0], hours=-24, status="done", notes=FORMULA, staff=(ben, ada), created_by=ada),
        counter.book(clients[1], hours=1, minutes=90, staff=(ben,), action_id=action_id),
        counter.book(clients[0], hours=24, notes='two\nlines, "quoted"; \ttab', shared=True, confirmed_at=NOON),
        counter.book(clients[0], hours=2400, status="dismissed", staff=(ada,)),
    ]
    counter.book(clients[0], hours=3, deleted_at=NOON)
    monkeypatch.setattr(runtime, "uow", lambda: desk.uow)
    return counter


class Browser:
    """Asks the route, with the cookie of one sign-in."""

    def __init__(self, token: str) -> None:
        self._cookies = {"sid": token}

    def ask(self, **query: str) -> httpx.Response:
        """Return the answer, whatever it is."""
        return asyncio.run(self._ask(query))

    def get(self, **query: str) -> httpx.Response:
        """Return the answer, which is a file."""
        answer = self.ask(**query)
        assert answer.status_code == 200, answer.text
        return answer

    async def _ask(self, query: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=EXPORT_ROUTES))
        async with httpx.AsyncClient(transport=transport, base_url="http://test", cookies=self._cookies) as client:
            return await client.get(routes.EXPORT, params=query)


@pytest.fixture
def browser_of_ada(counter: Counter) -> Browser:
    """What Ada's browser can ask the route for."""
    return Browser(counter.token)
