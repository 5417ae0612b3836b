"""One's own browsers: listed, signed out one by one, and told of when a new one appears."""

from __future__ import annotations

import pytest

from appointments_app.domain.errors import NotFound
from appointments_app.domain.sign_in import Visitor, browser_name, hash_of
from appointments_app.features.account import service
from appointments_app.features.session import service as session
from tests.account.conftest import ADA, BEN, Office
from tests.session.desk import DAYS, PASSWORD

DESK = Visitor("192.0.2.7", "Firefox · Linux", "desk")
PHONE = Visitor("198.51.100.2", "Safari · iPhone", "phone")


def _sign_in(office: Office, email: str, visitor: Visitor):
    return session.sign_in(
        office.uow, email=email, password=PASSWORD, address=visitor.address, days=DAYS, visitor=visitor,
        tell=service.tell_of_new_browser,
    )  # fmt: skip


def test_a_browser_that_was_never_used_before_is_told_of_by_e_mail(office: Office):
    _sign_in(office, ADA, DESK)
    _sign_in(office, ADA, DESK)
    assert office.messages() == []
    _sign_in(office, ADA, PHONE)
    (letter,) = office.messages()
    assert letter.address == ADA and "Safari · iPhone" in letter.body and "198.51.100.2" in letter.body
    assert not letter.secret and "Nile" not in letter.subject
    _sign_in(office, ADA, PHONE)
    _sign_in(office, BEN, PHONE)
    assert len(office.messages()) == 1


def test_a_second_step_that_is_not_passed_makes_no_browser_known(office: Office):
    _sign_in(office, ADA, DESK)
    office.turn_on(ADA)
    token, actor = _sign_in(office, ADA, PHONE)
    assert actor is None and office.messages() == []
    office.finish(token, office.code(ADA), PHONE)
    assert len(office.messages(ADA)) == 1


def test_ones_own_browsers_are_listed_this_one_first_without_what_opens_them(office: Office):
    first, ada = _sign_in(office, ADA, DESK)
    office.wait(minutes=1)
    second, _ = _sign_in(office, ADA, PHONE)
    _sign_in(office, BEN, PHONE)
    rows = service.list_browsers(office.uow, actor=ada, session=hash_of(first))
    assert [(row.browser, row.is_this) for row in rows] == [("Firefox · Linux", True), ("Safari · iPhone", False)]
    for row in rows:
        assert row.id not in (first, second, hash_of(first), hash_of(second))
        assert office.actor(row.id) is None
    service.sign_out_browser(office.uow, actor=ada, browser_id=rows[1].id)
    assert office.actor(second) is None and office.actor(first)


def test_nobody_signs_out_somebody_elses_browser(office: Office):
    token, ada = _sign_in(office, ADA, DESK)
    _, ben = _sign_in(office, BEN, PHONE)
    row = service.list_browsers(office.uow, actor=ada, session=hash_of(token))[0]
    for browser_id in (row.id, "", None, 7, ["x"], hash_of(token)):
        with pytest.raises(NotFound):
            service.sign_out_browser(office.uow, actor=ben, browser_id=browser_id)
    assert office.actor(token)


def test_all_others_are_signed_out_and_this_one_stays(office: Office):
    first, ada = _sign_in(office, ADA, DESK)
    second, _ = _sign_in(office, ADA, PHONE)
    bens, _ = _sign_in(office, BEN, PHONE)
    service.sign_out_others(office.uow, actor=ada, session=hash_of(first))
    assert office.actor(first) and office.actor(bens) and office.actor(second) is None


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge · Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome · Android"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_a_browser_is_called_what_people_call_it(header: str, name: str):
    assert browser_name(header) == name
