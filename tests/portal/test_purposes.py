"""A token opens the one door it is made for: at every other it is worth as much as a made-up one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appointments_app import runtime
from appointments_app.db.queries import account, client_access, opt_outs, sign_ins
from appointments_app.domain.links import Purpose, confirm_claims
from appointments_app.domain.sign_in import hash_of, new_token
from appointments_app.features.portal import service
from tests.portal.conftest import Practice
from tests.session.desk import NOON

DOORS = ("confirm", "unsubscribe", "enter", "portal", "desk", "reset", "set up")


@pytest.fixture
def tokens(practice: Practice) -> dict[str, str]:
    """A good token for each door."""
    visit = practice.book()
    claims = confirm_claims(
        appointment_id=visit, client_id=practice.cleo, start_at=practice.stored(visit).booking.start_at, links_revoked=0
    )
    made = {name: new_token() for name in ("enter", "portal", "reset", "set up")}
    later = NOON + timedelta(minutes=10)
    with practice.desk.uow.begin() as tx:
        client_access.add_link(tx, hash_of(made["enter"]), practice.cleo, later)
        client_access.begin(tx, hash_of(made["portal"]), practice.cleo, expires_at=later)
        account.add_reset(tx, practice.ben, hash_of(made["reset"]), later)
        sign_ins.replace_setup_link(tx, hash_of(made["set up"]))
    unsubscribe = runtime.unsubscribe_link(client_id=practice.cleo).rpartition("/")[2]
    confirm = runtime.link_token(Purpose.CONFIRM, **claims)
    return {**made, "confirm": confirm, "unsubscribe": unsubscribe, "desk": practice.ada_token}


def opens(practice: Practice, door: str, token: str) -> bool:
    """Whether a token opens a door; what it does there is done."""
    phone = practice.phone()
    if door == "confirm":
        return phone.post(f"/c/{token}").status_code == 200
    if door == "unsubscribe":
        phone.post(f"/unsubscribe/{token}")
        with practice.desk.uow.read() as tx:
            return bool(opt_outs.of_client(tx, practice.cleo))
    if door == "enter":
        return phone.post(f"/portal/enter/{token}").headers.get("location") == "/portal"
    if door == "portal":
        return practice.phone(cid=token).get("/portal").status_code == 200
    if door == "desk":
        return practice.desk.actor(token) is not None
    if door == "reset":
        form = {"token": token, "password": "seven tall giraffes"}
        return "/sign-in" in phone.post("/auth/reset", **form).text
    form = {
        "token": token, "name": "Eve", "email": "eve@example.com", "password": "seven tall giraffes",
        "business": "Evil", "time_zone": "UTC", "language": "en", "region": "EG",
    }  # fmt: skip
    return phone.post("/auth/set-up", **form).status_code == 200


@pytest.mark.parametrize("door", DOORS)
def test_a_token_of_another_purpose_opens_nothing_and_its_own_stays_good(
    practice: Practice, tokens: dict[str, str], door: str
):
    assert set(tokens) == set(DOORS)
    for purpose, token in tokens.items():
        if purpose != door:
            assert not opens(practice, door, token), f"a token to {purpose} opens {door}"
    assert opens(practice, door, tokens[door])


def test_a_link_that_was_used_or_is_old_opens_nothing(practice: Practice, tokens: dict[str, str]):
    for door in ("enter", "reset", "set up"):
        assert opens(practice, door, tokens[door]) and not opens(practice, door, tokens[door]), f"{door}: used twice"
    with practice.desk.uow.begin() as tx:
        account.add_reset(tx, practice.ben, hash_of("old"), NOON + timedelta(minutes=10))
        client_access.add_link(tx, hash_of("old"), practice.cleo, NOON + timedelta(minutes=10))
    practice.desk.wait(minutes=11)
    assert not opens(practice, "reset", "old") and not opens(practice, "enter", "old")


def test_signing_in_gives_a_new_token_whatever_the_browser_held(practice: Practice):
    planted = "f" * 43
    desk = practice.phone(sid=planted)
    answer = desk.post("/auth/sign-in", email="ada@example.com", password="correct horse battery")
    assert answer.status_code == 200 and practice.desk.actor(planted) is None
    given = answer.cookies["sid"]
    assert given != planted and practice.desk.actor(given)
    again = practice.phone(sid=given)
    second = again.post("/auth/sign-in", email="ada@example.com", password="correct horse battery").cookies["sid"]
    assert second != given
    phone = practice.phone(cid=planted)
    phone.post("/portal/sign-in", who="cleo@example.com")
    token = new_token()
    with practice.desk.uow.begin() as tx:
        client_access.add_link(tx, hash_of(token), practice.cleo, NOON + timedelta(minutes=10))
    entered = phone.post(f"/portal/enter/{token}")
    assert entered.headers["location"] == "/portal" and planted not in str(entered.headers.get_list("set-cookie"))
    assert service.actor_for(practice.desk.uow, hash_of(planted), days=1) is None
