"""A forgotten password: one link, once, for half an hour, and nobody learns whose address it is."""

from __future__ import annotations

import re

import pytest

from appointments_app.domain.errors import Invalid, NotFound
from appointments_app.domain.sign_in import RESET_MINUTES
from appointments_app.features.account import service
from appointments_app.features.session import service as sessions
from appointments_app.features.staff import service as staff
from appointments_app.features.staff.schemas import FIELDS
from tests.account.conftest import ADA, BEN, Office
from tests.session.desk import PASSWORD

NEW = "seven tall giraffes"


def _link(office: Office, email: str = BEN) -> str:
    service.ask_for_reset(office.uow, email=email)
    found = re.search(r"/reset\?token=(\S+)", office.messages()[-1].body)
    assert found
    return found[1]


def test_the_link_sets_a_password_once_and_ends_every_sign_in(office: Office):
    token, _ = office.sign_in(BEN)
    link = _link(office, f" {BEN.upper()} ")
    message = office.messages(BEN)[-1]
    assert message.secret and message.channel == "email" and "Ben" in message.body and "30" in message.body
    service.reset_password(office.uow, token=link, password=NEW)
    assert office.actor(token) is None and office.sign_in(BEN, NEW)
    with pytest.raises(Invalid):
        office.sign_in(BEN)
    with pytest.raises(NotFound):
        service.reset_password(office.uow, token=link, password=NEW + "s")
    assert "changed" in office.messages(BEN)[-1].subject


def test_a_link_is_worth_nothing_once_the_password_was_changed_otherwise(office: Office):
    _, ada = office.sign_in(ADA)
    _, ben = office.sign_in(BEN)
    link = _link(office)
    sessions.change_password(office.uow, actor=ben, session="", present=PASSWORD, wanted=NEW)
    with pytest.raises(NotFound):
        service.reset_password(office.uow, token=link, password="eight tall giraffes")
    link = _link(office)
    form = staff.open_person(office.uow, actor=ada, staff_id=ben.staff_id)
    values = {name: getattr(form, name) for name in (*FIELDS, "may_sign_in")} | {"password": "nine tall giraffes"}
    staff.save(office.uow, actor=ada, staff_id=ben.staff_id, values=values, version=form.version)
    with pytest.raises(NotFound):
        service.reset_password(office.uow, token=link, password="eight tall giraffes")


def test_a_password_that_is_refused_does_not_use_the_link_up(office: Office):
    link = _link(office)
    for weak in ("short", "Password2026!", "ben@example.com", "1234567890"):
        with pytest.raises(Invalid) as refusal:
            service.reset_password(office.uow, token=link, password=weak)
        assert set(refusal.value.fields) == {"password"}
    service.reset_password(office.uow, token=link, password=NEW)


def test_a_link_ends_after_half_an_hour_and_when_another_is_asked_for(office: Office):
    first, second = _link(office), _link(office)
    with pytest.raises(NotFound):
        service.reset_password(office.uow, token=first, password=NEW)
    office.wait(minutes=RESET_MINUTES, seconds=1)
    with pytest.raises(NotFound):
        service.reset_password(office.uow, token=second, password=NEW)


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "\x00", "'; DROP TABLE staff"])
def test_a_made_up_link_is_none(office: Office, token: str):
    _link(office)
    with pytest.raises(NotFound):
        service.reset_password(office.uow, token=token, password=NEW)


@pytest.mark.parametrize("email", ["nobody@example.com", "", "x" * 10_000, "%", "ada", "\x00"])
def test_nothing_goes_out_for_an_address_that_nobody_has(office: Office, email: str):
    service.ask_for_reset(office.uow, email=email)
    assert office.messages() == []


def test_nothing_goes_to_somebody_who_may_not_sign_in(office: Office):
    _, ada = office.sign_in(ADA)
    link = _link(office)
    staff.set_active(office.uow, actor=ada, staff_id=office.person(BEN).id, is_active=False)
    service.ask_for_reset(office.uow, email=BEN)
    assert len(office.messages(BEN)) == 1
    with pytest.raises(NotFound):
        service.reset_password(office.uow, token=link, password=NEW)


def test_one_person_gets_few_letters_however_often_it_is_asked(office: Office):
    for _ in range(30):
        service.ask_for_reset(office.uow, email=BEN)
    assert len(office.messages(BEN)) == 3


def test_it_does_not_lead_around_the_second_step(office: Office):
    office.turn_on(BEN)
    service.reset_password(office.uow, token=_link(office), password=NEW)
    token, actor = office.sign_in(BEN, NEW)
    assert actor is None and office.actor(token) is None


def test_it_ends_the_waiting_after_wrong_passwords(office: Office):
    for _ in range(5):
        with pytest.raises(Invalid):
            office.sign_in(BEN, "wrong")
    service.reset_password(office.uow, token=_link(office), password=NEW)
    assert office.sign_in(BEN, NEW)
