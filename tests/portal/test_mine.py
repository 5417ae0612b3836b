"""What a client sees and may do: their own shared appointments, within what the settings allow, and nothing else."""

from __future__ import annotations

import itertools
from datetime import timedelta

import icalendar
import pytest

from appointments_app.domain.sign_in import hash_of
from appointments_app.features.portal import service
from tests.portal.conftest import Practice
from tests.session.desk import NOON


@pytest.mark.parametrize(
    ("shared", "portal_on", "allowed", "suspended"), list(itertools.product((True, False), repeat=4))
)
def test_r11_an_appointment_is_visible_only_when_all_four_hold(
    practice: Practice, shared: bool, portal_on: bool, allowed: bool, suspended: bool
):
    one = practice.book(shared=shared)
    phone = practice.client_phone()
    practice.allow(portal_on=portal_on, view_appointments=allowed)
    practice.suspend(practice.cleo, NOON if suspended else None)
    is_visible = shared and portal_on and allowed and not suspended
    link = f"/portal/appointments/{one}"
    assert (link in phone.get("/portal").text) is is_visible
    assert (phone.get(link).status_code == 200) is is_visible
    assert (phone.get(f"{link}.ics").status_code == 200) is is_visible
    phone.post(f"{link}/confirm")
    assert (practice.stored(one).confirmed_at is not None) is is_visible


def test_the_list_shows_what_lies_ahead_and_what_is_over_apart(practice: Practice):
    soon, later, over = (practice.book(hours=hours) for hours in (2, 50, -30))
    off = practice.book(hours=60, status="dismissed")
    phone = practice.client_phone()
    ahead, behind = phone.get("/portal").text, phone.get("/portal/past").text
    assert ahead.index(f"/appointments/{soon}") < ahead.index(f"/appointments/{later}")
    assert behind.index(f"/appointments/{off}") < behind.index(f"/appointments/{over}")
    assert f"/appointments/{over}" not in ahead and f"/appointments/{soon}" not in behind


def test_pages_follow_each_other_without_gap_or_twin(practice: Practice):
    booked = [practice.book(hours=2 + number // 3) for number in range(45)]
    uow, actor = practice.desk.uow, _actor(practice)
    seen, after = [], None
    while True:
        page = service.upcoming(uow, actor=actor, after=after)
        seen += [visit.id for visit in page.visits]
        if (after := page.next) is None:
            break
    assert seen == booked


def test_the_link_to_more_leads_on(practice: Practice):
    booked = [practice.book(hours=2 + number) for number in range(21)]
    phone = practice.client_phone()
    first = phone.get("/portal").text
    more = first.split('href="/portal?after=')[1].split('"')[0]
    assert f"/appointments/{booked[20]}" not in first
    assert f"/appointments/{booked[20]}" in phone.get(f"/portal?after={more}").text


@pytest.mark.parametrize("after", ["x", "1.x", "99999999999999999.1", "-1.1", "1.99999999999", "%00.1", "1"])
def test_a_place_that_is_none_shows_the_first_page(practice: Practice, after: str):
    one = practice.book()
    assert f"/appointments/{one}" in practice.client_phone().get(f"/portal?after={after}").text


def test_a_visit_shows_what_when_where_and_with_whom_and_never_the_notes(practice: Practice):
    one = practice.book(notes="difficult person")
    page = practice.client_phone().get(f"/portal/appointments/{one}").text
    for shown in ("Thursday, 26 March 2026", "Egypt Time", "Consultation", "Ben", "1 River Street"):
        assert shown in page
    assert "difficult" not in page


def test_r30_a_client_confirms_in_the_portal(practice: Practice):
    one = practice.book()
    phone = practice.client_phone()
    phone.get(f"/portal/appointments/{one}")
    answer = phone.post(f"/portal/appointments/{one}/confirm")
    assert "Confirmed. Thank you" in phone.get(answer.headers["location"]).text
    stored = practice.stored(one)
    assert (stored.confirmed_at, stored.confirmed_by, stored.confirmed_how) == (NOON, "Cleo", "portal")
    phone.post(f"/portal/appointments/{one}/confirm")
    assert practice.stored(one) == stored


@pytest.mark.parametrize("digits", [10, 18, 19, 5_000])
def test_a_number_that_no_appointment_can_have_looks_like_nothing(practice: Practice, digits: int):
    phone = practice.client_phone()
    for path in ("", ".ics"):
        assert phone.get(f"/portal/appointments/{'9' * digits}{path}").status_code == 404


@pytest.mark.parametrize("verb", ["confirm", "ask", "cancel"])
@pytest.mark.parametrize("which", ["another client's", "not shared", "deleted", "none"])
def test_what_is_not_the_clients_looks_like_nothing(practice: Practice, verb: str, which: str):
    one = {
        "another client's": lambda: practice.book(practice.omar),
        "not shared": lambda: practice.book(shared=False),
        "deleted": lambda: practice.book(deleted_at=NOON),
        "none": lambda: 999_999,
    }[which]()
    phone = practice.client_phone()
    phone.get("/portal")
    shown = phone.get(f"/portal/appointments/{one}")
    nothing = phone.get("/portal/appointments/888888")
    assert shown.status_code == 404 and shown.text.replace(f'/{one}"', "") == nothing.text.replace('/888888"', "")
    assert phone.post(f"/portal/appointments/{one}/{verb}", message="please").status_code == 404
    assert practice.requests() == []


@pytest.mark.parametrize(("verb", "rule"), [("confirm", "confirm"), ("ask", "ask_other_time"), ("cancel", "cancel")])
def test_what_the_settings_do_not_allow_is_neither_shown_nor_done(practice: Practice, verb: str, rule: str):
    one = practice.book()
    practice.allow(**{rule: False})
    phone = practice.client_phone()
    assert f"/{one}/{verb}" not in phone.get(f"/portal/appointments/{one}").text
    assert phone.post(f"/portal/appointments/{one}/{verb}", message="please").status_code == 404
    stored = practice.stored(one)
    assert (stored.status, stored.confirmed_at, practice.requests()) == ("scheduled", None, [])


def test_asking_for_another_time_reaches_the_staff_and_leaves_the_appointment(practice: Practice):
    one = practice.book()
    phone = practice.client_phone()
    phone.get(f"/portal/appointments/{one}")
    answer = phone.post(f"/portal/appointments/{one}/ask", message="Monday\r\nafter five")
    assert "will contact you" in phone.get(answer.headers["location"]).text
    (asked,) = practice.requests()
    assert (asked.appointment_id, asked.kind, asked.message) == (one, "other_time", "Monday\nafter five")
    assert practice.stored(one).status == "scheduled"
    assert "You asked for another time" in phone.get("/portal").text


def test_asking_without_a_word_says_so_at_the_field(practice: Practice):
    one = practice.book()
    phone = practice.client_phone()
    phone.get(f"/portal/appointments/{one}")
    answer = phone.post(f"/portal/appointments/{one}/ask", message="  ")
    assert answer.status_code == 422 and "Tell us which times" in answer.text and 'aria-invalid="true"' in answer.text


def test_a_message_that_is_too_long_is_not_lost(practice: Practice):
    one = practice.book()
    phone = practice.client_phone()
    phone.get(f"/portal/appointments/{one}")
    answer = phone.post(f"/portal/appointments/{one}/ask", message="x" * 501)
    assert answer.status_code == 422 and "x" * 501 in answer.text and practice.requests() == []


def test_cancelling_dismisses_tells_the_staff_and_says_who_did_it(practice: Practice):
    one = practice.book()
    phone = practice.client_phone()
    phone.get(f"/portal/appointments/{one}")
    answer = phone.post(f"/portal/appointments/{one}/cancel", message="I am ill")
    assert "called off" in phone.get(answer.headers["location"]).text
    assert practice.stored(one).status == "dismissed"
    assert [(each.kind, each.message) for each in practice.requests()] == [("cancel", "I am ill")]
    assert phone.post(f"/portal/appointments/{one}/cancel").status_code == 422


@pytest.mark.parametrize("verb", ["ask", "cancel"])
def test_inside_the_notice_window_the_client_is_asked_to_call(practice: Practice, verb: str):
    one = practice.book(hours=24)
    phone = practice.client_phone()
    page = phone.get(f"/portal/appointments/{one}").text
    assert "too late to change this online" in page and f"/{one}/{verb}" not in page
    assert phone.post(f"/portal/appointments/{one}/{verb}", message="please").status_code == 422
    assert practice.requests() == [] and practice.stored(one).status == "scheduled"


def test_the_calendar_file_holds_when_what_and_where_and_no_notes(practice: Practice):
    one = practice.book(notes="private")
    answer = practice.client_phone().get(f"/portal/appointments/{one}.ics")
    (event,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["summary"] == "Nile Clinic – Consultation" and "River Street" in event["description"]
    assert event.decoded("dtstart") == NOON + timedelta(hours=48)
    assert b"private" not in answer.content


def test_stored_text_is_shown_as_text(practice: Practice):
    with practice.desk.uow.begin() as tx:
        from appointments_app.db.models import Action, Business, Client, Staff

        evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
        for model, key in ((Business, 1), (Client, practice.cleo), (Staff, practice.ben), (Action, practice.action)):
            row = tx.get(model, key)
            row.name = evil  # type: ignore[union-attr]
            tx.add(row)
    one = practice.book()
    phone = practice.client_phone()
    for path in ("/portal", f"/portal/appointments/{one}", "/portal/profile", "/portal/sign-in"):
        assert "<script" not in phone.get(path).text and "<img" not in phone.get(path).text


def test_signed_out_every_page_leads_to_the_sign_in(practice: Practice):
    one = practice.book()
    phone = practice.phone(cid="made-up")
    for path in (
        "/portal",
        "/portal/past",
        "/portal/profile",
        f"/portal/appointments/{one}",
        "/portal/appointments/9.ics",
    ):
        answer = phone.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/portal/sign-in")
    assert phone.post(f"/portal/appointments/{one}/confirm").status_code == 303
    assert practice.stored(one).confirmed_at is None


def test_a_form_without_the_pages_guard_does_nothing(practice: Practice):
    one = practice.book()
    phone = practice.client_phone()
    phone.get("/portal")
    for guard in ("", "0" * 64):
        assert phone.post(f"/portal/appointments/{one}/confirm", guard=guard).status_code == 403
    assert practice.stored(one).confirmed_at is None


def test_the_policy_of_every_page_lets_nothing_run(practice: Practice):
    phone = practice.client_phone()
    for path in ("/portal", "/portal/past", "/portal/profile", "/portal/appointments/1"):
        headers = phone.get(path).headers
        assert "script-src" not in headers["content-security-policy"]
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"


def _actor(practice: Practice):
    phone = practice.client_phone()
    actor = service.actor_for(practice.desk.uow, hash_of(phone.cookies["cid"]), days=14)
    assert actor is not None
    return actor
