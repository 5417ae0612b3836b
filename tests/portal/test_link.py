"""Confirm by link: opening changes nothing, the button confirms once, and whatever is in the way is said kindly."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appointments_app import routes, runtime
from appointments_app.domain.links import Purpose, confirm_claims
from appointments_app.features.appointments import service as appointments
from appointments_app.features.appointments.service import confirmation
from tests.portal.conftest import Practice, link_in
from tests.session.desk import NOON

IN_TWO_DAYS = NOON + timedelta(hours=48)


def link_of(practice: Practice, appointment_id: int) -> str:
    link = confirmation.confirm_link(practice.desk.uow, actor=practice.ada, appointment_id=appointment_id)
    return link_in(link)


def test_the_page_shows_date_time_zone_and_business_and_nothing_else(practice: Practice):
    one = practice.book(notes="private", hours=48)
    page = practice.phone().get(link_of(practice, one))
    assert page.status_code == 200
    for shown in (
        "Thursday, 26 March 2026",
        "14:00 – 14:30",
        "Egypt Time",
        "Nile Clinic",
        "1 River Street",
        "Yes, I confirm",
    ):
        assert shown in page.text
    for hidden in ("private", "Cleo", "Ben", "Consultation", "cleo@example.com"):
        assert hidden not in page.text


def test_r31_opening_a_link_changes_nothing_however_often(practice: Practice):
    one = practice.book()
    link, phone = link_of(practice, one), practice.phone()
    before = practice.stored(one)
    for _ in range(3):
        phone.get(link, purpose="prefetch")
    assert practice.stored(one) == before


def test_r30_r31_the_button_confirms_and_says_who_when_and_how(practice: Practice):
    one = practice.book()
    practice.desk.wait(hours=1)
    page = practice.phone().post(link_of(practice, one))
    stored = practice.stored(one)
    assert "Confirmed" in page.text and "Yes, I confirm" not in page.text
    assert (stored.confirmed_at, stored.confirmed_by, stored.confirmed_how) == (practice.desk.now, "Cleo", "link")


def test_r31_confirming_twice_is_harmless(practice: Practice):
    one = practice.book()
    link, phone = link_of(practice, one), practice.phone()
    phone.post(link)
    first = practice.stored(one)
    practice.desk.wait(hours=1)
    assert "Confirmed" in phone.post(link).text
    assert practice.stored(one) == first
    changes = appointments.facts_of(practice.desk.uow, actor=practice.ada, appointment_id=one)[2]
    assert [(row.verb, row.who, row.by_client) for row in changes] == [("confirmed", "Cleo", True)]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"start_at": IN_TWO_DAYS + timedelta(days=1), "end_at": IN_TWO_DAYS + timedelta(days=1, hours=1)},
            "was moved",
        ),
        ({"status": "dismissed"}, "was called off"),
        ({"deleted_at": NOON}, "was called off"),
        ({"status": "done"}, "is over"),
        ({"links_revoked": 1}, "not valid any more"),
        ({"shared": False}, "not valid any more"),
    ],
)
def test_what_became_of_the_appointment_is_said_and_nothing_is_confirmed(practice: Practice, values: dict, said: str):
    one = practice.book()
    link, phone = link_of(practice, one), practice.phone()
    practice.change(one, **values)
    for page in (phone.get(link), phone.post(link)):
        assert said in page.text and "26 March" not in page.text
    practice.change(one, deleted_at=None)
    assert practice.stored(one).confirmed_at is None


def test_a_link_whose_appointment_has_begun_confirms_nothing(practice: Practice):
    one = practice.book(hours=1)
    link = link_of(practice, one)
    practice.desk.wait(hours=1)
    assert "is over" in practice.phone().post(link).text
    assert practice.stored(one).confirmed_at is None


def test_a_link_given_to_one_client_is_worth_nothing_for_another(practice: Practice):
    one = practice.book()
    link = link_of(practice, one)
    practice.change(one, client_id=practice.omar)
    assert practice.phone().post(link).status_code == 410
    assert practice.stored(one).confirmed_at is None


@pytest.mark.parametrize("why", ["suspended", "not allowed"])
def test_a_client_who_may_not_confirm_can_not_do_it_by_link(practice: Practice, why: str):
    one = practice.book()
    link = link_of(practice, one)
    if why == "suspended":
        practice.suspend(practice.cleo)
    else:
        practice.allow(confirm=False)
    assert practice.phone().post(link).status_code == 410
    assert practice.stored(one).confirmed_at is None


def test_a_link_works_without_the_portal(practice: Practice):
    practice.allow(portal_on=False)
    one = practice.book()
    assert "Confirmed" in practice.phone().post(link_of(practice, one)).text


def test_a_link_older_than_a_year_has_expired(practice: Practice):
    one = practice.book(hours=24 * 500)
    link = link_of(practice, one)
    practice.desk.wait(days=401)
    page = practice.phone().post(link)
    assert page.status_code == 410 and "has expired" in page.text


@pytest.mark.parametrize("token", ["x", "..", "a.b.c", "é", "A" * 3_000, "%00"])
def test_a_made_up_link_is_not_found(practice: Practice, token: str):
    assert practice.phone().get(f"/c/{token}").status_code == 404
    assert practice.phone().post(f"/c/{token}").status_code == 404


def test_nobody_changes_a_link_to_another_appointment(practice: Practice):
    mine, other = practice.book(), practice.book(practice.omar)
    token = link_of(practice, mine).removeprefix(f"{routes.CONFIRM}/")
    claims = confirm_claims(appointment_id=other, client_id=practice.omar, start_at=IN_TWO_DAYS, links_revoked=0)
    forged = runtime.link_token(Purpose.CONFIRM, **claims).rsplit(".", 2)[0] + "." + token.split(".", 1)[1]
    assert practice.phone().post(f"{routes.CONFIRM}/{forged}").status_code == 404
    assert practice.stored(other).confirmed_at is None


def test_the_page_speaks_the_clients_language(practice: Practice):
    page = practice.phone().get(link_of(practice, practice.book(practice.omar)))
    assert '<html lang="ar" dir="rtl">' in page.text and "٢٦ مارس ٢٠٢٦" in page.text


def test_a_form_of_another_site_confirms_nothing(practice: Practice):
    one = practice.book()
    answer = practice.phone().post(link_of(practice, one), origin="https://evil.example")
    assert answer.status_code == 403 and practice.stored(one).confirmed_at is None


def test_r31_rescheduling_takes_the_confirmation_and_the_link_back(practice: Practice):
    one = practice.book()
    link, phone = link_of(practice, one), practice.phone()
    phone.post(link)
    opened = appointments.open_one(practice.desk.uow, actor=practice.ada, appointment_id=one)
    appointments.edit(
        practice.desk.uow,
        actor=practice.ada,
        appointment_id=one,
        form={**opened.form, "time": "16:00"},
        version=opened.version,
    )
    assert practice.stored(one).confirmed_at is None
    assert "was moved" in phone.post(link).text
    assert practice.stored(one).confirmed_at is None


def test_the_policy_of_the_page_lets_nothing_run(practice: Practice):
    policy = practice.phone().get(link_of(practice, practice.book())).headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and "unsafe" not in policy
