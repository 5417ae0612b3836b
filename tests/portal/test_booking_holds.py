"""A time that a client looks over is theirs for five minutes, and nobody ever gets what another one has."""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor, wait

import httpx
import pytest

from appointments_app.domain.bookings import Full, Taken
from appointments_app.domain.portal import ClientActor, ClientRules
from appointments_app.features.bookings import service as desk_bookings
from appointments_app.features.portal import service
from appointments_app.features.portal.service import booking
from tests.portal.opened import LATER, TEN, Open
from tests.portal.opened import open_ as open_  # the fixture


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


def test_another_clients_form_books_nothing_of_theirs(open_: Open):
    cleo, omar = open_.practice.client_phone(), open_.practice.client_phone("omar@example.com")
    page = open_.hold(cleo)
    open_.book(cleo, page)
    omar.get("/portal")
    answer = open_.book(omar, page)
    assert answer.status_code == 409 and [row.client for row in open_.listed()] == ["Cleo"]


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
