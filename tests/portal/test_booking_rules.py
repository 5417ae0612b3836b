"""Who books by themselves, and what they can have: what the settings allow, and nothing else."""

from __future__ import annotations

import uuid
from dataclasses import asdict

import httpx
import pytest
from sqlalchemy import update

from appointments_app.db.models import (
    Staff,
)
from appointments_app.db.queries import history
from appointments_app.db.queries.history import ChangeRow
from appointments_app.domain.errors import Conflict, Invalid
from appointments_app.features.bookings import service as desk_bookings
from appointments_app.features.services import service as settings
from tests.portal.opened import LATER, TEN, Open
from tests.portal.opened import open_ as open_  # the fixture


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


def test_a_service_that_is_for_staff_alone_is_not_there_for_clients(open_: Open):
    uow, ada = open_.practice.desk.uow, open_.practice.ada
    phone = open_.practice.client_phone()
    page = open_.hold(phone, **open_.form(service=open_.cut))
    form = asdict(settings.open_service(uow, actor=ada, service_id=str(open_.cut)))
    assert form.pop("clients_book") is True, "every service is offered to clients until somebody says otherwise"
    settings.save(uow, actor=ada, service_id=str(open_.cut), form=form, version=form["version"])
    assert not settings.open_service(uow, actor=ada, service_id=str(open_.cut)).clients_book
    assert "Cut" not in phone.get("/portal/book").text and "Massage" in phone.get("/portal/book").text
    cut = open_.form(LATER, service=open_.cut)
    assert TEN not in phone.get(f"/portal/book?service={open_.cut}&staff=any&day=2026-03-26").text
    assert [open_.book(phone, page).status_code, open_.hold(phone, **cut).status_code] == [404, 404]
    assert phone.get(f"/portal/book/check?{httpx.QueryParams(cut)}").status_code == 404
    assert open_.listed() == []
    asked = desk_bookings.Asked(str(open_.cut), "any", LATER, str(open_.practice.omar))
    assert desk_bookings.reserve(uow, actor=ada, asked=asked, token=str(uuid.uuid4()))
    (change,) = settings_history(open_)
    assert [(line.field, line.old, line.new) for line in change.lines] == [("clients_book", "1", "")]
    form |= {"clients_book": "yes", "version": form["version"] + 1}
    settings.save(uow, actor=ada, service_id=str(open_.cut), form=form, version=form["version"])
    assert open_.hold(phone, **open_.form(service=open_.cut)).status_code == 200


def settings_history(open_: Open) -> list[ChangeRow]:
    """Return what was changed about the cut."""
    with open_.practice.desk.uow.read() as tx:
        return history.of_record(tx, "service", open_.cut)
