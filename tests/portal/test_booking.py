"""A client books by themselves: within what the settings allow, only what is free, and never what another one has."""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select, update

from appointments_app.db.models import (
    BookingRules,
    Client,
    Message,
    ReminderRule,
    Service,
    ServiceStaff,
    Slot,
    Staff,
)
from appointments_app.db.queries import bookings
from appointments_app.db.queries.bookings import BookingRow
from appointments_app.domain.bookings import BookingFilter, Full, Taken
from appointments_app.domain.errors import Conflict, Invalid
from appointments_app.domain.listing import Place
from appointments_app.domain.portal import ClientActor, ClientRules
from appointments_app.features.bookings import service as desk_bookings
from appointments_app.features.overview.service import today_view
from appointments_app.features.portal import service
from appointments_app.features.portal.service import booking
from appointments_app.features.services import service as settings
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


@pytest.mark.parametrize("why", ["not allowed", "portal off", "suspended", "signed out"])
def test_r37_nobody_books_who_may_not(open_: Open, why: str):
    phone = open_.practice.phone() if why == "signed out" else open_.practice.client_phone()
    if why != "signed out":
        phone.get("/portal")
    open_.practice.allow(book=why != "not allowed", portal_on=why != "portal off")
    open_.practice.suspend(open_.practice.cleo, open_.practice.desk.now if why == "suspended" else None)
    away = 404 if why == "not allowed" else 303
    check = "/portal/book/check?" + httpx.QueryParams({**open_.form(), "form": str(uuid.uuid4())}).__str__()
    answers = [
        phone.get("/portal/book"),
        phone.get(check),
        phone.post("/portal/book/hold", **open_.form()),
        phone.post("/portal/book", **open_.form(), form=str(uuid.uuid4())),
    ]
    assert [answer.status_code for answer in answers] == [away] * 4
    assert why == "not allowed" or all(answer.headers["location"] == "/portal/sign-in" for answer in answers)
    assert open_.listed() == [] and open_.holds() == []
    if why == "not allowed":
        assert "/portal/book" not in phone.get("/portal").text


@pytest.mark.parametrize("how", ["another site", "no guard"])
def test_a_form_from_elsewhere_books_nothing(open_: Open, how: str):
    phone = open_.practice.client_phone()
    page = open_.hold(phone)
    answers = [
        phone.post(path, **sent, **open_.form())
        for path, sent in (
            ("/portal/book", {"origin": "http://evil.example"} if how == "another site" else {"guard": "x"}),
            ("/portal/book/hold", {"origin": "http://evil.example"} if how == "another site" else {"guard": "x"}),
        )
    ]
    assert [answer.status_code for answer in answers] == [403, 403] and open_.listed() == []
    assert open_.book(phone, page).status_code == 303


def test_staff_who_look_on_see_the_times_and_book_nothing(open_: Open):
    phone = open_.practice.phone(sid=open_.practice.ada_token)
    phone.post(f"/portal/as/{open_.practice.cleo}")
    page = phone.get(f"/portal/book?service={open_.massage}&staff=any").text
    assert "You see what Cleo sees" in page and 'name="start"' in page
    assert phone.post("/portal/book/hold", **open_.form()).status_code == 403
    assert phone.post("/portal/book", **open_.form(), form=str(uuid.uuid4())).status_code == 403
    assert open_.holds() == []


def test_a_time_that_another_client_looks_over_is_not_free_and_the_nearest_are_offered(open_: Open):
    ben = open_.form(staff=str(open_.practice.ben))
    cleo, omar = open_.practice.client_phone(), open_.practice.client_phone("omar@example.com")
    first = open_.hold(cleo, **ben)
    omar.get("/portal")
    lost = open_.hold(omar, **ben)
    assert lost.status_code == 409 and f'value="{TEN}"' not in lost.text
    offered = re.findall(r'name="start" value="([^"]*)"', lost.text)
    nearest = offered[:6]
    assert "2026-03-26T09:00:00Z" in nearest and all("2026-03-25T" < start < "2026-03-27" for start in nearest)
    assert open_.hold(omar, **{**ben, "start": nearest[0]}).status_code == 200
    assert open_.book(cleo, first).status_code == 303
    assert len(open_.listed()) == 1 and len(open_.holds()) == 1


def test_of_two_clients_who_choose_a_time_at_the_same_moment_one_gets_it(open_: Open):
    practice = open_.practice
    people = [
        ClientActor(client, name, "en", "Africa/Cairo", ClientRules(portal_on=True, book=True))
        for client, name in ((practice.cleo, "Cleo"), (practice.omar, "Omar"))
    ]
    open_.set(per_client=20, must_confirm=False)

    def get(actor: ClientActor, start: str) -> int:
        wanted = service.Wanted(str(open_.cut), str(practice.ben), start)
        try:
            token = service.hold(practice.desk.uow, actor=actor, wanted=wanted)
            return service.book(practice.desk.uow, actor=actor, wanted=wanted, token=token, notes="")
        except Taken as refusal:
            assert all(free.start_at != start for free in refusal.values["free"])
            return 0

    with ThreadPoolExecutor(len(people)) as at_once:
        for hour in range(7, 14):
            start = f"2026-03-26T{hour:02}:00:00Z"
            got = list(at_once.map(get, people, [start] * len(people)))
            assert sorted(map(bool, got)) == [False, True]
    assert len(open_.listed()) == 7 and open_.holds() == []


def test_anyone_is_whoever_is_free(open_: Open):
    cleo, omar = open_.practice.client_phone(), open_.practice.client_phone("omar@example.com")
    pages = [open_.hold(phone) for phone in (cleo, omar)]
    for phone, page in zip((cleo, omar), pages, strict=True):
        assert open_.book(phone, page).status_code == 303
    assert {chip.name for row in open_.listed() for chip in row.staff} == {"Ada", "Ben"}


def test_a_client_holds_one_time_at_once(open_: Open):
    phone = open_.practice.client_phone()
    first = open_.hold(phone)
    second = open_.hold(phone, **open_.form(LATER))
    assert open_.holds() == [f"client {open_.practice.cleo}"]
    again = open_.book(phone, first)
    assert again.status_code == 409 and open_.listed() == []  # not the one that is kept: it is kept instead
    assert open_.book(phone, second).status_code == 409
    assert open_.book(phone, open_.hold(phone, **open_.form(LATER))).status_code == 303


def test_after_five_minutes_the_page_says_so_and_keeps_the_time_once_more_with_what_was_typed(open_: Open):
    phone = open_.practice.client_phone()
    page = open_.hold(phone)
    open_.practice.desk.wait(minutes=5, seconds=1)
    again = phone.get(f"/portal/book/check?{httpx.QueryParams(open_.form())}")
    assert "for five minutes, which are over" in again.text and "Keep it again" in again.text
    late = open_.book(phone, page, notes="my shoulder")
    assert late.status_code == 409 and "The five minutes were over" in late.text and "my shoulder" in late.text
    assert open_.listed() == []
    assert open_.book(phone, late, notes="my shoulder").status_code == 303
    assert len(open_.listed()) == 1


def test_after_five_minutes_the_time_is_another_ones(open_: Open):
    cleo, omar = open_.practice.client_phone(), open_.practice.client_phone("omar@example.com")
    cut = open_.form(service=open_.cut, staff=str(open_.practice.ben))
    page = open_.hold(cleo, **cut)
    open_.practice.desk.wait(minutes=6)
    assert open_.book(omar, open_.hold(omar, **cut)).status_code == 303
    late = open_.book(cleo, page)
    assert late.status_code == 409 and "just taken" in late.text and "Free nearby" in late.text
    assert [row.client for row in open_.listed()] == ["عمر"]


def test_an_appointment_that_staff_made_meanwhile_is_not_booked_over(open_: Open):
    phone = open_.practice.client_phone()
    page = open_.hold(phone, **open_.form(service=open_.cut, staff=str(open_.practice.ben)))
    open_.practice.book(open_.practice.omar, hours=44)
    late = open_.book(phone, page)
    assert late.status_code == 409 and "just taken" in late.text and open_.listed() == []


def test_what_a_client_looks_over_is_not_free_for_staff_either(open_: Open):
    open_.hold(open_.practice.client_phone(), **open_.form(staff=str(open_.practice.ben)))
    asked = desk_bookings.Asked(str(open_.massage), str(open_.practice.ben), TEN, str(open_.practice.omar))
    with pytest.raises(Taken):
        desk_bookings.reserve(open_.practice.desk.uow, actor=open_.practice.ada, asked=asked, token=str(uuid.uuid4()))
    open_.practice.desk.wait(minutes=5, seconds=1)
    assert desk_bookings.reserve(
        open_.practice.desk.uow, actor=open_.practice.ada, asked=asked, token=str(uuid.uuid4())
    )


@pytest.mark.parametrize(
    ("rules", "start", "is_offered"),
    [
        ({"notice": 60}, "2026-03-24T13:00:00Z", True),
        ({"notice": 60}, "2026-03-24T12:45:00Z", False),
        ({"notice": 0}, "2026-03-24T12:15:00Z", True),
        ({"ahead": 2}, LATER, True),
        ({"ahead": 1}, TEN, False),
        ({"ahead": 365}, "2027-03-24T08:00:00Z", True),
        ({}, "2026-03-24T11:00:00Z", False),
        ({}, "2026-03-26T03:00:00Z", False),
        ({}, "2026-03-26T08:07:00Z", False),
    ],
)
def test_only_what_is_free_and_within_the_rules_can_be_had(
    open_: Open, rules: dict[str, int], start: str, is_offered: bool
):
    open_.set(**rules)
    phone = open_.practice.client_phone()
    address = f"/portal/book?service={open_.cut}&staff=any&from={start[:10]}&day={start[:10]}"
    assert (start in phone.get(address).text) is is_offered
    assert open_.hold(phone, **open_.form(start, service=open_.cut)).status_code == (200 if is_offered else 409)


def test_a_client_has_no_more_bookings_ahead_than_the_limit(open_: Open):
    open_.set(per_client=2)
    phone = open_.practice.client_phone()
    for start in (TEN, LATER):
        assert open_.book(phone, open_.hold(phone, **open_.form(start))).status_code == 303
    assert "Please call us for another one" in phone.get("/portal/book").text
    refused = open_.hold(phone, **open_.form("2026-03-25T08:00:00Z"))
    assert refused.status_code == 409 and "Please call us" in refused.text
    assert phone.post("/portal/book", **open_.form(), form=str(uuid.uuid4())).status_code == 409
    open_.practice.desk.wait(days=2)
    phone = open_.practice.client_phone()
    assert open_.hold(phone, **open_.form("2026-03-30T08:00:00Z")).status_code == 200


def test_sent_twice_it_is_booked_once(open_: Open):
    phone = open_.practice.client_phone()
    page = open_.hold(phone)
    answers = [open_.book(phone, page) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"] and len(open_.listed()) == 1


def test_another_clients_form_books_nothing_of_theirs(open_: Open):
    cleo, omar = open_.practice.client_phone(), open_.practice.client_phone("omar@example.com")
    page = open_.hold(cleo)
    open_.book(cleo, page)
    omar.get("/portal")
    answer = open_.book(omar, page)
    assert answer.status_code == 409 and [row.client for row in open_.listed()] == ["Cleo"]


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


def test_somebody_who_left_is_not_offered(open_: Open):
    with open_.practice.desk.uow.begin() as tx:
        tx.execute(update(Staff).where(Staff.id == open_.practice.ben).values(active=False))
    phone = open_.practice.client_phone()
    assert "Cut" not in phone.get("/portal/book").text
    phone.get("/portal")
    assert open_.hold(phone, **open_.form(service=open_.cut)).status_code == 409


def test_r37_how_clients_book_is_set_under_booking_rules_and_stands_in_the_history(open_: Open):
    uow, ada = open_.practice.desk.uow, open_.practice.ada
    before = settings.open_rules(uow, actor=ada)
    assert (before.notice, before.ahead, before.per_client, before.must_confirm) == ("2", "60", "3", True)
    values = {"step": "30", "notice": "24", "ahead": "14", "per_client": "1"}
    settings.save_rules(uow, actor=ada, values=values, version=before.version)
    after = settings.open_rules(uow, actor=ada)
    assert (after.step, after.notice, after.ahead, after.per_client, after.must_confirm) == (
        "30",
        "24",
        "14",
        "1",
        False,
    )
    phone = open_.practice.client_phone()
    assert open_.hold(phone, **open_.form("2026-03-25T11:00:00Z", service=open_.cut)).status_code == 409
    assert open_.hold(phone, **open_.form("2026-03-25T12:30:00Z", service=open_.cut)).status_code == 200
    with pytest.raises(Conflict) as refusal:
        settings.save_rules(uow, actor=ada, values=values, version=before.version)
    changed = {line.field for row in refusal.value.values["changes"] for line in row.lines}
    assert changed == {"step", "notice", "ahead", "per_client", "must_confirm"}


def test_rules_of_booking_that_make_no_sense_are_refused_each_at_its_field(open_: Open):
    values = {"step": "7", "notice": "-1", "ahead": "0", "per_client": "none"}
    with pytest.raises(Invalid) as refusal:
        settings.save_rules(open_.practice.desk.uow, actor=open_.practice.ada, values=values, version=1)
    assert set(refusal.value.fields) == set(values)


def test_nobody_goes_past_the_limit_by_two_bookings_at_once(open_: Open, monkeypatch: pytest.MonkeyPatch):
    open_.set(per_client=1)
    practice, others = open_.practice, []
    uow = practice.desk.uow
    actor = ClientActor(practice.cleo, "Cleo", "en", "Africa/Cairo", ClientRules(portal_on=True, book=True))

    def slow(*given, **more):
        made = desk_bookings.keep(*given, **more)
        wanted = booking.Wanted(str(open_.massage), str(practice.ada.staff_id), LATER)
        others.append(threads.submit(service.hold, uow, actor=actor, wanted=wanted))
        wait(others, timeout=0.5)
        return made

    monkeypatch.setattr(booking, "keep", slow)
    wanted = booking.Wanted(str(open_.massage), str(practice.ben), TEN)
    with ThreadPoolExecutor(1) as threads:
        token = service.hold(uow, actor=actor, wanted=wanted)
        service.book(uow, actor=actor, wanted=wanted, token=token, notes="")
        assert isinstance(others[0].exception(timeout=20), Full)
