"""The first owner: by the one-time link, or from the command line."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any

import pytest

from appointments_app import cli, runtime
from appointments_app.db.engine import engine_for
from appointments_app.db.queries import sign_ins
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import Role
from appointments_app.domain.errors import Conflict, Invalid, NotFound
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


def _add(desk: Desk, name: str, **told: str) -> int:
    email = f"{name}@example.com"
    return service.add_user(desk.uow, name=name, email=email, password=PASSWORD, role=Role.OWNER, **told)


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


@pytest.mark.parametrize(
    "told", [{"business": "Delta Salon"}, {"time_zone": "Asia/Dubai"}, {"language": "ar"}, {"region": "AE"}]
)
def test_the_command_line_adds_nobody_to_a_business_that_was_not_meant(empty_desk: Desk, told: dict[str, str]):
    _add(empty_desk, "ada", business="Nile Clinic", time_zone="Africa/Cairo", region="EG")
    with pytest.raises(Conflict) as refusal:
        _add(empty_desk, "eve", **told)
    assert refusal.value.values == {"name": "Nile Clinic"}
    with pytest.raises(Invalid):
        empty_desk.sign_in("eve@example.com")
    _add(empty_desk, "ben", business=" Nile  Clinic ", time_zone="Africa/Cairo", language="en", region="eg")
    _add(empty_desk, "cem")
    assert empty_desk.sign_in("ben@example.com")[1] and empty_desk.sign_in("cem@example.com")[1]


def test_the_command_says_which_business_is_there(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    engine = engine_for(sqlite_url)
    monkeypatch.setattr(cli, "_migrated", lambda: None)
    monkeypatch.setattr(runtime, "uow", lambda: UnitOfWork(engine))
    for name, code in (("Nile Clinic", 0), ("Delta Salon", 1)):
        monkeypatch.setattr("sys.stdin", StringIO(f"{PASSWORD}\n"))
        given = ["--email", f"{name[:4]}@example.com", "--business", name, "--password-stdin"]
        assert cli.main(["user", "add", "--role", "owner", *given]) == code
    assert "the business Nile Clinic already" in capsys.readouterr().err
    engine.dispose()


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
