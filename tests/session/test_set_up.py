"""The first owner: by the one-time link, or from the command line."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from appointments_app.db.queries import sign_ins
from appointments_app.domain.access import Role
from appointments_app.domain.errors import Invalid, NotFound
from appointments_app.features.session import service
from tests.session.desk import DAYS, PASSWORD, Desk


def _set_up(desk: Desk, token: str, **other: Any) -> str:
    given = {
        "name": "Ada",
        "email": "ada@example.com",
        "password": PASSWORD,
        "business": "Nile Clinic",
        "time_zone": "Africa/Cairo",
        "language": "ar",
        "region": "EG",
    }
    return service.set_up(desk.uow, token=token, days=DAYS, **{**given, **other})


def _link(desk: Desk) -> str:
    token = service.new_setup_token(desk.uow)
    assert token is not None
    return token


def test_the_link_makes_business_and_owner_and_signs_the_owner_in(empty_desk: Desk):
    actor = empty_desk.actor(_set_up(empty_desk, _link(empty_desk)))
    assert actor and (actor.name, actor.role, actor.language, actor.time_zone) == (
        "Ada",
        Role.OWNER,
        "ar",
        "Africa/Cairo",
    )


def test_the_link_works_once(empty_desk: Desk):
    link = _link(empty_desk)
    _set_up(empty_desk, link)
    with pytest.raises(NotFound):
        _set_up(empty_desk, link, email="eve@example.com")
    assert service.new_setup_token(empty_desk.uow) is None


def test_only_the_link_printed_last_works(empty_desk: Desk):
    old, new = _link(empty_desk), _link(empty_desk)
    for wrong in (old, "", "guess"):
        with pytest.raises(NotFound):
            _set_up(empty_desk, wrong)
    assert _set_up(empty_desk, new)


def test_bad_input_names_every_wrong_field_and_keeps_the_link_usable(empty_desk: Desk):
    link = _link(empty_desk)
    with pytest.raises(Invalid) as refusal:
        _set_up(
            empty_desk,
            link,
            name=" ",
            email="no address",
            password="short",
            business="",
            time_zone="Mars/Base",
            language="xx",
            region="??",
        )
    assert set(refusal.value.fields) == {"name", "email", "password", "business", "time_zone", "language", "region"}
    with empty_desk.uow.read() as tx:
        assert sign_ins.business(tx) is None
    assert _set_up(empty_desk, link)


def test_the_command_line_makes_an_owner_without_the_link(empty_desk: Desk):
    link = _link(empty_desk)
    empty_desk.hire("ada@example.com", Role.OWNER)
    assert empty_desk.sign_in("ada@example.com")[1].role == Role.OWNER
    with pytest.raises(NotFound):
        _set_up(empty_desk, link, email="eve@example.com")


def test_the_command_line_refuses_a_second_account_with_the_same_address(desk: Desk):
    with pytest.raises(Invalid) as refusal:
        desk.hire("ADA@example.com")
    assert refusal.value.fields == {"email": "This e-mail address is in use."}


def test_of_two_who_use_the_link_at_the_same_moment_one_becomes_the_owner(empty_desk: Desk):
    link = _link(empty_desk)

    def arrive(email: str) -> bool:
        try:
            return bool(_set_up(empty_desk, link, email=email))
        except NotFound:
            return False

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(arrive, [f"owner{number}@example.com" for number in range(4)]))
    assert sorted(done) == [False, False, False, True]
