"""The practice whose clients book by themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy import select

from appointments_app.db.models import (
    BookingRules,
    Service,
    ServiceStaff,
    Slot,
)
from appointments_app.db.queries import bookings
from appointments_app.db.queries.bookings import BookingRow
from appointments_app.domain.bookings import BookingFilter
from appointments_app.domain.listing import Place
from tests.portal.conftest import Phone, Practice

TEN, LATER = "2026-03-26T08:00:00Z", "2026-03-26T13:00:00Z"
"""Ten and three in Cairo, the day after tomorrow."""


@dataclass
class Open:
    """The practice, open to bookings by clients: Ben and Ada give massages, and Ben cuts hair."""

    practice: Practice
    massage: int
    cut: int

    def set(self, **rules: object) -> None:
        """Set the rules by which bookings are offered."""
        with self.practice.desk.uow.begin() as tx:
            row = tx.get(BookingRules, 1) or BookingRules()
            for name, value in rules.items():
                setattr(row, name, value)
            tx.add(row)

    def form(self, start: str = TEN, staff: str = "any", service: int = 0) -> dict[str, str]:
        """Return the fields of a time as the page holds them."""
        return {"service": str(service or self.massage), "staff": staff, "start": start}

    def hold(self, phone: Phone, **form: str) -> httpx.Response:
        """Choose a time; return the page on which it is looked over, or the one that says why not."""
        phone.get("/portal")
        answer = phone.post("/portal/book/hold", **(form or self.form()))
        return phone.get(answer.headers["location"]) if answer.status_code == 303 else answer

    def book(self, phone: Phone, page: httpx.Response, **more: str) -> httpx.Response:
        """Press the button of a page that looks a time over."""
        hidden = dict(re.findall(r'name="(service|staff|start|form)" value="([^"]*)"', page.text))
        return phone.post("/portal/book", **{**hidden, **more})

    def listed(self) -> list[BookingRow]:
        """Return the bookings as staff see them."""
        with self.practice.desk.uow.read() as tx:
            return bookings.page(tx, self.practice.ada, BookingFilter(since="2026-03-24"), Place()).rows

    def holds(self) -> list[str | None]:
        """Return who holds a time."""
        with self.practice.desk.uow.read() as tx:
            return list(tx.execute(select(Slot.held_by).where(Slot.held_by.is_not(None))).scalars())  # type: ignore[union-attr]


@pytest.fixture
def open_(practice: Practice) -> Open:
    """The practice, open to bookings."""
    practice.allow(book=True)
    with practice.desk.uow.begin() as tx:
        offered = [
            Service(name="Massage", name_key="massage", minutes=45, before=5, after=10, price=25000, currency="EGP"),
            Service(name="Cut", name_key="cut", minutes=30, currency="EGP", action_id=practice.action),
            Service(name="Nobody's", name_key="nobody's", minutes=30, currency="EGP"),
        ]  # fmt: skip
        tx.add_all(offered)
        tx.flush()
        for one, staff_id in ((0, practice.ada.staff_id), (0, practice.ben), (1, practice.ben)):
            tx.add(ServiceStaff(service_id=offered[one].id or 0, staff_id=staff_id or 0))
    return Open(practice, offered[0].id or 0, offered[1].id or 0)
