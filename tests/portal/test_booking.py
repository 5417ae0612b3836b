"""A client books by themselves, step by step; what is typed is not lost, and what is none looks like nothing."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select, update

from appointments_app.db.models import (
    Client,
    Message,
    ReminderRule,
    Service,
)
from appointments_app.domain.listing import Place
from appointments_app.features.bookings import service as desk_bookings
from appointments_app.features.overview.service import today_view
from tests.portal.opened import TEN, Open
from tests.portal.opened import open_ as open_  # the fixture


def test_a_client_books_step_by_step_and_staff_see_it_pending(open_: Open):
    phone = open_.practice.client_phone()
    assert 'href="/portal/book"' in phone.get("/portal").text
    services = phone.get("/portal/book").text
    assert "Massage" in services and "EGP" in services and "45 minutes" in services and "Nobody" not in services
    people = phone.get(f"/portal/book?service={open_.massage}").text
    assert "Anyone" in people and "Ben" in people and "Ada" in people
    times = phone.get(f"/portal/book?service={open_.massage}&staff=any").text
    assert "Egypt Time" in times and TEN not in times and "Wed 25 Mar" in times
    assert TEN in phone.get(f"/portal/book?service={open_.massage}&staff=any&day=2026-03-26").text
    page = open_.hold(phone)
    assert "Kept for you until 14:05" in page.text and "Thursday, 26 March 2026" in page.text
    assert open_.holds() == [f"client {open_.practice.cleo}"]
    answer = open_.book(phone, page, notes="my left shoulder\r\nhurts")
    shown = phone.get(answer.headers["location"]).text
    assert "will confirm it" in shown and "Massage" in shown and "Not yet confirmed by us" in shown
    (row,) = open_.listed()
    assert (row.status, row.by_client, row.client, row.service) == ("pending", True, "Cleo", "Massage")
    assert (row.start_at, row.end_at, row.price) == (TEN, "2026-03-26T08:45:00Z", "250.00")
    stored = open_.practice.stored(row.appointment_id)
    assert stored.booking.notes == "my left shoulder\nhurts" and stored.booking.shared and open_.holds() == []
    record = desk_bookings.open_booking(open_.practice.desk.uow, actor=open_.practice.ada, booking_id=str(row.id))
    assert all(change.who == "Cleo" and change.by_client for change in record.changes)
    assert today_view(open_.practice.desk.uow, actor=open_.practice.ada, place=Place()).to_confirm == 1
    desk_bookings.confirm(open_.practice.desk.uow, actor=open_.practice.ada, booking_id=row.id)
    assert today_view(open_.practice.desk.uow, actor=open_.practice.ada, place=Place()).to_confirm == 0
    assert "Not yet confirmed" not in phone.get("/portal").text and "Confirmed by us" in phone.get("/portal").text


def test_what_is_booked_without_confirmation_stands_at_once_and_is_reminded_of(open_: Open):
    open_.set(must_confirm=False)
    with open_.practice.desk.uow.begin() as tx:
        told = {"anchor": "after_creation", "recipient": "client", "channel": "email"}
        tx.add(ReminderRule(name="Booked", amount=0, unit="minutes", created_at=open_.practice.desk.now, **told))
    phone = open_.practice.client_phone()
    shown = phone.get(open_.book(phone, open_.hold(phone)).headers["location"]).text
    assert "Booked. We look forward" in shown and open_.listed()[0].status == "confirmed"
    with open_.practice.desk.uow.read() as tx:
        planned = set(tx.execute(select(Message.appointment_id)).scalars())
    assert open_.listed()[0].appointment_id in planned


def test_the_client_calls_a_booking_off_and_its_time_is_free_again(open_: Open):
    phone = open_.practice.client_phone()
    where = urlsplit(open_.book(phone, open_.hold(phone)).headers["location"]).path
    phone.get(where)
    phone.post(f"{where}/cancel", message="")
    assert open_.listed()[0].status == "cancelled"
    assert "Kept for you" in open_.hold(phone).text


def test_sent_twice_it_is_booked_once_also_when_the_service_is_not_offered_any_more(open_: Open):
    phone = open_.practice.client_phone()
    page = open_.hold(phone)
    answers = [open_.book(phone, page) for _ in range(2)]
    with open_.practice.desk.uow.begin() as tx:
        tx.execute(update(Service).values(clients_book=False))
    answers.append(open_.book(phone, page))
    assert len({answer.headers["location"] for answer in answers}) == 1 and len(open_.listed()) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("service", "999"), ("service", "x"), ("start", "soon"), ("start", "2026-03-26T08:00:00+02:00"), ("start", "")],
)
def test_what_is_none_looks_like_nothing(open_: Open, field: str, value: str):
    phone = open_.practice.client_phone()
    phone.get("/portal")
    form = {**open_.form(), field: value}
    assert phone.post("/portal/book/hold", **form).status_code == 404
    assert phone.get(f"/portal/book/check?{httpx.QueryParams(form)}").status_code == 404
    assert open_.holds() == []


@pytest.mark.parametrize("query", ["service=x", "service=1&staff=x&day=y", "from=9999-99-99", "staff=any", "day=%00"])
def test_an_address_that_makes_no_sense_shows_a_step(open_: Open, query: str):
    assert open_.practice.client_phone().get(f"/portal/book?{query}").status_code == 200


def test_a_note_that_is_too_long_is_not_lost(open_: Open):
    phone = open_.practice.client_phone()
    answer = open_.book(phone, open_.hold(phone), notes="x" * 501)
    assert answer.status_code == 422 and "x" * 501 in answer.text and open_.listed() == []


def test_times_are_those_of_the_clients_own_zone(open_: Open):
    with open_.practice.desk.uow.begin() as tx:
        tx.execute(update(Client).where(Client.id == open_.practice.cleo).values(time_zone="Asia/Tokyo"))
    phone = open_.practice.client_phone()
    page = phone.get(f"/portal/book?service={open_.cut}&staff=any&day=2026-03-26").text
    assert "Japan Time" in page and re.search(rf'value="{TEN}">17:00<', page)
    assert "Thursday, 26 March 2026" in open_.hold(phone).text


def test_the_countdown_is_the_pages_own_style_and_runs_no_script(open_: Open):
    phone = open_.practice.client_phone()
    answer = open_.hold(phone)
    styles = re.findall(r"<style>(.*?)</style>", answer.text, re.S)
    assert "--from: 300" in styles[1] and "<script" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.count("'sha256-") == 2 and "script-src" not in policy and policy.startswith("default-src 'none'")
