"""The second step: on by a first code, never passed twice by one code, never around it."""

from __future__ import annotations

import re

import pytest

from appointments_app.db.queries.account import waiting
from appointments_app.domain.access import Role
from appointments_app.domain.errors import Invalid, NotAllowed, NotFound, NotSignedIn, TooManyAttempts
from appointments_app.domain.sign_in import SECOND_STEP_MINUTES, hash_of
from appointments_app.features.account import service
from appointments_app.features.roles import service as roles
from appointments_app.features.staff import service as staff
from tests.account.conftest import ADA, BEN, Office
from tests.session.desk import PASSWORD


def test_it_is_on_after_the_first_right_code_and_the_secret_is_stored_encrypted(office: Office):
    token, ada = office.sign_in(ADA)
    offer = service.begin(office.uow, actor=ada, session=hash_of(token), password=PASSWORD)
    assert re.fullmatch(r"([A-Z2-7]{4} ?){8}", offer.secret) and offer.picture.startswith("data:image/svg+xml")
    assert service.begin(office.uow, actor=ada, session=hash_of(token), password=PASSWORD) == offer
    with pytest.raises(Invalid) as refusal:
        service.confirm(office.uow, actor=ada, session=hash_of(token), code="000000")
    assert set(refusal.value.fields) == {"code"}
    assert not service.second_step_of(office.uow, actor=ada).is_on
    _, codes = office.turn_on(ADA)
    assert len(set(codes)) == 10 and all(re.fullmatch(r"(\w{4}-){2}\w{4}", code) for code in codes)
    facts = service.second_step_of(office.uow, actor=ada)
    assert (facts.is_on, facts.is_needed, facts.codes_left) == (True, False, 10)
    assert offer.secret.replace(" ", "") not in office.person(ADA).totp_secret
    with pytest.raises(Invalid):
        service.begin(office.uow, actor=ada, session=hash_of(token), password=PASSWORD)


def test_an_open_browser_alone_can_not_turn_it_on(office: Office):
    token, ada = office.sign_in(ADA)
    for wrong in ("wrong password", "", None, 7, ["x"]):
        with pytest.raises(Invalid) as refusal:
            service.begin(office.uow, actor=ada, session=hash_of(token), password=wrong)
        assert set(refusal.value.fields) == {"second_password"}
    with pytest.raises(TooManyAttempts):
        service.begin(office.uow, actor=ada, session=hash_of(token), password=PASSWORD)
    with pytest.raises(Invalid):
        service.confirm(office.uow, actor=ada, session=hash_of(token), code="000000")
    assert not service.second_step_of(office.uow, actor=ada).is_on


def test_the_right_password_forgets_the_wrong_ones_before_it(office: Office):
    token, ada = office.sign_in(ADA)
    for _week in range(3):
        for _ in range(4):
            with pytest.raises(Invalid):
                service.begin(office.uow, actor=ada, session=hash_of(token), password="wrong password")
        assert service.begin(office.uow, actor=ada, session=hash_of(token), password=PASSWORD).secret


def test_turning_it_on_signs_out_the_browsers_that_never_passed_it(office: Office):
    other, _ = office.sign_in(ADA)
    token, _ = office.turn_on(ADA)
    assert office.actor(other) is None and office.actor(token)


def test_a_right_password_alone_opens_nothing(office: Office):
    office.turn_on(ADA)
    token, actor = office.sign_in(ADA)
    assert actor is None and office.actor(token) is None
    full, ada = office.finish(token, office.code(ADA))
    assert ada.name == "Ada" and office.actor(full)
    assert full != token and office.actor(token) is None
    with pytest.raises(NotSignedIn):
        office.finish(token, office.code(ADA, 1))


def test_a_code_passes_once_and_so_does_every_earlier_one(office: Office):
    office.turn_on(ADA)
    code, later = office.code(ADA), office.code(ADA, 1)
    office.finish(office.sign_in(ADA)[0], later)
    for used in (later, code):
        with pytest.raises(Invalid):
            office.finish(office.sign_in(ADA)[0], used)
    office.wait(seconds=60)
    office.finish(office.sign_in(ADA)[0], office.code(ADA))


@pytest.mark.parametrize("ahead", [-2, 2, 20])
def test_a_code_of_another_time_is_wrong(office: Office, ahead: int):
    office.turn_on(ADA)
    office.wait(seconds=120)
    with pytest.raises(Invalid):
        office.finish(office.sign_in(ADA)[0], office.code(ADA, ahead))


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "\x00", "９９９９９９", "x" * 100, "١٢٣٤٥٦"])
def test_what_is_no_code_is_wrong(office: Office, code: str):
    office.turn_on(ADA)
    with pytest.raises(Invalid):
        office.finish(office.sign_in(ADA)[0], code)


def test_a_recovery_code_passes_once_however_it_is_typed(office: Office):
    _, codes = office.turn_on(ADA)
    typed = f" {codes[0].upper().replace('-', ' ')} "
    office.finish(office.sign_in(ADA)[0], typed)
    with pytest.raises(Invalid):
        office.finish(office.sign_in(ADA)[0], codes[0])
    _, ada = office.finish(office.sign_in(ADA)[0], office.code(ADA))
    assert service.second_step_of(office.uow, actor=ada).codes_left == 9
    fresh = service.new_codes(office.uow, actor=ada, password=PASSWORD)
    with pytest.raises(Invalid):
        office.finish(office.sign_in(ADA)[0], codes[1])
    office.finish(office.sign_in(ADA)[0], fresh[0])


def test_guessing_codes_is_slowed_down_however_often_one_signs_in_anew(office: Office):
    office.turn_on(ADA)
    tries = 0
    with pytest.raises(TooManyAttempts):
        for tries in range(20):
            with pytest.raises(Invalid):
                office.finish(office.sign_in(ADA)[0], f"{tries:06}")
    assert tries == 5
    with pytest.raises(TooManyAttempts):
        office.finish(office.sign_in(ADA)[0], office.code(ADA))


def test_a_right_password_waits_ten_minutes_for_its_second_step(office: Office):
    office.turn_on(ADA)
    token, _ = office.sign_in(ADA)
    office.wait(minutes=SECOND_STEP_MINUTES, seconds=1)
    with pytest.raises(NotSignedIn):
        office.finish(token, office.code(ADA))
    with office.uow.read() as tx:
        assert waiting(tx, hash_of(token)) is None


def test_who_is_suspended_between_the_steps_does_not_pass(office: Office):
    office.turn_on(BEN)
    token, _ = office.sign_in(BEN)
    _, ada = office.sign_in(ADA)
    staff.set_active(office.uow, actor=ada, staff_id=office.person(BEN).id, is_active=False)
    with pytest.raises(NotSignedIn):
        office.finish(token, office.code(BEN))


@pytest.mark.parametrize("token", ["", "made up"])
def test_nobody_waits_there_without_the_right_password(office: Office, token: str):
    office.turn_on(ADA)
    with pytest.raises(NotSignedIn):
        office.finish(token, office.code(ADA))
    with pytest.raises(NotSignedIn):
        service.offer_to_waiting(office.uow, session=hash_of(token))


def test_a_full_sign_in_is_no_waiting_one(office: Office):
    token, _ = office.turn_on(ADA)
    with pytest.raises(NotSignedIn):
        office.finish(token, office.code(ADA))


def test_it_is_turned_off_by_the_password_only(office: Office):
    token, _ = office.turn_on(ADA)
    ada = office.actor(token)
    assert ada
    for wrong in ("wrong password", None, 7, ["x"]):
        with pytest.raises(Invalid) as refusal:
            service.turn_off(office.uow, actor=ada, password=wrong)
        assert set(refusal.value.fields) == {"second_password"}
    service.turn_off(office.uow, actor=ada, password=PASSWORD)
    assert office.sign_in(ADA)[1] is not None


def test_a_role_that_needs_it_is_shut_out_at_the_next_click_until_it_is_set_up(office: Office):
    office.turn_on(ADA)
    ada = office.finish(office.sign_in(ADA)[0], office.code(ADA))[1]
    token, _ = office.sign_in(BEN)
    roles.need_second_step(office.uow, actor=ada, key=Role.RECEPTIONIST.value, is_needed=True)
    assert office.actor(token) is None
    waiting_token, ben = office.sign_in(BEN)
    assert ben is None and office.actor(waiting_token) is None
    offer = service.offer_to_waiting(office.uow, session=hash_of(waiting_token))
    assert offer
    from pyotp.totp import TOTP

    full, ben = office.finish(waiting_token, TOTP(offer.secret.replace(" ", "")).at(office.now))
    assert office.actor(full) and office.actor(token) is None
    with pytest.raises(Invalid):
        service.turn_off(office.uow, actor=ben, password=PASSWORD)
    assert service.offer_to_waiting(office.uow, session=hash_of(_again(office))) is None
    roles.need_second_step(office.uow, actor=ada, key=Role.RECEPTIONIST.value, is_needed=False)
    service.turn_off(office.uow, actor=ben, password=PASSWORD)


def _again(office: Office) -> str:
    return office.sign_in(BEN)[0]


def test_nobody_locks_themselves_out_by_needing_what_they_have_not(office: Office):
    _, ada = office.sign_in(ADA)
    with pytest.raises(Invalid):
        roles.need_second_step(office.uow, actor=ada, key="owner", is_needed=True)
    with pytest.raises(NotFound):
        roles.need_second_step(office.uow, actor=ada, key="nobody", is_needed=True)
    _, ben = office.sign_in(BEN)
    with pytest.raises(NotAllowed):
        roles.need_second_step(office.uow, actor=ben, key="staff", is_needed=True)


def test_an_owner_takes_a_lost_second_step_away(office: Office):
    token, _ = office.turn_on(BEN)
    _, ada = office.sign_in(ADA)
    ben = office.person(BEN).id
    assert staff.open_person(office.uow, actor=ada, staff_id=ben).has_second_step
    staff.forget_second_step(office.uow, actor=ada, staff_id=ben)
    assert office.actor(token) is None and office.sign_in(BEN)[1] is not None
    with pytest.raises(NotAllowed):
        staff.forget_second_step(office.uow, actor=office.sign_in(BEN)[1], staff_id=ada.staff_id)
    with pytest.raises(Invalid):
        staff.forget_second_step(office.uow, actor=ada, staff_id=ada.staff_id)
