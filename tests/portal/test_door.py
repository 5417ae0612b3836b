"""The door of the portal: links that work once, the same answer for strangers, passwords, and staff who look on."""

from __future__ import annotations

import pytest

from appointments_app import runtime
from appointments_app.db.models import Client, ClientLink, ClientSignIn
from appointments_app.domain.access import BUILT_IN, Role, actor_with
from appointments_app.domain.errors import NotAllowed, NotFound
from appointments_app.features.appointments.service import facts_of
from appointments_app.features.clients import service as clients
from appointments_app.features.portal import service
from appointments_app.features.staff import service as staff
from tests.portal.conftest import PHONE, Practice, link_in

PASSWORD = "one long password"


def test_a_link_comes_by_e_mail_and_signs_in(practice: Practice):
    phone = practice.phone()
    assert "a link is on its way" in phone.post("/portal/sign-in", who=" Cleo@Example.com ").text
    (message,) = practice.messages()
    assert (message.channel, message.address, message.secret) == ("email", "cleo@example.com", True)
    answer = phone.post(link_in(message.body))
    assert (answer.status_code, answer.headers["location"]) == (303, "/portal")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/portal" in cookie
    assert "Hello Cleo" in phone.get("/portal").text


@pytest.mark.parametrize("typed", [PHONE, "0100 123 4567", "+20 100 123 4567"])
def test_a_link_comes_by_sms_to_the_number_however_it_is_typed(practice: Practice, typed: str):
    practice.phone().post("/portal/sign-in", who=typed)
    (message,) = practice.messages()
    assert (message.channel, message.address) == ("sms", PHONE)
    assert "sign in as Cleo" in message.body


def test_the_message_speaks_the_clients_language(practice: Practice):
    practice.phone().post("/portal/sign-in", who="omar@example.com")
    assert "مرحبًا عمر" in practice.messages()[0].body


def test_strangers_get_the_same_answer_and_no_message(practice: Practice):
    known = practice.phone().post("/portal/sign-in", who="cleo@example.com")
    unknown = practice.phone().post("/portal/sign-in", who="nobody@example.com")
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert len(practice.messages()) == 1


@pytest.mark.parametrize("who", ["", "x", "a@", "12", "@@", "\x00", "x" * 3_000])
def test_what_is_neither_address_nor_number_is_said_at_the_field(practice: Practice, who: str):
    answer = practice.phone().post("/portal/sign-in", who=who)
    assert answer.status_code == 422 and "Enter your e-mail address or phone number." in answer.text


def test_opening_a_link_does_not_use_it_up_and_pressing_does(practice: Practice):
    phone = practice.phone()
    phone.post("/portal/sign-in", who="cleo@example.com")
    link = link_in(practice.messages()[0].body)
    assert all("Show my appointments" in practice.phone().get(link).text for _ in range(3))
    assert phone.post(link).status_code == 303
    again = practice.phone().post(link)
    assert again.status_code == 410 and "set-cookie" not in again.headers
    assert practice.phone().get(link).status_code == 410


def test_a_link_is_good_for_a_quarter_of_an_hour(practice: Practice):
    practice.phone().post("/portal/sign-in", who="cleo@example.com")
    link = link_in(practice.messages()[0].body)
    practice.desk.wait(minutes=15, seconds=1)
    assert practice.phone().post(link).status_code == 410


@pytest.mark.parametrize("end", ["suspended", "archived", "portal off"])
def test_a_link_sent_before_is_worth_nothing_after(practice: Practice, end: str):
    practice.phone().post("/portal/sign-in", who="cleo@example.com")
    link, phone = link_in(practice.messages()[0].body), practice.phone()
    _shut(practice, end)
    phone.post(link)
    assert "Hello Cleo" not in phone.get("/portal").text


@pytest.mark.parametrize("end", ["suspended", "archived", "portal off"])
def test_who_is_signed_in_is_out_at_the_next_click(practice: Practice, end: str):
    phone = practice.client_phone()
    _shut(practice, end)
    assert phone.get("/portal").headers["location"] == "/portal/sign-in"
    practice.phone().post("/portal/sign-in", who="cleo@example.com")
    assert len(practice.messages()) == 1


def _shut(practice: Practice, end: str) -> None:
    if end == "suspended":
        practice.suspend(practice.cleo)
    elif end == "portal off":
        practice.allow(portal_on=False)
    else:
        with practice.desk.uow.begin() as tx:
            client = tx.get(Client, practice.cleo)
            client.archived_at = practice.desk.now
            tx.add(client)


def test_while_the_portal_is_off_there_is_no_door(practice: Practice):
    practice.allow(portal_on=False)
    assert practice.phone().get("/portal/sign-in").status_code == 404
    assert practice.phone().post("/portal/sign-in", who="cleo@example.com").status_code == 404
    assert practice.messages() == []


@pytest.mark.parametrize("who", ["cleo@example.com", "nobody@example.com"])
def test_who_asks_too_often_has_to_wait_known_or_not(practice: Practice, who: str):
    phone = practice.phone()
    answers = [phone.post("/portal/sign-in", who=who).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    practice.desk.wait(minutes=31)
    assert phone.post("/portal/sign-in", who=who).status_code == 200


def test_one_address_can_not_ask_for_everybody(practice: Practice):
    phone = practice.phone()
    answers = [phone.post("/portal/sign-in", who=f"client{number}@example.com").status_code for number in range(14)]
    assert answers[:12] == [200] * 12 and answers[-1] == 429


def test_people_who_share_an_address_get_one_link_each(practice: Practice):
    with practice.desk.uow.begin() as tx:
        tx.add(Client(name="Lina", sort_name="lina", email="cleo@example.com", created_at=practice.desk.now))
    practice.phone().post("/portal/sign-in", who="cleo@example.com")
    bodies = [message.body for message in practice.messages()]
    assert len(bodies) == 2 and "Cleo" in bodies[0] and "Lina" in bodies[1]


def test_only_hashes_are_stored(practice: Practice):
    phone = practice.phone()
    phone.post("/portal/sign-in", who="cleo@example.com")
    token = link_in(practice.messages()[0].body).rsplit("/", 1)[1]
    with practice.desk.uow.read() as tx:
        assert tx.get(ClientLink, token) is None
    phone.post(f"/portal/enter/{token}")
    with practice.desk.uow.read() as tx:
        assert tx.get(ClientSignIn, phone.cookies["cid"]) is None


def test_signing_out_ends_the_sign_in_not_only_the_cookie(practice: Practice):
    phone = practice.client_phone()
    token = phone.cookies["cid"]
    phone.get("/portal")
    phone.post("/portal/sign-out")
    assert practice.phone(cid=token).get("/portal").status_code == 303


def test_a_sign_in_that_is_not_used_ends(practice: Practice):
    phone = practice.client_phone()
    practice.desk.wait(days=13)
    assert phone.get("/portal").status_code == 200
    practice.desk.wait(days=13)
    assert phone.get("/portal").status_code == 200
    practice.desk.wait(days=15)
    assert phone.get("/portal").status_code == 303


def _set_password(practice: Practice, password: str = PASSWORD):
    phone = practice.client_phone()
    phone.get("/portal/profile")
    return phone, phone.post("/portal/profile/password", password=password)


def test_a_password_is_optional_and_then_signs_in(practice: Practice):
    _, answer = _set_password(practice)
    assert answer.headers["location"] == "/portal/profile?done=password"
    phone = practice.phone()
    assert phone.post("/portal/password", who="cleo@example.com", password=PASSWORD).status_code == 303
    assert "Hello Cleo" in phone.get("/portal").text


def test_a_new_password_ends_sign_ins_elsewhere(practice: Practice):
    other = practice.client_phone()
    phone, _ = _set_password(practice)
    assert (phone.get("/portal").status_code, other.get("/portal").status_code) == (200, 303)


def test_a_short_password_is_refused_at_its_field(practice: Practice):
    _, answer = _set_password(practice, "short")
    assert answer.status_code == 422 and "At least 10 characters." in answer.text


def test_a_password_can_be_given_up(practice: Practice):
    phone, _ = _set_password(practice)
    phone.get("/portal/profile")
    phone.post("/portal/profile/password", none="1")
    assert practice.phone().post("/portal/password", who="cleo@example.com", password=PASSWORD).status_code == 422


def test_wrong_passwords_and_strangers_hear_the_same_and_have_to_wait(practice: Practice):
    _set_password(practice)
    known, unknown = practice.phone(), practice.phone()
    answers = [known.post("/portal/password", who="cleo@example.com", password="wrong wrong wrong") for _ in range(7)]
    others = [
        unknown.post("/portal/password", who="nobody@example.com", password="wrong wrong wrong") for _ in range(7)
    ]
    assert [each.status_code for each in answers] == [422] * 5 + [429] * 2 == [each.status_code for each in others]
    assert answers[0].text.replace("cleo@", "") == others[0].text.replace("nobody@", "")
    assert known.post("/portal/password", who="cleo@example.com", password=PASSWORD).status_code == 429


def test_guesses_at_a_number_count_together_however_it_is_written(practice: Practice):
    written = ["+20 100 1234567", "+20-100-1234567", "0100 123 4567", "01001234567", "(0100) 1234567", "+201001234567"]
    answers = [practice.phone().post("/portal/password", who=who, password="wrong wrong wrong") for who in written]
    assert [each.status_code for each in answers] == [422] * 5 + [429]


def test_a_client_without_a_password_can_not_sign_in_with_an_empty_one(practice: Practice):
    assert practice.phone().post("/portal/password", who="cleo@example.com", password="").status_code == 422


def test_staff_look_on_as_the_client_and_change_nothing(practice: Practice):
    one = practice.book()
    phone = practice.phone(sid=practice.ada_token)
    assert phone.post(f"/portal/as/{practice.cleo}").json() == {"next": "/portal"}
    shown = phone.get("/portal").text
    assert "You see what Cleo sees" in shown and f"/appointments/{one}" in shown
    for path in (f"appointments/{one}/confirm", f"appointments/{one}/cancel", "profile", "profile/password"):
        assert phone.post(f"/portal/{path}", message="x", password=PASSWORD, name="Other").status_code == 403
    assert phone.post(f"/portal/appointments/{one}/ask", message="x").status_code == 403
    assert practice.stored(one).confirmed_at is None and practice.requests() == []
    practice.desk.wait(minutes=16)
    assert phone.get("/portal").status_code == 303


def test_looking_on_stands_in_the_clients_history(practice: Practice):
    practice.phone(sid=practice.ada_token).post(f"/portal/as/{practice.cleo}")
    from appointments_app.features.client_file.service import overview

    changes = overview(practice.desk.uow, actor=practice.ada, client_id=practice.cleo).changes
    assert [(row.verb, row.who) for row in changes] == [("looked_on", "Ada")]


def test_strangers_and_clients_can_not_look_on(practice: Practice):
    for phone in (practice.phone(), practice.client_phone("omar@example.com")):
        answer = phone.post(f"/portal/as/{practice.cleo}")
        assert answer.status_code == 401 and "set-cookie" not in answer.headers


def test_closing_leads_a_staff_member_back_to_the_clients_file(practice: Practice):
    phone = practice.phone(sid=practice.ada_token)
    phone.post(f"/portal/as/{practice.cleo}")
    phone.get("/portal")
    assert phone.post("/portal/sign-out").headers["location"] == f"/clients/{practice.cleo}"


def test_looking_on_needs_the_permission(practice: Practice):
    from dataclasses import replace

    with pytest.raises(NotAllowed):
        service.look_on(
            practice.desk.uow, actor=replace(practice.ada, permissions=frozenset()), client_id=practice.cleo
        )


def test_who_sees_own_appointments_only_does_not_see_the_others_as_the_client(practice: Practice):
    ben = actor_with(practice.ben, "Ben", Role.STAFF, "en", "UTC", BUILT_IN[Role.STAFF])
    known = {"actor": ben, "client_id": practice.cleo}
    with pytest.raises(NotFound):
        service.look_on(practice.desk.uow, **known)
    practice.book()
    with pytest.raises(NotAllowed):
        service.look_on(practice.desk.uow, **known)
    assert not clients.portal_facts(practice.desk.uow, **known).may_look_on
    assert clients.portal_facts(practice.desk.uow, **{**known, "actor": practice.ada}).may_look_on


def test_who_signs_out_of_the_desk_looks_on_no_more(practice: Practice):
    phone, client = practice.phone(sid=practice.ada_token), practice.client_phone()
    phone.post(f"/portal/as/{practice.cleo}")
    assert phone.get("/portal").status_code == 200
    phone.post("/auth/sign-out")
    assert (phone.get("/portal").status_code, client.get("/portal").status_code) == (303, 200)


def test_who_works_here_no_more_looks_on_no_more(practice: Practice):
    ben = actor_with(practice.ben, "Ben", Role.MANAGER, "en", "UTC", BUILT_IN[Role.MANAGER])
    phone = practice.phone(cid=service.look_on(practice.desk.uow, actor=ben, client_id=practice.cleo))
    assert phone.get("/portal").status_code == 200
    staff.set_active(practice.desk.uow, actor=practice.ada, staff_id=practice.ben, is_active=False)
    assert phone.get("/portal").status_code == 303


def test_another_address_ends_the_sign_ins_that_came_by_the_one_before(practice: Practice):
    phone = practice.client_phone()
    practice.phone().post("/portal/sign-in", who="cleo@example.com")
    unused = link_in(practice.messages()[-1].body)
    for changed, answer in (({"notes": "Rings at seven"}, 200), ({"email": "another@example.com"}, 303)):
        form = clients.form_of(practice.desk.uow, actor=practice.ada, client_id=practice.cleo)
        known = {"client_id": practice.cleo, "version": form.version}
        clients.update_client(practice.desk.uow, actor=practice.ada, **known, **{**form.values, **changed})
        assert phone.get("/portal").status_code == answer
    assert practice.phone().post(unused).status_code == 410


def test_the_staffs_cookie_opens_no_portal_and_the_clients_no_desk(practice: Practice):
    phone = practice.client_phone()
    token = phone.cookies["cid"]
    assert practice.phone(cid=practice.ada_token).get("/portal").status_code == 303
    assert practice.desk.actor(token) is None


@pytest.mark.parametrize(
    "onward", ["https://evil.example", "//evil.example", "/\\evil.example", "/portal\\@evil", "x", ""]
)
def test_a_change_of_language_leads_to_no_other_site(practice: Practice, onward: str):
    answer = practice.phone().post("/portal/language", language="ar", next=onward)
    assert answer.headers["location"] == "/portal"


def test_the_language_chosen_stays(practice: Practice):
    phone = practice.client_phone()
    phone.post("/portal/language", language="ar", next="/portal/past")
    assert 'dir="rtl"' in phone.get("/portal/past").text


@pytest.mark.parametrize(("accepts", "spoken"), [("ar-EG,en;q=0.8", "ar"), ("fr-FR, ar;q=0.5", "ar"), ("fr", "en")])
def test_before_anybody_is_known_the_door_speaks_the_browsers_language(practice: Practice, accepts: str, spoken: str):
    phone = practice.phone()
    assert f'<html lang="{spoken}"' in phone.get("/portal/sign-in", **{"accept-language": accepts}).text
    gone = phone.get("/portal/enter/made-up", **{"accept-language": accepts})
    assert gone.status_code == 410 and f'<html lang="{spoken}"' in gone.text


def test_a_link_speaks_its_clients_language_and_a_choice_goes_before(practice: Practice):
    phone = practice.phone()
    phone.post("/portal/sign-in", who="omar@example.com")
    link = link_in(practice.messages()[-1].body)
    assert '<html lang="ar" dir="rtl">' in phone.get(link, **{"accept-language": "en-GB"}).text
    phone.post("/portal/language", language="en", next="/portal")
    for path in (link, "/portal/sign-in"):
        assert '<html lang="en"' in phone.get(path, **{"accept-language": "ar"}).text


def test_a_client_without_a_language_is_met_in_the_business_s(practice: Practice):
    phone = practice.phone()
    phone.post("/portal/sign-in", who="cleo@example.com")
    link = link_in(practice.messages()[-1].body)
    assert '<html lang="en"' in phone.get(link, **{"accept-language": "ar"}).text


def test_what_a_client_did_is_told_as_the_clients_doing(practice: Practice):
    one = practice.book()
    phone = practice.client_phone()
    phone.get("/portal")
    phone.post(f"/portal/appointments/{one}/confirm")
    changes = facts_of(practice.desk.uow, actor=practice.ada, appointment_id=one)[2]
    assert [(row.verb, row.who, row.by_client) for row in changes] == [("confirmed", "Cleo", True)]


def test_where_nothing_can_be_sent_nobody_is_promised_a_link(practice: Practice, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(runtime, "sender", lambda channel: None)
    assert "We can&#39;t send links yet." in practice.phone().get("/portal/sign-in").text
    practice.phone().post("/portal/sign-in", who="cleo@example.com")
    assert practice.messages() == []


def test_where_only_mail_is_sent_only_an_address_is_asked_for(practice: Practice, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(runtime, "sender", lambda channel: object() if channel == "email" else None)
    practice.phone().post("/portal/sign-in", who=PHONE)
    assert practice.messages() == []
    practice.phone().post("/portal/sign-in", who="cleo@example.com")
    assert len(practice.messages()) == 1


def test_no_password_is_set_where_clients_may_not_see_their_profile(practice: Practice):
    phone = practice.client_phone()
    phone.get("/portal/profile")
    practice.allow(view_profile=False)
    assert phone.post("/portal/profile/password", password=PASSWORD).status_code == 404
    assert practice.phone().post("/portal/password", who="cleo@example.com", password=PASSWORD).status_code == 422
